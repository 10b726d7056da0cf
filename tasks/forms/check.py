"""Whether an answer that could be read keeps to what the form and the dictionary ask of it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import regex

from schuldhulp.engine.definitions.forms.model import Field, Option, Widget
from schuldhulp.rules.dictionary import Type
from schuldhulp.tasks.forms import words

PATTERN_SECONDS = 0.2
LENGTHS = {Type.TEXT: 10_000}
LENGTH = 1_000
"""Most characters where nothing narrower is said: as the data dictionary stores."""


def complaint_about(question: Field, label: str, value: Any, options: Sequence[Option]) -> str | None:
    """What is wrong with *value*, in Dutch; None when it is an answer."""
    if question.widget is Widget.CHECKBOX:
        return f"Zet een vinkje bij ‘{label}’." if question.limits.required and value is not True else None
    if value is None or value == []:
        if not question.limits.required:
            return None
        return asked_for(question, label)
    if question.is_choice:
        return _choice(question, value, options)
    if isinstance(value, Decimal):
        return _number(question, value)
    return _text(question, value) if isinstance(value, str) else None


def asked_for(question: Field, label: str) -> str:
    """What to do about a question that was not answered."""
    return f"Kies bij ‘{label}’ een antwoord." if question.is_choice else f"Vul ‘{label}’ in."


def _choice(question: Field, value: Any, options: Sequence[Option]) -> str | None:
    chosen = value if isinstance(value, list) else ["true" if value is True else "false" if value is False else str(value)]
    allowed = {option.value: option.label for option in options}
    if all(code in allowed for code in chosen):
        return None
    return f"Kies een van deze antwoorden: {', '.join(allowed.values()) or 'er zijn er nu geen'}."


def _number(question: Field, value: Decimal) -> str | None:
    limits = question.limits
    what = {Type.AMOUNT: "een bedrag", Type.INTEGER: "een heel getal"}.get(question.type, "een getal")
    if limits.minimum is not None and value < limits.minimum:
        return f"Vul {what} in van {words.write(question.type, limits.minimum)} of hoger."
    if limits.maximum is not None and value > limits.maximum:
        return f"Vul {what} in van {words.write(question.type, limits.maximum)} of lager."
    if limits.digits is not None and value != round(value, limits.digits):
        return f"Vul een getal in met hooguit {limits.digits} cijfers achter de komma."
    return None


def _text(question: Field, value: str) -> str | None:
    limits = question.limits
    longest = min(limits.max_length or LENGTH * 1_000, LENGTHS.get(question.type, LENGTH))
    if len(value) > longest:
        return f"Gebruik hooguit {longest} tekens. Het zijn er nu {len(value)}."
    if limits.min_length is not None and len(value) < limits.min_length:
        return f"Gebruik minstens {limits.min_length} tekens. Het zijn er nu {len(value)}."
    if limits.pattern is None:
        return None
    try:
        found = regex.search(limits.pattern, value, timeout=PATTERN_SECONDS)
    except TimeoutError:
        return "Deze tekst kan niet worden gecontroleerd. Meld het aan de beheerder van het formulier."
    return None if found else limits.pattern_message or "Deze tekst heeft niet de gevraagde vorm."

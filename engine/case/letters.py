"""Letters in a case: made from a template and the file, edited by a person if need be, sent and then frozen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from schuldhulp.engine.case.budget import PER_LETTER
from schuldhulp.engine.case.errors import ExpressionFailed, NoSuchThing
from schuldhulp.engine.case.evaluate import scope_of
from schuldhulp.engine.case.scope import Scope
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.definitions.letters import LetterError, render_letter
from schuldhulp.engine.model import facts as f
from schuldhulp.rules.feel import to_python


class LetterData(Mapping[str, Any]):
    """What a template sees: every name of the scope as a plain value, and `vandaag`, `termijnen` (rule -> last day)."""

    def __init__(self, scope: Scope, own: Mapping[str, Any]) -> None:
        self._scope, self._own = scope, own

    def __getitem__(self, name: str) -> Any:
        return self._own[name] if name in self._own else to_python(self._scope[name])

    def __iter__(self) -> Iterator[str]:
        yield from dict.fromkeys([*self._own, *self._scope])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        return name in self._own or name in self._scope


def write(turn: Turn, instance: int | None, element: str | None, key: str) -> tuple[str, str]:
    """Subject and text of letter *key* as they would be now; nothing is recorded. Raises ExpressionFailed."""
    deployment = turn.deployment_of(instance)
    letter = deployment.letter(key)
    turn.budget.spend(PER_LETTER, element, instance)
    own = {
        "vandaag": turn.world.today,
        "termijnen": {term.rule: term.ends for term in turn.case.terms.values()},
    }
    try:
        rendered = render_letter(letter, LetterData(scope_of(turn, instance, element=element), own), deployment.labels)
    except LetterError as error:
        raise ExpressionFailed(element or key, key, str(error)) from error
    return rendered.subject, rendered.text


def make(turn: Turn, instance: int | None, element: str | None, key: str, edited: tuple[str, str] | None = None) -> int:
    """The letter becomes a document of the case; gives its number. *edited*: subject and text as a person left them."""
    subject, text = edited if edited is not None else write(turn, instance, element, key)
    number = turn.case.next("document")
    turn.record(
        f.LetterMade(
            document=number,
            letter=key,
            hash=turn.deployment_of(instance).letter(key).hash,
            instance=instance,
            element=element,
            personal={f.DOSSIER: {"subject": subject, "text": text}},
        )
    )
    return number


def send(turn: Turn, document: int, channel: str | None) -> None:
    """The document leaves the house today; it can no longer be changed. Delivery itself follows after commit."""
    made = turn.case.documents.get(document)
    if made is None:
        raise NoSuchThing("letter", document, turn.case.number)
    via = channel or turn.deployment_of(made.instance).letter(made.letter).channel
    turn.record(f.LetterSent(document=document, on=turn.world.today, channel=via))
    turn.post("letter", f"letter/{document}", {"document": document, "letter": made.letter, "channel": via})

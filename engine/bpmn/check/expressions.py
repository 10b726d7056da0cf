"""Expressions: formal ones in executable processes, timer texts, and FEEL as the only language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schuldhulp.engine.bpmn.check.subject import Subject, local_parent
from schuldhulp.engine.bpmn.graph import Finding
from schuldhulp.engine.bpmn.read.document import Element, children, local, own_text

XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
TIMERS = ("timeDate", "timeDuration", "timeCycle")
EXPRESSIONS = (
    "conditionExpression", "condition", "loopCondition", "loopCardinality", "completionCondition",
    "activationCondition", "from", "to", "transformation", "messagePath", "dataPath", *TIMERS,
)  # fmt: skip
_DATE = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_TIME = r"T([01]\d|2[0-4]):[0-5]\d(:[0-5]\d([.,]\d+)?)?"
_ZONE = r"(Z|[+-]\d{2}:?\d{2}|@[A-Za-z_]+/[A-Za-z_/]+)?"
_MOMENT = rf"{_DATE}({_TIME}{_ZONE})?"
_DURATION = r"P(?=[\dT])(\d+([.,]\d+)?Y)?(\d+([.,]\d+)?M)?(\d+([.,]\d+)?W)?(\d+([.,]\d+)?D)?"
_DURATION += r"(T(?=\d)(\d+([.,]\d+)?H)?(\d+([.,]\d+)?M)?(\d+([.,]\d+)?S)?)?"
ISO = {
    "timeDate": re.compile(_MOMENT),
    "timeDuration": re.compile(_DURATION),
    "timeCycle": re.compile(rf"(R\d*/)?({_MOMENT}/)?{_DURATION}(/{_MOMENT})?|R\d*/{_MOMENT}/{_MOMENT}"),
}
_ALWAYS_FORMAL = frozenset({"transformation", "messagePath", "dataPath"})
_WHOLE_NUMBER = re.compile(r"[+-]?\d+")
_FIELD = re.compile(r"[^\W\d][\w ]*(\.[^\W\d][\w ]*)*")
_JUEL = re.compile(r"[$#]\{")


def formal(subject: Subject) -> Iterator[Finding]:
    """BPMN 2.0.2 section 8.4.8: a plain expression is natural language and is not run; a formal one is marked.

    In our dialect, what can be nothing but formal is taken as such: a text that begins with "=", a whole number, an ISO
    8601 text of a timer, and JUEL, which is refused in its own words.
    """
    for element in subject.document.all(*EXPRESSIONS):
        text = own_text(element).strip()
        if not subject.executable(element) or _marked(element):
            if not text and subject.executable(element) and _inside_process(element):
                yield _empty(subject, element)
            continue
        if not text:
            yield _empty(subject, element)
        elif not (subject.context.dialect and _plainly_formal(local(element), text)):
            yield subject.error(
                "expression-not-formal", element,
                f'"{_short(text)}" is not marked as a formal expression: BPMN takes it for natural language.',
                'Add xsi:type="tFormalExpression" to it, or begin it with "=".',
            )  # fmt: skip


def _inside_process(element: Element) -> bool:
    return any(local(around) == "process" for around in element.iterancestors())


def _empty(subject: Subject, element: Element) -> Finding:
    return subject.error(
        "expression-empty", element, f"The {local(element)} is empty.", "Write an expression in FEEL, or remove it.",
    )  # fmt: skip


def _marked(element: Element) -> bool:
    """Marked as formal, or declared so by the schema."""
    if local_parent(element) == "complexBehaviorDefinition" or local(element) in _ALWAYS_FORMAL:
        return True
    return (element.get(XSI_TYPE) or "").rpartition(":")[2] == "tFormalExpression"


def _plainly_formal(tag: str, text: str) -> bool:
    if text.startswith("=") or _JUEL.search(text) or _WHOLE_NUMBER.fullmatch(text):
        return True
    return tag in ISO and ISO[tag].fullmatch(text) is not None


def timer_texts(subject: Subject) -> Iterator[Finding]:
    """A timer says when: one of date, duration and cycle; a text that looks like ISO 8601 must be it."""
    for element in subject.document.all("timerEventDefinition"):
        parts = list(children(element, *TIMERS))
        if len(parts) > 1:
            yield subject.error(
                "timer-ambiguous", element, f"The timer says {', '.join(local(part) for part in parts)} at once.",
                "Keep one of them.",
            )  # fmt: skip
        for part in parts:
            text = own_text(part).strip()
            if _no_expression(text, subject.context.dialect) and ISO[local(part)].fullmatch(text) is None:
                yield subject.error(
                    "timer-text", part, f'"{_short(text)}" is no {local(part)}.',
                    {"timeDate": "Write a moment, as in 2026-03-16T09:00:00+01:00, or FEEL.",
                     "timeDuration": "Write a duration, as in P28D or PT4H, or FEEL.",
                     "timeCycle": "Write a repetition, as in R3/P7D, or FEEL."}[local(part)],
                )  # fmt: skip


def message_paths(subject: Subject) -> Iterator[Finding]:
    """A message path says which field of the message holds the key; it is looked up and never evaluated."""
    for element in subject.document.all("messagePath"):
        text = own_text(element).strip().removeprefix("=").strip()
        if text and _FIELD.fullmatch(text) is None:
            yield subject.error(
                "expression-wrong", element, f'"{_short(text)}" is no field of a message.',
                "Write the name of the field that holds the key, as in zaaknummer.",
            )  # fmt: skip


def _no_expression(text: str, dialect: bool) -> bool:
    """Whether a text can only be meant as ISO 8601: in FEEL a bare small word is the name of a datum."""
    plain = r"[A-Z0-9][A-Z0-9:./+,_-]*" if dialect else r"[\w:./+, -]+"
    return re.fullmatch(plain, text) is not None


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:57]}..."


RULES = (formal, timer_texts, message_paths)

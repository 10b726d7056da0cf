"""FEEL is the only language: anything else is refused, with the FEEL that is meant where that can be guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schuldhulp.engine.bpmn.check.expressions import ISO
from schuldhulp.engine.bpmn.check.feel_texts import Written, known_names, written
from schuldhulp.engine.bpmn.check.subject import Subject
from schuldhulp.engine.bpmn.graph import Finding, Severity

_FEEL = re.compile(r"feel|.*/FEEL/?|http://www\.omg\.org/spec/FEEL/.*", re.IGNORECASE)
_JUEL = re.compile(r"\s*[$#]\{(.*)\}\s*", re.DOTALL)
_FOREIGN = re.compile(r"[$#]\{")
_LANGUAGES = {"javascript", "groovy", "python", "juel", "ruby", "jython", "java", "mvel"}
_DEFAULT = ("http://www.w3.org/1999/XPath", "http://www.java.com/javaTypes")
"""expressionLanguage that tools write by themselves, whatever the expressions are."""


def languages(subject: Subject) -> Iterator[Finding]:
    for one in written(subject):
        text, said = one.expression.text, one.expression.language
        if _FOREIGN.search(text):
            meant = as_feel(text)
            hint = f"In FEEL: {meant}" if meant else "Write it in FEEL"
            yield _finding(one, "expression-juel", f"{_short(text)} is JUEL, which is not run here.", f"{hint}.")
        elif said is not None and not _FEEL.fullmatch(said):
            yield _finding(
                one, "expression-language", f"This {one.what} is written in {said}, which is not run here.",
                "Write it in FEEL" + (' with scriptFormat="feel".' if one.what == "script" else "."),
            )  # fmt: skip
        elif subject.context.feel is not None and not _plain_timer(one):
            yield from _compiles(subject, one)


def _plain_timer(one: Written) -> bool:
    return one.what in ISO and ISO[one.what].fullmatch(one.expression.text) is not None


def _compiles(subject: Subject, one: Written) -> Iterator[Finding]:
    feel, names = subject.context.feel, known_names(subject, one)
    if feel is None:
        return
    for text in one.texts():
        wrong = feel(text, names)
        if wrong is not None:
            yield _finding(
                one, "expression-wrong", f"This {one.what} is no FEEL that can be run:\n{wrong}", "Correct it."
            )


def _finding(one: Written, code: str, message: str, remedy: str) -> Finding:
    return Finding(Severity.ERROR, code, message, remedy, one.expression.place, one.element, one.name)


def as_feel(text: str) -> str | None:
    """The FEEL that a simple JUEL expression means, None when it cannot be guessed.

    >>> as_feel('${a == "x" && !b}')
    'a = "x" and not(b)'
    """
    match = _JUEL.fullmatch(text)
    if match is None or _FOREIGN.search(match[1]):
        return None
    said = match[1].strip().replace("'", '"')
    for pattern, meant in (
        (r"&&", " and "), (r"\|\|", " or "), (r"==", "="), (r"\beq\b", "="), (r"\bne\b", "!="), (r"\bgt\b", ">"),
        (r"\blt\b", "<"), (r"\bge\b", ">="), (r"\ble\b", "<="), (r"\bempty ([\w.]+)", r"\1 = null"),
        (r"!([\w.]+)(?![\w.(=])", r"not(\1)"), (r"([\w.]+)\.contains\((\"[^\"]*\")\)", r"contains(\1, \2)"),
    ):  # fmt: skip
        said = re.sub(pattern, meant, said)
    choice = re.fullmatch(r"([^?:]+)\?([^?:]+):([^?:]+)", said)
    if choice is not None:
        said = f"if {choice[1].strip()} then {choice[2].strip()} else {choice[3].strip()}"
    said = re.sub(r"\s+", " ", said)
    return None if re.search(r"[!?&|;{}]|\w\.\w+\(", said.replace("!=", "")) else said


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:57]}..."


def default_language(subject: Subject) -> Iterator[Finding]:
    said = (subject.document.root.get("expressionLanguage") or "").strip()
    if said and said not in _DEFAULT and not _FEEL.fullmatch(said):
        yield subject.warning(
            "expression-language", subject.document.root, f"The file names {said} as its expression language.",
            "Every expression is read as FEEL: leave expressionLanguage out.",
        )  # fmt: skip


RULES = (languages, default_language)

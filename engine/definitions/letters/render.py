"""Making a letter from data. Pure: the same letter and data give the same text."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from typing import Any

from jinja2 import Template, TemplateRuntimeError, UndefinedError
from jinja2.exceptions import SecurityError

from schuldhulp.engine.definitions.letters.model import Letter, LetterError, Rendered
from schuldhulp.engine.definitions.letters.sandbox import METER, SIZE_LIMIT, Meter, TooMuch
from schuldhulp.rules.feel import to_python

Labels = Mapping[str, Mapping[str, str]]


def render_letter(letter: Letter, data: Mapping[str, Any], labels: Labels | None = None) -> Rendered:
    """The letter with *data* filled in (plain values or FEEL's own, looked up by the names that the letter uses).

    `labels`: key of an enum or set to the words of its codes, for the filter `label`.
    Raises LetterError for a name without data, a value that does not fit, and a letter that grows beyond its bounds.
    """
    given = _given(letter, data, labels)
    subject = _run(letter, letter.subject, given, 2)
    return Rendered(" ".join(subject.split()), _run(letter, letter.body, given, letter.body_line).strip() + "\n")


def render_address(letter: Letter, data: Mapping[str, Any], labels: Labels | None = None) -> tuple[str, ...] | None:
    """Who the letter goes to, line by line, from its front matter; None when that says nothing. Raises LetterError."""
    if letter.address is None:
        return None
    text = _run(letter, letter.address, _given(letter, data, labels), 2)
    return tuple(" ".join(line.split()) for line in text.splitlines() if line.strip())


def _given(letter: Letter, data: Mapping[str, Any], labels: Labels | None) -> dict[str, Any]:
    known = {name: to_python(data[name]) for name in letter.names if name in data}
    return {**known, METER: Meter(), "_labels": labels or {}}


def _run(letter: Letter, template: Template, data: Mapping[str, Any], first: int) -> str:
    pieces, size = [], 0
    try:
        for piece in template.generate(data):
            size += len(piece)
            if size > SIZE_LIMIT:
                raise TooMuch(f"the letter becomes larger than {SIZE_LIMIT:,} characters")
            pieces.append(piece)
    except UndefinedError as error:
        remedy = 'Give the datum a value first, or write {{ name | default("...") }} or {% if name %}'
        raise LetterError(letter.file, _line(error, template, first), str(error.message), remedy) from error
    except TooMuch as error:
        raise LetterError(letter.file, _line(error, template, first), str(error), "Make the letter smaller") from error
    except (SecurityError, TemplateRuntimeError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        remedy = "Use data and filters as the designers' guide shows"
        raise LetterError(
            letter.file, _line(error, template, first), str(error) or type(error).__name__, remedy
        ) from error
    return "".join(pieces)


def _line(error: BaseException, template: Template, first: int) -> int:
    """The line in the file where *error* came from."""
    frames = [one for one in traceback.extract_tb(error.__traceback__) if one.filename == template.filename]
    return first + (frames[-1].lineno or 1) - 1 if frames else first

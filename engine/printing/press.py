"""Letters to one PDF: the same letters give the same bytes. Runs typst in a process with bounds on time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

from schuldhulp.engine.definitions.markup import plain
from schuldhulp.engine.printing.sheet import Sheet

MEMORY = 2 * 1024**3
"""Bytes of address space; the program and its fonts alone take half a gigabyte of it."""
SECONDS = 20
SECONDS_EACH = 0.25
MOST = 500
"""Letters in one print."""
_PARENT = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "SYSTEMROOT")


class PressFailed(RuntimeError):
    """No PDF could be made; the text holds no personal data."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF. `replaced`: signs that no font here has, shown as a question mark in a diamond; `engine`: what made it."""

    pdf: bytes
    replaced: str
    engine: str


def press(sheets: Sequence[Sheet], title: str | None = None) -> Printed:
    """One PDF (PDF/A-2a, PDF/UA-1, Dutch, tagged) of *sheets*, each on pages of its own, numbered by itself.

    *title*: of the document; the subject when there is one letter. Raises PressFailed.
    """
    if not 1 <= len(sheets) <= MOST:
        raise PressFailed(f"one print holds 1 to {MOST} letters, not {len(sheets)}. Print them in parts.")
    first, day = sheets[0], max(sheet.day for sheet in sheets)
    seconds = int(SECONDS + SECONDS_EACH * len(sheets))
    job = {
        "layout": _layout(),
        "memory": MEMORY,
        "seconds": seconds,
        "post": {
            "title": title or f"{plain(first.subject)} ({first.reference})",
            "author": first.sender.name,
            "day": [day.year, day.month, day.day],
            "letters": [sheet.plain() for sheet in sheets],
        },
    }
    return _run(json.dumps(job).encode(), seconds)


def _run(job: bytes, seconds: int) -> Printed:
    environment = {name: os.environ[name] for name in _PARENT if name in os.environ} | {"RAYON_NUM_THREADS": "1"}
    with as_file(files(__package__) / "child.py") as child, tempfile.TemporaryDirectory() as empty:
        try:
            done = subprocess.run(
                [sys.executable, "-s", "-P", str(child)],
                input=job,
                capture_output=True,
                timeout=3 * seconds,
                cwd=empty,
                env=environment,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise PressFailed(f"the PDF was not ready after {3 * seconds} seconds. Make the letter shorter.") from error
    head, _, pdf = done.stdout.partition(b"\n")
    if done.returncode != 0 or not pdf.startswith(b"%PDF-"):
        raise PressFailed(_why(done.returncode, done.stderr.decode(errors="replace")))
    told = json.loads(head)
    return Printed(pdf, told["replaced"], f"typst {told['typst']}")


def _why(code: int, said: str) -> str:
    if code < 0:
        return "the PDF took more time or memory than a letter may. Make the letter shorter."
    kind = said.partition(":")[0] if code == 3 else ""
    if kind == "MemoryError":
        return "the PDF took more memory than a letter may. Make the letter shorter."
    if kind == "ModuleNotFoundError":
        return "typst is not installed. Install the product again with its dependencies."
    return f"typst could not make the PDF ({kind or 'it ended'}, code {code}). Try a shorter and simpler text."


@cache
def _layout() -> str:
    return (files(__package__) / "letter.typ").read_text(encoding="utf-8")

"""Words out: tables, JSON, dates, errors."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import click

CIVIL = ZoneInfo("Europe/Amsterdam")


def explain_error(error: Exception) -> str | None:
    """What to say of an error the product knows; None for one that it does not know."""
    from schuldhulp.engine.case.errors import CommandRefused
    from schuldhulp.engine.definitions.deployment import DefinitionNotFound, NotDeployable
    from schuldhulp.engine.definitions.find import FolderFileWrong, FolderNotFound
    from schuldhulp.engine.definitions.parameters import ParametersError
    from schuldhulp.engine.handle.library import NothingDeployed
    from schuldhulp.engine.history.errors import HistoryError
    from schuldhulp.engine.printing import PressFailed
    from schuldhulp.rules.dictionary import DictionaryError
    from schuldhulp.rules.dmn import DecisionError, DmnErrors, ExampleError
    from schuldhulp.rules.feel import FeelError
    from schuldhulp.rules.terms import TermError
    from schuldhulp.tasks.forms import ValuesError
    from schuldhulp.tasks.imports.cells import FileRefused
    from schuldhulp.tasks.organisation.users import UsersError
    from schuldhulp.tasks.scenarios import ScenarioError

    known = (
        CommandRefused,
        DefinitionNotFound,
        NotDeployable,
        FolderFileWrong,
        FolderNotFound,
        UsersError,
        NothingDeployed,
        ParametersError,
        HistoryError,
        PressFailed,
        FileRefused,
        DictionaryError,
        DecisionError,
        DmnErrors,
        ExampleError,
        FeelError,
        TermError,
        ValuesError,
        ScenarioError,
    )
    return f"Error: {error}" if isinstance(error, known) else None


def as_json(value: Any) -> str:
    """JSON of plain values: decimals as text, dates and moments in ISO form."""
    return json.dumps(value, default=_plain, ensure_ascii=False, indent=2)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, tuple | set | frozenset):
        return list(value)
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"{type(value).__name__} is not plain")


def day(value: date | datetime | None) -> str:
    """16-03-2026, or 16-03-2026 09:40 for a moment."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(CIVIL):%d-%m-%Y %H:%M}"
    return f"{value:%d-%m-%Y}"


def table(rows: Iterable[Sequence[Any]], head: Sequence[str]) -> str:
    """Rows under a head, columns wide enough."""
    texts = [[str(cell) if cell is not None else "" for cell in row] for row in rows]
    widths = [max([len(name), *(len(row[i]) for row in texts)]) for i, name in enumerate(head)]
    lines = ["  ".join(name.ljust(width) for name, width in zip(head, widths, strict=True)).rstrip()]
    lines.append("  ".join("-" * width for width in widths))
    lines += ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in texts]
    return "\n".join(lines)


def put(value: Any, text: str, as_json_too: bool) -> None:
    """*value* as JSON when asked for, else *text*."""
    click.echo(as_json(value) if as_json_too else text)


def fields(values: Mapping[str, Any]) -> str:
    """name: value, a line each."""
    width = max((len(name) for name in values), default=0)
    return "\n".join(f"{name.ljust(width)}  {value}" for name, value in values.items() if value not in (None, ""))

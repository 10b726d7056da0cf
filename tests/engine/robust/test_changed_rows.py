"""One byte changed in any stored row of a case, of its definitions or of the accounts: verify names it."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.case.papers.deciding import Description
from schuldhulp.engine.handle import Engine
from schuldhulp.tasks import work
from tests.engine.case.sample import FILES
from tests.engine.case.test_scenarios import CLERK, JORIS, WORKER

TABLES = (
    "facts", "streams", "data_keys", "cases", "instances", "tasks", "terms", "timers", "documents", "outbox", "drafts",
    "papers", "document_files", "accounts", "definition_files",
)  # fmt: skip
NOT_PROVED = {
    "outbox": {"attempts", "due", "state", "leased_by", "leased_until", "failure", "sequence", "kind"},
    "drafts": {"version", "author", "saved_at"},
    "accounts": {"password", "login_blind"},
}
"""Columns that no fact speaks of: how far a delivery is, which window saved last, how somebody logs in."""
ROWS = [4, pytest.param(500, marks=pytest.mark.endurance)]


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Engine, str]]:
    """A case that was worked on, with a draft, a document and an outbox; the file, the engine and the case's number."""
    folder = tmp_path_factory.mktemp("worked")
    engine = open_engine(Settings(f"sqlite:///{folder / 'case.db'}", folder / "keys", synchronous="OFF"))
    engine.deploy(FILES, CLERK)
    engine.put_account("saar", "Saar Voorbeeld", ["sociaal_werker"], CLERK)
    case = work.open_with_values(engine, "M5", JORIS, CLERK).case
    answers = {"gesprek_op": engine.clock().date(), "inkomen": Decimal("1900.00")}
    second = work.open_with_values(engine, "M5", JORIS, CLERK).case
    work.complete_with_values(engine, second.number, next(iter(second.tasks)), answers, WORKER)
    engine.save_draft(case.number, 1, WORKER.account, 0, {"inkomen": "1.9"})
    engine.add_paper(case.number, b"%PDF-1.7 Joris Voorbeeld %%EOF", Description("loonstrook.pdf"), WORKER)
    yield folder / "case.db", engine, case.number
    engine.store.close()


def found(engine: Engine) -> list[str]:
    return [f"{name} {one}" for name, differences in engine.verify_all() for one in differences]


def cells(
    raw: sqlite3.Connection, table: str, rows_wanted: int, chance: random.Random
) -> Iterator[tuple[str, str, tuple[Any, ...], Any]]:
    """Column, condition and key of each filled cell of some rows."""
    info = raw.execute(f'PRAGMA table_info("{table}")').fetchall()
    names, key = [row[1] for row in info], [row[1] for row in info if row[5]]
    rows = raw.execute(f'SELECT * FROM "{table}"').fetchall()
    for row in chance.sample(rows, min(rows_wanted, len(rows))):
        values = dict(zip(names, row, strict=True))
        where = " AND ".join(f'"{name}" = ?' for name in key)
        for column, value in values.items():
            if value is not None and column not in NOT_PROVED.get(table, ()):
                yield column, where, tuple(values[name] for name in key), value


def changed(value: Any, chance: random.Random) -> Any:
    """The value with one byte changed (a number: by one)."""
    if isinstance(value, int):
        return value ^ 1
    content = bytearray(value.encode() if isinstance(value, str) else value)
    place = chance.randrange(len(content))
    content[place] ^= 1 << chance.randrange(5)
    return content.decode(errors="replace") if isinstance(value, str) else bytes(content)


def test_nothing_is_named_when_nothing_was_changed(worked: tuple[Path, Engine, str]) -> None:
    assert found(worked[1]) == []


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("table", TABLES)
def test_one_changed_byte_in_any_row_is_named(worked: tuple[Path, Engine, str], table: str, rows: int) -> None:
    file, engine, _ = worked
    chance = random.Random(table)
    raw, pristine = sqlite3.connect(file, isolation_level=None), sqlite3.connect(":memory:")
    raw.backup(pristine)
    missed, tried = [], 0
    try:
        for column, where, key, value in list(cells(raw, table, rows, chance)):
            with suppress(sqlite3.IntegrityError):  # the database itself refuses a key that is there already
                raw.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE {where}', (changed(value, chance), *key))
                tried += 1
                if not found(engine):
                    missed.append((column, key))
            pristine.backup(raw)
    finally:
        pristine.backup(raw)
        raw.close()
        pristine.close()
    assert tried > 0
    assert missed == []

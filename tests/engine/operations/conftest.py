"""An engine with a clock of its own, on both kinds of database or on SQLite alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.handle import Engine
from tests.engine.history.conftest import (  # noqa: F401 - fixtures
    postgres_database,
    postgres_server,
    postgres_url,
    sqlite_file,
    sqlite_template,
    sqlite_url,
    url,
)
from tests.engine.operations.sample import DESIGNER, FILES, Clock


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))


def _opened(address: str, folder: Path, clock: Clock) -> Iterator[Engine]:
    engine = open_engine(Settings(address, folder / "keys", synchronous="OFF"), clock)
    engine.deploy(FILES, DESIGNER)
    yield engine
    engine.store.close()


@pytest.fixture
def engine(sqlite_url: str, tmp_path: Path, clock: Clock) -> Iterator[Engine]:  # noqa: F811 - the fixture
    yield from _opened(sqlite_url, tmp_path, clock)


@pytest.fixture
def either(url: str, tmp_path: Path, clock: Clock) -> Iterator[Engine]:  # noqa: F811 - the fixture
    """On SQLite, and on PostgreSQL."""
    yield from _opened(url, tmp_path, clock)

"""Engines to test with, on the databases of the tests of the log (SQLite always, PostgreSQL where it is installed)."""

from __future__ import annotations

from collections.abc import Iterator
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
from tests.engine.robust.sample import CLERK, FILES


@pytest.fixture
def settings(url: str, tmp_path: Path) -> Settings:  # noqa: F811 - the fixture
    return Settings(url, tmp_path / "keys", synchronous="OFF")


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    """An engine in which the sample is deployed."""
    opened = open_engine(settings)
    opened.deploy(FILES, CLERK)
    yield opened
    opened.store.close()

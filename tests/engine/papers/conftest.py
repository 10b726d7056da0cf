"""An engine with the sample process, in which documents have kinds."""

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
from tests.engine.robust.sample import CLERK, DICTIONARY, FILES

KINDS = b"""
documenten:
  type: list
  label: Documenten
  item:
    soort: {type: enum, label: Soort, values: {loonstroken: Loonstroken, schuldbrieven: Brieven over schulden}}
"""
SMALL = b"""
- {key: spoed_dagen, value: 7, valid_from: 2020-01-01}
- {key: document_mb, value: 1, valid_from: 2020-01-01}
- {key: documenten_per_zaak_mb, value: 2, valid_from: 2020-01-01}
- {key: documenten_per_zaak, value: 4, valid_from: 2020-01-01}
"""
"""One megabyte a document, two a case, four documents."""
PAPER_FILES = {**FILES, "rules/dictionary.yaml": DICTIONARY + KINDS, "rules/parameters.yaml": SMALL}


@pytest.fixture
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """SQLite, and for a test that asks for `url` PostgreSQL as well."""
    place = request.getfixturevalue("url" if "url" in request.fixturenames else "sqlite_url")
    return Settings(place, tmp_path / "keys", synchronous="OFF")


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    opened = open_engine(settings)
    opened.deploy(PAPER_FILES, CLERK)
    yield opened
    opened.store.close()

"""An engine with the modules as they ship, and covenants with two partners."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.definitions.find import read_files
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor

SYSTEM = Actor(account=0, role="systeem", program="test")
CLERK = Actor(account=1, role="aanmeldmedewerker", program="test")
NOW = datetime(2026, 2, 9, 8, 0, tzinfo=UTC)
COVENANTS = b"""
- key: convenanten
  value:
    - partner: Energie Test
      soorten: [energie]
      drempel_bedrag: 100
      drempel_maanden: 2
      grondslag: Wgs art. 3 lid 1 b
      van: 2026-01-01
      tot: null
    - {partner: Zorg Test, soorten: [zorgverzekering], grondslag: Wgs art. 3 lid 1 b, van: 2024-01-01, tot: 2025-12-31}
  valid_from: 2021-01-01
"""


def with_covenants(folder: Path) -> Engine:
    """An engine in *folder* (proef.db, proef.keys), with one clerk, vera."""
    settings = Settings(f"sqlite:///{folder / 'proef.db'}", folder / "proef.keys", synchronous="OFF")
    engine = open_engine(settings, lambda: NOW)
    files = {path: data for path, data in read_files().items() if "convenanten" not in path}
    engine.deploy({**files, "rules/parameters/99-proef.yaml": COVENANTS}, SYSTEM)
    engine.put_account("vera", "Vera Test", ["aanmeldmedewerker"], SYSTEM)
    return engine


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    opened = with_covenants(tmp_path_factory.mktemp("invoer"))
    yield opened
    opened.store.close()

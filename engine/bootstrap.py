"""Wiring: from settings to an engine. The only place where parts are put together."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from schuldhulp.engine.handle import Engine
from schuldhulp.engine.handle.library import Kept, Library
from schuldhulp.engine.history.store import MasterKeys, Store


@dataclass(frozen=True)
class Settings:
    """Where things are. `folder`: the organisation's own definitions; `synchronous`: FULL, NORMAL or OFF (tests)."""

    database: str
    keys: Path
    folder: Path | None = None
    synchronous: str = "FULL"

    @classmethod
    def from_environment(cls, home: Path | None = None) -> Settings:
        """SCHULDHULP_HOME (default ./var), SCHULDHULP_DATABASE, SCHULDHULP_KEYS and SCHULDHULP_FOLDER."""
        home = home or Path(os.environ.get("SCHULDHULP_HOME", "var"))
        folder = os.environ.get("SCHULDHULP_FOLDER")
        return cls(
            database=os.environ.get("SCHULDHULP_DATABASE", f"sqlite:///{home.resolve() / 'schuldhulp.db'}"),
            keys=Path(os.environ.get("SCHULDHULP_KEYS", home / "schuldhulp.keys")),
            folder=Path(folder) if folder else None,
        )


def product() -> str:
    """Name and version of this product, as commands record it."""
    try:
        return f"schuldhulp {version('schuldhulp')}"
    except PackageNotFoundError:
        return "schuldhulp (not installed)"


def now() -> datetime:
    return datetime.now(UTC)


def upgrade_database(settings: Settings) -> tuple[str | None, str | None]:
    """Bring the database of *settings* to the newest schema; gives its version before and after (None: it was not there)."""
    store = open_store(settings)
    try:
        before = store.schema_version()
        store.migrate()
        return before, store.schema_version()
    finally:
        store.close()


def open_engine(settings: Settings, clock: Callable[[], datetime] = now, kept: Kept | None = None) -> Engine:
    """The engine over the database of *settings*, brought to the newest schema.

    The master key file is made on first use; losing it is losing every personal datum. *kept*: deployments that were
    read already, to share between engines of one program.
    """
    store = open_store(settings)
    store.migrate()
    return Engine(store, Library(kept), clock, product=product())


def open_store(settings: Settings) -> Store:
    """The database as it is, with its folder and key file made when they are not there."""
    if settings.database.startswith("sqlite:///"):
        Path(settings.database.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    settings.keys.parent.mkdir(parents=True, exist_ok=True)
    return Store.open(settings.database, MasterKeys.read_or_make(settings.keys), synchronous=settings.synchronous)

"""Schema versions: Alembic's migrations, run from the package, and the check that product and database fit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from schuldhulp.engine.history.database import Database
from schuldhulp.engine.history.errors import NewerDatabase, NotMigrated
from schuldhulp.engine.history.schema import NEWEST

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"


def check(database: Database) -> None:
    """Raises NotMigrated or NewerDatabase unless the schema is the one this version works with."""
    found = version(database)
    if found == NEWEST:
        return
    if found is not None and found not in known():
        raise NewerDatabase(database.place, found, NEWEST)
    raise NotMigrated(database.place, found, NEWEST)


def to_newest(database: Database) -> None:
    """Runs the migrations that the database does not have yet, in one transaction."""
    found = version(database)
    if found == NEWEST:
        return
    if found is not None and found not in known():
        raise NewerDatabase(database.place, found, NEWEST)
    from alembic import command  # costs a quarter of a second: only when there is work

    with database.schema_change() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def version(database: Database) -> str | None:
    """The schema version that stands in the database, None for an empty one."""
    with database.connection() as connection:
        return _version(connection)


def known() -> set[str]:
    """Every schema version that this product has had."""
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
    return str(row[0]) if row is not None else None


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return config

"""Stores to test with: a SQLite file always, a PostgreSQL cluster of our own where the binaries are installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
import pytest

from schuldhulp.engine.history.schema import metadata
from schuldhulp.engine.history.store import MasterKeys, Store


def postgres_folder() -> Path | None:
    """Where initdb and pg_ctl are, the newest version first."""
    on_path = shutil.which("pg_ctl")
    if on_path is not None and shutil.which("initdb") is not None:
        return Path(on_path).parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]), reverse=True)
    return found[0].parent if found else None


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL (without a database) of a running server: SCHULDHULP_TEST_POSTGRES, or a private temporary cluster."""
    given = os.environ.get("SCHULDHULP_TEST_POSTGRES")
    if given:
        yield given.rstrip("/")
        return
    binaries = postgres_folder()
    if binaries is None:
        if os.environ.get("SCHULDHULP_NO_SKIP"):
            pytest.fail(
                "no PostgreSQL: install the server's binaries, or set SCHULDHULP_TEST_POSTGRES to a server's URL"
            )
        pytest.skip("no PostgreSQL binaries and no SCHULDHULP_TEST_POSTGRES")
    # Not in pytest's own folder: that is tidied while other runs still go on, and closed to user postgres.
    with TemporaryDirectory(prefix="schuldhulp-postgres-", ignore_cleanup_errors=True) as folder:
        yield from _private_cluster(binaries, Path(folder))


def _private_cluster(binaries: Path, folder: Path) -> Iterator[str]:
    data, port = folder / "data", _free_port()
    run = _runner(folder)
    run([str(binaries / "initdb"), "-D", str(data), "-U", "test", "--auth=trust", "-E", "UTF8", "--no-sync"])
    settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": 60, "fsync": "off"}
    options = " ".join([f"-p {port}", *(f"-c {name}={value}" for name, value in settings.items())])
    run([str(binaries / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start"])
    try:
        yield f"postgresql+psycopg://test@127.0.0.1:{port}"
    finally:
        run([str(binaries / "pg_ctl"), "-D", str(data), "-w", "-m", "immediate", "stop"])


def _runner(folder: Path) -> Callable[[list[str]], None]:
    """PostgreSQL refuses to run as root: then it runs as user postgres, who gets the folder."""
    prefix: list[str] = []
    if hasattr(os, "getuid") and os.getuid() == 0:
        prefix = ["runuser", "-u", "postgres", "--"]
        shutil.chown(folder, "postgres")

    def run(command: list[str]) -> None:
        done = subprocess.run([*prefix, *command], cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            pytest.fail(f"{' '.join(command)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")

    return run


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


@pytest.fixture(scope="session")
def postgres_database(postgres_server: str) -> str:
    """The URL of a migrated database that tests share, one after the other."""
    url = f"{postgres_server}/{new_postgres_database(postgres_server)}"
    migrate(url)
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty file, to copy."""
    file = tmp_path_factory.mktemp("template") / "log.db"
    migrate(f"sqlite:///{file}")
    return file


def migrate(url: str) -> None:
    with Store.open(url, MasterKeys({"none": bytes(32)})) as store:
        store.migrate()


def new_postgres_database(server: str) -> str:
    name = f"schuldhulp_{uuid4().hex[:12]}"
    with psycopg.connect(f"{address_of(server)}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    return name


def address_of(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without a schema, of both kinds."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'log.db'}"
    server = request.getfixturevalue("postgres_server")
    return f"{server}/{new_postgres_database(server)}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    """The URL of a migrated, empty database; each test runs on both kinds."""
    found: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return found


@pytest.fixture
def sqlite_file(tmp_path: Path, sqlite_template: Path) -> Path:
    return Path(shutil.copy(sqlite_template, tmp_path / "log.db"))


@pytest.fixture
def sqlite_url(sqlite_file: Path) -> str:
    return f"sqlite:///{sqlite_file}"


@pytest.fixture
def postgres_url(postgres_database: str) -> str:
    with psycopg.connect(address_of(postgres_database), autocommit=True) as connection:
        connection.execute(f"TRUNCATE {', '.join(metadata.tables)}")
    return postgres_database


@pytest.fixture
def keys(tmp_path: Path) -> MasterKeys:
    return MasterKeys.read_or_make(tmp_path / "master.keys")


@pytest.fixture
def store(url: str, keys: MasterKeys) -> Iterator[Store]:
    """An empty store; durability is left to the tests that are about it."""
    with Store.open(url, keys, synchronous="OFF") as opened:
        yield opened


@pytest.fixture
def sqlite_store(sqlite_url: str, keys: MasterKeys) -> Iterator[Store]:
    with Store.open(sqlite_url, keys, synchronous="OFF") as opened:
        yield opened

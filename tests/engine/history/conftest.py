"""Stores to test with: a SQLite file always, a PostgreSQL cluster of our own where the binaries are installed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
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
    data, port, log = folder / "data", _free_port(), folder / "log"
    prefix = _as_postgres(folder)
    make = [str(binaries / "initdb"), "-D", str(data), "-U", "test", "--auth=trust", "-E", "UTF8", "--no-sync"]
    done = subprocess.run([*prefix, *make], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.fail(f"{' '.join(make)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "60", "fsync": "off"}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    command = [*prefix, str(binaries / "postgres"), "-D", str(data), "-p", str(port), *options]
    with log.open("wb") as output, subprocess.Popen(command, cwd=folder, stdout=output, stderr=output) as server:
        try:
            _wait_for(server, port, log)
            yield f"postgresql+psycopg://test@127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGQUIT)


def _as_postgres(folder: Path) -> list[str]:
    """How to run a program of PostgreSQL: not as root, which it refuses, and ending when these tests are killed."""
    setpriv = shutil.which("setpriv")
    if not (hasattr(os, "getuid") and os.getuid() == 0):
        return [setpriv, "--pdeathsig", "QUIT"] if setpriv is not None else []
    if setpriv is None:
        pytest.fail("running as root: setpriv (util-linux) is needed to run PostgreSQL as user postgres")
    shutil.chown(folder, "postgres")
    return [setpriv, "--reuid", "postgres", "--regid", "postgres", "--init-groups", "--pdeathsig", "QUIT"]


def _wait_for(server: subprocess.Popen[bytes], port: int, log: Path, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        with suppress(psycopg.OperationalError):
            psycopg.connect(f"postgresql://test@127.0.0.1:{port}/postgres").close()
            return
        time.sleep(0.1)
    pytest.fail(f"PostgreSQL did not start: {log.read_text(errors='replace')[-2000:]}")


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

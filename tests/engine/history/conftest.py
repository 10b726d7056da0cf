"""Stores to test with: a SQLite file always, a PostgreSQL cluster of our own where the binaries are installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from schuldhulp.engine.history.store import MasterKeys, Store


def postgres_folder() -> Path | None:
    """Where initdb and pg_ctl are, the newest version first."""
    on_path = shutil.which("pg_ctl")
    if on_path is not None and shutil.which("initdb") is not None:
        return Path(on_path).parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]), reverse=True)
    return found[0].parent if found else None


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
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
    folder = tmp_path_factory.mktemp("postgres")
    yield from _private_cluster(binaries, folder)


def _private_cluster(binaries: Path, folder: Path) -> Iterator[str]:
    data, port = folder / "data", _free_port()
    run = _runner(folder)
    run([str(binaries / "initdb"), "-D", str(data), "-U", "test", "--auth=trust", "-E", "UTF8", "--no-sync"])
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=60"
    run([str(binaries / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start"])
    try:
        yield f"postgresql+psycopg://test@127.0.0.1:{port}"
    finally:
        run([str(binaries / "pg_ctl"), "-D", str(data), "-w", "-m", "immediate", "stop"])


def _runner(folder: Path) -> Callable[[list[str]], None]:
    """PostgreSQL refuses to run as root: then it runs as user postgres, who must be able to reach its folder."""
    prefix: list[str] = []
    if hasattr(os, "getuid") and os.getuid() == 0:
        prefix = ["runuser", "-u", "postgres", "--"]
        shutil.chown(folder, "postgres")
        for above in folder.parents:
            if above.stat().st_mode & 0o001 == 0 and above.owner() == "root" and "pytest" in str(above):
                above.chmod(above.stat().st_mode | 0o011)

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


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh, empty database; each test runs on both kinds."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'log.db'}"
        return
    yield from fresh_postgres(request.getfixturevalue("postgres_server"))


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    yield from fresh_postgres(postgres_server)


def fresh_postgres(server: str) -> Iterator[str]:
    import psycopg

    name = f"schuldhulp_{uuid4().hex[:12]}"
    address = server.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    yield f"{server}/{name}"
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def keys(tmp_path: Path) -> MasterKeys:
    return MasterKeys.read_or_make(tmp_path / "master.keys")


@pytest.fixture
def store(url: str, keys: MasterKeys) -> Iterator[Store]:
    """A fresh store, migrated; durability is left to the tests that are about it."""
    with Store.open(url, keys, synchronous="OFF") as opened:
        opened.migrate()
        yield opened


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    return tmp_path / "log.db"


@pytest.fixture
def sqlite_store(sqlite_file: Path, keys: MasterKeys) -> Iterator[Store]:
    with Store.open(f"sqlite:///{sqlite_file}", keys, synchronous="OFF") as opened:
        opened.migrate()
        yield opened

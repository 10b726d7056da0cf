"""How long a person waits: the inbox over many open tasks, and a case with a long history and many debts.

``nice python -m bench.pages --tasks 100000 [--write]``: makes the cases through the engine, asks for each page as a browser
does (without the network), and gives the middle of the times.
"""

from __future__ import annotations

import argparse
import platform
import re
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median

from starlette.testclient import TestClient

from bench.terms.recompute import FILES, PAGE
from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.definitions.find import read_files
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks import work
from schuldhulp.web.app import create_app
from schuldhulp.web.visitors import COOKIE

BY = Actor(account=1, role="teamleider", program="bench")
CLERK = Actor(account=1, role="aanmeldmedewerker", program="bench")
NOW = datetime(2029, 1, 2, 9, tzinfo=UTC)
Row = tuple[str, float, float]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--tasks", type=int, default=1_000)
    asked.add_argument("--write", action="store_true", help="Put the figures in docs/performance.md.")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="schuldhulp-bench-") as folder:
        rows = [*_inbox(Path(folder), given.tasks), *_long_case(Path(folder))]
    text = _table(rows, given.tasks)
    print(text)
    if given.write:
        _write(text)


def _opened(folder: Path, name: str, *, quick: bool) -> Engine:
    settings = Settings(f"sqlite:///{folder / name}.db", folder / f"{name}.keys", synchronous="OFF" if quick else "FULL")
    return open_engine(settings, lambda: NOW)


def _inbox(folder: Path, tasks: int) -> list[Row]:
    engine = _opened(folder, "inbox", quick=True)
    engine.deploy(FILES, BY)
    engine.put_account("leiding", "Leiding", ["teamleider"], BY)
    for number in range(tasks):
        engine.open_case("A", {"op": date(2029, 1, 1) + timedelta(days=number % 365)}, BY)
        if number % 10_000 == 0:
            print(f"{number} cases made", file=sys.stderr)
    pages = {
        f"inbox of the group, {tasks:,} open tasks": "/taken?lijst=groep",
        "its last page": f"/taken?lijst=groep&pagina={max(1, tasks // 50)}",
        "terms of all cases": "/termijnen",
    }
    rows = _times(engine, pages)
    engine.store.close()
    return rows


def _long_case(folder: Path) -> list[Row]:
    """A case of the real modules: 60 debts, 500 facts."""
    engine = _opened(folder, "case", quick=True)
    engine.deploy(read_files(), BY)
    engine.put_account("leiding", "Leiding", ["teamleider", "aanmeldmedewerker"], BY)
    start = {
        "client_naam": "Uma Uitgedacht", "client_adres": "Testweg 1", "client_postcode": "9999 ZZ", "dreiging": "geen",
        "client_woonplaats": "Voorbeeldstad", "aanmelding_reden": "Schulden", "vraagtype": "schuldhulp", "aangemeld_op": NOW,
        "aangemeld_door": "Uma Uitgedacht", "aangemeld_door_functie": "zelf",
    }  # fmt: skip
    case = work.open_with_values(engine, "M5", start, CLERK).case.number
    debts = [{"schuldeiser": f"Schuldeiser {n}", "saldo": Decimal(n), "soort": "overig"} for n in range(1, 61)]
    engine.correct(case, {"schulden": debts}, "invoer", CLERK)
    while engine.case(case).sequence < 500:
        engine.correct(case, {"aanmelding_reden": f"Schulden {engine.case(case).sequence}"}, "aanvulling", CLERK)
    pages = {
        "a case with 500 facts and 60 debts": f"/zaken/{case}",
        "a task of it with its form": f"/zaken/{case}/taken/1",
        "looking back in it": f"/zaken/{case}/terugkijken?stap=250",
    }
    rows = _times(engine, pages)
    engine.store.close()
    return rows


def _times(engine: Engine, pages: dict[str, str]) -> list[Row]:
    """Name, milliseconds that pass, and milliseconds of the processor: the middle of nine, after one that is not counted."""
    engine.start_session("meting", 1)
    rows = []
    with TestClient(create_app(engine), base_url="http://meting", headers={"sec-fetch-site": "same-origin"}) as client:
        client.cookies.set(COOKIE, "meting")
        for name, url in pages.items():
            walls, works = [], []
            for _ in range(10):
                began, worked = time.perf_counter(), time.process_time()
                answer = client.get(url)
                walls.append(1000 * (time.perf_counter() - began))
                works.append(1000 * (time.process_time() - worked))
                assert answer.status_code == 200, (url, answer.status_code)
            rows.append((name, median(walls[1:]), median(works[1:])))
    return rows


def _table(rows: list[Row], tasks: int) -> str:
    lines = [
        "From the request to the whole page, in one process, without the network; SQLite. The middle of nine.",
        f"`python -m bench.pages --tasks {tasks} --write`, {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}.",
        "",
        "| page | wall clock | processor |",
        "|---|---|---|",
    ]
    return "\n".join([*lines, *(f"| {name} | {wall:,.0f} ms | {work_:,.0f} ms |" for name, wall, work_ in rows)])


def _write(text: str) -> None:
    block = f"<!-- pages: start -->\n## Pages\n\n{text}\n<!-- pages: end -->"
    page = PAGE.read_text(encoding="utf-8")
    found = re.search(r"<!-- pages: start -->.*<!-- pages: end -->", page, re.DOTALL)
    PAGE.write_text(page.replace(found[0], block) if found else f"{page.rstrip()}\n\n{block}\n", encoding="utf-8")


if __name__ == "__main__":
    main()

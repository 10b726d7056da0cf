"""Arrears signals from a file: nothing half, nothing double, one case for one household, every problem with its place."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from schuldhulp.engine.handle import Engine
from schuldhulp.tasks.imports.cells import FileRefused, read_rows
from schuldhulp.tasks.imports.signals import Looked
from schuldhulp.tasks.imports.taking_in import NothingTaken, look_at_file, take_in
from tests.tasks.imports.conftest import CLERK

HEAD = "Naam;Adres;Postcode;Woonplaats;Geboortedatum;Soort;Bedrag;Maanden;Ontvangen op"
BASIS = "Wgs art. 3 lid 1 b"


def row(name: str = "Fictief", amount: str = "310,00", **other: str) -> str:
    given = {
        "naam": name, "adres": "Voorbeeldstraat 1", "postcode": "1234 AB", "plaats": "Proefdorp", "geboren": "03-04-1985",
        "soort": "energie", "bedrag": amount, "maanden": "2", "op": "09-02-2026", **other,
    }  # fmt: skip
    return ";".join(given.values())


def csv_of(*rows: str, head: str = HEAD) -> bytes:
    return "\r\n".join([head, *rows]).encode()


def looked(engine: Engine, content: bytes, partner: str = "Energie Test", basis: str = BASIS) -> Looked:
    return look_at_file(engine, content, partner, basis, CLERK)


def told(found: Looked) -> list[str]:
    return [str(problem) for problem in found.problems]


def cases(engine: Engine) -> set[str]:
    return {row["number"] for row in engine.rows("cases_newest_first", status="open", limit=100, offset=0)}


def test_signals_open_a_case_for_each_household_and_are_added_to_one_that_is_there(engine: Engine) -> None:
    content = csv_of(row("Fictief", "310,00"), row("FICTIEF", "1.285,50", adres="voorbeeldstraat 1"), row("Ander"))
    found = looked(engine, content)
    assert told(found) == []
    assert (len(found.signals), found.households) == (3, 2)

    first, second, third = take_in(engine, found, CLERK)
    assert (first.how, second.how, third.how) == ("opened", "added", "opened")
    assert first.case == second.case != third.case
    kept = engine.case(first.case)
    (instance,) = [one for one in kept.instances.values() if one.module == "M1"]
    signals = instance.data["signalen"]["items"].values()
    assert [(one["partner"], one["grondslag"]) for one in signals] == [("Energie Test", BASIS)] * 2
    assert [one["bedrag"] for one in signals] == [31000, 128550]


def test_a_file_that_is_given_again_changes_nothing(engine: Engine) -> None:
    content = csv_of(row("Herhaal"), row("Nogmaals"))
    results = take_in(engine, looked(engine, content), CLERK)
    sequences = [engine.case(one.case).sequence for one in results]

    again = take_in(engine, looked(engine, content), CLERK)

    assert [one.how for one in again] == ["before", "before"]
    assert [one.case for one in again] == [one.case for one in results]
    assert [engine.case(one.case).sequence for one in again] == sequences


def test_a_file_that_was_cut_off_halfway_goes_on_where_it_stopped(engine: Engine) -> None:
    found = looked(engine, csv_of(row("Eerste"), row("Tweede"), row("Derde")))

    def killed(done: int, of: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take_in(engine, found, CLERK, killed)
    before = cases(engine)
    results = take_in(engine, found, CLERK)

    assert [one.how for one in results] == ["before", "before", "opened"]
    assert len(cases(engine)) == len(before) + 1


def test_one_wrong_row_and_nothing_at_all_is_taken_in(engine: Engine) -> None:
    before = cases(engine)
    found = looked(engine, csv_of(row("Goed"), row("Fout", "veel", geboren="31-02-1985", maanden=""), row("", soort="brommer")))

    assert [(p.line, p.column, p.place) for p in found.problems] == [
        (3, "Geboortedatum", "E3"), (3, "Bedrag", "G3"), (3, "Maanden", "H3"), (4, "Naam", "A4"), (4, "Soort", "F4"),
    ]  # fmt: skip
    assert all(problem.remedy for problem in found.problems)
    with pytest.raises(NothingTaken):
        take_in(engine, found, CLERK)
    assert cases(engine) == before


@pytest.mark.parametrize(
    ("partner", "basis", "said"),
    [
        ("Energie Test", "convenant 2024", "grondslag ontbreekt"),
        ("Zorg Test", BASIS, "geen convenant"),
        ("Onbekend", BASIS, "geen convenant"),
        ("", BASIS, "geen convenant"),
    ],
)
def test_without_a_legal_basis_or_a_valid_covenant_no_row_is_looked_at(
    engine: Engine, partner: str, basis: str, said: str
) -> None:
    found = looked(engine, csv_of(row()), partner, basis)

    assert any(said in line for line in told(found))
    assert found.signals == ()


def test_what_the_covenant_does_not_cover_is_told(engine: Engine) -> None:
    rows = (row("Klein", "99,99", maanden="1"), row("Huurder", soort="huur"), row("Later", op="10-02-2026"))
    found = looked(engine, csv_of(*rows))

    assert [one.partition(": ")[2][:30] for one in told(found)] == [
        "De achterstand is kleiner dan ", "Deze soort staat niet in het c", "Deze dag moet nog komen. Kijk ",
    ]  # fmt: skip


def test_a_number_that_nobody_asked_for_is_not_kept(engine: Engine) -> None:
    content = csv_of(row("Zonderbsn") + ";123456782", head=HEAD + ";BSN")
    found = looked(engine, content)
    assert found.ignored == ("BSN",)

    (result,) = take_in(engine, found, CLERK)
    assert "123456782" not in str([stored.fact for stored in engine.facts(result.case)])


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_csv_of_any_office_is_read(engine: Engine, delimiter: str, encoding: str) -> None:
    cells = [line.split(";") for line in (HEAD, row("Çelik-Müller"))]
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in cells)

    found = looked(engine, text.encode(encoding))

    assert told(found) == []
    assert found.signals[0].values["client_naam"] == "Çelik-Müller"


def workbook(rows: list[list[Any]]) -> bytes:
    book, stream = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for cells in rows:
        sheet.append(cells)
    book.save(stream)
    return stream.getvalue()


def test_the_same_in_excel_and_json_is_the_same(engine: Engine) -> None:
    plain = looked(engine, csv_of(row()))
    values = ["Fictief", "Voorbeeldstraat 1", "1234 AB", "Proefdorp", date(1985, 4, 3), "energie", 310.0, 2, date(2026, 2, 9)]
    sheet = looked(engine, workbook([HEAD.split(";"), values]))
    objects = json.dumps([dict(zip(HEAD.split(";"), row().split(";"), strict=True))]).encode()

    assert told(sheet) == told(looked(engine, objects)) == []
    assert sheet.signals[0].values == looked(engine, objects).signals[0].values == plain.signals[0].values
    assert sheet.signals[0].household == plain.signals[0].household


def test_a_formula_is_told_and_not_worked_out(engine: Engine) -> None:
    values: list[Any] = row().split(";")
    values[6] = '=HYPERLINK("http://kwaad.example","310")'
    found = looked(engine, workbook([HEAD.split(";"), values]))

    (problem,) = found.problems
    assert (problem.place, problem.what) == ("G2", "Hier staat een formule.")


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"<x/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    return stream.getvalue()


def entities() -> bytes:
    stream, source = io.BytesIO(), workbook([["a"], ["b"]])
    with zipfile.ZipFile(stream, "w") as packed, zipfile.ZipFile(io.BytesIO(source)) as read:
        for part in read.infolist():
            data = read.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                data = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + data
            packed.writestr(part.filename, data)
    return stream.getvalue()


BROKEN = {
    "nothing": b"",
    "zip bomb": bomb(),
    "entities": entities(),
    "not a workbook": b"PK\x03\x04 en verder niets",
    "old excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 oud",
    "binary": b"\x00\x01\x02",
    "too many rows": csv_of(*["a;b"] * 3_000, head="a;b"),
    "too large": b"a;b\n" * 1_500_000,
    "one head twice": b"naam;naam\nx;y",
    "a cell too many": b"naam;adres\nx;y;z",
    "a quote that stays open": b'naam;adres\n"x;y',
    "json without a list": b'{"a": 1}',
    "json too deep": b"[" * 100_000,
    "a very long cell": b"naam;adres\n" + b"x" * 5_000 + b";y",
    "many columns": ";".join(f"k{n}" for n in range(80)).encode() + b"\n1",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(name: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read_rows(BROKEN[name])
    assert str(refused.value).endswith(".")

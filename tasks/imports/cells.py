"""A file of rows: CSV, XLSX or JSON to texts with their place. Bounded, and nothing in a file is run or followed."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

MOST_BYTES = 5_000_000
MOST_ROWS = 2_000
MOST_COLUMNS = 60
LONGEST_CELL = 4_000
MOST_UNPACKED = 40_000_000
MOST_PARTS = 300
_DELIMITERS = (";", ",", "\t", "|")


class FileRefused(ValueError):
    """The file cannot be read at all; the text says in Dutch why, and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file (the head is line 1), and its cells by the name of their column, empty ones left out."""

    line: int
    cells: Mapping[str, str]
    places: Mapping[str, str]
    """Where a cell stands, as people see it: C4 in a sheet, the name of the field in JSON."""


@dataclass(frozen=True, slots=True)
class Rows:
    """`kind`: csv | xlsx | json; `columns`: the heads as they were written."""

    kind: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_rows(content: bytes, sheet: str | None = None) -> Rows:
    """The rows of a file; its kind is told from its bytes, not from its name. *sheet*: of a workbook, else the first.

    Raises FileRefused.
    """
    if not content:
        raise FileRefused("Het bestand is leeg. Kies een ander bestand.")
    if len(content) > MOST_BYTES:
        raise FileRefused(f"Het bestand is groter dan {MOST_BYTES // 1_000_000} MB. Knip het in delen.")
    if content[:2] == b"PK":
        return _from_workbook(content, sheet)
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise FileRefused("Dit is een oud Excel-bestand (.xls) of een bestand met een wachtwoord. Bewaar het als .xlsx.")
    text = _text(content)
    if text.lstrip()[:1] in ("[", "{"):
        return _from_json(text)
    return _from_csv(text)


def _text(content: bytes) -> str:
    """UTF-8 when it is, with or without its mark; else what Windows writes in our parts."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\x00" in text or "\ufffd" in text:
        raise FileRefused("Dit is geen tekstbestand dat wij kunnen lezen. Bewaar het als CSV (UTF-8) of als .xlsx.")
    return text


def _from_csv(text: str) -> Rows:
    lines = text.splitlines()
    head = next((line for line in lines if line.strip()), "")
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        table = [(reader.line_num, row) for row in _no_more(reader)]
    except csv.Error as error:
        raise FileRefused(
            f"Regel {reader.line_num} is geen CSV: {error}. Kijk of de aanhalingstekens kloppen."
        ) from error
    return _rows("csv", table)


def _from_json(text: str) -> Rows:
    try:
        found = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise FileRefused(f"Het bestand is geen JSON: {str(error)[:100]}.") from error
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list)]
        found = lists[0] if len(lists) == 1 else None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise FileRefused("In JSON moet een lijst van objecten staan: [{...}, {...}].")
    if len(found) > MOST_ROWS:
        raise _too_many()
    columns = tuple(dict.fromkeys(str(key) for one in found for key in one))
    rows = []
    for line, one in enumerate(found, 1):
        cells = {str(key): _said(value) for key, value in one.items()}
        kept = {key: cell for key, cell in cells.items() if cell}
        rows.append(Row(line, kept, {key: key for key in columns}))
    return _bounded(Rows("json", columns, tuple(rows)))


def _from_workbook(content: bytes, sheet: str | None) -> Rows:
    _look_inside(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        chosen = book[sheet] if sheet is not None and sheet in book.sheetnames else None if sheet else book.worksheets[0]
        if chosen is None:
            raise FileRefused(f"Er is geen blad met de naam {sheet}.")
        table = [
            (line, [_cell(cell) for cell in cells[:MOST_COLUMNS]])
            for line, cells in enumerate(_no_more(chosen.iter_rows()), 1)
        ]
        book.close()
    except FileRefused:
        raise
    except Exception as error:  # openpyxl raises whatever a broken file makes it stumble over
        raise FileRefused(f"Het Excel-bestand is stuk ({type(error).__name__}). Bewaar het opnieuw als .xlsx.") from error
    return _rows("xlsx", table)


def sheet_names(content: bytes) -> tuple[str, ...]:
    """The names of the sheets of a workbook. Raises FileRefused."""
    _look_inside(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        book.close()
        return tuple(book.sheetnames)
    except Exception as error:
        raise FileRefused(f"Het Excel-bestand is stuk ({type(error).__name__}). Bewaar het opnieuw als .xlsx.") from error


def _look_inside(content: bytes) -> None:
    """Before a workbook is unpacked: how large it becomes, and that no part of it declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise FileRefused("Het Excel-bestand wordt te groot als het wordt uitgepakt. Knip het in delen.")
            if not any(part.filename == "xl/workbook.xml" for part in parts):
                raise FileRefused("Dit is geen Excel-bestand. Bewaar het als .xlsx of als CSV.")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in packed.read(part)[:4_096].upper():
                    raise FileRefused("Het Excel-bestand bevat iets wat er niet in hoort. Bewaar het opnieuw als .xlsx.")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise FileRefused("Het Excel-bestand is stuk of heeft een wachtwoord. Bewaar het opnieuw als .xlsx.") from error


FORMULA = "\x00formule"
"""Stands for a cell with a formula: it is not worked out here, and what a program once made of it is not believed."""


def _cell(cell: Any) -> str:
    if getattr(cell, "data_type", None) == "f":
        return FORMULA
    return _said(cell.value)


def _said(value: Any) -> str:
    """A value as people type it."""
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nee"
        case datetime():
            return f"{value:%d-%m-%Y}" if value.time() == time() else f"{value:%d-%m-%Y %H:%M}"
        case date():
            return f"{value:%d-%m-%Y}"
        case int() | Decimal():
            return format(Decimal(value), "f").replace(".", ",")
        case float():
            return format(round(Decimal(repr(value)), 6).normalize(), "f").replace(".", ",")
        case str():
            return value.strip()
    return str(value)[:LONGEST_CELL]


def _rows(kind: str, table: Sequence[tuple[int, list[str]]]) -> Rows:
    """The first row that is not empty is the head."""
    filled = [(line, [cell.strip() for cell in row]) for line, row in table if any(cell.strip() for cell in row)]
    if not filled:
        raise FileRefused("Het bestand is leeg. Kies een ander bestand.")
    heads = filled[0][1]
    while heads and not heads[-1]:
        heads = heads[:-1]
    names = [head or f"kolom {get_column_letter(place)}" for place, head in enumerate(heads, 1)]
    if len(set(names)) < len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise FileRefused(f"Deze kop staat er twee keer: {', '.join(twice)}. Geef elke kolom een eigen kop.")
    rows = []
    for line, cells in filled[1:]:
        kept = {name: cell for name, cell in zip(names, cells, strict=False) if cell}
        extra = [cell for cell in cells[len(names) :] if cell]
        if extra:
            raise FileRefused(f"Regel {line} heeft meer cellen dan er koppen zijn. Kijk of er een scheidingsteken te veel staat.")
        places = {name: f"{get_column_letter(place)}{line}" for place, name in enumerate(names, 1)}
        rows.append(Row(line, kept, places))
    return _bounded(Rows(kind, tuple(names), tuple(rows)))


def _bounded(found: Rows) -> Rows:
    if len(found.columns) > MOST_COLUMNS:
        raise FileRefused(f"Het bestand heeft meer dan {MOST_COLUMNS} kolommen. Laat weg wat niet nodig is.")
    for row in found.rows:
        for name, cell in row.cells.items():
            if len(cell) > LONGEST_CELL:
                raise FileRefused(f"Cel {row.places[name]} heeft meer dan {LONGEST_CELL} tekens. Maak de tekst korter.")
    return found


def _no_more(rows: Iterable[Any]) -> Iterator[Any]:
    for number, row in enumerate(rows):
        if number > MOST_ROWS:
            raise _too_many()
        yield row


def _too_many() -> FileRefused:
    return FileRefused(f"Het bestand heeft meer dan {MOST_ROWS} regels. Knip het in delen.")


def workbook_title(content: bytes) -> str:
    """The title in the properties of a workbook; nothing when it has none. Raises FileRefused."""
    _look_inside(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        book.close()
        return str(book.properties.title or "")
    except Exception as error:
        raise FileRefused(f"Het Excel-bestand is stuk ({type(error).__name__}). Bewaar het opnieuw als .xlsx.") from error

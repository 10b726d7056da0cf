"""Lists to a workbook or to CSV. No text of a client can become a formula in the program that opens it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from schuldhulp.engine.definitions.dutch import CIVIL
from schuldhulp.rules.dictionary import Entry, Type
from schuldhulp.tasks.forms.raw import ROW_LIMIT
from schuldhulp.tasks.inventory.lists import NUMBER, Sheet, shown

TITLE = "Inventarisatie van zaak "
"""With the number of the case it is the title of the workbook, so that it cannot come back into another case."""
CHOICES = "Keuzes"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
Rows = Sequence[tuple[str, Mapping[str, Any]]]
"""The number of each row, and its values by key: plain values, or text where what was typed could not be read."""
_FORMATS = {
    Type.AMOUNT: "#,##0.00", Type.DATE: "dd-mm-yyyy", Type.DATETIME: "dd-mm-yyyy hh:mm", Type.INTEGER: "0", Type.TIME: "hh:mm",
}  # fmt: skip
_PLAIN_TEXT = "@"


def workbook(case: str, filled: Sequence[tuple[Sheet, Rows]]) -> bytes:
    """XLSX with a sheet for each list: heads that stay in place and cannot be changed, drop-downs, Dutch amounts and dates."""
    book = Workbook()
    del book[book.sheetnames[0]]
    book.properties.title = f"{TITLE}{case}"
    book.properties.creator = "Schuldhulp"
    choices = book.create_sheet(CHOICES)
    for place, (sheet, rows) in enumerate(filled):
        _fill(book.create_sheet(sheet.title, place), sheet, rows, choices)
    choices.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_text(sheet: Sheet, rows: Rows) -> bytes:
    """CSV as Dutch spreadsheets open it: semicolons, UTF-8 with its mark. A text that looks like a formula gets a ' before it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow([NUMBER, *sheet.columns])
    for number, values in rows:
        writer.writerow([number, *(harmless(_shown(entry, values.get(entry.key))) for entry in sheet.columns.values())])
    return out.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """*text* with a ' before it when a spreadsheet could take it for a formula; `as_written` undoes exactly this."""
    return f"'{text}" if text.lstrip("'").startswith(DANGEROUS) else text


def as_written(text: str) -> str:
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(DANGEROUS) else text


def _shown(entry: Entry, value: Any) -> str:
    return value if isinstance(value, str) and entry.type is not Type.ENUM else shown(entry, value)


def _fill(into: Worksheet, sheet: Sheet, rows: Rows, choices: Worksheet) -> None:
    for place, head in enumerate((NUMBER, *sheet.columns), 1):
        cell = into.cell(1, place)
        _put_text(cell, head)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E5EBF0")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for place, entry in enumerate(sheet.columns.values(), 2):
        _column(into, place, entry, choices)
    number_column = into.column_dimensions["A"]
    number_column.width, number_column.protection = 6, Protection(locked=False)
    for line, (number, values) in enumerate(rows, 2):
        into.cell(line, 1).protection = Protection(locked=False)
        _put(into.cell(line, 1), Decimal(number) if number.isdigit() else number, None)
        for place, entry in enumerate(sheet.columns.values(), 2):
            cell = into.cell(line, place)
            cell.protection = Protection(locked=False)
            value = values.get(entry.key)
            in_words = entry.type is Type.ENUM or isinstance(value, bool)
            _put(cell, shown(entry, value) if in_words else value, entry.type)
    into.freeze_panes = "B2"
    _protect(into)


def _protect(into: Worksheet) -> None:
    """Against accidents, not against people: no password. Rows may be added, taken away, sorted and filtered."""
    kept = into.protection
    kept.sheet = True
    kept.formatCells = kept.formatColumns = kept.formatRows = False
    kept.insertRows = kept.deleteRows = kept.sort = kept.autoFilter = False


def _column(into: Worksheet, place: int, entry: Entry, choices: Worksheet) -> None:
    letter = get_column_letter(place)
    column = into.column_dimensions[letter]
    column.width = 28 if entry.type in (Type.STRING, Type.TEXT) else 18
    column.protection = Protection(locked=False)
    column.number_format = _FORMATS.get(entry.type, _PLAIN_TEXT)
    labels = list(entry.values.values()) if entry.type is Type.ENUM else ["ja", "nee"] if entry.type is Type.BOOLEAN else []
    if not labels:
        return
    where = choices.max_column + 1 if choices["A1"].value is not None else 1
    for line, label in enumerate(labels, 1):
        _put_text(choices.cell(line, where), label)
    of = get_column_letter(where)
    chosen = DataValidation("list", formula1=f"{CHOICES}!${of}$1:${of}${len(labels)}", allow_blank=True, showErrorMessage=True)
    chosen.errorTitle, chosen.error = "Kies uit de lijst", "Kies een van de antwoorden uit de lijst, of laat de cel leeg."
    into.add_data_validation(chosen)
    chosen.add(f"{letter}2:{letter}{ROW_LIMIT + 1}")


def _put(cell: Cell | MergedCell, value: Any, type_: Type | None) -> None:
    match value:
        case None:
            return
        case Decimal() | int() if not isinstance(value, bool) and _exact(Decimal(value)):
            cell.value = Decimal(value)
            cell.number_format = _FORMATS.get(type_, "General") if type_ else "0"
        case datetime():
            cell.value = value.astimezone(CIVIL).replace(tzinfo=None)
            cell.number_format = _FORMATS[Type.DATETIME]
        case date() if value.year >= 1901:  # a spreadsheet counts days from 1900, with a day that never was
            cell.value, cell.number_format = value, _FORMATS[Type.DATE]
        case time():
            cell.value, cell.number_format = value, _FORMATS[Type.TIME]
        case _:
            _put_text(cell, value if isinstance(value, str) else _plain(value))


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return f"{value.day:02}-{value.month:02}-{value.year:04}"
    return format(value, "f").replace(".", ",") if isinstance(value, Decimal) else str(value)


def _exact(value: Decimal) -> bool:
    """Whether a spreadsheet, which counts in binary fractions, keeps it to the last digit."""
    return len(value.as_tuple().digits) <= 15 and Decimal(repr(float(value))) == value


def _put_text(cell: Cell | MergedCell, text: str) -> None:
    """Text, whatever it begins with: never a formula, also not when somebody edits the cell."""
    cell.value = _UNWRITABLE.sub(" ", text)
    cell.data_type, cell.number_format = "s", _PLAIN_TEXT
    cell.quotePrefix = text.startswith(DANGEROUS)


_UNWRITABLE: re.Pattern[str] = ILLEGAL_CHARACTERS_RE

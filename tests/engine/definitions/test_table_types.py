"""What a table says of a datum agrees with the dictionary, and its parameters exist."""

from __future__ import annotations

import pytest

from schuldhulp.engine.bpmn.graph import Finding, Severity
from schuldhulp.engine.definitions.check import check_files
from schuldhulp.engine.definitions.find import read_files

DICTIONARY, CRISIS, HOURS = "rules/dictionary/22-crisis.yaml", "rules/tables/D21.dmn", "rules/tables/D23.dmn"


def errors(*changes: tuple[str, str, str]) -> list[Finding]:
    """The errors after replacing, in a file, one text by another."""
    files = dict(read_files())
    for path, old, new in changes:
        assert old.encode() in files[path], f"{old} is no longer in {path}"
        files[path] = files[path].replace(old.encode(), new.encode(), 1)
    return [one for one in check_files(files) if one.severity is Severity.ERROR]


def test_what_ships_agrees() -> None:
    assert errors() == []


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        ((DICTIONARY, "niet_gelukt: Niemand bereikt}", "onbereikbaar: Niemand bereikt}"), "dictionary-value", "niet_gelukt"),
        ((DICTIONARY, "niet_gelukt: Niemand", "later: Later, niet_gelukt: Niemand"), "dictionary-input-values", "out later"),
        ((CRISIS, '"bevestigd", "niet_gelukt"</text>', '"bevestigd", "niet gelukt"</text>'), "dictionary-value", "did you mean"),
        ((HOURS, "&lt;= p.uren_max", "&lt;= p.uren_maximum"), "parameter-unknown", "did you mean 'uren_max'"),
    ],
)
def test_a_table_that_says_otherwise_is_an_error_with_file_line_and_remedy(
    change: tuple[str, str, str], code: str, says: str
) -> None:
    found = [one for one in errors(change) if one.code == code]
    assert found
    assert any(says in one.message for one in found), [one.message for one in found]
    assert all(one.place.file.startswith("rules/tables/") and one.place.line > 1 and one.remedy for one in found)


def test_a_column_of_another_type_than_its_datum_is_an_error() -> None:
    found = errors(
        (CRISIS, 'id="D21_expr_verificatie" typeRef="string"', 'id="D21_expr_verificatie" typeRef="number"'),
        (CRISIS, 'name="verificatie" typeRef="string"', 'name="verificatie" typeRef="number"'),
    )
    assert [one.place.file for one in found if one.code == "dictionary-type"] == [CRISIS]


def test_an_output_that_fills_a_datum_is_of_its_type() -> None:
    found = errors((DICTIONARY, "verwijzing_mogelijk: {type: boolean", "verwijzing_mogelijk: {type: integer"))
    assert [one.code for one in found if one.place.file == CRISIS] == ["dictionary-type"]

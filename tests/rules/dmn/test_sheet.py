"""Tables as CSV and back without loss."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from schuldhulp.rules.dmn import decide, read_model
from schuldhulp.rules.dmn.sheet import SheetError, from_csv, to_csv
from tests.rules.dmn.build import decision, input_data, model, table

DATA = model(
    "<!-- wie dit verandert, overlegt met team 3 -->",
    input_data("x", "number"),
    decision("d", table(["x"], ["a", "b"], [["< 5", '"é, ""'.replace('""', "-") + '"', "1", "noot"], ["-", '"z"', "2"]],
                        policy="FIRST"), inputs=["x"]),
)


def rules_of(data: bytes) -> list[tuple[object, ...]]:
    found = read_model(data, name="t.dmn").decisions["d"].table
    assert found is not None
    return [
        (r.number, tuple(t.text for t in r.tests), tuple(o.text.text for o in r.outputs), r.annotations)
        for r in found.rules
    ]


def test_out_and_back_gives_the_same_rules_and_keeps_comments() -> None:
    again = from_csv(DATA, to_csv(DATA))
    assert rules_of(again) == rules_of(DATA)
    assert b"overlegt met team 3" in again
    assert to_csv(again) == to_csv(DATA)


def edited(change: object) -> str:
    rows = list(csv.reader(io.StringIO(to_csv(DATA))))
    assert callable(change)
    change(rows)
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def test_rows_may_be_changed_moved_added_and_taken_away() -> None:
    def change(rows: list[list[str]]) -> None:
        rows[1], rows[2] = rows[2], rows[1]
        rows[1][1] = "> 100"
        rows.append(["", "-", '"nieuw"', "9", ""])

    again = from_csv(DATA, edited(change))
    assert [row[1] for row in rules_of(again)] == [("> 100",), ("< 5",), ("-",)]
    outputs: Any = decide(read_model(again, name="t.dmn"), "d", {"x": 50}).outputs
    assert outputs["a"] == "nieuw"
    gone = from_csv(again, "\n".join(to_csv(again).splitlines()[:2]) + "\n")
    assert len(rules_of(gone)) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rows: rows[0].append("extra"), "first row"),
        (lambda rows: rows[1].pop(), "row 2 has 4 cells"),
        (lambda rows: rows[1].__setitem__(0, "onbekend"), "'onbekend' is not known"),
        (lambda rows: rows[2].__setitem__(0, rows[1][0]), "used twice"),
    ],
)
def test_a_sheet_that_does_not_fit_is_refused(change: object, words: str) -> None:
    with pytest.raises(SheetError, match=words):
        from_csv(DATA, edited(change))


def test_a_file_without_a_table_is_refused() -> None:
    with pytest.raises(SheetError, match="no decision table"):
        to_csv(model(input_data("x")))

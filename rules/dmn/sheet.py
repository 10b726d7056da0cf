"""A decision table as CSV and back, so that rows can be edited in a spreadsheet. Nothing of the file is lost on the way.

The first row names the columns: `rule id`, then `in: expression`, `out: name`, `note: name` and, when rules have one,
`description`. Rules keep their place in the XML by their id (`#3` for a third
rule that has none); a row without an id is a new rule.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from schuldhulp.rules.dmn.findings import DmnErrors, Finding
from schuldhulp.rules.dmn.model import Place
from schuldhulp.rules.dmn.read.walk import Element, child, children, local, text_of
from schuldhulp.rules.xml import XmlError, parse

ID = "rule id"
DESCRIPTION = "description"


class SheetError(Exception):
    """The CSV does not fit the table; the text says where and what to do."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Where the columns of a table stand in its CSV."""

    head: list[str]
    inputs: int
    outputs: int
    notes: int
    described: bool


def to_csv(data: bytes, decision: str | None = None, *, name: str = "model.dmn") -> str:
    """The rules of a decision's table as CSV. Raises SheetError, DmnErrors for what is no XML."""
    table = _table(_parse(data, name), decision)
    sheet = _sheet(table)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(sheet.head)
    for identifier, rule in _rules(table).items():
        cells = [text_of(child(entry, "text")) for entry in children(rule, "inputEntry")]
        cells += [text_of(child(entry, "text")) for entry in children(rule, "outputEntry")]
        notes = [text_of(child(entry, "text")) for entry in children(rule, "annotationEntry")]
        cells += (notes + [""] * sheet.notes)[: sheet.notes]
        described = [text_of(child(rule, DESCRIPTION))] if sheet.described else []
        writer.writerow([identifier, *cells, *described])
    return out.getvalue()


def from_csv(data: bytes, text: str, decision: str | None = None, *, name: str = "model.dmn") -> bytes:
    """The DMN file with the rules of the table as the CSV has them; all else as it was. Raises SheetError."""
    root = _parse(data, name)
    table = _table(root, decision)
    sheet = _sheet(table)
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    if not rows or rows[0] != sheet.head:
        raise SheetError(f"the first row must be {', '.join(sheet.head)}; export the table again and edit that")
    old = _rules(table)
    used: set[str] = set()
    fresh: list[Element] = []
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(sheet.head):
            raise SheetError(f"row {number} has {len(row)} cells, the table has {len(sheet.head)} columns")
        if row[0] and (row[0] in used or row[0] not in old):
            wrong = "used twice" if row[0] in used else "not known"
            raise SheetError(f"row {number}: the rule id {row[0]!r} is {wrong}; leave it empty for a new rule")
        used.add(row[0])
        fresh.append(_rule(table, old.get(row[0]) if row[0] else None, row, sheet, {*old, *used}))
    _replace(table, fresh)
    written: str = etree.tostring(root.getroottree(), encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{written}\n'.encode()


def _parse(data: bytes, name: str) -> Element:
    """The tree with its comments, after the hardened parser has found nothing against the file."""
    try:
        parse(data, name=name)
    except XmlError as error:
        place = Place(name, line=error.line)
        raise DmnErrors([Finding("error", "xml", error.message, error.remedy, place)]) from None
    keeping = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(data, keeping)


def _table(root: Element, decision: str | None) -> Element:
    found = {
        one.get("id") or one.get("name") or "": table
        for one in children(root, "decision")
        if (table := child(one, "decisionTable")) is not None
        and (decision is None or decision in (one.get("id"), one.get("name")))
    }
    if len(found) == 1:
        return next(iter(found.values()))
    if not found:
        raise SheetError(f"there is no decision table{f' of {decision!r}' if decision else ''} in the file")
    raise SheetError(f"the file has several decision tables; choose one of {', '.join(found)}")


def _rules(table: Element) -> dict[str, Element]:
    """The rules by id, by `#number` where they have none."""
    return {rule.get("id") or f"#{number}": rule for number, rule in enumerate(children(table, "rule"), 1)}


def _sheet(table: Element) -> _Sheet:
    inputs = [text_of(child(one, "inputExpression")).strip() for one in children(table, "input")]
    outputs = [one.get("name") or one.get("label") or "" for one in children(table, "output")]
    rules = list(children(table, "rule"))
    named = [one.get("name", "") for one in children(table, "annotation")]
    most = max((len(list(children(rule, "annotationEntry"))) for rule in rules), default=0)
    notes = [*named, *[""] * (most - len(named))]
    described = any(child(rule, DESCRIPTION) is not None for rule in rules)
    head = [ID, *(f"in: {one}" for one in inputs), *(f"out: {one}" for one in outputs), *(f"note: {n}" for n in notes)]
    return _Sheet([*head, *([DESCRIPTION] if described else [])], len(inputs), len(outputs), len(notes), described)


def _rule(table: Element, old: Element | None, row: Sequence[str], sheet: _Sheet, taken: set[str]) -> Element:
    space = etree.QName(table).namespace
    rule = etree.Element(f"{{{space}}}rule") if old is None else old
    if old is None:
        rule.set("id", next(name for n in range(1, len(taken) + 2) if (name := f"rule_{n}") not in taken))
        taken.add(rule.get("id", ""))
        rule.tail = table[-1].tail if len(table) else None
    at = 1
    for tag, count in (("inputEntry", sheet.inputs), ("outputEntry", sheet.outputs), ("annotationEntry", sheet.notes)):
        entries = list(children(rule, tag))
        for n in range(count):
            cell = row[at]
            at += 1
            if n >= len(entries) and tag == "annotationEntry" and not cell:
                continue
            entry = entries[n] if n < len(entries) else etree.SubElement(rule, f"{{{space}}}{tag}")
            _set_text(entry, "text", cell)
    if sheet.described and (row[at] or child(rule, DESCRIPTION) is not None):
        _set_text(rule, DESCRIPTION, row[at])
    return rule


def _set_text(parent: Element, tag: str, text: str) -> None:
    part = child(parent, tag)
    if part is None:
        part = etree.Element(f"{{{etree.QName(parent).namespace}}}{tag}")
        parent.insert(0, part)
    if text_of(part) != text:
        for inner in list(part):
            part.remove(inner)
        part.text = text


def _replace(table: Element, rules: Sequence[Element]) -> None:
    """The rules in the order of the CSV, where the old ones stood; comments between rules stay before their rule."""
    kept = set(map(id, rules))
    for old in list(children(table, "rule")):
        if id(old) not in kept:
            table.remove(old)
    if [id(one) for one in children(table, "rule")] == [id(one) for one in rules]:
        return
    at = next((n for n, one in enumerate(table) if isinstance(one.tag, str) and local(one) == "rule"), len(table))
    for rule in rules:
        if rule.getparent() is not None:
            table.remove(rule)
    for offset, rule in enumerate(rules):
        table.insert(at + offset, rule)

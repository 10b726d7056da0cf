"""The reason of a decision as a value: what went in, which cells decided, which rules matched, what came out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schuldhulp.rules.dmn.plain import from_plain, to_plain
from schuldhulp.rules.dmn.show import show
from schuldhulp.rules.feel.values import Value

Pairs = tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class CellOutcome:
    """A cell that passed: its column, the input's value and the test as written ('-' cells are left out)."""

    column: str
    value: Value
    test: str


@dataclass(frozen=True, slots=True)
class RuleHit:
    """A rule that matched: its number as the designer counts, annotations by name, deciding cells and outputs."""

    number: int
    id: str
    annotations: Pairs
    cells: tuple[CellOutcome, ...]
    outputs: Pairs


@dataclass(frozen=True, slots=True)
class TableWhy:
    """How one table came to its value. `used_default` says that no rule matched and the default outputs stood in."""

    within: str
    hit_policy: str
    inputs: Pairs
    rules: tuple[RuleHit, ...]
    used_default: bool
    output: Value


@dataclass(frozen=True, slots=True)
class Why:
    """Why a decision has its output. `tables` holds every table that took part, the decision's own table last.

    `inputs` are the values of what the decision requires by name; `requires` explains the required decisions.
    `hash` is the SHA-256 of the definitions that decided.
    """

    decision: str
    name: str
    model: str
    hash: str
    inputs: Pairs
    tables: tuple[TableWhy, ...]
    output: Value
    requires: tuple[Why, ...] = ()

    @property
    def matched(self) -> tuple[int, ...]:
        """The numbers of the rules that made the result, of the decision's own table."""
        return tuple(hit.number for hit in self.tables[-1].rules) if self.tables else ()

    def to_json(self) -> dict[str, Any]:
        """Plain data (dict, list, str, int, bool, None); FEEL values are tagged so that they come back as they were."""
        return {
            "decision": self.decision,
            "name": self.name,
            "model": self.model,
            "hash": self.hash,
            "inputs": _pairs_out(self.inputs),
            "tables": [_table_out(table) for table in self.tables],
            "output": to_plain(self.output),
            "requires": [why.to_json() for why in self.requires],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Why:
        """The inverse of `to_json`. Raises KeyError or ValueError for data that it did not make."""
        return cls(
            data["decision"],
            data["name"],
            data["model"],
            data["hash"],
            _pairs_in(data["inputs"]),
            tuple(_table_in(table) for table in data["tables"]),
            from_plain(data["output"]),
            tuple(cls.from_json(why) for why in data["requires"]),
        )


def _pairs_out(pairs: Pairs) -> list[list[Any]]:
    return [[name, to_plain(value)] for name, value in pairs]


def _pairs_in(data: Sequence[Sequence[Any]]) -> Pairs:
    return tuple((name, from_plain(value)) for name, value in data)


def _table_out(table: TableWhy) -> dict[str, Any]:
    return {
        "within": table.within,
        "hit_policy": table.hit_policy,
        "inputs": _pairs_out(table.inputs),
        "rules": [
            {
                "number": hit.number,
                "id": hit.id,
                "annotations": _pairs_out(hit.annotations),
                "cells": [[cell.column, to_plain(cell.value), cell.test] for cell in hit.cells],
                "outputs": _pairs_out(hit.outputs),
            }
            for hit in table.rules
        ],
        "used_default": table.used_default,
        "output": to_plain(table.output),
    }


def _table_in(data: Mapping[str, Any]) -> TableWhy:
    return TableWhy(
        data["within"],
        data["hit_policy"],
        _pairs_in(data["inputs"]),
        tuple(
            RuleHit(
                hit["number"],
                hit["id"],
                _pairs_in(hit["annotations"]),
                tuple(CellOutcome(column, from_plain(value), test) for column, value, test in hit["cells"]),
                _pairs_in(hit["outputs"]),
            )
            for hit in data["rules"]
        ),
        data["used_default"],
        from_plain(data["output"]),
    )


def render_text(why: Why, *, indent: str = "") -> str:
    """The reason as lines of plain text, for designers and auditors."""
    lines = [f"{why.name} = {show(why.output)}"]
    lines += [f"  given {name} = {show(value)}" for name, value in why.inputs]
    for table in why.tables:
        if len(why.tables) > 1:
            lines.append(f"  {table.within}:")
        if table.used_default:
            lines.append("  no rule matched; the default output was used")
        lines += [line for hit in table.rules for line in _hit_lines(hit)]
    for required in why.requires:
        lines.append(render_text(required, indent="  "))
    lines.append(f"  definitions {why.hash[:12]}")
    return "\n".join(indent + line for line in "\n".join(lines).split("\n"))


def _hit_lines(hit: RuleHit) -> list[str]:
    notes = ", ".join(f"{name}: {text}" if name else str(text) for name, text in hit.annotations if text)
    lines = [f"  rule {hit.number}{f'  ({notes})' if notes else ''}"]
    lines += [f"    because {cell.column} = {show(cell.value)} passes {cell.test}" for cell in hit.cells]
    lines += [f"    gives {name} = {show(value)}" for name, value in hit.outputs]
    return lines

"""Parameters in cells (`<= p.spoed_dagen`): every order in which they can stand among the constants of their column.

Where the caller gives the values, there is one variant. Else a few values per parameter stand for all: below, at and
between the constants, and, for several parameters, in each order. What holds in every variant holds for all values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

from schuldhulp.rules.dmn.analysis.axes import Domain, cell_profile, opaque_cells, symbols
from schuldhulp.rules.dmn.classes import ORDERED
from schuldhulp.rules.dmn.program.session import Scope
from schuldhulp.rules.dmn.program.table import CompiledTable
from schuldhulp.rules.feel import Value

LIMIT = 400
_MOST_TRIED = 50_000
Symbol = tuple[str, ...]


def variants(table: CompiledTable, domains: Sequence[Domain], given: Scope) -> list[Scope] | None:
    """Scopes in which cells with parameters can be decided; None when there would be more than LIMIT of them."""
    columns: dict[int, set[Symbol]] = {}
    for rule, column, cell in opaque_cells(table, given):
        columns.setdefault(column, set()).update(symbols(cell, table.model.rules[rule].tests[column].text))
    choices: list[list[dict[Symbol, Value]]] = []
    count = 1
    for column, found in columns.items():
        if not found:
            continue
        names = sorted(found)
        gaps, fixed = _values(table, domains[column], column, len(names), given)
        if (len(fixed) + sum(map(len, gaps))) ** len(names) > _MOST_TRIED:
            return None
        rows = [row for row in product([*fixed, *(v for gap in gaps for v in gap)], repeat=len(names)) if _plain(row, gaps)]
        count *= len(rows)
        if count > LIMIT:
            return None
        choices.append([dict(zip(names, row, strict=True)) for row in rows])
    return [_scope(given, chosen) for chosen in product(*choices)]


def _plain(row: Sequence[Value], gaps: Sequence[Sequence[Value]]) -> bool:
    """Whether a row uses the values of each gap from the first on: others show an order that such a row shows too."""
    used = {id(value) for value in row}
    return all(
        all(id(earlier) in used or id(later) not in used for earlier, later in pairwise(gap)) for gap in gaps
    )


def _values(
    table: CompiledTable, domain: Domain, column: int, count: int, given: Scope
) -> tuple[list[list[Value]], list[Value]]:
    """Values that show every order of *count* parameters: up to *count* in each gap between constants, and those."""
    kind = next((one for one in domain.kinds or () if one in ORDERED), None)
    texts = [rule.tests[column].text for rule in table.model.rules]
    cells = table.inputs[column].cells
    profiles = [cell_profile(cell, text, given) for cell, text in zip(cells, texts, strict=True)]
    constants = [
        (one, value)
        for one in ORDERED
        for made in profiles
        if made is not None
        for value in made.steps[one].constants
    ] + [(type(value), value) for value in domain.mentioned if type(value) in ORDERED]
    if kind is None:
        kind = next((one for one, _ in constants), next(iter(ORDERED)))
    ordered = ORDERED[kind]
    row = [value for _, value in sorted({ordered.order(v): v for one, v in constants if one is kind}.items())]
    gaps: list[list[Value]] = []
    bounds: list[Value] = [None, *row, None]
    for low, high in pairwise(bounds):
        gap: list[Value] = []
        while len(gap) < count and (between := ordered.between(low, high)) is not None:
            gap.append(between)
            low = between
        gaps.append(gap)
    return gaps, row


def _scope(given: Scope, chosen: Sequence[dict[Symbol, Value]]) -> Scope:
    scope = dict(given)
    for assignment in chosen:
        for path, value in assignment.items():
            _set(scope, path, value)
    return scope


def _set(scope: Scope, path: Symbol, value: Value) -> None:
    """Put a value at the end of a path of contexts, each copied so that variants share nothing."""
    for name in path[:-1]:
        inner = scope.get(name)
        copied: Scope = dict(inner) if isinstance(inner, dict) else {}
        scope[name] = copied
        scope = copied
    scope[path[-1]] = value


def assumed(scope: Scope, given: Scope, within: str = "") -> Iterator[tuple[str, Value]]:
    """What a variant assumes beyond what was given, as (`p.spoed_dagen`, value)."""
    for name, value in scope.items():
        path = f"{within}.{name}" if within else name
        old = given.get(name)
        if isinstance(value, dict):
            yield from assumed(value, old if isinstance(old, dict) else {}, path)
        elif name not in given:
            yield path, value

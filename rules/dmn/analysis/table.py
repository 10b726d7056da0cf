"""The analysis of one decision table: exact over its classes of values, with a counter-example for each finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from schuldhulp.rules.dmn.analysis.axes import Axis, Domain, build_axis, cell_profile, domain_of
from schuldhulp.rules.dmn.analysis.boxes import Box, Cover, Point, TooMuchWork, corner, meeting, meets
from schuldhulp.rules.dmn.analysis.cells import check_cells
from schuldhulp.rules.dmn.analysis.variants import LIMIT, assumed, variants
from schuldhulp.rules.dmn.findings import Finding
from schuldhulp.rules.dmn.hit_policies import SEVERAL_RESULTS
from schuldhulp.rules.dmn.model import Decision, Place
from schuldhulp.rules.dmn.plain import equal
from schuldhulp.rules.dmn.program import DmnModel
from schuldhulp.rules.dmn.program.session import Scope, Session
from schuldhulp.rules.dmn.program.table import CompiledTable
from schuldhulp.rules.dmn.show import show
from schuldhulp.rules.feel import FeelType, Value, feel_value

MOST_OF_A_KIND = 20  # findings of one code per table; a table with more has one cause, not a hundred


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding in the making: `key` tells whether two variants speak of the same."""

    code: str
    key: tuple[object, ...]
    message: str
    remedy: str
    rules: tuple[int, ...]
    example: Mapping[str, Value]
    severity: str = "error"


def analyse(model: DmnModel, decision: str, *, given: Mapping[str, object] | None = None) -> tuple[Finding, ...]:
    """Gaps, overlaps, duplicates, unreachable and masked rules of the decision's table, and cells that cannot be right.

    *given* holds values of inputs that do not vary, such as the parameters `p`. Without them every order of a parameter
    among the constants of its column is tried: what is wrong in all of them is an error, in some a warning that says
    when. Exact for numbers, dates, durations, booleans and texts; a rule with another kind of cell is left out and a
    warning says so. A decision without a table has no findings. Raises NoSuchDecision.
    """
    element = model.linked.elements[model.key(decision)]
    if not isinstance(element, Decision) or element.table is None:
        return ()
    table = model.compiled(element.table)
    types = _types_in_scope(model, element)
    domains = [domain_of(model, table, column, types) for column in range(len(table.inputs))]
    scope: Scope = {name: feel_value(value) for name, value in (given or {}).items()}
    findings = list(check_cells(table, domains))
    scopes = variants(table, domains, scope)
    if scopes is None:
        findings.append(
            _warn(
                table.model.place,
                "not-analysed",
                f"the parameters in the cells allow more than {LIMIT} orders",
                "Give the parameters their values to have the table analysed.",
            )
        )
        scopes = [scope]
    axes: dict[str, Axis] = {}
    findings += _merged(table, scopes, scope, [_Grid(table, domains, one, axes) for one in scopes])
    return tuple(findings)


def _types_in_scope(model: DmnModel, decision: Decision) -> dict[str, FeelType]:
    graph = model.graph
    return {
        one.name: graph.kinds[one.key] for one in graph.steps[decision.key].bindings if not one.imported_as
    }


def _warn(place: Place, code: str, message: str, remedy: str, rules: tuple[int, ...] = ()) -> Finding:
    return Finding("warning", code, message, remedy, place, rules=rules)


def _merged(table: CompiledTable, scopes: Sequence[Scope], given: Scope, grids: Sequence[_Grid]) -> Iterator[Finding]:
    """The problems of all variants as findings: errors where every variant has them, else warnings that say when."""
    seen: dict[tuple[object, ...], list[tuple[Problem, Scope]]] = {}
    for scope, grid in zip(scopes, grids, strict=True):
        for problem in grid.problems():
            seen.setdefault((problem.code, *problem.key), []).append((problem, scope))
    counts: dict[str, int] = {}
    for found in seen.values():
        problem, scope = found[0]
        always = len(found) == len(scopes)
        if problem.code in _ONLY_ALWAYS and not always:
            continue  # a rule that some values of the parameters make useless is no mistake
        counts[problem.code] = counts.get(problem.code, 0) + 1
        if counts[problem.code] > MOST_OF_A_KIND:
            continue
        extra = {} if always and len(scopes) > 1 else dict(assumed(scope, given))
        when = "" if always or not extra else f" (when {_pairs(extra)})"
        place = table.model.rules[problem.rules[-1] - 1].place if problem.rules else table.model.place
        yield Finding(
            "error" if problem.severity == "error" and always else "warning",
            problem.code,
            problem.message + when,
            problem.remedy,
            place,
            {**problem.example, **extra},
            rules=problem.rules,
        )
    for code, count in counts.items():
        if count > MOST_OF_A_KIND:
            more = count - MOST_OF_A_KIND
            yield _warn(table.model.place, code, f"and {more} more of these", "Mend the ones above first.")


_ONLY_ALWAYS = frozenset({"unreachable", "masked", "duplicate"})


def _pairs(values: Mapping[str, Value]) -> str:
    return ", ".join(f"{name} = {show(value)}" for name, value in values.items())


class _Grid:
    """A table in one variant: its axes, and each rule as a box. Rules with cells that stay open are set apart."""

    def __init__(
        self, table: CompiledTable, domains: Sequence[Domain], scope: Scope, constant_axes: dict[str, Axis]
    ) -> None:
        self.table = table
        self.axes = list(_axes(table, domains, scope, constant_axes))
        size = len(table.model.rules)
        self.open_rules = _open_rules(table, domains, scope)
        self.boxes: list[Box] = [tuple(axis.accepts[rule] for axis in self.axes) for rule in range(size)]
        self.room: Box = tuple((1 << len(axis.witnesses)) - 1 for axis in self.axes)
        self.known = [rule for rule in range(size) if rule not in self.open_rules]
        self.outputs = [_constant_outputs(table, rule) for rule in range(size)]

    def problems(self) -> Iterator[Problem]:
        policy = self.table.model.hit_policy
        for rule, column in sorted(self.open_rules.items()):
            label = self.table.inputs[column].clause.label
            yield Problem(
                "not-analysed",
                (rule,),
                f"the test of {label!r} depends on more than its value; the rule is left out of the analysis",
                "Compare the value with constants or with one parameter, or rely on examples for this rule.",
                (rule + 1,),
                {},
                "warning",
            )
        dead = [rule for rule in self.known if not all(self.boxes[rule])]
        yield from (self._unreachable(rule) for rule in dead)
        alive = [rule for rule in self.known if all(self.boxes[rule])]
        duplicates = {rule: one for rule, one in self._duplicates(alive) if not self._both_wanted(rule, one)}
        yield from (self._duplicate(rule, first) for rule, first in duplicates.items())
        if policy in ("U", "A"):
            yield from self._overlaps(alive, duplicates)
        if policy in ("F", "P"):
            yield from self._masked([rule for rule in alive if rule not in duplicates])
        if policy in ("U", "A", "F", "P") and not any(one.default is not None for one in self.table.outputs):
            yield from self._gaps(alive)

    def example(self, point: Point) -> dict[str, Value]:
        return {axis.name: axis.witnesses[at] for axis, at in zip(self.axes, point, strict=True)}

    def _unreachable(self, rule: int) -> Problem:
        names = [axis.name for axis, mask in zip(self.axes, self.boxes[rule], strict=True) if not mask]
        return Problem(
            "unreachable",
            (rule,),
            f"rule {rule + 1} can never match: no allowed value of {' or '.join(names)} passes its test",
            "Correct the test or the allowed values, or take the rule away.",
            (rule + 1,),
            {},
        )

    def _duplicates(self, alive: Sequence[int]) -> Iterator[tuple[int, int]]:
        first: dict[Box, int] = {}
        for rule in alive:
            if self.boxes[rule] in first:
                yield rule, first[self.boxes[rule]]
            else:
                first[self.boxes[rule]] = rule

    def _duplicate(self, rule: int, first: int) -> Problem:
        return Problem(
            "duplicate",
            (rule, first),
            f"rules {first + 1} and {rule + 1} match exactly the same inputs",
            "Take one of them away, or make them differ.",
            (first + 1, rule + 1),
            self.example(corner(self.boxes[rule])),
        )

    def _both_wanted(self, rule: int, first: int) -> bool:
        """A table that collects may say two things of the same inputs."""
        outputs = self.outputs[rule]
        return self.table.model.hit_policy in SEVERAL_RESULTS and (outputs is None or outputs != self.outputs[first])

    def _overlaps(self, alive: Sequence[int], duplicates: Mapping[int, int]) -> Iterator[Problem]:
        any_policy = self.table.model.hit_policy == "A"
        for at, one in enumerate(alive):
            for other in alive[at + 1 :]:
                if duplicates.get(other) == one and not any_policy:
                    continue  # said already
                if not meets(self.boxes[one], self.boxes[other]):
                    continue
                if any_policy and self._agree(one, other):
                    continue
                unsure = any_policy and (self.outputs[one] is None or self.outputs[other] is None)
                yield Problem(
                    "overlap",
                    (one, other),
                    f"rules {one + 1} and {other + 1} both match {_pairs(self._common(one, other))}"
                    + (", and may not agree" if unsure else ", and do not agree" if any_policy else ""),
                    "Make one of them narrower, or choose another hit policy.",
                    (one + 1, other + 1),
                    self._common(one, other),
                    "warning" if unsure else "error",
                )

    def _common(self, one: int, other: int) -> dict[str, Value]:
        return self.example(corner(meeting(self.boxes[one], self.boxes[other])))

    def _agree(self, one: int, other: int) -> bool:
        left, right = self.outputs[one], self.outputs[other]
        return left is not None and right is not None and all(map(equal, left, right))

    def _masked(self, alive: Sequence[int]) -> Iterator[Problem]:
        """Rules that others always come before: all earlier ones under FIRST, those of higher priority under PRIORITY."""
        cover = Cover(self.boxes)
        try:
            for rule in alive:
                before = [one for one in alive if self._comes_before(one, rule)]
                if cover.hole(self.boxes[rule], sum(1 << one for one in before)) is None:
                    masking = [one + 1 for one in before if meets(self.boxes[one], self.boxes[rule])]
                    named = ", ".join(map(str, masking[:6])) + (" ..." if len(masking) > 6 else "")
                    yield Problem(
                        "masked",
                        (rule,),
                        f"rule {rule + 1} never decides: rules {named} always come before it",
                        "Move it up, make the others narrower, or take it away.",
                        (rule + 1,),
                        self.example(corner(self.boxes[rule])),
                        "warning",
                    )
        except TooMuchWork:
            yield self._undecided("which rules are masked")

    def _comes_before(self, one: int, other: int) -> bool:
        if self.table.model.hit_policy == "F":
            return one < other
        mine, theirs = self._rank(one), self._rank(other)
        return mine is not None and theirs is not None and (mine < theirs or (mine == theirs and one < other))

    def _rank(self, rule: int) -> tuple[int, ...] | None:
        outputs = self.outputs[rule]
        if outputs is None:
            return None
        ranks: list[int] = []
        for value, one in zip(outputs, self.table.outputs, strict=True):
            if one.priorities is not None:
                ranks.append(next((n for n, p in enumerate(one.priorities) if equal(p, value)), len(one.priorities)))
        return tuple(ranks)

    def _gaps(self, alive: Sequence[int]) -> Iterator[Problem]:
        cover = Cover([self.boxes[rule] for rule in alive])
        unsure = bool(self.open_rules)
        try:
            for nth in range(MOST_OF_A_KIND):
                point = cover.hole(self.room)
                if point is None:
                    return
                around = cover.widen(point, self.room)
                cover.add(around)
                yield Problem(
                    "gap",
                    (nth,),
                    f"no rule matches {_pairs(self.example(point))}{self._extent(around)}"
                    + (" (unless a rule that was left out does)" if unsure else ""),
                    "Add a rule for this, or a default output.",
                    (),
                    self.example(point),
                    "warning" if unsure else "error",
                )
        except TooMuchWork:
            yield self._undecided("whether there are more gaps")

    def _extent(self, around: Box) -> str:
        """Which inputs do not matter for a gap, so that one rule can close all of it."""
        free = [a.name for a, mask, room in zip(self.axes, around, self.room, strict=True) if mask == room]
        return f"; whatever {', '.join(free)} {'is' if len(free) == 1 else 'are'}" if free else ""

    def _undecided(self, question: str) -> Problem:
        return Problem(
            "not-analysed",
            (question,),
            f"the table is too intricate to decide {question} within the limit of work",
            "Split the table, or add a last rule that catches the rest.",
            (),
            {},
            "warning",
        )


def _axes(
    table: CompiledTable, domains: Sequence[Domain], scope: Scope, constant_axes: dict[str, Axis]
) -> Iterator[Axis]:
    """One axis per input expression; columns that test the same expression are one.

    Axes without parameters are the same in every variant and kept in *constant_axes*.
    """
    groups: dict[str, list[int]] = {}
    for column, one in enumerate(table.inputs):
        groups.setdefault(" ".join(one.clause.expression.text.text.split()), []).append(column)
    for name, columns in groups.items():
        if name in constant_axes:
            yield constant_axes[name]
            continue
        profiles = [
            [
                cell_profile(cell, rule.tests[column].text, scope)
                for cell, rule in zip(table.inputs[column].cells, table.model.rules, strict=True)
            ]
            for column in columns
        ]
        axis = build_axis(name, columns, profiles, [domains[column] for column in columns])
        if not any(cell.profile is None for column in columns for cell in table.inputs[column].cells):
            constant_axes[name] = axis
        yield axis


def _open_rules(table: CompiledTable, domains: Sequence[Domain], scope: Scope) -> dict[int, int]:
    """Rules with a cell that cannot be decided, and the column of that cell; also kinds of values without classes."""
    found: dict[int, int] = {}
    for rule_at, rule in enumerate(table.model.rules):
        for column, one in enumerate(table.inputs):
            profile = cell_profile(one.cells[rule_at], rule.tests[column].text, scope)
            if profile is None or (domains[column].kinds == () and not profile.passes_all):
                found.setdefault(rule_at, column)
    return found


def _constant_outputs(table: CompiledTable, rule: int) -> tuple[Value, ...] | None:
    """The outputs of a rule when they do not depend on anything; None when they do."""
    if not all(one.constant[rule] for one in table.outputs):
        return None
    session = Session(strict=False)
    values = tuple(one.cells[rule]({}, session) for one in table.outputs)
    return None if session.remarks else values

"""Examples beside a table: given -> then. Designers' tests, developers' tests and documentation in one file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schuldhulp.rules.dmn.deciding import Decided, decide
from schuldhulp.rules.dmn.errors import DecisionError, NoSuchDecision
from schuldhulp.rules.dmn.plain import equal
from schuldhulp.rules.dmn.program import DmnModel
from schuldhulp.rules.dmn.show import show
from schuldhulp.rules.dmn.yaml_values import YamlValueError, load_yaml
from schuldhulp.rules.feel import FeelError, Value

KEYS = {"name", "given", "then", "because", "decision"}


class ExampleError(Exception):
    """A file of examples cannot be used: which file, which example, what to do."""

    def __init__(self, file: str, where: str, message: str) -> None:
        self.file, self.where = file, where
        super().__init__(f"{file}, {where}: {message}" if where else f"{file}: {message}")


@dataclass(frozen=True, slots=True)
class Example:
    """One example. `decision` is needed only when the model has several; `then` may name a part of the outputs."""

    name: str
    given: Mapping[str, Value]
    then: Value
    because: str = ""
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an example went; `problem` is empty when it passed."""

    example: Example
    passed: bool
    problem: str
    matched: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ExampleReport:
    """All outcomes, and per decision the rules that an example reached and those that none did."""

    outcomes: tuple[Outcome, ...]
    covered: Mapping[str, tuple[int, ...]]
    uncovered: Mapping[str, tuple[int, ...]]

    @property
    def passed(self) -> bool:
        return all(outcome.passed for outcome in self.outcomes)


def load_examples(data: bytes, name: str) -> tuple[Example, ...]:
    """The examples of a YAML file: a list of {name, given, then, because}. Raises ExampleError.

    Numbers become Decimal as written, dates and date-times FEEL's own values; no float is ever in between.
    """
    try:
        content = load_yaml(data)
    except YamlValueError as error:
        raise ExampleError(name, f"line {error.line}" if error.line else "", error.message) from None
    if not isinstance(content, list):
        raise ExampleError(name, "", "expected a list of examples: - name: ..., given: ..., then: ...")
    return tuple(_example(name, n, item) for n, item in enumerate(content, 1))


def _example(file: str, number: int, item: Value) -> Example:
    where = f"example {number}"
    if not isinstance(item, dict):
        raise ExampleError(file, where, "expected name, given and then")
    if isinstance(item.get("name"), str):
        where = f'example {number} "{item["name"]}"'
    strange = sorted(str(key) for key in item if key not in KEYS)
    if strange:
        raise ExampleError(file, where, f"{', '.join(strange)} is not known; use {', '.join(sorted(KEYS))}")
    title, given, decision = item.get("name"), item.get("given"), item.get("decision")
    if not isinstance(title, str) or not title.strip():
        raise ExampleError(file, where, "give the example a name")
    if not isinstance(given, dict):
        raise ExampleError(file, where, "'given' must hold the inputs by name")
    if "then" not in item:
        raise ExampleError(file, where, "say with 'then' what should come out")
    if decision is not None and not isinstance(decision, str):
        raise ExampleError(file, where, "'decision' must be the name of a decision")
    return Example(title, given, item["then"], _text(item.get("because")), decision)


def _text(value: Value) -> str:
    return "" if value is None else value if isinstance(value, str) else show(value)


def run_examples(model: DmnModel, examples: Sequence[Example]) -> ExampleReport:
    """Decide each example and compare; collect which rules they reach."""
    reached: dict[str, set[int]] = {}
    outcomes = [_run(model, example, reached) for example in examples]
    covered, uncovered = {}, {}
    for decision in model.decisions.values():
        if decision.table is not None:
            hit = reached.get(decision.id, set())
            covered[decision.id] = tuple(sorted(hit))
            uncovered[decision.id] = tuple(rule.number for rule in decision.table.rules if rule.number not in hit)
    return ExampleReport(tuple(outcomes), covered, uncovered)


def _run(model: DmnModel, example: Example, reached: dict[str, set[int]]) -> Outcome:
    try:
        decided = decide(model, example.decision or _only(model), example.given)
    except (DecisionError, FeelError) as error:
        return Outcome(example, False, str(error), ())
    for why in _all(decided):
        reached.setdefault(why[0], set()).update(why[1])
    problem = _difference(decided, example.then, _single_names(model, decided.decision), _collects(model, decided))
    return Outcome(example, not problem, problem, decided.why.matched)


def _all(decided: Decided) -> list[tuple[str, tuple[int, ...]]]:
    found, waiting = [], [decided.why]
    while waiting:
        why = waiting.pop()
        found.append((why.decision, why.matched))
        waiting.extend(why.requires)
    return found


def _only(model: DmnModel) -> str:
    """The decision that an example without `decision` means: the one that no other decision needs."""
    needed = {key for decision in model.decisions.values() for key in decision.requires}
    top = [decision.id for decision in model.decisions.values() if decision.key not in needed]
    if len(top) == 1:
        return top[0]
    raise NoSuchDecision(model.name, "(say with 'decision' which one is meant)", [])


def _collects(model: DmnModel, decided: Decided) -> bool:
    """Whether the outcome is a set: what a COLLECT table without aggregation gives, whose order says nothing."""
    table = next((one.table for one in model.decisions.values() if one.name == decided.why.name), None)
    return table is not None and table.hit_policy == "C" and table.aggregation is None


def _same(outputs: Value, then: Value, as_set: bool) -> bool:
    if as_set and isinstance(outputs, list) and isinstance(then, list):
        return all(any(equal(one, other) for other in then) for one in outputs) and all(
            any(equal(one, other) for other in outputs) for one in then
        )
    return bool(equal(outputs, then))


def _single_names(model: DmnModel, decision: str) -> set[str]:
    """Names by which an example may call the one output: the decision's, and that of the column."""
    found = model.decisions.get(decision)
    if found is None or (found.table is not None and len(found.table.outputs) > 1):
        return set()
    return {found.name, *(one.name for one in (found.table.outputs if found.table else ()) if one.name)}


def _difference(decided: Decided, then: Value, single_names: set[str], as_set: bool) -> str:
    """What is not as expected, in words; empty when all is."""
    outputs = decided.outputs
    if isinstance(then, dict) and not isinstance(outputs, dict) and len(then) == 1 and set(then) <= single_names:
        (then,) = then.values()
    if isinstance(then, dict) and isinstance(outputs, dict):
        wrong = [
            f"{name} is {show(outputs.get(name))}, expected {show(value)}"
            for name, value in then.items()
            if name not in outputs or not equal(outputs[name], value)
        ]
        return "; ".join(wrong)
    return "" if _same(outputs, then, as_set) else f"the outcome is {show(outputs)}, expected {show(then)}"

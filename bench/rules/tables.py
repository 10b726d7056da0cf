"""Tables of 8 inputs and 2 outputs for the measurements, and the inputs to decide with: the same for every engine.

Inputs: four numbers, two texts, two booleans. Rules are tight (each tests most columns), so that a late rule is only
reached after many misses. The "early" inputs match a rule in the first quarter of the table, the "late" ones as far down
as inputs can be found that no earlier rule takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random

NUMBERS = ("inkomen", "schuld", "leeftijd", "dagen")
TEXTS = ("soort", "regio")
FLAGS = ("kinderen", "beslag")
INPUTS = (*NUMBERS, *TEXTS, *FLAGS)
SOORTEN = ("huur", "energie", "zorg", "water", "belasting", "overig")
REGIOS = ("noord", "oost", "zuid", "west")


@dataclass(frozen=True)
class Rule:
    """Tests by input, as (kind, operands): kind is "in" for texts, "is" for flags, "range" for [low, high) of numbers."""

    tests: dict[str, tuple[str, tuple[object, ...]]]
    outputs: tuple[str, int]


@dataclass(frozen=True)
class Sheet:
    rules: tuple[Rule, ...]
    early: tuple[dict[str, object], ...]
    late: tuple[dict[str, object], ...]
    mixed: tuple[dict[str, object], ...]


def matches(rule: Rule, inputs: dict[str, object]) -> bool:
    """The reference: what every engine must agree with."""
    for name, (kind, operands) in rule.tests.items():
        value = inputs[name]
        if kind == "range":
            low, high = operands
            if not low <= value < high:  # type: ignore[operator]
                return False
        elif value not in operands:
            return False
    return True


def make(size: int, seed: int = 5) -> Sheet:
    choice = Random(seed)
    rules = [_rule(choice, number) for number in range(size - 1)]
    rules.append(Rule({}, ("rest", size)))
    quarter = rules[: max(1, size // 4)]
    early = tuple(_inside(choice, choice.choice(quarter)) for _ in range(50))
    late: list[dict[str, object]] = []
    for at in range(size - 2, -1, -1):
        for _ in range(40):
            inputs = _inside(choice, rules[at])
            if not any(matches(rule, inputs) for rule in rules[:at]):
                late.append(inputs)
        if len(late) >= 50:
            break
    mixed = tuple(_inside(choice, rules[choice.randrange(size - 1)]) for _ in range(50))
    return Sheet(tuple(rules), early, tuple(late[:50]), mixed)


def _rule(choice: Random, number: int) -> Rule:
    tests: dict[str, tuple[str, tuple[object, ...]]] = {}
    for name, top in zip(NUMBERS, (5000, 90000, 100, 365), strict=True):
        if choice.random() < 0.75:
            low = choice.randrange(top)
            width = max(1, top // choice.choice((3, 5, 8)))
            tests[name] = ("range", (Decimal(low), Decimal(low + width)))
    for name, words in zip(TEXTS, (SOORTEN, REGIOS), strict=True):
        if choice.random() < 0.75:
            tests[name] = ("in", tuple(choice.sample(words, choice.randrange(1, 3))))
    for name in FLAGS:
        if choice.random() < 0.5:
            tests[name] = ("is", (choice.random() < 0.5,))
    return Rule(tests, (f"uit{number % 7}", number + 1))


def _inside(choice: Random, rule: Rule) -> dict[str, object]:
    """Inputs that the rule matches."""
    inputs: dict[str, object] = {}
    for name, top in zip(NUMBERS, (5000, 90000, 100, 365), strict=True):
        low, high = rule.tests.get(name, ("range", (Decimal(0), Decimal(top))))[1]
        inputs[name] = Decimal(choice.randrange(int(low), int(high)))  # type: ignore[call-overload]
    for name, words in zip(TEXTS, (SOORTEN, REGIOS), strict=True):
        inputs[name] = choice.choice(rule.tests.get(name, ("in", words))[1])
    for name in FLAGS:
        inputs[name] = choice.choice(rule.tests.get(name, ("is", (True, False)))[1])
    return inputs


def dmn(sheet: Sheet, policy: str) -> bytes:
    """The table as a DMN file with the decision `d`."""
    columns = "".join(
        f'<input id="c_{name}"><inputExpression typeRef="{kind}"><text>{name}</text></inputExpression></input>'
        for name, kind in _types()
    )
    rules = "".join(
        f'<rule id="r{n}">'
        + "".join(f"<inputEntry><text>{_cell(rule, name)}</text></inputEntry>" for name in INPUTS)
        + f'<outputEntry><text>"{rule.outputs[0]}"</text></outputEntry>'
        + f"<outputEntry><text>{rule.outputs[1]}</text></outputEntry></rule>"
        for n, rule in enumerate(sheet.rules, 1)
    )
    inputs = "".join(
        f'<inputData id="i_{name}" name="{name}"><variable name="{name}" typeRef="{kind}"/></inputData>'
        for name, kind in _types()
    )
    needs = "".join(
        f'<informationRequirement><requiredInput href="#i_{name}"/></informationRequirement>' for name in INPUTS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" '
        f'name="bench" namespace="urn:bench">{inputs}<decision id="d" name="d">{needs}'
        f'<decisionTable hitPolicy="{policy}">{columns}<output name="soort"/><output name="nummer"/>{rules}'
        "</decisionTable></decision></definitions>"
    ).encode()


def _types() -> list[tuple[str, str]]:
    return (
        [(name, "number") for name in NUMBERS]
        + [(name, "string") for name in TEXTS]
        + [(name, "boolean") for name in FLAGS]
    )


def _cell(rule: Rule, name: str) -> str:
    if name not in rule.tests:
        return "-"
    kind, operands = rule.tests[name]
    if kind == "range":
        return f"[{operands[0]}..{operands[1]})"
    if kind == "is":
        return "true" if operands[0] else "false"
    return ", ".join(f'"{word}"' for word in operands)

"""Decision tables: XML to model (DMN 1.5 chapter 8)."""

from __future__ import annotations

from schuldhulp.rules.dmn.model import InputClause, Literal, OutputClause, Place, Rule, Table, Text
from schuldhulp.rules.dmn.read.names import type_ref
from schuldhulp.rules.dmn.read.schema import AGGREGATIONS, HIT_POLICIES
from schuldhulp.rules.dmn.read.walk import Element, Walk, child, children, did_you_mean, text_of


def read_table(walk: Walk, element: Element, within: str) -> Table:
    inputs = tuple(_input(walk, column, n, within) for n, column in enumerate(children(element, "input"), 1))
    outputs = tuple(_output(walk, column, n, within) for n, column in enumerate(children(element, "output"), 1))
    annotations = tuple(one.get("name", "") for one in children(element, "annotation"))
    rules = tuple(
        _rule(walk, row, n, inputs, outputs, within) for n, row in enumerate(children(element, "rule"), 1)
    )
    if not outputs:
        walk.complain(element, "no-output", "the table has no output column", "Add an <output>.", within)
    policy, aggregation = _hit_policy(walk, element, within)
    _check_policy(walk, element, policy, aggregation, outputs, within)
    return Table(
        policy, aggregation, inputs, outputs, rules, annotations, walk.place(element, within), type_ref(element)
    )


def _hit_policy(walk: Walk, element: Element, within: str) -> tuple[str, str | None]:
    policy = element.get("hitPolicy", "UNIQUE")
    if policy not in HIT_POLICIES:
        walk.complain(
            element,
            "hit-policy",
            f"the hit policy {policy!r} is not known{did_you_mean(policy.upper(), HIT_POLICIES)}",
            f"Use one of {', '.join(HIT_POLICIES)}.",
            within,
        )
    aggregation = element.get("aggregation")
    if aggregation is not None and aggregation not in AGGREGATIONS:
        walk.complain(
            element,
            "aggregation",
            f"the aggregation {aggregation!r} is not known",
            f"Use one of {', '.join(sorted(AGGREGATIONS))}, or leave it out.",
            within,
        )
    return HIT_POLICIES.get(policy, "U"), aggregation


def _check_policy(
    walk: Walk,
    element: Element,
    policy: str,
    aggregation: str | None,
    outputs: tuple[OutputClause, ...],
    within: str,
) -> None:
    if aggregation is not None and policy != "C":
        walk.complain(
            element,
            "aggregation",
            "an aggregation goes with the hit policy COLLECT only",
            "Take the aggregation away, or use COLLECT.",
            within,
        )
    if policy in ("P", "O") and outputs and not any(output.allowed for output in outputs):
        walk.complain(
            element,
            "priorities",
            "the hit policy orders results by the output values, and no output lists them",
            "Give an output its <outputValues>, the most important first.",
            within,
        )
    if len(outputs) > 1:
        for output in outputs:
            if not output.name:
                walk.complain(
                    element,
                    "output-name",
                    f"{output.label} has no name, and there are several outputs",
                    "Name each output.",
                    within,
                )


def _input(walk: Walk, element: Element, number: int, within: str) -> InputClause:
    expression = child(element, "inputExpression")
    text = walk.text(expression, element, f"{within}, input {number}")
    label = element.get("label") or " ".join(text.text.split()) or f"input {number}"
    within = f'{within}, column "{label}"'
    if not text.text.strip():
        walk.complain(
            element, "no-expression", "the column has no input expression", "Name the input that it tests.", within
        )
    allowed = child(element, "inputValues")
    return InputClause(
        Literal(Text(text.text, _within(text.place, within)), None if expression is None else type_ref(expression)),
        label,
        _tests(walk, allowed, element, f"{within}, input values"),
        walk.place(element, within),
    )


def _output(walk: Walk, element: Element, number: int, within: str) -> OutputClause:
    name = " ".join(element.get("name", "").split()) or None
    label = element.get("label") or name or f"output {number}"
    within = f'{within}, column "{label}"'
    default = child(element, "defaultOutputEntry")
    return OutputClause(
        name,
        label,
        type_ref(element),
        _tests(walk, child(element, "outputValues"), element, f"{within}, output values"),
        None if default is None else Literal(walk.text(default, element, f"{within}, default"), type_ref(default)),
        walk.place(element, within),
    )


def _tests(walk: Walk, element: Element | None, owner: Element, within: str) -> Text | None:
    if element is None:
        return None
    text = walk.text(element, owner, within)
    return text if text.text.strip() else None


def _rule(
    walk: Walk,
    element: Element,
    number: int,
    inputs: tuple[InputClause, ...],
    outputs: tuple[OutputClause, ...],
    within: str,
) -> Rule:
    within = f"{within}, rule {number}"
    labels = [*(one.label for one in inputs), *(one.label for one in outputs)]
    where = [f'{within}, column "{label}"' for label in labels]
    tests = list(children(element, "inputEntry"))
    results = list(children(element, "outputEntry"))
    for found, columns, what in ((tests, inputs, "input"), (results, outputs, "output")):
        if len(found) != len(columns):
            walk.complain(
                element,
                "row-length",
                f"the rule has {len(found)} {what} entries for {len(columns)} {what} columns",
                f"Give each {what} column one entry ('-' where an input does not matter).",
                within,
            )
    annotations = [text_of(child(one, "text")) for one in children(element, "annotationEntry")]
    described = text_of(child(element, "description")).strip()
    return Rule(
        number,
        tuple(walk.text(test, element, words) for test, words in zip(tests, where[: len(inputs)], strict=False)),
        tuple(
            Literal(walk.text(result, element, words), type_ref(result))
            for result, words in zip(results, where[len(inputs) :], strict=False)
        ),
        tuple(annotations) if annotations else ((described,) if described else ()),
        walk.place(element, within),
        element.get("id", ""),
    )


def _within(place: Place, within: str) -> Place:
    return Place(place.model, place.element, place.line, within)

"""Cells that cannot be right by themselves: values that are not allowed, outputs of the wrong type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schuldhulp.rules.dmn.analysis.axes import Domain
from schuldhulp.rules.dmn.findings import Finding
from schuldhulp.rules.dmn.program.session import Session
from schuldhulp.rules.dmn.program.table import CompiledOutput, CompiledTable
from schuldhulp.rules.dmn.read.walk import did_you_mean
from schuldhulp.rules.feel import NullResult, Value, coerce
from schuldhulp.rules.feel.values import brief


def check_cells(table: CompiledTable, domains: Sequence[Domain]) -> Iterator[Finding]:
    for column, domain in enumerate(domains):
        yield from _input_values(table, column, domain)
    for one in table.outputs:
        yield from _output_values(table, one)


def _input_values(table: CompiledTable, column: int, domain: Domain) -> Iterator[Finding]:
    """A text that a test compares with, and that the input can never be: most often a slip of the pen."""
    known = [value for value in domain.mentioned if isinstance(value, str)]
    for rule, cell in zip(table.model.rules, table.inputs[column].cells, strict=True):
        for text in cell.profile.texts if cell.profile is not None else ():
            if not domain.holds(text):
                yield Finding(
                    "error",
                    "value-not-allowed",
                    f'"{text}" is not an allowed value{did_you_mean(text, known)}',
                    f"Use one of {', '.join(known)}." if known else "Compare with values of the input's own type.",
                    rule.tests[column].place,
                    rules=(rule.number,),
                )


def _output_values(table: CompiledTable, one: CompiledOutput) -> Iterator[Finding]:
    """A constant result that is not of the output's type or not among its values."""
    session = Session(strict=False)
    for rule in table.model.rules:
        if not one.constant[rule.number - 1]:
            continue
        value = one.cells[rule.number - 1]({}, session)
        problem = _problem(one, value, session)
        if problem:
            yield Finding(
                "error",
                "output-not-allowed",
                problem,
                "Correct the result, or the type or values of the output.",
                rule.outputs[one.at].place,
                rules=(rule.number,),
            )


def _problem(one: CompiledOutput, value: Value, session: Session) -> str:
    if value is None:
        return ""
    try:
        coerced = coerce(value, one.kind)
    except NullResult as error:
        return error.message
    if one.allowed is not None and one.allowed({"?": coerced}, session) is not True:
        known = [listed for listed in one.priorities or () if isinstance(listed, str)]
        hint = did_you_mean(value, known) if isinstance(value, str) else ""
        return f"{brief(value)} is not among the output values{hint}"
    return ""

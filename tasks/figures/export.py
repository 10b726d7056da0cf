"""Figures as CSV for a benchmark: counts only, and no count so small that it points at somebody (C-Q02)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from schuldhulp.tasks.figures.model import Figures, ModuleFigures, Spread

HEAD = ("period_from", "period_to", "module", "measure", "detail", "value")
MINIMUM = 5
"""A count of people from 1 up to this is given as "<5"."""


def to_csv(figures: Figures, minimum: int = MINIMUM) -> str:
    """One line for each measure, `;` between the fields as spreadsheets in Dutch expect, decimal points."""
    text = io.StringIO()
    out = csv.writer(text, delimiter=";", lineterminator="\r\n")
    out.writerow(HEAD)
    for module in figures.modules:
        for measure, detail, value in _lines(module, minimum):
            out.writerow((figures.first, figures.last, module.module, measure, detail, value))
    return text.getvalue()


def _lines(one: ModuleFigures, minimum: int) -> Iterator[tuple[str, str, str]]:
    def few(count: int) -> str:
        return f"<{minimum}" if 0 < count < minimum else str(count)

    yield "started", "", few(one.started)
    yield "running", "", few(one.running)
    yield from (("ended", how, few(count)) for how, count in one.ended.items())
    for measure, values in (
        ("days", one.days),
        ("hours", one.hours),
        ("effect", one.effect),
        ("satisfaction", one.satisfaction),
    ):
        yield from _spread(measure, values, minimum)
    if one.returns is not None:
        months = f"{one.returns.months} months"
        for measure, count in (("back", one.returns.back), ("stayed_out", one.returns.stayed), ("too_early", one.returns.early)):
            yield measure, months, few(count)
    for goal in one.goals:
        yield from (("goal", f"{goal.goal} {outcome}", few(count)) for outcome, count in goal.outcomes.items())
    for term in one.terms:
        yield "term_met", term.rule, few(term.met)
        yield "term_late", term.rule, few(term.late)
    for kind, codes in one.topics.items():
        yield from (("topic", f"{kind} {code}", few(count)) for code, count in codes.items())


def _spread(measure: str, values: Spread | None, minimum: int) -> Iterator[tuple[str, str, str]]:
    """Nothing of so few that a middle number would be somebody's."""
    if values is not None and values.count >= minimum:
        yield measure, "median", str(values.median)
        yield measure, "p90", str(values.p90)
        yield measure, "mean", str(values.mean)

"""Figures of the modules in a period, as tables and plots, and as a file for a benchmark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from markupsafe import Markup
from starlette.responses import Response

from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.definitions import dutch
from schuldhulp.tasks.figures import Figures, ModuleFigures, Period, Spread, collect, quarters, to_csv
from schuldhulp.tasks.figures.model import GoalFigures, Returns
from schuldhulp.web.manager.plots import Column, columns, parts
from schuldhulp.web.pages import render
from schuldhulp.web.visitors import Asker

router = APIRouter(include_in_schema=False)
OUTCOMES = {"behaald": "Behaald", "deels": "Deels", "niet": "Niet", "niet_van_toepassing": "Niet van toepassing"}
STATUSES = {"completed": "afgerond", "terminated": "voortijdig gestopt", "cancelled": "afgebroken", "error": "met een fout"}
MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class GoalRow:
    goal: str
    label: str
    counts: tuple[int, ...]
    plot: Markup


@dataclass(frozen=True, slots=True)
class ModuleBlock:
    """What the page shows of a module: lines of (what, value), the plot over months, goals, terms."""

    module: str
    title: str
    lines: tuple[tuple[str, str], ...]
    plot: Markup
    months: tuple[Column, ...]
    goals: tuple[GoalRow, ...]
    terms: tuple[tuple[str, int, int, int], ...]
    topics: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class FiguresPage:
    blocks: tuple[ModuleBlock, ...]
    choices: tuple[Choice, ...]
    first: date
    last: date
    said: str
    outcomes: tuple[str, ...] = tuple(OUTCOMES.values())
    title: str = "Cijfers"
    section: str = "cijfers"


def _period(today: date, van: date | None, tot: date | None) -> Period:
    this = quarters(today)[0]
    first, last = van or this.first, tot or this.last
    return Period(min(first, last), max(first, last))


@router.get("/cijfers")
def show_figures(who: Asker, van: date | None = None, tot: date | None = None) -> Response:
    """Figures of this quarter, or of the days that were asked for."""
    today = who.engine.clock().astimezone(CIVIL).date()
    period = _period(today, van, tot)
    found = collect(who.engine, who.person, period)
    labels = dict(who.engine.deployment().dictionary.entries.items())
    codes = {f"{kind}:{code}": label for kind, entry in labels.items() for code, label in entry.values.items()}
    codes |= {
        f"{kind}:{code}": label
        for kind, entry in labels.items()
        for field in entry.item.values()
        for code, label in field.values.items()
    }
    choices = tuple(
        Choice(f"?van={one.first}&tot={one.last}", f"{(one.first.month + 2) // 3}e kwartaal {one.first.year}", one == period)
        for one in quarters(today)
    )
    said = f"{dutch.long_date(period.first)} tot en met {dutch.long_date(period.last)}"
    blocks = tuple(_block(module, codes) for module in found.modules)
    return render("figures.html", FiguresPage(blocks, choices, period.first, period.last, said), who.shell)


@router.get("/cijfers.csv")
def send_figures(who: Asker, van: date | None = None, tot: date | None = None) -> Response:
    """The same as a benchmark file; small counts are hidden in it."""
    period = _period(who.engine.clock().astimezone(CIVIL).date(), van, tot)
    found: Figures = collect(who.engine, who.person, period)
    name = f"cijfers-{period.first}-{period.last}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response("\ufeff" + to_csv(found), media_type="text/csv; charset=utf-8", headers=headers)


def _block(one: ModuleFigures, codes: dict[str, str]) -> ModuleBlock:
    months = tuple(Column(f"{MONTHS[m.month - 1]}", *counts) for m, counts in one.months.items())
    return ModuleBlock(
        one.module,
        one.title,
        tuple(_lines(one)),
        columns(f"{one.title}: gestart en beëindigd per maand", months),
        months,
        tuple(_goal(goal) for goal in one.goals),
        tuple((term.name, term.met, term.late, term.cancelled) for term in one.terms),
        tuple((codes.get(f"{kind}:{code}", code), n) for kind, count in one.topics.items() for code, n in count.items()),
    )


def _goal(goal: GoalFigures) -> GoalRow:
    counts = tuple(goal.outcomes.get(code, 0) for code in OUTCOMES)
    plot = parts(goal.label, [(code, label, goal.outcomes.get(code, 0)) for code, label in OUTCOMES.items()])
    return GoalRow(goal.goal, goal.label, counts, plot)


def _lines(one: ModuleFigures) -> Sequence[tuple[str, str]]:
    ended = ", ".join(f"{count} {STATUSES.get(how, how)}" for how, count in one.ended.items()) or "geen"
    lines = [("Gestart", str(one.started)), ("Loopt aan het einde", str(one.running)), ("Beëindigd", ended)]
    lines += [("Doorlooptijd in dagen", _spread(one.days))] if one.days else []
    lines += [("Uren per keer", _spread(one.hours)), ("Uren samen", _number(one.hours_total))] if one.hours else []
    lines += [("Effect volgens de cliënt (1-10)", _spread(one.effect))] if one.effect else []
    lines += [(f"Opnieuw aangemeld binnen {one.returns.months} maanden", _returns(one.returns))] if one.returns else []
    lines += [("Tevredenheid (1-10)", _spread(one.satisfaction))] if one.satisfaction else []
    return lines


def _returns(found: Returns) -> str:
    known = found.back + found.stayed
    said = f"{found.back} van {known}" if known else "nog niet bekend"
    return said + (f"; van {found.early} is het nog te vroeg om te zeggen" if found.early else "")


def _spread(values: Spread | None) -> str:
    if values is None:
        return ""
    return f"midden {_number(values.median)}, gemiddeld {_number(values.mean)}, 9 van de 10 tot {_number(values.p90)}"


def _number(value: object) -> str:
    return str(value).replace(".", ",").removesuffix(",0")

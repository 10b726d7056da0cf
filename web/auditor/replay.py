"""Looking back: a case step by step, as it was at each moment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from starlette.responses import Response

from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.definitions import dutch
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.case import Case
from schuldhulp.engine.model.facts import Advanced
from schuldhulp.tasks import deadlines
from schuldhulp.tasks.access import name_of
from schuldhulp.tasks.dossier import held_then
from schuldhulp.tasks.saying import said
from schuldhulp.tasks.story import Step, steps
from schuldhulp.tasks.traces import drawing
from schuldhulp.web import words
from schuldhulp.web.caseworker.access import admit
from schuldhulp.web.caseworker.case_page import Labelled, diagram_url
from schuldhulp.web.caseworker.inbox import module_titles
from schuldhulp.web.pages import render
from schuldhulp.web.visitors import Asker, Visitor

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class StepLink:
    number: int
    text: str
    at: str
    who: str
    url: str


@dataclass(frozen=True, slots=True)
class FactLine:
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class ReplayPage:
    title: str
    case: str
    case_url: str
    url: str
    at: int
    last: int
    text: str
    when: str
    who: str
    reason: str
    facts: tuple[FactLine, ...]
    earlier_url: str
    later_url: str
    module: str
    diagram_url: str
    marks: str
    state: tuple[Labelled, ...]
    data: tuple[Labelled, ...]
    proof: tuple[str, ...]
    steps: tuple[StepLink, ...]
    section: str = "zaken"


@router.get("/zaken/{case}/terugkijken")
def replay(who: Asker, case: str, stap: int | None = None, bewijs: bool = False) -> Response:
    admit(who, case, "terugkijken")
    return render("replay.html", replay_page(who, case, stap, prove=bewijs), who.shell)


def replay_page(who: Visitor, number: str, asked: int | None, *, prove: bool) -> ReplayPage:
    """*asked*: the step to show, the last one when it is not given or not there; *prove*: verify the whole case as well."""
    told = steps(who.engine, number)
    at = min(max(asked or len(told), 1), len(told))
    step, url = told[at - 1], f"/zaken/{number}/terugkijken"
    then = step.case
    today = who.engine.clock().astimezone(CIVIL).date()
    module, diagram, marks = _diagram(who.engine, number, step)
    return ReplayPage(
        title=f"Terugkijken: zaak {number}",
        case=f"Zaak {number}",
        case_url=f"/zaken/{number}",
        url=url,
        at=at,
        last=len(told),
        text=step.text,
        when=words.moment(step.at, today),
        who=f"{step.who} als {step.role.replace('_', ' ')}" if step.who else "",
        reason=step.reason,
        facts=tuple(
            FactLine(line.text, f"/zaken/{number}/besluiten/{line.sequence}" if line.decision else "") for line in step.lines
        ),
        earlier_url=f"{url}?stap={at - 1}" if at > 1 else "",
        later_url=f"{url}?stap={at + 1}" if at < len(told) else "",
        module=module,
        diagram_url=diagram,
        marks=marks,
        state=tuple(_state(who.engine, then)),
        data=tuple(_data(who.engine, then)),
        proof=tuple(proof_of(who.engine, number)) if prove else (),
        steps=tuple(_link(one, url, today) for one in told),
    )


def proof_of(engine: Engine, number: str) -> Iterator[str]:
    """What verifying the case found, level by level."""
    found = engine.verify(number)
    for level, right in PROOFS.items():
        wrong = [one for one in found if one.level == level and not one.note]
        if not wrong:
            yield right
        yield from (f"Niet in orde: {one}" for one in wrong)
        if wrong and level == 1:
            return
    yield from (f"Opmerking: {one}" for one in found if one.note)


PROOFS = {
    1: "Er is niets veranderd aan wat is vastgelegd.",
    2: "De lijsten kloppen met wat is vastgelegd.",
    3: "Elk besluit van een tabel komt opnieuw hetzelfde uit.",
}


def _link(step: Step, url: str, today: date) -> StepLink:
    return StepLink(step.number, step.text, words.moment(step.at, today), step.who, f"{url}?stap={step.number}")


def _diagram(engine: Engine, number: str, step: Step) -> tuple[str, str, str]:
    """The module that moved in this step (or last before it), its model, and the marks at that moment."""
    facts = [stored for stored in engine.facts(number) if stored.sequence <= step.sequence]
    moved = [stored.fact.instance for stored in facts if isinstance(stored.fact, Advanced)]
    if not moved:
        return "", "", "{}"
    found = drawing(engine, facts, moved[-1])
    properties = (value for name, value, _ in found.graph.properties if name == "title")
    title = next(properties, found.graph.name or found.graph.process)
    return title, diagram_url(found.deployment, found.graph), json.dumps(found.drawn.marks())


def _state(engine: Engine, case: Case) -> Iterator[Labelled]:
    """What was open at that moment."""
    tasks = [
        f"{task.name} ({name_of(engine, task.claimed_by)})" if task.claimed_by else task.name for task in case.tasks.values()
    ]
    terms = [
        f"{deadlines.name(term)}: {dutch.long_date(term.ends) if term.ends else 'staat stil'}" for term in case.terms.values()
    ]
    titles = module_titles(engine)
    running = [titles.get(one.module, one.module) for one in case.instances.values() if one.running]
    yield Labelled("Modules die liepen", dutch.listed(running) or "geen")
    yield Labelled("Open taken", "; ".join(tasks) or "geen")
    yield Labelled("Lopende termijnen", "; ".join(terms) or "geen")


def _data(engine: Engine, case: Case) -> Iterator[Labelled]:
    for held in held_then(engine, case):
        yield Labelled(held.entry.label, said(held.entry, held.value) or "leeg")

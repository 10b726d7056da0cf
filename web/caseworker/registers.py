"""The registers of the organisation for who oversees them: what is missing or over first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from schuldhulp.engine.case.world import CIVIL
from schuldhulp.tasks.access import SEE_EVERYTHING, NotYourRole, name_of
from schuldhulp.tasks.registers import Arranged, EntryState, RegisterState, arranged, registers
from schuldhulp.web.pages import render
from schuldhulp.web.visitors import Asker, Visitor
from schuldhulp.web.words import count

router = APIRouter(include_in_schema=False)
DAYS = 60
STATES = {
    "over": "Verlopen",
    "old": "Te lang niet nagekeken",
    "soon": "Verloopt binnenkort",
    "later": "Geldt nog niet",
    "good": "In orde",
}


@dataclass(frozen=True, slots=True)
class EntryRow:
    name: str
    detail: str
    state: str
    until: str
    wrong: bool


@dataclass(frozen=True, slots=True)
class RegisterBlock:
    key: str
    label: str
    about: str
    summary: str
    missing: bool
    rows: tuple[EntryRow, ...]


@dataclass(frozen=True, slots=True)
class RegistersPage:
    """`lacking`: preconditions of modules that do not hold today, in words."""

    lacking: tuple[str, ...]
    blocks: tuple[RegisterBlock, ...]
    title: str = "Registers"
    section: str = "registers"


@router.get("/registers")
def show_registers(who: Asker) -> Response:
    """For roles that see every case."""
    if not SEE_EVERYTHING & set(who.person.roles):
        raise NotYourRole(who.person.login, "teamleider", who.person.roles)
    today = who.engine.clock().astimezone(CIVIL).date()
    found = registers(who.engine.deployment(), today, DAYS)
    blocks = tuple(_block(who, one) for one in found)
    return render("registers.html", RegistersPage(_lacking(arranged(who.engine)), blocks), who.shell)


def _lacking(found: Sequence[Arranged]) -> tuple[str, ...]:
    return tuple(f"{one.module}, {one.requirement}: {one.sentence}" for one in found if one.holds is False)


def _block(who: Visitor, state: RegisterState) -> RegisterBlock:
    rows = tuple(_row(who, state, entry) for entry in state.entries)
    wrong = sum(row.wrong for row in rows)
    summary = count(len(rows), "regel", "regels")
    if wrong:
        summary += f", waarvan {wrong} verlopen of oud"
    register = state.register
    return RegisterBlock(register.key, register.label, register.about, summary, state.missing, rows)


def _row(who: Visitor, state: RegisterState, entry: EntryState) -> EntryRow:
    hidden = {state.register.title, state.register.ends, state.register.starts, state.register.checked}
    said = [
        f"{field.label}: {_said(who, field.type, field.values, entry.values.get(name))}"
        for name, field in state.register.fields.items()
        if name not in hidden and entry.values.get(name) not in (None, [], "")
    ]
    return EntryRow(
        entry.name,
        "; ".join(said),
        STATES[entry.state],
        f"{entry.until:%d-%m-%Y}" if entry.until is not None else "",
        entry.state in ("over", "old"),
    )


def _said(who: Visitor, kind: str, labels: object, value: object) -> str:
    if kind == "account":
        return name_of(who.engine, int(str(value)))
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    words = labels if isinstance(labels, dict) else {}
    return str(words.get(str(value), value))

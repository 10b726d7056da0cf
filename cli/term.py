"""Terms of a case: list, explain, and what a person may do to them; the law says what is allowed."""

from __future__ import annotations

from datetime import datetime

import click

from schuldhulp.cli.context import actor, as_person, json_option, person, with_engine
from schuldhulp.cli.say import as_json, day, put, table
from schuldhulp.engine.case import terms as case_terms
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.handle import Engine
from schuldhulp.rules.terms import Suspension, explain_dutch, explain_text, running
from schuldhulp.rules.terms.explanation import Explanation
from schuldhulp.tasks.access import look_into
from schuldhulp.tasks.cases import case_view
from schuldhulp.tasks.dossier import LOOKER

DATE = click.DateTime(["%Y-%m-%d"])
LEADING = ("teamleider", "besluitnemer", "sociaal_werker")


@click.group()
def term() -> None:
    """The terms of a case."""


@term.command("list")
@click.argument("case")
@as_person
@json_option
@with_engine
def list_(engine: Engine, case: str, login: str, role: str | None, json_: bool) -> None:
    """Every term of a case: running, suspended, met, missed."""
    look_into(engine, person(engine, login), case, "termijnen bekijken")
    found = case_view(engine, case).terms
    rows = [(t.term, t.rule, t.name, day(t.trigger), day(t.ends), day(t.other), t.status, t.words) for t in found]
    head = ("nr", "rule", "term", "from", "last day", "other reading", "status", "")
    put([dict(zip(head, row, strict=True)) for row in rows], table(rows, head), json_)


@term.command()
@click.argument("case")
@click.argument("number", type=int)
@click.option("--dutch", is_flag=True, help="In plain Dutch.")
@as_person
@json_option
@with_engine
def explain(engine: Engine, case: str, number: int, dutch: bool, login: str, role: str | None, json_: bool) -> None:
    """Why the last day of a running term is what it is: the days counted, skipped, suspended, each with its article."""
    look_into(engine, person(engine, login), case, "termijn uitleggen")

    def see(turn: Turn) -> Explanation | None:
        found = case_terms.open_term(turn, number)
        counted = running.computed(case_terms.running_of(found), case_terms.counting(turn))
        return counted.explanation if counted is not None else None

    found = engine.look(case, LOOKER, see)
    if found is None:
        click.echo("The term stands still and nobody knows until when.")
    elif json_:
        click.echo(as_json({"rule": found.rule_id, "text": explain_text(found), "dutch": explain_dutch(found)}))
    else:
        click.echo(explain_dutch(found) if dutch else explain_text(found))


@term.command()
@click.argument("case")
@click.argument("number", type=int)
@click.option("--ground", default=case_terms.INVITATION, show_default=True, help="See `schuldhulp terms list`.")
@click.option("--asked", type=DATE, help="The day of the invitation or inquiry.")
@click.option("--set-term", type=DATE, help="The last day that was set for the answer.")
@click.option("--from", "from_", type=DATE, help="The first day of a period.")
@click.option("--until", type=DATE, help="Its last day, when it is known.")
@click.option("--reason", required=True)
@as_person
@with_engine
def suspend(
    engine: Engine, case: str, number: int, ground: str, asked: datetime | None, set_term: datetime | None,
    from_: datetime | None, until: datetime | None, reason: str, login: str, role: str | None,
) -> None:  # fmt: skip
    """Suspend a term (opschorting), on a ground of the law."""
    days = [d.date() if d is not None else None for d in (asked, set_term, from_, until)]
    suspension = Suspension(ground, asked=days[0], set_term=days[1], from_=days[2], until=days[3])
    done = engine.suspend_term(case, number, suspension, reason, actor(engine, login, role, LEADING))
    ends = done.case.terms[number].ends
    click.echo(f"Term {number} stands still; last day {day(ends) or 'not known yet'}.")


@term.command()
@click.argument("case")
@click.argument("number", type=int)
@click.argument("on", type=DATE)
@click.option("--ground", help="Which suspension, when several are open.")
@as_person
@with_engine
def resume(
    engine: Engine, case: str, number: int, on: datetime, ground: str | None, login: str, role: str | None
) -> None:
    """The suspension ended: the answer came on this day, or it was the last day of the delay."""
    done = engine.resume_term(case, number, on.date(), actor(engine, login, role, LEADING), ground)
    click.echo(f"Term {number} runs again; last day {day(done.case.terms[number].ends)}.")


@term.command()
@click.argument("case")
@click.argument("number", type=int)
@click.argument("length", type=int)
@click.option("--unit", default="weeks", show_default=True, type=click.Choice(["days", "weeks", "months"]))
@click.option("--consent", is_flag=True, help="With consent (Awb 7:10 lid 4).")
@click.option("--reason", required=True)
@as_person
@with_engine
def adjourn(
    engine: Engine,
    case: str,
    number: int,
    length: int,
    unit: str,
    consent: bool,
    reason: str,
    login: str,
    role: str | None,
) -> None:
    """Adjourn a term (verdaging), within the maximum and once where the law says once."""
    by = actor(engine, login, role, LEADING)
    done = engine.adjourn_term(case, number, length, unit, reason, by, consent=consent)
    click.echo(f"Term {number} was adjourned; last day {day(done.case.terms[number].ends)}.")


@term.command()
@click.argument("case")
@click.argument("number", type=int)
@click.argument("expected", type=DATE)
@as_person
@with_engine
def delay(engine: Engine, case: str, number: int, expected: datetime, login: str, role: str | None) -> None:
    """The client was told that it will be late (Awb 4:14). The term does not move."""
    engine.tell_delay(case, number, expected.date(), actor(engine, login, role, LEADING))
    click.echo(f"Noted. The last day of term {number} stays as it is.")


@term.command()
@click.argument("case")
@click.argument("number", type=int)
@click.argument("trigger", type=DATE)
@click.option("--reason", required=True)
@as_person
@with_engine
def correct(
    engine: Engine, case: str, number: int, trigger: datetime, reason: str, login: str, role: str | None
) -> None:
    """The date of the fact was wrong: the term and all that hangs on it are counted again."""
    done = engine.correct_term(case, number, trigger.date(), reason, actor(engine, login, role, LEADING))
    click.echo(f"Term {number} runs from {day(trigger.date())}; last day {day(done.case.terms[number].ends)}.")

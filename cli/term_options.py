"""Options of the commands on terms: dates, suspensions and adjournments as words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import click

from schuldhulp.rules.terms import SWITCHES, Adjournment, Readings, Suspension
from schuldhulp.rules.terms.reading_yaml import length as read_length

_FIELDS = {"asked": "asked", "set_term": "set_term", "done": "done", "from": "from_", "until": "until"}


def day(text: str) -> date:
    """A date written as YYYY-MM-DD. Raises click.BadParameter."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not an existing date; write YYYY-MM-DD, e.g. 2026-06-01") from None


def as_moment(text: str) -> datetime:
    """A date (midnight) or a local moment without zone. Raises click.BadParameter."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not an existing date; write 2026-06-01, or 2026-02-06T10:00") from None
    if moment.tzinfo is not None:
        raise click.BadParameter(f"{text!r}: write the time in the Netherlands, without a zone")
    return moment


def as_suspension(text: str) -> Suspension:
    """``4:15-1-a,asked=2026-06-10,set_term=2026-06-24`` or ``4:15-2-a,from=2026-07-14,until=2026-07-27``."""
    ground, *pairs = text.split(",")
    dates: dict[str, date] = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        if name not in _FIELDS:
            raise click.BadParameter(f"--suspend {text}: {name!r} is not one of {', '.join(_FIELDS)}")
        dates[_FIELDS[name]] = day(value)
    return Suspension(ground, **dates)


def as_adjournment(text: str) -> Adjournment:
    """``6 weeks``, ``6 weeks,on=2026-08-03`` or ``2 weeks,consent``."""
    words, *more = text.split(",")
    try:
        length = read_length(words)
    except ValueError as error:
        raise click.BadParameter(f"--adjourn {text}: {error}") from None
    on: date | None = None
    consent = False
    for word in more:
        if word == "consent":
            consent = True
        elif word.startswith("on="):
            on = day(word[3:])
        else:
            raise click.BadParameter(f"--adjourn {text}: {word!r} is not 'consent' or 'on=YYYY-MM-DD'")
    return Adjournment(length.count, length.unit, on=on, consent=consent)


def readings_of(names: tuple[str, ...]) -> Readings:
    """The readings with the named ones switched. Raises UnknownReading."""
    return Readings.from_mapping(dict.fromkeys(names, True))


def facts_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that give the facts of a term."""
    options = [
        click.option("--length", type=int, help="Ordinance weeks, or an own shorter target, in the rule's unit."),
        click.option("--committee", is_flag=True, help="The longer term with a committee (Awb 7:10, 9:11)."),
        click.option("--accepted", type=day, help="Acceptance of the offer (wgs-4-1-b)."),
        click.option(
            "--suspend",
            multiple=True,
            metavar="GROUND,FIELD=DATE..",
            help="4:15-1-a,asked=D,set_term=D[,done=D]; 4:15-1-b,asked=D,done=D; 4:15-2-a,from=D,until=D. May be repeated.",
        ),
        click.option(
            "--adjourn", multiple=True, metavar="LENGTH[,on=DATE][,consent]", help="E.g. '6 weeks'. May be repeated."
        ),
        click.option("--reading", multiple=True, help=f"A contested reading to switch: {', '.join(SWITCHES)}."),
    ]
    for option in reversed(options):
        command = option(command)
    return command

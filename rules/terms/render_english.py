"""An explanation as English text, for auditors, designers and the command line."""

from __future__ import annotations

from datetime import date

from schuldhulp.rules.terms.explanation import Explanation, Kind, Note, Stretch
from schuldhulp.rules.terms.readings import SWITCHES

_KINDS = {
    Kind.COUNTED: "counted",
    Kind.SKIPPED: "skipped",
    Kind.SUSPENDED: "suspended",
    Kind.ADJOURNED: "adjourned",
    Kind.EXTENDED: "extended",
    Kind.LAPSED: "term has lapsed",
}
_NOTES = {
    "own_length_not_extended": "The last day is free, but an own target or a court's term is not extended",
    "source_not_extended": "The last day is free, but the Atw covers only terms in a wet or amvb",
    "too_long_to_extend": "The last day is free, but the Atw does not cover terms this long",
    "reading_not_extended": "The last day is free; under the chosen reading it is not extended",
    "set_term_unused": "The set term ({day}) lapsed without an answer; whether its last day is suspended is contested",
    "suspension_after_term": "The suspension from {day} began after the last counted day and moves nothing",
    "suspension_without_days": "The suspension from {day} held no day of its own that moves the end",
    "adjournment_after_term": "The adjournment of {day} came after the term had run out and moves nothing",
    "calendar_incomplete": "Calendar incomplete: equated days (KB) around this date are not known; table ends {day}",
}


def explain_text(explanation: Explanation) -> str:
    """Lines: heading, one per stretch of days, notes, the date, other readings."""
    e = explanation
    counting = "the next day is day 1" if e.starts_next_day else "this day is day 1"
    lines = [
        f"{e.rule_name} ({e.rule_id}, {e.basis}): {e.length}",
        f"  trigger    {_day(e.trigger)}  {e.trigger_words}; {counting}",
        *(f"  {_stretch(stretch)}" for stretch in e.stretches),
        *(f"  note       {_note(note)}" for note in e.notes),
        f"  ends       {_day(e.ends)}",
    ]
    for other in e.alternatives:
        reasons = "; ".join(_reading(name) for name in other.switches)
        lines.append(f"  otherwise  {_day(other.ends)}  {reasons}")
    return "\n".join(lines)


def _day(day: date) -> str:
    return f"{day:%a} {day.isoformat()}"


def _stretch(stretch: Stretch) -> str:
    span = (
        _day(stretch.first)
        if stretch.days == 1
        else f"{_day(stretch.first)} to {_day(stretch.last)} ({stretch.days} days)"
    )
    why = f"{stretch.why}, " if stretch.why else ""
    return f"{_KINDS[stretch.kind]:<10} {span}  {why}{stretch.article}"


def _note(note: Note) -> str:
    return f"{_NOTES[note.code].format(day=note.day)} ({note.article})"


def _reading(name: str) -> str:
    switch = SWITCHES[name]
    return f"contested, {name}: {switch.off_english} / {switch.on_english} ({switch.article})"

"""An explanation in plain Dutch (B1), for caseworkers and inhabitants."""

from __future__ import annotations

from schuldhulp.rules.terms.explanation import Explanation, Kind, Note, Stretch
from schuldhulp.rules.terms.readings import SWITCHES
from schuldhulp.rules.terms.words import dutch_date

_UNITS = {
    "hour": ("uur", "uur"),
    "working day": ("werkdag", "werkdagen"),
    "day": ("dag", "dagen"),
    "week": ("week", "weken"),
    "month": ("maand", "maanden"),
    "year": ("jaar", "jaar"),
}
_NOTES = {
    "own_length_not_extended": "De laatste dag is vrij. Een eigen termijn of termijn van de rechter schuift niet op.",
    "source_not_extended": "De laatste dag is vrij. Deze termijn staat niet in een wet en schuift dus niet op.",
    "too_long_to_extend": "De laatste dag is vrij. Zo'n lange termijn schuift niet op.",
    "reading_not_extended": "De laatste dag is vrij. In de gekozen uitleg schuift de termijn niet op.",
    "set_term_unused": "Het antwoord moest er zijn op {day}. Het kwam niet. Over die dag zijn de meningen verdeeld.",
    "suspension_after_term": "De pauze vanaf {day} begon te laat. De termijn was toen al voorbij.",
    "suspension_without_days": "De pauze vanaf {day} verandert de datum niet.",
    "adjournment_after_term": "Het uitstel van {day} kwam te laat. De termijn was toen al voorbij.",
    "calendar_incomplete": "Let op: we kennen nog niet alle vrije dagen rond deze datum. De datum kan veranderen.",
}


def explain_dutch(explanation: Explanation) -> str:
    """Short sentences: what the rule asks, when it began, what stopped or moved it, and the date."""
    e = explanation
    lapsed = any(stretch.kind is Kind.LAPSED for stretch in e.stretches)
    lines = [
        f"{e.rule_name} ({e.basis}).",
        f"De termijn is {_length(e.length)}.",
        f"De termijn hoort bij: {e.trigger_words}. Dat was op {dutch_date(e.trigger)}. {_first(e)}",
        *filter(None, (_sentence(stretch) for stretch in e.stretches)),
        *(_note(note) for note in e.notes),
        f"{'De termijn is voorbij op' if lapsed else 'De laatste dag is'} {dutch_date(e.ends)}.",
    ]
    for other in e.alternatives:
        reasons = "; ".join(_reading(name) for name in other.switches)
        lines.append(
            f"Er is ook een andere uitleg van de wet. Dan is het {dutch_date(other.ends)}. Het verschil: {reasons}."
        )
    return "\n".join(lines)


def _length(length: str) -> str:
    count, _, unit = length.partition(" ")
    one, many = _UNITS[unit.removesuffix("s")]
    return f"{count} {one if count == '1' else many}"


def _first(explanation: Explanation) -> str:
    return "We tellen vanaf de dag erna." if explanation.starts_next_day else "Die dag telt mee."


def _span(stretch: Stretch) -> str:
    if stretch.days == 1:
        return f"op {dutch_date(stretch.first)}"
    return f"van {dutch_date(stretch.first)} tot en met {dutch_date(stretch.last)}"


def _sentence(stretch: Stretch) -> str:
    match stretch.kind:
        case Kind.SKIPPED:
            return f"Een vrije dag telt niet mee: {dutch_date(stretch.first)} ({stretch.why}, {stretch.article})."
        case Kind.SUSPENDED:
            days = "1 dag" if stretch.days == 1 else f"{stretch.days} dagen"
            return f"De termijn stond {days} stil, {_span(stretch)}: {stretch.why} ({stretch.article})."
        case Kind.ADJOURNED if not stretch.why:
            return f"Er is uitstel {_span(stretch)} ({stretch.article})."
        case Kind.COUNTED | Kind.ADJOURNED if stretch.why:
            return (
                f"De termijn eindigt op een vrije dag: {dutch_date(stretch.last)} ({stretch.why}, {stretch.article})."
            )
        case Kind.EXTENDED:
            return f"De termijn loopt door {_span(stretch)} ({stretch.why}, {stretch.article})."
        case _:
            return ""


def _note(note: Note) -> str:
    return f"{_NOTES[note.code].format(day=dutch_date(note.day) if note.day else '')} ({note.article})"


def _reading(name: str) -> str:
    switch = SWITCHES[name]
    return f"{switch.off}, of {switch.on} ({switch.article})"

"""From an Outcome to its Explanation: every day of the term with what happened to it and by which article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from schuldhulp.rules.terms import arithmetic, suspension
from schuldhulp.rules.terms.calendar import ONE_DAY
from schuldhulp.rules.terms.counting import Facts, Outcome
from schuldhulp.rules.terms.explanation import Alternative, Explanation, Kind, Note, Stretch
from schuldhulp.rules.terms.model import Gives, Shift, Source, Start, Unit

EU_SHIFT = "Verordening 1182/71 art. 3 lid 4"


def explain(facts: Facts, found: Outcome, alternatives: tuple[Alternative, ...], law_version: str) -> Explanation:
    """The explanation of *found*."""
    rule = facts.rule
    return Explanation(
        rule_id=rule.id,
        rule_name=rule.name,
        basis=rule.basis,
        trigger_words=rule.trigger,
        trigger=found.counted_from,
        length=str(facts.length),
        starts_next_day=rule.start is Start.NEXT_DAY,
        stretches=tuple(_merged(_stretches(facts, found))),
        notes=tuple(_notes(facts, found)),
        unextended=found.unextended,
        ends=found.ends,
        alternatives=alternatives,
        calendar_complete=found.complete,
        law_version=law_version,
    )


def _stretches(facts: Facts, found: Outcome) -> Iterator[Stretch]:
    if facts.length.unit is Unit.WORKING_DAYS:
        yield from _working_days(facts, found)
        return
    yield from _until_unextended_end(facts, found)
    yield from _extension(found)
    if facts.rule.gives is Gives.DAY_AFTER:
        yield Stretch(Kind.LAPSED, found.ends, found.ends, facts.rule.basis)


def _working_days(facts: Facts, found: Outcome) -> Iterator[Stretch]:
    day = found.first
    while day <= found.last:
        why = found.calendar.why(day)
        if why is None:
            yield Stretch(Kind.COUNTED, day, day, facts.rule.basis)
        else:
            yield Stretch(Kind.SKIPPED, day, day, why.article, why.name)
        day += ONE_DAY


def _until_unextended_end(facts: Facts, found: Outcome) -> Iterator[Stretch]:
    """Counted and adjourned days with the suspended days between them."""
    budget = _budget(facts, found)
    kind, article, left = next(budget)
    day = found.first
    for stop in (*found.stops, None):
        until = stop.first - ONE_DAY if stop else found.unextended
        while day <= until:
            while left == 0:
                kind, article, left = next(budget)
            days = min(left, (until - day).days + 1)
            yield from _with_free_last_day(Stretch(kind, day, day + timedelta(days=days - 1), article), found)
            day, left = day + timedelta(days=days), left - days
        if stop:
            yield Stretch(Kind.SUSPENDED, stop.first, stop.last, stop.ground.article, stop.ground.name)
            day = stop.last + ONE_DAY


def _budget(facts: Facts, found: Outcome) -> Iterator[tuple[Kind, str, int]]:
    """How many days to give to the term itself and then to each adjournment."""
    end = arithmetic.unshifted_end(found.counted_from, facts.length, facts.rule.start)
    yield Kind.COUNTED, facts.rule.basis, (end - found.first).days + 1
    for each in found.added:
        yield Kind.ADJOURNED, _adjourn_article(facts, each.adjournment.consent), each.days


def _adjourn_article(facts: Facts, consent: bool) -> str:
    rule = facts.rule.adjourn
    if rule is None:
        return facts.rule.basis
    return rule.consent if consent and rule.consent else rule.article


def _with_free_last_day(stretch: Stretch, found: Outcome) -> Iterator[Stretch]:
    """Sets the unextended last day apart when it is free and therefore moves."""
    why = found.calendar.why(found.unextended) if found.last != found.unextended else None
    if stretch.last != found.unextended or why is None:
        yield stretch
        return
    if stretch.first < stretch.last:
        yield Stretch(stretch.kind, stretch.first, stretch.last - ONE_DAY, stretch.article)
    yield Stretch(stretch.kind, stretch.last, stretch.last, why.article, why.name)


def _extension(found: Outcome) -> Iterator[Stretch]:
    """The days after the unextended end; free ones by name, the others by the article that adds them."""
    plain_end = arithmetic.on_or_after(found.unextended, found.calendar)
    day = found.unextended + ONE_DAY
    while day <= found.last:
        why = found.calendar.why(day)
        if why is not None:
            yield Stretch(Kind.EXTENDED, day, day, why.article, why.name)
        elif found.shift is Shift.EU:
            yield Stretch(Kind.EXTENDED, day, day, EU_SHIFT, "eerstvolgende werkdag")
        elif found.last > plain_end:
            which = "tweede" if day == found.last else "eerste"
            yield Stretch(Kind.EXTENDED, day, day, "Atw art. 2", f"{which} dag die niet vrij is")
        else:
            yield Stretch(Kind.EXTENDED, day, day, "Atw art. 1 lid 1", "eerste dag die niet vrij is")
        day += ONE_DAY


def _merged(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """Neighbours with the same kind, article and reason become one."""
    held: Stretch | None = None
    for each in stretches:
        same = held is not None and (held.kind, held.article, held.why) == (each.kind, each.article, each.why)
        if held is not None and same:
            held = Stretch(held.kind, held.first, each.last, held.article, held.why)
            continue
        if held is not None:
            yield held
        held = each
    if held is not None:
        yield held


def _notes(facts: Facts, found: Outcome) -> Iterator[Note]:
    yield from _shift_notes(facts, found)
    moved = {(stop.ground.id, stop.last) for stop in found.stops}
    for each, ground in facts.suspensions:
        begins = suspension.first_day(each, ground)
        if suspension.lapses_unused(each, ground):
            yield Note("set_term_unused", ground.article, each.set_term)
        if begins > found.unextended:
            yield Note("suspension_after_term", ground.article, begins)
        elif not any(ground_id == ground.id and last >= begins for ground_id, last in moved):
            yield Note("suspension_without_days", ground.article, begins)
    used = [each.adjournment for each in found.added]
    for adjournment in facts.adjournments:
        if adjournment not in used:
            yield Note("adjournment_after_term", _adjourn_article(facts, adjournment.consent), adjournment.on)
    if not found.complete:
        yield Note("calendar_incomplete", "Atw art. 3 lid 3", found.calendar.complete_until)


def _shift_notes(facts: Facts, found: Outcome) -> Iterator[Note]:
    """Why a last day on a free day stays where it is."""
    if found.shift is not Shift.NONE or facts.length.unit is Unit.WORKING_DAYS:
        return
    if not _is_free(found):
        return
    if facts.own_length:
        yield Note("own_length_not_extended", "Atw art. 1 lid 1")
    elif facts.rule.source not in (Source.WET, Source.AMVB):
        yield Note("source_not_extended", "Atw art. 1 lid 1 en art. 5")
    elif not arithmetic.atw_covers(facts.length, facts.rule.source):
        yield Note("too_long_to_extend", "Atw art. 4 onder a")
    else:
        yield Note("reading_not_extended", facts.rule.basis)


def _is_free(found: Outcome) -> bool:
    day: date = found.last
    return found.calendar.is_free(day)

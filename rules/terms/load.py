"""From the bytes of a law file to Law: strict, every complaint at once with line and remedy."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import cast

from schuldhulp.rules.terms import reading_yaml as y
from schuldhulp.rules.terms.errors import Finding, LawFileError
from schuldhulp.rules.terms.model import (
    AdjournRule,
    Binds,
    Gives,
    Ground,
    GroundKind,
    Law,
    Length,
    Local,
    PenaltyRates,
    Period,
    Provision,
    Rule,
    Shift,
    Source,
    Start,
    Threat,
    Unit,
    overlapping,
)
from schuldhulp.rules.terms.readings import SWITCHES

FORMAT = "1"


@cache
def law() -> Law:
    """The law that ships with the product (terms.yaml), read once."""
    from importlib.resources import files  # not needed to import this module

    return load_law(files("schuldhulp.rules.terms").joinpath("terms.yaml").read_bytes(), "terms.yaml")


def load_law(data: bytes, name: str) -> Law:
    """The law in *data*; *name* is how errors call the file. Raises LawFileError with every finding."""
    findings: list[Finding] = []
    top = y.read_document(data, name, findings)
    top.take("format", y.one_of(str, [FORMAT]))
    state = top.take("state_of_law", y.day)
    grounds = [_ground(item) for item in top.items("grounds")]
    ground_ids = [ground.id for ground in grounds]
    rules = [(item.line, _rule(item, ground_ids)) for item in top.items("rules")]
    penalty = [(item.line, _penalty(item)) for item in top.items("penalty")]
    threats = [_threat(item) for item in top.items("threats")]
    provisions = [_provision(item) for item in top.items("provisions")]
    top.done()
    if not findings:
        findings += _overlaps([(line, rule.id, rule.valid) for line, rule in rules])
        findings += _overlaps([(line, "penalty", rates.received) for line, rates in penalty])
    if findings:
        raise LawFileError(name, sorted(findings, key=lambda finding: finding.line))
    assert state is not None
    return Law(
        version=hashlib.sha256(data).hexdigest(),
        state_of_law=state,
        rules=tuple(rule for _, rule in rules),
        grounds=tuple(grounds),
        penalty=tuple(rates for _, rates in penalty),
        threats=tuple(threats),
        provisions=tuple(provisions),
    )


# The parts below may hold None where a finding was made; load_law never lets such a part out.


def _rule(item: y.Item, ground_ids: list[str]) -> Rule:
    rule = Rule(
        id=cast(str, item.take("id", y.text)),
        name=cast(str, item.take("name", y.text)),
        basis=cast(str, item.take("basis", y.text)),
        source=cast(Source, item.take("source", y.one_of(Source, list(Source)))),
        trigger=cast(str, item.take("trigger", y.text)),
        length=cast("Length | None", item.take("length", lambda value: None if value == "none" else y.length(value))),
        committee=item.maybe("committee", y.length),
        start=cast(Start, item.take("start", y.one_of(Start, list(Start)), Start.NEXT_DAY)),
        gives=cast(Gives, item.take("gives", y.one_of(Gives, list(Gives)), Gives.LAST_DAY)),
        shift=cast(Shift, item.take("shift", y.one_of(Shift, list(Shift)), Shift.NONE)),
        local=cast(Local, item.take("local", y.one_of(Local, list(Local)), Local.FIXED)),
        binds=cast(Binds, item.take("binds", y.one_of(Binds, list(Binds)), Binds.COLLEGE)),
        bounds=item.maybe("bounds", y.bounds),
        suspend=item.take_list("suspend", y.one_of(str, ground_ids)),
        adjourn=_adjourn(item.item("adjourn")),
        readings=item.take_list("readings", y.one_of(str, list(SWITCHES))),
        penalty=cast(bool, item.take("penalty", y.yes_no, False)),
        notice=item.maybe("notice", y.text) or "",
        missed=cast(str, item.take("missed", y.text)),
        valid=cast(Period, item.take("valid", y.period)),
        note=item.maybe("note", y.text) or "",
    )
    item.done()
    _check_rule(rule, item)
    return rule


def _check_rule(rule: Rule, item: y.Item) -> None:
    """What single values cannot show: keys that contradict each other."""
    if (rule.local is Local.SET) != (rule.bounds is not None):
        item.complain(item.line, f"{rule.id}: 'local: set' and bounds belong together", "Give both or neither")
    if rule.shift is Shift.ATW and rule.source not in (Source.WET, Source.AMVB):
        item.complain(item.line, f"{rule.id}: the Atw covers only wet and amvb, not {rule.source}", "Write shift: none")
    if rule.unit in (Unit.HOURS, Unit.WORKING_DAYS, Unit.YEARS) and rule.shift is not Shift.NONE:
        item.complain(item.line, f"{rule.id}: a term in {rule.unit} is never shifted", "Write shift: none")
    if rule.unit in (Unit.HOURS, Unit.WORKING_DAYS) and (rule.suspend or rule.adjourn):
        item.complain(item.line, f"{rule.id}: a term in {rule.unit} cannot be suspended or adjourned", "Remove it")
    if rule.committee and rule.length and rule.committee.unit is not rule.length.unit:
        item.complain(item.line, f"{rule.id}: committee must use the unit of length", f"Write it in {rule.unit}")


def _adjourn(item: y.Item | None) -> AdjournRule | None:
    if item is None:
        return None
    rule = AdjournRule(
        article=cast(str, item.take("article", y.text)),
        most=item.maybe("most", y.length),
        times=cast(int, item.take("times", y.whole)),
        consent=item.maybe("consent", y.text),
    )
    item.done()
    return rule


def _ground(item: y.Item) -> Ground:
    ground = Ground(
        id=cast(str, item.take("id", y.text)),
        article=cast(str, item.take("article", y.text)),
        name=cast(str, item.take("name", y.text)),
        kind=cast(GroundKind, item.take("kind", y.one_of(GroundKind, list(GroundKind)))),
        tell=cast(bool, item.take("tell", y.yes_no)),
    )
    item.done()
    return ground


def _penalty(item: y.Item) -> PenaltyRates:
    rates = PenaltyRates(
        received=cast(Period, item.take("received", y.period)),
        cents=item.take_list("cents", y.whole),
        days=item.take_list("days", y.whole),
    )
    item.done()
    if not rates.cents or len(rates.cents) != len(rates.days):
        item.complain(item.line, "cents and days must have the same number of values", "Write one amount per stretch")
    return rates


def _threat(item: y.Item) -> Threat:
    threat = Threat(
        id=cast(str, item.take("id", y.text)),
        name=cast(str, item.take("name", y.text)),
        also=item.take_list("also", y.text),
    )
    item.done()
    return threat


def _provision(item: y.Item) -> Provision:
    provision = Provision(
        id=cast(str, item.take("id", y.text)),
        name=cast(str, item.take("name", y.text)),
        basis=cast(str, item.take("basis", y.text)),
        carried_out_by=cast(str, item.take("carried_out_by", y.text)),
        valid=cast(Period, item.take("valid", y.period)),
    )
    item.done()
    return provision


def _overlaps(rows: Sequence[tuple[int, str, Period]]) -> list[Finding]:
    pairs = overlapping([(key, period) for _, key, period in rows])
    return [
        Finding(
            rows[later][0],
            f"{rows[later][1]} overlaps the version at line {rows[earlier][0]}",
            "Let the earlier version end the day before",
        )
        for earlier, later in pairs
    ]

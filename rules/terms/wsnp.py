"""Terms that a court starts: the end of the Wsnp (Fw art. 349a) and the moratorium (Wgs art. 5)."""

from __future__ import annotations

from datetime import date

from schuldhulp.rules.terms.calendar import Calendar
from schuldhulp.rules.terms.computing import Computed, compute
from schuldhulp.rules.terms.errors import FactsContradict
from schuldhulp.rules.terms.load import law as shipped_law
from schuldhulp.rules.terms.model import Law


def wsnp_end(
    judgment: date, first_payment: date | None = None, *, calendar: Calendar, law: Law | None = None
) -> Computed:
    """The last day of the Wsnp term without extension; the first day counts (Fw 349a lid 1).

    The judgment chooses the version of the law (no transition for running cases); an earlier first payment in the
    minnelijk traject starts the count.
    """
    law = law or shipped_law()
    start = min(judgment, first_payment) if first_payment else judgment
    return compute(law.rule("fw-349a", judgment), start, calendar=calendar, version_on=judgment, law=law)


def check_moratorium(start: date, end: date, *, calendar: Calendar, law: Law | None = None) -> Computed:
    """The utmost end of an afkoelingsperiode that a court set from *start* to *end* (Wgs art. 5: six months).

    Raises FactsContradict when the recorded end is later than the law allows, or before the start.
    """
    law = law or shipped_law()
    utmost = compute(law.rule("wgs-5", start), start, calendar=calendar, law=law)
    if end < start:
        raise FactsContradict(f"The moratorium ends ({end}) before it begins ({start}); check both dates")
    if end > utmost.ends:
        raise FactsContradict(
            f"A moratorium from {start} ends at the latest on {utmost.ends} (Wgs art. 5: six months), "
            f"not on {end}. Check the dates in the judgment"
        )
    return utmost

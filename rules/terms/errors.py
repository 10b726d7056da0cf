"""What can go wrong with terms. Each error says what, where and what to do; its text is written once, here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches


class TermError(Exception):
    """Anything that the rules of terms refuse."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One complaint about a file with law data: line (from 1), what is wrong, what to do."""

    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}. {self.remedy}"


class LawFileError(TermError):
    """A file with law data breaks its schema; carries every finding at once."""

    def __init__(self, name: str, findings: Sequence[Finding]) -> None:
        self.name, self.findings = name, tuple(findings)
        super().__init__("\n".join(f"{name}, {finding}" for finding in self.findings))


class UnknownRule(TermError):
    """No rule, provision or ground has this id."""

    def __init__(self, rule_id: str, known: Iterable[str]) -> None:
        self.rule_id = rule_id
        names = sorted(set(known))
        near = get_close_matches(rule_id, names, n=3)
        hint = f"Did you mean {', '.join(near)}?" if near else f"Known: {', '.join(names)}."
        super().__init__(f"There is no term rule {rule_id!r}. {hint}")


class RuleNotInForce(TermError):
    """The rule exists, but not on the date of the fact."""

    def __init__(self, rule_id: str, on: date, periods: Iterable[str]) -> None:
        self.rule_id, self.on = rule_id, on
        super().__init__(
            f"{rule_id} is not in force on {on}; it is known for {', '.join(periods)}. "
            f"Check the date of the fact, or use the rule that applied then."
        )


class NoLength(TermError):
    """The rule sets a duty without a term, so there is no date to compute."""

    def __init__(self, rule_id: str, basis: str) -> None:
        super().__init__(
            f"{rule_id} ({basis}) sets a duty without a term. Record when it was done; there is no end date."
        )


class LengthNotAllowed(TermError):
    """A local length that the law does not allow."""

    def __init__(self, rule_id: str, basis: str, given: object, allowed: str) -> None:
        self.rule_id, self.given = rule_id, given
        super().__init__(f"{rule_id} ({basis}): length {given!r} is not allowed; {allowed}.")


class CountsInHours(TermError):
    """A term in hours needs a moment, not a date (and the reverse)."""

    def __init__(self, rule_id: str, in_hours: bool) -> None:
        remedy = "Use compute_hours with a moment." if in_hours else "Use compute with a date."
        super().__init__(f"{rule_id} counts in {'hours' if in_hours else 'days'}. {remedy}")


class DateOutOfRange(TermError):
    """A date for which the calendar knows no feestdagen."""

    def __init__(self, day: object, first: date, last: date) -> None:
        super().__init__(f"{day} is outside the calendar ({first} to {last}). Check the year.")


class NotAWholeNumber(TermError):
    """A count that is not a whole number of a sensible size."""

    def __init__(self, what: str, given: object, allowed: str) -> None:
        super().__init__(f"{what} is {given!r}; {allowed}.")


class AcceptanceNeeded(TermError):
    """The municipality counts from acceptance of the offer, but that date is not given."""

    def __init__(self, rule_id: str) -> None:
        super().__init__(
            f"{rule_id}: this municipality counts from the acceptance of the offer (Wgs art. 4 lid 1 onder b), "
            f"but no date of acceptance is given. Record the date on which the inhabitant accepted."
        )


class FactsContradict(TermError):
    """Facts that cannot both be true, or a fact of the wrong kind."""


class UnknownReading(TermError):
    """A switch that does not exist, or a value that is not true or false."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"{name!r} is not a reading that can be switched (true or false). Known: {', '.join(known)}.")


class Forbidden(TermError):
    """An act in a running term that an article of law does not allow."""

    def __init__(self, article: str, text: str) -> None:
        self.article = article
        super().__init__(f"{text} ({article}).")


class GroundNotAllowed(Forbidden):
    """This ground does not suspend this term."""


class NoTermSet(Forbidden):
    """An invitation to complete without a term for the answer suspends nothing."""


class BadSuspension(Forbidden):
    """The dates of a suspension are missing or contradict each other."""


class TermExpired(Forbidden):
    """The term has run out, so it can be neither suspended nor adjourned."""


class AlreadyMet(Forbidden):
    """The act has been done, so its term no longer runs."""


class AdjournmentNotAllowed(Forbidden):
    """The law knows no adjournment of this term, or not this long, or not without a reason."""


class AlreadyAdjourned(Forbidden):
    """The law allows adjournment once."""


class NotSuspended(Forbidden):
    """There is no open suspension to end."""


class AlreadySuspended(Forbidden):
    """A suspension on this ground is still open."""


class SuspensionOpen(Forbidden):
    """The term stands still without a known end, so no date can be given yet."""

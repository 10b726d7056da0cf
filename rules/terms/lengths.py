"""Which length counts: the law's, the ordinance's, a court's, or an own shorter target (C-L03)."""

from __future__ import annotations

from schuldhulp.rules.terms.errors import LengthNotAllowed, NoLength
from schuldhulp.rules.terms.model import Length, Local, Rule


def legal_length(rule: Rule, committee: bool = False) -> Length:
    """The length in the law (with bounds: the most). Raises NoLength, LengthNotAllowed."""
    if rule.length is None:
        raise NoLength(rule.id, rule.basis)
    if committee and rule.committee is None:
        raise LengthNotAllowed(rule.id, rule.basis, "with a committee", "this term knows no committee")
    return rule.committee if committee and rule.committee else rule.length


def chosen_length(rule: Rule, given: int | None, committee: bool = False) -> Length:
    """The length that counts when *given* (in the rule's unit) is asked. Raises NoLength, LengthNotAllowed."""
    legal = legal_length(rule, committee)
    if given is None:
        if rule.bounds is not None:
            raise LengthNotAllowed(rule.id, rule.basis, None, f"set a number of {legal.unit}, {_range(rule.bounds)}")
        return legal
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= 9999:
        raise LengthNotAllowed(rule.id, rule.basis, given, f"give a whole number of {legal.unit}, at least 1")
    if rule.bounds is not None and not rule.bounds[0] <= given <= rule.bounds[1]:
        raise LengthNotAllowed(rule.id, rule.basis, given, f"choose a number of {legal.unit}, {_range(rule.bounds)}")
    if rule.local is Local.FIXED and given != legal.count:
        raise LengthNotAllowed(rule.id, rule.basis, given, f"the law fixes it at {legal}, both ways")
    if rule.local is Local.SHORTER and given > legal.count:
        raise LengthNotAllowed(rule.id, rule.basis, given, f"an own target may only be shorter than {legal}")
    return Length(given, legal.unit)


def is_own_length(rule: Rule, chosen: Length, committee: bool = False) -> bool:
    """Whether *chosen* is not the law's but a target or a court's order, which the Atw does not cover."""
    return rule.local in (Local.SHORTER, Local.COURT) and chosen != legal_length(rule, committee)


def _range(bounds: tuple[int, int]) -> str:
    return f"from {bounds[0]} to {bounds[1]}"

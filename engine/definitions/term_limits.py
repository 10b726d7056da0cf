"""What an organisation may do to a term of the law (C-L03): set an earlier date of its own where the duty is the municipality's,
and a length within the bounds of the law where an ordinance decides. All else is refused before it is deployed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from schuldhulp.engine.bpmn.graph import Finding, Graph, Place, Severity
from schuldhulp.engine.definitions.parameters import Parameters
from schuldhulp.rules.terms import law
from schuldhulp.rules.terms.model import Local, Rule

_PARTS = re.compile(r"\s(from|target|length|committee|accepted|when|on)\s")
_PARAMETER = re.compile(r"p\.([a-z_][a-z0-9_]*)")
_WHOLE = re.compile(r"[0-9]{1,4}")


def limit_findings(graphs: Iterable[Graph], parameters: Parameters | None) -> Iterator[Finding]:
    """Own dates and lengths of terms that the law does not allow: lengths that are a number, or a parameter with its values."""
    for graph in graphs:
        for element, properties in [(graph.process, graph.properties), *((n.id, n.properties) for n in graph.nodes.values())]:
            for name, value, place in properties:
                if name == "term.start":
                    yield from _of_term(value, place, element, parameters)


def _of_term(value: str, place: Place, element: str, parameters: Parameters | None) -> Iterator[Finding]:
    head, *pieces = _PARTS.split(f"{value.strip()} ")
    parts = dict(zip(pieces[::2], (text.strip() for text in pieces[1::2]), strict=False))
    rules = [rule for rule in law().rules if rule.id == head.strip() and rule.valid.last is None]
    if not rules:
        return  # an unknown rule is a finding of its own
    rule = rules[0]
    if "target" in parts and rule.local is Local.FIXED:
        text = f"{rule.name} ({rule.basis}) is fixed: an organisation has no earlier or later date of its own."
        yield _refused(text, "Leave `target` out.", place, element)
    for length, where in _lengths(parts.get("length"), parameters):
        wrong = _wrong(rule, length)
        if wrong:
            remedy = f"Take another length{where}, or leave it out: then the law's holds."
            yield _refused(f"{rule.name} ({rule.basis}): {length}{where} {wrong}", remedy, place, element)


def _lengths(text: str | None, parameters: Parameters | None) -> Iterator[tuple[Decimal, str]]:
    """The lengths that a text can give, as far as that can be seen, with where each comes from."""
    if text is None:
        return
    if _WHOLE.fullmatch(text):
        yield Decimal(text), ""
        return
    named = _PARAMETER.fullmatch(text)
    if named and parameters is not None:
        for one in parameters.values:
            if one.key == named[1] and isinstance(one.value, Decimal):
                yield one.value, f" (p.{one.key} from {one.valid_from})"


def _wrong(rule: Rule, length: Decimal) -> str:
    """Why the law does not allow this length; empty when it does."""
    if length != length.to_integral_value() or length < 1:
        return "is no whole number from 1."
    legal = rule.length.count if rule.length is not None else None
    if rule.local is Local.FIXED and length != legal:
        return f"is not allowed: the law says {rule.length}, fixed both ways."
    if rule.local is Local.SHORTER and legal is not None and length > legal:
        return f"is not allowed: the law says {rule.length}, and it may only be shorter."
    if rule.local is Local.SET and rule.bounds is not None and not rule.bounds[0] <= length <= rule.bounds[1]:
        return f"is not allowed: from {rule.bounds[0]} to {rule.bounds[1]} may be chosen."
    return ""


def _refused(message: str, remedy: str, place: Place, element: str) -> Finding:
    return Finding(Severity.ERROR, "term-limit", message, remedy, place, element)

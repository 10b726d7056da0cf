"""The commonest cells told by their form: a text or several, a number, a comparison, an interval.

A large table holds thousands of these. For each the profile is written down here as FEEL would find it by evaluating, and
the expression itself is compiled only when somebody asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from schuldhulp.rules.dmn.classes import ORDERED, Profile, Steps
from schuldhulp.rules.feel.values import Value

# No more digits than any context of decimals keeps, no escapes, white space only where FEEL skips it.
_NUMBER = r"-?(?:[0-9]{1,15}|[0-9]{1,9}\.[0-9]{1,6})"
_TEXT = r'"[^"\\\n\r]{0,200}"'
_CELL = re.compile(
    rf"\s*(?:(?P<texts>{_TEXT}(?: *, *{_TEXT}){{0,20}})|(?P<sign><=|>=|<|>)? *(?P<number>{_NUMBER})"
    rf"|(?P<open>[\[(\]]) *(?P<low>{_NUMBER}) *\.\. *(?P<high>{_NUMBER}) *(?P<close>[\])\[]))\s*",
    re.ASCII,
)
_NOWHERE = Steps((), (False,))
_OUTCOMES = {
    "<": (True, False, False),
    "<=": (True, True, False),
    ">": (False, False, True),
    ">=": (False, True, True),
    None: (False, True, False),
}


def plain_profile(text: str, test: Callable[[Value], bool]) -> Profile | None:
    """The profile of a cell of one of these forms, None for any other; *test* is what the cell does with a value."""
    match = _CELL.fullmatch(text)
    if match is None:
        return None
    if match["texts"] is not None:
        return _profile(test, texts={one[1:-1]: True for one in sorted(re.findall(_TEXT, match["texts"]))})
    if match["number"] is not None:
        return _profile(test, numbers=Steps((_number(match["number"]),), _OUTCOMES[match["sign"]]))
    low, high = _number(match["low"]), _number(match["high"])
    if low >= high:
        return None  # FEEL has its own mind about these
    outcomes = (False, match["open"] == "[", True, match["close"] == "]", False)
    return _profile(test, numbers=Steps((low, high), outcomes))


def _profile(
    test: Callable[[Value], bool],
    *,
    texts: dict[str, bool] | None = None,
    numbers: Steps = _NOWHERE,
) -> Profile:
    steps = dict.fromkeys(ORDERED, _NOWHERE)
    steps[Decimal] = numbers
    return Profile(False, False, False, texts or {}, False, steps, test)


def _number(text: str) -> Decimal:
    return -Decimal(text[1:]) if text[0] == "-" else Decimal(text)  # as FEEL does it: -0 is 0


_LITERAL = re.compile(rf"\s*(?:(?P<text>{_TEXT})|(?P<number>{_NUMBER})|(?P<flag>true|false))\s*", re.ASCII)


@lru_cache(maxsize=4096)
def plain_literal(text: str) -> tuple[Value] | None:
    """The value of a literal of one of these forms, in a tuple; None for any other text."""
    match = _LITERAL.fullmatch(text)
    if match is None:
        return None
    if match["text"] is not None:
        return (match["text"][1:-1],)
    if match["number"] is not None:
        return (_number(match["number"]),)
    return (match["flag"] == "true",)

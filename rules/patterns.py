"""What a pattern costs before it is run. Running one has a limit of time (`regex`); reading one needs a limit of its own.

The compiler writes the least number of repetitions out: `((a{100}){100}){100}` becomes a million characters.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

LENGTH_LIMIT = 10_000
SIZE_LIMIT = 5_000  # written out: some 5 MB
SECONDS = 1.0


class PatternError(ValueError):
    """The text is not a pattern, or too large a one; the message says why."""


def compile_pattern(pattern: str, flags: int = 0, *, what: str | None = None) -> Any:
    """A pattern of Python's dialect, to be run with a timeout. Raises PatternError.

    *what* is how its writer wrote it, where that is another text.
    """
    import regex

    if len(what or pattern) > LENGTH_LIMIT:
        raise PatternError(f"the pattern is longer than {LENGTH_LIMIT:,} characters")
    if written_out(pattern) > SIZE_LIMIT:
        raise PatternError(f"its repetitions written out are longer than {SIZE_LIMIT:,} characters")
    try:
        return regex.compile(pattern, flags, cache_pattern=False)
    except (regex.error, ValueError, OverflowError, RecursionError, LookupError) as error:
        raise PatternError(str(error)) from None


@lru_cache(maxsize=128)
def _remembered(pattern: str) -> Any:
    return compile_pattern(pattern)


def fits(pattern: str, text: str) -> bool:
    """Whether the whole text has the form of the pattern. Raises PatternError, TimeoutError after a second."""
    return _remembered(pattern).fullmatch(text, timeout=SECONDS) is not None


_PIECE = re.compile(
    r"""(?P<open>\((?:\?(?:[:=!>|]|<[=!]|P?<\w+>))?)
      | (?P<close>\))
      | (?P<count>\{(?P<least>\d*)(?:,\d*)?\})
      | (?P<set>\[\^?\]?(?:[^\]\\]|\\.)*\])
      | \\.|.""",
    re.VERBOSE | re.DOTALL,
)

def written_out(pattern: str) -> int:
    """How many pieces the pattern has when each is repeated as often as it must be at least; 1 for none.

    Raises PatternError for brackets that do not pair, and for what may hold brackets that are none.
    """
    totals, last = [0], 0
    for piece in _PIECE.finditer(pattern):
        if piece["open"]:
            if piece[0] == "(" and pattern[piece.end() : piece.end() + 1] == "?":  # brackets within may be no groups
                raise PatternError("flags, comments and conditions within a pattern are not supported")
            totals.append(0)
            last = 0
        elif piece["close"]:
            if len(totals) == 1:
                raise PatternError(f"nothing opens the ) at position {piece.start() + 1}")
            last = totals.pop() + 1
            totals[-1] += last
        elif piece["count"] and piece["count"] != "{}":
            more = last * (max(int(piece["least"][:9] or 0), 1) - 1)
            totals[-1] += more
            last += more
        else:
            last = 1
            totals[-1] += 1
    if len(totals) > 1:
        raise PatternError("a ( is not closed")
    return totals[0]

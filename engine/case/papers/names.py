"""Names of files as they are kept and shown: one line of readable signs, with the suffix of what the file really is."""

from __future__ import annotations

import re
import unicodedata

from schuldhulp.engine.case.papers.sniffing import Kind

LONGEST = 120
"""Characters of a name, suffix included."""
NAMELESS = "document"
_PARTS = re.compile(r"[/\\]")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
"""What Windows takes for a device."""
_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}\Z")


def cleaned(name: str) -> str:
    """*name* without path, without signs that are not seen or turn the reading direction, not too long.

    >>> cleaned("C:\\\\Users\\\\an\\\\Loonstrook  mei.pdf")
    'Loonstrook mei.pdf'
    >>> cleaned("../../etc/passwd")
    'passwd'
    >>> cleaned("rekening\\u202efdp.exe")
    'rekeningfdp.exe'
    """
    last = _PARTS.split(unicodedata.normalize("NFC", name))[-1]
    readable = "".join(" " if sign.isspace() else sign for sign in last if _is_readable(sign))
    bare = " ".join(_FORBIDDEN.sub("_", readable).split()).strip(". ")
    if _RESERVED.fullmatch(bare):
        bare = f"_{bare}"
    return _cut(bare) or NAMELESS


def name_for(name: str, kind: Kind) -> str:
    """The cleaned name, ending as files of *kind* do: a suffix that says something else stays in front of it.

    What a name says is never believed, and what is kept must not open as something else: `factuur.exe` with the bytes of a PDF
    becomes `factuur.exe.pdf`.
    """
    bare = cleaned(name)
    if bare.lower().endswith(kind.suffixes):
        return bare
    return _cut(f"{bare}{kind.suffixes[0]}")


def _cut(name: str) -> str:
    """Shorter in front of the suffix."""
    if len(name) <= LONGEST:
        return name
    match = _SUFFIX.search(name.lower())
    suffix = name[match.start() :] if match else ""
    return name[: LONGEST - len(suffix)].rstrip(". ") + suffix


def _is_readable(sign: str) -> bool:
    """Not a control sign, an invisible one (zero width, right-to-left marks), half a pair, or one of nobody's."""
    return sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")

"""The process in which typst runs: bounded, with nothing of the product in it. Reads one job, writes one PDF, ends.

Job (JSON on standard input): `layout` (typst source), `post` (data for it), `memory` and `seconds` (bounds).
Answer (standard output): a line of JSON {"replaced": "signs without a glyph", "typst": version}, then the PDF.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import unicodedata
from importlib.metadata import version
from typing import Any

INSTEAD = "\ufffd"
_NO_GLYPH = re.compile(r'(?:text|codepoint) `"((?:[^"\\]|\\.)+)"`')
_CODE = re.compile(r"\\u\{([0-9a-f]+)\}")
MOST_TRIES = 40


def main() -> None:
    job = json.loads(sys.stdin.buffer.read())
    resource.setrlimit(resource.RLIMIT_AS, (job["memory"], job["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (job["seconds"], job["seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        pdf, replaced = compiled(job["layout"], job["post"])
    except Exception as error:  # whatever it is, the parent says it; a traceback might show what stands in a letter
        sys.stderr.write(f"{type(error).__name__}: {str(error)[:300]}")
        sys.exit(3)
    head = json.dumps({"replaced": replaced, "typst": version("typst")})
    sys.stdout.buffer.write(head.encode() + b"\n" + pdf)


def compiled(layout: str, post: Any) -> tuple[bytes, str]:
    """The PDF, and the signs that the fonts do not have: each was replaced. The same input gives the same bytes."""
    import typst

    replaced: dict[str, None] = {}
    post = mapped(post, lambda words: printable(words, replaced))
    for _ in range(MOST_TRIES):
        try:
            return typeset(layout, post), "".join(replaced)
        except typst.TypstError as error:
            found = _NO_GLYPH.search(str(error))
            if found is None:
                raise
            signs = _CODE.sub(lambda code: chr(int(code[1], 16)), found[1])
            replaced.update(dict.fromkeys(signs))
            post = mapped(post, lambda words, signs=signs: "".join(INSTEAD if c in signs else c for c in words))
    post = mapped(post, lambda words: latin(words, replaced))
    return typeset(layout, post), "".join(replaced)


def typeset(layout: str, post: Any) -> bytes:
    """The PDF. The working folder is empty, and is all that typst may read; its own fonts only."""
    import typst

    pdf = typst.compile(
        layout.encode(), package_path=".", package_cache_path=".", format="pdf", ignore_system_fonts=True,
        sys_inputs={"post": json.dumps(post)}, pdf_standards=["a-2a", "ua-1"],
    )  # fmt: skip
    assert isinstance(pdf, bytes)
    return pdf


def mapped(value: Any, change: Any) -> Any:
    """*value* with every text changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [mapped(one, change) for one in value]
    if isinstance(value, dict):
        return {key: mapped(one, change) for key, one in value.items()}
    return value


def printable(words: str, replaced: dict[str, None]) -> str:
    """Without signs that PDF/A forbids or that no font can have: controls, private use, unassigned, halves of pairs."""
    kept = []
    for sign in unicodedata.normalize("NFC", words):
        if sign in "\t\n\r\x0b\x0c\u2028\u2029":
            kept.append(" ")
        elif sign == "\ufeff" or unicodedata.category(sign) in ("Cc", "Co", "Cn", "Cs"):
            replaced[sign] = None
            kept.append(INSTEAD)
        else:
            kept.append(sign)
    return "".join(kept)


def latin(words: str, replaced: dict[str, None]) -> str:
    """Only what the fonts are known to have: for a text with too many different signs to try one by one."""
    kept = []
    for sign in words:
        if not (" " <= sign <= "~" or "\xa0" <= sign <= "\u017f" or sign in "€’‘“”–—•…☐☑" + INSTEAD):
            replaced[sign] = None
            sign = INSTEAD
        kept.append(sign)
    return "".join(kept)


if __name__ == "__main__":
    main()

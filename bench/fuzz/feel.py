"""FEEL under atheris: whatever the text, a value or a FeelError with a place in the text, within seconds.

    python -m venv FOLDER && FOLDER/bin/pip install atheris elementpath regex tzdata
    PYTHONPATH=src FOLDER/bin/python -m bench.fuzz.feel -max_total_time=600 [folder for the corpus]

The arguments are those of libFuzzer. Most inputs are put together from pieces of the language, since random bytes rarely
get past the scanner; the rest are raw text. A crash, a hang, any other exception or an error without a place ends the run.
"""

from __future__ import annotations

import sys
import time
from decimal import Decimal

import atheris  # type: ignore[import-not-found,unused-ignore]

with atheris.instrument_imports(include=["schuldhulp.rules.feel"]):
    from schuldhulp.rules.feel import (
        BUILT_INS,
        FeelPlaceError,
        compile_expression,
        compile_unary_tests,
        feel_value,
        print_tree,
        render,
    )

SECONDS = 10.0
NAMES = ("a", "bedrag per maand", "x-y", "lijst", "c")
SCOPE = {
    name: feel_value(value)
    for name, value in {
        "a": Decimal("1.50"),
        "bedrag per maand": 12,
        "x-y": "tekst",
        "lijst": [1, 2, None, "a"],
        "c": {"a": 1, "b c": [True]},
        "?": 3,
    }.items()
}
PIECES = (
    *sorted(BUILT_INS), *NAMES, "?", "item", "partial", "if ", " then ", " else ", "for ", " in ", " return ", "some ", "every ",
    " satisfies ", " and ", " or ", " between ", " instance of ", "function(", ") external ", "not(", "null", "true", "false",
    "(", ")", "[", "]", "{", "}", ",", ":", ".", "..", "+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "->", "@",
    '"', '"tekst"', '"P1D"', '"2024-02-29"', '"10:00:00@Europe/Amsterdam"', '"^(a+)+$"', "0", "1", "34", "0.1", "1e6144",
    "999999999", "list<", "context<", "range<", "number", "string", " ", "\n", "//", "/*", "*/", "\\u00e9", "\ud7ff",
)


def text_from(data: bytes) -> str:
    provider = atheris.FuzzedDataProvider(data)
    if provider.ConsumeIntInRange(0, 3) == 0:
        return str(provider.ConsumeUnicode(4000))
    parts: list[str] = []
    while provider.remaining_bytes() and len(parts) < 200:
        at = provider.ConsumeIntInRange(0, len(PIECES) + 15)
        parts.append(PIECES[at] if at < len(PIECES) else str(provider.ConsumeUnicode(3)))
    return "".join(parts)


def one(data: bytes) -> None:
    text = text_from(data)
    start = time.process_time()
    for compile_ in (compile_expression, compile_unary_tests):
        try:
            compiled = compile_(text, NAMES)
            result = compiled.evaluate(SCOPE, limit=20_000)
            render(result.value)
            printed = print_tree(compiled.tree)
            if print_tree(compile_(printed, NAMES).tree) != printed:
                raise AssertionError(f"{printed!r} is not printed as it is read")
        except FeelPlaceError as error:
            if not 0 <= error.start <= error.end or error.start > len(error.text):
                raise AssertionError(f"no place in {text!r}: {error.start}-{error.end}") from error
            str(error)
    if time.process_time() - start > SECONDS:
        raise AssertionError(f"it took {time.process_time() - start:.0f} seconds of work: {text!r}")


def main() -> None:
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

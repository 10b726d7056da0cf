"""The dictionary's own checks: what a datum may be, told with its key, whatever its file or a value holds."""

import time

import pytest

from schuldhulp.rules.dictionary import Dictionary, DictionaryError, NotThisType, load_dictionary


def dictionary(lines: str) -> Dictionary:
    return load_dictionary(f"zaaknummer:\n  type: string\n  label: Zaaknummer\n  {lines}\n".encode())


@pytest.mark.parametrize(("text", "fits"), [("Z-2026-001", True), ("Z-2026-001\n", False), ("x Z-2026-001", False)])
def test_a_text_has_the_form_of_its_pattern_from_end_to_end(text: str, fits: bool) -> None:
    entry = dictionary(r"pattern: 'Z-\d{4}-\d{3}'")["zaaknummer"]
    if fits:
        assert entry.store(text) == text
    else:
        with pytest.raises(NotThisType, match="zaaknummer"):
            entry.store(text)


def test_a_pattern_that_takes_for_ever_refuses_the_text_within_seconds() -> None:
    entry = dictionary("pattern: '(a|aa)+b'")["zaaknummer"]
    began = time.process_time()
    with pytest.raises(NotThisType, match="within a second"):
        entry.store("a" * 200 + "!")
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("pattern: '['", "cannot be used"),
        ("pattern: '(((a{100}){100}){100}){100}'", "written out"),
        ("pattern: '(?x)(a #('", "not supported"),
        ("pattern: 12", "in quotes"),
        ("max_length: veel", "whole number"),
        ("max_length: 0", "whole number"),
        ("minimum: 'abc'", "is not a number"),
        ("maximum: 'NaN'", "is not a number"),
        ("derived: 5", "FEEL expression"),
        ("lengte: 5", "'lengte' is not known"),
    ],
)
def test_a_fault_of_the_file_is_told_with_its_key(line: str, said: str) -> None:
    with pytest.raises(DictionaryError, match="zaaknummer") as caught:
        dictionary(line)
    assert said in str(caught.value)

"""What a pattern costs is known before it is compiled."""

import pytest

from schuldhulp.rules.patterns import PatternError, compile_pattern, fits, written_out


@pytest.mark.parametrize(
    ("pattern", "pieces"),
    [
        ("", 0), ("abc", 3), ("a{3}", 3), ("a{2,5}", 2), ("a{,5}", 1), ("a{}", 2), (r"\(a{3}\)", 5), ("[a{9}]{4}", 4),
        ("[](]{3}", 3), ("[^]()]{3}", 3), (r"[\](]{3}", 3), ("(ab){3}", 9), ("((a{10}){10}){10}", 1110), ("(?:a){10}", 20),
        ("(?<jaar>a){2}(?!b)", 6), ("a{2}{3}", 6), ("[0-9]{4}[ ]?[A-Z]{2}", 8),
    ],
)  # fmt: skip
def test_repetitions_are_counted_as_they_are_written_out(pattern: str, pieces: int) -> None:
    assert written_out(pattern) == pieces


@pytest.mark.parametrize("pattern", ["(a{99}[)]){99}", "(a{99}[(]){99}", r"(a{99}\)){99}", "(a{99}[^](]){99}"])
def test_brackets_that_are_text_do_not_hide_repetitions(pattern: str) -> None:
    assert written_out(pattern) > 9_000


@pytest.mark.parametrize("pattern", ["(?#()a", "(?x)a", "(?i:a)", "(?(1)a|b)", "(", ")", "a)(b", "(a{71}){71}", "a" * 10_001])
def test_what_cannot_be_counted_or_is_too_large_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        compile_pattern(pattern)


def test_a_pattern_has_to_fit_the_whole_text() -> None:
    assert fits("[0-9]{4}", "2026")
    assert not fits("[0-9]{4}", "20260")

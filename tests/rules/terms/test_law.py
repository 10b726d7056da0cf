"""The law as data: complete, dated, and read strictly."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import pytest

from schuldhulp.rules.terms import LawFileError, Length, RuleNotInForce, UnknownRule, law, load_law
from schuldhulp.rules.terms.model import Unit

# fmt: off
SECTION_G = {
    "wgs-4-1-a", "wgs-4-1-b", "wgs-4-2", "wgs-4-2-def", "wgs-4-3", "wgs-4a-3", "wgs-4a-3-max", "wgs-2-4-d",
    "wgs-5", "awb-4-13-2", "awb-4-5-4", "awb-4-15", "awb-3-47-3", "awb-2-10", "awb-4-17-3", "awb-4-17-2",
    "awb-4-18", "awb-6-7", "awb-6-9", "awb-6-12-2", "awb-7-10", "awb-8-55d", "awb-9-11", "atw-1", "atw-1-2",
    "atw-2", "atw-3", "atw-4", "fw-349a", "msnp-18", "nvvk-120", "swn-m7-stap123", "swn-m8-regeling",
    "swn-m10-nazorg", "avg-12-3",
}
# fmt: on

SHIPPED = files("schuldhulp.rules.terms").joinpath("terms.yaml").read_text(encoding="utf-8")


def test_every_row_of_the_specification_is_there() -> None:
    known = {rule.id for rule in law().rules} | {provision.id for provision in law().provisions}

    assert known == SECTION_G


@pytest.mark.parametrize(
    ("rule_id", "on", "basis", "length"),
    [
        ("wgs-4-1-a", "2012-07-01", "Wgs art. 4 lid 1", "4 weeks"),
        ("wgs-4-1-a", "2020-12-31", "Wgs art. 4 lid 1", "4 weeks"),
        ("wgs-4-1-a", "2021-01-01", "Wgs art. 4 lid 1 onder a", "4 weeks"),
        ("fw-349a", "2023-06-30", "Fw art. 349a lid 1", "36 months"),
        ("fw-349a", "2023-07-01", "Fw art. 349a lid 1", "18 months"),
        ("msnp-18", "2023-06-30", "NVVK-gedragscode", "36 months"),
    ],
)
def test_the_version_is_chosen_by_the_date_of_the_fact(rule_id: str, on: str, basis: str, length: str) -> None:
    rule = law().rule(rule_id, date.fromisoformat(on))

    assert (rule.basis, str(rule.length)) == (basis, length)


def test_a_rule_before_its_time_says_since_when_it_is_known() -> None:
    with pytest.raises(
        RuleNotInForce, match=r"wgs-4a-3 is not in force on 2020-12-31; it is known for 2021-01-01 and later"
    ):
        law().rule("wgs-4a-3", date(2020, 12, 31))


def test_a_misspelt_rule_gets_a_suggestion() -> None:
    with pytest.raises(UnknownRule, match="Did you mean wgs-4a-3"):
        law().rule("wgs-4a3", date(2026, 1, 1))


def test_the_version_of_the_law_is_the_hash_of_its_bytes() -> None:
    assert law().version == load_law(SHIPPED.encode(), "terms.yaml").version
    assert law().version != load_law(SHIPPED.replace("4 weeks", "3 weeks").encode(), "terms.yaml").version


@pytest.mark.parametrize(
    "kind",
    [
        "Gedwongen woningontruiming",
        "beëindiging levering GAS",
        "beeindiging  levering elektriciteit",
        "einde levering water",
        "opzegging zorgverzekering",
        "ontbinding zorgverzekering",
    ],
)
def test_a_threat_of_the_list_is_recognised_whatever_its_accents_and_capitals(kind: str) -> None:
    assert law().is_threat(kind)


@pytest.mark.parametrize("kind", ["loonbeslag", "afsluiting telefoon", "levering gas", "", "huurachterstand"])
def test_the_list_of_threats_is_exhaustive(kind: str) -> None:
    assert not law().is_threat(kind)


@pytest.mark.parametrize(("weeks", "allowed"), [(0, False), (1, True), (8, True), (9, False)])
def test_an_ordinance_may_set_one_to_eight_weeks(weeks: int, allowed: bool) -> None:
    assert law().allows_ordinance_weeks(weeks, date(2026, 1, 1)) is allowed


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            "length: 4 weeks\n    shift: atw",
            "length: four weeks\n    shift: atw",
            "length: 'four weeks' is not allowed",
        ),
        ("    source: wet\n    trigger: eerste gesprek", "    trigger: eerste gesprek", "the key 'source' is missing"),
        ("suspend: [7:10-2,", "suspend: [7:10-3,", "suspend: '7:10-3' is not allowed. Choose one of 4:15-1-a"),
        (
            "readings: [atw_on_ordinance_term]",
            "readings: [atw_on_ordinance]",
            "Choose one of equated_days_are_working_days",
        ),
        ("valid: 2012-07-01..2020-12-31", "valid: 2012-07-01..2021-06-30", "wgs-4-1-a overlaps the version at line"),
        ("valid: 2012-07-01..2020-12-31", "valid: 2012-07-01", "Write two dates as 2021-01-01..2025-12-31"),
        ("valid: 2012-07-01..2020-12-31", "valid: 2012-02-30..", "Write an existing date"),
        ("valid: 2012-07-01..2020-12-31", "valid: 2022-01-01..2020-12-31", "The last day lies before the first"),
        ("    missed: reden vastleggen", "    mised: reden vastleggen", "Did you mean 'missed'?"),
        ("    source: verordening", "    source: verordening\n    shift: atw", "the Atw covers only wet and amvb"),
        ("    bounds: 1..8", "    bounds: 8..1", "Write the least and the most as 1..8"),
        ("    bounds: 1..8\n", "", "'local: set' and bounds belong together"),
        ("    length: 48 hours", "    length: 48 hours\n    suspend: [4:15-1-a]", "cannot be suspended or adjourned"),
        (
            "cents: [2000, 3000, 4000]",
            "cents: [20.5, 3000, 4000]",
            "cents: '20.5' is not allowed. Write a whole number",
        ),
        ("format: 1", "format: 2", "format: '2' is not allowed. Choose one of 1"),
        ("format: 1", "format: 1\nformat: 1", "the key 'format' stands here twice"),
        ("penalty: yes", "penalty: true", "penalty: 'true' is not allowed. Write yes or no"),
        ("committee: 12 weeks", "committee: 3 months", "committee must use the unit of length"),
    ],
)
def test_a_mistake_in_the_law_file_is_refused_with_line_and_remedy(old: str, new: str, complaint: str) -> None:
    assert old in SHIPPED
    broken = SHIPPED.replace(old, new, 1)

    with pytest.raises(LawFileError, match=r"law.yaml, line \d+: ") as refusal:
        load_law(broken.encode(), "law.yaml")

    assert complaint in str(refusal.value)
    changed = next(
        n for n, pair in enumerate(zip(SHIPPED.split("\n"), broken.split("\n"), strict=False), 1) if pair[0] != pair[1]
    )
    assert any(abs(finding.line - changed) <= 25 for finding in refusal.value.findings)


def test_all_mistakes_are_reported_at_once_in_order_of_lines() -> None:
    broken = SHIPPED.replace("format: 1", "format: 9", 1).replace("length: 3 working_days", "length: 3 workdays", 1)

    with pytest.raises(LawFileError) as refusal:
        load_law(broken.encode(), "law.yaml")

    lines = [finding.line for finding in refusal.value.findings]
    assert len(lines) == 2
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "format: [",
        "a: &x 1\nb: *x",
        "format: !!python/object/apply:os.system [ls]",
        "\x00",
        "- " * 4000,
        "x" * 1_000_001,
    ],
)
def test_text_that_is_no_plain_yaml_mapping_is_refused_without_running_anything(text: str) -> None:
    with pytest.raises(LawFileError):
        load_law(text.encode(), "law.yaml")


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(LawFileError):
        load_law(b"\xff\xfe\xff", "law.yaml")


def test_a_term_rule_has_a_length_unless_it_is_a_bare_duty() -> None:
    assert [rule.id for rule in law().rules if rule.length is None] == ["wgs-4-3"]
    assert law().rule("wgs-4-2", date(2026, 1, 1)).length == Length(3, Unit.WORKING_DAYS)


def test_the_college_misses_only_what_is_its_own_duty() -> None:
    on = date(2026, 1, 1)

    assert law().rule("awb-6-7", on).binds_client
    assert law().rule("wgs-4a-3", on).can_be_missed
    assert not law().rule("fw-349a", on).can_be_missed

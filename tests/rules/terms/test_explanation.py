"""The explanation of a date: complete day by day, in English and in plain Dutch."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from importlib.resources import files

from schuldhulp.rules.terms import (
    Adjournment,
    Calendar,
    Computed,
    Kind,
    Suspension,
    compute,
    explain_dutch,
    explain_text,
    law,
    load_law,
)
from schuldhulp.rules.terms.render_dutch import _NOTES as DUTCH_NOTES
from schuldhulp.rules.terms.render_english import _NOTES as ENGLISH_NOTES

Due = Callable[..., Computed]


def day(text: str) -> date:
    return date.fromisoformat(text)


def stretches(found: Computed) -> list[tuple[str, str, str, str, str]]:
    return [
        (str(each.kind), each.first.isoformat(), each.last.isoformat(), each.article, each.why)
        for each in found.explanation.stretches
    ]


def test_a_term_in_working_days_names_every_day_that_is_skipped(due: Due) -> None:
    assert stretches(due("wgs-4-2", "2026-04-02")) == [
        ("skipped", "2026-04-03", "2026-04-03", "Atw art. 3 lid 2", "Goede Vrijdag"),
        ("skipped", "2026-04-04", "2026-04-04", "Atw art. 1 lid 1", "zaterdag"),
        ("skipped", "2026-04-05", "2026-04-05", "Atw art. 3 lid 1", "Eerste Paasdag"),
        ("skipped", "2026-04-06", "2026-04-06", "Atw art. 3 lid 1", "Tweede Paasdag"),
        ("counted", "2026-04-07", "2026-04-09", "Wgs art. 4 lid 2", ""),
    ]


def test_an_extension_names_the_free_last_day_and_each_day_after_it(due: Due) -> None:
    assert stretches(due("awb-6-7", "2026-04-02")) == [
        ("counted", "2026-04-03", "2026-05-13", "Awb art. 6:7 en 6:8", ""),
        ("counted", "2026-05-14", "2026-05-14", "Atw art. 3 lid 1", "Hemelvaartsdag"),
        ("extended", "2026-05-15", "2026-05-15", "Atw art. 3 lid 3", "gelijkgestelde dag (KB voor 2026-2028)"),
        ("extended", "2026-05-16", "2026-05-16", "Atw art. 1 lid 1", "zaterdag"),
        ("extended", "2026-05-17", "2026-05-17", "Atw art. 1 lid 1", "zondag"),
        ("extended", "2026-05-18", "2026-05-18", "Atw art. 1 lid 1", "eerste dag die niet vrij is"),
    ]


def test_two_working_days_in_a_short_term_are_explained_by_their_own_article(calendar: Calendar) -> None:
    shipped = files("schuldhulp.rules.terms").joinpath("terms.yaml").read_text(encoding="utf-8")
    short = load_law(shipped.replace("length: 1 week\n", "length: 3 days\n", 1).encode(), "short.yaml")
    friday = day("2026-06-05")

    found = compute(short.rule("awb-3-47-3", friday), friday, calendar=calendar, law=short)

    assert stretches(found) == [
        ("counted", "2026-06-06", "2026-06-08", "Awb art. 3:47 lid 3", ""),
        ("extended", "2026-06-09", "2026-06-09", "Atw art. 2", "tweede dag die niet vrij is"),
    ]


def test_suspended_and_adjourned_days_stand_in_their_places_with_their_articles(due: Due) -> None:
    found = due(
        "awb-7-10",
        "2026-07-13",
        suspensions=[
            Suspension("7:10-2", asked=day("2026-07-20"), set_term=day("2026-08-03"), done=day("2026-07-27")),
            Suspension("4:15-2-c", from_=day("2026-09-10"), until=day("2026-09-11")),
        ],
        adjournments=[Adjournment(3), Adjournment(1, consent=True)],
    )

    assert stretches(found) == [
        ("counted", "2026-07-14", "2026-07-20", "Awb art. 7:10", ""),
        ("suspended", "2026-07-21", "2026-07-26", "Awb art. 7:10 lid 2", "verzoek om een verzuim te herstellen"),
        ("counted", "2026-07-27", "2026-08-30", "Awb art. 7:10", ""),
        ("adjourned", "2026-08-31", "2026-09-09", "Awb art. 7:10 lid 3", ""),
        ("suspended", "2026-09-10", "2026-09-11", "Awb art. 4:15 lid 2 onder c", "overmacht"),
        ("adjourned", "2026-09-12", "2026-09-22", "Awb art. 7:10 lid 3", ""),
        ("adjourned", "2026-09-23", "2026-09-29", "Awb art. 7:10 lid 4", ""),
    ]
    assert found.ends == day("2026-09-29")


def test_the_first_penalty_day_is_the_day_on_which_the_two_weeks_have_passed(due: Due) -> None:
    assert stretches(due("awb-4-17-3", "2026-08-03")) == [
        ("counted", "2026-08-04", "2026-08-17", "Awb art. 4:17 lid 3", ""),
        ("lapsed", "2026-08-18", "2026-08-18", "Awb art. 4:17 lid 3", ""),
    ]


def test_the_explanation_is_plain_data_for_programs(due: Due) -> None:
    data = due("wgs-4a-3", "2026-03-02", length=8).explanation.as_data()

    assert json.loads(json.dumps(data)) == data
    assert data["ends"] == "2026-04-27"
    assert data["other_readings"] == [{"switches": ["atw_on_ordinance_term"], "ends": "2026-04-28"}]
    assert data["notes"] == [{"code": "source_not_extended", "article": "Atw art. 1 lid 1 en art. 5", "day": None}]


def test_the_english_text_shows_days_articles_and_the_other_date(due: Due) -> None:
    text = explain_text(due("wgs-4a-3", "2026-03-02", length=8).explanation)

    assert text.splitlines() == [
        "Besluit over plan van aanpak of weigering (wgs-4a-3, Wgs art. 4a lid 3 en de verordening): 8 weeks",
        "  trigger    Mon 2026-03-02  eerste gesprek; the next day is day 1",
        "  counted    Tue 2026-03-03 to Mon 2026-04-27 (56 days)  Wgs art. 4a lid 3 en de verordening",
        "  note       The last day is free, but the Atw covers only terms in a wet or amvb (Atw art. 1 lid 1 en art. 5)",
        "  ends       Mon 2026-04-27",
        "  otherwise  Tue 2026-04-28  contested, atw_on_ordinance_term: the term is set by ordinance, so the Atw does "
        "not apply / the Atw applies to this term as well (Wgs art. 4a lid 3)",
    ]


def test_the_dutch_text_is_short_sentences_with_dates_written_out(due: Due) -> None:
    found = due(
        "awb-4-13-2",
        "2026-06-01",
        suspensions=[
            Suspension("4:15-1-a", asked=day("2026-06-10"), set_term=day("2026-06-24"), done=day("2026-06-16"))
        ],
    )

    assert explain_dutch(found.explanation).splitlines() == [
        "Redelijke beslistermijn (Awb art. 4:13 lid 2).",
        "De termijn is 8 weken.",
        "De termijn hoort bij: ontvangst van de aanvraag. Dat was op maandag 1 juni 2026. We tellen vanaf de dag erna.",
        "De termijn stond 5 dagen stil, van donderdag 11 juni 2026 tot en met maandag 15 juni 2026: "
        "uitnodiging om de aanvraag aan te vullen (Awb art. 4:15 lid 1 onder a).",
        "De termijn eindigt op een vrije dag: zaterdag 1 augustus 2026 (zaterdag, Atw art. 1 lid 1).",
        "De termijn loopt door op zondag 2 augustus 2026 (zondag, Atw art. 1 lid 1).",
        "De termijn loopt door op maandag 3 augustus 2026 (eerste dag die niet vrij is, Atw art. 1 lid 1).",
        "De laatste dag is maandag 3 augustus 2026.",
    ]


def test_what_had_no_effect_is_told_too(due: Due) -> None:
    found = due(
        "awb-7-10",
        "2026-07-13",
        suspensions=[
            Suspension("4:15-2-c", from_=day("2026-09-01"), until=day("2026-09-04")),
            Suspension("7:10-2", asked=day("2026-07-20"), set_term=day("2026-08-03"), done=day("2026-07-21")),
        ],
        adjournments=[Adjournment(6, on=day("2026-08-26"))],
    )

    assert [(note.code, note.day) for note in found.explanation.notes] == [
        ("suspension_after_term", day("2026-09-01")),
        ("suspension_without_days", day("2026-07-21")),
        ("adjournment_after_term", day("2026-08-26")),
    ]


def test_every_rule_that_counts_in_days_can_be_explained_in_both_languages(due: Due) -> None:
    for rule in law().rules:
        if rule.length is None or str(rule.unit) == "hours":
            continue
        trigger = rule.valid.last or max(rule.valid.first, day("2026-03-02"))
        found = due(rule.id, trigger.isoformat(), length=rule.length.count if rule.bounds else None)
        assert found.ends.isoformat() in explain_text(found.explanation)
        assert rule.name in explain_dutch(found.explanation)


def test_both_languages_know_the_same_notes() -> None:
    assert DUTCH_NOTES.keys() == ENGLISH_NOTES.keys()


def test_every_day_of_a_term_appears_once(due: Due) -> None:
    found = due(
        "awb-4-13-2",
        "2026-06-01",
        suspensions=[Suspension("4:15-2-a", from_=day("2026-07-14"), until=day("2026-07-27"))],
    )
    days = [each[0] for each in found.explanation.days()]

    assert days == [
        date.fromordinal(n) for n in range(day("2026-06-02").toordinal(), day("2026-08-10").toordinal() + 1)
    ]
    assert found.explanation.count(Kind.COUNTED) == 56

"""A meeting of a group, said once, in the file of every participant: page, command line and what refuses (M6-A06)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from schuldhulp.engine.case.world import CIVIL
from schuldhulp.tasks import work
from schuldhulp.tasks.access import NotYourRole, Person
from schuldhulp.tasks.group_meetings import Attendance, BadMeeting, Meeting, Recorded, participants, record_meeting
from tests.journeys.playing import part
from tests.web.conftest import Browser, standing
from tests.web.organisation import SYSTEM, Organisation

Login = Callable[[str], Browser]
MONDAY = datetime(2026, 4, 1, 9, tzinfo=CIVIL)
GROUP = b"{naam: Groep maandag, soort: groepsintake, plaatsen: 2, begeleiders: [Saar]}"
REGISTER = b"- {key: groepen, value: [" + GROUP + b"], valid_from: 2026-01-01}"


@pytest.fixture
def organisation(organisation: Organisation) -> Organisation:
    """The organisation with the processes that ship and one group of two places in its register."""
    organisation.engine.deploy({**part("groepsbijeenkomst", "M6"), "rules/parameters.yaml@local": REGISTER}, SYSTEM)
    return organisation


def someone(organisation: Organisation, login: str, role: str) -> Person:
    return Person(organisation.people[login], login, login.capitalize(), (role,))


def waiting(organisation: Organisation, name: str) -> str:
    """A case whose inventory waits for the group intake."""
    engine, by = organisation.engine, organisation.actor("karim", "sociaal_werker")
    start = {
        "client_naam": name,
        "client_adres": "Testlaan 4",
        "client_postcode": "9999 ZZ",
        "client_woonplaats": "Voorbeeldstad",
        "werkbare_vraag": "Overzicht",
    }
    case = work.open_with_values(engine, "M6", start, by).case.number
    task = next(number for number, task in engine.case(case).tasks.items() if task.name == "Papieren ordenen")
    engine.claim(case, task, by)
    values = {
        "inventarisatie_start": "2026-04-01",
        "inventarisatie_plaats": "groep",
        "ordening": "deels",
        "contact_op": "2026-04-01T08:00+02:00",
        "contact_kanaal": "telefoon",
        "contact_minuten": 10,
    }
    work.complete_with_values(engine, case, task, values, by)
    return case


def sent(browser: Browser, **fields: Any) -> str:
    """The form in which a meeting is recorded, filled in."""
    browser.see("/groepen")
    (form,) = (one for one in browser.tree.forms if one.method == "POST" and one.action == "/groepen")
    inputs = {one.get("name"): standing(one) for one in form.iter("input", "select") if one.get("name")}
    given = {name.replace("__", "."): value for name, value in fields.items()}
    browser.page = browser.client.post("/groepen", data={**inputs, **given})
    return browser.text


def names_of_tasks(organisation: Organisation, case: str) -> set[str]:
    return {task.name for task in organisation.engine.case(case).tasks.values()}


def recorded(organisation: Organisation, *attending: Attendance, group: str = "Groep maandag") -> list[Recorded]:
    meeting = Meeting(group, "groepsintake", MONDAY, 90, "Saar")
    return list(
        record_meeting(organisation.engine, someone(organisation, "karim", "sociaal_werker"), meeting, attending)
    )


@pytest.mark.shows("M6-A06")
def test_one_meeting_goes_into_the_file_of_each_participant_and_moves_their_inventory_on(
    organisation: Organisation,
) -> None:
    here, course, away = (waiting(organisation, name) for name in ("Anna Eén", "Bert Twee", "Cato Drie"))

    found = recorded(
        organisation,
        Attendance(here, True, note="Mist een jaaropgave"),
        Attendance(course, True, course=True),
        Attendance(away, False),
    )

    assert [one.error for one in found] == [None, None, None]
    assert names_of_tasks(organisation, here) >= {"Gegevens invoeren"}
    assert names_of_tasks(organisation, course) >= {"Aanmelden voor geldcursus"}
    assert names_of_tasks(organisation, away) >= {"Eigen afspraak maken"}
    assert "Anna" not in json.dumps(organisation.engine.case(course).data, default=str), (
        "names of others stay out of a file"
    )


def test_a_case_that_refuses_does_not_stop_the_others_and_saying_it_again_mends_the_rest(
    organisation: Organisation,
) -> None:
    here = waiting(organisation, "Anna Eén")
    first = recorded(organisation, Attendance("2026-999999", True), Attendance(here, True))
    assert [one.error is None for one in first] == [False, True]
    late = waiting(organisation, "Bert Twee")

    again = recorded(organisation, Attendance(here, True), Attendance(late, True))

    assert "staat al in dit dossier" in str(again[0].error)
    assert again[1].error is None


@pytest.mark.parametrize(
    ("attending", "said"),
    [
        ((), "nobody is named"),
        ((Attendance("1", True), Attendance("1", False)), "named more than once: 1"),
        (tuple(Attendance(str(n), True) for n in range(41)), "at most 40"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused_before_anything_is_recorded(
    organisation: Organisation, attending: Any, said: str
) -> None:
    with pytest.raises(BadMeeting, match=said):
        recorded(organisation, *attending)


def test_more_people_than_places_and_an_unknown_group_are_refused_in_every_case(organisation: Organisation) -> None:
    cases = [waiting(organisation, name) for name in ("Anna Eén", "Bert Twee", "Cato Drie")]

    crowded = recorded(organisation, *(Attendance(case, True) for case in cases))
    unknown = recorded(organisation, Attendance(cases[0], True), group="Groep zondag")

    assert all("M7-X05" in str(one.error) for one in crowded)
    assert "M7-A12" in str(unknown[0].error)


def test_only_who_leads_groups_sees_participants(organisation: Organisation) -> None:
    case = waiting(organisation, "Anna Eén")
    engine = organisation.engine

    assert [
        one.case for one in participants(engine, someone(organisation, "karim", "sociaal_werker"), "groepsintake")
    ] == [case]
    with pytest.raises(NotYourRole):
        participants(engine, someone(organisation, "noor", "besluitnemer"), "groepsintake")


@pytest.mark.shows("M6-A06")
def test_the_page_shows_who_waits_and_says_what_became_of_each(organisation: Organisation, log_in: Login) -> None:
    here = waiting(organisation, "Anna Eén")
    karim = log_in("karim")
    text = karim.see("/groepen")
    assert "Anna Eén" in text
    assert "Groep maandag" in text

    answers = {"groep": "Groep maandag", "dag": "01-04-2026", "uur": "09:00", "minuten": "90"}
    assert "Kies bij minstens één deelnemer" in sent(karim, **answers)
    assert "Vul de dag en het uur in" in sent(karim, **{**answers, "dag": "gisteren"})

    text = sent(karim, **answers, **{f"was__{here}": "ja"})

    assert "Vastgelegd in 1 dossier." in text
    assert names_of_tasks(organisation, here) >= {"Gegevens invoeren"}

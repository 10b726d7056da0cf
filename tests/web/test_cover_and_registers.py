"""Absence cover, registers with the preconditions that rest on them, and the organisation's own look."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from schuldhulp.engine.case.errors import NotAllowed, TaskClaimedByOther
from schuldhulp.engine.handle import BadCover
from schuldhulp.engine.model import facts as f
from schuldhulp.tasks.access import person
from schuldhulp.tasks.covering import covers, reassign_all
from schuldhulp.tasks.inbox import inbox
from tests.engine.case.sample import FILES
from tests.web.conftest import Browser
from tests.web.organisation import HELP, HELP_FILES, SYSTEM, Organisation

Login = Callable[[str], Browser]
FIRST, LAST = date(2026, 4, 7), date(2026, 4, 10)
REGISTERS = b"""
convenanten: {label: Convenanten, about: Met wie we werken, name: partner, until: tot,
  fields: {partner: {type: text, label: Partner, required: true}, tot: {type: date, label: Tot en met}}}
"""
CONDITIONS = b"""<camunda:property name="title" value="Praktische hulp"/>
<camunda:property name="precondition.start"
 value="M4-R06 | register | count(p.convenanten) > 0 | Er zijn geen afspraken met partners."/>
<camunda:property name="precondition.start"
 value="M4-R02 | register | count(p.bestaat_niet) > 0 | Budgetbeheer is niet geregeld."/>
<camunda:property name="precondition.start"
 value="M4-R01 | waarschuw | dreiging = &quot;geen&quot; | Er is een dreiging."/>"""
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def with_registers(organisation: Organisation, entries: str, **more: bytes) -> None:
    files: Mapping[str, bytes] = {
        **FILES,
        **HELP_FILES,
        "processes/M4/M4.bpmn": HELP.replace(b'<camunda:property name="title" value="Praktische hulp"/>', CONDITIONS),
        "rules/registers.yaml": REGISTERS,
        "rules/parameters.yaml@local": f"- {{key: convenanten, value: {entries}, valid_from: 2026-01-01}}".encode(),
        **more,
    }
    organisation.engine.deploy(files, SYSTEM)


def cover(organisation: Organisation, away: str, by: str | None, first: date = FIRST, last: date = LAST) -> None:
    people = organisation.people
    organisation.engine.name_cover(
        people[away], people[by] if by else None, first, last, organisation.actor(away, "sociaal_werker")
    )


def someone(organisation: Organisation, login: str) -> Any:
    found = person(organisation.engine, organisation.people[login])
    assert found is not None
    return found


def test_a_cover_sees_the_tasks_of_an_absent_colleague_and_takes_one_over(
    organisation: Organisation, log_in: Login
) -> None:
    case = organisation.start_help()
    noor = log_in("noor")
    assert "Waarneming <" not in noor.see("/taken")
    karim = log_in("karim")
    karim.see("/waarneming")
    karim.send("/waarneming", wie=str(organisation.people["noor"]), van="07-04-2026", tot="10-04-2026")
    assert "De waarneming is vastgelegd." in karim.text

    assert f"/zaken/{case}/taken/2" in noor.see("/taken?lijst=waarneming")
    organisation.engine.claim(case, 2, organisation.actor("noor", "sociaal_werker"))

    assert organisation.engine.case(case).tasks[2].claimed_by == organisation.people["noor"]
    (taken,) = [one.fact for one in organisation.engine.facts(case) if isinstance(one.fact, f.TaskAssigned)]
    assert taken.personal[f.DOSSIER] == {"reason": "waarneming"}
    assert inbox(organisation.engine, someone(organisation, "noor")).counts["cover"] == 0
    assert organisation.engine.verify(case) == []


def test_nobody_takes_over_outside_the_days_without_the_role_or_after_it_was_taken_back(
    organisation: Organisation,
) -> None:
    case, engine = organisation.start_help(), organisation.engine
    noor = organisation.actor("noor", "sociaal_werker")
    cover(organisation, "karim", "noor", date(2026, 4, 8), LAST)
    with pytest.raises(TaskClaimedByOther):
        engine.claim(case, 2, noor)
    cover(organisation, "karim", "bo")
    with pytest.raises(NotAllowed):
        engine.claim(case, 2, organisation.actor("bo", "vrijwilliger"))
    cover(organisation, "karim", "noor")
    cover(organisation, "karim", None)
    with pytest.raises(TaskClaimedByOther):
        engine.claim(case, 2, noor)
    assert covers(engine) == ()


@pytest.mark.parametrize(
    ("away", "by", "first", "last"),
    [("karim", "karim", FIRST, LAST), ("karim", "noor", LAST, FIRST)],
)
def test_a_cover_that_makes_no_sense_is_refused(
    organisation: Organisation, away: str, by: str, first: date, last: date
) -> None:
    with pytest.raises(BadCover):
        cover(organisation, away, by, first, last)


def test_only_the_team_leader_names_the_cover_of_another(organisation: Organisation, log_in: Login) -> None:
    people, engine = organisation.people, organisation.engine
    with pytest.raises(NotAllowed):
        engine.name_cover(people["karim"], people["noor"], FIRST, LAST, organisation.actor("noor", "sociaal_werker"))
    tess = log_in("tess")
    tess.see("/waarneming")
    tess.send("/waarneming", voor=str(people["karim"]), wie=str(people["noor"]), van="2026-04-07", tot="2026-04-10")
    (line,) = covers(engine)
    assert (line.name, line.by_name, line.now) == ("Karim Bakker", "Noor Visser", True)
    tess.send("/waarneming")  # the first form of the page: stop
    assert covers(engine) == ()
    tess.send("/waarneming", wie="", van="morgen", tot="")
    assert tess.status == 422


def test_the_team_leader_hands_over_everything_and_the_client_is_told(
    organisation: Organisation, log_in: Login
) -> None:
    case, other = organisation.start_help(), organisation.start_help()
    cover(organisation, "noor", "karim")  # has nothing to do with it
    tess = log_in("tess")
    tess.see("/waarneming")
    people = organisation.people
    fields = {"wie_weg": str(people["karim"]), "naar": str(people["noor"]), "reden": "langdurig ziek"}
    tess.send("/waarneming/overdragen", **fields)

    assert "2 taken in 2 zaken overgedragen aan Noor Visser." in tess.text
    for number in (case, other):
        held = [one for one in organisation.engine.case(number).tasks.values() if one.claimed_by == people["noor"]]
        assert [one.kind for one in held] == ["user", "notice"]
        assert held[1].name == "Cliënt vertellen wie de contactpersoon is"
    assert "Taken overgedragen aan een collega" in tess.see(f"/zaken/{case}")
    assert organisation.engine.verify(case) == []


def test_a_case_stays_when_the_colleague_lacks_the_role(organisation: Organisation) -> None:
    case = organisation.start_help()
    leader = organisation.actor("tess", "teamleider")
    giver, bo = someone(organisation, "karim"), someone(organisation, "bo")
    (kept,) = reassign_all(organisation.engine, giver, bo, "ziek", leader)
    assert (kept.case, kept.tasks, kept.refused) == (case, 0, "bo is not sociaal_werker")
    with pytest.raises(NotAllowed):
        organisation.engine.reassign(
            case, giver.account, bo.account, "ziek", organisation.actor("noor", "sociaal_werker")
        )


def test_preconditions_of_a_module_are_kept_and_shown_and_stop_nothing(
    organisation: Organisation, log_in: Login
) -> None:
    with_registers(organisation, "[]")
    case = organisation.start_help()
    noted = [one.fact for one in organisation.engine.facts(case) if isinstance(one.fact, f.RegisterNoted)]
    assert [(one.requirement, one.level, one.holds) for one in noted] == [
        ("M4-R06", "register", False),
        ("M4-R02", "register", None),
        ("M4-R01", "waarschuw", True),
    ]
    page = log_in("karim").see(f"/zaken/{case}?module=2")
    assert "Niet geregeld: Er zijn geen afspraken met partners." in page
    assert "Kon niet worden nagegaan: Budgetbeheer is niet geregeld." in page
    assert "Voorwaarde M4-R06 is niet geregeld" in log_in("adam").see(f"/zaken/{case}?alles=1&reden=controle")
    assert organisation.engine.verify(case) == []


def test_a_running_case_sees_an_agreement_that_was_made_after_it_began(organisation: Organisation) -> None:
    with_registers(organisation, "[]")
    case = organisation.open_case()
    with_registers(organisation, "[{partner: Corporatie}]")
    organisation.engine.start_module(case, "M4", {}, organisation.actor("karim", "sociaal_werker"))
    noted = [one.fact for one in organisation.engine.facts(case) if isinstance(one.fact, f.RegisterNoted)]
    assert noted[0].holds is True


def test_the_page_of_registers_shows_what_is_missing_and_over_to_who_oversees(
    organisation: Organisation, log_in: Login
) -> None:
    with_registers(
        organisation, "[{partner: Oude corporatie, tot: 2026-03-31}, {partner: Corporatie, tot: 2026-05-01}]"
    )
    page = log_in("tess").see("/registers")
    assert re.search(r"Oude corporatie.*?<strong>Verlopen</strong>.*?31-03-2026", page, re.S)
    assert re.search(r"Corporatie</td>|Corporatie\b.*?Verloopt binnenkort", page, re.S)
    assert "2 regels, waarvan 1 verlopen of oud" in page
    with_registers(organisation, "[]")
    page = log_in("tess").see("/registers")
    assert "Hier staat niets dat vandaag geldt." in page
    assert "M4, M4-R06: Er zijn geen afspraken met partners." in page
    saar = log_in("saar")
    saar.see("/registers")
    assert saar.status == 403
    assert "/registers" not in saar.see("/taken")


def test_the_pages_bear_the_name_colours_and_logo_of_the_organisation(
    organisation: Organisation, log_in: Login
) -> None:
    settings = b'naam: gemeente Proefstad\nthema: {hoofdkleur: "#005f56", logo: theme/logo.svg}\n'
    more = {
        "organisation.yaml@local": settings,
        "theme/logo.svg@local": LOGO,
        "theme/theme.css@local": b".card { color: red }",
    }
    with_registers(organisation, "[]", **more)
    karim = log_in("karim")
    page = karim.see("/taken")
    assert "<span>Schuldhulp gemeente Proefstad</span>" in page
    (style,) = re.findall(r'href="(/thema/[^"]*)"', page)
    (logo,) = re.findall(r'src="(/thema/[^"]*)"', page)
    sheet = karim.see(style)
    assert "--sh-brand: #005f56" in sheet
    assert ".card { color: red }" in sheet
    assert karim.see(logo).encode() == LOGO
    assert karim.page is not None
    assert "sandbox" in karim.page.headers["content-security-policy"]
    assert style in karim.client.get("/inloggen", headers={"cookie": ""}).text
    karim.see("/thema/0000000000000000/logo.svg")
    assert karim.status == 404

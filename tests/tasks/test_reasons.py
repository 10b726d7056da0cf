"""Reasons of a decision, drafted from the tables that led to it; nothing is decided with them before a person takes them over."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.case.errors import PreconditionFailed
from schuldhulp.engine.definitions.check import check_files
from schuldhulp.engine.definitions.find import read_files
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks.access import person_by_login
from schuldhulp.tasks.forms import view
from schuldhulp.tasks.forms.view import questions_of
from schuldhulp.tasks.motivation import ANNOTATION, REASONS
from schuldhulp.tasks.work import complete_with_values, open_with_values, preview_letters, see_task
from schuldhulp.web.app import create_app
from schuldhulp.web.visitors import COOKIE

SYSTEM = Actor(account=0, role="systeem", program="test")
PEOPLE = {"vera": "aanmeldmedewerker", "saar": "sociaal_werker", "bo": "besluitnemer"}
START = {
    "aangemeld_op": "2026-06-01 09:00", "aangemeld_door": "Uma Uitgedacht", "aangemeld_door_functie": "zelf",
    "client_naam": "Uma Uitgedacht", "client_adres": "Testweg 1", "client_postcode": "9999 ZZ",
    "client_woonplaats": "Voorbeeldstad", "aanmelding_reden": "Schulden", "dreiging": "geen", "vraagtype": "schuldhulp",
}  # fmt: skip
CALLED = {"contact_kanaal": "telefoon", "contact_minuten": 5, "contact_bereikt": False}
SIGNED = {"besluit_genomen_door": "Bo Besluit", "mandaat_grondslag": "Mandaatbesluit 2026", "mandaat_datum": "2026-01-05"}
DRAFT = "Er is een reden om u geen hulp te geven: De cliënt werkt niet mee"


class Desk:
    """An engine whose clock is turned by hand, and a case that is worked on by the names of tasks."""

    def __init__(self, folder: Path) -> None:
        self.now = datetime(2026, 6, 1, 7, 0, tzinfo=UTC)
        settings = Settings(f"sqlite:///{folder / 'proef.db'}", folder / "proef.keys", synchronous="OFF")
        self.engine: Engine = open_engine(settings, lambda: self.now)
        self.engine.deploy(read_files(), SYSTEM)
        for login, role in PEOPLE.items():
            self.engine.put_account(login, login.title(), [role], SYSTEM)
        self.case = open_with_values(self.engine, "M5", START, self.by("vera")).case.number

    def by(self, login: str) -> Actor:
        return person_by_login(self.engine, login).actor()

    def task(self, name: str) -> int:
        open_now = {task.name: task.task for task in self.engine.case(self.case).tasks.values()}
        assert name in open_now, open_now
        return open_now[name]

    def do(self, day: int, login: str, name: str, **values: Any) -> None:
        self.now = datetime(2026, 6, day, 9, 0, tzinfo=UTC)
        complete_with_values(self.engine, self.case, self.task(name), values, self.by(login))

    def drafted(self, name: str, login: str) -> dict[str, str]:
        """What the form of a task says when it is opened."""
        shown = see_task(self.engine, self.case, self.task(name), self.by(login))
        assert shown.form is not None
        return {one.name: one.text for one in questions_of(view(shown.form, None, (), shown.context).parts)}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A refusal, heard and weighed, that waits for whoever decides."""
    at = Desk(tmp_path_factory.mktemp("redenen"))
    at.do(1, "vera", "Aanmelding afronden", behandelaar="Saar", afspraak_op="2026-06-08 10:00", afspraak_plaats="Kantoor",
          vervolgstappen="Een gesprek", wachttijd_weken=1)  # fmt: skip
    at.do(8, "saar", "Intakegesprek voeren", verschenen=False, contact_op="2026-06-08 10:00", contact_kanaal="kantoor",
          contact_minuten=0)  # fmt: skip
    at.do(9, "saar", "Opnieuw contact zoeken", contact_op="2026-06-09 10:00", **CALLED)
    at.do(10, "saar", "Opnieuw contact zoeken", contact_op="2026-06-10 10:00", contact_kanaal="huisbezoek", contact_minuten=30,
          contact_bereikt=False)  # fmt: skip
    at.do(11, "saar", "Vervolg zonder contact kiezen", vertraging_client=True, vertraging_reden="Niet bereikt",
          weigeringsgrond=True, weigeringsgrond_uitleg="De cliënt werkt niet mee")  # fmt: skip
    at.do(12, "saar", "Zienswijze vragen (L19)", zienswijze_gepland_op="2026-06-19 10:00", zienswijze_plaats="Kantoor",
          voorgenomen_besluit="Wij willen uw aanvraag afwijzen.")  # fmt: skip
    at.do(19, "saar", "Zienswijze vastleggen", gehoord_op="2026-06-19 10:00", gehoord_door="Saar", zienswijze="Geen.")
    at.do(19, "saar", "Belangen afwegen", afweging="Geen bijzondere omstandigheden.", weging_uitkomst="blijft")
    at.now = datetime(2026, 6, 22, 9, 0, tzinfo=UTC)
    return at


def test_who_decides_sees_reasons_drafted_from_the_rule_that_matched(desk: Desk) -> None:
    assert desk.drafted("Afwijzing besluiten (L05a)", "bo")[REASONS] == DRAFT
    assert REASONS not in desk.engine.case(desk.case).data


def test_a_decision_without_reasons_of_a_person_is_refused_also_when_there_is_a_draft(desk: Desk) -> None:
    with pytest.raises(PreconditionFailed, match="C-W08"):
        complete_with_values(desk.engine, desk.case, desk.task("Afwijzing besluiten (L05a)"), SIGNED, desk.by("bo"))


def test_the_draft_stands_in_the_letter_that_is_shown_before_it_is_sent(desk: Desk) -> None:
    task = desk.task("Afwijzing besluiten (L05a)")
    letter = preview_letters(desk.engine, desk.case, task, desk.by("bo"), {**SIGNED, REASONS: DRAFT})["L05a"]
    assert DRAFT in letter.text
    desk.engine.claim(desk.case, task, desk.by("bo"))
    raw = {key: [str(value)] for key, value in {**SIGNED, REASONS: "Mijn eigen woorden."}.items()}
    bo = person_by_login(desk.engine, "bo")
    desk.engine.start_session("sessie-van-bo", bo.account)
    client = TestClient(create_app(desk.engine), base_url="http://schuldhulp.test", headers={"sec-fetch-site": "same-origin"})
    client.cookies.set(COOKIE, "sessie-van-bo")
    page = client.get(f"/zaken/{desk.case}/taken/{task}").text
    assert DRAFT in page
    desk.engine.save_draft(desk.case, task, bo.account, 0, {"raw": raw, "letters": {}, "seen": None})
    page = client.get(f"/zaken/{desk.case}/taken/{task}").text
    assert 'name="brief_tekst:L05a"' in page
    assert page.count("Mijn eigen woorden.") >= 2


def test_every_rule_of_every_table_says_in_plain_dutch_why() -> None:
    files = {path: data for path, data in read_files().items() if path.startswith("rules/tables/D") and path.endswith(".dmn")}
    assert len(files) == 26
    namespace = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
    for path, data in files.items():
        table = next(ElementTree.fromstring(data).iter(f"{namespace}decisionTable"))
        column = [each.get("name") for each in table.iter(f"{namespace}annotation")].index(ANNOTATION)
        for rule in table.iter(f"{namespace}rule"):
            text = rule.findall(f"{namespace}annotationEntry")[column].findtext(f"{namespace}text") or ""
            assert re.fullmatch(r"[A-Z].{15,230}[.}]+", text), (path, rule.get("id"), text)


def test_the_proposed_modules_come_with_their_reasons_which_go_into_the_plan_as_the_worker_left_them(tmp_path: Path) -> None:
    at = Desk(tmp_path)
    at.do(1, "vera", "Aanmelding afronden", behandelaar="Saar", afspraak_op="2026-06-08 10:00", afspraak_plaats="Kantoor",
          vervolgstappen="Een gesprek", wachttijd_weken=1)  # fmt: skip
    at.do(8, "saar", "Intakegesprek voeren", verschenen=True, contact_op="2026-06-08 10:00", contact_kanaal="kantoor",
          contact_minuten=60, contact_eerste_gesprek=True, doorlooptijd_weken=8, vraag_wie="Uma", vraag_wat="Schulden",
          vraag_betreft="Uma", vraag_geprobeerd="Niets", vraag_doel="Rust")  # fmt: skip
    at.do(8, "saar", "Vraag verhelderen", werkbare_vraag="Hoe krijg ik rust", screening_instrument="nibud",
          screening_op="2026-06-08", screening_uitkomst="Redelijk", schuldhulpvraag=True, administratie_op_orde=False,
          disciplines=0)  # fmt: skip
    drafted = at.drafted("Modules kiezen", "saar")["module_redenen"]
    assert drafted.startswith("De administratie is niet op orde.")
    assert "Er is een vraag om schuldhulp" in drafted
    at.do(8, "saar", "Modules kiezen", module_redenen="Eerst orde, dan een regeling.", gekozen_modules=["M5", "M4"],
          module_afwijking="Het overzicht is er al.")  # fmt: skip
    assert at.drafted("Plan opstellen", "saar")["plan_vervolgstappen"] == "Eerst orde, dan een regeling."


def test_a_limit_below_zero_in_the_table_of_the_budget_is_refused_by_the_check() -> None:
    own = b"- {key: krap_grens, value: '-1', valid_from: 2026-01-01}\n"
    found = check_files({**read_files(), "rules/parameters/99-proef.yaml": own})
    assert [one.code for one in found if one.severity == "error" and "D15" in str(one)] == ["dmn-unreachable", "dmn-overlap"]

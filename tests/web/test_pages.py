"""A caseworker's day, without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from schuldhulp.engine.case.tasks import Completion
from tests.engine.case.sample import FILES
from tests.web.conftest import Browser
from tests.web.organisation import HELP, HELP_FILES, SYSTEM, Organisation

Login = Callable[[str], Browser]
TWO_STEPS = (
    HELP.replace(b"<endEvent", b'<userTask id="Nazorg" camunda:candidateGroups="sociaal_werker"/><endEvent')
    .replace(b'targetRef="Einde"', b'targetRef="Nazorg"')
    .replace(b"</process>", b'<sequenceFlow id="h3" sourceRef="Nazorg" targetRef="Einde"/></process>')
)


def test_a_case_is_opened_claimed_kept_found_again_and_finished(organisation: Organisation, log_in: Login) -> None:
    saar = log_in("saar")
    saar.see("/zaken/nieuw")
    assert "Intake" in saar.text
    saar.see("/zaken/nieuw/M5")
    saar.send("/zaken/nieuw/M5", client_naam="Joris Voorbeeld", dreiging="", aangemeld_op="gisteren", actie="openen")
    assert saar.status == 422
    assert "Vul een datum in" in saar.text
    assert 'value="gisteren"' in saar.text, "what was typed is still there"
    saar.send("/zaken/nieuw/M5", client_naam="Joris Voorbeeld", dreiging="geen", aangemeld_op="07-04-2026", actie="openen")
    assert saar.status == 200
    case = saar.url.rpartition("/")[2]
    assert "De zaak is geopend." in saar.text

    karim = log_in("karim")
    assert "Gesprek voeren" in karim.see("/taken")
    task = re.search(rf'href="(/zaken/{case}/taken/\d+)"', karim.text)
    assert task is not None
    karim.see(task[1])
    assert "Niemand heeft deze taak" in karim.text
    karim.send(f"{task[1]}/oppakken")
    karim.send(task[1], gesprek_op="", inkomen="veel", vtlb="1.500", actie="bewaren")
    assert "Het concept is bewaard." in karim.text
    assert 'value="veel"' in log_in("karim").see(task[1])

    karim.see(task[1])
    karim.send(task[1], gesprek_op="07-04-2026", inkomen="1.750,50", vtlb="1.500", actie="afronden")
    assert karim.url == f"/zaken/{case}"
    assert "De taak is afgerond." in karim.text
    assert "Besluit over plan van aanpak" in karim.text, "the next term runs"
    assert organisation.engine.draft(case, 1, organisation.people["karim"]) is None


@pytest.mark.shows("C-E02")
def test_the_inbox_has_three_lists_with_the_most_urgent_first(organisation: Organisation, log_in: Login) -> None:
    organisation.open_case(name="Eerste Proef")
    organisation.later(days=3)
    organisation.open_case(name="Tweede Proef")
    karim = log_in("karim")
    text = karim.see("/taken?lijst=groep")
    assert text.index("Eerste Proef") < text.index("Tweede Proef") if "Eerste Proef" in text else True
    assert text.index("2026-000001") < text.index("2026-000002")
    assert "nog 1" in text
    found = karim.see("/taken?lijst=groep&zoek=000002")
    assert "2026-000002" in found
    assert "2026-000001" not in found
    assert "2026-000001" not in karim.see("/taken?lijst=groep&zoek=bestaat-niet")
    assert "Geen taken gevonden met dit filter." in karim.text


def test_rows_are_added_and_taken_away_without_losing_what_was_typed(organisation: Organisation, log_in: Login) -> None:
    case = organisation.open_case()
    karim = log_in("karim")
    url = f"/zaken/{case}/taken/1"
    karim.see(url)
    karim.send(f"{url}/oppakken")
    karim.send(url, inkomen="12", actie="rij-erbij:schulden")
    karim.send(url, inkomen="12", schulden="n1", schulden__n1__schuldeiser="Energie", actie="rij-erbij:schulden")
    assert 'value="Energie"' in karim.text
    assert 'name="schulden.n2.schuldeiser"' in karim.text
    karim.send(url, schulden=["n1", "n2"], schulden__n2__schuldeiser="Zorg", actie="rij-weg:schulden:n1")
    assert 'value="Energie"' not in karim.text
    assert 'value="Zorg"' in karim.text


def test_who_is_second_sees_who_was_first(organisation: Organisation, log_in: Login) -> None:
    case = organisation.open_case()
    url = f"/zaken/{case}/taken/1"
    karim, noor = log_in("karim"), log_in("noor")
    noor.see(url)
    karim.see(url)
    karim.send(f"{url}/oppakken")
    noor.send(f"{url}/oppakken")
    assert noor.status == 409
    assert "al opgepakt door Karim Bakker op 7 april 2026 om 10:00" in noor.text


def test_input_for_a_task_that_another_finished_is_kept_and_shown(organisation: Organisation, log_in: Login) -> None:
    case = organisation.open_case()
    url = f"/zaken/{case}/taken/1"
    karim, noor, tess = log_in("karim"), log_in("noor"), log_in("tess")
    noor.see(url)
    noor.send(f"{url}/oppakken")
    tess.see(url)
    tess.send(f"{url}/toewijzen", collega=str(organisation.people["karim"]), reden="Noor is ziek")
    karim.see(url)
    karim.send(url, gesprek_op="07-04-2026", actie="afronden")
    noor.send(url, gesprek_op="08-04-2026", inkomen="1.234,00", actie="afronden")
    assert noor.status == 409
    assert "al afgerond door Karim Bakker" in noor.text
    assert "1.234,00" in noor.text
    noor.see(url)
    assert noor.status == 410
    assert "1.234,00" in noor.text, "and it is still there later"


def test_a_datum_that_another_changed_is_shown_with_both_values(organisation: Organisation, log_in: Login) -> None:
    case = organisation.open_case()
    url = f"/zaken/{case}/taken/1"
    karim = log_in("karim")
    karim.see(url)
    karim.send(f"{url}/oppakken")
    organisation.later(minutes=1)
    organisation.engine.correct(case, {"inkomen": 2000}, "loonstrook gezien", organisation.actor("noor", "sociaal_werker"))
    karim.send(url, gesprek_op="07-04-2026", inkomen="1.750,50", actie="afronden")
    assert karim.status == 409
    assert "€ 2.000,00" in karim.text
    assert "€ 1.750,50" in karim.text
    assert 'value="1.750,50"' in karim.see(url), "the input is kept as a draft"
    karim.send(url, gesprek_op="07-04-2026", inkomen="1.750,50", actie="afronden")
    assert karim.url == f"/zaken/{case}", "with both values seen, it can be sent"


def test_a_precondition_that_blocks_says_why(organisation: Organisation, log_in: Login) -> None:
    case = organisation.open_case(threat="ontruiming")
    karim = log_in("karim")
    url = f"/zaken/{case}/taken/1"
    karim.see(url)
    karim.send(f"{url}/oppakken")
    karim.send(url, actie="afronden")
    assert karim.status == 422
    assert "Er is nog geen machtiging." in karim.text
    assert "M2-R05" in karim.text


def test_a_task_is_given_to_a_colleague_put_off_and_given_back(organisation: Organisation, log_in: Login) -> None:
    case = organisation.open_case()
    url = f"/zaken/{case}/taken/1"
    karim = log_in("karim")
    karim.see(url)
    karim.send(f"{url}/oppakken")
    karim.see(url)
    karim.send(f"{url}/toewijzen", collega=str(organisation.people["noor"]), reden="")
    assert "Schrijf in een paar woorden waarom." in karim.text
    karim.send(f"{url}/toewijzen", collega=str(organisation.people["noor"]), reden="met verlof")
    assert "aan uw collega gegeven" in karim.text
    noor = log_in("noor")
    assert "Gesprek voeren" in noor.see("/taken?lijst=mijn")
    noor.see(url)
    noor.send(f"{url}/uitstellen", tot="2026-04-13", reden="cliënt is ziek")
    assert "komt later terug" in noor.text
    assert url not in noor.see("/taken?lijst=mijn")
    organisation.later(days=6)
    assert url in log_in("noor").see("/taken?lijst=mijn")


def test_the_case_page_tells_where_the_case_is_in_words_and_on_the_diagram(organisation: Organisation, log_in: Login) -> None:
    case = organisation.open_case()
    karim = log_in("karim")
    text = karim.see(f"/zaken/{case}")
    assert "Gesprek voeren" in text
    assert "Urgentie bepalen" in text
    assert "Urgentietriage (D01)" in text
    assert "Zaak geopend" in text
    assert "&#34;id&#34;: &#34;Gesprek&#34;" in text, "the token is on the diagram"
    model = re.search(r'data-diagram="([^"]+)"', text)
    assert model is not None
    assert b"BPMNDiagram" in karim.client.get(model[1]).content


def test_a_decision_explains_itself(organisation: Organisation, log_in: Login) -> None:
    case = organisation.open_case(threat="ontruiming")
    karim = log_in("karim")
    found = re.search(r'href="(/zaken/[\d-]+/besluiten/\d+)"', karim.see(f"/zaken/{case}"))
    assert found is not None
    text = karim.see(found[1])
    assert "crisis" in text
    assert "Regel 1" in text
    assert "ontruiming" in text


def test_letters_are_read_on_the_page_of_the_case(organisation: Organisation, log_in: Login) -> None:
    case = organisation.open_case()
    karim = log_in("karim")
    assert "Bevestiging" in karim.see(f"/zaken/{case}")
    text = karim.see(f"/zaken/{case}/brieven/1")
    assert "Beste Joris Voorbeeld" in text
    assert "per post" in text


@pytest.mark.shows("C-E03")
def test_an_auditor_steps_through_a_case(organisation: Organisation, log_in: Login) -> None:
    case = organisation.open_case()
    karim = log_in("karim")
    url = f"/zaken/{case}/taken/1"
    karim.see(url)
    karim.send(f"{url}/oppakken")
    karim.send(url, gesprek_op="07-04-2026", inkomen="1.750,50", actie="afronden")
    adam = log_in("adam")
    last = adam.see(f"/zaken/{case}/terugkijken")
    assert "Stap 3 van 3" in last
    assert "‘Gesprek voeren’ afgerond" in last
    first = adam.see(f"/zaken/{case}/terugkijken?stap=1")
    assert "Stap 1 van 3" in first
    assert "Open taken" in first
    assert "€ 1.750,50" not in first, "what was not known then is not shown then"
    assert "Saar de Vries als aanmeldmedewerker" in first


@pytest.mark.shows("C-P01")
def test_who_does_not_work_in_a_case_needs_a_reason(organisation: Organisation, log_in: Login) -> None:
    case = organisation.open_case()
    bo = log_in("bo")
    bo.see(f"/zaken/{case}")
    assert bo.status == 403
    assert "Waarom moet u deze zaak toch inzien?" in bo.text
    assert "Joris" not in bo.text
    bo.see(f"/zaken/{case}?reden=waarneming")
    assert bo.status == 200
    assert any("waarneming" in read.purpose for read in organisation.engine.reads(case))


def test_what_is_not_there_gets_a_page_that_says_so(organisation: Organisation, log_in: Login) -> None:
    karim = log_in("karim")
    for url in ("/zaken/2026-999999", "/zaken/x/taken/1", "/bestaat-niet", "/zaken/2026-000001/taken/abc"):
        karim.see(url)
        assert karim.status == 404
        assert "Niet gevonden" in karim.text


def test_a_module_is_started_in_a_case(organisation: Organisation, log_in: Login) -> None:
    case = organisation.open_case()
    karim = log_in("karim")
    karim.see(f"/zaken/{case}")
    karim.send(f"/zaken/{case}/module", module="M4")
    assert "Helpen en schrijven" in karim.text
    assert "Praktische hulp" in karim.text


def test_a_warning_is_passed_with_a_reason_that_is_kept(organisation: Organisation, log_in: Login) -> None:
    case = organisation.start_help()
    url = f"/zaken/{case}/taken/2"
    karim = log_in("karim")
    karim.see(url)
    karim.send(url, dreiging="geen", actie="afronden")
    assert karim.status == 422
    assert "Er is nog geen inkomen bekend." in karim.text
    karim.send(url, reden="komt volgende week", actie="afronden")
    assert karim.url == f"/zaken/{case}"
    assert "komt volgende week" in karim.text


def test_a_letter_is_seen_edited_and_sent_as_it_was_left(organisation: Organisation, log_in: Login) -> None:
    case = organisation.start_help()
    url = f"/zaken/{case}/taken/2"
    karim = log_in("karim")
    text = karim.see(url)
    assert "Beste Joris Voorbeeld," in text
    karim.send(url, dreiging="geen", inkomen="900", **{"brief_tekst:L02": "Beste Joris,\n\nBel mij."},
               actie="bewaren")  # fmt: skip
    assert "Bel mij." in karim.see(url)
    karim.send(url, actie="afronden")
    assert karim.url == f"/zaken/{case}"
    assert "Bel mij." in karim.see(f"/zaken/{case}/brieven/2")


def test_a_letter_that_nobody_edited_is_made_from_the_answers(organisation: Organisation, log_in: Login) -> None:
    case = organisation.start_help()
    url = f"/zaken/{case}/taken/2"
    karim = log_in("karim")
    karim.see(url)
    karim.send(url, dreiging="geen", inkomen="900", actie="afronden")
    assert "Uw inkomen is € 900,00." in karim.see(f"/zaken/{case}/brieven/2")


def test_a_step_is_left_out_with_a_reason(organisation: Organisation, log_in: Login) -> None:
    case = organisation.start_help()
    url = f"/zaken/{case}/taken/2"
    karim = log_in("karim")
    karim.see(url)
    karim.send(f"{url}/overslaan", reden="al gedaan door een ander")
    assert "De stap is overgeslagen." in karim.text
    assert "al gedaan door een ander" in karim.see(f"/zaken/{case}")


def test_a_person_goes_back_to_an_earlier_step_with_a_reason(organisation: Organisation, log_in: Login) -> None:
    organisation.engine.deploy({**FILES, **HELP_FILES, "processes/M4/M4.bpmn": TWO_STEPS}, SYSTEM)
    case = organisation.start_help()
    karim = log_in("karim")
    assert "Terug naar een eerdere stap" not in karim.see(f"/zaken/{case}/taken/2"), "nothing was done yet"
    helper = organisation.actor("karim", "sociaal_werker")
    organisation.engine.complete(case, 2, Completion({"dreiging": "geen"}, reason="belt nog"), helper)
    url = f"/zaken/{case}/taken/3"
    assert "Terug naar een eerdere stap" in karim.see(url)
    assert "Helpen en schrijven (" in karim.text
    karim.send(f"{url}/terug", stap="Einde", reden="bestaat niet")
    assert karim.status == 422
    karim.see(url)
    karim.send(f"{url}/terug", stap="Helpen", reden="het inkomen klopte niet")
    assert "De zaak is terug bij een eerdere stap." in karim.text
    assert "het inkomen klopte niet" in karim.see(f"/zaken/{case}")
    assert [task.element for task in organisation.engine.case(case).tasks.values()][-1] == "Helpen"
    bo = log_in("bo")
    bo.see(f"/zaken/{case}?reden=kijken")
    assert "Terug naar een eerdere stap" not in bo.see(f"/zaken/{case}/taken/4")


def test_questions_follow_the_answers_without_javascript_too(organisation: Organisation, log_in: Login) -> None:
    case = organisation.start_help()
    url = f"/zaken/{case}/taken/2"
    karim = log_in("karim")
    assert "Machtiging" not in karim.see(url)
    karim.send(url, dreiging="ontruiming", inkomen="900", actie="afronden")
    assert karim.status == 422
    assert "zijn er vragen bijgekomen" in karim.text
    assert "Machtiging" in karim.text
    karim.send(url, actie="afronden")
    assert "Kies bij ‘Machtiging’ een antwoord." in karim.text


def test_an_auditor_gets_proof(organisation: Organisation, log_in: Login) -> None:
    case = organisation.open_case()
    text = log_in("adam").see(f"/zaken/{case}/terugkijken?bewijs=1")
    assert "Er is niets veranderd aan wat is vastgelegd." in text
    assert "Elk besluit van een tabel komt opnieuw hetzelfde uit." in text
    assert "Niet in orde" not in text


def test_list_and_count_never_disagree(organisation: Organisation, log_in: Login) -> None:
    for _ in range(3):
        organisation.open_case()
    organisation.engine.claim("2026-000001", 1, organisation.actor("karim", "sociaal_werker"))
    for login in ("karim", "noor", "tess", "adam", "bo"):
        person = log_in(login)
        for name in ("mijn", "groep", "alles"):
            text = person.see(f"/taken?lijst={name}")
            count = int(re.findall(rf'href="/taken\?lijst={name}" aria-current="page">.*?\(</span>(\d+)<', text, re.DOTALL)[0])
            assert text.count("data-row-link") == count, (login, name)


@pytest.mark.shows("C-W15")
def test_a_team_leader_sees_the_terms_of_all_cases_and_others_do_not(organisation: Organisation, log_in: Login) -> None:
    organisation.open_case(name="Eerste Proef")
    organisation.later(days=60)
    list(organisation.engine.tick(organisation.actor("tess", "teamleider")))
    leader = log_in("tess")

    text = leader.see("/termijnen")
    assert "Eerste gesprek na aanmelding" in text
    assert "te laat" in text
    assert "Eerste Proef" not in text, "case numbers only, no names"

    karim = log_in("karim")
    karim.see("/termijnen")
    assert karim.status == 403


def test_figures_of_a_period_are_a_page_and_a_file(organisation: Organisation, log_in: Login) -> None:
    case = organisation.open_case(name="Eerste Proef")
    leader = log_in("tess")
    today = organisation.engine.clock().date()

    text = leader.see(f"/cijfers?van={today}&tot={today}")
    assert "<svg class=\"plot\" role=\"img\"" in text
    assert "Gestart" in text
    assert "Eerste Proef" not in text
    assert case not in text
    file = leader.see(f"/cijfers.csv?van={today}&tot={today}")
    assert f"{today};{today};M5;started;;<5" in file
    assert "In deze periode liep er geen module." in leader.see("/cijfers?van=2001-01-01&tot=2001-03-31")

    karim = log_in("karim")
    karim.see("/cijfers")
    assert karim.status == 403


def test_running_threats_stand_on_one_page_that_says_when_it_is_old(organisation: Organisation, log_in: Login) -> None:
    karim = log_in("karim")
    text = karim.see("/dreigingen")
    assert "Er loopt geen crisishulp." in text
    state = re.findall(r"/dreigingen/stand\?sinds=(\w+)", text)[0]

    karim.see(f"/dreigingen/stand?sinds={state}")
    assert karim.status == 204
    karim.see("/dreigingen/stand?sinds=0")
    assert karim.status == 200

    noor = log_in("noor")
    noor.see("/dreigingen")
    assert noor.status == 403


def test_a_worker_takes_the_terms_into_a_calendar(organisation: Organisation, log_in: Login) -> None:
    organisation.open_case(name="Eerste Proef")
    karim = log_in("karim")
    task = re.search(r'href="(/zaken/[^"]*/taken/\d+)"', karim.see("/taken?lijst=groep"))
    assert task is not None
    karim.see(task[1])
    karim.send(f"{task[1]}/oppakken")

    feed = karim.see("/termijnen.ics")
    assert feed.startswith("BEGIN:VCALENDAR")
    assert "SUMMARY:" in feed
    assert "Proef" not in feed

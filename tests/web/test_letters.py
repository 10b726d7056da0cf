"""Letters in the browser: as PDF, with proof of sending; the post of a day in one print, marked with who printed it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from schuldhulp.engine.history import files
from schuldhulp.engine.model import facts as f
from tests.engine.printing.reading import seen
from tests.web.conftest import Browser
from tests.web.organisation import SYSTEM, Organisation

Login = Callable[[str], Browser]


def pdf_of(browser: Browser) -> bytes:
    assert browser.page is not None
    assert browser.page.headers["content-type"] == "application/pdf", browser.text[:300]
    return browser.page.content


def test_a_sent_letter_is_a_pdf_that_stays_the_same_bytes_in_the_file(organisation: Organisation, log_in: Login) -> None:
    case = organisation.open_case()
    karim = log_in("karim")
    karim.see(f"/zaken/{case}/brieven/1.pdf")
    before = pdf_of(karim)
    assert karim.page is not None
    assert karim.page.headers["content-disposition"] == f'attachment; filename="{case}-1-L01.pdf"'

    organisation.later(days=3)
    assert [failure for _, _, failure in organisation.engine.deliver("werker", SYSTEM)] == [None]
    karim = log_in("karim")
    karim.see(f"/zaken/{case}/brieven/1.pdf")

    assert pdf_of(karim) == before
    found = seen(before)
    assert (found.pdfa, found.pdfua, found.language) == ("2a", "1", "nl-NL")
    for words in ("7 april 2026", "6 mei 2026", f"{case}-1", "Joris Voorbeeld"):
        assert words in found.text
    filed = organisation.engine.letter(case, 1)
    assert filed.sha256 == hashlib.sha256(before).hexdigest()
    assert organisation.engine.verify(case) == []


def test_another_pdf_in_the_place_of_the_filed_one_is_found_out(organisation: Organisation) -> None:
    case = organisation.open_case()
    list(organisation.engine.deliver("werker", SYSTEM))
    with organisation.engine.store.begin() as log:
        files.save_document(log, f"case/{case}", 1, f.DOSSIER, "application/pdf", b"%PDF-1.7 een andere brief")

    (found,) = organisation.engine.verify(case)
    assert "the PDF of letter 1 is not the one that was filed" in str(found)


def test_an_erased_letter_has_no_pdf_and_the_file_still_verifies(organisation: Organisation, log_in: Login) -> None:
    case = organisation.open_case()
    list(organisation.engine.deliver("werker", SYSTEM))
    organisation.engine.erase(case, (f.DOSSIER,), "AVG 17", organisation.actor("tess", "teamleider"))
    tess = log_in("tess")
    tess.see(f"/zaken/{case}/brieven/1.pdf")

    assert tess.status == 422
    assert "gewist" in tess.text
    assert not [one for one in organisation.engine.verify(case) if one.level < 3], "chain and lists hold without the words"


def test_proof_of_sending_and_receipt_is_kept_with_the_letter(organisation: Organisation, log_in: Login) -> None:
    case = organisation.open_case()
    karim = log_in("karim")
    url = f"/zaken/{case}/brieven/1"
    karim.see(url)
    for words in ("Gemaakt uit L01, versie", "Saar de Vries", "Verstuurd, per post", "07-04-2026", "Joris Voorbeeld"):
        assert words in karim.text
    karim.send(f"{url}/bewijs", wat="received", dag="morgen")
    assert karim.status == 422
    assert "Vul een datum in" in karim.text
    karim.see(url)
    karim.send(f"{url}/bewijs", wat="received", dag="08-04-2026")
    assert karim.status == 422, "that day is still to come"

    organisation.later(days=2)
    karim = log_in("karim")
    karim.see(url)
    karim.send(f"{url}/bewijs", wat="received", dag="08-04-2026", toelichting="handtekening bij PostNL")
    assert karim.status == 200
    assert "Ontvangen" in karim.text
    assert "handtekening bij PostNL" in karim.text
    assert [(r.what, r.note) for r in organisation.engine.letter(case, 1).receipts] == [("received", "handtekening bij PostNL")]
    assert organisation.engine.verify(case) == []


def test_the_post_of_a_day_is_printed_once_and_shows_who_did_it(organisation: Organisation, log_in: Login) -> None:
    first, second = organisation.open_case(), organisation.open_case(name="Amira Fictief")
    saar = log_in("saar")
    saar.see("/post")
    assert "2 brieven, 2 nog af te drukken" in saar.text
    saar.send("/post/afdrukken")
    found = seen(pdf_of(saar))
    assert found.title == "Post van 07-04-2026"
    assert found.text.index("Joris Voorbeeld") < found.text.index("Amira Fictief")
    assert found.text.count("Pagina 1 van 1") == 2

    saar.see("/post?dag=07-04-2026")
    assert "2 brieven, 0 nog af te drukken" in saar.text
    assert "Afdrukken wat nog moet" not in saar.text
    saar.see(f"/zaken/{second}/brieven/1")
    assert "Afgedrukt, postlijst van 07-04-2026, nummer 2" in saar.text
    for case in (first, second):
        (printing,) = organisation.engine.letter(case, 1).printed
        assert printing.by == organisation.people["saar"]
        assert organisation.engine.verify(case) == []

    saar.see("/post?dag=07-04-2026")
    saar.send("/post/afdrukken", opnieuw="ja")
    assert seen(pdf_of(saar)).pages == 2
    assert len(organisation.engine.letter(first, 1).printed) == 1, "a second copy is no second sending"
    saar.see("/post?dag=08-04-2026")
    assert "Op deze dag ging er geen brief met de post." in saar.text


def test_who_is_not_of_the_post_room_sees_no_post(organisation: Organisation, log_in: Login) -> None:
    organisation.open_case()
    bo = log_in("bo")
    assert 'href="/post"' not in bo.see("/taken")
    bo.see("/post")
    assert bo.status == 403


def test_a_letter_can_be_seen_as_pdf_before_it_goes_with_the_words_that_were_typed(
    organisation: Organisation, log_in: Login
) -> None:
    case = organisation.start_help()
    karim = log_in("karim")
    url = f"/zaken/{case}/taken/2"
    karim.see(url)
    assert "Voorbeeld als PDF" in karim.text
    assert karim.page is not None
    fields = {
        "csrf": karim.text.partition('name="csrf" value="')[2].partition('"')[0],
        "brief": "L02",
        "brief_onderwerp:L02": 'Nieuw #panic("x")',
        "brief_tekst:L02": "Mijn eigen *woorden*.",
    }
    karim.page = karim.client.post(f"{url}/brief.pdf", data=fields)
    text = seen(pdf_of(karim)).text
    assert 'Nieuw #panic("x")' in text
    assert "Mijn eigen woorden." in text
    assert "Concept: deze brief is nog niet verstuurd." in text
    assert list(organisation.engine.letters(case)) == [1], "nothing was made or sent"

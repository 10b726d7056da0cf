"""Documents of a case in the browser: added, listed, opened, taken out, and put in a form without losing what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from schuldhulp.engine.case.errors import BadData
from schuldhulp.engine.case.papers.deciding import Description
from schuldhulp.engine.history.errors import StorageFull
from tests.engine.papers import samples
from tests.engine.papers.samples import JPEG, pdf
from tests.web.conftest import Browser
from tests.web.organisation import SHIPPED, Organisation

Enter = Callable[[str], Browser]
File = tuple[str, bytes, str]


@pytest.fixture
def case(organisation: Organisation) -> str:
    return organisation.open_case()


def upload(browser: Browser, url: str, files: list[File], **fields: str) -> str:
    """Fill in the form to add documents on the page that the browser is on, choose files, and send it."""
    (form,) = [form for form in browser.tree.forms if form.get("enctype") == "multipart/form-data"]
    assert form.action == url
    inputs = {one.get("name"): one.get("value", "") for one in form.iter("input") if one.get("type") != "file"}
    inputs |= {one.get("name"): "" for one in form.iter("select")}
    browser.page = browser.client.post(url, data={**inputs, **fields}, files=[("bestand", file) for file in files])
    return browser.text


def names(browser: Browser) -> list[str]:
    return [one.text_content() for one in browser.tree.xpath("//a[contains(@class, 'paper-name')]")]


@pytest.mark.shows("C-D10")
def test_several_documents_are_added_at_once_and_stand_in_the_list(log_in: Enter, case: str) -> None:
    karim = log_in("karim")
    karim.see(f"/zaken/{case}")
    assert "Nog geen documenten." in karim.text
    karim.see(f"/zaken/{case}/documenten")
    upload(
        karim, f"/zaken/{case}/documenten",
        [("loon mei.pdf", pdf("mei"), "text/html"), ("C:\\foto's\\kast.png", JPEG, "image/png")],
        van="Joris", ontvangen="02-03-2026", omschrijving="Post van Joris",
    )  # fmt: skip

    assert karim.url == f"/zaken/{case}/documenten"
    assert names(karim) == ["kast.png.jpg", "loon mei.pdf"]
    assert "Het document staat in het dossier." in karim.text
    assert "Post van Joris, van Joris, ontvangen 02-03-2026" in karim.text
    assert "Karim Bakker" in karim.text
    karim.see(f"/zaken/{case}")
    assert names(karim) == ["kast.png.jpg", "loon mei.pdf"]
    assert "Document 3: kast.png.jpg" in karim.text


def test_a_document_comes_back_as_it_went_in_and_never_as_a_page(
    log_in: Enter, organisation: Organisation, case: str
) -> None:
    karim = log_in("karim")
    karim.see(f"/zaken/{case}/documenten")
    upload(
        karim,
        f"/zaken/{case}/documenten",
        [('Lóón "mei".pdf', pdf(), "application/pdf"), ("foto.jpg", JPEG, "image/jpeg")],
    )

    answer = karim.client.get(f"/zaken/{case}/documenten/2")
    assert answer.content == pdf()
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith('attachment; filename="L__n')
    assert "filename*=UTF-8''L%C3%B3%C3%B3n%20" in answer.headers["content-disposition"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]

    picture = karim.client.get(f"/zaken/{case}/documenten/3/bekijken")
    assert picture.headers["content-disposition"].startswith("inline")
    assert "sandbox" in picture.headers["content-security-policy"]
    page = karim.client.get(f"/zaken/{case}/documenten/2/bekijken", follow_redirects=False)
    assert page.headers["location"] == f"/zaken/{case}/documenten/2"
    purposes = [read.purpose for read in organisation.engine.reads(case)]
    assert "documenten bekijken" in purposes


def test_who_opens_a_document_stands_in_the_read_log(log_in: Enter, organisation: Organisation, case: str) -> None:
    karim, adam = log_in("karim"), log_in("adam")
    karim.see(f"/zaken/{case}/documenten")
    upload(karim, f"/zaken/{case}/documenten", [("loon.pdf", pdf(), "application/pdf")])
    organisation.later(minutes=1)
    adam.see(f"/zaken/{case}/documenten/2")
    assert adam.status == 200
    found = [read for read in organisation.engine.reads(case) if read.purpose == "document 2 openen"]
    assert [read.account for read in found] == [organisation.people["adam"]]


def test_who_has_no_work_in_the_case_sees_and_adds_nothing(
    log_in: Enter, organisation: Organisation, case: str
) -> None:
    karim, bo, adam = log_in("karim"), log_in("bo"), log_in("adam")
    karim.see(f"/zaken/{case}/documenten")
    upload(karim, f"/zaken/{case}/documenten", [("loon.pdf", pdf(), "application/pdf")])
    for url in ("", "/2", "/2/bekijken"):
        bo.see(f"/zaken/{case}/documenten{url}")
        assert bo.status == 403
    bo.see("/taken")
    token = bo.tree.xpath("//input[@name='csrf']/@value")[0]
    sent = bo.client.post(
        f"/zaken/{case}/documenten", data={"csrf": token}, files=[("bestand", ("a.pdf", pdf("x"), ""))]
    )
    assert sent.status_code == 403
    assert len(organisation.engine.papers(case)) == 1
    adam.see(f"/zaken/{case}/documenten")
    assert "Toevoegen" not in adam.text
    token = adam.tree.xpath("//input[@name='csrf']/@value")[0]
    sent = adam.client.post(
        f"/zaken/{case}/documenten", data={"csrf": token}, files=[("bestand", ("a.pdf", pdf("x"), ""))]
    )
    assert sent.status_code == 422
    assert len(organisation.engine.papers(case)) == 1


def test_without_a_session_or_with_a_forged_token_nothing_is_even_read(
    log_in: Enter, organisation: Organisation, case: str
) -> None:
    karim = log_in("karim")
    files = [("bestand", ("a.pdf", pdf(), "application/pdf"))]
    forged = karim.client.post(f"/zaken/{case}/documenten", data={"csrf": "gok"}, files=files)
    assert forged.status_code == 403
    karim.client.cookies.clear()
    nobody = karim.client.post(f"/zaken/{case}/documenten", data={"csrf": "gok"}, files=files, follow_redirects=False)
    assert (nobody.status_code, nobody.headers["location"]) == (303, "/inloggen?naar=%2F")
    elsewhere = karim.client.post(f"/zaken/{case}/documenten", files=files, headers={"sec-fetch-site": "cross-site"})
    assert elsewhere.status_code == 403
    assert organisation.engine.papers(case) == []


def test_one_file_that_is_refused_does_not_keep_out_the_others(
    log_in: Enter, organisation: Organisation, case: str
) -> None:
    karim = log_in("karim")
    karim.see(f"/zaken/{case}/documenten")
    upload(
        karim, f"/zaken/{case}/documenten",
        [
            ("goed.pdf", pdf(), "application/pdf"),
            ("virus.pdf", b"MZ\x90\x00" + b"\x00" * 60, "application/pdf"),
            ("leeg.pdf", b"", "application/pdf"),
            ("pagina.pdf", b"<html><script>alert(1)</script></html>", "application/pdf"),
            ("macro.docx", samples.docx({"word/vbaProject.bin": b"x"}), ""),
            ("nog eens.pdf", pdf(), "application/pdf"),
            ("\"><img src=x onerror=alert(1)>.exe", b"\x7fELF\x02\x01\x01\x00", ""),
        ],
    )  # fmt: skip
    assert karim.status == 200
    assert [paper.name for paper in organisation.engine.papers(case)] == ["goed.pdf"]
    told = {
        one.find("strong").text_content(): one.text_content()
        for one in karim.tree.xpath("//div[contains(@class, 'message')]//li")
    }
    assert "bewaard" in told["goed.pdf"]
    assert "programma of script" in told["virus.pdf"]
    assert "leeg" in told["leeg.pdf"]
    assert "webpagina" in told["pagina.pdf"]
    assert "macro" in told["macro.docx"]
    assert "staat al in het dossier: document 2 (goed.pdf)" in told["nog eens.pdf"]
    assert "onerror" in "".join(told), "the name is shown, as text"
    assert not karim.tree.xpath("//*[@onerror]")


def test_a_file_that_is_too_large_is_let_go_while_it_comes_in(
    log_in: Enter, organisation: Organisation, case: str
) -> None:
    line = b"\n- {key: document_mb, value: 1, valid_from: 2020-01-01}\n"
    organisation.deploy({"rules/parameters.yaml": SHIPPED["rules/parameters.yaml"] + line})
    karim = log_in("karim")
    karim.see(f"/zaken/{case}/documenten")
    assert "hooguit 1 MB" in karim.text
    upload(
        karim, f"/zaken/{case}/documenten",
        [("groot.pdf", pdf("x" * 1_200_000), ""), ("klein.pdf", pdf(), "")],
    )  # fmt: skip
    assert [paper.name for paper in organisation.engine.papers(case)] == ["klein.pdf"]
    assert "groter dan 1 MB" in karim.text
    karim.see(f"/zaken/{case}/documenten")
    upload(
        karim, f"/zaken/{case}/documenten", [(f"{number}.pdf", pdf(str(number) * 900_000), "") for number in range(7)]
    )
    assert karim.status == 413
    assert "hooguit 5 MB tegelijk" in karim.text
    assert len(organisation.engine.papers(case)) == 1


def test_an_upload_that_is_broken_off_leaves_nothing(log_in: Enter, organisation: Organisation, case: str) -> None:
    karim = log_in("karim")
    karim.see(f"/zaken/{case}/documenten")
    token = karim.tree.xpath("//input[@name='csrf']/@value")[0]
    body = (
        f'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{token}\r\n'
        '--x\r\nContent-Disposition: form-data; name="bestand"; filename="loon.pdf"\r\n\r\n'
    ).encode() + pdf()
    for content, status in ((body, 400), (body + b"\r\n--x", 400), (body + b"\r\n--x--\r\n", 200)):
        answer = karim.client.post(
            f"/zaken/{case}/documenten", content=content, headers={"content-type": "multipart/form-data; boundary=x"}
        )
        assert answer.status_code == status
    assert len(organisation.engine.papers(case)) == 1


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "multipart/form-data", "multipart/form-data; boundary=", "application/x-www-form-urlencoded", ""],
)
def test_a_post_of_another_shape_is_refused(log_in: Enter, case: str, kind: str) -> None:
    karim = log_in("karim")
    answer = karim.client.post(f"/zaken/{case}/documenten", content=b"a=b", headers={"content-type": kind})
    assert answer.status_code == 415


def test_a_full_disk_is_told_per_file(
    log_in: Enter, organisation: Organisation, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise StorageFull("case.db", "database or disk is full")

    karim = log_in("karim")
    karim.see(f"/zaken/{case}/documenten")
    with monkeypatch.context() as patch:
        patch.setattr("schuldhulp.engine.history.files.save_document", full)
        upload(karim, f"/zaken/{case}/documenten", [("loon.pdf", pdf(), "")])
    assert karim.status == 422
    assert "er is geen ruimte" in karim.text
    assert organisation.engine.papers(case) == []
    assert [one for one in organisation.engine.verify(case) if not one.note] == []


def test_with_javascript_the_answer_is_data(log_in: Enter, case: str) -> None:
    karim = log_in("karim")
    karim.see(f"/zaken/{case}/documenten")
    token = karim.tree.xpath("//input[@name='csrf']/@value")[0]

    def send(name: str, content: bytes) -> Any:
        return karim.client.post(
            f"/zaken/{case}/documenten", data={"csrf": token, "soort": ""}, files=[("bestand", (name, content, ""))],
            headers={"accept": "application/json"},
        )  # fmt: skip

    assert send("loon.pdf", pdf()).json() == {
        "documenten": [{"naam": "loon.pdf", "melding": "", "nummer": 2, "adres": f"/zaken/{case}/documenten/2"}]
    }
    again = send("loon.pdf", pdf())
    assert (again.status_code, again.json()["documenten"][0]["nummer"]) == (200, 2)
    refused = send("loon.zip", samples.zipped({"a": b"b"}))
    assert (refused.status_code, refused.json()["documenten"][0]["nummer"]) == (422, None)


def test_a_document_is_taken_out_with_a_reason(log_in: Enter, organisation: Organisation, case: str) -> None:
    karim, noor = log_in("karim"), log_in("noor")
    karim.see(f"/zaken/{case}/documenten")
    upload(karim, f"/zaken/{case}/documenten", [("van een ander.pdf", pdf(), "")])
    noor.see(f"/zaken/{case}/documenten")
    assert "Weghalen" not in noor.text
    karim.see(f"/zaken/{case}/documenten")
    karim.send(f"/zaken/{case}/documenten/2/weg", reden="Hoort bij een andere zaak")
    assert "Het document is weggehaald." in karim.text
    assert "van een ander" not in karim.text
    assert "Document 2 is weggehaald" in karim.text
    assert karim.client.get(f"/zaken/{case}/documenten/2").status_code == 404
    karim.see(f"/zaken/{case}")
    assert "Hoort bij een andere zaak" in karim.text


KINDS = b"""
documenten:
  type: list
  label: Documenten
  item:
    soort: {type: enum, label: Soort document, values: {loonstroken: Loonstroken, schuldbrieven: Brieven over schulden}}
    omschrijving: {type: string, label: Omschrijving}
    ontvangen_op: {type: date, label: Ontvangen op}
    bestand: {type: document, label: Bestand}
bewijs: {type: document, label: Bewijs}
"""
ASKING = b"""{"type": "default", "id": "helpen", "title": "Helpen", "components": [
 {"type": "radio", "key": "dreiging", "validate": {"required": true}},
 {"type": "filepicker", "key": "bewijs"},
 {"type": "dynamiclist", "path": "documenten", "label": "Documenten", "isRepeating": true, "allowAddRemove": true,
  "defaultRepetitions": 0, "components": [
   {"type": "select", "key": "soort"}, {"type": "textfield", "key": "omschrijving"},
   {"type": "datetime", "subtype": "date", "key": "ontvangen_op"}, {"type": "filepicker", "key": "bestand"}]}]}"""


@pytest.fixture
def asking(organisation: Organisation) -> str:
    """A case with a task (2) that asks for documents."""
    dictionary = SHIPPED["rules/dictionary.yaml"] + KINDS
    organisation.deploy({"rules/dictionary.yaml": dictionary, "tasks/forms/helpen.form": ASKING})
    return organisation.start_help()


def test_a_document_is_added_in_the_midst_of_a_form_and_nothing_that_was_typed_is_lost(
    log_in: Enter, organisation: Organisation, asking: str
) -> None:
    karim, task = log_in("karim"), f"/zaken/{asking}/taken/2"
    karim.see(task)
    assert "Er is nog geen document" in karim.text
    karim.send(task, actie="rij-erbij:documenten")
    karim.send(
        task, dreiging="ontruiming", documenten__n1__omschrijving="Loon van mei", actie="document:documenten.n1.bestand"
    )
    assert karim.url == f"/zaken/{asking}/documenten"
    assert "Wat u daar al hebt ingevuld, is bewaard." in karim.text
    upload(
        karim,
        f"/zaken/{asking}/documenten",
        [("mei.pdf", pdf("mei"), ""), ("juni.pdf", pdf("juni"), "")],
        soort="loonstroken",
    )

    assert karim.url == task
    root = karim.tree
    assert root.xpath("//input[@name='documenten.n1.omschrijving']/@value") == ["Loon van mei"]
    assert root.xpath("//input[@name='dreiging' and @checked]/@value") == ["ontruiming"]
    chosen = {one.get("name"): one.xpath("option[@selected]/@value") for one in root.xpath("//select")}
    assert chosen["documenten.n1.bestand"] == ["2"]
    assert chosen["documenten.n2.bestand"] == ["3"]
    assert chosen["documenten.n2.soort"] == ["loonstroken"]
    assert root.xpath("//input[@name='documenten.n2.ontvangen_op']/@value") == ["07-04-2026"]
    assert names(karim) == ["juni.pdf", "mei.pdf"]

    karim.send(task, actie="afronden", reden="Nog geen inkomen")
    if "toch verder" in karim.text:
        karim.send(task, actie="afronden", reden="Nog geen inkomen")
    items = organisation.engine.case(asking).data["documenten"]["items"]
    assert [item["bestand"] for item in items.values()] == [2, 3]
    assert [paper.task for paper in organisation.engine.papers(asking)] == [2, 2]
    karim.see(f"/zaken/{asking}/gegevens")
    assert "document 2" in karim.text


def test_a_question_for_one_document_takes_the_one_that_is_added(
    log_in: Enter, organisation: Organisation, asking: str
) -> None:
    karim, task = log_in("karim"), f"/zaken/{asking}/taken/2"
    karim.see(task)
    karim.send(task, actie="document:bewijs")
    upload(karim, f"/zaken/{asking}/documenten", [("bewijs.pdf", pdf(), "")])
    assert karim.tree.xpath("//select[@name='bewijs']/option[@selected]/@value") == ["2"]
    karim.see(task)
    karim.send(task, actie="document:bewijs")
    upload(karim, f"/zaken/{asking}/documenten", [("nog eens.pdf", pdf(), "")])
    assert "staat al in het dossier" in karim.text
    karim.see(task)
    assert karim.tree.xpath("//select[@name='bewijs']/option[@selected]/@value") == ["2"]


def test_a_form_cannot_point_to_a_document_of_another_case(
    log_in: Enter, organisation: Organisation, asking: str
) -> None:
    other = organisation.open_case()
    by = organisation.actor("karim", "sociaal_werker")
    for number in (1, 2, 3):
        organisation.engine.add_paper(other, pdf(str(number)), Description(f"{number}.pdf"), by)
    karim, task = log_in("karim"), f"/zaken/{asking}/taken/2"
    karim.see(task)
    karim.send(task, actie="afronden", dreiging="geen", bewijs="3")
    assert karim.status == 422
    assert "Kies een van deze antwoorden" in karim.text
    with pytest.raises(BadData, match="no document 3"):
        organisation.engine.correct(asking, {"bewijs": 3}, "Proef", organisation.actor("tess", "teamleider"))


def test_a_document_of_a_task_that_was_closed_meanwhile_is_kept_all_the_same(
    log_in: Enter, organisation: Organisation, asking: str
) -> None:
    karim, task = log_in("karim"), f"/zaken/{asking}/taken/2"
    karim.see(task)
    karim.send(task, actie="document")
    page = karim.page
    organisation.engine.skip(asking, 2, "Niet nodig", organisation.actor("karim", "sociaal_werker"))
    karim.page = page
    upload(karim, f"/zaken/{asking}/documenten", [("bewijs.pdf", pdf(), "")])
    assert karim.status == 200
    assert [(paper.name, paper.task) for paper in organisation.engine.papers(asking)] == [("bewijs.pdf", None)]

"""Who gets in, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient

from schuldhulp.web.app import create_app
from schuldhulp.web.throttle import Throttle
from schuldhulp.web.visitors import COOKIE
from tests.web.conftest import Browser
from tests.web.organisation import PASSWORD, Organisation

Login = Callable[[str], Browser]


@pytest.fixture
def stranger(organisation: Organisation) -> TestClient:
    return TestClient(create_app(organisation.engine), base_url="http://schuldhulp.test", follow_redirects=False)


def test_who_is_not_logged_in_is_brought_back_after_logging_in(organisation: Organisation, stranger: TestClient) -> None:
    organisation.with_password("karim")
    answer = stranger.get("/taken?lijst=alles")
    assert answer.headers["location"] == "/inloggen?naar=%2Ftaken%3Flijst%3Dalles"
    wrong = stranger.post("/inloggen", data={"naam": "karim", "wachtwoord": "fout", "naar": "/taken?lijst=alles"})
    assert wrong.status_code == 422
    assert "De gebruikersnaam of het wachtwoord klopt niet." in wrong.text
    right = stranger.post("/inloggen", data={"naam": "karim", "wachtwoord": PASSWORD, "naar": "/taken?lijst=alles"})
    assert right.headers["location"] == "/taken?lijst=alles"
    cookie = right.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert stranger.get("/taken").status_code == 200


@pytest.mark.parametrize("wanted", ["https://elders.nl/", "//elders.nl", "/\\elders.nl", "javascript:alert(1)"])
def test_logging_in_never_leads_to_another_site(organisation: Organisation, stranger: TestClient, wanted: str) -> None:
    organisation.with_password("karim")
    answer = stranger.post("/inloggen", data={"naam": "karim", "wachtwoord": PASSWORD, "naar": wanted})
    assert answer.headers["location"] == "/"


def test_logging_out_ends_the_session_itself(log_in: Login) -> None:
    karim = log_in("karim")
    karim.see("/taken")
    token = karim.client.cookies[COOKIE]
    karim.send("/uitloggen")
    assert "U bent uitgelogd." in karim.text
    karim.client.cookies.set(COOKIE, token)
    karim.see("/taken")
    assert karim.url == "/inloggen"


def test_a_session_that_is_not_used_is_over(organisation: Organisation, log_in: Login) -> None:
    karim = log_in("karim")
    for _ in range(5):
        organisation.later(minutes=100)
        karim.see("/taken")
        assert karim.url == "/taken", "used in time, it goes on"
    organisation.later(hours=3)
    karim.see("/taken")
    assert karim.url == "/inloggen"


def test_a_session_ends_with_the_day_however_much_it_is_used(organisation: Organisation, log_in: Login) -> None:
    karim = log_in("karim")
    for _ in range(9):
        organisation.later(minutes=90)
        karim.see("/taken")
    assert karim.url == "/inloggen"


def test_a_post_without_the_token_of_the_session_changes_nothing(organisation: Organisation, log_in: Login) -> None:
    case = organisation.open_case()
    karim = log_in("karim")
    url = f"/zaken/{case}/taken/1"
    for token in ("", "x", "0" * 64):
        answer = karim.client.post(f"{url}/oppakken", data={"csrf": token})
        assert answer.status_code == 403
    assert organisation.engine.case(case).tasks[1].claimed_by is None


def test_a_post_from_another_site_is_refused(organisation: Organisation, log_in: Login) -> None:
    case = organisation.open_case()
    karim = log_in("karim")
    karim.see(f"/zaken/{case}/taken/1")
    token = karim.text.split('name="csrf" value="')[1][:64]
    for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}):
        answer = karim.client.post(f"/zaken/{case}/taken/1/oppakken", data={"csrf": token}, headers=headers)
        assert answer.status_code == 403
    del karim.client.headers["sec-fetch-site"]
    answer = karim.client.post(
        f"/zaken/{case}/taken/1/oppakken", data={"csrf": token}, headers={"origin": "https://elders.nl"}
    )
    assert answer.status_code == 403
    assert organisation.engine.case(case).tasks[1].claimed_by is None


def test_every_answer_carries_a_strict_policy(log_in: Login) -> None:
    karim = log_in("karim")
    for url in ("/taken", "/bestaat-niet", "/inloggen", "/gezond"):
        headers = karim.client.get(url).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_no_page_holds_script_or_style_of_its_own(organisation: Organisation, log_in: Login) -> None:
    case = organisation.open_case()
    karim = log_in("karim")
    for url in ("/taken", f"/zaken/{case}", f"/zaken/{case}/taken/1", "/zaken/nieuw", f"/zaken/{case}/terugkijken"):
        text = karim.see(url)
        assert " style=" not in text
        assert "<style" not in text
        assert " onclick=" not in text
        assert all("src=" in part.split(">")[0] for part in text.split("<script")[1:])


def test_a_body_without_end_is_cut_off(organisation: Organisation, log_in: Login) -> None:
    karim = log_in("karim")

    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b"x" * 100_000

    form = {"content-type": "application/x-www-form-urlencoded"}
    assert karim.client.post("/inloggen", content=endless(), headers=form).status_code == 413
    assert karim.client.post("/inloggen", content=b"x" * 3_000_000, headers=form).status_code == 413


def test_what_people_write_never_becomes_markup(organisation: Organisation, log_in: Login) -> None:
    name = '<script>alert(1)</script> "><img src=x onerror=alert(1)>'
    case = organisation.open_case(name=name)
    karim = log_in("karim")
    pages = ("/taken?lijst=alles", f"/zaken/{case}", f"/zaken/{case}/brieven/1", f"/zaken/{case}/terugkijken",
             "/taken?zoek=<script>alert(1)</script>")  # fmt: skip
    for url in pages:
        text = karim.see(url)
        assert karim.status == 200
        assert "<script>alert" not in text
        assert "<img" not in text


def test_a_fault_of_ours_shows_a_number_and_nothing_else(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch, log_in: Login
) -> None:
    karim = log_in("karim")
    karim.see("/taken")
    monkeypatch.setattr(organisation.engine, "deployment", lambda: (_ for _ in ()).throw(RuntimeError("geheim")))
    client = TestClient(karim.client.app, base_url="http://schuldhulp.test", raise_server_exceptions=False)
    client.cookies.update(karim.client.cookies)
    answer = client.get("/taken")
    assert answer.status_code == 500
    assert "Noem dit nummer" in answer.text
    assert "geheim" not in answer.text


def test_guessing_passwords_is_slowed_down() -> None:
    clock = [0.0]
    throttle = Throttle(most=3, window=900, clock=lambda: clock[0])
    for _ in range(3):
        assert not throttle.waits("karim", "1.2.3.4")
        throttle.failed("karim", "1.2.3.4")
    assert throttle.waits("karim", "5.6.7.8"), "from anywhere"
    assert not throttle.waits("noor", "1.2.3.4")
    clock[0] = 901
    assert not throttle.waits("karim", "1.2.3.4")


def test_built_files_are_kept_by_browsers_and_nothing_else_is_served(log_in: Login) -> None:
    client = log_in("karim").client
    found = client.get("/taken").text.split('href="/static/')[1].split('"')[0]
    assert "immutable" in client.get(f"/static/{found}").headers["cache-control"]
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/bestaat-niet.js"):
        assert client.get(path).status_code == 404

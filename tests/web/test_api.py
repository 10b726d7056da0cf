"""Programs over real HTTP: external tasks, messages and deployments, with tokens and without cookies."""

from __future__ import annotations

import hashlib
import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.history import tokens
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.case import Case
from schuldhulp.web.app import create_app
from tests.engine.operations.sample import DESIGNER, FILES, Clock, elements, facts, open_case, process
from tests.engine.papers.samples import pdf
from tests.web.serving import served

TASK = {"workerId": "w", "maxTasks": 5, "topics": [{"topicName": "inkomen", "lockDuration": 60_000}]}
WAITS_FOR_KEY = process(
    "M8",
    """<startEvent id="Start"/><intermediateCatchEvent id="Wachten"><messageEventDefinition id="m" messageRef="msg"/>
    </intermediateCatchEvent><userTask id="Lezen" name="Lezen" camunda:candidateGroups="sociaal_werker"/>
    --
    Start -> Wachten
    Wachten -> Lezen
    """,
    head="""<message id="msg" name="betaling"/><correlationProperty id="naam" name="client_naam">
    <correlationPropertyRetrievalExpression messageRef="msg"><messagePath xsi:type="tFormalExpression">van.naam</messagePath>
    </correlationPropertyRetrievalExpression></correlationProperty><collaboration id="c"><participant id="p" processRef="M8"/>
    <correlationKey id="k" name="k"><correlationPropertyRef>naam</correlationPropertyRef></correlationKey></collaboration>""",
)


M7 = process(
    "M7",
    """<startEvent id="Start"/><intermediateCatchEvent id="Wachten"><messageEventDefinition id="m" messageRef="msg"/>
    </intermediateCatchEvent><userTask id="Lezen" name="Brief lezen" camunda:candidateGroups="sociaal_werker"/>
    <endEvent id="Klaar"/>
    --
    Start -> Wachten
    Wachten -> Lezen
    Lezen -> Klaar
    """,
    head='<message id="msg" name="brief"/>',
)
SOUND = {**{path: data for path, data in FILES.items() if path.startswith("rules/")}, "processes/M7/M7.bpmn": M7}
"""Definitions without errors, so that more can be deployed beside them."""


class Program:
    """A program with a token."""

    def __init__(self, address: str, token: str) -> None:
        self.http = httpx.Client(
            base_url=address, headers={"authorization": f"Bearer {token}"} if token else {}, timeout=30
        )

    def post(self, path: str, **body: Any) -> httpx.Response:
        return self.http.post(f"/engine-rest{path}", json=body)

    def fetch(self, **more: Any) -> list[dict[str, Any]]:
        answer = self.post("/external-task/fetchAndLock", **{**TASK, **more})
        assert answer.status_code == 200, answer.text
        return list(answer.json())


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))


@pytest.fixture
def engine(tmp_path: Path, clock: Clock) -> Iterator[Engine]:
    engine = open_engine(Settings(f"sqlite:///{tmp_path / 'api.db'}", tmp_path / "keys", synchronous="OFF"), clock)
    engine.deploy({**FILES, "processes/M8/M8.bpmn": WAITS_FOR_KEY}, DESIGNER)
    yield engine
    engine.store.close()


@pytest.fixture
def address(engine: Engine) -> Iterator[str]:
    with served(create_app(engine)) as address:
        yield address


def account(engine: Engine, login: str, *roles: str) -> int:
    return engine.put_account(login, login.title(), roles, DESIGNER)


def program(engine: Engine, address: str, *scopes: str, login: str = "koppeling") -> Program:
    number = account(engine, login, "koppeling", "procesontwerper")
    return Program(address, engine.make_token(number, scopes, DESIGNER)[1])


def asked(engine: Engine, name: str = "Fenna Testema") -> Case:
    """A case that waits for an income from outside."""
    return open_case(engine, "M1", client_naam=name)


# --- who may come in --------------------------------------------------------------------------------------------------


def test_nobody_comes_in_without_a_token_and_every_token_that_fails_gets_the_same_answer(
    engine: Engine, address: str
) -> None:
    number = account(engine, "oud", "koppeling")
    withdrawn, text = engine.make_token(number, ["jobs:*"], DESIGNER)
    engine.withdraw_token(withdrawn, DESIGNER)
    answers = [Program(address, token).post("/external-task/fetchAndLock", **TASK) for token in ("", "sht_raden", text)]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].headers["www-authenticate"] == "Bearer"


def test_a_session_of_the_pages_is_no_way_in(engine: Engine, address: str) -> None:
    number = account(engine, "tess", "teamleider", "koppeling")
    engine.start_session("sessie", number)
    answer = httpx.get(f"{address}/engine-rest/version", cookies={"schuldhulp": "sessie"})
    assert answer.status_code == 401


def test_a_token_ends_with_its_time_its_account_and_its_role(engine: Engine, address: str, clock: Clock) -> None:
    number = account(engine, "register", "koppeling")
    _, text = engine.make_token(number, ["jobs:inkomen"], DESIGNER, until=datetime(2026, 3, 3, tzinfo=UTC))
    caller = Program(address, text)
    assert caller.fetch() == []
    engine.put_account("register", "Register", ["auditor"], DESIGNER, number=number)
    assert caller.post("/external-task/fetchAndLock", **TASK).status_code == 403
    engine.put_account("register", "Register", ["koppeling"], DESIGNER, number=number, active=False)
    assert caller.post("/external-task/fetchAndLock", **TASK).status_code == 401
    engine.put_account("register", "Register", ["koppeling"], DESIGNER, number=number)
    assert caller.fetch() == []
    clock.on(days=2)
    assert caller.post("/external-task/fetchAndLock", **TASK).status_code == 401


def test_the_database_holds_no_token_and_one_that_no_fact_made_is_found(engine: Engine, tmp_path: Path) -> None:
    number = account(engine, "register", "koppeling")
    _, text = engine.make_token(number, ["jobs:inkomen"], DESIGNER)
    assert [str(one) for _, found in engine.verify_all() for one in found] == []
    with engine.store.begin() as log:
        tokens.add(log, tokens.hash_of("sht_zelf"), number, ["deploy"], datetime(2026, 3, 2, tzinfo=UTC), None)
    assert any("token 2 stands in the list" in str(one) for _, found in engine.verify_all() for one in found)
    engine.store.close()
    assert not any(text.encode() in file.read_bytes() for file in tmp_path.iterdir())


def test_who_keeps_guessing_tokens_is_slowed_down_and_a_good_token_is_not(engine: Engine, address: str) -> None:
    good = program(engine, address, "jobs:inkomen")
    statuses = [
        Program(address, "sht_raden").post("/external-task/fetchAndLock", **TASK).status_code for _ in range(30)
    ]
    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert good.fetch() == []


def test_work_of_another_topic_does_not_exist_for_a_token(engine: Engine, address: str) -> None:
    case = asked(engine)
    (task,) = program(engine, address, "jobs:inkomen").fetch()
    other = program(engine, address, "jobs:kredietregister", login="ander")
    assert other.post("/external-task/fetchAndLock", **TASK).status_code == 403
    answers = [
        other.post(f"/external-task/{task_}/complete", workerId="w") for task_ in (task["id"], "2026-000999.1.1", "x")
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert elements(engine, case) == []


# --- external tasks ---------------------------------------------------------------------------------------------------


def test_a_worker_fetches_work_and_completes_it_and_the_process_goes_on(engine: Engine, address: str) -> None:
    case = asked(engine)
    worker = program(engine, address, "jobs:inkomen")
    (task,) = worker.fetch()
    assert task["topicName"] == "inkomen"
    assert task["businessKey"] == case.number
    assert task["variables"]["naam"] == {"value": "Fenna Testema", "type": "String", "valueInfo": {}}
    assert task["lockExpirationTime"] == "2026-03-02T10:01:00.000+0100"
    assert worker.fetch() == [], "it is locked"
    done = worker.post(f"/external-task/{task['id']}/complete", workerId="w", variables={"inkomen": {"value": 1250.50}})
    assert done.status_code == 204, done.text
    assert engine.case(case.number).data["inkomen"] == 125050
    assert elements(engine, case) != []
    given = [s.fact for s in engine.facts(case.number) if isinstance(s.fact, f.CommandGiven)][-1]
    assert given.command == "complete_external"
    assert (given.by.role, given.by.program) == ("koppeling", "api/token 1")
    assert given.by.account == engine.account_by_login("koppeling").number  # type: ignore[union-attr]
    assert [read.purpose for read in engine.reads(case.number)] == ["extern werk: inkomen"]
    again = worker.post(f"/external-task/{task['id']}/complete", workerId="w")
    assert again.status_code == 404
    assert engine.verify(case.number) == []


def test_only_the_worker_that_has_the_work_answers_for_it(engine: Engine, address: str) -> None:
    asked(engine)
    (task,) = program(engine, address, "jobs:inkomen").fetch()
    other = program(engine, address, "jobs:inkomen", login="ander")
    answer = other.post(f"/external-task/{task['id']}/complete", workerId="w")
    assert answer.status_code == 400, "the same worker name of another account is another worker"
    assert answer.json()["type"] == "BadUserRequestException"
    assert other.post(f"/external-task/{task['id']}/unlock").status_code == 400


def test_failure_gives_it_out_again_later_and_at_last_makes_an_incident(
    engine: Engine, address: str, clock: Clock
) -> None:
    case = asked(engine)
    worker = program(engine, address, "jobs:inkomen")
    (task,) = worker.fetch()
    path = f"/external-task/{task['id']}/failure"
    worker.post(path, workerId="w", errorMessage="register ligt eruit", retries=1, retryTimeout=60_000)
    assert worker.fetch() == []
    clock.on(minutes=2)
    assert [each["retries"] for each in worker.fetch()] == [1]
    assert worker.post(path, workerId="w", errorMessage="weer", errorDetails="http 500", retries=0).status_code == 204
    assert [one.cause for one in engine.incidents()] == ["weer\nhttp 500"]
    engine.retry(case.number, 1, DESIGNER)
    assert len(worker.fetch()) == 1


def test_a_bpmn_error_takes_the_way_that_the_designer_drew(engine: Engine, address: str) -> None:
    case = asked(engine)
    worker = program(engine, address, "jobs:inkomen")
    (task,) = worker.fetch()
    assert worker.post(f"/external-task/{task['id']}/bpmnError", workerId="w", errorCode="onbekend").status_code == 204
    assert "WorkFailed" not in facts(engine, case)
    assert engine.job_at(case.number, 1, int(task["id"].split(".")[2])) is None


def test_a_lock_is_made_longer_given_back_and_runs_out(engine: Engine, address: str, clock: Clock) -> None:
    asked(engine)
    worker = program(engine, address, "jobs:inkomen")
    (task,) = worker.fetch()
    assert worker.post(f"/external-task/{task['id']}/extendLock", workerId="w", newDuration=600_000).status_code == 204
    clock.on(minutes=5)
    assert worker.fetch() == []
    assert worker.post(f"/external-task/{task['id']}/unlock").status_code == 204
    assert len(worker.fetch()) == 1
    clock.on(minutes=5)
    assert len(worker.fetch(workerId="w2")) == 1, "a worker that died loses nothing"


def test_asking_with_patience_waits_for_work(engine: Engine, address: str) -> None:
    import threading

    threading.Timer(0.7, lambda: asked(engine)).start()
    worker = program(engine, address, "jobs:inkomen")
    assert len(worker.fetch(asyncResponseTimeout=10_000)) == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{", "cannot be read"),
        ('{"workerId": 1}', "Expected `str`"),
        ('{"workerId": "w", "maxTasks": 0, "topics": []}', "maxTasks"),
        ('{"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "inkomen", "lockDuration": -1}]}', "lockDuration"),
        ("[" * 100_000, "cannot be read"),
    ],
)
def test_a_body_that_cannot_be_is_told_what_is_wrong(engine: Engine, address: str, body: str, said: str) -> None:
    worker = program(engine, address, "jobs:*")
    answer = worker.http.post("/engine-rest/external-task/fetchAndLock", content=body)
    assert answer.status_code == 400
    assert said in answer.json()["message"] or "nested" in answer.json()["message"]


@pytest.mark.parametrize(
    "variable",
    [
        {"value": "x"},
        {"value": 1, "type": "Object"},
        {"value": "1e99", "type": "Long"},
        {"value": True},
        {"value": 1.005},
    ],
)
def test_a_variable_that_does_not_fit_changes_nothing_and_the_worker_keeps_the_work(
    engine: Engine, address: str, variable: dict[str, Any]
) -> None:
    case = asked(engine)
    worker = program(engine, address, "jobs:inkomen")
    (task,) = worker.fetch()
    answer = worker.post(f"/external-task/{task['id']}/complete", workerId="w", variables={"inkomen": variable})
    assert answer.status_code == 400, answer.text
    assert "inkomen" in answer.json()["message"]
    assert "inkomen" not in engine.case(case.number).data
    assert worker.post(f"/external-task/{task['id']}/complete", workerId="w").status_code == 204


def test_a_body_that_is_too_large_is_refused_in_json(engine: Engine, address: str) -> None:
    worker = program(engine, address, "jobs:*")
    answer = worker.http.post("/engine-rest/external-task/fetchAndLock", content=b"x" * 2_100_000)
    assert answer.status_code == 413
    assert answer.json()["type"] == "RequestTooLargeException"


def test_an_error_of_the_inside_tells_nothing_of_it(
    engine: Engine, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = program(engine, address, "jobs:*")

    def breaks(*_: Any, **__: Any) -> Any:
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr(engine, "fetch_and_lock", breaks)
    answer = worker.post("/external-task/fetchAndLock", **TASK)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "log has it under" in answer.json()["message"]


def test_what_is_not_there_is_told_in_json(engine: Engine, address: str) -> None:
    worker = program(engine, address, "jobs:*")
    answer = worker.http.get("/engine-rest/process-definition")
    assert (answer.status_code, answer.json()["type"]) == (404, "NotFoundException")


# --- messages ---------------------------------------------------------------------------------------------------------


def test_a_message_reaches_the_case_that_is_named_once(engine: Engine, address: str) -> None:
    case = open_case(engine, "M7")
    sender = program(engine, address, "messages:brief")
    body = {"messageName": "brief", "businessKey": case.number, "processVariables": {"van": {"value": "Fenna"}}}
    for _ in range(2):
        answer = sender.http.post("/engine-rest/message", json=body, headers={"idempotency-key": "bericht-17"})
        assert answer.status_code == 204, answer.text
    assert elements(engine, case) == ["Lezen"]
    refused = sender.post("/message", messageName="brief", businessKey=case.number)
    assert refused.status_code == 400
    assert refused.json()["type"] == "MismatchingMessageCorrelationException"
    assert sender.post("/message", messageName="betaling", businessKey=case.number).status_code == 403


def test_a_message_finds_its_case_by_the_field_that_its_path_names(engine: Engine, address: str) -> None:
    cases = [
        open_case(engine, "M8", client_naam=name) for name in ("Fenna Testema", "Joris Voorbeeld", "Joris Voorbeeld")
    ]
    sender = program(engine, address, "messages:*")

    def pay(name: str) -> httpx.Response:
        van = {"value": json.dumps({"naam": name}), "type": "Json"}
        return sender.post("/message", messageName="betaling", correlationKeys={"van": van}, resultEnabled=True)

    found = pay("Fenna Testema")
    assert found.json()[0]["execution"]["businessKey"] == cases[0].number
    assert [elements(engine, case) for case in cases] == [["Lezen"], [], []]
    assert "2 cases wait" in pay("Joris Voorbeeld").json()["message"]
    assert "no case waits" in pay("Niemand").json()["message"]


# --- deployments ------------------------------------------------------------------------------------------------------


def modeler(sender: Program, **files: bytes) -> httpx.Response:
    """What the deploy button of Camunda Modeler posts."""
    told = {"deployment-name": "M7", "deployment-source": "Camunda Modeler", "enable-duplicate-filtering": "true"}
    sent = {name.replace("_", "."): (name.replace("_", "."), data, "text/xml") for name, data in files.items()}
    return sender.http.post("/engine-rest/deployment/create", data=told, files=sent, headers={"origin": "file://"})


def test_the_deploy_button_of_a_modeler_puts_a_changed_diagram_in_force(engine: Engine, address: str) -> None:
    engine.deploy(SOUND, DESIGNER)
    old = open_case(engine, "M7")
    sender = program(engine, address, "deploy")
    assert sender.http.get("/engine-rest/deployment?maxResults=0").json() == []
    assert sender.http.get("/engine-rest/version").json()["version"].startswith("7.")
    changed = M7.replace(b"Brief lezen", b"Brief goed lezen")
    answer = modeler(sender, anders_bpmn=changed)
    assert answer.status_code == 200, answer.text
    assert list(answer.json()["deployedProcessDefinitions"]) == ["M7"]
    assert engine.deployment().files["processes/M7/M7.bpmn"] == changed, "known by its process, not by its file name"
    new = open_case(engine, "M7")
    for case in (old, new):
        engine.message(case.number, "brief", {}, DESIGNER)
    assert [[t.name for t in engine.case(c.number).tasks.values()] for c in (old, new)] == [
        ["Brief lezen"],
        ["Brief goed lezen"],
    ]
    same = modeler(sender, anders_bpmn=changed)
    assert same.json()["id"] == answer.json()["id"]
    assert same.json()["deployedProcessDefinitions"] is None
    assert len(engine.deployments()) == 3


def test_a_diagram_with_errors_is_refused_with_every_place_and_nothing_changes(engine: Engine, address: str) -> None:
    before = engine.deploy(SOUND, DESIGNER).id
    sender = program(engine, address, "deploy")
    broken = M7.replace(b'sourceRef="Start"', b'sourceRef="Weg"').replace(b"sociaal_werker", b"niemand")
    answer = modeler(sender, M7_bpmn=broken)
    assert answer.status_code == 400
    told = answer.json()
    assert told["type"] == "ParseException"
    errors = told["details"]["processes/M7/M7.bpmn"]["errors"]
    assert len(errors) >= 2
    assert all(one["line"] > 0 and one["message"] for one in errors)
    assert engine.deployment().id == before
    for name, data in (("x_exe", b"MZ"), ("leeg_bpmn", b""), ("f_form", b"{"), ("__bpmn", b"<a/>")):
        refused = modeler(sender, **{name: data})
        assert (refused.status_code, refused.json()["type"]) == (400, "ParseException"), refused.text
    assert program(engine, address, "jobs:*", login="ander").http.get("/engine-rest/deployment").status_code == 403


def test_a_page_of_another_site_may_call_with_a_token_of_its_own_but_never_with_a_cookie(
    engine: Engine, address: str
) -> None:
    asking = {"origin": "https://elders.test", "access-control-request-method": "POST"}
    asking["access-control-request-headers"] = "authorization"
    answer = httpx.options(f"{address}/engine-rest/deployment/create", headers=asking)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


def test_the_api_describes_itself(address: str) -> None:
    paths = httpx.get(f"{address}/api/v1/openapi.json").json()["paths"]
    assert {
        "/external-task/fetchAndLock",
        "/external-task/{task}/complete",
        "/message",
        "/deployment/create",
    } <= paths.keys()
    schema = paths["/external-task/fetchAndLock"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert {"workerId", "maxTasks", "topics"} <= schema["properties"].keys()


# --- documents --------------------------------------------------------------------------------------------------------


def test_a_program_adds_lists_and_fetches_documents(engine: Engine, address: str) -> None:
    case = asked(engine).number
    caller = program(engine, address, "documents:add", "documents:read")
    place = f"/api/v1/case/{case}/documents"
    added = caller.http.post(
        place, files={"file": ("../loon\u202emei.pdf", pdf(), "text/html")}, data={"sender": "UWV", "received": "2026-03-01"}
    )
    assert added.status_code == 201, added.text
    told = added.json()
    assert (told["name"], told["mediaType"], told["sender"], told["received"]) == (
        "loonmei.pdf", "application/pdf", "UWV", "2026-03-01",
    )  # fmt: skip
    assert caller.http.get(place).json() == [told]
    fetched = caller.http.get(f"{place}/{told['number']}")
    assert fetched.content == pdf()
    assert hashlib.sha256(fetched.content).hexdigest() == told["sha256"]
    assert fetched.headers["content-disposition"].startswith("attachment")
    assert [read.purpose for read in engine.reads(case)][-1] in ("documents", f"document {told['number']} openen")
    given = [one.fact for one in engine.facts(case) if isinstance(one.fact, f.CommandGiven)][-1]
    assert (given.command, given.by.role, given.by.program) == ("add_document", "koppeling", "api/token 1")


def test_a_document_that_may_not_come_in_is_told_with_its_status(engine: Engine, address: str) -> None:
    case = asked(engine).number
    caller = program(engine, address, "documents:*")
    place = f"/api/v1/case/{case}/documents"

    def send(content: bytes, where: str = place, **data: str) -> httpx.Response:
        return caller.http.post(where, files={"file": ("a.pdf", content)}, data=data)

    first = send(pdf()).json()["number"]
    there = send(pdf())
    assert (there.status_code, there.json()["number"]) == (409, first)
    refused = send(b"<html><script>x</script></html>")
    assert (refused.status_code, refused.json()["code"]) == (400, "document-kind")
    assert send(pdf("x" * 20_000_001)).status_code == 413
    assert send(pdf("1"), received="gisteren").status_code == 400
    assert send(pdf("1"), kind="rekening").status_code == 400
    assert send(pdf("1"), "/api/v1/case/2026-999999/documents").status_code == 404
    assert caller.http.post(place, json={"file": "x"}).status_code == 415
    assert caller.http.post(place, files=[("file", ("a.pdf", pdf("1"))), ("file", ("b.pdf", pdf("2")))]).status_code == 400
    kind = {"content-type": "multipart/form-data; boundary=x"}
    assert caller.http.post(place, content=b"--x\r\n", headers=kind).status_code == 400
    assert caller.http.get(f"{place}/99").status_code == 404
    assert len(engine.papers(case)) == 1
    engine.remove_paper(case, first, "Verkeerde zaak", f.Actor(account=9, role="teamleider"))
    assert caller.http.get(f"{place}/{first}").status_code == 410


def test_a_token_that_only_adds_reads_nothing_and_the_other_way_round(engine: Engine, address: str) -> None:
    case = asked(engine).number
    place = f"/api/v1/case/{case}/documents"
    adds, reads = (program(engine, address, f"documents:{what}", login=what) for what in ("add", "read"))
    jobs = program(engine, address, "jobs:*", login="werk")
    assert reads.http.post(place, files={"file": ("a.pdf", pdf())}).status_code == 403
    assert jobs.http.post(place, files={"file": ("a.pdf", pdf())}).status_code == 403
    assert Program(address, "").http.post(place, files={"file": ("a.pdf", pdf())}).status_code == 401
    assert adds.http.post(place, files={"file": ("a.pdf", pdf())}).status_code == 201
    for caller in (adds, jobs):
        assert caller.http.get(place).status_code == 403
        assert caller.http.get(f"{place}/1").status_code == 403
    assert reads.http.get(place).status_code == 200


def test_two_uploads_at_once_of_one_file_over_real_http_leave_one_document(engine: Engine, address: str) -> None:
    case = asked(engine).number
    caller = program(engine, address, "documents:*")
    content = pdf("x" * 3_000_000)

    def send(_: int) -> int:
        return httpx.post(
            f"{address}/api/v1/case/{case}/documents", files={"file": ("a.pdf", content)},
            headers={"authorization": caller.http.headers["authorization"]}, timeout=60,
        ).status_code  # fmt: skip

    with ThreadPoolExecutor(4) as many:
        found = sorted(many.map(send, range(4)))
    assert found == [201, 409, 409, 409]
    assert len(engine.papers(case)) == 1
    assert [one for one in engine.verify(case) if not one.note] == []


def test_a_connection_that_breaks_in_the_midst_of_a_file_leaves_nothing_and_the_next_goes_well(
    engine: Engine, address: str
) -> None:
    case = asked(engine).number
    caller = program(engine, address, "documents:*")
    host, _, port = address.removeprefix("http://").partition(":")
    head = (
        f"POST /api/v1/case/{case}/documents HTTP/1.1\r\nHost: {host}\r\n"
        f"Authorization: {caller.http.headers['authorization']}\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 5000000\r\n\r\n"
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    )
    with socket.create_connection((host, int(port))) as line:
        line.sendall(head.encode() + pdf("x" * 1_000_000))
    assert caller.http.post(f"/api/v1/case/{case}/documents", files={"file": ("b.pdf", pdf())}).status_code == 201
    assert [paper.name for paper in engine.papers(case)] == ["b.pdf"]

"""The plain tables beside the log: drafts, outbox, leases, accounts, sessions, read log, files."""

from __future__ import annotations

from datetime import timedelta

import pytest

from schuldhulp.engine.history import accounts, drafts, files, leases, outbox, read_log, sessions
from schuldhulp.engine.history.blind import blind
from schuldhulp.engine.history.errors import DraftConflict, FileChanged, FileMissing, LoginTaken
from schuldhulp.engine.history.numbers import next_number
from schuldhulp.engine.history.store import Store
from schuldhulp.engine.model.rows import OutboxMessage, Row

from .samples import CASE, NOW, later


def test_a_draft_is_found_again_and_the_later_window_hears_of_the_earlier(store: Store) -> None:
    with store.begin() as log:
        assert drafts.save(log, CASE, 3, 7, {"naam": "half"}, 0, 7, NOW) == 1
        assert drafts.save(log, CASE, 3, 7, {"naam": "half ingevuld"}, 1, 7, later(1)) == 2
    with pytest.raises(DraftConflict) as conflict, store.begin() as log:
        drafts.save(log, CASE, 3, 7, {"naam": "anders"}, 1, 8, later(2))
    assert (conflict.value.actual, conflict.value.author, conflict.value.saved_at) == (2, 7, later(1))
    with pytest.raises(DraftConflict), store.begin() as log:
        drafts.save(log, CASE, 3, 7, {}, 0, 7, later(2))
    with store.read() as log:
        found = drafts.load(log, CASE, 3, 7)
        assert found is not None
        assert (found.content, found.version) == ({"naam": "half ingevuld"}, 2)
        assert drafts.of_task(log, CASE, 3) == [drafts.DraftNote(7, 2, 7, later(1))]
        assert drafts.load(log, CASE, 3, 8) is None
    with store.begin() as log:
        drafts.discard(log, CASE, 3, 7)
        assert drafts.load(log, CASE, 3, 7) is None
    with pytest.raises(DraftConflict, match="version 0"), store.begin() as log:
        drafts.save(log, CASE, 3, 7, {}, 2, 7, later(3))


def message(number: int, **more: object) -> OutboxMessage:
    return OutboxMessage(case=CASE, kind="letter", key=f"letter {number}", payload={"number": number}, **more)  # type: ignore[arg-type]


def test_a_message_is_posted_once_and_delivered_by_who_holds_it(store: Store) -> None:
    with store.begin() as log:
        log.post([message(1), message(2, due=later(60)), message(1)])
    with store.begin() as log:
        (taken,) = outbox.take(log, "worker 1", NOW, later(5))
        assert (taken.case, taken.key, taken.kind, taken.payload, taken.attempts) == (
            CASE,
            "letter 1",
            "letter",
            {"number": 1},
            1,
        )
        assert outbox.take(log, "worker 2", later(1), later(6)) == []
    with store.begin() as log:
        assert not outbox.done(log, "worker 2", taken)
        (again,) = outbox.take(log, "worker 2", later(5), later(10))  # worker 1 is gone: the lease ran out
        assert again.attempts == 2
        assert not outbox.done(log, "worker 1", taken)
        assert outbox.failed(log, "worker 2", again, "no connection", later(20))
        assert outbox.take(log, "worker 2", later(19), later(25)) == []
        (third,) = outbox.take(log, "worker 3", later(20), later(25))
        assert outbox.give_up(log, "worker 3", third, "no connection")
        assert outbox.take(log, "worker 3", later(59), later(70)) == []
        assert outbox.retry(log, CASE, "letter 1", later(30))
        assert not outbox.retry(log, CASE, "letter 9", later(30))
        assert [t.key for t in outbox.take(log, "w", later(60), later(70))] == ["letter 1", "letter 2"]
    with store.begin() as log:
        log.post([message(1)])
        states = log.rows("messages_of_case", case=CASE)
        assert [(row["key"], row["state"], row["attempts"]) for row in states] == [
            ("letter 1", "waiting", 1),
            ("letter 2", "waiting", 1),
        ]
        assert log.rows("message_counts") == [{"state": "waiting", "number": 2}]


def test_a_delivered_message_keeps_no_content(store: Store) -> None:
    with store.begin() as log:
        log.post([message(1)])
        (taken,) = outbox.take(log, "w", NOW, later(5))
        assert outbox.done(log, "w", taken)
        assert outbox.take(log, "w", later(90), later(95)) == []
    with store.read() as log:
        assert log.rows("messages_of_case", case=CASE)[0]["state"] == "done"


def test_due_cases_are_shared_out_and_come_back_when_a_worker_dies(store: Store) -> None:
    with store.begin() as log:
        log.project(
            [
                Row("timers", {"case": f"case/{n}", "kind": "bpmn", "instance": 1, "ref": k}, {"due": later(n)})
                for n in range(4)
                for k in range(2)
            ]
        )
    with store.begin() as log:
        assert leases.take_due_cases(log, "a", later(2), later(10), limit=10) == ["case/0", "case/1", "case/2"]
        assert leases.take_due_cases(log, "b", later(3), later(10), limit=10) == ["case/3"]
        assert leases.take_due_cases(log, "b", later(9), later(12)) == []
        leases.end(log, "case/3", leases.TIMERS, "b")
        leases.end(log, "case/0", leases.TIMERS, "b")  # not his: stays with a
        assert leases.take_due_cases(log, "c", later(9), later(20)) == ["case/3"]
        assert leases.take_due_cases(log, "c", later(10), later(20)) == ["case/0", "case/1", "case/2"]
        assert leases.take(log, "case/9", "letters", "a", NOW, later(5))
        assert leases.take(log, "case/9", "letters", "a", later(1), later(6))
        assert not leases.take(log, "case/9", "letters", "b", later(2), later(7))
        assert leases.take(log, "case/9", "letters", "b", later(6), later(7))


def test_an_account_is_found_by_login_whatever_the_case_of_its_letters(store: Store) -> None:
    with store.begin() as log:
        assert accounts.next_number(log) == 1
        accounts.put(log, 1, "Klaartje", "Klaartje Verzonnen", ("consulent", "jurist"))
        accounts.set_password(log, 1, "$argon2id$v=19$x")
        accounts.put(log, 1, "klaartje", "Klaartje Verzonnen", ("consulent",))
        assert accounts.next_number(log) == 2
    with store.read() as log:
        found = accounts.by_login(log, "KLAARTJE")
        assert found == accounts.Account(1, "klaartje", "Klaartje Verzonnen", ("consulent",), True, "$argon2id$v=19$x")
        assert accounts.everyone(log) == [found]
        assert accounts.by_login(log, "jan") is None
        assert accounts.by_number(log, 2) is None
    with pytest.raises(LoginTaken, match="klaartje"), store.begin() as log:
        accounts.put(log, 2, "klaartje", "Een Ander", ())


def test_looking_up_before_anything_is_indexed_finds_nothing(store: Store) -> None:
    with store.read() as log:
        assert accounts.by_login(log, "jan") is None
        assert blind(log, "keys", "x") == ""
    with store.begin() as log:
        entry = blind(log, "keys", "x")
        assert entry != blind(log, "login", "x")
    with store.read() as log:
        assert blind(log, "keys", "x") == entry


def test_a_session_ends_by_time_by_hand_and_with_its_account(store: Store) -> None:
    with store.begin() as log:
        for token in ("one", "two", "three"):
            sessions.start(log, token, 7, NOW, later(30))
        assert sessions.find(log, "one", later(29)) == sessions.Session(7, NOW, NOW, later(30))
        assert sessions.find(log, "one", later(30)) is None
        assert sessions.find(log, "unknown", NOW) is None
        assert sessions.extend(log, "one", later(20), later(50))
        assert sessions.find(log, "one", later(40)) == sessions.Session(7, NOW, later(20), later(50))
        assert not sessions.extend(log, "two", later(31), later(60))
        sessions.end(log, "one")
        assert sessions.find(log, "one", NOW) is None
        assert sessions.drop_old(log, later(29)) == 0
        sessions.end_all_of(log, 7)
        assert sessions.find(log, "three", NOW) is None
    assert "one" not in str(vars(store))


def test_who_read_a_case_is_known_from_both_sides(store: Store) -> None:
    with store.begin() as log:
        read_log.record(log, CASE, 7, "consulent", NOW, "behandeling")
        read_log.record(log, CASE, 8, "jurist", later(1), "advies")
        read_log.record(log, "case/2", 7, "consulent", later(2), "behandeling")
    with store.read() as log:
        assert [(r.account, r.purpose) for r in read_log.of_case(log, CASE)] == [(7, "behandeling"), (8, "advies")]
        assert [r.case for r in read_log.by_account(log, 7, NOW, later(2))] == [CASE]
        assert len(read_log.by_account(log, 7, NOW, NOW + timedelta(days=1))) == 2


def test_a_definition_file_is_kept_once_and_must_be_what_its_hash_says(store: Store) -> None:
    with store.begin() as log:
        digest = files.save_definition(log, b"<bpmn/>")
        assert files.save_definition(log, b"<bpmn/>") == digest
        assert files.load_definition(log, digest) == b"<bpmn/>"
        with pytest.raises(FileMissing):
            files.load_definition(log, "0" * 64)
    with store.database.schema_change() as connection:
        connection.exec_driver_sql(
            "UPDATE definition_files SET content = hash" + ("::bytea" if store.database.dialect == "postgresql" else "")
        )
    with pytest.raises(FileChanged), store.read() as log:
        files.load_definition(log, digest)


def test_the_bytes_of_a_document_are_kept_sealed(store: Store) -> None:
    with store.begin() as log:
        files.save_document(log, CASE, 1, "client:dossier", "application/pdf", b"%PDF-1.7")
    with store.read() as log:
        assert files.load_document(log, CASE, 1) == files.DocumentFile("application/pdf", b"%PDF-1.7")
        assert files.load_document(log, CASE, 2) is None
        stored = log.wire.one("document_file", case=CASE, document=1)
        assert stored is not None
        assert b"PDF" not in bytes(stored[1])


def test_numbers_count_up_and_one_that_was_rolled_back_comes_again(store: Store) -> None:
    with store.begin() as log:
        assert [next_number(log, "cases"), next_number(log, "cases"), next_number(log, "other")] == [1, 2, 1]
    with pytest.raises(RuntimeError, match="back"), store.begin() as log:  # noqa: PT012
        assert next_number(log, "cases") == 3
        raise RuntimeError("back")
    with store.begin() as log:
        assert next_number(log, "cases") == 3


def test_a_case_that_an_incident_holds_up_is_not_taken(store: Store) -> None:
    with store.begin() as log:
        log.project(
            [
                Row("timers", {"case": CASE, "kind": "bpmn", "instance": 1, "ref": 1}, {"due": NOW}),
                Row("incidents", {"case": CASE, "incident": 1}, {"status": "open", "instance": 1}),
            ]
        )
        assert log.rows("due_cases", now=NOW, limit=9) == []
        assert leases.take_due_cases(log, "a", NOW, later(5)) == []
        log.project([Row("incidents", {"case": CASE, "incident": 1}, {"status": "resolved"})])
        assert log.rows("due_cases", now=NOW, limit=9) == [{"case": CASE, "due": NOW}]
        assert leases.take_due_cases(log, "a", NOW, later(5)) == [CASE]

"""Erasing a person: nothing in the raw files tells about them any more, and the chain still verifies."""

from __future__ import annotations

import shutil
from pathlib import Path

import psycopg
import pytest

from schuldhulp.engine.history import accounts, drafts, erasing, files, outbox
from schuldhulp.engine.history.blind import blind
from schuldhulp.engine.history.errors import BadName
from schuldhulp.engine.history.projections import rows_of_case
from schuldhulp.engine.history.store import MasterKeys, Store
from schuldhulp.engine.history.verify import verify_all
from schuldhulp.engine.model.facts import DOSSIER, SubjectErased
from schuldhulp.engine.model.rows import OutboxMessage, Row

from .samples import CASE, NAME, NOW, later, opening, step

SECRETS = [
    NAME,
    "Geheime-aantekening",
    "Brief-aan-verzonnen",
    "Titel-van-het-dossier",
    "Inhoud-van-document",
    "Concept-tekst",
]


def filled(store: Store) -> None:
    """A case whose texts stand in every place where a text can stand."""
    with store.begin() as log:
        at = log.append(CASE, 0, opening(), NOW)
        log.append(CASE, at, step(1), NOW)
        log.save_snapshot(CASE, at, f"state with {NAME}".encode())
        log.project(
            [
                Row(
                    "cases",
                    {"case": CASE},
                    {"number": "2026-000123"},
                    {"title_sealed": (DOSSIER, "Titel-van-het-dossier")},
                ),
                Row(
                    "subscriptions",
                    {"case": CASE, "instance": 1, "ref": 1},
                    {"kind": "message", "name": "antwoord", "keys_blind": blind(log, "keys", NAME)},
                ),
            ]
        )
        log.post([OutboxMessage(case=CASE, kind="letter", key="letter 1", payload={"text": "Brief-aan-verzonnen"})])
        drafts.save(log, CASE, 1, 7, {"notes": "Concept-tekst", "more": "Geheime-aantekening"}, 0, 7, NOW)
        files.save_document(log, CASE, 1, DOSSIER, "text/plain", b"Inhoud-van-document")
        files.save_document(log, CASE, 2, "partner:dossier", "text/plain", b"Van de partner")


def erased(store: Store) -> None:
    with store.begin() as log:
        log.erase(CASE, [DOSSIER], later(10))
        log.append(CASE, log.load(CASE).sequence, [SubjectErased(subjects=(DOSSIER,), basis="retention")], later(10))


def test_what_was_erased_is_missing_and_said_to_be_erased(store: Store) -> None:
    filled(store)
    erased(store)
    with store.read() as log:
        stored = list(log.facts(CASE))
        assert [s.erased for s in stored] == [(DOSSIER,), (), (DOSSIER,), (DOSSIER,), (), (), (), ()]
        assert stored[0].fact.personal == {}
        assert list(stored[2].fact.personal) == ["partner:dossier"]
        assert log.load(CASE).snapshot is None
        assert drafts.load(log, CASE, 1, 7) is None
        assert files.load_document(log, CASE, 1) is None
        partner = files.load_document(log, CASE, 2)
        assert partner is not None
        assert partner.content == b"Van de partner"
        rows = rows_of_case(log, CASE)
        assert rows["cases", (CASE,)] == {"number": "2026-000123"}
        assert "keys_blind" not in rows["subscriptions", (CASE, 1, 1)]
        assert list(verify_all(log)) == []
    with store.begin() as log:
        (message,) = outbox.take(log, "w", later(20), later(30))
        assert message.payload is None


def test_a_person_who_comes_back_gets_a_new_key_and_the_old_stays_shut(store: Store) -> None:
    filled(store)
    erased(store)
    with store.begin() as log:
        at = log.load(CASE).sequence
        log.append(CASE, at, opening(name="Weer Terug"), later(20))
        log.save_snapshot(CASE, at + 3, b"again")
    with store.read() as log:
        stored = list(log.facts(CASE))
        assert stored[0].erased == (DOSSIER,)
        assert stored[-1].erased == ()
        assert stored[-1].fact.personal[DOSSIER]["changes"]["naam"] == [None, "Weer Terug"]
        assert log.load(CASE).snapshot == b"again"
        assert list(verify_all(log)) == []
    erased(store)
    with store.read() as log:
        assert all(NAME not in str(s.fact) and "Weer" not in str(s.fact.personal.get(DOSSIER)) for s in log.facts(CASE))


def test_erasing_someone_who_is_not_there_is_refused(store: Store) -> None:
    filled(store)
    for subject in ("nobody:dossier", "client", "stream:integrity"):
        with pytest.raises(BadName), store.begin() as log:
            log.erase(CASE, [subject], NOW)


def test_an_erasure_by_another_program_holds_at_once(store: Store, url: str) -> None:
    filled(store)
    with store.read() as log:
        assert NAME in str(list(log.facts(CASE)))
    with Store.open(url, store.masters) as other:
        erased(other)
    with store.read() as log:
        assert NAME not in str(list(log.facts(CASE)))
    with store.begin() as log:
        log.append(CASE, log.load(CASE).sequence, opening(name="Weer Terug"), later(20))
    with store.read() as log:
        assert [s.erased for s in log.facts(CASE, after=8)] == [(), (), ()]


def test_a_restored_backup_is_erased_again_from_the_list(
    sqlite_store: Store, sqlite_file: Path, keys: MasterKeys
) -> None:
    filled(sqlite_store)
    sqlite_store.scrub()
    backup = Path(shutil.copy(sqlite_file, sqlite_file.with_name("backup.db")))
    erased(sqlite_store)
    with sqlite_store.read() as log:
        kept = erasing.erased_list(log)
    with Store.open(f"sqlite:///{backup}", keys) as restored:
        with restored.read() as log:
            assert NAME in str(list(log.facts(CASE)))
        with restored.begin() as log:
            assert erasing.apply_again(log, kept) == len(kept)
            assert NAME not in str(list(log.facts(CASE)))
        with restored.read() as log:
            assert drafts.load(log, CASE, 1, 7) is None
            assert rows_of_case(log, CASE)["cases", (CASE,)] == {"number": "2026-000123"}
            assert list(verify_all(log)) == []
        with restored.begin() as log:
            assert erasing.apply_again(log, kept) == 0


def test_an_erased_account_cannot_log_in_and_has_no_name(store: Store) -> None:
    with store.begin() as log:
        accounts.put(log, 1, "jan.verzonnen", "Jan Verzonnen", ("consulent",))
        accounts.set_password(log, 1, "$argon2id$...")
    with store.begin() as log:
        log.erase("accounts", [accounts.subject(1)], NOW)
    with store.read() as log:
        assert accounts.by_login(log, "jan.verzonnen") is None
        assert accounts.by_number(log, 1) == accounts.Account(1, None, None, ("consulent",), False)


# --- the raw bytes ----------------------------------------------------------------------------------------------------


def wrapped_keys(store: Store) -> list[bytes]:
    """The stored forms of the data keys that an erasure destroys."""
    with store.read() as log:
        rows = log.wire.all("keys_of_stream", stream=CASE)
    return [bytes(row[3]) for row in rows if row[0] in (DOSSIER, "beside:cache")]


def found_in(folder: Path, needles: list[bytes]) -> dict[bytes, list[str]]:
    hits: dict[bytes, list[str]] = {}
    for file in sorted(p for p in folder.rglob("*") if p.is_file()):
        content = file.read_bytes()
        for needle in needles:
            if needle in content:
                hits.setdefault(needle, []).append(file.name)
    return hits


def test_the_raw_files_of_sqlite_never_hold_personal_text_and_no_erased_key(
    sqlite_store: Store, sqlite_file: Path, tmp_path: Path
) -> None:
    texts = [secret.encode() for secret in SECRETS]
    filled(sqlite_store)
    keys = wrapped_keys(sqlite_store)
    assert len(keys) == 2
    hits = found_in(tmp_path, [*texts, *keys, b"wgs-4-1-a"])
    assert set(hits) == {*keys, b"wgs-4-1-a"}  # the search finds what is there
    erased(sqlite_store)
    sqlite_store.scrub()
    assert found_in(tmp_path, [*texts, *keys]) == {}
    assert not sqlite_file.with_name("log.db-wal").exists() or sqlite_file.with_name("log.db-wal").stat().st_size == 0


@pytest.fixture
def postgres_files(postgres_url: str) -> Path:
    """Where the server keeps its files, when it is on this machine and we may read them."""
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
        assert row is not None
    folder = Path(str(row[0]))
    try:
        list(folder.iterdir())
    except OSError:
        pytest.skip("the server's files are not within reach: the search needs a server on this machine")
    return folder


@pytest.mark.postgres
def test_the_raw_files_of_postgresql_never_hold_personal_text_and_no_erased_key(
    postgres_url: str, postgres_files: Path, keys: MasterKeys
) -> None:
    texts = [secret.encode() for secret in SECRETS]
    with Store.open(postgres_url, keys) as store:
        filled(store)
        store.scrub()
        wrapped = wrapped_keys(store)
        checkpoint(postgres_url)
        assert set(found_in(postgres_files / "base", [*texts, *wrapped])) == set(wrapped)
        erased(store)
        store.scrub()
        checkpoint(postgres_url)
    assert found_in(postgres_files / "base", wrapped) == {}
    assert found_in(postgres_files, texts) == {}


def checkpoint(url: str) -> None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CHECKPOINT")


def test_the_search_itself_can_find(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"xx" + NAME.encode())
    assert found_in(tmp_path, [NAME.encode()]) == {NAME.encode(): ["a"]}

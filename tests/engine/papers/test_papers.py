"""Documents in a case: kept sealed with their hash in the facts, once, within limits; read, taken out and erased (C-D10)."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import pytest

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.case.errors import BadData, CommandRefused, NoSuchThing, NotAllowed, ReasonNeeded
from schuldhulp.engine.case.papers.deciding import Description
from schuldhulp.engine.case.papers.refusals import (
    CaseFull,
    FileErased,
    KindRefused,
    PaperGone,
    PaperThere,
    PaperTooLarge,
)
from schuldhulp.engine.definitions.limits import bounded
from schuldhulp.engine.definitions.parameters import ParametersError, load_parameters
from schuldhulp.engine.handle import Engine, NoSuchCase
from schuldhulp.engine.history.errors import StorageFull
from schuldhulp.engine.history.store import MasterKeys, Store
from schuldhulp.engine.model import facts as f
from tests.engine.history.test_robust import limit_pages
from tests.engine.papers.conftest import PAPER_FILES
from tests.engine.papers.samples import JPEG, pdf
from tests.engine.robust.sample import CLERK, KARIM, SAAR, open_case, task_at

TEAM = f.Actor(account=9, role="teamleider")


def faults(engine: Engine, case: str) -> list[str]:
    return [one.message for one in engine.verify(case) if not one.note]


@pytest.mark.shows("C-D10")
def test_a_document_is_kept_as_it_came_with_what_is_known_of_it(url: str, engine: Engine) -> None:
    case = open_case(engine)
    task = task_at(case, "Rekenen")
    given = Description(
        "loonstrook mei.pdf", "loonstroken", "Mei", date(2026, 5, 31), date(2026, 6, 2), "Joris", task.task
    )

    number = engine.add_paper(case.number, pdf(), given, SAAR).value

    paper, content = engine.read_paper(case.number, number)
    assert content == pdf()
    assert (paper.name, paper.kind, paper.description, paper.sender) == (
        "loonstrook mei.pdf", "loonstroken", "Mei", "Joris",
    )  # fmt: skip
    assert (paper.dated, paper.received) == (date(2026, 5, 31), date(2026, 6, 2))
    assert (paper.task, paper.instance, paper.added_by) == (task.task, task.instance, SAAR.account)
    assert (paper.media_type, paper.size, paper.gone) == ("application/pdf", len(pdf()), False)
    assert faults(engine, case.number) == []


def test_nothing_of_a_document_stands_in_the_clear(engine: Engine, settings: Settings, tmp_path: Path) -> None:
    case = open_case(engine)
    engine.add_paper(case.number, pdf("Zebedeus"), Description("Quastenbroek.pdf", description="Loon van Q"), SAAR)
    fact = next(one.fact for one in engine.facts(case.number) if isinstance(one.fact, f.DocumentAdded))
    assert list(fact.personal) == ["client.document[1]:dossier"]
    if settings.database.startswith("sqlite"):
        place = Path(settings.database.removeprefix("sqlite:///"))
        raw = b"".join(one.read_bytes() for one in place.parent.glob(f"{place.name}*"))
        sha256 = fact.personal["client.document[1]:dossier"]["sha256"].encode()
        assert [word for word in (b"Zebedeus", b"Quastenbroek", b"Loon van", sha256) if word in raw] == []


def test_the_same_bytes_are_not_kept_twice_whatever_they_are_called(engine: Engine) -> None:
    case, other = open_case(engine), open_case(engine)
    engine.add_paper(case.number, pdf(), Description("loonstrook.pdf"), SAAR)
    with pytest.raises(PaperThere) as refused:
        engine.add_paper(case.number, pdf(), Description("nog eens.pdf"), KARIM)
    assert (refused.value.number, refused.value.known) == (1, "loonstrook.pdf")
    assert engine.add_paper(other.number, pdf(), Description("loonstrook.pdf"), SAAR).value == 1
    assert len(engine.papers(case.number)) == 1


def test_two_who_add_the_same_file_at_once_leave_one(url: str, engine: Engine, settings: Settings) -> None:
    case = open_case(engine)
    engines = [open_engine(settings) for _ in range(4)]
    barrier, found = threading.Barrier(len(engines)), list[object]()

    def add(one: Engine) -> None:
        barrier.wait()
        try:
            found.append(one.add_paper(case.number, pdf(), Description("loonstrook.pdf"), SAAR).value)
        except CommandRefused as error:
            found.append(type(error))

    threads = [threading.Thread(target=add, args=[one]) for one in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in engines:
        one.store.close()
    assert sorted(map(str, found)) == sorted(map(str, [1, PaperThere, PaperThere, PaperThere]))
    assert [paper.document for paper in engine.papers(case.number)] == [1]
    assert faults(engine, case.number) == []


@pytest.mark.parametrize(
    ("content", "given", "refusal"),
    [
        (b"", Description("leeg.pdf"), KindRefused),
        (b"MZ\x90\x00" + b"\x00" * 99, Description("loonstrook.pdf"), KindRefused),
        (pdf("x" * 1_000_000), Description("groot.pdf"), PaperTooLarge),
        (pdf(), Description("a.pdf", kind="rekening"), BadData),
        (pdf(), Description("a.pdf", received=date(2150, 1, 1)), BadData),
        (pdf(), Description("a.pdf", dated=date(2150, 1, 1)), BadData),
        (pdf(), Description("a.pdf", task=99), NoSuchThing),
    ],
)
def test_what_may_not_come_in_leaves_nothing(
    engine: Engine, content: bytes, given: Description, refusal: type[CommandRefused]
) -> None:
    case = open_case(engine)
    before = engine.case(case.number).sequence
    with pytest.raises(refusal):
        engine.add_paper(case.number, content, given, SAAR)
    assert engine.case(case.number).sequence == before
    assert engine.papers(case.number) == []


def test_there_must_be_a_case(engine: Engine) -> None:
    with pytest.raises(NoSuchCase):
        engine.add_paper("2026-999999", pdf(), Description("a.pdf"), SAAR)
    with pytest.raises(NoSuchCase):
        engine.papers("2026-999999")


def test_a_case_holds_so_many_documents_and_so_many_bytes_and_no_more(engine: Engine) -> None:
    many, heavy = open_case(engine).number, open_case(engine).number
    for number in range(4):
        engine.add_paper(many, pdf(str(number)), Description(f"{number}.pdf"), SAAR)
    with pytest.raises(CaseFull):
        engine.add_paper(many, pdf("5"), Description("5.pdf"), SAAR)
    for number in range(2):
        engine.add_paper(heavy, pdf(str(number) * 990_000), Description(f"{number}.pdf"), SAAR)
    with pytest.raises(CaseFull):
        engine.add_paper(heavy, pdf("2" * 990_000), Description("2.pdf"), SAAR)

    engine.remove_paper(heavy, 1, "Dubbel", SAAR)
    assert engine.add_paper(heavy, pdf("2" * 990_000), Description("2.pdf"), SAAR).value == 3


def test_a_document_is_taken_out_by_who_added_it_or_who_oversees_with_a_reason(engine: Engine) -> None:
    case = open_case(engine).number
    for number in (1, 2):
        engine.add_paper(case, pdf(str(number)), Description(f"{number}.pdf"), SAAR)
    with pytest.raises(NotAllowed):
        engine.remove_paper(case, 1, "Hoort bij een ander", KARIM)
    with pytest.raises(ReasonNeeded):
        engine.remove_paper(case, 1, "  ", SAAR)
    with pytest.raises(NoSuchThing):
        engine.remove_paper(case, 7, "Weg", SAAR)
    assert len([paper for paper in engine.papers(case) if not paper.gone]) == 2

    engine.remove_paper(case, 1, "Hoort bij een ander", SAAR)
    engine.remove_paper(case, 2, "Hoort bij een ander", TEAM)
    with pytest.raises(PaperGone):
        engine.remove_paper(case, 1, "Nog eens", SAAR)


def test_of_a_document_that_was_taken_out_only_stays_that_it_was_there(
    url: str, engine: Engine, settings: Settings
) -> None:
    case = open_case(engine)
    engine.add_paper(case.number, pdf("eerste"), Description("van een ander.pdf"), SAAR)
    engine.add_paper(case.number, pdf("tweede"), Description("van Joris.pdf"), SAAR)
    engine.save_draft(case.number, task_at(case, "Rekenen").task, SAAR.account, 0, {"saldo": "12"})

    engine.remove_paper(case.number, 1, "Hoort bij een andere cliënt", SAAR)

    first, second = engine.papers(case.number)
    assert (first.gone, first.name, first.size, first.removed_at is not None) == (True, "", len(pdf("eerste")), True)
    assert second.name == "van Joris.pdf"
    with pytest.raises(PaperGone):
        engine.read_paper(case.number, 1)
    assert engine.read_paper(case.number, 2)[1] == pdf("tweede")
    assert engine.draft(case.number, task_at(case, "Rekenen").task, SAAR.account).content == {"saldo": "12"}
    added = [one.fact for one in engine.facts(case.number) if isinstance(one.fact, f.DocumentAdded)]
    assert [bool(fact.personal) for fact in added] == [False, True]
    assert faults(engine, case.number) == []
    assert engine.add_paper(case.number, pdf("eerste"), Description("toch.pdf"), SAAR).value == 3


def test_erasing_the_case_erases_its_documents_and_nothing_comes_in_any_more(url: str, engine: Engine) -> None:
    case = open_case(engine).number
    engine.add_paper(case, pdf(), Description("loonstrook.pdf"), SAAR)
    engine.add_paper(case, JPEG, Description("foto.jpg"), SAAR)

    engine.erase(case, (f.DOSSIER,), "retention", CLERK)

    assert [(paper.gone, paper.name) for paper in engine.papers(case)] == [(True, ""), (True, "")]
    with pytest.raises(PaperGone):
        engine.read_paper(case, 1)
    with pytest.raises(FileErased):
        engine.add_paper(case, pdf("nieuw"), Description("nieuw.pdf"), SAAR)
    assert faults(engine, case) == []


def test_an_erased_document_stays_erased_after_a_backup_comes_back(engine: Engine, settings: Settings) -> None:
    from schuldhulp.engine.history import erasing

    case = open_case(engine).number
    engine.add_paper(case, pdf(), Description("loonstrook.pdf"), SAAR)
    with engine.store.read() as reader:
        keys = reader.wire.all("keys_of_stream", stream=f"case/{case}")
        (file,) = reader.wire.all("document_files_of_case", case=f"case/{case}")
    engine.remove_paper(case, 1, "Verkeerde zaak", SAAR)
    with engine.store.read() as reader:
        erased = erasing.erased_list(reader)
    with engine.store.begin() as log:  # what a restored backup brings back: the key and the bytes
        (own,) = [row for row in keys if "document[1]" in row[0]]
        log.wire.run("add_key", stream=f"case/{case}", subject=own[0], generation=own[1], master=own[2], wrapped=own[3])
        log.wire.run(
            "save_document_file", case=f"case/{case}", document=1, media_type="application/pdf", content_sealed=file[1]
        )
    with engine.store.begin() as log:
        assert erasing.apply_again(log, erased) == 1
    with engine.store.read() as reader:
        assert reader.wire.all("document_files_of_case", case=f"case/{case}") == []
    assert faults(engine, case) == []


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (
            "UPDATE document_files SET content_sealed = (SELECT content_sealed FROM document_files WHERE document = 2)",
            "document 1 does not open",
        ),
        ("UPDATE document_files SET media_type = 'text/html' WHERE document = 1", "is said to be text/html"),
        ("DELETE FROM document_files WHERE document = 1", "the file of document 1 is missing"),
        (
            'INSERT INTO document_files SELECT "case", 9, media_type, content_sealed FROM document_files WHERE document = 1',
            "document 9",
        ),
        ("UPDATE papers SET size = 7 WHERE document = 1", "size is 7"),
    ],
)
def test_verify_names_what_was_changed_behind_the_back_of_the_facts(engine: Engine, spoil: str, told: str) -> None:
    case = open_case(engine).number
    engine.add_paper(case, pdf(), Description("loonstrook.pdf"), SAAR)
    engine.add_paper(case, JPEG, Description("foto.jpg"), SAAR)
    with engine.store.begin() as log:
        log.wire.sql(spoil, [{}])
    assert [text for text in faults(engine, case) if told in text]


def test_a_disk_that_is_full_keeps_neither_the_fact_nor_half_a_file(sqlite_url: str, tmp_path: Path) -> None:
    settings = Settings(sqlite_url, tmp_path / "keys", synchronous="OFF")
    engine = open_engine(settings)
    engine.deploy(PAPER_FILES, CLERK)
    case = open_case(engine).number
    engine.store.close()
    keys = MasterKeys.read(tmp_path / "keys")
    with Store.open(sqlite_url, keys) as store, store.read() as reader:
        (row,) = reader.wire.mappings("PRAGMA page_count", {})
    narrow = open_engine(settings)
    narrow.store.close()
    narrow.store = Store.open(sqlite_url, keys)
    limit_pages(narrow.store, row["page_count"] + 40)
    before = narrow.case(case).sequence
    with pytest.raises(StorageFull):
        narrow.add_paper(case, pdf("x" * 900_000), Description("groot.pdf"), SAAR)
    narrow.store.close()

    roomy = open_engine(settings)
    assert roomy.case(case).sequence == before
    assert roomy.papers(case) == []
    assert faults(roomy, case) == []
    assert roomy.add_paper(case, pdf("x" * 900_000), Description("groot.pdf"), SAAR).value == 1
    roomy.store.close()


def test_a_letter_is_no_document_and_a_document_no_letter(engine: Engine) -> None:
    case = open_case(engine).number
    engine.add_paper(case, pdf(), Description("loonstrook.pdf"), SAAR)
    with pytest.raises(NoSuchThing):
        engine.record_receipt(case, 1, "received", date(2026, 1, 5), "", SAAR)
    engine.remove_paper(case, 1, "Dubbel", SAAR)
    with pytest.raises(NoSuchThing):
        engine.record_receipt(case, 1, "received", date(2026, 1, 5), "", SAAR)


@pytest.mark.parametrize("value", ["0", "500", "veel", "12.5"])
def test_a_limit_that_cannot_be_is_refused_when_it_is_read(value: str) -> None:
    line = f"- {{key: document_mb, value: {value}, valid_from: 2020-01-01}}\n".encode()
    with pytest.raises(ParametersError, match="document_mb"):
        load_parameters(line, name="parameters.yaml", typed=bounded())


def test_a_rebuilt_case_is_the_case_that_was(engine: Engine) -> None:
    case = open_case(engine).number
    engine.add_paper(case, pdf(), Description("loonstrook.pdf"), SAAR)
    kept = engine.case(case)
    with engine.store.begin() as log:
        log.drop_snapshot(f"case/{case}")
    assert engine.case(case) == kept
    assert kept.papers == {1: len(pdf())}

"""The data key of a person destroyed: what it sealed is gone from every file of the database, and every proof still holds."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.case.papers.deciding import Description
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.history.files import load_document
from schuldhulp.engine.model.facts import DOSSIER
from tests.engine.robust.sample import CLERK, FILES, SAAR, call, open_case, task_at

NAME, INCOME, CALLER, PAPER = "Zebedeus Quastenbroek", "4711.37", "Xanthippe-aan-de-lijn", "Loonstrook van Zebedeus"
OTHER = "Wilhelmina Vlooswijk"
SECRETS = (NAME, "Quastenbroek", INCOME, "471137", "4.711,37", CALLER, PAPER)


def worked(engine: Engine) -> str:
    """A case that left personal data in every place that there is; gives its number."""
    case = open_case(engine, NAME)
    engine.save_draft(case.number, task_at(case, "Rekenen").task, SAAR.account, 0, {"saldo": INCOME, "beller": CALLER})
    case = call(engine, case, SAAR, inkomen=Decimal(INCOME), beller=CALLER)
    paper = b"%PDF-1.7\n" + PAPER.encode() + b"\n%%EOF"
    engine.add_paper(case.number, paper, Description(f"{PAPER}.pdf", description=PAPER, sender=CALLER), SAAR)
    return case.number


def raw_bytes(folder: Path) -> bytes:
    """Everything that is in the database's files."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("case.db*")))


def test_after_erasing_no_personal_datum_is_left_in_any_file(tmp_path: Path) -> None:
    engine = open_engine(Settings(f"sqlite:///{tmp_path / 'case.db'}", tmp_path / "keys", synchronous="OFF"))
    engine.deploy(FILES, CLERK)
    number, other = worked(engine), open_case(engine, OTHER).number
    with engine.store.read() as reader:
        wrapped = [
            bytes(row[3]) for row in reader.wire.all("keys_of_stream", stream=f"case/{number}") if row[0] == DOSSIER
        ]
        sealed = [
            bytes(row[3])
            for row in reader.wire.all("all_of_facts", stream=f"case/{number}", after=0, batch=500)
            if row[3]
        ]
    before = raw_bytes(tmp_path)
    assert wrapped
    assert wrapped[0] in before, "the search below would not find it either"
    assert any(piece in before for piece in sealed)

    engine.erase(number, (DOSSIER,), "retention", CLERK)

    after = raw_bytes(tmp_path)
    assert [secret for secret in SECRETS if secret.encode() in after] == []
    assert not any(key in after for key in wrapped), "the destroyed key is still in a file"
    stored = engine.facts(number)
    assert all(not one.fact.personal.get(DOSSIER) for one in stored)
    assert engine.draft(number, 2, SAAR.account) is None
    with engine.store.read() as reader:
        document = load_document(reader, f"case/{number}", 1)
        assert document is None or document.content is None
        assert all(row[1] is None for row in reader.wire.all("payloads_of_case", case=f"case/{number}"))
    found = engine.verify(number)
    assert [one for one in found if not one.note] == []
    assert any("erased" in one.message for one in found)
    assert engine.case(other).data["client_naam"] == OTHER
    assert engine.verify(other) == []
    engine.store.close()


def test_personal_data_never_stand_open_in_the_database_even_before_erasing(tmp_path: Path) -> None:
    engine = open_engine(Settings(f"sqlite:///{tmp_path / 'case.db'}", tmp_path / "keys", synchronous="OFF"))
    engine.deploy(FILES, CLERK)
    worked(engine)
    everything = raw_bytes(tmp_path)
    assert [secret for secret in SECRETS if secret.encode() in everything] == []
    engine.store.close()


def test_an_erased_case_is_folded_and_worked_on_without_what_is_gone(engine: Engine) -> None:
    number = worked(engine)
    engine.erase(number, (DOSSIER,), "retention", CLERK)
    case = engine.case(number)
    assert "client_naam" not in case.data
    assert case.erased == (DOSSIER,)

    engine.correct(number, {"client_naam": "Nieuwe Naam"}, "opnieuw aangemeld", CLERK)

    assert engine.case(number).data["client_naam"] == "Nieuwe Naam"
    assert [one for one in engine.verify(number) if not one.note] == []


def test_erasing_what_was_never_there_is_refused(engine: Engine) -> None:
    from schuldhulp.engine.history.errors import BadName

    number = worked(engine)
    with pytest.raises(BadName, match="partner"):
        engine.erase(number, ("partner:dossier",), "retention", CLERK)

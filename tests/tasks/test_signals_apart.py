"""Signals lie under a key of their own: erased, nothing of them is left, and the help file is untouched (M1-R02, C-P04)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec
import pytest

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.definitions.find import read_files
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model import facts as f
from schuldhulp.tasks.access import person_by_login
from schuldhulp.tasks.work import complete_with_values, open_with_values

SYSTEM = f.Actor(account=0, role="systeem", program="test")
SIGNAL = "signaal:signaal"
FIRST = {
    "signaal_bron": "vaste_lasten", "signaal_partner": "Woonstichting De Proefhof", "signaal_op": "2026-06-01",
    "signaal_soort": "huur", "signaal_bedrag": 650, "signaal_maanden": 1, "signaal_modus": "gericht",
    "signaal_grondslag": "Wgs art. 3 lid 1 b", "client_naam": "Nico Nietthuis", "client_adres": "Proefweg 9",
    "client_postcode": "9999 ZX", "client_woonplaats": "Voorbeeldstad",
}  # fmt: skip
SECOND = {"bron": "vaste_lasten", "partner": "Waterbedrijf Test", "soort": "water", "bedrag": 90, "maanden": 1,
          "grondslag": "Wgs art. 3 lid 1 b"}  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, str]]:
    """A case with two signals, the second by a message, of which the first letter was sent and filed."""
    folder = tmp_path_factory.mktemp("signalen")
    engine = open_engine(
        Settings(f"sqlite:///{folder / 'proef.db'}", folder / "proef.keys", synchronous="OFF"),
        lambda: datetime(2026, 6, 1, 8, 0, tzinfo=UTC),
    )
    engine.deploy(read_files(), SYSTEM)
    engine.put_account("vera", "Vera", ["aanmeldmedewerker"], SYSTEM)
    vera = person_by_login(engine, "vera").actor()
    case = open_with_values(engine, "M1", FIRST, vera).case.number
    for name, values in (("Bestaande hulp nagaan", {"eigen_zaak": False}), ("Aanbodbrief sturen", {})):
        task = next(task.task for task in engine.case(case).tasks.values() if task.name == name)
        complete_with_values(engine, case, task, values, vera)
    engine.message(case, "signaal", SECOND, vera)
    engine.file_letter(case, 1, SYSTEM)
    yield engine, case
    engine.store.close()


def sealed_with(engine: Engine, case: str, text: str) -> set[str]:
    """Under whose keys *text* lies."""
    found: set[str] = set()
    for stored in engine.facts(case):
        for subject, held in stored.fact.personal.items():
            if text in json.dumps(msgspec.to_builtins(held), ensure_ascii=False):
                found.add(subject)
    return found


def test_what_a_message_brought_and_what_was_written_lie_under_the_key_of_the_signal(desk: tuple[Engine, str]) -> None:
    engine, case = desk
    for text in ("Waterbedrijf Test", "Woonstichting De Proefhof"):
        assert sealed_with(engine, case, text) == {SIGNAL}
    letter = engine.letters(case)[1]
    assert (letter.letter, letter.seal) == ("L13", SIGNAL)
    assert "Proefweg 9" in letter.addressee
    for stored in engine.facts(case):
        if isinstance(stored.fact, f.Advanced | f.DecisionTaken | f.LetterMade | f.LetterFiled):
            assert set(stored.fact.personal) <= {SIGNAL}


def test_after_erasing_the_signals_nothing_of_them_is_left_and_the_file_still_opens(desk: tuple[Engine, str]) -> None:
    engine, case = desk
    assert engine.verify(case) == []
    engine.erase(case, (SIGNAL,), "bewaartermijn", SYSTEM)
    for text in ("Waterbedrijf Test", "Woonstichting De Proefhof", "650"):
        assert sealed_with(engine, case, text) == set()
    letter = engine.letters(case)[1]
    assert letter.erased
    assert letter.addressee == ()
    after = engine.case(case)
    assert after.data["client_naam"] == "Nico Nietthuis"
    assert not after.data.get("signalen")
    assert not [one for one in engine.verify(case) if not one.note]

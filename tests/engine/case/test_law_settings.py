"""What an organisation settles about the law comes with its deployment: readings, and days equated by royal decree."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.definitions.check import check_files
from schuldhulp.engine.definitions.deployment import Deployment
from schuldhulp.engine.definitions.find import read_files
from schuldhulp.engine.definitions.parameters import ParametersError
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks import work
from tests.engine.case.sample import FILES

CLERK = Actor(account=1, role="aanmeldmedewerker")
READINGS = "rules/readings.yaml@local"
DAYS = "rules/terms/equated_days.yaml@local"
DECREE = b"format: 1\ndecrees:\n  - {decree: KB van 2028, period: 2029-01-01..2031-12-31, days: [2029-05-11]}\n"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    settings = Settings(f"sqlite:///{tmp_path / 'c.db'}", tmp_path / "keys", synchronous="OFF")
    made = open_engine(settings, lambda: datetime(2029, 4, 5, 8, tzinfo=UTC))
    made.deploy(FILES, CLERK)
    yield made
    made.store.close()


def opened(engine: Engine) -> str:
    """A case whose first conversation must be held within four weeks of 12 April 2029: 10 May is Ascension day."""
    start = {"client_naam": "Joris Voorbeeld", "dreiging": "geen", "aangemeld_op": "2029-04-12"}
    return work.open_with_values(engine, "M5", start, CLERK).case.number


def last_day(engine: Engine, case: str) -> date | None:
    (term,) = engine.case(case).terms.values()
    return term.ends


def test_a_new_decree_counts_as_soon_as_it_is_deployed(engine: Engine) -> None:
    before = opened(engine)
    assert last_day(engine, before) == date(2029, 5, 11)
    engine.deploy({**FILES, DAYS: DECREE}, CLERK)

    assert last_day(engine, opened(engine)) == date(2029, 5, 14)
    assert not engine.calendar.is_complete(date(2032, 1, 1))
    assert engine.calendar.is_complete(date(2031, 1, 1))
    assert last_day(engine, before) == date(2029, 5, 11), "a running term moves only when it is counted again"
    engine.recompute_terms(before, CLERK)
    assert last_day(engine, before) == date(2029, 5, 14)
    assert engine.verify(before) == []


def test_readings_are_those_of_the_deployment_in_force(engine: Engine) -> None:
    assert not engine.readings.atw_on_ordinance_term
    engine.deploy({**FILES, READINGS: b"atw_on_ordinance_term: true\n"}, CLERK)

    assert engine.readings.atw_on_ordinance_term
    assert not engine.readings.signal_term_from_acceptance


@pytest.mark.parametrize(
    ("path", "text", "says"),
    [
        (READINGS, b"atw_on_easter: true", "atw_on_easter"),
        (READINGS, b"atw_on_ordinance_term: 1", "atw_on_ordinance_term"),
        (READINGS, b"- a\n- b", "must be lines such as"),
        (READINGS, b"a: [", "not YAML"),
        (DAYS, DECREE.replace(b"2029-01-01", b"2029-02-01"), "Let the first period start on 2029-01-01"),
        (DAYS, DECREE.replace(b"[2029-05-11]", b"[2039-05-11]"), "outside its period"),
    ],
)
def test_settings_that_cannot_be_read_are_refused_with_the_place(path: str, text: bytes, says: str) -> None:
    files = {**FILES, path: text}
    with pytest.raises(ParametersError, match=says):
        Deployment(files).read_everything()

    assert [one.code for one in check_files(files) if one.code == "law-settings"] == ["law-settings"]


def test_the_folder_of_the_organisation_adds_its_own_lines(tmp_path: Path) -> None:
    (tmp_path / "rules" / "terms").mkdir(parents=True)
    (tmp_path / "rules" / "terms" / "equated_days.yaml").write_bytes(DECREE)
    (tmp_path / "rules" / "readings.yaml").write_text("atw_on_notice_weeks: true\n", encoding="utf-8")

    deployment = Deployment(read_files(tmp_path))

    assert deployment.readings.atw_on_notice_weeks
    assert deployment.calendar.is_free(date(2029, 5, 11))
    assert DAYS not in read_files()

"""The lists of the faces: the right tasks, most urgent by law first, and counts that agree with them."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from schuldhulp.engine.history.errors import BadName
from schuldhulp.engine.history.named import UnknownQuery, queries
from schuldhulp.engine.history.reader import Reader
from schuldhulp.engine.history.store import Store
from schuldhulp.engine.model.rows import Row

from .samples import CASE, NOW, later

ROLES = ("consulent", "jurist", "bewindvoerder", "con")


def task(number: int, case: str = CASE, **values: Any) -> Row:
    return Row(
        "tasks", {"case": case, "task": number}, {"status": "open", "roles": ("consulent",), "opened_at": NOW, **values}
    )


def numbers(log: Reader, name: str, **params: Any) -> list[int]:
    rows = log.rows(name, **{"now": NOW, "limit": 100, "offset": 0, **params})
    return [row["task"] for row in rows]


def test_most_urgent_by_law_first_then_own_date_then_age_and_without_a_date_last(store: Store) -> None:
    with store.begin() as log:
        log.project(
            [
                task(1, opened_at=later(-5)),
                task(2, opened_at=later(-9)),
                task(3, target=later(60)),
                task(4, target=later(30), opened_at=later(-1)),
                task(5, fatal=date(2026, 3, 9)),
                task(6, fatal=date(2026, 3, 5)),
                task(7, fatal=date(2026, 3, 9), target=later(10)),
            ]
        )
    with store.read() as log:
        assert numbers(log, "group_tasks", roles=["consulent"]) == [6, 7, 5, 4, 3, 2, 1]
        assert numbers(log, "group_tasks", roles=["consulent"], limit=2, offset=1) == [7, 5]


def test_lists_show_who_may_see_and_what_is_not_put_off(store: Store) -> None:
    with store.begin() as log:
        log.project(
            [
                Row(
                    "cases",
                    {"case": CASE},
                    {"number": "2026-000123"},
                    {"title_sealed": ("client:dossier", "Verzonnen")},
                ),
                task(1),
                task(2, claimed_by=7, claimed_at=NOW),
                task(3, claimed_by=8),
                task(4, roles=("jurist", "bewindvoerder")),
                task(5, follow_up=later(1)),
                task(6, follow_up=NOW),
                task(7, status="done"),
                task(8, roles=("jurist",), claimed_by=7),
                task(9, claimed_by=7, follow_up=later(5)),
            ]
        )
    with store.read() as log:
        assert numbers(log, "my_tasks", account=7) == [2, 8]
        assert numbers(log, "group_tasks", roles=("consulent",)) == [1, 6]
        assert numbers(log, "group_tasks", roles=("con",)) == []
        assert numbers(log, "group_tasks", roles=("jurist", "consulent")) == [1, 4, 6]
        assert numbers(log, "group_tasks", roles=()) == []
        assert numbers(log, "visible_tasks", roles=("consulent",), account=7) == [1, 2, 3, 6, 8]
        assert numbers(log, "put_off_tasks", account=7) == [9]
        (first, *_) = log.rows("my_tasks", account=7, now=NOW, limit=1, offset=0)
        assert (first["number"], first["title_sealed"], first["claimed_at"], first["roles"]) == (
            "2026-000123",
            "Verzonnen",
            NOW,
            ("consulent",),
        )
        assert log.rows("task_counts", account=7, roles=("consulent",), now=NOW) == [
            {"mine": 2, "group": 2, "visible": 5}
        ]


def test_counts_agree_with_lists_on_any_tasks(store: Store) -> None:
    chance = random.Random(7)
    rows = [
        task(
            number,
            case=f"case/{number % 5}",
            status=chance.choice(["open", "open", "done", "cancelled"]),
            roles=tuple(chance.sample(ROLES, chance.randrange(3))),
            claimed_by=chance.choice([None, None, 7, 8]),
            follow_up=chance.choice([None, later(1), later(-1)]),
            fatal=chance.choice([None, date(2026, 3, 2) + timedelta(days=chance.randrange(9))]),
            target=chance.choice([None, later(chance.randrange(500))]),
        )
        for number in range(200)
    ]
    with store.begin() as log:
        log.project(rows)
    with store.read() as log:
        for roles in ([], ["consulent"], ["jurist", "con"], list(ROLES)):
            (counts,) = log.rows("task_counts", account=7, roles=roles, now=NOW)
            assert counts["mine"] == len(numbers(log, "my_tasks", account=7, limit=1000))
            assert counts["group"] == len(numbers(log, "group_tasks", roles=roles, limit=1000))
            assert counts["visible"] == len(numbers(log, "visible_tasks", roles=roles, account=7, limit=1000))


def test_terms_timers_cases_and_incidents_are_found_by_what_people_ask(store: Store) -> None:
    with store.begin() as log:
        log.project(
            [
                Row("cases", {"case": CASE}, {"number": "1", "status": "open", "opened_at": NOW}),
                Row("terms", {"case": CASE, "term": 1}, {"status": "running", "ends": date(2026, 3, 1)}),
                Row("terms", {"case": CASE, "term": 2}, {"status": "running", "ends": date(2026, 3, 2)}),
                Row("terms", {"case": CASE, "term": 3}, {"status": "met", "ends": date(2026, 2, 1)}),
                Row("timers", {"case": CASE, "kind": "term", "instance": 0, "ref": 1}, {"due": later(1)}),
                Row("timers", {"case": CASE, "kind": "bpmn", "instance": 1, "ref": 1}, {"due": later(-1)}),
                Row("incidents", {"case": CASE, "incident": 1}, {"status": "open", "raised_at": NOW, "code": "x"}),
                Row("incidents", {"case": CASE, "incident": 2}, {"status": "resolved", "raised_at": NOW}),
                Row("instances", {"case": CASE, "instance": 1}, {"deployment": "d", "started_at": NOW}),
                Row(
                    "subscriptions",
                    {"case": CASE, "instance": 1, "ref": 2},
                    {"kind": "signal", "name": "s", "keys_blind": "k"},
                ),
                task(1),
            ]
        )
    with store.read() as log:
        page = {"limit": 10, "offset": 0}
        assert [r["term"] for r in log.rows("overdue_terms", today=date(2026, 3, 2), **page)] == [1]
        assert [r["term"] for r in log.rows("terms_ending", date=date(2026, 3, 2), **page)] == [1, 2]
        assert [r["kind"] for r in log.rows("due_timers", now=NOW, limit=10)] == ["bpmn"]
        assert log.rows("next_due") == [{"due": later(-1)}]
        (overview,) = log.rows("case_overview", case=CASE)
        assert (overview["open_tasks"], overview["open_incidents"], overview["fatal"]) == (1, 1, date(2026, 3, 1))
        assert [r["incident"] for r in log.rows("open_incidents", **page)] == [1]
        assert [r["case"] for r in log.rows("case_of_number", number="1")] == [CASE]
        assert [r["ref"] for r in log.rows("subscribers", kind="signal", name="s", keys_blind="k")] == [2]
        assert [r["instance"] for r in log.rows("running_on_deployment", deployment="d", **page)] == [1]


def test_a_query_that_is_not_there_or_lacks_a_parameter_is_refused(store: Store) -> None:
    with store.read() as log:
        with pytest.raises(UnknownQuery, match="my_tasks"):
            log.rows("mine")
        with pytest.raises(BadName, match="account"):
            log.rows("my_tasks", now=NOW)


def test_every_query_runs_on_this_database(store: Store) -> None:
    """Each statement is understood and finds its tables and columns; what it gives is for other tests."""
    for query in queries(store.database.dialect).values():
        whole = WHOLE - {"number"} if query.name == "case_of_number" else WHOLE
        params = {name: 1 if name in whole else b"" if name in BYTES else "[]" for name in query.parameters}
        with pytest.raises(RuntimeError, match="roll back"), store.begin() as log:  # noqa: PT012
            log.wire.sql(query.sql, [params])
            raise RuntimeError("roll back")


WHOLE = {"sequence", "after", "upto", "batch", "limit", "offset", "generation", "task", "account", "author", "document",
         "number", "active", "expected", "instance", "work", "retries"}  # fmt: skip
BYTES = {"clear", "sealed", "hash", "head", "head_sealed", "content", "wrapped", "payload_sealed", "content_sealed",
         "login_sealed", "name_sealed"}  # fmt: skip

"""Batches of facts as a case has them, for the tests of the log. Names are invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from schuldhulp.engine.model.facts import (
    DOSSIER,
    Actor,
    CaseOpened,
    CommandGiven,
    DataRecorded,
    Fact,
    TaskCompleted,
    TaskOpened,
    TermStarted,
)

CASE = "case/2026-000123"
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BY = Actor(account=7, role="consulent")
NAME = "Klaartje Verzonnen-Naampje"


def later(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def opening(number: str = "2026-000123", name: str = NAME) -> list[Fact]:
    return [
        CommandGiven(command="open_case", by=BY, product="0.1.0", law="2026-01-01", personal={DOSSIER: {"naam": name}}),
        CaseOpened(number=number),
        DataRecorded(
            instance=None,
            paths=("naam", "partner.naam"),
            why="form",
            personal={
                DOSSIER: {"changes": {"naam": [None, name]}},
                "partner:dossier": {"changes": {"partner": "Piet"}},
            },
        ),
    ]


def step(task: int) -> list[Fact]:
    return [
        CommandGiven(
            command="complete_task",
            by=BY,
            product="0.1.0",
            law="2026-01-01",
            task=task,
            personal={DOSSIER: {"answers": {"bedrag": 125050, "nummer": task}}},
        ),
        TaskCompleted(task=task),
        TaskOpened(
            task=task + 1,
            kind="user",
            instance=1,
            work=task + 1,
            element="Task_gesprek",
            name="Voer het eerste gesprek",
            roles=("consulent",),
        ),
        TermStarted(
            term=task,
            rule="wgs-4-1-a",
            article="Wgs art. 4 lid 1",
            instance=1,
            element=None,
            trigger=date(2026, 3, 2),
            ends=date(2026, 3, 30),
            law="2021-01-01",
        ),
    ]

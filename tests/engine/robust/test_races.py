"""Two people at the same moment: one wins, the other is told who and when and keeps what was typed; nobody else notices."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.case.errors import CommandRefused, DataChanged, TaskClaimedByOther, TaskClosed
from schuldhulp.engine.case.tasks import Completion
from schuldhulp.engine.handle import Done, Engine
from tests.engine.robust.sample import KARIM, SAAR, call, open_case, task_at

Outcome = Done | CommandRefused
COUNTS = [25, pytest.param(200, marks=pytest.mark.endurance)]


@pytest.fixture
def two(engine: Engine, settings: Settings) -> Iterator[tuple[Engine, Engine]]:
    """Two programs over one database."""
    first, second = open_engine(settings), open_engine(settings)
    yield first, second
    first.store.close()
    second.store.close()


def together(*commands: Callable[[], Done]) -> list[Outcome]:
    """Runs all at the same moment, each in its thread; gives what became of each. Another error fails the test."""
    barrier = threading.Barrier(len(commands))
    found: dict[int, Outcome | BaseException] = {}

    def run(place: int, command: Callable[[], Done]) -> None:
        barrier.wait()
        try:
            found[place] = command()
        except BaseException as error:
            found[place] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(commands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcomes: list[Outcome] = []
    for place in range(len(commands)):
        outcome = found[place]
        if not isinstance(outcome, Done | CommandRefused):
            raise outcome
        outcomes.append(outcome)
    return outcomes


@pytest.mark.parametrize("rounds", COUNTS)
def test_two_who_complete_one_task_at_once_give_one_winner_and_the_other_is_told_who_and_when(
    two: tuple[Engine, Engine], rounds: int
) -> None:
    wins = {SAAR.account: 0, KARIM.account: 0}
    case = open_case(two[0])
    for turn in range(rounds):
        began = datetime.now(UTC)
        task, seen = task_at(case, "Rekenen").task, case.sequence
        answers = [{"saldo": Decimal(turn)}, {"saldo": Decimal(turn) + Decimal("0.50")}]
        outcomes = together(
            lambda: two[0].complete(case.number, task, Completion(answers[0], seen=seen), SAAR),  # noqa: B023
            lambda: two[1].complete(case.number, task, Completion(answers[1], seen=seen), KARIM),  # noqa: B023
        )

        assert [isinstance(one, Done) for one in outcomes].count(True) == 1, outcomes
        place = 0 if isinstance(outcomes[0], Done) else 1
        winner, loser = (SAAR, KARIM) if place == 0 else (KARIM, SAAR)
        refused = outcomes[1 - place]
        assert isinstance(refused, TaskClosed)
        assert (refused.task, refused.how, refused.by) == (task, "done", winner.account)
        assert refused.at is not None
        assert began <= refused.at <= datetime.now(UTC)

        loser_engine = two[1 - place]
        assert loser_engine.save_draft(case.number, task, loser.account, 0, {"beller": "Buren"}) == 1
        assert two[place].draft(case.number, task, loser.account).content == {"beller": "Buren"}
        case = two[0].case(case.number)
        assert case.data["saldo"] == int(answers[place]["saldo"] * 100)
        wins[winner.account] += 1
    assert sum(wins.values()) == rounds
    assert two[0].verify(case.number) == []


@pytest.mark.parametrize("rounds", COUNTS)
def test_two_on_different_tasks_of_one_case_never_hinder_each_other(two: tuple[Engine, Engine], rounds: int) -> None:
    case = open_case(two[0])
    for turn in range(rounds):
        list(two[0].tick(SAAR))
        case = two[0].case(case.number)
        calling, counting, seen = task_at(case, "Bellen").task, task_at(case, "Rekenen").task, case.sequence
        income, balance = Decimal(1000 + turn), Decimal(turn)
        outcomes = together(
            lambda: two[0].complete(case.number, calling, Completion({"inkomen": income}, seen=seen), SAAR),  # noqa: B023
            lambda: two[1].complete(case.number, counting, Completion({"saldo": balance}, seen=seen), KARIM),  # noqa: B023
        )
        assert all(isinstance(one, Done) for one in outcomes), outcomes
        case = two[0].case(case.number)
        assert (case.data["inkomen"], case.data["saldo"]) == (income * 100, balance * 100)
        wait_for_timer(two[0], case.number)
    assert two[0].verify(case.number) == []


def wait_for_timer(engine: Engine, number: str) -> None:
    """Until the process is back at the call."""
    for _ in range(1000):
        list(engine.tick(SAAR))
        if any(task.element == "Bellen" for task in engine.case(number).tasks.values()):
            return
    raise AssertionError("the timer never fired")


def test_a_datum_that_another_task_changed_meanwhile_is_a_conflict_that_shows_both_values(
    two: tuple[Engine, Engine],
) -> None:
    case = open_case(two[0])
    shown, counting = case.sequence, task_at(case, "Rekenen").task
    call(two[0], case, SAAR, inkomen=Decimal("1800.00"))

    with pytest.raises(DataChanged, match="inkomen") as refused:
        two[1].complete(case.number, counting, Completion({"inkomen": Decimal("1250.00")}, seen=shown), KARIM)

    assert refused.value.values == {"inkomen": (Decimal("1250.00"), Decimal("1800.00"))}
    assert task_at(two[1].case(case.number), "Rekenen").claimed_by is None


def test_a_datum_that_another_changed_to_the_same_value_is_no_conflict(two: tuple[Engine, Engine]) -> None:
    case = open_case(two[0])
    shown, counting = case.sequence, task_at(case, "Rekenen").task
    call(two[0], case, SAAR, inkomen=Decimal("1800.00"))

    done = two[1].complete(case.number, counting, Completion({"inkomen": Decimal("1800.00")}, seen=shown), KARIM)

    assert done.facts


@pytest.mark.parametrize("rounds", COUNTS)
def test_who_claims_while_another_completes_gets_the_task_or_hears_who_was_first(
    two: tuple[Engine, Engine], rounds: int
) -> None:
    case = open_case(two[0])
    for turn in range(rounds):
        task, balance = task_at(case, "Rekenen").task, Decimal(turn)
        claimed, completed = together(
            lambda: two[0].claim(case.number, task, SAAR),  # noqa: B023
            lambda: two[1].complete(case.number, task, Completion({"saldo": balance}), KARIM),  # noqa: B023
        )
        if isinstance(claimed, Done):
            assert isinstance(completed, TaskClaimedByOther)
            assert (completed.by, completed.at) == (SAAR.account, two[0].case(case.number).tasks[task].claimed_at)
            two[0].release(case.number, task, SAAR)
            two[1].complete(case.number, task, Completion({"saldo": balance}), KARIM)
        else:
            assert isinstance(claimed, TaskClosed | TaskClaimedByOther)
            assert claimed.by == KARIM.account
            assert isinstance(completed, Done)
        case = two[0].case(case.number)


def test_a_draft_of_the_same_person_in_another_window_is_not_overwritten(engine: Engine) -> None:
    from schuldhulp.engine.history.errors import DraftConflict

    case = open_case(engine)
    task = task_at(case, "Bellen").task
    engine.save_draft(case.number, task, SAAR.account, 0, {"beller": "Buren"})
    with pytest.raises(DraftConflict):
        engine.save_draft(case.number, task, SAAR.account, 0, {"beller": "Familie"})
    assert engine.draft(case.number, task, SAAR.account).content == {"beller": "Buren"}

"""What a step may cost: counts and bytes, never the clock of this machine."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from schuldhulp.engine.bpmn.graph import Graph
from schuldhulp.engine.bpmn.run import State, dumps, loads, open_work, step
from schuldhulp.engine.bpmn.run.contract import WorkDone
from schuldhulp.engine.bpmn.run.table import Table
from tests.engine.bpmn.build import (
    Part,
    boundary,
    compensate,
    end,
    event_sub,
    exclusive,
    inclusive,
    loop,
    message,
    multi,
    parallel,
    process,
    signal,
    start,
    sub,
    throw,
    user,
)
from tests.engine.bpmn.driver import MONDAY, Play


def finish(play: Play, work: int) -> tuple[int, int]:
    """Complete work; gives the number of facts and the bytes of the new state (no check by replay: many turns)."""
    outcome = step(play.graph, play.state, WorkDone(work), play.at, play.evaluate)
    play.state, play.last = outcome.state, outcome.facts
    return len(outcome.facts), len(dumps(outcome.state))


def looping_beside_a_waiting_branch() -> Graph:
    return process(
        start("s"), parallel("p"), user("waits"), exclusive("m"), user("turns"), exclusive("x"), parallel("j"), end("e"),
        boundary("b", "waits", message("stop")), flows="s > p > waits > j > e; p > m > turns > x; x >[again] m; x >* j; b > e",
    )  # fmt: skip


def test_five_thousand_turns_beside_a_waiting_branch_cost_the_same_and_keep_the_same() -> None:
    play = Play(looping_beside_a_waiting_branch(), reload=False, again=True).start()
    costs = set()
    sizes = []
    for _ in range(5000):
        facts, size = finish(play, play.work("turns"))
        costs.add(facts)
        sizes.append(size)
    assert len(costs) == 1
    assert sizes[-1] <= sizes[0] + 20, "only ids became longer"
    assert len(play.state.records) == 6
    assert play.done("turns", again=False).done("waits").ended == "completed"


def test_five_thousand_turns_of_a_standard_loop_keep_nothing() -> None:
    activity = user("a", loop=loop("again"))
    play = Play(process(start("s"), activity, user("b"), flows="s > a > b"), reload=False, again=True).start()
    sizes = [finish(play, play.work("a"))[1] for _ in range(5000)]
    assert sizes[-1] <= sizes[0] + 20


def test_an_endless_wait_in_a_loop_of_sub_processes_keeps_nothing() -> None:
    handler = event_sub("h", start("hs", signal("x"), interrupting=False), user("c"), flows="hs > c")
    inner = sub("u", start("us"), user("a"), handler, flows="us > a", loop=loop("again"))
    play = Play(process(start("s"), inner, flows="s > u"), reload=False, again=True).start()
    sizes = [finish(play, play.work("a"))[1] for _ in range(500)]
    assert sizes[-1] <= sizes[100] + 20


def test_three_hundred_loops_around_a_three_way_block_in_random_order() -> None:
    graph = process(
        start("s"), exclusive("m"), parallel("p"), user("a"), user("b"), user("c"), parallel("j"), exclusive("x"), end("e"),
        flows="s > m > p > a > j > x; p > b > j; p > c > j; x >[again] m; x >* e",
    )  # fmt: skip
    random, play, size = Random(7), Play(graph, reload=False, again=True).start(), 0
    for turn in range(300):
        order = ["a", "b", "c"]
        random.shuffle(order)
        for number, task in enumerate(order):
            assert play.open == sorted(order[number:]), f"turn {turn}"
            play.data["again"] = turn < 299
            play.state = loads(dumps(play.state))
            _, size = finish(play, play.work(task))
        assert size < 600
    assert play.ended == "completed"


def blocks(make: str, number: int, width: int = 3) -> Graph:
    gateway = {"and": parallel, "or": inclusive}[make]
    guard = "" if make == "and" else "[True]"
    parts: list[Part] = [start("s"), end("e")]
    flows, last = [], "s"
    for block in range(number):
        parts += [gateway(f"o{block}"), gateway(f"c{block}")]
        flows.append(f"{last} > o{block}")
        for branch in range(width):
            parts.append(user(f"t{block}_{branch}"))
            flows.append(f"o{block} >{guard} t{block}_{branch} > c{block}")
        last = f"c{block}"
    return process(*parts, flows="; ".join([*flows, f"{last} > e"]))


@pytest.mark.parametrize("make", ["and", "or"])
def test_ten_consecutive_three_way_blocks_open_three_tasks_each(make: str) -> None:
    play = Play(blocks(make, 10)).start()
    for block in range(10):
        tasks = [f"t{block}_{branch}" for branch in range(3)]
        assert play.open == tasks
        assert len(dumps(play.state)) < 600
        play.done(*tasks)
    assert play.ended == "completed"


def test_a_thousand_parallel_instances_open_and_close_in_any_order() -> None:
    activity = user("a", loop=multi("1000"))
    play = Play(process(start("s"), activity, user("b"), flows="s > a > b"), reload=False).start()
    works = [each.id for each in open_work(play.state)]
    Random(3).shuffle(works)
    assert len(works) == 1000
    for work in works[:-1]:
        outcome = step(play.graph, play.state, WorkDone(work), play.at, play.evaluate)
        play.state = outcome.state
        assert len(outcome.facts) == 1
    assert play.send(WorkDone(works[-1])).open == ["b"]


def touched(before: State, after: State) -> int:
    """Shards of the state's tables that a step made anew: what it copied, besides one pointer per shard."""

    def made(old: Table[Any] | None, new: Table[Any]) -> int:
        kept = {} if old is None else {id(shard) for shard in old._shards.values()}
        return sum(1 for shard in new._shards.values() if id(shard) not in kept)

    total = made(before.records, after.records) + made(before.below, after.below)
    return total + sum(
        made(before.below.get(owner), children)
        for owner, children in after.below.items()
        if before.below.get(owner) is not children
    )


def test_a_step_among_five_thousand_instances_copies_only_what_it_changes() -> None:
    inner = sub("u", start("us"), user("a"), user("a2"), flows="us > a > a2", loop=multi("5000"))
    play = Play(process(start("s"), inner, user("b"), flows="s > u > b"), reload=False).start()
    for each in open_work(play.state)[:5000:500]:
        before = play.state
        play.state = step(play.graph, before, WorkDone(each.id), MONDAY, play.evaluate).state
        assert touched(before, play.state) < 16


def test_compensation_of_a_long_log_runs_one_handler_at_a_time() -> None:
    graph = process(
        start("s"), user("a", loop=multi("300"), compensation_handler="undo"), boundary("x", "a", compensate()),
        user("undo", for_compensation=True), throw("t", compensate()), user("b"), flows="s > a > t > b",
    )  # fmt: skip
    play = Play(graph, reload=False).start()
    for each in open_work(play.state):
        finish(play, each.id)
    for _ in range(300):
        assert play.open == ["undo"]
        finish(play, play.work("undo"))
    assert play.open == ["b"]


@pytest.mark.endurance
def test_ten_thousand_parallel_instances_of_a_sub_process_complete() -> None:
    inner = sub("u", start("us"), user("a"), flows="us > a", loop=multi("10000"))
    play = Play(process(start("s"), inner, user("b"), flows="s > u > b"), reload=False).start()
    for each in open_work(play.state):
        outcome = step(play.graph, play.state, WorkDone(each.id), play.at, play.evaluate)
        play.state = outcome.state
    assert play.open == ["b"]

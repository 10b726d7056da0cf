"""Undoing what was done: handlers, order, scopes, transactions."""

from __future__ import annotations

import pytest

from schuldhulp.engine.bpmn.graph import Graph
from schuldhulp.engine.bpmn.run import CompensationLogFull, dumps
from schuldhulp.engine.bpmn.run.compensation import LIMIT
from schuldhulp.engine.bpmn.run.contract import Skip, WorkCreated
from tests.engine.bpmn.build import (
    Part,
    boundary,
    cancel,
    compensate,
    end,
    error,
    event_sub,
    exclusive,
    loop,
    message,
    multi,
    parallel,
    process,
    start,
    sub,
    throw,
    transaction,
    user,
)
from tests.engine.bpmn.driver import Play


def step_back(ident: str, **fields: object) -> tuple[Part, ...]:
    """A task with a compensation handler `undo_...`."""
    return (
        user(ident, compensation_handler=f"undo_{ident}", **fields),
        boundary(f"x_{ident}", ident, compensate()),
        user(f"undo_{ident}", for_compensation=True),
    )


def test_a_throw_compensates_what_was_completed_latest_first_and_waits_for_it() -> None:
    graph = process(
        start("s"), *step_back("a"), *step_back("b"), *step_back("c"), throw("t", compensate()), user("d"),
        flows="s > a > b > t > d",
    )  # fmt: skip
    play = Play(graph).start().done("a", "b")
    assert play.open == ["undo_b"]
    assert play.of(WorkCreated)[-1].compensates == "b"
    assert play.done("undo_b").open == ["undo_a"]
    assert play.done("undo_a").open == ["d"]


def test_a_throw_that_does_not_wait_goes_on_at_once_and_the_process_ends_after_the_handler() -> None:
    graph = process(start("s"), *step_back("a"), throw("t", compensate(wait=False)), user("d"), flows="s > a > t > d")
    play = Play(graph).start().done("a")
    assert play.open == ["d", "undo_a"]
    assert play.done("d").ended is None
    assert play.done("undo_a").ended == "completed"


def test_a_throw_can_name_one_activity() -> None:
    graph = process(
        start("s"), *step_back("a"), *step_back("b"), throw("t", compensate("a")), throw("t2", compensate()), user("d"),
        flows="s > a > b > t > t2 > d",
    )  # fmt: skip
    play = Play(graph).start().done("a", "b")
    assert play.open == ["undo_a"]
    assert play.done("undo_a").open == ["undo_b"], "what was compensated is not compensated again"
    assert play.done("undo_b").open == ["d"]


def test_nothing_to_compensate_lets_the_token_pass() -> None:
    graph = process(
        start("s"), *step_back("a"), exclusive("g"), throw("t", compensate()), user("d"), flows="s > g > t > d"
    )
    assert Play(graph).start().open == ["d"]


def test_skipped_and_unfinished_work_is_not_compensated() -> None:
    graph = process(start("s"), *step_back("a"), throw("t", compensate()), user("d"), flows="s > a > t > d")
    play = Play(graph).start()
    assert play.send(Skip(play.work("a"))).open == ["d"]


def test_each_turn_and_each_inner_instance_is_compensated_with_its_own_locals() -> None:
    graph = process(
        start("s"), *step_back("a", loop=multi(over="names", element="name")), throw("t", compensate()), user("d"),
        flows="s > a > t > d",
    )  # fmt: skip
    play = Play(graph, names=["x", "y"]).start().done("a", "a")
    assert play.of(WorkCreated)[-1].locals["name"] == "y"
    assert play.done("undo_a").of(WorkCreated)[-1].locals["name"] == "x"
    assert play.done("undo_a").open == ["d"]


def in_sub_process(*more: Part) -> Graph:
    inner = sub("u", start("us"), *step_back("a"), *step_back("b"), *more, flows="us > a > b")
    return process(start("s"), inner, throw("t", compensate()), user("d"), flows="s > u > t > d")


def test_a_completed_sub_process_is_compensated_from_inside_latest_first() -> None:
    play = Play(in_sub_process()).start().done("a", "b")
    assert play.open == ["undo_b"]
    assert play.done("undo_b").open == ["undo_a"]
    assert play.done("undo_a").open == ["d"]


def test_a_compensation_event_sub_process_decides_for_its_sub_process() -> None:
    handler = event_sub(
        "h", start("hs", compensate()), user("first"), throw("ht", compensate("a")), user("last"),
        flows="hs > first > ht > last",
    )  # fmt: skip
    play = Play(in_sub_process(handler)).start().done("a", "b")
    assert play.open == ["first"]
    assert play.done("first").open == ["undo_a"]
    assert play.done("undo_a").open == ["last"]
    assert play.done("last").open == ["d"]


def test_a_handler_on_a_sub_process_replaces_what_is_inside() -> None:
    inner = sub("u", start("us"), *step_back("a"), flows="us > a", compensation_handler="undo_u")
    graph = process(
        start("s"), inner, boundary("x_u", "u", compensate()), user("undo_u", for_compensation=True),
        throw("t", compensate()), user("d"), flows="s > u > t > d",
    )  # fmt: skip
    assert Play(graph).start().done("a").open == ["undo_u"]


def test_an_error_event_sub_process_compensates_the_scope_it_stands_in() -> None:
    handler = event_sub("h", start("hs", error("E")), throw("ht", compensate()), user("b"), flows="hs > ht > b")
    inner = sub("u", start("us"), *step_back("a"), user("c"), handler, flows="us > a > c")
    play = Play(process(start("s"), inner, user("d"), flows="s > u > d")).start().done("a").fail("c", "E")
    assert play.open == ["undo_a"]
    assert play.done("undo_a").open == ["b"]
    assert play.done("b").open == ["d"]


def test_a_sub_process_that_failed_leaves_nothing_to_compensate() -> None:
    inner = sub("u", start("us"), *step_back("a"), user("c"), flows="us > a > c")
    graph = process(
        start("s"), inner, boundary("x", "u", error("E")), throw("t", compensate()), user("d"), flows="s > u; x > t > d"
    )
    assert Play(graph).start().done("a").fail("c", "E").open == ["d"]


def test_a_compensation_end_event_compensates_before_the_scope_ends() -> None:
    inner = sub("u", start("us"), *step_back("a"), end("ue", compensate()), flows="us > a > ue")
    play = Play(process(start("s"), inner, user("d"), flows="s > u > d")).start().done("a")
    assert play.open == ["undo_a"]
    assert play.done("undo_a").open == ["d"]


def test_a_cancelled_transaction_stops_compensates_and_leaves_by_its_cancel_event() -> None:
    inner = transaction(
        "u", start("us"), *step_back("a"), parallel("p"), user("b"), user("c"), end("ue", cancel()),
        flows="us > a > p > b > ue; p > c",
    )  # fmt: skip
    graph = process(start("s"), inner, boundary("x", "u", cancel()), user("d"), user("e"), flows="s > u > d; x > e")
    play = Play(graph).start().done("a", "b")
    assert play.open == ["undo_a"], "c was stopped"
    assert play.done("undo_a").open == ["e"]


def test_a_transaction_that_fails_leaves_by_its_error_event_without_compensation() -> None:
    inner = transaction("u", start("us"), *step_back("a"), end("ue", error("E")), flows="us > a > ue")
    graph = process(
        start("s"), inner, boundary("x", "u", cancel()), boundary("y", "u", error("E")), user("d"), user("e"),
        throw("t", compensate()), flows="s > u; x > e; y > t > d",
    )  # fmt: skip
    assert Play(graph).start().done("a").open == ["d"]


def test_a_transaction_without_trouble_is_a_sub_process_that_can_be_compensated_later() -> None:
    inner = transaction("u", start("us"), *step_back("a"), flows="us > a")
    graph = process(start("s"), inner, user("b"), throw("t", compensate()), user("d"), flows="s > u > b > t > d")
    play = Play(graph).start().done("a")
    assert play.open == ["b"]
    assert play.done("b").open == ["undo_a"]


def test_an_error_in_a_handler_goes_up_from_the_scope_it_compensates() -> None:
    inner = sub("u", start("us"), *step_back("a"), throw("t", compensate()), flows="us > a > t")
    graph = process(start("s"), inner, boundary("x", "u", error("E")), user("d"), flows="s > u; x > d")
    assert Play(graph).start().done("a").fail("undo_a", "E").open == ["d"]


def test_a_compensation_that_runs_is_stopped_with_its_scope_which_can_still_end() -> None:
    handler = event_sub("h", start("hs", message("stop")), user("b"), flows="hs > b")
    inner = sub("u", start("us"), *step_back("a"), throw("t", compensate()), handler, flows="us > a > t")
    play = Play(process(start("s"), inner, user("d"), flows="s > u > d")).start().done("a")
    assert play.open == ["undo_a"]
    assert play.message("stop").open == ["b"]
    assert play.done("b").open == ["d"]


def test_a_running_handler_is_stopped_with_everything_around_it() -> None:
    handler = event_sub("h", start("hs", message("go"), interrupting=False), user("b"), flows="hs > b")
    inner = sub(
        "u",
        start("us"),
        user("a"),
        handler,
        event_sub("k", start("ks", message("stop")), user("c"), flows="ks > c"),
        flows="us > a",
    )
    play = Play(process(start("s"), inner, user("d"), flows="s > u > d")).start().message("go").message("stop")
    assert play.open == ["c"]
    assert play.done("c").open == ["d"]


def test_nothing_is_remembered_where_nothing_can_be_compensated() -> None:
    graph = process(start("s"), *step_back("a", loop=loop("again")), user("d"), flows="s > a > d")
    play = Play(graph, again=True).start().done("a")
    size = len(dumps(play.state))
    for _ in range(30):
        play.done("a")
    assert len(dumps(play.state)) <= size + 8, "only numbers became longer"


def test_a_loop_cannot_fill_the_state_with_things_to_compensate() -> None:
    graph = process(start("s"), *step_back("a", loop=loop("again")), throw("t", compensate()), flows="s > a > t")
    play = Play(graph, reload=False, again=True).start()
    for _ in range(LIMIT):
        play.done("a")
    with pytest.raises(CompensationLogFull, match=f"a: more than {LIMIT} completed activities"):
        play.done("a")


def test_a_handler_that_an_event_interrupts_is_over_and_the_throw_goes_on() -> None:
    graph = process(
        start("s"), user("a", compensation_handler="undo"), boundary("b", "a", compensate()),
        user("undo", for_compensation=True),
        boundary("x", "undo", message("stop")), user("other"), throw("c", compensate()), user("z"),
        flows="s > a > c > z; x > other",
    )  # fmt: skip
    play = Play(graph).start().done("a")
    assert play.open == ["undo"]
    assert play.message("stop").open == ["other", "z"]

"""Errors, escalations and terminate ends: who catches them, and what goes on."""

from __future__ import annotations

import pytest

from schuldhulp.engine.bpmn.run.contract import Caught, Completed, ScopeClosed, Thrown, Withdrawn, WorkEnded
from tests.engine.bpmn.build import (
    boundary,
    call,
    end,
    error,
    escalation,
    event_sub,
    multi,
    parallel,
    process,
    start,
    sub,
    terminate,
    throw,
    user,
)
from tests.engine.bpmn.driver import Play


def test_failed_work_goes_on_from_the_error_boundary_event_with_its_code() -> None:
    graph = process(
        start("s"), user("a"), user("b"), user("c"), user("d"), boundary("x", "a", error("E1")), boundary("y", "a", error()),
        flows="s > a > b; x > c; y > d",
    )  # fmt: skip
    assert Play(graph).start().fail("a", "E1").open == ["c"]
    assert Play(graph).start().fail("a", "E2").open == ["d"]
    assert Play(graph).start().fail("a").open == ["d"]


def test_an_error_nobody_catches_ends_the_instance_with_its_code() -> None:
    graph = process(start("s"), parallel("p"), user("a"), user("b"), flows="s > p > a; p > b")
    play = Play(graph).start().fail("a", "E")
    assert play.ended == "error"
    assert play.of(Completed) == [Completed("error", "E")]
    assert play.of(Thrown) == [Thrown("a", "error", "E", handled=False)]
    assert [fact.how for fact in play.of(WorkEnded)] == ["failed", "cancelled"]


def test_an_error_end_event_is_caught_on_the_nearest_sub_process_that_knows_it() -> None:
    inner = sub("v", start("vs"), end("ve", error("E")), flows="vs > ve")
    outer = sub("u", start("us"), inner, boundary("y", "v", error("other")), user("n"), flows="us > v; y > n")
    graph = process(start("s"), outer, user("b"), boundary("x", "u", error("E")), flows="s > u; x > b")
    play = Play(graph).start()
    assert play.open == ["b"]
    assert [fact.how for fact in play.of(ScopeClosed)] == ["cancelled", "cancelled"]


def test_an_error_in_one_sub_process_does_not_reach_its_sibling() -> None:
    failing = sub("u", start("us"), user("a"), end("ue", error("E")), flows="us > a > ue")
    sibling = sub("v", start("vs"), user("b"), flows="vs > b")
    graph = process(
        start("s"),
        parallel("p"),
        failing,
        sibling,
        boundary("x", "v", error("E")),
        user("c"),
        flows="s > p > u; p > v; x > c",
    )
    assert Play(graph).start().done("a").ended == "error"


def test_an_error_event_sub_process_catches_in_its_scope_but_not_what_it_throws_itself() -> None:
    handler = event_sub("h", start("hs", error("E")), user("b"), end("he", error("E")), flows="hs > b > he")
    inner = sub("u", start("us"), user("a"), handler, flows="us > a")
    graph = process(start("s"), inner, user("c"), boundary("x", "u", error("E")), flows="s > u; x > c")
    play = Play(graph).start().fail("a", "E")
    assert play.open == ["b"]
    assert play.done("b").open == ["c"]


def test_an_error_of_a_called_process_is_caught_on_the_call_activity() -> None:
    graph = process(start("s"), call("k"), user("b"), boundary("x", "k", error("E")), flows="s > k; x > b")
    assert Play(graph).start().fail("k", "E").open == ["b"]


def test_an_error_of_one_inner_instance_ends_the_whole_multi_instance() -> None:
    graph = process(
        start("s"), user("a", loop=multi("3")), user("b"), boundary("x", "a", error("E")), flows="s > a; x > b"
    )
    assert Play(graph).start().fail("a", "E").open == ["b"]


def test_an_escalation_is_caught_beside_or_instead_of_what_threw_it() -> None:
    inner = sub("u", start("us"), throw("t", escalation("X")), user("a"), flows="us > t > a")
    for interrupting, expected in ((False, ["a", "b"]), (True, ["b"])):
        event = boundary("x", "u", escalation("X"), interrupting=interrupting)
        play = Play(process(start("s"), inner, user("b"), event, flows="s > u; x > b")).start()
        assert play.open == expected


@pytest.mark.parametrize(("interrupting", "expected"), [(False, ["a", "b"]), (True, ["b"])])
def test_an_escalation_starts_an_event_sub_process(interrupting: bool, expected: list[str]) -> None:
    handler = event_sub("h", start("hs", escalation(), interrupting=interrupting), user("b"), flows="hs > b")
    graph = process(start("s"), throw("t", escalation("X")), user("a"), handler, flows="s > t > a")
    assert Play(graph).start().open == expected


def test_an_escalation_nobody_catches_changes_nothing() -> None:
    play = Play(process(start("s"), end("e", escalation("X")), flows="s > e")).start()
    assert play.ended == "completed"
    assert play.of(Thrown) == [Thrown("e", "escalation", "X", handled=False)]


def test_work_escalates_while_it_goes_on() -> None:
    event = boundary("x", "a", escalation("X"), interrupting=False)
    play = Play(process(start("s"), user("a"), user("b"), event, flows="s > a; x > b")).start().escalate("a", "X")
    assert play.open == ["a", "b"]
    assert play.of(Caught) == [Caught("x", "escalation", "X")]


def test_an_escalation_handler_does_not_catch_its_own_escalation() -> None:
    handler = event_sub(
        "h",
        start("hs", escalation("X"), interrupting=False),
        throw("ht", escalation("X")),
        user("b"),
        flows="hs > ht > b",
    )
    inner = sub("u", start("us"), throw("t", escalation("X")), user("a"), handler, flows="us > t > a")
    event = boundary("x", "u", escalation("X"), interrupting=False)
    play = Play(process(start("s"), inner, user("c"), event, flows="s > u; x > c")).start()
    assert play.open == ["a", "b", "c"]


def test_a_terminate_end_stops_its_own_scope_only() -> None:
    inner = sub(
        "u", start("us"), parallel("p"), user("a"), user("b"), end("e", terminate()), flows="us > p > a > e; p > b"
    )
    play = Play(process(start("s"), parallel("q"), inner, user("c"), user("d"), flows="s > q > u > c; q > d")).start()
    assert play.done("a").open == ["c", "d"]
    assert sorted(fact.element for fact in play.of(Withdrawn)) == ["b", "e"]


def test_a_terminate_end_of_the_process_ends_everything() -> None:
    graph = process(
        start("s"), parallel("p"), user("a"), user("b"), end("e", terminate()), flows="s > p > a > e; p > b"
    )
    play = Play(graph).start().done("a")
    assert play.ended == "terminated"
    assert play.of(Completed) == [Completed("terminated")]


def test_a_terminate_end_in_one_of_several_instances_leaves_the_others() -> None:
    inner = sub("u", start("us"), user("a"), end("e", terminate()), flows="us > a > e", loop=multi("2"))
    play = Play(process(start("s"), inner, user("c"), flows="s > u > c")).start()
    assert play.done("a").open == ["a"]
    assert play.done("a").open == ["c"]

"""Messages, signals, timers, conditions and links at every place where they can be caught."""

from __future__ import annotations

from datetime import timedelta

import pytest

from schuldhulp.engine.bpmn.graph import CorrelationKey, DataMapping
from schuldhulp.engine.bpmn.run import Refused, open_subscriptions, open_timers
from schuldhulp.engine.bpmn.run.contract import (
    Assigned,
    Caught,
    Entered,
    MessageArrived,
    Stale,
    Thrown,
    TimerDue,
    TimerEnded,
    TimerMoved,
    TimerSet,
    Unsubscribed,
    WorkDone,
)
from tests.engine.bpmn.build import (
    Part,
    boundary,
    catch,
    condition,
    end,
    event_gateway,
    event_sub,
    feel,
    link,
    message,
    multi,
    parallel,
    process,
    receive,
    script,
    signal,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.engine.bpmn.driver import MONDAY, Play

TRIGGERS = {
    "message": (message("m"), lambda play: play.message("m")),
    "signal": (signal("m"), lambda play: play.signal("m")),
    "timer": (timer("PT1H"), lambda play: play.wait(hours=1)),
    "conditional": (condition("ready"), lambda play: play.change(ready=True)),
}
each_trigger = pytest.mark.parametrize("trigger", TRIGGERS)


@each_trigger
def test_a_catch_event_waits_for_its_trigger(trigger: str) -> None:
    definition, happen = TRIGGERS[trigger]
    play = Play(process(start("s"), catch("c", definition), user("a"), flows="s > c > a"), ready=False).start()
    assert play.where == {"c": 1}
    assert happen(play).open == ["a"]


@each_trigger
def test_an_interrupting_boundary_event_ends_the_activity(trigger: str) -> None:
    definition, happen = TRIGGERS[trigger]
    graph = process(
        start("s"), user("a"), user("b"), user("c"), boundary("x", "a", definition), flows="s > a > b; x > c"
    )
    play = Play(graph, ready=False).start()
    assert happen(play).open == ["c"]
    assert not open_timers(play.state)
    assert not open_subscriptions(play.state)


@each_trigger
def test_a_boundary_event_is_gone_once_its_activity_is_complete(trigger: str) -> None:
    definition, _ = TRIGGERS[trigger]
    graph = process(
        start("s"), user("a"), user("b"), user("c"), boundary("x", "a", definition), flows="s > a > b; x > c"
    )
    play = Play(graph, ready=False).start().done("a")
    assert not open_timers(play.state)
    assert not open_subscriptions(play.state)
    assert play.signal("m").change(ready=True).wait(hours=2).open == ["b"]


@each_trigger
def test_a_non_interrupting_boundary_event_leaves_the_activity_open(trigger: str) -> None:
    definition, happen = TRIGGERS[trigger]
    event = boundary("x", "a", definition, interrupting=False)
    play = Play(process(start("s"), user("a"), user("c"), event, flows="s > a; x > c"), ready=False).start()
    assert happen(play).open == ["a", "c"]


@pytest.mark.parametrize("trigger", ["message", "signal"])
def test_a_non_interrupting_message_or_signal_can_come_again(trigger: str) -> None:
    definition, happen = TRIGGERS[trigger]
    event = boundary("x", "a", definition, interrupting=False)
    play = Play(process(start("s"), user("a"), user("c"), event, flows="s > a; x > c")).start()
    happen(play)
    assert happen(play).open == ["a", "c", "c"]


@each_trigger
def test_an_interrupting_event_sub_process_takes_its_scope_over(trigger: str) -> None:
    definition, happen = TRIGGERS[trigger]
    handler = event_sub("h", start("hs", definition), user("b"), flows="hs > b")
    inner = sub("u", start("us"), parallel("p"), user("a"), user("a2"), handler, flows="us > p > a; p > a2")
    play = Play(process(start("s"), inner, user("c"), flows="s > u > c"), ready=False).start()
    assert happen(play).open == ["b"]
    assert not open_subscriptions(play.state)
    assert play.done("b").open == ["c"]


@each_trigger
def test_a_non_interrupting_event_sub_process_runs_beside_its_scope_which_waits_for_it(trigger: str) -> None:
    definition, happen = TRIGGERS[trigger]
    handler = event_sub("h", start("hs", definition, interrupting=False), user("b"), flows="hs > b")
    inner = sub("u", start("us"), user("a"), handler, flows="us > a")
    play = Play(process(start("s"), inner, user("c"), flows="s > u > c"), ready=False).start()
    assert happen(play).open == ["a", "b"]
    assert play.done("a").open == ["b"]
    assert play.done("b").open == ["c"]


@each_trigger
def test_an_event_gateway_takes_the_first_event_and_forgets_the_others(trigger: str) -> None:
    definition, happen = TRIGGERS[trigger]
    graph = process(
        start("s"), event_gateway("g"), catch("c", definition), catch("o", message("other")), receive("r", "third"),
        user("a"), user("b"), user("d"), flows="s > g > c > a; g > o > b; g > r > d",
    )  # fmt: skip
    play = Play(graph, ready=False).start()
    assert happen(play).open == ["a"]
    assert not open_subscriptions(play.state)
    assert Play(graph, ready=False).start().message("third").open == ["d"]


def test_an_event_sub_process_of_the_whole_process_ends_it_when_it_is_done() -> None:
    handler = event_sub("h", start("hs", message("stop")), user("b"), flows="hs > b")
    play = Play(process(start("s"), user("a"), handler, flows="s > a")).start().message("stop")
    assert play.open == ["b"]
    assert play.done("b").ended == "completed"


def test_a_condition_that_is_true_already_interrupts_before_anything_is_done() -> None:
    inner = sub("u", start("us"), user("a"), flows="us > a")
    graph = process(start("s"), inner, user("b"), boundary("x", "u", condition("ready")), flows="s > u; x > b")
    play = Play(graph, ready=True).start()
    assert play.open == ["b"]
    assert not [fact for fact in play.facts if getattr(fact, "element", "") == "a"]


def test_a_condition_happens_when_it_becomes_true_not_while_it_is_true() -> None:
    event = boundary("x", "a", condition("ready"), interrupting=False)
    play = Play(process(start("s"), user("a"), user("c"), event, flows="s > a; x > c"), ready=True).start()
    assert play.open == ["a", "c"]
    assert play.change(ready=True).open == ["a", "c"]
    assert play.change(ready=False).open == ["a", "c"]
    assert play.change(ready=True).open == ["a", "c", "c"]


def test_data_that_completed_work_brings_are_seen_by_conditions_before_the_token_goes_on() -> None:
    inner = sub("u", start("us"), user("a"), user("a2"), flows="us > a > a2")
    graph = process(start("s"), inner, user("b"), boundary("x", "u", condition("ready")), flows="s > u; x > b")
    play = Play(graph, ready=False).start().done("a", ready=True)
    assert play.open == ["b"]
    assert "a2" not in [getattr(fact, "element", "") for fact in play.facts]


def test_a_message_stores_its_payload_and_wants_its_keys() -> None:
    key = CorrelationKey("zaak", feel("zaak"), feel("number"))
    event = catch("c", message("m", variable="answer", keys=(key,)))
    play = Play(process(start("s"), event, user("a"), flows="s > c > a"), number=12).start()
    assert open_subscriptions(play.state)[0].keys == {"zaak": 12}
    play.message("m", {"amount": 3})
    assert play.of(Assigned) == [Assigned("answer", {"amount": 3}, 1)]
    assert play.of(Caught)[0].payload == {"amount": 3}


@pytest.mark.parametrize("place", ["start", "catch", "boundary"])
def test_output_parameters_of_an_event_are_set_when_it_has_happened(place: str) -> None:
    outputs = (DataMapping("seen", feel("1 + 1")),)
    begin = start("s", outputs=outputs if place == "start" else ())
    wait = catch("c", message("m"), outputs=outputs if place == "catch" else ())
    event = boundary("x", "a", message("n"), outputs=outputs if place == "boundary" else ())
    graph = process(begin, wait, user("a"), user("b"), event, flows="s > c > a; x > b")
    play = Play(graph).start().message("m").message("n")
    assert play.open == ["b"]
    assert [(fact.variable, fact.value) for fact in play.of(Assigned)] == [("seen", 2)]


def test_a_late_message_or_timer_is_stale() -> None:
    graph = process(
        start("s"), user("a"), user("b"), boundary("x", "a", message("m")), boundary("y", "a", timer("PT1H")),
        flows="s > a > b; x > b; y > b",
    )  # fmt: skip
    play = Play(graph).start()
    subscription, late = open_subscriptions(play.state)[0].id, open_timers(play.state)[0].id
    play.send(TimerDue(late))
    assert play.last == (Stale("timer", late),), "not due yet"
    play.done("a")
    assert play.send(MessageArrived(subscription)).last == (Stale("message", subscription),)
    assert play.send(TimerDue(late)).last == (Stale("timer", late),)


def test_a_signal_reaches_every_catcher_in_the_instance_and_leaves_it_too() -> None:
    graph = process(
        start("s"), parallel("p"), catch("c", signal("x")), catch("d", signal("x")), throw("t", signal("x", payload=feel("7"))),
        user("a"), user("b"), user("e"), flows="s > p > t > e; p > c > a; p > d > b",
    )  # fmt: skip
    play = Play(graph).start()
    assert play.open == ["a", "b", "e"]
    assert play.of(Thrown) == [Thrown("t", "signal", "x", 7)]


def test_a_signal_that_interrupts_the_scope_it_was_thrown_in_stops_the_thrower() -> None:
    inner = sub("u", start("us"), throw("t", signal("x"), message("never")), user("a"), flows="us > t > a")
    graph = process(start("s"), inner, user("b"), boundary("x", "u", signal("x")), flows="s > u; x > b")
    play = Play(graph).start()
    assert play.open == ["b"]
    assert [fact.trigger for fact in play.of(Thrown)] == ["signal"]


def test_a_signal_nobody_waits_for_changes_nothing() -> None:
    play = Play(process(start("s"), user("a"), flows="s > a")).start()
    before = play.state
    assert play.signal("x").state is before


def test_a_link_jumps_to_its_other_half() -> None:
    graph = process(start("s"), throw("t", link("over")), catch("c", link("over")), user("a"), flows="s > t; c > a")
    assert Play(graph).start().open == ["a"]


def test_a_multiple_catch_needs_one_of_its_events_and_a_parallel_multiple_needs_all() -> None:
    either = process(start("s"), catch("c", message("m"), signal("x")), user("a"), flows="s > c > a")
    assert Play(either).start().signal("x").open == ["a"]
    both = process(
        start("s"), catch("c", message("m"), signal("x"), parallel_multiple=True), user("a"), flows="s > c > a"
    )
    play = Play(both).start().signal("x")
    assert play.open == []
    assert play.signal("x").open == []
    assert play.message("m").open == ["a"]
    assert [fact.hit for fact in play.of(Unsubscribed)] == [True, True]


def test_a_non_interrupting_parallel_multiple_boundary_counts_anew_each_time() -> None:
    event = boundary("x", "a", message("m"), signal("x"), interrupting=False, parallel_multiple=True)
    play = Play(process(start("s"), user("a"), user("b"), event, flows="s > a; x > b")).start()
    assert play.signal("x").message("m").open == ["a", "b"]
    assert play.message("m").open == ["a", "b"]
    assert play.signal("x").open == ["a", "b", "b"]


def test_a_receive_task_waits_for_its_message_in_each_inner_instance() -> None:
    play = Play(process(start("s"), receive("r", "m", loop=multi("2")), user("a"), flows="s > r > a")).start()
    assert len(open_subscriptions(play.state)) == 2
    assert play.message("m").open == []
    assert play.message("m").open == ["a"]


# --- starting ---------------------------------------------------------------------------------------------------------


def test_a_process_is_started_by_one_of_its_events_with_its_payload() -> None:
    graph = process(
        start("m", message("new", variable="melding")), start("t", timer("R/P1D")), user("a"), flows="m > a; t > a"
    )
    play = Play(graph).start("m", {"who": "x"})
    assert play.open == ["a"]
    assert play.of(Assigned) == [Assigned("melding", {"who": "x"}, 1)]
    with pytest.raises(Refused, match="no start of its own; start it by one of: m, t"):
        Play(graph).start()
    with pytest.raises(Refused, match="cannot be started by a"):
        Play(graph).start("a")


def test_an_instantiating_receive_task_starts_a_process() -> None:
    graph = process(receive("r", "m", instantiate=True), user("a"), flows="r > a")
    assert Play(graph).start("r").open == ["a"]


def _instantiating(*, together: bool) -> tuple[Part, ...]:
    return (
        event_gateway("g", instantiate=True, parallel_start=together), catch("c", message("m")), catch("d", message("n")),
        user("a"), user("b"),
    )  # fmt: skip


def test_an_instantiating_gateway_starts_by_one_event_or_waits_for_all_the_others() -> None:
    flows = "g > c > a; g > d > b"
    play = Play(process(*_instantiating(together=False), flows=flows)).start("c")
    assert play.open == ["a"]
    assert not open_subscriptions(play.state)
    play = Play(process(*_instantiating(together=True), flows=flows)).start("c").done("a")
    assert play.ended is None
    assert play.message("n").open == ["b"]
    assert play.done("b").ended == "completed"


# --- timers -----------------------------------------------------------------------------------------------------------


def test_a_cycle_on_a_boundary_reminds_as_often_as_it_says() -> None:
    event = boundary("x", "a", timer("R3/P1D"), interrupting=False)
    play = Play(process(start("s"), user("a"), user("c"), event, flows="s > a; x > c")).start()
    assert play.wait(days=2).open == ["a", "c", "c"]
    assert play.wait(days=9).open == ["a", "c", "c", "c"]
    assert not open_timers(play.state)
    assert [fact.due - MONDAY for fact in play.of(TimerSet)] == [timedelta(days=n) for n in (1, 2, 3)]
    assert [fact.fired for fact in play.of(TimerEnded)] == [True] * 3


def test_a_cycle_in_the_flow_sends_a_token_on_each_time() -> None:
    play = Play(process(start("s"), catch("c", timer("R2/PT1H")), user("a"), flows="s > c > a")).start().wait(hours=1)
    assert play.where == {"a": 1, "c": 1}
    assert play.wait(hours=5).where == {"a": 2}
    assert [each.element for each in play.of(Entered)].count("c") == 2  # each token is told of


def test_a_cycle_of_months_counts_from_its_first_day() -> None:
    event = boundary("x", "a", timer("R3/2026-01-31T09:00/P1M"), interrupting=False)
    graph = process(start("s"), user("a"), user("c"), event, flows="s > a; x > c")
    play = Play(graph, at=MONDAY - timedelta(days=60)).start().wait(days=200)
    assert [f"{fact.due:%d %b}" for fact in play.of(TimerSet)] == ["31 Jan", "28 Feb", "31 Mar"]


def test_a_turn_of_a_cycle_reported_twice_is_stale() -> None:
    event = boundary("x", "a", timer("R3/P1D"), interrupting=False)
    play = Play(process(start("s"), user("a"), user("c"), event, flows="s > a; x > c")).start().wait(days=1)
    ident = open_timers(play.state)[0].id
    assert play.send(TimerDue(ident)).last == (Stale("timer", ident),)


def test_a_moved_timer_goes_off_at_its_new_moment() -> None:
    graph = process(start("s"), user("a"), user("c"), boundary("x", "a", timer("P1D")), flows="s > a; x > c")
    play = Play(graph).start()
    ident = open_timers(play.state)[0].id
    play.send(TimerMoved(ident, MONDAY + timedelta(days=3)))
    assert play.last == (TimerSet(ident, "x", MONDAY + timedelta(days=3)),)
    assert play.wait(days=2).open == ["a"]
    assert play.wait(days=1).open == ["c"]


def test_a_timer_interrupts_a_script_that_still_runs() -> None:
    inner = sub("u", start("us"), script("long"), flows="us > long")
    graph = process(start("s"), inner, user("b"), boundary("x", "u", timer("PT2S")), flows="s > u; x > b")
    play = Play(graph).start()
    work = play.work("long")
    assert play.wait(seconds=2).open == ["b"]
    assert play.send(WorkDone(work)).last == (Stale("work_done", work),)


def test_a_throwing_end_event_sends_its_message() -> None:
    graph = process(start("s"), end("e", message("m", payload=feel("1"))), flows="s > e")
    play = Play(graph).start()
    assert play.of(Thrown) == [Thrown("e", "message", "m", 1)]
    assert play.ended == "completed"

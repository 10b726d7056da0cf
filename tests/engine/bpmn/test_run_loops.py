"""Standard loops, multi-instance activities and token quantities."""

from __future__ import annotations

from typing import Any

import pytest

from schuldhulp.engine.bpmn.graph import Behavior, DataMapping
from schuldhulp.engine.bpmn.run import InvalidAnswer, Refused
from schuldhulp.engine.bpmn.run.contract import Assigned, LoopStarted, ScopeOpened, WorkCreated, WorkDone, WorkEnded
from tests.engine.bpmn.build import (
    Part,
    boundary,
    complex_gateway,
    end,
    error,
    exclusive,
    feel,
    loop,
    message,
    multi,
    parallel,
    process,
    script,
    signal,
    start,
    sub,
    user,
    when,
)
from tests.engine.bpmn.driver import Play


def around(**fields: object) -> Play:
    return Play(process(start("s"), user("a", **fields), user("b"), flows="s > a > b"), names=["x", "y", "z"])


def test_a_loop_goes_round_while_its_condition_is_true_and_at_least_once() -> None:
    play = around(loop=loop("again")).start()
    assert play.done("a", again=True).open == ["a"]
    assert play.done("a", again=False).open == ["b"]
    assert [fact.locals["loopCounter"] for fact in play.of(WorkCreated)[:2]] == [1, 2]


def test_a_loop_that_tests_before_may_not_run_at_all_and_a_maximum_ends_it() -> None:
    play = around(loop=loop("again", test_before=True))
    play.data["again"] = False
    assert play.start().open == ["b"]
    play = around(loop=loop("True", maximum="2")).start()
    assert play.done("a").open == ["a"]
    assert play.done("a").open == ["b"]
    assert around(loop=loop("True", maximum="0")).start().open == ["b"]


def test_parallel_instances_each_have_their_item_and_gather_results_in_the_order_of_the_items() -> None:
    play = around(
        loop=multi(over="names", element="name", output_collection="all", output_element=feel("name + str"))
    ).start()
    assert play.open == ["a", "a", "a"]
    assert [(fact.index, fact.locals["name"]) for fact in play.of(WorkCreated)] == [(0, "x"), (1, "y"), (2, "z")]
    second = play.of(WorkCreated)[1].work
    play.data["str"] = "2"
    play.send(WorkDone(second))
    play.data["str"] = "1"
    assert play.done("a", "a").open == ["b"]
    assert play.of(Assigned) == [Assigned("all", ["x1", "y2", "z1"], 1)]


def test_sequential_instances_come_one_after_the_other() -> None:
    play = around(loop=multi(over="names", sequential=True, element="name")).start()
    assert play.of(LoopStarted) == [LoopStarted("a", 3, True)]
    for name in "xyz":
        assert play.open == ["a"]
        assert play.of(WorkCreated)[-1].locals["name"] == name
        play.done("a")
    assert play.open == ["b"]


def test_no_items_means_nothing_to_do_and_an_empty_result() -> None:
    play = around(loop=multi(over="[]", output_collection="all", output_element=feel("1"))).start()
    assert play.open == ["b"]
    assert play.of(Assigned) == [Assigned("all", [], 1)]


@pytest.mark.parametrize("sequential", [True, False])
def test_a_completion_condition_cancels_the_rest(sequential: bool) -> None:
    play = around(loop=multi("5", sequential=sequential, until="numberOfCompletedInstances >= 2")).start()
    assert play.done("a").open == (["a"] if sequential else ["a"] * 4)
    assert play.done("a").open == ["b"]
    assert len([fact for fact in play.of(WorkEnded) if fact.how == "cancelled"]) == (0 if sequential else 3)


def test_a_cardinality_must_be_a_whole_number_of_at_least_zero() -> None:
    for wrong in ("-1", "1.5", "'x'", "True"):
        with pytest.raises(InvalidAnswer, match="a: the count expression must give a whole number of at least 0"):
            around(loop=multi(wrong)).start()
    with pytest.raises(InvalidAnswer, match="must give a list"):
        around(loop=multi(over="1")).start()
    with pytest.raises(InvalidAnswer, match="must give true or false"):
        around(loop=loop("1")).start().done("a")


def behaving(behavior: Behavior, **more: Any) -> Play:
    event = boundary("x", "a", signal("S"))
    activity = user("a", loop=multi("3", behavior=behavior, **more))
    graph = process(start("s"), activity, event, user("b"), user("c"), flows="s > a > b; x > c")
    return Play(graph).start()


def test_behaviour_none_throws_for_each_instance_and_one_for_the_first_without_interrupting() -> None:
    none = behaving(Behavior.NONE, none_event=signal("S"))
    assert none.done("a").open == ["a", "a", "c"]
    assert none.done("a", "a").open == ["b", "c", "c", "c"]
    one = behaving(Behavior.ONE, one_event=signal("S"))
    assert one.done("a", "a", "a").open == ["b", "c"]
    assert behaving(Behavior.ALL).done("a", "a", "a").open == ["b"]


def test_behaviour_complex_throws_cancels_the_rest_and_goes_on_when_its_condition_holds() -> None:
    play = behaving(Behavior.COMPLEX, complex=(when("numberOfCompletedInstances == 2", signal("S")),))
    assert play.done("a").open == ["a", "a"]
    assert play.done("a").open == ["b", "c"]


def test_behaviour_complex_can_throw_an_error_that_takes_the_activity_away() -> None:
    activity = user("a", loop=multi("3", behavior=Behavior.COMPLEX, complex=(when("True", error("E")),)))
    inner = sub("u", start("us"), activity, user("n"), flows="us > a > n")
    graph = process(start("s"), inner, boundary("x", "u", error("E")), user("b"), flows="s > u; x > b")
    assert Play(graph).start().done("a").open == ["b"]


def test_the_default_signal_of_behaviour_one_is_caught_by_a_signal_event_without_name() -> None:
    activity = user("a", loop=multi("2", behavior=Behavior.ONE))
    graph = process(
        start("s"), activity, boundary("x", "a", signal(None)), user("b"), user("c"), flows="s > a > b; x > c"
    )
    assert Play(graph).start().done("a").open == ["a", "c"]


def test_multi_instance_sub_processes_are_apart_and_know_their_item() -> None:
    inner = sub("u", start("us"), user("a"), user("a2"), flows="us > a > a2", loop=multi(over="names", element="name"))
    play = Play(process(start("s"), inner, user("b"), flows="s > u > b"), names=["x", "y"]).start()
    assert [fact.index for fact in play.of(ScopeOpened)] == [None, 0, 1]
    assert [fact.locals["name"] for fact in play.of(WorkCreated)] == ["x", "y"]
    assert play.done("a").open == ["a", "a2"]
    assert play.done("a", "a2", "a2").open == ["b"]


def test_nested_locals_are_all_in_reach_and_the_nearest_wins() -> None:
    deep = user("a", loop=multi("1", element="ignored"))
    inner = sub("u", start("us"), deep, flows="us > a", loop=multi(over="names", element="name"))
    play = Play(process(start("s"), inner, flows="s > u"), names=["x", "y"]).start()
    assert play.of(WorkCreated)[1].locals == {"loopCounter": 1, "numberOfInstances": 1, "name": "y"}


def test_a_boundary_event_ends_all_instances_at_once() -> None:
    graph = process(
        start("s"),
        user("a", loop=multi("3")),
        boundary("x", "a", message("m")),
        user("b"),
        user("c"),
        flows="s > a > b; x > c",
    )
    assert Play(graph).start().done("a").message("m").open == ["c"]


def test_bodies_that_end_by_themselves_neither_recurse_nor_get_lost() -> None:
    inner = sub("u", start("us"), end("ue"), flows="us > ue", loop=multi("3000"))
    after = sub("v", start("vs"), end("ve"), flows="vs > ve", loop=multi("3000", sequential=True))
    play = Play(process(start("s"), inner, after, user("b"), flows="s > u > v > b"), reload=False).start()
    assert play.open == ["b"]
    assert len(play.of(ScopeOpened)) == 6001


def test_bodies_that_had_not_begun_when_the_condition_was_met_never_do() -> None:
    inner = sub("u", start("us"), end("ue"), flows="us > ue", loop=multi("9", until="numberOfCompletedInstances >= 2"))
    play = Play(process(start("s"), inner, inner_after(), user("b"), flows="s > u > v > b")).start()
    assert play.open == ["b"]
    assert sum(fact.element == "v" for fact in play.of(ScopeOpened)) == 2


def inner_after() -> Part:
    return sub("v", start("vs"), end("ve"), flows="vs > ve", loop=multi("2"))


def test_input_parameters_become_locals_and_output_parameters_variables() -> None:
    activity = script(
        "a",
        inputs=(DataMapping("twice", feel("amount * 2")), DataMapping("more", feel("twice + 1"))),
        outputs=(DataMapping("result", feel("twice + answer")),),
    )
    play = Play(process(start("s"), activity, user("b"), flows="s > a > b"), amount=10).start()
    assert play.of(WorkCreated)[0].locals == {"twice": 20, "more": 21}
    assert play.done("a", answer=1).of(Assigned) == [Assigned("result", 21, 1)]


def test_input_parameters_of_one_of_several_instances_see_its_item() -> None:
    activity = user(
        "a", loop=multi(over="names", element="name"), inputs=(DataMapping("greeting", feel("'dag ' + name")),)
    )
    play = Play(process(start("s"), activity, flows="s > a"), names=["x", "y"]).start()
    assert [fact.locals["greeting"] for fact in play.of(WorkCreated)] == ["dag x", "dag y"]


@pytest.mark.parametrize("distance", range(1, 9))
def test_an_activity_that_ends_early_leaves_the_coming_instances_of_its_neighbour(distance: int) -> None:
    first = sub("u", start("us"), end("ue"), flows="us > ue", loop=multi("5", until="True"))
    other = sub("v", start("vs"), user("a"), flows="vs > a", loop=multi("5"))
    between = [exclusive(f"x{number}") for number in range(distance)]
    chain = " > ".join(part.id for part in between)
    graph = process(start("s"), parallel("p"), first, other, *between, flows=f"s > p > u; p > {chain} > v")
    assert Play(graph).start().open == ["a"] * 5


def test_inputs_of_a_sub_process_are_locals_of_everything_in_it() -> None:
    inner = sub("u", start("us"), user("a"), flows="us > a", inputs=(DataMapping("x", feel("amount")),))
    play = Play(process(start("s"), inner, flows="s > u"), amount=3).start()
    assert play.of(WorkCreated)[0].locals == {"x": 3}


# --- quantities and the complex gateway -------------------------------------------------------------------------------


def test_completion_quantity_sends_tokens_and_start_quantity_gathers_them() -> None:
    graph = process(
        start("s"), user("a", completion_quantity=3), user("b"), user("c", start_quantity=2), flows="s > a > b > c"
    )
    play = Play(graph).start().done("a")
    assert play.open == ["b", "b", "b"]
    assert play.done("b").where == {"b": 2, "c": 1}
    assert play.done("b").open == ["b", "c"]
    assert play.done("b").where == {"c": 2}
    assert play.done("c").where == {"c": 1}, "one token still waits for a second"
    assert play.ended is None


def test_a_quantity_below_one_is_refused() -> None:
    graph = process(start("s"), user("a", start_quantity=0), flows="s > a")
    with pytest.raises(Refused, match="at least 1"):
        Play(graph).start()


def test_a_complex_gateway_fires_when_its_condition_is_met_and_swallows_the_rest() -> None:
    graph = process(
        start("s"), parallel("p"), user("a"), user("b"), user("c"), complex_gateway("j", "activationCount >= 2"), user("d"),
        flows="s > p > a > j > d; p > b > j; p > c > j",
    )  # fmt: skip
    play = Play(graph).start().done("a")
    assert play.open == ["b", "c"]
    assert play.done("b").open == ["c", "d"]
    assert play.done("c").open == ["d"]
    assert play.done("d").ended == "completed"


def test_a_complex_gateway_serves_flows_with_a_condition_again_at_its_reset() -> None:
    graph = process(
        start("s"), parallel("p"), user("a"), user("b"), complex_gateway("j", "activationCount >= 1"), user("d"), user("e"),
        flows="s > p > a > j > d; p > b > j; j >[not waitingForStart] e",
    )  # fmt: skip
    play = Play(graph).start().done("a")
    assert play.open == ["b", "d"]
    assert play.done("b").open == ["d", "e"]


def test_a_complex_gateway_resets_when_the_other_tokens_cannot_come_any_more_and_can_fire_again() -> None:
    graph = process(
        start("s"), exclusive("m"), parallel("p"), user("a"), user("b"), exclusive("x"), end("away"),
        complex_gateway("j", "activationCount >= 1"), user("d"),
        flows="s > m > p > a > j > d > m; p > b > x; x >[stay] j; x >* away",
    )  # fmt: skip
    play = Play(graph, stay=False).start().done("a")
    assert play.open == ["b", "d"]
    assert play.done("b").open == ["d"]
    assert play.done("d").open == ["a", "b"]
    assert play.done("a").open == ["b", "d"]


def test_a_complex_gateway_splits_like_an_inclusive_one() -> None:
    graph = process(
        start("s"), complex_gateway("g"), user("a"), user("b"), user("c"), flows="s > g; g >[one] a; g >[two] b; g >* c"
    )
    assert Play(graph, one=True, two=True).start().open == ["a", "b"]
    assert Play(graph, one=False, two=False).start().open == ["c"]

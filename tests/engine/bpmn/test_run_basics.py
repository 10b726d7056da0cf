"""Tokens through ordinary models: tasks, gateways, sub-processes."""

from __future__ import annotations

import pytest

from schuldhulp.engine.bpmn.run import BudgetExceeded, NoFlowTaken, Refused
from schuldhulp.engine.bpmn.run.contract import Left, Stale, Start, WorkDone
from tests.engine.bpmn.build import end, exclusive, inclusive, parallel, process, start, sub, user
from tests.engine.bpmn.driver import Play


def test_a_sequence_offers_one_task_after_the_other() -> None:
    play = Play(process(start("s"), user("a"), user("b"), end("e"), flows="s > a > b > e")).start()
    assert play.open == ["a"]
    assert play.done("a").open == ["b"]
    assert play.done("b").ended == "completed"


def test_an_exclusive_gateway_takes_the_first_true_flow_else_its_default() -> None:
    graph = process(
        start("s"), exclusive("x"), user("a"), user("b"), user("c"), flows="s > x; x >[one] a; x >[two] b; x >* c"
    )
    assert Play(graph, one=True, two=True).start().open == ["a"]
    assert Play(graph, one=False, two=True).start().open == ["b"]
    assert Play(graph, one=False, two=False).start().open == ["c"]


def test_an_exclusive_gateway_without_a_true_flow_is_an_error_that_names_it() -> None:
    graph = process(start("s"), exclusive("x"), user("a"), flows="s > x; x >[one] a")
    with pytest.raises(NoFlowTaken, match="x: none of the conditions") as caught:
        Play(graph, one=False).start()
    assert caught.value.element == "x"


def test_a_parallel_join_waits_for_a_token_on_each_incoming_flow() -> None:
    graph = process(
        start("s"), parallel("p"), user("a"), user("b"), parallel("j"), user("c"), flows="s > p > a > j > c; p > b > j"
    )
    play = Play(graph).start()
    assert play.open == ["a", "b"]
    assert play.done("a").where == {"b": 1, "j": 1}
    assert play.done("b").open == ["c"]


def test_two_tokens_over_one_flow_do_not_satisfy_a_parallel_join() -> None:
    graph = process(
        start("s"), parallel("p"), user("a"), user("b"), user("x"), parallel("j"), user("c"), exclusive("m"),
        flows="s > p > a > m > j > c; p > b > m; p > x > j",
    )  # fmt: skip
    play = Play(graph).start().done("a", "b")
    assert play.where == {"x": 1, "j": 2}
    assert play.done("x").where == {"c": 1, "j": 1}


def test_an_inclusive_join_waits_only_for_branches_that_were_taken() -> None:
    graph = process(
        start("s"), inclusive("o"), user("a"), user("b"), user("c"), inclusive("j"), user("d"),
        flows="s > o; o >[one] a > j > d; o >[two] b > j; o >* c > j",
    )  # fmt: skip
    play = Play(graph, one=True, two=True).start()
    assert play.done("a").open == ["b"]
    assert play.done("b").open == ["d"]
    assert Play(graph, one=True, two=False).start().done("a").open == ["d"]
    assert Play(graph, one=False, two=False).start().open == ["c"]


def test_conditions_on_the_flows_out_of_a_task_split_and_its_default_minds_only_those() -> None:
    graph = process(start("s"), user("a"), user("b"), user("c"), user("d"), flows="s > a; a >[one] b; a > c; a >* d")
    assert Play(graph, one=True).start().done("a").open == ["b", "c"]
    assert Play(graph, one=False).start().done("a").open == ["c", "d"]


def test_a_sub_process_goes_on_when_nothing_is_left_in_it() -> None:
    inner = sub("u", start("s2"), parallel("p"), user("a"), user("b"), flows="s2 > p > a; p > b")
    play = Play(process(start("s"), inner, user("c"), end("e"), flows="s > u > c > e")).start()
    assert play.done("a").open == ["b"]
    assert play.done("b").open == ["c"]


def test_an_answer_for_work_that_is_gone_is_stale_and_changes_nothing() -> None:
    play = Play(process(start("s"), user("a"), user("b"), flows="s > a > b")).start()
    work = play.work("a")
    before = play.done("a").state
    play.send(WorkDone(work))
    assert play.last == (Stale("work_done", work),)
    assert play.state is before
    play.done("b").send(WorkDone(work))
    assert play.last == (Stale("work_done", work),)


def test_an_endless_loop_is_stopped_and_named() -> None:
    graph = process(start("s"), exclusive("m"), exclusive("x"), end("e"), flows="s > m > x; x >[again] m; x >* e")
    with pytest.raises(BudgetExceeded, match="more than 1000 moves"):
        Play(graph, again=True).send(Start(), budget=1000)


def test_work_cannot_be_done_before_the_start_and_a_start_comes_once() -> None:
    play = Play(process(start("s"), user("a"), flows="s > a"))
    with pytest.raises(Refused, match="send Start first"):
        play.send(WorkDone(1))
    play.start()
    with pytest.raises(Refused, match="has started already"):
        play.start()


def test_facts_say_which_flow_was_taken() -> None:
    graph = process(start("s"), exclusive("x"), user("a"), user("b"), flows="s > x; x >[one] a; x >* b")
    play = Play(graph, one=False).start()
    assert [fact.flows for fact in play.of(Left)] == [("s-x",), ("x-b",)]

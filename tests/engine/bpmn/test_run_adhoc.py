"""Ad-hoc sub-processes: what a person may pick, and what a person may do beside the model."""

from __future__ import annotations

import pytest

from schuldhulp.engine.bpmn.run import Refused
from schuldhulp.engine.bpmn.run.contract import (
    AdHocEnd,
    AdHocOffered,
    AdHocStart,
    Assigned,
    Jump,
    ScopeClosed,
    Skip,
    Stale,
    WorkEnded,
)
from tests.engine.bpmn.build import (
    Part,
    adhoc,
    boundary,
    exclusive,
    feel,
    message,
    multi,
    parallel,
    process,
    script,
    start,
    sub,
    user,
)
from tests.engine.bpmn.driver import Play


def optional(*more: Part, flows: str = "a > a2", **fields: object) -> Play:
    inner = adhoc("u", user("a"), user("a2"), user("b"), script("c"), *more, flows=flows, **fields)
    return Play(process(start("s"), inner, user("d"), flows="s > u > d"), enough=False).start()


def test_activities_without_incoming_flow_are_offered_and_none_starts_by_itself() -> None:
    play = optional()
    assert play.open == []
    assert play.offered == ["a", "b", "c"]
    assert play.of(AdHocOffered) == [AdHocOffered(play.adhoc(), "u", ("a", "b", "c"))]


def test_a_person_picks_in_any_order_and_again_and_flows_are_followed() -> None:
    play = optional().pick("b").pick("a").pick("b")
    assert play.open == ["a", "b", "b"]
    assert play.done("a").open == ["a2", "b", "b"]
    assert play.ended is None


def test_a_person_closes_it_when_nothing_is_open_or_cancels_what_is() -> None:
    play = optional().pick("b")
    with pytest.raises(Refused, match="u still has 1 open"):
        play.close()
    assert play.done("b").close().open == ["d"]
    play = optional().pick("b").close(cancel=True)
    assert play.open == ["d"]
    assert [fact.how for fact in play.of(WorkEnded)] == ["cancelled"]


def test_sequential_ordering_offers_one_at_a_time() -> None:
    play = optional(ordering_sequential=True).pick("a")
    assert play.offered == []
    with pytest.raises(Refused, match="one activity at a time"):
        play.pick("b")
    assert play.done("a", "a2").offered == ["a", "b", "c"]


def test_a_completion_condition_ends_it_and_cancels_the_rest() -> None:
    play = optional(completion=feel("enough")).pick("a").pick("b").done("a")
    assert play.open == ["a2", "b"]
    assert play.done("b", enough=True).open == ["d"]


def test_a_completion_condition_may_let_the_rest_finish_but_offers_nothing_more() -> None:
    play = optional(completion=feel("enough"), cancel_remaining=False).pick("a").pick("b").done("b", enough=True)
    assert play.open == ["a"]
    assert play.offered == []
    scope = play.adhoc()
    assert play.send(AdHocStart(scope, "b")).last == (Stale("adhoc_start", scope),)
    assert play.done("a").open == ["a2"], "its own flows are still followed"
    assert play.done("a2").open == ["d"]


def test_only_what_is_offered_can_be_started_and_a_closed_one_is_stale() -> None:
    play = optional()
    with pytest.raises(Refused, match="a2 is not offered by ad-hoc sub-process u; choose one of: a, b, c"):
        play.pick("a2")
    scope = play.adhoc()
    play.close()
    assert play.send(AdHocStart(scope, "a")).last == (Stale("adhoc_start", scope),)
    assert play.send(AdHocEnd(scope)).last == (Stale("adhoc_end", scope),)


def test_an_event_can_interrupt_it() -> None:
    inner = adhoc("u", user("a"))
    graph = process(start("s"), inner, boundary("x", "u", message("m")), user("d"), flows="s > u; x > d")
    play = Play(graph).start().pick("a").message("m")
    assert play.open == ["d"]
    assert [fact.how for fact in play.of(ScopeClosed)] == ["cancelled"]


# --- skip and jump ----------------------------------------------------------------------------------------------------


def test_skipped_work_lets_the_token_go_on_visibly() -> None:
    play = Play(process(start("s"), user("a"), user("b"), flows="s > a > b")).start()
    play.send(Skip(play.work("a")))
    assert play.open == ["b"]
    assert [fact.how for fact in play.of(WorkEnded)] == ["skipped"]


def test_one_instance_of_several_can_be_skipped_and_gives_no_result() -> None:
    activity = user("a", loop=multi("2", output_collection="all", output_element=feel("1")))
    play = Play(process(start("s"), activity, user("b"), flows="s > a > b")).start()
    play.send(Skip(play.work("a"))).done("a")
    assert play.open == ["b"]
    assert [fact.value for fact in play.facts if isinstance(fact, Assigned)] == [[1]]


def test_a_token_jumps_back_within_its_scope_visibly() -> None:
    graph = process(start("s"), user("a"), user("b", loop=multi("2")), exclusive("x"), flows="s > a > b > x")
    play = Play(graph).start().done("a")
    work = play.work("b")
    assert play.send(Jump(work, "a")).open == ["a"]
    assert [fact.how for fact in play.of(WorkEnded)] == ["completed", "jumped", "cancelled"]
    assert play.send(Jump(work, "a")).last == (Stale("jump", work),)


def test_a_jump_out_of_the_scope_or_to_where_no_flow_leads_is_refused() -> None:
    inner = sub("u", start("us"), user("a"), user("b"), boundary("x", "a", message("m")), flows="us > a > b; x > b")
    play = Play(process(start("s"), inner, user("c"), flows="s > u > c")).start()
    for target, why in (
        ("c", "not stand in the same scope"),
        ("nix", "not stand in"),
        ("x", "no flow leads"),
        ("us", "no"),
    ):
        with pytest.raises(Refused, match=why):
            play.send(Jump(play.work("a"), target))


def test_a_jump_takes_other_branches_nothing() -> None:
    graph = process(
        start("s"), parallel("p"), user("a"), user("b"), parallel("j"), user("c"), flows="s > p > a > j > c; p > b > j"
    )
    play = Play(graph).start()
    assert play.send(Jump(play.work("a"), "c")).open == ["b", "c"]

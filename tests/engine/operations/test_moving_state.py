"""Token state in another graph: what has a place there goes on as if it had always been there; all else is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

import msgspec
import pytest

from schuldhulp.engine.bpmn.graph import Graph, Kind, Node
from schuldhulp.engine.bpmn.run import EMPTY, CannotMigrate, dumps, is_ended, loads, migrate, open_work
from schuldhulp.engine.bpmn.run.contract import Arm, Fact, MessageArrived, TimerDue, WorkDone
from tests.engine.bpmn import random_models
from tests.engine.bpmn.build import (
    Part,
    boundary,
    catch,
    compensate,
    condition,
    end,
    event_gateway,
    event_sub,
    inclusive,
    message,
    multi,
    node,
    parallel,
    process,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.engine.bpmn.driver import Play
from tests.engine.bpmn.random_parts import random_data


def refused(play: Play, new: Graph, mapping: Mapping[str, str] | None = None) -> str:
    with pytest.raises(CannotMigrate) as error:
        migrate(play.state, play.graph, new, mapping or {})
    return str(error.value)


def moved(play: Play, new: Graph, mapping: Mapping[str, str] | None = None) -> Play:
    """The play goes on in the new graph."""
    before = dumps(play.state)
    found = migrate(play.state, play.graph, new, mapping or {})
    assert dumps(play.state) == before, "the state given was changed"
    assert dumps(loads(dumps(found.state))) == dumps(found.state)
    play.graph, play.state = new, found.state
    return play.send(Arm(found.new)) if found.new else play


# --- as if it had always been there -----------------------------------------------------------------------------------


def renamed(graph: Graph) -> tuple[Graph, dict[str, str]]:
    """The same graph with another id for everything, and the mapping to it."""
    mapping = {each: f"new_{each}" for each in (*graph.nodes, *graph.flows, graph.process)}

    def to(name: Any) -> Any:
        return tuple(to(each) for each in name) if isinstance(name, tuple) else mapping.get(name, name)

    def of(node: Node) -> Node:
        definitions = tuple(replace(each, activity=to(each.activity)) for each in node.definitions)
        names = ("id", "scope", "incoming", "outgoing", "default", "attached_to", "boundary", "compensation_handler")
        return replace(node, definitions=definitions, **{name: to(getattr(node, name)) for name in names})

    flows = {
        to(flow.id): replace(flow, id=to(flow.id), source=to(flow.source), target=to(flow.target), scope=to(flow.scope))
        for flow in graph.flows.values()
    }
    scopes = {
        to(scope.id): replace(
            scope,
            id=to(scope.id),
            parent=to(scope.parent),
            nodes=to(scope.nodes),
            starts=to(scope.starts),
            event_subprocesses=to(scope.event_subprocesses),
        )
        for scope in graph.scopes.values()
    }
    nodes = {to(each.id): of(each) for each in graph.nodes.values()}
    twin = replace(
        graph, process=to(graph.process), nodes=nodes, flows=flows, scopes=scopes, startable=to(graph.startable)
    )
    return twin.frozen(), mapping


def something(play: Play, chance: Random) -> WorkDone | MessageArrived | TimerDue | None:
    """One thing that can happen now; None when nothing can."""
    from schuldhulp.engine.bpmn.run import open_subscriptions, open_timers

    timers = open_timers(play.state)
    possible: list[WorkDone | MessageArrived | TimerDue] = [WorkDone(each.id) for each in open_work(play.state)]
    possible += [MessageArrived(each.id) for each in open_subscriptions(play.state) if each.kind == "message"]
    possible += [TimerDue(each.id) for each in timers]
    if not possible:
        return None
    chosen = chance.choice(possible)
    if isinstance(chosen, TimerDue):
        play.at = max(play.at, next(each.due for each in timers if each.id == chosen.timer))
    return chosen


NAMING = ("element", "flow", "flows", "offers", "compensates")


def names_of(facts: tuple[Fact, ...], mapping: Mapping[str, str]) -> list[Any]:
    """Facts as plain data, with the new names of elements and flows."""

    def to(value: Any) -> Any:
        return [to(each) for each in value] if isinstance(value, list | tuple) else mapping.get(value, value)

    def names(fact: Mapping[str, Any]) -> bool:
        """Whether `name` is an element: a throw that compensates names the activity."""
        return fact.get("trigger") == "compensate"

    plain = [msgspec.to_builtins(fact) for fact in facts]
    return [
        {name: to(value) if name in NAMING or (name == "name" and names(fact)) else value for name, value in fact.items()}
        for fact in plain
    ]


@pytest.mark.parametrize("make", [random_models.sound, random_models.unstructured], ids=["sound", "unstructured"])
def test_moved_to_a_graph_of_other_names_a_random_instance_goes_on_in_the_same_way(make: Any) -> None:
    moves = 0
    for seed in range(120):
        chance, graph = Random(seed), make(seed)
        twin, mapping = renamed(graph)
        play = Play(graph, reload=False, **random_data(chance)).start()
        for _ in range(chance.randrange(12)):
            happens = None if is_ended(play.state) else something(play, chance)
            if happens is None:
                break
            play.send(happens)
        if is_ended(play.state):
            continue
        assert dumps(migrate(play.state, graph, graph, {}).state) == dumps(play.state)
        other = Play(twin, at=play.at, reload=False, **play.data)
        other.state = migrate(play.state, graph, twin, mapping).state
        moves += 1
        for _ in range(25):
            happens = None if is_ended(play.state) else something(play, chance)
            if happens is None:
                break
            play.data = other.data = random_data(chance)
            play.send(happens)
            other.at = play.at
            other.send(happens)
            assert names_of(play.last, mapping) == names_of(other.last, {}), seed
        if not is_ended(play.state):
            assert dumps(migrate(play.state, graph, twin, mapping).state) == dumps(other.state), seed
        assert play.state.status == other.state.status
    assert moves >= 30


# --- joins ------------------------------------------------------------------------------------------------------------

JOIN = "s > p > a > j > z; p > b > j"


def half_joined() -> Play:
    parts = (start("s"), parallel("p"), user("a"), user("b"), parallel("j"), user("z"))
    return Play(process(*parts, flows=JOIN)).start().done("a")


def test_tokens_that_wait_for_others_go_on_waiting() -> None:
    wider = process(
        start("s"), parallel("p"), user("a"), user("b"), user("b2"), parallel("j"), user("z"),
        flows="s > p > a > j > z; p > b > b2 > j",
    )  # fmt: skip
    play = moved(half_joined(), wider, {"b-j": "b2-j"})
    assert play.done("b", "b2").open == ["z"]


def test_a_half_filled_join_whose_flow_is_gone_is_refused() -> None:
    parts = (start("s"), parallel("p"), user("a"), user("a2"), user("b"), parallel("j"), user("z"))
    longer = process(*parts, flows="s > p > a > a2 > j > z; p > b > j")
    assert "j: tokens wait that came over flow a-j, which does not lead there any more" in refused(
        half_joined(), longer
    )
    assert moved(half_joined(), longer, {"a-j": "a2-j"}).done("b").open == ["z"]


def test_a_join_that_would_wait_for_ever_is_refused() -> None:
    parts = (start("s"), parallel("p"), user("a"), user("b"), parallel("j"), user("z"), end("e"))
    narrower = process(*parts, flows="s > p > a > j > z; p > b > e")
    assert "they would for ever" in refused(half_joined(), narrower)


def test_an_inclusive_join_with_other_flows_is_refused() -> None:
    parts = (start("s"), inclusive("p"), user("a"), user("b"), inclusive("j"), user("z"))
    play = Play(process(*parts, flows=JOIN)).start().done("a")
    more = process(*parts, user("c"), flows=f"{JOIN}; p > c > j")
    assert "other flows lead there" in refused(play, more)


# --- scopes -----------------------------------------------------------------------------------------------------------


def inside() -> Play:
    inner = sub("u", user("a"), user("b"), flows="a > b")
    return Play(process(start("s"), inner, user("z"), flows="s > u > z")).start()


def test_a_token_inside_a_subprocess_stays_inside_it() -> None:
    longer = process(
        start("s"), sub("v", user("a"), user("b"), user("c"), flows="a > b > c"), user("z"), flows="s > v > z"
    )
    play = moved(inside(), longer, {"u": "v"})
    assert play.done("a", "b", "c").open == ["z"]


def test_a_task_that_was_taken_out_of_its_subprocess_is_refused() -> None:
    flat = process(start("s"), user("a"), user("b"), user("z"), flows="s > a > b > z")
    said = refused(inside(), flat)
    assert "u is open, and it is not in the new process" in said
    assert "a is open, and a stands in another scope (p)" in said


def test_a_subprocess_of_another_kind_or_inside_another_is_refused() -> None:
    other = process(
        start("s"), sub("u", user("a"), user("b"), flows="a > b", kind=Kind.TRANSACTION), user("z"), flows="s > u > z"
    )
    assert "u" in refused(inside(), other)
    deeper = process(
        start("s"), sub("o", sub("u", user("a"), user("b"), flows="a > b"), flows=""), user("z"), flows="s > o > z"
    )
    assert "stands in another scope (o)" in refused(inside(), deeper)


# --- events -----------------------------------------------------------------------------------------------------------


def standing_by() -> Play:
    return Play(
        process(
            start("s"), user("a"), boundary("t", "a", timer("P3D"), interrupting=False), user("b"), user("c"),
            event_sub("es", start("m", message("stop"), interrupting=True), user("d"), flows="m > d"),
            flows="s > a > b; t > c",
        )
    ).start()  # fmt: skip


def test_events_that_stand_by_stay_armed_with_their_due_moment() -> None:
    play = standing_by()
    later = process(
        start("s"), user("a"), boundary("t2", "a", timer("P9D"), interrupting=False), user("b"), user("c"),
        event_sub("es", start("m", message("stop"), interrupting=True), user("d"), flows="m > d"),
        flows="s > a > b; t2 > c",
    )  # fmt: skip
    play.wait(days=1)
    assert moved(play, later, {"t": "t2"}).wait(days=2).open == ["a", "c"]
    assert play.message("stop").open == ["d"]


def test_events_that_are_gone_are_lost_and_new_ones_are_waited_for_from_now_on() -> None:
    play = standing_by()
    other = process(
        start("s"), user("a"), boundary("n", "a", timer("P1D"), interrupting=False), user("b"), user("c"),
        event_sub("es2", start("m2", message("halt"), interrupting=True), user("d"), flows="m2 > d"),
        flows="s > a > b; n > c",
    )  # fmt: skip
    found = migrate(play.state, play.graph, other, {})
    assert sorted(element for _, element in found.lost) == ["m", "t"]
    assert sorted(element for _, element in found.new) == ["m2", "n"]
    play.wait(days=2)
    assert moved(play, other).open == ["a"], "nothing moves by the move itself"
    assert play.wait(hours=23).open == ["a"], "a duration counts from the move"
    assert play.wait(hours=2).open == ["a", "c"]
    assert play.message("halt").open == ["d"]


def test_a_new_condition_that_holds_already_must_become_false_first() -> None:
    play = Play(process(start("s"), user("a"), user("b"), flows="s > a > b"), ja=True).start()
    other = process(
        start("s"), user("a"), user("b"), boundary("c", "a", condition("ja"), interrupting=True), flows="s > a > b; c > b"
    )
    assert moved(play, other).open == ["a"]
    assert play.change(ja=True).open == ["a"]
    assert play.change(ja=False).open == ["a"]
    assert play.change(ja=True).open == ["b"]


def test_every_open_instance_of_an_activity_gets_its_new_event_and_what_has_not_begun_does_not() -> None:
    def model(*more: Part, flows: str = "") -> Graph:
        steps = (start("s"), parallel("p"), user("a"), user("b"), user("c", start_quantity=2), *more)
        return process(*steps, flows=f"s > p > a > c; p > b > c{flows}")

    play = Play(model()).start().done("a")
    later = model(user("x"), boundary("t", "c", timer("PT1H")), boundary("u", "b", timer("PT2H")), flows="; t > x; u > x")
    assert [element for _, element in migrate(play.state, play.graph, later, {}).new] == ["u"]
    assert moved(play, later).wait(hours=1).open == ["b"]
    assert play.done("b").open == ["c"]
    assert play.wait(hours=1).open == ["x"], "armed when it began"


def test_an_event_that_is_armed_already_is_not_armed_twice() -> None:
    play = standing_by().wait(days=3)
    assert play.open == ["a", "c"], "it fired, and a duration does so once"
    found = migrate(play.state, play.graph, standing_by().graph, {})
    assert (found.new, found.lost) == ((), ())


def test_an_event_that_moved_to_another_task_is_no_longer_waited_for_here() -> None:
    play = standing_by()
    other = process(
        start("s"), user("a"), user("b"), boundary("t", "b", timer("P3D"), interrupting=False), user("c"),
        event_sub("es", start("m", message("stop"), interrupting=True), user("d"), flows="m > d"),
        flows="s > a > b; t > c",
    )  # fmt: skip
    assert [element for _, element in migrate(play.state, play.graph, other, {}).lost] == ["t"]
    assert moved(play, other).done("a").wait(days=3).open == ["b", "c"]


def test_a_place_that_waits_for_another_message_or_event_is_refused() -> None:
    play = Play(process(start("s"), catch("m", message("ja")), user("a"), flows="s > m > a")).start()
    assert "message 'ja', and m for 'nee'" in refused(
        play, process(start("s"), catch("m", message("nee")), user("a"), flows="s > m > a")
    )
    assert "something else" in refused(
        play, process(start("s"), catch("m", timer("P1D")), user("a"), flows="s > m > a")
    )


def test_an_event_gateway_with_other_events_is_refused() -> None:
    parts = (start("s"), event_gateway("g"), catch("x", message("x")), catch("y", timer("P1D")), user("a"))
    play = Play(process(*parts, flows="s > g > x > a; g > y > a")).start()
    more = process(*parts, catch("z", message("z")), flows="s > g > x > a; g > y > a; g > z > a")
    assert "these are others now" in refused(play, more)


# --- the rest ---------------------------------------------------------------------------------------------------------


def test_a_multi_instance_goes_on_when_it_is_the_same_and_is_refused_when_it_is_not() -> None:
    def many(text: str, name: str = "a") -> Graph:
        return process(start("s"), user(name, loop=multi(text)), user("z"), flows=f"s > {name} > z")

    play = Play(many("3")).start().done("a")
    assert "its loop or multi-instance is another" in refused(play, many("4"))
    assert "its loop" in refused(play, process(start("s"), user("a"), user("z"), flows="s > a > z"))
    assert moved(play, many("3", "b"), {"a": "b", "a-z": "b-z"}).done("b", "b").open == ["z"]


def test_what_is_done_and_can_be_compensated_must_still_be_there() -> None:
    def undoable(*more: Any, flows: str = "s > a > z > c") -> Graph:
        return process(start("s"), *more, user("z"), throw("c", compensate()), flows=flows)

    handled = (
        user("a", compensation_handler="h"),
        boundary("bc", "a", compensate()),
        node(Kind.USER, "h", for_compensation=True),
    )
    play = Play(undoable(*handled)).start().done("a")
    assert "a: it is done and can be compensated, and it is not in the new process" in refused(
        play, undoable(flows="s > z > c")
    )
    assert "not in the same way" in refused(play, undoable(user("a")))
    assert moved(play, undoable(*handled, user("y"), flows="s > a > y > z > c")).done("z").open == ["h"]


def test_an_instance_that_is_over_or_has_not_begun_cannot_move() -> None:
    graph = process(start("s"), user("a"), flows="s > a")
    ended = Play(graph).start().done("a")
    assert "is completed" in refused(ended, graph)
    with pytest.raises(CannotMigrate, match="is new"):
        migrate(EMPTY, graph, graph, {})


def test_all_reasons_are_given_at_once_and_a_mapping_of_nothing_is_one() -> None:
    graph = process(start("s"), parallel("p"), user("a"), user("b"), flows="s > p > a; p > b")
    new = process(start("s"), parallel("p"), user("c"), user("d"), flows="s > p > c; p > d")
    with pytest.raises(CannotMigrate) as error:
        migrate(Play(graph).start().state, graph, new, {"nergens": "c"})
    assert len(error.value.reasons) == 3

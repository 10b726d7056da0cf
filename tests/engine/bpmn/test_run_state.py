"""The state as data: canonical bytes, values that survive, answers played back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schuldhulp.engine.bpmn.run import EMPTY, NotPlain, ReplayMismatch, dumps, loads, replaying, step
from schuldhulp.engine.bpmn.run.contract import Answered, Purpose, Start, Terminate, WorkCreated
from schuldhulp.engine.bpmn.run.table import Table
from schuldhulp.engine.bpmn.run.values import from_plain, to_plain
from tests.engine.bpmn.build import (
    boundary,
    condition,
    exclusive,
    message,
    multi,
    parallel,
    process,
    start,
    timer,
    user,
)
from tests.engine.bpmn.driver import MONDAY, Play

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates() | st.datetimes() | st.times() | st.timedeltas(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4) | st.just("$date"), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(plain)
def test_a_value_comes_back_as_it_was(value: object) -> None:
    back = from_plain(to_plain(value))
    assert back == value
    assert type(back) is type(value)


def test_a_value_that_is_no_data_is_refused_with_the_element() -> None:
    with pytest.raises(NotPlain, match=r"a: cannot keep <object"):
        to_plain([object()], "a")


def test_items_keep_their_types_through_a_stored_state() -> None:
    items = [
        Decimal("1.50"),
        date(2026, 3, 1),
        {"$x": [time(9)]},
        timedelta(days=1, seconds=2),
        datetime(2026, 1, 1, 9, tzinfo=UTC),
    ]
    activity = user("a", loop=multi(over="names", sequential=True, element="item"))
    play = Play(process(start("s"), activity, flows="s > a"), names=items).start()
    for _ in items[1:]:
        play.state = loads(dumps(play.state))
        play.done("a")
    assert [fact.locals["item"] for fact in play.of(WorkCreated)] == items


def test_a_stored_state_is_canonical_and_small() -> None:
    graph = process(
        start("s"), parallel("p"), user("a"), user("b"), parallel("j"), boundary("x", "a", timer("P1D")),
        boundary("y", "a", message("m")), boundary("z", "b", condition("False")),
        flows="s > p > a > j; p > b > j; x > j; y > j; z > j",
    )  # fmt: skip
    play = Play(graph).start().done("b")
    data = dumps(play.state)
    assert dumps(loads(data)) == data
    assert loads(data) == play.state
    assert len(data) < 600
    assert dumps(loads(dumps(EMPTY))) == dumps(EMPTY)


def test_an_ended_instance_keeps_nothing() -> None:
    play = Play(process(start("s"), user("a"), flows="s > a")).start().send(Terminate())
    assert dumps(play.state) == b'{"seq":3,"status":"terminated"}'


def test_rebuilding_asks_nothing_and_notices_another_model() -> None:
    graph = process(start("s"), exclusive("x"), user("a"), user("b"), flows="s > x; x >[one] a; x >* b")
    facts = Play(graph, one=True).start().facts
    assert [fact for fact in facts if isinstance(fact, Answered)] == [Answered("x", Purpose.CONDITION, True)]
    replay = replaying(facts)
    step(graph, EMPTY, Start(), MONDAY, replay)
    replay.finish()
    other = process(start("s"), exclusive("y"), user("a"), user("b"), flows="s > y; y >[one] a; y >* b")
    with pytest.raises(ReplayMismatch, match="asked condition of y, but the record has the condition of x next"):
        step(other, EMPTY, Start(), MONDAY, replaying(facts))
    longer = process(
        start("s"), exclusive("x"), exclusive("x2"), user("a"), user("b"),
        flows="s > x; x >[one] x2; x >* b; x2 >[one] a; x2 >* b",
    )  # fmt: skip
    with pytest.raises(ReplayMismatch, match="no answer is left"):
        step(longer, EMPTY, Start(), MONDAY, replaying(facts))
    replay = replaying(facts)
    step(process(start("s"), user("a"), flows="s > a"), EMPTY, Start(), MONDAY, replay)
    with pytest.raises(ReplayMismatch, match="asked nothing more"):
        replay.finish()


def test_an_evaluator_that_fails_leaves_the_state_as_it_was() -> None:
    graph = process(start("s"), user("a"), exclusive("x"), user("b"), flows="s > a > x; x >[missing] b")
    play = Play(graph).start()
    before = dumps(play.state)
    with pytest.raises(NameError):
        play.done("a")
    assert dumps(play.state) == before
    assert play.done("a", missing=True).open == ["b"]


@given(st.lists(st.tuples(st.sampled_from(["put", "drop", "copy"]), st.integers(1, 400))))
def test_a_table_is_a_dict_whose_copies_do_not_show_later_changes(steps: list[tuple[str, int]]) -> None:
    table: Table[int] = Table()
    model: dict[int, int] = {}
    kept: list[tuple[Table[int], dict[int, int]]] = []
    for number, (what, key) in enumerate(steps):
        if what == "put":
            table.put(key, number)
            model[key] = number
        elif what == "drop":
            table.drop(key)
            model.pop(key, None)
        else:
            kept.append((table, dict(model)))
            table = table.copy()
    for each, rows in [*kept, (table, model)]:
        assert dict(each.items()) == rows
        assert list(each) == sorted(rows)
        assert len(each) == len(rows)
        assert all((key in each) == (key in rows) and each.get(key) == rows.get(key) for key in range(1, 401, 7))

"""What is shown and sent back unchanged is the same answer."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schuldhulp.engine.definitions.forms.model import Field
from schuldhulp.tasks.forms import prefill, read_posted, view
from tests.tasks.forms.samples import asks, context, debts, form

EVERYTHING = form(
    asks("inkomen", "number"), asks("uren", "number"), asks("kinderen", "number"), asks("ontruiming_op", "datetime"),
    asks("gebeld_om", "datetime", subtype="datetime"), asks("tijd", "datetime", subtype="time"),
    asks("partner", "radio"), asks("dreiging", "select"), asks("hulp", "checklist"), asks("akkoord", "checkbox"),
    asks("toelichting", "textarea"), debts(),
)  # fmt: skip
_amounts = st.decimals(-10**9, 10**9, places=2)
_words = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=30)
_item = st.fixed_dictionaries({"schuldeiser": _words, "saldo": _amounts, "betwist": st.just(False), "reden": st.none()})
_data = st.fixed_dictionaries({
    "inkomen": _amounts,
    "uren": st.decimals(-10**6, 10**6, places=3),
    "kinderen": st.integers(0, 20).map(Decimal),
    "ontruiming_op": st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    "gebeld_om": st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    "tijd": st.times(time(0, 0), time(23, 59)).map(lambda moment: moment.replace(microsecond=0)),
    "partner": st.booleans(),
    "dreiging": st.sampled_from(["geen", "ontruiming"]),
    "hulp": st.sets(st.sampled_from(["budget", "werk", "zorg"])).map(sorted),
    "akkoord": st.booleans(),
    "toelichting": _words,
    "schulden": st.lists(_item, max_size=3).map(lambda items: [{"nr": 2 * at + 1, **item} for at, item in enumerate(items)]),
})  # fmt: skip


@given(_data)
def test_a_form_sent_back_as_it_was_opened_gives_the_file_again(data: dict[str, Any]) -> None:
    file = context(**data)
    read = read_posted(EVERYTHING, prefill(EVERYTHING, file), file)
    expected = {**data, "schulden": [{k: v for k, v in item.items() if k != "reden"} for item in data["schulden"]]}
    assert read.complaints == ()
    assert read.answers is not None
    # In the hour that comes twice Python finds the same instant in two zones never equal.
    assert {**read.answers, "gebeld_om": read.answers["gebeld_om"].astimezone(UTC)} == expected


@given(st.dictionaries(st.sampled_from([*EVERYTHING.keys(), "schulden.n1.saldo", "schulden.3.saldo"]),
                       st.lists(st.text(max_size=20), max_size=3)))  # fmt: skip
def test_nothing_that_is_typed_can_break_a_form_or_is_lost(raw: dict[str, list[str]]) -> None:
    read = read_posted(EVERYTHING, raw, context())
    view(EVERYTHING, read.raw, read.complaints, context())
    kept = {part.key for part in EVERYTHING.parts if isinstance(part, Field)} & set(raw)
    assert all(list(read.raw[key]) == raw[key] for key in kept)

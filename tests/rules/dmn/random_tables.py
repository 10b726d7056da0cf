"""Random decision tables for property tests, as strategies of hypothesis."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from hypothesis import strategies as st

from schuldhulp.rules.dmn import DmnModel, read_model
from schuldhulp.rules.feel import DaysTimeDuration, FeelDate, Value, YearsMonthsDuration
from tests.rules.dmn.build import decision, input_data, item, model, table

TEXTS = ["rood", "groen", "blauw"]
NUMBERS = ["0", "1", "2.5", "10", "-3"]
DATES = ['date("2024-02-29")', '@"2024-03-01"', 'date("2030-01-01")']
MONTHS = ['duration("P1Y")', '@"P14M"', '@"P0M"']
DAYS = ['@"P1D"', 'duration("PT36H")', '@"-PT1H"']


@dataclass(frozen=True)
class Column:
    name: str
    type_ref: str
    allowed: str
    literals: tuple[str, ...]
    samples: tuple[Value, ...]
    ordered: bool


COLUMNS = {
    "kleur": Column("kleur", "string", '"rood", "groen", "blauw"', tuple(f'"{t}"' for t in TEXTS), tuple(TEXTS), False),
    "tekst": Column("tekst", "string", "", tuple(f'"{t}"' for t in TEXTS), (*TEXTS, "paars", None), False),
    "vlag": Column("vlag", "boolean", "", ("true", "false"), (True, False, None), False),
    "bedrag": Column(
        "bedrag", "number", "", tuple(NUMBERS),
        (*(Decimal(n) for n in ("0", "1", "2.5", "10", "-3", "0.01", "-2.99", "11", "1.75")), None), True,
    ),
    "dag": Column(
        "dag", "date", "", tuple(DATES),
        (*(FeelDate.read(d) for d in ("2024-02-28", "2024-02-29", "2024-03-01", "2026-01-01", "2031-01-01")), None), True,
    ),
    "duur": Column(
        "duur", "years and months duration", "", tuple(MONTHS), (*map(YearsMonthsDuration, (-1, 0, 1, 12, 13, 14, 15)),),
        True,
    ),
    "tijd": Column(
        "tijd", "days and time duration", "", tuple(DAYS),
        (*(DaysTimeDuration.of_seconds(s) for s in (-3600, 0, 86400, 100000, 129600, 200000)),), True,
    ),
}


def cells(column: Column) -> st.SearchStrategy[str]:
    literal = st.sampled_from(column.literals)
    some = st.lists(literal, min_size=1, max_size=3, unique=True).map(", ".join)
    found = [st.just("-"), literal, some, some.map(lambda text: f"not({text})"), literal.map(lambda text: f"? = {text}")]
    if None in column.samples:
        found.append(st.just("null"))
    if column.ordered:
        compared = st.tuples(st.sampled_from(["<", "<=", ">", ">="]), literal).map(" ".join)
        ends = st.tuples(st.sampled_from("[(]"), literal, literal, st.sampled_from("])["))
        interval = ends.map(lambda e: f"{e[0]}{e[1]}..{e[2]}{e[3]}")
        both = st.tuples(compared, interval).map(", ".join)
        found += [compared, interval, both, compared.map(lambda text: f"not({text})")]
    return st.one_of(found)


@dataclass(frozen=True)
class Made:
    model: DmnModel
    columns: tuple[Column, ...]


@st.composite
def tables(draw: st.DrawFn, policies: tuple[str, ...] = ("UNIQUE",), most_rules: int = 6) -> Made:
    columns = draw(st.lists(st.sampled_from(sorted(COLUMNS)), min_size=1, max_size=3, unique=True))
    chosen = tuple(COLUMNS[name] for name in columns)
    rows = draw(st.lists(st.tuples(*(cells(one) for one in chosen)), min_size=1, max_size=most_rules))
    outputs = draw(st.lists(st.sampled_from(["1", "2"]), min_size=len(rows), max_size=len(rows)))
    rules = [[*row, out] for row, out in zip(rows, outputs, strict=True)]
    policy = draw(st.sampled_from(policies))
    logic = table([one.name for one in chosen], ["uit"], rules, policy=policy, output_values={"uit": "2, 1"})
    types = [item(f"t_{one.name}", one.type_ref, one.allowed) for one in chosen]
    inputs = [input_data(one.name, f"t_{one.name}") for one in chosen]
    data = model(*types, *inputs, decision("d", logic, inputs=columns))
    return Made(read_model(data, name="random.dmn"), chosen)

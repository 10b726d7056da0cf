"""A DMN model as frozen data: what the file says, with the place of each piece of text.

Names follow the metamodel of DMN 1.5 (chapters 6 to 10). Nothing here evaluates; `compile` turns it into closures.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal as OneOf

FEEL = "feel"
Key = tuple[str, str]  # (namespace of the model, id of the element)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: the file, the XML element, the line, and the designer's own words for it."""

    model: str
    element: str = ""
    line: int = 0
    within: str = ""

    def __str__(self) -> str:
        where = [self.model]
        if self.within:
            where.append(self.within)
        if self.element:
            where.append(f"element {self.element}")
        if self.line:
            where.append(f"line {self.line}")
        return ", ".join(where)

    def inside(self, words: str) -> Place:
        """The same place, described more closely."""
        within = f"{self.within}, {words}" if self.within else words
        return Place(self.model, self.element, self.line, within)


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of FEEL (or unary tests) as written, and where."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Variable:
    """An information item: a name and, when given, the name of its type."""

    name: str
    type_ref: str | None = None
    place: Place = Place("")


# ---------------------------------------------------------------- boxed expressions (DMN 1.5 chapter 10.2)


@dataclass(frozen=True, slots=True)
class Literal:
    text: Text
    type_ref: str | None = None

    @property
    def place(self) -> Place:
        return self.text.place


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a boxed context; without a variable it is the context's result."""

    variable: Variable | None
    value: Expression


@dataclass(frozen=True, slots=True)
class Context:
    entries: tuple[Entry, ...]
    place: Place
    type_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    columns: tuple[Variable, ...]
    rows: tuple[tuple[Expression, ...], ...]
    place: Place
    type_ref: str | None = None


@dataclass(frozen=True, slots=True)
class ListOf:
    items: tuple[Expression, ...]
    place: Place
    type_ref: str | None = None


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    """A boxed function; `kind` is FEEL, Java or PMML (the last is refused when read)."""

    parameters: tuple[Variable, ...]
    body: Expression | None
    place: Place
    kind: str = "FEEL"
    type_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Binding:
    parameter: Variable
    value: Expression | None


@dataclass(frozen=True, slots=True)
class Invocation:
    callee: Expression
    bindings: tuple[Binding, ...]
    place: Place
    type_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Conditional:
    condition: Expression
    then: Expression
    otherwise: Expression
    place: Place
    type_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    source: Expression
    match: Expression
    place: Place
    type_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Iteration:
    """Boxed `for`, `some` or `every`: the body is the return or the satisfies part."""

    kind: OneOf["for", "some", "every"]
    variable: str
    source: Expression
    body: Expression
    place: Place
    type_ref: str | None = None


# ---------------------------------------------------------------- decision tables (chapter 8)


@dataclass(frozen=True, slots=True)
class InputClause:
    """A column of tests: its expression, its label for people and its allowed values."""

    expression: Literal
    label: str
    allowed: Text | None
    place: Place


@dataclass(frozen=True, slots=True)
class OutputClause:
    """A column of results. `name` is the key of the result when there are several outputs."""

    name: str | None
    label: str
    type_ref: str | None
    allowed: Text | None
    default: Literal | None
    place: Place


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. `number` counts from 1 as the designer sees it."""

    number: int
    tests: tuple[Text, ...]
    outputs: tuple[Literal, ...]
    annotations: tuple[str, ...]
    place: Place
    id: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    hit_policy: str  # U A P F R O C
    aggregation: str | None  # SUM COUNT MIN MAX
    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]
    annotation_names: tuple[str, ...]
    place: Place
    type_ref: str | None = None


Expression = (
    Literal
    | Context
    | Relation
    | ListOf
    | FunctionDefinition
    | Invocation
    | Conditional
    | Filter
    | Iteration
    | Table
)


# ---------------------------------------------------------------- requirement graph (chapter 6)


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A named type (chapter 7.3): simple, structured or a function, perhaps a collection, perhaps constrained."""

    name: str
    place: Place
    type_ref: str | None = None
    collection: bool = False
    allowed: Text | None = None
    constraint: Text | None = None
    components: tuple[ItemDefinition, ...] = ()
    function: FunctionItem | None = None


@dataclass(frozen=True, slots=True)
class FunctionItem:
    parameters: tuple[Variable, ...]
    output: str | None


@dataclass(frozen=True, slots=True)
class InputData:
    key: Key
    name: str
    variable: Variable
    place: Place


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision and what it needs: `requires` are input data and decisions, `knowledge` are functions."""

    key: Key
    name: str
    variable: Variable
    expression: Expression | None
    requires: tuple[Key, ...]
    knowledge: tuple[Key, ...]
    place: Place
    question: str = ""
    description: str = ""

    @property
    def id(self) -> str:
        return self.key[1]

    @property
    def table(self) -> Table | None:
        """The decision's table, when its logic is one."""
        return self.expression if isinstance(self.expression, Table) else None


@dataclass(frozen=True, slots=True)
class KnowledgeModel:
    """A business knowledge model: a function that decisions may call."""

    key: Key
    name: str
    variable: Variable
    logic: FunctionDefinition | None
    knowledge: tuple[Key, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Service:
    """A decision service: its parameters are the input decisions, then the input data, in the order of the file."""

    key: Key
    name: str
    variable: Variable
    outputs: tuple[Key, ...]
    encapsulated: tuple[Key, ...]
    input_decisions: tuple[Key, ...]
    input_data: tuple[Key, ...]
    place: Place

    @property
    def id(self) -> str:
        return self.key[1]


@dataclass(frozen=True, slots=True)
class Import:
    name: str
    namespace: str
    place: Place


@dataclass(frozen=True, slots=True)
class Definitions:
    """One file: its own elements only; what it imports is linked by `read`."""

    name: str
    namespace: str
    file: str
    hash: str
    imports: tuple[Import, ...] = ()
    types: tuple[ItemDefinition, ...] = ()
    inputs: tuple[InputData, ...] = ()
    decisions: tuple[Decision, ...] = ()
    knowledge: tuple[KnowledgeModel, ...] = ()
    services: tuple[Service, ...] = ()
    place: Place = field(default_factory=lambda: Place(""))


DrgElement = InputData | Decision | KnowledgeModel | Service

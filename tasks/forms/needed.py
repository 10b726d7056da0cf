"""Which questions a task cannot do without: its preconditions say so, the form then marks them like required ones.

    bezwaar_volledig = true or (bezwaar_gebreken != null and ...)     asks for bezwaar_gebreken unless bezwaar_volledig is true

Only what a person can mend by answering is looked for: `x != null` and `count(x) > 0`, on their own or as parts of `and` and
`or`, and `every r in list satisfies (r.x != null ...)` for each row of a list. Whether a precondition holds is still the
engine's to say, when the task is completed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from schuldhulp.engine.case.work import split_precondition
from schuldhulp.engine.definitions.forms import Form
from schuldhulp.engine.definitions.forms.formula import Formula, FormulaError, compile_formula
from schuldhulp.engine.definitions.forms.model import Field, Part, Rows
from schuldhulp.engine.definitions.forms.read import SURROUNDINGS
from schuldhulp.rules.feel import Node, nodes, print_tree
from schuldhulp.tasks.forms.check import asked_for
from schuldhulp.tasks.forms.interpret import Standing, interpret
from schuldhulp.tasks.forms.raw import Context, Raw, groups, handles, name_in_row
from schuldhulp.tasks.forms.read import Complaint
from schuldhulp.tasks.forms.scope import Names


@dataclass(frozen=True, slots=True)
class Need:
    """`key` must be answered unless one of `unless` is true. In each row of the list `rows` when that is filled in; the
    formulas call the row `item`. `sentence`: that of the precondition."""

    key: str
    unless: tuple[Formula, ...]
    sentence: str
    rows: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    key: str
    unless: tuple[Node, ...]
    rows: str = ""
    item: str = ""


@lru_cache(maxsize=2048)
def needs_of(preconditions: tuple[str, ...], names: frozenset[str]) -> tuple[Need, ...]:
    """What the blocking ones among *preconditions* (ID | level | FEEL | sentence) ask for; *names* are in scope of FEEL."""
    return tuple(_needs_of(preconditions, names | SURROUNDINGS))


def _needs_of(preconditions: Iterable[str], names: frozenset[str]) -> Iterator[Need]:
    for value in preconditions:
        _, level, text, sentence = split_precondition(value)
        if level != "blok":
            continue
        try:
            tree = compile_formula(text, names, strict=False).compiled.tree
            for one in _clauses(tree, ()):
                if bool(one.item) != bool(one.rows):
                    continue  # a field of something that is no list
                known = names | {one.item} if one.item else names
                unless = tuple(compile_formula(print_tree(node), known, strict=False) for node in one.unless)
                yield Need(one.key, unless, sentence, one.rows, one.item)
        except FormulaError:
            continue  # not for a form to complain about: the engine does when it judges the precondition


def needed_now(needs: Iterable[Need], standing: Standing, rows: Rows | None = None, handle: str = "") -> frozenset[str]:
    """Keys of the questions that must be answered with these answers; in one row, when *rows* is given."""
    key, around = rows.key if rows else "", standing.scope_of(rows, handle)
    item = standing.items[key][handle] if rows else {}
    return frozenset(
        need.key
        for need in needs
        if need.rows == key
        and not any(_is_true(one, standing, around.inside({need.item: item}) if rows else around) for one in need.unless)
    )


def lacking(form: Form, needs: Iterable[Need], raw: Raw, context: Context) -> tuple[Complaint, ...]:
    """A complaint for every question that is shown, must be answered by *needs*, and is not."""
    wanted, standing = tuple(needs), interpret(form, raw, context)
    return (
        *_lacking(form.parts, wanted, standing, None, ""),
        *(
            complaint
            for rows in form.rows()
            for handle in handles(raw, rows)
            if standing.shows(rows)
            for complaint in _lacking(rows.parts, wanted, standing, rows, handle)
        ),
    )


def _lacking(
    parts: tuple[Part, ...], needs: tuple[Need, ...], standing: Standing, rows: Rows | None, handle: str
) -> Iterator[Complaint]:
    needed = needed_now(needs, standing, rows, handle)
    scope = standing.scope_of(rows, handle)
    for part, _ in groups(parts):
        if not isinstance(part, Field | Rows) or part.key not in needed:
            continue
        if not standing.shows(part, f"{rows.key}.{handle}" if rows else "") or scope.get(part.key) not in (None, []):
            continue
        label = part.label.text(scope, standing.context.now)
        name = name_in_row(rows, handle, part.key) if rows else part.key
        yield Complaint(name, label, _ask(part, label))


def _ask(part: Field | Rows, label: str) -> str:
    return f"Voeg bij ‘{label}’ een regel toe." if isinstance(part, Rows) else asked_for(part, label)


def _is_true(formula: Formula, standing: Standing, scope: Names) -> bool:
    """What cannot be worked out here counts as true: nothing is asked for without reason."""
    try:
        return standing.value(formula, scope) is not False
    except FormulaError:
        return True


def _clauses(tree: Node, unless: tuple[Node, ...]) -> Iterator[_Found]:
    match tree:
        case nodes.Conjunction(operands=parts):
            for part in parts:
                yield from _clauses(part, unless)
        case nodes.Disjunction(operands=parts):
            for part in parts:
                yield from _clauses(part, (*unless, *(other for other in parts if other is not part)))
        case nodes.Quantified(every=True, domains=(nodes.Domain(name=item, values=nodes.Name(name=rows), last=None),)):
            for one in _clauses(tree.test, unless):
                if one.item == item:
                    yield replace(one, rows=rows)
        case nodes.Comparison(operator="!=", left=nodes.Name(name=key), right=nodes.Null()):
            yield _Found(key, unless)
        case nodes.Comparison(
            operator="!=", left=nodes.Path(subject=nodes.Name(name=item), name=key), right=nodes.Null()
        ):
            yield _Found(key, unless, item=item)
        case nodes.Comparison(
            operator=">",
            left=nodes.Invocation(function=nodes.Name(name="count"), positional=(nodes.Name(name=key),)),
            right=nodes.Number(value=least),
        ) if least == 0:
            yield _Found(key, unless)

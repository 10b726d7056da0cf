"""What a form means as it stands now: the values typed, which parts are shown, and what follows from them.

Conditions look at the answers as far as they can be read. A hidden question has no say: what the file holds stands. When
conditions turn in a circle the parts concerned are shown, so that nothing can be asked for that nobody sees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from schuldhulp.engine.definitions.forms.formula import Formula, FormulaError
from schuldhulp.engine.definitions.forms.model import Computed, Field, Form, Option, Part, Rows, Widget
from schuldhulp.rules.dictionary import ORDINAL, Type
from schuldhulp.tasks.forms import words
from schuldhulp.tasks.forms.raw import Context, Raw, groups, handles, list_of, name_in_row, texts
from schuldhulp.tasks.forms.scope import Names

ROUNDS = 12


@dataclass
class Standing:
    """A form with what is typed in it, worked out. Names are those of inputs; `hidden` holds (row prefix, place)."""

    context: Context
    values: dict[str, Any] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    hidden: frozenset[tuple[str, str]] = frozenset()
    computed: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    scope: Names = field(init=False)
    items: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    """Key of a list -> row -> its values in scope."""

    def __post_init__(self) -> None:
        self.scope = Names(self.context, {})

    def shows(self, part: Part, prefix: str = "") -> bool:
        return (prefix, part.place) not in self.hidden

    def scope_of(self, rows: Rows | None = None, handle: str = "") -> Names:
        return self.scope if rows is None else self.scope.inside(self.items[rows.key][handle])

    def value(self, formula: Formula, scope: Mapping[str, Any]) -> Any:
        """What *formula* gives here. Raises FormulaError."""
        return formula.value(scope, self.context.now)

    def is_on(self, switch: Formula | bool, scope: Mapping[str, Any]) -> bool:
        """Whether a switch such as read-only is on; a formula that fails or gives null is off."""
        if isinstance(switch, bool):
            return switch
        try:
            return self.value(switch, scope) is True
        except FormulaError:
            return False

    def options(self, question: Field, scope: Mapping[str, Any]) -> tuple[Option, ...]:
        if question.widget is Widget.DOCUMENT:
            return self.context.documents
        if question.options_from is None:
            return question.options
        try:
            found = self.value(question.options_from, scope)
        except FormulaError:
            return ()
        return tuple(_option(value) for value in (found if isinstance(found, list | tuple) else []) if value is not None)


def interpret(form: Form, raw: Raw, context: Context) -> Standing:
    """Read everything that can be read, and settle what is shown. Never fails on what people type."""
    standing = Standing(context)
    for rows, handle, question in _questions(form, raw):
        name = name_in_row(rows, handle, question.key) if rows else question.key
        if name in raw or rows is not None:
            _read(question, name, raw, standing)
    seen: list[frozenset[tuple[str, str]]] = []
    for _ in range(ROUNDS):
        _fill_scope(form, raw, standing)
        hidden = frozenset(_hidden(form, raw, standing))
        if hidden == standing.hidden:
            return standing
        seen.append(standing.hidden)
        standing.hidden = hidden
    standing.hidden = frozenset.intersection(*seen[-ROUNDS // 2 :])
    _fill_scope(form, raw, standing)
    return standing


def _questions(form: Form, raw: Raw) -> Iterator[tuple[Rows | None, str, Field]]:
    for part, _ in groups(form.parts):
        if isinstance(part, Field):
            yield None, "", part
        elif isinstance(part, Rows):
            for handle in handles(raw, part):
                for inner, _ in groups(part.parts):
                    if isinstance(inner, Field):
                        yield part, handle, inner


def _read(question: Field, name: str, raw: Raw, standing: Standing) -> None:
    found = texts(raw, name)
    if question.type is Type.SET:
        standing.values[name] = list(dict.fromkeys(found))
    elif question.widget is Widget.CHECKBOX and not found:
        standing.values[name] = False
    elif not found:
        standing.values[name] = None
    else:
        try:
            standing.values[name] = words.read(question.type, found[-1])
        except words.NotRead as refusal:
            standing.values[name] = None
            standing.unread[name] = str(refusal)


def _fill_scope(form: Form, raw: Raw, standing: Standing) -> None:
    """Names in scope: the file, the answers over it, then what is computed, in the order of the form."""
    scope: dict[str, Any] = {}
    standing.scope = Names(standing.context, scope)
    standing.items, standing.computed, standing.faults = {}, {}, {}
    for part, _ in groups(form.parts):
        visible = standing.shows(part)
        if isinstance(part, Field) and visible and part.key in standing.values and not part.readonly:
            scope[part.key] = standing.values[part.key]
        elif isinstance(part, Rows):
            old = {str(item.get(ORDINAL)): item for item in list_of(standing.context.value(part.key))}
            standing.items[part.key] = {
                handle: _item(part, handle, old.get(handle, {}), standing) for handle in handles(raw, part)
            }
            if visible and part.key in raw:
                scope[part.key] = list(standing.items[part.key].values())
    for part, _ in groups(form.parts):
        if standing.shows(part):
            if isinstance(part, Computed):
                scope[part.key] = _compute(part, part.key, standing.scope, standing)
            elif isinstance(part, Rows):
                _compute_rows(part, standing)


def _item(rows: Rows, handle: str, old: Mapping[str, Any], standing: Standing) -> dict[str, Any]:
    item = dict(old)
    for part, _ in groups(rows.parts):
        if isinstance(part, Field):
            name = name_in_row(rows, handle, part.key)
            if standing.shows(part, f"{rows.key}.{handle}") and not part.readonly:
                item[part.key] = standing.values.get(name)
            else:
                item.setdefault(part.key, None)
    return item


def _compute_rows(rows: Rows, standing: Standing) -> None:
    for handle, item in standing.items.get(rows.key, {}).items():
        for part, _ in groups(rows.parts):
            if isinstance(part, Computed):
                name = name_in_row(rows, handle, part.key)
                item[part.key] = _compute(part, name, standing.scope_of(rows, handle), standing)


def _compute(part: Computed, name: str, scope: Mapping[str, Any], standing: Standing) -> Any:
    try:
        standing.computed[name] = standing.value(part.formula, scope)
    except FormulaError as error:
        standing.computed[name] = None
        standing.faults[name] = str(error)
    return standing.computed[name]


def _hidden(form: Form, raw: Raw, standing: Standing) -> Iterator[tuple[str, str]]:
    yield from _hidden_parts(form.parts, "", standing.scope, standing)
    for rows in form.rows():
        for handle in handles(raw, rows):
            yield from _hidden_parts(rows.parts, f"{rows.key}.{handle}", standing.scope_of(rows, handle), standing)


def _hidden_parts(
    parts: tuple[Part, ...], prefix: str, scope: Mapping[str, Any], standing: Standing
) -> Iterator[tuple[str, str]]:
    for part, around in groups(parts):
        for one in (*around, part):
            if one.hide is not None and standing.is_on(one.hide, scope):
                yield prefix, part.place
                break


def _option(value: Any) -> Option:
    if isinstance(value, Mapping):
        code = value.get("value", value.get("label"))
        return Option(str(code), str(value.get("label", code)))
    return Option(str(value), str(value))

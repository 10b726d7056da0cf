"""Form-js JSON to a form, with everything that is wrong with it at once.

Supported of form-js 1.23: textfield, textarea, number, datetime, checkbox, checklist, radio, select, taglist, filepicker,
expression; group, dynamiclist, text, table, separator, spacer. What else form-js knows is refused with what to use instead.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from schuldhulp.engine.bpmn.graph import Finding, Severity
from schuldhulp.engine.definitions.forms.fields import read_field
from schuldhulp.engine.definitions.forms.formula import Formula
from schuldhulp.engine.definitions.forms.model import (
    Computed,
    Field,
    Form,
    Group,
    Part,
    Rows,
    Separator,
    Table,
    Text,
    walk,
)
from schuldhulp.engine.definitions.forms.reading import Reading, Surroundings
from schuldhulp.rules.dictionary import ORDINAL, Dictionary, Type

SIZE_LIMIT = 1_000_000
PART_LIMIT = 1_000
DEPTH_LIMIT = 12
SURROUNDINGS = frozenset({
    "p", "zaak", "uitvoerder", "rol", "loopCounter", ORDINAL,
    "beslistabel", "einde termijn", "werkdagen na", "werkdagen tussen", "volgende werkdag", "is werkdag", "wettelijk uiterlijk",
    "wettelijk uiterlijk met lengte", "wettelijk uiterlijk met commissie", "resterende tijd", "bezwaar op tijd", "dwangsom",
    "verzoekdatum",
})  # fmt: skip
"""Names that every form may use beside the data: parameters, the case, who fills it in, the number of the row, and the
engine's functions (designers' guide, section 2)."""

INSTEAD = {
    "html": "Use a text (Markdown); HTML of a form is never sent to a browser",
    "iframe": "Use a link in a text; a form shows no pages of others",
    "documentPreview": "Leave it out: documents are shown on the page of the case",
    "image": "Leave it out: pictures are not shown in forms",
    "button": "Leave it out: the page has its own buttons for saving and completing",
}


def load_form(data: bytes, *, name: str, dictionary: Dictionary | None = None) -> tuple[Form | None, list[Finding]]:
    """The form in *data*, or None when *name* (its file name) has errors; and every finding.

    With a dictionary each key must be in it and be asked in a way that fits its type; what the dictionary says of the
    datum (values, bounds, pattern) then holds for the field as well. Without one a key may be any name.
    """
    reading = Reading(name, dictionary, data[:SIZE_LIMIT].decode(errors="replace").split("\n"))
    schema = _json(data, reading)
    if schema is None:
        return None, reading.findings
    components = schema.get("components")
    if schema.get("type") != "default" or not isinstance(components, list):
        reading.complain(
            "", "this is not a form-js schema", 'It must be an object with "type": "default" and "components"'
        )
        return None, reading.findings
    reading.names = _names(components) | SURROUNDINGS | (frozenset(dictionary) if dictionary else frozenset())
    parts = read_parts(components, reading, Surroundings("components", dictionary.entries if dictionary else None))
    _unique(parts, reading)
    if not any(not isinstance(part, Text | Separator | Group) for part in walk(parts)) and not reading.findings:
        reading.complain(
            "components", "the form asks and shows nothing", "Add a field, or leave the form out of the process"
        )
    if any(finding.severity is Severity.ERROR for finding in reading.findings):
        return None, reading.findings
    key = name.rpartition("/")[2].removesuffix(".form")
    title = str(schema.get("title") or schema.get("id") or key)
    return Form(key, title, parts, hashlib.sha256(data).hexdigest()), reading.findings


def read_parts(components: object, reading: Reading, around: Surroundings) -> tuple[Part, ...]:
    """The parts in *components*, those with errors left out."""
    if not isinstance(components, list):
        reading.complain(around.place, "expected a list of components", "Save the form again in the form editor")
        return ()
    if around.depth > DEPTH_LIMIT:
        reading.complain(around.place, f"groups are nested more than {DEPTH_LIMIT} deep", "Take a level out")
        return ()
    found = []
    for number, component in enumerate(components):
        reading.count += 1
        if reading.count > PART_LIMIT:
            reading.complain(
                around.place, f"the form has more than {PART_LIMIT} components", "Split it in several forms"
            )
            break
        part = _part(component, f"{around.place}[{number}]", reading, around)
        if part is not None:
            found.append(part)
    return tuple(found)


def _part(component: object, place: str, reading: Reading, around: Surroundings) -> Part | None:
    if not isinstance(component, dict) or not isinstance(component.get("type"), str):
        reading.complain(place, "a component must be an object with a type", "Save the form again in the form editor")
        return None
    key = component.get("key") or component.get("path") or component.get("id")
    here = f"{place} ({key})" if key else place
    names = reading.names | around.names
    hide = _hide(component, here, reading, names)
    match component["type"]:
        case (
            "textfield" | "textarea" | "number" | "datetime" | "checkbox" | "checklist" | "radio" | "select" | "taglist"
            | "filepicker"
        ):
            return read_field(component, here, reading, around, names, hide)
        case "expression":
            return _computed(component, here, reading, around, names, hide)
        case "group":
            return _group(component, here, reading, around, names, hide)
        case "dynamiclist":
            return _rows(component, here, reading, around, names, hide)
        case "text":
            template = reading.template(component.get("text"), f"{here}.text", names)
            return Text(template, here, hide) if template else None
        case "table":
            return _table(component, here, reading, names, hide)
        case "separator" | "spacer":
            return Separator(here, hide, line=component["type"] == "separator")
        case kind:
            remedy = INSTEAD.get(kind, "Use one of the components that the designers' guide names")
            reading.complain(here, f"a component of type '{kind}' is not supported", remedy)
            return None


def _hide(component: Mapping[str, Any], place: str, reading: Reading, names: frozenset[str]) -> Formula | None:
    conditional = component.get("conditional")
    if conditional is None:
        return None
    if not isinstance(conditional, dict) or set(conditional) - {"hide"}:
        reading.complain(f"{place}.conditional", "only a 'hide' condition is supported", 'Write {"hide": "= FEEL"}')
        return None
    if conditional.get("hide") in (None, ""):
        return None
    return reading.formula(conditional["hide"], f"{place}.conditional.hide", names)


def _computed(
    component: Mapping[str, Any],
    place: str,
    reading: Reading,
    around: Surroundings,
    names: frozenset[str],
    hide: Formula | None,
) -> Computed | None:
    key = component.get("key")
    if not isinstance(key, str) or not key:
        reading.complain(place, "a computed value has no key", "Give it the key of a datum of the dictionary")
        return None
    entry = around.entries.get(key) if around.entries is not None else None
    if around.entries is not None and entry is None:
        reading.complain(place, f"'{key}' is not in the dictionary", "Add it there, or use the key of a datum that is")
    if entry is not None and entry.type is Type.LIST:
        reading.complain(place, f"'{key}' is a list; a computed value is a single one", "Compute its items elsewhere")
    formula = reading.formula(component.get("expression"), f"{place}.expression", names)
    label = reading.template(component.get("label") or (entry.label if entry else None), f"{place}.label", names)
    if formula is None:
        return None
    stored = entry is None or entry.derived is None
    return Computed(key, label, entry.type if entry else None, formula, place, hide, stored)


def _group(
    component: Mapping[str, Any],
    place: str,
    reading: Reading,
    around: Surroundings,
    names: frozenset[str],
    hide: Formula | None,
) -> Group:
    if component.get("path"):
        reading.complain(
            f"{place}.path", "a group may not have a path: keys of data are not nested", "Leave the path empty"
        )
    inside = Surroundings(f"{place}.components", around.entries, around.names, around.in_list, around.depth + 1)
    label = reading.template(component.get("label"), f"{place}.label", names)
    return Group(label, read_parts(component.get("components", []), reading, inside), place, hide)


def _rows(
    component: Mapping[str, Any],
    place: str,
    reading: Reading,
    around: Surroundings,
    names: frozenset[str],
    hide: Formula | None,
) -> Rows | None:
    key = component.get("path")
    if around.in_list:
        reading.complain(place, "a list inside a list is not supported", "Make it a list of the form itself")
        return None
    if not isinstance(key, str) or not key:
        reading.complain(place, "a dynamic list has no path", "Give as path the key of a list in the dictionary")
        return None
    entry, fields = None, None
    if around.entries is not None:
        entry = around.entries.get(key)
        fields = entry.item if entry else {}
        if entry is None or entry.type is not Type.LIST:
            found = "is not in the dictionary" if entry is None else f"is of type {entry.type}, not a list"
            reading.complain(place, f"'{key}' {found}", "Give as path the key of a list in the dictionary")
            return None
    label = reading.template(component.get("label") or (entry.label if entry else None), f"{place}.label", names)
    if label is None:
        reading.complain(place, "a list has no label", "Say in the label what the list is of")
        return None
    own = _names(component.get("components", []))
    inside = Surroundings(
        f"{place}.components", fields, around.names | own | frozenset(fields or ()), True, around.depth + 1
    )
    parts = read_parts(component.get("components", []), reading, inside)
    validate = component.get("validate") if isinstance(component.get("validate"), dict) else {}
    repeats = component.get("defaultRepetitions", 0)
    if isinstance(repeats, bool) or not isinstance(repeats, int) or not 0 <= repeats <= 20:
        reading.complain(f"{place}.defaultRepetitions", "must be a whole number from 0 to 20", "Take 0 or 1")
        repeats = 0
    return Rows(
        key, label, parts, place, hide,
        required=bool(validate and validate.get("required")),
        may_change=component.get("allowAddRemove", True) is not False,
        at_first=repeats,
    )  # fmt: skip


def _table(
    component: Mapping[str, Any], place: str, reading: Reading, names: frozenset[str], hide: Formula | None
) -> Table | None:
    rows = reading.formula(component.get("dataSource"), f"{place}.dataSource", names)
    columns = component.get("columns")
    wrong = not isinstance(columns, list) or not columns
    pairs = []
    for column in columns if isinstance(columns, list) else []:
        if not isinstance(column, dict) or not isinstance(column.get("key"), str) or not column.get("label"):
            wrong = True
            continue
        pairs.append((column["key"], str(column["label"])))
    if wrong:
        reading.complain(
            f"{place}.columns", "each column needs a key and a label", "Name the fields of the items to show"
        )
        return None
    label = reading.template(component.get("label"), f"{place}.label", names)
    return Table(label, rows, tuple(pairs), place, hide) if rows else None


def _unique(parts: tuple[Part, ...], reading: Reading) -> None:
    seen: dict[str, str] = {}
    for part in walk(parts):
        if not isinstance(part, Field | Rows | Computed):
            continue
        if part.key in seen:
            reading.complain(
                part.place, f"'{part.key}' is asked twice", f"Remove one; the other stands at {seen[part.key]}"
            )
        seen.setdefault(part.key, part.place)
        if isinstance(part, Rows):
            _unique(part.parts, reading)


def _names(components: object) -> frozenset[str]:
    """Keys and paths that stand in *components*, in groups as well: names that formulas may use."""
    found: set[str] = set()
    waiting = [components]
    while waiting:
        current = waiting.pop()
        for component in current if isinstance(current, list) else []:
            if not isinstance(component, dict):
                continue
            for name in (component.get("key"), component.get("path")):
                if isinstance(name, str) and name:
                    found.add(name)
            if component.get("type") == "group":
                waiting.append(component.get("components"))
    return frozenset(found)


def _json(data: bytes, reading: Reading) -> dict[str, Any] | None:
    if len(data) > SIZE_LIMIT:
        reading.complain("", f"the file is larger than {SIZE_LIMIT:,} bytes", "Split the form")
        return None
    try:
        schema = json.loads(data, parse_float=Decimal, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        reading.complain("", f"not JSON: {error.msg}", "Save the form again in the form editor", error.lineno)
        return None
    except (ValueError, RecursionError) as error:
        reading.complain("", f"not JSON that is accepted: {error}", "Save the form again in the form editor")
        return None
    if not isinstance(schema, dict):
        reading.complain("", "this is not a form-js schema", "It must be a JSON object")
        return None
    return schema


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")

"""One question of a form: what it holds, how it is asked, and what its answer must keep to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from schuldhulp.engine.definitions.forms.formula import Formula
from schuldhulp.engine.definitions.forms.model import Field, Limits, Option, Widget
from schuldhulp.engine.definitions.forms.reading import Reading, Surroundings
from schuldhulp.rules.dictionary import Entry, Type
from schuldhulp.rules.patterns import PatternError, compile_pattern

_NUMBERS = (Type.INTEGER, Type.DECIMAL, Type.AMOUNT)
_SHORT = (Type.STRING, Type.BSN, Type.IBAN, Type.POSTCODE, Type.EMAIL, Type.PHONE)
FITS: Mapping[str, tuple[Type, ...]] = {
    "textfield": (*_SHORT, Type.TEXT, *_NUMBERS, Type.DATE, Type.TIME, Type.DATETIME),
    "textarea": (Type.TEXT, Type.STRING),
    "number": _NUMBERS,
    "datetime": (Type.DATE, Type.TIME, Type.DATETIME),
    "checkbox": (Type.BOOLEAN,),
    "checklist": (Type.SET,),
    "taglist": (Type.SET,),
    "radio": (Type.ENUM, Type.BOOLEAN, Type.STRING),
    "select": (Type.ENUM, Type.BOOLEAN, Type.STRING),
    "filepicker": (Type.DOCUMENT,),
}
"""Which types of the dictionary each component can ask."""

_WIDGETS = {
    "textarea": Widget.TEXTAREA,
    "checkbox": Widget.CHECKBOX,
    "radio": Widget.RADIO,
    "select": Widget.SELECT,
    "checklist": Widget.CHECKLIST,
    "taglist": Widget.CHECKLIST,
    "filepicker": Widget.DOCUMENT,
}
_YES_NO = (Option("true", "Ja"), Option("false", "Nee"))
_MARKED = {"bsn": Type.BSN, "iban": Type.IBAN, "postcode": Type.POSTCODE, "euro": Type.AMOUNT}
_VALIDATIONS = {
    "required", "minLength", "maxLength", "min", "max", "pattern", "patternErrorMessage", "validationType",
}  # fmt: skip
OPTION_LIMIT = 500
_N = TypeVar("_N", int, Decimal)


def read_field(
    component: Mapping[str, Any],
    place: str,
    reading: Reading,
    around: Surroundings,
    names: frozenset[str],
    hide: Formula | None,
) -> Field | None:
    """The question in *component*, or None when it has no key that may be asked; findings go to *reading*."""
    key = component.get("key")
    if not isinstance(key, str) or not key:
        reading.complain(place, "the field has no key", "Give it the key of a datum of the dictionary")
        return None
    entry = around.entries.get(key) if around.entries is not None else None
    if around.entries is not None and entry is None:
        reading.complain(place, f"'{key}' is not in the dictionary", "Add it there, or use the key of a datum that is")
        return None
    kind = component["type"]
    type_ = _type(component, entry)
    subtype = component.get("subtype", "date")
    if type_ not in FITS[kind] or (kind == "datetime" and entry is not None and subtype != str(type_)):
        asked = f"{kind} ({subtype})" if kind == "datetime" else kind
        reading.complain(place, f"'{key}' is of type {type_}, which a {asked} cannot ask", f"Use {_suits(type_)}")
        return None
    if kind == "filepicker" and component.get("multiple"):
        reading.complain(place, "a question holds one document", "Leave 'multiple' out; ask more of them in a dynamiclist")
    readonly = _switch(component.get("readonly"), f"{place}.readonly", reading, names)
    if entry is not None and entry.derived is not None and readonly is not True:
        reading.complain(
            place, f"'{key}' is computed from other data", "Make the field read-only, or show it as an expression"
        )
    label = component.get("timeLabel" if subtype == "time" else "dateLabel") if kind == "datetime" else None
    words = reading.template(
        label or component.get("label") or (entry.label if entry else None), f"{place}.label", names
    )
    if words is None:
        reading.complain(place, "the field has no label", "Say in the label what is asked: screen readers need it too")
        return None
    options_from = _options_from(component, place, reading, names)
    options = () if options_from else _options(component, kind, type_, entry, place, reading)
    properties = component.get("properties") if isinstance(component.get("properties"), dict) else {}
    preset = (properties or {}).get("nl.default")
    return Field(
        key=key,
        label=words,
        type=type_,
        widget=_WIDGETS.get(kind, Widget.TEXTAREA if type_ is Type.TEXT else Widget.TEXTFIELD),
        place=place,
        description=reading.template(component.get("description") or (entry.help if entry else None),
                                     f"{place}.description", names),
        hide=hide,
        readonly=readonly,
        disabled=_switch(component.get("disabled"), f"{place}.disabled", reading, names),
        limits=_limits(component, entry, type_, place, reading),
        options=options,
        options_from=options_from,
        default=_default(component.get("defaultValue"), type_, options, place, reading),
        default_from=reading.formula(preset, f"{place}.properties", names) if preset else None,
        autocomplete=str((properties or {}).get("autocomplete", "")),
        columns=_columns(component),
        row=_row(component),
        reasons=_reasons(properties or {}, type_, place, reading),
    )  # fmt: skip


def _reasons(properties: Mapping[str, Any], type_: Type, place: str, reading: Reading) -> tuple[str, ...]:
    """The decisions of `nl.reasons`, comma separated."""
    named = tuple(name.strip() for name in str(properties.get("nl.reasons", "")).split(",") if name.strip())
    if named and type_ is not Type.TEXT:
        reading.complain(
            f"{place}.properties", "only a text can be drafted from reasons (nl.reasons)", "Ask a datum of type text"
        )
    return named


def _type(component: Mapping[str, Any], entry: Entry | None) -> Type:
    """What the field holds: the dictionary says so, else the component does."""
    if entry is not None:
        return entry.type
    properties = component.get("properties")
    marks = [_MARKED[name] for name in _MARKED if isinstance(properties, dict) and f"nl.{name}" in properties]
    if marks:
        return marks[0]
    validate = component.get("validate")
    checked = validate.get("validationType") if isinstance(validate, dict) else None
    match component["type"]:
        case "textfield":
            return {"email": Type.EMAIL, "phone": Type.PHONE}.get(str(checked), Type.STRING)
        case "textarea":
            return Type.TEXT
        case "number":
            return Type.INTEGER if component.get("decimalDigits") == 0 else Type.DECIMAL
        case "datetime":
            return {"time": Type.TIME, "datetime": Type.DATETIME}.get(str(component.get("subtype")), Type.DATE)
        case "checkbox":
            return Type.BOOLEAN
        case "checklist" | "taglist":
            return Type.SET
        case "filepicker":
            return Type.DOCUMENT
    values = values_of(component)
    codes = (
        {_code(value.get("value")) for value in values if isinstance(value, dict)}
        if isinstance(values, list)
        else set()
    )
    return Type.BOOLEAN if codes and codes <= {"true", "false"} else Type.ENUM if codes else Type.STRING


def _suits(type_: Type) -> str:
    """The components that can ask a type, in words."""
    if type_ in (Type.DATE, Type.TIME, Type.DATETIME):
        return f"a datetime with subtype {type_}"
    if type_ is Type.LIST:
        return "a dynamiclist with its key as path"
    return " or ".join(f"a {kind}" for kind, types in FITS.items() if type_ in types)


def _code(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


PLACEHOLDER = [{"label": "Value", "value": "value"}]
"""What the form editor puts in where choices were left out; it has no other way to leave them out."""


def values_of(component: Mapping[str, Any]) -> Any:
    """The choices as they stand in the form; None when they were left out."""
    values = component.get("values")
    return None if values == PLACEHOLDER else values


def _options_from(component: Mapping[str, Any], place: str, reading: Reading, names: frozenset[str]) -> Formula | None:
    if component.get("valuesExpression"):
        return reading.formula(component["valuesExpression"], f"{place}.valuesExpression", names)
    if component.get("valuesKey"):
        return reading.formula(component["valuesKey"], f"{place}.valuesKey", names)
    return None


def _options(
    component: Mapping[str, Any], kind: str, type_: Type, entry: Entry | None, place: str, reading: Reading
) -> tuple[Option, ...]:
    """The choices that stand in the form; left out there, those of the dictionary."""
    if kind not in ("radio", "select", "checklist", "taglist"):
        return ()
    values = values_of(component)
    if not values:
        known = entry.values if entry else {}
        options = _YES_NO if type_ is Type.BOOLEAN else tuple(Option(code, label) for code, label in known.items())
        if not options:
            reading.complain(place, "there is nothing to choose from", "Give values, or valuesExpression")
        return options
    options = tuple(
        Option(_code(value["value"]), str(value.get("label") or value["value"]))
        for value in (values if isinstance(values, list) else [])
        if isinstance(value, dict) and value.get("value") is not None
    )
    if not isinstance(values, list) or len(options) != len(values):
        reading.complain(f"{place}.values", "each choice needs a value and a label", "Complete the choices")
    if len({option.value for option in options}) != len(options):
        reading.complain(f"{place}.values", "two choices have the same value", "Give each choice its own value")
    if len(options) > OPTION_LIMIT:
        reading.complain(f"{place}.values", f"there are more than {OPTION_LIMIT} choices", "Use a text field")
    allowed = {"true", "false"} if type_ is Type.BOOLEAN else set(entry.values) if entry and entry.values else None
    strange = [option.value for option in options if allowed is not None and option.value not in allowed]
    if strange:
        remedy = f"Use values of the dictionary: {', '.join(sorted(allowed or ()))}"
        reading.complain(f"{place}.values", f"{', '.join(strange)} is not a value of '{component['key']}'", remedy)
    return options


def _switch(value: object, place: str, reading: Reading, names: frozenset[str]) -> Formula | bool:
    if value is None or isinstance(value, bool):
        return bool(value)
    return reading.formula(value, place, names) or False


def _columns(component: Mapping[str, Any]) -> int | None:
    layout = component.get("layout")
    columns = layout.get("columns") if isinstance(layout, dict) else None
    return columns if isinstance(columns, int) and 1 <= columns <= 16 else None


def _row(component: Mapping[str, Any]) -> str:
    layout = component.get("layout")
    row = layout.get("row") if isinstance(layout, dict) else None
    return row if isinstance(row, str) else ""


def _limits(component: Mapping[str, Any], entry: Entry | None, type_: Type, place: str, reading: Reading) -> Limits:
    """The narrower of what the form and what the dictionary say."""
    validate = component.get("validate", {})
    here = f"{place}.validate"
    if not isinstance(validate, dict):
        reading.complain(here, "expected an object", 'Write for instance {"required": true}')
        return Limits()
    for name in sorted(set(validate) - _VALIDATIONS):
        reading.complain(here, f"'{name}' is not supported", f"Use {', '.join(sorted(_VALIDATIONS))}")
    number = type_ in _NUMBERS
    pattern = validate.get("pattern") or None
    if pattern is not None and not _is_pattern(pattern):
        reading.complain(f"{here}.pattern", f"{pattern!r} is not a regular expression", "Mend it, or leave it out")
        pattern = None
    message = validate.get("patternErrorMessage")
    digits = component.get("decimalDigits") if number else None
    longest = _whole(validate.get("maxLength"), f"{here}.maxLength", reading)
    low = _bound(validate.get("min"), f"{here}.min", reading)
    high = _bound(validate.get("max"), f"{here}.max", reading)
    return Limits(
        required=validate.get("required") is True,
        min_length=_whole(validate.get("minLength"), f"{here}.minLength", reading),
        max_length=_smallest(longest, entry.max_length if entry else None),
        minimum=_largest(low, entry.minimum if entry else None) if number else None,
        maximum=_smallest(high, entry.maximum if entry else None) if number else None,
        digits=_whole(digits, f"{place}.decimalDigits", reading),
        pattern=pattern or (rf"\A(?:{entry.pattern})\Z" if entry and entry.pattern else None),
        pattern_message=message if isinstance(message, str) else None,
    )


def _is_pattern(pattern: object) -> bool:
    try:
        return isinstance(pattern, str) and len(pattern) <= 1_000 and compile_pattern(pattern) is not None
    except PatternError:
        return False


def _whole(value: object, place: str, reading: Reading) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        reading.complain(place, f"expected a whole number, found {value!r}", "Write a number without quotes")
        return None
    return value


def _bound(value: object, place: str, reading: Reading) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        reading.complain(place, f"expected a number, found {value!r}", "Write a number")
        return None


def _smallest(one: _N | None, other: _N | None) -> _N | None:
    return min((value for value in (one, other) if value is not None), default=None)


def _largest(one: _N | None, other: _N | None) -> _N | None:
    return max((value for value in (one, other) if value is not None), default=None)


def _default(value: object, type_: Type, options: tuple[Option, ...], place: str, reading: Reading) -> Any:
    """The value before anyone answers, as a plain value."""
    if value is None or value == "" or value == []:
        return None
    try:
        default = _plain(value, type_)
    except (ValueError, TypeError, InvalidOperation):
        reading.complain(
            f"{place}.defaultValue", f"{value!r} is not a value of type {type_}", "Mend it, or leave it out"
        )
        return None
    chosen = default if isinstance(default, list) else [_code(default)]
    if options and not {_code(code) for code in chosen} <= {option.value for option in options}:
        reading.complain(f"{place}.defaultValue", f"{value!r} is not one of the choices", "Use the value of a choice")
        return None
    return default


def _plain(value: object, type_: Type) -> Any:
    match type_:
        case Type.BOOLEAN:
            return {"true": True, "false": False}[_code(value)] if _code(value) in ("true", "false") else _refuse(value)
        case Type.INTEGER | Type.DECIMAL | Type.AMOUNT:
            return Decimal(str(value))
        case Type.DATE:
            return date.fromisoformat(str(value))
        case Type.TIME:
            return time.fromisoformat(str(value))
        case Type.DATETIME:
            moment = datetime.fromisoformat(str(value))
            return moment if moment.tzinfo else _refuse(value)
        case Type.SET:
            return [str(code) for code in value] if isinstance(value, list) else _refuse(value)
    return value if isinstance(value, str) else _refuse(value)


def _refuse(value: object) -> Any:
    raise ValueError(value)

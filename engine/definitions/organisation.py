"""organisation.yaml: who the organisation is, its modules, variants and functions, its look (C-L01, C-L02)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from schuldhulp.engine.definitions.parameters import Parameter, ParametersError
from schuldhulp.rules.yaml_reader import YamlError, read_yaml

ORGANISATION = "organisation.yaml"
ALWAYS = date(1900, 1, 1)
"""From when the settings hold as parameters: a dated value in an own parameters file goes before them."""
SENDER = ("naam", "adres", "postcode_plaats", "telefoon", "email", "website")
"""Parts of the sender; each is the parameter `afzender_<part>`, and a name in letters."""
COLOURS = ("hoofdkleur", "tekst_op_hoofdkleur", "linkkleur")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_FILE = re.compile(r"theme/[A-Za-z0-9._-]+\.(?:svg|png)")


@dataclass(frozen=True, slots=True)
class Organisation:
    """`off`: modules that are switched off; `variants`: codes that are switched on; `functions`: the organisation's own names of
    jobs with the roles that go with them; `colours`, `logo`, `style`: the look of the pages."""

    name: str | None = None
    off: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    """Modules that the file names, on or off."""
    variants: tuple[str, ...] = ()
    sender: Mapping[str, str] = field(default_factory=dict)
    functions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)
    logo: str | None = None

    def parameters(self) -> tuple[Parameter, ...]:
        """What models and letters see of it."""
        found: dict[str, Any] = {f"afzender_{part}": text for part, text in self.sender.items()}
        if self.name is not None:
            found["organisatie"] = self.name
        if self.variants:
            found["varianten"] = [{"variant": code, "aan": True} for code in self.variants]
        return tuple(Parameter(key, value, ALWAYS) for key, value in found.items())


def load_organisation(data: bytes, *, name: str = ORGANISATION) -> Organisation:
    """Raises ParametersError with every fault."""
    try:
        raw = read_yaml(data)
    except YamlError as error:
        raise ParametersError(name, [str(error)]) from error
    if raw is None:
        return Organisation()
    if not isinstance(raw, dict):
        raise ParametersError(name, ["must be lines such as 'naam: gemeente Voorbeeldstad'"])
    problems = [f"{key!r} is not known here; known are {', '.join(_PARTS)}" for key in raw if key not in _PARTS]
    modules = _mapping(raw, "modules", problems)
    problems += [f"modules: {key} must be true or false" for key, on in modules.items() if not isinstance(on, bool)]
    look = _mapping(raw, "thema", problems)
    found = Organisation(
        name=_text(raw, "naam", problems),
        off=frozenset(key for key, on in modules.items() if on is False),
        known=frozenset(modules),
        variants=_texts(raw.get("varianten"), "varianten", problems),
        sender=_sender(_mapping(raw, "afzender", problems), problems),
        functions={
            key: _texts(roles, f"functies: {key}", problems)
            for key, roles in _mapping(raw, "functies", problems).items()
        },
        colours=_colours(look, problems),
        logo=_logo(look, problems),
    )
    if problems:
        raise ParametersError(name, problems)
    return found


_PARTS = ("naam", "modules", "varianten", "functies", "afzender", "thema")


def _mapping(raw: Mapping[str, Any], key: str, problems: list[str]) -> dict[str, Any]:
    value = raw.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        problems.append(f"{key}: must be lines 'name: value' below it")
        return {}
    return {str(name): one for name, one in value.items()}


def _text(raw: Mapping[str, Any], key: str, problems: list[str]) -> str | None:
    value = raw.get(key)
    if value is not None and (not isinstance(value, str) or not value.strip()):
        problems.append(f"{key}: must be text; put it in quotes")
        return None
    return value


def _texts(value: object, where: str, problems: list[str]) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        problems.append(f"{where}: must be a list such as [straatkubus, vroeg_eropaf]")
        return ()
    return tuple(dict.fromkeys(value))


def _sender(raw: dict[str, Any], problems: list[str]) -> dict[str, str]:
    problems += [f"afzender: {key!r} is not known; known are {', '.join(SENDER)}" for key in raw if key not in SENDER]
    texts = {key: _text(raw, key, problems) for key in SENDER}
    return {key: text for key, text in texts.items() if text is not None}


def _colours(raw: dict[str, Any], problems: list[str]) -> dict[str, str]:
    problems += [
        f"thema: {key!r} is not known; known are {', '.join(COLOURS)}, logo" for key in raw if key not in (*COLOURS, "logo")
    ]
    found = {key: raw[key] for key in COLOURS if raw.get(key) is not None}
    for key, value in found.items():
        if not isinstance(value, str) or not _COLOUR.fullmatch(value):
            problems.append(f"thema: {key} must be a colour such as '#154273', in quotes")
    return {key: str(value) for key, value in found.items()}


def _logo(raw: dict[str, Any], problems: list[str]) -> str | None:
    value = raw.get("logo")
    if value is not None and (not isinstance(value, str) or not _FILE.fullmatch(value)):
        problems.append("thema: logo must be a file of the folder such as theme/logo.svg (svg or png)")
        return None
    return value

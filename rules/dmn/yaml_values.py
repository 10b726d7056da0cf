"""YAML to FEEL values: numbers as Decimal exactly as written, dates as FEEL dates, never a float in between.

Plainer than YAML 1.1 on purpose: only `true` and `false` are booleans (not `no`, `on`), numbers have no base 60 and no
leading zero, a key stands once, anchors and aliases are refused.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode

from schuldhulp.rules.dmn.plain import temporal

Value = Any
SIZE_LIMIT = 5 * 1024 * 1024
DEPTH_LIMIT = 50
NUMBER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}.*)?")


class YamlValueError(Exception):
    """The text is not the YAML that we accept; `line` counts from 1, 0 when there is none."""

    def __init__(self, line: int, message: str) -> None:
        self.line, self.message = line, message
        super().__init__(f"line {line}: {message}" if line else message)


def load_yaml(data: bytes) -> Value:
    """The content as FEEL values: dict, list, str, bool, None, Decimal, dates. Raises YamlValueError."""
    if len(data) > SIZE_LIMIT:
        raise YamlValueError(0, f"the file is larger than {SIZE_LIMIT // 1024 // 1024} MB; split it")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise YamlValueError(data.count(b"\n", 0, error.start) + 1, "the file is not UTF-8; save it as UTF-8") from None
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlValueError(mark.line + 1 if mark else 0, str(error.problem or error.context)) from None
    except yaml.YAMLError as error:
        raise YamlValueError(0, str(error)) from None
    except RecursionError:
        raise YamlValueError(0, f"the content is nested more than {DEPTH_LIMIT} deep") from None


class _Loader(yaml.SafeLoader):
    """SafeLoader with our own scalars."""

    depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise yaml.composer.ComposerError(
                None, None, "anchors and aliases are not allowed; write the value out", event.start_mark
            )
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise yaml.composer.ComposerError(None, None, f"nested more than {DEPTH_LIMIT} deep", event.start_mark)
        node: Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node: MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            name = key.value if isinstance(key, ScalarNode) else None
            if name is None:
                raise yaml.constructor.ConstructorError(None, None, "a key must be a text", key.start_mark)
            if name in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{name!r} stands here twice", key.start_mark)
            seen.add(name)
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}


def _number(_loader: _Loader, node: ScalarNode) -> Decimal:
    return Decimal(node.value)


def _date(_loader: _Loader, node: ScalarNode) -> Value:
    value = temporal(node.value.replace(" ", "T", 1))
    if value is None:
        raise yaml.constructor.ConstructorError(
            None, None, f"{node.value!r} looks like a date and is none; write it in quotes if it is a text",
            node.start_mark,
        )
    return value


def _mapping(loader: _Loader, node: MappingNode) -> dict[Any, Any]:
    return loader.construct_mapping(node, deep=True)


_Loader.yaml_implicit_resolvers = {}
for tag, pattern, starts in (
    ("bool", re.compile(r"true|false"), "tf"),
    ("null", re.compile(r"~|null|"), ["~", "n", ""]),
    ("float", NUMBER, "-+0123456789"),
    ("timestamp", DATE, "0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(rf"(?:{pattern.pattern})\Z"), list(starts))
_Loader.add_constructor("tag:yaml.org,2002:float", _number)
_Loader.add_constructor("tag:yaml.org,2002:int", _number)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _date)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)

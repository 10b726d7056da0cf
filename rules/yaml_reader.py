"""The one reader of YAML that people wrote: plain data only, bounded in size, in depth and in what aliases make of it."""

from __future__ import annotations

from typing import Any

import yaml

SIZE_LIMIT = 4 * 1024 * 1024
DEPTH_LIMIT = 40
NODE_LIMIT = 200_000
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlError(ValueError):
    """A text is not YAML that we accept; the message says what, where and what to do."""


def read_yaml(data: bytes | str, loader: Any = _Loader) -> Any:
    """The data in a YAML text, built by *loader* (a safe one). Raises YamlError."""
    if len(data) > SIZE_LIMIT:
        raise YamlError(f"the file is larger than {SIZE_LIMIT // (1024 * 1024)} MB. Split it, or leave comments out")
    try:
        _guard(data)
        return yaml.load(data, Loader=loader)
    except yaml.YAMLError as error:
        raise YamlError(f"not YAML: {' '.join(str(error).split())}") from error
    except (ValueError, OverflowError, RecursionError) as error:
        if isinstance(error, YamlError):
            raise
        raise YamlError(f"not YAML that can be read: {str(error)[:200]}") from error


def _guard(data: bytes | str) -> None:
    """A first pass that builds nothing: how deep it goes, and how much it is when every alias is written out."""
    open_: list[tuple[str | None, int]] = []  # the collections around: anchor, and what was read before it
    sizes: dict[str, int] = {}
    read = 0
    for event in yaml.parse(data, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in sizes:
                raise YamlError(f"{_line(event)}*{event.anchor} stands inside what it names. Write it out")
            read += sizes[event.anchor]
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = open_.pop()
            if anchor is not None:
                sizes[anchor] = read - before
        elif isinstance(event, yaml.NodeEvent):
            if isinstance(event, yaml.CollectionStartEvent):
                open_.append((event.anchor, read))
                sizes.pop(event.anchor or "", None)
            elif event.anchor is not None:
                sizes[event.anchor] = 1
            read += 1
        if len(open_) > DEPTH_LIMIT:
            raise YamlError(f"{_line(event)}nested more than {DEPTH_LIMIT} deep. Make it flatter")
        if read > NODE_LIMIT:
            raise YamlError(f"{_line(event)}more than {NODE_LIMIT:,} values, aliases written out. Split the file")


def _line(event: yaml.Event) -> str:
    mark = event.start_mark
    return "" if mark is None else f"line {mark.line + 1}: "

"""The one reader of YAML that people wrote: plain data only, bounded in size and depth, no anchors and aliases."""

from __future__ import annotations

from typing import Any

import yaml

SIZE_LIMIT = 4 * 1024 * 1024
DEPTH_LIMIT = 40
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
    """A first pass that builds nothing, so that no text can grow or dig deep."""
    depth = 0
    for event in yaml.parse(data, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            raise YamlError(f"line {event.start_mark.line + 1}: an alias (*{event.anchor}) is not allowed. Write it out")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEPTH_LIMIT:
                raise YamlError(f"line {event.start_mark.line + 1}: nested more than {DEPTH_LIMIT} deep. Make it flatter")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1

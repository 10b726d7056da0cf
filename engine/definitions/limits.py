"""Parameters that bound what may come in: whole numbers between two bounds, looked at when they are deployed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from schuldhulp.engine.definitions.parameters import Typed

MEGABYTE = 1_000_000
_BOUNDS: Mapping[str, tuple[int, int, int]] = {
    "document_mb": (1, 20, 100),
    "documenten_per_zaak_mb": (1, 500, 10_000),
    "documenten_per_zaak": (1, 500, 2_000),
}
"""Key -> least, what holds when no parameter says otherwise, most. A document is held in memory as a whole while it is sealed."""


@dataclass(frozen=True, slots=True)
class PaperLimits:
    """What a document and a case may hold: megabytes of one, megabytes together, and how many."""

    file_mb: int
    case_mb: int
    number: int

    @property
    def file_bytes(self) -> int:
        return self.file_mb * MEGABYTE

    @property
    def case_bytes(self) -> int:
        return self.case_mb * MEGABYTE


def paper_limits(parameters: Mapping[str, Any]) -> PaperLimits:
    """The limits of parameters as they are on a day."""
    file_mb, case_mb, number = (int(parameters.get(key, usual)) for key, (_, usual, _) in _BOUNDS.items())
    return PaperLimits(file_mb, case_mb, number)


def bounded() -> dict[str, Typed]:
    """How these parameters are read."""
    return {key: partial(_read, key, least, most) for key, (least, _, most) in _BOUNDS.items()}


def _read(key: str, least: int, most: int, raw: object, problems: list[str]) -> Any:
    if isinstance(raw, bool) or not isinstance(raw, int) or not least <= raw <= most:
        problems.append(f"{key}: {raw!r} is not a whole number from {least} to {most}")
        return Decimal(least)
    return Decimal(raw)

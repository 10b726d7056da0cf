"""What differs between two sets of definitions, said in their own terms: a rule of a table, an element of a process, a field of
a form, a value of a parameter with the day from which it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from schuldhulp.engine.definitions.deployment import Deployment
from schuldhulp.engine.definitions.difference import data, models, texts
from schuldhulp.engine.definitions.difference.kinds import AREAS, Difference

__all__ = ["AREAS", "Difference", "differences"]


def differences(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> tuple[Difference, ...]:
    """Every difference, by area in the order of AREAS. Files that cannot be read raise what reading them raises
    (NotDeployable, DictionaryError, ParametersError)."""
    old, new = Deployment(dict(before)), Deployment(dict(after))
    found = list(_all(old, new))
    return tuple(sorted(found, key=lambda one: (AREAS.index(one.area), one.path, one.key, str(one.valid_from))))


def _all(old: Deployment, new: Deployment) -> Iterator[Difference]:
    yield from data.organisation(old, new)
    yield from data.readings(old, new)
    yield from data.parameters(old, new)
    yield from data.registers(old, new)
    yield from data.dictionary(old, new)
    yield from models.tables(old, new)
    yield from models.processes(old, new)
    yield from texts.forms(old, new)
    yield from texts.letters(old, new)
    yield from texts.examples(old, new)

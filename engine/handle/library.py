"""Deployments at hand: read from the log once, kept while they are used."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime
from threading import Lock

from schuldhulp.engine.definitions.deployment import DefinitionNotFound, Deployment
from schuldhulp.engine.history.files import load_definition
from schuldhulp.engine.history.store import Reader
from schuldhulp.engine.model.facts import DeploymentRegistered

DEPLOYMENTS = "deployments"
"""The stream of deployments."""
KEPT = 16
"""Deployments that stay in memory; an older one is read again when it is needed."""


class NothingDeployed(LookupError):
    """No deployment is in force yet."""

    def __init__(self) -> None:
        super().__init__("nothing is deployed yet. Deploy the definitions with `schuldhulp deploy`.")


class Kept:
    """Deployments that were read, by id. Thread-safe. They never change, so several engines may share them."""

    def __init__(self, most: int = KEPT) -> None:
        self._kept: OrderedDict[str, Deployment] = OrderedDict()
        self._most, self._lock = most, Lock()

    def get(self, key: str) -> Deployment | None:
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
            return known

    def put(self, deployment: Deployment) -> Deployment:
        """Keep it; gives the one that is kept under its id."""
        with self._lock:
            kept = self._kept.setdefault(deployment.id, deployment)
            self._kept.move_to_end(deployment.id)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return kept


class Library:
    """The deployments of one database, read when they are needed."""

    def __init__(self, kept: Kept | None = None) -> None:
        self.kept = kept or Kept()
        self._known: tuple[int, tuple[DeploymentRegistered, ...]] = (0, ())

    def current(self, reader: Reader, now: datetime) -> Deployment:
        """The deployment in force at *now*. Raises NothingDeployed."""
        key = self.current_id(reader, now)
        if key is None:
            raise NothingDeployed
        return self.pinned(reader, key)

    def current_id(self, reader: Reader, now: datetime) -> str | None:
        """The last one registered whose start is not after *now*."""
        found = [fact for fact in self._registered(reader) if fact.valid_from <= now]
        return found[-1].deployment if found else None

    def ids(self, reader: Reader) -> tuple[str, ...]:
        """The ids of all deployments, oldest first."""
        return tuple(dict.fromkeys(fact.deployment for fact in self._registered(reader)))

    def pinned(self, reader: Reader, key: str) -> Deployment:
        """The deployment with this id. Raises DefinitionNotFound."""
        known = self.kept.get(key)
        if known is not None:
            return known
        registered = next((fact for fact in self._registered(reader) if fact.deployment == key), None)
        if registered is None:
            raise DefinitionNotFound("deployment", key, [fact.deployment for fact in self._registered(reader)])
        files = {path: load_definition(reader, digest) for path, digest in registered.files.items()}
        return self.kept.put(Deployment(files))

    def _registered(self, reader: Reader) -> tuple[DeploymentRegistered, ...]:
        """Every deployment; read again only when the stream has grown."""
        upto, known = self._known
        sequence = reader.sequence(DEPLOYMENTS)
        if sequence != upto:
            facts = (stored.fact for stored in reader.facts(DEPLOYMENTS))
            known = tuple(fact for fact in facts if isinstance(fact, DeploymentRegistered))
            self._known = (sequence, known)
        return known

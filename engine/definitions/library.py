"""Deployments at hand: read from the log once, kept while they are used."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime
from threading import Lock
from typing import Protocol

from schuldhulp.engine.definitions.deployment import DefinitionNotFound, Deployment

KEPT = 16
"""Deployments that stay in memory; an older one is read again when it is needed."""


class Shelf(Protocol):
    """Where deployments are kept (engine/history, inside a transaction)."""

    def current_deployment(self, now: datetime) -> str | None: ...
    def deployment_files(self, deployment: str) -> dict[str, bytes] | None: ...


class NothingDeployed(LookupError):
    """No deployment is in force yet."""

    def __init__(self) -> None:
        super().__init__("nothing is deployed yet. Deploy the definitions with `schuldhulp deploy`.")


class Library:
    """Thread-safe; deployments never change, so one that was read is good for ever."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Deployment] = OrderedDict()
        self._lock = Lock()

    def current(self, shelf: Shelf, now: datetime) -> Deployment:
        """The deployment in force at *now*. Raises NothingDeployed."""
        key = shelf.current_deployment(now)
        if key is None:
            raise NothingDeployed
        return self.pinned(shelf, key)

    def pinned(self, shelf: Shelf, key: str) -> Deployment:
        """The deployment with this id. Raises DefinitionNotFound."""
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
                return known
        files = shelf.deployment_files(key)
        if files is None:
            raise DefinitionNotFound("deployment", key, [])
        read = Deployment(files)
        with self._lock:
            self._kept[key] = read
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return read

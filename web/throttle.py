"""Slowing down who guesses passwords: failures per login and per address within a window of time."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock


class Throttle:
    """After `most` failures of a login (or four times as many of an address) within `window` seconds, it must wait."""

    KEPT = 20_000

    def __init__(self, most: int = 8, window: float = 900, clock: Callable[[], float] = time.monotonic) -> None:
        self.most, self.window, self.clock = most, window, clock
        self._failures: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = Lock()

    def waits(self, login: str, address: str) -> bool:
        with self._lock:
            return self._recent(f"n:{login}") >= self.most or self._recent(f"a:{address}") >= 4 * self.most

    def failed(self, login: str, address: str) -> None:
        with self._lock:
            for key in (f"n:{login}", f"a:{address}"):
                self._failures.setdefault(key, []).append(self.clock())
                self._failures.move_to_end(key)
            while len(self._failures) > self.KEPT:
                self._failures.popitem(last=False)

    def passed(self, login: str) -> None:
        with self._lock:
            self._failures.pop(f"n:{login}", None)

    def _recent(self, key: str) -> int:
        since = self.clock() - self.window
        kept = [at for at in self._failures.get(key, ()) if at > since]
        if kept:
            self._failures[key] = kept
        else:
            self._failures.pop(key, None)
        return len(kept)

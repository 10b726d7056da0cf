"""After the commit: what a case left in the outbox is delivered, at least once; a receiver knows a repetition by its key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from schuldhulp.engine.case.errors import CommandRefused, NotNow
from schuldhulp.engine.case.values import decode, encode
from schuldhulp.engine.case.work import waits_for
from schuldhulp.engine.handle.post import Post
from schuldhulp.engine.history import outbox
from schuldhulp.engine.history.outbox import Taken
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.printing import PressFailed
from schuldhulp.rules.feel import feel_value, to_python

LEASE = timedelta(minutes=2)
TRIES = 8
"""After so many failures a message waits for a person."""
FIRST_WAIT = timedelta(seconds=30)
MOST_WAITING = 2_000
"""Cases that are looked at to find the one that a message without a case is for."""


class Undeliverable(Exception):
    """Nobody can take this message now; the text holds no personal data."""


class Relay(Post):
    """Letters as PDF to the documents of the case; messages and signals to the cases that wait for them."""

    def deliver(self, worker: str, by: f.Actor, *, limit: int = 50) -> Iterator[tuple[str, str, str | None]]:
        """Deliver what is due; yields (kind, key, what went wrong or None). Every message has its own transaction."""
        with self.store.begin() as log:
            now = self.clock()
            taken = outbox.take(log, worker, now, now + LEASE, limit)
        for message in taken:
            failure = self._deliver_one(message, by)
            with self.store.begin() as log:
                if failure is None:
                    outbox.done(log, worker, message)
                elif message.attempts >= TRIES:
                    outbox.give_up(log, worker, message, failure)
                else:
                    again = self.clock() + FIRST_WAIT * 2 ** (message.attempts - 1)
                    outbox.failed(log, worker, message, failure, again)
            yield message.kind, message.key, failure

    def correlate(
        self, name: str, keys: Mapping[str, Any], content: Mapping[str, Any], by: f.Actor, key: str | None = None
    ) -> str:
        """Give a message to the one case where a process waits for it with these correlation keys; gives its number. *key*: by
        which a repetition is known. Raises NotNow when there is no such case, or more than one."""
        with self.store.read() as reader:
            rows = reader.rows("subscribers_by_name", kind="message", name=name)
        streams = list(dict.fromkeys(str(row["case"]) for row in rows))
        if len(streams) > MOST_WAITING:
            raise NotNow(f"{len(streams)} cases wait for message {name!r}: name the case that it is for.")
        payload = encode(feel_value({**content, **keys}))
        numbers = [stream.removeprefix("case/") for stream in streams]
        fitting = [number for number in numbers if self._fits(number, name, payload, by)]
        if not fitting:
            raise NotNow(f"no case waits for message {name!r} with these correlation keys.")
        if len(fitting) > 1:
            raise NotNow(
                f"{len(fitting)} cases wait for message {name!r} with these keys: name the one that it is for."
            )
        self.message(fitting[0], name, {**content, **keys}, by, key)
        return fitting[0]

    def _fits(self, number: str, name: str, payload: Any, by: f.Actor) -> bool:
        with self.store.read() as reader:
            _, case, states = self._load(reader, number)
            return waits_for(self._turn(reader, case, states, self.clock(), by), name, payload) is not None

    def _deliver_one(self, message: Taken, by: f.Actor) -> str | None:
        if message.payload is None:  # the case was erased: nothing is left to deliver
            return None
        try:
            match message.kind:
                case "letter":
                    self.file_letter(message.case.removeprefix("case/"), message.payload["document"], by)
                case "message" | "signal":
                    self._pass_on(message, message.payload, by)
                case _:
                    return f"no way is known to deliver {message.kind}"
        except (Undeliverable, PressFailed) as error:
            return str(error)
        except CommandRefused as error:
            return error.code
        return None

    def _pass_on(self, message: Taken, payload: Mapping[str, Any], by: f.Actor) -> None:
        """A signal goes to every other case that waits for it, a message to the first whose keys fit."""
        with self.store.read() as reader:
            rows = reader.rows("subscribers_by_name", kind=message.kind, name=payload["name"])
        cases = [str(row["case"]).removeprefix("case/") for row in rows if row["case"] != message.case]
        content = to_python(decode(payload["payload"]))
        values = content if isinstance(content, dict) else {}
        delivered = False
        for case in dict.fromkeys(cases):
            try:
                send = self.message if message.kind == "message" else self.signal
                send(case, payload["name"], values, by, message.key)
                delivered = True
            except CommandRefused:
                continue
            if message.kind == "message":
                return
        if message.kind == "message" and not delivered:
            raise Undeliverable("no case waits for this message")

"""Use cases on rows of files from elsewhere: each row once, to the case of its household or to a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schuldhulp.engine.case import commands
from schuldhulp.engine.case.errors import CommandRefused
from schuldhulp.engine.case.projecting import stream_of
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.handle.base import MAX_RACES, TooBusy, next_number
from schuldhulp.engine.handle.cases import CaseCommands
from schuldhulp.engine.handle.looking import Looking
from schuldhulp.engine.history import links
from schuldhulp.engine.history.errors import LostRace
from schuldhulp.engine.history.store import Log
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.case import Case

HOUSEHOLD, ROW = "household", "row of a file"


class TakenBefore(CommandRefused):
    """This row of this file is in already."""

    code = "taken-before"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a row. `how`: opened | added | before."""

    case: str
    how: str


class TakingIn(CaseCommands, Looking):
    """A row and its mark are written in one transaction, so that a file may be taken in again after a failure."""

    def rehearse_open(self, module: str, data: Mapping[str, Any], by: f.Actor) -> None:
        """Open a case in thought: every check of the module, and nothing is kept. Raises CommandRefused."""
        with self.store.read() as reader:
            turn = self._turn(reader, Case(), {}, self.clock(), by)
            turn.record(self._given("open_case", by))
            commands.open_case(turn, "0000-000000", module, data)

    def take_in(
        self,
        row: str,
        household: str,
        module: str,
        data: Mapping[str, Any],
        message: str,
        payload: Mapping[str, Any],
        by: f.Actor,
    ) -> Taken:
        """A row that stands for something about a household: *message* with *payload* to its case in which *module* waits for
        that, else a new case with *module* and *data*. *row* and *household* are kept as blind keys.

        Raises CommandRefused.
        """
        for _ in range(MAX_RACES):
            with self.store.read() as reader:
                before = links.find(reader, ROW, row)
                cases = [stream.removeprefix("case/") for stream in links.find(reader, HOUSEHOLD, household)]
            if before:
                return Taken(before[0].removeprefix("case/"), "before")
            waiting = next((number for number in cases if self._waits(number, message)), None)
            try:
                if waiting is not None:
                    return self._add(waiting, row, message, payload, by)
                return self._open(row, household, cases, module, data, by)
            except (LostRace, TakenBefore):
                continue
        raise TooBusy("others took in the same file each time. Try again.")

    def _waits(self, number: str, message: str) -> bool:
        case = self.case(number)
        names = {
            wait[1] for instance in case.instances.values() if instance.running for wait in instance.waits.values()
        }
        return case.status == "open" and message in names

    def _add(self, number: str, row: str, message: str, payload: Mapping[str, Any], by: f.Actor) -> Taken:
        keys: list[str] = []

        def mark(log: Log) -> None:
            if links.find(log, ROW, row):
                raise TakenBefore("this row was taken in before.")
            keys[:] = [links.put(log, ROW, row, stream_of(number))]

        self._command(
            number, "message", by, lambda turn: commands.message(turn, message, payload, f"row/{keys[0]}"), first=mark
        )
        return Taken(number, "added")

    def _open(
        self, row: str, household: str, known: list[str], module: str, data: Mapping[str, Any], by: f.Actor
    ) -> Taken:
        with self.store.begin() as log:
            if links.find(log, ROW, row) or len(links.find(log, HOUSEHOLD, household)) != len(known):
                raise TakenBefore("another took in this row, or one of the same household.")
            number = next_number(log, self.clock())
            turn: Turn = self._turn(log, Case(), {}, self.clock(), by)
            turn.record(self._given("open_case", by))
            value = commands.open_case(turn, number, module, data)
            self._keep(log, 0, turn, value)
            links.put(log, ROW, row, stream_of(number))
            links.put(log, HOUSEHOLD, household, stream_of(number))
        return Taken(number, "opened")

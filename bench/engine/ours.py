"""Our executor on one file: `python ours.py FILE ROW`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from meter import measure, report
from models import TURNS

from schuldhulp.engine.bpmn.read import read
from schuldhulp.engine.bpmn.run import EMPTY, State, dumps, is_ended, loads, open_work, step
from schuldhulp.engine.bpmn.run.contract import Purpose, Question, Start, Stimulus, WorkDone
from schuldhulp.engine.bpmn.run.state import Work

_SAVED = msgspec.json.Decoder(list[tuple[str, msgspec.Raw]])
AT = datetime(2026, 1, 1, tzinfo=UTC)


class Bench:
    """Saved state: the token state of each open instance, caller first."""

    def __init__(self, path: Path) -> None:
        model, findings = read(path.read_bytes(), file=path.name)
        assert model is not None, findings
        self.graphs = model.graphs
        self.turns = 0

    def answer(self, question: Question) -> object:
        if question.purpose is Purpose.COUNT:
            return int(question.expression.text)
        return self.turns < TURNS

    def step(self, process: str, state: State, stimulus: Stimulus) -> State:
        return step(self.graphs[process], state, stimulus, AT, self.answer).state

    def start(self) -> bytes:
        return self.save(self.called([("p", self.step("p", EMPTY, Start()))]))

    def called(self, stack: list[tuple[str, State]]) -> list[tuple[str, State]]:
        """Start the called process of an open call activity."""
        process, state = stack[-1]
        work = open_work(state)[:1] if len(state.records) < 8 else ()
        if work and self.graphs[process].nodes[work[0].element].kind == "callActivity":
            stack.append(("q", self.step("q", EMPTY, Start())))
        return stack

    def once(self, saved: bytes) -> bytes | None:
        stack = [(name, loads(bytes(state))) for name, state in _SAVED.decode(saved)]
        process, state = stack.pop()
        self.turns += 1
        work = next(ident for ident, record in state.records.items() if self.can_be_done(state, record))
        state = self.step(process, state, WorkDone(work))
        while is_ended(state) and stack:
            process, caller = stack.pop()
            state = self.step(process, caller, WorkDone(open_work(caller)[0].id))
        if is_ended(state) or (len(state.records) < 8 and [each.element for each in open_work(state)] == ["waits"]):
            return None
        return self.save(self.called([*stack, (process, state)]))

    def can_be_done(self, state: State, record: object) -> bool:
        """Work of any task but the one that waits; the first found will do."""
        return isinstance(record, Work) and state.records.get(record.owner).node != "waits"  # type: ignore[union-attr]

    def save(self, stack: list[tuple[str, State]]) -> bytes:
        return msgspec.json.encode([(name, msgspec.Raw(dumps(state))) for name, state in stack])


bench = Bench(Path(sys.argv[1]))
report(measure(bench.start, bench.once))

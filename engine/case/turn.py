"""A turn: the case as it becomes while one command is being decided, and the facts that make it so.

Facts are applied as they are recorded, so what is decided next sees them. Nothing here is shared or stored: an exception
throws the whole turn away.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from schuldhulp.engine.bpmn.run import State
from schuldhulp.engine.bpmn.run.contract import Stimulus
from schuldhulp.engine.case.budget import Budget
from schuldhulp.engine.case.errors import ClockWentBack
from schuldhulp.engine.case.world import World
from schuldhulp.engine.definitions.deployment import Deployment
from schuldhulp.engine.model.apply import apply
from schuldhulp.engine.model.case import Case
from schuldhulp.engine.model.facts import Fact
from schuldhulp.engine.model.rows import JobChange, OutboxMessage
from schuldhulp.rules.feel import Value

StateOf = dict[int, State]
"""Token state of each running instance."""


def job_key(stream: str, instance: int, work: int) -> str:
    """The key of external work in the outbox."""
    return f"{stream}/external/{instance}/{work}"


@dataclass
class Turn:
    case: Case
    states: StateOf
    world: World
    trail: list[tuple[Case, Case, Fact]] = field(default_factory=list)
    """Each fact with the case before and after it, in order."""
    outgoing: list[OutboxMessage] = field(default_factory=list)
    pending: deque[tuple[int, Stimulus]] = field(default_factory=deque)
    """Stimuli that instances of this case still have to take, in order."""

    local: dict[tuple[int | None, str | None], dict[str, Value]] = field(default_factory=dict)
    """(instance, element) -> answers with scope local and who completes it, while that element is being left."""
    stimulus: Stimulus | None = None
    """What the executor is taking now."""
    budget: Budget = field(default_factory=Budget)
    """What this command may still do."""
    jobs: list[JobChange] = field(default_factory=list)
    """What becomes of external tasks in the outbox, in the same transaction."""

    def __post_init__(self) -> None:
        if self.case.at is not None and self.world.now < self.case.at:
            raise ClockWentBack(self.world.now, self.case.at)

    def record(self, fact: Fact) -> None:
        """*fact* happens now."""
        before = self.case
        self.case = apply(before, fact, self.world.now)
        self.trail.append((before, self.case, fact))

    @property
    def facts(self) -> list[Fact]:
        return [fact for _, _, fact in self.trail]

    def post(self, kind: str, key: str, payload: dict[str, Any]) -> None:
        """Something leaves the case after commit; *key* (within the case) makes it harmless when it is done twice."""
        stream = f"case/{self.case.number}"
        self.outgoing.append(OutboxMessage(case=stream, kind=kind, key=f"{stream}/{key}", payload=payload))

    def post_job(self, instance: int, work: int, topic: str, payload: dict[str, Any]) -> None:
        """External work is put out for whoever asks for its topic."""
        stream = f"case/{self.case.number}"
        self.outgoing.append(
            OutboxMessage(
                case=stream,
                kind="external_task",
                key=job_key(stream, instance, work),
                payload=payload,
                topic=topic,
                instance=instance,
                work=work,
            )
        )

    def change_job(self, instance: int, work: int, to: str) -> None:
        """An external task is done (or called off), failed (given up) or waiting (again)."""
        stream = f"case/{self.case.number}"
        self.jobs.append(JobChange(stream, job_key(stream, instance, work), to))

    def deployment_of(self, instance: int | None) -> Deployment:
        """The definitions an instance is pinned to; for the case itself those of today."""
        if instance is None or instance not in self.case.instances:
            return self.world.deployment
        return self.world.pinned(self.case.instances[instance].deployment)

"""External tasks over HTTP: fetch and lock, complete, failure, BPMN error, extend, unlock.

A task's id is its case, instance and work, with dots. Locks are kept per account, so that two programs that call their worker
the same do not answer for each other. Work of a topic that a token is not for does not exist for it.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import anyio
import anyio.to_thread
from fastapi import APIRouter
from starlette.responses import Response

from schuldhulp.engine.handle import Caller, Engine, OutOfScope
from schuldhulp.engine.handle.jobs import LONGEST_LOCK, MOST, Answer, Job
from schuldhulp.engine.model.facts import Actor
from schuldhulp.web.api.bodies import Raw, Shape, described, parsed
from schuldhulp.web.api.callers import AnEngine, Anybody
from schuldhulp.web.api.failures import ApiError
from schuldhulp.web.api.values import Variable, encoded, moment, out, taken

router = APIRouter(prefix="/external-task", tags=["external tasks"])
LONGEST_POLL = 30.0
"""Seconds that a request may wait for work; a client that wants to wait longer asks again."""
STEP = 0.5


class Topic(Shape, frozen=True):
    """`variables`: names of those wanted; all when left out. Times in milliseconds."""

    topic_name: str
    lock_duration: int
    variables: list[str] | None = None


class Fetch(Shape, frozen=True):
    worker_id: str
    max_tasks: int
    topics: list[Topic]
    async_response_timeout: int = 0


class Complete(Shape, frozen=True):
    worker_id: str
    variables: dict[str, Variable] | None = None
    local_variables: dict[str, Variable] | None = None


class Failure(Shape, frozen=True):
    worker_id: str
    error_message: str = ""
    error_details: str = ""
    retries: int = 0
    retry_timeout: int = 0


class BpmnError(Shape, frozen=True):
    worker_id: str
    error_code: str
    error_message: str = ""
    variables: dict[str, Variable] | None = None


class Extend(Shape, frozen=True):
    worker_id: str
    new_duration: int


@router.post("/fetchAndLock", summary="Take work of topics, for this worker alone", openapi_extra=described(Fetch))
async def fetch_and_lock(caller: Anybody, engine: AnEngine, data: Raw) -> Response:
    """With `asyncResponseTimeout` the answer waits, at most 30 seconds, until there is work."""
    asked = parsed(data, Fetch)
    _worker(asked.worker_id)
    if not 0 < asked.max_tasks <= MOST:
        raise ApiError(400, "InvalidRequestException", f"maxTasks must be 1 to {MOST}.")
    for topic in asked.topics:
        caller.actor("jobs", topic.topic_name)
        if not 0 < topic.lock_duration <= LONGEST_LOCK * 1000:
            raise ApiError(
                400, "InvalidRequestException", f"lockDuration must be 1 to {LONGEST_LOCK * 1000} milliseconds."
            )
    until = time.monotonic() + min(asked.async_response_timeout / 1000, LONGEST_POLL)
    while True:
        found = await anyio.to_thread.run_sync(_taken, engine, caller, asked)
        if found or time.monotonic() + STEP > until:
            return _json(found)
        await anyio.sleep(STEP)


def _taken(engine: Engine, caller: Caller, asked: Fetch) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for topic in asked.topics:
        left = asked.max_tasks - len(found)
        if left:
            seconds = max(1, topic.lock_duration // 1000)
            jobs = engine.fetch_and_lock(
                [topic.topic_name], _name(caller, asked.worker_id), limit=left, lock_seconds=seconds
            )
            for job in jobs:
                engine.record_read(job.case, caller.actor("jobs", job.topic), f"extern werk: {job.topic}")
            found += [_task(job, asked.worker_id, topic.variables) for job in jobs]
    return found


@router.post("/{task}/complete", status_code=204, summary="The work is done", openapi_extra=described(Complete))
def complete(caller: Anybody, engine: AnEngine, data: Raw, task: str) -> Response:
    asked = parsed(data, Complete)
    at, by = _mine(engine, caller, task)
    if asked.local_variables:
        raise ApiError(400, "InvalidRequestException", "localVariables are not taken; send variables.")
    values = _values(engine, at, asked.variables)
    return _said(engine.complete_external(*at, _name(caller, asked.worker_id), values, by), task)


@router.post("/{task}/failure", status_code=204, summary="The work failed", openapi_extra=described(Failure))
def failure(caller: Anybody, engine: AnEngine, data: Raw, task: str) -> Response:
    """Again after `retryTimeout`, `retries` times more; at 0 it is an incident."""
    asked = parsed(data, Failure)
    at, by = _mine(engine, caller, task)
    if asked.retries < 0 or not 0 <= asked.retry_timeout < 400 * 24 * 3600 * 1000:
        raise ApiError(400, "InvalidRequestException", "retries and retryTimeout must be 0 or more.")
    text = "\n".join(part for part in (asked.error_message, asked.error_details) if part) or "no message"
    after = timedelta(milliseconds=asked.retry_timeout)
    worker = _name(caller, asked.worker_id)
    return _said(engine.fail_external(*at, worker, text[:10_000], by, retries=asked.retries, retry_after=after), task)


@router.post(
    "/{task}/bpmnError", status_code=204, summary="The work ended in a BPMN error", openapi_extra=described(BpmnError)
)
def bpmn_error(caller: Anybody, engine: AnEngine, data: Raw, task: str) -> Response:
    asked = parsed(data, BpmnError)
    at, by = _mine(engine, caller, task)
    values = _values(engine, at, asked.variables)
    return _said(engine.bpmn_error(*at, _name(caller, asked.worker_id), asked.error_code, values, by), task)


@router.post("/{task}/extendLock", status_code=204, summary="The worker needs longer", openapi_extra=described(Extend))
def extend_lock(caller: Anybody, engine: AnEngine, data: Raw, task: str) -> Response:
    asked = parsed(data, Extend)
    at, _ = _mine(engine, caller, task)
    return _said(engine.extend_lock(*at, _name(caller, asked.worker_id), max(1, asked.new_duration // 1000)), task)


@router.post("/{task}/unlock", status_code=204, summary="Give the work back undone")
def unlock(caller: Anybody, engine: AnEngine, task: str) -> Response:
    """As in Camunda without the worker's name: of any worker of this account."""
    at, _ = _mine(engine, caller, task)
    found = engine.job_at(*at)
    holder = None if found is None else found[1]
    if holder is None or not holder.startswith(_name(caller, "")):
        return _said(Answer("it is not locked by a worker of this account."), task)
    return _said(engine.unlock(*at, holder), task)


def _mine(engine: Engine, caller: Caller, task: str) -> tuple[tuple[str, int, int], Actor]:
    """Case, instance and work of a task of a topic that the token is for; and who acts. Raises ApiError."""
    case, instance, work = ([*task.split("."), "", "", ""])[:3]
    if instance.isdecimal() and work.isdecimal() and len(instance) < 10 and len(work) < 10:
        at = case, int(instance), int(work)
        found = engine.job_at(*at)
        if found is not None:
            try:
                return at, caller.actor("jobs", found[0])
            except OutOfScope:
                pass
    raise ApiError(404, "NotFoundException", f"External task with id {task[:60]} does not exist, or is over.")


def _worker(name: str) -> None:
    if not 0 < len(name.strip()) <= 200:
        raise ApiError(400, "InvalidRequestException", "workerId must be a name of at most 200 characters.")


def _name(caller: Caller, worker: str) -> str:
    return f"{caller.account}:{worker}"


def _values(engine: Engine, at: tuple[str, int, int], variables: dict[str, Variable] | None) -> dict[str, Any]:
    running = engine.case(at[0]).instances.get(at[1])
    dictionary = engine.deployment(running.deployment).dictionary if running is not None else None
    return taken(variables or {}, dictionary)


def _said(answer: Answer, task: str) -> Response:
    if not answer.taken:
        raise ApiError(400, "BadUserRequestException", f"External task {task} was not changed: {answer.late}")
    return Response(status_code=204)


def _json(value: Any) -> Response:
    return Response(encoded(value), media_type="application/json")


def _task(job: Job, worker: str, wanted: list[str] | None) -> dict[str, Any]:
    instance = f"{job.case}.{job.instance}"
    variables = {name: value for name, value in job.variables.items() if wanted is None or name in wanted}
    return {
        "id": f"{instance}.{job.work}",
        "topicName": job.topic,
        "workerId": worker,
        "lockExpirationTime": moment(job.locked_until),
        "activityId": job.element,
        "activityInstanceId": f"{job.element}:{instance}.{job.work}",
        "executionId": instance,
        "processInstanceId": instance,
        "processDefinitionId": job.process,
        "processDefinitionKey": job.process,
        "businessKey": job.case,
        "retries": job.retries,
        "priority": 0,
        "tenantId": None,
        "errorMessage": None,
        "variables": out(variables),
    }

"""Work that a process asks for: tasks for people, scripts, decisions, letters, calls and handovers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from schuldhulp.engine.bpmn.graph import Expression, Graph, Kind, Node, Trigger
from schuldhulp.engine.bpmn.run import contract as run
from schuldhulp.engine.case import letters, terms
from schuldhulp.engine.case.budget import MAX_INSTANCES
from schuldhulp.engine.case.data import assign, record_data
from schuldhulp.engine.case.decision_results import as_mapped
from schuldhulp.engine.case.decisions import take_decision
from schuldhulp.engine.case.errors import ExpressionFailed, ModelFailed, NotNow
from schuldhulp.engine.case.evaluate import holds, moment_of, scope_of, value_of, whole_of
from schuldhulp.engine.case.roles import as_person
from schuldhulp.engine.case.scope import Scope
from schuldhulp.engine.case.seals import seal_of
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.case.values import decode, encode
from schuldhulp.engine.model import facts as f
from schuldhulp.rules.dmn import required_inputs
from schuldhulp.rules.feel import Value


def begin(turn: Turn, instance: int, node: Node, created: run.WorkCreated) -> None:
    """See to work that the executor created."""
    extra = {name: decode(value) for name, value in created.locals.items()}
    _BEGIN[Kind(created.kind)](turn, instance, node, created, extra)


def done(turn: Turn, instance: int, work: int) -> None:
    turn.pending.append((instance, run.WorkDone(work=work)))


def tell_others(turn: Turn, instance: int) -> None:
    """Data changed in *instance*: the processes of this case that wait for a condition look again, for they share the file."""
    for other in turn.case.instances:
        if other != instance and _waits_for_data(turn.deployment_of(other).graph(turn.case.instances[other].process)):
            turn.pending.append((other, run.DataChanged()))


def _waits_for_data(graph: Graph) -> bool:
    return any(each.trigger is Trigger.CONDITIONAL for node in graph.nodes.values() for each in node.definitions)


def _pass(turn: Turn, instance: int, node: Node, created: run.WorkCreated, extra: Mapping[str, Value]) -> None:
    """An abstract task has nothing to do (BPMN 2.0.2 section 13.3.3)."""
    done(turn, instance, created.work)


def _user(turn: Turn, instance: int, node: Node, created: run.WorkCreated, extra: Mapping[str, Value]) -> None:
    for mapping in node.inputs:
        if mapping.target and mapping.source:
            value = value_of(turn, instance, node.id, mapping.source.text, extra)
            assign(turn, instance, mapping.target, value, "assignment")
    assignee = _assignee(turn, instance, node, extra)
    priority = _whole(turn, instance, node, node.priority, extra)
    turn.record(
        f.TaskOpened(
            task=turn.case.next("task"),
            kind="user",
            instance=instance,
            work=created.work,
            element=node.id,
            name=node.name or node.id,
            roles=offered_to(turn, instance, node),
            form=node.form,
            index=created.index,
            target=None if node.due is None else moment_of(turn, instance, node.id, node.due.text, extra),
            follow_up=None
            if node.follow_up is None
            else moment_of(turn, instance, node.id, node.follow_up.text, extra),
            priority=50 if priority is None else priority,
            term=_term_of(turn, node),
            assignee=assignee,
            personal={seal_of(turn, instance): {"locals": dict(created.locals)}} if created.locals else {},
        )
    )


def roles_of(node: Node) -> tuple[str, ...]:
    """Whom a step is for: its candidate groups (a call or send task: `pick.roles`), else its lane."""
    picking = tuple(role.strip() for role in (node.property("pick.roles") or "").split(",") if role.strip())
    return node.candidate_groups or picking or ((node.lane,) if node.lane else ())


def offered_to(turn: Turn, instance: int, node: Node) -> tuple[str, ...]:
    """Roles and people (`account:7`) who may take a task. Raises ExpressionFailed for a login that nobody has."""
    found = list(roles_of(node))
    for login in node.candidate_users:
        account = turn.world.account_of(login)
        if account is None:
            raise ExpressionFailed(node.id, login, f"there is no active account {login!r}.", instance)
        found.append(as_person(account))
    return tuple(dict.fromkeys(found))


def _assignee(turn: Turn, instance: int, node: Node, extra: Mapping[str, Value]) -> int | None:
    """The account that `camunda:assignee` names, by number or by login. Raises ExpressionFailed when nobody has it."""
    if node.assignee is None:
        return None
    value = value_of(turn, instance, node.id, node.assignee.text, extra)
    if not isinstance(value, str):
        return None if value is None else whole_of(node.id, node.assignee.text, value)
    account = turn.world.account_of(value)
    if account is None:
        raise ExpressionFailed(node.id, node.assignee.text, f"there is no active account {value!r}.", instance)
    return account


def _whole(turn: Turn, instance: int, node: Node, text: Expression | None, extra: Mapping[str, Value]) -> int | None:
    if text is None:
        return None
    value = value_of(turn, instance, node.id, text.text, extra)
    return None if value is None else whole_of(node.id, text.text, value)


def _term_of(turn: Turn, node: Node) -> int | None:
    """The running term that `term.due` names: the one that ends first."""
    rules = node.all_properties("term.due")
    running = [term for term in turn.case.terms.values() if term.rule in rules]
    return min(running, key=lambda term: (term.ends, term.term)).term if running else None


def _script(turn: Turn, instance: int, node: Node, created: run.WorkCreated, extra: Mapping[str, Value]) -> None:
    for name, text in assignments(node):
        assign(turn, instance, name, value_of(turn, instance, node.id, text, extra), "assignment")
    turn.pending.append((instance, run.DataChanged()))
    done(turn, instance, created.work)
    tell_others(turn, instance)


def assignments(node: Node) -> list[tuple[str, str]]:
    """The lines `name = expression` of a script; a line that is indented or empty goes on with the one before."""
    if node.script is None:
        return []
    found: list[tuple[str, str]] = []
    for line in node.script.text.splitlines():
        name, equals, text = line.partition("=")
        if line.strip() and not line[:1].isspace() and equals and name.strip().replace("_", "a").isalnum():
            found.append((name.strip(), text.strip()))
        elif line.strip():
            if not found:
                raise ExpressionFailed(node.id, line, "a script line must be `name = expression`.")
            found[-1] = (found[-1][0], f"{found[-1][1]}\n{line}")
    return found


def _rule(turn: Turn, instance: int, node: Node, created: run.WorkCreated, extra: Mapping[str, Value]) -> None:
    """Inputs: the node's mappings, which the executor has worked out as locals, else by name from the scope."""
    if node.decision is None:
        raise ExpressionFailed(node.id, node.id, "the business rule task names no decision.")
    decision = node.decision.decision
    scope = scope_of(turn, instance, extra, node.id)
    mapped = {m.target: extra[m.target] for m in node.inputs if m.target and m.target in extra}
    inputs = decision_inputs(turn, instance, decision, scope, mapped)
    decided = take_decision(turn, instance, node.id, decision, inputs)
    model = turn.deployment_of(instance).decision(decision)
    outputs = as_mapped(model, decision, node.decision.map_result, decided, node.id)
    assign(turn, instance, node.decision.result_variable or decision, outputs, "decision")
    map_outputs(turn, instance, node, extra)
    turn.pending.append((instance, run.DataChanged()))
    done(turn, instance, created.work)
    tell_others(turn, instance)


def map_outputs(turn: Turn, instance: int, node: Node, extra: Mapping[str, Value]) -> None:
    """Output parameters of a task, decision or call, in order: each FEEL value goes to a dictionary key or a variable.
    (Those of other activities the executor asks for.)"""
    for mapping in node.outputs:
        if mapping.target and mapping.source:
            value = value_of(turn, instance, node.id, mapping.source.text, extra)
            assign(turn, instance, mapping.target, value, "assignment")


def decision_inputs(
    turn: Turn, instance: int | None, decision: str, scope: Scope, given: Mapping[str, Value]
) -> dict[str, Value]:
    """What a decision needs, from *given* first and then from *scope*; names that are nowhere are left out."""
    model = turn.deployment_of(instance).decision(decision)
    found: dict[str, Value] = {}
    for needed in required_inputs(model, decision):
        if needed.name in given:
            found[needed.name] = given[needed.name]
        elif needed.name in scope:
            found[needed.name] = scope[needed.name]
    return found


def _send(turn: Turn, instance: int, node: Node, created: run.WorkCreated, extra: Mapping[str, Value]) -> None:
    if extra:  # the letters of a multi-instance step are about its item
        turn.local[(instance, node.id)] = {**turn.local.get((instance, node.id), {}), **extra}
    for letter in letters_of(turn, instance, node):
        letters.send(turn, letters.make(turn, instance, node.id, letter), None)
    for module in node.all_properties("handover"):
        if module.startswith("="):
            module = str(value_of(turn, instance, node.id, module[1:], extra))
        hand_over(
            turn, instance, module, {m.target: extra[m.target] for m in node.inputs if m.target and m.target in extra}
        )
    if node.message is not None and node.message.name is not None:
        payload = None
        if node.message.payload is not None:
            payload = encode(value_of(turn, instance, node.id, node.message.payload.text, extra))
        turn.record(f.MessageSent(instance=instance, element=node.id, kind="message", name=node.message.name))
        if not deliver(turn, node.message.name, payload, but=instance):
            message = {"name": node.message.name, "payload": payload, "from": turn.case.number}
            turn.post("message", f"message/{turn.case.sequence}", message)
    if node.outputs:
        map_outputs(turn, instance, node, extra)
        turn.pending.append((instance, run.DataChanged()))
    done(turn, instance, created.work)


def letters_of(turn: Turn, instance: int | None, node: Node) -> list[str]:
    """Keys of the letters of a step: its `letter` properties, KEY or KEY when FEEL."""
    found = []
    for value in node.all_properties("letter"):
        key, _, condition = (part.strip() for part in value.partition(" when "))
        if not condition or holds(turn, instance, node.id, condition):
            found.append(key)
    return found


def deliver(turn: Turn, name: str, payload: Any, *, but: int | None = None) -> bool:
    """Give a message to the first place in this case that waits for it; True when one did."""
    found = waits_for(turn, name, payload, but=but)
    if found is None:
        return False
    instance, subscription = found
    turn.pending.append((instance, run.MessageArrived(subscription=subscription, payload=payload)))
    return True


def waits_for(turn: Turn, name: str, payload: Any, *, but: int | None = None) -> tuple[int, int] | None:
    """The first place in the case that waits for a message: instance and subscription. *payload* in storage form."""
    for other in turn.case.instances.values():
        if other.instance == but:
            continue
        held = {each.get("subscription") for each in other.held}  # of a suspended instance: it has its message already
        for subscription, (kind, waited, element, keys) in other.waits.items():
            if kind != "message" or waited != name or subscription in held:
                continue
            if not keys or _matches(keys, payload, _paths(turn, other.instance, element, name)):
                return other.instance, subscription
    return None


def _paths(turn: Turn, instance: int, element: str, message: str) -> dict[str, str]:
    """Correlation key -> the field of the message that holds it (`messagePath`)."""
    graph = turn.deployment_of(instance).graph(turn.case.instances[instance].process)
    node = graph.nodes[element]
    waited = (*node.definitions, *((node.message,) if node.message is not None else ()))
    return {key.name: key.from_message.text for one in waited if one.name == message for key in one.keys}


def _matches(keys: Mapping[str, Any], payload: Any, paths: Mapping[str, str]) -> bool:
    return all(_field(payload, paths.get(key, key)) == value for key, value in keys.items())


def _field(payload: Any, path: str) -> Any:
    """What stands in a field of a message, in storage form; "a.b" is a field of a field."""
    for name in path.split("."):
        payload = payload["v"].get(name.strip()) if isinstance(payload, dict) and payload.get("$") == "c" else None
    return payload


def _service(turn: Turn, instance: int, node: Node, created: run.WorkCreated, extra: Mapping[str, Value]) -> None:
    """External work leaves after commit; the worker's answer comes back as a command."""
    if node.topic is None:
        raise ExpressionFailed(node.id, node.id, 'a service task needs camunda:type="external" and a topic.')
    inputs = {
        m.target: value_of(turn, instance, node.id, m.source.text, extra) for m in node.inputs if m.target and m.source
    }
    payload = {
        "topic": node.topic,
        "instance": instance,
        "work": created.work,
        "element": node.id,
        "process": turn.case.instances[instance].process,
        "variables": encode(inputs),
    }
    turn.post_job(instance, created.work, node.topic, payload)


def _call(turn: Turn, instance: int, node: Node, created: run.WorkCreated, extra: Mapping[str, Value]) -> None:
    """A called process starts in the same command and is waited for; a module that is not here becomes a referral."""
    called = node.called.text if node.called is not None else ""
    deployment = turn.deployment_of(instance)
    if called not in deployment.graphs or called in turn.world.deployment.organisation.off:
        refer(turn, instance, called, created.work)
        return
    inputs = {
        m.target: value_of(turn, instance, node.id, m.source.text, extra) for m in node.inputs if m.target and m.source
    }
    graph = deployment.graph(called)
    same_file = graph.file == deployment.graph(turn.case.instances[instance].process).file
    start_instance(
        turn,
        graph,
        deployment_id=turn.case.instances[instance].deployment,
        how="called",
        shares=instance if same_file else None,
        caller=(instance, created.work),
        origin=instance,
        inputs=inputs,
    )


def hand_over(turn: Turn, instance: int, module: str, inputs: Mapping[str, Value]) -> None:
    """Start a module with *inputs* and do not wait; it takes the deployment of today."""
    graph = turn.world.deployment.modules.get(module)
    number = None if graph is None else turn.case.next("instance")
    turn.record(f.HandedOver(instance=instance, module=module, to=number))
    if graph is None:
        refer(turn, instance, module, None)
    else:
        today = turn.world.deployment.id
        start_instance(turn, graph, deployment_id=today, how="handover", origin=instance, inputs=inputs)


def refer(turn: Turn, instance: int, module: str, work: int | None) -> None:
    """A module that is switched off or not deployed: a person refers the client elsewhere."""
    role = turn.case.instances[instance].module
    turn.record(
        f.TaskOpened(
            task=turn.case.next("task"),
            kind="referral",
            instance=instance,
            work=work,
            element=None,
            name=f"Verwijzen: {module}",
            roles=_referrers(turn, instance) or (role,),
        )
    )


def _referrers(turn: Turn, instance: int) -> tuple[str, ...]:
    graph = turn.deployment_of(instance).graph(turn.case.instances[instance].process)
    roles = [value for name, value, _ in graph.properties if name in ("referral.roles", "start.roles")]
    return tuple(role.strip() for role in roles[0].split(",")) if roles else ()


def start_instance(
    turn: Turn,
    graph: Graph,
    *,
    deployment_id: str,
    how: str,
    caller: tuple[int, int] | None = None,
    shares: int | None = None,
    origin: int | None = None,
    node: str | None = None,
    payload: Any = None,
    given: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Value] | None = None,
) -> int:
    """A new instance of a process; its first step is pending. *given*: answers of the start form that live in the instance;
    *inputs*: what a call or handover passes on, by key of the dictionary or variable; preconditions and terms of the module
    see both."""
    number = turn.case.next("instance")
    if len(turn.case.instances) >= MAX_INSTANCES:
        raise ModelFailed(
            graph.process,
            f"{graph.process}: more than {MAX_INSTANCES:,} processes of this case run at once. Look for one that calls itself.",
            origin,
        )
    turn.record(
        f.InstanceStarted(
            instance=number,
            module=turn.case.instances[shares].module if shares is not None else graph.process,
            process=graph.process,
            deployment=deployment_id,
            how=how,
            caller=caller,
            origin=origin,
            origin_module=turn.case.instances[origin].module if origin is not None else None,
            shares=shares,
        )
    )
    if given:
        record_data(turn, number, given, "form")
    for name, value in (inputs or {}).items():
        assign(turn, number, name, value, "assignment")
    _look_at_preconditions(turn, number, graph)
    terms.bind(turn, number, graph.process, graph)
    turn.pending.append((number, run.Start(node=node, payload=payload)))
    return number


def _look_at_preconditions(turn: Turn, instance: int, graph: Graph) -> None:
    """A module whose `blok` does not hold does not start (NotNow); how the others stand is kept, and stops nothing."""
    for name, value, _ in graph.properties:
        if name != "precondition.start":
            continue
        requirement, level, text, sentence = split_precondition(value)
        if level == "blok":
            if not holds(turn, instance, graph.process, text):
                raise NotNow(f"{requirement}: {sentence}")
            continue
        noted: bool | None
        try:
            noted = holds(turn, instance, graph.process, text)
        except ExpressionFailed:  # what the organisation should have arranged is no reason to leave a client waiting
            noted = None
        turn.record(
            f.RegisterNoted(instance=instance, requirement=requirement, level=level, holds=noted, sentence=sentence)
        )


def split_precondition(value: str) -> tuple[str, str, str, str]:
    """Requirement, level (blok, waarschuw or register), FEEL and Dutch sentence. Raises ValueError when it is none."""
    parts = [part.strip() for part in value.split("|")]
    if len(parts) != 4 or parts[1] not in ("blok", "waarschuw", "register"):
        raise ValueError(f"{value!r} is not ID | blok, waarschuw or register | FEEL | sentence")
    return parts[0], parts[1], parts[2], parts[3]


_Begin = Callable[[Turn, int, Node, run.WorkCreated, Mapping[str, Value]], None]
_BEGIN: dict[Kind, _Begin] = {
    Kind.TASK: _pass,
    Kind.USER: _user,
    Kind.MANUAL: _user,
    Kind.SCRIPT: _script,
    Kind.RULE: _rule,
    Kind.SEND: _send,
    Kind.SERVICE: _service,
    Kind.CALL: _call,
}

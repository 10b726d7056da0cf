"""A second reader, straight from the XML and the words of graph.py, sharing nothing with the first.

Where both readers give the same graph, a slip in one of them would have to be in the other too. It reads legal models
only: what is broken is left to the first reader's findings.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from schuldhulp.engine.bpmn import graph as g
from tests.engine.bpmn.second_tree import MODEL, El, tree

GLOBAL = {"globalTask": "task", "globalUserTask": "userTask", "globalManualTask": "manualTask",
          "globalScriptTask": "scriptTask", "globalBusinessRuleTask": "businessRuleTask"}  # fmt: skip
INNER = ("subProcess", "transaction", "adHocSubProcess")
KINDS = {kind.value: kind for kind in g.Kind}


def qname(text: str | None) -> str | None:
    return (text or "").strip().split(":")[-1] or None


class Second:
    def __init__(self, data: bytes, file: str) -> None:
        self.data, self.file, self.root = data, file, tree(data, file)
        self.every = [el for el in self.root.walk() if el.uri == MODEL]
        self.by_id: dict[str, El] = {}
        for el in self.every:
            if el.attr.get("id"):
                self.by_id.setdefault(el.attr["id"], el)

    def named(self, *names: str) -> list[El]:
        return [el for el in self.every if el.name in names]

    def look(self, ref: str | None, *names: str) -> El | None:
        el = self.by_id.get(qname(ref) or "")
        return el if el is not None and (not names or el.name in names) else None

    def expr(self, el: El | None, language: str | None = None) -> g.Expression | None:
        if el is None or not el.text.strip() or el.text_at is None:
            return None
        text, (line, column) = el.text.strip(), el.text_at
        if text[0] == "=":
            gap = re.match(r"=\s*", text).group()  # type: ignore[union-attr]
            text = text[len(gap) :]
            column = column + len(gap) if "\n" not in gap else len(gap) - gap.rindex("\n")
            line += gap.count("\n")
        return g.Expression(text, g.Place(self.file, line, column), language or el.get("language") or None)

    def plain(self, text: str | None, el: El) -> g.Expression | None:
        text = re.sub(r"^=\s*", "", (text or "").strip())
        return g.Expression(text, el.at) if text else None

    # --- data

    def variable(self, el: El) -> str:
        if el.name == "dataObjectReference" and (whole := self.look(el.get("dataObjectRef"), "dataObject")) is not None:
            return self.variable(whole)
        if el.get("name"):
            return el.get("name")
        refs = [r for r in self.named("dataObjectReference") if qname(r.get("dataObjectRef")) == el.attr.get("id")]
        return next((r.get("name") for r in refs if r.get("name")), el.get("id"))

    def ref_variable(self, text: str | None) -> str | None:
        el = self.look(text)
        return None if el is None or el.attr.get("name") == "__targetRef_placeholder" else self.variable(el)

    def copies(self, association: El) -> list[g.DataMapping]:
        assignments = association.all("assignment")
        if assignments:
            ends = [(self.expr(a.one("to")), self.expr(a.one("from"))) for a in assignments]
            return [g.DataMapping(to.text, source) for to, source in ends if to is not None and source is not None]
        from_, to_ = association.one("sourceRef"), association.one("targetRef")
        source, target = (self.ref_variable(e.text) if e is not None else None for e in (from_, to_))
        changed = self.expr(association.one("transformation"))
        if target is None or (source is None and changed is None):
            return []
        return [g.DataMapping(target, changed or g.Expression(str(source), association.at))]

    def associated(self, el: El, name: str) -> tuple[g.DataMapping, ...]:
        return tuple(copy for association in el.all(name) for copy in self.copies(association))

    def through(self, el: El, name: str, near: str, far: str, ref: str) -> str:
        """The variable behind a loop data reference: what it is associated with, else itself."""
        for association in el.all(name):
            ends = association.one(near), association.one(far)
            if ends[0] is not None and ends[1] is not None and qname(ends[0].text) == qname(ref):
                return self.ref_variable(ends[1].text) or self.ref_variable(ref) or ref.strip()
        return self.ref_variable(ref) or ref.strip()

    def data_of(self, scope: El) -> tuple[g.DataObject, ...]:
        found = []
        for el in scope.all("dataObject", "dataObjectReference", "dataStoreReference", "property"):
            whole = self.look(el.get("dataObjectRef"), "dataObject") or el
            if el.get("id"):
                found.append(g.DataObject(el.attr["id"], self.variable(el), scope.attr.get("id", ""), el.at,
                                          whole.yes("isCollection"), whole.get("itemSubjectRef") or None))  # fmt: skip
        return tuple(found)

    # --- events

    def event_name(self, trigger: str, ref: str | None) -> str | None:
        el = self.look(ref, trigger)
        if el is None:
            return None
        code = el.attr.get(f"{trigger}Code") if trigger in ("error", "escalation") else None
        return code or el.attr.get("name") or el.attr.get("id")

    def message_ref(self, el: El) -> str | None:
        op = el.get("operationRef") or next((kid.text for kid in el.all("operationRef")), "")
        operation = self.look(op, "operation")
        message = operation.one("inMessageRef") if operation is not None else None
        return qname(message.text) if message is not None else None

    def correlation(self, message: str | None, el: El) -> tuple[g.CorrelationKey, ...]:
        around = el
        while around.name != "process" and around.up is not None:
            around = around.up
        bound: dict[str | None, g.Expression] = {}
        for sub in around.all("correlationSubscription") if around.name == "process" else ():
            for binding in sub.all("correlationPropertyBinding"):
                path = self.expr(next(iter(binding.all("dataPath", "formalExpression")), None))
                if path is not None:
                    bound.setdefault(qname(binding.get("correlationPropertyRef")), path)
        keys = []
        for prop in self.named("correlationProperty"):
            for retrieval in prop.all("correlationPropertyRetrievalExpression"):
                path = self.expr(next(iter(retrieval.all("messagePath", "formalExpression")), None))
                if message and path is not None and qname(retrieval.get("messageRef")) == message:
                    name = prop.get("name") or prop.attr.get("id", "")
                    mine = bound.get(prop.attr.get("id"), g.Expression(name, path.place))
                    keys.append(g.CorrelationKey(name, path, mine))
        return tuple(keys)

    def payload(self, definition: El, event: El) -> g.Expression | None:
        if event.name in ("endEvent", "intermediateThrowEvent", "sendTask", "event"):
            copies = self.associated(event, "dataInputAssociation")
            if copies:
                return copies[0].source
        entries = []
        for given in definition.ext("in"):
            source = given.attr.get("source") or re.sub(r"^=\s*", "", given.get("sourceExpression"))
            if given.attr.get("target") and source:
                entries.append(f'"{given.attr["target"]}": {source}')
        return g.Expression("{" + ", ".join(entries) + "}", definition.at) if entries else None

    def caught(self, event: El) -> str | None:
        if event.name not in ("startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"):
            return None
        return next((copy.target for copy in self.associated(event, "dataOutputAssociation")), None)

    def definition(self, el: El, given: str, event: El) -> g.EventDefinition:
        trigger = g.Trigger(el.name.removesuffix("EventDefinition"))
        ref = qname(el.get(f"{trigger}Ref")) if trigger.value in ("message", "signal", "error", "escalation") else None
        if trigger is g.Trigger.MESSAGE and ref is None:
            ref = self.message_ref(el)
        timer = (
            next(iter(el.all("timeDate", "timeDuration", "timeCycle")), None) if trigger is g.Trigger.TIMER else None
        )
        text = timer or (el.one("condition") if trigger is g.Trigger.CONDITIONAL else None)
        link = trigger is g.Trigger.LINK
        return g.EventDefinition(
            trigger, el.attr.get("id") or given, el.at,
            (el.attr.get("name") or event.get("name")).strip() or None if link else self.event_name(trigger.value, ref),
            ref, g.TimerKind(timer.name) if timer is not None else None, self.expr(text),
            qname(el.get("activityRef")) if trigger is g.Trigger.COMPENSATE else None, el.yes("waitForCompletion", True),
            self.correlation(ref, event) if trigger is g.Trigger.MESSAGE else (), self.payload(el, event),
            self.caught(event) or el.cam("errorCodeVariable") or el.cam("escalationCodeVariable"),
        )  # fmt: skip

    def definitions(self, event: El) -> tuple[g.EventDefinition, ...]:
        tags = {f"{trigger.value}EventDefinition" for trigger in g.Trigger}
        found: list[Any] = []
        for el in event.all(*tags, "eventDefinitionRef"):
            real = self.look(el.text, *tags) if el.name == "eventDefinitionRef" else el
            if real is not None:
                found.append(self.definition(real, f"{event.attr.get('id', '')}/{len(found)}", event))
        return tuple(found)

    # --- nodes

    def loop(self, el: El) -> g.StandardLoop | g.MultiInstance | None:
        found = next(iter(el.all("standardLoopCharacteristics", "multiInstanceLoopCharacteristics")), None)
        if found is None:
            return None
        if found.name == "standardLoopCharacteristics":
            return g.StandardLoop(found.at, self.expr(found.one("loopCondition")), found.yes("testBefore"),
                                  self.plain(found.get("loopMaximum"), found))  # fmt: skip
        said, into, out = found.cam("collection"), found.one("loopDataInputRef"), found.one("loopDataOutputRef")
        collection = self.plain(said, found) if said else None
        if not said and into is not None and into.text.strip():
            name = self.through(el, "dataInputAssociation", "targetRef", "sourceRef", into.text)
            collection = g.Expression(name, into.at)
        gathered = None
        if out is not None and out.text.strip():
            gathered = self.through(el, "dataOutputAssociation", "sourceRef", "targetRef", out.text)
        item, result = found.one("inputDataItem"), found.one("outputDataItem")
        label = None if result is None else result.get("name") or result.get("id")
        extra = []
        for part in found.all("complexBehaviorDefinition"):
            condition, event = self.expr(part.one("condition")), part.one("event")
            thrown = self.definitions(event) if event is not None else ()
            if condition is not None and len(thrown) == 1:
                extra.append(g.ComplexBehavior(condition, thrown[0]))
        once = {}
        for name in ("noneBehaviorEventRef", "oneBehaviorEventRef"):
            real = self.look(found.get(name), *(f"{trigger.value}EventDefinition" for trigger in g.Trigger))
            once[name] = self.definition(real, f"{el.attr.get('id')}/{name}", found) if real is not None else None
        return g.MultiInstance(
            found.at, found.yes("isSequential"), self.expr(found.one("loopCardinality")), collection,
            found.cam("elementVariable") or (None if item is None else item.get("name") or item.attr.get("id")),
            self.expr(found.one("completionCondition")), g.Behavior(found.get("behavior") or "All"),
            once["noneBehaviorEventRef"], once["oneBehaviorEventRef"], tuple(extra), gathered,
            g.Expression(label, result.at) if result is not None and label else None,
        )  # fmt: skip

    def parameter(self, el: El) -> g.Expression | None:
        for kid in el.kids:
            texts = [re.sub(r"^=\s*", "", item.text.strip()) or "null" for item in kid.kids]
            if kid.name == "list":
                return g.Expression("[" + ", ".join(texts) + "]", el.at)
            if kid.name == "map":
                pairs = [f'"{item.attr.get("key", "")}": {text}' for item, text in zip(kid.kids, texts, strict=True)]
                return g.Expression("{" + ", ".join(pairs) + "}", el.at)
        return self.expr(el)

    def mappings(self, el: El, side: str) -> tuple[g.DataMapping, ...]:
        """side: in or out."""
        data, skip = {"in": ("dataInputAssociation", "sendTask"), "out": ("dataOutputAssociation", "receiveTask")}[side]
        found: list[g.DataMapping] = []
        if KINDS.get(el.name) in g.ACTIVITIES and not el.yes("triggeredByEvent") and el.name != skip:
            found += self.associated(el, data)
        for box in el.ext("inputOutput"):
            found += [g.DataMapping(kid.attr.get("name") or None, self.parameter(kid))
                      for kid in box.kids if kid.name == f"{side}putParameter"]  # fmt: skip
        for part in el.ext(side) if el.name == "callActivity" else ():
            if part.get("variables") == "all":
                found.append(g.DataMapping(None, None, True))
            elif part.attr.get("target"):
                named = g.Expression(part.get("source"), part.at) if part.get("source") else None
                found.append(g.DataMapping(part.get("target"), named or self.plain(part.get("sourceExpression"), part)))
        return tuple(found)

    def role(self, el: El) -> str:
        ref, text = el.one("resourceRef"), el.one("resourceAssignmentExpression")
        if ref is not None:
            resource = self.look(ref.text, "resource")
            return "" if resource is None else resource.get("name") or resource.get("id")
        formal = next(iter(text.all("formalExpression", "expression")), None) if text is not None else None
        return formal.text.strip() if formal is not None else ""

    def quoted(self, text: str, at: g.Place) -> g.Expression:
        if text.startswith("="):
            return g.Expression(text[1:].strip(), at)
        if "${" in text or "#{" in text:
            return g.Expression(text, at)
        for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n")):
            text = text.replace(plain, escaped)
        return g.Expression(f'"{text}"', at)

    def listed(self, text: str | None) -> list[str]:
        text = (text or "").strip()
        whole = text.startswith("=") or "${" in text or "#{" in text
        return [text] if whole else [part.strip() for part in text.split(",") if part.strip()]

    def people(self, el: El) -> dict[str, Any]:
        groups, users = self.listed(el.cam("candidateGroups")), self.listed(el.cam("candidateUsers"))
        for owner in el.all("potentialOwner"):
            for part in self.listed(self.role(owner)):
                match = re.fullmatch(r"(user|group)\((.*)\)", part)
                if match is None:
                    groups.append(part)
                else:
                    (users if match[1] == "user" else groups).append(match[2].strip())
        said = el.cam("assignee")
        performers = [(self.role(one), one.at) for one in el.all("humanPerformer", "performer") if self.role(one)]
        by = self.quoted(said, el.at) if said else next((self.quoted(text, at) for text, at in performers), None)
        decision = el.cam("decisionRef")
        return {
            "assignee": by, "candidate_groups": tuple(groups), "candidate_users": tuple(users),
            "due": self.plain(el.cam("dueDate"), el), "follow_up": self.plain(el.cam("followUpDate"), el),
            "priority": self.plain(el.cam("priority"), el), "topic": el.cam("topic"),
            "result_variable": el.cam("resultVariable"),
            "decision": g.DecisionRef(decision, el.cam("resultVariable"), el.cam("mapDecisionResult")) if decision else None,
        }  # fmt: skip

    def handler(self, el: El) -> str | None:
        for line in self.named("association"):
            for one, two in (
                (line.get("sourceRef"), line.get("targetRef")),
                (line.get("targetRef"), line.get("sourceRef")),
            ):
                event, activity = self.look(one, "boundaryEvent"), self.look(two, *KINDS)
                if event is None or activity is None or not activity.yes("isForCompensation"):
                    continue
                kinds = {definition.trigger for definition in self.definitions(event)}
                if (
                    g.Trigger.COMPENSATE in kinds
                    and activity.up is el.up
                    and qname(event.get("attachedToRef")) == el.attr["id"]
                ):
                    return activity.attr.get("id", "")
        return None

    def activity(self, el: El) -> dict[str, Any]:
        message = None
        if el.name in ("sendTask", "receiveTask"):
            ref = qname(el.get("messageRef")) or self.message_ref(el)
            if ref:
                message = g.EventDefinition(
                    g.Trigger.MESSAGE, f"{el.attr['id']}/message", el.at, self.event_name("message", ref), ref,
                    keys=self.correlation(ref, el), payload=self.payload(el, el), variable=self.caught(el),
                )  # fmt: skip
        events = [e for e in self.named("boundaryEvent") if qname(e.get("attachedToRef")) == el.attr["id"]]
        edge = [e.attr["id"] for e in events if e.up is el.up and self.by_id.get(e.attr.get("id", "")) is e]
        return self.people(el) | {
            "boundary": tuple(edge), "compensation_handler": self.handler(el), "loop": self.loop(el), "message": message,
            "for_compensation": el.yes("isForCompensation"), "start_quantity": int(el.get("startQuantity") or 1),
            "completion_quantity": int(el.get("completionQuantity") or 1),
        }  # fmt: skip

    def lanes(self, el: El) -> tuple[str, ...]:
        around = self.lanes(el.up) if el.up is not None and el.up.name in INNER else ()
        best: tuple[str, ...] = ()
        for lane in self.named("lane"):
            if el.attr.get("id") in [qname(ref.text) for ref in lane.all("flowNodeRef")]:
                path, up = [], lane
                while up is not None and up.name in ("lane", "childLaneSet"):
                    path += [up.get("name")] if up.name == "lane" and up.get("name") else []
                    up = up.up  # type: ignore[assignment]
                best = tuple(reversed(path)) if len(path) > len(best) else best
        return around + best

    def node(self, el: El, scope: str) -> g.Node:
        kind = KINDS[GLOBAL.get(el.name, el.name)]
        if el.name == "subProcess" and el.yes("triggeredByEvent"):
            kind = g.Kind.EVENT_SUBPROCESS
        ident, lanes = el.attr["id"], self.lanes(el)
        more: dict[str, Any] = self.activity(el) if kind in g.ACTIVITIES else {}
        if kind in g.EVENTS:
            more |= {"definitions": self.definitions(el), "parallel_multiple": el.yes("parallelMultiple")}
        if kind in (g.Kind.BOUNDARY, g.Kind.START):
            more["interrupting"] = el.yes("cancelActivity" if kind is g.Kind.BOUNDARY else "isInterrupting", True)
        if kind is g.Kind.BOUNDARY:
            more["attached_to"] = qname(el.get("attachedToRef"))
        if kind in (g.Kind.EVENT_BASED, g.Kind.RECEIVE):
            more["instantiate"] = el.yes("instantiate")
        if kind is g.Kind.EVENT_BASED:
            more["parallel_start"] = el.get("eventGatewayType") == "Parallel"
        if kind is g.Kind.COMPLEX:
            more["activation"] = self.expr(el.one("activationCondition"))
        if kind is g.Kind.ADHOC:
            more |= {"ordering_sequential": el.get("ordering") == "Sequential",
                     "completion": self.expr(el.one("completionCondition")),
                     "cancel_remaining": el.yes("cancelRemainingInstances", True)}  # fmt: skip
        if kind is g.Kind.CALL and el.get("calledElement"):
            said = el.get("calledElement")
            more["called"] = g.Expression(said if said[0] in "=$#" else str(qname(said)), el.at)
        if kind is g.Kind.SCRIPT:
            more["script"] = self.expr(el.one("script"), el.get("scriptFormat") or el.get("scriptLanguage") or None)
        return g.Node(
            id=ident, kind=kind, name=el.get("name") or None, scope=scope, place=el.at,
            incoming=tuple(f.id for f in self.flows if f.target == ident),
            outgoing=tuple(f.id for f in self.flows if f.source == ident), default=qname(el.get("default")),
            form=el.cam("formRef") or el.cam("formKey"), lane=lanes[-1] if lanes else None, lanes=lanes,
            inputs=self.mappings(el, "in"), outputs=self.mappings(el, "out"), properties=self.properties(el),
            documentation=self.documentation(el), **more,
        )  # fmt: skip

    def properties(self, el: El) -> tuple[tuple[str, str, g.Place], ...]:
        return tuple((p.attr.get("name", ""), p.attr.get("value", ""), p.at)
                     for box in el.ext("properties") for p in box.kids if p.name == "property")  # fmt: skip

    def documentation(self, el: El) -> str:
        return "\n\n".join(doc.text.strip() for doc in el.all("documentation") if doc.text.strip())

    # --- scopes, flows, graphs

    def read_flows(self) -> list[g.Flow]:
        found: list[g.Flow] = []
        seen = Counter[str]()
        for el in self.named("sequenceFlow"):
            source, target = self.look(el.get("sourceRef"), *KINDS), self.look(el.get("targetRef"), *KINDS)
            if source is None or target is None or source.up is not target.up or el.up is None or source.up is None:
                continue
            if el.up.name not in ("process", *INNER):
                continue
            made = f"{source.attr['id']}->{target.attr['id']}"
            if not el.attr.get("id"):
                seen[made] += 1
                made += f"#{seen[made]}" if seen[made] > 1 else ""
            ident = el.attr.get("id") or made
            if ident not in [flow.id for flow in found]:
                found.append(g.Flow(ident, source.attr["id"], target.attr["id"], source.up.attr.get("id", ""), el.at,
                                    el.get("name") or None, self.expr(el.one("conditionExpression"))))  # fmt: skip
        return found

    def scope(self, el: El, parent: str | None, kind: g.Kind | None, into: dict[str, Any]) -> list[g.Node]:
        mine: list[g.Node] = []
        for kid in [el] if el.name in GLOBAL else el.all(*KINDS):
            if not kid.attr.get("id") or self.by_id[kid.attr["id"]] is not kid:
                continue
            node = self.node(kid, el.attr["id"])
            mine.append(node)
            into["nodes"][node.id] = node
            if node.kind in g.SCOPES:
                self.scope(kid, el.attr["id"], node.kind, into)
        starts = [n.id for n in mine if n.kind is g.Kind.START and not n.definitions]
        if not any(n.kind is g.Kind.START for n in mine):
            starts = [n.id for n in mine if not (n.incoming or n.for_compensation or n.instantiate)
                      and n.kind not in (g.Kind.BOUNDARY, g.Kind.EVENT_SUBPROCESS)
                      and not (n.kind is g.Kind.CATCH and g.Trigger.LINK in [d.trigger for d in n.definitions])]  # fmt: skip
        events = tuple(n.id for n in mine if n.kind is g.Kind.EVENT_SUBPROCESS)
        into["scopes"][el.attr["id"]] = g.Scope(el.attr["id"], kind, parent, tuple(n.id for n in mine), tuple(starts),
                                                events, self.data_of(el))  # fmt: skip
        return mine

    def graphs(self) -> dict[str, g.Graph]:
        self.flows, found = self.read_flows(), {}
        for el in [*self.named("process"), *(e for name in GLOBAL for e in self.named(name))]:
            if not el.attr.get("id") or el.attr["id"] in found:
                continue
            into: dict[str, Any] = {"nodes": {}, "scopes": {}}
            mine = self.scope(el, None, None, into)
            pools = [p for box in self.named("collaboration") for p in box.all("participant")]
            found[el.attr["id"]] = g.Graph(
                el.attr["id"], el.get("name") or None, self.file,
                hashlib.sha256(self.data + b"\0" + el.attr["id"].encode()).hexdigest(), el.yes("isExecutable", True),
                into["scopes"], into["nodes"], {f.id: f for f in self.flows if f.source in into["nodes"]}, el.at,
                el.cam("versionTag"),
                next((p.get("name") or None for p in pools if qname(p.get("processRef")) == el.attr["id"]), None),
                self.properties(el), self.documentation(el),
                tuple(n.id for n in mine if (n.kind is g.Kind.START and n.definitions) or n.instantiate),
            )  # fmt: skip
        return found


def second_read(data: bytes, file: str) -> dict[str, g.Graph]:
    return Second(data, file).graphs()


def plain(graphs: Mapping[str, g.Graph]) -> list[tuple[str, list[Any]]]:
    """Graphs as lists that compare by value and order."""
    return [
        (name, [*(dict_or_value(getattr(graph, part)) for part in g.Graph.__slots__)]) for name, graph in graphs.items()
    ]


def dict_or_value(value: Any) -> Any:
    return list(value.items()) if isinstance(value, Mapping) else value

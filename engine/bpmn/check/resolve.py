"""What a model refers to outside itself: forms, decisions, processes, roles, terms, letters."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from schuldhulp.engine.bpmn.check.feel_texts import ALWAYS, shared
from schuldhulp.engine.bpmn.check.subject import Subject
from schuldhulp.engine.bpmn.graph import Finding, Graph, Kind, Node, Place, Severity

_MODULE = re.compile(r"M\d{1,2}")
"""Short names of the modules of help; one that an organisation does not have becomes a referral."""

PROPERTIES = frozenset(
    {"requirement", "term.start", "term.meet", "term.cancel", "term.due", "term.timer",
     "term.suspend", "term.resume", "term.adjourn", "tally", "modules.end", "seal", "precondition",
     "precondition.start", "letter", "handover", "skip", "pick.roles", "title", "start.roles", "start.form"}
)  # fmt: skip
"""The properties of the designers' guide."""


def _finding(
    owner: Node | Graph,
    code: str,
    message: str,
    remedy: str,
    place: Place | None = None,
    severity: Severity = Severity.ERROR,
) -> Finding:
    element = owner.id if isinstance(owner, Node) else owner.process
    return Finding(severity, code, message, remedy, place or owner.place, element, owner.name)


def _unknown(what: str, key: str, known: Collection[str]) -> tuple[str, str]:
    """Message and remedy for a reference that leads nowhere."""
    near = sorted(one for one in known if one.lower()[:3] == key.lower()[:3])[:5] or sorted(known)[:5]
    return f'There is no {what} "{key}".', f"Known: {', '.join(near) or 'none'}. Choose one, or add it."


def _graphs(subject: Subject) -> Iterator[Graph]:
    return (graph for graph in subject.model.graphs.values() if graph.executable)


def _owners(graph: Graph) -> Iterator[Node | Graph]:
    """Whoever has properties."""
    yield graph
    yield from graph.nodes.values()


def forms(subject: Subject) -> Iterator[Finding]:
    known = subject.context.forms
    for graph in _graphs(subject) if known is not None else ():
        for node in graph.nodes.values():
            if node.form is not None and known is not None and node.form not in known:
                yield _finding(node, "form-unknown", *_unknown("form", node.form, known))


def decisions(subject: Subject) -> Iterator[Finding]:
    known = subject.context.decisions
    for graph in _graphs(subject) if known is not None else ():
        for node in graph.nodes.values():
            if node.decision is None or known is None:
                continue
            if node.decision.decision not in known:
                yield _finding(node, "decision-unknown", *_unknown("decision", node.decision.decision, known))
            elif node.inputs:
                yield from _inputs(subject, node, known[node.decision.decision])
            elif subject.context.names is not None:
                names = frozenset(subject.context.names) | shared(subject) | ALWAYS
                for name in sorted(set(known[node.decision.decision]) - names):
                    yield _finding(
                        node, "decision-input-unknown", f'The decision asks for "{name}", which nothing here sets.',
                        f'Map it with an input parameter "{name}".',
                    )  # fmt: skip


def _inputs(subject: Subject, node: Node, asked: Collection[str]) -> Iterator[Finding]:
    """What no parameter gives is looked up by name; it must be there."""
    given = (
        {mapping.target for mapping in node.inputs} | shared(subject) | ALWAYS | frozenset(subject.context.names or ())
    )
    for name in sorted(set(asked) - {one for one in given if one}):
        yield _finding(
            node, "decision-input-missing", f'The decision asks for "{name}", which no input parameter gives.',
            f'Add an input parameter "{name}".',
        )  # fmt: skip


def processes(subject: Subject) -> Iterator[Finding]:
    if subject.context.processes is None:
        return
    known = frozenset(subject.context.processes) | frozenset(subject.model.graphs)
    for graph in _graphs(subject):
        for node in graph.nodes.values():
            called = [node.called.text] if node.kind is Kind.CALL and node.called is not None else []
            lists = (text.partition(" reason ")[0] for text in node.all_properties("modules.end"))
            ended = [one.strip() for listed in lists for one in listed.split(",")]
            for name in (*called, *node.all_properties("handover"), *ended):
                if name in known or name.startswith("="):
                    continue
                if _MODULE.fullmatch(name):
                    yield _finding(
                        node, "module-not-here", f"Module {name} is not here: the engine opens a referral task instead.",
                        "Nothing needs to be done; add the module when you have it.", severity=Severity.WARNING,
                    )  # fmt: skip
                else:
                    yield _finding(node, "process-unknown", *_unknown("process", name, known))


def roles(subject: Subject) -> Iterator[Finding]:
    """Each user task is for a role that exists."""
    known = subject.context.roles
    for graph in _graphs(subject) if known is not None else ():
        for text, place in _split(graph.properties, "start.roles"):
            if known is not None and text not in known:
                yield _finding(graph, "role-unknown", *_unknown("role", text, known), place)
        for node in graph.nodes.values():
            if node.kind is Kind.USER and known is not None:
                yield from _roles(node, known)
            for text, place in _split(node.properties, "pick.roles"):
                if known is not None and text not in known:
                    yield _finding(node, "role-unknown", *_unknown("role", text, known), place)


def _roles(node: Node, known: Collection[str]) -> Iterator[Finding]:
    wanted = node.candidate_groups or ((node.lane,) if node.lane else ())
    if not wanted and node.assignee is None and not node.candidate_users:
        yield _finding(
            node, "role-missing", "This user task is for nobody: it stands in no lane.",
            "Put it in the lane of a role, or fill in camunda:candidateGroups.",
        )  # fmt: skip
    for role in (*wanted, *(text for text, _ in _split(node.properties, "skip"))):
        if role not in known and "{" not in role and not role.startswith("="):
            yield _finding(node, "role-unknown", *_unknown("role", role, known))


def _split(properties: tuple[tuple[str, str, Place], ...], name: str) -> Iterator[tuple[str, Place]]:
    for key, value, place in properties:
        if key == name:
            yield from ((part.strip(), place) for part in value.split(",") if part.strip())


def terms_and_letters(subject: Subject) -> Iterator[Finding]:
    for graph in _graphs(subject):
        for owner in _owners(graph):
            for key, value, place in owner.properties:
                word = value.split(" ")[0].strip()
                for prefix, what, known in (
                    ("term.", "term", subject.context.terms), ("letter", "letter", subject.context.letters),
                    ("start.form", "form", subject.context.forms),
                ):  # fmt: skip
                    if known is not None and key.startswith(prefix) and word not in known:
                        yield _finding(owner, f"{what}-unknown", *_unknown(what, word, known), place)


def properties(subject: Subject) -> Iterator[Finding]:
    """A property that the designers' guide does not know does nothing: most likely a slip of the pen."""
    for graph in _graphs(subject):
        for owner in _owners(graph):
            for key, _, place in owner.properties:
                if key not in PROPERTIES:
                    element = owner.id if isinstance(owner, Node) else owner.process
                    yield Finding(
                        Severity.WARNING, "property-unknown", f'The property "{key}" does nothing.',
                        f"Known properties: {', '.join(sorted(PROPERTIES))}.", place, element, owner.name,
                    )  # fmt: skip


RULES = (forms, decisions, processes, roles, terms_and_letters, properties)

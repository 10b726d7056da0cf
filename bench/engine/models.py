"""The BPMN files of the comparison: the same file for every engine, but for the words of one loop condition."""

from __future__ import annotations

from itertools import pairwise

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="urn:bench">'
)


class Page:
    """Collects nodes and flows of one process."""

    def __init__(self) -> None:
        self.nodes: dict[str, tuple[str, str]] = {}
        self.flows: list[tuple[str, str, str]] = []

    def node(self, tag: str, ident: str, inner: str = "") -> str:
        self.nodes[ident] = (tag, inner)
        return ident

    def flow(self, source: str, target: str, guard: str = "") -> None:
        self.flows.append((source, target, guard))

    def process(self, ident: str) -> str:
        out = []
        for name, (tag, inner) in self.nodes.items():
            ends = "".join(f"<incoming>{s}-{t}</incoming>" for s, t, _ in self.flows if t == name)
            ends += "".join(f"<outgoing>{s}-{t}</outgoing>" for s, t, _ in self.flows if s == name)
            default = f' default="{name}-e"' if tag == "exclusiveGateway" and name == "x" else ""
            kind = tag.split(" ")[0]
            out.append(f'<{tag} id="{name}" name="{name}"{default}>{ends}{inner}</{kind}>')
        for source, target, guard in self.flows:
            condition = (
                f'<conditionExpression xsi:type="tFormalExpression">{guard}</conditionExpression>' if guard else ""
            )
            out.append(
                f'<sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}">{condition}</sequenceFlow>'
            )
        return f'<process id="{ident}" isExecutable="true">{"".join(out)}</process>'


def _chain(page: Page, names: list[str]) -> None:
    for source, target in pairwise(names):
        page.flow(source, target)


def sequential(number: int) -> str:
    page = Page()
    names = [page.node("startEvent", "s")]
    names += [page.node("userTask", f"t{each}") for each in range(number)]
    _chain(page, [*names, page.node("endEvent", "e")])
    return page.process("p")


def parallel(number: int) -> str:
    return blocks(1, number)


def blocks(number: int, width: int = 3) -> str:
    page = Page()
    last = page.node("startEvent", "s")
    for block in range(number):
        fork, join = page.node("parallelGateway", f"f{block}"), page.node("parallelGateway", f"j{block}")
        page.flow(last, fork)
        for branch in range(width):
            _chain(page, [fork, page.node("userTask", f"t{block}x{branch}"), join])
        last = join
    page.flow(last, page.node("endEvent", "e"))
    return page.process("p")


def loop(again: str) -> str:
    """A user task that comes back while *again* holds, beside a branch that waits."""
    page = Page()
    page.node("startEvent", "s")
    page.node("parallelGateway", "f")
    page.node("userTask", "waits")
    page.node("exclusiveGateway", "m")
    page.node("userTask", "turn")
    page.node("exclusiveGateway", "x")
    page.node("endEvent", "e")
    page.node("endEvent", "e2")
    _chain(page, ["s", "f", "m", "turn", "x", "e"])
    _chain(page, ["f", "waits", "e2"])
    page.flow("x", "m", again)
    return page.process("p")


def multi_instance(number: int) -> str:
    page = Page()
    inner = (
        '<multiInstanceLoopCharacteristics isSequential="false">'
        f'<loopCardinality xsi:type="tFormalExpression">{number}</loopCardinality></multiInstanceLoopCharacteristics>'
    )
    _chain(page, [page.node("startEvent", "s"), page.node("userTask", "t", inner), page.node("endEvent", "e")])
    return page.process("p")


def calls(number: int) -> str:
    page, other = Page(), Page()
    names = [page.node("startEvent", "s")]
    names += [page.node('callActivity calledElement="q"', f"c{each}") for each in range(number)]
    _chain(page, [*names, page.node("endEvent", "e")])
    _chain(other, [other.node("startEvent", "qs"), other.node("userTask", "t"), other.node("endEvent", "qe")])
    return page.process("p") + other.process("q")


def document(process: str) -> str:
    return f"{HEAD}{process}</definitions>"


ROWS = {
    "sequential 10": lambda _: sequential(10),
    "sequential 100": lambda _: sequential(100),
    "sequential 1,000": lambda _: sequential(1000),
    "parallel 10": lambda _: parallel(10),
    "parallel 100": lambda _: parallel(100),
    "parallel 1,000": lambda _: parallel(1000),
    "loop 10,000": loop,
    "multi-instance 1,000": lambda _: multi_instance(1000),
    "multi-instance 10,000": lambda _: multi_instance(10_000),
    "call activity 100": lambda _: calls(100),
    "ten 3-way blocks": lambda _: blocks(10),
}
"""Name of the row -> process text, given the engine's words for "once more"."""

TURNS = 10_000
"""Turns of the loop row."""

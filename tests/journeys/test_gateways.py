"""The scenarios together go every way that a gateway of our processes offers."""

from __future__ import annotations

from pathlib import Path

from schuldhulp.engine.bpmn.graph import GATEWAYS, Kind
from schuldhulp.engine.bpmn.read import read
from schuldhulp.engine.definitions.find import read_files
from schuldhulp.engine.handle.library import Kept
from schuldhulp.tasks.scenarios import load_scenario, play

PROCESSES = Path(__file__).parents[2] / "processes"


def ways() -> dict[str, str]:
    """Every sequence flow out of a gateway that chooses, with the gateway and the way in words."""
    found: dict[str, str] = {}
    for file in sorted(PROCESSES.glob("*/*.bpmn")):
        model, _ = read(file.read_bytes(), file=file.name)
        assert model is not None
        for graph in model.graphs.values():
            for node in graph.nodes.values():
                if node.kind in GATEWAYS - {Kind.PARALLEL} and len(node.outgoing) > 1:
                    found |= {flow: f"{graph.process}: {node.name} {graph.flows[flow].name}" for flow in node.outgoing}
    return found


def test_every_way_out_of_every_gateway_is_taken_by_some_scenario() -> None:
    kept, files, taken = Kept(), read_files(), set[str]()
    for path in sorted(PROCESSES.rglob("scenarios/*.yaml")):
        taken |= play(load_scenario(path.read_bytes(), name=path.name), files, "straight", kept).flows

    assert [way for flow, way in ways().items() if flow not in taken] == []

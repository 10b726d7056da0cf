"""Lanes: the roles that the nodes of a process are for."""

from __future__ import annotations

from schuldhulp.engine.bpmn.read.document import Document, Element, bpmn, children, own_text, reference


def lane_paths(document: Document) -> dict[str, tuple[str, ...]]:
    """Node id -> names of the lanes that hold it, outermost first; lanes without a name are left out.

    A node that several lanes name belongs to the deepest of them, the first of equals.
    """
    paths: dict[str, tuple[str, ...]] = {}
    for lane_set in document.all("laneSet"):
        for lane in children(lane_set, "lane"):
            _walk(lane, (), paths)
    return paths


def _walk(lane: Element, around: tuple[str, ...], paths: dict[str, tuple[str, ...]]) -> None:
    name = (lane.get("name") or "").strip()
    path = (*around, name) if name else around
    for node in children(lane, "flowNodeRef"):
        given = reference(own_text(node))
        if given and len(path) > len(paths.get(given, ())):
            paths[given] = path
    for inner_set in lane.iterchildren(bpmn("childLaneSet")):
        for inner in children(inner_set, "lane"):
            _walk(inner, path, paths)

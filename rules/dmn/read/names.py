"""Names and references to types, as attributes or elements write them."""

from __future__ import annotations

from schuldhulp.rules.dmn.read.schema import FEEL_NAMESPACES
from schuldhulp.rules.dmn.read.walk import Element, Walk, child, local, text_of


def read_name(walk: Walk, element: Element, within: str) -> str:
    """The `name` attribute with single spaces; a complaint when it is missing."""
    name = " ".join(element.get("name", "").split())
    if not name:
        walk.complain(element, "name", f"<{local(element)}> has no name", "Give it a name.", within)
    return name


def type_ref(element: Element) -> str | None:
    """The type named by the attribute (1.2 on) or the element (item definitions) `typeRef`; None when not given."""
    raw = element.get("typeRef")
    if raw is None:
        raw = text_of(child(element, "typeRef"))
    return qualified(element, raw)


def qualified(element: Element, raw: str | None) -> str | None:
    """A reference to a type as `name` or `import.name`.

    DMN 1.1 writes qualified names (`feel:number`, `other:tPerson`); a prefix of FEEL or of the model itself falls
    away, one of an imported namespace becomes `{namespace}name`, which the linker resolves.
    """
    name = " ".join((raw or "").split())
    if not name:
        return None
    prefix, colon, rest = name.partition(":")
    bound = element.nsmap.get(prefix) if colon else None
    if bound is None:
        return name
    own = element.getroottree().getroot().get("namespace")
    return rest if bound in FEEL_NAMESPACES or bound == own else f"{{{bound}}}{rest}"

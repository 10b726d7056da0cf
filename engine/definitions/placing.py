"""Where single files belong among the definitions: by what is in them, not by how they are called.

A process, table, form or letter that is there already is replaced where it stands; a new one gets the place of its kind.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePosixPath

from schuldhulp.engine.bpmn.graph import Finding, Place, Severity
from schuldhulp.engine.bpmn.read import read
from schuldhulp.engine.definitions.deployment import Deployment, NotDeployable, of_dmn
from schuldhulp.rules.dmn import DmnErrors, read_model


def placed(files: Mapping[str, bytes], within: Deployment) -> dict[str, bytes]:
    """*files* (name -> bytes) by the path that each has in the deployment. Raises NotDeployable."""
    found: dict[str, bytes] = {}
    named: dict[str, str] = {}
    for name, data in files.items():
        path = _path(name, data, within)
        if path in found:
            raise _refused(name, f"{named[path]} and {name} both are {path}.", "Send one of the two.")
        found[path], named[path] = data, name
    return found


def _path(name: str, data: bytes, within: Deployment) -> str:
    plain = PurePosixPath(name.replace("\\", "/")).name
    if plain.endswith((".bpmn", ".bpmn20.xml")):
        return _process(plain, data, within)
    if plain.endswith((".dmn", ".dmn11.xml")):
        return _table(plain, data, within)
    if plain.endswith(".form"):
        return f"tasks/forms/{_plain_name(plain, _form_id(plain, data))}.form"
    if plain.endswith(".md.j2"):
        return f"tasks/letters/{_plain_name(plain, plain.removesuffix('.md.j2'))}.md.j2"
    advice = "Send .bpmn, .dmn, .form or .md.j2; the dictionary and parameters go with `schuldhulp deploy FOLDER`."
    raise _refused(name, f"{name} is of no kind that can be deployed by itself.", advice)


def _process(name: str, data: bytes, within: Deployment) -> str:
    model, findings = read(data, file=name)
    if model is None or not model.graphs:
        raise NotDeployable(findings or (_finding(name, f"{name} holds no process.", "Draw one."),))
    known = list(dict.fromkeys(within.graphs[each].file for each in model.graphs if each in within.graphs))
    if len(known) > 1:
        raise _refused(name, f"its processes stand in several files: {', '.join(known)}.", "Send them apart.")
    own = _plain_name(name, next(iter(model.graphs)))
    return known[0] if known else f"processes/{own}/{own}.bpmn"


def _table(name: str, data: bytes, within: Deployment) -> str:
    try:
        model = read_model(data, name=name)
    except DmnErrors as error:
        raise NotDeployable(tuple(of_dmn(finding) for finding in error.findings)) from error
    known = {within.decisions[each].name for each in model.decisions if each in within.decisions}
    if len(known) > 1:
        raise _refused(name, f"its decisions stand in several files: {', '.join(sorted(known))}.", "Send them apart.")
    return known.pop() if known else f"rules/tables/{_plain_name(name, name.split('.')[0])}.dmn"


def _form_id(name: str, data: bytes) -> str:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _refused(name, f"{name} is no JSON: {error}.", "Save it again from the form editor.") from error
    ident = found.get("id") if isinstance(found, dict) else None
    return ident if isinstance(ident, str) and ident else name.removesuffix(".form")


def _plain_name(file: str, name: str) -> str:
    """A name that can be part of a path."""
    if not name.replace("-", "").replace("_", "").replace(".", "").isalnum() or name.startswith("."):
        raise _refused(file, f"{name!r} cannot be the name of a definition.", "Use letters, digits, - and _.")
    return name


def _finding(file: str, message: str, remedy: str) -> Finding:
    return Finding(Severity.ERROR, "not-placed", message, remedy, Place(file, 1))


def _refused(file: str, message: str, remedy: str) -> NotDeployable:
    return NotDeployable((_finding(file, message, remedy),))

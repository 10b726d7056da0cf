"""Breaking what a requirement is cited on: whoever claims to show it must notice."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

BPMN, CAMUNDA = "http://www.omg.org/spec/BPMN/20100524/MODEL", "http://camunda.org/schema/1.0/bpmn"
TASKS = ("userTask", "businessRuleTask", "sendTask", "scriptTask", "callActivity", "serviceTask")


def broken(files: Mapping[str, bytes], requirement: str) -> tuple[dict[str, bytes], list[str]]:
    """*files* with every task that cites *requirement* doing nothing, and elsewhere without the preconditions of that name;
    and the ids of what was broken. What such a task would put out is null, so that the definitions stay deployable."""
    changed = dict(files)
    found: list[str] = []
    for path, data in files.items():
        if not path.endswith(".bpmn") or requirement.encode() not in data:
            continue
        root = etree.fromstring(data)
        before = len(found)
        for task in [one for kind in TASKS for one in root.iter(f"{{{BPMN}}}{kind}")]:
            found += _break(task, requirement)
        if len(found) > before:
            changed[path] = etree.tostring(root)
    return changed, found


def _break(task: etree._Element, requirement: str) -> list[str]:
    properties = list(task.iter(f"{{{CAMUNDA}}}property"))
    cited = {key.strip() for one in properties if one.get("name") == "requirement" for key in one.get("value", "").split(",")}
    guards = [one for one in properties if one.get("name") == "precondition" and _named(one) == requirement]
    if requirement in cited:
        _silence(task)
    for guard in guards if requirement not in cited else []:
        parent = guard.getparent()
        assert parent is not None
        parent.remove(guard)
    return [task.get("id", "")] if guards or requirement in cited else []


def _named(guard: etree._Element) -> str:
    return guard.get("value", "").partition("|")[0].strip()


def _silence(task: etree._Element) -> None:
    """Turn *task* into a script that sets all it would put out to null, or into an empty task."""
    names = [one.get("name") for one in task.iter(f"{{{CAMUNDA}}}outputParameter")]
    names += [task.get(f"{{{CAMUNDA}}}resultVariable") or task.get(f"{{{CAMUNDA}}}decisionRef")]
    kept = [name for name in dict.fromkeys(names) if name]
    for extension in task.findall(f"{{{BPMN}}}extensionElements"):
        task.remove(extension)
    for script in task.findall(f"{{{BPMN}}}script"):
        kept += [line.partition("=")[0].strip() for line in (script.text or "").splitlines() if "=" in line]
        task.remove(script)
    for name in [name for name in task.attrib if name not in ("id", "name")]:
        del task.attrib[name]
    task.tag = f"{{{BPMN}}}{'scriptTask' if kept else 'task'}"
    if kept:
        task.set("scriptFormat", "feel")
        etree.SubElement(task, f"{{{BPMN}}}script").text = "\n".join(f"{name} = null" for name in dict.fromkeys(kept))

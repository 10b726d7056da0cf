"""Write docs/requirements.md: where each requirement works and what shows it: python tools/requirements.py

`python tools/requirements.py --missing [M4-]` prints the ids without a place or without anything that shows them.

Ids and titles stand in docs/requirements.yaml. Where: elements of processes, the data dictionary, parameters, and the code
that names the id. Shown by: scenarios (`shows:`) and tests (`@pytest.mark.shows("C-P03")`).
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
PAGE, LIST = ROOT / "docs" / "requirements.md", ROOT / "docs" / "requirements.yaml"
FLOORS = ("rules", "engine", "tasks", "web", "cli")
ID = re.compile(r"\b(?:M(?:10|[1-9])|C)-[A-Z]\d{2}\b")
PARTS = {
    "C-D": "Shared data", "M1-": "Module 1: early detection", "M2-": "Module 2: crisis help", "M3-": "Module 3: emergency aid",
    "M4-": "Module 4: advice and home administration", "M5-": "Module 5: intake", "M6-": "Module 6: inventory",
    "M7-": "Module 7: guidance", "M8-": "Module 8: payment plan and refinancing", "M9-": "Module 9: case management",
    "M10-": "Module 10: aftercare", "C-": "Across the modules",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Requirement:
    """`where` and `shown`: links as (text, path from docs/). `open`: why it is not done, else empty."""

    id: str
    title: str
    kind: str
    open: str = ""
    where: list[tuple[str, str]] = field(default_factory=list)
    shown: list[tuple[str, str]] = field(default_factory=list)


def requirements() -> Mapping[str, Requirement]:
    """Every requirement with its places, in the order of the list. Raises KeyError for an id that is not on the list."""
    found = listed()
    for key, text, path in [*_elements(), *_data(), *_tables(), *_code()]:
        found[key].where.append((text, path))
    for key, text, path in [*_scenarios(), *_tests()]:
        found[key].shown.append((text, path))
    return found


def listed() -> dict[str, Requirement]:
    from schuldhulp.rules.yaml_reader import read_yaml

    def read(key: str, title: str, kind: str, open: str = "", where: Sequence[Sequence[str]] = ()) -> Requirement:
        return Requirement(key, title, kind, open, [(text, path) for text, path in where])

    return {key: read(key, **about) for key, about in read_yaml(LIST.read_bytes()).items()}


def unknown() -> list[str]:
    """Every citation of an id that is not on the list."""
    known = listed()
    cited = [*_elements(), *_data(), *_tables(), *_code(), *_scenarios(), *_tests()]
    return [f"{path}: {text} cites {key}" for key, text, path in cited if key not in known]


def _elements() -> Iterator[tuple[str, str, str]]:
    from schuldhulp.engine.bpmn.read import read

    for file in sorted((ROOT / "processes").glob("*/*.bpmn")):
        model, _ = read(file.read_bytes(), file=file.name)
        assert model is not None, file
        for graph in model.graphs.values():
            holders = [(graph.process, graph.properties)] + [(n.id, n.properties) for n in graph.nodes.values()]
            for name, properties in holders:
                cited = [value for key, value, _ in properties if key == "requirement"]
                cited += [value.partition("|")[0] for key, value, _ in properties if key.startswith("precondition")]
                for key in dict.fromkeys(k.strip() for value in cited for k in value.split(",")):
                    yield key, name, _path(file)


def _data() -> Iterator[tuple[str, str, str]]:
    from schuldhulp.engine.definitions.parameters import load_parameters
    from schuldhulp.rules.dictionary import load_dictionary

    for file in sorted((ROOT / "rules" / "dictionary").glob("*.yaml")):
        for name, entry in load_dictionary(file.read_bytes(), name=file.name).entries.items():
            cited = {*entry.requirement, *([entry.goal] if entry.goal else [])}
            cited |= {key for item in entry.item.values() for key in item.requirement}
            yield from ((key, name, _path(file)) for key in sorted(cited))
    for file in sorted((ROOT / "rules" / "parameters").glob("*.yaml")):
        for parameter in load_parameters(file.read_bytes(), name=file.name).values:
            yield from ((key, f"p.{parameter.key}", _path(file)) for key in parameter.requirement)


def _tables() -> Iterator[tuple[str, str, str]]:
    """Ids in the descriptions of tables, forms and letters."""
    kinds = ("rules/tables/*.dmn", "rules/parameters/*.yaml", "rules/terms/*.yaml", "tasks/forms/*.form", "tasks/letters/*.j2")
    for file in sorted(path for kind in kinds for path in ROOT.glob(kind)):
        if file.parent.name == "parameters" and not file.stem.startswith("5"):
            continue  # its entries are named one by one
        for key in sorted(set(ID.findall(file.read_text("utf-8")))):
            yield key, file.name, _path(file)


def _code() -> Iterator[tuple[str, str, str]]:
    for floor in FLOORS:
        for file in sorted((ROOT / floor).rglob("*.py")):
            for key in sorted(set(ID.findall(file.read_text("utf-8")))):
                yield key, file.relative_to(ROOT).as_posix(), _path(file)


def _scenarios() -> Iterator[tuple[str, str, str]]:
    from schuldhulp.tasks.scenarios import load_scenario

    for file in sorted((ROOT / "processes").rglob("scenarios/*.yaml")):
        for key in load_scenario(file.read_bytes(), name=file.name).shows:
            yield key, f"{file.parts[-3]}/{file.stem}", _path(file)


def _tests() -> Iterator[tuple[str, str, str]]:
    """Tests that carry the mark `shows`."""
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                for key in _marked(node):
                    yield key, node.name, _path(file)


def _marked(test: ast.FunctionDef) -> Iterator[str]:
    for mark in test.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.shows":
            yield from (str(ast.literal_eval(argument)) for argument in mark.args)


def _path(file: Path) -> str:
    return "../" + file.relative_to(ROOT).as_posix()


def page() -> str:
    """The whole page: a summary, then a table for each part of the list."""
    found = requirements()
    done = [one for one in found.values() if not one.open]
    lines = [
        "# Requirements",
        "",
        "Written by `python tools/requirements.py`; tests/test_requirements.py says when it is old, when an id has no place or",
        "nothing that shows it, and when something cites an id that is not here.",
        "",
        f"**{len(done)} of {len(found)}** requirements are done.",
    ]
    for prefix, title in PARTS.items():
        own = [one for one in found.values() if _part(one.id) == prefix]
        lines += ["", f"## {title}", "", "| id | about | works in | shown by |", "| --- | --- | --- | --- |"]
        lines += [_row(one) for one in own]
    return "\n".join(lines) + "\n"


def _part(key: str) -> str:
    return next(prefix for prefix in PARTS if key.startswith(prefix))


def _row(one: Requirement) -> str:
    shown = f"*open: {one.open}*" if one.open else _links(one.shown)
    return f"| {one.id} | {one.title} | {_links(one.where)} | {shown} |"


def _links(places: list[tuple[str, str]], most: int = 3) -> str:
    distinct = list(dict.fromkeys(places))
    text = ", ".join(f"[{name.replace('_', ' ') if len(name) > 60 else name}]({path})" for name, path in distinct[:most])
    return text + (f" and {len(distinct) - most} more" if len(distinct) > most else "")


def lacking(prefix: str = "") -> Iterator[str]:
    """The ids that are not marked open and have no place, or nothing that shows them, in words."""
    for one in requirements().values():
        if one.id.startswith(prefix) and not one.open and not (one.where and one.shown):
            lacks = [text for text, held in (("works nowhere", one.where), ("nothing shows it", one.shown)) if not held]
            yield f"{one.id} ({one.title}): {', '.join(lacks)}"


if __name__ == "__main__" and "--missing" in sys.argv:
    print("\n".join(lacking(*sys.argv[2:])))
elif __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} written")

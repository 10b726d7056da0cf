"""A letter file to a letter: front matter between lines of `---`, then the text as a template.

---
subject: Bevestiging van uw melding van {{ melding_datum | datum }}
addressee: client
channel: post
clause: none
---
Beste {{ aanhef }}, ...
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from jinja2 import Template, TemplateSyntaxError, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.visitor import NodeTransformer

from schuldhulp.engine.bpmn.graph import Finding, Place, Severity
from schuldhulp.engine.definitions.letters.model import CHANNELS, CLAUSES, Letter
from schuldhulp.engine.definitions.letters.sandbox import FILTERS, REFUSED, LetterEnvironment
from schuldhulp.rules.yaml_reader import YamlError, read_yaml

FILE_LIMIT = 200_000
_FILE = re.compile(r"---[ \t]*\r?\n(.*?)^---[ \t]*\r?\n(.*)", re.DOTALL | re.MULTILINE)
_FIELDS = ("subject", "addressee", "channel", "clause", "address")
ENVIRONMENT = LetterEnvironment()


def load_letter(data: bytes, *, name: str) -> tuple[Letter | None, list[Finding]]:
    """The letter in *data*, or None when the file *name* has errors; and every finding."""
    findings: list[Finding] = []

    def complain(line: int, message: str, remedy: str) -> None:
        findings.append(Finding(Severity.ERROR, "letter", f"{message}.", f"{remedy}.", Place(name, line)))

    if len(data) > FILE_LIMIT:
        complain(1, f"the file is larger than {FILE_LIMIT:,} bytes", "Make the letter shorter")
        return None, findings
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        complain(data[: error.start].count(b"\n") + 1, "the file is not UTF-8 text", "Save it as UTF-8")
        return None, findings
    match = _FILE.fullmatch(text)
    if match is None:
        complain(1, "the front matter is missing", "Begin with a line ---, then subject, addressee, channel, then ---")
        return None, findings
    head = _head(match[1], complain)
    body_line = match[1].count("\n") + 3
    subject = _template(str(head.get("subject", "")), f"{name} (subject)", 2, complain)
    body = _template(match[2], name, body_line, complain)
    address = _template(head["address"], f"{name} (address)", 2, complain) if isinstance(head.get("address"), str) else None
    clause = str(head.get("clause", "none"))
    for words in CLAUSES.get(clause, ()):
        if words not in " ".join(match[2].lower().split()):
            complain(
                body_line, f"clause is {clause}, but the text does not say '{words}'", "Add the clause to the text"
            )
    if findings or subject is None or body is None:
        return None, findings
    letter = Letter(
        key=name.rpartition("/")[2].removesuffix(".md.j2"),
        file=name,
        addressee=str(head["addressee"]),
        channel=str(head["channel"]),
        clause=clause,
        hash=hashlib.sha256(data).hexdigest(),
        names=subject[1] | body[1] | (address[1] if address else frozenset()),
        subject=subject[0],
        body=body[0],
        body_line=body_line,
        address=address[0] if address else None,
    )
    return letter, findings


def _head(text: str, complain: Any) -> dict[str, Any]:
    try:
        head = read_yaml(text)
    except YamlError as error:
        complain(2, f"the front matter cannot be read: {error}", "Put a text with : or {{ in quotes")
        return {}
    if not isinstance(head, dict):
        complain(2, "the front matter is empty", f"Write {', '.join(_FIELDS)}")
        return {}
    if "address" in head and not (isinstance(head["address"], str) and head["address"].strip()):
        complain(2, "address is empty", "Write the lines of the address after address: |, or leave it out")
    for field in head:
        if field not in _FIELDS:
            complain(2, f"'{field}' is not known in the front matter", f"Use {', '.join(_FIELDS)}")
    for field in ("subject", "addressee", "channel"):
        if not isinstance(head.get(field), str) or not head[field].strip():
            complain(2, f"{field} is missing", f"Write {field}: in the front matter")
    if isinstance(head.get("channel"), str) and head["channel"] not in CHANNELS:
        complain(2, f"channel {head['channel']!r} is not known", f"Use {', '.join(CHANNELS)}")
    if str(head.get("clause", "none")) not in CLAUSES:
        complain(2, f"clause {head.get('clause')!r} is not known", f"Use {', '.join(CLAUSES)}")
    return head


def _template(text: str, name: str, first: int, complain: Any) -> tuple[Template, frozenset[str]] | None:
    """*text* as a template that keeps to the language of letters, and the names it uses; None after a complaint."""
    try:
        tree = ENVIRONMENT.parse(text)
    except TemplateSyntaxError as error:
        complain(first + error.lineno - 1, str(error.message or "not a template").rstrip("."), "Mend the template")
        return None
    except RecursionError:
        complain(first, "the template is nested too deep", "Make it simpler")
        return None
    faults = list(_faults(tree))
    for node, message, remedy in faults:
        complain(first + node.lineno - 1, message, remedy)
    if faults:
        return None
    names = frozenset(find_undeclared_variables(tree)) - {"range"}
    _Bounding().visit(tree)
    tree.set_environment(ENVIRONMENT)
    try:
        code = ENVIRONMENT.compile(tree, name, name)
    except (TemplateSyntaxError, RecursionError) as error:
        complain(first, f"the template cannot be read: {error}", "Mend the template")
        return None
    return Template.from_code(ENVIRONMENT, code, ENVIRONMENT.make_globals(None)), names


def _faults(tree: nodes.Template) -> Iterator[tuple[nodes.Node, str, str]]:
    data = "Use data by name, filters, if and for"
    for node in tree.find_all(nodes.Node):
        if type(node) in REFUSED:
            yield node, f"'{REFUSED[type(node)]}' is not allowed in a letter", data
        elif isinstance(node, nodes.Call) and not (isinstance(node.node, nodes.Name) and node.node.name == "range"):
            yield node, "calling something is not allowed in a letter", data
        elif isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
            yield node, f"'{node.attr}' is not a field of data", data
        elif isinstance(node, nodes.Name) and (node.name.startswith("_") or node.name == "self"):
            yield node, f"'{node.name}' is not a name of data", data
        elif isinstance(node, nodes.Const) and isinstance(node.value, str) and node.value.startswith("__"):
            yield node, f"'{node.value}' is not a field of data", data
        elif isinstance(node, nodes.Filter) and (node.name not in FILTERS or node.name.startswith("_")):
            known = ", ".join(sorted(name for name in FILTERS if not name.startswith("_")))
            yield node, f"there is no filter '{node.name}'", f"Use {known}"
        elif isinstance(node, nodes.Test) and node.name not in ENVIRONMENT.tests:
            yield node, f"there is no test '{node.name}'", f"Use {', '.join(ENVIRONMENT.tests)}"
        elif isinstance(node, nodes.List | nodes.Tuple | nodes.Dict) and not _is_flat(node):
            yield node, "a list in a letter may hold texts and numbers only", "Make the list in the process, as data"
        elif isinstance(node, nodes.For) and node.recursive:
            yield node, "a recursive loop is not allowed in a letter", data


def _is_flat(node: nodes.Node) -> bool:
    """Whether a list written out cannot hold another: nested ones could be grown without bound."""
    if isinstance(node, nodes.Tuple) and node.ctx != "load":
        return True
    return isinstance(node, nodes.List | nodes.Tuple) and all(isinstance(item, nodes.Const) for item in node.items)


class _Bounding(NodeTransformer):
    """Counts the steps of every loop, and the size of every ~ and of texts set beside each other."""

    def visit_For(self, node: nodes.For) -> nodes.Node:
        self.generic_visit(node)
        node.iter = nodes.Filter(node.iter, "_counted", [], [], None, None, lineno=node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        return nodes.Filter(node.nodes[0], "_concat", list(node.nodes[1:]), [], None, None, lineno=node.lineno)

"""One file's requirement graph: XML to `Definitions` (DMN 1.5 chapters 6 and 7). References are resolved by `link`."""

from __future__ import annotations

import hashlib

from schuldhulp.rules.dmn.model import (
    Decision,
    Definitions,
    FunctionItem,
    Import,
    InputData,
    ItemDefinition,
    Key,
    KnowledgeModel,
    Service,
    Text,
    Variable,
)
from schuldhulp.rules.dmn.read.boxed import only_expression, read_function, read_variable
from schuldhulp.rules.dmn.read.names import qualified, read_name, type_ref
from schuldhulp.rules.dmn.read.schema import FEEL_NAMESPACES, NAMESPACES
from schuldhulp.rules.dmn.read.walk import Element, Walk, child, children, local, namespace_of, text_of


def read_definitions(walk: Walk, root: Element, data: bytes) -> Definitions | None:
    """The content of the file; None when it is no DMN file. Complaints go to *walk*."""
    if local(root) != "definitions" or namespace_of(root) not in NAMESPACES:
        walk.complain(
            root,
            "not-dmn",
            f"this is no DMN model: the root is <{local(root)}> of namespace {namespace_of(root) or '(none)'}",
            f"Save the model as DMN {', '.join(dict.fromkeys(NAMESPACES.values()))}.",
        )
        return None
    walk.check_shape(root)
    namespace = root.get("namespace", "")
    if not namespace:
        walk.complain(root, "namespace", "<definitions> has no namespace attribute", "Give the model a namespace.")
    for attribute in ("expressionLanguage", "typeLanguage"):
        language = root.get(attribute)
        if language and language not in FEEL_NAMESPACES and language.lower() != "feel":
            walk.complain(
                root, "language", f"{attribute} {language!r} is not supported", "Use FEEL for expressions and types."
            )
    return Definitions(
        name=root.get("name", "") or walk.file,
        namespace=namespace,
        file=walk.file,
        hash=hashlib.sha256(data).hexdigest(),
        imports=tuple(filter(None, (_import(walk, one) for one in children(root, "import")))),
        types=tuple(_item(walk, one) for one in children(root, "itemDefinition")),
        inputs=tuple(_input_data(walk, one, namespace) for one in children(root, "inputData")),
        decisions=tuple(_decision(walk, one, namespace) for one in children(root, "decision")),
        knowledge=tuple(_knowledge(walk, one, namespace) for one in children(root, "businessKnowledgeModel")),
        services=tuple(_service(walk, one, namespace) for one in children(root, "decisionService")),
        place=walk.place(root),
    )


def _import(walk: Walk, element: Element) -> Import | None:
    kind = element.get("importType", "")
    if kind not in NAMESPACES:
        walk.complain(
            element,
            "import-type",
            f"only DMN models can be imported, this is {kind or 'an import without a type'}",
            "Import a DMN model, or take the import away.",
        )
        return None
    name = " ".join(element.get("name", "").split())
    return Import(name, element.get("namespace", ""), walk.place(element, f'import "{name}"'))


def _item(walk: Walk, element: Element, outer: str = "") -> ItemDefinition:
    name = read_name(walk, element, outer)
    within = f'{outer}.{name}"' if outer else f'type "{name}"'
    inner = within.rstrip('"') if outer else f'type "{name}'
    function = child(element, "functionItem")
    return ItemDefinition(
        name=name,
        place=walk.place(element, within),
        type_ref=type_ref(element),
        collection=element.get("isCollection", "false").strip() in ("true", "1"),
        allowed=_constraint(walk, element, "allowedValues", within),
        constraint=_constraint(walk, element, "typeConstraint", within),
        components=tuple(_item(walk, one, inner) for one in children(element, "itemComponent")),
        function=None
        if function is None
        else FunctionItem(
            tuple(read_variable(walk, one, within) for one in children(function, "parameters")),
            qualified(function, function.get("outputTypeRef")),
        ),
    )


def _constraint(walk: Walk, element: Element, name: str, within: str) -> Text | None:
    found = child(element, name)
    if found is None:
        return None
    text = walk.text(found, element, f"{within}, allowed values")
    return text if text.text.strip() else None


def _key(element: Element, namespace: str) -> Key:
    return namespace, element.get("id") or element.get("name") or ""


def _variable(walk: Walk, element: Element, name: str, within: str) -> Variable:
    found = child(element, "variable")
    if found is None:
        return Variable(name, None, walk.place(element, within))
    return Variable(" ".join(found.get("name", name).split()) or name, type_ref(found), walk.place(found, within))


def _input_data(walk: Walk, element: Element, namespace: str) -> InputData:
    name = read_name(walk, element, "")
    within = f'input "{name}"'
    place = walk.place(element, within)
    return InputData(_key(element, namespace), name, _variable(walk, element, name, within), place)


def _decision(walk: Walk, element: Element, namespace: str) -> Decision:
    name = read_name(walk, element, "")
    within = f'decision "{name}"'
    return Decision(
        key=_key(element, namespace),
        name=name,
        variable=_variable(walk, element, name, within),
        expression=only_expression(walk, element, within),
        requires=_references(
            walk, element, "informationRequirement", ("requiredInput", "requiredDecision"), namespace, within
        ),
        knowledge=_references(walk, element, "knowledgeRequirement", ("requiredKnowledge",), namespace, within),
        place=walk.place(element, within),
        question=text_of(child(element, "question")).strip(),
        description=text_of(child(element, "description")).strip(),
    )


def _knowledge(walk: Walk, element: Element, namespace: str) -> KnowledgeModel:
    name = read_name(walk, element, "")
    within = f'knowledge model "{name}"'
    logic = child(element, "encapsulatedLogic")
    return KnowledgeModel(
        key=_key(element, namespace),
        name=name,
        variable=_variable(walk, element, name, within),
        logic=None if logic is None else read_function(walk, logic, within),
        knowledge=_references(walk, element, "knowledgeRequirement", ("requiredKnowledge",), namespace, within),
        place=walk.place(element, within),
    )


def _service(walk: Walk, element: Element, namespace: str) -> Service:
    name = read_name(walk, element, "")
    within = f'service "{name}"'

    def keys(tag: str) -> tuple[Key, ...]:
        found = (_href(walk, one, namespace, within) for one in children(element, tag))
        return tuple(key for key in found if key is not None)

    outputs = keys("outputDecision")
    if not outputs:
        walk.complain(element, "no-output", "the service has no output decision", "Add an <outputDecision>.", within)
    return Service(
        key=_key(element, namespace),
        name=name,
        variable=_variable(walk, element, name, within),
        outputs=outputs,
        encapsulated=keys("encapsulatedDecision"),
        input_decisions=keys("inputDecision"),
        input_data=keys("inputData"),
        place=walk.place(element, within),
    )


def _references(
    walk: Walk, element: Element, requirement: str, targets: tuple[str, ...], namespace: str, within: str
) -> tuple[Key, ...]:
    keys: list[Key] = []
    for one in children(element, requirement):
        target = child(one, *targets)
        if target is None:
            walk.complain(
                one, "part", f"<{requirement}> names nothing", f"Add <{'> or <'.join(targets)}>.", within
            )
            continue
        key = _href(walk, target, namespace, within)
        if key is not None and key not in keys:
            keys.append(key)
    return tuple(keys)


def _href(walk: Walk, element: Element, namespace: str, within: str) -> Key | None:
    model, hash_mark, identifier = element.get("href", "").strip().rpartition("#")
    if not hash_mark or not identifier:
        walk.complain(
            element, "href", f"<{local(element)}> has no href of the form #id", "Point it at an element's id.", within
        )
        return None
    return model or namespace, identifier

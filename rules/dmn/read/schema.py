"""What may stand in a DMN file: element by element, its attributes and children (DMN 1.1 to 1.5).

Whatever is not listed is refused, so that nothing a designer wrote is dropped in silence. Elements in DOCUMENTATION are
known and say nothing that changes a decision.
"""

from __future__ import annotations

NAMESPACES = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20151101/dmn11.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
FEEL_NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/FEEL/20140401",
        "http://www.omg.org/spec/DMN/20180521/FEEL/",
        "https://www.omg.org/spec/DMN/20191111/FEEL/",
        "https://www.omg.org/spec/DMN/20211108/FEEL/",
        "https://www.omg.org/spec/DMN/20230324/FEEL/",
    }
)
DIAGRAM_NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20180521/DMNDI/",
        "https://www.omg.org/spec/DMN/20191111/DMNDI/",
        "https://www.omg.org/spec/DMN/20230324/DMNDI/",
    }
)
DOCUMENTATION = frozenset(
    {
        "description",
        "extensionElements",
        "question",
        "allowedAnswers",
        "authorityRequirement",
        "supportedObjective",
        "impactedPerformanceIndicator",
        "decisionMaker",
        "decisionOwner",
        "usingProcess",
        "usingTask",
        "knowledgeSource",
        "textAnnotation",
        "association",
        "group",
        "elementCollection",
        "performanceIndicator",
        "organizationUnit",
        "businessContextElement",
    }
)
EXPRESSIONS = frozenset(
    {
        "literalExpression",
        "decisionTable",
        "context",
        "relation",
        "list",
        "functionDefinition",
        "invocation",
        "conditional",
        "filter",
        "for",
        "some",
        "every",
    }
)

_ELEMENT = frozenset({"id", "label"})
_NAMED = _ELEMENT | {"name"}
_EXPRESSION = _ELEMENT | {"typeRef"}
_TESTS = (_EXPRESSION | {"expressionLanguage"}, frozenset({"text"}))
_VARIABLE = (_NAMED | {"typeRef"}, frozenset[str]())
_REFERENCE = (_ELEMENT | {"href"}, frozenset[str]())
_CHILD = (_EXPRESSION, EXPRESSIONS)
_ITERATION = (_EXPRESSION | {"iteratorVariable"}, frozenset({"in", "return", "satisfies"}))

Shape = tuple[frozenset[str], frozenset[str]]  # (attributes, children beside DOCUMENTATION)

SHAPES: dict[str, Shape] = {
    "definitions": (
        _NAMED | {"expressionLanguage", "typeLanguage", "namespace", "exporter", "exporterVersion"},
        frozenset({"import", "itemDefinition", "decision", "businessKnowledgeModel", "decisionService", "inputData"}),
    ),
    "import": (_NAMED | {"namespace", "locationURI", "importType"}, frozenset()),
    "itemDefinition": (
        _NAMED | {"typeLanguage", "isCollection"},
        frozenset({"typeRef", "allowedValues", "typeConstraint", "itemComponent", "functionItem"}),
    ),
    "itemComponent": (
        _NAMED | {"typeLanguage", "isCollection"},
        frozenset({"typeRef", "allowedValues", "typeConstraint", "itemComponent", "functionItem"}),
    ),
    "functionItem": (_ELEMENT | {"outputTypeRef"}, frozenset({"parameters"})),
    "parameters": _VARIABLE,
    "inputData": (_NAMED | {"href"}, frozenset({"variable"})),  # with href: a reference inside a service
    "decision": (
        _NAMED,
        frozenset({"variable", "informationRequirement", "knowledgeRequirement"}) | EXPRESSIONS,
    ),
    "businessKnowledgeModel": (_NAMED, frozenset({"variable", "encapsulatedLogic", "knowledgeRequirement"})),
    "encapsulatedLogic": (_EXPRESSION | {"kind"}, frozenset({"formalParameter"}) | EXPRESSIONS),
    "functionDefinition": (_EXPRESSION | {"kind"}, frozenset({"formalParameter"}) | EXPRESSIONS),
    "formalParameter": _VARIABLE,
    "decisionService": (
        _NAMED,
        frozenset({"variable", "outputDecision", "encapsulatedDecision", "inputDecision", "inputData"}),
    ),
    "variable": _VARIABLE,
    "informationRequirement": (_ELEMENT, frozenset({"requiredDecision", "requiredInput"})),
    "knowledgeRequirement": (_ELEMENT, frozenset({"requiredKnowledge"})),
    "requiredDecision": _REFERENCE,
    "requiredInput": _REFERENCE,
    "requiredKnowledge": _REFERENCE,
    "outputDecision": _REFERENCE,
    "encapsulatedDecision": _REFERENCE,
    "inputDecision": _REFERENCE,
    "literalExpression": (_EXPRESSION | {"expressionLanguage"}, frozenset({"text"})),
    "inputExpression": (_EXPRESSION | {"expressionLanguage"}, frozenset({"text"})),
    "outputEntry": (_EXPRESSION | {"expressionLanguage"}, frozenset({"text"})),
    "defaultOutputEntry": (_EXPRESSION | {"expressionLanguage"}, frozenset({"text"})),
    "inputEntry": _TESTS,
    "inputValues": _TESTS,
    "outputValues": _TESTS,
    "allowedValues": _TESTS,
    "typeConstraint": _TESTS,
    "text": (frozenset(), frozenset()),
    "typeRef": (frozenset(), frozenset()),
    "decisionTable": (
        _EXPRESSION | {"hitPolicy", "aggregation", "preferredOrientation", "outputLabel"},
        frozenset({"input", "output", "annotation", "rule"}),
    ),
    "input": (_ELEMENT, frozenset({"inputExpression", "inputValues"})),
    "output": (_NAMED | {"typeRef"}, frozenset({"outputValues", "defaultOutputEntry"})),
    "annotation": (_NAMED, frozenset()),
    "rule": (_ELEMENT, frozenset({"inputEntry", "outputEntry", "annotationEntry"})),
    "annotationEntry": (_ELEMENT, frozenset({"text"})),
    "context": (_EXPRESSION, frozenset({"contextEntry"})),
    "contextEntry": (_ELEMENT, frozenset({"variable"}) | EXPRESSIONS),
    "relation": (_EXPRESSION, frozenset({"column", "row"})),
    "column": _VARIABLE,
    "row": (_EXPRESSION, EXPRESSIONS),
    "list": (_EXPRESSION, EXPRESSIONS),
    "invocation": (_EXPRESSION, frozenset({"binding"}) | EXPRESSIONS),
    "binding": (_ELEMENT, frozenset({"parameter"}) | EXPRESSIONS),
    "parameter": _VARIABLE,
    "conditional": (_EXPRESSION, frozenset({"if", "then", "else"})),
    "if": _CHILD,
    "then": _CHILD,
    "else": _CHILD,
    "filter": (_EXPRESSION, frozenset({"in", "match"})),
    "match": _CHILD,
    "in": _CHILD,
    "return": _CHILD,
    "satisfies": _CHILD,
    "for": _ITERATION,
    "some": _ITERATION,
    "every": _ITERATION,
}
HIT_POLICIES = {
    "UNIQUE": "U",
    "ANY": "A",
    "PRIORITY": "P",
    "FIRST": "F",
    "RULE ORDER": "R",
    "OUTPUT ORDER": "O",
    "COLLECT": "C",
}
AGGREGATIONS = frozenset({"SUM", "COUNT", "MIN", "MAX"})

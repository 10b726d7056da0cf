"""DMN 1.1 to 1.5 on top of FEEL: decision models read, checked, decided and explained.

    model = read_model(data, name="urgentie.dmn")
    decided = decide(model, "urgentie", {"dreiging": "ontruiming", ...})
    decided.outputs, decided.why.matched, render_text(decided.why)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from schuldhulp.rules.dmn.analysis import analyse
    from schuldhulp.rules.dmn.deciding import Decided, decide, evaluate, prepare
    from schuldhulp.rules.dmn.dutch import render_dutch
    from schuldhulp.rules.dmn.errors import (
        AggregationFailed,
        DecisionError,
        ExpressionFailed,
        HitPolicyError,
        InputErrors,
        NoRuleMatches,
        NoSuchDecision,
        Remark,
        RulesDiffer,
        SeveralRulesMatch,
        WorkExceeded,
    )
    from schuldhulp.rules.dmn.examples import Example, ExampleError, ExampleReport, load_examples, run_examples
    from schuldhulp.rules.dmn.findings import DmnErrors, Excerpt, Finding
    from schuldhulp.rules.dmn.inputs import InputInfo, output_info, required_inputs
    from schuldhulp.rules.dmn.model import Decision, Place, Rule, Service, Table
    from schuldhulp.rules.dmn.program import DmnModel, read_model
    from schuldhulp.rules.dmn.why import CellOutcome, RuleHit, TableWhy, Why, render_text

_MODULES: dict[str, tuple[str, ...]] = {
    "analysis": ("analyse",),
    "deciding": ("Decided", "decide", "evaluate", "prepare"),
    "dutch": ("render_dutch",),
    "errors": (
        "AggregationFailed",
        "DecisionError",
        "ExpressionFailed",
        "HitPolicyError",
        "InputErrors",
        "NoRuleMatches",
        "NoSuchDecision",
        "Remark",
        "RulesDiffer",
        "SeveralRulesMatch",
        "WorkExceeded",
    ),
    "examples": (
        "Example",
        "ExampleError",
        "ExampleReport",
        "load_examples",
        "run_examples",
    ),
    "findings": ("DmnErrors", "Excerpt", "Finding"),
    "inputs": ("InputInfo", "output_info", "required_inputs"),
    "model": (
        "Decision",
        "Place",
        "Rule",
        "Service",
        "Table",
    ),
    "program": ("DmnModel", "read_model"),
    "why": (
        "CellOutcome",
        "RuleHit",
        "TableWhy",
        "Why",
        "render_text",
    ),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    """What is asked for is imported then: who decides needs neither the analysis nor the reader of examples."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    return found


def __dir__() -> list[str]:
    return __all__


__all__ = [
    "AggregationFailed",
    "CellOutcome",
    "Decided",
    "Decision",
    "DecisionError",
    "DmnErrors",
    "DmnModel",
    "Example",
    "ExampleError",
    "ExampleReport",
    "Excerpt",
    "ExpressionFailed",
    "Finding",
    "HitPolicyError",
    "InputErrors",
    "InputInfo",
    "NoRuleMatches",
    "NoSuchDecision",
    "Place",
    "Remark",
    "Rule",
    "RuleHit",
    "RulesDiffer",
    "Service",
    "SeveralRulesMatch",
    "Table",
    "TableWhy",
    "Why",
    "WorkExceeded",
    "analyse",
    "decide",
    "evaluate",
    "load_examples",
    "output_info",
    "prepare",
    "read_model",
    "render_dutch",
    "render_text",
    "required_inputs",
    "run_examples",
]

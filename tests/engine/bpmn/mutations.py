"""Small faults put into the executor, one at a time, to see whether the histories against the token game find them.

A mutation changes one operator, condition or statement, anywhere in the modules below. Each is tried in a process of its own, on
the executor as it lies here with that one change made while it is imported; no file is touched. What the histories do not find
is tried on the tests by example, to know whether anything does.

    python -m tests.engine.bpmn.mutations [NUMBER] [SEED]
"""

from __future__ import annotations

import ast
import importlib
import importlib.abc
import importlib.machinery
import io
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import CodeType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = "schuldhulp.engine.bpmn.run"
MODULES = ("activities", "compensation", "draft", "events", "flow", "gateways", "loops", "reach", "scopes", "step", "stimuli",
           "throwing", "tree")  # fmt: skip
FOUND = 3
"""Exit code of a process whose histories found the fault."""
SECONDS = 240
"""After which a mutant that goes round for ever counts as found."""
SOUND, UNSTRUCTURED = range(20_000, 20_400), range(20_000, 20_200)

EQUIVALENT = {
    "throwing: if draft.node_of(token).kind is Kind.END -> never": "an end has no outgoing flows, and leaving without is ending",
    "compensation: if wanted is not None and targets -> never": "an activity stands in one scope: looking on finds nothing more",
}
"""Changes after which the executor does the same, with the reason; another is drawn in their place."""

_OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt, ast.Is: ast.IsNot,
    ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add,
}  # fmt: skip


@dataclass(frozen=True)
class Mutation:
    """`number`: the how manieth possible change of the module."""

    module: str
    number: int
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.module}.py:{self.line}: {self.what}"


class _Changer(ast.NodeTransformer):
    """Counts the possible changes; makes the one with number *wanted*."""

    def __init__(self, wanted: int | None = None) -> None:
        self.wanted, self.seen = wanted, 0
        self.found: list[tuple[int, str]] = []

    def _chosen(self, node: Any, what: str) -> bool:
        self.found.append((node.lineno, what))
        self.seen += 1
        return self.seen - 1 == self.wanted

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        other = _OPERATORS.get(type(node.ops[0]))
        if other and self._chosen(node, f"{ast.unparse(node)} -> {other.__name__}"):
            node.ops[0] = other()  # type: ignore[call-overload]
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        if self._chosen(node, f"{ast.unparse(node)} -> {_OPERATORS[type(node.op)].__name__}"):
            node.op = _OPERATORS[type(node.op)]()  # type: ignore[assignment]
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        other = _OPERATORS.get(type(node.op))
        if other and self._chosen(node, f"{ast.unparse(node)} -> {other.__name__}"):
            node.op = other()  # type: ignore[assignment]
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Not) and self._chosen(node, f"{ast.unparse(node)} -> without not"):
            return node.operand
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        """A guard that only raises is against models that the check refuses: no history has such a model."""
        if isinstance(node.body[0], ast.Raise):
            return node
        self.generic_visit(node)
        if self._chosen(node.body[0], f"if {ast.unparse(node.test)} -> never"):  # what the histories never enter says nothing
            node.test = ast.copy_location(ast.Constant(False), node.test)
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        """A statement that is a call: left out. What only counts the work done is no behaviour."""
        self.generic_visit(node)
        text = ast.unparse(node)
        if isinstance(node.value, ast.Call) and ".spend(" not in text and self._chosen(node, f"{text} -> left out"):
            return ast.copy_location(ast.Pass(), node)
        return node

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        return node

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        return node


def changes(module: str) -> list[Mutation]:
    """All that can be changed in a module of the executor."""
    changer = _Changer()
    changer.visit(ast.parse((ROOT / "engine" / "bpmn" / "run" / f"{module}.py").read_text(encoding="utf-8")))
    return [Mutation(module, number, line, what) for number, (line, what) in enumerate(changer.found)]


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads a module with one change in it."""

    wanted = 0

    def get_code(self, fullname: str) -> CodeType:
        tree = _Changer(self.wanted).visit(ast.parse(self.get_data(self.path)))
        return compile(ast.fix_missing_locations(tree), self.path, "exec")


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, module: str, number: int) -> None:
        self.name, self.number = f"{PACKAGE}.{module}", number

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        found = importlib.machinery.PathFinder.find_spec(fullname, path)
        assert found is not None
        assert found.origin is not None
        loader = _Loader(fullname, found.origin)
        loader.wanted = self.number
        return importlib.util.spec_from_file_location(fullname, found.origin, loader=loader)


def histories() -> None:
    """The histories, until something differs. Raises what was found."""
    game = importlib.import_module("tests.engine.bpmn.test_run_against_token_game")
    models = importlib.import_module("tests.engine.bpmn.random_models")
    for seed in SOUND:
        game.compare(models.sound(seed), seed, 60)
    for seed in UNSTRUCTURED:
        game.compare(models.unstructured(seed), seed, 25)


def examples() -> None:
    """The tests by example of the executor. Raises AssertionError when one fails."""
    names = ("adhoc", "basics", "compensation", "errors", "events", "loops", "state", "timers")
    files = [str(ROOT / "tests" / "engine" / "bpmn" / f"test_run_{name}.py") for name in names]
    options = ["-x", "-q", "--no-header", "-p", "no:cacheprovider", "-m", "not endurance"]
    with redirect_stdout(io.StringIO()):
        ended = pytest.main([*options, *files])
    assert ended == 0, "a test by example fails"


def sampled(number: int, seed: int) -> list[Mutation]:
    """So many mutations, in the order in which *seed* shuffles all that are possible; one that changes nothing is passed over."""
    possible = [each for name in MODULES for each in changes(name)]
    Random(seed).shuffle(possible)
    return [each for each in possible if f"{each.module}: {each.what}" not in EQUIVALENT][:number]


def found(mutation: Mutation) -> str | None:
    """What finds the mutant, the histories first; None when nothing does."""
    return _found(mutation, "histories") or _found(mutation, "examples")


def _found(mutation: Mutation, by: str) -> str | None:
    command = [sys.executable, "-m", "tests.engine.bpmn.mutations", "--one", mutation.module, str(mutation.number), by]
    environment = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return f"{by}: goes on for ever"
    if done.returncode not in (0, FOUND):
        raise RuntimeError(f"{mutation} was not tried: {done.stderr[-1000:]}")
    return f"{by}: {done.stdout.strip()}" if done.returncode == FOUND else None


def tried(number: int, seed: int) -> Iterator[tuple[Mutation, str | None]]:
    for mutation in sampled(number, seed):
        yield mutation, found(mutation)


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        sys.meta_path.insert(0, _Finder(sys.argv[2], int(sys.argv[3])))
        try:
            {"histories": histories, "examples": examples}[sys.argv[4]]()
        except Exception as error:  # whatever it is: with the executor as it is nothing is raised
            print(f"{type(error).__name__}: {str(error)[:100]}")
            sys.exit(FOUND)
        return
    number, seed = (int(text) for text in [*sys.argv[1:], *("20", "1")[len(sys.argv) - 1 :]])
    by: Counter[str] = Counter()
    for mutation, said in tried(number, seed):
        by["nothing" if said is None else said.split(":")[0]] += 1
        print(json.dumps({"mutation": str(mutation), "found": said}), flush=True)
    print(f"of {number} mutations: " + ", ".join(f"{count} found by {what}" for what, count in by.items()))


if __name__ == "__main__":
    main()

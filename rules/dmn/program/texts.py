"""The door to FEEL: pieces of text to closures, their errors placed in the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from schuldhulp.rules.dmn.classes import NotConstant, Profile, is_constant, profile
from schuldhulp.rules.dmn.errors import ExpressionFailed, Remark, WorkExceeded
from schuldhulp.rules.dmn.findings import Excerpt, Finding
from schuldhulp.rules.dmn.model import Definitions, Place, Text
from schuldhulp.rules.dmn.program.plain_cells import plain_literal, plain_profile
from schuldhulp.rules.dmn.program.session import Evaluate, Scope, Session
from schuldhulp.rules.feel import (
    Compiled,
    FeelSyntaxError,
    compile_expression,
    compile_unary_tests,
    nodes,
    unknown_names,
)
from schuldhulp.rules.feel import errors as feel_errors
from schuldhulp.rules.feel.callables import Run
from schuldhulp.rules.feel.nodes import Node
from schuldhulp.rules.feel.types import ANY, ContextType, FeelType
from schuldhulp.rules.feel.values import Value

NAME_IT = "Correct the name, or draw it as input data to this decision in the requirements diagram."
IMPORTED = "(what imports bring)"  # a type that carries the names behind an import's dot; no FEEL text can name it


class Cell:
    """A test: `evaluate` wants the value as `?` in the scope; `profile` is None when it depends on more than that.

    Compiled when somebody asks for its closure or tree; *compile_* then gives both.
    """

    def __init__(self, compile_: Callable[[], tuple[Evaluate, Node | None]], profile: Profile | None) -> None:
        self._compile, self.profile = compile_, profile

    @cached_property
    def _compiled(self) -> tuple[Evaluate, Node | None]:
        return self._compile()

    @property
    def evaluate(self) -> Evaluate:
        return self._compiled[0]

    @property
    def tree(self) -> Node | None:
        return self._compiled[1]


class Texts:
    """Compiles the texts of a model. In a tolerant reading a text with an error gives null with the reason."""

    def __init__(self, findings: list[Finding], *, tolerant: bool) -> None:
        self.findings = findings
        self.tolerant = tolerant
        self.types: Mapping[str, Mapping[str, FeelType]] = {}  # by namespace, set when the types are known

    def expression(self, text: Text, names: frozenset[str], file: Definitions, members: frozenset[str]) -> Evaluate:
        plain = plain_literal(text.text)
        if plain is not None:
            value = plain[0]
            return lambda scope, session: value
        compiled = self._compile(text, names, file.namespace, members, tests=False)
        if isinstance(compiled, Remark):
            return _always_null(compiled)
        return _evaluator(compiled, text, names)

    def tests(self, text: Text, names: frozenset[str], file: Definitions, members: frozenset[str]) -> Cell:
        def made() -> tuple[Evaluate, Node | None]:
            compiled = self._compile(text, names, file.namespace, members, tests=True)
            if isinstance(compiled, Remark):
                return _always_null(compiled), None
            return _evaluator(compiled, text, frozenset()), compiled.tree

        plain = plain_profile(text.text, lambda value: cell.evaluate({"?": value}, Session(strict=False)) is True)
        if plain is not None:
            cell = Cell(made, plain)
            return cell
        compiled = self._compile(text, names, file.namespace, members, tests=True)
        profile = None if isinstance(compiled, Remark) else _profile(compiled, names)
        both = made()
        return Cell(lambda: both, profile)

    def allowed(self, text: Text) -> Callable[[Value], bool]:
        """The test of allowed values as a plain function."""
        compiled = self._compile(text, frozenset(), "", frozenset(), tests=True)
        if isinstance(compiled, Remark):
            return lambda value: False
        return _test_alone(compiled, text)

    def alone(self, text: Text) -> Callable[[Value], bool] | None:
        """The tests as a plain function of the value, or None when they also depend on other names."""
        compiled = self._compile(text, frozenset(), "", frozenset(), tests=True, silent=True)
        if isinstance(compiled, Remark) or unknown_names(compiled):
            return None
        return _test_alone(compiled, text)

    def is_constant(self, text: Text, names: frozenset[str]) -> bool:
        """Whether an output is a literal (or nothing), whatever the inputs are."""
        if text.text.strip() in ("", "-") or plain_literal(text.text) is not None:
            return True
        try:
            return is_constant(compile_expression(text.text, names).tree, names)
        except FeelSyntaxError:
            return False

    def listed(self, text: Text) -> tuple[Value, ...] | None:
        """The constants of a list of values in their order; None when there is something else among them."""
        compiled = self._compile(text, frozenset(), "", frozenset(), tests=True, silent=True)
        if isinstance(compiled, Remark) or not isinstance(compiled.tree, nodes.UnaryTests) or compiled.tree.negated:
            return None
        tests = compiled.tree.tests
        if not all(is_constant(test, frozenset()) for test in tests):
            return None
        return tuple(constant_value(compiled.text, test) for test in tests)

    def _compile(
        self,
        text: Text,
        names: frozenset[str],
        namespace: str,
        members: frozenset[str],
        *,
        tests: bool,
        silent: bool = False,
    ) -> Compiled | Remark:
        types = {IMPORTED: ContextType(tuple((name, ANY) for name in sorted(members)))} if members else None
        source = text.text
        compile_ = compile_unary_tests if tests else compile_expression
        try:
            return compile_(
                source, names, types=types, named_types=self.types.get(namespace), strict_names=not self.tolerant
            )
        except FeelSyntaxError as error:
            excerpt = Excerpt(source, error.start, error.end)
            if not self.tolerant and not silent:
                place = _at_line(text.place, source, error.start)
                remedy = NAME_IT if isinstance(error, feel_errors.UnknownName) else "Correct the expression."
                self.findings.append(Finding("error", "feel", error.message, remedy, place, excerpt=excerpt))
            return Remark(text.place, "syntax", error.message, excerpt)


def constant_value(text: str, node: Node) -> Value:
    """The value of a constant expression, a part of *text*. Raises NotConstant when FEEL finds an error in it."""
    match node:
        case nodes.Null():
            return None
        case nodes.Boolean() | nodes.Number() | nodes.Text():
            return node.value
        case nodes.Negation(nodes.Number(value)):
            return -value
    result = compile_expression(text[node.start : node.end]).evaluate({})
    if result.remarks:
        raise NotConstant
    return result.value


def _profile(compiled: Compiled, names: frozenset[str]) -> Profile | None:
    def test(value: Value) -> bool:
        return compiled.evaluate_in(Run(compiled.text), {"?": value}) is True

    def constant(node: Node) -> Value:
        if not is_constant(node, names):
            raise NotConstant
        return constant_value(compiled.text, node)

    try:
        return profile(compiled.tree, test, constant)
    except NotConstant:
        return None


def _test_alone(compiled: Compiled, text: Text) -> Callable[[Value], bool]:
    def test(value: Value) -> bool:
        try:
            return compiled.evaluate_in(Run(compiled.text), {"?": value}) is True
        except feel_errors.WorkLimitExceeded as error:
            raise _exceeded(text.place, error) from None

    return test


def _exceeded(place: Place, error: feel_errors.WorkLimitExceeded) -> WorkExceeded:
    return WorkExceeded(place, error.message, kind="limit", excerpt=Excerpt(error.text, error.start, error.end))


def _always_null(remark: Remark) -> Evaluate:
    def evaluate(scope: Scope, session: Session) -> Value:
        session.null(remark.place, remark.kind, remark.message, remark.excerpt)
        return None

    return evaluate


def _evaluator(compiled: Compiled, text: Text, names: frozenset[str]) -> Evaluate:
    tree = compiled.tree
    if isinstance(tree, nodes.Name) and tree.name in names:
        name = tree.name
        return lambda scope, session: scope.get(name)
    if isinstance(tree, nodes.Null | nodes.Boolean | nodes.Number | nodes.Text):
        value = None if isinstance(tree, nodes.Null) else tree.value
        return lambda scope, session: value
    place = text.place

    def evaluate(scope: Scope, session: Session) -> Value:
        feel = session.run
        outer, feel.text = feel.text, compiled.text
        try:
            value = compiled.evaluate_in(feel, scope)
        except feel_errors.FeelEvaluationError as error:
            raise _failed(place, error) from None
        except feel_errors.WorkLimitExceeded as error:
            raise _exceeded(place, error) from None
        finally:
            feel.text = outer
        if feel.remarks:
            session.remarks.extend(placed(remark, place) for remark in feel.remarks)
            feel.remarks.clear()
        return value

    return evaluate


def placed(remark: feel_errors.Remark, place: Place) -> Remark:
    return Remark(place, remark.kind, remark.message, Excerpt(remark.text, remark.start, remark.end))


def _failed(place: Place, error: feel_errors.FeelEvaluationError) -> ExpressionFailed:
    remark = error.remark
    excerpt = Excerpt(remark.text, remark.start, remark.end)
    return ExpressionFailed(place, remark.message, kind=remark.kind, excerpt=excerpt)


def _at_line(place: Place, text: str, offset: int) -> Place:
    return Place(place.model, place.element, place.line + text.count("\n", 0, offset), place.within)

"""Functions as values, and the run that a call belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from schuldhulp.rules.feel.errors import FeelEvaluationError, FeelValueError, NullResult, Remark, WorkLimitExceeded
from schuldhulp.rules.feel.types import ANY, FeelType, FunctionType, ListType, coerce, python_types
from schuldhulp.rules.feel.values import Value, feel_value

DEFAULT_LIMIT = 1_000_000
REMARK_LIMIT = 100
CALL_DEPTH_LIMIT = 100
PATTERN_SECONDS = 2.0  # for all regular expressions of a run together
External = Mapping[str, Callable[..., object]]


class Run:
    """One evaluation: what it may still do, what it found wrong, and what it is given from outside."""

    # Defaults of the class, so that an evaluation that needs none of them costs little to start.
    now: datetime | None = None
    limit = left = DEFAULT_LIMIT
    external: External = MappingProxyType({})
    strict = False
    depth = 0
    pattern_seconds = PATTERN_SECONDS

    def __init__(
        self, text: str, now: datetime | None = None, limit: int = DEFAULT_LIMIT, external: External | None = None,
        strict: bool = False,
    ) -> None:
        self.text = text
        self.remarks: list[Remark] = []
        if now is not None:
            self.now = now
        if limit != DEFAULT_LIMIT:
            self.limit = self.left = limit
        if external:
            self.external = external
        if strict:
            self.strict = True

    def charge(self, steps: int, text: str | None = None, start: int = 0, end: int | None = None) -> None:
        """Count steps of work. Raises WorkLimitExceeded."""
        self.left -= steps
        if self.left < 0:
            text = self.text if text is None else text
            message = f"the evaluation needs more than {self.limit:,} steps"
            raise WorkLimitExceeded(text, start, len(text) if end is None else end, message)

    def remark(self, remark: Remark) -> None:
        """Note why a value is null. Raises FeelEvaluationError when strict, WorkLimitExceeded for a limit of time."""
        if remark.kind == "time-limit":  # on another machine it is no null
            raise WorkLimitExceeded(remark.text, remark.start, remark.end, remark.message)
        if self.strict and remark.kind != "null-operand":
            raise FeelEvaluationError(remark)
        if len(self.remarks) < REMARK_LIMIT and remark not in self.remarks:
            self.remarks.append(remark)


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter: `nullable` takes null, `optional` may be left out, `variadic` takes the rest, at least one."""

    name: str
    type: FeelType = ANY
    nullable: bool = True
    optional: bool = False
    variadic: bool = False


Body = Callable[[Run, list[Value]], Value]


class Signature:
    """One way to call a function."""

    __slots__ = ("body", "least", "most", "params", "quick", "result", "variadic")

    def __init__(self, params: tuple[Param, ...], body: Body, result: FeelType = ANY) -> None:
        self.params, self.body, self.result = params, body, result
        self.variadic = bool(params) and params[-1].variadic
        self.least = sum(not param.optional for param in params)
        self.most = 1_000_000 if self.variadic else len(params)
        self.quick = [None if param.type is ANY and param.nullable else python_types(param.type) for param in params]

    def bind(self, arguments: list[Value]) -> list[Value]:
        """One converted value per parameter. Raises NullResult."""
        if not self.variadic and len(arguments) == len(self.params):
            for value, quick in zip(arguments, self.quick, strict=True):
                if quick is not None and type(value) not in quick:
                    break
            else:
                return arguments
        bound = [_converted(param, value) for param, value in zip(self.params, arguments, strict=False)]
        if self.variadic:
            last = self.params[-1]
            rest: list[Value] = [_converted(last, value) for value in arguments[len(self.params) - 1 :]]
            return [*bound[: len(self.params) - 1], rest]
        bound.extend([None] * (len(self.params) - len(bound)))
        return bound

    def order(self, named: Mapping[str, Value]) -> list[Value] | None:
        """Named arguments by position, or None when the names are not those of this signature.

        A parameter that is not named is null; of the optional ones, those at the end are left out.
        """
        names = [param.name for param in self.params]
        if not set(named) <= set(names):
            return None
        if self.variadic:
            given = named.get(names[-1])
            rest = given if isinstance(given, list) else [given]
            return [*(named.get(name) for name in names[:-1]), *rest]
        while names and names[-1] not in named and self.params[len(names) - 1].optional:
            names.pop()
        return [named.get(name) for name in names]

    def __str__(self) -> str:
        return ", ".join(_shown(param) for param in self.params)


def _shown(param: Param) -> str:
    return f"{param.name}{'...' if param.variadic else '?' if param.optional else ''}"


def _converted(param: Param, value: Value) -> Value:
    if value is None:
        if param.nullable:
            return None
        raise NullResult("null-operand", f"{param.name!r} is null")
    try:
        return coerce(value, param.type)
    except NullResult as error:
        raise NullResult("argument-type", f"{param.name!r}: {error.message}") from None


class Function:
    """A FEEL function: a built-in, one defined in an expression, or one that the caller adds from Python."""

    __slots__ = ("name", "signatures")

    def __init__(self, name: str, signatures: Sequence[Signature]) -> None:
        self.name, self.signatures = name, tuple(signatures)

    @classmethod
    def of(
        cls, call: Callable[..., object], parameters: Sequence[str | tuple[str, FeelType]], *, name: str = "",
        result: FeelType = ANY, optional: int = 0, with_run: bool = False,
    ) -> Function:
        """A function from a Python callable, which gets FEEL values by position and returns what feel_value takes.

        Parameter names may hold spaces; a parameter with a type is converted or refused before the call, and null is
        passed on. The last `optional` parameters may be left out (None). `with_run` passes the Run first, to evaluate
        more within the same limits. The callable says "null, because" by raising NullResult(kind, message).
        """
        params = [Param(part) if isinstance(part, str) else Param(part[0], part[1]) for part in parameters]
        first = len(params) - optional
        params = [Param(p.name, p.type, True, at >= first) for at, p in enumerate(params)]

        def body(run: Run, arguments: list[Value]) -> Value:
            try:
                return feel_value(call(run, *arguments) if with_run else call(*arguments))
            except FeelValueError as error:
                raise NullResult("invalid-argument", f"{name or call.__name__}: {error}") from None

        return cls(name or call.__name__, [Signature(tuple(params), body, result)])

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the parameters of the first way to call it."""
        return tuple(param.name for param in self.signatures[0].params)

    def types(self) -> list[FeelType]:
        """One type per way to call it."""
        found: list[FeelType] = []
        for signature in self.signatures:
            params = tuple(ListType(p.type) if p.variadic else p.type for p in signature.params)
            found.append(FunctionType(params, signature.result))
        return found

    def call(self, run: Run, arguments: list[Value]) -> Value:
        """The result for arguments by position. Raises NullResult with the reason for a null."""
        count = len(arguments)
        problem: NullResult | None = None
        for signature in self.signatures:
            if signature.least <= count <= signature.most:
                try:
                    bound = signature.bind(arguments)
                except NullResult as error:
                    problem = problem or error
                    continue
                return enter(run, signature, bound)
        if problem is None:
            raise NullResult("argument-count", f"{self} does not take {count} arguments")
        raise NullResult(problem.kind, f"{self.name}: {problem.message}")

    def call_named(self, run: Run, named: Mapping[str, Value]) -> Value:
        """The result for named arguments; a parameter that is not named is null."""
        problem: NullResult | None = None
        for signature in self.signatures:
            arguments = signature.order(named)
            if arguments is not None:
                try:
                    bound = signature.bind(arguments)
                except NullResult as error:
                    problem = problem or error
                    continue
                return enter(run, signature, bound)
        if problem is None:
            given = ", ".join(repr(name) for name in named)
            raise NullResult("argument-name", f"{self} has no parameters {given}")
        raise NullResult(problem.kind, f"{self.name}: {problem.message}")

    def __str__(self) -> str:
        return f"{self.name or 'function'}({'; '.join(map(str, self.signatures))})"


def enter(run: Run, signature: Signature, bound: list[Value]) -> Value:
    """The body's result, with its work and its depth counted."""
    cost = 1
    for value in bound:
        if isinstance(value, (list, str, dict)):
            cost += _size(value)
    run.charge(cost)
    if run.depth >= CALL_DEPTH_LIMIT:
        raise WorkLimitExceeded(run.text, 0, len(run.text), f"more than {CALL_DEPTH_LIMIT} calls are nested")
    run.depth += 1
    try:
        result = signature.body(run, bound)
    finally:
        run.depth -= 1
    if isinstance(result, (list, str, dict)):
        run.charge(_size(result))
    return result


def _size(value: list[Value] | str | dict[str, Value]) -> int:
    """What handling a value costs: its items, or a step per 32 characters."""
    return len(value) >> 5 if isinstance(value, str) else len(value)

"""What can go wrong while deciding. Each error carries its data; its text says what, where and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from schuldhulp.rules.dmn.findings import Excerpt
from schuldhulp.rules.dmn.model import Place
from schuldhulp.rules.dmn.read.walk import did_you_mean
from schuldhulp.rules.dmn.show import show
from schuldhulp.rules.feel.values import Value


@dataclass(frozen=True, slots=True)
class Remark:
    """Why a value became null, and where: a null is never silent. `kind` is a word for programs."""

    place: Place
    kind: str
    message: str
    excerpt: Excerpt | None = None

    def render(self) -> str:
        text = f"{self.place}: {self.message}"
        return text if self.excerpt is None else f"{text}\n{self.excerpt.render()}"


class DecisionError(Exception):
    """A decision could not be made. `place` says where in the model."""

    def __init__(self, place: Place, message: str, *, kind: str, excerpt: Excerpt | None = None) -> None:
        self.place, self.kind, self.message, self.excerpt = place, kind, message, excerpt
        super().__init__(self.remark.render())

    @property
    def remark(self) -> Remark:
        return Remark(self.place, self.kind, self.message, self.excerpt)


class NoSuchDecision(DecisionError):
    """The model has no decision or service of that name or id."""

    def __init__(self, model: str, wanted: str, known: Iterable[str]) -> None:
        self.wanted = wanted
        super().__init__(
            Place(model), f"there is no decision {wanted!r}{did_you_mean(wanted, known)}", kind="no-such-decision"
        )


class InputErrors(DecisionError):
    """Inputs are missing, of the wrong type or outside their allowed values; `problems` is by input name."""

    def __init__(self, place: Place, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        lines = "".join(f"\n    {name}: {problem}" for name, problem in self.problems.items())
        super().__init__(place, f"the inputs cannot be used:{lines}", kind="inputs")


class ExpressionFailed(DecisionError):
    """A FEEL expression gave null because of an error; strict deciding does not go on with that."""


class WorkExceeded(DecisionError):
    """Deciding took more steps, or nested deeper, than allowed. Raised when not deciding strictly too."""


class HitPolicyError(DecisionError):
    """The rules that match give no result under the table's hit policy."""


class NoRuleMatches(HitPolicyError):
    """No rule of the table matched, and the table has no default output."""

    def __init__(self, place: Place, inputs: Mapping[str, Value]) -> None:
        self.inputs = dict(inputs)
        super().__init__(
            place,
            f"no rule matches {show_inputs(inputs)}. Add a rule for this, or a default output.",
            kind="no-rule",
        )


class SeveralRulesMatch(HitPolicyError):
    """A table with hit policy UNIQUE had more than one matching rule."""

    def __init__(self, place: Place, rules: Sequence[int], inputs: Mapping[str, Value]) -> None:
        self.rules, self.inputs = tuple(rules), dict(inputs)
        super().__init__(
            place,
            f"rules {', '.join(map(str, rules))} all match {show_inputs(inputs)}. "
            "Make one of them narrower, or choose another hit policy.",
            kind="several-rules",
        )


class RulesDiffer(HitPolicyError):
    """A table with hit policy ANY had matching rules with different outputs."""

    def __init__(self, place: Place, rules: Sequence[int], inputs: Mapping[str, Value]) -> None:
        self.rules, self.inputs = tuple(rules), dict(inputs)
        super().__init__(
            place,
            f"rules {', '.join(map(str, rules))} match {show_inputs(inputs)} and do not agree on the result. "
            "Give them the same outputs, or choose another hit policy.",
            kind="rules-differ",
        )


class AggregationFailed(HitPolicyError):
    """The results of a COLLECT table cannot be added up or compared."""

    def __init__(self, place: Place, aggregation: str, rules: Sequence[int]) -> None:
        self.rules = tuple(rules)
        super().__init__(
            place,
            f"{aggregation} cannot be taken over the outputs of rules {', '.join(map(str, rules)) or '(none)'}. "
            "Let each rule give a value of one and the same kind.",
            kind="aggregation",
        )


def show_inputs(inputs: Mapping[str, Value]) -> str:
    return ", ".join(f"{name} = {show(value)}" for name, value in inputs.items()) or "no inputs"

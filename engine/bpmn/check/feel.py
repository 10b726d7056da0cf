"""The FEEL of the product as the check's hook."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from schuldhulp.engine.bpmn.check.context import FeelCheck
from schuldhulp.rules.feel import FeelError, Function, compile_expression, refuse_foreign


def feel_check(functions: Mapping[str, Function] | None = None) -> FeelCheck:
    """A hook that compiles with the built-ins and *functions*; a name that is not in scope is an error."""

    def judge(text: str, names: Collection[str] | None) -> str | None:
        try:
            compiled = compile_expression(text, names or (), functions=functions, strict_names=names is not None)
            refuse_foreign(compiled)
        except FeelError as error:
            return str(error)
        return None

    return judge

"""The same tables as a programmer would write them: `if` after `if`, with Decimal and checks for missing values."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bench.rules.tables import FLAGS, INPUTS, NUMBERS, Rule, Sheet

Call = Callable[[Mapping[str, object]], object]


def written(sheet: Sheet, policy: str) -> Call:
    """A function whose source is written here from the rules, as text that nobody but this measurement runs."""
    lines = ["def decide(inputs):"]
    lines += [f'    {name} = inputs["{name}"]' for name in INPUTS]
    lines.append(f"    if {' or '.join(f'{name} is None' for name in INPUTS)}:")
    lines.append('        raise ValueError("an input is missing")')
    if policy == "COLLECT":
        lines.append("    found = []")
    for rule in sheet.rules:
        result = f'{{"soort": "{rule.outputs[0]}", "nummer": Decimal({rule.outputs[1]})}}'.replace(
            f"Decimal({rule.outputs[1]})", f"N{rule.outputs[1]}"
        )
        lines.append(f"    if {_condition(rule)}:")
        lines.append(f"        found.append({result})" if policy == "COLLECT" else f"        return {result}")
    lines.append("    return found" if policy == "COLLECT" else '    raise ValueError("no rule matches")')
    names: dict[str, object] = _constants(sheet)
    exec("\n".join(lines), names)
    call = names["decide"]
    assert callable(call)
    return call


def _condition(rule: Rule) -> str:
    parts: list[str] = []
    for name, (kind, operands) in rule.tests.items():
        if kind == "range":
            parts.append(f"D{operands[0]} <= {name} < D{operands[1]}")
        elif name in FLAGS:
            parts.append(name if operands[0] else f"not {name}")
        elif len(operands) == 1:
            parts.append(f'{name} == "{operands[0]}"')
        else:
            parts.append(f"{name} in {operands!r}")
    return " and ".join(parts) or "True"


def _constants(sheet: Sheet) -> dict[str, object]:
    """Decimals made once, as a careful programmer would."""
    from decimal import Decimal

    found: dict[str, object] = {}
    for rule in sheet.rules:
        found[f"N{rule.outputs[1]}"] = Decimal(rule.outputs[1])
        for name in NUMBERS:
            for operand in rule.tests.get(name, ("", ()))[1]:
                found[f"D{operand}"] = operand
    return found

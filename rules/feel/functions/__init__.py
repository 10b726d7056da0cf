"""All built-in functions of FEEL 1.5, one module per kind."""

from schuldhulp.rules.feel.callables import Function
from schuldhulp.rules.feel.functions import contexts, conversion, dates, lists, numeric, ranges, statistics, text

BUILT_INS: dict[str, Function] = {
    name: function
    for module in (contexts, conversion, dates, lists, numeric, ranges, statistics, text)
    for name, function in module.registry.functions().items()
}
CLOCK = frozenset(("now", "today"))  # never folded to a constant

__all__ = ["BUILT_INS", "CLOCK"]

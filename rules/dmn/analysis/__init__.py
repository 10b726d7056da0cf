"""What is wrong with a table before anyone decides by it: gaps, overlaps, rules that never count, each with an example."""

from schuldhulp.rules.dmn.analysis.table import analyse

__all__ = ["analyse"]

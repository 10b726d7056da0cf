"""What the modules achieved in a period: numbers, lead times, hours, goals, terms (C-Q01, C-Q02, C-Q03)."""

from schuldhulp.tasks.figures.collect import Period, collect, quarters
from schuldhulp.tasks.figures.export import to_csv
from schuldhulp.tasks.figures.model import Figures, GoalFigures, ModuleFigures, Run, Spread, TermFigures, summarise

__all__ = [
    "Figures", "GoalFigures", "ModuleFigures", "Period", "Run", "Spread", "TermFigures", "collect", "quarters",
    "summarise", "to_csv",
]  # fmt: skip

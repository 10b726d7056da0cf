"""Letters on paper: PDF/A-2a and PDF/UA-1, made by typst in a process of its own, from data alone."""

from schuldhulp.engine.printing.press import PressFailed, Printed, press
from schuldhulp.engine.printing.sheet import Sender, Sheet

__all__ = ["PressFailed", "Printed", "Sender", "Sheet", "press"]

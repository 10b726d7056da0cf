"""Letters: text templates that are data, rendered within bounds; nothing in one can run code or reach a file."""

from schuldhulp.engine.definitions.letters.model import Letter, LetterError, Rendered
from schuldhulp.engine.definitions.letters.read import load_letter
from schuldhulp.engine.definitions.letters.render import render_address, render_letter

__all__ = ["Letter", "LetterError", "Rendered", "load_letter", "render_address", "render_letter"]

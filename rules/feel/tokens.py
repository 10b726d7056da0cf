"""Text to tokens. Names are put together later, from words and signs, by longest match against the scope."""

from __future__ import annotations

import re
from dataclasses import dataclass

from schuldhulp.rules.feel.errors import FeelSyntaxError

# Name start and name part characters of DMN 1.5, 10.3.1.2 rules 27-29 (with every letter outside the BMP).
_START = (
    r"?A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_WORD = re.compile(f"[{_START}][{_START}0-9\u00b7\u0300-\u036f\u203f-\u2040]*")
_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_SPACE = re.compile(r"(?:[\s\u200b\ufeff\u180e\u0085]|//[^\n\r]*|/\*(?:[^*]|\*(?!/))*\*/)+")
_SIGN = re.compile(r"\.\.|\*\*|<=|>=|!=|->|[-+*/<>=.,:;()\[\]{}@'\u2019!&|%^~\\#$]")
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}

NAME_SIGNS = frozenset(".-+*/'\u2019")
TEXT_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is word, number, text, sign or end; `spaced` says that white space or a comment comes before it."""

    kind: str
    text: str
    start: int
    end: int
    spaced: bool


def tokens(text: str) -> list[Token]:
    """All tokens of a text and one of kind `end`. Raises FeelSyntaxError."""
    if len(text) > TEXT_LIMIT:
        raise FeelSyntaxError(text, 0, 1, f"the expression is longer than {TEXT_LIMIT:,} characters")
    found: list[Token] = []
    at = 0
    while True:
        space = _SPACE.match(text, at)
        if space:
            at = space.end()
        if at == len(text):
            found.append(Token("end", "", at, at, bool(space)))
            return found
        token = _token(text, at, bool(space))
        found.append(token)
        at = token.end


def _token(text: str, at: int, spaced: bool) -> Token:
    if text.startswith("/*", at):
        raise FeelSyntaxError(text, at, at + 2, "this comment is not closed: end it with */")
    for kind, pattern in _PATTERNS:
        match = pattern.match(text, at)
        if match:
            return Token(kind, match[0], at, match.end(), spaced)
    raise FeelSyntaxError(text, at, at + 1, _complaint(text, at))


_PATTERNS = (("word", _WORD), ("number", _NUMBER), ("text", _TEXT), ("sign", _SIGN))


def _complaint(text: str, at: int) -> str:
    if text[at] == '"':
        return 'this text has no closing quote: end it with "'
    if text[at] in "\u201c\u201d\u201e":
        return 'curly quotes are not FEEL: write "text"'
    return f"the character {text[at]!r} has no meaning in FEEL"


def unescape(token: Token, source: str) -> str:
    """The value of a text token: quotes taken off, escapes resolved, surrogate pairs joined."""
    body = token.text[1:-1]
    if "\\" not in body:
        return body

    def resolve(match: re.Match[str]) -> str:
        if match[1] or match[2]:
            code = int(match[1] or match[2], 16)
            if code > 0x10FFFF:
                raise FeelSyntaxError(source, token.start, token.end, f"{match[0]} is not a character")
            return chr(code)
        if match[3] in _SIMPLE:
            return _SIMPLE[match[3]]
        return match[0]  # a pattern such as "\d" keeps its backslash

    return join_surrogates(_ESCAPE.sub(resolve, body))


def join_surrogates(text: str) -> str:
    """Pairs of surrogates as one character; a lone one as the replacement character, which can be stored."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def escape(value: str) -> str:
    """The literal of a text value."""
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        value = value.replace(plain, escaped)
    return f'"{value}"'

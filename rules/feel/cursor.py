"""Moving over the tokens of a text: what the parsers of expressions and of types share."""

from __future__ import annotations

from collections.abc import Callable

from schuldhulp.rules.feel import nodes
from schuldhulp.rules.feel.errors import FeelSyntaxError
from schuldhulp.rules.feel.names import RESERVED, Scope, is_name_part, spelling
from schuldhulp.rules.feel.nodes import Node
from schuldhulp.rules.feel.tokens import Token, tokens

DEPTH_LIMIT = 250
COMPARISONS = frozenset(("=", "!=", "<", "<=", ">", ">="))


class Cursor:
    """A position in the tokens."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.stream = tokens(text)
        self.at = 0

    @property
    def here(self) -> Token:
        return self.stream[self.at]

    def sees(self, *texts: str) -> bool:
        token = self.stream[self.at]
        return token.text in texts and token.kind in ("sign", "word")

    def accept(self, text: str) -> bool:
        if self.sees(text):
            self.at += 1
            return True
        return False

    def expect(self, text: str, why: str) -> Token:
        token = self.here
        if not self.accept(text):
            raise self.wrong(f"expected {text!r} {why}, found {shown(token)}")
        return token

    def wrong(self, message: str, token: Token | None = None) -> FeelSyntaxError:
        token = token or self.here
        return FeelSyntaxError(self.text, token.start, max(token.end, token.start + 1), message)

    @property
    def stop(self) -> int:
        """Where the last token that was read ends."""
        return self.stream[self.at - 1].end

    def whole(self, rule: Callable[[], Node]) -> Node:
        if self.here.kind == "end":
            raise self.wrong("the expression is empty")
        tree = rule()
        if self.here.kind != "end":
            raise self.wrong(self.unexpected())
        if nodes.depth(tree) > DEPTH_LIMIT:
            raise self.wrong(f"the expression is nested more than {DEPTH_LIMIT} deep; split it", self.stream[0])
        return tree

    def unexpected(self) -> str:
        token = self.here
        before = self.stream[self.at - 1] if self.at else token
        hint = _FOREIGN.get(token.text, "")
        if token.text == "=" and before.text in COMPARISONS:
            hint = "FEEL compares with a single ="
        if token.kind == "text" and before.kind == "word":
            hint = "is an operator or a comma missing before it?"
        return f"{shown(token)} is not expected here" + (f"; {hint}" if hint else "")


class NameReader(Cursor):
    """Reads names: known ones by longest match, new ones up to what ends them."""

    def __init__(self, text: str, scope: Scope) -> None:
        super().__init__(text)
        self.scope = scope
        self.filters = 0  # how many filters are open: within one, entries of the items are names too

    def known_name(self, name: str, length: int) -> Node:
        first = self.here
        if self._is_plain_word(self.stream[self.at + length]):
            return self.unknown_name(length)
        self.at += length
        return nodes.Name(name, start=first.start, end=self.stop)

    def unknown_name(self, length: int) -> Node:
        """Words one after another can only be one name; which one is not known here."""
        first = self.at
        end = first + length
        while self._is_plain_word(self.stream[end]):
            end += 1
        self.at = end
        name = spelling(self.stream[first:end])
        return nodes.Name(name, start=self.stream[first].start, end=self.stop)

    def _is_plain_word(self, token: Token) -> bool:
        return token.kind == "word" and token.text not in RESERVED

    def member(self) -> str:
        """The name behind a dot."""
        found = self.scope.longest(self.stream, self.at, members=True, scope=False)
        if found is not None and not self._is_plain_word(self.stream[self.at + found[1]]):
            self.at += found[1]
            return found[0]
        if self.here.kind != "word":
            raise self.wrong(f"a name is missing after the dot, found {shown(self.here)}")
        node = self.unknown_name(1)
        assert isinstance(node, nodes.Name)
        return node.name

    def new_name(self, stops: tuple[str, ...], what: str) -> str:
        """A name that is being declared: all parts up to one of `stops`."""
        first = self.at
        if self.here.kind != "word":
            raise self.wrong(f"{what} is missing, found {shown(self.here)}")
        while not self.sees(*stops):
            if not is_name_part(self.here):
                raise self.wrong(f"{shown(self.here)} cannot be part of {what}")
            self.at += 1
        return spelling(self.stream[first : self.at])


_FOREIGN = {
    "&": "write 'and'", "|": "write 'or'", "!": "write not(...)", "==": "FEEL compares with a single =",
    "'": 'texts stand between double quotes: "text"', "%": "write modulo(a, b)", "^": "write **",
    "$": "FEEL needs no ${...}: write what is inside", "#": "FEEL needs no #{...}: write what is inside",
    ";": "arguments and items are separated by commas", "\\": "", "return": "'return' belongs to 'for ... in ...'",
    "else": "'else' belongs to 'if ... then ...'", "if": "FEEL writes: if a then b else c",
    "then": "'then' belongs to 'if ...'", "->": "FEEL writes: function(x) ...",
    ":": "is this an entry of a context { }?",
}


def shown(token: Token) -> str:
    return "the end of the text" if token.kind == "end" else repr(token.text[:40])



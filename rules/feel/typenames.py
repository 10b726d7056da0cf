"""Type names in `instance of` and in function parameters (DMN 1.5, 10.3.1.2 rule 54)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schuldhulp.rules.feel import nodes
from schuldhulp.rules.feel.names import RESERVED, Key, is_name_part, key_of, spelling, table
from schuldhulp.rules.feel.nodes import TypeNode

if TYPE_CHECKING:
    from schuldhulp.rules.feel.grammar import Parser

BUILT_IN = (
    "Any", "Null", "number", "string", "boolean", "date", "time", "date and time", "days and time duration",
    "years and months duration", "dateTime", "day-time duration", "year-month duration", "dayTimeDuration",
    "yearMonthDuration", "list", "context", "function", "range",
)


class TypeParser:
    """Reads a type at the place where its parser stands."""

    def __init__(self, parser: Parser, declared: frozenset[str]) -> None:
        self.parser = parser
        self.known: dict[Key, str] = table(declared | frozenset(BUILT_IN))

    def type(self) -> TypeNode:
        parser = self.parser
        token = parser.here
        parser.nesting += 1
        if parser.nesting > 100:
            raise parser.wrong("the type is nested too deep")
        follows = parser.stream[parser.at + 1].text if token.kind == "word" else ""
        if follows == "<" and token.text in ("list", "range", "context", "function"):
            parser.at += 2
            found = self._parameterised(token.text, token.start)
        else:
            found = self._named(token.start)
        parser.nesting -= 1
        return found

    def _parameterised(self, kind: str, start: int) -> TypeNode:
        match kind:
            case "list":
                return self._list(start)
            case "range":
                return self._range(start)
            case "context":
                return self._context(start)
        return self._function(start)

    def _close(self) -> None:
        self.parser.expect(">", "to close the type")

    def _list(self, start: int) -> TypeNode:
        item = self.type()
        self._close()
        return nodes.ListOf(item, start=start, end=self.parser.stop)

    def _range(self, start: int) -> TypeNode:
        item = self.type()
        self._close()
        return nodes.RangeOf(item, start=start, end=self.parser.stop)

    def _context(self, start: int) -> TypeNode:
        parser = self.parser
        fields: list[nodes.Parameter] = []
        while not parser.sees(">"):
            if fields:
                parser.expect(",", "or '>' in the type of a context")
            token = parser.here
            name = parser.new_name((":",), "the name of a field")
            parser.at += 1
            fields.append(nodes.Parameter(name, self.type(), start=token.start, end=parser.stop))
        self._close()
        return nodes.ContextOf(tuple(fields), start=start, end=parser.stop)

    def _function(self, start: int) -> TypeNode:
        parser = self.parser
        parameters: list[TypeNode] = []
        while not parser.sees(">"):
            if parameters:
                parser.expect(",", "or '>' in the type of a function")
            parameters.append(self.type())
        self._close()
        parser.expect("->", "before the result type of a function")
        return nodes.FunctionOf(tuple(parameters), self.type(), start=start, end=parser.stop)

    def _named(self, start: int) -> TypeNode:
        parser = self.parser
        found = self._longest()
        if found is not None:
            parser.at += found[1]
            return nodes.NamedType(found[0], start=start, end=parser.stop)
        if parser.here.kind != "word" or (parser.here.text in RESERVED and parser.here.text != "function"):
            raise parser.wrong("the name of a type is missing here")
        first = parser.at
        parser.at += 1
        while self._continues():
            parser.at += 1
        return nodes.NamedType(spelling(parser.stream[first : parser.at]), start=start, end=parser.stop)

    def _continues(self) -> bool:
        """A type that is not declared: words one after another, joined by dots for an imported one."""
        parser = self.parser
        token, before = parser.here, parser.stream[parser.at - 1]
        if token.kind == "word" and token.text not in RESERVED:
            return True
        return token.text == "." and before.kind == "word" and parser.stream[parser.at + 1].kind == "word"

    def _longest(self) -> tuple[str, int] | None:
        parser = self.parser
        length = 0
        while length < 12 and is_name_part(parser.stream[parser.at + length]):
            length += 1
        for size in range(length, 0, -1):
            name = self.known.get(key_of(parser.stream[parser.at : parser.at + size]))
            if name is not None:
                return name, size
        return None

"""Tokens to tree: a Pratt parser. Binding powers stand in one table; each construct has one method."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from schuldhulp.rules.feel import nodes
from schuldhulp.rules.feel.cursor import COMPARISONS, NameReader, shown
from schuldhulp.rules.feel.names import RESERVED, Scope, is_name_part
from schuldhulp.rules.feel.nodes import Node
from schuldhulp.rules.feel.numbers import CONTEXT
from schuldhulp.rules.feel.tokens import Token, unescape
from schuldhulp.rules.feel.typenames import TypeParser

# How strongly each operator binds its left side (DMN 1.5, 10.3.1.2: the order of the grammar's alternatives).
POWERS = {
    "or": 10, "and": 20,
    "=": 30, "!=": 30, "<": 30, "<=": 30, ">": 30, ">=": 30, "between": 30, "in": 30,
    "+": 40, "-": 40, "*": 50, "/": 50, "**": 60, "instance": 70,
    ".": 90, "[": 90, "(": 90,
}
NEGATION_POWER = 80  # -x instance of y reads as (-x) instance of y, and -2 ** 2 as (-2) ** 2
NESTING_LIMIT = 100

PROPERTIES = (
    "year", "month", "day", "weekday", "hour", "minute", "second", "time offset", "timezone", "years", "months", "days",
    "hours", "minutes", "seconds", "start", "end", "start included", "end included",
)


def parse_expression(text: str, names: frozenset[str], members: Iterable[str] = (), types: Iterable[str] = ()) -> Node:
    """The tree of a textual or boxed expression written as text. Raises FeelSyntaxError."""
    parser = Parser(text, names, members, types)
    return parser.whole(parser.expression)


def parse_unary_tests(text: str, names: frozenset[str], members: Iterable[str] = (), types: Iterable[str] = ()) -> Node:
    """The tree of a decision table's cell (DMN 1.5, 10.3.1.2 rule 15). Raises FeelSyntaxError."""
    parser = Parser(text, names | {"?"}, members, types)
    return parser.whole(parser.unary_tests)


class Parser(NameReader):
    """One pass over the tokens of one text."""

    def __init__(self, text: str, names: frozenset[str], members: Iterable[str], types: Iterable[str]) -> None:
        super().__init__(text, Scope(names, (*PROPERTIES, *members)))
        self.nesting = 0
        self.endpoint = False  # inside the upper end of an interval, where "[" may close it
        self.types = TypeParser(self, frozenset(types))

    # -- the Pratt loop --------------------------------------------------------------------------------------

    def expression(self, power: int = 0) -> Node:
        if self.nesting >= NESTING_LIMIT:
            raise self.wrong(f"the expression is nested more than {NESTING_LIMIT} deep; split it")
        self.nesting += 1
        left = self._unary_comparison() if power == 0 and self.sees(*COMPARISONS) else self._prefix()
        while True:
            token = self.here
            binding = POWERS.get(token.text, 0) if token.kind in ("sign", "word") else 0
            if binding <= power or (token.text == "[" and self.endpoint and self._closes_interval()):
                break
            left = self._infix(left, token, binding)
        self.nesting -= 1
        return left

    def inner(self, power: int = 0) -> Node:
        """An expression between brackets or after a keyword, where "[" no longer closes an outer interval."""
        outside, self.endpoint = self.endpoint, False
        found = self.expression(power)
        self.endpoint = outside
        return found

    def _closes_interval(self) -> bool:
        after = self.stream[self.at + 1]
        if after.kind == "end":
            return True
        if after.kind == "word":
            return after.text in _CANNOT_START
        return after.kind == "sign" and after.text not in _CAN_START

    def _infix(self, left: Node, token: Token, power: int) -> Node:
        self.at += 1
        match token.text:
            case "or" | "and":
                return self._junction(left, token.text, power)
            case "between":
                low = self.expression(power)
                self.expect("and", 'between the two bounds of "between"')
                high = self.expression(power)
                return nodes.Between(left, low, high, start=left.start, end=self.stop)
            case "in":
                return nodes.In(left, self._in_tests(power), start=left.start, end=self.stop)
            case "instance":
                self.expect("of", 'after "instance"')
                return nodes.InstanceOf(left, self.types.type(), start=left.start, end=self.stop)
            case ".":
                name = self.member()
                return nodes.Path(left, name, start=left.start, end=self.stop)
            case "[":
                self.filters += 1
                with self.scope.holding("item"):
                    test = self.inner()
                self.filters -= 1
                self.expect("]", "to close the filter")
                return nodes.Filter(left, test, start=left.start, end=self.stop)
            case "(":
                return self._invocation(left)
        right = self.expression(power)
        if token.text in COMPARISONS:
            return nodes.Comparison(token.text, left, right, start=left.start, end=self.stop)
        return nodes.Arithmetic(token.text, left, right, start=left.start, end=self.stop)

    def _unary_comparison(self) -> Node:
        sign = self.here
        self.at += 1
        operand = self.expression(POWERS["="])
        return nodes.UnaryComparison(sign.text, operand, start=sign.start, end=self.stop)

    def _one_test(self, power: int) -> Node:
        return self._unary_comparison() if self.sees(*COMPARISONS) else self.expression(power)

    def _junction(self, left: Node, word: str, power: int) -> Node:
        operands = [left, self.expression(power)]
        while self.accept(word):
            operands.append(self.expression(power))
        kind = nodes.Disjunction if word == "or" else nodes.Conjunction
        return kind(tuple(operands), start=left.start, end=self.stop)

    def _prefix(self) -> Node:
        token = self.here
        found = self.scope.longest(self.stream, self.at, members=self.filters > 0)
        if found is not None:
            return self.known_name(*found)
        match token.kind:
            case "number":
                self.at += 1
                return nodes.Number(_number(token.text), start=token.start, end=token.end)
            case "text":
                self.at += 1
                return nodes.Text(unescape(token, self.text), start=token.start, end=token.end)
            case "word":
                return self._word(token)
            case "sign":
                return self._sign(token)
        raise self.wrong("the expression ends too early: a value is missing here")

    def _word(self, token: Token) -> Node:
        match token.text:
            case "null":
                self.at += 1
                return nodes.Null(start=token.start, end=token.end)
            case "true" | "false":
                self.at += 1
                return nodes.Boolean(token.text == "true", start=token.start, end=token.end)
            case "if":
                return self._if()
            case "for":
                return self._for()
            case "some" | "every":
                return self._quantified()
            case "function":
                return self._function()
        if token.text in RESERVED:
            raise self.wrong(f"{token.text!r} is a keyword of FEEL and cannot begin a value")
        return self.unknown_name(1)

    def _sign(self, token: Token) -> Node:
        match token.text:
            case "-":
                self.at += 1
                return nodes.Negation(self.expression(NEGATION_POWER), start=token.start, end=self.stop)
            case "@":
                return self._at_literal()
            case "(":
                return self._bracket()
            case "[" | "]":
                return self._list_or_interval()
            case "{":
                return self._context()
        raise self.wrong(self.unexpected())

    # -- brackets --------------------------------------------------------------------------------------------

    def _bracket(self) -> Node:
        opening = self.expect("(", "")
        first = self.inner()
        if self.accept(".."):
            return self._interval(opening, first)
        self.expect(")", f"to close the bracket opened at column {opening.start + 1}")
        return first

    def _list_or_interval(self) -> Node:
        opening = self.here
        self.at += 1
        if opening.text == "[" and self.accept("]"):
            return nodes.ListLiteral((), start=opening.start, end=self.stop)
        first = self.inner()
        if self.accept(".."):
            return self._interval(opening, first)
        if opening.text == "]":
            raise self.wrong("expected '..' in the interval that starts with ']'")
        items = [first]
        while self.accept(","):
            items.append(self.inner())
        self.expect("]", "or ',' in the list")
        return nodes.ListLiteral(tuple(items), start=opening.start, end=self.stop)

    def _interval(self, opening: Token, low: Node) -> Node:
        outside, self.endpoint = self.endpoint, True
        high = self.expression()
        self.endpoint = outside
        closing = self.here
        if not self.sees("]", ")", "["):
            raise self.wrong(f"expected ']', ')' or '[' to close the interval, found {shown(closing)}")
        self.at += 1
        return nodes.Interval(
            low, high, opening.text == "[", closing.text == "]", start=opening.start, end=closing.end
        )

    def _context(self) -> Node:
        opening = self.expect("{", "")
        entries: list[nodes.Entry] = []
        while not self.accept("}"):
            if entries:
                self.expect(",", "or '}' in the context")
            entries.append(self._entry())
        for entry in entries:
            self.scope.remove(entry.key)
        return nodes.ContextLiteral(tuple(entries), start=opening.start, end=self.stop)

    def _entry(self) -> nodes.Entry:
        token = self.here
        if token.kind == "text":
            self.at += 1
            name = unescape(token, self.text)
        else:
            name = self.new_name((":", "}", ","), "the key of a context")
        self.expect(":", "after the key of a context")
        if self.sees("function"):  # a function may call itself by its key
            with self.scope.holding(name):
                value = self.inner()
        else:
            value = self.inner()
        self.scope.add(name)
        self.scope.add_member(name)
        return nodes.Entry(name, value, start=token.start, end=self.stop)

    def _at_literal(self) -> Node:
        sign = self.expect("@", "")
        token = self.here
        if token.kind != "text":
            raise self.wrong(f'expected a quoted date, time or duration after "@", found {shown(token)}')
        self.at += 1
        return nodes.AtLiteral(unescape(token, self.text), start=sign.start, end=token.end)

    # -- invocation and functions ----------------------------------------------------------------------------

    def _invocation(self, function: Node) -> Node:
        positional: list[Node] = []
        named: list[nodes.NamedArgument] = []
        while not self.accept(")"):
            if positional or named:
                self.expect(",", "or ')' after an argument")
            start = self.here
            if self._is_named_argument():
                name = self.new_name((":",), "the name of an argument")
                self.at += 1
                named.append(nodes.NamedArgument(name, self.inner(), start=start.start, end=self.stop))
            else:
                positional.append(self.inner())
            if positional and named:
                raise self.wrong("arguments are either all named or all by position", start)
        return nodes.Invocation(function, tuple(positional), tuple(named), start=function.start, end=self.stop)

    def _is_named_argument(self) -> bool:
        if self.here.kind != "word":
            return False
        ahead = self.at
        while is_name_part(self.stream[ahead]):
            ahead += 1
        return self.stream[ahead].text == ":" and self.stream[ahead].kind == "sign"

    def _function(self) -> Node:
        start = self.expect("function", "")
        self.expect("(", 'after "function"')
        parameters: list[nodes.Parameter] = []
        while not self.accept(")"):
            if parameters:
                self.expect(",", "or ')' after a parameter")
            token = self.here
            name = self.new_name((":", ",", ")"), "the name of a parameter")
            kind = self.types.type() if self.accept(":") else None
            parameters.append(nodes.Parameter(name, kind, start=token.start, end=self.stop))
        external = self.accept("external")
        with self.scope.holding(*(parameter.name for parameter in parameters)):
            body = self.inner()
        return nodes.FunctionDefinition(tuple(parameters), body, external, start=start.start, end=self.stop)

    # -- keywords --------------------------------------------------------------------------------------------

    def _if(self) -> Node:
        start = self.expect("if", "")
        condition = self.inner()
        self.expect("then", 'after the condition of "if"')
        then = self.inner()
        self.expect("else", 'after "then": an "if" of FEEL always has an "else"')
        otherwise = self.expression()
        return nodes.If(condition, then, otherwise, start=start.start, end=self.stop)

    def _for(self) -> Node:
        start = self.expect("for", "")
        domains = self._domains("return")
        with self.scope.holding("partial"):
            body = self.expression()
        for domain in domains:
            self.scope.remove(domain.name)
        return nodes.For(domains, body, start=start.start, end=self.stop)

    def _quantified(self) -> Node:
        start = self.here
        self.at += 1
        domains = self._domains("satisfies")
        test = self.expression()
        for domain in domains:
            self.scope.remove(domain.name)
        return nodes.Quantified(start.text == "every", domains, test, start=start.start, end=self.stop)

    def _domains(self, closing: str) -> tuple[nodes.Domain, ...]:
        """The iterators up to `closing`; their names stay in scope for the caller to remove."""
        domains: list[nodes.Domain] = []
        while True:
            token = self.here
            name = self.new_name(("in",), "the name of the iterator")
            self.at += 1
            values = self.inner()
            last = self.inner() if self.accept("..") else None
            domains.append(nodes.Domain(name, values, last, start=token.start, end=self.stop))
            self.scope.add(name)
            if self.accept(closing):
                return tuple(domains)
            if not self.accept(","):
                raise self.wrong(f"expected ',' or {closing!r} after an iterator, found {shown(self.here)}")

    # -- unary tests -----------------------------------------------------------------------------------------

    def unary_tests(self) -> Node:
        start = self.here
        if self.sees("-") and self.stream[self.at + 1].kind == "end":
            self.at += 1
            return nodes.UnaryTests((), start=start.start, end=self.stop)
        if self._is_negated():
            self.at += 2
            tests = self._tests()
            self.expect(")", 'to close "not("')
            return nodes.UnaryTests(tests, True, start=start.start, end=self.stop)
        return nodes.UnaryTests(self._tests(), start=start.start, end=self.stop)

    def _is_negated(self) -> bool:
        """not( ... ) around the whole cell."""
        if not (self.sees("not") and self.stream[self.at + 1].text == "(" and self.stream[-2].text == ")"):
            return False
        level = 0
        for token in self.stream[self.at + 1 : -1]:
            if token.kind == "sign":
                level += (token.text in "([{") - (token.text in ")]}")
            if level == 0:
                return token is self.stream[-2]
        return True  # half-open intervals do not balance; a cell cannot go on after a function's result

    def _tests(self) -> tuple[Node, ...]:
        tests = [self.inner()]
        while self.accept(","):
            tests.append(self.inner())
        return tuple(tests)

    def _in_tests(self, power: int) -> tuple[Node, ...]:
        """What stands behind `in`: one test, or several between brackets."""
        with self.scope.holding("?"):
            if not self.sees("("):
                return (self._one_test(power),)
            mark = self.at
            self.at += 1
            tests = self._tests()
            if self.sees("..") and len(tests) == 1:
                self.at = mark
                return (self._one_test(power),)
            self.expect(")", 'to close the tests of "in"')
            if len(tests) == 1 and POWERS.get(self.here.text, 0) > power:  # in (a + b) * c
                self.at = mark
                return (self._one_test(power),)
            return tests


_CAN_START = COMPARISONS | set("([{-@]")
_CANNOT_START = RESERVED - {"if", "for", "some", "every", "function", "true", "false", "null"}


def _number(text: str) -> Decimal:
    value = CONTEXT.create_decimal(text)
    return value if value.is_finite() else Decimal(0)


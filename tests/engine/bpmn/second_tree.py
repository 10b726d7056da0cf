"""XML as plain elements with places, for the second reader: expat alone, nothing of the product but Place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from schuldhulp.engine.bpmn import graph as g

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIALECTS = ("http://camunda.org/schema/1.0/bpmn", "http://operaton.org/schema/1.0/bpmn")


@dataclass(eq=False)
class El:
    uri: str
    name: str
    attr: dict[str, str]
    at: g.Place
    up: El | None
    text: str = ""
    text_at: tuple[int, int] | None = None
    kids: list[El] = field(default_factory=list)

    def get(self, name: str) -> str:
        return self.attr.get(name, "").strip()

    def cam(self, name: str) -> str | None:
        return next((value for uri in DIALECTS if (value := self.get(f"{uri} {name}"))), None)

    def yes(self, name: str, otherwise: bool = False) -> bool:
        return self.get(name) in ("true", "1") if name in self.attr else otherwise

    def all(self, *names: str) -> list[El]:
        return [kid for kid in self.kids if kid.uri == MODEL and kid.name in names]

    def one(self, name: str) -> El | None:
        return next(iter(self.all(name)), None)

    def ext(self, name: str) -> list[El]:
        return [
            kid for box in self.all("extensionElements") for kid in box.kids if kid.uri in DIALECTS and kid.name == name
        ]

    def walk(self) -> Iterator[El]:
        yield self
        for kid in self.kids:
            yield from kid.walk()


def tree(data: bytes, file: str) -> El:
    top = El("", "", {}, g.Place(file, 0), None)
    stack, parser = [top], expat.ParserCreate(namespace_separator=" ")

    def start(tag: str, attributes: dict[str, str]) -> None:
        uri, _, name = tag.rpartition(" ")
        place = g.Place(file, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
        stack.append(El(uri, name, attributes, place, stack[-1]))
        stack[-1].up.kids.append(stack[-1])  # type: ignore[union-attr]

    def characters(text: str) -> None:
        here = stack[-1]
        if here.text_at is None and text.strip():
            skipped = text[: len(text) - len(text.lstrip())]
            line, column = parser.CurrentLineNumber, parser.CurrentColumnNumber
            if "\n" in skipped:
                line, column, skipped = line + skipped.count("\n"), 0, skipped.rpartition("\n")[2]
            here.text_at = (line, column + len(skipped) + 1)
        here.text += text

    parser.StartElementHandler, parser.EndElementHandler = start, lambda _: stack.pop()
    parser.CharacterDataHandler = characters
    parser.Parse(data, True)
    return top.kids[0]

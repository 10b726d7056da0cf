"""Letters in a case: made from a template and the file, edited by a person if need be, sent and then frozen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from schuldhulp.engine.case.budget import PER_LETTER
from schuldhulp.engine.case.errors import BadData, ExpressionFailed, NoSuchThing
from schuldhulp.engine.case.evaluate import scope_of
from schuldhulp.engine.case.scope import Scope
from schuldhulp.engine.case.seals import seal_of
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.definitions.letters import LetterError, render_address, render_letter
from schuldhulp.engine.model import facts as f
from schuldhulp.rules.feel import Value, to_python

CLIENT = "client"
RECEIPTS = {
    "posted": "aangeboden bij de post",
    "portal": "klaargezet op het portaal",
    "received": "ontvangen",
    "opened": "geopend",
    "returned": "teruggekomen",
}
"""What may become known of a letter after it was sent (Awb 2:25, 3:41), with the Dutch words for it."""
SENDER = {"Telefoon": "afzender_telefoon", "E-mail": "afzender_email", "Website": "afzender_website"}
"""How the organisation can be reached: the words on a letter, and the parameter."""


class LetterData(Mapping[str, Any]):
    """What a template sees: every name of the scope as a plain value, `vandaag`, `termijnen` (rule -> last day), and the
    parameters that say who writes: `organisatie`, `afzender_naam` and so on."""

    def __init__(self, scope: Scope, own: Mapping[str, Any]) -> None:
        self._scope, self._own = scope, own

    def __getitem__(self, name: str) -> Any:
        if name in self._own:
            return self._own[name]
        try:
            return to_python(self._scope[name])
        except KeyError:
            return self._of_writer(name)

    def _of_writer(self, name: str) -> Any:
        """Raises KeyError."""
        if name != "organisatie" and not name.startswith("afzender_"):
            raise KeyError(name)
        parameters: Any = to_python(self._scope["p"])
        return parameters[name]

    def __iter__(self) -> Iterator[str]:
        yield from dict.fromkeys([*self._own, *self._scope])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        try:
            self[str(name)]
        except KeyError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Written:
    """A letter as it would be now: its words, who it goes to line by line, and who it is from."""

    subject: str
    text: str
    addressee: tuple[str, ...]
    sender: Mapping[str, Any]


def write(
    turn: Turn, instance: int | None, element: str | None, key: str, answers: Mapping[str, Value] | None = None
) -> Written:
    """Letter *key* as it would be now, with *answers* that are not in the file yet; nothing is recorded.

    Raises ExpressionFailed.
    """
    return _written(turn, instance, element, key, None, answers)


def _written(
    turn: Turn, instance: int | None, element: str | None, key: str, edited: tuple[str, str] | None,
    answers: Mapping[str, Value] | None = None,
) -> Written:  # fmt: skip
    """*edited*: the words of a person in the place of those of the template; address and sender stay what they are."""
    deployment = turn.deployment_of(instance)
    letter = deployment.letter(key)
    turn.budget.spend(PER_LETTER, element, instance)
    own = {
        "vandaag": turn.world.today,
        "termijnen": {term.rule: term.ends for term in turn.case.terms.values()},
    }
    data = LetterData(scope_of(turn, instance, answers, element), own)
    try:
        if edited is None:
            rendered = render_letter(letter, data, deployment.labels)
            edited = (rendered.subject, rendered.text)
        address = render_address(letter, data, deployment.labels)
    except LetterError as error:
        raise ExpressionFailed(element or key, key, str(error)) from error
    if address is None:
        address = _address(data) if letter.addressee == CLIENT else ()
    return Written(*edited, address, _sender(deployment.parameters.on(turn.world.today)))


def _address(data: LetterData) -> tuple[str, ...]:
    """Name and address of the client, as far as the file has them; an unknown name does not make a letter impossible."""
    named = ("client_naam", "client_adres", "client_postcode", "client_woonplaats")
    known = {name: " ".join(str(data[name]).split()) for name in named if name in data and data[name] is not None}
    place = "  ".join(known[name] for name in named[2:] if known.get(name))
    return tuple(line for line in (known.get("client_naam"), known.get("client_adres"), place) if line)


def _sender(p: Mapping[str, Any]) -> dict[str, Any]:
    """The organisation as its parameters say."""
    address = [str(p[key]) for key in ("afzender_adres", "afzender_postcode_plaats") if p.get(key)]
    contact = [[label, str(p[key])] for label, key in SENDER.items() if p.get(key)]
    return {"name": str(p.get("afzender_naam") or p.get("organisatie") or ""), "address": address, "contact": contact}


def make(turn: Turn, instance: int | None, element: str | None, key: str, edited: tuple[str, str] | None = None) -> int:
    """The letter becomes a document of the case; gives its number. *edited*: subject and text as a person left them."""
    written = _written(turn, instance, element, key, edited)
    number = turn.case.next("document")
    kept = {
        "subject": written.subject,
        "text": written.text,
        "addressee": list(written.addressee),
        "sender": dict(written.sender),
    }
    turn.record(
        f.LetterMade(
            document=number,
            letter=key,
            hash=turn.deployment_of(instance).letter(key).hash,
            instance=instance,
            element=element,
            personal={seal_of(turn, instance): kept},
        )
    )
    return number


def send(turn: Turn, document: int, channel: str | None) -> None:
    """The document leaves the house today; it can no longer be changed. Delivery itself follows after commit."""
    made = turn.case.documents.get(document)
    if made is None:
        raise NoSuchThing("letter", document, turn.case.number)
    via = channel or turn.deployment_of(made.instance).letter(made.letter).channel
    turn.record(f.LetterSent(document=document, on=turn.world.today, channel=via))
    turn.post("letter", f"letter/{document}", {"document": document, "letter": made.letter, "channel": via})


def file(turn: Turn, document: int, sha256: str, engine: str, replaced: str, subject: str) -> None:
    """The PDF of a sent letter is kept; its hash is sealed under the same *subject*, for whoever verifies."""
    kept = {"sha256": sha256, "engine": engine, **({"replaced": replaced} if replaced else {})}
    turn.record(f.LetterFiled(document=document, personal={subject: kept}))


def printed(turn: Turn, document: int, day: date, place: int) -> None:
    """The post room printed the letter: it stands on the post list of *day*."""
    _must_be_sent(turn, document)
    turn.record(f.LetterPrinted(document=document, list=day, place=place))


def receipt(turn: Turn, document: int, what: str, on: date, note: str, subject: str) -> None:
    """Something became known of a letter that was sent. Raises NoSuchThing, BadData."""
    _must_be_sent(turn, document)
    if what not in RECEIPTS:
        raise BadData(f"{what!r} is not known of a letter. Use {', '.join(RECEIPTS)}.")
    if on > turn.world.today:
        raise BadData(f"{on:%d-%m-%Y} is still to come. Give the day on which it happened.")
    turn.record(
        f.LetterReceipt(document=document, what=what, on=on, personal={subject: {"note": note}} if note else {})
    )


def _must_be_sent(turn: Turn, document: int) -> None:
    if not 1 <= document <= turn.case.counts.get("document", 0) or document in turn.case.papers:
        raise NoSuchThing("letter", document, turn.case.number)
    if document in turn.case.documents:
        raise BadData(f"letter {document} was made, but not sent. Only of a sent letter can this be recorded.")

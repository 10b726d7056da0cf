"""Use cases on letters that were made: their PDF, the post list, proof of sending and receipt."""

from __future__ import annotations

import hashlib
from datetime import date

from schuldhulp.engine.case import letters
from schuldhulp.engine.case.errors import CommandRefused, NoSuchThing
from schuldhulp.engine.case.post import Posted, posted
from schuldhulp.engine.case.projecting import stream_of
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.handle.base import Done, NoSuchCase
from schuldhulp.engine.handle.cases import CaseCommands
from schuldhulp.engine.history import files
from schuldhulp.engine.history.store import Log
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.printing import press

PDF = "application/pdf"


class LetterErased(CommandRefused):
    """The words of the letter were destroyed."""

    code = "erased"

    def __init__(self, number: str, document: int) -> None:
        super().__init__(f"the text of letter {document} of case {number} was erased; that it was sent is still known.")


class Post(CaseCommands):
    """A sent letter never changes: its PDF is kept sealed in the file, its hash in the facts."""

    def letters(self, number: str) -> dict[int, Posted]:
        """The letters of a case by their number, oldest first. Raises NoSuchCase."""
        with self.store.read() as reader:
            found = [(stored.fact, stored.at) for stored in reader.facts(stream_of(number))]
        if not found:
            raise NoSuchCase(number)
        return posted(found)

    def letter(self, number: str, document: int) -> Posted:
        """Raises NoSuchCase, NoSuchThing."""
        found = self.letters(number).get(document)
        if found is None:
            raise NoSuchThing("letter", document, number)
        return found

    def letter_pdf(self, number: str, document: int) -> bytes:
        """The PDF as it lies in the file; of a letter that is not there yet the same bytes, made now.

        Raises NoSuchThing, LetterErased, PressFailed.
        """
        found = self.letter(number, document)
        if found.erased:
            raise LetterErased(number, document)
        if found.sent_on is not None:
            with self.store.read() as reader:
                kept = files.load_document(reader, stream_of(number), document)
            if kept is not None and kept.media_type == PDF and kept.content is not None:
                return kept.content
        return press([found.sheet(number)]).pdf

    def file_letter(self, number: str, document: int, by: f.Actor) -> None:
        """The PDF of a sent letter into the file, once. Nothing happens when its words were erased. Raises PressFailed."""
        found = self.letters(number).get(document)
        if found is None or found.erased or found.sha256 is not None or found.sent_on is None:
            return
        made = press([found.sheet(number)])
        digest = hashlib.sha256(made.pdf).hexdigest()

        def keep(log: Log) -> None:
            files.save_document(log, stream_of(number), document, found.seal, PDF, made.pdf)

        def decide(turn: Turn) -> None:
            if found.seal in turn.case.erased:
                raise LetterErased(number, document)
            letters.file(turn, document, digest, made.engine, made.replaced, found.seal)

        try:
            self._command(number, "file_letter", by, decide, first=keep)
        except LetterErased:
            return

    def mark_printed(self, number: str, document: int, day: date, place: int, by: f.Actor) -> Done:
        """The post room printed the letter: its place on the post list of *day*. Raises NoSuchThing, BadData."""
        return self._command(number, "print_letter", by, lambda turn: letters.printed(turn, document, day, place))

    def record_receipt(self, number: str, document: int, what: str, on: date, note: str, by: f.Actor) -> Done:
        """What became known of a letter after it was sent; *what* as in `letters.RECEIPTS`. Raises NoSuchThing, BadData."""
        found = self.letters(number).get(document)
        subject = f.DOSSIER if found is None else found.seal
        return self._command(
            number, "letter_receipt", by, lambda turn: letters.receipt(turn, document, what, on, note, subject)
        )

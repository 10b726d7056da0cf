"""Use cases on documents that people add to a case (C-D10): keep one, read one, take one out."""

from __future__ import annotations

import hashlib
import json

from schuldhulp.engine.case.errors import NoSuchThing
from schuldhulp.engine.case.papers import deciding
from schuldhulp.engine.case.papers.deciding import Description, Paper
from schuldhulp.engine.case.papers.refusals import PaperGone
from schuldhulp.engine.case.projecting import stream_of
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.definitions.limits import PaperLimits, paper_limits
from schuldhulp.engine.handle.base import Done, NoSuchCase
from schuldhulp.engine.handle.cases import CaseCommands
from schuldhulp.engine.history import files
from schuldhulp.engine.history.errors import FileChanged
from schuldhulp.engine.history.sealing import is_own_key
from schuldhulp.engine.history.store import Log, Reader
from schuldhulp.engine.model import facts as f


class Papers(CaseCommands):
    """The bytes lie sealed beside the facts, under a key of the document's own; their hash is sealed in the fact."""

    def paper_limits(self) -> PaperLimits:
        """What a document and a case may hold today."""
        found = self._in_force()
        day = self.clock().astimezone(CIVIL).date()
        return paper_limits({} if found is None else found.parameters.on(day))

    def add_paper(self, case: str, content: bytes, given: Description, by: f.Actor) -> Done:
        """Keep a document; `value` is its number. Fact and bytes are in one transaction: both are kept, or nothing.

        Raises NoSuchCase, NotAllowed, PaperTooLarge, KindRefused, PaperThere, CaseFull, FileErased, BadData, NoSuchThing (the
        task); StorageFull when the disk is.
        """
        looked = deciding.look(content, given.name, self.paper_limits())
        there: list[Paper] = []

        def before(log: Log) -> None:
            there[:] = _papers(log, case)

        def decide(turn: Turn) -> int:
            return deciding.add(turn, looked, given, there)

        def keep(log: Log, done: Done) -> None:
            for fact in done.facts:
                if isinstance(fact, f.DocumentAdded):
                    (subject,) = fact.personal
                    files.save_document(log, stream_of(case), fact.document, subject, fact.media_type, content)

        return self._command(case, "add_document", by, decide, task=given.task, first=before, last=keep)

    def papers(self, case: str) -> list[Paper]:
        """The documents that people added to a case, in order, removed and erased ones too. Raises NoSuchCase."""
        with self.store.read() as reader:
            if reader.sequence(stream_of(case)) == 0:
                raise NoSuchCase(case)
            return _papers(reader, case)

    def paper(self, case: str, document: int) -> Paper:
        """Raises NoSuchCase, NoSuchThing."""
        for paper in self.papers(case):
            if paper.document == document:
                return paper
        raise NoSuchThing("document", document, case)

    def read_paper(self, case: str, document: int) -> tuple[Paper, bytes]:
        """A document with its bytes, which are those that were added. Who calls has recorded the read (`record_read`).

        Raises NoSuchCase, NoSuchThing, PaperGone, FileChanged.
        """
        paper = self.paper(case, document)
        if paper.gone:
            raise PaperGone(case, document)
        with self.store.read() as reader:
            kept = files.load_document(reader, stream_of(case), document)
        if kept is None or kept.content is None:
            raise PaperGone(case, document)
        if hashlib.sha256(kept.content).hexdigest() != paper.sha256:
            raise FileChanged(paper.sha256)
        return paper, kept.content

    def remove_paper(self, case: str, document: int, reason: str, by: f.Actor) -> Done:
        """Take a document out: its data key is destroyed. That there was one, who took it out and why stays known.

        Raises NoSuchCase, NoSuchThing, PaperGone, ReasonNeeded, NotAllowed.
        """
        there: dict[int, Paper] = {}

        def before(log: Log) -> None:
            there.clear()
            there.update((paper.document, paper) for paper in _papers(log, case))

        def decide(turn: Turn) -> None:
            if document not in there:
                raise NoSuchThing("document", document, case)
            deciding.remove(turn, there[document], reason)

        def shred(log: Log, done: Done) -> None:
            stream = stream_of(case)
            for subject in log.keys(stream).subjects():
                if is_own_key(subject, document):
                    log.shred(stream, subject, self.clock())

        done = self._command(case, "remove_document", by, decide, first=before, last=shred)
        self.store.scrub()
        return done


def _papers(reader: Reader, case: str) -> list[Paper]:
    rows = reader.rows("papers_of_case", case=stream_of(case))
    return [
        deciding.paper_of(row, None if row["details_sealed"] is None else json.loads(row["details_sealed"]))
        for row in rows
    ]

"""Why a document is not kept. Nothing is left of it when one of these is raised."""

from __future__ import annotations

from schuldhulp.engine.case.errors import CommandRefused

WHY = {
    "empty": "the file is empty",
    "script": "the file is a program or a script",
    "macro": "the file holds macros or other programs",
    "markup": "the file is a web page, SVG or other markup",
    "archive": "the file is an archive (zip or alike); add the documents that are in it one by one",
    "old-office": "the file is of an old Office format or has a password; save it as PDF, DOCX or XLSX without a password",
    "double": "the file is two things at once (it also reads as an archive)",
    "broken": "the file is damaged or was cut off",
    "unknown": "the kind of file is not one that is kept",
}
"""Why a file may not come in, by a code that is stable."""
ACCEPTED = "PDF, JPEG, PNG, TIFF, HEIC, DOCX, XLSX, ODT, ODS, TXT and EML"


class PaperRefused(CommandRefused):
    """Base: this file is not kept. `name`: as it was sent, cleaned."""

    code = "document-refused"

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        super().__init__(f"{name}: {text}")


class KindRefused(PaperRefused):
    """Its bytes are not of a kind that is kept; `why` as in WHY. The name plays no part."""

    code = "document-kind"

    def __init__(self, name: str, why: str) -> None:
        self.why = why
        super().__init__(name, f"{WHY[why]}. Kept are: {ACCEPTED}.")


class PaperTooLarge(PaperRefused):
    """More bytes than one document may have; `most` in megabytes."""

    code = "document-too-large"

    def __init__(self, name: str, most: int) -> None:
        self.most = most
        super().__init__(
            name, f"the file is larger than {most} MB. Scan it with a lower resolution, or split it into parts."
        )


class CaseFull(PaperRefused):
    """The case has as much as it may hold: `most` megabytes, or `number` documents."""

    code = "case-full"

    def __init__(self, name: str, most: int, number: int) -> None:
        self.most, self.number = most, number
        super().__init__(
            name, f"a case holds at most {number} documents and {most} MB together. Remove what is not needed."
        )


class PaperThere(PaperRefused):
    """The same bytes are in this case already, as document `number` with the name `known`."""

    code = "document-there"

    def __init__(self, name: str, number: int, known: str) -> None:
        self.number, self.known = number, known
        super().__init__(name, f"this file is in the case already: document {number} ({known}). It was not kept twice.")


class PaperGone(CommandRefused):
    """The document was removed, or erased with the data of the case; that it was there is still known."""

    code = "document-gone"

    def __init__(self, case: str, number: int) -> None:
        self.number = number
        super().__init__(f"document {number} of case {case} was removed or erased; that it was there is still known.")


class FileErased(CommandRefused):
    """The personal data of the case were erased: nothing new may come in."""

    code = "erased"

    def __init__(self, case: str) -> None:
        super().__init__(f"the personal data of case {case} were erased; nothing is added to it any more.")

"""The one hardened XML parser of the product: no DTD, no entities, no network, bounded size, depth and count."""

from __future__ import annotations

from xml.parsers import expat

from lxml import etree

MEGABYTE = 1024 * 1024
DEFAULT_LIMIT = 10 * MEGABYTE
DEPTH_LIMIT = 256
ELEMENT_LIMIT = 500_000


class XmlError(Exception):
    """A file is not XML that we accept: which file, where, what is wrong and what to do about it."""

    def __init__(self, file: str, line: int, column: int, message: str, remedy: str) -> None:
        self.file, self.line, self.column = file, line, column
        self.message, self.remedy = message, remedy
        where = f"{file}, line {line}, column {column}" if line else file
        super().__init__(f"{where}: {message}. {remedy}")


def parse(data: bytes, *, name: str, limit: int = DEFAULT_LIMIT) -> etree._Element:
    """The root element of an XML document; comments and processing instructions are left out.

    `name` is what an error calls the file, `limit` the largest size in bytes. Raises XmlError.
    """
    if len(data) > limit:
        raise XmlError(
            name, 0, 0, f"the file is {_megabytes(len(data))}, the limit is {_megabytes(limit)}",
            "Split the model, or remove embedded pictures",
        )
    _Guard(name).read(data)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, attribute_defaults=False,
        huge_tree=False, remove_comments=True, remove_pis=True, recover=False,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise XmlError(name, line, column, _sentence(error.msg or "not well-formed"), _REPAIR) from None
    if root.getroottree().docinfo.internalDTD is not None:  # the guard refuses it first; this stays if a reader differs
        raise XmlError(name, 1, 1, _DTD, _NO_DTD)
    return root


_REPAIR = "Open the file in the tool that made it and save it again"
_DTD = "a DOCTYPE declaration is not allowed"
_UNCLOSED = (
    expat.errors.codes[expat.errors.XML_ERROR_TAG_MISMATCH],
    expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
)
_NO_DTD = "Remove the DOCTYPE and write entities out as plain text"


class _Guard:
    """A first pass in expat, which reports exact places and can stop at a DOCTYPE before any entity exists."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.open: list[tuple[str, int]] = []  # tags that are not closed yet, with their lines
        self.count = 0
        self.reader = expat.ParserCreate()
        self.reader.StartDoctypeDeclHandler = self._doctype
        self.reader.StartElementHandler = self._open
        self.reader.EndElementHandler = self._close

    def read(self, data: bytes) -> None:
        try:
            self.reader.Parse(data, True)
        except expat.ExpatError as error:
            message = _sentence(expat.ErrorString(error.code) or "not well-formed")
            if self.open and error.code in _UNCLOSED:
                tag, line = self.open[-1]
                message += f": <{tag[:60]}> of line {line} is still open"
            raise XmlError(self.name, error.lineno, error.offset + 1, message, _REPAIR) from None
        except (LookupError, ValueError) as error:  # an encoding Python does not know, or one of several bytes
            raise self._refuse(f"the encoding cannot be read: {error}", "Save the file as UTF-8") from None

    def _refuse(self, message: str, remedy: str) -> XmlError:
        reader = self.reader
        return XmlError(self.name, reader.CurrentLineNumber, reader.CurrentColumnNumber + 1, message, remedy)

    def _doctype(self, *_: object) -> None:
        raise self._refuse(_DTD, _NO_DTD)

    def _open(self, tag: str, _attributes: object) -> None:
        self.open.append((tag, self.reader.CurrentLineNumber))
        self.count += 1
        if len(self.open) > DEPTH_LIMIT:
            message = f"elements are nested more than {DEPTH_LIMIT} deep"
            raise self._refuse(message, f"Take <{tag[:60]}> out of its parents")
        if self.count > ELEMENT_LIMIT:
            raise self._refuse(f"there are more than {ELEMENT_LIMIT:,} elements", "Split the model")

    def _close(self, _tag: str) -> None:
        self.open.pop()


def _sentence(text: str) -> str:
    return text.strip().rstrip(".")


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f} MB"

"""Bytes beside the log: files of deployments (by the hash of their content) and documents of cases (sealed)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schuldhulp.engine.history.errors import FileChanged, FileMissing
from schuldhulp.engine.history.reader import Reader, join_column, split_column

if TYPE_CHECKING:
    from schuldhulp.engine.history.log import Log


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """The bytes of a document; `content` None: erased."""

    media_type: str
    content: bytes | None


def save_definition(log: Log, content: bytes) -> str:
    """Keeps a file of a deployment, once; gives its SHA-256 in hex, by which it is found."""
    digest = hashlib.sha256(content).hexdigest()
    log.wire.run("save_definition_file", digest=digest, content=content)
    return digest


def load_definition(reader: Reader, digest: str) -> bytes:
    """The bytes with this hash. Raises FileMissing, or FileChanged when they no longer have it."""
    row = reader.wire.one("definition_file", digest=digest)
    if row is None:
        raise FileMissing(digest)
    content = row[0]
    if not isinstance(content, bytes) or hashlib.sha256(content).hexdigest() != digest:
        raise FileChanged(digest)
    return content


def save_document(log: Log, case: str, document: int, subject: str, media_type: str, content: bytes) -> None:
    """Keeps the bytes of a document of a case, sealed under the key of a subject ("client:dossier")."""
    piece = log.keys(case).seal(place(document), subject, content)
    sealed = join_column(subject, piece)
    log.wire.run("save_document_file", case=case, document=document, media_type=media_type, content_sealed=sealed)


def load_document(reader: Reader, case: str, document: int) -> DocumentFile | None:
    """The bytes of a document, None when there are none."""
    row = reader.wire.one("document_file", case=case, document=document)
    if row is None:
        return None
    media_type, sealed = row
    subject, piece = split_column(sealed)
    return DocumentFile(media_type, reader.keys(case).open(place(document), subject, piece))


def place(document: int) -> str:
    """What the seal of a document is bound to."""
    return f"document {document}"

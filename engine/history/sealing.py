"""Sealing: AES-256-GCM under a data key per (stream, subject and retention class), wrapped by a master key.

A sealed piece is `generation (2 bytes) ‖ nonce (12 random bytes) ‖ ciphertext and tag`. What is authenticated beside it
names its place (kind, stream, sequence or column, subject), so a piece that was moved does not open. When a data key is
destroyed and the subject comes back, the next generation gets a key of its own; what stood under the old one stays
shut.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from schuldhulp.engine.history.database import Wire
from schuldhulp.engine.history.errors import BadName, DataKeyLost, MasterKeyMissing, SealBroken
from schuldhulp.engine.history.master_keys import MasterKeys

_NONCE = 12
_GENERATION = 2
_SUBJECT = re.compile(r"[A-Za-z0-9_.\-\[\]]{1,80}:[a-z0-9_-]{1,40}")


BESIDE = "beside:cache"
"""The subject of what is kept beside the facts of a stream and mixes persons: snapshot, drafts, messages. Its key is
destroyed at the first erasure of anyone in the stream."""

INTEGRITY = "stream:integrity"
"""The subject under which the head of a stream is sealed, so that a chain that was recomputed without the master key is
found. It says nothing about a person and is never erased."""


def own_key(subject: str, document: int) -> str:
    """The subject of one document of a subject, so that it can be taken away alone.

    >>> own_key("client:dossier", 3)
    'client.document[3]:dossier'
    """
    who, _, retention = subject.partition(":")
    return f"{who}.document[{document}]:{retention}"


def is_own_key(subject: str, document: int) -> bool:
    """Whether *subject* is that of one document, whoever's it is."""
    return f".document[{document}]:" in subject


def parts_of(subject: str, known: Iterable[str]) -> list[str]:
    """Those of *known* subjects that are documents of *subject*: who erases the whole erases them too.

    >>> parts_of("client:dossier", ["client.document[3]:dossier", "client.document[4]:avg", "partner.document[5]:dossier"])
    ['client.document[3]:dossier']
    """
    who, _, retention = subject.partition(":")
    return sorted(one for one in known if one.startswith(f"{who}.document[") and one.endswith(f"]:{retention}"))


def checked_subject(subject: str) -> str:
    """Subject and retention class, such as "client:dossier"."""
    if _SUBJECT.fullmatch(subject) is None:
        raise BadName("subject", subject, 'a subject and a retention class, such as "client:dossier"')
    return subject


def wrap(masters: MasterKeys, master: str, key: bytes, stream: str, subject: str, generation: int) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + _master(masters, master, stream).encrypt(nonce, key, _wrap_place(stream, subject, generation))


def unwrap(masters: MasterKeys, master: str, wrapped: bytes, stream: str, subject: str, generation: int) -> bytes:
    """The data key. Raises MasterKeyMissing or SealBroken."""
    try:
        place = _wrap_place(stream, subject, generation)
        return _master(masters, master, stream).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], place)
    except InvalidTag:
        raise SealBroken(f"{stream}, data key", subject) from None


def _master(masters: MasterKeys, master: str, stream: str) -> AESGCM:
    key = masters.get(master)
    if key is None:
        raise MasterKeyMissing(master, stream)
    return AESGCM(key)


def _wrap_place(stream: str, subject: str, generation: int) -> bytes:
    return f"data key\n{stream}\n{subject}\n{generation}".encode()


class OpenedKeys:
    """Data keys that were unwrapped a short while ago, of all streams, to spare the unwrapping.

    They are found by the row of the database they came from, wrapped bytes and all: a key that any process has destroyed
    has no row any more, so it is never used again, and it leaves the memory of this process at the latest when the cache
    has turned over. The oldest half goes when it is full.
    """

    def __init__(self, size: int = 4096) -> None:
        self._size = size
        self._held: dict[tuple[str, str, int, bytes], AESGCM] = {}

    def get(self, row: tuple[str, str, int, bytes]) -> AESGCM | None:
        return self._held.get(row)

    def keep(self, row: tuple[str, str, int, bytes], cipher: AESGCM) -> None:
        if len(self._held) >= self._size:
            self._held = dict(list(self._held.items())[self._size // 2 :])
        self._held[row] = cipher

    def forget(self) -> None:
        """Data keys were destroyed here: none is kept."""
        self._held = {}


class Keyring:
    """The data keys of one stream, as one transaction sees them: an erasure by any process holds at once."""

    __slots__ = ("_ciphers", "_erased", "_masters", "_newest", "_opened", "_wire", "_wrapped", "stream")

    def __init__(self, wire: Wire, masters: MasterKeys, stream: str, opened: OpenedKeys) -> None:
        self._wire, self._masters, self.stream, self._opened = wire, masters, stream, opened
        self._wrapped: dict[tuple[str, int], tuple[str, bytes]] = {}
        self._newest: dict[str, int] = {}
        for subject, generation, master, wrapped in wire.all("keys_of_stream", stream=stream):
            self._wrapped[subject, generation] = (master, wrapped)
            self._newest[subject] = generation
        self._ciphers: dict[tuple[str, int], AESGCM] = {}
        self._erased: set[tuple[str, int]] | None = None

    def seal(self, place: str, subject: str, plain: bytes) -> bytes:
        """The sealed piece for a place of this stream; the first use of a subject makes its data key."""
        generation = self._newest.get(subject)
        if generation is None:
            generation = self._new(subject)
        nonce = os.urandom(_NONCE)
        cipher = self._cipher(subject, generation)
        sealed = cipher.encrypt(nonce, plain, f"{place}\n{self.stream}\n{subject}".encode())
        return generation.to_bytes(_GENERATION, "big") + nonce + sealed

    def open(self, place: str, subject: str, piece: bytes) -> bytes | None:
        """The plain bytes; None when the data key was erased. Raises SealBroken, DataKeyLost, MasterKeyMissing."""
        generation = int.from_bytes(piece[:_GENERATION], "big")
        if (subject, generation) not in self._wrapped:
            if (subject, generation) in self.erased():
                return None
            raise DataKeyLost(self.stream, subject, generation)
        start = _GENERATION + _NONCE
        cipher = self._cipher(subject, generation)
        try:
            return cipher.decrypt(
                piece[_GENERATION:start], piece[start:], f"{place}\n{self.stream}\n{subject}".encode()
            )
        except (InvalidTag, ValueError):
            raise SealBroken(f"{self.stream}, {place}", subject) from None

    def plain_key(self, subject: str, *, make: bool) -> bytes | None:
        """The newest data key itself, for a keyed hash; None when there is none and it may not be made."""
        if subject not in self._newest:
            if not make:
                return None
            self._new(subject)
        generation = self._newest[subject]
        master, wrapped = self._wrapped[subject, generation]
        return unwrap(self._masters, master, wrapped, self.stream, subject, generation)

    def erased(self) -> set[tuple[str, int]]:
        """(subject, generation) of the keys of this stream that were destroyed."""
        if self._erased is None:
            self._erased = {(row[0], row[1]) for row in self._wire.all("erased_of_stream", stream=self.stream)}
        return self._erased

    def generations(self, subject: str) -> list[int]:
        """The generations of a subject that can still be opened."""
        return [generation for name, generation in self._wrapped if name == subject]

    def subjects(self) -> frozenset[str]:
        """The subjects that can still be opened."""
        return frozenset(name for name, _ in self._wrapped)

    def _cipher(self, subject: str, generation: int) -> AESGCM:
        cipher = self._ciphers.get((subject, generation))
        if cipher is None:
            master, wrapped = self._wrapped[subject, generation]
            row = (self.stream, subject, generation, wrapped)
            cipher = self._opened.get(row)
            if cipher is None:
                cipher = AESGCM(unwrap(self._masters, master, wrapped, self.stream, subject, generation))
                self._opened.keep(row, cipher)
            self._ciphers[subject, generation] = cipher
        return cipher

    def _new(self, subject: str) -> int:
        checked_subject(subject)
        self._erased = None
        generation = 1 + max((g for name, g in self.erased() if name == subject), default=0)
        key = AESGCM.generate_key(256)
        master = self._masters.current
        wrapped = wrap(self._masters, master, key, self.stream, subject, generation)
        added = self._wire.run(
            "add_key", stream=self.stream, subject=subject, generation=generation, master=master, wrapped=wrapped
        )
        if added:
            self._wrapped[subject, generation] = (master, wrapped)
        else:  # another transaction made it a moment ago
            for name, number, other, bytes_ in self._wire.all("keys_of_stream", stream=self.stream):
                self._wrapped[name, number] = (other, bytes_)
        self._newest[subject] = generation
        return generation

"""A fact as stored bytes, and back. This is the form that an auditor's own program can check.

`clear` is one line of canonical JSON (keys sorted, no spaces):

    {"at":..., "fact":{..., "type":...}, "seals":{subject: hash}, "sequence":..., "stream":..., "version":...}

where each hash of `seals` is the SHA-256, in hex, of a sealed piece.

`sealed` is a msgpack map from subject to sealed piece (null when the fact has no personal part), and

    hash = SHA-256(hash of the fact before ‖ clear)          the first fact follows on 32 zero bytes

so the chain binds the ciphertexts by their hashes, and no hash of a plain text is kept anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, NamedTuple, Union

import msgspec

from schuldhulp.engine.history.errors import UnreadableFact
from schuldhulp.engine.history.sealing import Keyring
from schuldhulp.engine.history.upcast import Upcasts, upcasts
from schuldhulp.engine.model.facts import ALL_FACTS, Fact, Personal

GENESIS = bytes(32)
"""What the first fact of a stream follows on."""


class Envelope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The clear part of a row."""

    at: str
    fact: msgspec.Raw
    seals: dict[str, str]
    sequence: int
    stream: str
    version: int


class _Typed(msgspec.Struct):
    type: str


_json = msgspec.json.Encoder(order="sorted")
_pack = msgspec.msgpack.Encoder(order="sorted")
_envelope = msgspec.json.Decoder(Envelope)
_typed = msgspec.json.Decoder(_Typed)
_any_fact: msgspec.json.Decoder[Fact] = msgspec.json.Decoder(Union[ALL_FACTS])  # noqa: UP007 - built at run time
_plain = msgspec.json.Decoder(dict[str, Any])
_pieces = msgspec.msgpack.Decoder(dict[str, bytes])
_tags: dict[type[Fact], str] = {cls: str(cls.__struct_config__.tag) for cls in ALL_FACTS}


class Encoded(NamedTuple):
    """A row of the table, its columns in their order."""

    stream: str
    sequence: int
    at: str
    clear: bytes
    sealed: bytes | None
    hash: bytes


def fact_place(sequence: int) -> str:
    """What a sealed piece of a fact is bound to, beside stream and subject."""
    return f"fact {sequence}"


def encode(
    facts: Iterable[Fact],
    stream: str,
    first: int,
    at: str,
    previous: bytes,
    keys: Keyring,
    steps: Upcasts = upcasts,
) -> list[Encoded]:
    """The rows of a batch. `first`: the first sequence number, `at`: the instant as text, `previous`: the hash before.

    `stream`, `at` and subjects need no escaping in JSON: what they may hold was checked (`checked_stream`,
    `instant_text`, `checked_subject`).
    """
    rows: list[Encoded] = []
    head, name = b'{"at":"%b","fact":' % at.encode(), stream.encode()
    for sequence, fact in enumerate(facts, start=first):
        sealed, seals = None, b""
        if fact.personal:
            pieces = _sealed(fact.personal, sequence, keys)
            sealed = _pack.encode(pieces)
            seals = b",".join(
                b'"%b":"%b"' % (subject.encode(), sha256(piece).hexdigest().encode())
                for subject, piece in pieces.items()
            )
            fact = msgspec.structs.replace(fact, personal={})
        version = steps.version(_tags[type(fact)])
        clear = head + b'%b,"seals":{%b},"sequence":%d,"stream":"%b","version":%d}' % (
            _json.encode(fact),
            seals,
            sequence,
            name,
            version,
        )
        previous = sha256(previous + clear).digest()
        rows.append(Encoded(stream, sequence, at, clear, sealed, previous))
    return rows


def _sealed(personal: Personal, sequence: int, keys: Keyring) -> dict[str, bytes]:
    place = fact_place(sequence)
    return {subject: keys.seal(place, subject, _json.encode(personal[subject])) for subject in sorted(personal)}


def chained(previous: bytes, clear: bytes) -> bytes:
    """The hash of a fact, from the hash of the one before."""
    return sha256(previous + clear).digest()


def read_envelope(clear: bytes) -> Envelope:
    """Raises msgspec.MsgspecError."""
    return _envelope.decode(clear)


def read_pieces(sealed: bytes | None) -> dict[str, bytes]:
    """The sealed pieces by subject. Raises msgspec.MsgspecError."""
    return _pieces.decode(sealed) if sealed is not None else {}


def pack_pieces(pieces: Mapping[str, bytes]) -> bytes | None:
    """The one way in which pieces are packed."""
    return _pack.encode(dict(pieces)) if pieces else None


def decode(
    stream: str, sequence: int, clear: bytes, sealed: bytes | None, keys: Keyring, steps: Upcasts = upcasts
) -> tuple[Fact, tuple[str, ...]]:
    """The fact, and the subjects of which the data key was erased.

    Raises UnreadableFact, and what `Keyring.open` raises.
    """
    try:
        envelope = _envelope.decode(clear)
        personal, erased = _opened(sequence, _pieces.decode(sealed), keys) if sealed is not None else ({}, ())
        type_ = _typed.decode(envelope.fact).type
        if (type_, envelope.version) in steps:
            plain, personal = steps.lift(envelope.version, _plain.decode(envelope.fact), personal)
            fact = _any_fact.decode(_json.encode(plain))
        elif envelope.version > steps.version(type_):
            raise UnreadableFact(stream, sequence, f"{type_} is of version {envelope.version}")
        else:
            fact = _any_fact.decode(envelope.fact)
    except msgspec.MsgspecError as error:
        raise UnreadableFact(stream, sequence, str(error)) from error
    return (msgspec.structs.replace(fact, personal=personal) if personal else fact), erased


def _opened(
    sequence: int, pieces: dict[str, bytes], keys: Keyring
) -> tuple[dict[str, dict[str, Any]], tuple[str, ...]]:
    place = fact_place(sequence)
    personal: dict[str, dict[str, Any]] = {}
    erased: list[str] = []
    for subject, piece in pieces.items():
        plain = keys.open(place, subject, piece)
        if plain is None:
            erased.append(subject)
        else:
            personal[subject] = _plain.decode(plain)
    return personal, tuple(erased)

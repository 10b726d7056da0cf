"""How facts are stored: frozen for ever by golden files, readable with an auditor's own program, lifted when old.

A golden file `tests/golden/facts/<type>.<version>.json` holds a fact with all fields and one with the least, as they stand
in the log. Released files never change: a class that encodes differently needs a new version and an upcast. For a type
that is not released yet: SCHULDHULP_WRITE_GOLDEN=1 pytest tests/engine/history/test_encoding.py
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import types
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest

from schuldhulp.engine.history import encoding
from schuldhulp.engine.history.errors import UnreadableFact
from schuldhulp.engine.history.store import Store
from schuldhulp.engine.history.upcast import Json, Personal, Upcasts, upcasts
from schuldhulp.engine.model.facts import ALL_FACTS, DOSSIER, Actor, Fact

from .samples import CASE, NAME, NOW, opening, step

GOLDEN = Path(__file__).parents[2] / "golden" / "facts"


def sample(kind: Any, name: str) -> Any:
    """A fixed value of a field's type."""
    plain = {
        int: 7,
        str: f"één {name}",
        bool: True,
        date: date(2026, 3, 2),
        datetime: datetime(2026, 3, 2, 9, 30, 0, 5, tzinfo=UTC),
    }
    if kind in plain:
        return plain[kind]
    if kind is Actor:
        return Actor(account=7, role="consulent", on_behalf_of=8, program="web")
    if kind is Any:
        return {"b": 1, "a": [None, True]}
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return sample(next(arg for arg in args if arg is not type(None)), name)
    if origin is tuple:
        kinds = args[:1] * 2 if args[-1] is Ellipsis else args
        return tuple(sample(arg, f"{name} {number}") for number, arg in enumerate(kinds))
    if origin is dict:
        return {"z": sample(args[1], "z"), "a": sample(args[1], "a")}
    raise AssertionError(f"{name}: no sample for {kind}")


def samples(cls: type[Fact]) -> dict[str, Fact]:
    hints = get_type_hints(cls)
    fields = [field for field in msgspec.structs.fields(cls) if field.name != "personal"]
    values = {field.name: sample(hints[field.name], field.name) for field in fields}
    least = {field.name: values[field.name] for field in fields if field.required}
    return {"full": cls(**values), "least": cls(**least)}


def stored(store: Store, fact: Fact) -> tuple[bytes, Fact]:
    """The clear bytes of a fact in the database, and the fact that is read back."""
    with store.begin() as log:
        at = log.load(CASE).sequence
        log.append(CASE, at, [fact], NOW)
        (row,) = log.wire.all("all_of_facts", stream=CASE, after=at, batch=2)
        (back,) = log.facts(CASE, after=at)
    return bytes(row[2]), back.fact


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.parametrize("cls", ALL_FACTS, ids=lambda cls: cls.__struct_config__.tag)
def test_a_fact_is_stored_as_it_was_released(sqlite_store: Store, cls: type[Fact]) -> None:
    tag = cls.__struct_config__.tag
    golden = GOLDEN / f"{tag}.{upcasts.version(str(tag))}.json"
    found = {}
    for name, fact in samples(cls).items():
        clear, back = stored(sqlite_store, fact)
        envelope = json.loads(clear)
        assert clear == canonical(envelope)
        assert back == fact
        found[name] = envelope["fact"]
    if os.environ.get("SCHULDHULP_WRITE_GOLDEN") and not golden.exists():
        golden.write_text(json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    assert golden.exists(), f"{golden.name} is not there: see the top of this file"
    assert found == json.loads(golden.read_text(encoding="utf-8"))


def test_every_golden_fact_can_still_be_read() -> None:
    files = sorted(GOLDEN.glob("*.json"))
    assert len(files) >= len(ALL_FACTS)
    for file in files:
        version = int(file.name.split(".")[1])
        for fact in json.loads(file.read_text(encoding="utf-8")).values():
            lifted, _ = upcasts.lift(version, fact, {})
            read = msgspec.convert(lifted, Union[ALL_FACTS])  # noqa: UP007 - built at run time
            assert type(read) in ALL_FACTS


def test_an_auditor_can_check_the_chain_with_a_program_of_his_own(sqlite_store: Store, sqlite_file: Path) -> None:
    with sqlite_store.begin() as log:
        log.append(CASE, log.append(CASE, 0, opening(), NOW), step(1), NOW)
    rows = sqlite3.connect(sqlite_file).execute(
        "SELECT sequence, clear, sealed, hash FROM facts WHERE stream = ? ORDER BY sequence", (CASE,)
    )
    previous, sealed_parts = bytes(32), 0
    for sequence, clear, sealed, digest in rows:
        assert hashlib.sha256(previous + clear).digest() == digest
        envelope = json.loads(clear)
        assert (envelope["stream"], envelope["sequence"], envelope["version"]) == (CASE, sequence, 1)
        for subject, piece in msgspec.msgpack.decode(sealed or b"\x80").items():
            assert hashlib.sha256(piece).hexdigest() == envelope["seals"][subject]
            sealed_parts += 1
        assert NAME.encode() not in clear
        previous = digest
    assert sealed_parts == 4


def test_the_same_text_is_never_sealed_to_the_same_bytes(sqlite_store: Store) -> None:
    pieces = [stored(sqlite_store, opening()[0])[0] for _ in range(20)]
    assert len({json.loads(clear)["seals"][DOSSIER] for clear in pieces}) == 20


def test_an_old_fact_is_lifted_step_by_step_and_its_bytes_stay(sqlite_store: Store) -> None:
    clear, _ = stored(sqlite_store, opening()[1])
    steps = Upcasts()

    @steps("case_opened", from_version=1)
    def slashes(clear: Json, personal: Personal) -> tuple[Json, Personal]:
        return {**clear, "number": clear["number"].replace("-", "/")}, personal

    @steps("case_opened", from_version=2)
    def renamed(clear: Json, personal: Personal) -> tuple[Json, Personal]:
        return {"type": "case_closed", "outcome": "was " + clear["number"]}, {DOSSIER: {"new": True}}

    assert steps.version("case_opened") == 3
    with sqlite_store.read() as log:
        keys = log.keys(CASE)
        fact, _ = encoding.decode(CASE, 1, clear, None, keys, steps)
        (again,) = encoding.encode([opening()[1]], CASE, 2, "", bytes(32), keys, steps)
    assert msgspec.to_builtins(fact) == {
        "type": "case_closed",
        "outcome": "was 2026/000123",
        "personal": {DOSSIER: {"new": True}},
    }
    assert json.loads(again.clear)["version"] == 3
    with pytest.raises(ValueError, match="released steps do not change"):
        steps("case_opened", from_version=1)
    with pytest.raises(ValueError, match="from version 3, not 5"):
        steps("case_opened", from_version=5)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ((b'"type":"case_opened"', b'"type":"case_opened_by_robot"'), "case_opened_by_robot"),
        ((b'"version":1', b'"version":2'), "version 2"),
        ((b'"number":', b'"nummer":'), "number"),
        ((b"{", b"["), "fact 1"),
    ],
)
def test_a_fact_of_a_newer_product_is_refused_and_named(
    sqlite_store: Store, change: tuple[bytes, bytes], says: str
) -> None:
    clear, _ = stored(sqlite_store, opening()[1])
    with sqlite_store.read() as log, pytest.raises(UnreadableFact, match=says):
        encoding.decode(CASE, 1, clear.replace(*change, 1), None, log.keys(CASE))

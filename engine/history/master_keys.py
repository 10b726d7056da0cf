"""Master keys: a small file outside the database that wraps every data key.

One line per key, "<id> <base64 of 32 bytes>"; the last line is the current one. Whoever has the database without this
file has no personal data; whoever loses it has lost them. A line is added to rotate (`add_master_key`), data keys are
then wrapped anew (`rotation.rewrap`), and only after that an old line may be removed.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from schuldhulp.engine.history.errors import KeyFileError

_LINE = re.compile(r"(?P<id>[a-z0-9-]{1,40})[ \t]+(?P<key>[A-Za-z0-9+/=]+)")


class MasterKeys:
    """The master keys by id, and which one new data keys are wrapped with."""

    __slots__ = ("_keys", "current")

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        if not keys:
            raise KeyFileError("no master key: give at least one")
        for name, key in keys.items():
            if len(key) != 32:
                raise KeyFileError(f"master key {name} has {len(key)} bytes, needed are 32")
        self._keys = dict(keys)
        self.current = list(self._keys)[-1]

    def __repr__(self) -> str:
        return f"MasterKeys({', '.join(self._keys)})"

    def __contains__(self, name: object) -> bool:
        return name in self._keys

    def get(self, name: str) -> bytes | None:
        return self._keys.get(name)

    @classmethod
    def read(cls, path: Path) -> MasterKeys:
        """The keys in a file. Raises KeyFileError when it is missing, malformed, or open to other users."""
        try:
            mode = path.stat().st_mode
            text = path.read_text(encoding="ascii")
        except FileNotFoundError:
            raise KeyFileError(f"{path}: no such key file. Put it back, or make one for a new database.") from None
        except (OSError, UnicodeDecodeError) as error:
            raise KeyFileError(f"{path}: cannot be read as a key file ({error}).") from error
        mode = stat.S_IMODE(mode)
        if os.name == "posix" and mode & 0o077:
            raise KeyFileError(f"{path}: other users can reach this key file ({mode:o}). Run: chmod 600 {path}")
        return cls(_parsed(path, text))

    @classmethod
    def read_or_make(cls, path: Path) -> MasterKeys:
        """The keys in a file, which is made with one fresh key (mode 0600) when it is not there yet."""
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, _fresh_line(), replace=False)
        return cls.read(path)


def add_master_key(path: Path) -> MasterKeys:
    """Adds a fresh key, which becomes the current one. Data keys stay as they are until they are wrapped anew."""
    MasterKeys.read(path)
    text = path.read_text(encoding="ascii")
    _write(path, text + ("" if text.endswith("\n") else "\n") + _fresh_line(), replace=True)
    return MasterKeys.read(path)


def _parsed(path: Path, text: str) -> dict[str, bytes]:
    keys: dict[str, bytes] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise KeyFileError(f"{path}, line {number}: expected an id and a key in base64.")
        if match["id"] in keys:
            raise KeyFileError(f"{path}, line {number}: id {match['id']} stands there twice.")
        try:
            keys[match["id"]] = base64.b64decode(match["key"], validate=True)
        except binascii.Error as error:
            raise KeyFileError(f"{path}, line {number}: the key is not base64 ({error}).") from error
    if not keys:
        raise KeyFileError(f"{path}: holds no key.")
    return keys


def _fresh_line() -> str:
    return f"m{secrets.token_hex(4)} {base64.b64encode(secrets.token_bytes(32)).decode()}\n"


def _write(path: Path, text: str, *, replace: bool) -> None:
    """Whole or not at all, on disk before it is used; without `replace` the first of two programs wins."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            beside.replace(path)
        else:
            _link(beside, path)
        _sync_folder(path.parent)
    finally:
        beside.unlink(missing_ok=True)


def _link(beside: Path, path: Path) -> None:
    try:
        os.link(beside, path)
    except FileExistsError:
        return
    except OSError:
        # A file system without hard links: the rename is still whole.
        if not path.exists():
            beside.replace(path)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

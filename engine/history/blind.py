"""The blind index: finding equal values without keeping them.

A value is looked up by its HMAC-SHA256 under a key of its own, wrapped by the master key like every data key. Without
that key a guessed value cannot be checked against the database.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

from schuldhulp.engine.history.reader import Reader

STREAM = "index"
SUBJECT = "blind:index"


def blind(reader: Reader, kind: str, value: str) -> str:
    """The index entry of a value; `kind` ("login", "message keys") keeps equal values of different kinds apart.

    The key is made at the first use inside a write transaction. In a read-only one, before anything was indexed, the
    answer is "", which matches nothing.
    """
    key = reader.keys(STREAM).plain_key(SUBJECT, make=reader.writes)
    if key is None:
        return ""
    text = unicodedata.normalize("NFC", value)
    return hmac.new(key, f"{kind}\n{text}".encode(), hashlib.sha256).hexdigest()

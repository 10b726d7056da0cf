"""A writer whose files may not grow beyond a size: python fill_disk.py URL KEY_FILE BYTES. Prints what became of it."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from schuldhulp.engine.history.errors import StorageError
from schuldhulp.engine.history.store import MasterKeys, Store

sys.path.insert(0, str(Path(__file__).parent))
from samples import CASE, NOW, step  # type: ignore[import-not-found]

acknowledged, failure = 0, ""
with Store.open(sys.argv[1], MasterKeys.read(Path(sys.argv[2]))) as store:
    limit = int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    for _ in range(10_000):
        try:
            with store.begin() as log:
                sequence = log.append(CASE, acknowledged, step(acknowledged), NOW)
        except StorageError as error:
            failure = type(error).__name__
            break
        acknowledged = sequence
print(json.dumps({"acknowledged": acknowledged, "error": failure}))

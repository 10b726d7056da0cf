"""One of two writers: python write_loop.py URL KEY_FILE COMMANDS. Prints how many it wrote and how many races it lost."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from schuldhulp.engine.history.errors import LostRace
from schuldhulp.engine.history.store import MasterKeys, Store

sys.path.insert(0, str(Path(__file__).parent))
from samples import CASE, NOW, step  # type: ignore[import-not-found]

with Store.open(sys.argv[1], MasterKeys.read(Path(sys.argv[2]))) as store:
    written = lost = 0
    while written < int(sys.argv[3]):
        with store.read() as reader:
            at = reader.load(CASE).sequence
        try:
            with store.begin() as log:
                log.append(CASE, at, step(at), NOW)
            written += 1
        except LostRace:
            lost += 1
print(json.dumps({"commands": written, "lost": lost}))

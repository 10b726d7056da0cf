"""The end of a whole instance."""

from __future__ import annotations

from schuldhulp.engine.bpmn.run.contract import Completed, ScopeClosed
from schuldhulp.engine.bpmn.run.draft import Draft
from schuldhulp.engine.bpmn.run.tree import interrupt

_CLOSED = {"completed": "completed", "terminated": "terminated", "cancelled": "cancelled", "error": "failed"}


def end_instance(draft: Draft, how: str, code: str | None = None) -> None:
    """Everything that is still open is cancelled. `how`: see `contract.Completed`."""
    root = draft.root
    if draft.scope(root) is not None:
        interrupt(draft, root)
        draft.remove(root)
        draft.say(ScopeClosed(root, _CLOSED[how]))
    draft.root = 0
    draft.status = how
    draft.soon.clear()
    draft.later.clear()
    draft.touched.clear()
    draft.data_changed = False
    draft.say(Completed(how, code))

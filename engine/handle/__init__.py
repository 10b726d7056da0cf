"""The use cases, and the only place where a transaction opens. `Engine` is what faces call."""

from schuldhulp.engine.handle.base import Cover, Done, NoSuchCase, TooBusy
from schuldhulp.engine.handle.covering import BadCover, Covering
from schuldhulp.engine.handle.definitions import Definitions
from schuldhulp.engine.handle.jobs import Jobs
from schuldhulp.engine.handle.looking import Looking
from schuldhulp.engine.handle.migrating import Migrating
from schuldhulp.engine.handle.operations import Operations
from schuldhulp.engine.handle.papers import Papers
from schuldhulp.engine.handle.recounting import Recounted, Recounting
from schuldhulp.engine.handle.relay import Relay
from schuldhulp.engine.handle.sessions import Sessions
from schuldhulp.engine.handle.staff import Staff
from schuldhulp.engine.handle.taking_in import Taken, TakingIn
from schuldhulp.engine.handle.tokens import Caller, OutOfScope, Tokens
from schuldhulp.engine.handle.verifying import Difference, Verifying


class Engine(
    Relay,
    Papers,
    TakingIn,
    Recounting,
    Operations,
    Jobs,
    Migrating,
    Looking,
    Definitions,
    Staff,
    Covering,
    Tokens,
    Sessions,
    Verifying,
):
    """Cases of one organisation: commands in, facts out. Made by `bootstrap.open_engine`."""


__all__ = [
    "BadCover", "Caller", "Cover", "Difference", "Done", "Engine", "NoSuchCase", "OutOfScope", "Recounted", "Taken", "TooBusy",
]  # fmt: skip

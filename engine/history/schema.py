"""Every table, declared once. Migrations make them, `queries.sql` uses them, a test holds the two together.

The key of every table that belongs to a case starts with the case (as its stream, "case/2026-000123"), so that the same
schema can be spread over machines by case. Three kinds: the log (never rewritten), projections (may be thrown away and
folded again from the log), and plain tables with use cases of their own. Small rows lie in their primary key
(`WITHOUT ROWID`): one page to write instead of two.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, PrimaryKeyConstraint, Table, Text, text
from sqlalchemy.types import BigInteger

NEWEST = "0007"
"""The migration this version of the product works with."""

metadata = MetaData()

# Text compares by code point everywhere, so that instants, prefixes of streams and indexes sort alike.
_Text = Text().with_variant(Text(collation="C"), "postgresql")
_Whole = BigInteger().with_variant(Integer(), "sqlite")


def _key(name: str, *, whole: bool = False) -> Column[object]:
    return Column(name, _Whole if whole else _Text, nullable=False)


def _text(name: str, *, needed: bool = False) -> Column[object]:
    return Column(name, _Text, nullable=not needed)


def _whole(name: str, *, needed: bool = False) -> Column[object]:
    return Column(name, _Whole, nullable=not needed)


def _bytes(name: str, *, needed: bool = False) -> Column[object]:
    return Column(name, LargeBinary, nullable=not needed)


# --- the log ----------------------------------------------------------------------------------------------------------

facts = Table(
    "facts",
    metadata,
    _key("stream"),
    _key("sequence", whole=True),
    _text("at", needed=True),
    _bytes("clear", needed=True),
    _bytes("sealed"),
    _bytes("hash", needed=True),
    PrimaryKeyConstraint("stream", "sequence"),
)

# Where each stream is, sealed against being moved by hand; and the newest snapshot, a cache that may be lost.
streams = Table(
    "streams",
    metadata,
    _key("stream"),
    _whole("sequence", needed=True),
    _bytes("head", needed=True),
    _bytes("head_sealed"),
    _whole("snapshot_sequence"),
    _bytes("snapshot_sealed"),
    PrimaryKeyConstraint("stream"),
)

data_keys = Table(
    "data_keys",
    metadata,
    _key("stream"),
    _key("subject"),
    _key("generation", whole=True),
    _text("master", needed=True),
    _bytes("wrapped", needed=True),
    PrimaryKeyConstraint("stream", "subject", "generation"),
    sqlite_with_rowid=False,
)

erased_keys = Table(
    "erased_keys",
    metadata,
    _key("stream"),
    _key("subject"),
    _key("generation", whole=True),
    _text("at", needed=True),
    PrimaryKeyConstraint("stream", "subject", "generation"),
    sqlite_with_rowid=False,
)

meta = Table(
    "meta",
    metadata,
    _key("name"),
    _text("value", needed=True),
    PrimaryKeyConstraint("name"),
    sqlite_with_rowid=False,
)

# --- projections ------------------------------------------------------------------------------------------------------

cases = Table(
    "cases",
    metadata,
    _key("case"),
    _text("number"),
    _text("opened_at"),
    _text("closed_at"),
    _text("status"),
    _bytes("title_sealed"),
    PrimaryKeyConstraint("case"),
    Index("cases_by_number", "number"),
    sqlite_with_rowid=False,
)

instances = Table(
    "instances",
    metadata,
    _key("case"),
    _key("instance", whole=True),
    _text("module"),
    _text("process"),
    _text("deployment"),
    _text("status"),
    _text("started_at"),
    _text("ended_at"),
    PrimaryKeyConstraint("case", "instance"),
    Index(
        "running_instances_by_deployment",
        "deployment",
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    sqlite_with_rowid=False,
)

_open = text("status = 'open'")
# The order of the lists; what follows on it lets them be found and counted from the index alone.
_URGENCY = (
    text("coalesce(fatal, '9999')"),
    text("coalesce(target, '9999')"),
    "opened_at",
    "case",
    "task",
    "fatal",
    "target",
    "status",
    "follow_up",
    "roles",
)

tasks = Table(
    "tasks",
    metadata,
    _key("case"),
    _key("task", whole=True),
    _text("status"),
    _text("kind"),
    _whole("instance"),
    _text("module"),
    _text("element"),
    _text("name"),
    _text("roles"),
    _text("form"),
    _whole("claimed_by"),
    _text("claimed_at"),
    _text("opened_at"),
    _text("target"),
    _text("fatal"),
    _text("follow_up"),
    _whole("priority"),
    _whole("version"),
    _whole("ended_by"),
    _text("ended_at"),
    PrimaryKeyConstraint("case", "task"),
    Index("open_tasks_by_urgency", *_URGENCY, "claimed_by", sqlite_where=_open, postgresql_where=_open),
    Index("open_tasks_by_person", "claimed_by", *_URGENCY, sqlite_where=_open, postgresql_where=_open),
    sqlite_with_rowid=False,
)

# The few different values of `tasks.roles`: which of them are a person's is found out once, not for each task.
role_sets = Table(
    "role_sets",
    metadata,
    _key("roles"),
    PrimaryKeyConstraint("roles"),
    sqlite_with_rowid=False,
)

_running = text("status IN ('running', 'missed')")

terms = Table(
    "terms",
    metadata,
    _key("case"),
    _key("term", whole=True),
    _text("rule"),
    _text("article"),
    _whole("instance"),
    _text("trigger"),
    _text("ends"),
    _text("target"),
    _text("other"),
    _text("status"),
    _text("ended_on"),
    PrimaryKeyConstraint("case", "term"),
    Index("running_terms_by_end", "ends", sqlite_where=_running, postgresql_where=_running),
    sqlite_with_rowid=False,
)

timers = Table(
    "timers",
    metadata,
    _key("case"),
    _key("kind"),
    _key("instance", whole=True),
    _key("ref", whole=True),
    _text("due"),
    PrimaryKeyConstraint("case", "kind", "instance", "ref"),
    Index("timers_by_due", "due"),
    sqlite_with_rowid=False,
)

subscriptions = Table(
    "subscriptions",
    metadata,
    _key("case"),
    _key("instance", whole=True),
    _key("ref", whole=True),
    _text("kind"),
    _text("name"),
    _text("keys_blind"),
    PrimaryKeyConstraint("case", "instance", "ref"),
    Index("subscriptions_by_name", "kind", "name", "keys_blind"),
    sqlite_with_rowid=False,
)

_raised = text("status = 'open'")

incidents = Table(
    "incidents",
    metadata,
    _key("case"),
    _key("incident", whole=True),
    _whole("instance"),
    _text("element"),
    _text("code"),
    _text("status"),
    _text("raised_at"),
    PrimaryKeyConstraint("case", "incident"),
    Index("open_incidents", "raised_at", sqlite_where=_raised, postgresql_where=_raised),
    sqlite_with_rowid=False,
)

documents = Table(
    "documents",
    metadata,
    _key("case"),
    _key("document", whole=True),
    _text("letter"),
    _whole("instance"),
    _text("status"),
    _text("sent_on"),
    _text("channel"),
    PrimaryKeyConstraint("case", "document"),
    Index("letters_by_day", "sent_on", "channel"),
    sqlite_with_rowid=False,
)

# What people added to the file. `details_sealed`: name, kind, hash and dates, as JSON, under the document's own key.
papers = Table(
    "papers",
    metadata,
    _key("case"),
    _key("document", whole=True),
    _whole("task"),
    _whole("instance"),
    _text("media_type"),
    _whole("size"),
    _whole("added_by"),
    _text("added_at"),
    _text("removed_at"),
    _bytes("details_sealed"),
    PrimaryKeyConstraint("case", "document"),
    sqlite_with_rowid=False,
)

# What cases took from something they share, such as a budget: counted over all of them.
tallies = Table(
    "tallies",
    metadata,
    _key("case"),
    _key("tally", whole=True),
    _text("name"),
    _text("day"),
    _whole("cents"),
    _text("at"),
    PrimaryKeyConstraint("case", "tally"),
    Index("tallies_by_day", "name", "day", "cents", "at"),
    sqlite_with_rowid=False,
)

PROJECTIONS: dict[str, Table] = {
    table.name: table
    for table in (cases, instances, tasks, terms, timers, subscriptions, incidents, documents, papers, tallies)
}

# --- plain tables -----------------------------------------------------------------------------------------------------

document_files = Table(
    "document_files",
    metadata,
    _key("case"),
    _key("document", whole=True),
    _text("media_type", needed=True),
    _bytes("content_sealed"),
    PrimaryKeyConstraint("case", "document"),
)

# Blind keys of households and of rows of files, and the case that each belongs to.
links = Table(
    "links",
    metadata,
    _key("case"),
    _key("kind"),
    _key("blind"),
    PrimaryKeyConstraint("case", "kind", "blind"),
    Index("links_by_blind", "kind", "blind"),
    sqlite_with_rowid=False,
)

drafts = Table(
    "drafts",
    metadata,
    _key("case"),
    _key("task", whole=True),
    _key("account", whole=True),
    _whole("version", needed=True),
    _bytes("content_sealed", needed=True),
    _whole("author", needed=True),
    _text("saved_at", needed=True),
    PrimaryKeyConstraint("case", "task", "account"),
)

outbox = Table(
    "outbox",
    metadata,
    _key("case"),
    _key("key"),
    _text("kind", needed=True),
    _whole("sequence", needed=True),
    _bytes("payload_sealed"),
    _text("state", needed=True),
    _whole("attempts", needed=True),
    _text("due", needed=True),
    _text("leased_by"),
    _text("leased_until"),
    _text("failure"),
    # Of external tasks only: what workers ask for, the executor's ids, and how often it is still tried.
    _text("topic"),
    _whole("instance"),
    _whole("work"),
    _whole("retries"),
    PrimaryKeyConstraint("case", "key"),
    Index(
        "outbox_waiting",
        "due",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(
        "outbox_jobs",
        "topic",
        "due",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    sqlite_with_rowid=False,
)

leases = Table(
    "leases",
    metadata,
    _key("case"),
    _key("kind"),
    _text("worker", needed=True),
    _text("until", needed=True),
    PrimaryKeyConstraint("case", "kind"),
    sqlite_with_rowid=False,
)

accounts = Table(
    "accounts",
    metadata,
    _key("number", whole=True),
    _text("login_blind", needed=True),
    _bytes("login_sealed"),
    _bytes("name_sealed"),
    _text("password"),
    _text("roles", needed=True),
    _whole("active", needed=True),
    PrimaryKeyConstraint("number"),
    Index("accounts_by_login", "login_blind", unique=True),
)

sessions = Table(
    "sessions",
    metadata,
    _key("token"),
    _whole("account", needed=True),
    _text("started_at", needed=True),
    _text("seen_at", needed=True),
    _text("until", needed=True),
    PrimaryKeyConstraint("token"),
    Index("sessions_by_account", "account"),
    sqlite_with_rowid=False,
)

# By which programs call the API: the token itself is nowhere, only its hash.
api_tokens = Table(
    "api_tokens",
    metadata,
    _key("number", whole=True),
    _text("digest", needed=True),
    _whole("account", needed=True),
    _text("scopes", needed=True),
    _text("made_at", needed=True),
    _text("until"),
    _text("withdrawn_at"),
    _text("used_at"),
    PrimaryKeyConstraint("number"),
    Index("api_tokens_by_digest", "digest", unique=True),
    sqlite_with_rowid=False,
)

read_log = Table(
    "read_log",
    metadata,
    _key("case"),
    _key("at"),
    _key("account", whole=True),
    _text("role", needed=True),
    _text("purpose", needed=True),
    PrimaryKeyConstraint("case", "at", "account"),
    Index("read_log_by_account", "account", "at"),
    sqlite_with_rowid=False,
)

definition_files = Table(
    "definition_files",
    metadata,
    _key("hash"),
    _bytes("content", needed=True),
    PrimaryKeyConstraint("hash"),
)

# --- what the converter must know -------------------------------------------------------------------------------------

TEMPORAL = frozenset(
    {
        "at",
        "opened_at",
        "closed_at",
        "started_at",
        "ended_at",
        "claimed_at",
        "raised_at",
        "saved_at",
        "seen_at",
        "sent_on",
        "added_at",
        "removed_at",
        "day",
        "ended_on",
        "target",
        "fatal",
        "follow_up",
        "trigger",
        "ends",
        "other",
        "due",
        "until",
        "leased_until",
    }
)
"""Columns that hold a date or an instant, in whichever table."""

JSON = frozenset({"roles"})
"""Columns that hold JSON text."""

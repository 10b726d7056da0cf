"""The log, its projections and the plain tables beside it."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, PrimaryKeyConstraint, Text, text

revision = "0001"
down_revision = None

TEXT = Text().with_variant(Text(collation="C"), "postgresql")
WHOLE = BigInteger().with_variant(Integer(), "sqlite")
BYTES = LargeBinary()
ORDER = (text("coalesce(fatal, '9999')"), text("coalesce(target, '9999')"), "opened_at", "case", "task")
URGENCY = (*ORDER, "fatal", "target", "status", "follow_up", "roles")


def upgrade() -> None:
    op.create_table(
        "accounts",
        Column("number", WHOLE, nullable=False),
        Column("login_blind", TEXT, nullable=False),
        Column("login_sealed", BYTES, nullable=True),
        Column("name_sealed", BYTES, nullable=True),
        Column("password", TEXT, nullable=True),
        Column("roles", TEXT, nullable=False),
        Column("active", WHOLE, nullable=False),
        PrimaryKeyConstraint("number"),
    )
    op.create_index("accounts_by_login", "accounts", ["login_blind"], unique=True)
    op.create_table(
        "cases",
        Column("case", TEXT, nullable=False),
        Column("number", TEXT, nullable=True),
        Column("opened_at", TEXT, nullable=True),
        Column("closed_at", TEXT, nullable=True),
        Column("status", TEXT, nullable=True),
        Column("title_sealed", BYTES, nullable=True),
        PrimaryKeyConstraint("case"),
        sqlite_with_rowid=False,
    )
    op.create_index("cases_by_number", "cases", ["number"], unique=False)
    op.create_table(
        "data_keys",
        Column("stream", TEXT, nullable=False),
        Column("subject", TEXT, nullable=False),
        Column("generation", WHOLE, nullable=False),
        Column("master", TEXT, nullable=False),
        Column("wrapped", BYTES, nullable=False),
        PrimaryKeyConstraint("stream", "subject", "generation"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "definition_files",
        Column("hash", TEXT, nullable=False),
        Column("content", BYTES, nullable=False),
        PrimaryKeyConstraint("hash"),
    )
    op.create_table(
        "document_files",
        Column("case", TEXT, nullable=False),
        Column("document", WHOLE, nullable=False),
        Column("media_type", TEXT, nullable=False),
        Column("content_sealed", BYTES, nullable=True),
        PrimaryKeyConstraint("case", "document"),
    )
    op.create_table(
        "documents",
        Column("case", TEXT, nullable=False),
        Column("document", WHOLE, nullable=False),
        Column("letter", TEXT, nullable=True),
        Column("instance", WHOLE, nullable=True),
        Column("status", TEXT, nullable=True),
        Column("sent_on", TEXT, nullable=True),
        Column("channel", TEXT, nullable=True),
        PrimaryKeyConstraint("case", "document"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "drafts",
        Column("case", TEXT, nullable=False),
        Column("task", WHOLE, nullable=False),
        Column("account", WHOLE, nullable=False),
        Column("version", WHOLE, nullable=False),
        Column("content_sealed", BYTES, nullable=False),
        Column("author", WHOLE, nullable=False),
        Column("saved_at", TEXT, nullable=False),
        PrimaryKeyConstraint("case", "task", "account"),
    )
    op.create_table(
        "erased_keys",
        Column("stream", TEXT, nullable=False),
        Column("subject", TEXT, nullable=False),
        Column("generation", WHOLE, nullable=False),
        Column("at", TEXT, nullable=False),
        PrimaryKeyConstraint("stream", "subject", "generation"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "facts",
        Column("stream", TEXT, nullable=False),
        Column("sequence", WHOLE, nullable=False),
        Column("at", TEXT, nullable=False),
        Column("clear", BYTES, nullable=False),
        Column("sealed", BYTES, nullable=True),
        Column("hash", BYTES, nullable=False),
        PrimaryKeyConstraint("stream", "sequence"),
    )
    op.create_table(
        "incidents",
        Column("case", TEXT, nullable=False),
        Column("incident", WHOLE, nullable=False),
        Column("instance", WHOLE, nullable=True),
        Column("element", TEXT, nullable=True),
        Column("code", TEXT, nullable=True),
        Column("status", TEXT, nullable=True),
        Column("raised_at", TEXT, nullable=True),
        PrimaryKeyConstraint("case", "incident"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "open_incidents",
        "incidents",
        ["raised_at"],
        unique=False,
        sqlite_where=text("status = 'open'"),
        postgresql_where=text("status = 'open'"),
    )
    op.create_table(
        "instances",
        Column("case", TEXT, nullable=False),
        Column("instance", WHOLE, nullable=False),
        Column("module", TEXT, nullable=True),
        Column("process", TEXT, nullable=True),
        Column("deployment", TEXT, nullable=True),
        Column("status", TEXT, nullable=True),
        Column("started_at", TEXT, nullable=True),
        Column("ended_at", TEXT, nullable=True),
        PrimaryKeyConstraint("case", "instance"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "running_instances_by_deployment",
        "instances",
        ["deployment"],
        unique=False,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    )
    op.create_table(
        "leases",
        Column("case", TEXT, nullable=False),
        Column("kind", TEXT, nullable=False),
        Column("worker", TEXT, nullable=False),
        Column("until", TEXT, nullable=False),
        PrimaryKeyConstraint("case", "kind"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "meta",
        Column("name", TEXT, nullable=False),
        Column("value", TEXT, nullable=False),
        PrimaryKeyConstraint("name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox",
        Column("case", TEXT, nullable=False),
        Column("key", TEXT, nullable=False),
        Column("kind", TEXT, nullable=False),
        Column("sequence", WHOLE, nullable=False),
        Column("payload_sealed", BYTES, nullable=True),
        Column("state", TEXT, nullable=False),
        Column("attempts", WHOLE, nullable=False),
        Column("due", TEXT, nullable=False),
        Column("leased_by", TEXT, nullable=True),
        Column("leased_until", TEXT, nullable=True),
        Column("failure", TEXT, nullable=True),
        PrimaryKeyConstraint("case", "key"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "outbox_waiting",
        "outbox",
        ["due"],
        unique=False,
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    )
    op.create_table(
        "read_log",
        Column("case", TEXT, nullable=False),
        Column("at", TEXT, nullable=False),
        Column("account", WHOLE, nullable=False),
        Column("role", TEXT, nullable=False),
        Column("purpose", TEXT, nullable=False),
        PrimaryKeyConstraint("case", "at", "account"),
        sqlite_with_rowid=False,
    )
    op.create_index("read_log_by_account", "read_log", ["account", "at"], unique=False)
    op.create_table(
        "role_sets", Column("roles", TEXT, nullable=False), PrimaryKeyConstraint("roles"), sqlite_with_rowid=False
    )
    op.create_table(
        "sessions",
        Column("token", TEXT, nullable=False),
        Column("account", WHOLE, nullable=False),
        Column("started_at", TEXT, nullable=False),
        Column("seen_at", TEXT, nullable=False),
        Column("until", TEXT, nullable=False),
        PrimaryKeyConstraint("token"),
        sqlite_with_rowid=False,
    )
    op.create_index("sessions_by_account", "sessions", ["account"], unique=False)
    op.create_table(
        "streams",
        Column("stream", TEXT, nullable=False),
        Column("sequence", WHOLE, nullable=False),
        Column("head", BYTES, nullable=False),
        Column("head_sealed", BYTES, nullable=True),
        Column("snapshot_sequence", WHOLE, nullable=True),
        Column("snapshot_sealed", BYTES, nullable=True),
        PrimaryKeyConstraint("stream"),
    )
    op.create_table(
        "subscriptions",
        Column("case", TEXT, nullable=False),
        Column("instance", WHOLE, nullable=False),
        Column("ref", WHOLE, nullable=False),
        Column("kind", TEXT, nullable=True),
        Column("name", TEXT, nullable=True),
        Column("keys_blind", TEXT, nullable=True),
        PrimaryKeyConstraint("case", "instance", "ref"),
        sqlite_with_rowid=False,
    )
    op.create_index("subscriptions_by_name", "subscriptions", ["kind", "name", "keys_blind"], unique=False)
    op.create_table(
        "tasks",
        Column("case", TEXT, nullable=False),
        Column("task", WHOLE, nullable=False),
        Column("status", TEXT, nullable=True),
        Column("kind", TEXT, nullable=True),
        Column("instance", WHOLE, nullable=True),
        Column("module", TEXT, nullable=True),
        Column("element", TEXT, nullable=True),
        Column("name", TEXT, nullable=True),
        Column("roles", TEXT, nullable=True),
        Column("form", TEXT, nullable=True),
        Column("claimed_by", WHOLE, nullable=True),
        Column("claimed_at", TEXT, nullable=True),
        Column("opened_at", TEXT, nullable=True),
        Column("target", TEXT, nullable=True),
        Column("fatal", TEXT, nullable=True),
        Column("follow_up", TEXT, nullable=True),
        Column("priority", WHOLE, nullable=True),
        Column("version", WHOLE, nullable=True),
        Column("ended_by", WHOLE, nullable=True),
        Column("ended_at", TEXT, nullable=True),
        PrimaryKeyConstraint("case", "task"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "terms",
        Column("case", TEXT, nullable=False),
        Column("term", WHOLE, nullable=False),
        Column("rule", TEXT, nullable=True),
        Column("article", TEXT, nullable=True),
        Column("instance", WHOLE, nullable=True),
        Column("trigger", TEXT, nullable=True),
        Column("ends", TEXT, nullable=True),
        Column("target", TEXT, nullable=True),
        Column("other", TEXT, nullable=True),
        Column("status", TEXT, nullable=True),
        Column("ended_on", TEXT, nullable=True),
        PrimaryKeyConstraint("case", "term"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "running_terms_by_end",
        "terms",
        ["ends"],
        unique=False,
        sqlite_where=text("status IN ('running', 'missed')"),
        postgresql_where=text("status IN ('running', 'missed')"),
    )
    op.create_table(
        "timers",
        Column("case", TEXT, nullable=False),
        Column("kind", TEXT, nullable=False),
        Column("instance", WHOLE, nullable=False),
        Column("ref", WHOLE, nullable=False),
        Column("due", TEXT, nullable=True),
        PrimaryKeyConstraint("case", "kind", "instance", "ref"),
        sqlite_with_rowid=False,
    )
    op.create_index("timers_by_due", "timers", ["due"], unique=False)
    op.create_index(
        "open_tasks_by_urgency",
        "tasks",
        [*URGENCY, "claimed_by"],
        unique=False,
        sqlite_where=text("status = 'open'"),
        postgresql_where=text("status = 'open'"),
    )
    op.create_index(
        "open_tasks_by_person",
        "tasks",
        ["claimed_by", *URGENCY],
        unique=False,
        sqlite_where=text("status = 'open'"),
        postgresql_where=text("status = 'open'"),
    )

"""External tasks can be asked for by topic, and say how often they are still tried."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text, text

revision = "0002"
down_revision = "0001"

TEXT = Text().with_variant(Text(collation="C"), "postgresql")
WHOLE = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("outbox", Column("topic", TEXT, nullable=True))
    for name in ("instance", "work", "retries"):
        op.add_column("outbox", Column(name, WHOLE, nullable=True))
    waiting = text("state = 'waiting'")
    op.create_index("outbox_jobs", "outbox", ["topic", "due"], sqlite_where=waiting, postgresql_where=waiting)

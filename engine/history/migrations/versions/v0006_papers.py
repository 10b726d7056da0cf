"""Documents that people add to a case."""

from alembic import op
from sqlalchemy import Column, Integer, LargeBinary, PrimaryKeyConstraint, Text
from sqlalchemy.types import BigInteger

revision = "0006"
down_revision = "0005"

TEXT = Text().with_variant(Text(collation="C"), "postgresql")
WHOLE = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "papers",
        Column("case", TEXT, nullable=False),
        Column("document", WHOLE, nullable=False),
        Column("task", WHOLE),
        Column("instance", WHOLE),
        Column("media_type", TEXT),
        Column("size", WHOLE),
        Column("added_by", WHOLE),
        Column("added_at", TEXT),
        Column("removed_at", TEXT),
        Column("details_sealed", LargeBinary),
        PrimaryKeyConstraint("case", "document"),
        sqlite_with_rowid=False,
    )

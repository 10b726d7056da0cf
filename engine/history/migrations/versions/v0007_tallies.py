"""What cases take from something they share, such as a budget."""

from alembic import op
from sqlalchemy import Column, Integer, PrimaryKeyConstraint, Text
from sqlalchemy.types import BigInteger

revision = "0007"
down_revision = "0006"

TEXT = Text().with_variant(Text(collation="C"), "postgresql")
WHOLE = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "tallies",
        Column("case", TEXT, nullable=False),
        Column("tally", WHOLE, nullable=False),
        Column("name", TEXT),
        Column("day", TEXT),
        Column("cents", WHOLE),
        Column("at", TEXT),
        PrimaryKeyConstraint("case", "tally"),
        sqlite_with_rowid=False,
    )
    op.create_index("tallies_by_day", "tallies", ["name", "day", "cents", "at"])

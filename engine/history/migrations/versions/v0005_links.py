"""Households and rows of files are known again by a blind key."""

from alembic import op
from sqlalchemy import Column, PrimaryKeyConstraint, Text

revision = "0005"
down_revision = "0004"

TEXT = Text().with_variant(Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "links",
        Column("case", TEXT, nullable=False),
        Column("kind", TEXT, nullable=False),
        Column("blind", TEXT, nullable=False),
        PrimaryKeyConstraint("case", "kind", "blind"),
        sqlite_with_rowid=False,
    )
    op.create_index("links_by_blind", "links", ["kind", "blind"])

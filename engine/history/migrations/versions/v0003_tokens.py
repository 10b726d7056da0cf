"""Programs call the API with tokens, which are kept as hashes."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, PrimaryKeyConstraint, Text

revision = "0003"
down_revision = "0002"

TEXT = Text().with_variant(Text(collation="C"), "postgresql")
WHOLE = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "api_tokens",
        Column("number", WHOLE, nullable=False),
        Column("digest", TEXT, nullable=False),
        Column("account", WHOLE, nullable=False),
        Column("scopes", TEXT, nullable=False),
        Column("made_at", TEXT, nullable=False),
        Column("until", TEXT, nullable=True),
        Column("withdrawn_at", TEXT, nullable=True),
        Column("used_at", TEXT, nullable=True),
        PrimaryKeyConstraint("number"),
        sqlite_with_rowid=False,
    )
    op.create_index("api_tokens_by_digest", "api_tokens", ["digest"], unique=True)

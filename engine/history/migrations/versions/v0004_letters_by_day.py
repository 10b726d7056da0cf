"""The post of a day is found without looking through all letters."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_index("letters_by_day", "documents", ["sent_on", "channel"])

"""What a row of the journal means to readers, and what it is found by; the journal's epoch."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
LISTED = sa.JSON(none_as_null=True)
ADDED = ("fields", "sections", "entities")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    hidden = sa.Column("publicity", sa.String(length=8), nullable=False, server_default="hidden")
    op.add_column("changes", hidden)
    for name in ADDED:
        column = sa.Column(name, LISTED, nullable=False, server_default=sa.text("'[]'"))
        op.add_column("changes", column)
    journal = op.create_table(
        "journal",
        sa.Column("key", KEY, nullable=False),
        sa.Column("epoch", sa.String(length=12), nullable=False),
        sa.Column("floor", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_journal"),
    )
    # What was written before does not say what it meant to readers: it is followed from here on.
    last = op.get_bind().scalar(sa.text("SELECT COALESCE(MAX(sequence), 0) FROM changes"))
    epoch = "".join(secrets.choice(ALPHABET) for _ in range(12))
    op.bulk_insert(journal, [{"key": 1, "epoch": epoch, "floor": last}])


def downgrade() -> None:
    op.drop_table("journal")
    for name in (*ADDED, "publicity"):
        op.drop_column("changes", name)

"""Leases: who is at work on an article, until when."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("article_key", KEY, nullable=False, autoincrement=False),
        sa.Column("holder", sa.String(26), nullable=False),
        sa.Column("taken_at", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("note", sa.String(500), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_key"],
            ["articles.key"],
            name=op.f("fk_leases_article_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_key", name=op.f("pk_leases")),
    )
    op.create_index("ix_leases_until", "leases", ["until"])


def downgrade() -> None:
    op.drop_table("leases")

"""Which articles extraction has read, and how far it has followed the journal."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "extractions",
        sa.Column("article_key", KEY, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("read_at", INSTANT, nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_key"],
            ["articles.key"],
            name="fk_extractions_article_key",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_key", name="pk_extractions"),
    )
    op.create_table(
        "followers",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("sequence", KEY, nullable=False),
        sa.Column("holder", sa.String(length=26), nullable=True),
        sa.Column("held_until", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_followers"),
    )


def downgrade() -> None:
    op.drop_table("followers")
    op.drop_table("extractions")

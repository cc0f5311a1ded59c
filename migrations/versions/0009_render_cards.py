"""Articles rendered with what lists show of them, and with the keys they are purged by: empty."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.drop_table("rendered_articles")
    op.create_table(
        "rendered_articles",
        article_key(),
        sa.Column("etag", sa.String(60), nullable=False),
        sa.Column("shows", sa.Text(), nullable=False),
        sa.Column("card", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("rendered_articles")
    op.create_table(
        "rendered_articles",
        article_key(),
        sa.Column("etag", sa.String(60), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )


def article_key() -> sa.Column[int]:
    return sa.Column(
        "article_key",
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
        sa.ForeignKey("articles.key", ondelete="CASCADE", name="fk_rendered_articles_article_key"),
        primary_key=True,
        autoincrement=False,
    )

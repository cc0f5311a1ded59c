"""Articles as the public reads them, empty: each is made when it is first asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "rendered_articles",
        sa.Column(
            "article_key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.ForeignKey(
                "articles.key",
                ondelete="CASCADE",
                name="fk_rendered_articles_article_key",
            ),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("etag", sa.String(60), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("rendered_articles")

"""Which articles have a video: what televisions ask of every article."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

WITH_VIDEO = sa.text(
    "SELECT article_media.article_key FROM article_media "
    "JOIN media ON media.key = article_media.media_key WHERE media.kind = 'video'"
)


def upgrade() -> None:
    op.add_column(
        "articles", sa.Column("has_video", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(f"UPDATE articles SET has_video = true WHERE key IN ({WITH_VIDEO})")
    op.create_index(
        "ix_articles_has_video",
        "articles",
        ["published_at", "key"],
        postgresql_where=sa.text("has_video"),
        sqlite_where=sa.text("has_video = 1"),
    )


def downgrade() -> None:
    op.drop_index("ix_articles_has_video", "articles")
    op.drop_column("articles", "has_video")

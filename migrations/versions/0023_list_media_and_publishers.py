"""Indexes for the newest media, and for the newest articles of a publisher."""

from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_index("ix_media_created_at_key", "media", ["created_at", "key"])
    op.create_index(
        "ix_articles_publisher_key_published_at",
        "articles",
        ["publisher_key", "published_at", "key"],
    )
    op.drop_index("ix_articles_publisher_key", table_name="articles")


def downgrade() -> None:
    op.create_index("ix_articles_publisher_key", "articles", ["publisher_key"])
    op.drop_index("ix_articles_publisher_key_published_at", table_name="articles")
    op.drop_index("ix_media_created_at_key", table_name="media")

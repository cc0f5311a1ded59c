"""When the next embargo ends: asked after each write."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

HELD_BACK = sa.text("embargoed_until IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_articles_embargoed_until",
        "articles",
        ["embargoed_until"],
        postgresql_where=HELD_BACK,
        sqlite_where=HELD_BACK,
    )


def downgrade() -> None:
    op.drop_index("ix_articles_embargoed_until", "articles")

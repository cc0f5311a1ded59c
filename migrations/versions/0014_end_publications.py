"""Publications that end by themselves, and what the clock has to do next."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for name in ("published_until", "due_at"):
        op.add_column("articles", sa.Column(name, INSTANT))
    op.add_column("articles", sa.Column("withdrawal_note", sa.Text()))
    op.add_column(
        "articles",
        sa.Column("is_announced", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    tell_what_is_public()
    for name in ("published_until", "due_at"):
        there = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"ix_articles_{name}", "articles", [name], postgresql_where=there, sqlite_where=there
        )
    # Articles show until when they are published.
    op.execute("DELETE FROM rendered_articles")


def tell_what_is_public() -> None:
    instants = ("published_at", "embargoed_until", "due_at")
    articles = sa.table(
        "articles",
        sa.column("status", sa.String()),
        sa.column("is_announced", sa.Boolean()),
        *(sa.column(name, INSTANT) for name in instants),
    )
    c = articles.c
    # Where instants have no zone, they are in UTC.
    now = datetime.now(UTC)
    if op.get_bind().dialect.name == "sqlite":
        now = now.replace(tzinfo=None)
    since = sa.case((c.embargoed_until > c.published_at, c.embargoed_until), else_=c.published_at)
    live = c.status == "live"
    op.execute(articles.update().where(live, since <= now).values(is_announced=sa.true()))
    op.execute(articles.update().where(live, since > now).values(due_at=since))


def downgrade() -> None:
    for name in ("due_at", "published_until"):
        op.drop_index(f"ix_articles_{name}", "articles")
    for name in ("is_announced", "withdrawal_note", "due_at", "published_until"):
        op.drop_column("articles", name)

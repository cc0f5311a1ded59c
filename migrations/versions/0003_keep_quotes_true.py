"""Quotes that have lost their place, their history, and what extraction found."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    # What is there was written by people.
    op.add_column(
        "quotes", sa.Column("reviewed", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.add_column("quotes", sa.Column("rule", sa.String(length=40), nullable=True))
    op.add_column("quotes", sa.Column("anchored_revision", sa.Integer(), nullable=True))
    op.add_column("quotes", sa.Column("proposals", JSON, nullable=True))
    op.add_column("quotes", sa.Column("retraction_note", sa.Text(), nullable=True))
    add_checked("confidence", sa.Double(), "confidence >= 0 AND confidence <= 1")
    add_checked("retracted_at", INSTANT, "status = 'retracted' OR retracted_at IS NULL")
    op.add_column(
        "articles",
        sa.Column("mentions_reviewed", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.create_table(
        "quote_forms",
        sa.Column("quote_key", KEY, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("ended_by", sa.String(length=40), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["quote_key"], ["quotes.key"], name="fk_quote_forms_quote_key", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("quote_key", "revision", name="pk_quote_forms"),
    )
    op.create_table(
        "dismissed_quotes",
        sa.Column("article_key", KEY, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_key"],
            ["articles.key"],
            name="fk_dismissed_quotes_article_key",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_key", "digest", name="pk_dismissed_quotes"),
    )


def add_checked(name: str, kind: sa.Double[float] | sa.DateTime, check: str) -> None:
    """Add a column of quotes with its check. To add the check later, SQLite would make the table
    anew, and all that refers to its rows would go with the old one."""
    column_type = kind.compile(op.get_bind().dialect)
    op.execute(
        f"ALTER TABLE quotes ADD COLUMN {name} {column_type}"
        f" CONSTRAINT ck_quotes_{name} CHECK ({check})"
    )


def downgrade() -> None:
    op.drop_table("dismissed_quotes")
    op.drop_table("quote_forms")
    op.drop_column("articles", "mentions_reviewed")
    for name in (
        "retracted_at",
        "retraction_note",
        "proposals",
        "anchored_revision",
        "confidence",
        "rule",
        "reviewed",
    ):
        op.drop_column("quotes", name)

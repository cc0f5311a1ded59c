"""Drafts beside articles, a trash for articles, and what signs preview links."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

INSTANT = sa.DateTime(timezone=True)
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("key", KEY, nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("article_key", KEY, nullable=False),
        sa.Column("base_revision", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("author", sa.String(length=26), nullable=True),
        sa.Column("publish_at", INSTANT, nullable=True),
        sa.Column("failure", sa.JSON(), nullable=True),
        sa.CheckConstraint("length(id) = 26", name=op.f("ck_drafts_id_length")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_drafts_revision_positive")),
        sa.ForeignKeyConstraint(
            ["article_key"],
            ["articles.key"],
            name=op.f("fk_drafts_article_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_drafts")),
        sa.UniqueConstraint("id", name=op.f("uq_drafts_id")),
        sa.UniqueConstraint("article_key", name=op.f("uq_drafts_article_key")),
    )
    op.create_index(op.f("ix_drafts_publish_at"), "drafts", ["publish_at"])
    op.create_table(
        "trashed_articles",
        sa.Column("key", KEY, nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("headline", sa.String(length=500), nullable=False),
        sa.Column("section", sa.String(length=300), nullable=True),
        sa.Column("deleted_at", INSTANT, nullable=False),
        sa.Column("deleted_by", sa.String(length=26), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_trashed_articles")),
        sa.UniqueConstraint("id", name=op.f("uq_trashed_articles_id")),
    )
    op.create_index(op.f("ix_trashed_articles_deleted_at"), "trashed_articles", ["deleted_at"])
    op.add_column("articles", sa.Column("embargo_note", sa.Text(), nullable=True))
    secret_table = sa.table(
        "secrets", sa.column("name", sa.String()), sa.column("value", sa.LargeBinary())
    )
    op.execute(secret_table.insert().values(name="previews", value=secrets.token_bytes(32)))


def downgrade() -> None:
    op.execute("DELETE FROM secrets WHERE name = 'previews'")
    op.drop_column("articles", "embargo_note")
    op.drop_table("trashed_articles")
    op.drop_table("drafts")

"""The index of all that can be searched, empty: what runs the migrations fills it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0006"
down_revision = "0005"

KINDS = ("articles", "quotes", "entities", "sections", "publishers", "media")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for kind in KINDS:
        create_found(kind)
        create_texts(kind)
    op.create_table(
        "search_terms",
        sa.Column("term", sa.String(140), primary_key=True),
        sa.Column("articles", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table("search_state", sa.Column("version", sa.Integer(), primary_key=True))
    create_names()


def create_found(kind: str) -> None:
    op.create_table(
        f"search_{kind}",
        sa.Column("position", KEY, primary_key=True, autoincrement=False),
        sa.Column("key", sa.BigInteger(), nullable=False, unique=True),
        sa.Column("digest", sa.BigInteger(), nullable=False),
        sa.Column("hidden_until", sa.BigInteger()),
        sa.Column("section_key", sa.BigInteger()),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("entities", sa.LargeBinary(), nullable=False),
        sa.Column("speakers", sa.LargeBinary(), nullable=False),
    )
    op.create_index(
        f"search_{kind}_hidden",
        f"search_{kind}",
        ["hidden_until", "position"],
        sqlite_where=sa.text("hidden_until IS NOT NULL"),
        postgresql_where=sa.text("hidden_until IS NOT NULL"),
    )


def create_texts(kind: str) -> None:
    """PostgreSQL matches words in this table; the embedded database in one of its own. Tokens are
    not compressed, which every look into a row would have to undo."""
    op.create_table(
        f"search_{kind}_text",
        sa.Column("position", KEY, primary_key=True, autoincrement=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.Column("indexed", sa.LargeBinary()),
        sa.Column("headline", sa.Text()),
        sa.Column("words", sa.Text()),
        sa.Column("tokens", sa.Text().with_variant(TSVECTOR(), "postgresql")),
    )
    if is_embedded():
        op.execute(
            f"""
            CREATE VIRTUAL TABLE search_{kind}_words USING fts5(
                headline, words, tokens, content='', columnsize=0, tokenize="ascii tokenchars '_'"
            )
            """
        )
    else:
        op.execute(f"ALTER TABLE search_{kind}_text ALTER COLUMN tokens SET STORAGE EXTERNAL")
        # Without a list of pending entries, which every search would have to read through.
        op.execute(
            f"CREATE INDEX search_{kind}_words ON search_{kind}_text "
            "USING gin (tokens) WITH (fastupdate = off)"
        )


def create_names() -> None:
    # Compared letter by letter, so that what begins alike stands together.
    folded = sa.String(80, collation="C").with_variant(sa.String(80), "sqlite")
    op.create_table(
        "search_names",
        sa.Column("key", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("folded", folded, primary_key=True),
        sa.Column("letter", sa.String(1), nullable=False),
        sa.Column("letters", sa.String(2), nullable=False),
        sa.Column("popularity", sa.SmallInteger(), nullable=False),
    )
    op.create_index("search_names_folded", "search_names", ["folded", "popularity", "key"])
    popular = sa.text("popularity DESC")
    op.create_index("search_names_letter", "search_names", ["letter", popular, "key"])
    op.create_index("search_names_letters", "search_names", ["letters", popular, "key"])


def downgrade() -> None:
    op.drop_table("search_names")
    op.drop_table("search_state")
    op.drop_table("search_terms")
    for kind in KINDS:
        if is_embedded():
            op.execute(f"DROP TABLE search_{kind}_words")
        op.drop_table(f"search_{kind}_text")
        op.drop_table(f"search_{kind}")


def is_embedded() -> bool:
    return op.get_bind().dialect.name == "sqlite"

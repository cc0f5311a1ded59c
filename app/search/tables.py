"""The index's tables, the same on both databases but for what each matches words with."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from app.database.lexemes import Lexemes
from app.database.types import Key

# By the names of their tables. The last three are searched in their own lists alone.
KINDS = ("articles", "quotes", "entities", "sections", "publishers", "media")
# What is made of a text by the modules around this one. When that changes, so does the number, and
# the next migration of a database makes its index anew.
INDEX_VERSION = 2
# Slots for what was published in the same microsecond.
SLOTS = 1_024

metadata = MetaData()


def _found(kind: str) -> Table:
    """What is found, in the order of its publication, and all that facets count. `digest` is of
    the entry: an equal one is already indexed."""
    table = Table(
        f"search_{kind}",
        metadata,
        Column("position", Key, primary_key=True, autoincrement=False),
        Column("key", BigInteger, nullable=False, unique=True),
        Column("digest", BigInteger, nullable=False),
        Column("shown_until", BigInteger),
        Column("section_key", BigInteger),
        Column("language", String(35), nullable=False),
        Column("entities", LargeBinary, nullable=False),
        Column("speakers", LargeBinary, nullable=False),
    )
    Index(
        f"search_{kind}_shown_until",
        table.c.shown_until,
        table.c.position,
        sqlite_where=text("shown_until IS NOT NULL"),
        postgresql_where=text("shown_until IS NOT NULL"),
    )
    return table


def _texts(kind: str) -> Table:
    """What a text is ranked by, and what the database matches words with: PostgreSQL in this
    table itself; the embedded database in one of its own, of which `indexed` is the content."""
    return Table(
        f"search_{kind}_text",
        metadata,
        Column("position", Key, primary_key=True, autoincrement=False),
        Column("sketch", LargeBinary, nullable=False),
        Column("indexed", LargeBinary),
        Column("headline", Text),
        Column("words", Text),
        Column("tokens", Lexemes),
    )


FOUND = {kind: _found(kind) for kind in KINDS}
TEXTS = {kind: _texts(kind) for kind in KINDS}

# In how many articles a term stands.
TERMS = Table(
    "search_terms",
    metadata,
    Column("term", String(140), primary_key=True),
    Column("articles", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# One row: the version of the index that the other tables hold.
STATE = Table("search_state", metadata, Column("version", Integer, primary_key=True))

"""The words of quotes, folded, and an index of them that the database keeps."""

import re
import unicodedata

import regex
import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

BATCH = 1_000

# The index cuts words at white space alone: what is folded holds no other ASCII signs than these.
FTS5 = (
    """
    CREATE VIRTUAL TABLE search_quote_words USING fts5(
        folded_text, content='quotes', content_rowid='key', columnsize=0,
        tokenize="ascii tokenchars '''.,$%&+=@#'"
    )
    """,
    """
    CREATE TRIGGER search_quote_words_insert AFTER INSERT ON quotes BEGIN
        INSERT INTO search_quote_words (rowid, folded_text) VALUES (new.key, new.folded_text);
    END
    """,
    """
    CREATE TRIGGER search_quote_words_delete AFTER DELETE ON quotes BEGIN
        INSERT INTO search_quote_words (search_quote_words, rowid, folded_text)
            VALUES ('delete', old.key, old.folded_text);
    END
    """,
    """
    CREATE TRIGGER search_quote_words_update AFTER UPDATE OF key, folded_text ON quotes
    WHEN old.key <> new.key OR old.folded_text <> new.folded_text BEGIN
        INSERT INTO search_quote_words (search_quote_words, rowid, folded_text)
            VALUES ('delete', old.key, old.folded_text);
        INSERT INTO search_quote_words (rowid, folded_text) VALUES (new.key, new.folded_text);
    END
    """,
    "INSERT INTO search_quote_words (search_quote_words) VALUES ('rebuild')",
)

# Words and pairs of neighbours: of a run of common words only the pairs are rare. The cost keeps
# the planner from calling the function for each row of the table.
GIN = (
    """
    CREATE FUNCTION search_quote_terms(folded text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100000 AS $$
        WITH words AS (
            SELECT word, lead(word) OVER (ORDER BY number) AS next
            FROM string_to_table(folded, ' ') WITH ORDINALITY AS split (word, number)
            WHERE word <> ''
        )
        SELECT array_to_tsvector(coalesce(array_agg(term), '{}'))
        FROM words, LATERAL (VALUES (word), (word || ' ' || next)) AS terms (term)
        WHERE term IS NOT NULL
    $$
    """,
    # Without a list of pending entries, which every search would have to read through.
    """
    CREATE INDEX search_quote_words ON quotes
        USING gin (search_quote_terms(folded_text)) WITH (fastupdate = off)
    """,
)


def upgrade() -> None:
    op.add_column("quotes", sa.Column("folded_text", sa.Text(), nullable=False, server_default=""))
    fold_quotes()
    for statement in FTS5 if is_embedded() else GIN:
        op.execute(statement)


def downgrade() -> None:
    if is_embedded():
        for event in ("insert", "delete", "update"):
            op.execute(f"DROP TRIGGER search_quote_words_{event}")
        op.execute("DROP TABLE search_quote_words")
    else:
        op.execute("DROP INDEX search_quote_words")
        op.execute("DROP FUNCTION search_quote_terms")
    # Not in batch mode, which would make the table anew and empty those that refer to it.
    op.execute("ALTER TABLE quotes DROP COLUMN folded_text")


def is_embedded() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def fold_quotes() -> None:
    quotes = sa.table("quotes", sa.column("key"), sa.column("text"), sa.column("folded_text"))
    connection, last = op.get_bind(), 0
    statement = (
        sa.update(quotes)
        .where(quotes.c.key == sa.bindparam("quote_key"))
        .values(folded_text=sa.bindparam("folded"))
    )
    while True:
        rows = connection.execute(
            sa.select(quotes.c.key, quotes.c.text)
            .where(quotes.c.key > last)
            .order_by(quotes.c.key)
            .limit(BATCH)
        ).all()
        if not rows:
            return
        last = rows[-1].key
        connection.execute(
            statement, [{"quote_key": row.key, "folded": folded_text(row.text)} for row in rows]
        )


# As app/search/words.py folds when this migration is written.

INVISIBLE = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
APOSTROPHES = "'\u2018\u2019\u201a\u201b\u2039\u203a\u2032\u2035\u02b9\u02bb\u02bc\u00b4`\uff07"

# Scripts that run words together, and Hangul: each of their characters counts as a word.
UNSPACED = (
    r"\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\p{Hangul}\p{Yi}\p{Thai}\p{Lao}\p{Khmer}"
    r"\p{Myanmar}\p{Tibetan}\p{Javanese}\p{Balinese}\p{Tai_Le}\p{New_Tai_Lue}\p{Tai_Tham}"
    r"\p{Tai_Viet}" + "\u30fc\uff70"
)
# The indexes refuse a longer word and a longer text; both are cut, not left out.
MAX_WORD = 64
MAX_FOLDED = 60_000

_LETTER = rf"[[\p{{L}}\p{{N}}\p{{M}}]--[{UNSPACED}{APOSTROPHES}]]"
# A word with its contraction, a figure with its decimals, one character of an unspaced script (its
# voicing marks may be characters of half width), or a sign that is read aloud.
_WORD = regex.compile(
    rf"(?V1){_LETTER}+(?:[{INVISIBLE}]+{_LETTER}+"
    rf"|(?<=[\p{{L}}\p{{M}}])[{INVISIBLE}]*[{APOSTROPHES}][{INVISIBLE}]*(?=\p{{L}}){_LETTER}+"
    r"|(?<=\p{Nd})[.,\uff0e\uff0c\u066b\u066c]\p{Nd}+)*"
    rf"|[{UNSPACED}](?:[{INVISIBLE}]*[\p{{M}}\uff9e\uff9f])*"
    "|[\\p{Sc}%\uff05\u2030&\uff06+\uff0b=\uff1d@\uff20#\uff03\u00a7\u00b0]"
)
_ONE_FORM = str.maketrans(dict.fromkeys(APOSTROPHES, "'") | dict.fromkeys(INVISIBLE, ""))
# Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic, variation selectors. In other
# scripts such marks are vowels; and the short i of Cyrillic is a letter of its own.
_ACCENTS = re.compile(
    "(?<!\u0438)\u0306|[\u0300-\u0305\u0307-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u1ab0-\u1aff"
    "\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]"
)
# What compatibility forms unfold to beside letters, such as the brackets of "⑴".
_STRAY = re.compile(r"[\s!\"()*/:;<>?\[\\\]^_`{|}~-]+")


def fold_word(word: str) -> str:
    """Without case, accents, width and compatibility forms; empty for a mark without a letter."""
    if word.isascii():
        return word.lower().replace("`", "'")[:MAX_WORD]
    letters = unicodedata.normalize("NFKD", word.translate(_ONE_FORM).casefold()).casefold()
    return _STRAY.sub("", unicodedata.normalize("NFC", _ACCENTS.sub("", letters)))[:MAX_WORD]


def folded_text(text: str) -> str:
    kept: list[str] = []
    length = 0
    for match in _WORD.finditer(text):
        key = fold_word(match[0])
        length += len(key) + 1 if key else 0
        if length > MAX_FOLDED:
            break
        if key:
            kept.append(key)
    return " ".join(kept)

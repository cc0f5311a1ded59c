"""Which headlines have the words that somebody has begun to write."""

from datetime import datetime

from sqlalchemy import Connection, select

from app.search.hits import Search, newest_hits, search_for
from app.search.suggestions import MAX_MISTYPED, MIN_MISTYPED, Suggested, neighbours
from app.search.tables import FOUND
from app.search.terms import AllTerms, AnyToken, Begins, Term, headline_token, positive
from app.search.tokens import tokens_of

# The headlines with a word that begins with one or two letters are too many to look through.
MIN_LETTERS = 3
MAX_WORDS = 12


def headlines_with(
    connection: Connection, text: str, limit: int, *, at: datetime
) -> list[Suggested]:
    """Articles, the newest first; those for which a letter of the last word was mended follow."""
    *whole, last = tokens_of(text)[:MAX_WORDS] or [""]
    is_whole = text[-1:].isspace()
    if (len(last) < MIN_LETTERS and not (whole or is_whole)) or not last:
        return []
    before: list[Term] = [AnyToken((headline_token(word),)) for word in whole]
    ending: Term = AnyToken((headline_token(last),)) if is_whole else Begins((last,), True)
    found = titled(connection, [*before, ending], limit, at)
    keys = [Suggested(key, False) for key in found]
    if len(keys) < limit and MIN_MISTYPED <= len(last) <= MAX_MISTYPED:
        mended = AnyToken(tuple(headline_token(one) for one in sorted(neighbours(last))))
        others = titled(connection, [*before, mended], limit, at)
        keys += [Suggested(key, True) for key in others if key not in found]
    return keys[:limit]


def titled(connection: Connection, terms: list[Term], limit: int, at: datetime) -> list[int]:
    search: Search = search_for(connection, "articles", positive(AllTerms(tuple(terms))), at=at)
    positions = newest_hits(connection, search, limit)
    found = FOUND["articles"].c
    rows = connection.execute(
        select(found.key).where(found.position.in_(positions)).order_by(found.position.desc())
    )
    return [row.key for row in rows]

"""Proves the promise that is made for every quote, over the whole database."""

from sqlalchemy import Connection, select

from app.models import Article, Quote, QuoteSpan
from app.models.quote import PLACED
from app.quotes.anchoring import JOINER
from app.search.words import folded_text


def find_faults(connection: Connection) -> list[str]:
    """A line for each placed quote that is not word for word its article's, or is found by other
    words than its own."""
    faults = []
    statement = (
        select(
            Quote.id,
            Quote.text.label("quote_text"),
            Quote.folded_text,
            Article.id.label("article_id"),
            Article.text,
            QuoteSpan.position,
            QuoteSpan.start,
            QuoteSpan.end,
            QuoteSpan.exact,
        )
        .select_from(Quote)
        .join(Article, Article.key == Quote.article_key)
        .outerjoin(QuoteSpan, QuoteSpan.quote_key == Quote.key)
        .where(Quote.anchor.in_(PLACED))
        .order_by(Quote.key, QuoteSpan.position)
        .execution_options(yield_per=500)
    )
    exacts: dict[str, list[str]] = {}
    texts: dict[str, tuple[str, str]] = {}
    for row in connection.execute(statement):
        texts[row.id] = row.quote_text, row.folded_text
        parts = exacts.setdefault(row.id, [])
        if row.start is None:
            faults.append(f"quote {row.id}: has no place in article {row.article_id}")
            continue
        parts.append(row.exact)
        stands = row.text[row.start : row.end]
        if stands != row.exact:
            faults.append(
                f"quote {row.id}: {row.exact!r} is kept, but {stands!r} stands in article "
                f"{row.article_id} from {row.start} to {row.end}"
            )
    for quote_id, (text, folded) in texts.items():
        if text != JOINER.join(exacts[quote_id]):
            faults.append(f"quote {quote_id}: its text is not its spans joined")
        if folded != folded_text(text):
            faults.append(f"quote {quote_id}: its folded words are not those of its text")
    return faults

"""What each row of the journal means to readers: decided once, when it is written."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import BindParameter, ColumnElement, bindparam, select
from sqlalchemy.orm import Session

from app.database.listed import Among
from app.database.prepared import Prepared
from app.database.rows import read_rows
from app.database.session import connection_of
from app.database.types import Instant
from app.models import Article, Change, Entity, Media, Publisher, Quote, Section
from app.models.base import Resource
from app.models.change import Publicity
from app.models.visibility import (
    entity_is_public,
    media_is_public,
    publisher_is_public,
    section_is_public,
)

# Any: the columns of a row
Row = dict[str, Any]

# Whether articles are announced, by their keys: before the write, and by now.
ANNOUNCED = "publicity.announced"
# What can be told only at the end of the write: of quotes, and of what articles share.
QUOTES = "publicity.quotes"
SHARED = "publicity.shared"

# What everybody may see as long as it is there.
OPEN = frozenset({"channel", "programme", "bulletin"})
ENDS = ("article.withdrawn", "article.deleted")


class Announced(NamedTuple):
    before: bool
    now: bool


class QuoteRow(NamedTuple):
    """`former` is the key of the article that it was of, `article` of the one that it is of;
    `was` and `is_settled` tell whether it could be shown, as far as it depends on the quote."""

    row: Row
    former: int
    article: int
    was_settled: bool
    is_settled: bool


def note_row(
    session: Session,
    row: Row,
    resource: Resource,
    *,
    was_settled: bool | None = None,
    former_article: int | None = None,
) -> None:
    """Have the publicity of a row decided. Of a quote: what it was before the write, where it was
    something else."""
    kind = resource.resource_name
    is_gone = row["event"] == f"{kind}.deleted"
    if kind == Article.resource_name:
        row["publicity"] = of_article(session, row["event"], cast(Article, resource))
    elif kind == Quote.resource_name:
        quote = cast(Quote, resource)
        is_new = row["event"] == "quote.created"
        was = quote.is_settled if was_settled is None else was_settled
        noted = QuoteRow(
            row,
            former_article or quote.article_key,
            quote.article_key,
            was and not is_new,
            quote.is_settled and not is_gone,
        )
        session.info.setdefault(QUOTES, []).append(noted)
    elif kind in OPEN:
        row["publicity"] = publicity_of(row["event"] != f"{kind}.created", not is_gone)
    elif kind in STANDING and is_gone:
        # At the end of the write, it could be looked at no more.
        session.flush()
        [stood] = standing(session, kind, [resource.key], row["at"])
        row["publicity"] = publicity_of(any(stood), False)
    elif kind in STANDING:
        session.info.setdefault(SHARED, {}).setdefault(kind, []).append((resource.key, row))


def of_article(session: Session, event: str, article: Article) -> Publicity:
    announced: dict[int, Announced] = session.info.setdefault(ANNOUNCED, {})
    known = announced.get(article.key)
    if known is None:
        was = article.was_announced
        before = article.is_announced if was is None else was
        known = Announced(before, before)
    # What comes before its publication in the same write is of no concern to readers; and the first
    # row that is written when it is over ends it, whatever it tells of.
    is_announced = event == "article.published" or (known.now and article.is_announced)
    is_announced = is_announced and event not in ENDS
    announced[article.key] = known._replace(now=is_announced)
    return publicity_of(known.now, is_announced)


def publicity_of(was_public: bool, is_public: bool) -> Publicity:
    if is_public:
        return "public" if was_public else "begins"
    return "ends" if was_public else "hidden"


def decide(session: Session) -> None:
    """Decide what had to wait for the end of the write."""
    quotes: list[QuoteRow] = session.info.pop(QUOTES, [])
    if quotes:
        decide_quotes(session, quotes)
    shared: dict[str, list[tuple[int, Row]]] = session.info.pop(SHARED, {})
    for kind, noted in shared.items():
        keys = list(dict.fromkeys(key for key, _ in noted))
        at = noted[0][1]["at"]
        found = dict(zip(keys, standing(session, kind, keys, at), strict=True))
        for key, row in noted:
            told, is_public = found[key]
            row["publicity"] = publicity_of(told, is_public)
            found[key] = Standing(is_public, is_public)


def decide_quotes(session: Session, noted: Sequence[QuoteRow]) -> None:
    """A quote is public as long as it is settled and its article is; what happens to the article
    is told by the article's rows alone."""
    announced: dict[int, Announced] = session.info.setdefault(ANNOUNCED, {})
    keys = {key for one in noted for key in (one.former, one.article)} - announced.keys()
    if keys:
        for row in read_rows(session, ARTICLES, {"keys": sorted(keys)}):
            announced[row.key] = Announced(row.is_announced, row.is_announced)
    gone = Announced(before=False, now=False)
    for one in noted:
        was = one.was_settled and announced.get(one.former, gone).before
        is_public = one.is_settled and announced.get(one.article, gone).now
        one.row["publicity"] = publicity_of(was, is_public)


class Standing(NamedTuple):
    """`was_told` is whether the last that the journal told readers of it was that they see it."""

    was_told: bool
    is_public: bool


def standing(session: Session, kind: str, keys: Sequence[int], at: datetime) -> list[Standing]:
    """How resources of one kind that several articles may share stand with readers."""
    rows = STANDING[kind].all(connection_of(session), {"keys": keys, "at": at})
    found = {
        row.key: Standing(row.told in ("begins", "public"), bool(row.is_public)) for row in rows
    }
    return [found[key] for key in keys]


ARTICLES = Prepared(select(Article.key, Article.is_announced).where(Among(Article.key)))
AT: BindParameter[datetime] = bindparam("at", type_=Instant())


# Any: a mapped class of whatever columns
def standing_of(model: Any, condition: ColumnElement[bool]) -> Prepared:
    told = (
        select(Change.publicity)
        .where(Change.resource_id == model.id, Change.publicity != "hidden")
        .order_by(Change.sequence.desc())
        .limit(1)
        .scalar_subquery()
    )
    shown = select(model.key, condition.label("is_public"), told.label("told"))
    return Prepared(shown.where(Among(model.key)))


STANDING = {
    "entity": standing_of(Entity, entity_is_public(AT)),
    "media": standing_of(Media, media_is_public(AT)),
    "publisher": standing_of(Publisher, publisher_is_public(AT)),
    "section": standing_of(Section, section_is_public(AT)),
}

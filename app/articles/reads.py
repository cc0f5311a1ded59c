"""Articles, read: one statement for the articles and one for each collection."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from orjson import Fragment
from sqlalchemy import ColumnElement, Connection, select

from app.access.viewer import Viewer
from app.articles.states import shown_status
from app.database.listed import Among
from app.database.prepared import Prepared
from app.database.types import AnyRow, AnySelect
from app.documents.articles import ArticleCard, ArticleRead
from app.entities.reads import mentions_of
from app.errors import ArticleNotFound, ArticleWithdrawn
from app.media.reads import media_by_key, media_of_articles
from app.models import Article, Publisher, Quote, RenderedArticle, Section
from app.models.visibility import article_is_public
from app.quotes.reads import list_quotes, quotes_of
from app.sections.reads import sections_by_key
from app.slugs.lookups import AT, Lookup
from app.slugs.reads import is_named
from app.web.fields import ALL, Selection
from app.web.listing import ListRequest
from app.web.offsets import to_utf16
from app.web.pages import PageStatement, Rows, fetch_page

CARD_COLUMNS = (
    Article.key,
    Article.id,
    Article.slug,
    Article.revision,
    Article.status,
    Article.headline,
    Article.standfirst,
    Article.language,
    Article.section_key,
    Section.path.label("section_path"),
    Section.name.label("section_name"),
    Publisher.id.label("publisher_id"),
    Publisher.slug.label("publisher_slug"),
    Publisher.name.label("publisher_name"),
    Article.bylines,
    Article.lead_media_key,
    Article.source_url,
    Article.canonical_url,
    Article.published_at,
    Article.published_until,
    Article.embargoed_until,
    Article.corrections,
    Article.created_at,
    Article.updated_at,
)
CARD = (
    select(*CARD_COLUMNS)
    .select_from(Article)
    .outerjoin(Section, Section.key == Article.section_key)
    .outerjoin(Publisher, Publisher.key == Article.publisher_key)
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A list as those see it who see all, and as the public does."""

    all: PageStatement
    public: PageStatement


def seen(statement: AnySelect) -> Seen:
    public = statement.where(article_is_public(AT))
    return Seen(PageStatement(statement), PageStatement(public, never_null=(Article.published_at,)))


TEXT_COLUMNS = (Article.body, Article.text, Article.text_version)
WHOLE = CARD.add_columns(*TEXT_COLUMNS)
CARDS, WHOLES = seen(CARD), seen(WHOLE)
CARDS_BY_KEY = Prepared(CARD.where(Among(Article.key)))
WHOLE_BY_KEY = Prepared(WHOLE.where(Among(Article.key)).order_by(Article.key))
RENDERED_CARDS = seen(
    select(Article.key, RenderedArticle.card)
    .select_from(Article)
    .outerjoin(RenderedArticle, RenderedArticle.article_key == Article.key)
)

ARTICLE = Lookup(Article, WHOLE, ArticleNotFound, public=article_is_public)
ARTICLE_KEY = Lookup(Article, select(Article.key), ArticleNotFound, public=article_is_public)

# What a single article carries, and an item of a list only on request.
HEAVY = ("body", "text", "text_version", "media", "quotes", "entities")

# What holds offsets.
COUNTED = frozenset({"body", "quotes", "entities"})


def get_article(
    connection: Connection,
    name: str,
    viewer: Viewer,
    selection: Selection = ALL,
    *,
    utf16: bool = False,
) -> ArticleRead:
    try:
        row = ARTICLE.row(connection, name, viewer)
    except ArticleNotFound:
        raise_if_withdrawn(connection, name)
        raise
    wanted = [member for member in HEAVY if selection.wants(member)]
    article = article_documents(connection, [row], viewer, wanted, selection, utf16=utf16)[0]
    # A single article has all members, but for those that the client did not ask for.
    return cast(ArticleRead, article)


def raise_if_withdrawn(connection: Connection, name: str) -> None:
    """What was withdrawn silently is as if it had never been."""
    noted = Article.withdrawal_note.is_not(None)
    note = connection.scalar(
        select(Article.withdrawal_note).where(
            is_named(Article, name), Article.status == "withdrawn", noted
        )
    )
    if note is not None:
        raise ArticleWithdrawn(note)


def get_article_key(connection: Connection, name: str, viewer: Viewer) -> int:
    """The key of an article that may be seen; for what is read of it from other tables."""
    key: int = ARTICLE_KEY.row(connection, name, viewer).key
    return key


def list_articles(
    connection: Connection,
    wanted: ListRequest,
    viewer: Viewer,
    among: ColumnElement[bool] | None = None,
) -> dict[str, Any]:
    """A page of articles; `among` restricts it further, as to those of an entity."""
    selection = wanted.selection
    if selection == ALL:
        return list_cards(connection, wanted, viewer, among)
    members = [member for member in HEAVY if selection.wants(member, by_default=False)]
    texts = not {"body", "text", "text_version"}.isdisjoint(members)
    # Offsets in UTF-16 need the text that they count in.
    texts = texts or (wanted.utf16 and not COUNTED.isdisjoint(members))
    rows = page_of(connection, WHOLES if texts else CARDS, wanted, viewer, among)
    articles = article_documents(
        connection, rows.rows, viewer, members, selection, utf16=wanted.utf16
    )
    return rows.page([selection.trim(article) for article in articles])


def list_cards(
    connection: Connection,
    wanted: ListRequest,
    viewer: Viewer,
    among: ColumnElement[bool] | None = None,
) -> dict[str, Any]:
    """A page of articles as their rendered bytes, or documents where they are not rendered."""
    rows = page_of(connection, RENDERED_CARDS, wanted, viewer, among)
    missing = [row.key for row in rows.rows if row.card is None]
    made = cards_by_key(connection, missing, viewer) if missing else {}
    return rows.page(
        [made[row.key] if row.card is None else Fragment(row.card) for row in rows.rows]
    )


def cards_by_key(
    connection: Connection, keys: Sequence[int], viewer: Viewer
) -> dict[int, ArticleCard]:
    """Whether they may be seen was decided before."""
    rows = CARDS_BY_KEY.all(connection, {"keys": keys})
    cards = article_documents(connection, rows, viewer, (), ALL, utf16=False)
    return {row.key: card for row, card in zip(rows, cards, strict=True)}


def articles_by_key(
    connection: Connection, keys: Collection[int], viewer: Viewer
) -> dict[int, ArticleRead]:
    """The whole of articles. Whether they may be seen was decided before."""
    rows = WHOLE_BY_KEY.all(connection, {"keys": keys})
    articles = article_documents(connection, rows, viewer, HEAVY, ALL, utf16=False)
    # A single article has all members.
    return {row.key: cast(ArticleRead, one) for row, one in zip(rows, articles, strict=True)}


def page_of(
    connection: Connection,
    statements: Seen,
    wanted: ListRequest,
    viewer: Viewer,
    among: ColumnElement[bool] | None,
) -> Rows:
    statement = statements.all if viewer.sees_all else statements.public
    return fetch_page(connection, statement.among(among), wanted, {"at": viewer.at})


def visible(statement: AnySelect, viewer: Viewer) -> AnySelect:
    return statement if viewer.sees_all else statement.where(article_is_public(viewer.at))


def article_documents(
    connection: Connection,
    rows: Sequence[AnyRow],  # Any: the columns of CARD or WHOLE
    viewer: Viewer,
    members: Sequence[str],
    selection: Selection,
    *,
    utf16: bool,
) -> list[ArticleCard]:
    """The articles of these rows, in their order, with the heavy members that are named."""
    keys = [row.key for row in rows]
    leads = media_by_key(connection, (row.lead_media_key for row in rows))
    media = media_of_articles(connection, keys) if "media" in members else {}
    quotes = quotes_of(connection, keys, viewer) if "quotes" in members else {}
    entities = mentions_of(connection, keys) if "entities" in members else {}
    sections = (
        sections_by_key(connection, (row.section_key for row in rows))
        if "section" in selection.include
        else {}
    )
    documents = []
    for row in rows:
        document = article_card(row, viewer.at)
        document["lead_media"] = leads.get(row.lead_media_key)
        if row.section_key in sections:
            document["section"] = sections[row.section_key]
        if "body" in members:
            document["body"] = row.body
        if "text" in members:
            document["text"] = row.text
        if "text_version" in members:
            document["text_version"] = row.text_version
        if "media" in members:
            document["media"] = media.get(row.key, [])
        if "quotes" in members:
            document["quotes"] = quotes.get(row.key, [])
        if "entities" in members:
            document["entities"] = entities.get(row.key, [])
        if utf16 and not COUNTED.isdisjoint(members):
            converted = to_utf16(cast(dict[str, Any], document), row.text)
            document = cast(ArticleCard, converted)  # the same members, other numbers
        documents.append(document)
    return documents


# Any: the columns of CARD
def article_card(row: AnyRow, at: datetime) -> ArticleCard:
    return {
        "id": row.id,
        "slug": row.slug,
        "revision": row.revision,
        "status": shown_status(row, at),
        "headline": row.headline,
        "standfirst": row.standfirst,
        "language": row.language,
        "section": (
            None
            if row.section_path is None
            else {"path": row.section_path, "name": row.section_name}
        ),
        "publisher": (
            None
            if row.publisher_id is None
            else {
                "id": row.publisher_id,
                "slug": row.publisher_slug,
                "name": row.publisher_name,
            }
        ),
        "bylines": row.bylines,
        "lead_media": None,
        "source_url": row.source_url,
        "canonical_url": row.canonical_url,
        "published_at": row.published_at,
        "published_until": row.published_until,
        "embargoed_until": row.embargoed_until,
        "corrections": row.corrections,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def list_article_quotes(
    connection: Connection, name: str, wanted: ListRequest, viewer: Viewer
) -> dict[str, Any]:
    key = get_article_key(connection, name, viewer)
    return list_quotes(connection, wanted, viewer, Quote.article_key == key)


def list_article_entities(connection: Connection, name: str, viewer: Viewer) -> dict[str, Any]:
    key = get_article_key(connection, name, viewer)
    return {"items": mentions_of(connection, [key])[key]}

"""What the rows of the content give the index: an entry for each that is to be found."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from app.database.listed import Among
from app.database.prepared import Prepared
from app.models import (
    Article,
    Entity,
    EntityAlias,
    Media,
    Mention,
    Publisher,
    Quote,
    Section,
)
from app.models.visibility import quote_is_settled
from app.search.entries import Entry

Keys = Collection[int]


LIVE_ARTICLES = Prepared(
    select(
        Article.key,
        Article.headline,
        Article.standfirst,
        Article.text,
        Article.language,
        Article.section_key,
        Article.published_at,
        Article.published_until,
    ).where(Among(Article.key), Article.is_announced)
)
LIVE_QUOTES = Prepared(
    select(
        Quote.key,
        Quote.article_key,
        Quote.text,
        Quote.language,
        Quote.speaker_key,
        Article.headline,
        Article.section_key,
        Article.published_at,
        Article.published_until,
    )
    .join(Article, Article.key == Quote.article_key)
    .where(Among(Quote.key), quote_is_settled(), Article.is_announced)
    .order_by(Quote.article_key, Quote.position)
)
MENTIONED = Prepared(
    select(Mention.article_key, Mention.entity_key)
    .where(Among(Mention.article_key))
    .order_by(Mention.position)
)
SPEAKING = Prepared(
    select(Quote.article_key, Quote.speaker_key)
    .where(Among(Quote.article_key), Quote.speaker_key.is_not(None), quote_is_settled())
    .order_by(Quote.position)
)
ENTITIES = Prepared(
    select(Entity.key, Entity.name, Entity.description, Entity.reviewed, Entity.created_at).where(
        Among(Entity.key)
    )
)
ALIASES = Prepared(
    select(EntityAlias.entity_key, EntityAlias.name)
    .where(Among(EntityAlias.entity_key))
    .order_by(EntityAlias.entity_key, EntityAlias.position)
)
FIRST_SHOWN = (
    Prepared(
        select(Mention.entity_key.label("key"), func.min(Article.published_at).label("since"))
        .join(Article, Article.key == Mention.article_key)
        .where(Among(Mention.entity_key), Article.is_announced)
        .group_by(Mention.entity_key)
    ),
    Prepared(
        select(Quote.speaker_key.label("key"), func.min(Article.published_at).label("since"))
        .join(Article, Article.key == Quote.article_key)
        .where(Among(Quote.speaker_key), quote_is_settled(), Article.is_announced)
        .group_by(Quote.speaker_key)
    ),
)


def article_entries(connection: Connection, keys: Keys) -> list[Entry]:
    """Of those that are public. What is scheduled comes when it is due: until then no word of it is
    counted, and no score tells of it. What is over goes when the clock has told so: until then the
    index knows by itself."""
    rows = LIVE_ARTICLES.all(connection, {"keys": keys})
    mentioned, speakers = appearances(connection, [row.key for row in rows])
    return [
        Entry(
            key=row.key,
            published_at=row.published_at,
            language=row.language,
            headline=row.headline,
            standfirst=row.standfirst or "",
            text=row.text,
            shown_until=row.published_until,
            section_key=row.section_key,
            entities=tuple(dict.fromkeys((*mentioned[row.key], *speakers[row.key]))),
            speakers=tuple(speakers[row.key]),
        )
        for row in rows
    ]


def quote_entries(
    connection: Connection, keys: Keys, entities: Mapping[int, Sequence[int]] | None = None
) -> list[Entry]:
    """Of those that are settled, in live articles: each under its article's headline, entities,
    section and instant. `entities` are those of these articles, where they are known."""
    rows = LIVE_QUOTES.all(connection, {"keys": keys})
    if entities is None:
        entities = entities_of(connection, {row.article_key for row in rows})
    return [
        Entry(
            key=row.key,
            published_at=row.published_at,
            language=row.language,
            headline=row.headline,
            text=row.text,
            shown_until=row.published_until,
            section_key=row.section_key,
            entities=entities[row.article_key],
            speakers=() if row.speaker_key is None else (row.speaker_key,),
        )
        for row in rows
    ]


def entities_of(connection: Connection, articles: Keys) -> dict[int, tuple[int, ...]]:
    """Of whom articles speak: those that they mention, then those that they quote."""
    mentioned, speakers = appearances(connection, articles)
    return {key: tuple(dict.fromkeys((*mentioned[key], *speakers[key]))) for key in articles}


def appearances(
    connection: Connection, articles: Keys
) -> tuple[Mapping[int, list[int]], Mapping[int, list[int]]]:
    """The keys of the entities that articles mention, and of those that they quote."""
    mentioned: defaultdict[int, list[int]] = defaultdict(list)
    speakers: defaultdict[int, list[int]] = defaultdict(list)
    if articles:
        for article, entity in MENTIONED.all(connection, {"keys": articles}):
            mentioned[article].append(entity)
        for article, speaker in SPEAKING.all(connection, {"keys": articles}):
            if speaker not in speakers[article]:
                speakers[article].append(speaker)
    return mentioned, speakers


def entity_entries(
    connection: Connection, keys: Keys, since: Mapping[int, datetime] | None = None
) -> list[Entry]:
    """Of those that are public, or will be without another write; under the instant of that.

    `since` is when articles make entities public, for those keys of which it is known.
    """
    rows = ENTITIES.all(connection, {"keys": keys})
    known = dict(since or {})
    known |= first_shown(
        connection, [row.key for row in rows if not row.reviewed and row.key not in known]
    )
    known |= {row.key: row.created_at for row in rows if row.reviewed}
    names = entity_names(connection, [row.key for row in rows if row.key in known])
    return [
        Entry(
            key=row.key,
            published_at=known[row.key],
            language="und",
            headline="\n".join([row.name, *names[row.key]]),
            text=row.description or "",
        )
        for row in rows
        if row.key in known
    ]


def entity_names(connection: Connection, keys: Keys) -> Mapping[int, list[str]]:
    names: defaultdict[int, list[str]] = defaultdict(list)
    if keys:
        for key, name in ALIASES.all(connection, {"keys": keys}):
            names[key].append(name)
    return names


def first_shown(connection: Connection, keys: Keys) -> dict[int, datetime]:
    """From when on live articles speak of entities."""
    if not keys:
        return {}
    first: dict[int, datetime] = {}
    for statement in FIRST_SHOWN:
        for key, instant in statement.all(connection, {"keys": keys}):
            first[key] = min(first.get(key, instant), instant)
    return first


def section_entries(connection: Connection, keys: Keys) -> list[Entry]:
    rows = connection.execute(
        select(
            Section.key, Section.created_at, Section.name, Section.path, Section.description
        ).where(Section.key.in_(keys))
    )
    return [
        plain_entry(
            row.key, row.created_at, [row.name, row.path.replace("/", " ")], [row.description]
        )
        for row in rows
    ]


def publisher_entries(connection: Connection, keys: Keys) -> list[Entry]:
    rows = connection.execute(
        select(Publisher.key, Publisher.created_at, Publisher.name).where(Publisher.key.in_(keys))
    )
    return [plain_entry(row.key, row.created_at, [row.name], []) for row in rows]


def media_entries(connection: Connection, keys: Keys) -> list[Entry]:
    rows = connection.execute(
        select(Media.key, Media.created_at, Media.caption, Media.alt, Media.credit).where(
            Media.key.in_(keys)
        )
    )
    return [
        plain_entry(row.key, row.created_at, [], [row.caption, row.alt, row.credit]) for row in rows
    ]


def plain_entry(
    key: int, created_at: datetime, names: Iterable[str], texts: Iterable[str | None]
) -> Entry:
    return Entry(
        key=key,
        published_at=created_at,
        language="und",
        headline="\n".join(names),
        text="\n\n".join(one for one in texts if one),
    )


ENTRIES: dict[str, Callable[[Connection, Keys], list[Entry]]] = {
    "articles": article_entries,
    "quotes": quote_entries,
    "entities": entity_entries,
    "sections": section_entries,
    "publishers": publisher_entries,
    "media": media_entries,
}

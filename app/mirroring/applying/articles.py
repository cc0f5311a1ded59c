"""Articles that were copied, with what they show and speak of."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from app.changes.findings import tell
from app.database.rows import add_rows, insertion_of, new_keys
from app.documents.exports import Copy
from app.mirroring.applying.quotes import speaker_id
from app.mirroring.rows import (
    Row,
    Saved,
    head,
    instant,
    keys_of,
    numbered,
    replace_parts,
    save,
)
from app.models import (
    Article,
    ArticleMedia,
    Entity,
    Media,
    Mention,
    MentionSpan,
    Publisher,
    Quote,
    Section,
)


@dataclass(frozen=True)
class Keys:
    """Of what articles refer to, by ids."""

    sections: Mapping[str, int]
    publishers: Mapping[str, int]
    media: Mapping[str, int]
    entities: Mapping[str, int]


def save_articles(session: Session, copies: Sequence[Copy]) -> tuple[list[Saved], Keys]:
    documents = [one["document"] for one in copies]
    shown = [*(media for one in documents for media in one["media"])]
    spoken_of = {entity["id"] for one in documents for entity in one["entities"]}
    quotes = (quote for one in copies for quote in one["parts"]["quotes"])
    keys = Keys(
        sections=keys_of(session, Section, (one["kept"]["section"] for one in copies)),
        publishers=keys_of(session, Publisher, (id_of(one["publisher"]) for one in documents)),
        media=keys_of(
            session,
            Media,
            {*(id_of(one["lead_media"]) for one in documents), *(id_of(one) for one in shown)},
        ),
        entities=keys_of(session, Entity, {*spoken_of, *map(speaker_id, quotes)}),
    )
    announced = select(Article.key, Article.is_announced).where(
        Article.key.in_([one["key"] for one in copies])
    )
    was_announced = {row.key: row.is_announced for row in session.execute(announced)}
    saved = save(session, Article, [article_row(one, keys) for one in copies])
    for article, _ in saved:
        cast(Article, article).was_announced = was_announced.get(article.key, False)
    media = [
        row
        for one in copies
        for row in numbered(
            one["key"],
            "article_key",
            (
                {"media_key": keys.media[each["id"]]}
                for each in one["document"]["media"]
                if each["id"] in keys.media
            ),
        )
    ]
    of_these = [one["key"] for one in copies]
    replace_parts(session, ArticleMedia, "article_key", of_these, media)
    save_mentions(session, copies, keys.entities)
    return saved, keys


# Any: a document that another refers to
def id_of(document: Mapping[str, Any] | None) -> str | None:
    return None if document is None else document["id"]


def article_row(copied: Copy, keys: Keys) -> Row:
    document, kept = copied["document"], copied["kept"]
    return {
        **head(copied),
        "slug": document["slug"],
        "status": kept["status"],
        "headline": document["headline"],
        "standfirst": document["standfirst"],
        "language": document["language"],
        "body": document["body"],
        "last_block": kept["last_block"],
        "text": document["text"],
        "text_version": document["text_version"],
        "bylines": document["bylines"],
        "corrections": document["corrections"],
        "section_key": keys.sections.get(kept["section"] or ""),
        "publisher_key": keys.publishers.get(id_of(document["publisher"]) or ""),
        "lead_media_key": keys.media.get(id_of(document["lead_media"]) or ""),
        "source_url": document["source_url"],
        "canonical_url": document["canonical_url"],
        "published_at": instant(document["published_at"]),
        "published_until": instant(document["published_until"]),
        "embargoed_until": instant(document["embargoed_until"]),
        "withdrawal_note": kept["withdrawal_note"],
        "embargo_note": kept["embargo_note"],
        "is_announced": kept["is_announced"],
        # The source's journal tells of it, and nobody here.
        "due_at": None,
        "mentions_reviewed": kept["mentions_reviewed"],
        "has_video": any(media["kind"] == "video" for media in document["media"]),
    }


def save_mentions(session: Session, copies: Sequence[Copy], entities: Mapping[str, int]) -> None:
    mentioned = [
        (one["key"], place, entity)
        for one in copies
        for place, entity in enumerate(one["document"]["entities"])
        if entity["id"] in entities
    ]
    replace_parts(session, Mention, "article_key", [one["key"] for one in copies], [])
    keys = new_keys(session, Mention, len(mentioned))
    mentions = [
        {
            "key": key,
            "article_key": article_key,
            "entity_key": entities[entity["id"]],
            "position": place,
            "role": entity["role"],
            "salience": entity["salience"],
        }
        for key, (article_key, place, entity) in zip(keys, mentioned, strict=True)
    ]
    spans = [
        {"mention_key": key, **span}
        for key, (_, _, entity) in zip(keys, mentioned, strict=True)
        for span in entity["spans"]
    ]
    add_rows(session, insertion_of(Mention), mentions)
    add_rows(session, insertion_of(MentionSpan), spans)


def tell_of(session: Session, keys: Collection[int]) -> None:
    """Have the journal say where articles lie and of whom they speak, as they stand now: it is
    asked for what changed by that. Called before they change and afterwards, all is said."""
    where = select(Article.id, Section.path).outerjoin(Section, Section.key == Article.section_key)
    for article_id, path in session.execute(where.where(Article.key.in_(keys))):
        tell(session, article_id, paths=[] if path is None else [path])
    # What is chosen of a union is chosen after all of it has been made.
    spoken_of = union(
        select(Mention.article_key, Mention.entity_key).where(Mention.article_key.in_(keys)),
        select(Quote.article_key, Quote.speaker_key).where(Quote.article_key.in_(keys)),
    ).subquery()
    entities = (
        select(Article.id, Entity.id)
        .join(spoken_of, spoken_of.c.article_key == Article.key)
        .join(Entity, Entity.key == spoken_of.c.entity_key)
    )
    for article_id, entity_id in session.execute(entities):
        tell(session, article_id, entities=[entity_id])

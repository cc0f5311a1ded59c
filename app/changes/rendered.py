"""Which rendered articles a change makes untrue: they are deleted before the commit."""

from collections import defaultdict
from typing import cast

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from app.database.listed import Among
from app.database.prepared import Prepared
from app.database.rows import is_new
from app.database.session import before_commit, connection_of
from app.models import Article, ArticleMedia, Media, Mention, Quote, RenderedArticle
from app.models.base import Resource

CHANGED = "rendered.changed"
# The articles of the quotes among it.
QUOTING = "rendered.quoting"
RENDERED = RenderedArticle.article_key


def note_change(session: Session, resource: Resource) -> None:
    """Have the articles forgotten that show a resource that was added, changed or deleted."""
    if resource.resource_name not in SHOWN:
        return
    # What was changed first and is new again has the key of something that was deleted.
    changed: dict[tuple[str, int], bool] = session.info.setdefault(CHANGED, {})
    if resource.resource_name == Quote.resource_name:
        quoting: set[int] = session.info.setdefault(QUOTING, set())
        quoting.add(cast(Quote, resource).article_key)
    else:
        changed.setdefault((resource.resource_name, resource.key), not is_new(resource))
    before_commit(session, forget_rendered)


def those_with_entities() -> ColumnElement[bool]:
    mentions = select(Mention.article_key).where(Among(Mention.entity_key))
    quotes = select(Quote.article_key).where(Among(Quote.speaker_key))
    return or_(RENDERED.in_(mentions), RENDERED.in_(quotes))


def those_with_media() -> ColumnElement[bool]:
    shown = select(ArticleMedia.article_key).where(Among(ArticleMedia.media_key))
    led = select(Article.key).where(Among(Article.lead_media_key))
    # A poster is shown by what shows its video.
    posing = (
        select(ArticleMedia.article_key)
        .join(Media, Media.key == ArticleMedia.media_key)
        .where(Among(Media.poster_key))
    )
    return or_(RENDERED.in_(shown), RENDERED.in_(led), RENDERED.in_(posing))


# What shows the resources with these keys.
FORGET = {
    kind: Prepared(delete(RenderedArticle).where(condition))
    for kind, condition in {
        "article": Among(RENDERED),
        "entity": those_with_entities(),
        "media": those_with_media(),
        "publisher": RENDERED.in_(select(Article.key).where(Among(Article.publisher_key))),
        "section": RENDERED.in_(select(Article.key).where(Among(Article.section_key))),
    }.items()
}


SHOWN = {*FORGET, Quote.resource_name}


def forget_rendered(session: Session) -> None:
    changed: dict[tuple[str, int], bool] = session.info.pop(CHANGED, {})
    for key in session.info.pop(QUOTING, ()):
        changed.setdefault(("article", key), True)
    known: defaultdict[str, list[int]] = defaultdict(list)
    for (kind, key), was_there in changed.items():
        # What is new has not been shown.
        if was_there:
            known[kind].append(key)
    session.flush()
    for kind, keys in known.items():
        FORGET[kind].run(connection_of(session), [{"keys": keys}])

"""Which rendered articles a change makes untrue: they are deleted before the commit."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.orm import Session

from app.database.session import before_commit
from app.models import Article, ArticleMedia, Mention, Quote, RenderedArticle
from app.models.base import Resource

CHANGED = "rendered.changed"
# As many parameters as a statement may have on either database.
BATCH = 500


def note_change(session: Session, resource: Resource) -> None:
    """Have the articles forgotten that show a resource that was added, changed or deleted."""
    changed = session.info.setdefault(CHANGED, set())
    if isinstance(resource, Quote):
        changed.add(("article", resource.article_key))
    else:
        changed.add((resource.resource_name, resource.key))
    before_commit(session, forget_rendered)


def articles_with_entities(keys: Collection[int]) -> Select[int]:
    mentions = select(Mention.article_key).where(Mention.entity_key.in_(keys))
    quotes = select(Quote.article_key).where(Quote.speaker_key.in_(keys))
    return select(Article.key).where(or_(Article.key.in_(mentions), Article.key.in_(quotes)))


def articles_with_media(keys: Collection[int]) -> Select[int]:
    shown = select(ArticleMedia.article_key).where(ArticleMedia.media_key.in_(keys))
    return select(Article.key).where(or_(Article.key.in_(shown), Article.lead_media_key.in_(keys)))


ARTICLES: Mapping[str, Callable[[Collection[int]], Select[int]]] = {
    "article": lambda keys: select(Article.key).where(Article.key.in_(keys)),
    "entity": articles_with_entities,
    "media": articles_with_media,
    "publisher": lambda keys: select(Article.key).where(Article.publisher_key.in_(keys)),
    "section": lambda keys: select(Article.key).where(Article.section_key.in_(keys)),
}


def forget_rendered(session: Session) -> None:
    changed: defaultdict[str, list[int]] = defaultdict(list)
    for kind, key in session.info.pop(CHANGED, ()):
        changed[kind].append(key)
    session.flush()
    for kind, keys in changed.items():
        for first in range(0, len(keys), BATCH):
            articles = ARTICLES[kind](keys[first : first + BATCH])
            session.execute(
                delete(RenderedArticle)
                .where(RenderedArticle.article_key.in_(articles))
                .execution_options(synchronize_session=False)
            )

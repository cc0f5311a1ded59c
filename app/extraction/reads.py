"""The texts in which quotes are to be found."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import ColumnElement, Connection, func, or_, select

from app.access.viewer import Viewer
from app.errors import ArticleNotFound, Moved
from app.models import Article, Change, Extraction
from app.models.visibility import article_is_public
from app.slugs.lookups import Lookup

# How many articles are looked up at a time.
BATCH = 50

TEXT = Lookup(
    Article, select(Article.text, Article.language), ArticleNotFound, public=article_is_public
)


@dataclass(frozen=True, slots=True)
class Unread:
    """An article as it is to be read. `is_known` is one whose text was read before."""

    key: int
    id: str
    text: str
    language: str
    is_known: bool


def get_text_to_read(connection: Connection, name: str, viewer: Viewer) -> tuple[str, str]:
    """The canonical text of an article that may be seen, and its language."""
    try:
        row = TEXT.row(connection, name, viewer)
    except Moved as moved:
        # The name stands in a body: there is no address to redirect.
        row = TEXT.row(connection, moved.current_name, viewer)
    return row.text, row.language


def list_unread(connection: Connection, after: int, since: int | None) -> Sequence[Unread]:
    """Articles with a key above `after` that were never read, or have changed since."""
    statement = (
        select(Article.key, Article.id, Article.text, Article.language, Extraction.digest)
        .outerjoin(Extraction, Extraction.article_key == Article.key)
        .where(Article.key > after, *is_unread(since))
        .order_by(Article.key)
        .limit(BATCH)
    )
    return [
        Unread(row.key, row.id, row.text, row.language, row.digest == text_digest(row.text))
        for row in connection.execute(statement)
    ]


def count_unread(connection: Connection, since: int | None) -> int:
    """How many articles a run looks at: one whose text has not changed is passed over by it."""
    statement = (
        select(func.count())
        .select_from(Article)
        .outerjoin(Extraction, Extraction.article_key == Article.key)
        .where(*is_unread(since))
    )
    return connection.execute(statement).scalar_one()


def is_unread(since: int | None) -> list[ColumnElement[bool]]:
    conditions = [or_(Extraction.article_key.is_(None), Extraction.revision != Article.revision)]
    if since is not None:
        changed = select(Change.resource_id).where(
            Change.sequence > since, Change.resource == Article.resource_name
        )
        conditions.append(Article.id.in_(changed))
    return conditions


def last_change(connection: Connection) -> int:
    """The number of the journal's last row."""
    return connection.execute(select(func.coalesce(func.max(Change.sequence), 0))).scalar_one()


def text_digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()

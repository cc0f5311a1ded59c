"""A former revision of an article brought back, as a new one."""

from pydantic import ValidationError as PydanticError
from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.articles.revisions import revision_row
from app.articles.schemas import ArticleWrite
from app.articles.writes import answered, update_article
from app.documents.articles import ArticleRead
from app.errors import ArticleNotFound
from app.models import Article
from app.slugs.writes import find_to_change
from app.web.conditional import Precondition
from app.web.problems import invalid_content

# What a restoration brings back. When an article is public, under which address, and what was
# corrected in it is not its content; its quotes and mentions go along with the text.
RESTORED = (
    "headline", "standfirst", "language", "body", "section", "publisher", "bylines", "lead_media",
    "media", "source_url", "canonical_url",
)  # fmt: skip


def put_restoration(
    session: Session, name: str, number: int, precondition: Precondition, viewer: Viewer
) -> ArticleRead:
    """Raises RevisionNotFound, RevisionPurged, or ReferenceNotFound for media that are no more. A
    section or publisher that is no more is made anew."""
    article = find_to_change(session, Article, name, precondition, ArticleNotFound)
    former = revision_row(session, article.key, number).document
    content = {member: former[member] for member in RESTORED}
    try:
        written = ArticleWrite.model_validate(content)
    except PydanticError as error:
        raise invalid_content(error) from None
    update_article(session, article, written, viewer, event="article.restored")
    return answered(session, article, utf16=False)

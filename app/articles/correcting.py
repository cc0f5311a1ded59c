"""A correction, added to an article: what was wrong in it, for all who read it."""

from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.articles.schemas import MAX_CORRECTIONS, CorrectionWrite
from app.articles.states import settle, shown_status
from app.articles.writes import answered, finish
from app.documents.articles import ArticleRead
from app.errors import ArticleNotFound, ValidationError
from app.models import Article
from app.slugs.writes import get_named
from app.web.conditional import Precondition


def post_correction(
    session: Session,
    name: str,
    content: CorrectionWrite,
    precondition: Precondition,
    viewer: Viewer,
) -> ArticleRead:
    """Nothing that is there is changed, so that no tag needs to be sent; one that is sent has to
    hold. Raises ValidationError for what was corrected in the future, or once too often."""
    article = get_named(session, Article, name, ArticleNotFound)
    precondition.require_what_was_sent(article)
    at = content.at or viewer.at
    if at > viewer.at:
        raise invalid("/at", "A correction is made now, or was made before.")
    if len(article.corrections) >= MAX_CORRECTIONS:
        raise invalid("", f"An article has at most {MAX_CORRECTIONS} corrections.")
    before = shown_status(article, viewer.at)
    article.corrections = [*article.corrections, {"at": at, "text": content.text}]
    article.revision += 1
    article.updated_at = viewer.at
    finish(session, article, viewer, [*settle(article, before, viewer.at), "article.corrected"])
    return answered(session, article, utf16=False)


def invalid(pointer: str, detail: str) -> ValidationError:
    return ValidationError(detail, errors=[{"pointer": pointer, "detail": detail}])

"""Two revisions of an article, read and compared."""

from sqlalchemy import Connection, func, select
from starlette.datastructures import QueryParams

from app.access.viewer import Viewer
from app.articles.differences import article_difference
from app.articles.revisions import MAX_REVISION, article_of, revision_card, revision_row
from app.documents.revisions import RevisionComparison
from app.errors import RevisionNotFound
from app.models import Revision
from app.web.listing import only_once, parameter, refused

WITH = parameter(
    "with",
    "The revision to compare with; if nothing is said, the one before.",
    type="integer",
    minimum=1,
)


def parse_with(query: QueryParams) -> int | None:
    """Raises InvalidParameter."""
    only_once(query, {"with"})
    text = query.get("with")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()):
        raise refused("with", "with is the number of a revision.")
    # A longer number would be no revision's either.
    return int(text[: len(str(MAX_REVISION)) + 1])


def compare_revisions(
    connection: Connection, name: str, number: int, other: int | None, viewer: Viewer
) -> RevisionComparison:
    """From the older to the newer, whichever is named first.

    Raises RevisionNotFound or RevisionPurged.
    """
    key = article_of(connection, name, viewer)
    one = revision_row(connection, key, number)
    if other is None:
        other = number_before(connection, key, number)
    older, newer = sorted([one, revision_row(connection, key, other)], key=lambda row: row.key)
    return {
        "older": revision_card(older),
        "newer": revision_card(newer),
        **article_difference(older.document, newer.document),
    }


def number_before(connection: Connection, article_key: int, number: int) -> int:
    earlier = connection.scalar(
        select(func.max(Revision.revision)).where(
            Revision.article_key == article_key, Revision.revision < number
        )
    )
    if earlier is None:
        raise RevisionNotFound(f"before {number}")
    return earlier

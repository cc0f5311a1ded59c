"""The text in which quotes are to be found."""

from sqlalchemy import Connection, select

from app.access.viewer import Viewer
from app.errors import ArticleNotFound, Moved
from app.models import Article
from app.models.visibility import article_is_public
from app.slugs.lookups import Lookup

TEXT = Lookup(
    Article, select(Article.text, Article.language), ArticleNotFound, public=article_is_public
)


def get_text_to_read(connection: Connection, name: str, viewer: Viewer) -> tuple[str, str]:
    """The canonical text of an article that may be seen, and its language."""
    try:
        row = TEXT.row(connection, name, viewer)
    except Moved as moved:
        # The name stands in a body: there is no address to redirect.
        row = TEXT.row(connection, moved.current_name, viewer)
    return row.text, row.language

"""Which version of an article is read: the present one, or its draft as it would be published."""

from datetime import datetime

from fastapi import Request

from app.access.viewer import Viewer, the_service
from app.articles.drafts import show_draft
from app.articles.reads import get_article
from app.database.acts import Act
from app.database.session import Database
from app.documents.articles import ArticleRead
from app.documents.drafts import Version
from app.web.fields import ALL, Selection
from app.web.listing import only_once, parameter, refused
from app.web.nearest import unknown

VERSIONS: tuple[Version, ...] = ("present", "draft")
VERSION = parameter(
    "version",
    "The article as its draft would make it: needs the scope `preview`.",
    enum=[*VERSIONS],
    default="present",
)


def parse_version(request: Request, viewer: Viewer) -> Version:
    """Raises InvalidParameter; to readers who ask for drafts, Unauthenticated or Forbidden."""
    only_once(request.query_params, {"version"})
    wanted = request.query_params.get("version", "present")
    for version in VERSIONS:
        if version == wanted:
            break
    else:
        raise refused("version", unknown("value", wanted, VERSIONS))
    if version == "draft":
        viewer.require_desk("Drafts")
        if "as_of" in request.query_params:
            raise refused("as_of", "Drafts have no history: leave out as_of or version.")
    return version


async def read_version(
    database: Database,
    name: str,
    version: Version,
    at: datetime,
    selection: Selection = ALL,
    *,
    utf16: bool = False,
) -> ArticleRead:
    """As the service itself sees it: whether it may be shown was looked at before. A draft is put
    in the article's place for that, and taken back."""
    viewer = the_service(at)
    if version == "present":
        return await database.read(get_article, name, viewer, selection, utf16=utf16)
    trial = Act(on_trial=True)
    return await database.write_as(trial, show_draft, name, viewer, selection, utf16=utf16)

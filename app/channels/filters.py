"""The query parameters of a list of channels, and which articles a channel carries."""

from typing import Any, cast

from app.articles.filters import in_section, quotes, speaks_of
from app.documents.channels import ChannelRead
from app.models import Article, Channel
from app.web.filters import Condition, instant_filter, text_filter
from app.web.listing import Listing, Sort

CHANNELS = Listing(
    name="channels",
    key=Channel.key,
    sorts={
        "name": Sort(Channel.name),
        "number": Sort(Channel.number, nullable=True),
        "created_at": Sort(Channel.created_at),
        "updated_at": Sort(Channel.updated_at),
    },
    default_sort="number,name",
    filters={
        "slug": text_filter(Channel.slug, "Has this slug."),
        "language": text_filter(Channel.language, "Is in this language.", "en"),
        "updated": instant_filter(Channel.updated_at, "Last changed within this range."),
    },
    document=ChannelRead,
)


# Any: what a channel keeps, as JSON
def carried(carries: dict[str, Any]) -> list[Condition]:
    """The conditions of an article that is carried, all of which have to hold."""
    conditions: list[Condition] = []
    if carries["sections"]:
        conditions.append(in_section(carries["sections"]))
    if carries["entities"]:
        conditions.append(speaks_of(carries["entities"]))
    if carries["speakers"]:
        conditions.append(quotes(carries["speakers"]))
    if carries["languages"]:
        conditions.append(Article.language.in_(carries["languages"]))
    if carries["has_video"]:
        conditions.append(has_video())
    return conditions


def has_video() -> Condition:
    return cast(Condition, Article.has_video)  # a column acts as a condition

"""The query parameters of a list of publishers."""

from collections.abc import Sequence

from sqlalchemy import exists

from app.documents.publishers import PublisherRead
from app.models import Publisher, PublisherAddress
from app.models.entity import fold_name
from app.search.asking import in_list
from app.web.filters import Condition, Filter, instant_filter, text_filter
from app.web.listing import Listing, Sort


def is_called(names: Sequence[str]) -> Condition:
    return Publisher.folded_name.in_([fold_name(name) for name in names])


def has_address(urls: Sequence[str]) -> Condition:
    return exists().where(
        PublisherAddress.publisher_key == Publisher.key, PublisherAddress.url.in_(urls)
    )


PUBLISHERS = Listing(
    name="publishers",
    key=Publisher.key,
    sorts={
        "name": Sort(Publisher.name),
        "created_at": Sort(Publisher.created_at),
        "updated_at": Sort(Publisher.updated_at),
    },
    default_sort="name",
    filters={
        "name": Filter(is_called, "Has this name, whatever its case and accents."),
        "slug": text_filter(Publisher.slug, "Has this slug."),
        "address": Filter(has_address, "Is found at this mirror as well."),
        "updated": instant_filter(Publisher.updated_at, "Last changed within this range."),
    },
    document=PublisherRead,
    search=in_list("publishers", Publisher.key),
)

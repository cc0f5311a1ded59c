"""Publishers, read."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from app.access.viewer import Viewer
from app.database.types import AnyRow
from app.documents.publishers import PublisherRead
from app.errors import PublisherNotFound
from app.models import Publisher, PublisherAddress
from app.models.visibility import publisher_is_public
from app.slugs.lookups import AT, Lookup
from app.web.listing import ListRequest
from app.web.pages import PageStatement, fetch_page

PUBLISHER = select(
    Publisher.key,
    Publisher.id,
    Publisher.slug,
    Publisher.name,
    Publisher.revision,
    Publisher.site,
    Publisher.address_notice,
    Publisher.apps,
    Publisher.created_at,
    Publisher.updated_at,
)

PUBLISHERS = PageStatement(PUBLISHER)
PUBLIC_PUBLISHERS = PageStatement(PUBLISHER.where(publisher_is_public(AT)))
PUBLISHER_BY_NAME = Lookup(Publisher, PUBLISHER, PublisherNotFound, public=publisher_is_public)


def get_publisher(connection: Connection, name: str, viewer: Viewer) -> PublisherRead:
    row = PUBLISHER_BY_NAME.row(connection, name, viewer)
    return publisher_read(row, addresses_of(connection, [row.key])[row.key])


def list_publishers(connection: Connection, wanted: ListRequest, viewer: Viewer) -> dict[str, Any]:
    statement = PUBLISHERS if viewer.sees_all else PUBLIC_PUBLISHERS
    rows = fetch_page(connection, statement, wanted, {"at": viewer.at})
    addresses = addresses_of(connection, rows.keys)
    items = [publisher_read(row, addresses[row.key]) for row in rows.rows]
    return rows.page([wanted.selection.trim(item) for item in items])


def addresses_of(connection: Connection, keys: Sequence[int]) -> defaultdict[int, list[str]]:
    """The mirrors of each publisher, by its key."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    statement = (
        select(PublisherAddress.publisher_key, PublisherAddress.url)
        .where(PublisherAddress.publisher_key.in_(keys))
        .order_by(PublisherAddress.publisher_key, PublisherAddress.position)
    )
    for key, url in connection.execute(statement):
        found[key].append(url)
    return found


# Any: the columns of PUBLISHER
def publisher_read(row: AnyRow, addresses: list[str]) -> PublisherRead:
    return {
        "id": row.id,
        "slug": row.slug,
        "name": row.name,
        "revision": row.revision,
        "site": row.site,
        "addresses": addresses,
        "address_notice": row.address_notice,
        "apps": row.apps,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }

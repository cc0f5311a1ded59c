"""Publishers as they are served."""

from datetime import datetime

from typing_extensions import TypedDict


class PublisherApp(TypedDict):
    """A channel or app of the publisher's on another platform, such as `roku`."""

    platform: str
    name: str


class PublisherRef(TypedDict):
    """The publisher of an article."""

    id: str
    slug: str
    name: str


class PublisherRead(PublisherRef):
    """A publisher. `addresses` are mirrors at which the same articles are found; `address_notice`
    is the sentence with which its pages announce them."""

    revision: int
    site: str | None
    addresses: list[str]
    address_notice: str | None
    apps: list[PublisherApp]
    created_at: datetime
    updated_at: datetime

"""Lists as they are served."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from app.documents.articles import ArticleCard
from app.documents.audit import AuditEntry
from app.documents.channels import BulletinRead, ChannelRead, ProgrammeRead
from app.documents.entities import CooccurringEntity, EntityRead, TimelineMonth
from app.documents.keys import KeyRead
from app.documents.media import MediaRead
from app.documents.mentions import ArticleEntity
from app.documents.publishers import PublisherRead
from app.documents.quotes import QuoteRead
from app.documents.revisions import RevisionCard
from app.documents.sections import SectionRead
from app.documents.trash import TrashedCard
from app.documents.webhooks import DeliveryCard, WebhookRead


class Page(TypedDict):
    """A page of a list. `next_cursor` is null on the last one. `total` is there where `total=`
    asked for it; a `total_relation` of `at_least` says that there are that many or more."""

    next_cursor: str | None
    total: NotRequired[int]
    total_relation: NotRequired[Literal["exact", "at_least"]]


class ArticlePage(Page):
    """A page of articles."""

    items: list[ArticleCard]


class QuotePage(Page):
    """A page of quotes."""

    items: list[QuoteRead]


class EntityPage(Page):
    """A page of entities."""

    items: list[EntityRead]


class SectionPage(Page):
    """A page of sections."""

    items: list[SectionRead]


class PublisherPage(Page):
    """A page of publishers."""

    items: list[PublisherRead]


class MediaPage(Page):
    """A page of media."""

    items: list[MediaRead]


class RevisionPage(Page):
    """A page of an article's saves."""

    items: list[RevisionCard]


class ArticleEntities(TypedDict):
    """All entities that an article speaks of."""

    items: list[ArticleEntity]


class CooccurringEntities(TypedDict):
    """The entities named most often together with another."""

    items: list[CooccurringEntity]


class Timeline(TypedDict):
    """The months in which an entity was spoken of, the latest first."""

    items: list[TimelineMonth]


class ChannelPage(Page):
    """A page of channels."""

    items: list[ChannelRead]


class Programmes(TypedDict):
    """What is planned on a channel, in its order."""

    items: list[ProgrammeRead]


class Bulletins(TypedDict):
    """What comes again on a channel."""

    items: list[BulletinRead]


class KeyPage(Page):
    """A page of API keys."""

    items: list[KeyRead]


class AuditPage(Page):
    """A page of the audit."""

    items: list[AuditEntry]


class TrashPage(Page):
    """A page of the trash."""

    items: list[TrashedCard]


class WebhookPage(Page):
    """A page of webhooks."""

    items: list[WebhookRead]


class DeliveryPage(Page):
    """A page of the deliveries to a webhook."""

    items: list[DeliveryCard]

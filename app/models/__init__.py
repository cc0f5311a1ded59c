"""The tables, one module each, and the behaviour that needs no database."""

from app.models.article import Article, ArticleMedia, ArticleStatus, Revision
from app.models.base import Base
from app.models.change import Change, Journal
from app.models.channel import Bulletin, Channel, Programme
from app.models.draft import Draft
from app.models.entity import Entity, EntityAlias, EntityForm, EntityType, ExternalId
from app.models.extraction import Extraction, Follower
from app.models.idempotency import IdempotencyRecord
from app.models.import_source import ImportSource
from app.models.key import ApiKey
from app.models.lease import Lease
from app.models.media import Media, MediaCaption, MediaRendition, MediaTrickPlay
from app.models.mention import Mention, MentionSpan
from app.models.mirror import Mirror
from app.models.publisher import Publisher, PublisherAddress
from app.models.quote import (
    AnchorState,
    DismissedQuote,
    Quote,
    QuoteForm,
    QuoteKind,
    QuoteSpan,
    QuoteStatus,
)
from app.models.rendered import RenderedArticle
from app.models.secret import Secret
from app.models.section import Section
from app.models.slug import FormerSlug
from app.models.trash import TrashedArticle
from app.models.webhook import Webhook, WebhookDelivery

__all__ = [
    "AnchorState",
    "ApiKey",
    "Article",
    "ArticleMedia",
    "ArticleStatus",
    "Base",
    "Bulletin",
    "Change",
    "Channel",
    "DismissedQuote",
    "Draft",
    "Entity",
    "EntityAlias",
    "EntityForm",
    "EntityType",
    "ExternalId",
    "Extraction",
    "Follower",
    "FormerSlug",
    "IdempotencyRecord",
    "ImportSource",
    "Journal",
    "Lease",
    "Media",
    "MediaCaption",
    "MediaRendition",
    "MediaTrickPlay",
    "Mention",
    "MentionSpan",
    "Mirror",
    "Programme",
    "Publisher",
    "PublisherAddress",
    "Quote",
    "QuoteForm",
    "QuoteKind",
    "QuoteSpan",
    "QuoteStatus",
    "RenderedArticle",
    "Revision",
    "Secret",
    "Section",
    "TrashedArticle",
    "Webhook",
    "WebhookDelivery",
]

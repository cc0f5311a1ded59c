"""The query parameters of the lists of webhooks, and of the deliveries to one."""

from app.documents.webhooks import DeliveryCard, WebhookRead
from app.models import Webhook, WebhookDelivery
from app.models.webhook import DELIVERY_STATES, WEBHOOK_SCOPES
from app.web.filters import flag_filter, instant_filter, text_filter, word_filter
from app.web.listing import Listing, Sort

WEBHOOKS = Listing(
    name="webhooks",
    key=Webhook.key,
    sorts={
        "name": Sort(Webhook.name),
        "created_at": Sort(Webhook.created_at),
        "updated_at": Sort(Webhook.updated_at),
    },
    default_sort="-created_at",
    filters={
        "name": text_filter(Webhook.name, "Has exactly this name."),
        "scope": word_filter(Webhook.scope, WEBHOOK_SCOPES, "Is told this much."),
        "enabled": flag_filter(Webhook.enabled, "Whether it is sent to."),
        "failing": flag_filter(
            Webhook.failing_since.is_not(None), "Whether the last requests to it have failed."
        ),
    },
    document=WebhookRead,
)

DELIVERIES = Listing(
    name="deliveries",
    key=WebhookDelivery.key,
    sorts={
        "created_at": Sort(WebhookDelivery.created_at),
        "settled_at": Sort(WebhookDelivery.settled_at, nullable=True),
    },
    default_sort="-created_at",
    filters={
        "state": word_filter(WebhookDelivery.state, DELIVERY_STATES, "Is in this state."),
        "event": text_filter(WebhookDelivery.event, "Tells of this event.", "article.published"),
        "created": instant_filter(WebhookDelivery.created_at, "Was made within this range."),
        "next_attempt": instant_filter(
            WebhookDelivery.next_attempt_at, "Is tried again within this range."
        ),
    },
    document=DeliveryCard,
)

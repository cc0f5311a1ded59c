"""What may be sent of a webhook."""

from typing import Annotated, Literal

from pydantic import Field

from app.documents.texts import Line
from app.documents.webhooks import WebhookScope
from app.web.writing import WebUrl, WriteModel

MAX_NAMES = 100
DAY_SECONDS = 86_400
MAX_OVERLAP_SECONDS = 30 * DAY_SECONDS

Names = Annotated[list[Annotated[Line, Field(max_length=300)]], Field(max_length=MAX_NAMES)]
ResourceName = Literal[
    "article", "bulletin", "channel", "entity", "media", "programme", "publisher", "quote",
    "section",
]  # fmt: skip
EventName = Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z_]+$", max_length=40)]


class WebhookWrite(WriteModel):
    """Of a list that is empty, all is told. `sections` are named by paths or ids, `entities` by
    slugs or ids, and kept by their ids."""

    name: Annotated[Line, Field(max_length=200)]
    url: WebUrl
    scope: WebhookScope = "public"
    resources: Annotated[list[ResourceName], Field(max_length=MAX_NAMES)] = []
    events: Annotated[list[EventName], Field(max_length=MAX_NAMES)] = []
    sections: Names = []
    entities: Names = []
    enabled: bool = True


class SecretRotationWrite(WriteModel):
    """How long the secrets that the webhook had sign, too; 0: no more."""

    overlap_seconds: Annotated[int, Field(ge=0, le=MAX_OVERLAP_SECONDS)] = DAY_SECONDS


class ReplayWrite(WriteModel):
    """The position to send again from: what comes after it."""

    after: Annotated[str, Field(pattern=r"^([0-9a-z]{12}-)?(0|[1-9][0-9]{0,18})$")]

"""Preview links: signed by the service, of one article, until an instant."""

from datetime import UTC, datetime
from typing import NamedTuple, cast

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import Connection, select

from app.documents.drafts import Version
from app.errors import PreviewLinkExpired
from app.models import Secret
from app.web.listing import parameter, refused

LINK = parameter("link", "What a preview link holds.", minLength=1)
LINK["required"] = True


class Linked(NamedTuple):
    """What a link shows. Instants in it are whole seconds."""

    article_id: str
    version: Version
    expires_at: datetime


class LinkSigner:
    def __init__(self, secret: bytes) -> None:
        self.serializer = URLSafeSerializer(secret, salt="preview")

    def sign(self, linked: Linked) -> str:
        article_id, version, expires_at = linked
        signed = self.serializer.dumps([article_id, version, int(expires_at.timestamp())])
        return signed if isinstance(signed, str) else signed.decode()

    def read(self, link: str, at: datetime) -> Linked:
        """Raises InvalidParameter for what this service has not signed, or PreviewLinkExpired."""
        try:
            article_id, version, expires = self.serializer.loads(link)
        except BadData:
            raise refused("link", "The link is damaged, or not one of this service.") from None
        expires_at = datetime.fromtimestamp(expires, UTC)
        if expires_at <= at:
            raise PreviewLinkExpired(f"The link held until {expires_at:%Y-%m-%d %H:%M} UTC.")
        return Linked(article_id, cast(Version, version), expires_at)  # as it was signed


def get_link_signer(connection: Connection) -> LinkSigner:
    secret = connection.execute(select(Secret.value).where(Secret.name == "previews")).scalar_one()
    return LinkSigner(bytes(secret))

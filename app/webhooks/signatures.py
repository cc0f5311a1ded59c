"""Signatures of what is sent, as Standard Webhooks 1.0.0 has them, and the secrets that sign."""

import base64
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from standardwebhooks import Webhook as Signer

from app.models.webhook import FormerSecret

PREFIX = "whsec_"
SECRET_BYTES = 32

ID = "webhook-id"
TIMESTAMP = "webhook-timestamp"
SIGNATURE = "webhook-signature"


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sign(signing: Sequence[str], message_id: str, at: datetime, body: str) -> dict[str, str]:
    """The headers of one attempt: a signature by each of the secrets, over the very text that is
    sent."""
    return {
        ID: message_id,
        TIMESTAMP: str(int(at.timestamp())),
        SIGNATURE: " ".join(Signer(one).sign(message_id, at, body) for one in signing),
    }


def signing_secrets(
    secret: str, former: Iterable[FormerSecret] | None, at: datetime
) -> tuple[str, ...]:
    """The secret, and those whose overlap has not ended."""
    overlapping = (one["secret"] for one in unexpired(former, at))
    return (secret, *overlapping)


def rotated_out(
    secret: str, former: Iterable[FormerSecret] | None, overlap: timedelta, at: datetime
) -> list[FormerSecret]:
    """The former secrets when this one is one of them: all sign until the overlap ends, and none
    longer than it would have."""
    ends = (at + overlap).isoformat()
    kept = [FormerSecret(secret=secret, until=ends)]
    for one in unexpired(former, at):
        until = min(one["until"], ends, key=datetime.fromisoformat)
        kept.append(FormerSecret(secret=one["secret"], until=until))
    return unexpired(kept, at)


def end_of_overlap(former: Iterable[FormerSecret] | None, at: datetime) -> datetime | None:
    return max(
        (datetime.fromisoformat(one["until"]) for one in unexpired(former, at)), default=None
    )


def unexpired(former: Iterable[FormerSecret] | None, at: datetime) -> list[FormerSecret]:
    return [one for one in former or () if datetime.fromisoformat(one["until"]) > at]

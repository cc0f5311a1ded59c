"""Signed cursors: where the next page of a list begins.

A cursor holds the sort values of the last row and a digest of the list it was made for, so that
it cannot be used with other filters or another sort, nor be made by hand.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b, sha1

import orjson
from itsdangerous import BadData, Signer
from itsdangerous.encoding import base64_decode, base64_encode
from sqlalchemy import Connection, select

from app.errors import InvalidCursor
from app.models import Secret

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# What is signed: this, the digest of the list, and the sort values.
VERSION = 2

Value = str | int | float | datetime | None


class CursorSigner:
    def __init__(self, secret: bytes) -> None:
        # The secret is for cursors alone: no key has to be derived of it for each. Named, though
        # it is the default: hmac knows a quicker way to OpenSSL's own function.
        self.signer = Signer(secret, key_derivation="none", digest_method=sha1)

    def sign(self, list_digest: str, values: Sequence[Value]) -> str:
        """A cursor after the row with these sort values; instants keep their microseconds."""
        packed = [
            {"t": (value - EPOCH) // MICROSECOND} if isinstance(value, datetime) else value
            for value in values
        ]
        payload = base64_encode(orjson.dumps([VERSION, list_digest, packed]))
        return self.signer.sign(payload).decode()

    def values(self, list_digest: str, cursor: str) -> list[Value]:
        """The sort values in a cursor. Raises InvalidCursor when it is not of this list."""
        try:
            payload = base64_decode(self.signer.unsign(cursor))
            version, digest, packed = orjson.loads(payload)
        except (BadData, ValueError, TypeError):
            raise invalid("The cursor is damaged, or not one of this service.") from None
        if version != VERSION or digest != list_digest:
            raise invalid("The cursor was made for another list, filter or sort.")
        return [
            EPOCH + value["t"] * MICROSECOND if isinstance(value, dict) else value
            for value in packed
        ]


def invalid(detail: str) -> InvalidCursor:
    return InvalidCursor(detail, errors=[{"parameter": "cursor", "detail": detail}])


def list_digest(*parts: str) -> str:
    """A digest of all that makes a list what it is: its name, filters and sort."""
    return blake2b("\n".join(parts).encode(), digest_size=9).hexdigest()


def get_signer(connection: Connection) -> CursorSigner:
    secret = connection.execute(select(Secret.value).where(Secret.name == "cursors")).scalar_one()
    return CursorSigner(bytes(secret))

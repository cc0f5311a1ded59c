"""API keys as they are served."""

from datetime import datetime
from typing import Literal

from typing_extensions import TypedDict

Scope = Literal["read", "preview", "write", "admin"]
KeyState = Literal["valid", "expired", "revoked"]


class KeyRead(TypedDict):
    """An API key. `sections` are paths and `channels` slugs: where alone it may write, if either
    names any. `last_used_at` is exact to a minute or so; what is answered from memory is no use.
    Until `overlap_ends_at` a token that was rotated out is valid too."""

    id: str
    revision: int
    name: str
    prefix: str
    scopes: list[Scope]
    sections: list[str]
    channels: list[str]
    state: KeyState
    expires_at: datetime | None
    overlap_ends_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None
    created_at: datetime
    updated_at: datetime


class KeyIssued(KeyRead):
    """A key with its new token, which is shown this once: null on trial, and where an
    Idempotency-Key is repeated."""

    token: str | None


class RatePolicy(TypedDict):
    """At most `quota` requests in a window that begins with the first of them."""

    name: str
    quota: int
    window_seconds: int


class KeyHeld(TypedDict):
    """The API key of who asks. `expires_at` is when the token that was sent ceases to be valid;
    the policies are those that its requests are counted by."""

    id: str
    name: str
    prefix: str
    scopes: list[Scope]
    sections: list[str]
    channels: list[str]
    expires_at: datetime | None
    rate_limits: list[RatePolicy]

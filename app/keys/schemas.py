"""What may be sent of an API key."""

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from app.documents.texts import Line
from app.models.key import SCOPES, Scope
from app.web.writing import Moment, WriteModel

MAX_LIMITS = 100
DAY_SECONDS = 86_400
MAX_OVERLAP_SECONDS = 30 * DAY_SECONDS


def in_order(scopes: list[Scope]) -> list[Scope]:
    return [one for one in SCOPES if one in scopes]


Names = Annotated[list[Annotated[Line, Field(max_length=300)]], Field(max_length=MAX_LIMITS)]


class KeyWrite(WriteModel):
    """`sections` (paths or ids) and `channels` (slugs or ids) limit a key that writes to what lies
    in them."""

    name: Annotated[Line, Field(max_length=200)]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=4), AfterValidator(in_order)]
    sections: Names = []
    channels: Names = []
    expires_at: Moment | None = None

    @model_validator(mode="after")
    def limit_writers(self) -> "KeyWrite":
        is_limited = self.sections or self.channels
        if is_limited and ("write" not in self.scopes or "admin" in self.scopes):
            raise ValueError("Only a key that may write, and not manage keys, can be limited.")
        return self


class RotationWrite(WriteModel):
    """How long the tokens that the key had stay valid; 0: they are refused at once."""

    overlap_seconds: Annotated[int, Field(ge=0, le=MAX_OVERLAP_SECONDS)] = DAY_SECONDS

"""The query parameters of a list of API keys."""

from sqlalchemy import and_

from app.documents.keys import KeyRead
from app.models import ApiKey
from app.slugs.lookups import AT
from app.web.filters import Condition, choice_filter, instant_filter, text_filter
from app.web.listing import Listing, Sort

HAS_EXPIRED = and_(ApiKey.expires_at.is_not(None), ApiKey.expires_at <= AT)
STATES: dict[str, Condition] = {
    "valid": and_(ApiKey.revoked_at.is_(None), ~HAS_EXPIRED),
    "expired": and_(ApiKey.revoked_at.is_(None), HAS_EXPIRED),
    "revoked": ApiKey.revoked_at.is_not(None),
}

KEYS = Listing(
    name="keys",
    key=ApiKey.key,
    sorts={
        "name": Sort(ApiKey.name),
        "created_at": Sort(ApiKey.created_at),
        "updated_at": Sort(ApiKey.updated_at),
        "expires_at": Sort(ApiKey.expires_at, nullable=True),
        "last_used_at": Sort(ApiKey.last_used_at, nullable=True),
    },
    default_sort="-created_at",
    filters={
        "state": choice_filter(STATES, "Is in this state."),
        "name": text_filter(ApiKey.name, "Has exactly this name."),
        "prefix": text_filter(ApiKey.prefix, "Has this prefix.", "onr_24kctp57"),
        "expires": instant_filter(ApiKey.expires_at, "Expires within this range."),
        "used": instant_filter(ApiKey.last_used_at, "Was last used within this range."),
        "created": instant_filter(ApiKey.created_at, "Was made within this range."),
    },
    document=KeyRead,
)

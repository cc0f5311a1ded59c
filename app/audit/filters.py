"""The query parameters of the audit."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from app.documents.audit import AuditEntry
from app.models import ApiKey, Change
from app.web.filters import Condition, Filter, instant_filter, text_filter
from app.web.listing import Listing, Sort


def written_by(names: Sequence[str]) -> Condition:
    """By keys, named by id or prefix; `none` is the service itself."""
    ids = select(ApiKey.id).where(or_(ApiKey.id.in_(names), ApiKey.prefix.in_(names)))
    by_keys = Change.actor.in_(ids)
    return or_(by_keys, Change.actor.is_(None)) if "none" in names else by_keys


AUDIT = Listing(
    name="audit",
    key=Change.sequence,
    sorts={"sequence": Sort(Change.sequence)},
    default_sort="-sequence",
    filters={
        "author": Filter(
            written_by,
            "Was written by this API key (id or prefix); `none`: by the service itself.",
            "onr_24kctp57",
        ),
        "event": text_filter(Change.event, "Is this event.", "article.published"),
        "resource": text_filter(Change.resource, "Happened to a resource of this kind.", "article"),
        "id": text_filter(Change.resource_id, "Happened to the resource with this id."),
        "cause": text_filter(Change.cause, "Followed from this event.", "article.updated"),
        "at": instant_filter(Change.at, "Happened within this range."),
    },
    document=AuditEntry,
)

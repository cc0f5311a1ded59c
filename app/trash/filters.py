"""The query parameters of the trash."""

from app.documents.trash import TrashedCard
from app.models import TrashedArticle
from app.web.filters import instant_filter, text_filter
from app.web.listing import Listing, Sort

TRASH = Listing(
    name="trash",
    key=TrashedArticle.key,
    sorts={
        "deleted_at": Sort(TrashedArticle.deleted_at),
        "headline": Sort(TrashedArticle.headline),
    },
    default_sort="-deleted_at",
    filters={
        "deleted": instant_filter(TrashedArticle.deleted_at, "Was deleted within this range."),
        "deleted_by": text_filter(TrashedArticle.deleted_by, "Was deleted by this API key (id)."),
        "slug": text_filter(TrashedArticle.slug, "Had this slug."),
        "section": text_filter(TrashedArticle.section, "Was filed under this path.", "news"),
    },
    document=TrashedCard,
)

"""Addresses as feeds need them: absolute."""

from dataclasses import dataclass
from urllib.parse import quote

from app.database.types import AnyRow
from app.documents.media import Rendition
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Links:
    """`public_url` is where the service is reached, without a slash behind it. `article_url` is
    where people read an article, with `{slug}` or `{id}` in it; None: at its own addresses."""

    public_url: str
    article_url: str | None

    def absolute(self, url: str) -> str:
        return self.public_url + url if url.startswith("/") else url

    # Any: a row with an article's id, slug and addresses
    def article(self, row: AnyRow) -> str:
        if self.article_url:
            return self.article_url.replace("{slug}", quote(row.slug)).replace("{id}", row.id)
        own = f"/v1/articles/{row.slug}"
        return row.canonical_url or row.source_url or self.absolute(own)

    def rendition(self, rendition: Rendition) -> Rendition:
        url = rendition["url"]
        return {**rendition, "url": self.absolute(url)} if url.startswith("/") else rendition


def links_of(settings: Settings) -> Links:
    return Links(settings.public_url.rstrip("/"), settings.article_url)

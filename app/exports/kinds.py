"""What is copied and compared, and what of it a viewer may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import BindParameter, Connection, String, Text, bindparam, select

from app.access.viewer import Viewer
from app.database.listed import Among
from app.database.prepared import Prepared
from app.database.types import AnyRow
from app.models import (
    Article,
    Bulletin,
    Channel,
    Entity,
    Media,
    Programme,
    Publisher,
    Quote,
    Section,
)
from app.models.visibility import (
    article_is_public,
    entity_is_public,
    media_is_public,
    publisher_is_public,
    quote_is_readable,
    section_is_public,
)
from app.slugs.lookups import AT, Public

Model = (
    type[Article]
    | type[Bulletin]
    | type[Channel]
    | type[Entity]
    | type[Media]
    | type[Programme]
    | type[Publisher]
    | type[Quote]
    | type[Section]
)

# Behind every id.
END = "~"
AFTER: BindParameter[str] = bindparam("after", type_=String())
UNTIL: BindParameter[str] = bindparam("until", type_=String())
NUMBER: BindParameter[int] = bindparam("number")


@dataclass(frozen=True)
class Kind:
    """One kind of resource. `public` is what readers see of it, None where that is all."""

    model: Model
    public: Public | None = None
    among_articles: bool = False
    # By whether all is seen.
    ranges: dict[bool, Prepared] = field(init=False, default_factory=dict)
    named: dict[bool, Prepared] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        model = self.model
        for sees_all in (True, False):
            rows = select(model.key, model.id, model.revision, model.updated_at)
            if self.among_articles:
                rows = rows.join(Article, Article.key == Quote.article_key)
            if self.public is not None and not sees_all:
                rows = rows.where(self.public(AT))
            within = rows.where(model.id > AFTER, model.id <= UNTIL)
            self.ranges[sees_all] = Prepared(within.order_by(model.id).limit(NUMBER))
            named = rows.where(Among(model.id, "ids", of=Text))
            self.named[sees_all] = Prepared(named.order_by(model.id))

    def rows_after(
        self, connection: Connection, viewer: Viewer, after: str, until: str | None, number: int
    ) -> list[AnyRow]:
        """Key, id, revision and updated_at of the first in a range of ids."""
        values = {"after": after, "until": until or END, "number": number, "at": viewer.at}
        rows: list[AnyRow] = self.ranges[viewer.sees_all].all(connection, values)
        return rows

    def rows_named(
        self, connection: Connection, viewer: Viewer, ids: Iterable[str]
    ) -> Sequence[AnyRow]:
        values = {"ids": list(ids), "at": viewer.at}
        rows: list[AnyRow] = self.named[viewer.sees_all].all(connection, values)
        return rows


# What is copied, in the order in which they need each other.
COPIED = {
    "media": Kind(Media, media_is_public),
    "sections": Kind(Section, section_is_public),
    "publishers": Kind(Publisher, publisher_is_public),
    "entities": Kind(Entity, entity_is_public),
    "articles": Kind(Article, article_is_public),
    "channels": Kind(Channel),
}
# What is copied as a part of these.
PARTS = {
    "quotes": Kind(Quote, quote_is_readable, among_articles=True),
    "programmes": Kind(Programme),
    "bulletins": Kind(Bulletin),
}
COMPARED = {**COPIED, **PARTS}

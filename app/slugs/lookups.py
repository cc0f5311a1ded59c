"""Find one resource by a name in a path, by statements that are built once."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, Connection, String, bindparam

from app.access.viewer import Viewer
from app.database.prepared import Prepared
from app.database.types import AnyRow, AnySelect, Instant
from app.errors import ResourceNotFound
from app.models import Media, Quote
from app.models.base import is_id
from app.slugs.reads import Named, raise_if_moved

Public = Callable[[datetime | BindParameter[datetime]], ColumnElement[bool]]

# The instant at which something is looked at, in statements that are built once.
AT: BindParameter[datetime] = bindparam("at", type_=Instant())
NAME: BindParameter[str] = bindparam("name", type_=String())


class Lookup:
    """One resource's columns, by id or slug. `public` restricts it for those who do not see
    all."""

    def __init__(
        self,
        model: type[Named] | type[Media] | type[Quote],
        statement: AnySelect,
        missing: type[ResourceNotFound],
        *,
        public: Public | None = None,
    ) -> None:
        self.model = model
        self.missing = missing
        self.public = public
        restricted = statement if public is None else statement.where(public(AT))
        self.by_id = Prepared(statement.where(model.id == NAME))
        self.public_by_id = Prepared(restricted.where(model.id == NAME))
        self.slugged: type[Named] | None = None
        if not issubclass(model, Media | Quote):
            self.slugged = model
            self.by_slug = Prepared(statement.where(model.slug == NAME))
            self.public_by_slug = Prepared(restricted.where(model.slug == NAME))

    def row(self, connection: Connection, name: str, viewer: Viewer) -> AnyRow:
        """Raises Moved for a former slug, or the resource's own not-found."""
        if self.slugged is None or is_id(name):
            statement = self.by_id if viewer.sees_all else self.public_by_id
        else:
            statement = self.by_slug if viewer.sees_all else self.public_by_slug
        for row in statement.all(connection, {"name": name, "at": viewer.at}):
            found: AnyRow = row
            return found
        if self.slugged is not None:
            seen = None if self.public is None or viewer.sees_all else self.public(viewer.at)
            raise_if_moved(connection, self.slugged, name, visible=seen)
        raise self.missing(name)

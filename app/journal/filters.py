"""Which changes a follower wants: kept as JSON by those who subscribe to them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

from sqlalchemy import Connection, select
from starlette.datastructures import QueryParams

from app.access.viewer import Viewer
from app.models import Entity, Section
from app.models.base import is_id
from app.models.visibility import entity_is_public, section_is_public
from app.web.listing import MAX_FILTER_VALUES, parameter, refused
from app.web.nearest import unknown

RESOURCES = (
    "article", "bulletin", "channel", "entity", "media", "programme", "publisher", "quote",
    "section",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """Each is None where all are wanted; `sections` and `entities` are ids."""

    resources: frozenset[str] | None = None
    events: frozenset[str] | None = None
    sections: frozenset[str] | None = None
    entities: frozenset[str] | None = None

    @property
    def is_everything(self) -> bool:
        return all(getattr(self, one.name) is None for one in fields(self))

    def takes(
        self, resource: str, event: str, sections: Sequence[str], entities: Sequence[str]
    ) -> bool:
        return (
            (self.resources is None or resource in self.resources)
            and (self.events is None or event in self.events)
            and (self.sections is None or not self.sections.isdisjoint(sections))
            and (self.entities is None or not self.entities.isdisjoint(entities))
        )

    def as_json(self) -> dict[str, list[str]]:
        values = ((one.name, getattr(self, one.name)) for one in fields(self))
        return {name: sorted(value) for name, value in values if value is not None}

    @classmethod
    def from_json(cls, kept: dict[str, list[str]]) -> Self:
        return cls(**{name: frozenset(values) for name, values in kept.items()})


EVERYTHING = Wanted()


def listed(name: str, description: str, example: str, **schema: Any) -> dict[str, Any]:
    schema = {"minLength": 1, "examples": [example], **schema}
    return parameter(name, f"{description} A comma means OR.", **schema)


KINDS = "|".join(RESOURCES)
# Any: OpenAPI is open JSON
WANTED: dict[str, dict[str, Any]] = {
    "resource": listed(
        "resource",
        "Only what happened to resources of these kinds.",
        "article,quote",
        pattern=f"^({KINDS})(,({KINDS}))*$",
    ),
    "event": listed("event", "Only these events.", "article.published,article.deleted"),
    "section": listed(
        "section",
        "Only what lay in one of these sections or below it, before the change or after it: ids "
        "or paths.",
        "news",
    ),
    "entity": listed(
        "entity",
        "Only what spoke of or quoted one of these entities, before the change or after it: ids "
        "or slugs.",
        "ann-lee",
    ),
}


def parse_wanted(connection: Connection, query: QueryParams, viewer: Viewer) -> Wanted:
    """Raises InvalidParameter."""
    resources = values_of(query, "resource")
    for one in resources or ():
        if one not in RESOURCES:
            raise refused("resource", unknown("value", one, RESOURCES))
    return Wanted(
        resources=resources,
        events=values_of(query, "event"),
        sections=ids_of(query, "section", lambda names: sections_of(connection, names, viewer)),
        entities=ids_of(query, "entity", lambda names: entities_of(connection, names, viewer)),
    )


def values_of(query: QueryParams, name: str) -> frozenset[str] | None:
    given = query.getlist(name)
    if not given:
        return None
    values = [value.strip() for value in given[0].split(",")]
    if len(given) > 1 or not all(values) or len(values) > MAX_FILTER_VALUES or "\0" in given[0]:
        detail = f"{name} takes 1 to {MAX_FILTER_VALUES} values between commas, and once."
        raise refused(name, detail)
    return frozenset(values)


def ids_of(
    query: QueryParams, name: str, find: Callable[[list[str]], dict[str, str]]
) -> frozenset[str] | None:
    """An id is taken as it is: what has it may be gone."""
    values = values_of(query, name)
    if values is None:
        return None
    names = sorted(value for value in values if not is_id(value))
    found = find(names) if names else {}
    for one in names:
        if one not in found:
            raise refused(name, f"There is no {name} {one}: name one that is gone by its id.")
    return values - set(names) | set(found.values())


def sections_of(connection: Connection, paths: list[str], viewer: Viewer) -> dict[str, str]:
    statement = select(Section.path, Section.id).where(Section.path.in_(paths))
    if not viewer.sees_all:
        statement = statement.where(section_is_public(viewer.at))
    return {row.path: row.id for row in connection.execute(statement)}


def entities_of(connection: Connection, slugs: list[str], viewer: Viewer) -> dict[str, str]:
    statement = select(Entity.slug, Entity.id).where(Entity.slug.in_(slugs))
    if not viewer.sees_all:
        statement = statement.where(entity_is_public(viewer.at))
    return {row.slug: row.id for row in connection.execute(statement)}

"""How the hits of a search are spread over sections, entities, speakers, months and languages."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from app.models import Entity, Section
from app.search.hits import Facets, Search, count_facets

# Of sections, entities and speakers, those with the most hits.
LARGEST = 20


def facet_counts(
    connection: Connection, searches: Mapping[str, Search], names: Sequence[str]
) -> dict[str, Any]:
    counted = [
        count_facets(connection, one) for kind, one in searches.items() if kind != "entities"
    ]
    facets: dict[str, Any] = {
        "counted": sum(one.counted for one in counted),
        "bounded": any(one.bounded for one in counted),
    }
    for name in names:
        facets[name] = COUNTS[name](connection, counted)
    return facets


def sections(connection: Connection, counted: Sequence[Facets]) -> list[dict[str, Any]]:
    counts = largest(sum((one.sections for one in counted), Counter[int]()))
    statement = select(Section.key, Section.path, Section.name).where(Section.key.in_(counts))
    named = {row.key: {"path": row.path, "name": row.name} for row in connection.execute(statement)}
    return [{**named[key], "count": count} for key, count in counts.items() if key in named]


def entities(connection: Connection, counted: Sequence[Facets]) -> list[dict[str, Any]]:
    return named_entities(connection, sum((one.entities for one in counted), Counter[int]()))


def speakers(connection: Connection, counted: Sequence[Facets]) -> list[dict[str, Any]]:
    return named_entities(connection, sum((one.speakers for one in counted), Counter[int]()))


def named_entities(connection: Connection, counter: Counter[int]) -> list[dict[str, Any]]:
    counts = largest(counter)
    rows = connection.execute(
        select(Entity.key, Entity.id, Entity.slug, Entity.type, Entity.name).where(
            Entity.key.in_(counts)
        )
    )
    named = {
        row.key: {"id": row.id, "slug": row.slug, "type": row.type, "name": row.name}
        for row in rows
    }
    return [{**named[key], "count": count} for key, count in counts.items() if key in named]


def months(connection: Connection, counted: Sequence[Facets]) -> list[dict[str, Any]]:
    """All of them, the latest first."""
    counts = sum((one.months for one in counted), Counter[str]())
    return [{"month": month, "count": counts[month]} for month in sorted(counts, reverse=True)]


def languages(connection: Connection, counted: Sequence[Facets]) -> list[dict[str, Any]]:
    counts = sum((one.languages for one in counted), Counter[str]())
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{"language": language, "count": count} for language, count in ordered]


def largest(counts: Counter[int]) -> dict[int, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:LARGEST])


COUNTS = {
    "section": sections,
    "entity": entities,
    "speaker": speakers,
    "month": months,
    "language": languages,
}

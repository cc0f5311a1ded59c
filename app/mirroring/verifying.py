"""What is different between the mirror and its source: found by digests, from the whole down."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from app.access.viewer import Viewer
from app.database.session import Database
from app.documents.exports import Digest, DigestItem
from app.exports.digests import digest_of, item_of, rows_within
from app.exports.kinds import COMPARED
from app.mirroring.copying import viewer_of
from app.mirroring.place import Place
from app.mirroring.rows import instant
from app.mirroring.source import Source
from app.models.base import Clock

# What differs is compared again so often, after what changed meanwhile was followed.
ROUNDS = 3


class Difference(NamedTuple):
    """A revision is None where there is no such resource."""

    resource: str
    resource_id: str
    here: int | None
    there: int | None

    def __str__(self) -> str:
        return f"{self.resource} {self.resource_id}: {self.kind}"

    @property
    def kind(self) -> str:
        if self.here is None:
            return f"missing here, revision {self.there} there"
        if self.there is None:
            return f"surplus here, revision {self.here}"
        if self.here == self.there:
            return f"revision {self.here} is another than there"
        return f"revision {self.here} here, {self.there} there"


def find_differences(
    source: Source, database: Database, clock: Clock, catch_up: Callable[[], Place]
) -> list[Difference]:
    """Those that are still there once what changes meanwhile has been followed, as `catch_up`
    does."""
    found: dict[tuple[str, str], Difference] | None = None
    for _ in range(ROUNDS):
        place = catch_up()
        resources = COMPARED if found is None else {resource for resource, _ in found}
        now = {
            (one.resource, one.resource_id): one
            for resource in resources
            for one in differences_in(source, database, resource, viewer_of(place, clock()))
        }
        found = now if found is None else {key: now[key] for key in now if key in found}
        if not found:
            break
    return list((found or {}).values())


def differences_in(
    source: Source,
    database: Database,
    resource: str,
    viewer: Viewer,
    after: str = "",
    until: str | None = None,
) -> Iterator[Difference]:
    there = source.digests(resource, after, until)
    if there["items"] or not there["count"]:
        here = database.read_now(items_within, resource, viewer, after, until)
        yield from differing(resource, here, {one["id"]: one for one in there["items"]})
        return
    for one in there["ranges"]:
        if not database.read_now(is_same, resource, viewer, one):
            yield from differences_in(
                source, database, resource, viewer, one["after"], one["until"]
            )


def is_same(connection: Connection, resource: str, viewer: Viewer, digest: Digest) -> bool:
    kind = COMPARED[resource]
    return digest_of(connection, kind, viewer, digest["after"], digest["until"]) == digest


def items_within(
    connection: Connection, resource: str, viewer: Viewer, after: str, until: str | None
) -> dict[str, DigestItem]:
    kind = COMPARED[resource]
    found = rows_within(connection, kind, viewer, after, until)
    return {row.id: item_of(row) for rows in found for row in rows}


def differing(
    resource: str, here: Mapping[str, DigestItem], there: Mapping[str, DigestItem]
) -> Iterator[Difference]:
    """The source's instants are text, as they came."""
    for resource_id in sorted(here.keys() | there.keys()):
        one, other = here.get(resource_id), there.get(resource_id)
        if (
            one is not None
            and other is not None
            and one["revision"] == other["revision"]
            and one["updated_at"] == instant(str(other["updated_at"]))
        ):
            continue
        yield Difference(
            resource,
            resource_id,
            None if one is None else one["revision"],
            None if other is None else other["revision"],
        )

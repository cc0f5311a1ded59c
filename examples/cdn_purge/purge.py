"""Keep a CDN true: follow the journal, and purge by the surrogate keys of what changed.

    python examples/cdn_purge/purge.py http://localhost:8000 https://cdn.example/purge

Each answer of the service has a `Surrogate-Key`: the collections of its address, and the ids of all
that it shows. What changed is purged by its id, and what it may come into, leave or be named in by
the collections. The position is kept in a file after each purge, so that nothing is left out after
a break; the same may be purged twice. Needs nothing but Python.
"""

import argparse
import json
import time
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import Any

SHARED = ("entities", "sections", "publishers", "media")
# With the last article that shows them, entities, sections, publishers and media are gone, too; and
# their names stand in whatever shows them.
COLLECTIONS = {
    "article": ("articles", "quotes", "channels", *SHARED),
    "quote": ("articles", "quotes", "entities"),
    "entity": ("articles", "quotes", "channels", "entities"),
    "section": ("articles", "channels", "sections"),
    "publisher": ("articles", "channels", "publishers"),
    "media": ("articles", "channels", "entities", "media"),
    "channel": ("channels",),
    "programme": ("channels",),
    "bulletin": ("channels",),
}
ALL = sorted({one for several in COLLECTIONS.values() for one in several})
# What lists articles, quotes and all the others in its own way.
ALWAYS = ("feeds", "search", "suggest")
WAIT_SECONDS = 30
PAUSE_SECONDS = 5


def keys_of(changes: list[dict[str, Any]]) -> list[str]:  # Any: what JSON holds
    ids = {change["id"] for change in changes}
    lists = {name for one in changes for name in COLLECTIONS.get(one["resource"], ALL)}
    return [*sorted(ids), *sorted(lists), *ALWAYS] if changes else []


def purge_next(service: str, cdn: str, after: str, *, wait: int = 0) -> str:
    """Purge what changed after a position; the position to go on after. Raises OSError, ValueError
    or HTTPException."""
    address = f"{service}/v1/changes?after={after}&limit=200&wait={wait}"
    try:
        with urllib.request.urlopen(address, timeout=wait + 30) as answer:
            page = json.load(answer)
    except urllib.error.HTTPError as problem:
        if problem.code not in (409, 410):
            raise
        # What was missed is not known: all is purged.
        purge(cdn, [*ALL, *ALWAYS])
        start: str = json.load(problem)["start_again"]
        return start
    if keys := keys_of(page["items"]):
        purge(cdn, keys)
    following: str = page["next_after"]
    return following


def purge(cdn: str, keys: list[str]) -> None:
    request = urllib.request.Request(cdn, method="POST", headers={"Surrogate-Key": " ".join(keys)})
    with urllib.request.urlopen(request, timeout=30):
        pass


def keep(state: Path, after: str) -> None:
    """Whole or not at all, whenever this ends."""
    beside = state.with_name(f"{state.name}.new")
    beside.write_text(after)
    beside.replace(state)


def main() -> None:
    parser = argparse.ArgumentParser(description="Follow the journal, and purge a CDN.")
    parser.add_argument("service", help="The address of the service.")
    parser.add_argument("cdn", help="Where a POST with Surrogate-Key purges.")
    parser.add_argument("--state", type=Path, default=Path("after.txt"), help="Keeps the position.")
    given = parser.parse_args()
    after = given.state.read_text().strip() if given.state.exists() else "newest"
    # The first answer comes at once, so that there is a place to go on from.
    wait = 0
    while True:
        try:
            after = purge_next(given.service, given.cdn, after, wait=wait)
            keep(given.state, after)
            wait = WAIT_SECONDS
        except (OSError, ValueError, HTTPException) as error:
            print(f"tried again: {error}", flush=True)
            time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    main()

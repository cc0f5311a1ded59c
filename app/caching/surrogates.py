"""What an answer shows: by which it is evicted here, and purged from a cache in front."""

import re
from collections.abc import Iterable

from app.articles.rendered import ids_in
from app.caching.store import EVERYTHING, KEYS, Entry

# What depends on the resources that it shows and on nothing else.
ONE_RESOURCE = re.compile(r"/v1/(?:articles|quotes)/[^/]+")
COLLECTIONS = frozenset(
    {
        "articles",
        "quotes",
        "entities",
        "sections",
        "publishers",
        "media",
        "channels",
        "feeds",
        "search",
        "suggest",
    }
)
# More would be a header that proxies refuse.
MOST_KEYS = 200


def surrogate_keys(collection: str, ids: Iterable[bytes]) -> bytes:
    return b" ".join([collection.encode(), *sorted(ids)[:MOST_KEYS]]).strip()


def with_surrogate_keys(entry: Entry, path: str) -> Entry:
    """The same answer, with the header for a cache in front."""
    named = " ".join(one for one in path.split("/") if one in COLLECTIONS)
    keys = surrogate_keys(named, ids_in(entry.body))
    return entry._replace(headers=[*entry.headers, (b"surrogate-key", keys)])


def tags_of(entry: Entry, path: str, query: bytes, *, has_key: bool) -> frozenset[str]:
    """What an answer depends on."""
    depends = {one.decode() for one in ids_in(entry.body)}
    # An answer that was trimmed may show a name without its id.
    if not depends or b"fields=" in query or not ONE_RESOURCE.fullmatch(path):
        depends = {EVERYTHING}
    if has_key or b"key=" in query:
        depends.add(KEYS)
    return frozenset(depends)

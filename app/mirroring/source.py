"""The service that is mirrored, over HTTP."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast
from urllib.parse import urlsplit

import httpx2 as httpx
import orjson

from app.documents.exports import Copy, Digests, Export
from app.search.index import batches

# How many resources are asked for at once.
TOGETHER = 100
CHANGES = 200
TIMEOUT_SECONDS = 60

# Any: JSON
Json = dict[str, Any]


class SourceDown(Exception):
    """It does not answer now; later it may."""


class SourceRefuses(Exception):
    """It will not answer this, however often it is asked."""


class StartAgain(Exception):
    """Its journal does not go on from this position."""


class Source:
    """Every answer may raise SourceDown or SourceRefuses."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def page(self, resource: str, after: str) -> Export:
        """The resources with the next ids."""
        query = {"resource": resource, "limit": str(TOGETHER)}
        if after:
            query["after"] = after
        return cast(Export, self.ask("/v1/export", query))

    def pages(self, resource: str) -> Iterator[Export]:
        after: str | None = ""
        while after is not None:
            page = self.page(resource, after)
            yield page
            after = page["next_after"]

    def named(self, resource: str, ids: Sequence[str]) -> list[Copy]:
        """Those of these ids that it shows."""
        found: list[Copy] = []
        for several in batches(ids, TOGETHER):
            query = {"resource": resource, "id": ",".join(several)}
            found += cast(Export, self.ask("/v1/export", query))["items"]
        return found

    def digests(self, resource: str, after: str, until: str | None) -> Digests:
        bounds = {"after": after or None, "until": until}
        query = {name: one for name, one in bounds.items() if one is not None}
        return cast(Digests, self.ask("/v1/digests", {"resource": resource, **query}))

    def changes(self, after: str, wait_seconds: int) -> Json:
        """A page of the journal. Raises StartAgain."""
        query = {"after": after, "limit": str(CHANGES), "wait": str(wait_seconds)}
        return self.ask("/v1/changes", query)

    def ask(self, path: str, query: Mapping[str, str]) -> Json:
        try:
            response = self.client.get(path, params=query)
        except httpx.TransportError as error:
            raise SourceDown(f"{type(error).__name__}: {error}") from None
        if response.status_code == 200:
            try:
                return cast(Json, orjson.loads(response.content))
            except ValueError:
                # A proxy's own page, which may go away.
                raise SourceDown("200: what it answers is no JSON") from None
        told = told_by(response)
        if response.status_code in (409, 410):
            raise StartAgain(told)
        if response.status_code == 429 or response.status_code >= 500:
            raise SourceDown(told)
        raise SourceRefuses(told)


def told_by(response: httpx.Response) -> str:
    """What it says is wrong, in a sentence."""
    try:
        detail = response.json()["detail"]
    except (ValueError, KeyError, TypeError):
        detail = "It is no Onrecord, or one that has no export."
        if "location" in response.headers:
            detail = f"It is found at {response.headers['location']}."
    return f"{response.status_code}: {detail}"


def connect(url: str, key: str | None) -> httpx.Client:
    """Raises SourceRefuses for what no request can be made of."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise SourceRefuses(f"{url} is no address: it begins with https:// or http://.")
    if key is not None and not key.isascii():
        raise SourceRefuses("The key holds characters that no key has.")
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    return httpx.Client(base_url=url, headers=headers, timeout=TIMEOUT_SECONDS)

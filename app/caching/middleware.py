"""Answers reads from memory, ahead of routing, in plain ASGI.

`Cache-Status` (RFC 9211) tells what became of a request; `Surrogate-Key` what an answer shows, by
which a shared cache in front can be purged.
"""

from datetime import datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.access.viewer import Viewer
from app.caching.documents import RenderedArticles
from app.caching.following import CacheFollower, earliest
from app.caching.store import CacheKey, Entry, RawHeaders, Store
from app.caching.surrogates import tags_of, with_surrogate_keys
from app.errors import InvalidHeader
from app.web.conditional import tags

STATUS = b"cache-status"
HIT = (STATUS, b"onrecord; hit")
MISS = (STATUS, b"onrecord; fwd=uri-miss")
STORED = (STATUS, b"onrecord; fwd=uri-miss; stored")
ASKED = (STATUS, b"onrecord; fwd=request")
BYPASSED = (STATUS, b"onrecord; fwd=bypass")

# What a 304 has no use for (RFC 9110 section 15.4.5); a cache in front has the keys already.
OF_CONTENT = frozenset({b"content-length", b"content-type", b"surrogate-key"})


class ResponseCache:
    def __init__(
        self, app: ASGIApp, store: Store, follower: CacheFollower, rendered: RenderedArticles
    ) -> None:
        self.app = app
        self.store = store
        self.follower = follower
        self.rendered = rendered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] != "http"
            or scope["method"] != "GET"
            or not scope["path"].startswith("/v1/")
        ):
            await self.app(scope, receive, send)
            return
        accept = access = control = condition = b""
        for name, value in scope["headers"]:
            if name == b"accept":
                accept = accept + b"," + value if accept else value
            elif name == b"authorization":
                access = value
            elif name == b"cache-control" or name == b"pragma":
                control += value
            elif name == b"if-none-match":
                condition = condition + b"," + value if condition else value
        query: bytes = scope["query_string"]
        if b"&" in query:
            query = b"&".join(sorted(query.split(b"&")))
        key = CacheKey(scope["path"], query, accept, access)
        control = control.lower()
        if b"no-cache" in control or b"no-store" in control:
            await self.answer_anew(scope, receive, send, key, condition, status=ASKED)
            return
        if not (self.follower.is_known() or await self.follower.is_true()):
            await self.answer_anew(scope, receive, send, key, condition, status=BYPASSED)
            return
        entry = self.store.get(key)
        if entry is None or (entry.until is not None and self.follower.clock() >= entry.until):
            await self.answer_anew(scope, receive, send, key, condition)
            return
        try:
            unchanged = bool(condition) and is_unchanged(condition, entry.etag)
        except InvalidHeader:
            await self.pass_on(scope, receive, send)
            return
        await answer(send, entry, HIT, unchanged=unchanged)

    async def pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer, and complain of what the request says."""
        whole = WholeAnswer(send, BYPASSED)
        await self.app(scope, receive, whole.receive)
        if whole.entry is not None:
            await answer(send, whole.entry, BYPASSED)

    async def answer_anew(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        key: CacheKey,
        condition: bytes,
        *,
        status: tuple[bytes, bytes] = MISS,
    ) -> None:
        """Let the application answer. The answer to a miss is kept, unless a commit was followed
        meanwhile that it may not have seen; one that is followed later finds it by its tags."""
        generation = self.store.generation
        article = self.rendered.article_of(scope, key)
        entry = await self.rendered.find(article) if article else None
        may_be_kept = status is MISS
        if entry is None:
            whole = WholeAnswer(send, status)
            asked = scope
            if condition:
                # The whole answer is worth having; the condition is looked at here.
                headers = [one for one in scope["headers"] if one[0] != b"if-none-match"]
                asked = {**scope, "headers": headers}
            await self.app(asked, receive, whole.receive)
            if whole.entry is None:
                return
            entry = with_surrogate_keys(whole.entry, key.path)
            viewer = viewer_of(asked)
            entry = entry._replace(until=valid_until(asked, viewer))
            may_be_kept = may_be_kept and is_shared(viewer) and whole.may_be_kept
            if article:
                self.rendered.ask_for([article])
        if may_be_kept:
            tags = tags_of(entry, key.path, key.query, has_key=bool(key.access))
            entry = entry._replace(tags=tags)
            if generation == self.store.generation and self.store.put(key, entry):
                status = STORED
        try:
            unchanged = bool(condition) and is_unchanged(condition, entry.etag)
        except InvalidHeader:
            await self.pass_on(scope, receive, send)
            return
        await answer(send, entry, status, unchanged=unchanged)


class WholeAnswer:
    """Holds back an answer of 200 that comes in one piece; all others pass as they come."""

    def __init__(self, send: Send, status: tuple[bytes, bytes]) -> None:
        self.send = send
        self.status = status
        self.start: Message | None = None
        self.entry: Entry | None = None

    async def receive(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if message["status"] == 200:
                self.start = message
            else:
                message["headers"] = [*message["headers"], self.status]
                await self.send(message)
            return
        if self.start is not None and self.entry is None:
            if not message.get("more_body"):
                headers: RawHeaders = list(self.start["headers"])
                etag = next((value for name, value in headers if name == b"etag"), b"")
                self.entry = Entry(headers, message.get("body", b""), etag)
                return
            self.start["headers"] = [*self.start["headers"], self.status]
            await self.send(self.start)
            self.start = None
        await self.send(message)

    @property
    def may_be_kept(self) -> bool:
        assert self.entry is not None
        return bool(self.entry.etag) and not any(
            name == b"cache-control" and b"no-store" in value for name, value in self.entry.headers
        )


def viewer_of(scope: Scope) -> Viewer | None:
    viewer = scope.get("state", {}).get("viewer")
    return viewer if isinstance(viewer, Viewer) else None


def valid_until(scope: Scope, viewer: Viewer | None) -> datetime | None:
    """When the clock makes the answer untrue, as who gave it has said, or ends its key."""
    until = scope.get("state", {}).get("valid_until")
    said = until if isinstance(until, datetime) else None
    return earliest([said, viewer.until if viewer else None])


def is_shared(viewer: Viewer | None) -> bool:
    """Whether all who hold the same key see the same: who sees drafts reads what is now."""
    return viewer is not None and not viewer.sees_all


def is_unchanged(condition: bytes, etag: bytes) -> bool:
    """Raises InvalidHeader."""
    if condition == etag or condition.strip() == b"*":
        return True
    opaque = etag.decode("latin-1").strip('"')
    named = tags(condition.decode("latin-1"), name="If-None-Match")
    return any(tag == opaque for tag, _ in named)


async def answer(
    send: Send, entry: Entry, status: tuple[bytes, bytes], *, unchanged: bool = False
) -> None:
    headers = [*entry.headers, status]
    if unchanged:
        headers = [one for one in headers if one[0] not in OF_CONTENT]
    await send(
        {
            "type": "http.response.start",
            "status": 304 if unchanged else 200,
            "headers": headers,
        }
    )
    await send({"type": "http.response.body", "body": b"" if unchanged else entry.body})

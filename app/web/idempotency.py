"""Idempotency-Key on POST: the same request twice is done once.

What was answered is kept in the transaction of the write itself. So a key is never "in progress":
a second request waits for its turn to write, and then finds the answer; and a write that failed
has left no trace, so that its repetition is simply tried.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

import orjson
from fastapi import Request, Response
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.errors import IdempotencyKeyReused, InvalidHeader
from app.models import IdempotencyRecord
from app.web.dependencies import writer_of
from app.web.json import dump
from app.web.state import now, settings_of

# A structured-field string; the quotes are often left out, which is accepted too.
KEY = re.compile(r'"(?P<quoted>[\x20-\x21\x23-\x7e]{1,255})"|(?P<bare>[\x21\x23-\x7e]{1,255})')

REPLAYED = ("content-type", "etag", "location", "vary", "cache-control")


async def answer_once(
    request: Request, act: Callable[[Session], Response], *, secret: str | None = None
) -> Response:
    """Run a write that makes a response of its result; with an Idempotency-Key, only once. The
    member `secret` of the answer is not kept: a repetition is answered with null in its place."""
    header = request.headers.get("idempotency-key")
    database = writer_of(request)
    if header is None:
        return await database.write(act)
    match = KEY.fullmatch(header.strip())
    if match is None:
        detail = "Idempotency-Key is a string of 1 to 255 visible ASCII characters."
        raise InvalidHeader(detail, errors=[{"header": "Idempotency-Key", "detail": detail}])
    if database.act.on_trial:
        return await database.write(act)
    body = await request.body()
    kind = f"{request.headers.get('content-type', '')}\n{request.url.query}\n".encode()
    return await database.write(
        act_once,
        act,
        # Who asked is part of it: one client's key must not bring another's answer.
        scope=digest(str(request.state.viewer.key_id), request.method, request.url.path),
        key=match["quoted"] or match["bare"],
        fingerprint=sha256(kind + body).hexdigest(),
        secret=secret,
        request=request,
    )


def act_once(
    session: Session,
    act: Callable[[Session], Response],
    *,
    scope: str,
    key: str,
    fingerprint: str,
    secret: str | None,
    request: Request,
) -> Response:
    at = now(request)
    oldest = at - timedelta(hours=settings_of(request).idempotency_hours)
    session.execute(delete(IdempotencyRecord).where(IdempotencyRecord.created_at < oldest))
    record = session.get(IdempotencyRecord, (scope, key))
    if record is not None:
        if record.fingerprint != fingerprint:
            raise IdempotencyKeyReused("This Idempotency-Key was sent with another request before.")
        replay = {**record.headers, "Idempotency-Replayed": "true"}
        return Response(record.body, record.status, replay)
    response = act(session)
    session.add(
        IdempotencyRecord(
            scope=scope,
            idempotency_key=key,
            fingerprint=fingerprint,
            status=response.status_code,
            headers={n: v for n, v in response.headers.items() if n in REPLAYED},
            body=without(secret, bytes(response.body)),
            created_at=at,
        )
    )
    return response


def without(secret: str | None, body: bytes) -> bytes:
    return body if secret is None else dump({**orjson.loads(body), secret: None})


def digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()

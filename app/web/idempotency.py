"""Idempotency-Key on POST: the same request twice is done once.

What was answered is kept in the transaction of the write itself. So a key is never "in progress":
a second request waits for its turn to write, and then finds the answer; and a write that failed
has left no trace, so that its repetition is simply tried.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
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
    database = writer_of(request)
    key = key_of(request)
    if key is None or database.act.on_trial:
        return await database.write(act)
    body = sha256(await request.body()).hexdigest()
    asked = Asked(scope_of(request), key, fingerprint_of(request, body))
    return await database.write(act_once, act, asked, request, secret)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request under a key. `scope` is who asked and where: one client's key must not bring
    another's answer. `fingerprint` tells whether the same is asked again."""

    scope: str
    key: str
    fingerprint: str


def key_of(request: Request) -> str | None:
    """Raises InvalidHeader."""
    header = request.headers.get("idempotency-key")
    if header is None:
        return None
    match = KEY.fullmatch(header.strip())
    if match is None:
        detail = "Idempotency-Key is a string of 1 to 255 visible ASCII characters."
        raise InvalidHeader(detail, errors=[{"header": "Idempotency-Key", "detail": detail}])
    return match["quoted"] or match["bare"]


def scope_of(request: Request) -> str:
    return digest(str(request.state.viewer.key_id), request.method, request.url.path)


def fingerprint_of(request: Request, body: str) -> str:
    """`body` is a digest of it."""
    return digest(request.headers.get("content-type", ""), request.url.query, body)


def act_once(
    session: Session,
    act: Callable[[Session], Response],
    asked: Asked,
    request: Request,
    secret: str | None,
) -> Response:
    record = find_record(session, asked, request)
    if record is not None:
        replay = {**record.headers, "Idempotency-Replayed": "true"}
        return Response(record.body, record.status, replay)
    response = act(session)
    record = record_of(asked, at=now(request), status=response.status_code)
    record.headers = {n: v for n, v in response.headers.items() if n in REPLAYED}
    record.body = without(secret, bytes(response.body))
    session.add(record)
    return response


def without(secret: str | None, body: bytes) -> bytes:
    return body if secret is None else dump({**orjson.loads(body), secret: None})


def record_of(asked: Asked, *, at: datetime, status: int) -> IdempotencyRecord:
    return IdempotencyRecord(
        scope=asked.scope,
        idempotency_key=asked.key,
        fingerprint=asked.fingerprint,
        status=status,
        headers={},
        body=b"",
        created_at=at,
    )


def find_record(session: Session, asked: Asked, request: Request) -> IdempotencyRecord | None:
    """What was answered before. Raises IdempotencyKeyReused when something else was asked."""
    oldest = now(request) - timedelta(hours=settings_of(request).idempotency_hours)
    session.execute(delete(IdempotencyRecord).where(IdempotencyRecord.created_at < oldest))
    record = session.get(IdempotencyRecord, (asked.scope, asked.key))
    if record is not None and record.fingerprint != asked.fingerprint:
        raise IdempotencyKeyReused("This Idempotency-Key was sent with another request before.")
    return record


def digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()

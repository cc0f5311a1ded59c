"""Idempotency-Key on a bulk request: each line is done once, however often all are sent.

What was answered of a line is kept in the transaction that the line is written in. So a request
that broke off is sent again under its key: what was done is answered as before, and the rest is
done. A line that failed was not done, and is tried again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.models import IdempotencyRecord
from app.web.idempotency import Asked, digest, find_record, record_of
from app.web.state import now


@dataclass(frozen=True)
class Kept:
    """What is kept of the lines of one request. `at` is when it was first made: all of it is
    forgotten together."""

    asked: Asked
    at: datetime
    was_there: bool

    @property
    def scope(self) -> str:
        return digest(self.asked.scope, self.asked.key)

    def find(self, session: Session, numbers: Sequence[int]) -> dict[int, bytes]:
        """What was answered of these lines, those that were done."""
        statement = select(IdempotencyRecord.idempotency_key, IdempotencyRecord.body).where(
            IdempotencyRecord.scope == self.scope,
            IdempotencyRecord.idempotency_key.in_([str(number) for number in numbers]),
        )
        return {int(number): body for number, body in session.execute(statement)}

    def keep(self, session: Session, number: int, answer: bytes) -> None:
        """One line that is done now."""
        record = record_of(
            Asked(self.scope, str(number), self.asked.fingerprint), at=self.at, status=200
        )
        record.body = answer
        session.add(record)


def claim_key(session: Session, asked: Asked, request: Request) -> Kept:
    """Bind the key to this body. Raises IdempotencyKeyReused."""
    found = find_record(session, asked, request)
    if found is not None:
        return Kept(asked, found.created_at, was_there=True)
    kept = Kept(asked, now(request), was_there=False)
    session.execute(delete(IdempotencyRecord).where(IdempotencyRecord.scope == kept.scope))
    session.add(record_of(asked, at=kept.at, status=200))
    return kept

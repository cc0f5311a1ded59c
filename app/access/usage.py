"""When keys were last used: kept to the minute, beside the requests."""

import asyncio
import logging
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, update
from sqlalchemy.orm import Session

from app.database.prepared import Prepared
from app.database.session import Database, connection_of
from app.models import ApiKey

log = logging.getLogger("onrecord.access")

# How exactly it is kept, and how long to wait for other keys to write with one.
EXACTNESS = timedelta(minutes=1)
PAUSE_SECONDS = 1.0


class KeyUsage:
    """Each process writes a key's use once a minute at most, and those of all keys together."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.noted: dict[str, datetime] = {}
        self.waiting: dict[str, datetime] = {}
        self.keeping: asyncio.Task[None] | None = None
        self.has_failed = False

    def note(self, key_id: str, at: datetime) -> None:
        noted = self.noted.get(key_id)
        if noted is not None and at - noted < EXACTNESS:
            return
        self.noted[key_id] = self.waiting[key_id] = at
        if self.keeping is None or self.keeping.done():
            self.keeping = asyncio.create_task(self.keep_soon())

    async def keep_soon(self) -> None:
        while self.waiting:
            await asyncio.sleep(PAUSE_SECONDS)
            await self.keep()

    async def keep(self) -> None:
        """Write what waits. Where nothing can be written, as beside a replica, it is not kept."""
        used, self.waiting = self.waiting, {}
        try:
            await self.database.write(keep_usage, used)
            self.has_failed = False
        except Exception as error:  # whatever it is, requests are answered all the same
            if not self.has_failed:
                log.warning("the use of keys is not kept: %s: %s", type(error).__name__, error)
            self.has_failed = True

    async def close(self) -> None:
        if self.keeping is not None:
            self.keeping.cancel()
            with suppress(asyncio.CancelledError):
                await self.keeping


def keep_usage(session: Session, used: dict[str, datetime]) -> None:
    """Not a change of the keys: neither their revision nor the journal tells of it."""
    rows = [{"key_id": key_id, "used_at": at} for key_id, at in used.items()]
    USE.run(connection_of(session), rows)


USED_AT = bindparam("used_at", type_=ApiKey.last_used_at.type)
USE = Prepared(
    update(ApiKey)
    .where(
        ApiKey.id == bindparam("key_id"),
        or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at < USED_AT),
    )
    .values(last_used_at=USED_AT)
)

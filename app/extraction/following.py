"""Extraction follows the journal: an article that was written is read soon after."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.database.session import Database
from app.errors import ExtractionBusy, ExtractionModelMissing, Problem
from app.extraction.proposal import Proposal
from app.extraction.reads import Unread, last_change, list_unread
from app.extraction.workers import Extractor
from app.extraction.writes import Mode, save_reading
from app.models import Follower
from app.models.base import Clock, new_id

NAME = "extraction"
PAUSE_SECONDS = 1.0
# What failed for a reason that may pass: a busy database, workers that are all taken.
LONG_PAUSE_SECONDS = 30.0
LEASE = timedelta(minutes=2)

log = logging.getLogger("onrecord.extraction")


class Following:
    """One process at a time reads for all that share a database: the one that holds the lease."""

    def __init__(
        self,
        database: Database,
        extractor: Extractor,
        *,
        mode: Mode,
        confidence: float,
        clock: Clock,
    ) -> None:
        self.database = database
        self.extractor = extractor
        self.mode: Mode = mode
        self.confidence = confidence
        self.clock = clock
        self.holder = new_id()

    async def run(self) -> None:
        """Follow until cancelled. What was being read then is read by the next to start."""
        while True:
            pause = PAUSE_SECONDS
            try:
                await self.catch_up()
            except ExtractionModelMissing as problem:
                log.error("nothing is extracted: %s", problem.detail)
                return
            except Problem as problem:
                log.warning("extraction waits: %s", problem.detail)
                pause = LONG_PAUSE_SECONDS
            except Exception:
                log.exception("extraction failed, and is tried again")
                pause = LONG_PAUSE_SECONDS
            await asyncio.sleep(pause)

    async def catch_up(self) -> int:
        """Read all that has changed since the last time. How many articles it was."""
        last, reached = await self.database.read(progress)
        if reached is not None and reached >= last:
            return 0
        since = await self.database.write(take_lease, self.holder, last, self.clock())
        if since is None or since >= last:
            return 0
        count, after = 0, 0
        while batch := await self.database.read(unread_since, after, since):
            for one in batch:
                after = one.key
                if not one.is_known:
                    await self.read_article(one)
                    count += 1
            await self.database.write(take_lease, self.holder, last, self.clock())
        await self.database.write(reach, self.holder, last)
        return count

    async def read_article(self, one: Unread) -> None:
        found: Proposal | Problem
        try:
            found = await self.extractor.extract(one.text, one.language)
        except (ExtractionBusy, ExtractionModelMissing):
            # It is not for the text that it was not read.
            raise
        except Problem as problem:
            log.warning("article %s: %s", one.id, problem.detail)
            found = problem
        await self.database.write(
            save_reading,
            one.key,
            one.text,
            found,
            mode=self.mode,
            confidence=self.confidence,
            at=self.clock(),
        )


def unread_since(connection: Connection, after: int, since: int) -> Sequence[Unread]:
    return list_unread(connection, after, since)


def progress(connection: Connection) -> tuple[int, int | None]:
    """The journal's last number, and the one that was reached; None before the first time."""
    statement = select(Follower.sequence).where(Follower.name == NAME)
    return last_change(connection), connection.execute(statement).scalar()


def take_lease(session: Session, holder: str, last: int, at: datetime) -> int | None:
    """The number that was reached, for the one that may go on from there; else None.

    The first follower of a database begins with what is written from then on: the archive is read
    by a run of its own.
    """
    follower = session.get(Follower, NAME)
    if follower is None:
        session.add(Follower(name=NAME, sequence=last))
        return None
    if follower.holder not in (None, holder) and (follower.held_until or at) > at:
        return None
    follower.holder = holder
    follower.held_until = at + LEASE
    return follower.sequence


def reach(session: Session, holder: str, sequence: int) -> None:
    follower = session.get_one(Follower, NAME)
    if follower.holder == holder:
        follower.sequence = max(follower.sequence, sequence)
        follower.holder = follower.held_until = None

"""The clock: what is due is done before the next request is answered."""

import asyncio
import logging
from datetime import datetime, timedelta

from sqlalchemy import func, select
from starlette.types import ASGIApp, Receive, Scope, Send

from app.database.prepared import Prepared
from app.database.session import Database
from app.models import Article, Draft, TrashedArticle
from app.models.base import Clock

# How often it is looked for what other processes have scheduled.
PAUSE_SECONDS = 1.0
# When to try again what failed: readers see by the predicate what is public, whatever happens.
RETRY = timedelta(seconds=5)

# The index is of those alone that have an instant.
NEXT = Prepared(
    select(
        select(func.min(Article.due_at))
        .where(Article.due_at.is_not(None))
        .scalar_subquery()
        .label("due_at"),
        select(func.min(Draft.publish_at)).scalar_subquery().label("publish_at"),
        select(func.min(TrashedArticle.deleted_at)).scalar_subquery().label("deleted_at"),
    )
)

log = logging.getLogger("onrecord.clock")


class Clockwork:
    """Knows when something is due next, and has it done. Several may do so at once, in this process
    and in others: what one has done, the others find done."""

    def __init__(self, database: Database, clock: Clock, *, trash_days: int) -> None:
        self.database = database
        self.clock = clock
        self.trash_days = trash_days
        self.next_due: datetime | None = None
        # How many writes of this process the look has seen.
        self.commits = 0

    def is_quiet(self) -> bool:
        """Whether nothing can be due, by what this process knows."""
        if self.commits != self.database.commits:
            return False
        return self.next_due is None or self.clock() < self.next_due

    async def catch_up(self) -> None:
        """Do what is due by now."""
        # Here: who serves articles that are rendered need not wait for what writes them.
        from app.articles.due import do_what_is_due

        try:
            await self.look()
            while not self.is_quiet():
                await self.database.write(do_what_is_due, self.clock(), self.trash_days)
                await self.look()
        except Exception as error:
            log.warning("what is due waits: %s", error)
            self.next_due = self.clock() + RETRY

    async def look(self) -> None:
        self.commits = self.database.commits
        [(due_at, publish_at, deleted_at)] = await self.database.read_rows(NEXT, {})
        purge_at = deleted_at and deleted_at + timedelta(days=self.trash_days)
        coming = [one for one in (due_at, publish_at, purge_at) if one is not None]
        self.next_due = min(coming, default=None)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.catch_up()
            await asyncio.sleep(PAUSE_SECONDS)


class ClockGate:
    """Lets each request pass when what is due before it was done."""

    def __init__(self, app: ASGIApp, clockwork: Clockwork) -> None:
        self.app = app
        self.clockwork = clockwork

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self.clockwork.is_quiet():
            await self.clockwork.catch_up()
        await self.app(scope, receive, send)

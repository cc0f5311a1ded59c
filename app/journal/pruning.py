"""What the journal forgets: what is older than its days, and has no bearing on what is to come."""

import asyncio
import logging
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.database.session import Database
from app.journal.positions import extent
from app.models import Change, Journal
from app.models.base import Clock

# How much is forgotten in one write, so that others get their turn, and how often it is looked.
TOGETHER = 1_000
PAUSE_SECONDS = 0.05
LONG_PAUSE_SECONDS = 3_600.0

log = logging.getLogger("onrecord.journal")


async def keep_pruned(database: Database, clock: Clock, days: int) -> None:
    """Until cancelled. Several may do so at once."""
    while True:
        try:
            while await database.write(prune, clock() - timedelta(days=days)):
                await asyncio.sleep(PAUSE_SECONDS)
        except Exception as error:  # whatever it is, it is tried again
            log.warning("the journal is not pruned: %s", error)
        await asyncio.sleep(LONG_PAUSE_SECONDS)


def prune(session: Session, before: datetime) -> bool:
    """Forget the oldest rows, and raise the floor to the last of them; whether there may be more.

    It ends at the first row that is younger: where the clock was set back, what comes after it
    waits. The last row of each resource stays: it tells that an id was used, and how readers know
    it; when an article became public stays, too, and that readers have seen one that is deleted.
    """
    there = extent(session.connection())
    rows = session.execute(
        select(Change.sequence, Change.at)
        # Where numbers come from the rows themselves, that of the last must not come again.
        .where(Change.sequence > there.floor, Change.sequence < there.newest)
        .order_by(Change.sequence)
        .limit(TOGETHER)
    ).all()
    young = next((place for place, row in enumerate(rows) if row.at >= before), len(rows))
    if not young:
        return False
    floor = rows[young - 1].sequence
    later = aliased(Change)
    has_later = (
        select(later.sequence)
        .where(later.resource_id == Change.resource_id, later.sequence > Change.sequence)
        .exists()
    )
    session.execute(
        delete(Change)
        .where(
            Change.sequence > there.floor,
            Change.sequence <= floor,
            has_later,
            Change.event != "article.published",
            or_(
                Change.event != "article.withdrawn",
                Change.cause.is_distinct_from("article.deleted"),
            ),
        )
        .execution_options(synchronize_session=False)
    )
    session.execute(update(Journal).values(floor=floor))
    return young == TOGETHER

"""What a commit changes in the cache: read from the journal, and from the clock."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from app.caching.store import EVERYTHING, KEYS, Store
from app.database.prepared import Prepared
from app.database.session import Database
from app.database.signals import CommitSignal
from app.errors import Problem
from app.models import ApiKey, Article, Change, Quote
from app.models.base import Clock
from app.models.change import UNTOLD

# More news than this at once, and all is read anew.
MOST_CHANGES = 1_000
# An article shows the path of its section, which its parents have a part in.
FAR_REACHING = frozenset({"section"})

AT: BindParameter[datetime] = bindparam("at", type_=Article.published_at.type)
INSTANTS = (Article.published_at, Article.embargoed_until, Article.published_until)
# Where to begin, for who keeps nothing yet: the end of the journal, and when the clock next makes
# something public or not. One statement, since the first answer waits for it.
BEGINNING = Prepared(
    select(
        select(func.max(Change.sequence)).scalar_subquery().label("sequence"),
        *(
            select(func.min(instant)).where(instant > AT).scalar_subquery().label(instant.key)
            for instant in INSTANTS
        ),
    )
)


@dataclass(frozen=True, slots=True)
class News:
    """What happened behind a place in the journal. `ids` are the resources that changed, None when
    they are too many to name; `of_keys` tells whether API keys did, which no answer shows that is
    kept; `next_instant` is when the clock makes something public or not."""

    sequence: int
    ids: frozenset[str] | None
    of_keys: bool
    next_instant: datetime | None


class CacheFollower:
    """Keeps the cache true: asked before each use of it."""

    def __init__(
        self, store: Store, database: Database, signal: CommitSignal, clock: Clock
    ) -> None:
        self.store = store
        self.database = database
        self.signal = signal
        self.clock = clock
        self.turn = asyncio.Lock()
        self.looked = False
        self.version: object | None = None
        self.sequence: int | None = None
        self.next_instant: datetime | None = None

    def is_known(self) -> bool:
        """Whether what is kept is true for every request that has come by now; False where that
        takes more than a look. The look serves a whole turn of the event loop: requests come in
        between the turns, so that all which are answered in one were there before it was taken.
        """
        if self.looked:
            return True
        version = self.signal.version()
        if version is None or version != self.version or self.is_due():
            return False
        self.looked = True
        asyncio.get_running_loop().call_soon(self.look_again)
        return True

    def look_again(self) -> None:
        self.looked = False

    async def is_true(self) -> bool:
        """Whether what is kept may be used, after all that is known to be committed was followed;
        False while that cannot be known."""
        if self.is_known():
            return True
        async with self.turn:
            version = self.signal.version()
            if version is None:
                self.forget()
            elif version != self.version or self.is_due():
                try:
                    await self.follow(version)
                except Problem:
                    self.forget()
                    return False
        return version is not None

    def is_due(self) -> bool:
        return self.next_instant is not None and self.clock() >= self.next_instant

    def forget(self) -> None:
        if self.version is not None:
            self.store.flush()
        self.version = self.sequence = self.next_instant = None

    async def follow(self, version: object) -> None:
        due = self.is_due()
        news = await self.read_news()
        if due or news.ids is None:
            self.store.flush()
        elif news.ids:
            self.store.evict([*news.ids, EVERYTHING])
        if news.of_keys:
            self.store.evict([KEYS])
        self.sequence = news.sequence
        self.next_instant = news.next_instant
        # Last: who asks meanwhile waits for its turn.
        self.version = version

    async def read_news(self) -> News:
        if self.sequence is not None:
            return await self.database.read(read_news, self.sequence, self.clock())
        [(sequence, *instants)] = await self.database.read_rows(BEGINNING, {"at": self.clock()})
        return News(sequence or 0, ids=None, of_keys=False, next_instant=earliest(instants))


def read_news(connection: Connection, after: int, at: datetime) -> News:
    """`after` is the last row that is known of."""
    rows = connection.execute(
        select(Change.sequence, Change.resource, Change.resource_id)
        .where(Change.sequence > after)
        .order_by(Change.sequence.desc())
        .limit(MOST_CHANGES + 1)
    ).all()
    is_much = len(rows) > MOST_CHANGES
    ids: frozenset[str] | None = None
    if not is_much and FAR_REACHING.isdisjoint(row.resource for row in rows):
        quotes = [row.resource_id for row in rows if row.resource == "quote"]
        shown = frozenset(row.resource_id for row in rows if row.resource not in UNTOLD)
        ids = shown | articles_of(connection, quotes)
    return News(
        sequence=rows[0].sequence if rows else after,
        ids=ids,
        of_keys=any(row.resource == ApiKey.resource_name for row in rows),
        next_instant=next_instant(connection, at),
    )


def articles_of(connection: Connection, quotes: Sequence[str]) -> frozenset[str]:
    """The articles that have these quotes: a new one changes what they show."""
    if not quotes:
        return frozenset()
    statement = select(Article.id).join(Quote, Quote.article_key == Article.key)
    return frozenset(connection.scalars(statement.where(Quote.id.in_(quotes))))


def next_instant(connection: Connection, at: datetime) -> datetime | None:
    """When the next article becomes public, ceases to be under embargo, or is over."""
    return earliest(
        connection.scalar(select(func.min(instant)).where(instant > at)) for instant in INSTANTS
    )


def earliest(instants: Iterable[datetime | None]) -> datetime | None:
    return min((one for one in instants if one is not None), default=None)

"""What is asked of the service, and what of it must and should be reached."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from random import Random

import httpx2 as httpx
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.access.keys import create_key
from app.database.session import Database
from app.models import Article, RenderedArticle
from app.models.base import utc_now
from benchmarks.corpus import MIDDLE, article_path, entity_path, render_missing
from benchmarks.documents import edits, new_articles
from benchmarks.driving import Request

UNCACHED = {"Cache-Control": "no-cache"}
# What is rendered is passed by for who weighs formats: the application makes the answer.
MADE_ANEW = {**UNCACHED, "Accept": "application/json, text/plain;q=0.5"}
HIT, ASKED = "onrecord; hit", "onrecord; fwd=request"
PAGE = 20
# As many as are surely kept in the cache at its default size; and as many as are not.
FEW, MANY = 2_000, 20_000
# More than are written in a second.
WRITES_A_SECOND = 500
MOST_SECONDS_OF_FIRST_READS = 2.0
# Writes are few: those that are still waiting at the end must not count for much.
LONGER_FOR_WRITES = 3.0


Requests = Callable[[float], Sequence[Request]]


@dataclass(frozen=True)
class Target:
    must: float
    aim: float
    # Of articles; where a figure is set for one size only.
    size: int | None = None


@dataclass(frozen=True)
class Case:
    """`requests` are those of one drive of some seconds. Every answer has `status`, and its
    Cache-Status begins with `cache_status`, unless that is None. `prepare` is called before each
    drive, which lasts `longer` than others, and `most_seconds` at the longest."""

    name: str
    requests: Requests
    cache_status: str | None = None
    status: int = 200
    prepare: Callable[[], None] = lambda: None
    longer: float = 1.0
    most_seconds: float = 3_600.0
    targets: Mapping[str, Target] = field(default_factory=dict)

    def seconds(self, usual: float) -> float:
        return min(usual * self.longer, self.most_seconds)

    def target(self, database: str, size: int, workers: int) -> Target | None:
        """Figures are set for one worker."""
        found = self.targets.get(database)
        if found is None or workers != 1 or found.size not in (None, size):
            return None
        return found


def both(must: float, aim: float) -> dict[str, Target]:
    return {"sqlite": Target(must, aim), "postgresql": Target(must, aim)}


SEARCHED = {
    "sqlite": Target(0.03, 0.08, size=10_000),
    "postgresql": Target(0.015, 0.04, size=10_000),
}
PAGE_1, PAGE_10_000 = "list, page 1, uncached", "list, page 10,000, uncached"


def reads(address: str, database: Database, size: int, *, index: bool = True) -> Iterator[Case]:
    """Of a corpus of this size, which a server has at this address."""
    chance = Random(5)
    numbers = chance.sample(range(1, size + 1), min(size, MANY))
    articles = [article_path(number) for number in numbers]
    few = articles[:FEW]
    yield Case("article, hit", asked(few), HIT, targets=both(0.45, 0.55))
    yield Case("article, 304", unchanged(address, few), HIT, 304, targets=both(0.55, 0.75))
    yield Case(
        "article, uncached",
        asked(articles, UNCACHED),
        ASKED,
        targets={"sqlite": Target(0.12, 0.30), "postgresql": Target(0.05, 0.10)},
    )
    yield Case("article, uncached, made anew", asked(articles, MADE_ANEW), ASKED)
    yield Case(
        "article, uncached, first read",
        asked(articles, UNCACHED),
        ASKED,
        prepare=lambda: forget_rendered(database, numbers),
        most_seconds=MOST_SECONDS_OF_FIRST_READS,
    )
    render_missing(database)
    yield Case("list, page 1, hit", asked(["/v1/articles"]), HIT)
    for page in sorted({1, min(100, size // PAGE), min(10_000, size // PAGE)}):
        yield Case(
            f"list, page {page:,}, uncached",
            asked([page_path(address, page)], UNCACHED),
            ASKED,
            targets={"sqlite": Target(0.06, 0.15)} if page == 1 else {},
        )
    expanded = "/v1/articles?include=quotes,entities"
    yield Case("list with quotes and entities, uncached", asked([expanded], UNCACHED), ASKED)
    people = [entity_path(chance.randint(1, max(200, size // 20))) for _ in range(FEW)]
    yield Case("entity, uncached", asked(people, UNCACHED), ASKED)
    if index:
        for order in ("newest", "relevance"):
            path = f"/v1/search?q={MIDDLE}&sort={order}&limit={PAGE}"
            yield Case(
                f"search, {order}, uncached", asked([path], UNCACHED), ASKED, targets=SEARCHED
            )


def writes(address: str, database: Database, size: int) -> Iterator[Case]:
    """They change the corpus."""
    key = database.write_now(create_key, name="benchmark", scopes=["write"], at=utc_now())
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    created = (
        Request("/v1/articles", headers, "POST", json.dumps(article).encode())
        for article in new_articles(size)
    )
    yield Case("create", next_of(created), longer=LONGER_FOR_WRITES)
    numbers = Random(6).sample(range(1, size + 1), min(size, FEW))
    put = (
        Request(path, {**headers, "If-Match": "*"}, "PUT", json.dumps(article).encode())
        for path, article in edits(address, numbers)
    )
    yield Case("update", next_of(put), longer=LONGER_FOR_WRITES)


def asked(paths: Iterable[str], headers: Mapping[str, str] | None = None) -> Requests:
    requests = [Request(path, headers or {}) for path in paths]
    return lambda _: requests


def unchanged(address: str, paths: Sequence[str]) -> Requests:
    """Each with the tag that the client has kept."""
    with httpx.Client(base_url=address) as client:
        requests = [
            Request(path, {"If-None-Match": client.get(path).headers["ETag"]}) for path in paths
        ]
    return lambda _: requests


def next_of(requests: Iterator[Request]) -> Requests:
    """Others for each drive: what is sent was never sent before."""
    return lambda seconds: list(islice(requests, int(WRITES_A_SECOND * seconds)))


def page_path(address: str, page: int) -> str:
    """The address of a page of 20, walked to by its cursor, in larger steps where that is
    possible."""
    path, left = "/v1/articles", (page - 1) * PAGE
    with httpx.Client(base_url=address, headers=UNCACHED) as client:
        while left:
            limit = 100 if left >= 100 else PAGE
            glue = "&" if "?" in path else "?"
            cursor = client.get(f"{path}{glue}limit={limit}").json()["next_cursor"]
            path = f"/v1/articles?cursor={cursor}"
            left -= limit
    return path


def forget_rendered(database: Database, numbers: Sequence[int]) -> None:
    """Of these articles, so that each is read for the first time."""

    def forget(session: Session) -> None:
        for first in range(0, len(numbers), 500):
            ids = [path_id(number) for number in numbers[first : first + 500]]
            keys = select(Article.key).where(Article.id.in_(ids))
            session.connection().execute(
                delete(RenderedArticle).where(RenderedArticle.article_key.in_(keys))
            )

    database.write_now(forget)


def path_id(number: int) -> str:
    return article_path(number).rpartition("/")[2]

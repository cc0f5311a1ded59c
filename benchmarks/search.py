"""How long searches take on both databases, and in which proportions.

python -m benchmarks.search --sizes 10000,100000 --databases sqlite,postgresql
"""

import argparse
import random
import statistics as numbers
import time
from collections.abc import Callable
from contextlib import nullcontext
from unittest.mock import patch

from sqlalchemy import Connection, Engine, insert, select, text

from app.access.viewer import Viewer
from app.articles.schemas import ArticleWrite
from app.articles.writes import post_article
from app.database.engine import open_database
from app.models import Article
from app.search.highlights import find_highlights, make_snippet, wanted_by
from app.search.hits import Search, count_facets, newest_hits, prepare_search, ranked_hits
from app.search.query import parse_query
from app.search.suggestions import NAMES, name_rows, suggest
from app.search.tables import FOUND
from app.search.titles import headlines_with
from app.settings import Settings
from benchmarks.searching import (
    COMMON,
    MIDDLE,
    NOW,
    RARE,
    SYLLABLES,
    WORDS_IN_BODY,
    databases,
    make_articles,
    prepare,
)


def prepared(connection: Connection, query: str) -> Search:
    return prepare_search(connection, "articles", parse_query(query), at=NOW)


def show(connection: Connection, query: str, positions: list[int]) -> int:
    """The page's rows, with highlights and a snippet each."""
    found = FOUND["articles"]
    rows = connection.execute(
        select(found.c.position, Article.key, Article.headline, Article.text, Article.language)
        .join(found, found.c.key == Article.key)
        .where(found.c.position.in_(positions))
    ).all()
    wanted = wanted_by(parse_query(query))
    for row in rows:
        make_snippet(row.text, find_highlights(wanted, row.text, row.language))
    return len(rows)


def newest(connection: Connection, query: str) -> int:
    search = prepared(connection, query)
    return show(connection, query, newest_hits(connection, search, 21)[:20])


def relevant(connection: Connection, query: str) -> int:
    search = prepared(connection, query)
    hits, _ = ranked_hits(connection, search, 20)
    return show(connection, query, [hit.position for hit in hits])


def faceted(connection: Connection, query: str) -> int:
    relevant(connection, query)
    return count_facets(connection, prepared(connection, query)).counted


def page_100_newest(connection: Connection, query: str) -> Callable[[], int]:
    search = prepared(connection, query)
    before = newest_hits(connection, search, 1_980)[-1]
    return lambda: show(
        connection,
        query,
        newest_hits(connection, prepared(connection, query), 21, before=before)[:20],
    )


def page_100_relevant(connection: Connection, query: str) -> Callable[[], int]:
    search = prepared(connection, query)
    place = None
    for _ in range(99):
        _, place = ranked_hits(connection, search, 20, after=place)
        if place is None:
            return lambda: 0

    def page() -> int:
        hits, _ = ranked_hits(connection, prepared(connection, query), 20, after=place)
        return show(connection, query, [hit.position for hit in hits])

    return page


def measured(action: Callable[[], int], rounds: int = 15) -> tuple[float, int]:
    """Milliseconds, the median; and how many hits."""
    action()
    times = []
    count = 0
    for _ in range(rounds):
        started = time.perf_counter()
        count = action()
        times.append((time.perf_counter() - started) * 1_000)
    return numbers.median(times), count


def measure(connection: Connection) -> dict[str, float]:
    actions: dict[str, Callable[[], int]] = {}
    for word, name in ((COMMON, "10%"), (MIDDLE, "1%"), (RARE, "0.05%")):
        actions[f"newest {name}"] = lambda word=word: newest(connection, word)  # type: ignore[misc]
        actions[f"relevance {name}"] = lambda word=word: relevant(connection, word)  # type: ignore[misc]
    actions["facets 10%"] = lambda: faceted(connection, COMMON)
    actions["page 100 newest"] = page_100_newest(connection, COMMON)
    actions["page 100 relevance"] = page_100_relevant(connection, COMMON)
    actions["10% and 1%"] = lambda: relevant(connection, f"{COMMON} {MIDDLE}")
    actions["10% or 1%"] = lambda: relevant(connection, f"{COMMON} OR {MIDDLE}")
    actions["phrase"] = lambda: newest(connection, '"babe babe"')
    actions["prefix 2"] = lambda: newest(connection, "li*")
    actions["prefix 4 relevance"] = lambda: relevant(connection, "ligh*")
    actions["10% but not 1%"] = lambda: newest(connection, f"{COMMON} -{MIDDLE}")
    # What was made to be slow.
    many = " OR ".join(f'"{one}"' for one in SYLLABLES[:30])
    ends = " ".join(f"{one}*" for one in SYLLABLES[:8])
    actions["many beginnings or'd"] = lambda: relevant(connection, ends.replace(" ", " OR "))
    actions["many beginnings"] = lambda: relevant(connection, ends)
    actions["words or'd"] = lambda: relevant(connection, f"{many} OR {COMMON} OR {MIDDLE}")
    actions["all but"] = lambda: relevant(connection, f"-{COMMON}")
    actions["no such neighbours"] = lambda: newest(connection, f'"{COMMON} {MIDDLE} {COMMON}"')
    actions["all but a beginning"] = lambda: relevant(connection, "-ba* -be*")
    result = {}
    # The first to be measured would pay for all that has to be read from the disk.
    for _ in range(3):
        newest(connection, COMMON)
        relevant(connection, COMMON)
    for name, action in actions.items():
        result[name], count = measured(action)
        print(f"    {name:<22} {result[name]:8.1f} ms  {count} hits", flush=True)
    return result


def measure_writes(url: str) -> None:
    """What the index adds to writing an article with three quotes and five mentions."""
    database = open_database(Settings(database_url=url))
    body = " ".join(made.text for made in make_articles(2, seed=9))
    content = ArticleWrite.model_validate(
        {
            "headline": "A headline of six words here",
            "language": "en",
            "status": "live",
            "section": "news/harbour",
            "body": {"format": "text", "content": body},
            "entities": [{"name": f"Number {number} Company"} for number in range(5)],
            "quotes": [
                {"text": body[at : body.index(" ", at + 60)], "speaker": {"name": "Ann Lee"}}
                for at in (0, body.index(" ", 300) + 1, body.index(" ", 600) + 1)
            ],
        }
    )
    viewer = Viewer(NOW, frozenset({"write"}))
    times: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(60):
        for with_index in (True, False):
            kept = nullcontext() if with_index else patch("app.changes.journal.note_change")
            with kept:
                started = time.perf_counter()
                database.write_now(post_article, content, viewer)
                times[with_index].append((time.perf_counter() - started) * 1_000)
    database.engine.dispose()
    with_it, without = (numbers.median(times[one]) for one in (True, False))
    print(f"    write {with_it:.1f} ms, without the index {without:.1f} ms", end="")
    print(f": {with_it / without:.2f}", flush=True)


def measure_suggestions(engine: Engine, size: int) -> None:
    """Beginnings of names among as many entities."""
    chance = random.Random(3)

    def name() -> str:
        return " ".join(
            "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).capitalize()
            for _ in range(2)
        )

    names = [name() for _ in range(size)]
    with engine.begin() as connection:
        rows = []
        for key, one in enumerate(names, 1):
            rows += name_rows(key, [one], int(1 / (chance.random() + 1e-5)))
        connection.execute(insert(NAMES), rows)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE search_names"))
    word = names[5].split()[0].lower()
    with engine.connect() as connection:
        for given in ("b", "ba", word[:3], word[:4], word, word[:2] + "q" + word[3:], names[5]):
            took, count = measured(lambda given=given: len(suggest(connection, given)))  # type: ignore[misc]
            print(f"    suggest {given:<18} {took:6.1f} ms  {count}", flush=True)
        for given in ("be", COMMON[:4], "fexry", f"{COMMON} ba", f"{RARE} zzzzz"):
            took, count = measured(
                lambda given=given: len(headlines_with(connection, given, 10, at=NOW))  # type: ignore[misc]
            )
            print(f"    headline {given:<17} {took:6.1f} ms  {count}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--words", type=int, default=WORDS_IN_BODY, help="words in each text")
    given = parser.parse_args()
    kinds = given.databases.split(",")
    results: dict[tuple[str, int], dict[str, float]] = {}
    with databases(kinds) as urls:
        for kind in kinds:
            for size in map(int, given.sizes.split(",")):
                started = time.perf_counter()
                engine = prepare(urls[kind], size, given.words)
                print(f"{kind}, {size} articles, made in {time.perf_counter() - started:.0f} s")
                with engine.connect() as connection:
                    results[kind, size] = measure(connection)
                measure_writes(urls[kind])
                measure_suggestions(engine, size)
                engine.dispose()
    for (kind, size), result in results.items():
        print(f"{kind}, {size}:")
        smaller = results.get((kind, size // 10))
        if smaller is not None:
            ratio = result["newest 10%"] / smaller["newest 10%"]
            print(f"    newest : at a tenth     {ratio:.2f}")
        print(
            f"    relevance 10% : 0.05%   {result['relevance 10%'] / result['relevance 0.05%']:.2f}"
        )
        print(f"    facets : relevance      {result['facets 10%'] / result['relevance 10%']:.2f}")
        for order in ("newest", "relevance"):
            # Below 100,000 articles there are not as many pages.
            if size >= 100_000:
                ratio = result[f"page 100 {order}"] / result[f"{order} 10%"]
                print(f"    page 100 : 1, {order:<9} {ratio:.2f}")


if __name__ == "__main__":
    main()

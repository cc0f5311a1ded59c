"""How well answers are ordered: nDCG@10 on a collection with judged queries.

    python -m benchmarks.ranking --collection FOLDER

FOLDER is a copy of the Cranfield collection: `cran.all.1400`, `cran.qry` and `cranqrel`. Each
query's words are joined by OR, so that its sentence finds what holds some of them.
"""

import argparse
import re
from collections import defaultdict
from datetime import timedelta
from math import log2
from pathlib import Path

from rank_bm25 import BM25Okapi
from sqlalchemy import Connection, create_engine, select

from app.search.entries import Entry
from app.search.hits import prepare_search, ranked_hits
from app.search.index import fill
from app.search.query import parse_query
from app.search.tables import FOUND
from app.search.tokens import tokens_of
from benchmarks.searching import NOW, create_schema, create_word_index, databases

Judgements = dict[int, dict[int, int]]
DEPTH = 10


def read_documents(folder: Path) -> dict[int, tuple[str, str]]:
    """Title and text by number."""
    documents = {}
    for part in re.split(r"^\.I ", (folder / "cran.all.1400").read_text(), flags=re.M)[1:]:
        fields = re.split(r"^\.([TABW])\n", part, flags=re.M)
        found = dict(zip(fields[1::2], fields[2::2], strict=True))
        documents[int(fields[0])] = (found.get("T", "").strip(), found.get("W", "").strip())
    return documents


def read_queries(folder: Path) -> dict[int, str]:
    """Numbered in the order of the file, as the judgements count them."""
    parts = re.split(r"^\.I .*\n\.W\n", (folder / "cran.qry").read_text(), flags=re.M)[1:]
    return {number: part.strip() for number, part in enumerate(parts, 1)}


def read_judgements(folder: Path) -> Judgements:
    """Gains: 4 for the best grade, which the file calls 1, down to 1; none for -1."""
    judged: Judgements = defaultdict(dict)
    for line in (folder / "cranqrel").read_text().splitlines():
        query, document, grade = map(int, line.split())
        judged[query][document] = 5 - grade if 1 <= grade <= 4 else 0
    return judged


def ndcg(ranked: list[int], gains: dict[int, int]) -> float:
    def discounted(values: list[int]) -> float:
        return sum(value / log2(at + 2) for at, value in enumerate(values[:DEPTH]))

    best = discounted(sorted(gains.values(), reverse=True))
    return discounted([gains.get(one, 0) for one in ranked]) / best if best else 0.0


def reference(
    documents: dict[int, tuple[str, str]], queries: dict[int, str]
) -> dict[int, list[int]]:
    numbers = list(documents)
    plain = BM25Okapi([re.findall(r"\w+", " ".join(documents[one]).lower()) for one in numbers])
    found = {}
    for number, query in queries.items():
        scores = plain.get_scores(re.findall(r"\w+", query.lower()))
        order = sorted(range(len(numbers)), key=lambda at: -scores[at])
        found[number] = [numbers[at] for at in order[:DEPTH]]
    return found


def searched(connection: Connection, queries: dict[int, str]) -> dict[int, list[int]]:
    known = FOUND["articles"].c
    keys = {row.position: row.key for row in connection.execute(select(known.position, known.key))}
    found = {}
    for number, query in queries.items():
        tree = parse_query(" OR ".join(dict.fromkeys(tokens_of(query))))
        search = prepare_search(connection, "articles", tree, at=NOW)
        hits, _ = ranked_hits(connection, search, DEPTH)
        found[number] = [keys[hit.position] for hit in hits]
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--collection", type=Path, required=True)
    parser.add_argument("--databases", default="sqlite,postgresql")
    given = parser.parse_args()
    documents = read_documents(given.collection)
    queries, judged = read_queries(given.collection), read_judgements(given.collection)
    entries = [
        Entry(
            key=number,
            published_at=NOW - timedelta(hours=number),
            language="en",
            headline=title,
            text=text,
        )
        for number, (title, text) in documents.items()
    ]
    runs = {"plain BM25 (rank_bm25)": reference(documents, queries)}
    kinds = given.databases.split(",")
    with databases(kinds) as urls:
        for kind in kinds:
            url = urls[kind].replace("postgresql://", "postgresql+psycopg://")
            engine = create_engine(url)
            with engine.begin() as connection:
                create_schema(connection)
                create_word_index(connection)
                fill(connection, "articles", entries)
            with engine.connect() as connection:
                runs[kind] = searched(connection, queries)
            engine.dispose()
    for name, run in runs.items():
        mean = sum(ndcg(run[one], judged[one]) for one in queries) / len(queries)
        print(f"{name:<24} nDCG@{DEPTH} {mean:.4f}")


if __name__ == "__main__":
    main()

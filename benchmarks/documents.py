"""Articles as a client sends them: new ones with three quotes and five mentions, and edits."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any

import httpx2 as httpx

from benchmarks.corpus import CUES, MENTIONS, NEWEST, QUOTES, SECTIONS, Newsroom, article_path

PARAGRAPHS = 5

# Any: documents are JSON
Document = dict[str, Any]


def new_articles(size: int) -> Iterator[Document]:
    """Without end, of the people and sections of a corpus of this size."""
    newsroom = Newsroom(size)
    chance = Random(7)
    for number in count(1):
        people: dict[str, None] = {}
        while len(people) < MENTIONS:
            people[newsroom.name_of(int(newsroom.people * chance.random() ** 2) + 1)] = None
        yield new_article(newsroom, number, list(people))


def new_article(newsroom: Newsroom, number: int, names: Sequence[str]) -> Document:
    quotes, paragraphs = [], []
    for place in range(PARAGRAPHS):
        words = f"{newsroom.phrase(28)}."
        if place < QUOTES:
            said, cue = newsroom.phrase(12) + ",", CUES[place]
            words = f"“{said}” {names[place]} {cue}. {words}"
            speaker = {"name": names[place], "type": "person"}
            quotes.append(
                {"text": said, "speaker": speaker, "speaker_label": names[place], "cue": cue}
            )
        elif place < MENTIONS:
            words = f"{words} {names[place]} was there."
        paragraphs.append(words)
    return {
        "headline": newsroom.phrase(8),
        "standfirst": newsroom.phrase(14),
        "section": f"news/section-{number % (SECTIONS - 1) + 2}",
        "status": "live",
        "published_at": (NEWEST + timedelta(seconds=number)).isoformat(),
        "body": {"format": "text", "content": "\n\n".join(paragraphs)},
        "quotes": quotes,
        "entities": [{"name": name, "type": "person"} for name in names],
    }


def edits(address: str, numbers: Sequence[int]) -> Iterator[tuple[str, Document]]:
    """Without end: paths of these articles, and documents to put there, each with a new headline,
    a sentence before the first quote and one behind the last. Quotes and mentions are left out, so
    that they stay and are looked for anew."""
    with httpx.Client(base_url=address) as client:
        articles = [client.get(article_path(number)).json() for number in numbers]
    for edit in count(1):
        article = articles[edit % len(articles)]
        first, *others = article["body"]
        blocks = [{**first, "text": f"Edition {edit}. {first['text']}"}, *others]
        blocks[-1] = {**blocks[-1], "text": f"{blocks[-1]['text']} This is edition {edit}."}
        yield (
            article_path(numbers[edit % len(articles)]),
            {
                "headline": f"{article['headline']} {edit}",
                "standfirst": article["standfirst"],
                "language": article["language"],
                "section": article["section"]["path"],
                "body": blocks,
            },
        )

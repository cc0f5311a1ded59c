"""The formats that a feed of articles is served in."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from app.documents.conformance import Target
from app.documents.feeds import FeedItem, FeedSource
from app.feeds.selection import MAX_ITEMS
from app.representations.feed_atom import feed_atom
from app.representations.feed_json import feed_json
from app.representations.feed_rss import feed_mrss, feed_rss
from app.representations.roku_app import roku_app
from app.representations.roku_search import iter_roku_search, roku_search


class Format(NamedTuple):
    """`file` is how the feed is called. Those for readers have the whole body of each article,
    those for television have those articles alone that have a video."""

    file: str
    target: Target
    media_type: str
    render: Callable[[FeedSource, Sequence[FeedItem]], bytes]
    summary: str
    for_television: bool = False
    # Makes a feed piece by piece, of up to so many items, where one answer has them all.
    stream: Callable[[FeedSource, Iterable[FeedItem]], Iterator[bytes]] | None = None
    most: int = MAX_ITEMS


FORMATS = (
    Format("rss.xml", "rss", "application/rss+xml", feed_rss, "RSS 2.0"),
    Format("atom.xml", "atom", "application/atom+xml", feed_atom, "Atom 1.0"),
    Format("feed.json", "json-feed", "application/feed+json", feed_json, "JSON Feed 1.1"),
    Format(
        "mrss.xml",
        "mrss",
        "application/rss+xml",
        feed_mrss,
        "RSS with Media RSS, of articles that can be played",
        for_television=True,
    ),
    Format(
        "roku.json",
        "roku-app",
        "application/json",
        roku_app,
        "The feed of a Roku app (Direct Publisher's shape)",
        for_television=True,
    ),
    Format(
        "roku-search.json",
        "roku-search",
        "application/json",
        roku_search,
        "The feed of Roku Search",
        for_television=True,
        stream=iter_roku_search,
        most=50_000,
    ),
)

"""A sitemap of news, for search engines. Which articles are new enough is the caller's matter."""

from collections.abc import Iterable, Iterator
from itertools import islice

from app.documents.feeds import FeedItem, FeedSource
from app.representations.instants import roku_instant
from app.representations.languages import known_tag, primary
from app.representations.television_rules import SITEMAP_ENTRIES, carries, reader_title, source_name
from app.representations.xml_writing import Writer, iter_xml

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"

# Chinese is told by its script; every other language by its two or three letters.
CHINESE = {"zh-Hant": "zh-tw", "zh-TW": "zh-tw", "zh-HK": "zh-tw"}


def news_sitemap(source: FeedSource, items: Iterable[FeedItem]) -> bytes:
    """At most 1,000 of the articles, the first ones."""
    return b"".join(iter_xml(lambda writer: write_sitemap(writer, source, items)))


def write_sitemap(writer: Writer, source: FeedSource, items: Iterable[FeedItem]) -> Iterator[None]:
    with writer.element(sitemap("urlset"), None, {None: SITEMAP, "news": NEWS}):
        listed = (item for item in items if carries("news-sitemap", source, item))
        for item in islice(listed, SITEMAP_ENTRIES):
            write_url(writer, source, item)
            yield


def write_url(writer: Writer, source: FeedSource, item: FeedItem) -> None:
    with writer.element(sitemap("url")):
        writer.leaf(sitemap("loc"), item["url"])
        writer.leaf(sitemap("lastmod"), roku_instant(item["updated_at"]))
        with writer.element(news("news")):
            with writer.element(news("publication")):
                writer.leaf(news("name"), source_name(source["title"]))
                writer.leaf(news("language"), sitemap_language(item["language"]))
            writer.leaf(news("publication_date"), roku_instant(item["published_at"]))
            writer.leaf(news("title"), reader_title(item))


def sitemap_language(tag: str) -> str:
    language = primary(tag)
    return CHINESE.get(known_tag(tag), "zh-cn") if language == "zh" else language


def sitemap(name: str) -> str:
    return f"{{{SITEMAP}}}{name}"


def news(name: str) -> str:
    return f"{{{NEWS}}}{name}"

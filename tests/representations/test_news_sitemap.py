"""The sitemap of news."""

from lxml import etree

from app.representations.news_sitemap import news_sitemap
from tests.representations.documents import a_source, an_item

NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}


def test_a_sitemap_is_this_document() -> None:
    document = news_sitemap(a_source(), [an_item(language="zh-Hant")])

    assert document.decode() == (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
        "<url><loc>https://news.example/articles/01kart1</loc>"
        "<lastmod>2026-11-20T12:01:00+00:00</lastmod>"
        "<news:news><news:publication><news:name>The Quay</news:name>"
        "<news:language>zh-tw</news:language></news:publication>"
        "<news:publication_date>2026-11-20T11:59:00+00:00</news:publication_date>"
        "<news:title>Ferry strike ends</news:title></news:news></url></urlset>"
    )


def test_a_sitemap_has_at_most_a_thousand_articles_and_may_have_none() -> None:
    many = [an_item(number, video=None) for number in range(1_005)]

    found = etree.fromstring(news_sitemap(a_source(), many)).findall("s:url/s:loc", NAMES)

    assert len(found) == 1_000
    assert etree.fromstring(news_sitemap(a_source(), [])).tag == f"{{{NAMES['s']}}}urlset"

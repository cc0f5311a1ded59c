"""From a copied page to an article and its publisher."""

from hashlib import sha256

from sqlalchemy.orm import Session

from app.access.viewer import Viewer
from app.articles.schemas import ArticleWrite
from app.articles.writes import create_article, update_article
from app.importers.articles import Outcome, find_source, headline_name, remember
from app.importers.pages import Page
from app.models import Article, Publisher
from app.models.base import new_id
from app.models.entity import fold_name
from app.publishers.schemas import (
    PublisherAppWrite,
    PublisherReference,
    PublisherWrite,
)
from app.publishers.writes import WHOLE, find_or_add_publisher, save_publisher
from app.sections.writes import section_at


def import_page(session: Session, page: Page, source: str | None, viewer: Viewer) -> Outcome:
    """A copied page. It is known by its file, or else by its publisher and headline; a file that
    holds another article now is another article. Raises the problem that a client would be sent.
    """
    digest = sha256(repr(page).encode()).hexdigest()
    by_headline = f"page:{headline_name(page.publisher_name or '', page.headline)}"
    sources = [source, by_headline] if source else [by_headline]
    article, seen = None, None
    for name in sources:
        known = find_source(session, name)
        found = session.get(Article, known.article_key) if known else None
        if found is not None and is_same_article(page, found):
            article, seen = found, known
            break
    if article is not None and seen is not None and seen.digest == digest:
        for name in sources:
            remember(session, name, article, digest)
        return "unchanged"
    content = article_of(session, page, viewer)
    outcome: Outcome = "updated"
    if article is None:
        content.status = "live"
        article = create_article(session, new_id(), content, viewer)
        outcome = "created"
    else:
        update_article(session, article, content, viewer)
    for name in sources:
        remember(session, name, article, digest)
    return outcome


def is_same_article(page: Page, article: Article) -> bool:
    """Whether the page can be a later state of the article: a headline or a paragraph is kept."""
    if fold_name(page.headline) == fold_name(article.headline):
        return True
    kept = set(article.text.split("\n\n"))
    return any(paragraph in kept for paragraph in page.paragraphs)


def article_of(session: Session, page: Page, viewer: Viewer) -> ArticleWrite:
    """What the page says, and nothing more: what it does not say is left out."""
    if page.section_path is not None:
        add_sections(session, page, viewer)
    # What is left out stays as it is in a known article; the rest is what the page says now.
    content: dict[str, object] = {
        "headline": page.headline,
        "standfirst": page.standfirst,
        "section": page.section_path,
        "bylines": list(page.bylines),
        "source_url": page.source_url,
        "body": {"format": "text", "content": "\n\n".join(page.paragraphs)},
    }
    if page.caption is not None:
        content["lead_media"] = {"caption": page.caption, "credit": page.credit}
    if page.published_at is not None:
        content["published_at"] = page.published_at
    if page.publisher_name is not None:
        content["publisher"] = {"id": publisher_of(session, page, viewer).id}
    return ArticleWrite.model_validate(content)


def add_sections(session: Session, page: Page, viewer: Viewer) -> None:
    """The sections of the breadcrumb, each with its name as printed."""
    assert page.section_path is not None
    slugs = page.section_path.split("/")
    for depth, name in enumerate(page.section_names, start=1):
        path = "/".join(slugs[:depth])
        section_at(session, path, name, at=viewer.at, cause="article.created")


def publisher_of(session: Session, page: Page, viewer: Viewer) -> Publisher:
    """The page's publisher, with what its furniture tells of mirrors and apps added."""
    reference = PublisherReference(name=page.publisher_name)
    key = find_or_add_publisher(session, reference, at=viewer.at, cause="article.created")
    publisher = session.get_one(Publisher, key, options=WHOLE, populate_existing=True)
    addresses = [address.url for address in publisher.addresses]
    apps = [(app["platform"], app["name"]) for app in publisher.apps]
    content = PublisherWrite(
        name=publisher.name,
        site=publisher.site,
        addresses=[
            *addresses,
            *(a for a in map(web_address, page.addresses) if a not in addresses),
        ],
        address_notice=page.address_notice or publisher.address_notice,
        apps=[
            PublisherAppWrite(platform=platform, name=name)
            for platform, name in [*apps, *(app for app in page.apps if app not in apps)]
        ],
    )
    grown = len(content.addresses) > len(addresses) or len(content.apps) > len(apps)
    if grown or content.address_notice != publisher.address_notice:
        publisher.revision += 1
        reviewed = publisher.reviewed
        save_publisher(session, publisher, content, viewer, event="publisher.updated")
        # Nobody has vouched for it by importing a page.
        publisher.reviewed = reviewed
    return publisher


def web_address(address: str) -> str:
    return address if "://" in address else f"https://{address}"

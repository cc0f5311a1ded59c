"""Where a limited key may write: looked at for all that a write names, and all that it records."""

from typing import cast

from sqlalchemy import BigInteger, Text, bindparam, or_, select
from sqlalchemy.orm import Session

from app.database.acts import Limits, act_of
from app.database.listed import Among
from app.database.prepared import Prepared
from app.database.rows import read_rows
from app.errors import OutsideLimits, ResourceInUse
from app.models import ApiKey, Article, Bulletin, Channel, Draft, Programme, Quote, Section
from app.models.base import Resource

# What lies in no section and on no channel.
SHARED = frozenset({"entity", "media", "publisher"})
OF_ARTICLES = frozenset({"draft", "quote"})
ON_CHANNELS = frozenset({"channel", "programme", "bulletin"})

# The paths of the sections that a write is limited to.
PATHS = "limits.paths"
# The articles that were seen to lie in them: one that leaves them is looked at itself.
SEEN = "limits.seen"


def require_within_limits(session: Session, resource: Resource) -> None:
    """Raises OutsideLimits for what lies elsewhere: in no section or another, on another channel,
    or nowhere that is known of."""
    limits = act_of(session).limits
    kind = resource.resource_name
    if limits is None or kind in SHARED:
        return
    if kind == "article":
        require_section(session, limits, section_of(session, cast(Article, resource).section_key))
    elif kind in OF_ARTICLES:
        require_article(session, limits, cast(Quote | Draft, resource).article_key)
    elif kind == "section":
        require_below(session, limits, cast(Section, resource).path)
    elif kind in ON_CHANNELS:
        require_channel(session, limits, resource)
    else:
        raise OutsideLimits("This key is limited to sections or channels.", section=None)


def refuse_held(session: Session, resource: Section | Channel) -> None:
    """Raises ResourceInUse where a key is limited to what is to be deleted."""
    keys = session.scalars(
        select(ApiKey).where(
            ApiKey.revoked_at.is_(None),
            or_(ApiKey.sections.is_not(None), ApiKey.channels.is_not(None)),
        )
    )
    for key in keys:
        if resource.id in (*(key.sections or ()), *(key.channels or ())):
            raise ResourceInUse(
                f"The API key {key.prefix} is limited to the {resource.resource_name}"
                f" {resource.slug}."
            )


def require_section(session: Session, limits: Limits, path: str | None) -> None:
    paths = paths_of(session, limits)
    if path not in paths and not is_below(path, paths):
        raise outside(path, paths)


def require_article(session: Session, limits: Limits, article_key: int) -> None:
    seen: set[int] = session.info.setdefault(SEEN, set())
    if article_key not in seen:
        [article] = read_rows(session, SECTION_OF_ARTICLE, {"key": article_key})
        require_section(session, limits, section_of(session, article.section_key))
        seen.add(article_key)


def require_below(session: Session, limits: Limits, path: str) -> None:
    """The sections that a key is limited to are not its own to change, but those below them."""
    paths = paths_of(session, limits)
    if not is_below(path, paths):
        raise outside(path, paths)


def require_channel(session: Session, limits: Limits, resource: Resource) -> None:
    channel_id = resource.id
    if resource.resource_name != "channel":
        scheduled = cast(Programme | Bulletin, resource)
        [channel] = read_rows(session, CHANNEL, {"key": scheduled.channel_key})
        channel_id = channel.id
    if channel_id not in limits.channels:
        raise OutsideLimits(
            f"This key may not write to the channel {channel_id}.", channel=channel_id
        )


def section_of(session: Session, section_key: int | None) -> str | None:
    """Its path."""
    if section_key is None:
        return None
    [section] = read_rows(session, SECTION, {"key": section_key})
    path: str = section.path
    return path


def paths_of(session: Session, limits: Limits) -> frozenset[str]:
    """Nothing that the write may change can change them."""
    paths: frozenset[str] | None = session.info.get(PATHS)
    if paths is None:
        rows = read_rows(session, SECTIONS, {"ids": limits.sections})
        paths = session.info[PATHS] = frozenset(row.path for row in rows)
    return paths


def is_below(path: str | None, paths: frozenset[str]) -> bool:
    return path is not None and any(path.startswith(f"{one}/") for one in paths)


def outside(path: str | None, paths: frozenset[str]) -> OutsideLimits:
    where = "outside of any section" if path is None else f"in the section {path}"
    allowed = f"; it may below {', '.join(sorted(paths))}" if paths else ""
    return OutsideLimits(f"This key may not write {where}{allowed}.", section=path)


KEY = bindparam("key", type_=BigInteger())
SECTION = Prepared(select(Section.path).where(Section.key == KEY))
SECTIONS = Prepared(select(Section.path).where(Among(Section.id, "ids", of=Text)))
SECTION_OF_ARTICLE = Prepared(select(Article.section_key).where(Article.key == KEY))
CHANNEL = Prepared(select(Channel.id).where(Channel.key == KEY))

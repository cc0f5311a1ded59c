"""What a page says of its publisher below the article: other addresses, apps, where it was."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

# A pattern is only tried on a line that a person would see as one line or two.
LONGEST_NOTICE = 300

PLATFORMS = {
    "roku": r"(?i:roku)",
    "fire-tv": r"(?i:(?:amazon )?fire ?tv(?: stick)?)",
    "apple-tv": r"(?i:apple ?tv)",
    "android-tv": r"(?i:android ?tv)",
    "google-tv": r"(?i:google ?tv)",
    "samsung-tv": r"(?:Samsung|Tizen)(?i:(?: smart)?(?: ?tvs?)?)",
    "lg-tv": r"(?:LG|(?:LG )?webOS)(?i:(?: smart)?(?: ?tvs?)?)",
    "google-play": r"(?i:google play(?: store)?)",
    "ios": r"(?:(?i:(?:apple )?app ?store)|iOS|iPhone|iPad)",
    "android": r"Android",
}
_ONE = "(?:" + "|".join(PLATFORMS.values()) + ")"
_SEVERAL = rf"{_ONE}(?:(?:\s*[,/|&]\s*(?:and\s+|or\s+)?|\s+and\s+|\s+or\s+){_ONE})*"
_APP_AT_END = re.compile(
    rf"(?P<name>.{{0,90}}?)(?P<link>\s*[:|–—-]\s*|\s+(?i:on|for|from|in|via)(?:\s+the)?\s+|\s+|^)"
    rf"(?P<platforms>{_SEVERAL})(?:\s+(?i:apps?|channel|devices|store))?"
)
_APP_AT_START = re.compile(rf"(?P<platforms>{_ONE})\s*[:–—-]\s+(?P<name>\S.{{0,90}})")
_INVITATION = re.compile(
    r"(?:watch|download|get|stream|install|find|(?:now |also )*available)\b\s*(?:(?:the|our)\s+)?",
    re.IGNORECASE,
)
_NAMELESS = {"", "us", "app", "apps", "channel", "news", "live", "it", "now"}

_ADDRESS = re.compile(
    r"(?:https?://)?(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+(?:[^\W\d_]{2,24}|xn--[a-z0-9-]{2,59})"
    r"(?::\d{1,5})?(?:/\S*)?",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"(?:source|url|link|permalink|short (?:url|link)|original(?: article)?)\s*:?\s+(?P<url>\S+)",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"(?:(?:(?P<owner>\S.{0,79}?)['’]s? (?:web ?)?sites?|the (?:web ?)?site of (?P<of>\S.{0,79}?)"
    r"|(?P<it>\S.{0,79}?)) (?:(?:can|may) (?:also |now |still )*be (?:accessed|found|reached|read"
    r"|visited)|(?:is|are) (?:also |now |still )*(?:accessible|available|found|reachable))"
    r"|you can (?:also |now |still )*(?:access|find|reach|read|visit) (?P<read>\S.{0,79}?))"
    r" (?:at|on|through|under|via)\b.{0,120}",
    re.IGNORECASE,
)
_MIRRORS = re.compile(r"\b(?:address(?:es)?|domains?|mirrors?|sites?|urls?)\b", re.IGNORECASE)
_NOBODY = {"our", "we", "this", "it", "you", "the", "the site", "this site", "our site"}
_NOBODY |= {f"{word} website" for word in ("the", "this", "our")}

_BULLET = re.compile(r"^[-*•·–—]\s+")


@dataclass
class Notices:
    """What the lines split off from the ends of a page say."""

    publisher_name: str | None = None
    address_notice: str | None = None
    addresses: list[str] = field(default_factory=list)
    apps: list[tuple[str, str]] = field(default_factory=list)
    source_url: str | None = None


def is_notice(line: str) -> bool:
    """Whether the line, with no paragraph after it, is one of those that `read_notices` reads."""
    return is_address_line(line) or _is_mirror_notice(line) or bool(apps_in(line, None))


def is_address_line(line: str) -> bool:
    return bool(addresses_in(line) or _labelled_address(line))


def read_notices(lines: Sequence[str]) -> Notices:
    """Reads the split-off lines in their order; those that say nothing to keep are dropped."""
    kept = Notices()
    for line in lines:
        if _is_mirror_notice(line):
            kept.address_notice = kept.address_notice or line
            kept.publisher_name = kept.publisher_name or _publisher_in(line)
            kept.addresses += addresses_in(_after_colon(line))
        elif labelled := _labelled_address(line):
            if _names_a_page(labelled):
                kept.source_url = kept.source_url or labelled
        elif addresses := addresses_in(line):
            # Without a notice above it, the address of one page is where this page was.
            alone = kept.address_notice is None and len(addresses) == 1
            if alone and kept.source_url is None and _names_a_page(addresses[0]):
                kept.source_url = addresses[0]
            else:
                kept.addresses += addresses
        else:
            kept.apps += apps_in(line, kept.publisher_name)
    kept.addresses = list(dict.fromkeys(kept.addresses))
    kept.apps = list(dict.fromkeys(kept.apps))
    return kept


def addresses_in(line: str) -> tuple[str, ...]:
    """The addresses that the line consists of, normalised; none if it says anything else."""
    if len(line) > LONGEST_NOTICE:
        return ()
    words = [word.strip("<>()[],;").rstrip(".") for word in _BULLET.sub("", line).split()]
    words = [word for part in words for word in re.split(r"[,;|]", part)]
    words = [word for word in words if word and word.casefold() not in {"and", "or"}]
    if not all(_ADDRESS.fullmatch(word) for word in words):
        return ()
    return tuple(_normalised(word) for word in words)


def apps_in(line: str, publisher_name: str | None) -> tuple[tuple[str, str], ...]:
    """The apps that the line promotes; a sentence that mentions a platform promotes none."""
    if len(line) > LONGEST_NOTICE:
        return ()
    line = _BULLET.sub("", line)
    found = _APP_AT_END.fullmatch(line.rstrip(".") if _INVITATION.match(line) else line)
    found = found or _APP_AT_START.fullmatch(line)
    if found is None:
        return ()
    name = re.sub(r"\s+(?:apps?|live|now)$", "", _INVITATION.sub("", found["name"], count=1))
    if name.casefold().strip() in _NAMELESS:
        name = publisher_name or line
    platforms = _platforms_in(found["platforms"])
    # "Courier News Roku" is the app's own name, "Courier News on Roku" is not.
    if found.re is _APP_AT_END and len(platforms) == 1 and found["link"].isspace():
        name = line
    return tuple((platform, name.strip()) for platform in platforms)


def _labelled_address(line: str) -> str | None:
    labelled = _SOURCE.fullmatch(line) if len(line) <= LONGEST_NOTICE else None
    if labelled is None or not _ADDRESS.fullmatch(labelled["url"]):
        return None
    return _normalised(labelled["url"])


def _is_mirror_notice(line: str) -> bool:
    if len(line) > LONGEST_NOTICE or _NOTICE.match(line) is None:
        return False
    named = _MIRRORS.search(line) is not None and line.endswith(":")
    return named or bool(addresses_in(_after_colon(line)))


def _publisher_in(notice: str) -> str | None:
    found = _NOTICE.match(notice)
    name = next((part for part in found.groups() if part), None) if found else None
    return None if name is None or name.casefold() in _NOBODY else name


def _after_colon(notice: str) -> str:
    return re.split(r":\s+", notice, maxsplit=1)[-1]


def _platforms_in(text: str) -> list[str]:
    found: list[str] = []
    for match in re.finditer(_ONE, text):
        fits = (name for name, form in PLATFORMS.items() if re.fullmatch(form, match[0]))
        found.append(next(fits))
    return list(dict.fromkeys(found))


def _normalised(address: str) -> str:
    parts = urlsplit(address if "://" in address else f"//{address}")
    scheme = f"{parts.scheme.lower()}://" if parts.scheme else ""
    path = "" if parts.path == "/" else parts.path
    return scheme + parts.netloc.lower() + path + (f"?{parts.query}" if parts.query else "")


def _names_a_page(address: str) -> bool:
    return "/" in address.partition("://")[2]

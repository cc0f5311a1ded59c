"""What stands on a copied page and says nothing of its article: buttons, links, banners."""

import re
from collections.abc import Sequence

from app.importers.page_notices import is_notice

# A pattern is only tried on a line that a person would see as one line or two.
LONGEST_FURNITURE = 300
MOST_LINKS = 50

_BUTTON_WORD = re.compile(
    r"shares?|tweet|facebook|twitter|x|whatsapp|telegram|linkedin|reddit|pinterest|e-?mail|mail"
    r"|print|copy|copied|link|save|bookmark|vk|instagram|youtube|tiktok|bluesky|mastodon|threads"
    r"|messenger"
)
_BUTTON_FILLER = re.compile(r"this|article|story|page|on|via|to|by|with")
_BUTTON = re.compile(
    r"advertisement|sponsored|skip to (?:main )?content|menu|back to top|listen to this article"
    r"|(?:article|story) continues below(?: (?:this )?advertisement)?|\d+ min(?:ute)?s?(?: read)?"
    r"|(?:\d+ |no |leave a |add a )?comments?(?: \(\d+\))?"
    r"|(?:\w+:? )?\d+ (?:minute|hour|day|week|month)s? ago|[-*_=~·•|/\\#—– ]+",
    re.IGNORECASE,
)
_LINK_WORDS = (
    r"(?:read (?:more|also|next)|also read|see also|more on this(?: story| topic)?"
    r"|related(?: (?:stories|articles|news|content|topics|links))?"
    r"|most (?:read|popular)|recommended|you may also like)"
)
_LINK = re.compile(rf"{_LINK_WORDS}\s*:\s+\S.*", re.IGNORECASE)
_LINK_HEADING = re.compile(rf"{_LINK_WORDS}\s*:?", re.IGNORECASE)
_BANNER = re.compile(
    r"(?:we|this (?:web ?)?site|our (?:web ?)?site)\b.{0,40}\buses? cookies\b"
    r"|by (?:browsing|clicking|continuing|using)\b.*\bcookies\b"
    r"|(?:accept|reject|manage)(?: all)? cookies|cookie (?:notice|policy|preferences|settings)\b"
    r"|(?:sign up|subscribe)\b.*\b(?:alerts|channel|e-?mails?|inbox|newsletters?|podcast|updates)\b"
    r"|get\b.*\b(?:in|to) your inbox|(?:our )?newsletter$|follow us (?:at|on)\b"
    r"|join our\b.*\bchannel",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"(?:copyright\b.{0,20}\d{4}|\(c\) ?\d{4}|©).*|all rights reserved\.?"
    r"|(?:contact(?: us)?|e-?mail)\s*:.*@.*"
    r"|(?:tags|topics|keywords|filed under)\s*:.*",
    re.IGNORECASE,
)


def without_buttons(lines: Sequence[str]) -> list[bool]:
    """For each line, whether it stays: share buttons and links to other articles do not."""
    stays = [not (is_button(line) or _is(_LINK, line)) for line in lines]
    headings = [index for index, line in enumerate(lines) if _is(_LINK_HEADING, line)]
    titles = [_may_be_a_title(line) for line in lines] if headings else []
    for index in headings:
        end = index + 1
        while end < min(len(lines), index + MOST_LINKS) and titles[end]:
            end += 1
        # In the middle of an article the lines after the first title may be its own crossheads.
        if not (end == len(lines) or is_furniture_below(lines[end])):
            end = min(end, index + 2)
        stays[index:end] = [False] * (end - index)
    return stays


def is_button(line: str) -> bool:
    if _is(_BUTTON, line):
        return True
    words = re.findall(r"[\w'’-]+", line.casefold())[:20]
    words = [word for word in words if not _BUTTON_FILLER.fullmatch(word)]
    return 0 < len(words) < 20 and all(map(_BUTTON_WORD.fullmatch, words))


def is_banner(line: str) -> bool:
    """Whether the line is a notice of the site about itself: cookies, newsletters, channels."""
    return len(line) <= LONGEST_FURNITURE and _BANNER.match(line) is not None


def is_furniture_below(line: str) -> bool:
    """Whether the line, with no paragraph after it, belongs to the site and not to the article."""
    return is_banner(line) or _is(_FOOTER, line) or is_notice(line)


def _is(pattern: re.Pattern[str], line: str) -> bool:
    return len(line) <= LONGEST_FURNITURE and pattern.fullmatch(line) is not None


def _may_be_a_title(line: str) -> bool:
    ends_a_sentence = line.rstrip("\"'”’»)").endswith(".")
    return len(line) <= 150 and not ends_a_sentence and not is_furniture_below(line)

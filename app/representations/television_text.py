"""Text as television takes it: one line, plain, without emoji, cut between words.

Nothing here fails on any text, and nothing is given back that XML or JSON could not hold.
"""

import re
from functools import lru_cache

import regex

ELLIPSIS = "…"
TAG_LENGTH = 20

# What XML 1.0 can not hold, lone surrogates among it, which JSON can not hold either.
FORBIDDEN = regex.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Signs that count as pictographs but are written in ordinary text stay: ©, ™, arrows.
PICTOGRAPH = (
    r"[[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}]--[©®‼⁉™ℹ\u2190-\u21ff]]"
)
# With what joins and varies them.
EMOJI_RUN = rf"(?:{PICTOGRAPH}[\ufe0e\ufe0f\u200d\u20e3\U000e0020-\U000e007f]*)+"
# Before punctuation, the space in front of them would be left over.
EMOJI = regex.compile(rf"(?V1)\s*{EMOJI_RUN}(?=[.,;:!?)])|{EMOJI_RUN}")

# Controls, private use, and what is not seen: soft hyphens, zero widths, embeddings and overrides
# of direction, which a cut would leave open. Marks of direction and joiners of scripts stay.
UNSEEN = regex.compile(
    r"(?V1)[[\p{Cc}--\s]\p{Co}\p{Cs}\u00ad\u180e\u200b\u202a-\u202e\u2060-\u206f\ufe0e\ufe0f\u20e3"
    r"\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)

# Below these, nothing is a pictograph, nor unseen of what Python calls printable.
SIGNS = re.compile("[\u2030-\U0010ffff]")

LOOSE_ENDS = " .,;:–—-([{“‘«\"'"


def clean_text(text: str) -> str:
    """The text as it is, without what XML and JSON can not hold."""
    if text.isprintable():
        return text
    return FORBIDDEN.sub("", text)


def plain_text(text: str) -> str:
    """One line, with single spaces, without emoji and what is not seen. It is plain text that is
    given, not HTML: what looks like a tag there was meant."""
    line = " ".join(text.split())
    if line.isprintable() and SIGNS.search(line) is None:
        return line
    line = EMOJI.sub("", FORBIDDEN.sub("", line))
    return " ".join(UNSEEN.sub("", line).split())


@lru_cache(maxsize=10_000)
def plain_name(name: str) -> str:
    """The same of a name, which many articles have in common."""
    return plain_text(name)


def plain_beginning(text: str, limit: int) -> str:
    """As `plain_text`, as much as it takes to cut it to so many code points."""
    size = 4 * limit
    while len(plain := plain_text(text[:size])) <= limit and size < len(text):
        size *= 4
    return plain


def first_paragraph(text: str) -> str:
    """The first line that has words, plain; an empty string when none has."""
    for line in text.splitlines():
        if plain := plain_text(line):
            return plain
    return ""


def cut_text(text: str, limit: int | None) -> str:
    """At most so many code points, the ellipsis among them, and no word in parts, unless one takes
    up half of the room, as in scripts that set no spaces."""
    if limit is None or len(text) <= limit:
        return text
    head = text[: limit - 1]
    if not text[limit - 1].isspace():
        space = head.rfind(" ")
        head = head[:space] if space > limit // 2 else whole_characters(text, limit - 1)
    return (head.rstrip(LOOSE_ENDS) or head.rstrip()) + ELLIPSIS


def different_text(text: str, shorter: str, limit: int) -> str | None:
    """The text cut to a long description, or None where it says no more than the short one."""
    cut = cut_text(text, limit)
    told = shorter.removesuffix(ELLIPSIS).casefold()
    if not cut or told.startswith(cut.removesuffix(ELLIPSIS).rstrip(LOOSE_ENDS).casefold()):
        return None
    return cut


def cut_tag(text: str) -> str:
    """A keyword of at most 20 code points: whole words of a name, whole parts of a slug."""
    tag = plain_text(text.replace(",", " "))
    if len(tag) <= TAG_LENGTH:
        return tag
    head = tag[:TAG_LENGTH]
    if tag[TAG_LENGTH] not in " -":
        parted = max(head.rfind(" "), head.rfind("-"))
        head = head[:parted] if parted > 0 else whole_characters(tag, TAG_LENGTH)
    return head.rstrip(LOOSE_ENDS) or head.strip()


def distinct_tags(texts: list[str]) -> list[str]:
    """The keywords of the texts, each once, in the order in which they came."""
    return list(dict.fromkeys(tag for text in texts if (tag := cut_tag(text))))


def whole_characters(text: str, limit: int) -> str:
    """As much of the beginning as takes no sign from the letter that it belongs to."""
    end = 0
    for character in regex.finditer(r"\X", text[: limit + 1]):
        if character.end() > limit:
            break
        end = character.end()
    return text[: end or limit]

"""What is different between two states of an article: fields, blocks, quotes and entities.

Blocks, quotes and entities are known by their ids, so that what moved is not what was rewritten.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, TypeVar

from rapidfuzz.distance import LCSseq

from app.articles.canonical import block_offsets, block_text
from app.documents.articles import ArticleRead
from app.documents.blocks import Block
from app.documents.mentions import ArticleEntity
from app.documents.quotes import ArticleQuote
from app.documents.revisions import (
    ArticleDifference,
    BlockDifference,
    EntityDifference,
    FieldDifference,
    QuoteDifference,
    WordStep,
)
from app.models.article import MAX_BODY_BYTES
from app.quotes.steps import word_steps

# What each save changes, and what is compared part by part.
NOT_FIELDS = frozenset(
    {
        "id", "revision", "created_at", "updated_at",
        "body", "text", "text_version", "quotes", "entities",
    }
)  # fmt: skip
TEXTS = ("headline", "standfirst")
# What a quote says and how it stands; where is another matter. A speaker's new name is no change.
WORDING = (
    "text", "kind", "speaker_label", "speaker_role", "cue", "said_at", "context", "language",
    "status", "detached", "reviewed", "retraction",
)  # fmt: skip
ROLE = ("role", "salience")
# A body has no more letters than that; quotes may share theirs, and then be many times as long.
MOST_COMPARED = 4 * MAX_BODY_BYTES

T = TypeVar("T", Block, ArticleQuote, ArticleEntity)


def article_difference(older: ArticleRead, newer: ArticleRead) -> ArticleDifference:
    return {
        "fields": list(field_differences(older, newer)),
        "blocks": list(block_differences(older["body"], newer["body"])),
        "quotes": list(quote_differences(older, newer)),
        "entities": list(entity_differences(older["entities"], newer["entities"])),
    }


# Any: members of whatever type
def field_differences(
    older: Mapping[str, Any], newer: Mapping[str, Any]
) -> Iterator[FieldDifference]:
    for name in dict.fromkeys([*newer, *older]):
        before, after = older.get(name), newer.get(name)
        if name in NOT_FIELDS or identity(name, before) == identity(name, after):
            continue
        is_media = name in ("lead_media", "media")
        yield {
            "name": name,
            "before": identity(name, before) if is_media else before,
            "after": identity(name, after) if is_media else after,
            "difference": steps(before or "", after or "") if name in TEXTS else [],
        }


# Any: a member of whatever type
def identity(name: str, value: Any) -> Any:
    """What tells whether a member is the same. That a publisher or media have changed themselves
    is no change of the article."""
    if name == "media":
        return [one["id"] for one in value or ()]
    return value and value["id"] if name in ("lead_media", "publisher") else value


def block_differences(older: list[Block], newer: list[Block]) -> Iterator[BlockDifference]:
    """In the order of the newer body; those that are not there any more come last."""
    old, new = by_id(older), by_id(newer)
    staying = staying_in_order(
        [one for one in old if one in new], [one for one in new if one in old]
    )
    old_index = {block_id: index for index, block_id in enumerate(old)}
    new_index = {block_id: index for index, block_id in enumerate(new)}
    for block_id in {**new, **old}:
        before, after = old.get(block_id), new.get(block_id)
        is_moved = before is not None and after is not None and block_id not in staying
        change = change_of(before, after, is_changed=before != after) or (
            "moved" if is_moved else None
        )
        if change is None:
            continue
        words, rewritten = text_of(before), text_of(after)
        yield {
            "id": block_id,
            "change": change,
            "moved": is_moved,
            "before": before,
            "after": after,
            "before_index": old_index.get(block_id),
            "after_index": new_index.get(block_id),
            "difference": [] if words == rewritten else steps(words, rewritten),
            "marks_changed": marked(before) != marked(after),
        }


def staying_in_order(old: list[str], new: list[str]) -> set[str]:
    """The most of these, the same in two orders, that need not be moved to get from one to the
    other."""
    blocks = LCSseq.editops(old, new).as_matching_blocks()
    return {one for start, _, size in blocks for one in old[start : start + size]}


def text_of(block: Block | None) -> str:
    return (block_text(block) if block is not None else None) or ""


def marked(block: Block | None) -> list[tuple[str, str | None, str]]:
    """The words that are marked, and how: their offsets alone change with any edit before them."""
    if block is None:
        return []
    # Any: items and text blocks alike have a text and marks, other blocks have none
    texts: list[Any] = block["items"] if block["type"] == "list" else [block]
    return [
        (mark["type"], mark.get("href"), one["text"][mark["start"] : mark["end"]])
        for one in texts
        for mark in one.get("marks", ())
    ]


def quote_differences(older: ArticleRead, newer: ArticleRead) -> Iterator[QuoteDifference]:
    """In the order of the newer article; those that are not there any more come last. The words of
    quotes that are very long together are not all compared."""
    old, new = by_id(older["quotes"]), by_id(newer["quotes"])
    places, new_places = Places(older["body"]), Places(newer["body"])
    left = MOST_COMPARED
    for quote_id in {**new, **old}:
        before, after = old.get(quote_id), new.get(quote_id)
        fields: list[str] = []
        if before is not None and after is not None:
            fields = different_members(before, after, WORDING)
            if speaker_of(before) != speaker_of(after):
                fields.append("speaker")
            if places.of(before) != new_places.of(after):
                fields.append("place")
        change = change_of(before, after, is_changed=bool(fields))
        if change is None:
            continue
        words = "" if before is None else before["text"]
        other = "" if after is None else after["text"]
        left -= len(words) + len(other)
        yield {
            "id": quote_id,
            "change": change,
            "fields": fields,
            "before": before,
            "after": after,
            "difference": steps(words, other) if words != other and left > 0 else [],
        }


class Places:
    """In which blocks of a body quotes stand."""

    def __init__(self, body: list[Block]) -> None:
        offsets = zip(block_offsets(body), body, strict=True)
        texts = [(start, block["id"]) for start, block in offsets if start is not None]
        self.starts = [start for start, _ in texts]
        self.ids = [block_id for _, block_id in texts]

    def of(self, quote: ArticleQuote) -> list[str]:
        """The block of each span; none for a quote that has lost its place."""
        return [self.ids[bisect_right(self.starts, one["start"]) - 1] for one in quote["spans"]]


def speaker_of(quote: ArticleQuote) -> str | None:
    return None if quote["speaker"] is None else quote["speaker"]["id"]


def entity_differences(
    older: list[ArticleEntity], newer: list[ArticleEntity]
) -> Iterator[EntityDifference]:
    """In the order of the newer article; those that are not there any more come last."""
    old, new = by_id(older), by_id(newer)
    for entity_id in {**new, **old}:
        before, after = old.get(entity_id), new.get(entity_id)
        fields: list[str] = []
        if before is not None and after is not None:
            fields = different_members(before, after, ROLE)
        change = change_of(before, after, is_changed=bool(fields))
        if change is not None:
            yield {
                "id": entity_id,
                "change": change,
                "fields": fields,
                "before": before,
                "after": after,
            }


def change_of(
    before: object, after: object, *, is_changed: bool
) -> Literal["added", "removed", "changed"] | None:
    if before is None:
        return "added"
    if after is None:
        return "removed"
    return "changed" if is_changed else None


# Any: members of whatever type
def different_members(
    before: Mapping[str, Any], after: Mapping[str, Any], names: Iterable[str]
) -> list[str]:
    return [name for name in names if before.get(name) != after.get(name)]


def steps(before: str, after: str) -> list[WordStep]:
    return [
        {"op": step.op, "before": step.old, "after": step.new} for step in word_steps(before, after)
    ]


def by_id(items: list[T]) -> dict[str, T]:
    return {item["id"]: item for item in items}

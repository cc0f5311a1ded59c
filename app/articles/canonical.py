"""The canonical text of a body, in which every offset counts, and the ids of its blocks."""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from json import dumps
from typing import Literal, NotRequired, cast

from rapidfuzz.distance import LCSseq
from typing_extensions import TypedDict

from app.documents.blocks import Block, ListItem, Mark
from app.documents.texts import normalised

TEXT_VERSION = 1
"""Raised when the same blocks would give another text."""

_SIMILARITY = 0.5
_NUMBERED_ID = re.compile("b([1-9][0-9]{0,8})")


class NewMedia(TypedDict):
    """Media that a body shows by their address; they may be new to the service."""

    url: str
    alt: str | None
    caption: str | None
    credit: str | None


class TextDraft(TypedDict):
    """A text block that may lack its id."""

    id: NotRequired[str]
    type: Literal["paragraph", "blockquote"]
    text: str
    marks: list[Mark]


class HeadingDraft(TypedDict):
    """A heading that may lack its id."""

    id: NotRequired[str]
    type: Literal["heading"]
    level: int
    text: str
    marks: list[Mark]


class ListDraft(TypedDict):
    """A list that may lack its id."""

    id: NotRequired[str]
    type: Literal["list"]
    ordered: bool
    items: list[ListItem]


class MediaDraft(TypedDict):
    """A picture or video that may lack its id, and whose media may still have to be added."""

    id: NotRequired[str]
    type: Literal["image", "video"]
    media: str | NewMedia


class EmbedDraft(TypedDict):
    """An embed that may lack its id."""

    id: NotRequired[str]
    type: Literal["embed"]
    url: str
    title: str | None


DraftBlock = TextDraft | HeadingDraft | ListDraft | MediaDraft | EmbedDraft
AnyBlock = Block | DraftBlock


class DuplicateBlockId(ValueError):
    """Two blocks of one body were sent with the same id; `index` is the second one's place."""

    def __init__(self, index: int, block_id: str) -> None:
        super().__init__(f"Block {index} has the id {block_id} of an earlier block.")
        self.index = index
        self.block_id = block_id


def canonical_text(blocks: Sequence[AnyBlock]) -> str:
    """The texts of the blocks with a blank line between them, the items of a list on a line each.

    Nothing is folded here: blocks hold normalised texts, and no text gains or loses by what it
    is joined to, so that a block's own offsets hold from where the block starts.
    """
    texts = (block_text(block) for block in blocks)
    return "\n\n".join(text for text in texts if text is not None)


def block_offsets(blocks: Sequence[AnyBlock]) -> list[int | None]:
    """Where each block starts in the canonical text; None for one without text."""
    offsets: list[int | None] = []
    position = 0
    for block in blocks:
        text = block_text(block)
        offsets.append(None if text is None else position)
        position += 0 if text is None else len(text) + len("\n\n")
    return offsets


def block_text(block: AnyBlock) -> str | None:
    """What a block gives to the canonical text."""
    if block["type"] == "list":
        return "\n".join(item["text"] for item in block["items"])
    if block["type"] in ("paragraph", "heading", "blockquote"):
        return block["text"]
    return None


def normalise_text(text: str, marks: Sequence[Mark]) -> tuple[str, list[Mark]]:
    """`text` in NFC and with LF, and the marks on the same words.

    A mark that starts or ends inside characters that become one covers that one whole.
    """
    kept = normalised(text)
    if kept == text:
        return text, list(marks)
    before, after, unchanged = [0], [0], list[bool]()
    for piece in _pieces(text):
        new = normalised(piece)
        unchanged.append(new == piece)
        before.append(before[-1] + len(piece))
        after.append(after[-1] + len(new))

    def moved(offset: int, *, is_end: bool) -> int:
        index = bisect_right(before, offset) - 1
        into = offset - before[index]
        if into == 0:
            return after[index]
        return after[index] + into if unchanged[index] else after[index + is_end]

    return kept, [
        mark
        | Mark(
            type=mark["type"],
            start=moved(mark["start"], is_end=False),
            end=moved(mark["end"], is_end=True),
        )
        for mark in marks
    ]


def assign_block_ids(
    blocks: Sequence[DraftBlock], previous_blocks: Sequence[Block], last_number: int
) -> tuple[list[Block], int]:
    """The blocks with an id each, and the last number that an id was made of.

    A block keeps the id that it was sent with. Another takes that of the equal previous block,
    or of a similar one in the same place; else it gets a number that no block had before. The
    media of the blocks have to be known: a picture is the same when its media is.
    Raises DuplicateBlockId.
    """
    sent: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("id")
        if block_id in sent:
            raise DuplicateBlockId(index, block_id)
        if block_id is not None:
            sent.add(block_id)
    nameless = [block for block in blocks if block.get("id") is None]
    unclaimed = [block for block in previous_blocks if block["id"] not in sent]
    inherited = _inherited_ids(nameless, unclaimed)

    used = sent.union(block["id"] for block in previous_blocks)
    numbers = (int(found[1]) for name in used if (found := _NUMBERED_ID.fullmatch(name)))
    last_number = max(last_number, *numbers, 0)
    named: list[Block] = []
    position = 0
    for block in blocks:
        block_id = block.get("id")
        if block_id is None:
            block_id = inherited.get(position)
            position += 1
        while block_id is None:
            last_number += 1
            # An id with more digits than are counted above may have been sent.
            block_id = name if (name := f"b{last_number}") not in used else None
        # The cast: a draft with its id and known media is a block.
        named.append(cast(Block, {**block, "id": block_id}))
    return named, last_number


def _pieces(text: str) -> Iterator[str]:
    """The text in parts that are normalised one without regard to the other."""
    start = 0
    for end in range(1, len(text)):
        if not _joins(text[end]) and text[end - 1 : end + 1] != "\r\n":
            yield text[start:end]
            start = end
    yield text[start:]


@lru_cache(maxsize=4096)
def _joins(character: str) -> bool:
    """Whether NFC may unite the character with those before it: combining marks, the vowels and
    final consonants of Hangul, two vowel signs of Kirat Rai."""
    return (
        unicodedata.category(character).startswith("M")
        or "\u1160" <= character <= "\u11ff"
        or "\U00016d63" <= character <= "\U00016d67"
    )


def _inherited_ids(blocks: Sequence[DraftBlock], previous: Sequence[Block]) -> dict[int, str]:
    """The ids that blocks take from previous ones, by the place of the block."""
    if not previous:
        return {}
    numbers: dict[str, int] = {}
    old = [numbers.setdefault(_content(block), len(numbers)) for block in previous]
    new = [numbers.setdefault(_content(block), len(numbers)) for block in blocks]
    pairs: list[tuple[int, int]] = []
    old_end = new_end = 0
    # difflib is cubic at worst: 2,000 blocks of two texts in turn took it 45 seconds.
    for i, j, size in LCSseq.editops(old, new).as_matching_blocks():
        pairs += _similar_pairs(previous, range(old_end, i), blocks, range(new_end, j))
        pairs += zip(range(i, i + size), range(j, j + size), strict=True)
        old_end, new_end = i + size, j + size
    return {j: previous[i]["id"] for i, j in pairs}


def _content(block: AnyBlock) -> str:
    """What a block holds, beside its id."""
    return dumps({key: value for key, value in block.items() if key != "id"}, sort_keys=True)


def _similar_pairs(
    previous: Sequence[Block], old: range, blocks: Sequence[DraftBlock], new: range
) -> list[tuple[int, int]]:
    """The pairs of similar texts between two equal neighbours: each with each where there are as
    many before as after, else as far as they are similar from the top and from the bottom."""

    def is_similar(i: int, j: int) -> bool:
        return _are_similar(block_text(previous[i]), block_text(blocks[j]))

    if len(old) == len(new):
        return [(i, j) for i, j in zip(old, new, strict=True) if is_similar(i, j)]
    pairs: list[tuple[int, int]] = []
    while old and new and is_similar(old[0], new[0]):
        pairs.append((old[0], new[0]))
        old, new = old[1:], new[1:]
    while old and new and is_similar(old[-1], new[-1]):
        pairs.append((old[-1], new[-1]))
        old, new = old[:-1], new[:-1]
    return pairs


def _are_similar(one: str | None, other: str | None) -> bool:
    """Whether two texts share at least half of their runs of three characters: unrelated prose
    shares a quarter, and the count is linear in the texts' lengths."""
    if one is None or other is None:
        return False
    if one == other:
        return True
    ones = Counter(zip(one, one[1:], one[2:], strict=False))
    others = Counter(zip(other, other[1:], other[2:], strict=False))
    total = ones.total() + others.total()
    return total > 0 and 2 * (ones & others).total() >= _SIMILARITY * total

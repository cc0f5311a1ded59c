"""The canonical text of blocks, and the ids that they keep from save to save."""

import sys
import unicodedata
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.articles.canonical import (
    DraftBlock,
    DuplicateBlockId,
    ListDraft,
    MediaDraft,
    TextDraft,
    assign_block_ids,
    block_offsets,
    block_text,
    canonical_text,
    normalise_text,
)
from app.documents.blocks import Block, Mark

LONG = {
    "a": "The harbour board met on Monday to hear the pilots’ case.",
    "b": "Ina Roth said that the boats would stay where they are.",
    "c": "Dockers walked out in August over a plan to sell nine vessels.",
    "d": "No date has been set for the next sitting of the council.",
}


def paragraph(text: str, block_id: str | None = None) -> DraftBlock:
    block = TextDraft(type="paragraph", text=text, marks=[])
    if block_id is not None:
        block["id"] = block_id
    return block


def picture(media: str) -> MediaDraft:
    return {"type": "image", "media": media}


def a_list(*items: str) -> ListDraft:
    return {"type": "list", "ordered": False, "items": [{"text": x, "marks": []} for x in items]}


def saved(*texts: str) -> list[Block]:
    return assign_block_ids([paragraph(text) for text in texts], [], 0)[0]


def ids(blocks: list[Block]) -> list[str]:
    return [block["id"] for block in blocks]


def ids_after(blocks: list[DraftBlock], previous: list[Block], last_number: int) -> list[str]:
    return ids(assign_block_ids(blocks, previous, last_number)[0])


# The text

BODY: list[DraftBlock] = [
    {"type": "heading", "level": 1, "text": "Head", "marks": []},
    picture("m" * 26),
    paragraph("One\ntwo"),
    a_list("a", "b"),
    {"type": "embed", "url": "https://a.example/", "title": "Not in the text"},
    {"type": "blockquote", "text": "quoted", "marks": []},
]


def test_the_text_joins_the_texts_of_the_blocks() -> None:
    assert canonical_text(BODY) == "Head\n\nOne\ntwo\n\na\nb\n\nquoted"
    assert block_offsets(BODY) == [0, None, 6, 15, None, 20]


def test_a_body_without_text_has_none() -> None:
    assert canonical_text([]) == ""
    assert canonical_text([picture("m" * 26)]) == ""
    assert block_offsets([picture("m" * 26)]) == [None]


ANY_TEXT = st.text(
    st.one_of(
        st.sampled_from("ab \n\r\u00a0\u0301\u0323\u0344\u1112\u1161\u11ab\uac00\u0958\u212b😀"),
        st.characters(exclude_categories=["Cs"]),
    ),
    min_size=1,
    max_size=12,
)


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    text = draw(ANY_TEXT)
    spans = st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text)))
    marks = [
        Mark(type="strong", start=min(start, end - 1), end=max(start + 1, end))
        for start, end in draw(st.lists(spans, max_size=4))
    ]
    return text, marks


@st.composite
def drafts(draw: st.DrawFn) -> list[DraftBlock]:
    blocks: list[DraftBlock] = []
    for kind in draw(st.lists(st.sampled_from(["paragraph", "list", "image"]), max_size=6)):
        if kind == "image":
            blocks.append(picture("m" * 26))
        elif kind == "list":
            texts = draw(st.lists(ANY_TEXT, min_size=1, max_size=3))
            blocks.append(a_list(*(normalise_text(text, [])[0] for text in texts)))
        else:
            blocks.append(paragraph(normalise_text(draw(ANY_TEXT), [])[0]))
    return blocks


@given(drafts())
def test_the_text_is_canonical_and_offsets_are_where_the_blocks_start(
    blocks: list[DraftBlock],
) -> None:
    text = canonical_text(blocks)

    assert unicodedata.is_normalized("NFC", text)
    assert "\r" not in text
    for block, offset in zip(blocks, block_offsets(blocks), strict=True):
        own = block_text(block)
        assert (own is None) == (offset is None)
        if own is not None and offset is not None:
            assert text[offset : offset + len(own)] == own


@given(marked())
def test_marks_stay_on_the_same_words(given_text: tuple[str, list[Mark]]) -> None:
    text, marks = given_text

    kept, kept_marks = normalise_text(text, marks)

    assert kept == unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    for mark, kept_mark in zip(marks, kept_marks, strict=True):
        words = normalise_text(text[mark["start"] : mark["end"]], [])[0]
        kept_words = kept[kept_mark["start"] : kept_mark["end"]]
        assert 0 <= kept_mark["start"] < kept_mark["end"] <= len(kept)
        # Decomposed, since a mark may start or end inside what became one character.
        assert unicodedata.normalize("NFD", words) in unicodedata.normalize("NFD", kept_words) or (
            is_reordered(words)
        )
    assert normalise_text(kept, kept_marks) == (kept, kept_marks)


def is_reordered(text: str) -> bool:
    """Whether it holds combining marks, whose order may depend on others around them."""
    return any(unicodedata.combining(character) for character in text)


def test_every_character_that_joins_the_one_before_is_known() -> None:
    for number in range(sys.maxunicode + 1):
        parts = unicodedata.decomposition(chr(number)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            decomposed = chr(int(parts[0], 16)) + chr(int(parts[1], 16))
            composed = unicodedata.normalize("NFC", decomposed)

            _, [mark] = normalise_text(decomposed + "\r", [Mark(type="strong", start=1, end=2)])

            is_kept = composed == decomposed
            assert (mark["start"], mark["end"]) == ((1, 2) if is_kept else (0, len(composed)))


def test_a_long_text_is_normalised_in_linear_time() -> None:
    text = "e\u0301 " * 100_000
    marks = [Mark(type="strong", start=n, end=n + 2) for n in range(0, 300_000, 3)]
    start = process_time()

    kept, kept_marks = normalise_text(text, marks)

    assert {kept[mark["start"] : mark["end"]] for mark in kept_marks} == {"é"}
    assert process_time() - start < 5


# The ids


def test_new_blocks_are_numbered_from_the_last_number() -> None:
    blocks, last_number = assign_block_ids([paragraph("a"), picture("m" * 26)], [], 7)

    assert blocks == [
        {"type": "paragraph", "text": "a", "marks": [], "id": "b8"},
        {"type": "image", "media": "m" * 26, "id": "b9"},
    ]
    assert last_number == 9


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        pytest.param("abcd", "abcd", "b1 b2 b3 b4", id="the same"),
        pytest.param("abcd", "acd", "b1 b3 b4", id="one removed"),
        pytest.param("abd", "abcd", "b1 b2 b4 b3", id="one added"),
        pytest.param("ab", "cdab", "b3 b4 b1 b2", id="two added before"),
        pytest.param("abcd", "aBcd", "b1 b2 b3 b4", id="one edited"),
        pytest.param("abcd", "ABCD", "b1 b2 b3 b4", id="all edited"),
        pytest.param("abd", "aBcd", "b1 b2 b4 b3", id="one edited and one added after it"),
        pytest.param("acd", "abCd", "b1 b4 b2 b3", id="one edited and one added before it"),
        pytest.param("abcd", "abDc", "b1 b2 b5 b3", id="one moved and edited"),
        pytest.param("ab", "cd", "b3 b4", id="all replaced"),
        pytest.param("aab", "aaab", "b1 b2 b4 b3", id="equal ones"),
        pytest.param("abab", "bab", "b2 b3 b4", id="equal ones removed"),
        pytest.param("", "a", "b1", id="from nothing"),
        pytest.param("a", "", "", id="to nothing"),
    ],
)
def test_blocks_keep_their_ids(before: str, after: str, kept: str) -> None:
    texts = LONG | {letter.upper(): text + " It was added." for letter, text in LONG.items()}
    previous = saved(*(texts[letter] for letter in before))

    found = ids_after([paragraph(texts[letter]) for letter in after], previous, len(before))

    assert found == kept.split()


def test_a_change_of_marks_or_type_keeps_the_id() -> None:
    previous = saved(LONG["a"], LONG["b"])
    edited: list[DraftBlock] = [
        {"type": "heading", "level": 2, "text": LONG["a"], "marks": []},
        {
            **TextDraft(
                type="paragraph", text=LONG["b"], marks=[Mark(type="strong", start=0, end=3)]
            )
        },
    ]

    assert ids_after(edited, previous, 2) == ["b1", "b2"]


def test_another_picture_gets_another_id() -> None:
    previous, last_number = assign_block_ids([paragraph("a"), picture("m" * 26)], [], 0)

    found = ids_after([paragraph("a"), picture("n" * 26)], previous, last_number)

    assert found == ["b1", "b3"]


def test_an_id_that_is_sent_is_kept_and_taken_from_nobody() -> None:
    previous = saved(LONG["a"], LONG["b"], LONG["c"])
    sent = [
        paragraph(LONG["c"], "b3"),
        paragraph("new", "lead"),
        paragraph(LONG["a"]),
        paragraph(LONG["b"] + " More.", "b1"),
    ]

    blocks, last_number = assign_block_ids(sent, previous, 3)

    # The first of the previous blocks is spoken for, so that its equal is a new one.
    assert ids(blocks) == ["b3", "lead", "b4", "b1"]
    assert last_number == 4


def test_a_number_is_never_used_again() -> None:
    previous = saved("a", "b", "c")
    blocks, last_number = assign_block_ids([paragraph("a")], previous, 3)

    assert ids_after([paragraph("a"), paragraph("x y z")], blocks, last_number) == ["b1", "b4"]


def test_numbers_that_a_client_sent_are_passed_over() -> None:
    sent = [paragraph("a", "b12"), paragraph("b"), paragraph("c", "b" + "9" * 31), paragraph("d")]

    blocks, last_number = assign_block_ids(sent, [], 0)

    assert ids(blocks) == ["b12", "b13", "b" + "9" * 31, "b14"]
    assert last_number == 14


def test_an_id_that_is_sent_twice_is_refused() -> None:
    with pytest.raises(DuplicateBlockId, match="Block 2 has the id x") as refused:
        assign_block_ids([paragraph("a", "x"), paragraph("b"), paragraph("c", "x")], [], 0)

    assert isinstance(refused.value, ValueError)
    assert refused.value.index == 2


TEXTS = st.lists(st.sampled_from(["a", "b", "c", *LONG.values()]), max_size=12)
NAMED = st.tuples(st.sampled_from(["a", *LONG.values()]), st.sampled_from([None, "b1", "b9", "x"]))


@given(TEXTS, st.lists(NAMED, max_size=12, unique_by=lambda pair: pair[1] or object()))
def test_ids_are_unique_and_stable(texts: list[str], sent: list[tuple[str, str | None]]) -> None:
    previous, last_number = assign_block_ids([paragraph(text) for text in texts], [], 0)

    blocks, next_number = assign_block_ids(
        [paragraph(*pair) for pair in sent], previous, last_number
    )

    assert len(set(ids(blocks))) == len(blocks)
    assert next_number >= last_number
    assert all(
        block_id in (None, block["id"]) for (_, block_id), block in zip(sent, blocks, strict=True)
    )
    nameless = [paragraph(text) for text, _ in sent]
    assert assign_block_ids(nameless, blocks, next_number) == (blocks, next_number)


@given(TEXTS, TEXTS)
def test_what_goes_from_a_body_does_not_come_back(before: list[str], after: list[str]) -> None:
    first, number = assign_block_ids([paragraph(text) for text in before], [], 0)
    second, number = assign_block_ids([paragraph(text) for text in after], first, number)
    third, _ = assign_block_ids([paragraph(text) for text in before], second, number)

    assert not set(ids(third)) & (set(ids(first)) - set(ids(second)))


def many(texts: list[str]) -> list[Any]:  # Any: a block once it has an id
    return [paragraph(text) for text in texts]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            [f"{n} words" for n in range(2000)], [f"{n} words" for n in range(2000)], id="same"
        ),
        pytest.param(
            [str(n) for n in range(2000)], [str(n) for n in range(1999, -1, -1)], id="reversed"
        ),
        pytest.param(["a", "b"] * 1000, ["a", "a", "b", "b"] * 500, id="two in turn"),
        pytest.param(["a"] * 2000, ["a"] * 1999, id="all equal"),
        pytest.param(["a" * 500] * 2000, ["b" * 500] * 2000, id="all replaced"),
        pytest.param(
            [LONG["a"] * 9 + str(n) for n in range(2000)],
            [LONG["a"] * 9 + str(n + 5000) for n in range(1999)],
            id="all similar",
        ),
    ],
)
def test_two_thousand_blocks_are_matched_fast(before: list[str], after: list[str]) -> None:
    previous, last_number = assign_block_ids(many(before), [], 0)
    start = process_time()

    blocks, _ = assign_block_ids(many(after), previous, last_number)

    assert len(set(ids(blocks))) == len(after)
    assert process_time() - start < 5

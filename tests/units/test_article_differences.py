"""What is different between two states of an article."""

from itertools import pairwise
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.articles.differences import article_difference
from app.documents.articles import ArticleRead
from app.documents.blocks import Block
from app.documents.revisions import ArticleDifference, FieldDifference
from app.quotes.steps import word_steps

# Any: parts of documents are JSON
Document = dict[str, Any]

TEXTS = st.text(alphabet="ab “”\"'’.,\n\u00e9\U0001f6a2港", max_size=30)


def state(**members: Any) -> ArticleRead:
    empty: Document = {"headline": "", "standfirst": None, "body": [], "quotes": [], "entities": []}
    return cast(ArticleRead, {**empty, **members})


def paragraph(block_id: str, text: str, **members: Any) -> Block:
    return cast(Block, {"id": block_id, "type": "paragraph", "text": text, "marks": [], **members})


@st.composite
def bodies(draw: st.DrawFn) -> list[Block]:
    ids = draw(st.lists(st.sampled_from(["b1", "b2", "b3", "b4", "b5"]), unique=True))
    return [paragraph(one, draw(TEXTS)) for one in ids]


@given(TEXTS, TEXTS, st.booleans())
def test_the_steps_give_both_texts(old: str, new: str, exact: bool) -> None:
    found = list(word_steps(old, new, exact=exact))

    assert "".join(step.old for step in found) == old
    assert "".join(step.new for step in found) == new
    assert all(step.is_equal != other.is_equal for step, other in pairwise(found))
    if exact:
        assert all((step.old == step.new) == step.is_equal for step in found)


@given(TEXTS)
def test_a_text_is_no_different_from_itself(text: str) -> None:
    assert [step.op for step in word_steps(text, text)] in ([], ["equal"])


def test_steps_are_of_whole_words() -> None:
    found = list(word_steps("Crews return on Friday.", "All crews return on “Monday”."))

    assert [(step.op, step.old, step.new) for step in found] == [
        ("replace", "Crews ", "All crews "),
        ("equal", "return on ", "return on "),
        ("replace", "Friday", "“Monday”"),
        ("equal", ".", "."),
    ]


@given(bodies())
def test_what_is_the_same_has_no_difference(body: list[Block]) -> None:
    found = article_difference(state(body=body), state(body=list(body)))

    assert found == {"fields": [], "blocks": [], "quotes": [], "entities": []}


@given(bodies(), bodies())
def test_the_newer_body_is_made_of_the_older_and_the_difference(
    old: list[Block], new: list[Block]
) -> None:
    found = article_difference(state(body=old), state(body=new))["blocks"]

    moved_or_new = {one["id"] for one in found if one["moved"] or one["change"] == "added"}
    staying = [one["id"] for one in old if one["id"] in {block["id"] for block in new}]
    staying = [one for one in staying if one not in moved_or_new]
    assert [one["id"] for one in new if one["id"] not in moved_or_new] == staying
    rebuilt = {one["id"]: one for one in old}
    for one in found:
        if one["change"] == "removed":
            del rebuilt[one["id"]]
        elif one["after"] is not None:
            rebuilt[one["id"]] = one["after"]
    assert rebuilt == {one["id"]: one for one in new}
    for one in found:
        texts = [text_of(one["before"]), text_of(one["after"])]
        if texts[0] != texts[1]:
            assert ["".join(step[side] for step in one["difference"])
                    for side in ("before", "after")] == texts  # fmt: skip
        else:
            assert one["difference"] == []


def text_of(block: Block | None) -> str:
    return "" if block is None else str(cast(Document, block)["text"])


@given(bodies(), bodies())
def test_what_is_added_one_way_is_removed_the_other(old: list[Block], new: list[Block]) -> None:
    there = article_difference(state(body=old), state(body=new))
    back = article_difference(state(body=new), state(body=old))

    for change, other in [("added", "removed"), ("removed", "added"), ("changed", "changed")]:
        assert ids(there, change) == ids(back, other)
    assert sum(one["moved"] for one in there["blocks"]) == sum(
        one["moved"] for one in back["blocks"]
    )


def ids(found: ArticleDifference, change: str) -> set[str]:
    return {one["id"] for one in found["blocks"] if one["change"] == change}


def test_a_block_that_is_moved_is_not_one_that_is_rewritten() -> None:
    first, second, third = (paragraph(f"b{number}", f"Number {number}.") for number in (1, 2, 3))

    (found,) = article_difference(
        state(body=[first, second, third]), state(body=[third, first, second])
    )["blocks"]

    assert found == {
        "id": "b3",
        "change": "moved",
        "moved": True,
        "before": third,
        "after": third,
        "before_index": 2,
        "after_index": 0,
        "difference": [],
        "marks_changed": False,
    }


@pytest.mark.parametrize(
    ("text", "start", "end", "changed"),
    [
        pytest.param("Crews return.", 0, 5, False, id="the same"),
        pytest.param("All Crews return.", 4, 9, False, id="shifted with its words"),
        pytest.param("Crews return.", 6, 12, True, id="other words"),
    ],
)
def test_marks_are_compared_by_their_words(text: str, start: int, end: int, changed: bool) -> None:
    def marked(text: str, start: int, end: int) -> list[Block]:
        return [paragraph("b1", text, marks=[{"type": "strong", "start": start, "end": end}])]

    found = article_difference(
        state(body=marked("Crews return.", 0, 5)), state(body=marked(text, start, end))
    )["blocks"]

    assert any(one["marks_changed"] for one in found) == changed


def test_lists_are_compared_by_their_items() -> None:
    def listed(*texts: str) -> list[Block]:
        items = [{"text": text, "marks": []} for text in texts]
        block = {"id": "b1", "type": "list", "ordered": False, "items": items}
        return [cast(Block, block)]

    (found,) = article_difference(
        state(body=listed("Ferries", "Crews")), state(body=listed("Ferries", "Boats", "Crews"))
    )["blocks"]

    assert found["change"] == "changed"
    assert "".join(step["after"] for step in found["difference"]) == "Ferries\nBoats\nCrews"


def test_media_and_publishers_are_compared_by_their_ids() -> None:
    def shown(caption: str, name: str) -> ArticleRead:
        return state(
            lead_media={"id": "m1", "caption": caption},
            media=[{"id": "m1", "caption": caption}, {"id": "m2"}],
            publisher={"id": "p1", "name": name},
        )

    older = shown("Crews", "The Post")
    newer = cast(ArticleRead, {**shown("Boats", "The Mail"), "lead_media": {"id": "m2"}})
    (found,) = article_difference(older, newer)["fields"]

    expected = FieldDifference(name="lead_media", before="m1", after="m2", difference=[])
    assert found == expected

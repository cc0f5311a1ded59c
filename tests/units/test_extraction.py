"""What an extraction proposes for short texts, with the model and without it."""

import pytest

from app.errors import ExtractionModelMissing
from app.extraction.engine import MOST_QUOTES, extract
from app.extraction.language_models import load_model
from app.models.article import MAX_QUOTES
from tests.extraction import read, told

FERRY = (
    "Harbour union leader Ann Lee met the owners on Friday.\n\n"
    '“We will not sell," she said. “Not now.”\n\n'
    "The strike had lasted nine days."
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("Ann Lee left. “We stay,” Lee said.", "Ann Lee", id="name before the verb"),
        pytest.param("“We stay,” said Ann Lee, a pilot.", "Ann Lee", id="name after the verb"),
        pytest.param("Ann Lee said: “We stay.”", "Ann Lee", id="colon"),
        pytest.param("“We stay,” union leader Ann Lee told reporters.", "Ann Lee", id="role"),
        pytest.param("“We stay,” according to Ann Lee.", "Ann Lee", id="according to"),
        pytest.param("Ann Lee: “We stay for ever.”", "Ann Lee", id="label"),
        pytest.param("“We stay for ever.” — Ann Lee.", "Ann Lee", id="signature"),
        pytest.param("“We stay!” cheered Ann Lee.", "Ann Lee", id="any verb before a name"),
        pytest.param(
            "“We stay,” Ann Lee, who led the talks, said.", "Ann Lee", id="clause between"
        ),
    ],
)
def test_a_cue_beside_the_marks_names_the_speaker(text: str, name: str) -> None:
    (quote,) = extract(text).quotes
    by_model = read(text).quotes[0]

    assert quote.kind == by_model.kind == "direct"
    assert quote.speaker is not None
    assert quote.speaker.name == name
    assert text[quote.speaker.start : quote.speaker.end] in name
    assert by_model.speaker is not None
    assert by_model.speaker.name == name


def test_a_pronoun_is_the_person_before_and_keeps_the_role() -> None:
    proposal = read(FERRY)

    assert told(FERRY, proposal) == [("We will not sell,", "Ann Lee"), ("Not now.", "Ann Lee")]
    assert {quote.role for quote in proposal.quotes} == {"Harbour union leader"}


def test_a_cue_is_a_span_of_the_text() -> None:
    quote = extract(FERRY).quotes[0]

    assert quote.cue is not None
    assert FERRY[quote.cue.start : quote.cue.end] == "said"
    assert quote.rule == "cue-after"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(
            "“We will not sell,” Ann Lee said, “and we will not leave.”",
            "We will not sell, … and we will not leave.",
            id="interrupted",
        ),
        pytest.param(
            "Ann Lee said: “We will not sell.\n\n“And we will not leave.”",
            "We will not sell. … And we will not leave.",
            id="of two paragraphs",
        ),
    ],
)
def test_a_quote_of_several_parts_is_one_quote(text: str, words: str) -> None:
    assert told(text, extract(text)) == [(words, "Ann Lee")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("She starred in the film “Winter Harbour” last year.", id="film"),
        pytest.param("Ann Lee spoke on “Good Evening Coast” on Friday.", id="show"),
        pytest.param("The boat, dubbed “the tub,” sank.", id="nickname"),
        pytest.param("Critics fear the “sharing” economy.", id="scare quote"),
    ],
)
def test_titles_and_scare_quotes_are_no_quotes(text: str) -> None:
    assert told(text, read(text)) == []


def test_marked_words_in_a_paraphrase_are_partial() -> None:
    text = "Ann Lee said the offer was “an insult to every crew” on the coast."

    assert told(text, read(text), "partial") == [("an insult to every crew", "Ann Lee")]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("Ann Lee said on Friday that crews would return.", "crews would return"),
        ("Crews would return on Friday, Ann Lee said.", "Crews would return on Friday"),
        ("According to Ann Lee, crews will return soon.", "crews will return soon"),
        ("Ann Lee urged the owners to raise the pay.", "the owners to raise the pay"),
    ],
)
def test_indirect_quotes_are_clauses(text: str, content: str) -> None:
    assert told(text, read(text), "indirect") == [(content, "Ann Lee")]


def test_a_line_without_an_end_mark_reports_nothing() -> None:
    text = "News / Harbour\n\nAnn Lee says crews will return\n\nUnion leader Ann Lee"

    assert read(text).quotes == ()


def test_entities_are_grouped_under_one_name() -> None:
    text = (
        "Angela Merkel flew to Paris on Monday. Merkel will meet the World Bank.\n\n"
        "In Paris, Merkel said little."
    )

    found = {(one.type, one.name): len(one.mentions) for one in read(text).entities}

    assert found["person", "Angela Merkel"] == 3
    assert found["place", "Paris"] == 2


def test_without_a_model_people_who_speak_are_entities() -> None:
    (entity,) = extract(FERRY.replace("she said", "Lee said")).entities

    assert (entity.type, entity.name) == ("person", "Ann Lee")


def test_no_more_quotes_are_proposed_than_an_article_may_hold() -> None:
    assert MOST_QUOTES == MAX_QUOTES
    assert len(extract("“We stay,” said Ann Lee.\n\n" * 600).quotes) == MAX_QUOTES


def test_a_model_is_used_if_it_is_there_unless_it_was_asked_for() -> None:
    assert load_model("") is None
    with pytest.raises(ExtractionModelMissing, match=r"en_no_such_model.*onrecord\[extract\]"):
        load_model("en_no_such_model")

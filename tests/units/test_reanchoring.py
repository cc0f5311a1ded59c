"""Where quotes stand after an edit: at the same utterance, word for word, or nowhere."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.quotes.anchoring import Span, check_spans, context_of
from app.quotes.reanchoring import Anchored, Placement, reanchor

LEDE = "Dockers at Varnholm went back to work on Friday."
ROTH = "“We will not sell the boats,” harbour chief Ina Roth said on Monday."
ADEYEMI = "“We will not sell the boats,” engineer Tom Adeyemi told the board on Tuesday."
END = "The port opens again at noon, and the first ferry leaves at one."
WORDS = "We will not sell the boats,"


def article(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


def quote_of(text: str, *parts: str, after: str = "") -> Anchored:
    """A quote of these words, the first ones that stand behind `after`."""
    spans = []
    at = text.index(after)
    for part in parts:
        start = text.index(part, at)
        at = start + len(part)
        spans.append(Span(start, at))
    return Anchored(tuple(spans), *context_of(text, spans))


def placed(old: str, new: str, quote: Anchored) -> Placement:
    (placement,) = reanchor(old, new, [quote])
    for span, former in zip(placement.spans, quote.spans, strict=False):
        assert new[span.start : span.end] == old[former.start : former.end]
    return placement


OLD = article(LEDE, ROTH, ADEYEMI, END)


@pytest.mark.parametrize(
    ("new", "state", "behind"),
    [
        pytest.param(OLD, "anchored", "Friday.", id="nothing changed"),
        pytest.param(
            article(LEDE, ROTH, ADEYEMI, "The port stays shut."), "anchored", LEDE, id="after it"
        ),
        pytest.param(
            article(LEDE, ROTH.replace("Monday", "Sunday evening"), ADEYEMI, END),
            "anchored",
            LEDE,
            id="in its paragraph, behind it",
        ),
        pytest.param(
            article("Varnholm:", LEDE, ROTH, ADEYEMI, END), "moved", LEDE, id="paragraph before it"
        ),
        pytest.param(
            article(LEDE, "On Monday: " + ROTH, ADEYEMI, END),
            "moved",
            LEDE,
            id="in its paragraph, before it",
        ),
        pytest.param(article(ROTH, ADEYEMI, END), "moved", "", id="paragraph before it deleted"),
        pytest.param(
            article(LEDE, ADEYEMI, END, ROTH), "moved", END, id="its paragraph moved to the end"
        ),
        pytest.param(
            article(LEDE, ADEYEMI, ROTH, END), "moved", "Tuesday", id="changed places with another"
        ),
        pytest.param(
            article(LEDE + " " + ROTH, ADEYEMI, END), "moved", LEDE, id="joined to the one before"
        ),
        pytest.param(
            article(LEDE, ROTH.replace(" harbour", "\n\nHarbour"), ADEYEMI, END),
            "anchored",
            LEDE,
            id="its paragraph divided",
        ),
        pytest.param(
            article(LEDE, ADEYEMI, ROTH, ADEYEMI, END),
            "moved",
            "Tuesday",
            id="another utterance set before it",
        ),
    ],
)
def test_a_quote_follows_its_utterance(new: str, state: str, behind: str) -> None:
    start = new.index(WORDS, new.index(behind))

    placement = placed(OLD, new, quote_of(OLD, WORDS))

    assert (placement.state, placement.spans) == (state, (Span(start, start + len(WORDS)),))


@pytest.mark.parametrize(
    "new",
    [
        pytest.param(article(LEDE, ADEYEMI, END), id="its paragraph deleted"),
        pytest.param(
            article(ADEYEMI, LEDE, END), id="its paragraph deleted, and the other one moved"
        ),
        pytest.param(article(LEDE, "Roth said no.", ADEYEMI, END), id="its paragraph written anew"),
        pytest.param(
            article(LEDE, ROTH.replace("not", "never"), ADEYEMI, END), id="a word changed"
        ),
        pytest.param(
            article(LEDE, ROTH.replace("sell the", "sell\u00a0the"), ADEYEMI, END),
            id="white space changed",
        ),
        pytest.param(
            article(LEDE, ADEYEMI.replace("told the board on", "said last"), END),
            id="its paragraph deleted, and the other one edited",
        ),
        pytest.param(
            article(LEDE, ADEYEMI + " " + END), id="its paragraph deleted, and the other one joined"
        ),
        pytest.param("", id="all deleted"),
        pytest.param("Another story altogether, about a lighthouse.", id="another text"),
    ],
)
def test_a_quote_that_is_gone_is_not_placed_on_another_utterance(new: str) -> None:
    placement = placed(OLD, new, quote_of(OLD, WORDS))

    assert placement == Placement("lost")


def test_the_same_place_is_not_kept_for_what_came_there_from_elsewhere() -> None:
    same = "“We will not sell the boats,” said one of the dockers at the harbour gate "
    old = article(LEDE, same + "on Monday.", same + "on Tuesday.", END)
    new = article(LEDE, same + "on Tuesday.", END)
    first, second = quote_of(old, WORDS), quote_of(old, WORDS, after="Monday")

    assert [placement.state for placement in reanchor(old, new, [first, second])] == [
        "lost",
        "moved",
    ]


@pytest.mark.parametrize(
    "new",
    [
        pytest.param(article(LEDE, END, ADEYEMI), id="moved there"),
        pytest.param(
            article(LEDE, END, ADEYEMI.replace("engineer", "the engineer")), id="and changed"
        ),
        pytest.param(
            article(LEDE, END, ADEYEMI.replace(" engineer", "\n\nEngineer")), id="and divided"
        ),
    ],
)
def test_another_utterance_that_takes_its_place_is_not_it(new: str) -> None:
    old = article(LEDE, ADEYEMI, END, ROTH)

    assert placed(old, new, quote_of(old, WORDS, after=END)).spans == ()


def test_two_utterances_that_change_places_and_words_are_not_confused() -> None:
    new = article(
        LEDE, ADEYEMI.replace("told the", "told their"), END, ROTH.replace("said", "repeated")
    )
    old = article(LEDE, ROTH, END, ADEYEMI)
    first, second = quote_of(old, WORDS), quote_of(old, WORDS, after=END)

    for quote, wrong in ((first, LEDE), (second, END)):
        placement = placed(old, new, quote)
        start = new.index(WORDS, new.index(wrong))
        assert placement.spans != (Span(start, start + len(WORDS)),)


def test_of_two_sentences_that_begin_alike_the_right_one_stays() -> None:
    old = article(LEDE, ROTH + " " + ADEYEMI, END)
    new = article(LEDE, ADEYEMI, END)

    states = [
        placed(old, new, quote).state
        for quote in (quote_of(old, WORDS), quote_of(old, WORDS, after="Monday"))
    ]

    assert states == ["lost", "moved"]


@pytest.mark.parametrize(
    ("old", "new", "state"),
    [
        pytest.param("He said: sell. ", "He said: sellers. ", "lost", id="a longer word"),
        pytest.param("So we can do it.", "So we can't do it.", "lost", id="a contraction"),
        pytest.param("It cost us 3 more.", "It cost us 3.5 more.", "lost", id="a figure"),
        pytest.param("He said: sell, ", "He said: sell-off, ", "anchored", id="a compound"),
    ],
)
def test_words_that_have_grown_are_not_the_same(old: str, new: str, state: str) -> None:
    words = next(word for word in ("sell", "we can", "us 3") if word in old)

    assert placed(old, new, quote_of(old, words)).state == state


def test_several_places_are_ambiguous_and_the_likeliest_comes_first() -> None:
    old = article(LEDE, "At the gate she shouted “Never” at the crowd.", END)
    new = article("“Never”, they said.", "All heard “Never” and left.")

    placement = placed(old, new, quote_of(old, "Never"))

    last = new.rindex("Never")
    assert placement.state == "ambiguous"
    assert placement.spans == ()
    assert placement.candidates == ((Span(last, last + 5),), (Span(1, 6),))


def test_of_several_places_the_one_with_the_whole_context_is_meant() -> None:
    told = "Roth was asked about it again, and then said “Never” to the whole crowd at the gate."
    old = article("Alpha beta gamma.", told)
    new = article("“Never”, it said.", "Intro. " + told + " Outro.", "They wrote “Never” too.")

    start = new.index("Never", new.index("then said"))
    assert placed(old, new, quote_of(old, "Never")) == Placement("moved", (Span(start, start + 5),))


SAID = 'Roth stood up. "The boats are old," she said, "but they will do." The board nodded.'


@pytest.mark.parametrize(
    ("new", "state"),
    [
        pytest.param(article(LEDE, SAID), "anchored", id="nothing changed"),
        pytest.param(article(SAID, LEDE), "moved", id="moved as a whole"),
        pytest.param(
            article(LEDE, SAID.replace("she said", "the harbour chief said")),
            "moved",
            id="what is between has changed",
        ),
        pytest.param(
            article(LEDE, SAID.replace("old", "new")), "lost", id="the first part changed"
        ),
        pytest.param(
            article(LEDE, SAID.replace("do.", "go.")), "lost", id="the second part changed"
        ),
        pytest.param(
            article(LEDE, SAID.replace(" The board", "\n\nThe board")),
            "anchored",
            id="its paragraph divided behind it",
        ),
        pytest.param(
            article(LEDE, '"But," Roth said, "but they will do. The boats are old," and left.'),
            "lost",
            id="the parts in another order",
        ),
    ],
)
def test_an_interrupted_quote_is_placed_as_a_whole(new: str, state: str) -> None:
    old = article(LEDE, SAID)
    quote = quote_of(old, "The boats are old,", "but they will do.")

    placement = placed(old, new, quote)

    assert placement.state == state
    assert len(placement.spans) == (0 if state == "lost" else 2)
    check_spans(new, placement.spans)


VOCABULARY = [
    "port",
    "boats",
    "we",
    "will",
    "not",
    "sell",
    "No",
    ",",
    ".",
    "“",
    "”",
    "said",
    "Roth",
]
words = st.sampled_from(VOCABULARY)
lines = st.lists(words, min_size=1, max_size=12).map(" ".join)
texts = st.lists(lines, max_size=8).map("\n\n".join)
# Paragraphs that a test can tell apart, most of which hold the words that are looked for.
paragraphs = st.lists(
    st.tuples(st.sampled_from([f"“{WORDS}” ", "“No,” ", ""]), lines), min_size=1, max_size=6
).map(lambda drawn: [f"{start}Speaker{n} {rest}" for n, (start, rest) in enumerate(drawn)])


@settings(max_examples=200)
@given(texts, texts, st.data())
def test_what_is_placed_is_what_was_said(old: str, new: str, data: st.DataObject) -> None:
    edges = sorted(data.draw(st.sets(st.integers(0, len(old)), max_size=6)))
    spans = tuple(Span(*edge) for edge in zip(edges[::2], edges[1::2], strict=False))
    if not spans:
        return

    (placement,) = reanchor(old, new, [Anchored(spans, *context_of(old, spans))])

    assert bool(placement.spans) == (placement.state in ("anchored", "moved"))
    assert bool(placement.candidates) == (placement.state == "ambiguous")
    for place in (placement.spans, *placement.candidates):
        check_spans(new, place, exacts=[old[start:end] for start, end in spans] if place else None)


@settings(max_examples=200)
@given(paragraphs, st.data())
def test_edits_elsewhere_leave_a_quote_where_it_is(others: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(others)))
    before, after = others[:at], others[at:]
    old = article(*before, ROTH, *after)
    quote = quote_of(old, WORDS, after=ROTH)
    before, after = edited(before, data), edited(after, data)
    new = article(*before, ROTH, *after)

    placement = placed(old, new, quote)

    start = new.index(WORDS, new.index(ROTH))
    assert placement.spans == (Span(start, start + len(WORDS)),)
    assert placement.state == ("anchored" if start == quote.spans[0].start else "moved")


@settings(max_examples=200)
@given(paragraphs, st.data())
def test_a_deleted_quote_is_never_placed(others: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(others)))
    old = article(*others[:at], ROTH, *others[at:])
    quote = quote_of(old, WORDS, after=ROTH)
    left = data.draw(st.permutations(others[: data.draw(st.integers(0, len(others)))]))
    instead = data.draw(st.sampled_from([[], ["Roth said nothing on Monday."]]))
    new = article(*left[:at], *instead, *left[at:])

    assert placed(old, new, quote).spans == ()


@given(paragraphs, st.data())
def test_a_quote_whose_words_change_is_never_placed(others: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(others)))
    said = WORDS.split(" ")
    index = data.draw(st.integers(0, len(said) - 1))
    said[index : index + 1] = data.draw(st.sampled_from([[], ["never"], [said[index], "ever"]]))
    changed = ROTH.replace(WORDS, " ".join(said))
    old, new = (article(*others[:at], line, *others[at:]) for line in (ROTH, changed))

    placement = placed(old, new, quote_of(old, WORDS, after=ROTH))

    if WORDS in changed:  # A word was set behind the last one.
        assert placement.state == "anchored"
    else:
        assert placement == Placement("lost")


def edited(lines: list[str], data: st.DataObject) -> list[str]:
    """Some lines less, some changed, some new ones."""
    result = []
    for line in lines:
        match data.draw(st.sampled_from(["keep", "keep", "delete", "change", "add"])):
            case "keep":
                result.append(line)
            case "change":
                result.append(f"{line} {data.draw(words)}")
            case "add":
                result += [
                    line,
                    f"New{len(result)} {data.draw(words)} “{WORDS}” {data.draw(words)}",
                ]
    return result

"""Hostile and foreign texts: no crash, no offset outside the text, bounded time."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.extraction import engine
from tests.extraction import assert_offsets, read, the_model, told

HOSTILE = {
    "straight marks": '"',
    "curly marks": "“",
    "mixed marks": '“"”',
    "marks and letters": 'a"',
    "quotes in one line": "“We stay,” said Ann Lee. ",
    "quotes in lines": "Ann Lee said she would “stay here”.\n\n",
    "unclosed lines": '"a b c d\n',
    "colons": 'x:\n"a b\n',
    "capitals": "Ab ",
    "particles": "Ab de la de la ",
    "stops": ". A",
    "possessives": "Aa’s ",
    "right to left": 'قال الوزير "هذا غير مقبول" وأضاف. ',
    "no spaces": "他说：“我们不会卖。”",
    "blank": " ",
    "lines": "\n",
}
# Of each text a small one and one four times as long are read: what takes time by the square of
# the length takes sixteen times as long.
SMALL = 1 << 15
FACTOR = 4
MOST_TIMES_AS_LONG = 10
# Below this the clock and the collector of garbage decide.
LEAST_SECONDS = 0.1


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_time_grows_with_the_length_of_a_hostile_text(
    piece: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "is_english", lambda *_: True)
    seconds = []
    for size in (SMALL, SMALL * FACTOR):
        text = piece * (size // len(piece.encode()))
        started = time.process_time()
        proposal = engine.extract(text)
        seconds.append(time.process_time() - started)
        assert_offsets(text, proposal)

    assert seconds[1] < MOST_TIMES_AS_LONG * max(seconds[0], LEAST_SECONDS)


@pytest.mark.parametrize("piece", ["a" * 300_000, "a b " * 75_000, "Ab said that " * 25_000])
def test_the_model_is_kept_from_endless_words_and_paragraphs(
    piece: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "is_english", lambda *_: True)
    the_model()
    started = time.process_time()
    proposal = read(f"“We stay,” said Ann Lee.\n\n“{piece}")

    assert proposal.quotes[0].kind == "direct"
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    ("language", "text", "quotes"),
    [
        ("fr", "«\u00a0Nous ne vendrons pas\u00a0», a dit Anne Roy.", ["Nous ne vendrons pas"]),
        ("de", "„Wir bleiben hier“, sagte Anna Roth.", ["Wir bleiben hier"]),
        ("de", "»Wir bleiben hier«, sagte sie zur „Post“.", ["Wir bleiben hier"]),
        ("sv", "”Vi stannar kvar här”, sade Anna Roth.", ["Vi stannar kvar här"]),
        ("ar", "قال: «لن نبيع هذا البيت».", ["لن نبيع هذا البيت"]),
        ("he", 'מנכ"ל הנמל אמר: "לא נמכור את הבית".', ["לא נמכור את הבית"]),
        ("zh-Hans", "她说：“我们不会卖。”", ["我们不会卖。"]),
        ("ja", "彼女は「私たちは売りません」と言った。", ["私たちは売りません"]),
        ("ru", "«Мы не продаём порт», — сказала Анна. Читайте «Волну».", ["Мы не продаём порт"]),
    ],
)
def test_in_other_languages_sentences_in_marks_are_quotes_of_nobody(
    language: str, text: str, quotes: list[str]
) -> None:
    proposal = read(text, language)

    assert told(text, proposal) == [(words, None) for words in quotes]
    assert {quote.rule for quote in proposal.quotes} == {"marks"}
    assert proposal.entities == ()


def test_a_text_that_is_not_in_english_is_not_read_as_english() -> None:
    text = (
        "„Wir bleiben hier im Hafen“, sagte Anna Roth am Freitag vor der Presse. Die Note der "
        "Reederei nannte sie einen Witz, und der Rat will nun am Montag noch einmal mit allen "
        "Seiten reden, bevor die Fähren wieder nach Plan fahren.\n\n"
    )

    assert told(text, read(text)) == [("Wir bleiben hier im Hafen", None)]


@pytest.mark.parametrize(
    "text",
    ["", " \n ", '"', "”", '\x00"a b c," said Bob.\x00', "“A b c d e f", "A b” c “d” e” f",
     "“We stay,” said Ann Lee.\r\n\r\n“No.”\r\n"],
)  # fmt: skip
def test_unbalanced_marks_and_no_text(text: str) -> None:
    assert_offsets(text, engine.extract(text))
    assert_offsets(text, read(text))


PIECES = st.sampled_from(
    ["“", "”", '"', "'", "‘", "’", " ", "\n", "\n\n", ", ", ". ", ": ", "said", "Ann Lee", "he",
     "according to", "that", "we stay", "Will", "who", "told", "—", "é", "\u00a0", "the union"]
)  # fmt: skip


@settings(max_examples=150)
@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from(["en", "de"]))
def test_offsets_lie_in_the_text(text: str, language: str) -> None:
    assert_offsets(text, engine.extract(text, language=language))


@settings(max_examples=40)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_offsets_lie_in_the_text_with_a_model(text: str) -> None:
    assert_offsets(text, read(text))

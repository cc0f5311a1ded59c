"""API keys: their shape, and what is not one."""

import re

import pytest

from app.access.tokens import ALPHABET, digest_of, new_token, prefix_of

TOKEN = "onr_0123abcd_0123456789abcdefghjkmnpqrstvwxyz"


def test_a_new_token_shows_its_prefix() -> None:
    token = new_token()

    assert re.fullmatch(r"onr_[0-9a-z]{8}_[0-9a-z]{39}", token)
    assert prefix_of(token) == token[:12]


def test_no_two_tokens_are_alike() -> None:
    tokens = [new_token() for _ in range(100)]

    assert len({prefix_of(token) for token in tokens}) == 100
    assert len({digest_of(token) for token in tokens}) == 100


def test_every_changed_letter_is_noticed() -> None:
    token = new_token()

    for index in range(len(token)):
        other = next(letter for letter in ALPHABET if letter != token[index])
        assert prefix_of(token[:index] + other + token[index + 1 :]) is None, index


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="nothing"),
        pytest.param("onr_", id="the beginning alone"),
        pytest.param(TOKEN, id="a wrong checksum"),
        pytest.param("é" * 52, id="other letters"),
        pytest.param("onr_0123abcd_" + "0" * 4000, id="too long"),
    ],
)
def test_what_is_no_token_has_no_prefix(token: str) -> None:
    assert prefix_of(token) is None


def test_a_token_with_something_around_it_is_none() -> None:
    token = new_token()

    assert prefix_of(token + "\n") is None
    assert prefix_of(" " + token) is None
    assert prefix_of(token.upper()) is None

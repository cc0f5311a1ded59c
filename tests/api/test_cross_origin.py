"""What pages of other origins may ask, and read of the answers."""

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.conftest import Clock

PAGE = {"Origin": "https://paper.example"}
ASKED = {**PAGE, "Access-Control-Request-Method": "PATCH"}
ALLOWED = "Access-Control-Allow-Origin"


def test_pages_of_all_origins_may_read_every_answer(reader: TestClient) -> None:
    path = "/v1/articles"

    answers = [reader.get(path, headers=headers) for headers in (PAGE, PAGE, {})]
    answers += [reader.get("/v1/nothing", headers=PAGE), reader.get("/healthz", headers=PAGE)]

    for answer in answers:
        assert answer.headers.get_list(ALLOWED) == ["*"]
        assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
        assert "Origin" not in answer.headers.get("Vary", "")


def test_a_browser_may_ask_before_it_writes(reader: TestClient) -> None:
    headers = {**ASKED, "Access-Control-Request-Headers": "if-match, content-type"}

    answer = reader.options("/v1/articles/any", headers=headers)
    refused = reader.options(
        "/v1/articles/any", headers={**ASKED, "Access-Control-Request-Headers": "x-other"}
    )

    assert (answer.status_code, refused.status_code) == (200, 400)
    assert answer.headers.get_list(ALLOWED) == ["*"]
    assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]
    assert "If-Match" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Max-Age"] == "86400"
    assert "X-Request-Id" in answer.headers


def test_other_options_name_the_methods(reader: TestClient) -> None:
    answer = reader.options("/v1/articles")

    assert answer.status_code == 204
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("cache_megabytes", [0, 64])
def test_named_origins_alone_may_read(
    settings: Settings, clock: Clock, cache_megabytes: int
) -> None:
    named = replace(
        settings, cors_origins=("https://paper.example",), cache_megabytes=cache_megabytes
    )
    with TestClient(create_app(named, clock=clock)) as client:
        for _ in range(2):
            ours = client.get("/v1/articles", headers=PAGE)
            other = client.get("/v1/articles", headers={"Origin": "https://other.example"})

            assert ours.headers[ALLOWED] == "https://paper.example"
            assert ALLOWED not in other.headers
            assert "Origin" in ours.headers["Vary"]
            assert "Origin" in other.headers["Vary"]


def test_no_page_of_another_origin_may_read_where_none_is_named(
    settings: Settings, clock: Clock
) -> None:
    closed = replace(settings, cors_origins=())
    with TestClient(create_app(closed, clock=clock)) as client:
        assert ALLOWED not in client.get("/v1/articles", headers=PAGE).headers

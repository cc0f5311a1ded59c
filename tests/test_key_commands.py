"""`onrecord keys`: made, listed, rotated and revoked beside the server."""

import pytest
from starlette.testclient import TestClient

from app.access.tokens import prefix_of
from tests.builders import an_article, post, problem_of, saved
from tests.commands import Ended, run


def keys(database_url: str, *arguments: str) -> Ended:
    return run("keys", *arguments, database_url=database_url)


def test_a_key_is_made_limited_listed_rotated_and_revoked(
    database_url: str, client: TestClient, reader: TestClient
) -> None:
    post(client, "articles", an_article())
    limits = ["--section", "news/harbour", "--expires", "2099-01-01"]
    made = keys(database_url, "create", "--scope", "write", "--name", "The desk", *limits)
    token = made.stdout.strip()
    prefix = prefix_of(token)
    assert prefix is not None, made.stderr

    def who(token: str) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        return reader.get("/v1/whoami", headers=headers).status_code

    headers = {"Authorization": f"Bearer {token}"}
    held = saved(reader.get("/v1/whoami", headers=headers))
    elsewhere = reader.post("/v1/articles", json=an_article(section="sport"), headers=headers)
    listed = keys(database_url, "list").stdout.splitlines()
    rotated = keys(database_url, "rotate", prefix, "--overlap", "0").stdout.strip()

    assert held["sections"] == ["news/harbour"]
    assert held["expires_at"] == "2099-01-01T00:00:00Z"
    assert problem_of(elsewhere) == (403, "outside-limits")
    [line] = [one for one in listed if one.startswith(prefix)]
    assert line.startswith(f"{prefix}  valid, write, in news/harbour, until 2099-01-01 00:00, ")
    assert line.endswith(("used 2026-11-20  The desk", "never used  The desk"))
    assert (who(token), who(rotated)) == (401, 200)
    assert keys(database_url, "revoke", prefix).returncode == 0
    assert who(rotated) == 401
    again = keys(database_url, "rotate", prefix)
    assert (again.returncode, again.stderr) == (1, f"There is no valid key {prefix}.\n")


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--scope", "wirte"], "wirte: the scopes are read, preview, write, admin"),
        (["--scope", "write", "--section", "no/such"], "There is no section no/such."),
        (["--scope", "read", "--channel", "one"], "Only a key that may write"),
        (["--scope", "read", "--expires", "soon"], "“soon” is neither a day"),
        (["--scope", "read", "--expires", "2001-01-01"], "A key expires in the future"),
    ],
)
def test_what_cannot_be_a_key_is_told(database_url: str, arguments: list[str], told: str) -> None:
    ended = keys(database_url, "create", *arguments)

    assert ended.returncode == 1
    assert ended.stdout == ""
    assert told in ended.stderr

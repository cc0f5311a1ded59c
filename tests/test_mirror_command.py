"""`onrecord mirror` as a process, beside a server that is written to."""

import random
import sqlite3
import time
from pathlib import Path

import httpx2 as httpx

from app.models.key import Scope
from tests.builders import ANY, a_mention, a_quote, an_article
from tests.commands import run, running
from tests.conftest import Template
from tests.servers import serving


def write(client: httpx.Client, number: int) -> None:
    """A new article, and a change or the end of one before."""
    sent = an_article(
        headline=f"Report {number}",
        quotes=[a_quote()],
        entities=[a_mention(name=f"Person {number}")],
    )
    client.post("/v1/articles", json=sent).raise_for_status()
    [one, *_] = client.get("/v1/articles?sort=created_at&limit=1").json()["items"]
    if number % 3 == 0:
        client.delete(f"/v1/articles/{one['id']}", headers=ANY).raise_for_status()
    else:
        changed = {"headline": f"Changed {number}"}
        client.patch(f"/v1/articles/{one['id']}", json=changed, headers=ANY).raise_for_status()


def test_a_mirror_that_is_killed_at_any_moment_ends_as_its_source_is(
    database_url: str, keys: dict[Scope, str], tmp_path: Path
) -> None:
    into = tmp_path / "mirror.db"
    chance = random.Random(5)
    with serving(database_url) as [address]:
        headers = {"Authorization": f"Bearer {keys['write']}"}
        arguments = (address, "--into", str(into), "--key", keys["preview"])
        with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
            for number in range(10):
                write(client, number)
            for round_ in range(3):
                # Killed wherever it is.
                deadline = time.monotonic() + 0.2 + chance.random()
                with running("mirror", *arguments):
                    while time.monotonic() < deadline:
                        write(client, 100 + round_)
        last = run("mirror", *arguments, "--once")
        verified = run("mirror", "verify", *arguments)

        assert last.returncode == 0, last.stderr
        assert (verified.returncode, verified.stdout) == (0, ""), verified.stderr
        assert verified.stderr.endswith("The mirror holds what its source does.\n")

        with sqlite3.connect(into) as mirror:
            mirror.execute("DELETE FROM quote_spans")
            mirror.execute("DELETE FROM quotes")
        mirror.close()
        different = run(
            "mirror", "verify", address, "--into", str(into), mirror_key=keys["preview"]
        )

        assert different.returncode == 1
        assert " quotes " not in different.stderr
        assert all(line.startswith("quotes 01") for line in different.stdout.splitlines())
        assert different.stdout.endswith(": missing here, revision 1 there\n")


def test_a_run_that_cannot_go_on_says_why(
    database_url: str, template: Template, tmp_path: Path
) -> None:
    into = str(tmp_path / "mirror.db")
    with serving(database_url, anonymous_reads="false") as [address]:
        refused = run("mirror", address, "--into", into, "--once")
        unknown = run("mirror", "check", address, "--into", into)

    assert refused.returncode == unknown.returncode == 1
    assert refused.stderr.startswith("401: ")
    assert unknown.stderr == "onrecord mirror check: there is no such command.\n"

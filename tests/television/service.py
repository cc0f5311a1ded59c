"""A service with a channel whose videos can be played on this machine."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2 as httpx

from tests.builders import a_quote, an_article
from tests.commands import ROOT
from tests.servers import serving
from tests.television.conftest import Media

SLUG = "harbour-live"


@dataclass(frozen=True)
class Service:
    """Its address, and the ids of its articles by what they are."""

    address: str
    ids: dict[str, str]

    def url(self, path: str) -> str:
        return f"{self.address}/v1/channels/{SLUG}/{path}"

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.url(path)).raise_for_status()


@contextmanager
def serving_channel(folder: Path, media: Media) -> Iterator[Service]:
    url = f"sqlite:///{folder / 'television.db'}"
    environment = {**os.environ, "ONRECORD_DATABASE_URL": url}

    def run(*words: str) -> str:
        command = [sys.executable, "-m", "app", *words]
        return subprocess.check_output(command, cwd=ROOT, env=environment, text=True)

    run("migrate")
    key = run("keys", "create", "--scope", "write").strip()
    with serving(url, site_name="The Harbour Post", public_url="https://news.example") as [address]:
        headers = {"Authorization": f"Bearer {key}"}
        with httpx.Client(base_url=f"{address}/v1", headers=headers) as client:
            yield Service(address, fill(client, media))


def fill(client: httpx.Client, media: Media) -> dict[str, str]:
    def post(path: str, document: dict[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = client.post(path, json=document).raise_for_status().json()
        return made

    picture = {"url": media.picture, "type": "image/jpeg", "width": 1920, "height": 1080}
    lead = post("/media", {"alt": "A test pattern", "renditions": [picture]})
    video = post(
        "/media",
        {
            "kind": "video",
            "duration_seconds": 5,
            "renditions": [{"url": media.stream, "height": 360}],
        },
    )
    ids = {}
    told: dict[str, dict[str, Any]] = {
        "ferry": {"headline": "Ferry strike ends", "quotes": [a_quote()]},
        "storm": {"headline": "Storm & “wind” close the quay"},
        "withdrawn": {"headline": "Withdrawn"},
        "draft": {"headline": "Draft", "status": "draft"},
        "words": {"headline": "Words alone", "media": [], "lead_media": None},
    }
    for name, changes in told.items():
        article = {"media": [lead["id"], video["id"]], "lead_media": lead["id"], **changes}
        ids[name] = post("/articles", an_article(**article))["id"]
    withdrawn = client.get(f"/articles/{ids['withdrawn']}")
    client.delete(
        f"/articles/{ids['withdrawn']}/publication",
        headers={"If-Match": withdrawn.headers["ETag"]},
    ).raise_for_status()
    post(
        "/channels",
        {
            "name": "Harbour Live",
            "slug": SLUG,
            "language": "en",
            "description": "The harbour, day and night.",
            "number": 7,
            "rating": {"source": "USA_PR", "value": "TV-G"},
            "artwork": lead["id"],
            "streams": [{"url": media.stream, "height": 360}],
            "rows": [
                {"title": "Top stories", "kind": "pinned", "articles": [ids["ferry"]]},
                {"title": "New", "kind": "recent"},
            ],
        },
    )
    post(
        f"/channels/{SLUG}/bulletins?force=true",
        {
            "title": "Harbour <Bulletin>",
            "starts": "18:00",
            "duration_minutes": 30,
            "time_zone": "Europe/Berlin",
            "first_on": "2026-01-01",
        },
    )
    return ids

"""The service itself, judged by clients and tools of others."""

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import Any

import feedparser
import httpx2 as httpx
import jsonschema
import m3u8
import pytest

from tests.commands import ROOT
from tests.television.conftest import Media
from tests.television.service import SLUG, Service, serving_channel
from tests.television.simulator import Channel, Simulator
from tests.television.test_roku_channel import a_link, items_of, plays
from tests.television.tools import node_output, output_of, program, python_program

FEEDS = ("rss.xml", "atom.xml", "feed.json", "mrss.xml")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, media: Media) -> Iterator[Service]:
    with serving_channel(tmp_path_factory.mktemp("service"), media) as service:
        yield service


def saved(service: Service, path: str, folder: Path) -> Path:
    file = folder / Path(path).name
    file.write_bytes(service.get(path).content)
    return file


def test_the_sample_channel_lists_what_the_service_has_and_plays_it(
    simulator: Simulator, channel: Channel, service: Service, media: Media
) -> None:
    ids = service.ids
    with simulator.running(channel, service.url("home.json")) as running:
        lines = running.wait_for("SCREEN home")

    listed = items_of(lines)
    assert [item[1] for item in listed[1:]] == [ids["ferry"], ids["storm"], ids["ferry"]]
    assert {item[3] for item in listed} == {media.stream}
    with simulator.running(channel, service.url("home.json"), a_link(ids["storm"])) as running:
        plays(running, ids["storm"])


@pytest.mark.parametrize("name", ["withdrawn", "draft", "words"])
def test_a_deep_link_to_what_cannot_be_shown_opens_home(
    simulator: Simulator, channel: Channel, service: Service, name: str
) -> None:
    with simulator.running(channel, service.url("home.json"), a_link(service.ids[name])) as running:
        lines = running.wait_for("SCREEN home")

    assert not any(line.startswith("PLAY ") for line in lines)


def test_a_channel_of_others_reads_the_app_feed(
    simulator: Simulator, probe_channel: Channel, service: Service, media: Media
) -> None:
    with simulator.running(probe_channel, service.url("roku.json")) as running:
        lines = running.wait_for("CLOSED")

    videos = [line.split()[2] for line in lines if line.startswith("ITEM shortFormVideos")]
    assert sorted(videos) == sorted([service.ids["ferry"], service.ids["storm"]])
    assert "CLOSED EXIT_USER_NAV" in lines


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("roku.json", "roku-app"),
        ("roku-linear.json", "roku-linear"),
        ("roku-search.json", "roku-search"),
    ],
)
def test_roku_s_feeds_have_their_shapes(
    service: Service, media: Media, path: str, schema: str
) -> None:
    shape = json.loads((ROOT / "docs" / "schemas" / f"{schema}.json").read_text())
    # As it is where files have an address of their own.
    feed = service.get(path).text.replace(media.address, "https://media.example")

    jsonschema.validate(json.loads(feed), shape)


def test_the_guide_is_valid_xmltv(service: Service, tmp_path: Path) -> None:
    guide = saved(service, "epg.xml", tmp_path)
    dtd = next(
        Path(line)
        for line in output_of("dpkg", "-L", "xmltv-util").splitlines()
        if line.endswith("/xmltv.dtd")
    )

    output_of(program("xmllint"), "--nonet", "--noout", "--dtdvalid", dtd, guide)
    told = output_of("env", f"XMLTV_SUPPLEMENT={dtd.parent}", program("tv_validate_file"), guide)
    assert "Validated ok." in told


def test_players_find_the_playlist_s_channel_in_the_guide(service: Service) -> None:
    parsed = node_output(
        """
        import playlists from "iptv-playlist-parser"
        import { parseXmltv } from "@iptv/xmltv"
        const [, playlist, guide] = process.argv.slice(-3)
        const text = async (url) => (await fetch(url)).text()
        const { items } = playlists.parse(await text(playlist))
        const { channels, programmes } = parseXmltv(await text(guide))
        console.log(JSON.stringify({
          listed: items.map((item) => [item.tvg.id, item.name, item.url]),
          channels: channels.map((channel) => channel.id),
          programmes: programmes.map((one) => [one.channel, one.start, one.stop]),
        }))
        """,
        "-",
        service.url("live.m3u"),
        service.url("epg.xml"),
    )

    [[channel_id, name, url]] = parsed["listed"]
    assert parsed["channels"] == [channel_id]
    assert name == "Harbour Live"
    assert url.endswith("/master.m3u8")
    programmes = parsed["programmes"]
    assert len(programmes) > 8 * 24
    assert {one[0] for one in programmes} == {channel_id}
    assert all(one[2] == two[1] for one, two in pairwise(programmes))


def by_feedparser(service: Service, path: str) -> dict[str, list[Any]]:
    feed = feedparser.parse(service.get(path).content)
    assert not feed["bozo"], feed.get("bozo_exception")
    return {
        entry["id"].rpartition(":")[2]: [
            entry["title"],
            f"{datetime(*entry['published_parsed'][:6]):%Y-%m-%dT%H:%M:%SZ}",
        ]
        for entry in feed["entries"]
    }


FEEDSMITH = """
import { parseFeed } from "feedsmith"
const url = process.argv.at(-1)
const { format, feed } = parseFeed(await (await fetch(url)).text())
const items = feed.items ?? feed.entries
const instant = (text) => new Date(text).toISOString().replace(".000", "")
console.log(JSON.stringify(Object.fromEntries(items.map((item) => [
  String(item.guid?.value ?? item.id).split(":").at(-1),
  [item.title?.value ?? item.title, instant(item.pubDate ?? item.published ?? item.date_published)],
]))))
"""
RSS_PARSER = """
import Parser from "rss-parser"
const feed = await new Parser().parseURL(process.argv.at(-1))
console.log(JSON.stringify(Object.fromEntries(feed.items.map((item) => [
  (item.guid ?? item.id).split(":").at(-1), [item.title, item.isoDate.replace(".000", "")],
]))))
"""


@pytest.mark.parametrize("path", FEEDS)
def test_readers_agree_on_ids_titles_and_dates(service: Service, path: str) -> None:
    with_words = path != "mrss.xml"
    expected = {service.ids[name] for name in ("ferry", "storm")}
    expected |= {service.ids["words"]} if with_words else set()

    by_feedsmith = node_output(FEEDSMITH, "-", service.url(path))

    assert set(by_feedsmith) == expected
    assert by_feedsmith[service.ids["ferry"]] == ["Ferry strike ends", "2026-11-20T08:00:00Z"]
    if path != "feed.json":
        assert by_feedparser(service, path) == by_feedsmith
        assert node_output(RSS_PARSER, "-", service.url(path)) == by_feedsmith


def test_a_downloader_of_videos_finds_them_in_the_media_feed(service: Service) -> None:
    told = subprocess.run(
        [python_program("yt-dlp"), "--flat-playlist", "-J", service.url("mrss.xml")],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )

    entries = json.loads(told.stdout)["entries"]
    assert {entry["title"] for entry in entries} == {
        "Ferry strike ends",
        "Storm & “wind” close the quay",
    }


def test_a_reader_of_feeds_asks_again_and_is_told_that_nothing_changed(
    service: Service, tmp_path: Path
) -> None:
    answered: list[int] = []

    class Passing(BaseHTTPRequestHandler):
        """Passes requests on, and notes how they were answered."""

        def do_GET(self) -> None:
            wanted = {
                name: value
                for name, value in self.headers.items()
                if name.lower() in ("if-none-match", "if-modified-since", "accept")
            }
            response = httpx.get(service.address + self.path, headers=wanted)
            answered.append(response.status_code)
            self.send_response(response.status_code)
            for name in ("content-type", "etag", "last-modified"):
                if name in response.headers:
                    self.send_header(name, response.headers[name])
            self.send_header("Content-Length", str(len(response.content)))
            self.end_headers()
            self.wfile.write(response.content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Passing) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        urls, cache = tmp_path / "urls", tmp_path / "cache.db"
        urls.write_text(f"http://127.0.0.1:{server.server_port}/v1/channels/{SLUG}/rss.xml\n")
        newsboat = [
            "env",
            f"HOME={tmp_path}",
            program("newsboat"),
            "-u",
            str(urls),
            "-c",
            str(cache),
            "-x",
        ]
        output_of(*newsboat, "reload")
        unread = output_of(*newsboat, "print-unread")
        # It keeps the validators of a feed that it has met before.
        output_of(*newsboat, "reload")
        output_of(*newsboat, "reload")
        server.shutdown()

    assert unread.split()[0] == "3"
    assert answered == [200, 200, 304]


def test_every_feed_says_when_it_last_changed(service: Service) -> None:
    now = f"{datetime.now(UTC):%a, %d %b %Y}"

    for path in (*FEEDS, "home.json", "roku.json", "epg.xml", "live.m3u"):
        assert service.get(path).headers["Last-Modified"].startswith(now)


def test_the_stream_that_is_played_is_one(media: Media) -> None:
    master = m3u8.load(media.stream)

    assert master.is_variant
    assert all(playlist.stream_info.codecs for playlist in master.playlists)

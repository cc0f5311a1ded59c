"""The service, its stand-in, a stream and a picture, a browser, and the simulator in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browsers import FLAGS, chromium
from tests.newsrooms import serving_newsroom
from tests.origins import Answer, StandIn, serving_files, standing_in
from tests.television.builders import a_home, an_item
from tests.television.simulator import Channel, Simulator, compiled, set_up
from tests.television.tools import HERE, ROOT, output_of, program

STREAM_SECONDS = 5


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the service, with the sample newsroom."""
    with serving_newsroom(tmp_path_factory.mktemp("newsroom")) as address:
        yield address


@dataclass(frozen=True)
class Media:
    """A stream and a picture that any origin may load."""

    address: str

    @property
    def stream(self) -> str:
        return f"{self.address}/master.m3u8"

    @property
    def picture(self) -> str:
        return f"{self.address}/picture.jpg"


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Media]:
    folder = tmp_path_factory.mktemp("media")
    make_stream(folder)
    with serving_files(folder) as address:
        yield Media(address)


def make_stream(folder: Path) -> None:
    """A test pattern with a tone, as HLS in segments of a second, and its first picture."""
    ffmpeg = [program("ffmpeg"), "-v", "error", "-y"]
    pattern = ["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25"]
    tone = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100"]
    video = ["-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "main", "-g", "25"]
    audio = ["-c:a", "aac", "-b:a", "64k", "-ac", "2"]
    hls = ["-f", "hls", "-hls_time", "1", "-hls_list_size", "0", "-hls_playlist_type", "vod"]
    output_of(
        *ffmpeg,
        *pattern,
        *tone,
        *("-t", str(STREAM_SECONDS), "-pix_fmt", "yuv420p", "-b:v", "300k"),
        *video,
        *audio,
        *hls,
        *("-master_pl_name", "master.m3u8", folder / "stream.m3u8"),
    )
    output_of(*ffmpeg, *pattern, "-frames:v", "1", folder / "picture.jpg")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    flags = [*FLAGS, "--autoplay-policy=no-user-gesture-required"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def simulator(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    folder = tmp_path_factory.mktemp("simulator")
    set_up(folder)
    with serving_files(folder) as address:
        yield Simulator(browser, folder, address)


@pytest.fixture(scope="session")
def channel(tmp_path_factory: pytest.TempPathFactory) -> Channel:
    """The sample channel."""
    project = ROOT / "examples" / "roku" / "bsconfig.json"
    return compiled(project, tmp_path_factory.mktemp("channel"))


@pytest.fixture(scope="session")
def probe_channel(tmp_path_factory: pytest.TempPathFactory) -> Channel:
    """A channel that knows the Direct Publisher shape, and nothing of this service."""
    project = HERE / "probe_channel" / "bsconfig.json"
    return compiled(project, tmp_path_factory.mktemp("probe-channel"))


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    """A server to tell what to answer."""
    with standing_in() as stand_in:
        yield stand_in


@dataclass(frozen=True)
class Television:
    """Where a channel's documents are: at a service, or at its stand-in."""

    address: str
    slug: str

    @property
    def home(self) -> str:
        return self.address + home_path(self.slug)

    def item(self, item_id: str) -> str:
        return self.address + item_path(self.slug, item_id)


def home_path(slug: str) -> str:
    return f"/v1/channels/{slug}/home.json"


def item_path(slug: str, item_id: str) -> str:
    return f"/v1/channels/{slug}/items/{item_id}"


@pytest.fixture
def television(stand_in: StandIn, media: Media) -> Television:
    """A channel of two rows and a live stream, and an item that has left the rows."""
    slug = "skerry-courier"

    def item(item_id: str, **members: object) -> dict[str, object]:
        return an_item(item_id, url=media.stream, picture=media.picture, **members)

    home = a_home(
        live=[item("live-1", title="Port Sorrel now", live=True)],
        rows={
            "top": [
                item("ferry", title="Ferry strike ends", quotes=QUOTES),
                item("storm", title="Storm closes the quay"),
            ],
            "culture": [item("fair", title="The fair is a week late")],
        },
    )
    stand_in.answers[home_path(slug)] = Answer(home)
    stand_in.answers[item_path(slug, "older")] = Answer(item("older", title="From the archive"))
    gone = {"title": "Gone", "status": 410, "detail": "This item was withdrawn."}
    stand_in.answers[item_path(slug, "withdrawn")] = Answer(gone, status=410)
    return Television(stand_in.address, slug)


QUOTES = [
    {
        "id": "q1",
        "text": "That is a good night’s work,",
        "speaker": "Ines Marrable",
        "role": "union secretary",
    },
    {"id": "q2", "text": "We sail on Friday.", "speaker": "Tam Velloch", "role": "harbour master"},
]

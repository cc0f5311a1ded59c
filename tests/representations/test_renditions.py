"""What of a video is played."""

import pytest

from app.models.media import quality_of
from app.representations.renditions import (
    container_of,
    is_absolute,
    is_secure,
    known_kilobits,
    playable_renditions,
)
from tests.representations.documents import a_file, a_rendition, a_video

DASH = {"url": "https://video.example/quay.mpd", "type": "application/dash+xml"}


def test_the_best_rendition_is_first_by_container_then_by_height() -> None:
    video = a_video(
        renditions=[
            a_file(url="https://video.example/360.mp4", height=360),
            a_file(url="https://video.example/1080.mp4", height=1080),
            a_rendition(**DASH),
            a_rendition(url="https://video.example/low.m3u8", height=480),
            a_rendition(),
            a_rendition(url="https://video.example/quay.webm", type="video/webm"),
        ]
    )

    assert [one.rendition["url"].rpartition("/")[2] for one in playable_renditions(video)] == [
        "master.m3u8", "low.m3u8", "quay.mpd", "1080.mp4", "360.mp4",
    ]  # fmt: skip


def test_only_absolute_https_is_played() -> None:
    urls = [
        "http://video.example/a.mp4",
        "/media/a.mp4",
        "https:///a.mp4",
        "https://x.example/ .mp4",
    ]
    video = a_video(renditions=[a_file(url=url) for url in urls])

    assert playable_renditions(video) == []
    assert [one.rendition["url"] for one in playable_renditions(video, secure=False)] == urls[:1]


@pytest.mark.parametrize(
    "url", ["", "https://", "https://[", "https://a.example/\n", "ftp://a.example/a", "//a.example"]
)
def test_what_is_no_address_is_neither_secure_nor_absolute(url: str) -> None:
    assert not is_secure(url)
    assert not is_absolute(url)


@pytest.mark.parametrize(
    ("media_type", "url", "container"),
    [
        ("Application/X-MpegURL; charset=utf-8", "https://a.example/x", "hls"),
        ("video/quicktime", "https://a.example/x", "mov"),
        (None, "https://a.example/x.M3U8?token=a.mp4", "hls"),
        (None, "https://a.example/x.ism/manifest", "smooth"),
        (None, "https://a.example/x", None),
        ("video/webm", "https://a.example/x.mp4", None),
    ],
)
def test_the_type_tells_the_container_and_else_the_ending(
    media_type: str | None, url: str, container: str | None
) -> None:
    assert container_of(media_type, url) == container


@pytest.mark.parametrize(
    ("height", "quality"),
    [(None, None), (480, "SD"), (481, "HD"), (720, "HD"), (1080, "FHD"), (1081, "UHD")],
)
def test_a_height_has_a_quality(height: int | None, quality: str | None) -> None:
    assert quality_of(height) == quality


def test_a_bitrate_is_made_of_size_and_duration_where_it_is_not_given() -> None:
    assert known_kilobits(a_file(), 92) == 3200
    assert known_kilobits(a_file(bitrate=None), 92) == 3000
    assert known_kilobits(a_file(bitrate=None), None) is None

"""The playlist of live channels, and their guide."""

from datetime import timedelta

from lxml import etree

from app.representations.live_m3u import live_m3u
from app.representations.live_xmltv import guide_id, live_xmltv
from tests.representations.documents import (
    HOST,
    NOON,
    a_channel,
    a_picture,
    a_programme,
    a_schedule,
    a_stream,
)

# As the DTD has them; it refuses any other order.
ORDER = [
    "title", "sub-title", "desc", "credits", "date", "category", "keyword", "language",
    "orig-language", "length", "icon", "url", "country", "episode-num", "video", "audio",
    "previously-shown", "premiere", "last-chance", "new", "subtitles", "rating", "star-rating",
    "review", "image",
]  # fmt: skip


def test_a_playlist_is_this_text() -> None:
    channels = [
        a_channel(),
        a_channel(id="01kother", name='Quay, "Two"\n', number=None, picture=None, genres=[]),
        a_channel(id="01ksilent", streams=[a_stream(url="http://video.example/a.m3u8")]),
    ]

    playlist = live_m3u(channels, host=HOST, guide_url="https://news.example/v1/feeds/guide.xml")

    guide = "https://news.example/v1/feeds/guide.xml"
    assert playlist.decode() == (
        f'#EXTM3U url-tvg="{guide}" x-tvg-url="{guide}"\n'
        '#EXTINF:-1 tvg-id="01kchannel.news.example" tvg-name="Quay Live"'
        ' tvg-logo="https://pictures.example/live.jpg" tvg-chno="7" group-title="News",Quay Live\n'
        "https://video.example/live/master.m3u8\n"
        '#EXTINF:-1 tvg-id="01kother.news.example" tvg-name="Quay, \'Two\'",Quay, "Two"\n'
        "https://video.example/live/master.m3u8\n"
    )


def test_an_empty_playlist_is_one() -> None:
    assert live_m3u([], host=HOST) == b"#EXTM3U\n"


def test_the_best_stream_is_listed() -> None:
    streams = [
        a_stream(url="https://video.example/a.mpd", type="application/dash+xml", height=2160),
        a_stream(url="https://video.example/low.m3u8", height=480),
        a_stream(url="https://video.example/high.m3u8", height=720),
    ]

    playlist = live_m3u([a_channel(streams=streams)], host=HOST)

    assert playlist.decode().splitlines()[-1] == "https://video.example/high.m3u8"


def test_a_guide_is_this_document() -> None:
    programme = a_programme(genres=["news", "politics"], stops_at=NOON + timedelta(seconds=90))

    guide = live_xmltv([a_schedule(programme)], host=HOST)

    assert guide.decode() == (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<!DOCTYPE tv SYSTEM "xmltv.dtd">\n'
        '<tv generator-info-name="Onrecord">'
        '<channel id="01kchannel.news.example"><display-name lang="en">Quay Live</display-name>'
        "<display-name>7</display-name>"
        '<icon src="https://pictures.example/live.jpg" width="1920" height="1080"/></channel>'
        '<programme start="20261120120000 +0000" stop="20261120120130 +0000"'
        ' channel="01kchannel.news.example"><title lang="en">Quay at Noon</title>'
        '<desc lang="en">What the morning brought.</desc><category lang="en">News</category>'
        '<category lang="en">Politics</category><language>en</language>'
        '<length units="seconds">90</length>'
        '<icon src="https://pictures.example/live.jpg" width="1920" height="1080"/>'
        '<episode-num system="onrecord">01kshow0</episode-num>'
        '<subtitles type="teletext"/>'
        '<rating system="VCHIP"><value>TV-PG</value></rating></programme></tv>'
    )


def test_all_channels_stand_before_all_programmes_and_elements_in_the_order_of_the_dtd() -> None:
    schedules = [
        a_schedule(a_programme(1), a_programme(0), a_programme(5, picture=a_picture())),
        a_schedule(a_programme(0, description=None), id="01kother"),
    ]

    tree = etree.fromstring(live_xmltv(schedules, host=HOST))

    assert [one.tag for one in tree] == ["channel"] * 2 + ["programme"] * 4
    for programme in tree.findall("programme"):
        tags = [str(one.tag) for one in programme]
        assert tags == sorted(tags, key=ORDER.index)
    starts = [one.get("start") for one in tree.findall("programme")][:3]
    assert starts == sorted(map(str, starts))


def test_a_guide_has_no_overlaps_and_nothing_that_stops_before_it_starts() -> None:
    programmes = [
        a_programme(0),
        a_programme(9, starts_at=NOON + timedelta(minutes=59)),
        a_programme(8, starts_at=NOON, stops_at=NOON),
        a_programme(7, title="😀"),
        a_programme(1),
    ]

    tree = etree.fromstring(live_xmltv([a_schedule(*programmes)], host=HOST))

    assert [one.findtext("episode-num") for one in tree.findall("programme")] == [
        "01kshow0",
        "01kshow1",
    ]


def test_a_channels_id_looks_like_the_name_of_a_host() -> None:
    hosts = ["news.example", "News.example:8000", "localhost", "", "häfen.example"]

    assert [guide_id(a_channel(), host) for host in hosts] == [
        "01kchannel.news.example",
        "01kchannel.news.example",
        "01kchannel.localhost",
        "01kchannel.localhost",
        "01kchannel.h-fen.example",
    ]

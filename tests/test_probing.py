"""`onrecord media probe`: what ffprobe finds, as a document to send."""

import json
import os
import shutil
import sys
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.__main__ import main
from tests.builders import created

MASTER = "https://videos.example/boat/master"

# Any: what ffprobe tells, and what is printed
Found = dict[str, Any]
Probe = Callable[..., tuple[int, Any, str]]


def a_stream(kind: str, index: int, **members: Any) -> Found:
    usual: dict[str, Found] = {
        "video": {"codec_name": "h264", "profile": "High", "level": 40, "width": 1920,
                  "height": 1080},
        "audio": {"codec_name": "aac", "profile": "LC"},
    }  # fmt: skip
    return {"index": index, "codec_type": kind, **usual[kind], **members}


def a_variant(index: int, bitrate: int, **members: Any) -> list[Found]:
    tags = {"tags": {"variant_bitrate": str(bitrate)}}
    return [
        a_stream("video", index, **tags, **members),
        a_stream("audio", index + 1, **tags, profile="HE-AAC" if index else "LC"),
    ]


LOW = a_variant(0, 800_000, profile="Main", level=31, width=640, height=360)
HIGH = a_variant(2, 5_000_000)
HLS = {
    "programs": [{"program_id": 0, "streams": LOW}, {"program_id": 1, "streams": HIGH}],
    "streams": [*LOW, *HIGH],
    "format": {"format_name": "hls", "duration": "92.480000", "size": "612", "bit_rate": "52"},
}
MP4 = {
    "programs": [],
    "streams": [a_stream("video", 0), a_stream("audio", 1)],
    "format": {
        "format_name": "mov,mp4,m4a,3gp,3g2,mj2",
        "duration": "92.5004",
        "size": "34000000",
        "bit_rate": "2940000",
    },
}
WAVE = {
    "streams": [{"index": 0, "codec_type": "audio", "codec_name": "pcm_s16le"}],
    "format": {
        "format_name": "wav",
        "duration": "1.000000",
        "size": "16044",
        "bit_rate": "128352",
    },
}


def install(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put an ffprobe of our own before all others."""
    folder.mkdir(exist_ok=True)
    program = folder / "ffprobe"
    program.write_text(f"#!{sys.executable}\n{script}")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def telling(found: object) -> str:
    return f"print({json.dumps(found)!r})"


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Probe:
    """Runs the command: its exit code, the document that it prints, and what it complains of."""

    def run(*arguments: str) -> tuple[int, Any, str]:
        monkeypatch.setattr(sys, "argv", ["onrecord", "media", "probe", *arguments])
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = int(str(ended.code))
        printed = capsys.readouterr()
        return code, json.loads(printed.out) if printed.out else None, printed.err

    return run


def test_a_playlist_is_told_by_its_highest_stream(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, probe: Probe, client: TestClient
) -> None:
    install(tmp_path / "bin", telling(HLS), monkeypatch)

    code, document, complaint = probe(MASTER)

    assert (code, complaint) == (0, "")
    assert document == {
        "kind": "video",
        "duration_seconds": 92.48,
        "renditions": [
            {
                "url": MASTER,
                "type": "application/vnd.apple.mpegurl",
                "width": 1920,
                "height": 1080,
                "bitrate": 5_000_000,
                "codecs": "avc1.640028,mp4a.40.5",
            }
        ],
    }
    assert created(client.post("/v1/media", json=document))["renditions"][0]["quality"] == "FHD"


def test_a_file_is_told_with_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, probe: Probe
) -> None:
    install(tmp_path / "bin", telling(MP4), monkeypatch)
    folder = tmp_path / "media"
    folder.mkdir()
    (folder / "the boat.mp4").touch()
    monkeypatch.setenv("ONRECORD_MEDIA_FOLDER", str(tmp_path))

    code, document, _ = probe(str(folder / "the boat.mp4"))

    assert code == 0
    assert document == {
        "kind": "video",
        "duration_seconds": 92.5,
        "renditions": [
            {
                "url": "/media/media/the%20boat.mp4",
                "type": "video/mp4",
                "width": 1920,
                "height": 1080,
                "bitrate": 2_940_000,
                "codecs": "avc1.640028,mp4a.40.2",
                "size": 34_000_000,
            }
        ],
    }


def test_address_and_type_can_be_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, probe: Probe
) -> None:
    install(tmp_path / "bin", telling(MP4), monkeypatch)
    file = tmp_path / "boat"
    file.touch()

    _, document, _ = probe(str(file), "--url", "https://cdn.example/b", "--type", "video/x-m4v")
    code, nothing, complaint = probe(str(file), "--type", "image/png")

    assert document["renditions"][0]["url"] == "https://cdn.example/b"
    assert document["renditions"][0]["type"] == "video/x-m4v"
    assert (code, nothing) == (2, None)
    assert "/renditions/0/type: image/png is not a type of a video." in complaint


PROGRAMS = ["fake", *(["installed"] if shutil.which("ffprobe") else [])]


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_recording_is_told_without_what_has_no_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, probe: Probe, program: str
) -> None:
    if program == "fake":
        install(tmp_path / "bin", telling(WAVE), monkeypatch)
    file = tmp_path / "quay.mp3"  # a misleading name
    with wave.open(str(file), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", "not compressed"))
        sound.writeframes(bytes(16_000))

    code, document, _ = probe(str(file), "--type", "audio/wav")

    assert code == 0
    assert (document["kind"], document["duration_seconds"]) == ("audio", 1)
    (rendition,) = document["renditions"]
    assert rendition["size"] == 16_044
    assert "codecs" not in rendition


@pytest.mark.parametrize(
    ("stream", "codecs"),
    [
        pytest.param({"profile": "Main", "level": 31}, "avc1.4D401F", id="H.264 main"),
        pytest.param({"profile": "Main", "level": -99}, None, id="no level"),
        pytest.param({"profile": "Strange"}, None, id="no profile"),
        pytest.param({"mime_codec_string": "avc1.64081f"}, "avc1.64081f", id="told"),
        pytest.param(
            {"codec_name": "hevc", "profile": "Main 10", "level": 120},
            "hvc1.2.4.L120.B0",
            id="HEVC",
        ),
        pytest.param(
            {"codec_name": "hevc", "profile": "Main", "level": 93, "codec_tag_string": "hev1"},
            "hev1.1.6.L93.B0",
            id="HEVC with a tag",
        ),
        pytest.param(
            {"codec_name": "av1", "profile": "Main", "level": 8, "pix_fmt": "yuv420p10le"},
            "av01.0.08M.10",
            id="AV1",
        ),
        pytest.param({"codec_name": "vp9"}, "vp9", id="VP9"),
        pytest.param({"codec_name": "mpeg2video"}, None, id="without a name"),
    ],
)
def test_codecs_have_their_names_of_rfc_6381(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    probe: Probe,
    stream: Found,
    codecs: str | None,
) -> None:
    install(tmp_path / "bin", telling({**MP4, "streams": [a_stream("video", 0, **stream)]}),
            monkeypatch)  # fmt: skip

    _, document, _ = probe(f"{MASTER}.mp4")

    assert document["renditions"][0].get("codecs") == codecs


def test_a_cover_makes_no_video_and_a_telephone_may_be_turned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, probe: Probe
) -> None:
    cover = a_stream("video", 1, disposition={"attached_pic": 1})
    song = {"streams": [a_stream("audio", 0), cover], "format": {"format_name": "mp3"}}
    turned = a_stream("video", 0, side_data_list=[{"rotation": -90}])

    install(tmp_path / "bin", telling(song), monkeypatch)
    _, recording, _ = probe("https://sounds.example/quay")
    install(tmp_path / "bin", telling({**MP4, "streams": [turned]}), monkeypatch)
    _, upright, _ = probe(f"{MASTER}.mp4")

    assert recording == {
        "kind": "audio",
        "renditions": [
            {"url": "https://sounds.example/quay", "type": "audio/mpeg", "codecs": "mp4a.40.2"}
        ],
    }
    assert [upright["renditions"][0][side] for side in ("width", "height")] == [1080, 1920]


def test_a_picture_is_told_without_a_duration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, probe: Probe
) -> None:
    picture = {
        "streams": [a_stream("video", 0, codec_name="mjpeg", width=800, height=450)],
        "format": {"format_name": "image2", "duration": "0.04", "size": "9"},
    }
    install(tmp_path / "bin", telling(picture), monkeypatch)

    _, document, _ = probe("https://pictures.example/quay.jpg")

    file = {"url": "https://pictures.example/quay.jpg", "type": "image/jpeg"}
    assert document == {"kind": "image", "renditions": [{**file, "width": 800, "height": 450}]}


@pytest.mark.parametrize(
    ("script", "code", "words"),
    [
        pytest.param("raise SystemExit('Invalid data')", 1, "Invalid data", id="fails"),
        pytest.param("raise SystemExit(9)", 1, "ended with 9", id="silently"),
        pytest.param("print('no JSON')", 1, "told nothing", id="no JSON"),
        pytest.param(telling([]), 1, "told nothing", id="no object"),
        pytest.param(telling({"streams": []}), 1, "nothing to see or hear", id="no streams"),
        pytest.param(
            telling({**MP4, "format": {"format_name": "tty"}}), 1, "nothing to see", id="a text"
        ),
        pytest.param("import time; time.sleep(60)", 4, "within 1 seconds", id="slow"),
    ],
)
def test_what_went_wrong_is_told_with_an_exit_code(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    probe: Probe,
    script: str,
    code: int,
    words: str,
) -> None:
    install(tmp_path / "bin", script, monkeypatch)

    ended, document, complaint = probe(MASTER, "--timeout", "1")

    assert (ended, document) == (code, None)
    assert words in complaint


def test_a_missing_file_or_program_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, probe: Probe
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    file = probe("concat:a.mp4")
    program = probe(MASTER)

    assert file == (1, None, "There is no file concat:a.mp4.\n")
    assert program == (3, None, "There is no ffprobe here: install FFmpeg.\n")


def test_a_name_is_never_taken_for_an_option_or_a_protocol(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, probe: Probe
) -> None:
    told = tmp_path / "arguments"
    script = f"import sys; open({str(told)!r}, 'w').write('\\n'.join(sys.argv))"
    install(tmp_path / "bin", f"{script}\n{telling(MP4)}", monkeypatch)
    monkeypatch.chdir(tmp_path)
    Path("-i http:b.mp4").touch()

    code, _, _ = probe("--", "-i http:b.mp4")

    *_, option, opened = told.read_text().split("\n")
    assert (code, option, opened) == (0, "-i", f"file:{tmp_path}/-i http:b.mp4")

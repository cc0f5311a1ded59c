"""Load on a server: by wrk where it is installed, else by connections of our own."""

import asyncio
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

CONNECTIONS = 32

WRK = """
local paths = {{}}
for line in io.lines("{paths}") do paths[#paths + 1] = line end
local made = {{}}
local at = 0
init = function(args)
  for i, path in ipairs(paths) do made[i] = wrk.format("GET", path, {headers}) end
end
request = function()
  at = at % #made + 1
  return made[at]
end
"""


@dataclass(frozen=True)
class Load:
    """Requests of one kind: the paths are asked in their order, over and over."""

    paths: Sequence[str]
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Driven:
    """`failed` are answers of 400 and above, and connections lost."""

    per_second: float
    failed: int


def drive(address: str, load: Load, seconds: float) -> Driven:
    if shutil.which("wrk"):
        return drive_by_wrk(address, load, seconds)
    return asyncio.run(drive_by_hand(address, load, seconds))


def drive_by_wrk(address: str, load: Load, seconds: float) -> Driven:
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder) / "paths"
        paths.write_text("\n".join(load.paths) + "\n")
        script = Path(folder) / "load.lua"
        headers = ", ".join(f'["{name}"] = "{value}"' for name, value in load.headers.items())
        script.write_text(WRK.format(paths=paths, headers=f"{{{headers}}}"))
        told = subprocess.run(
            [
                "wrk",
                "--threads=1",
                f"--connections={CONNECTIONS}",
                f"--duration={seconds:.0f}s",
                f"--script={script}",
                address,
            ],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    assert rate is not None, told
    return Driven(float(rate[1]), int(wrong[1]) if wrong else 0)


async def drive_by_hand(address: str, load: Load, seconds: float) -> Driven:
    host, _, port = address.removeprefix("http://").partition(":")
    lines = "".join(f"{name}: {value}\r\n" for name, value in load.headers.items())
    asked = [f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{lines}\r\n".encode() for path in load.paths]
    until = time.perf_counter() + seconds
    answered, failed = 0, 0

    async def ask(first: int) -> None:
        nonlocal answered, failed
        reader, writer = await asyncio.open_connection(host, int(port))
        at = first
        while time.perf_counter() < until:
            writer.write(asked[at % len(asked)])
            at += CONNECTIONS
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head)
            if length:
                await reader.readexactly(int(length[1]))
            answered += 1
            failed += head[9:10] in b"45"
        writer.close()

    await asyncio.gather(*(ask(number) for number in range(CONNECTIONS)))
    return Driven(answered / seconds, failed)

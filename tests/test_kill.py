"""A server that is killed during writes loses none that it answered."""

import subprocess
import sys

from tests.servers import ROOT


def test_what_was_answered_survives_a_kill() -> None:
    campaign = [sys.executable, "-m", "benchmarks.kill_during_writes", "--rounds", "3"]

    ended = subprocess.run(campaign, cwd=ROOT, capture_output=True, text=True, timeout=300)

    assert ended.returncode == 0, ended.stderr
    *rounds, summary = ended.stdout.splitlines()
    assert len(rounds) == 3
    assert summary.startswith("3 kills, ")
    assert summary.endswith("none lost (sqlite)")

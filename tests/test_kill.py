"""A server that is killed during writes loses none that it answered."""

import subprocess
import sys

from tests.commands import ROOT


def test_what_was_answered_survives_a_kill() -> None:
    campaign = [sys.executable, "-m", "benchmarks.kill_during_writes", "--rounds", "1"]

    ended = subprocess.run(campaign, cwd=ROOT, capture_output=True, text=True, timeout=300)

    assert ended.returncode == 0, ended.stderr
    *rounds, summary = ended.stdout.splitlines()
    assert len(rounds) == 1
    assert summary.startswith("1 kills, ")
    assert summary.endswith("none lost (sqlite)")

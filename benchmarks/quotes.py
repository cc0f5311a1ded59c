"""How well and how fast quotes are found, by a scorer and annotated articles of your own.

The folder given holds `score_quotes.py`, which is run with this file as its adapter, and the
articles in `polnear/`. Time is that of the processor, and so is what it is compared with: an empty
loop of Python on the same machine.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

# Read when numpy is first imported, as in a worker process.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.extraction.engine import extract as extract_proposal
from app.extraction.language_models import USUAL_MODEL, load_model
from app.extraction.syntax import Model

MODEL = "ONRECORD_EXTRACTION_MODEL"
LOOPS = 20_000_000
# The name of a measure, and where the scorer's answer has it.
MEASURES = {
    "span F1": "span_F1",
    "speaker accuracy": "speaker_acc",
    "quote and speaker F1": "quote+speaker_F1",
    "full name accuracy": "full_name_acc",
    "indirect F1": "indirect_F1",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="with score_quotes.py and polnear/")
    options = parser.parse_args()
    scores = [score(options.folder, model) for model in (USUAL_MODEL, "")]
    loop = seconds_of_loop()
    print(f"{'':36}{'model':>10}{'rules':>10}")
    for name, member in MEASURES.items():
        show(name, [one["quotes"][member] for one in scores])
    show("bad offsets", [one["bad_offsets"] for one in scores])
    rates = [one["words_per_cpu_s"] * one["articles"] / one["words"] for one in scores]
    show("articles per second of one core", [round(rate, 1) for rate in rates])
    show("one article in million empty loops", [round(1 / rate / loop, 1) for rate in rates])


# Any: the scorer's answer is open JSON
def score(folder: Path, model: str) -> dict[str, Any]:
    with tempfile.NamedTemporaryFile(suffix=".json") as answer:
        subprocess.run(
            [
                sys.executable,
                folder / "score_quotes.py",
                *("--polnear", folder / "polnear"),
                *("--split", "all"),
                *("--adapter", __file__),
                *("--json", answer.name),
            ],
            env={**os.environ, MODEL: model},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        found: dict[str, Any] = json.load(answer)
        return found


def seconds_of_loop() -> float:
    """What a million turns of an empty loop cost here."""
    started = time.process_time()
    for _ in range(LOOPS):
        pass
    return (time.process_time() - started) / (LOOPS / 1e6)


def show(name: str, values: list[float | None]) -> None:
    print(f"{name:36}" + "".join(f"{'-' if value is None else value:>10}" for value in values))


@cache
def the_model() -> Model | None:
    return load_model(os.environ[MODEL])


# Any: a document as JSON
def extract(text: str) -> dict[str, Any]:
    """What the scorer calls for each article."""
    return {**extract_proposal(text, language_model=the_model()).document()}


if __name__ == "__main__":
    main()

"""`make run`: migrate, load the sample newsroom, print an address and a key, and serve."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEWSROOM = ROOT / "examples" / "newsroom"
KEY_FILE = ROOT / "var" / "write-key"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    os.environ.setdefault("ONRECORD_DATABASE_URL", f"sqlite:///{ROOT / 'var' / 'onrecord.db'}")
    os.environ.setdefault("ONRECORD_MEDIA_FOLDER", str(NEWSROOM / "pictures"))
    os.environ.setdefault("ONRECORD_PUBLIC_URL", f"http://127.0.0.1:{port}")
    onrecord("migrate")
    onrecord("import", str(NEWSROOM))
    address = f"http://127.0.0.1:{port}"
    print(f"\n  Articles       {address}/v1/articles")
    print(f"  A channel      {address}/v1/channels/skerry-courier/home.json")
    print(f"  Documentation  {address}/docs")
    print(f"  A key          {write_key()}\n", flush=True)
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "app", "serve", "--port", str(port)])


def onrecord(*arguments: str) -> str:
    command = [sys.executable, "-m", "app", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def write_key() -> str:
    """The key of this folder's database, made at the first run, or when that one is gone."""
    kept = KEY_FILE.read_text().strip() if KEY_FILE.exists() else ""
    if kept.rpartition("_")[0] not in onrecord("keys", "list").split():
        key = onrecord("keys", "create", "--scope", "write", "--name", "make run").strip()
        KEY_FILE.parent.mkdir(parents=True, exist_ok=True)
        KEY_FILE.touch(mode=0o600)
        KEY_FILE.write_text(key + "\n")
    return KEY_FILE.read_text().strip()


if __name__ == "__main__":
    main()

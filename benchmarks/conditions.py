"""What a run was made with: the machine, the versions, the day and the command."""

import os
import platform
import re
import shlex
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import text

from app.database.session import Database
from benchmarks.driving import CONNECTIONS, driver_name

PACKAGES = ("fastapi", "starlette", "uvicorn", "uvloop", "httptools", "sqlalchemy", "psycopg")


def conditions_of(arguments: Sequence[str]) -> dict[str, str]:
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "command": shlex.join(["python", "-m", "benchmarks", *arguments]),
        "processor": f"{processor()}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        "SQLite": sqlite3.sqlite_version,
        "load": f"{driver_name()}, {CONNECTIONS} connections, on the same machine",
    }


def processor() -> str:
    try:
        told = Path("/proc/cpuinfo").read_text()
    except OSError:
        told = ""
    name = re.search(r"model name\s*: (.+)", told)
    return name[1] if name else platform.processor() or platform.machine()


def postgresql_version(database: Database) -> str:
    with database.engine.connect() as connection:
        told = connection.execute(text("SHOW server_version")).scalar_one()
    return f"{told}, as its wheel sets it up"

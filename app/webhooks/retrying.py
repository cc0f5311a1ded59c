"""When a delivery is tried again, and how long a receiver is left in peace: by what came of it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

# After the first attempt; one that has failed after the last of them has failed for good.
SCHEDULE = (
    5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR,
    24 * HOUR,
)  # fmt: skip
# Receivers that came back together are not asked together: a wait is longer by a part of itself.
JITTER = 0.2

# After so many failures in a row it is the receiver that fails, and not what it was sent: then it
# is asked once in a while, by whichever delivery is first.
FAILURES_UNTIL_REST = 3
FIRST_REST, LONGEST_REST = 5 * SECOND, 5 * MINUTE

# It asks to be asked less often.
SLOWER = frozenset({429, 502, 503, 504})
SLOWER_REST = MINUTE
# More than this nobody is waited for, whatever is asked.
MOST_WAIT = 24 * HOUR

GONE = 410


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt: a status, or an `error`, when there was none. `wait` is what
    Retry-After asks for."""

    seconds: float
    status: int | None = None
    error: str | None = None
    response: str = ""
    wait: timedelta | None = None

    @property
    def has_arrived(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        return self.status == GONE


def next_attempt(made: int, outcome: Outcome, at: datetime, chance: float) -> datetime | None:
    """When to try again after so many attempts, the last of which had this outcome; None: never.
    `chance` is between 0 and 1."""
    if made > len(SCHEDULE):
        return None
    wait = SCHEDULE[made - 1] * (1 + JITTER * chance)
    return at + max(wait, asked_wait(outcome))


def rest(failures: int, outcome: Outcome, at: datetime, chance: float) -> datetime | None:
    """Until when nothing else is sent to a receiver that has failed so often in a row; None: it is
    asked at once."""
    waits = [asked_wait(outcome)]
    if outcome.status in SLOWER:
        waits.append(SLOWER_REST)
    if failures >= FAILURES_UNTIL_REST:
        doubled = FIRST_REST * 2 ** min(failures - FAILURES_UNTIL_REST, 16)
        waits.append(min(doubled, LONGEST_REST) * (1 + JITTER * chance))
    longest = max(waits)
    return at + longest if longest else None


def asked_wait(outcome: Outcome) -> timedelta:
    return min(outcome.wait or timedelta(), MOST_WAIT)


def read_retry_after(header: str | None, at: datetime) -> timedelta | None:
    """Seconds, or a date; None for what is neither."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        # A number of any length may be sent.
        return MOST_WAIT if len(text) > 9 else min(timedelta(seconds=int(text)), MOST_WAIT)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        # Numbers of any length, again.
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max(until - at, timedelta()), MOST_WAIT)

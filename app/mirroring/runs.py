"""A run of the mirror: the first copy, then what changes, whatever happens to source and mirror."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from app.database.engine import open_database, url_of_file
from app.database.migrating import migrate
from app.database.session import Database
from app.mirroring.copying import OtherKey, begin, copy_page
from app.mirroring.following import catch_up, follow_page
from app.mirroring.place import OtherMirror, Overtaken, Place, find_place, keep_place
from app.mirroring.source import Source, SourceDown, SourceRefuses, StartAgain, connect
from app.mirroring.verifying import find_differences
from app.models.base import Clock, utc_now
from app.settings import Settings

# How long the source may keep a question for changes.
WAIT_SECONDS = 30
# After how long it is asked again when it is down: doubled each time, up to the last.
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
COPIES_BETWEEN_REPORTS = 1_000
# How often it is tried to go on where another process has gone on already.
ATTEMPTS = 20
# What ends a run, in a sentence.
FAILURES = (SourceRefuses, SourceDown, StartAgain, OtherMirror, OtherKey, Overtaken)


class Mirroring:
    """One mirror of one source."""

    def __init__(
        self,
        source: Source,
        database: Database,
        url: str,
        *,
        clock: Clock = utc_now,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.source = source
        self.database = database
        self.url = url
        self.clock = clock
        self.pause = pause
        self.console = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)

    def run(self, *, once: bool) -> None:
        """Copy all and follow what changes; `once`: until nothing is left to follow."""
        seconds, is_lost = FIRST_PAUSE, False
        while True:
            try:
                if is_lost:
                    self.start_again()
                    is_lost = False
                if once:
                    self.catch_up()
                    return
                place = self.copied()
                seconds = FIRST_PAUSE
                self.follow(place)
            except SourceDown as down:
                self.tell(f"The source does not answer ({down}): asked again in {seconds:g} s.")
                self.pause(seconds)
                seconds = min(2 * seconds, LONGEST_PAUSE)
            except StartAgain as reason:
                self.tell(f"All is copied again: {reason}")
                is_lost = True
            except Overtaken:
                self.tell("Another process keeps this mirror as well: this one goes on from there.")

    def verify(self) -> int:
        """Tell what is different from the source. How many differences there are."""
        found = find_differences(self.source, self.database, self.clock, self.catch_up)
        for difference in found:
            print(difference)
        told = f"{len(found)} differences" if found else "The mirror holds what its source does."
        self.tell(told)
        return len(found)

    def follow(self, place: Place) -> None:
        """Until something is raised."""
        while True:
            asked = time.monotonic()
            followed = follow_page(
                self.source, self.database, place, self.clock, wait_seconds=WAIT_SECONDS
            )
            place = followed.place
            if not followed.changes and time.monotonic() - asked < FIRST_PAUSE:
                # Whatever answers for it does not wait.
                self.pause(FIRST_PAUSE)

    def start_again(self) -> None:
        page = self.source.page("channels", "")
        place = self.database.read_now(find_place, self.url)
        assert place is not None
        self.database.write_now(keep_place, place, place.at_the_start(page["position"]))

    def catch_up(self) -> Place:
        """The place behind all that has changed by now. Raises Overtaken when another process is
        always quicker."""
        for _ in range(ATTEMPTS):
            with suppress(Overtaken):
                return catch_up(self.source, self.database, self.copied(), self.clock)
        raise Overtaken("Another process keeps this mirror as well, and is always quicker.")

    def copied(self) -> Place:
        """The place behind the first copy, or what is left of it."""
        place = begin(self.source, self.database, self.url)
        if place.copying is None:
            return place
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        is_shown = self.console.is_terminal
        with Progress(*columns, console=self.console, transient=True, disable=not is_shown) as bar:
            while place.copying is not None:
                resource, number, told = place.copying, 0, 0
                total = self.source.digests(resource, place.after, None)["count"]
                task = bar.add_task(resource, total=total)
                while place.copying == resource:
                    place, copied = copy_page(self.source, self.database, place, self.clock)
                    number += copied
                    bar.update(task, completed=number)
                    if not is_shown and number - told >= COPIES_BETWEEN_REPORTS:
                        told = number
                        self.tell(f"copied {number} of {total} {resource}")
                if not is_shown and number:
                    self.tell(f"copied all {resource}: {number}")
        return place

    def tell(self, text: str) -> None:
        self.console.print(text, markup=False)


def run_mirror(settings: Settings, url: str, into: Path, key: str | None, *, once: bool) -> None:
    """Raises one of FAILURES."""
    database = open_mirror(settings, into)
    with connect(url, key) as client:
        Mirroring(Source(client), database, url.rstrip("/")).run(once=once)


def run_verify(settings: Settings, url: str, into: Path, key: str | None) -> int:
    """How many differences there are. Raises one of FAILURES."""
    database = open_mirror(settings, into)
    with connect(url, key) as client:
        try:
            return Mirroring(Source(client), database, url.rstrip("/")).verify()
        except StartAgain as reason:
            raise StartAgain(f"{reason} `onrecord mirror` copies all again.") from None


def open_mirror(settings: Settings, path: Path) -> Database:
    """The mirror's database, its schema up to date."""
    own = replace(settings, database_url=url_of_file(path))
    migrate(own)
    return open_database(own)

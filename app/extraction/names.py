"""Names in a text: full names, the surnames that stand for them, titles before them."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.documents.extractions import SpeakerKind
from app.extraction.syntax import Name
from app.extraction.vocabulary import FEMALE_WORDS, MALE_WORDS, NOT_IN_NAMES, TITLES, word_set

KINDS: dict[str, SpeakerKind] = {
    "PERSON": "person", "ORG": "organization", "GPE": "place", "LOC": "place", "FAC": "place",
}  # fmt: skip
MAX_NAME_WORDS = 5


@dataclass(frozen=True, slots=True)
class Run:
    """Capitalised words in a row, the name at their end apart from the titles before it."""

    start: int
    end: int
    name_start: int
    words: tuple[str, ...]
    titles: tuple[str, ...]


@dataclass(slots=True)
class Names:
    """The full names of a text, found again by surname or first name."""

    runs: list[Run]
    starts: list[int]
    by_last: dict[str, list[Run]]
    by_first: dict[str, list[Run]]
    labels: dict[str, SpeakerKind] = field(default_factory=dict)
    women: set[str] = field(default_factory=set)
    men: set[str] = field(default_factory=set)

    def run_ending_at(self, end: int, floor: int) -> Run | None:
        """The capitalised run inside [floor, end] that reaches up to `end`."""
        at = bisect_left(self.starts, end) - 1
        run = self.runs[at] if at >= 0 else None
        return run if run and run.end >= end and run.end > floor else None

    def runs_between(self, start: int, end: int) -> list[Run]:
        first = bisect_left(self.starts, start)
        return self.runs[first : bisect_left(self.starts, end)]

    def full_name(self, words: tuple[str, ...], at: int) -> str:
        """The nearest earlier full name that these words are short for, else the next later."""
        if len(words) != 1:
            return " ".join(words)
        key = words[0].lower()
        for index in (self.by_last, self.by_first):
            runs = index.get(key)
            if runs:
                people = [run for run in runs if self.is_person(run)] if len(runs) < 200 else runs
                runs = people or runs
                place = bisect_left([run.start for run in runs], at) if len(runs) < 200 else 0
                return " ".join(runs[max(0, place - 1)].words)
        return words[0]

    def is_person(self, run: Run) -> bool:
        return self.labels.get(" ".join(run.words)) == "person"

    def gender(self, name: str) -> str | None:
        last = name.rsplit(maxsplit=1)[-1].lower() if name else ""
        if last in self.women and last not in self.men:
            return "f"
        return "m" if last in self.men and last not in self.women else None


def names_of(text: str, found: Iterable[Name] = ()) -> Names:
    """Reads every capitalised run; what the model found says which are people."""
    runs: list[Run] = []
    for match in RUN.finditer(text):
        before = text[max(0, match.start() - 2) : match.start()].rstrip(" \u00a0")
        runs += split_run(
            match.group(), match.start(), mid=before[-1:].isalnum() or before[-1:] in MIDDLE
        )
    names = Names(runs, [run.start for run in runs], defaultdict(list), defaultdict(list))
    for name in found:
        kind = KINDS.get(name.label)
        if kind:
            words = stripped(text[name.start : name.end].split())
            names.labels.setdefault(" ".join(words), kind)
    for run in runs:
        if 2 <= len(run.words) <= MAX_NAME_WORDS:
            names.by_last[run.words[-1].lower()].append(run)
            names.by_first[run.words[0].lower()].append(run)
        read_gender(names, text, run)
    return names


def split_run(text: str, offset: int, *, mid: bool = False) -> list[Run]:
    """A possessive ends a name: "Ann Lee's Harbour Union" holds two.

    In the middle of a sentence, `mid`, a capital letter makes even "Will" a name.
    """
    runs: list[Run] = []
    words: list[tuple[str, int, int]] = []
    for match in PIECE.finditer(text):
        word, start, end = match.group(), offset + match.start(), offset + match.end()
        owner = POSSESSIVE.search(word)
        if owner:
            words.append((word[: owner.start()], start, end - len(owner[0])))
            runs += run_of(words, mid)
            words = []
        else:
            words.append((word, start, end))
    return runs + run_of(words, mid)


def run_of(words: list[tuple[str, int, int]], mid: bool) -> list[Run]:
    first = 0
    dropped = NOT_IN_NAMES - ALSO_NAMES if mid else NOT_IN_NAMES
    while first < len(words) and words[first][0].lower() in dropped:
        first += 1
    words = words[first:]
    if not words:
        return []
    name_from = name_index([word for word, _, _ in words])
    name = tuple(word.strip(".,") if len(word) > 2 else word for word, _, _ in words[name_from:])
    titles = tuple(word.strip(".").lower() for word, _, _ in words[:name_from])
    return [Run(words[0][1], words[-1][2], words[name_from][1], name, titles)]


def name_index(words: list[str]) -> int:
    """Where the name begins behind its titles: "Senator | Ann Lee"."""
    last = len(words) - 1
    while last > 0 and words[last].strip(".").lower() in SUFFIXES:
        last -= 1
    for index in range(last, 0, -1):
        if words[index - 1].strip(".").lower() in TITLES:
            return index
        if words[index].strip(".").lower() in TITLES and index != last:
            return index + 1
    return 0


def stripped(words: list[str]) -> list[str]:
    while len(words) > 1 and words[0].strip(".").lower() in TITLES | NOT_IN_NAMES:
        words = words[1:]
    if words:
        words = [*words[:-1], POSSESSIVE.sub("", words[-1])]
    return words


def read_gender(names: Names, text: str, run: Run) -> None:
    if not run.words:
        return
    before = set(run.titles)
    word = WORD_BEFORE.search(text[max(0, run.name_start - 20) : run.name_start])
    if word:
        before.add(word[1].lower())
    last = run.words[-1].lower()
    first = run.words[0].lower() if len(run.words) > 1 else ""
    if before & FEMALE_WORDS or first in WOMENS_NAMES:
        names.women.add(last)
    if before & MALE_WORDS or first in MENS_NAMES:
        names.men.add(last)


UPPER = "A-ZÀ-ÖØ-ÞĆČĎĐĘĚĞĪŁŃŇŐŘŚŞŠŤŪŮŰŹŻŽİ"
WORD = (
    rf"(?:(?:[{UPPER}]\.)+|(?:Mr|Mrs|Ms|Dr|Sens?|Reps?|Govs?|Lt|Gen|Col|Sgt|Capt|Rev|St|Jr|Sr|Prof|Adm)\."
    rf"|[{UPPER}][\w’'-]*\w|[{UPPER}])"
)
PARTICLE = r"(?:de|la|van|von|der|den|bin|al|el|di|da|du|ibn|ben|dos|del)"
RUN = re.compile(rf"(?<![\w’'@#/.-]){WORD}(?:[ \u00a0](?:{PARTICLE}[ \u00a0]){{0,2}}{WORD}){{0,9}}")
PIECE = re.compile(rf"(?:{PARTICLE}[ \u00a0])*{WORD}")
POSSESSIVE = re.compile(r"[’'](?:s|S)?$")
WORD_BEFORE = re.compile(r"(\w+)\.?\s*$")
MIDDLE = (",", "”", '"', "-", "—")
ALSO_NAMES = word_set("will may april june august")
SUFFIXES = word_set("jr sr ii iii iv")
MENS_NAMES = word_set(
    "james john robert michael william david richard joseph thomas charles christopher daniel "
    "matthew anthony mark donald steven paul andrew joshua kenneth kevin brian george timothy "
    "ronald edward jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott "
    "brandon benjamin samuel gregory alexander frank patrick raymond jack dennis jerry tyler aaron "
    "jose adam nathan henry peter zachary douglas harold kyle carl arthur gerald roger keith "
    "jeremy lawrence terry sean albert joe christian ethan austin jesse willie billy bryan bruce "
    "ralph roy eugene louis philip johnny vladimir dmitry sergei mohammed ahmed ali hassan boris "
    "francois emmanuel juan carlos luis jorge miguel mike bob tom bill jim steve dan ben sam tim "
    "matt chris tony greg ted rick ron ken jeff dave fred ivan pavel viktor"
)
WOMENS_NAMES = word_set(
    "mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty "
    "sandra margaret ashley kimberly emily donna michelle carol amanda melissa deborah stephanie "
    "dorothy rebecca sharon laura cynthia amy kathleen angela shirley brenda emma anna pamela "
    "nicole samantha katherine christine helen debra rachel carolyn janet maria catherine heather "
    "diane olivia julie joyce victoria ruth virginia lauren kelly christina joan evelyn judith "
    "andrea hannah megan cheryl jacqueline martha madison teresa gloria sara janice ann abigail "
    "alice julia judy sophia grace denise amber doris marilyn danielle beverly isabella theresa "
    "diana natalie brittany charlotte marie kayla alexis lori elena olga "
    "svetlana fatima aisha ursula nikki kate sally anne jane claire rosa clara ella"
)

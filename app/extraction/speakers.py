"""Who a mention is: name and role apart, surnames and pronouns resolved."""

from dataclasses import dataclass, field

from app.documents.extractions import SpeakerKind
from app.extraction.names import Names
from app.extraction.paragraphs import sentence_start
from app.extraction.proposal import Span, Speaker
from app.extraction.subjects import with_role
from app.extraction.vocabulary import NOT_IN_NAMES, PRONOUNS, word_set

PRONOUN_REACH = 1500
ROLE_LENGTH = 80
FIRST_MENTIONS = 4
SENTENCE_REACH = 300
NO_ROLE = word_set("the a an but and whose its their his her")


@dataclass(slots=True)
class Resolver:
    """Turns the words that name a speaker into a speaker, and remembers their roles."""

    text: str
    names: Names
    roles: dict[str, str] = field(default_factory=dict)
    earlier: list[Speaker] = field(default_factory=list)

    def speaker(self, words: Span) -> tuple[Speaker, str | None]:
        printed = self.text[words.start : words.end]
        gender = PRONOUNS.get(printed.lower())
        speaker = self.by_pronoun(words, gender) if gender else self.by_name(words)
        if speaker.kind == "person":
            role = self.role_before(words, speaker)
            if role:
                self.roles.setdefault(speaker.name, role)
        self.earlier.append(speaker)
        return speaker, self.roles.get(speaker.name) or self.role_elsewhere(speaker)

    def role_elsewhere(self, speaker: Speaker) -> str | None:
        """The role beside the first places where the full name stands."""
        if speaker.kind != "person":
            return None
        last = speaker.name.split(" ")[-1].lower()
        for run in self.names.by_last.get(last, [])[:FIRST_MENTIONS]:
            if " ".join(run.words) == speaker.name:
                floor = sentence_start(self.text, run.start, max(0, run.start - ROLE_LENGTH))
                words = with_role(self.text, Span(run.start, run.end), floor)
                there = Speaker(speaker.name, run.name_start, run.end)
                role = self.role_before(words, there)
                if role:
                    self.roles[speaker.name] = role
                    return role
        return None

    def by_name(self, words: Span) -> Speaker:
        run = self.names.run_ending_at(words.end, words.start)
        if run is None or not run.words:
            return Speaker(self.plain(words), words.start, words.end, "description")
        end = min(run.end, words.end)
        start = run.name_start if run.name_start < end else run.start
        start = max(start, words.start)
        name = self.names.full_name(run.words, start) if start == run.name_start else ""
        name = name or self.text[start:end]
        return Speaker(name, start, end, self.kind_of(name, run.words))

    def kind_of(self, name: str, words: tuple[str, ...]) -> SpeakerKind:
        for known in (name, " ".join(words)):
            kind = self.names.labels.get(known)
            if kind:
                return kind
        if len(name.split()) > 1 or len(words) == 1:
            return "person" if not self.names.labels else "organization"
        return "organization"

    def by_pronoun(self, words: Span, gender: str) -> Speaker:
        if gender in "mf":
            name = self.person_before(words.start, gender)
            if name:
                return Speaker(name, words.start, words.end, "person")
        elif gender == "n":
            name = self.subject_before(words.start)
            if name:
                return Speaker(name, words.start, words.end, self.names.labels[name])
        printed = self.text[words.start : words.end]
        return Speaker(printed, words.start, words.end, "pronoun")

    def subject_before(self, at: int) -> str | None:
        """The place or organization that begins the sentence an "it" stands in."""
        start = sentence_start(self.text, at, max(0, at - SENTENCE_REACH))
        for run in self.names.runs_between(start, at)[:1]:
            name = " ".join(run.words)
            if self.names.labels.get(name) in ("place", "organization"):
                return name
        return None

    def person_before(self, at: int, gender: str) -> str | None:
        """The last person who was the subject of a sentence, of fitting gender."""
        nearest: str | None = None
        spoken = {speaker.start for speaker in self.earlier[-6:] if speaker.kind == "person"}
        for run in reversed(self.names.runs_between(max(0, at - PRONOUN_REACH), at)):
            name = self.names.full_name(run.words, run.start)
            if not self.is_person(name) or self.names.gender(name) not in (None, gender):
                continue
            begins = sentence_start(self.text, run.start, max(0, run.start - 240))
            if run.name_start in spoken or run.start - begins < 4:
                return name
            nearest = nearest or name
        for speaker in reversed(self.earlier[-6:]):
            if speaker.kind == "person" and self.names.gender(speaker.name) in (None, gender):
                return speaker.name
        return nearest

    def is_person(self, name: str) -> bool:
        if self.names.labels:
            return self.names.labels.get(name) == "person"
        return len(name.split()) > 1

    def role_before(self, words: Span, speaker: Speaker) -> str | None:
        role = self.text[words.start : speaker.start].strip(" ,-–—\u00a0")
        first, _, rest = role.partition(" ")
        if first.lower() in NO_ROLE:
            role = rest
        fits = 1 < len(role) <= ROLE_LENGTH and role.lower() not in NOT_IN_NAMES
        return role if fits and "\n" not in role else None

    def plain(self, words: Span) -> str:
        printed = self.text[words.start : words.end]
        first, _, rest = printed.partition(" ")
        return rest if rest and first.lower() in ("the", "a", "an") else printed

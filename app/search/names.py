"""What the names in a query mean to one database: which entities and sections they are."""

from collections.abc import Sequence

from sqlalchemy import Connection, or_, select

from app.models import Section
from app.search import statistics
from app.search.engines import engine_of
from app.search.query import MalformedQuery, Node, Phrase, Prefix, Words, words_in
from app.search.tables import FOUND
from app.search.terms import AnyToken, Begins, Run, Term, headline_token, word_term
from app.search.windows import ALWAYS, NEVER, Window

# A name that more entities have is refused: their articles cannot be gathered quickly.
MAX_ENTITIES = 1_000


# The languages that the last query on a connection found.
LANGUAGES = "search.languages"


class DatabaseNames:
    """The counts of a query's words are asked for at once with the languages in which they may be
    counted, which are those of the last query mostly."""

    def __init__(self, connection: Connection, node: Node | None = None) -> None:
        self.connection = connection
        self.counts = statistics.Counts(connection)
        likely = connection.info.get(LANGUAGES, ())
        words = () if node is None else words_in(node)
        self.counts.of(
            term
            for word in words
            for term in (word, headline_token(word), *word_term(word, likely).tokens)
        )
        # The last term, with the tags of its texts, of whose words the counts are known.
        self.counted: tuple[Term, Sequence[str]] | None = None
        self.tags = self.counts.languages()
        connection.info[LANGUAGES] = self.tags

    def languages(self) -> Sequence[str]:
        return self.tags

    def entities(self, node: Words | Phrase | Prefix) -> Sequence[int]:
        """Entities one of whose names holds these words in a row, as they are written."""
        term: Term
        if isinstance(node, Prefix):
            term = Begins(node.words, in_headline=True)
        elif len(node.words) > 1:
            term = Run(node.words, in_headline=True)
        else:
            term = AnyToken((headline_token(node.words[0]),))
        found = FOUND["entities"]
        window = Window(before=ALWAYS, at=NEVER, total=0, limit=None)
        matches = engine_of(self.connection).newest("entities", term, window, expected=0)
        positions = matches.limit(MAX_ENTITIES + 1).subquery()
        keys = self.connection.scalars(
            select(found.c.key).join(positions, positions.c.position == found.c.position)
        ).all()
        if len(keys) > MAX_ENTITIES:
            detail = f"More than {MAX_ENTITIES} entities have such a name: give more of it."
            raise MalformedQuery(detail, node.position)
        return keys

    def sections(self, node: Words | Phrase | Prefix) -> Sequence[int]:
        """The section with this path, and those below it; with a *, all whose path begins so."""
        path = node.text.casefold().strip('/*"')
        condition = Section.path.startswith(path, autoescape=True)
        if not isinstance(node, Prefix):
            below = Section.path.startswith(f"{path}/", autoescape=True)
            condition = or_(Section.path == path, below)
        return self.connection.scalars(select(Section.key).where(condition)).all()

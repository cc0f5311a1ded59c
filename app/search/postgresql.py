"""Text found by PostgreSQL's index of words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, assert_never

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    delete,
    exists,
    func,
    literal,
    literal_column,
    not_,
    null,
    or_,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, TSQUERY
from sqlalchemy.exc import OperationalError

from app.database.prepared import TIME_LIMIT, Prepared
from app.search.entries import Indexed, Kept, is_counted
from app.search.ranking import Candidate
from app.search.sketches import sketch_name
from app.search.tables import FOUND, TEXTS
from app.search.terms import AllTerms, AnyTerm, AnyToken, Begins, NotTerm, Run, Term, runs_in
from app.search.windows import Asked, SearchTooSlow, Window, most_rows, parametric

QUERY_CANCELED = "57014"
# How many times as many texts as should be needed are looked through in the order of publication,
# before the index of words is asked after all.
PATIENCE = 4
# Whether a search may come back with less than there is, and is to be made again with `expected=0`.
GIVES_UP = True


def _quoted(term: str) -> str:
    escaped = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def schema(kind: str) -> list[str]:
    """What PostgreSQL needs beside the tables. Without a list of pending entries, which every
    search would have to read through; and without compression, which every look into a row
    would have to undo."""
    return [
        f"ALTER TABLE search_{kind}_text ALTER COLUMN tokens SET STORAGE EXTERNAL",
        _INDEX.format(kind=kind),
    ]


_INDEX = (
    "CREATE INDEX search_{kind}_words ON search_{kind}_text "
    "USING gin (tokens) WITH (fastupdate = off)"
)


def add_texts(connection: Connection, kind: str, contents: Mapping[int, Indexed]) -> None:
    """Add texts at their positions."""
    values = [
        {
            "position": position,
            "sketch": content.sketch,
            "headline": f" {content.headline} ",
            "words": f" {content.words} ",
            "tokens": " ".join(
                map(
                    _quoted,
                    sorted({*content.headline.split(), *content.words.split(), *content.tokens}),
                )
            ),
        }
        for position, content in contents.items()
    ]
    _ADD[kind].run(connection, values)


# The server's own text search has no part in it: these are its tokens, word for word.
_ADD = {
    kind: Prepared(
        text(
            f"INSERT INTO search_{kind}_text (position, sketch, headline, words, tokens) "
            "VALUES (:position, :sketch, :headline, :words, CAST(:tokens AS tsvector))"
        )
    )
    for kind in TEXTS
}


def remove_texts(connection: Connection, kind: str, positions: Sequence[int]) -> dict[int, Kept]:
    """Take texts out, and tell what they were."""
    texts = TEXTS[kind]
    rows = connection.execute(
        delete(texts)
        .where(texts.c.position.in_(positions))
        .returning(
            texts.c.position,
            texts.c.headline,
            texts.c.words,
            func.tsvector_to_array(texts.c.tokens, type_=ARRAY(Text)).label("tokens"),
        )
    ).all()
    return {
        row.position: Kept(row.headline[1:-1], row.words[1:-1], frozenset(row.tokens))
        for row in rows
    }


def empty(connection: Connection, kind: str) -> None:
    """Take out all texts of a kind; `complete` has to follow when others have been added: many
    rows at once are indexed ten times as fast."""
    connection.execute(text(f"DROP INDEX search_{kind}_words"))
    connection.execute(text(f"TRUNCATE search_{kind}_text"))


def complete(connection: Connection, kind: str) -> None:
    connection.execute(text(_INDEX.format(kind=kind)))


def count_terms(connection: Connection, counts: Mapping[str, int]) -> None:
    """Add to the numbers of articles in which terms stand."""
    terms = sorted(counts)
    _COUNT.run(connection, [{"terms": terms, "counts": [counts[term] for term in terms]}])


_COUNT = Prepared(
    text(
        "INSERT INTO search_terms (term, articles) "
        "SELECT * FROM unnest(CAST(:terms AS text[]), CAST(:counts AS bigint[])) "
        "ON CONFLICT (term) DO UPDATE SET articles = search_terms.articles + excluded.articles"
    )
)


@contextmanager
def time_limit(connection: Connection, seconds: float) -> Iterator[None]:
    """Raises SearchTooSlow when a statement meanwhile takes longer; the transaction is lost. What
    the transaction does afterwards may take no longer either."""
    if connection.info.get(TIME_LIMIT) != seconds:
        _SET_LIMIT.all(connection, {"milliseconds": str(int(seconds * 1_000))})
    try:
        yield
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", "") == QUERY_CANCELED:
            raise SearchTooSlow from None
        raise


_SET_LIMIT = Prepared(
    select(func.set_config("statement_timeout", bindparam("milliseconds", type_=Text()), true()))
)


def newest(kind: str, term: Term, window: Window, *, expected: float) -> Select[int]:
    """The positions that match, the newest first; `expected` is the share of all texts that
    should match. See `_source`."""
    found = _source(kind, term, window, expected)
    return select(found.c.position).order_by(found.c.position.desc())


# Any: rows with a position, and a sketch where it is asked for
def fetch(connection: Connection, asked: Sequence[Asked], *, sketch: bool) -> list[list[Any]]:
    """The newest matches, as many as each window's limit; with what they are ranked by. Those that
    are taken from the index of words are so at once: a statement is a trip to the server."""
    found: list[list[Any]] = [[] for _ in asked]
    indexed: list[int] = []
    for number, (kind, term, window, expected) in enumerate(asked):
        if runs_in(term) or window.is_soon_met(expected):
            build = candidates if sketch else newest
            statement = build(kind, term, window, expected=expected)
            found[number] += connection.execute(statement.limit(window.limit)).all()
        else:
            indexed.append(number)
    if indexed:
        values: dict[str, object] = {}
        for at, number in enumerate(indexed):
            window = asked[number].window
            given = {"match": rendered(asked[number].term), **window.values}
            values |= {f"{name}{at}": value for name, value in given.items()}
        kinds = tuple((asked[one].kind, asked[one].window.since is not None) for one in indexed)
        rows = _together(kinds, sketch=sketch).all(connection, values)
        # One statement may have had its parts made side by side.
        rows.sort(key=_newest_first)
        for at, position, sketched_by in rows:
            found[indexed[at]].append(Candidate(position, sketched_by))
    return found


def _newest_first(row: tuple[int, int, bytes | None]) -> tuple[int, int]:
    return row[0], -row[1]


@cache
def _together(kinds: tuple[tuple[str, bool], ...], *, sketch: bool) -> Prepared:
    """What takes every match from the index of words, whichever the words are: for each kind, and
    whether there is an earliest position."""
    parts = []
    for at, (kind, since) in enumerate(kinds):
        texts, window = TEXTS[kind], parametric(since=since, suffix=str(at))
        match = cast(bindparam(f"match{at}", type_=Text()), TSQUERY)
        chosen = select(texts.c.position, texts.c.sketch).where(texts.c.tokens.op("@@")(match))
        chosen = window.bounded(chosen, texts.c.position, FOUND[kind])
        one = chosen.cte(f"found{at}").prefix_with("MATERIALIZED", dialect="postgresql")
        shown = one.c.sketch if sketch else null().label("sketch")
        part = select(literal_column(str(at), Integer).label("part"), one.c.position, shown)
        parts.append(part.order_by(one.c.position.desc()).limit(most_rows(str(at))))
    return Prepared(select(union_all(*parts).subquery()))


def holds(kind: str, term: Term, position: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether the text at a position matches."""
    texts = TEXTS[kind]
    return exists().where(texts.c.position == position, exactly(term, texts))


def candidates(kind: str, term: Term, window: Window, *, expected: float) -> Select[int, bytes]:
    """The same, with what they are ranked by."""
    found = _source(kind, term, window, expected)
    return select(found.c.position, found.c.sketch).order_by(found.c.position.desc())


def _source(kind: str, term: Term, window: Window, expected: float) -> FromClause:
    """What matches, by the cheaper of two ways.

    A common word is soon met by looking through the newest texts; of a rare one, all texts are
    taken from the index of words and sorted. The database itself cannot choose: it does not know
    that a word is rare among the newest. Each way is fenced, so that it stays the one chosen.
    """
    texts = TEXTS[kind]
    if window.limit is None or not window.is_soon_met(expected):
        chosen = select(texts.c.position, texts.c.sketch).where(exactly(term, texts))
        chosen = window.bounded(chosen, texts.c.position, FOUND[kind])
        return chosen.cte("found").prefix_with("MATERIALIZED", dialect="postgresql")
    walked = window.bounded(select(texts), texts.c.position, FOUND[kind])
    most = int(PATIENCE * window.limit / expected)
    newest = walked.order_by(texts.c.position.desc()).limit(most).subquery("newest")
    return (
        select(newest.c.position, newest.c.sketch)
        .where(sketched(term, newest), exactly(term, newest))
        .order_by(newest.c.position.desc())
        .subquery("found")
    )


def exactly(term: Term, texts: FromClause) -> ColumnElement[bool]:
    """The condition of a term: what the index of words can tell, and where words must follow each
    other, a look at them in their order."""
    indexed: ColumnElement[bool] = texts.c.tokens.op("@@")(cast(rendered(term), TSQUERY))
    return and_(indexed, in_order(term, texts)) if runs_in(term) else indexed


def in_order(term: Term, texts: FromClause) -> ColumnElement[bool]:
    if not runs_in(term):
        held: ColumnElement[bool] = texts.c.tokens.op("@@")(cast(rendered(term), TSQUERY))
        return held
    match term:
        case Run(words, in_headline):
            return _stands(" ".join((" ", *words, " ")).replace("  ", " "), in_headline, texts)
        case Begins(words, in_headline):
            return _stands(" " + " ".join(words), in_headline, texts)
        case AllTerms(terms):
            return and_(*(in_order(one, texts) for one in terms))
        case AnyTerm(terms):
            return or_(*(in_order(one, texts) for one in terms))
        case NotTerm(inner):
            return not_(in_order(inner, texts))
        case AnyToken():
            raise ValueError("a token has no order")
        case _:
            assert_never(term)


def _stands(words: str, in_headline: bool, texts: FromClause) -> ColumnElement[bool]:
    in_title = func.strpos(texts.c.headline, words) > 0
    return in_title if in_headline else or_(in_title, func.strpos(texts.c.words, words) > 0)


def rendered(term: Term) -> str:
    """What must hold of a text's tokens in the database's own query language. Words that must
    follow each other must all be there; where that is excluded, nothing can be told."""
    match term:
        case AnyToken(tokens):
            return _joined("|", map(_quoted, tokens))
        case Run(words, in_headline):
            return _joined("&", (_marked(word, in_headline) for word in words))
        case Begins(words, in_headline):
            *before, last = (_marked(word, in_headline) for word in words)
            return _joined("&", [*before, f"{last}:*"])
        case AnyTerm(terms):
            return _joined("|", map(rendered, terms))
        case AllTerms(terms):
            told = [one for one in terms if not (isinstance(one, NotTerm) and runs_in(one))]
            return _joined("&", map(rendered, told))
        case NotTerm(inner):
            return f"!{rendered(inner)}"
        case _:
            assert_never(term)


def beginning_with(names: Table, beginnings: Sequence[str]) -> FromClause:
    """The rows whose `folded` begins with one of these: each is looked up in the index. Without
    the offset the planner may compare every name with every beginning."""
    words = func.unnest(cast(list(beginnings), ARRAY(Text))).label("value")
    given = select(words).subquery("given")
    begins = names.c.folded.between(given.c.value, given.c.value.concat("\U0010ffff"))
    found = select(names).where(begins).offset(literal_column("0")).lateral("found")
    return select(found).select_from(given.join(found, true())).subquery("found")


def _joined(sign: str, parts: Iterable[str]) -> str:
    together = list(parts)
    return f"({f' {sign} '.join(together)})" if len(together) > 1 else together[0]


def _marked(word: str, in_headline: bool) -> str:
    return _quoted(f"_h_{word}" if in_headline else word)


def sketched(term: Term, texts: FromClause) -> ColumnElement[bool]:
    """What the sketch can tell of a term in a hundredth of the time; true where it cannot."""
    match term:
        case AnyToken(tokens) if all(is_sketched(token) for token in tokens):
            return or_(*(_named(texts, token) for token in tokens))
        case AllTerms(terms):
            return and_(true(), *(sketched(one, texts) for one in terms))
        case AnyTerm(terms):
            return or_(*(sketched(one, texts) for one in terms))
    return true()


def is_sketched(token: str) -> bool:
    """Stems and keys are; of words, only those of languages without a stemmer."""
    return token.startswith("_") and is_counted(token)


def _named(texts: FromClause, token: str) -> ColumnElement[bool]:
    name = literal(sketch_name(token), BYTEA)
    return func.position(name.op("IN")(texts.c.sketch), type_=Integer) > 0

"""Which articles speak of the same thing: shared entities and words, and nearness in time."""

from datetime import datetime

from sqlalchemy import Connection, select

from app.search.entries import Entry, indexed
from app.search.hits import DAY, RANKED, Hit, Search, fetch_candidates, rare_part, search_for
from app.search.ranking import Weighted, scoring, weighted
from app.search.sketches import HEADER
from app.search.statistics import Statistics
from app.search.tables import FOUND, SLOTS
from app.search.terms import ENTITY, LANGUAGE, AnyTerm, AnyToken, Term

# How many of an article's terms stand for it: its entities, and the words that say most of it.
MAX_ENTITIES, MAX_WORDS = 8, 12
# A word that so many of all articles hold says nothing.
COMMON = 0.5
# An entity in common is worth as much as so many mentions of a word that is as rare.
ENTITY_WEIGHT = 1.5
# Articles of one day count twice as much as those far apart; the half of that after so many days.
HALF_LIFE_DAYS = 14.0
# What came later than so many days after the article is not looked at.
DAYS_AFTER = 30


def related_to(connection: Connection, entry: Entry, limit: int, *, at: datetime) -> list[Hit]:
    """The nearest articles, without the one that was given; none when nothing is shared."""
    sketch, terms = (content := indexed(entry)).sketch, content.terms
    marks = [f"{ENTITY}{key}" for key in entry.entities][:MAX_ENTITIES]
    words = sorted(one for one in terms if is_word(one))
    search = search_for(connection, "articles", AnyToken((*marks, *words)), at=at)
    known = search.statistics
    # A term of this article alone leads nowhere, and one of every other article anywhere.
    most = COMMON * known.all_articles
    worth = {one: worth_of(one, known) for one in words if 1 < known.articles.get(one, 0) < most}
    mean = known.mean_length
    scores = {one: scoring([worth[one]], mean)(sketch) for one in worth}
    telling = sorted(worth, key=lambda one: (-scores[one], one))[:MAX_WORDS]
    shared = [AnyToken((one,)) for one in (*marks, *telling) if known.articles.get(one, 0) > 1]
    if not shared:
        return []
    term: Term = AnyTerm(tuple(shared)) if len(shared) > 1 else shared[0]
    term = rare_part(term, known) or term
    found = FOUND["articles"]
    own = connection.scalar(select(found.c.position).where(found.c.key == entry.key))
    middle = search.at * SLOTS if own is None else own
    part = Search("articles", term, known, search.before, search.at)
    before = min(search.before, middle + DAYS_AFTER * DAY)
    candidates = fetch_candidates(connection, part, RANKED, before)
    score = scoring([worth[one] for one in telling], mean)
    entities = [(worth_of(one, known).names[0], worth_of(one, known).worth) for one in marks]
    hits = []
    for position, other in candidates:
        if position == own:
            continue
        total = score(other)
        total += ENTITY_WEIGHT * sum(w for name, w in entities if other.find(name, HEADER) >= 0)
        days = abs(position - middle) / DAY
        hits.append(Hit(position, round(total * (1 + 0.5 ** (days / HALF_LIFE_DAYS)), 6)))
    return sorted(hits, key=lambda hit: hit.order)[:limit]


def worth_of(term: str, known: Statistics) -> Weighted:
    return weighted([(term,)], known.all_articles, [known.articles.get(term, 0)])[0]


def is_word(term: str) -> bool:
    return term[0] != "_" or (term.find("_", 1) > 0 and not term.startswith(LANGUAGE))

"""Invented articles, and which of them each query finds: what docs/search.md promises."""

from datetime import UTC, datetime, timedelta

from app.search.entries import Entry

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)

PEOPLE = {1: "Ann Lee\nA. M. Lee", 2: "José Ángel Núñez", 3: "Harbour Union", 4: "Анна Орлова"}
SECTIONS = {1: "news", 2: "news/harbour", 3: "newsletter", 4: "sport"}


def an_entry(key: int, headline: str, text: str = "", **more: object) -> Entry:
    values: dict[str, object] = {
        "language": "en",
        "published_at": NOW - timedelta(hours=key),
        **more,
    }
    return Entry(key=key, headline=headline, text=text, **values)  # type: ignore[arg-type]  # as the class has them


# key: article
ARTICLES = [
    an_entry(
        1,
        "Ferry strike ends",
        "Crews return on Friday.\n\n“We will not sell,” union leader Ann Lee said.",
        section_key=2,
        entities=[1, 3],
        speakers=[1],
    ),
    an_entry(
        2,
        "Ferries sail again",
        "The harbour’s boats are full. Nobody will sell, not even Lee.",
        section_key=1,
        entities=[1],
    ),
    an_entry(
        3,
        "Un café à l’île",
        "Les élèves mangeaient près du phare. L’homme n’a rien vendu.",
        language="fr",
        section_key=4,
        entities=[2],
        speakers=[2],
    ),
    an_entry(
        4,
        "Новый маяк открыт",
        "Ёлку поставили у маяка. Паромы ходили всю ночь.",
        language="ru",
        entities=[4],
        speakers=[4],
    ),
    an_entry(5, "東京港のフェリー", "港は静かだった。東の京。", language="ja"),
    an_entry(6, "مرفأ المدينة", "عاد العُمّال إلى المَرفأ", language="ar"),
    an_entry(7, "נמל העיר", "שָׁלוֹם לכולם", language="he"),
    an_entry(8, "O'Brien's anti-war plan", "It costs 3.5 million, 1,000 a day; ＦＵＬＬ width."),
    an_entry(9, "Straße gesperrt", "Die Häuser am Hafen. Łódź liegt fern.", language="de"),
    an_entry(10, "Market day", "Prices rose.", standfirst="A ferry of fish arrives", section_key=3),
    an_entry(11, "Ferry plan for next week", published_at=NOW + timedelta(days=1)),
    an_entry(12, "Ferry secret", "It is over.", shown_until=NOW, section_key=2),
    an_entry(13, "Lighthouse keepers", "The keeper keeps the lighthouse kept."),
]

FERRY = {1, 2, 10}
ALL = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13}

# query: keys of the articles that it finds
MATCHES: dict[str, set[int]] = {
    # words
    "ferry": FERRY,
    "FERRIES": FERRY,
    "ferry strike": {1},
    "strike ferry": {1},
    "ferry nothing": set(),
    "harbor": set(),
    "harbour": {2},
    "sell": {1, 2},
    "lee": {1, 2},
    "keeper": {13},
    "keeping": {13},
    # phrases are exact
    '"will not sell"': {1},
    '"will sell"': {2},
    "“will not sell”": {1},
    '"not will sell"': set(),
    '"ferry"': {1, 10},
    '"ferries"': {2},
    '"strike ends crews"': set(),
    '"arrives prices"': set(),
    # alternatives, exclusion, groups
    "strike OR market": {1, 10},
    "strike or market": set(),
    "ferry -strike": {2, 10},
    'ferry -"sail again"': {1, 10},
    "-ferry": ALL - FERRY,
    "-ferry -lighthouse": ALL - FERRY - {13},
    "strike OR -ferry": ALL - {2, 10},
    "ferry (strike OR sail)": {1, 2},
    "ferry -(strike OR sail)": {10},
    "ferry strike OR market day": {1, 10},
    "-(ferry strike)": ALL - {1},
    "ferry -nothing": FERRY,
    "nothing OR strike": {1},
    # beginnings of words, as they are written
    "ferr*": FERRY,
    "ferri*": {2},
    "light*": {13},
    "keep*": {13},
    "headline:ferr*": {1, 2},
    '"crews" retu*': {1},
    "anti-w*": {8},
    # fields
    "headline:ferry": {1, 2},
    "headline:arrives": set(),
    'headline:"ferry strike"': {1},
    'headline:"sail ferries"': set(),
    "headline:(strike OR sail)": {1, 2},
    "-headline:ferry ferry": {10},
    "speaker:lee": {1},
    "entity:lee": {1, 2},
    'entity:"ann lee"': {1, 2},
    'entity:"lee ann"': set(),
    'entity:"m lee"': {1, 2},
    "entity:nunez": {3},
    "entity:ORLOVA": set(),
    "entity:орлова": {4},
    "entity:harb*": {1},
    "speaker:harbour": set(),
    "speaker:lee strike": {1},
    "entity:lee -speaker:lee": {2},
    "section:news": {1, 2},
    "section:news/harbour": {1},
    "section:news*": {1, 2, 10},
    "section:nowhere": set(),
    "-section:news ferry": {10},
    # folding
    "cafe": {3},
    "CAFÉ": {3},
    "ile": {3},
    "homme": {3},
    "l'homme": {3},
    "eleve": {3},
    "manger": {3},
    "елка": {4},
    "ёлка": {4},
    "ночи": {4},
    "ходить": {4},
    "les": {3},
    "маяки": {4},
    "مرفأ": {6},
    "العمال": {6},
    "שלום": {7},
    "o'brien": {8},
    "O’Brien": {8},
    "brien": {8},
    "obrien": set(),
    "anti-war": {8},
    "antiwar": set(),
    "3.5": {8},
    "1000": set(),
    "1,000": {8},
    "full": {2, 8},
    "ｆｕｌｌ": {2, 8},
    "strasse": {9},
    "hauser": {9},
    "Haus": {9},
    "lodz": {9},
    "harbour's": {2},
    "harbour’s": {2},
    # scripts that run words together
    "東京": {5},
    "東": {5},
    "京東": set(),
    "フェリー": {5},
    "ﾌｪﾘｰ": {5},
    # signs are no words
    "ferry !!! …": FERRY,
    "ferry - strike": {1},
    "ferry & strike": {1},
    "NEAR(ferry strike)": set(),
    "ferry^2": set(),
    "{ferry} [strike]": {1},
    "ferry\x00strike": {1},
    # what is not public yet
    "secret": set(),
    "week": set(),
}

# query: where it goes wrong, and words of the reason
MALFORMED: dict[str, tuple[int, str]] = {
    "": (0, "no word"),
    "   ": (0, "no word"),
    "…": (0, "no word"),
    '"…"': (0, "no word"),
    "-": (0, "no word"),
    "*": (0, "needs the beginning"),
    "ferry *": (6, "needs the beginning"),
    "f*": (0, "at least 2 letters"),
    "fer*ry": (3, "only at the end"),
    'ferry "strike': (6, "has no end"),
    "(ferry": (6, "not closed"),
    "ferry)": (5, "never opened"),
    "ferry ()": (7, "nothing to look for"),
    "OR ferry": (0, "both sides"),
    "ferry OR": (8, "both sides"),
    "ferry OR OR strike": (9, "both sides"),
    "title:ferry": (0, "no field title"),
    "headline:(speaker:lee)": (0, "no other field"),
    "headline:-ferry": (9, "before a field"),
    "(" * 30 + "ferry" + ")" * 30: (20, "20 deep"),
    "ferry " * 129: (0, "128 words"),
    " ".join(f"ab{one}*" for one in range(9)): (0, "8 *"),
    "x" * 4_001: (4_000, "4000 characters"),
}

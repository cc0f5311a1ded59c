"""The words of English that report speech, and those that stand around a name."""

import re


def word_set(words: str) -> frozenset[str]:
    """The words of a line."""
    return frozenset(words.split())


def inflections(base: str) -> set[str]:
    """The forms of a regular verb, and of the irregular ones listed below."""
    third = base + "es" if re.search(r"(s|x|z|ch|sh|o)$", base) else base + "s"
    participle, past = base + "ing", base + "ed"
    if re.search(r"[^aeiou]y$", base):
        third, past = base[:-1] + "ies", base[:-1] + "ied"
    elif base.endswith("e"):
        participle, past = base[:-1] + "ing", base + "d"
    elif base in DOUBLED:
        participle, past = base + base[-1] + "ing", base + base[-1] + "ed"
    return {base, third, participle} | set(IRREGULAR.get(base, (past,)))


def forms_of(bases: str) -> dict[str, str]:
    """Every form of the given verbs, with its base."""
    return {form: base for base in bases.split() for form in inflections(base)}


DOUBLED = word_set(
    "quip admit blog chat rap sob rebut refer slam nod infer stun pan stop grin dub commit submit "
    "plan"
)
IRREGULAR = {
    "say": ("said",), "tell": ("told",), "write": ("wrote", "written"), "think": ("thought",),
    "read": ("read",), "begin": ("began", "begun"), "swear": ("swore", "sworn"),
    "hold": ("held",), "speak": ("spoke", "spoken"), "make": ("made",), "put": ("put",),
    "go": ("went", "gone"), "know": ("knew", "known"), "feel": ("felt",), "hear": ("heard",),
    "shoot": ("shot",), "sing": ("sang", "sung"), "see": ("saw", "seen"), "find": ("found",),
    "show": ("showed", "shown"), "mean": ("meant",), "understand": ("understood",),
    "forbid": ("forbade", "forbidden"), "weep": ("wept",), "teach": ("taught",),
}  # fmt: skip

# Verbs that take what was said as their clause: "she warned that the bridge was closed".
CLAUSE_VERBS = forms_of(
    "say tell add ask announce argue state claim write tweet note explain declare insist warn "
    "suggest acknowledge report respond reply concede admit predict deny stress assert contend "
    "maintain allege affirm confirm disclose reveal testify emphasize emphasise complain caution "
    "promise pledge vow swear joke quip remark observe comment recall remind lament reiterate "
    "repeat conclude estimate speculate assure advise agree boast brag proclaim believe think "
    "underscore underline highlight point hint imply indicate opine posit post inform notify "
    "urge demand request recommend propose counter clarify charge decry inquire wonder "
    "question guess suspect expect forecast project mention fear doubt hope worry feel "
    "interject instruct order beg plead cite describe recount relate retort"
)

# Verbs that only introduce words in marks: "'Never,' he laughed".
MARK_VERBS = forms_of(
    "continue begin go read shout yell scream cry exclaim mutter murmur whisper laugh chuckle sigh "
    "snap bark roar chant sing bellow groan moan gush chime rant rail crow sneer scoff fume vent "
    "blog text email message caption sign quote ponder muse reason reflect offer finish start "
    "intone deadpan sob thunder pronounce call label dub brand describe deem praise blast slam "
    "criticize criticise denounce condemn hail accuse blame mock ridicule attack dismiss deride "
    "tout cite characterize characterise term deplore bemoan defend apologize apologise thank "
    "welcome express speak talk discuss refer invoke use conclude close open lecture implore "
    "pray greet toast challenge press answer rebut fire shoot hit tease crack summarize summarise "
    "see view regard consider commend applaud compare liken portray paint depict depicts lambast "
    "lash rip knock swipe refute reject rebuke scold chide admonish echo urge invite encourage "
    "promise threaten appeal signal issue release publish send recite theorize theorise "
    "elaborate interrupt protest object marvel rave enthuse declare volunteer venture"
)

VERBS = MARK_VERBS | CLAUSE_VERBS

# Beside a mark these mean speech; anywhere else they mostly mean something else.
AMBIGUOUS_VERBS = word_set(
    "go read begin continue start finish sign offer close open fire shoot hit press use see view "
    "call hold make put send issue release text post point charge order project cite challenge "
    "crack answer attack express"
)

# Nouns whose content is words: "his claim that", "in a statement".
SPEECH_NOUNS = word_set(
    "statement claim assertion allegation argument remark remarks comment comments promise pledge "
    "vow warning suggestion contention accusation declaration announcement tweet tweets message "
    "letter email speech address interview post slogan motto mantra question answer response "
    "reply words word call quote complaint prediction testimony insistence charge threat demand "
    "admission acknowledgment refrain chant chants aim description reference note"
)

TITLES = word_set(
    "mr mrs ms miss dr sen sens senator senators rep reps representative gov govs governor "
    "president vice prime minister chancellor secretary judge justice sir dame lord lady prof "
    "professor gen general col colonel lt lieutenant sgt sergeant capt captain maj major adm "
    "admiral cmdr commander rev reverend father sister brother pope king queen prince princess "
    "mayor speaker congressman congresswoman attorney former ambassador chairman chairwoman "
    "chair chief director spokesman spokeswoman spokesperson officer detective sheriff deputy "
    "councilman councilwoman alderman commissioner superintendent coach candidate nominee "
    "hopeful rival frontrunner democrat democratic republican conservative liberal independent "
    "house senate state majority minority leader white foreign defense defence interior finance "
    "executive ceo cfo founder analyst strategist economist historian author actor actress "
    "singer rapper comedian director host anchor reporter correspondent columnist editor "
    "pollster adviser advisor aide consultant manager the first lady premier cardinal bishop "
    "archbishop rabbi imam pastor police sheikh ayatollah cpl pvt pfc undersecretary envoy "
    "lawmaker activist billionaire businessman businesswoman mogul tycoon supreme court "
    "national security council press outgoing incoming acting interim presidential"
)

# A name does not begin with these, though a sentence often does.
NOT_IN_NAMES = word_set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december jan feb aug sept oct nov dec "
    "a an the this that these those he she it we they i you his her its their our my your who what "
    "when where why how which whose if then but and or nor so yet for as at by in on of to from "
    "with without after before during since until while although though because however also "
    "meanwhile still even just only not no yes well now here there today yesterday tomorrow "
    "earlier later both all some many most more few several another other others each every "
    "according like unlike despite among between under over about against into onto upon via "
    "one two three four five six seven eight nine ten first second third last next new "
    "is was are were be been has have had do does did will would can could should may might must "
    "let never ever once again instead indeed perhaps maybe speaking asked says said"
)

PRONOUNS = {
    "he": "m", "him": "m", "his": "m", "she": "f", "her": "f", "hers": "f",
    "they": "p", "them": "p", "it": "n", "i": "1", "we": "1", "you": "2", "who": "w",
}  # fmt: skip

# Words that say a named person is a man or a woman.
MALE_WORDS = word_set(
    "mr sir lord king prince spokesman congressman chairman businessman councilman father brother "
    "pope actor assemblyman senor"
)
FEMALE_WORDS = word_set(
    "mrs ms miss dame lady queen princess spokeswoman congresswoman chairwoman businesswoman "
    "councilwoman sister actress mother assemblywoman"
)

# What a title of a work follows: the show "…", a book called "…".
WORK_NOUNS = word_set(
    "show series film movie documentary book novel memoir song single album track play musical "
    "opera painting poem essay article column podcast program programme episode magazine "
    "newspaper newsletter sitcom drama comedy thriller soap segment game exhibit exhibition "
    "sculpture bestseller biography hit blog ballad hymn anthem titled entitled headlined "
    "subtitled starring"
)
NAMING_WORDS = word_set(
    "titled entitled headlined subtitled called dubbed named nicknamed known labeled labelled "
    "termed christened aka alias word phrase term terms words hashtag"
)

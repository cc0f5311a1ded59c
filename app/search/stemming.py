"""Which words are forms of one word, by the language of the text.

Both databases are given stems that were made here, so that they hold the same ones.
"""

from functools import lru_cache

import Stemmer

# The primary subtag of a language, and its Snowball algorithm. Each tag marks the stems of one
# algorithm: other languages that share it are listed below.
ALGORITHMS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
ALIASES = {"nb": "no", "nn": "no", "sh": "sr", "hr": "sr", "bs": "sr", "ms": "id", "mo": "ro"}
# The words of all other languages are compared as they stand.
NONE = "x"
MIN_STEM = 3


@lru_cache(maxsize=1_000)
def stem_tag(language: str) -> str:
    """The tag of the algorithm that stems a language (BCP 47), or NONE."""
    primary = language.replace("_", "-").partition("-")[0].lower()
    primary = ALIASES.get(primary, primary)
    return primary if primary in ALGORITHMS else NONE


@lru_cache(maxsize=200_000)
def stem(tag: str, word: str) -> str:
    """The stem of a folded word. Folding comes first: accents must never decide a match.

    A stem of a letter or two is not used: names would be taken for articles and pronouns.
    """
    if tag == NONE or not word[0].isalpha():
        return word
    stemmed: str = _stemmer(tag).stemWord(word)
    return stemmed if len(stemmed) >= MIN_STEM else word


# Any: the package declares no types
@lru_cache(maxsize=len(ALGORITHMS))
def _stemmer(tag: str) -> "Stemmer.Stemmer":
    # Its own cache would be cleared whole when full. A call holds the interpreter's lock.
    return Stemmer.Stemmer(ALGORITHMS[tag], 0)

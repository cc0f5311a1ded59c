"""Languages by the codes and names that televisions know."""

from functools import lru_cache

import langcodes

UNKNOWN = "und"

# The names of the languages that news is most often captioned in; others are told by their code.
NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "cs": "Czech", "cy": "Welsh",
    "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French", "ga": "Irish",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian",
    "it": "Italian", "ja": "Japanese", "ka": "Georgian", "ko": "Korean", "lt": "Lithuanian",
    "lv": "Latvian", "nb": "Norwegian", "nl": "Dutch", "nn": "Norwegian", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak",
    "sl": "Slovenian", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili",
    "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese",
    "zh": "Chinese",
}  # fmt: skip


@lru_cache(maxsize=256)
def three_letters(tag: str | None) -> str:
    """ISO 639-2/B, such as `eng` and `ger`; `und` for what is no known language."""
    try:
        return langcodes.Language.get(tag or UNKNOWN).to_alpha3(variant="B")
    except (LookupError, ValueError):
        return UNKNOWN


@lru_cache(maxsize=256)
def primary(tag: str | None) -> str:
    """The language alone, `en` of `en-GB`; `und` for what is none."""
    try:
        return langcodes.Language.get(tag or UNKNOWN).language or UNKNOWN
    except ValueError:
        return UNKNOWN


@lru_cache(maxsize=256)
def known_tag(tag: str | None) -> str:
    """The tag in its usual form, `en-GB`; `und` for what is none."""
    try:
        return langcodes.standardize_tag(tag or UNKNOWN)
    except ValueError:
        return UNKNOWN


def language_name(tag: str | None) -> str:
    """In English, or the code where the name is not known."""
    language = primary(tag)
    return "Unknown" if language == UNKNOWN else NAMES.get(language, language)

"""External ids: names of entities in other registers, brought to one form each."""

import re

# What the value of a known register looks like; another register's values are kept as given.
PATTERNS = {
    "wikidata": r"Q[1-9]\d*",
    "isni": r"\d{15}[\dX]",
    "viaf": r"\d+",
    "orcid": r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]",
    "lei": r"[A-Z0-9]{18}\d{2}",
    "ror": r"0[a-z0-9]{6}\d{2}",
    "geonames": r"\d+",
    "iso3166": r"[A-Z]{2}",
    "iptc": r"\d{8}",
}
ADDRESS = re.compile(r"https?://\S+/(?P<value>[^/?#\s]+)/?", re.IGNORECASE)


def normal_value(scheme: str, value: str) -> str:
    """The value without the address around it: every form of a Wikidata address is `Q42`.

    Raises ValueError when a known register has no such values.
    """
    pattern = PATTERNS.get(scheme)
    if pattern is None:
        return value
    address = ADDRESS.fullmatch(value)
    bare = address["value"] if address else value
    if scheme == "isni":
        bare = bare.replace(" ", "")
    if scheme == "iptc":
        bare = bare.removeprefix("medtop:")
    if re.fullmatch(pattern, bare, re.ASCII) is None:
        raise ValueError(f"“{value[:60]}” is not a value of {scheme}.")
    return bare

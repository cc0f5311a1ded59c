"""The addresses that the application has, and what may be asked of each."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from app.web.application import Application
from app.web.listing import MAX_FILTER_VALUES

SPANS = {"created", "expires", "published", "said", "saved", "updated"}
# The first of them finds something, of what is public and of what is hidden; the others are words
# of what is hidden, and how its headlines and names begin.
WORDS_ASKED = ["speech OR words OR sail", "speech", "headl", "veil"]


# Any: OpenAPI is open JSON
def reading(app: Application) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Every address that can be read to its end, and its parameters."""
    for path, operations in app.openapi()["paths"].items():
        if "get" in operations and not is_endless(operations["get"]):
            yield path, operations["get"].get("parameters", [])


def addresses_of(app: Application, known: dict[str, list[str]], names: set[str]) -> Iterator[str]:
    """Each address, by all names that are known of what it shows, and by one of them with what may
    be asked: `names` are asked for. Of the forms of a feed, which choose alike, each is asked a
    part of it."""
    alike: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    asked: dict[tuple[str, ...], list[str]] = {}
    for path, parameters in reading(app):
        feed, dot, _ = path.rpartition(".")
        same = (feed.rpartition("/")[0] if dot else path, *(one["name"] for one in parameters))
        alike[same].append(path)
        asked[same] = list(queries_of(parameters, names))
    for same, paths in alike.items():
        plain, *queries = asked[same]
        for place, path in enumerate(paths):
            for address in with_names(path, known):
                yield address + plain
            for query in queries[place :: len(paths)]:
                yield with_names(path, known)[0] + query


# Any: OpenAPI is open JSON
def is_endless(operation: dict[str, Any]) -> bool:
    return "text/event-stream" in operation["responses"].get("200", {}).get("content", {})


def with_names(path: str, names: dict[str, list[str]]) -> list[str]:
    addresses = [path]
    for parameter in re.findall(r"{(\w+)}", path):
        addresses = [
            one.replace(f"{{{parameter}}}", name) for one in addresses for name in names[parameter]
        ]
    return addresses


# Any: OpenAPI is open JSON
def queries_of(parameters: list[dict[str, Any]], names: set[str]) -> Iterator[str]:
    """A query for each value of each parameter, with what has to be asked with it, and with the
    total where there is one."""
    parameters = [one for one in parameters if one["in"] == "query" and one["name"] != "cursor"]
    known = {one["name"]: values_of(one, names) for one in parameters}
    asked = {one["name"]: known[one["name"]][0] for one in parameters if one.get("required")}
    yield query_of(asked)
    if "total" in known:
        asked["total"] = known["total"][-1]
    for name, values in known.items():
        for value in values:
            yield query_of({**asked, name: value})


def query_of(asked: dict[str, str]) -> str:
    return f"?{urlencode(asked)}" if asked else ""


# Any: OpenAPI is open JSON
def values_of(parameter: dict[str, Any], names: set[str]) -> list[str]:
    """Those that it may have; of those of free values, the names."""
    schema, name = parameter.get("schema", {}), parameter["name"]
    alternatives = re.match(r"\^\(([^()]+)\)", schema.get("pattern", ""))
    ids = [one for one in names if is_id(one)]
    if "enum" in schema:
        return list(schema["enum"])
    if alternatives:
        return alternatives[1].split("|")
    if schema.get("type") == "integer":
        return ["1", "10"]
    if name.removeprefix("not_") in SPANS:
        return ["2000-01-01..", "..2026-11-20"]
    if name == "fields":
        return ["id", "type"]
    if name == "q":
        return WORDS_ASKED
    if schema.get("pattern", "").startswith("^[0-9a-z]{26}"):
        return [min(ids), max(ids)]
    if name in ("as_of", "since", "until"):
        return ["2026-11-20T12:00:00Z"]
    if name == "after":
        return ["0"]
    if name.removeprefix("not_") == "external_id":
        return ["wikidata:Q1"]
    return [*joined(set(ids)), *joined(names - set(ids))]


def is_id(name: str) -> bool:
    return len(name) == 26


def joined(names: set[str]) -> list[str]:
    """As many in each as a filter takes."""
    ordered = sorted(names)
    return [
        ",".join(ordered[first : first + MAX_FILTER_VALUES])
        for first in range(0, len(ordered), MAX_FILTER_VALUES)
    ]

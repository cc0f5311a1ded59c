"""What an output leaves out, as it is served."""

from typing import Literal

from typing_extensions import TypedDict

Target = Literal[
    "roku-app", "roku-linear", "roku-search", "mrss", "rss", "atom", "json-feed", "m3u", "xmltv",
    "news-sitemap",
]  # fmt: skip
Severity = Literal["left_out", "weakened"]


class Finding(TypedDict):
    """One thing that an output does not tell as it is. `id` and `title` are the item's, programme's
    or channel's; `code` never changes, `detail` is a sentence for people."""

    id: str
    title: str
    target: Target
    severity: Severity
    code: str
    detail: str


class ConformanceReport(TypedDict):
    """How many items, programmes or channels were looked at, how many of them an output leaves out
    and how many it weakens, and each of the reasons."""

    target: Target
    checked: int
    left_out: int
    weakened: int
    findings: list[Finding]

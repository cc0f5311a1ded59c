"""The entities of an article as they are served."""

from typing import Literal

from typing_extensions import TypedDict

from app.documents.entities import EntityRef


class MentionSpan(TypedDict):
    """Where the article's text names the entity, in code points."""

    start: int
    end: int


class ArticleEntity(EntityRef):
    """An entity that an article speaks of; `salience` is from 0 to 1."""

    role: Literal["about", "mentions"]
    salience: float | None
    spans: list[MentionSpan]

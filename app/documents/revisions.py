"""The revisions of an article as they are served, and what is different between two."""

from datetime import datetime
from typing import Any, Literal

from typing_extensions import TypedDict

from app.documents.articles import ArticleRead
from app.documents.blocks import Block
from app.documents.mentions import ArticleEntity
from app.documents.quotes import ArticleQuote


class Author(TypedDict):
    """The API key by which something was saved; `name` is null for one that is no more."""

    id: str
    name: str | None


class RevisionCard(TypedDict):
    """One save of an article. `author` is null for the service itself; `note` is what was said of
    the save, `cause` the event that it was. The `headline` of one that was purged is null."""

    revision: int
    saved_at: datetime
    headline: str | None
    author: Author | None
    note: str | None
    cause: str | None
    purged_at: datetime | None
    purged_by: Author | None


class RevisionRead(RevisionCard):
    """An article as it stood after one save."""

    article: ArticleRead


class WordStep(TypedDict):
    """A step from the older words to the newer ones. All `before` add up to the older text, all
    `after` to the newer."""

    op: Literal["equal", "replace", "insert", "delete"]
    before: str
    after: str


class FieldDifference(TypedDict):
    """A member of the article that is another. `difference` has the words of headline and
    standfirst; it is empty for all others. Of media there are the ids."""

    name: str
    before: Any  # the member, of whatever type
    after: Any
    difference: list[WordStep]


class BlockDifference(TypedDict):
    """A block that is another, known by its id. `moved` says that it stands elsewhere among those
    that are in both; `change` is "moved" where that is all. `difference` is of its text, empty
    where that is the same; `marks_changed` says that other words are marked, or otherwise."""

    id: str
    change: Literal["added", "removed", "changed", "moved"]
    moved: bool
    before: Block | None
    after: Block | None
    before_index: int | None
    after_index: int | None
    difference: list[WordStep]
    marks_changed: bool


class QuoteDifference(TypedDict):
    """A quote that is another, known by its id. `fields` are the members that are, and `place`
    where it stands in another block; that it has gone along with its block is no difference."""

    id: str
    change: Literal["added", "removed", "changed"]
    fields: list[str]
    before: ArticleQuote | None
    after: ArticleQuote | None
    difference: list[WordStep]


class EntityDifference(TypedDict):
    """An entity that the article speaks of in one of them alone, or in another role."""

    id: str
    change: Literal["added", "removed", "changed"]
    fields: list[str]
    before: ArticleEntity | None
    after: ArticleEntity | None


class ArticleDifference(TypedDict):
    """What is different between two states of an article; empty lists where nothing is."""

    fields: list[FieldDifference]
    blocks: list[BlockDifference]
    quotes: list[QuoteDifference]
    entities: list[EntityDifference]


class RevisionComparison(ArticleDifference):
    """What is different between two revisions, from the older to the newer."""

    older: RevisionCard
    newer: RevisionCard

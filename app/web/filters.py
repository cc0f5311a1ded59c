"""The filters of a list: what a query parameter's values mean in SQL.

A comma means OR, a repeated parameter AND, and the prefix `not_` excludes.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from app.web.nearest import unknown

Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Filter:
    """`condition` turns the alternatives of one parameter into SQL; it raises ValueError, with a
    sentence for the client, when a value is not one that the filter takes."""

    condition: Callable[[Sequence[str]], Condition]
    description: str
    example: str | None = None
    negatable: bool = True
    values: tuple[str, ...] = ()
    # Whether what it tells apart is hidden from readers.
    for_desk: bool = False


# Any: a column of whatever type holds the words
def word_filter(
    column: InstrumentedAttribute[Any], values: tuple[str, ...], description: str
) -> Filter:
    """A column that holds one of a few words."""

    def condition(given: Sequence[str]) -> Condition:
        refuse_others(given, values)
        return column.in_(given)

    return Filter(condition, description, values=values)


def choice_filter(
    conditions: Mapping[str, Condition], description: str, *, for_desk: bool = False
) -> Filter:
    """A few words, each of which stands for a condition."""

    def condition(given: Sequence[str]) -> Condition:
        refuse_others(given, conditions)
        return or_(*(conditions[value] for value in given))

    return Filter(condition, description, values=tuple(conditions), for_desk=for_desk)


def refuse_others(given: Sequence[str], values: Collection[str]) -> None:
    for value in given:
        if value not in values:
            raise ValueError(unknown("value", value, values))


# Any: a column of whatever text type
def text_filter(
    column: InstrumentedAttribute[Any], description: str, example: str | None = None
) -> Filter:
    """A column that equals one of the values given."""
    return Filter(lambda given: column.in_(given), description, example)


def flag_filter(
    claim: InstrumentedAttribute[bool] | Condition, description: str, *, for_desk: bool = False
) -> Filter:
    conditions = {"true": claim.is_(True), "false": claim.is_(False)}
    return choice_filter(conditions, description, for_desk=for_desk)


# Any: a column of instants, null or not
def instant_filter(column: InstrumentedAttribute[Any], description: str) -> Filter:
    """Ranges of days or instants: `2022-11-01..2022-11-09`, open at either end; the last day and
    instant count in."""

    def condition(given: Sequence[str]) -> Condition:
        return or_(*(within(column, value) for value in given))

    return Filter(condition, description, "2026-11-01..2026-11-20")


def within(column: InstrumentedAttribute[Any], value: str) -> Condition:
    first, dots, last = value.partition("..")
    since = earliest(first) if first else None
    until = latest(last if dots else first) if (last or not dots) else None
    if since is None and until is None:
        raise ValueError("A range needs a beginning or an end, as in 2026-11-01..2026-11-20.")
    if since and until and since >= until:
        raise ValueError(f"The range {value} ends before it begins.")
    conditions: list[Condition] = [column.is_not(None)]
    if since is not None:
        conditions.append(column >= since)
    if until is not None:
        conditions.append(column < until)
    together: Condition = true()
    for one in conditions:
        together = together & one
    return together


def earliest(value: str) -> datetime:
    moment = day_or_instant(value)
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time(), UTC)


def latest(value: str) -> datetime:
    """The first instant after the value: its day, or its microsecond, counts in."""
    moment = day_or_instant(value)
    try:
        if isinstance(moment, datetime):
            return moment + timedelta(microseconds=1)
        return datetime.combine(moment + timedelta(days=1), time(), UTC)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def day_or_instant(value: str) -> date | datetime:
    try:
        if len(value) == 10:
            return date.fromisoformat(value)
        # In a query, an unescaped + has become a space.
        moment = datetime.fromisoformat(value.replace(" ", "+"))
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError(
        f"“{value[:40]}” is neither a day (2026-11-20) "
        "nor an instant with its zone (2026-11-20T14:00:00Z)."
    )

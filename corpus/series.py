"""Series from outside: search interest, page views, survey waves. One frozen record a figure.

All of them lie on one calendar: each figure has a first and a last day, whether it is of
a day, a week, a month or a wave (a year). What a quarter's figure is follows from that,
in `over`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final, Literal

from corpus.errors import InputError
from corpus.model import Narrative

Period = Literal["day", "week", "month", "year"]
_FORMS: Final[dict[Period, str]] = {
    "day": r"\d{4}-\d\d-\d\d",
    "week": r"\d{4}-\d\d-\d\d",
    "month": r"\d{4}-\d\d",
    "year": r"\d{4}",
}


@dataclass(frozen=True, slots=True)
class Point:
    """One figure of one series.

    Attributes:
        series: the series' name, parts joined by colons: ``wikimedia:views:ASEAN:ko``.
        day: ISO prefix, as precise as the figure is: a year, a month, or a day; of a week, its first day.
        value: the figure, or None where its source has none for this day though it was asked.
        low: the lower bound that is known, or None: the figure is exact, or nothing is known.
        high: the upper bound, the same.
        unit: what is counted: ``views a day``, ``percent``, ``ratio (largest point is 100)``.
        source: where it is from, with the address or page to look it up.
        note: what a reader must know of this very figure, or "".
        period: how long a time it is of.
        n: the number of answers behind it, or None: unknown, or no sample.
    """

    series: str
    day: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    source: str
    note: str = ""
    period: Period = "day"
    n: int | None = None

    @property
    def span(self) -> tuple[str, str]:
        """Its first and last day, as ISO."""
        return span_of(self.day, self.period)


def span_of(day: str, period: Period) -> tuple[str, str]:
    """Give the first and last day (ISO) of a period that is named by an ISO prefix.

    Raises:
        InputError: the prefix doesn't name such a period.
    """
    if not re.fullmatch(_FORMS[period], day, re.ASCII):
        raise InputError(f"{day!r} names no {period}: write it like {_example(period)}.")
    year, month, number = (*map(int, day.split("-")), 1, 1)[:3]
    try:
        first = date(year, month, number)
    except ValueError:
        raise InputError(f"{day!r} is no date.") from None
    return first.isoformat(), _last(first, period).isoformat()


def _example(period: Period) -> str:
    return {"day": "2026-11-24", "week": "2026-11-23", "month": "2026-11", "year": "2026"}[period]


def _last(first: date, period: Period) -> date:
    if period == "day":
        return first
    if period == "week":
        return first + timedelta(days=6)
    if period == "month":
        return first.replace(day=monthrange(first.year, first.month)[1])
    return date(first.year, 12, 31)


@dataclass(frozen=True, slots=True)
class SeriesFacts:
    """What a series is, beside its figures.

    Attributes:
        name: as `Point.series`.
        unit: as `Point.unit`.
        period: as `Point.period`.
        source: who gives it: a file's name, or a source's slug.
        about: the entity it is of; ``*`` is everything of its kind (a denominator), "" none of ours.
        audience: whose interest it shows, as ISO 3166 alpha-2; "" where that can't be said.
        language: of the asking or reading, or "".
        uncertainty: what its bounds are, or that there are none.
        scale: "" where figures are absolute; else a name: only series of one scale can be compared.
    """

    name: str
    unit: str
    period: Period
    source: str
    about: str
    audience: str
    language: str
    uncertainty: str
    scale: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """The figures of one name, in the order of time.

    Attributes:
        name: as `Point.series`.
        unit: the same for all.
        points: at most one a day.
    """

    name: str
    unit: str
    points: tuple[Point, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The days for which the source has no figure."""
        return tuple(point.day for point in self.points if point.value is None)


def series_of(points: Iterable[Point]) -> Iterator[Series]:
    """Put points together to series, by name and day.

    Raises:
        ValueError: a series has two figures for one day, or two units.
    """
    ordered = sorted(points, key=lambda point: (point.series, point.day))
    for name, found in groupby(ordered, key=lambda point: point.series):
        own = tuple(found)
        if len({point.day for point in own}) < len(own):
            raise ValueError(f"{name} has two figures for one day")
        if len({(point.unit, point.period) for point in own}) > 1:
            raise ValueError(f"{name} has figures of different units or periods")
        yield Series(name, own[0].unit, own)


@dataclass(frozen=True, slots=True)
class StoredPoint:
    """A figure as it is stored.

    Attributes:
        series: the series' name.
        first_day: ISO day.
        last_day: the same; within.
        value: None where the source had no figure (yet); never a nought.
        low: as `Point.low`.
        high: as `Point.high`.
        n: as `Point.n`.
        note: as `Point.note`.
        origin: where to look it up.
        final: whether its time was over when it was fetched, and there was a figure.
        fetched: when (UTC, ISO).
    """

    series: str
    first_day: str
    last_day: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    note: str
    origin: str
    final: bool
    fetched: str


@dataclass(frozen=True, slots=True)
class StoredSeries:
    """A series as it is stored.

    Attributes:
        facts: what it is.
        narrative: the side its audience is of, or None.
        first_day: of its points, ISO.
        last_day: the same; within.
        points: how many there are …
        missing: … and of them, those without a figure.
        revised: figures that their source changed after their time was over.
        fetched: when last (UTC, ISO).
    """

    facts: SeriesFacts
    narrative: Narrative | None
    first_day: str
    last_day: str
    points: int
    missing: int
    revised: int
    fetched: str


@dataclass(frozen=True, slots=True)
class Revision:
    """What a figure was before its source changed it.

    Attributes:
        series: the series' name.
        first_day: ISO day.
        value: what it was.
        fetched: when it was given so (UTC, ISO).
        replaced: when it was found changed (UTC, ISO).
    """

    series: str
    first_day: str
    value: float
    fetched: str
    replaced: str


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of a series over some days.

    Attributes:
        value: each figure weighted with the days it shares with them; None where there is none.
        low: of the lower bounds likewise, None unless each figure has one …
        high: … and of the upper ones. The bounds of a mean whose errors all point one way: its widest.
        days: how many of the days have a figure.
        of: how many there are.
    """

    value: float | None
    low: float | None
    high: float | None
    days: int
    of: int


def over(points: Iterable[StoredPoint], first: date, last: date) -> Mean:
    """Give the mean of one series from ``first`` to ``last`` (within).

    A week that reaches over the end counts with the days that lie within. Days without
    a figure are left out, and told: they are no noughts.
    """
    whole = (last - first).days + 1
    parts = [(point, _shared(point, first, last)) for point in points if point.value is not None]
    parts = [(point, days) for point, days in parts if days]
    days = sum(days for _, days in parts)
    if not days:
        return Mean(None, None, None, 0, whole)
    return Mean(
        _weighted([(point.value, days) for point, days in parts]),
        _weighted([(point.low, days) for point, days in parts]),
        _weighted([(point.high, days) for point, days in parts]),
        days,
        whole,
    )


def _shared(point: StoredPoint, first: date, last: date) -> int:
    begins = max(first, date.fromisoformat(point.first_day))
    ends = min(last, date.fromisoformat(point.last_day))
    return max(0, (ends - begins).days + 1)


def _weighted(values: list[tuple[float | None, int]]) -> float | None:
    total = 0.0
    for value, days in values:
        if value is None:
            return None
        total += value * days
    return total / sum(days for _, days in values)

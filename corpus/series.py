"""Series from outside: search interest, page views, survey waves. One frozen record a figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby


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
    """

    series: str
    day: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    source: str
    note: str = ""


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
        if len({point.unit for point in own}) > 1:
            raise ValueError(f"{name} has figures of different units")
        yield Series(name, own[0].unit, own)

"""The headline series over years: freed of the panel's changes, and where their level changed.

By quarter, the corrected index stands beside the balanced one (`results.panel`): where
they differ, outlets that came or went speak. The base is all quarters shown, so that
outlets that came later have part in it; an index of another report has another base,
and indices are compared within one report.

By week, change points are looked for (`results.trend`) in the corrected index of the
weeks since the last gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

import numpy as np

from corpus.calendar import Quarter, week_of
from corpus.model import Narrative
from corpus.targets import EVERYTHING
from results import panel
from results.estimate import Estimator, incomplete
from results.jackknife import Bools
from results.language import listed, say
from results.language import quarter as named
from results.measure import Change
from results.panel import Index, Series
from results.trend import ChangePoint, change_points
from results.visibility import KOREA

# Five years.
MOST_QUARTERS: Final = 20
MOST_WEEKS: Final = 260
# The weekly index is looked at for its level, and its own intervals are not used.
_FEW_REPLICATES: Final = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """A series over time: what is named among what, in whose talk."""

    name: str
    narrative: Narrative
    target: str
    among: str


HEADLINES: Final = (
    Asked("brand", "korea", "ASEAN", "ASEAN|SEA"),
    Asked("attention", "korea", "ASEAN", EVERYTHING),
    Asked("attention", "asean", KOREA, EVERYTHING),
)


@dataclass(frozen=True, slots=True)
class IndexPoint:
    """An index in one quarter.

    Attributes:
        quarter: when.
        value: 100 is the average of the quarters shown; None where no outlet of the index is there.
        low: lower end of the interval over outlets.
        high: upper end.
        outlets: how many outlets of the index are there.
        flags: which outlets entered or left since the quarter before in the series.
    """

    quarter: Quarter
    value: float | None
    low: float | None
    high: float | None
    outlets: int
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndexSeries:
    """An index over the quarters.

    Attributes:
        way: ``corrected`` or ``balanced``.
        points: ascending; empty where refused.
        outlets: how many it rests on.
        previous: change since the quarter before, in percent.
        year: change since the same quarter of the year before.
        refusals: why there is none; empty where there is.
        notes: what to know of it.
    """

    way: str
    points: tuple[IndexPoint, ...]
    outlets: int
    previous: Change
    year: Change
    refusals: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A headline series over years, both ways.

    Attributes:
        asked: which series.
        corrected: every outlet, each on its own scale.
        balanced: the outlets there in every quarter.
        skipped: quarters that are held and not shown, with the reason.
    """

    asked: Asked
    corrected: IndexSeries
    balanced: IndexSeries
    skipped: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether both ways rest on the same outlets, and so give the same."""
        pairs = zip(self.corrected.points, self.balanced.points, strict=False)
        return not self.balanced.refusals and all((a.value, a.outlets) == (b.value, b.outlets) for a, b in pairs)


@dataclass(frozen=True, slots=True)
class Levels:
    """A weekly series with its change points.

    Attributes:
        asked: which series.
        weeks: consecutive ISO weeks; empty where there are none.
        values: the corrected index; 100 is the average of these weeks.
        points: the change points.
        flags: for each change point, which outlets entered or left around it.
        refusals: why changes can't be looked for; empty where they can.
        notes: what to know of them.
    """

    asked: Asked
    weeks: tuple[str, ...]
    values: tuple[float, ...]
    points: tuple[ChangePoint, ...]
    flags: tuple[tuple[str, ...], ...]
    refusals: tuple[str, ...]
    notes: tuple[str, ...]


def timelines(estimator: Estimator, quarter: Quarter) -> tuple[Timeline, ...]:
    """Give the headline series up to a quarter, freed of the panel's changes."""
    return tuple(_timeline(estimator, asked, quarter) for asked in HEADLINES)


def _timeline(estimator: Estimator, asked: Asked, quarter: Quarter) -> Timeline:
    held = [when for when in estimator.table.quarters() if when <= quarter][-MOST_QUARTERS:]
    gaps = {when: incomplete(estimator.table, asked.narrative, when) for when in held}
    whole = [when for when in held if not gaps[when]]
    counts = panel.series(
        estimator.table, asked.narrative, asked.target, by="quarter", among=asked.among, quarters=set(whole)
    )
    minimum, replicates = estimator.settings.panel_minimum, estimator.settings.replicates
    made = [
        way(
            counts,
            counts.periods,
            rng=estimator.generator("timeline", asked.name, asked.narrative),
            minimum=minimum,
            replicates=replicates,
            confidence=estimator.settings.confidence,
        )
        for way in (panel.corrected, panel.balanced)
    ]
    there = counts.denominators >= max(minimum, 1)
    corrected, balanced = (
        _index_series(way, index, counts, there, quarter, estimator.settings.confidence)
        for way, index in zip(("corrected", "balanced"), made, strict=True)
    )
    skipped = (say("{quarter}: {reason}", quarter=named(when), reason=gap) for when, gap in gaps.items() if gap)
    return Timeline(asked, corrected, balanced, tuple(skipped))


def _index_series(  # noqa: PLR0913, PLR0917 an index is put together here and nowhere else
    way: str, index: Index, counts: Series, there: Bools, quarter: Quarter, confidence: float
) -> IndexSeries:
    rows = np.isin(counts.outlets, list(index.outlets))
    points = [
        IndexPoint(Quarter.parse(when), *_finite(values), int(there[rows, number].sum()), index.flags[number])
        for number, (when, *values) in enumerate(zip(index.periods, index.values, index.low, index.high, strict=True))
    ]
    return IndexSeries(
        way,
        () if index.refusals else tuple(points),
        len(index.outlets),
        _change(index, quarter, quarter.previous, confidence),
        _change(index, quarter, quarter.year_before, confidence),
        index.refusals,
        index.notes,
    )


def _finite(values: list[float]) -> tuple[float | None, float | None, float | None]:
    value, low, high = (float(number) if np.isfinite(number) else None for number in values)
    return value, low, high


def _change(index: Index, quarter: Quarter, earlier: Quarter, confidence: float) -> Change:
    if index.refusals or not {str(quarter), str(earlier)} <= set(index.periods):
        return Change(earlier, None, None, None, 0, index.refusals or _no_index())
    found = panel.change(index, str(quarter), str(earlier), confidence)
    if found is None:
        return Change(earlier, None, None, None, 0, _no_index())
    return Change(earlier, *found, len(index.outlets), ())


def _no_index() -> tuple[str, ...]:
    return (say("there is no index of either quarter"),)


def levels(estimator: Estimator, quarter: Quarter) -> tuple[Levels, ...]:
    """Look for change points in the weekly series of both directions (the brand share has too few documents a week)."""
    return tuple(_levels(estimator, asked, quarter) for asked in HEADLINES if asked.among == EVERYTHING)


def _levels(estimator: Estimator, asked: Asked, quarter: Quarter) -> Levels:
    counts = _weekly(estimator, asked, quarter)
    if not counts.periods:
        return Levels(asked, (), (), (), (), (say("no document is dated to the day"),), ())
    index = panel.corrected(
        counts,
        counts.periods,
        rng=estimator.generator("levels", asked.narrative),
        replicates=_FEW_REPLICATES,
        confidence=estimator.settings.confidence,
    )
    if index.refusals:
        return Levels(asked, counts.periods, (), (), (), index.refusals, ())
    found = change_points(
        counts.periods, index.values, confidence=estimator.settings.confidence, seed=estimator.settings.seed
    )
    flags = tuple(_around(counts, point) for point in found.points)
    values = tuple(map(float, index.values))
    return Levels(asked, counts.periods, values, found.points, flags, found.refusals, (*index.notes, *found.notes))


def _weekly(estimator: Estimator, asked: Asked, quarter: Quarter) -> Series:
    """Lay out the whole weeks since the last week without documents, up to the quarter's last whole one."""
    table = estimator.table
    days = [
        day for (side, when), held in table.days.items() if side == asked.narrative and when <= quarter for day in held
    ]
    quarters = {when for when in table.quarters() if when <= quarter}
    counts = panel.series(table, asked.narrative, asked.target, by="week", quarters=quarters)
    if not days:
        return _only(counts, [])
    seen = {
        period for period, everything in zip(counts.periods, counts.denominators.sum(axis=0), strict=True) if everything
    }
    run: list[str] = []
    for week in reversed(_whole_weeks(date.fromisoformat(min(days)), date.fromisoformat(max(days)))):
        if week not in seen or len(run) == MOST_WEEKS:
            break
        run.append(week)
    return _only(counts, run[::-1])


def _whole_weeks(first: date, last: date) -> list[str]:
    """Give the ISO weeks of which every day lies from ``first`` to ``last``."""
    monday = first + timedelta(days=-first.weekday() % 7)
    weeks = []
    while monday + timedelta(days=6) <= last:
        weeks.append(week_of(monday.isoformat()))
        monday += timedelta(days=7)
    return weeks


def _only(counts: Series, periods: list[str]) -> Series:
    columns = [counts.periods.index(period) for period in periods]
    return Series(counts.outlets, tuple(periods), counts.numerators[:, columns], counts.denominators[:, columns])


def _around(counts: Series, point: ChangePoint) -> tuple[str, ...]:
    """Say which outlets have their first or last week around a change point: then the panel may be what changed."""
    first = counts.periods.index(point.earliest) - 1
    last = counts.periods.index(point.latest) + 1
    came: list[str] = []
    went: list[str] = []
    for outlet, everything in zip(counts.outlets, counts.denominators, strict=True):
        weeks = np.flatnonzero(everything)
        if len(weeks) and weeks[0] > 0 and first <= weeks[0] <= last:
            came.append(outlet)
        if len(weeks) and weeks[-1] < len(counts.periods) - 1 and first <= weeks[-1] <= last:
            went.append(outlet)
    said = []
    if came:
        said.append(
            say(
                "the panel changed about then: {outlets} published their first documents of these weeks",
                outlets=listed(sorted(came)),
            )
        )
    if went:
        said.append(
            say(
                "the panel changed about then: {outlets} published their last documents of these weeks",
                outlets=listed(sorted(went)),
            )
        )
    return tuple(said)


def spans(levels_: Levels) -> list[tuple[str, str, float]]:
    """Give the levels as (first week, last week, mean of the index), in order."""
    starts = [0, *(levels_.weeks.index(point.week) for point in levels_.points), len(levels_.weeks)]
    return [
        (levels_.weeks[start], levels_.weeks[end - 1], float(np.mean(levels_.values[start:end])))
        for start, end in pairwise(starts)
    ]

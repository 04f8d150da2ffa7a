"""Counts day by day: of the outlets that were there all the time, without gaps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from corpus.model import Count, Kind, Narrative
from corpus.targets import EVERYTHING
from results.cells import Floats

_WHOLE_DAY: Final = len("2026-07-31")
# A silence of all outlets longer than this many days is a gap, and not a pause. Offices pause longer.
SILENCE: Final[dict[Kind, int]] = {"news": 7, "official": 30}
# An outlet is there all the time if its first and last days are so near to those of the series.
_NEAR: Final = 30


@dataclass(frozen=True, slots=True, eq=False)
class Daily:
    """A narrative's stories of one kind, by outlet and day.

    Attributes:
        narrative: whose talk.
        kind: news or official.
        outlets: the rows.
        first: the first column's day.
        naming: (outlets, days) stories that name the target.
        everything: (outlets, days) all stories.
    """

    narrative: Narrative
    kind: Kind
    outlets: tuple[str, ...]
    first: date
    naming: Floats
    everything: Floats

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day with anything, or None."""
        found = np.flatnonzero(self.everything.sum(axis=0))
        return (self.first + timedelta(int(found[0])), self.first + timedelta(int(found[-1]))) if len(found) else None

    def between(self, first: date, last: date) -> Daily:
        """Give these days only, of the outlets that are there all the time."""
        start, end = (first - self.first).days, (last - self.first).days + 1
        naming, everything = self.naming[:, start:end], self.everything[:, start:end]
        there = everything > 0
        early = there[:, : _NEAR + 1].any(axis=1)
        late = there[:, -_NEAR - 1 :].any(axis=1)
        kept = early & late
        outlets = tuple(np.array(self.outlets)[kept].tolist())
        return Daily(self.narrative, self.kind, outlets, first, naming[kept], everything[kept])


def daily(  # noqa: PLR0913, PLR0917 a cell of the counts has this many coordinates
    counts: Iterable[Count], narrative: Narrative, kind: Kind, target: str, form_class: str, first: date, last: date
) -> Daily:
    """Lay out stories by outlet and day; dates known only to the month are on no day.

    Args:
        counts: rows of any frame and class; only ``frame == "*"`` is read.
        narrative: whose talk.
        kind: news or official.
        target: what is named.
        form_class: by which class of form.
        first: the first day.
        last: the last.
    """
    begin, end = first.isoformat(), last.isoformat()
    sums: dict[tuple[str, str, str], int] = defaultdict(int)
    classes = {EVERYTHING: EVERYTHING, target: form_class}
    for row in counts:
        if (
            row.narrative == narrative
            and row.kind == kind
            and classes.get(row.target) == row.form_class
            and row.frame == EVERYTHING
            and len(row.day) == _WHOLE_DAY
            and begin <= row.day <= end
        ):
            sums[row.target, row.outlet, row.day] += row.stories
    outlets = tuple(sorted({outlet for _, outlet, _ in sums}))
    days = [(first + timedelta(number)).isoformat() for number in range((last - first).days + 1)]
    naming, everything = (_fill(sums, name, outlets, days) for name in (target, EVERYTHING))
    return Daily(narrative, kind, outlets, first, naming, everything)


def _fill(sums: dict[tuple[str, str, str], int], target: str, outlets: tuple[str, ...], days: list[str]) -> Floats:
    rows = [[float(sums.get((target, outlet, day), 0)) for day in days] for outlet in outlets]
    return np.array(rows).reshape(len(outlets), len(days))


def common(first: Daily, second: Daily) -> tuple[Daily, Daily] | None:
    """Cut two series to the days that both cover, since the latest gap in either; None where there are none."""
    held = first.days, second.days
    if held[0] is None or held[1] is None:
        return None
    begin, end = max(held[0][0], held[1][0]), min(held[0][1], held[1][1])
    begin = max([begin, *(_after_gap(series, begin, end) for series in (first, second))])
    return None if end < begin else (first.between(begin, end), second.between(begin, end))


def _after_gap(series: Daily, begin: date, end: date) -> date:
    """Give the first day with anything after the latest gap between two days, or ``begin``."""
    start, stop = (begin - series.first).days, (end - series.first).days + 1
    there = np.flatnonzero(series.everything.sum(axis=0)[start:stop])
    if not len(there):
        return end + timedelta(1)
    gaps = np.flatnonzero(np.diff(there) > SILENCE[series.kind])
    return begin + timedelta(int(there[gaps[-1] + 1])) if len(gaps) else begin

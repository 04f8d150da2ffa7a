"""The invented series of the sample: read from the files that ship with narra, as if they had been gathered.

A table of weeks holds what has no file of its own outside: a column a series, named as narra
names it; an empty cell is a week that its source has no figure for.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from collectors.series import datalab, wikimedia
from collectors.series.facts import facts_of
from collectors.series.tables import RATIO, read_table
from corpus.series import Point
from corpus.store import SeriesOutcome, Store

# The day after its last week: what is final must not depend on the day somebody looks at the sample.
GATHERED: Final = "2026-10-05"
_ORIGIN: Final = "invented for narra's sample"
_UNITS: Final = {"wikimedia": wikimedia.UNIT, "datalab": datalab.UNIT}
_WEEK: Final = "week"


def save_sample(store: Store, files: Sequence[Path]) -> SeriesOutcome:
    """Store the sample's series; doing so again changes nothing.

    Args:
        store: held for writing.
        files: the table of weeks, surveys, exports of Google Trends.
    """
    outcome = SeriesOutcome()
    for path in files:
        points = tuple(_weeks(path)) if _is_weekly(path) else read_table(path).points
        store.use_source(path.name, "series", brings="series")
        scales = {p.series: path.name if p.unit in {RATIO, datalab.UNIT} else "" for p in points}
        facts = {p.series: facts_of(p, path.name, scales[p.series]) for p in points}
        outcome += store.save_series(facts, points, GATHERED)
    return outcome


def _is_weekly(path: Path) -> bool:
    with path.open(encoding="utf-8", newline="") as file:
        return file.readline().partition(",")[0] == _WEEK


def _weeks(path: Path) -> Iterator[Point]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            day = row.pop(_WEEK)
            for series, cell in row.items():
                value = float(cell) if cell else None
                unit = _UNITS[series.partition(":")[0]]
                yield Point(series, day, value, None, None, unit, _ORIGIN, period="week")

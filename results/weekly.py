"""Attention by week: how the two directions move within a quarter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from corpus.calendar import Quarter
from corpus.model import Narrative
from results import bootstrap
from results.cells import Matrix, matrix
from results.estimate import FEWEST, Estimator, Question
from results.visibility import KOREA

DIRECTIONS: Final[tuple[tuple[Narrative, str], ...]] = (("korea", "ASEAN"), ("asean", KOREA))


@dataclass(frozen=True, slots=True)
class WeekPoint:
    """The attention share of one week.

    Attributes:
        narrative: whose talk.
        target: what for.
        week: ISO week, ``2026-W31``; months of documents without a day are left out.
        value: naming / all documents over the panel (ratio of sums); None with fewer than 20 documents.
        low: lower end of the interval (outlets drawn with replacement).
        high: upper end.
        n: documents.
        numerator: of them, naming it.
    """

    narrative: Narrative
    target: str
    week: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    numerator: int


def weekly(estimator: Estimator, quarter: Quarter) -> tuple[WeekPoint, ...]:
    """Give both directions, week by week."""
    return tuple(
        point for narrative, target in DIRECTIONS for point in _direction(estimator, narrative, target, quarter)
    )


def _direction(estimator: Estimator, narrative: Narrative, target: str, quarter: Quarter) -> list[WeekPoint]:
    outlets = estimator.panel(Question(narrative, target), quarter)
    cells = matrix(estimator.table, narrative, quarter, target, outlets=outlets)
    rng = estimator.generator("weeks", narrative, str(quarter))
    return [
        _week(cells, column, estimator, rng, (narrative, target))
        for column, block in enumerate(cells.blocks)
        if "W" in block
    ]


def _week(
    cells: Matrix, column: int, estimator: Estimator, rng: np.random.Generator, of: tuple[Narrative, str]
) -> WeekPoint:
    above, below = cells.numerators[:, column], cells.denominators[:, column]
    n, named = int(below.sum()), int(above.sum())
    shown = n >= FEWEST and (below > 0).sum() > 1 and 0 < named < n
    found = None
    if shown:
        slots = bootstrap.draw_outlets(len(below), estimator.settings.replicates, rng)
        replicates = bootstrap.ratio_of_sums(above[slots], below[slots])
        found = bootstrap.interval(replicates, estimator.settings.confidence, len(below))
    low, high = found or (None, None)
    return WeekPoint(*of, cells.blocks[column], named / n if found else None, low, high, n, named)

"""Attention by week: how the two directions move within a quarter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from corpus.calendar import Quarter
from corpus.model import Narrative
from results import bootstrap, jackknife
from results.cells import Floats, matrix
from results.estimate import FEWEST, Estimator, Question
from results.visibility import KOREA

DIRECTIONS: Final[tuple[tuple[Narrative, str], ...]] = (("korea", "ASEAN"), ("asean", KOREA))
# One outlet in one week has nothing that varies.
FEWEST_OUTLETS: Final = 2


@dataclass(frozen=True, slots=True)
class WeekPoint:
    """The attention share of one week.

    Attributes:
        narrative: whose talk.
        target: what for.
        week: ISO week, ``2026-W31``; months of documents without a day are left out.
        value: naming / all documents over the panel (ratio of sums); None with fewer than 20 documents.
        low: lower end of the interval (each outlet left out in turn, Student's t).
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
    replicates, confidence = estimator.settings.replicates, estimator.settings.confidence
    points = []
    for column, block in enumerate(cells.blocks):
        if "W" in block:
            above, below = cells.numerators[:, column], cells.denominators[:, column]
            n, named = int(below.sum()), int(above.sum())
            ends = week_interval(above, below, rng, replicates, confidence)
            low, high = ends or (None, None)
            points.append(WeekPoint(narrative, target, block, named / n if ends else None, low, high, n, named))
    return points


def week_interval(
    above: Floats, below: Floats, rng: np.random.Generator, replicates: int, confidence: float
) -> tuple[float, float] | None:
    """Give the interval of one week's share, or None where there can be none.

    Args:
        above: (outlets,) documents naming the target.
        below: (outlets,) all documents; outlets without any are not there in this week.
        rng: a seeded generator.
        replicates: how many to make.
        confidence: of the interval.
    """
    there = below > 0
    n, named = below.sum(), above.sum()
    if n < FEWEST or there.sum() < FEWEST_OUTLETS or not 0 < named < n:
        return None
    found = jackknife.influence(above[there, None], below[there, None], bootstrap.ratio_of_sums)
    drawn = jackknife.Draws(
        jackknife.multipliers(int(there.sum()), replicates, rng), jackknife.multipliers(1, replicates, rng)
    )
    return bootstrap.interval(jackknife.replicates(found, drawn), confidence)

"""When a weekly series changed its level: change points with their dates, sizes and intervals.

PELT (Killick, Fearnhead and Eckley 2012, JASA 107, 1590-1598; by ruptures) finds the
levels that make

    sum of squared distances to the levels + penalty * number of changes

least. The usual penalty takes weeks as independent, and a series with memory then
"changes" again and again. Here the penalty is such that a series that has the same
memory and never changes gives a change point at the nominal rate (5 %), found by
simulating such series (see `results.noise`), with their noise measured anew in each,
as it is in the data.

A level lasts at least six weeks: a summit's two weeks are an event, not a change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
import ruptures
from scipy import special

from results.bootstrap import student_quantile
from results.cells import Floats
from results.language import say
from results.noise import LONG, Noise, block_variance, ljung_box, noise, simulate

LEAST_WEEKS: Final = 52
LEAST_LEVEL: Final = 6
FALSE_RATE: Final = 0.05
SIMULATED: Final = 1000
_LAGS: Final = 13
_ROUNDS: Final = 3
_TOO_STEADY: Final = 0.85
_SUSPICIOUS: Final = 0.01


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """A change of level.

    Attributes:
        week: the first week of the new level, ``2026-W31``.
        earliest: lower end of the date's interval.
        latest: upper end.
        before: mean of the level before.
        after: mean of the level after.
        size: after - before, in the series' unit.
        low: lower end of the size's interval.
        high: upper end.
    """

    week: str
    earliest: str
    latest: str
    before: float
    after: float
    size: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Trend:
    """The change points of a series.

    Attributes:
        points: in order; empty where the level didn't change, or where refused.
        penalty: what a further change had to gain, in squared units of the series.
        memory: correlation from week to week of an AR(1) with the same memory.
        refusals: why nothing can be said; empty where it can.
        notes: what to know of it.
    """

    points: tuple[ChangePoint, ...]
    penalty: float
    memory: float
    refusals: tuple[str, ...]
    notes: tuple[str, ...]


def change_points(weeks: Sequence[str], values: Floats, *, confidence: float = 0.95, seed: int = 20101) -> Trend:
    """Find change points.

    Args:
        weeks: consecutive ISO weeks.
        values: (weeks,) the series: a share, or its panel-corrected index.
        confidence: of the intervals.
        seed: makes the dates' intervals repeatable.
    """
    refusals = _refusals(weeks, values)
    if refusals:
        return Trend((), np.nan, np.nan, refusals, ())
    ends, penalty = _search(values)
    residuals = values - _levels(values, ends)
    left = noise(residuals)
    points = [_describe(weeks, values, bounds, left, confidence, seed) for bounds in _neighbours(ends)]
    return Trend(tuple(points), penalty, float(left.rho), (), _notes(residuals, left))


def _search(values: Floats) -> tuple[tuple[int, ...], float]:
    """Segment; where levels change, measure the noise anew without them, and look again for further changes.

    Whether anything changed is decided in the first round, so its rate of false
    findings is that of the whole.
    """
    residuals = values
    found: list[tuple[tuple[int, ...], float]] = []
    for _ in range(_ROUNDS):
        penalty = critical(len(values), _rounded(float(noise(residuals).rho)), FALSE_RATE)
        penalty *= float(block_variance(residuals, LONG))
        ends = segment(values, penalty)
        if found and len(ends) <= len(found[-1][0]):
            break
        found.append((ends, penalty))
        if len(ends) == len((0, len(values))):
            break
        residuals = values - _levels(values, ends)
    return found[-1]


def segment(values: Floats, penalty: float) -> tuple[int, ...]:
    """Run PELT: (n,) to 0, the first week of each further level, n."""
    # The linear kernel's cost is the sum of squares; this is ruptures' PELT in C.
    detector = ruptures.KernelCPD(kernel="linear", min_size=LEAST_LEVEL).fit(values[:, None])
    return (0, *(int(end) for end in detector.predict(pen=penalty)))


@lru_cache(maxsize=256)
def critical(n: int, rho: float, rate: float) -> float:
    """Give the penalty, in units of V(10), that AR(1) series of n weeks without change exceed at this rate."""
    series = simulate(rho, (SIMULATED, n), np.random.default_rng(n))
    return float(np.quantile(gain(series) / block_variance(series, LONG), 1 - rate, method="higher"))


def gain(series: Floats) -> Floats:
    """Give the least penalty at which PELT finds no change: (series, n) to (series,).

    The greater of what one change takes from the sum of squares, and half of what two
    do. Three and more now and then do better; benchmarks/simulate.py shows that the rate
    of false findings hardly feels it.
    """
    sums = np.concatenate([np.zeros((len(series), 1)), (series - series.mean(axis=1, keepdims=True)).cumsum(1)], 1)
    n = series.shape[1]
    first = np.arange(LEAST_LEVEL, n - LEAST_LEVEL + 1)
    best: Floats = (sums[:, first] ** 2 * (1 / first + 1 / (n - first))).max(axis=1)
    for one in range(LEAST_LEVEL, n - 2 * LEAST_LEVEL + 1):
        other = np.arange(one + LEAST_LEVEL, n - LEAST_LEVEL + 1)
        middle, before = sums[:, other], sums[:, one : one + 1]
        two = before**2 / one + (middle - before) ** 2 / (other - one) + middle**2 / (n - other)
        np.maximum(best, two.max(axis=1) / 2, out=best)
    return best


def _rounded(rho: float) -> float:
    return round(round(rho / 0.05) * 0.05, 2)


def _levels(values: Floats, ends: Sequence[int]) -> Floats:
    return np.concatenate([np.full(end - start, values[start:end].mean()) for start, end in pairwise(ends)])


def _neighbours(ends: tuple[int, ...]) -> list[tuple[int, int, int]]:
    return list(zip(ends, ends[1:], ends[2:], strict=False))


def _describe(  # noqa: PLR0913, PLR0917 a change point is put together here and nowhere else
    weeks: Sequence[str], values: Floats, bounds: tuple[int, int, int], left: Noise, confidence: float, seed: int
) -> ChangePoint:
    start, at, end = bounds
    before, after = float(values[start:at].mean()), float(values[at:end].mean())
    half = size_error(left, at - start, end - at, len(values), confidence)
    off = date_error(after - before, (at - start, end - at), left, confidence, seed)
    return ChangePoint(
        week=weeks[at],
        earliest=weeks[max(start + 1, at - off)],
        latest=weeks[min(end - 1, at + off)],
        before=before,
        after=after,
        size=after - before,
        low=after - before - half,
        high=after - before + half,
    )


def size_error(left: Noise, before: int, after: int, weeks: int, confidence: float) -> float:
    """Give half the width of a size's interval: t * sqrt(LRV * (1 / weeks before + 1 / weeks after)).

    The noise is itself measured, from blocks of ten weeks: t has as many degrees of
    freedom as the whole series has such blocks.
    """
    error = np.sqrt(float(left.long_run) * (1 / before + 1 / after))
    return float(student_quantile((1 + confidence) / 2, weeks / LONG) * error)


def date_error(size: float, lengths: tuple[int, int], left: Noise, confidence: float, seed: int) -> int:
    """Give how many weeks a date is off at most, at this confidence: a parametric bootstrap.

    The step is laid into simulated noise, and looked for again as it was in the data
    (Huskova and Kirch 2008, Journal of Time Series Analysis 29, 947-972).
    """
    before, after = lengths
    rng = np.random.default_rng([seed, before, after])
    shape = (SIMULATED, before + after)
    drawn = np.sqrt(float(left.variance)) * simulate(float(left.rho), shape, rng)
    drawn += np.sqrt(float(left.white)) * rng.normal(size=shape)
    drawn[:, before:] += size
    sums = (drawn - drawn.mean(axis=1, keepdims=True)).cumsum(axis=1)
    n, place = shape[1], np.arange(1, shape[1])
    found = (sums[:, :-1] ** 2 * (1 / place + 1 / (n - place))).argmax(axis=1) + 1
    return int(np.quantile(np.abs(found - before), confidence, method="higher"))


def _refusals(weeks: Sequence[str], values: Floats) -> tuple[str, ...]:
    if len(values) < LEAST_WEEKS:
        least = LEAST_WEEKS
        return (say("too short: {n} weeks, and change points need at least {least}", n=len(values), least=least),)
    if not np.isfinite(values).all():
        empty = int((~np.isfinite(values)).sum())
        return (say("weeks without a value: {some} of {all}", some=empty, all=len(values)),)
    if not consecutive(weeks):
        return (say("the weeks are not consecutive"),)
    if float(np.ptp(values)) <= 1e-12 * float(np.abs(values).max()):
        return (say("the series is constant"),)
    return ()


def consecutive(weeks: Sequence[str]) -> bool:
    """Tell whether ISO weeks follow each other without a gap."""
    mondays = [date.fromisocalendar(int(week[:4]), int(week[6:]), 1) for week in weeks]
    return all(other - one == timedelta(days=7) for one, other in pairwise(mondays))


def _notes(residuals: Floats, left: Noise) -> tuple[str, ...]:
    notes = []
    if float(left.rho) > _TOO_STEADY:
        notes.append(say("the series wanders so much that levels and wandering can hardly be told apart"))
    rho = float(residuals[1:] @ residuals[:-1]) / float(residuals @ residuals)
    # One degree of freedom less, for the correlation that was fitted.
    if special.chdtrc(_LAGS - 1, ljung_box(residuals[1:] - rho * residuals[:-1], _LAGS)) < _SUSPICIOUS:
        notes.append(
            say("weeks depend on each other beyond the week before (Ljung-Box): read the change points with care")
        )
    return tuple(notes)

"""A series that outlets' coming and going does not move: panel correction, and a balanced panel beside it.

Outlets enter and leave archives, and differ in how much they say; a plain average
jumps when the panel changes. As Baker, Bloom and Davis do for economic policy
uncertainty (2016, Quarterly Journal of Economics 131, 1593-1636), with X_kt the
share of outlet k in period t:

    Y_kt = X_kt / sd of X_k over the base         (the base is fixed)
    Z_t  = average of Y_kt over the outlets there in t
    I_t  = 100 * Z_t / average of Z over the base

It takes out how strongly an outlet moves, and with it most of how much it says; an
outlet that is steadily high still lifts the average when it enters. The balanced
panel (only outlets there in every period) can't jump so, and loses the others: where
the two differ, the panel speaks.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from corpus.calendar import Quarter
from corpus.model import Narrative
from corpus.targets import EVERYTHING
from results import bootstrap
from results.bootstrap import divide, mean_of_ratios
from results.cells import UNITS, Floats, Table, Unit
from results.jackknife import Bools, deviations, multipliers
from results.language import listed, say

# Fewer periods of the base than this give no standard deviation worth dividing by.
LEAST_BASE: Final = 4
FEWEST_OUTLETS: Final = 2
_SHOWN: Final = 5  # outlets in a sentence


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Counts by outlet and period: K outlets, T periods.

    Attributes:
        outlets: the rows.
        periods: the columns, ascending.
        numerators: (K, T) what names the target.
        denominators: (K, T) everything.
    """

    outlets: tuple[str, ...]
    periods: tuple[str, ...]
    numerators: Floats
    denominators: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """A panel series.

    Attributes:
        periods: when.
        values: (T,) 100 is the average of the base; nan where no outlet is there.
        low: (T,) lower end of the interval over outlets; nan with fewer than two.
        high: (T,) upper end.
        replicates: (replicates, T), to subtract one period from another with (see `change`).
        outlets: those it rests on.
        flags: for each period, what changed in the panel since the period before.
        refusals: why there is no index; empty where there is.
        notes: what to know of it.
    """

    periods: tuple[str, ...]
    values: Floats
    low: Floats
    high: Floats
    replicates: Floats
    outlets: tuple[str, ...]
    flags: tuple[tuple[str, ...], ...]
    refusals: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def series(  # noqa: PLR0913 a cell of the counts has this many coordinates
    table: Table,
    narrative: Narrative,
    target: str,
    *,
    by: Literal["quarter", "week"],
    among: str = EVERYTHING,
    unit: Unit = "documents",
    quarters: Container[Quarter] | None = None,
) -> Series:
    """Lay out a target's counts by quarter or by ISO week (dates known to the month are in no week).

    Args:
        table: the counts.
        narrative: whose talk.
        target: what is named.
        by: what a period is.
        among: of what; everything, or what names another target.
        unit: what is counted.
        quarters: only these; all if left out.
    """
    wanted = [key for key in table.cells if key[0] == narrative and key[2] in {target, among}]
    sums: dict[tuple[str, str, str], int] = {}
    at = UNITS.index(unit)
    for _, quarter, name in wanted:
        if quarters is not None and quarter not in quarters:
            continue
        for (outlet, block), amounts in table.of(narrative, quarter, name).items():
            if by == "quarter" or "W" in block:
                place = (name, outlet, str(quarter) if by == "quarter" else block)
                sums[place] = sums.get(place, 0) + amounts[at]
    outlets = tuple(sorted({outlet for _, outlet, _ in sums}))
    periods = tuple(sorted({period for _, _, period in sums}))
    filled = {name: _fill(sums, name, outlets, periods) for name in (target, among)}
    return Series(outlets, periods, filled[target], filled[among])


def _fill(
    sums: dict[tuple[str, str, str], int], name: str, outlets: tuple[str, ...], periods: tuple[str, ...]
) -> Floats:
    rows = [[float(sums.get((name, outlet, period), 0)) for period in periods] for outlet in outlets]
    return np.array(rows).reshape(len(outlets), len(periods))


def uncorrected(counts: Series, minimum: int = 1) -> Floats:
    """Give the plain average of the shares of the outlets there: (T,). It jumps when the panel changes."""
    there = counts.denominators >= max(minimum, 1)
    return mean_of_ratios(np.where(there, counts.numerators, 0.0).T, np.where(there, counts.denominators, 0.0).T)


def corrected(  # noqa: PLR0913 counts, base, and how sure to be
    counts: Series,
    base: Iterable[str],
    *,
    rng: np.random.Generator,
    minimum: int = 1,
    replicates: int = 1000,
    confidence: float = 0.95,
) -> Index:
    """Give the panel-corrected index.

    Args:
        counts: of all outlets.
        base: the periods that scale the outlets; fixed, so that new periods don't rewrite old ones.
        rng: a seeded generator.
        minimum: an outlet is there in a period with at least so many (documents).
        replicates: how many to make.
        confidence: of the intervals.
    """
    inside = np.isin(counts.periods, list(base))
    there = counts.denominators >= max(minimum, 1)
    scaled, kept = _scaled(counts, there, inside)
    refusals = _refusals(int(kept.sum()), scaled, there[kept], inside)
    flags = _flags(counts, there)
    if refusals:
        nothing = np.full(len(counts.periods), np.nan)
        return Index(counts.periods, nothing, nothing, nothing, np.empty((0, len(nothing))), (), flags, refusals)
    drawn = _replicates(scaled, there[kept], inside, multipliers(int(kept.sum()), replicates, rng))
    low, high = _ends(drawn, there[kept].sum(axis=0), confidence)
    outlets = tuple(np.array(counts.outlets)[kept].tolist())
    notes = _left_out(counts.outlets, kept)
    values = _index(scaled, there[kept], inside)
    return Index(counts.periods, values, low, high, drawn, outlets, flags, (), notes)


def balanced(  # noqa: PLR0913 as `corrected`
    counts: Series,
    base: Iterable[str],
    *,
    rng: np.random.Generator,
    minimum: int = 1,
    replicates: int = 1000,
    confidence: float = 0.95,
) -> Index:
    """Give the same index of the outlets there in every period alone."""
    always = (counts.denominators >= max(minimum, 1)).all(axis=1)
    outlets = tuple(np.array(counts.outlets)[always].tolist())
    steady = Series(outlets, counts.periods, counts.numerators[always], counts.denominators[always])
    return corrected(steady, base, rng=rng, minimum=minimum, replicates=replicates, confidence=confidence)


def change(index: Index, later: str, earlier: str, confidence: float = 0.95) -> tuple[float, float, float] | None:
    """Give the change between two periods in percent, with its interval; None where there is none.

    100 * (I_later / I_earlier - 1); the same outlets move both, so that much of what
    they differ in cancels.
    """
    if index.refusals:
        return None
    one, other = index.periods.index(later), index.periods.index(earlier)
    moved = 100 * (divide(index.replicates[:, one], index.replicates[:, other]) - 1)
    found = bootstrap.interval(moved, confidence)
    value = 100 * (index.values[one] / index.values[other] - 1) if index.values[other] > 0 else np.nan
    return (float(value), *found) if found and np.isfinite(value) else None


def _scaled(counts: Series, there: Bools, inside: Bools) -> tuple[Floats, Bools]:
    """Divide each outlet's shares by their standard deviation over the base; say which outlets have one."""
    shares = np.where(there, divide(counts.numerators, counts.denominators), np.nan)
    based = np.where(inside, shares, np.nan)
    seen = (~np.isnan(based)).sum(axis=1)
    mean = divide(np.nansum(based, axis=1), seen.astype(np.float64))
    squares = np.nansum((based - mean[:, None]) ** 2, axis=1)
    deviation = np.sqrt(divide(squares, np.maximum(seen - 1.0, 0.0)))
    kept = (seen >= LEAST_BASE) & (np.nan_to_num(deviation) > 1e-12)  # noqa: PLR2004 rounding is no movement
    return np.where(there[kept], shares[kept], 0.0) / deviation[kept, None], kept


def _index(scaled: Floats, there: Bools, inside: Bools) -> Floats:
    average = divide(scaled.sum(axis=0), there.sum(axis=0).astype(np.float64))
    return _renormalised(average, inside)


def _renormalised(average: Floats, inside: Bools) -> Floats:
    index: Floats = 100 * average / np.nanmean(average[..., inside], axis=-1, keepdims=True)
    return index


def _replicates(scaled: Floats, there: Bools, inside: Bools, drawn: Floats) -> Floats:
    """Leave out each outlet, on the log scale where that can be, and move the index by what each weighs."""
    value = _index(scaled, there, inside)
    averages = divide(scaled.sum(axis=0) - scaled, (there.sum(axis=0) - there).astype(np.float64))
    # An outlet alone in the whole base has no index without it.
    usable = ~np.isnan(averages[:, inside]).all(axis=1)
    without = np.full(scaled.shape, np.nan)
    without[usable] = _renormalised(averages[usable], inside)
    log = (value > 0) & (np.isnan(without) | (without > 0)).all(axis=0)
    centre = np.where(log, np.log(np.where(log, value, 1.0)), value)
    apart = np.where(log, np.log(np.where(log & (without > 0), without, 1.0)), without)
    apart[np.isnan(without)] = np.nan
    moved = centre + drawn @ deviations(apart.T, np.ones(apart.T.shape, dtype=bool)).T
    found: Floats = np.where(log, np.exp(np.where(log, moved, 0.0)), np.clip(moved, 0.0, None))
    return found


def _ends(drawn: Floats, outlets: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Give each period's interval; nan with fewer than two outlets, which can't be compared."""
    pairs = [
        bootstrap.interval(column, confidence) if number >= FEWEST_OUTLETS else None
        for column, number in zip(drawn.T, outlets, strict=True)
    ]
    ends = np.array([pair or (np.nan, np.nan) for pair in pairs])
    return ends[:, 0], ends[:, 1]


def _refusals(outlets: int, scaled: Floats, there: Bools, inside: Bools) -> tuple[str, ...]:
    if inside.sum() < LEAST_BASE:
        held = int(inside.sum())
        return (say("the base has {n} periods, and needs at least {least}", n=held, least=LEAST_BASE),)
    if outlets < FEWEST_OUTLETS:
        least = FEWEST_OUTLETS
        return (say("{n} outlets move over the base, and a panel needs at least {least}", n=outlets, least=least),)
    if not scaled[:, inside][there[:, inside]].sum():
        return (say("nothing is named over the base"),)
    return ()


def _left_out(outlets: tuple[str, ...], kept: Bools) -> tuple[str, ...]:
    names = [outlet for outlet, keep in zip(outlets, kept, strict=True) if not keep]
    if not names:
        return ()
    return (
        say(
            "left out, with fewer than {least} periods of the base or the same share in all: {outlets}",
            least=LEAST_BASE,
            outlets=_some(names),
        ),
    )


def _flags(counts: Series, there: Bools) -> tuple[tuple[str, ...], ...]:
    """Say for each period which outlets entered and which left since the one before."""
    names = np.array(counts.outlets)
    flags: list[tuple[str, ...]] = [()] if counts.periods else []
    for now in range(1, len(counts.periods)):
        entered = names[there[:, now] & ~there[:, now - 1]].tolist()
        left = names[~there[:, now] & there[:, now - 1]].tolist()
        flags.append(
            (
                *((say("entered the panel: {outlets}", outlets=_some(entered)),) if entered else ()),
                *((say("left the panel: {outlets}", outlets=_some(left)),) if left else ()),
            )
        )
    return tuple(flags)


def _some(names: list[str]) -> str:
    shown = listed(names[:_SHOWN])
    more = len(names) - _SHOWN
    return say("{outlets} and {n} more", outlets=shown, n=more) if more > 0 else shown

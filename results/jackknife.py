"""How sure a share is: what each outlet and each week weighs in it, turned into replicates.

Documents of one outlet resemble each other, and so do those of one week (a summit
moves every outlet), so intervals that take documents as independent are far too
narrow. The variance is that of two crossed clusters (Cameron, Gelbach and Miller
2011, Journal of Business & Economic Statistics 29, 238-249):

    V = V(outlets) + max(0, V(weeks) - V(outlets x weeks))

each part by leaving out one outlet, one week, one cell at a time (the cluster
jackknife, CV3 of MacKinnon, Nielsen and Webb 2023, Journal of Applied
Econometrics 38, 671-694). V(outlets) holds the noise of single cells already, and
so does V(weeks): the third part takes it out once. Drawing outlets and then weeks,
as a two-stage bootstrap does, counts it twice (intervals up to 1.41 times too
wide where it dominates) and knows no shared weeks (far too narrow with many
outlets); Davison and Hinkley (1997, section 3.8) advise against the second stage.

With few outlets a variance is itself uncertain, so each part is scaled by its own
Student's t, with one degree of freedom fewer than it has outlets or weeks. Two
outlets then give a very wide interval, as they should.

All this is done on the logit scale, so that intervals stay within 0 and 1 and are
as skewed as shares are; on the plain scale, cut off at 0 and 1, where leaving
something out leaves no names at all.

The result is handed over as replicates (Gaussian multipliers times influences), so
that a difference or a log ratio of two answers is had by subtraction: outlets that
are in both have the same multipliers in both, weeks have their own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from results.bootstrap import Statistic
from results.cells import Floats, Matrix

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Multipliers for K outlets and B blocks (weeks).

    Attributes:
        outlets: (replicates, K).
        blocks: (replicates, B).
    """

    outlets: Floats
    blocks: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Influence:
    """What each outlet and each block weighs in a statistic, on the scale it is measured on.

    Attributes:
        centre: (...,) the statistic itself.
        outlets: (..., K) sums of squares are V(outlets).
        blocks: (..., B) sums of squares are max(0, V(weeks) - V(outlets x weeks)).
        logit: (...,) whether the scale is the logit.
    """

    centre: Floats
    outlets: Floats
    blocks: Floats
    logit: Bools


def multipliers(units: int, replicates: int, rng: np.random.Generator) -> Floats:
    """Draw multipliers: (replicates, units). Each row times influences is Student's t with units - 1 degrees.

    A row is Gaussian, divided by sqrt(chi2 / (units - 1)). The chi2 are spread evenly
    over their distribution, and each row comes with its negative, so that a
    thousand replicates give steady ends.
    """
    half = (replicates + 1) // 2
    normal = rng.normal(size=(half, units))
    if units > 1:
        level = rng.permutation((np.arange(half) + 0.5) / half)
        normal /= np.sqrt(special.chdtri(units - 1, level) / (units - 1))[:, None]
    both: Floats = np.concatenate([normal, -normal])[:replicates]
    return both


def replicate(matrix: Matrix, statistic: Statistic, draws: Draws) -> Floats:
    """Give the replicates of a statistic of a matrix: (replicates,); nan where nothing can vary."""
    found = influence(matrix.numerators, matrix.denominators, statistic)
    return replicates(found, draws)


def replicates(found: Influence, draws: Draws) -> Floats:
    """Turn influences into replicates: (...) to (replicates, ...)."""
    moved = draws.outlets @ found.outlets.reshape(-1, found.outlets.shape[-1]).T
    moved += draws.blocks @ found.blocks.reshape(-1, found.blocks.shape[-1]).T
    scaled = found.centre.reshape(-1) + moved
    logit = found.logit.reshape(-1)
    shares = np.where(logit, special.expit(np.where(logit, scaled, 0.0)), np.clip(scaled, 0.0, 1.0))
    return shares.reshape(len(moved), *found.centre.shape)


def influence(numerators: Floats, denominators: Floats, statistic: Statistic) -> Influence:
    """Leave out each outlet, each block and each cell.

    Args:
        numerators: (..., K, B); what names the target.
        denominators: the same shape; a cell without any is one where nothing was published.
        statistic: how outlets are averaged.

    A single outlet has no V(outlets), and its weeks are all that varies. A single
    outlet in a single week has nothing that varies: its influences are nan.
    """
    above, below = numerators.sum(axis=-1), denominators.sum(axis=-1)
    centre = statistic(above, below)
    without = (
        statistic.without_outlet(above, below),
        statistic(
            above[..., None, :] - np.moveaxis(numerators, -1, -2),
            below[..., None, :] - np.moveaxis(denominators, -1, -2),
        ),
        statistic.without_cell(numerators, denominators),
    )
    logit = _inside(centre) & np.logical_and.reduce([_all_inside(part, len(centre.shape)) for part in without])
    value, outlets, blocks, cells = (_scaled(part, logit) for part in (centre, *without))
    k, b = outlets.shape[-1], blocks.shape[-1]
    by_outlet = deviations(outlets, np.ones(outlets.shape, dtype=bool)) if k > 1 else np.zeros(outlets.shape)
    by_block = deviations(blocks, np.asarray((denominators > 0).any(axis=-2)))
    by_cell = deviations(cells, denominators > 0)
    if k > 1:
        by_block = by_block * _shared(by_block, by_cell)[..., None]
    elif b == 1:
        by_block = np.full(blocks.shape, np.nan)
    return Influence(value, by_outlet, by_block, logit)


def _shared(by_block: Floats, by_cell: Floats) -> Floats:
    """Give sqrt(max(0, 1 - V(outlets x weeks) / V(weeks))): what of the weeks' deviations outlets share."""
    weeks, cells = (by_block**2).sum(axis=-1), (by_cell**2).sum(axis=(-2, -1))
    ratio = np.divide(cells, weeks, out=np.ones_like(weeks), where=weeks > 0)
    return np.asarray(np.sqrt(np.clip(1 - ratio, 0.0, None)))


def deviations(without: Floats, there: Bools) -> Floats:
    """Give jackknife deviations along the last axis, over what is there: squares sum to (n - 1) / n * SS."""
    # Only one thing, or the only one with names: what is left is undefined, and can't be compared.
    kept = there & ~np.isnan(without)
    n = kept.sum(axis=-1, keepdims=True)
    filled = np.where(kept, without, 0.0)
    mean = np.divide(filled.sum(axis=-1, keepdims=True), n, out=np.zeros(n.shape), where=n > 0)
    factor = np.sqrt(np.divide(n - 1.0, n, out=np.zeros(n.shape), where=n > 0))
    found: Floats = np.where(kept, (mean - filled) * factor, 0.0)
    return found


def _inside(shares: Floats) -> Bools:
    inside: Bools = (shares > 0) & (shares < 1)
    return inside


def _all_inside(without: Floats, axes: int) -> Bools:
    return np.asarray((np.isnan(without) | _inside(without)).all(axis=tuple(range(axes, without.ndim))))


def _scaled(shares: Floats, logit: Bools) -> Floats:
    """Take logits where ``logit`` says so: (...) or with further axes after."""
    wide = np.broadcast_to(logit.reshape(logit.shape + (1,) * (shares.ndim - logit.ndim)), shares.shape)
    scaled: Floats = np.where(wide, special.logit(np.where(wide, shares, 0.5)), shares)
    return scaled

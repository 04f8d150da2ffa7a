"""Whether attention is returned member by member, read against what the totals alone would give.

Two lists, one number a member: how much Korea's narrative names the member, and how
much the member's outlets name Korea. Some reciprocity comes by itself: big
members are big in both lists. It is read against two nulls that keep each side's total:

* pairing (`reciprocity_against_null`): the same two lists, paired at random. It asks
  whether *this* member's attention goes with Korea's attention to it. The figure is
  Squartini, Picciolo, Ruzzenenti and Garlaschelli's (2013, Scientific Reports 3, 2729):

      r   = sum of min(there, back) over both directions / sum of all weights
      rho = (r - r0) / (1 - r0),    r0 the null's mean; 0 as by chance, 1 fully returned

  In a star (Korea and its partners) their own null, which keeps every strength, leaves
  nothing to vary; keeping each side's total and its list of sizes does.
* one profile (`symmetry_against_null`): both sides spread their attention over members
  in the same way, each share with the noise that its outlets and weeks give it, and each
  draw divided by its total again. It asks which members are out of step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from results.cells import Floats
from results.language import say
from results.multiple import benjamini_hochberg

# Four members can be paired in 24 ways: no way could be rarer than 1 in 24.
FEWEST_MEMBERS: Final = 5


@dataclass(frozen=True, slots=True)
class Reciprocity:
    """How much attention is returned.

    Attributes:
        value: r, 0 to 1, of the two lists each divided by its total.
        expected: r0, the mean under the null.
        low: lower end of what the null gives.
        high: upper end.
        rho: (r - r0) / (1 - r0).
        p: how often the null is as far from r0.
        refusals: why there is none; empty where there is.
    """

    value: float
    expected: float
    low: float
    high: float
    rho: float
    p: float
    refusals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Asymmetry:
    """Each member against one common profile.

    Attributes:
        members: in the order given.
        values: (members,) log2 of (its part of Korea's attention to members / its part of their attention to Korea).
        low: (members,) lower end of what the null gives.
        high: (members,) upper end.
        p: (members,) how often the null is as far out.
        q: (members,) corrected over members (Benjamini and Hochberg).
        refusals: why there is none; empty where there is.
    """

    members: tuple[str, ...]
    values: Floats
    low: Floats
    high: Floats
    p: Floats
    q: Floats
    refusals: tuple[str, ...] = ()


def reciprocity(there: Floats, back: Floats) -> Floats:
    """Give r: weights (..., members) both ways to (...); 2 * sum of min / sum of both."""
    found: Floats = 2 * np.minimum(there, back).sum(axis=-1) / (there + back).sum(axis=-1)
    return found


def reciprocity_against_null(
    there: Floats, back: Floats, *, rng: np.random.Generator, draws: int = 10_000, confidence: float = 0.95
) -> Reciprocity:
    """Read reciprocity against random pairing.

    Args:
        there: (members,) Korea to member: attention shares, or documents.
        back: (members,) member to Korea, likewise; sizes of corpora cancel.
        rng: a seeded generator.
        draws: pairings to draw.
        confidence: of the null's range.
    """
    why = _refusals(there, back)
    if why:
        return Reciprocity(np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, why)
    one, other = there / there.sum(), back / back.sum()
    value = float(reciprocity(one, other))
    null = reciprocity(one, rng.permuted(np.tile(other, (draws, 1)), axis=1))
    expected = float(null.mean())
    low, high = np.quantile(null, ((1 - confidence) / 2, (1 + confidence) / 2))
    rho = (value - expected) / (1 - expected) if expected < 1 else np.nan
    return Reciprocity(value, expected, float(low), float(high), rho, _two_sided(np.array([value]), null[:, None])[0])


def symmetry_against_null(  # noqa: PLR0913, PLR0917 two sides with their replicates, and how sure to be
    members: Sequence[str],
    there: Floats,
    back: Floats,
    there_drawn: Floats,
    back_drawn: Floats,
    confidence: float = 0.95,
) -> Asymmetry:
    """Read each member's symmetry against a common profile with the same totals.

    Both sides get one profile (the geometric mean of their two, so that neither side is
    the yardstick), each member the noise its own share has in its replicates, and every
    draw is divided by its total again. A share among few outlets is so allowed to stray far.

    Args:
        members: their codes.
        there: (members,) attention share of each in Korea's narrative, above 0.
        back: (members,) attention share of Korea in the outlets of each, above 0. Shares and
            not documents: how much of a member's press is collected must not count.
        there_drawn: (replicates, members) replicates of ``there`` (`results.jackknife`).
        back_drawn: the same of ``back``.
        confidence: of the null's range.
    """
    why = _refusals(there, back)
    if why:
        empty = np.empty(0)
        return Asymmetry(tuple(members), empty, empty, empty, empty, empty, why)
    profile = np.sqrt(there / there.sum() * back / back.sum())
    null = _profile(profile * there_drawn / there, profile * back_drawn / back)
    values = _profile(there, back)
    low = np.quantile(null, (1 - confidence) / 2, axis=0, method="lower")
    high = np.quantile(null, (1 + confidence) / 2, axis=0, method="higher")
    p = _two_sided(values, null)
    return Asymmetry(tuple(members), values, low, high, p, benjamini_hochberg(p))


def _profile(there: Floats, back: Floats) -> Floats:
    """Give log2 of (share of there's total / share of back's total): (..., members) both ways."""
    shares = there / there.sum(axis=-1, keepdims=True), back / back.sum(axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):  # a draw may leave a member nothing: as far out as can be
        found: Floats = np.log2(shares[0]) - np.log2(shares[1])
    return found


def _two_sided(values: Floats, null: Floats) -> Floats:
    """Give twice the smaller tail, at most 1; the data count as one of the draws, an undefined draw as far out."""
    above = (1 + (~(null < values - 1e-12)).sum(axis=0)) / (1 + len(null))
    below = (1 + (~(null > values + 1e-12)).sum(axis=0)) / (1 + len(null))
    p: Floats = np.minimum(2 * np.minimum(above, below), 1.0)
    return p


def _refusals(there: Floats, back: Floats) -> tuple[str, ...]:
    if len(there) < FEWEST_MEMBERS:
        return (say("{n} members, and a null needs at least {least}", n=len(there), least=FEWEST_MEMBERS),)
    if not (there.sum() > 0 and back.sum() > 0):
        return (say("a side names nobody"),)
    return ()

"""Whether Korean news takes up what the Secretariat says: an event study from daily counts.

For each day with a statement, Korea's attention to ASEAN on that day and the three
days after is compared with the four days before:

    D_t = share over days t .. t + 3  -  share over days t - 4 .. t - 1

once the weekly cycle is out (each weekday less what it usually names). The effect is
the average of D over the days with statements. How far such an average strays by itself is
seen by moving the whole calendar of statements by every possible number of days
(placebo calendars): they keep how statements bunch, and the news keeps its
memory (a circular shift; MacKinlay 1997, Journal of Economic Literature 35, 13-39, for
event studies). Counts can't tell which statement a document is about, nor whether
both follow the same summit: an effect is "more after than before", not "because of".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from results.bootstrap import divide
from results.cells import Floats
from results.jackknife import Bools
from results.language import say

AFTER: Final = 4
BEFORE: Final = 4
FEWEST_EVENTS: Final = 10
LEAST_DAYS: Final = 182
MOST_EVENTS: Final = 0.5
_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Uptake:
    """What follows statements.

    Attributes:
        effect: average of D, as a share of documents (0.01 is one point).
        low: lower end of its interval.
        high: upper end.
        p: how often placebo calendars stray as far.
        lifted: share of statement days with D above 0.
        usual: the same of placebo days.
        statements: how many statement days it rests on.
        placebos: how many placebo calendars.
        refusals: why there is none; empty where there is.
    """

    effect: float
    low: float
    high: float
    p: float
    lifted: float
    usual: float
    statements: int
    placebos: int
    refusals: tuple[str, ...] = ()


def uptake(statements: Bools, naming: Floats, everything: Floats, confidence: float = 0.95) -> Uptake:
    """Measure the uptake of statements.

    Args:
        statements: (days,) whether the Secretariat published on the day; consecutive days.
        naming: (days,) Korean news documents that name ASEAN.
        everything: (days,) all Korean news documents.
        confidence: of the interval.
    """
    why = _refusals(statements, everything)
    if why:
        return Uptake(np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, int(statements.sum()), 0, why)
    lifts = lift(naming, everything)
    days = np.flatnonzero(statements & ~_edge(len(statements)))
    moves = np.arange(_WEEK + 1, len(lifts) - _WEEK)
    placebo = lifts[(days[None, :] + moves[:, None]) % len(lifts)]
    effect, strays = float(lifts[days].mean()), placebo.mean(axis=1)
    low, high = np.quantile(strays, ((1 - confidence) / 2, (1 + confidence) / 2))
    middle = float(np.median(strays))
    p = float((1 + (np.abs(strays - middle) >= abs(effect - middle)).sum()) / (1 + len(strays)))
    return Uptake(
        effect=effect - middle,
        low=effect - float(high),
        high=effect - float(low),
        p=p,
        lifted=float((lifts[days] > 0).mean()),
        usual=float((placebo > 0).mean()),
        statements=len(days),
        placebos=len(strays),
    )


def lift(naming: Floats, everything: Floats) -> Floats:
    """Give D of every day: (days,); the ends are joined, so that a calendar can be moved round."""
    rest = naming - usual(naming, everything) * everything
    after, before = _window(rest, everything, 0, AFTER), _window(rest, everything, -BEFORE, BEFORE)
    return np.nan_to_num(after - before)


def usual(naming: Floats, everything: Floats) -> Floats:
    """Give each day's usual share: that of its weekday over the whole series."""
    share = np.empty(len(naming))
    for weekday in range(_WEEK):
        share[weekday::_WEEK] = divide(naming[weekday::_WEEK].sum(), everything[weekday::_WEEK].sum())
    return np.nan_to_num(share)


def _window(above: Floats, below: Floats, first: int, days: int) -> Floats:
    sums = [sum(np.roll(values, -(first + day)) for day in range(days)) for values in (above, below)]
    return divide(np.asarray(sums[0]), np.asarray(sums[1]))


def _edge(days: int) -> Bools:
    """Mark the days whose windows reach over the ends of the series."""
    edge = np.zeros(days, dtype=bool)
    edge[:BEFORE] = True
    edge[days - AFTER + 1 :] = True
    return edge


def _refusals(statements: Bools, everything: Floats) -> tuple[str, ...]:
    days, events = len(statements), int((statements & ~_edge(len(statements))).sum())
    if days < LEAST_DAYS:
        return (say("too short: {n} days, and uptake needs at least {least}", n=days, least=LEAST_DAYS),)
    if events < FEWEST_EVENTS:
        least = FEWEST_EVENTS
        return (say("too few: {n} days with statements, and uptake needs at least {least}", n=events, least=least),)
    if events > MOST_EVENTS * days:
        return (
            say("statements on {some} of {all} days leave no ordinary days to compare with", some=events, all=days),
        )
    if not everything.sum():
        return (say("no news documents"),)
    return ()

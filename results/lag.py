"""Which of two daily series moves first: official statements and news.

Two looks at the same question, both ways, once the weekly cycle is out:

* cross-correlation of the series after each is freed of its own memory (Box, Jenkins
  and Reinsel, chapter on transfer functions: "prewhitening"): two series with memory
  and nothing else in common correlate at many lags otherwise;
* Granger's test (1969, Econometrica 37, 424-438): do the past days of one improve a
  prediction from the past days of the other?

What they find is that one series *precedes and predicts* the other, and never that
it causes it: both may follow the same summit. Many lags and pairs are tested, so
p-values are corrected (`results.multiple`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Final

import numpy as np
from scipy import special

from results.cells import Floats
from results.language import say
from results.multiple import LEVEL, benjamini_hochberg, holm

# Half a year: enough that every weekday is seen 26 times.
LEAST_DAYS: Final = 182
MOST_LAGS: Final = 7
_WEEK: Final = 7
_FEWEST_DAYS_THAT_DIFFER: Final = 20


@dataclass(frozen=True, slots=True)
class CrossCorrelation:
    """How two series go together at each lag.

    Attributes:
        lags: days by which the second series is later; negative where it is earlier.
        values: (lags,) correlations.
        bound: beyond +- this, a single correlation is unlikely by chance.
        adjusted: (lags,) Holm's p-values over all lags.
    """

    lags: tuple[int, ...]
    values: tuple[float, ...]
    bound: float
    adjusted: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Granger:
    """One direction: whether the past of ``leader`` improves the prediction of ``follower``.

    Attributes:
        leader: name of the series whose past is added.
        follower: name of the series predicted.
        days: of the past, for either series.
        f: F statistic; nan where refused.
        p: of F; nan where refused.
        q: p corrected over all directions and pairs asked together.
        gain: share of the remaining variance that the leader's past explains.
        refusals: why nothing can be said; empty where it can.
    """

    leader: str
    follower: str
    days: int
    f: float
    p: float
    q: float
    gain: float
    refusals: tuple[str, ...] = ()

    def precedes(self, level: float = LEVEL) -> bool:
        """Tell whether the leader precedes and predicts the follower (it never says: causes)."""
        return bool(self.q < level)


def without_week(values: Floats) -> Floats:
    """Take out the weekly cycle: (days,) less the mean of its weekday. Needs consecutive days."""
    rest = values.astype(np.float64).copy()
    for weekday in range(min(_WEEK, len(rest))):
        rest[weekday::_WEEK] -= rest[weekday::_WEEK].mean()
    return rest


def refusals(first: Floats, second: Floats) -> tuple[str, ...]:
    """Say why two daily series can't be compared; empty where they can."""
    if len(first) != len(second):
        return (say("the series have {one} and {other} days", one=len(first), other=len(second)),)
    if len(first) < LEAST_DAYS:
        return (say("too short: {n} days, and lags need at least {least}", n=len(first), least=LEAST_DAYS),)
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        return (say("days without a value"),)
    # A handful of days with anything at all decides everything.
    moving = [int((series != np.median(series)).sum()) for series in (first, second)]
    if min(moving) < _FEWEST_DAYS_THAT_DIFFER:
        return (
            say(
                "constant: a series differs from its usual value on {n} days only, of at least {least}",
                n=min(moving),
                least=_FEWEST_DAYS_THAT_DIFFER,
            ),
        )
    rests = [without_week(series) for series in (first, second)]
    if min(float(np.ptp(rest)) for rest in rests) <= 1e-12 * float(np.abs(np.concatenate([first, second])).max()):
        return (say("constant: nothing is left once the weekly cycle is taken out"),)
    return ()


def cross_correlation(
    first: Floats, second: Floats, *, most: int = MOST_LAGS, confidence: float = 0.95
) -> CrossCorrelation:
    """Correlate second on day t + lag with first on day t, for lags -most to most.

    r(lag) = sum (first_t - mean)(second_(t + lag) - mean) / (n * sd * sd), of the
    residuals of an autoregression of each. Without a relation its standard error is
    1 / sqrt(n) (Bartlett; Haugh 1976, JASA 71, 378-385). Ask `refusals` first.
    """
    one, other = (standardised(_whitened(without_week(series), most)) for series in (first, second))
    n, lags = len(one), tuple(range(-most, most + 1))
    values = np.array([at_lag(one, other, lag) for lag in lags])
    p = 2 * special.ndtr(-np.abs(values) * np.sqrt(n))
    bound = NormalDist().inv_cdf((1 + confidence) / 2) / n**0.5
    return CrossCorrelation(lags, tuple(map(float, values)), bound, tuple(map(float, holm(p))))


def at_lag(one: Floats, other: Floats, lag: int) -> float:
    """Give the correlation of other on day t + lag with one on day t, both standardised: sum / n."""
    n = len(one)
    return float(one[max(0, -lag) : n - max(0, lag)] @ other[max(0, lag) : n - max(0, -lag)] / n)


def standardised(values: Floats) -> Floats:
    """Give (values - mean) / standard deviation."""
    standard: Floats = (values - values.mean()) / values.std()
    return standard


def _whitened(values: Floats, lags: int) -> Floats:
    return _residuals(values[lags:], _past([values], lags))


def granger(leader: Floats, follower: Floats, days: int) -> tuple[float, float, float]:
    """Test whether the leader's past helps to predict the follower: F, p, and the gain.

    F = ((S0 - S1) / d) / (S1 / (n - 2 d - 1)), with S0 the squared residuals of the
    follower on its own last d days, S1 with the leader's last d days added, n days
    predicted; gain = 1 - S1 / S0. The weekly cycle must be out already.
    """
    now = follower[days:]
    own = _residuals(now, _past([follower], days))
    both = _residuals(now, _past([follower, leader], days))
    s0, s1, free = float(own @ own), float(both @ both), len(now) - 2 * days - 1
    f = ((s0 - s1) / days) / (s1 / free)
    return f, float(special.fdtrc(days, free, f)), 1 - s1 / s0


def _past(series: Sequence[Floats], days: int) -> Floats:
    n = len(series[0])
    columns = [values[days - day : n - day] for values in series for day in range(1, days + 1)]
    return np.column_stack([np.ones(n - days), *columns])


def _residuals(now: Floats, past: Floats) -> Floats:
    fitted, *_ = np.linalg.lstsq(past, now, rcond=None)
    rest: Floats = now - past @ fitted
    return rest


def days_of_memory(first: Floats, second: Floats, most: int = MOST_LAGS) -> int:
    """Choose how many past days to use: those with the least BIC of both predictions together, on the same days."""
    n = len(first) - most

    def score(days: int) -> float:
        past = _past([first, second], days)[-n:]
        sizes = [np.log(np.mean(_residuals(series[-n:], past) ** 2)) for series in (first, second)]
        return float(n * sum(sizes) + np.log(n) * 2 * (2 * days + 1))

    return min(range(1, most + 1), key=score)


def precedence(pairs: Sequence[tuple[str, Floats, str, Floats]]) -> list[Granger]:
    """Test every pair both ways, and correct over all of it (Benjamini and Hochberg).

    Args:
        pairs: name and daily series, name and daily series.
    """
    found = [one for pair in pairs for one in _both_ways(*pair)]
    tested = [number for number, one in enumerate(found) if not one.refusals]
    if tested:
        q = benjamini_hochberg(np.array([found[number].p for number in tested]))
        for number, value in zip(tested, q, strict=True):
            found[number] = replace(found[number], q=float(value))
    return found


def _both_ways(name: str, first: Floats, other: str, second: Floats) -> list[Granger]:
    why = refusals(first, second)
    if why:
        return [Granger(*names, 0, np.nan, np.nan, np.nan, np.nan, why) for names in ((name, other), (other, name))]
    one, two = without_week(first), without_week(second)
    days = days_of_memory(one, two)
    forth, back = granger(one, two, days), granger(two, one, days)
    return [
        Granger(name, other, days, forth[0], forth[1], np.nan, forth[2]),
        Granger(other, name, days, back[0], back[1], np.nan, back[2]),
    ]

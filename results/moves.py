"""Official talk and news: which moves first (`results.lag`), and are statements taken up (`results.uptake`)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from corpus.calendar import Quarter
from corpus.model import Count, Narrative
from corpus.targets import EVERYTHING
from results import lag
from results.cells import Floats
from results.daily import Daily, common, daily
from results.lag import Granger
from results.language import quarter as named
from results.language import say
from results.measure import Change
from results.multiple import LEVEL
from results.uptake import Uptake, uptake
from results.weekly import DIRECTIONS

# Two years: older habits are not today's.
LAG_DAYS: Final = 728
UPTAKE_DAYS: Final = 364
SECRETARIAT: Final = "ASEAN:"
OFFICIAL, NEWS = "official", "news"


@dataclass(frozen=True, slots=True)
class Lead:
    """Whether the official statements or the news of a side move first.

    Attributes:
        narrative: whose talk.
        target: what is named.
        leader: the kind whose past days are added: official or news.
        follower: the kind whose days are predicted from them.
        first: the first day looked at; None where there is none.
        last: the last.
        outlets: how many outlets, leader's and follower's.
        days: of the past, for either series; 0 where refused.
        p: of Granger's F; None where refused.
        q: corrected over all directions of the report.
        gain: share of the remaining variance that the leader's past explains.
        refusals: why nothing can be said; empty where it can.
    """

    narrative: Narrative
    target: str
    leader: str
    follower: str
    first: date | None
    last: date | None
    outlets: tuple[int, int]
    days: int
    p: float | None
    q: float | None
    gain: float | None
    refusals: tuple[str, ...]

    @property
    def precedes(self) -> bool:
        """Whether the leader precedes and predicts the follower (it never says: causes)."""
        return self.q is not None and self.q < LEVEL


@dataclass(frozen=True, slots=True)
class Lags:
    """How the two series of one side go together at each lag.

    Attributes:
        narrative: whose talk.
        target: what is named.
        lags: days by which news is later than official statements; negative where it is earlier.
        values: correlations, of the series freed of their week and their own memory.
        bound: beyond it, a single correlation is unlikely by chance.
        adjusted: p-values, corrected over the lags.
    """

    narrative: Narrative
    target: str
    lags: tuple[int, ...]
    values: tuple[float, ...]
    bound: float
    adjusted: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """What follows the Secretariat's statements in Korean news, over a year.

    Attributes:
        first: the first day looked at; None where there is none.
        last: the last.
        outlets: how many Korean outlets.
        statements: days with a statement.
        effect: how much attention to ASEAN rises in the four days from a statement on; a share; None where refused.
        low: lower end of its interval.
        high: upper end.
        p: how often placebo calendars stray as far.
        lifted: share of statement days with a rise.
        usual: the same of placebo days.
        refusals: why there is none; empty where there is.
        year: against the year before.
    """

    first: date | None
    last: date | None
    outlets: int
    statements: int
    effect: float | None
    low: float | None
    high: float | None
    p: float | None
    lifted: float | None
    usual: float | None
    refusals: tuple[str, ...]
    year: Change | None = None


def leads(counts: Sequence[Count], form_class: str, quarter: Quarter) -> tuple[tuple[Lead, ...], tuple[Lags, ...]]:
    """Ask of both sides whether official statements or news move first, in the two years up to a quarter's end."""
    first = quarter.last - timedelta(LAG_DAYS - 1)
    asked = [
        (side, target, _both(counts, side, target, form_class, first, quarter.last)) for side, target in DIRECTIONS
    ]
    held = [(side, target, pair) for side, target, pair in asked if pair]
    tested = lag.precedence(
        [(f"{side} {OFFICIAL}", _naming(pair[0]), f"{side} {NEWS}", _naming(pair[1])) for side, _, pair in held]
    )
    found, correlated = [], []
    for side, target, pair in asked:
        own = [one for one in tested if one.leader.startswith(f"{side} ")]
        answers = own or (None, None)
        found += [
            _lead(side, target, way, pair, one)
            for way, one in zip(((OFFICIAL, NEWS), (NEWS, OFFICIAL)), answers, strict=True)
        ]
        if pair and own and not own[0].refusals:
            got = lag.cross_correlation(*map(_naming, pair))
            correlated.append(Lags(side, target, got.lags, got.values, got.bound, got.adjusted))
    return tuple(found), tuple(correlated)


def _both(  # noqa: PLR0913, PLR0917 a cell of the counts has this many coordinates
    counts: Sequence[Count], side: Narrative, target: str, form_class: str, first: date, last: date
) -> tuple[Daily, Daily] | None:
    official = daily(counts, side, "official", target, form_class, first, last)
    return common(official, daily(counts, side, "news", target, form_class, first, last))


def _naming(series: Daily) -> Floats:
    return np.asarray(series.naming.sum(axis=0))


def _lead(
    side: Narrative, target: str, way: tuple[str, str], pair: tuple[Daily, Daily] | None, found: Granger | None
) -> Lead:
    if pair is None or found is None:
        why = (say("no days on which both official statements and news of this side are held"),)
        return Lead(side, target, *way, None, None, (0, 0), 0, None, None, None, why)
    days = pair[0].first, pair[0].first + timedelta(pair[0].naming.shape[1] - 1)
    sizes = {OFFICIAL: len(pair[0].outlets), NEWS: len(pair[1].outlets)}
    p, q, gain = (number if math.isfinite(number) else None for number in (found.p, found.q, found.gain))
    return Lead(side, target, *way, *days, (sizes[way[0]], sizes[way[1]]), found.days, p, q, gain, found.refusals)


def taken_up(counts: Sequence[Count], form_class: str, quarter: Quarter, confidence: float) -> Taken:
    """Ask whether Korean news names ASEAN more after the Secretariat's statements, in the year to a quarter's end."""
    now = _taken(counts, form_class, quarter, confidence)
    then = _taken(counts, form_class, quarter.year_before, confidence)
    return _with_change(now, then, quarter.year_before)


def _taken(counts: Sequence[Count], form_class: str, quarter: Quarter, confidence: float) -> Taken:
    first = quarter.last - timedelta(UPTAKE_DAYS - 1)
    own = [row for row in counts if row.outlet.startswith(SECRETARIAT)]
    statements = daily(own, "asean", "official", EVERYTHING, EVERYTHING, first, quarter.last)
    news = daily(counts, "korea", "news", "ASEAN", form_class, first, quarter.last)
    pair = common(statements, news)
    if pair is None:
        why = (say("no days on which both statements of the Secretariat and Korean news are held"),)
        return Taken(None, None, 0, 0, None, None, None, None, None, None, why)
    said, read = pair[0].everything.sum(axis=0) > 0, pair[1]
    found = uptake(said, read.naming.sum(axis=0), read.everything.sum(axis=0), confidence)
    last = read.first + timedelta(read.naming.shape[1] - 1)
    return Taken(read.first, last, len(read.outlets), found.statements, *_numbers(found), found.refusals)


def _numbers(
    found: Uptake,
) -> tuple[float | None, float | None, float | None, float | None, float | None, float | None]:
    effect, low, high, p, lifted, usual = (
        number if math.isfinite(number) else None
        for number in (found.effect, found.low, found.high, found.p, found.lifted, found.usual)
    )
    return effect, low, high, p, lifted, usual


def _with_change(now: Taken, then: Taken, against: Quarter) -> Taken:
    """Add the difference to the year before; the two years share no day, so their errors add up as squares."""
    if None in {now.effect, then.effect}:
        year = named(against)
        why = (
            say("the year to {quarter}: {reason}", quarter=year, reason=reason)
            for reason in then.refusals or now.refusals
        )
        change = Change(against, None, None, None, 0, tuple(why))
    else:
        assert now.effect is not None  # noqa: S101 asked above
        assert then.effect is not None  # noqa: S101 the same
        value = now.effect - then.effect
        down = math.hypot(_gap(now.effect, now.low), _gap(then.effect, then.high))
        up = math.hypot(_gap(now.effect, now.high), _gap(then.effect, then.low))
        change = Change(against, value, value - down, value + up, now.outlets, ())
    return replace(now, year=change)


def _gap(value: float, end: float | None) -> float:
    assert end is not None  # noqa: S101 an effect has an interval
    return value - end

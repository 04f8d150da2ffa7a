"""Awareness beside visibility: what people look up or answer, beside what is published, quarter by quarter.

A series stands beside the visibility of the same entity on the side of its audience: what
Koreans look up of ASEAN beside ASEAN in Korea's narrative, what Indonesia looks up of Korea
beside Korea in Indonesia's outlets. A quarter's figure is the mean over its days
(`corpus.series.over`). Waves of surveys are of years and stand by themselves.

No correlation and no lag is computed: quarters are few, both sides follow the same
summits, and the methods define none.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Final, Literal

from corpus.calendar import Quarter
from corpus.model import MEMBERS, Narrative
from corpus.series import Revision, SeriesFacts, StoredPoint, StoredSeries, over
from corpus.store import Gap, Store
from results import visibility
from results.estimate import Estimator
from results.measure import Measure

# Less than this part of a quarter's days can lie in its quiet or its loud weeks.
MOST_DAYS: Final = 0.9
MILLION: Final = 1_000_000
WHOLE: Final = "ASEAN"
TOGETHER: Final = "wikimedia:views:KR:together"
_SEVERAL: Final = 2
_KOREA: Final = ("KR", "KOREA")
_IN_KOREA: Final = ("ASEAN", "SEA", *MEMBERS)

Why = Literal["", "days", "days-before", "nought"]
"""Why there is no change: the quarter or the one before has figures for too few days, or the one before has only 0."""


@dataclass(frozen=True, slots=True)
class Level:
    """A series in one quarter.

    Attributes:
        quarter: when.
        value: the mean over its days, in the series' unit; None where fewer than `MOST_DAYS` of them have a figure.
        low: the same of the lower bounds, None where the source gives none.
        high: of the upper ones.
        days: how many of its days have a figure …
        of: … of how many.
        provisional: whether a figure of it came before its time was over, so that it may still change.
        part: of a page's views, how many of a million views of its whole edition, over days that both have; else None.
    """

    quarter: Quarter
    value: float | None
    low: float | None
    high: float | None
    days: int
    of: int
    provisional: bool
    part: float | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """How a series changed between two quarters.

    Attributes:
        before: the earlier quarter.
        ratio: after / before - 1; None where it can't be given.
        low: the least that the bounds of both figures allow, None where there are none.
        high: the most.
        why: why there is none.
    """

    before: Level
    ratio: float | None
    low: float | None
    high: float | None
    why: Why

    @property
    def within_bounds(self) -> bool:
        """Whether the bounds of the two figures alone can explain the change."""
        return self.low is not None and self.high is not None and self.low <= 0 <= self.high


@dataclass(frozen=True, slots=True)
class Line:
    """A series over the quarters.

    Attributes:
        facts: what it is.
        levels: ascending; the last is the report's quarter.
        previous: against the quarter before.
        year: against the same quarter of the year before.
        revised: figures of these quarters that its source changed after their time was over.
    """

    facts: SeriesFacts
    levels: tuple[Level, ...]
    previous: Shift
    year: Shift
    revised: int

    @property
    def now(self) -> Level:
        """The report's quarter."""
        return self.levels[-1]


@dataclass(frozen=True, slots=True)
class Pair:
    """What a country looks up of something, beside how visible that is there.

    Attributes:
        narrative: the side.
        entity: what is looked up and named; ``KR`` on ASEAN's side.
        audience: whose interest it is, ISO 3166 alpha-2; `WHOLE` for all of ASEAN's side together.
        visible: how visible it is, by quarter, as the lines' levels.
        lines: its series, by name.
    """

    narrative: Narrative
    entity: str
    audience: str
    visible: tuple[Measure, ...]
    lines: tuple[Line, ...]

    @property
    def id(self) -> str:
        """A name that is unique within the report and fit for an address."""
        return f"awareness-{self.narrative}-{self.audience}-{self.entity}"


@dataclass(frozen=True, slots=True)
class Waves:
    """One answer to one question of a survey, in one country.

    Attributes:
        facts: what it is.
        narrative: the side of its audience, or None.
        waves: ascending, up to the report's year; shares in percent.
        change: the last wave less the one before, in points: value, lower and upper end (Newcombe 1998, method 10,
            for independent samples; None without the numbers of answers). None with one wave.
    """

    facts: SeriesFacts
    narrative: Narrative | None
    waves: tuple[StoredPoint, ...]
    change: tuple[float, float | None, float | None] | None


@dataclass(frozen=True, slots=True)
class Awareness:
    """All of it.

    Attributes:
        quarter: the report's.
        stored: how many series there are.
        pairs: series beside visibility: Korea's side first.
        surveys: waves.
        left_out: series that stand beside nothing: without an audience of one country, or of nothing that is measured.
        gaps: what a source was asked for and did not answer, within the quarters shown.
    """

    quarter: Quarter
    stored: int = 0
    pairs: tuple[Pair, ...] = ()
    surveys: tuple[Waves, ...] = ()
    left_out: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()


def awareness(store: Store, estimator: Estimator, quarter: Quarter, quarters: Sequence[Quarter]) -> Awareness:
    """Set the stored series beside the visibility of what they are of.

    Args:
        store: open for reading.
        estimator: of the counts.
        quarter: the report's.
        quarters: ascending, the last of them the report's.
    """
    held = store.series()
    if not held:
        return Awareness(quarter)
    source = _Source(store, [*quarters, quarter.previous, quarter.year_before])
    beside: dict[tuple[Narrative, str, str], list[StoredSeries]] = {}
    surveys, left_out = [], []
    for one in held:
        place = _place(one)
        if one.facts.period == "year":
            surveys.append(one)
        elif place is not None:
            beside.setdefault(place, []).append(one)
        elif one.facts.about != "*":  # a denominator stands with what it divides
            left_out.append(one.facts.name)
    if whole := source.together(beside):
        beside["asean", "KR", WHOLE] = [whole]
    return Awareness(
        quarter=quarter,
        stored=len(held),
        pairs=tuple(
            Pair(
                *place, _visible(estimator, place, quarters), tuple(source.line(one, quarter, quarters) for one in own)
            )
            for place, own in sorted(beside.items(), key=lambda item: _order(item[0]))
        ),
        surveys=tuple(found for one in surveys if (found := _waves(one, source.points(one.facts.name), quarter)).waves),
        left_out=tuple(left_out),
        gaps=tuple(store.gaps(None, quarters[0].first.isoformat(), quarter.last.isoformat(), brings="series")),
    )


def _place(one: StoredSeries) -> tuple[Narrative, str, str] | None:
    """Give beside what a series stands: side, entity, audience; None where it stands beside nothing."""
    facts = one.facts
    if one.narrative == "korea" and facts.about in _IN_KOREA:
        return "korea", facts.about, facts.audience
    if one.narrative == "asean" and facts.about in _KOREA and facts.audience in MEMBERS:
        return "asean", "KR", facts.audience
    return None


def _order(place: tuple[Narrative, str, str]) -> tuple[bool, int, str]:
    narrative, entity, audience = place
    return narrative == "asean", _IN_KOREA.index(entity) if entity in _IN_KOREA else 0, audience.removeprefix(WHOLE)


def _visible(
    estimator: Estimator, place: tuple[Narrative, str, str], quarters: Sequence[Quarter]
) -> tuple[Measure, ...]:
    narrative, entity, audience = place
    if audience == WHOLE:
        return tuple(
            visibility.attention(estimator, narrative, visibility.KOREA, when, "documents") for when in quarters
        )
    if narrative == "asean":
        return tuple(visibility.korea_in(estimator, audience, when) for when in quarters)
    return tuple(visibility.attention(estimator, narrative, entity, when, "documents") for when in quarters)


class _Source:
    """The points of some quarters, read once."""

    def __init__(self, store: Store, quarters: Iterable[Quarter]) -> None:
        wanted = list(quarters)
        first, last = min(wanted).first.isoformat(), max(wanted).last.isoformat()
        self._points = {
            name: tuple(own) for name, own in groupby(store.points(None, "0000", last), key=lambda point: point.series)
        }
        self._revisions = [r for r in store.revisions() if first <= r.first_day <= last]

    def points(self, name: str) -> tuple[StoredPoint, ...]:
        """Give a series' points in the order of time."""
        return self._points.get(name, ())

    def line(self, one: StoredSeries, quarter: Quarter, quarters: Sequence[Quarter]) -> Line:
        """Give a series over quarters."""
        name = one.facts.name
        levels = {
            when: self._level(one.facts, when) for when in {*quarters, quarter, quarter.previous, quarter.year_before}
        }
        now = levels[quarter]
        return Line(
            one.facts,
            tuple(levels[when] for when in quarters),
            shift(levels[quarter.previous], now),
            shift(levels[quarter.year_before], now),
            _revised(self._revisions, name, [*quarters, quarter.previous, quarter.year_before]),
        )

    def together(self, beside: Mapping[tuple[Narrative, str, str], Sequence[StoredSeries]]) -> StoredSeries | None:
        """Add up the page views of Korea in all editions of ASEAN's side, on days that all of them have.

        Returns:
            the sum, whose points are given under its name; None of fewer than two editions of one kind of period.
        """
        own = [
            one
            for (narrative, _, _), several in beside.items()
            for one in several
            if narrative == "asean" and one.facts.name.startswith("wikimedia:") and one.facts.about == "KR"
        ]
        if len(own) < _SEVERAL or len({(one.facts.period, one.facts.unit) for one in own}) > 1:
            return None
        self._points[TOGETHER] = added([self.points(one.facts.name) for one in own])
        sources = ", ".join(sorted({one.facts.source for one in own}))
        languages = ", ".join(sorted({one.facts.language for one in own}))
        facts = replace(own[0].facts, name=TOGETHER, audience=WHOLE, language=languages, source=sources)
        return replace(own[0], facts=facts)

    def _level(self, facts: SeriesFacts, when: Quarter) -> Level:
        return level(self.points(facts.name), when, self.points(edition(facts)) if edition(facts) else ())


def added(several: Sequence[Sequence[StoredPoint]]) -> tuple[StoredPoint, ...]:
    """Add series up, on those of their days for which all have a figure; counts only, so there are no bounds."""
    by_day = [{(p.first_day, p.last_day): p for p in points if p.value is not None} for points in several]
    shared = sorted(set.intersection(*map(set, by_day))) if by_day else []
    return tuple(
        replace(
            by_day[0][day],
            series=TOGETHER,
            value=math.fsum(own[day].value or 0.0 for own in by_day),
            low=None,
            high=None,
            n=None,
            final=all(own[day].final for own in by_day),
        )
        for day in shared
    )


def edition(facts: SeriesFacts) -> str:
    """Name the series of all views of an article's edition; "" where a series is of no article."""
    kind, _, rest = facts.name.partition(":")
    return f"wikimedia:views:*:{rest.rpartition(':')[2]}" if kind == "wikimedia" else ""


def _revised(revisions: Iterable[Revision], name: str, quarters: Iterable[Quarter]) -> int:
    shown = [(when.first.isoformat(), when.last.isoformat()) for when in set(quarters)]
    return sum(r.series == name and any(first <= r.first_day <= last for first, last in shown) for r in revisions)


def level(points: Sequence[StoredPoint], when: Quarter, whole: Sequence[StoredPoint] = ()) -> Level:
    """Give a series' figure of a quarter.

    Args:
        points: of the series.
        when: the quarter.
        whole: the points of what it is a part of, where there is such a series.
    """
    first, last = when.first, when.last
    own = _within(points, first, last)
    mean = over(own, first, last)
    enough = mean.days >= MOST_DAYS * mean.of
    return Level(
        quarter=when,
        value=mean.value if enough else None,
        low=mean.low if enough else None,
        high=mean.high if enough else None,
        days=mean.days,
        of=mean.of,
        provisional=any(not p.final and p.value is not None for p in own),
        part=_part(own, _within(whole, first, last), first, last) if enough else None,
    )


def _within(points: Iterable[StoredPoint], first: date, last: date) -> list[StoredPoint]:
    begins, ends = first.isoformat(), last.isoformat()
    return [p for p in points if p.last_day >= begins and p.first_day <= ends]


def _part(own: Sequence[StoredPoint], whole: Sequence[StoredPoint], first: date, last: date) -> float | None:
    """Give how many of a million views of the edition are the page's, over days that both have."""
    of: Mapping[tuple[str, str], StoredPoint] = {(p.first_day, p.last_day): p for p in whole if p.value is not None}
    both = [p for p in own if p.value is not None and (p.first_day, p.last_day) in of]
    views = over(both, first, last)
    all_views = over([of[p.first_day, p.last_day] for p in both], first, last)
    if views.value is None or not all_views.value or views.days < MOST_DAYS * views.of:
        return None
    return MILLION * views.value / all_views.value


def shift(before: Level, now: Level) -> Shift:
    """Give the change of a series from one quarter to another, relative to the earlier."""
    if now.value is None:
        return Shift(before, None, None, None, "days")
    if before.value is None:
        return Shift(before, None, None, None, "days-before")
    if before.value == 0:
        return Shift(before, None, None, None, "nought")
    if None in {now.low, now.high, before.low, before.high}:
        return Shift(before, now.value / before.value - 1, None, None, "")
    assert now.low is not None  # noqa: S101 just asked
    assert now.high is not None  # noqa: S101 the same
    assert before.low is not None  # noqa: S101 the same
    assert before.high is not None  # noqa: S101 the same
    high = now.high / before.low - 1 if before.low > 0 else math.inf
    return Shift(before, now.value / before.value - 1, now.low / before.high - 1, high, "")


def _waves(one: StoredSeries, points: Iterable[StoredPoint], quarter: Quarter) -> Waves:
    waves = tuple(p for p in points if p.value is not None and int(p.first_day[:4]) <= quarter.year)
    return Waves(one.facts, one.narrative, waves, _newcombe(*waves[-2:]) if len(waves) > 1 else None)


def _newcombe(before: StoredPoint, now: StoredPoint) -> tuple[float, float | None, float | None]:
    """Give the difference of two shares with its interval (Newcombe 1998, "Interval estimation", method 10)."""
    assert before.value is not None  # noqa: S101 waves without a figure are left out
    assert now.value is not None  # noqa: S101 the same
    value = now.value - before.value
    if before.low is None or before.high is None or now.low is None or now.high is None:
        return value, None, None
    low = value - math.hypot(now.value - now.low, before.high - before.value)
    high = value + math.hypot(now.high - now.value, before.value - before.low)
    return value, low, high

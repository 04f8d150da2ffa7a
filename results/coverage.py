"""Which days of which outlets were not seen, and what follows for a quarter's figures.

A day is hidden where a source of the outlet has an open gap, or where none of its
sources was being visited yet or any more. On hidden days a share's numerator and
denominator are both too small, and nobody knows by how much: the share is one of the
days that were seen. So every figure says how many days its outlets miss, and there is
none where too many are.

An outlet with several sources (a feed and a sitemap, two sections) is taken as hidden
while one of them has a gap: what the others show of it need not be the same. Files that
were imported say nothing of the days they cover; where an outlet has some, only gaps count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from corpus.calendar import Quarter
from corpus.store import Gap, Store, Watched
from results.language import day as day_named
from results.language import listed, plural, say
from results.language import quarter as quarter_named

# More than this part of the panel's outlet-days hidden, and there is no figure.
MOST_HIDDEN: Final = 0.25
# So many outlets are named in a sentence; the others are counted.
NAMED: Final = 6

NOT_YET: Final = "not visited yet"
NO_MORE: Final = "not visited any more"

# Why a day is hidden, by the words of `collectors.outcome` (a test compares the two lists).
REASONS: Final[dict[str, str]] = {
    "gap_suspected": "its feed no longer reached back to the visit before",
    "truncated_at_cap": "it gave only so many items, and there were more",
    "stale": "nothing new came for a long time",
    "rejected_query": "it did not accept the question",
    "auth": "its key was missing, wrong or expired",
    "quota": "its allowance was used up",
    "rate_limited": "it asked to be left alone",
    "blocked": "a wall answered in its place",
    "disallowed": "its robots.txt forbids the address",
    "gone": "its address no longer exists",
    "unreachable": "it did not answer",
    "wrong_content": "something else came than was asked for",
    "malformed": "its answer could not be read",
    "interrupted": "the visit was stopped",
    NOT_YET: "narra had not begun to visit it",
    NO_MORE: "narra has not visited it since",
}


@dataclass(frozen=True, slots=True)
class Hidden:
    """Days of an outlet that were not (wholly) seen, for one reason.

    Attributes:
        outlet: as `Outlet.id`.
        first_day: local ISO day.
        last_day: the same; within.
        status: a key of `REASONS`.
        source: whose gap it is, "" where nobody asked.
    """

    outlet: str
    first_day: str
    last_day: str
    status: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is hidden of a quarter.

    Attributes:
        quarter: which.
        reasons: for each outlet with hidden days, the days, each with the keys of `REASONS` that hold for it.
    """

    quarter: Quarter
    reasons: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)

    @property
    def length(self) -> int:
        """Days of the quarter."""
        return (self.quarter.last - self.quarter.first).days + 1

    def days(self, outlet: str) -> int:
        """How many days of an outlet are hidden."""
        return len(self.reasons.get(outlet, ()))

    def notes(self, outlets: Sequence[str]) -> tuple[str, ...]:
        """Say which of these outlets have hidden days: at most one sentence, none where all were seen."""
        gappy = sorted((outlet for outlet in outlets if self.days(outlet)), key=lambda o: (-self.days(o), o))
        if not gappy:
            return ()
        named = listed(
            [
                say("{outlet} {days} of {all} days", outlet=outlet, days=self.days(outlet), all=self.length)
                for outlet in gappy[:NAMED]
            ]
        )
        if len(gappy) > NAMED:
            named = say("{outlets} and {n} more", outlets=named, n=len(gappy) - NAMED)
        return (
            say(
                "{some} of {all} outlets were not seen on some days of {quarter}: {outlets}",
                some=len(gappy),
                all=len(outlets),
                quarter=quarter_named(self.quarter),
                outlets=named,
            ),
        )

    def refusal(self, outlets: Sequence[str]) -> str:
        """Say that too much of these outlets' quarter is hidden for a figure, or ""."""
        whole = len(outlets) * self.length
        hidden = sum(map(self.days, outlets))
        if hidden <= MOST_HIDDEN * whole:
            return ""
        return say(
            "too much of {quarter} was not seen: {hidden:,} of {whole:,} days of {n} outlets, and a figure needs "
            "{least:.0%} of them",
            quarter=quarter_named(self.quarter),
            hidden=hidden,
            whole=whole,
            n=len(outlets),
            least=1 - MOST_HIDDEN,
        )


class Coverages:
    """What is hidden of any quarter; the store is asked once.

    Args:
        store: open for reading.
    """

    def __init__(self, store: Store) -> None:
        self._gaps = of_gaps(store.gaps())
        self._watched = store.watched()
        # A question to every document: not asked where nothing was visited, and so nothing follows from it.
        self._imported = store.imported_outlets() if self._watched else frozenset[str]()
        self._known: dict[Quarter, Coverage] = {}

    def __call__(self, quarter: Quarter) -> Coverage:
        """Give what is hidden of a quarter, or of a span that stands for one."""
        if quarter not in self._known:
            first, last = quarter.first.isoformat(), quarter.last.isoformat()
            spans = [*self._gaps, *unvisited(self._watched, self._imported, first, last)]
            self._known[quarter] = cover(spans, quarter)
        return self._known[quarter]


def of_gaps(gaps: Iterable[Gap]) -> list[Hidden]:
    """Give what gaps hide, outlet by outlet; of a source that only searches, nothing counts that could be missed."""
    return [
        Hidden(outlet, gap.first_day, gap.last_day, gap.status, gap.source)
        for gap in gaps
        if not gap.sampled
        for outlet in gap.outlets
    ]


def unvisited(watched: Iterable[Watched], imported: frozenset[str], first: str, last: str) -> list[Hidden]:
    """Give the days from ``first`` to ``last`` before an outlet's first visit and after its latest.

    Args:
        watched: from when to when each source was visited.
        imported: outlets of which files were imported; they are left out.
        first: ISO day.
        last: the same; within.
    """
    begun: dict[str, str] = {}
    ended: dict[str, str] = {}
    for one in watched:
        for outlet in one.outlets:
            begun[outlet] = min(one.first_day, begun.get(outlet, one.first_day))
            ended[outlet] = max(one.last_day, ended.get(outlet, one.last_day))
    found = []
    for outlet in sorted(set(begun) - imported):
        if begun[outlet] > first:
            found.append(Hidden(outlet, first, min(last, _on(begun[outlet], -1)), NOT_YET))
        if ended[outlet] < last:
            found.append(Hidden(outlet, max(first, _on(ended[outlet], 1)), last, NO_MORE))
    return found


def cover(spans: Iterable[Hidden], quarter: Quarter) -> Coverage:
    """Lay hidden spans on a quarter's days."""
    reasons: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    for span in spans:
        for day in _days(span, quarter):
            before = reasons[span.outlet].get(day, frozenset())
            reasons[span.outlet][day] = before | {span.status}
    return Coverage(quarter, dict(reasons))


def _days(span: Hidden, quarter: Quarter) -> list[str]:
    first = max(quarter.first, date.fromisoformat(span.first_day))
    last = min(quarter.last, date.fromisoformat(span.last_day))
    return [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]


def sentences(seen: Coverage, side: str, outlets: Sequence[str]) -> list[str]:
    """Say what was not seen of some outlets, a sentence for each reason, the most days first.

    Args:
        seen: of the quarter.
        side: whose outlets they are, as a sentence begins: ``Korea's narrative``.
        outlets: those that have documents in the quarter.
    """
    by_reason: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for outlet in outlets:
        for day, statuses in seen.reasons.get(outlet, {}).items():
            for status in statuses:
                by_reason[status].setdefault(outlet, []).append(day)
    ordered = sorted(by_reason.items(), key=lambda item: (-sum(map(len, item[1].values())), item[0]))
    return [_sentence(seen, side, status, days) for status, days in ordered]


def _sentence(seen: Coverage, side: str, status: str, days: Mapping[str, Sequence[str]]) -> str:
    outlets = sorted(days, key=lambda outlet: (-len(days[outlet]), outlet))
    named = listed(
        [
            say(
                "{outlet} ({days} of {all} days: {spans})",
                outlet=outlet,
                days=len(days[outlet]),
                all=seen.length,
                spans=spans(days[outlet]),
            )
            for outlet in outlets[:NAMED]
        ]
    )
    if len(outlets) > NAMED:
        named = say("{outlets}, and {n} more outlets", outlets=named, n=len(outlets) - NAMED)
    return plural(
        "{side}: {n} outlet was not seen on {days:,} days altogether, because {reason}: {outlets}.",
        "{side}: {n} outlets were not seen on {days:,} days altogether, because {reason}: {outlets}.",
        len(outlets),
        side=side,
        days=sum(map(len, days.values())),
        reason=say(REASONS.get(status, status)),
        outlets=named,
    )


def spans(days: Sequence[str]) -> str:
    """Write days as spans: ``2026-07-01 to 2026-07-09, 2026-08-02``; of many, the first three."""
    found: list[list[str]] = []
    for day in sorted(days):
        if found and _on(found[-1][-1], 1) == day:
            found[-1][1:] = [day]
        else:
            found.append([day])
    said = [_span(*map(day_named, span)) for span in found]
    first = listed(said[:3])
    return say("{spans} and {n} more times", spans=first, n=len(said) - 3) if len(said) > 3 else first  # noqa: PLR2004 as it says


def _span(first: str, last: str = "") -> str:
    return say("{first} to {last}", first=first, last=last) if last else first


def _on(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()

"""Gather series: each edition of Wikipedia, and Naver's search interest, visited like any source.

A visit ends in one word of `collectors.outcome`; what was refused leaves a gap, and no figure
stands for it. What came is saved series by series, so that after a kill the next visit asks
only for what is not there or not final yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from collectors.contract import Fetch
from collectors.kinds.naver import HUB_KEYS, LEGACY_KEYS
from collectors.outcome import COVERED, PARTLY_COVERED, SourceError, Status
from collectors.secret import Hider, Keys
from collectors.series import datalab, wikimedia
from collectors.series.facts import AUDIENCES, facts_of
from collectors.window import local_day
from corpus.errors import InputError
from corpus.series import Point
from corpus.store import SeriesOutcome, Store, VisitEnd, VisitPlan

DATALAB: Final = "datalab"
# An edition without a figure for so long has not been late: something is wrong.
LATE: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a visit has come.

    Attributes:
        source: its slug: ``wikimedia-ko``, ``datalab``.
        status: how it ended, or None: it is under way.
        detail: what exactly.
        series: how many series were saved so far.
        outcome: what became of their figures.
    """

    source: str
    status: Status | None = None
    detail: str = ""
    series: int = 0
    outcome: SeriesOutcome = field(default_factory=SeriesOutcome)


Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What one gathering is asked for.

    Attributes:
        store: where figures go; whoever calls holds `Store.writing`.
        run: its number.
        since: the first day that is wanted.
        now: the present moment (UTC).
        report: is called when a visit begins, after each series, and when it ends.
    """

    store: Store
    run: int
    since: date
    now: datetime
    report: Report


def slug_of(language: str) -> str:
    """Name the source that an edition of Wikipedia is."""
    return f"wikimedia-{language}"


async def gather_views(order: Order, fetch: Fetch, asked: wikimedia.Asked) -> list[Progress]:
    """Gather page views, an edition after another; one that fails keeps no other from being asked.

    Args:
        order: what is asked for.
        fetch: the client.
        asked: which articles and editions; its days are not looked at.
    """
    try:
        titles: Mapping[tuple[str, str], str] | SourceError = await wikimedia.find_titles(asked, fetch)
    except SourceError as error:
        titles = error
    return [await _Edition(order, fetch, asked, language, titles).go() for language in asked.editions]


async def gather_searches(order: Order, fetch: Fetch, keys: Mapping[str, str], asked: datalab.Asked) -> Progress:
    """Gather search interest, all of its time at once: figures of two answers can't be mixed.

    Args:
        order: what is asked for.
        fetch: the client.
        keys: by the names of `collectors.kinds.naver`.
        asked: which groups, and by what unit; its days are not looked at.
    """
    return await _Searches(order, fetch, keys, asked).go()


def naver_keys(keys: Keys) -> dict[str, str]:
    """Give the keys of Naver's services that there are."""
    return {name: value for name in (*HUB_KEYS, *LEGACY_KEYS) if (value := keys(name))}


class _Visit:
    """One visit to a source of series."""

    slug: str
    kind: str
    outlet: str
    country: str

    def __init__(self, order: Order, hider: Hider | None = None) -> None:
        self.order = order
        self.store = order.store
        self.hider = hider or Hider({})
        self.recalled = self.store.recall(self.slug)
        self.progress = Progress(self.slug)

    async def go(self) -> Progress:
        """Visit, and record how it ended, however it does."""
        first, last = self.window()
        if first > last:
            return self._told("not_modified", "All figures up to now are there.")
        number = self.store.start_visit(self._plan(first, last))
        end = self._ended("interrupted", "The run was stopped before its end.", (first, last))
        try:
            self._told(None, "")
            end = await self._outcome(first, last)
        finally:
            self.store.end_visit(number, end)
        return self._told(_status(end.status), end.detail)

    def window(self) -> tuple[str, str]:
        """Give the first and last day to be asked for."""
        raise NotImplementedError

    def points(self, last: str) -> AsyncIterator[list[Point]]:
        """Ask, and give the points of whole series."""
        raise NotImplementedError

    def after(self) -> tuple[Status, str]:
        """Say how a visit ended that was answered."""
        return ("ok", "") if self.progress.series else ("ok_empty_confirmed", "")

    async def _outcome(self, first: str, last: str) -> VisitEnd:
        try:
            self._check_may_go()
            async for points in self.points(last):
                self._save(points)
        except SourceError as error:
            end = self._ended(error.status, error.detail, (first, last))
            if error.retry_after is None:
                return end
            return replace(end, retry_at=_later(self.order.now, error.retry_after))
        status, detail = self.after()
        covered = status in COVERED
        end = self._ended(status, detail, None if covered else (first, last))
        return replace(end, answered=status in COVERED | PARTLY_COVERED)

    def _check_may_go(self) -> None:
        moment = self.recalled.retry_at
        wait = (datetime.fromisoformat(moment) - self.order.now).total_seconds() if moment else 0.0
        if wait > 0:
            raise SourceError("rate_limited", f"It asked not to be visited before {moment}.", wait)

    def _save(self, points: Sequence[Point]) -> None:
        facts = {point.series: facts_of(point, self.slug, self.scale) for point in points}
        outcome = self.store.save_series(facts, points, self.today)
        progress = self.progress
        self.progress = replace(progress, series=progress.series + len(facts), outcome=progress.outcome + outcome)
        self._told(None, "")

    @property
    def scale(self) -> str:
        return ""

    @property
    def today(self) -> str:
        return self.order.now.astimezone(UTC).date().isoformat()

    def _plan(self, first: str, last: str) -> VisitPlan:
        return VisitPlan(
            run=self.order.run,
            source=self.slug,
            collect=self.kind,
            outlet=self.outlet,
            country=self.country,
            since=f"{first}T00:00:00+00:00",
            until=self.order.now.isoformat(timespec="seconds"),
            first_day=first,
            last_day=last,
            brings="series",
        )

    def _ended(self, status: Status, detail: str, missing: tuple[str, str] | None) -> VisitEnd:
        return VisitEnd(status, self.hider.text(detail), missing=missing, looks_back=True)

    def _told(self, status: Status | None, detail: str) -> Progress:
        self.progress = replace(self.progress, status=status, detail=detail)
        self.order.report(self.progress)
        return self.progress


class _Edition(_Visit):
    """A visit to one edition of Wikipedia."""

    kind = "wikimedia"

    def __init__(
        self,
        order: Order,
        fetch: Fetch,
        asked: wikimedia.Asked,
        language: str,
        titles: Mapping[tuple[str, str], str] | SourceError,
    ) -> None:
        self.slug = slug_of(language)
        self.language, self.edition = language, asked.editions[language]
        self.outlet, self.country = f"{self.edition}.wikipedia", AUDIENCES.get(language, "")
        self.asked, self.fetch, self.titles = asked, fetch, titles
        self.published: str | None = None
        super().__init__(order)

    def window(self) -> tuple[str, str]:
        """From the first day that any series of it lacks, to yesterday: days are UTC's, and today is not over."""
        last = (self.order.now.astimezone(UTC).date() - timedelta(days=1)).isoformat()
        return min(self._needed(), default=last), last

    def _needed(self) -> dict[str, list[str]]:
        """Give the entities (and ``*``) by the first day that they lack, the latest kept apart from the earliest."""
        since = min(self.order.since.isoformat(), self.recalled.gap_from or "9999")
        found: dict[str, list[str]] = defaultdict(list)
        for entity in ("*", *self._entities()):
            found[self.store.needed_from(f"wikimedia:views:{entity}:{self.language}", since)].append(entity)
        return dict(found)

    def _entities(self) -> list[str]:
        if isinstance(self.titles, SourceError):  # what was gathered before is known to have an article
            held = {series.facts.name for series in self.store.series()}
            return [e for e in self.asked.items if f"wikimedia:views:{e}:{self.language}" in held]
        return [entity for entity in self.asked.items if (entity, self.edition) in self.titles]

    async def points(self, last: str) -> AsyncIterator[list[Point]]:
        """Ask for each article from the first day it lacks."""
        if isinstance(self.titles, SourceError):
            raise self.titles
        for first, entities in sorted(self._needed().items()):
            if first > last:
                continue
            part = replace(
                self.asked,
                first=date.fromisoformat(first),
                last=date.fromisoformat(last),
                items={entity: self.asked.items[entity] for entity in entities if entity != "*"},
                editions={self.language: self.edition},
            )
            async for points in wikimedia.series(part, self.fetch, self.titles):
                self.published = max([self.published or "", *(p.day for p in points if p.value is not None)]) or None
                yield points

    def after(self) -> tuple[Status, str]:
        """An edition that has published nothing for long is no edition nobody reads."""
        first = self.window()[0]
        late = (self.order.now - LATE).date().isoformat()
        if self.published is None and first < late:
            return "stale", f"It has published no figure of {first} or later."
        return "ok", ""


class _Searches(_Visit):
    """A visit to Naver DataLab."""

    slug = DATALAB
    kind = "datalab"
    outlet = datalab.SOURCE
    country = "KR"

    def __init__(self, order: Order, fetch: Fetch, keys: Mapping[str, str], asked: datalab.Asked) -> None:
        super().__init__(order, Hider(keys))
        self.fetch, self.keys, self.asked = fetch, keys, asked

    @property
    def scale(self) -> str:
        return f"{DATALAB} {self.order.now:%Y-%m-%d %H:%M}"

    @property
    def today(self) -> str:
        return local_day(self.order.now, self.country)

    def window(self) -> tuple[str, str]:
        """All that is stored or asked for, to yesterday; from a Monday on, or the first week is no whole one."""
        last = (date.fromisoformat(self.today) - timedelta(days=1)).isoformat()
        names = [f"datalab:{group.name}" for group in (self.asked.anchor, *self.asked.groups)]
        stored = [s.first_day for s in self.store.series() if s.facts.name in names]
        since = min(self.order.since, *map(date.fromisoformat, stored)) if stored else self.order.since
        if self.asked.unit == "week" and since > datalab.FIRST_DAY:
            since = max(datalab.FIRST_DAY, since - timedelta(days=since.weekday()))
        needed = [self.store.needed_from(name, since.isoformat()) for name in names]
        return (since.isoformat() if min(needed) <= last else "9999-12-31"), last

    async def points(self, last: str) -> AsyncIterator[list[Point]]:
        """Ask for all groups; they come on one scale."""
        asked = replace(self.asked, first=date.fromisoformat(self.window()[0]), last=date.fromisoformat(last))
        yield [point async for point in datalab.collect(asked, self.fetch, self.keys)]


def check_since(since: date, earliest: date, what: str) -> None:
    """Check the first day that is asked for.

    Raises:
        InputError: there is nothing so early.
    """
    if since < earliest:
        raise InputError(f"--since {since}: {what} begins on {earliest}.")


def _status(word: str) -> Status:
    return word  # type: ignore[return-value]  # a visit's end is made of a status


def _later(now: datetime, seconds: float) -> str:
    return (now + timedelta(seconds=seconds)).isoformat(timespec="seconds")

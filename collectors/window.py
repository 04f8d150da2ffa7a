"""Which time a visit is to see, and which of it was not seen: pure functions over days and moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

from collectors.kinds import SHOW_A_LIST, SHOW_THE_PRESENT
from collectors.outcome import COVERED, Status
from collectors.source import Source
from corpus.calendar import UTC_OFFSETS
from corpus.store import Recalled

# How far back the first visit to a source goes that can be asked for the past.
FIRST_LOOK: Final = timedelta(days=7)
FIRST_LOOK_NAVER: Final = timedelta(days=1)
# Archives learn of an article hours after it appeared; what is known already is not stored twice.
OVERLAP: Final = timedelta(days=1)
OVERLAP_NAVER: Final = timedelta(hours=1)
# Older gaps are closed by asking for them (--since), not by every visit trying again.
LONGEST_LOOK: Final = timedelta(days=90)
STALE_AFTER: Final = timedelta(days=30)
# After these, items are known to be missing; a stale source may have had none.
LOSING: Final[frozenset[Status]] = frozenset({"gap_suspected", "truncated_at_cap"})
_WEEK: Final = timedelta(days=7)
# So many documents a week make it unlikely that a whole day has none.
_DAILY: Final = 20


@dataclass(frozen=True, slots=True)
class Window:
    """The time a visit is to see.

    Attributes:
        since: what the kind is asked for (UTC), or None: whatever the source has.
        until: the end (UTC).
        first_day: the source's local days that count as seen when the visit is answered …
        last_day: … both of them within.
    """

    since: datetime | None
    until: datetime
    first_day: str
    last_day: str


def looks_back(source: Source) -> bool:
    """Tell whether a source shows all of any past time it is asked for."""
    return source.collect not in SHOW_THE_PRESENT | SHOW_A_LIST


def window_of(source: Source, recalled: Recalled, since: date | None, until: datetime) -> Window:
    """Give the window of a source's next visit.

    It begins where the last visit that was answered ended, or with the earliest gap
    that may still be closed, so that nothing between two visits is left out.

    Args:
        source: whose.
        recalled: what is known of it.
        since: a day to go back to at least, where the source can; or None.
        until: the end.
    """
    country = source.country
    last_day = local_day(until, country)
    answered = _moment(recalled.answered_until)
    if source.collect in SHOW_THE_PRESENT:
        first_day = min(last_day, local_day(answered, country)) if answered else last_day
        start = _naver_from(answered, until) if source.collect == "naver" else None
        return Window(start, until, first_day, last_day)
    first_day = min(last_day, _first_day(country, recalled, since, until))
    # Whole days, so that a gap, which is counted in days, is closed or stays open as a whole.
    return Window(midnight(date.fromisoformat(first_day), country) - OVERLAP, until, first_day, last_day)


def _first_day(country: str, recalled: Recalled, since: date | None, until: datetime) -> str:
    answered = _moment(recalled.answered_until)
    days = [local_day(answered, country)] if answered else []
    if recalled.gap_from:
        days.append(max(recalled.gap_from, local_day(until - LONGEST_LOOK, country)))
    if since:
        days.append(since.isoformat())
    return min(days, default=local_day(until - FIRST_LOOK, country))


def _naver_from(answered: datetime | None, until: datetime) -> datetime:
    return min(answered, until) - OVERLAP_NAVER if answered else until - FIRST_LOOK_NAVER


def falls_short(source: Source, recalled: Recalled, window: Window, days: frozenset[str]) -> bool:
    """Tell whether a list no longer reaches back to the last visit: a news sitemap holds two days.

    Only of sources that publish daily: of others, a day without a document is usual.
    """
    if source.collect not in SHOW_A_LIST or source.expect[0] < _DAILY or not recalled.answered_until:
        return False
    return bool(days) and min(days) > window.first_day


def missing_of(status: Status, window: Window, source: Source, days: frozenset[str]) -> tuple[str, str] | None:
    """Give the first and last local day that a visit left unseen, or None where it covered its window.

    Args:
        status: how it ended.
        window: what it was to see.
        source: whose.
        days: of the documents it brought.
    """
    if status in COVERED:
        return None
    if status in LOSING and not looks_back(source) and days:
        # Such a source shows its newest items without a hole; what is missing lies before the oldest of them.
        return window.first_day, min(max(window.first_day, min(days)), window.last_day)
    return window.first_day, window.last_day


def silent_since(source: Source, recalled: Recalled, window: Window, now: datetime) -> str | None:
    """Give the local day after a source's newest document where it has been silent for too long, else None.

    Only where the window ends now and the source is expected to bring something each week.
    """
    if source.expect[0] < 1 or now - window.until > timedelta(days=1):
        return None
    newest = recalled.newest or (local_day(first, source.country) if (first := _moment(recalled.first_visit)) else None)
    if newest is None or newest >= local_day(now - STALE_AFTER, source.country):
        return None
    return min(days_after(newest, 1), window.last_day)


def last_full_week(now: datetime, country: str) -> tuple[str, str]:
    """Give Monday and Sunday of the latest week that is over, as local days."""
    today = date.fromisoformat(local_day(now, country))
    monday = today - timedelta(days=today.weekday()) - _WEEK
    return monday.isoformat(), (monday + _WEEK - timedelta(days=1)).isoformat()


def local_day(moment: datetime, country: str) -> str:
    """Give the day a moment falls on in a country, as an ISO date."""
    return moment.astimezone(_zone(country)).date().isoformat()


def midnight(day: date, country: str) -> datetime:
    """Give the moment (UTC) a local day begins."""
    return datetime.combine(day, time(), _zone(country)).astimezone(UTC)


def days_after(day: str, days: int) -> str:
    """Give the ISO day so many days later."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def _zone(country: str) -> timezone:
    return timezone(UTC_OFFSETS[country])


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

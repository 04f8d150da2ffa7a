"""Dates as precise as they are known, quarters, and who was a member when.

A publication date keeps the precision it was given with. What is known only to
the year is in no quarter, and what is known only to the month is in no week:
narra never invents a day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final, Literal

from corpus.errors import InputError, RecordError

Precision = Literal["year", "month", "day", "minute"]

# Countries of our outlets; none of them has summer time. States with several
# zones (Indonesia) are dated by their capital's.
UTC_OFFSETS: Final[dict[str, timedelta]] = {
    "KR": timedelta(hours=9),
    "KP": timedelta(hours=9),
    "TL": timedelta(hours=9),
    "BN": timedelta(hours=8),
    "MY": timedelta(hours=8),
    "PH": timedelta(hours=8),
    "SG": timedelta(hours=8),
    "ID": timedelta(hours=7),
    "KH": timedelta(hours=7),
    "LA": timedelta(hours=7),
    "TH": timedelta(hours=7),
    "VN": timedelta(hours=7),
    "ASEAN": timedelta(hours=7),  # the Secretariat sits in Jakarta
    "MM": timedelta(hours=6, minutes=30),
}

# Accession dates, ASEAN Secretariat (https://asean.org/member-states/).
MEMBER_SINCE: Final[dict[str, date]] = {
    "ID": date(1967, 8, 8),
    "MY": date(1967, 8, 8),
    "PH": date(1967, 8, 8),
    "SG": date(1967, 8, 8),
    "TH": date(1967, 8, 8),
    "BN": date(1984, 1, 7),
    "VN": date(1995, 7, 28),
    "LA": date(1997, 7, 23),
    "MM": date(1997, 7, 23),
    "KH": date(1999, 4, 30),
    "TL": date(2025, 10, 26),
}

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
# Python's own reader takes any separator: "2025-09-07-10" would be ten o'clock.
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}", re.ASCII)
_QUARTER = re.compile(r"(\d{4})\s*-?\s*[Qq]([1-4])", re.ASCII)
_FIRST_YEAR: Final = 1900  # before any source of ours
_DAYS_IN_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Published:
    """When a text appeared, as precisely as its source says.

    Attributes:
        day: local date as an ISO prefix: ``2023``, ``2023-09`` or ``2023-09-21``.
        precision: how much of it is known.
        at: UTC time ``2023-09-21T03:10:00+00:00`` where the minute is known, else None.
        how: where the date comes from: ``stated`` by the record, or read from
            a ``url``, a ``feed`` or a ``page``. A fetch time is never one of these.
        original: the text it was read from.
    """

    day: str
    precision: Precision
    at: str | None
    how: str
    original: str


def parse_published(text: str, country: str, how: str = "stated") -> Published:
    """Read an ISO 8601 date of any precision.

    Args:
        text: ``2023``, ``2023-09``, ``2023-09-21`` or a time with or without zone.
            A time without a zone is local time of ``country``.
        country: ISO alpha-2 code, or ``ASEAN``; decides the local day.
        how: kept with the date, see `Published`.

    Raises:
        RecordError: the text is no such date.
    """
    stripped = text.strip()
    if compact := _COMPACT.fullmatch(stripped):
        stripped = "-".join(compact.groups())
    whole = _DATE.fullmatch(stripped)
    if whole:
        return _partial(stripped, whole, how, text)
    try:
        moment = datetime.fromisoformat(stripped if _TIME.match(stripped) else "")
    except ValueError:
        raise RecordError("unreadable date", f"{text!r} is not YYYY, YYYY-MM, YYYY-MM-DD or an ISO time") from None
    zone = timezone(UTC_OFFSETS.get(country, timedelta(0)))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    _check_year(moment.year, text)
    local = moment.astimezone(zone)
    utc = moment.astimezone(UTC).isoformat(timespec="seconds")
    return Published(local.date().isoformat(), "minute", utc, how, text)


def _partial(stripped: str, match: re.Match[str], how: str, text: str) -> Published:
    year, month, day = match.groups()
    _check_year(int(year), text)
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise RecordError("impossible date", repr(text)) from None
    precision: Precision = "day" if day else "month" if month else "year"
    return Published(stripped, precision, None, how, text)


def _check_year(year: int, text: str) -> None:
    # A Buddhist year (2568) is the usual reason for a year far ahead.
    if not _FIRST_YEAR <= year <= datetime.now(UTC).year + 1:
        raise RecordError("impossible date", f"year {year} in {text!r}")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A calendar quarter, written ``2026Q3``."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read ``2026Q3`` (also ``2026-Q3``, ``2026q3``).

        Raises:
            InputError: anything else.
        """
        match = _QUARTER.fullmatch(text.strip())
        if not match:
            message = f"{text!r} is not a quarter. Write the year, Q and a number from 1 to 4, for example 2026Q3."
            raise InputError(message)
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: str) -> Quarter | None:
        """Give the quarter of an ISO prefix, or None where only the year is known."""
        if len(day) < len("2023-09"):
            return None
        return cls(int(day[:4]), (int(day[5:7]) + 2) // 3)

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return self.next.first - timedelta(days=1)

    @property
    def previous(self) -> Quarter:
        """The quarter before."""
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    @property
    def next(self) -> Quarter:
        """The quarter after."""
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)  # noqa: PLR2004 a year has four

    @property
    def year_before(self) -> Quarter:
        """The same quarter a year earlier."""
        return Quarter(self.year - 1, self.number)

    @property
    def months(self) -> tuple[str, ...]:
        """The three months as ISO prefixes, ``2026-07`` and so on."""
        start = 3 * self.number - 2
        return (f"{self.year}-{start:02}", f"{self.year}-{start + 1:02}", f"{self.year}-{start + 2:02}")


def week_of(day: str) -> str:
    """Give the block a day belongs to for the bootstrap: its ISO week, ``2023-W38``.

    A date known only to the month is a block of its own, ``2023-09``.
    """
    if len(day) < len("2023-09-21"):
        return day
    year, week, _ = date.fromisoformat(day).isocalendar()
    return f"{year}-W{week:02}"


def is_member(country: str, day: str | None) -> bool:
    """Tell whether a state was in ASEAN on a day; undated means today.

    A date known only to the year or month counts from its last day, so that the
    year of accession counts as membership.
    """
    since = MEMBER_SINCE.get(country)
    if since is None:
        return False
    if not day:
        return True
    return day >= since.isoformat()[: len(day)]

"""Reads the dates that sources write, in the languages and calendars of our countries.

A date is taken only where every part of the text is understood; what is left over
makes it unreadable rather than guessed. A weekday is passed over: where it
contradicts the date, the date is right. The time of fetching is never a date.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Final, Literal

from babel import Locale

from corpus.calendar import UTC_OFFSETS, Published, parse_published
from corpus.errors import RecordError

Clock = Literal["stated", "local", "day"]
Order = Literal["dmy", "mdy"]

# Longer texts are no dates, and some patterns would be slow on them.
LONGEST: Final = 120

_LANGUAGES: Final = ("en", "ko", "id", "ms", "th", "vi", "fil", "my", "km", "lo", "pt")
_BUDDHIST: Final = 543
_BUDDHIST_YEARS: Final = range(2440, 2700)
_NOON: Final = 12
# The first second of computers' time: a date that was never filled in.
_UNSET: Final = "1970-01-01T00:00:00+00:00"
_MINUTES: Final = 60

_ZONES: Final[dict[str, float]] = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0,
    "kst": 9, "jst": 9, "wit": 9, "tlt": 9, "tltt": 9,
    "wita": 8, "myt": 8, "sgt": 8, "pht": 8, "phst": 8, "bnt": 8, "bdt": 8, "hkt": 8, "awst": 8,
    "wib": 7, "ict": 7, "mmt": 6.5, "ist": 5.5,
    "cet": 1, "cest": 2, "bst": 1, "aest": 10, "aedt": 11,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
# The same letters, elsewhere: in Manila PST is Philippine Standard Time.
_ZONES_BY_COUNTRY: Final[dict[tuple[str, str], float]] = {("PH", "pst"): 8, ("MM", "mst"): 6.5, ("MY", "mst"): 8}

# Words that stand around a date and say nothing of it.
_NOISE: Final = (
    "pukul", "jam", "hari", "at", "on", "of", "the",
    "ngày", "lúc", "วันที่", "ที่", "เวลา", "น.", "พ.ศ.", "ค.ศ.", "ថ្ងៃទី", "ថ្ងៃ", "ឆ្នាំ", "ວັນທີ",
)  # fmt: skip
_MORNING: Final = ("am", "a.m.", "오전", "sa", "sáng")
_EVENING: Final = ("pm", "p.m.", "오후", "ch", "chiều", "tối")
# What CLDR has not: what newspapers write.
_MORE_MONTHS: Final = {"sept": 9, "agt": 8, "agust": 8, "nop": 11, "pebruari": 2, "july": 7, "june": 6}

_NUMERIC_ZONE: Final = re.compile(r"(?:\b(?:gmt|utc)\s*)?(?<!\d)([+-])(\d{1,2}):?(\d{2})?(?!\d)")
_TIME: Final = re.compile(
    r"(?<![\d.])(\d{1,2})(?::|h|시\s?|\.(?=\d\d\s*(?:น|wi[bt]|$)))(\d{2})(?:분)?(?:[:.](\d{2}))?(?:[.,]\d+)?(?![\d.])"
)
_ISO: Final = re.compile(r"(?<!\d)(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d)t?")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:t?(\d{2})(\d{2})(\d{2})?)?\s*z?")
_YEAR_FIRST: Final = re.compile(
    r"(?<!\d)(?P<y>\d{4})\s?(?:[./]|년)\s?(?P<m>\d{1,2})\s?(?:[./]|월)\s?(?P<d>\d{1,2})(?!\d)\s?(?:[.]|일)?"
)
_VIETNAMESE: Final = re.compile(r"(?<!\d)(?P<d>\d{1,2})\s*tháng\s*(?P<m>\d{1,2})[\s,]*(?:năm)?\s*(?P<y>\d{4})(?!\d)")
_YEAR_LAST: Final[dict[Order, re.Pattern[str]]] = {
    "dmy": re.compile(r"(?<!\d)(?P<d>\d{1,2})\s?([-./])\s?(?P<m>\d{1,2})\s?\2\s?(?P<y>\d{4})(?!\d)"),
    "mdy": re.compile(r"(?<!\d)(?P<m>\d{1,2})\s?([-./])\s?(?P<d>\d{1,2})\s?\2\s?(?P<y>\d{4})(?!\d)"),
}


@dataclass(frozen=True, slots=True)
class _Parts:
    """A date as numbers, before anyone has checked that there is such a day."""

    year: int
    month: int
    day: int


def read_date(text: str, country: str, how: str, *, clock: Clock = "stated", order: Order = "dmy") -> Published | None:
    """Read a date in RFC 822, ISO 8601 or a form usual in our countries.

    Args:
        text: the date alone, as the source wrote it.
        country: ISO alpha-2 code, or ``ASEAN``: its local time counts where no zone is named.
        how: kept with the date, see `Published`.
        clock: ``local`` where the source writes local time and calls it GMT, ``day`` where
            its hours mean nothing (always noon, say) and only the day counts.
        order: whether 11/02/2026 begins with the day or the month.

    Returns:
        The date, or None where the text is no date that is understood to its end.
    """
    rest = _prepared(text)
    if not rest or len(rest) > LONGEST:
        return None
    written = _compact(rest) or _spelt_out(rest, country, clock, order)
    if written is None:
        return None
    if clock == "day":
        written = written[: len("2026-11-24")]
    try:
        published = replace(parse_published(written, country, how), original=text.strip())
    except (RecordError, OverflowError):  # no such day, hour or year
        return None
    return None if published.at == _UNSET else published


def _prepared(text: str) -> str:
    digits = (
        str(unicodedata.digit(c)) if c.isdecimal() else c for c in unicodedata.normalize("NFC", text[: 2 * LONGEST])
    )
    return re.sub(r"\s+", " ", "".join(digits)).strip().lower()


def _compact(text: str) -> str | None:
    match = _COMPACT.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second = match.groups()
    date = f"{_common_era(int(year)):04}-{month}-{day}"
    zone = "+00:00" if text.endswith("z") else ""
    return f"{date}T{hour}:{minute}:{second or '00'}{zone}" if hour else date


def _spelt_out(text: str, country: str, clock: Clock, order: Order) -> str | None:
    """Take zone, time and date out of the text; nothing may be left."""
    parts, rest = _take_date(text, order)
    if parts is None:
        return None
    time, rest = _take_time(rest)
    offset, rest = _take_zone(rest, country, named=time is not None)
    if _without_noise(rest):
        return None
    date = f"{parts.year:04}-{parts.month:02}-{parts.day:02}"
    if time is None:
        return date
    if offset is None or (clock == "local" and not offset):
        offset = UTC_OFFSETS.get(country, timedelta(0))
    return f"{date}T{time}{_written(offset)}"


def _written(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _take_date(text: str, order: Order) -> tuple[_Parts | None, str]:
    for pattern in (_ISO, _YEAR_FIRST, _VIETNAMESE, _YEAR_LAST[order]):
        if match := pattern.search(text):
            year, month, day = (int(match[name]) for name in "ymd")
            return _Parts(_common_era(year), month, day), _cut(text, match)
    return _take_named_month(text)


def _take_named_month(text: str) -> tuple[_Parts | None, str]:
    day_first, month_first = _named_month_patterns()
    if match := day_first.search(text):
        day, name, year = match.groups()
    elif match := month_first.search(text):
        name, day, year = match.groups()
    else:
        return None, text
    return _Parts(_year_beside(name, year), month_names()[name], int(day)), _cut(text, match)


def _year_beside(name: str, year: str) -> int:
    """Give the year as written beside a month's name; two figures beside a Thai or Lao name are Buddhist."""
    number = int(year)
    if len(year) > len("26"):
        return _common_era(number)
    return 2500 + number - _BUDDHIST if "\u0e00" <= name[0] <= "\u0eff" else 2000 + number


def _common_era(year: int) -> int:
    return year - _BUDDHIST if year in _BUDDHIST_YEARS else year


def _take_time(text: str) -> tuple[str | None, str]:
    match = _TIME.search(text)
    if not match:
        return None, text
    hour, minute, second = (int(group or 0) for group in match.groups())
    rest = _cut(text, match)
    half, rest = _take_half(rest)
    if half is not None and hour <= _NOON:
        hour = hour % _NOON + half
    return f"{hour:02}:{minute:02}:{min(second, _MINUTES - 1):02}", rest  # a leap second is the second before it


def _take_half(text: str) -> tuple[int | None, str]:
    """Take away "a.m." or "오후": the hours to add, None where nothing is said."""
    for words, hours in ((_MORNING, 0), (_EVENING, _NOON)):
        for word in words:
            if match := re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text):
                return hours, _cut(text, match)
    return None, text


def _take_zone(text: str, country: str, *, named: bool) -> tuple[timedelta | None, str]:
    if not named:  # a zone beside a bare day says nothing
        return None, _zone_name().sub(" ", text)
    if match := _NUMERIC_ZONE.search(text):
        sign, hours, minutes = match.groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return (-offset if sign == "-" else offset), _zone_name().sub(" ", _cut(text, match))
    if match := _zone_name().search(text):
        hours_off = _ZONES_BY_COUNTRY.get((country, match[0]), _ZONES[match[0]])
        return timedelta(hours=hours_off), _cut(text, match)
    return None, text


def _without_noise(text: str) -> str:
    return re.sub(r"[\s,|()·\-–—/:]|(?<!\w)\.(?!\w)", "", _noise().sub(" ", text))


def _cut(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"


@cache
def _zone_name() -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W\d])(?:{_any_of(_ZONES)})(?!\w)")


@cache
def _noise() -> re.Pattern[str]:
    # Thai joins the weekday to the word after it, so that there is no word boundary.
    return re.compile(rf"(?<![a-z])(?:{_any_of([*_weekdays(), *_NOISE])})(?![a-z])\.?")


@cache
def _named_month_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    name = rf"({_any_of(month_names())})\.?"
    day = r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?"
    year = r"(\d{4}|\d{2})(?![\d:])"
    between = r"(?:\s*(?:of|de|del|[-,./])\s*|\s*)"
    filler = r"(?:พ\.ศ\.|ค\.ศ\.)?\s*"
    return (
        re.compile(rf"{day}{between}{name}(?![a-z]){between}{filler}{year}"),
        re.compile(rf"(?<![^\W\d]){name}\s*{day}(?!\d),?\s+{year}"),
    )


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def month_names() -> dict[str, int]:
    """Give the names and abbreviations of the months in our languages, lower case.

    From CLDR; a name that means different months in different languages is none.
    """
    meanings: defaultdict[str, set[int]] = defaultdict(set)
    for language in _LANGUAGES:
        for number, name in _of_calendar(language, "months"):
            meanings[_bare(name)].add(int(number))
    # Narrow names (a letter or a number) would match anywhere.
    found = {name: min(numbers) for name, numbers in meanings.items() if len(numbers) == 1 and _is_word(name)}
    return found | _MORE_MONTHS


@cache
def _weekdays() -> frozenset[str]:
    days = (_bare(name) for language in _LANGUAGES for _, name in _of_calendar(language, "days"))
    # Vietnamese newspapers count weekdays in figures (thứ 5).
    numbered = (f"thứ {n}" for n in range(2, 8))
    return frozenset({day for day in days if _is_word(day)} | set(numbered) | set("월화수목금토일"))


def _of_calendar(language: str, part: Literal["months", "days"]) -> Iterator[tuple[int, str]]:
    locale = Locale(language)
    table = locale.months if part == "months" else locale.days
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            yield from table[context][width].items()


def _bare(name: str) -> str:
    return unicodedata.normalize("NFC", name).lower().removesuffix(".")


def _is_word(name: str) -> bool:
    return len(name) > 1 and not any(c.isdigit() for c in name)

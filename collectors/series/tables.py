"""Tables in CSV that people make or download: waves of a survey, and exports of Google Trends.

A survey has a line a figure, under the columns ``year, question_id, option, country,
share, n, page, url`` (``page`` and ``url`` say where it is printed; ``n`` may be empty).
Its bounds are Wilson's 95 % interval for ``n`` answers, widened by half of the last
printed digit. They say nothing of who was asked: experts, or users of Korean content,
are not the public.

An export of Google Trends begins with a line on its category, and its figures are
relative to the largest of that file. ``<1`` is something between 0 and 1.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from collectors.files.delimited import find_encoding
from collectors.files.fields import country_of, required, shown
from collectors.files.lines import printable
from corpus.errors import FileProblemError, RecordError
from corpus.model import Refusal
from corpus.series import Period, Point

COLUMNS: Final = ("year", "question_id", "option", "country", "share", "n", "page", "url")
LARGEST: Final = 20_000_000
PERCENT: Final = "percent"
RATIO: Final = "ratio (largest point is 100)"
_Z: Final = 1.96
_WHOLE: Final = 100.0
# How Google names the column of time: in English, Korean, and what it exports for years.
_TIMES: Final[dict[str, Period]] = {
    "day": "day",
    "week": "week",
    "month": "month",
    "일": "day",
    "주": "week",
    "월": "month",
}
_HEADER: Final = re.compile(r"(?P<term>.+?):\s*\((?P<place>[^()]*(?:\([^()]*\))?[^()]*)\)\s*")
_YEAR: Final = re.compile(r"(?:19|20)\d{2}", re.ASCII)
_MONTH: Final = re.compile(r"(?:19|20)\d{2}-(?:0[1-9]|1[0-2])", re.ASCII)
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds: its points, and the lines that could not be taken."""

    points: tuple[Point, ...]
    refusals: tuple[Refusal, ...]


def read_table(path: Path) -> Table:
    """Read a file of either form.

    Raises:
        FileProblemError: it can't be read, or is of neither form.
    """
    rows = list(_rows(path))
    header = [cell.strip().lower() for cell in rows[0][1]] if rows else []
    if set(COLUMNS) <= set(header):
        return _survey(path, header, rows[1:])
    for place, (_, row) in enumerate(rows[:5]):
        if len(row) > 1 and row[0].strip().lower() in _TIMES and _HEADER.fullmatch(row[1].strip()):
            return _trends(path, row, rows[place + 1 :])
    raise FileProblemError(
        f"{path} is neither a survey (columns {', '.join(COLUMNS)}) nor an export of Google Trends "
        "by day, week or month."
    )


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        if path.stat().st_size > LARGEST:
            raise FileProblemError(f"{path} is larger than {LARGEST:,} bytes; no table of this kind is.")
        content = path.read_bytes()
        text = content.decode(find_encoding(content))
    except OSError as error:
        raise FileProblemError(f"{path} cannot be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise FileProblemError(f"{path} is neither UTF-8 nor CP949. Save it as UTF-8.") from None
    reader = csv.reader(text.splitlines(), strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        raise FileProblemError(f"{path}, line {reader.line_num}: {error}.") from None


# -- surveys


def _survey(path: Path, header: list[str], rows: list[tuple[int, list[str]]]) -> Table:
    points: dict[tuple[str, str], Point] = {}
    refusals: list[Refusal] = []
    for line, row in rows:
        try:
            if len(row) != len(header):
                raise RecordError("wrong number of columns", f"{len(row)} cells below a header of {len(header)}")  # noqa: TRY301 one place refuses
            point = survey_point(dict(zip(header, (cell.strip() for cell in row), strict=True)))
            if (point.series, point.day) in points:
                raise RecordError("repeated figure", f"{point.series} has another for {point.day}")  # noqa: TRY301 the same
        except RecordError as error:
            refusals.append(Refusal(printable(path), line, error.reason, error.detail))
            continue
        points[point.series, point.day] = point
    return Table(tuple(points.values()), tuple(refusals))


def survey_point(row: Mapping[str, str]) -> Point:
    """Make a point of one line.

    Raises:
        RecordError: something is missing or can't be read.
    """
    year = required("year", row["year"])
    if not _YEAR.fullmatch(year):
        raise RecordError("unreadable date", f"year is {shown(year)}")
    share = required("share", row["share"]).removesuffix("%").strip()
    if not _NUMBER.fullmatch(share) or float(share) > _WHOLE:
        raise RecordError("unreadable number", f"share is {shown(share)}, but must be from 0 to 100")
    printed = required("page and url", " ".join(filter(None, [row["page"] and f"p. {row['page']}", row["url"]])))
    parts = ("survey", required("question_id", row["question_id"]), required("option", row["option"]))
    low, high = survey_bounds(share, _people(row["n"]))
    name = ":".join((*parts, country_of(required("country", row["country"]))))
    note = f"n = {row['n']}" if row["n"] else "the number of answers is not printed"
    return Point(name, year, float(share), low, high, PERCENT, printed, note, "year", _people(row["n"]))


def _people(text: str) -> int | None:
    if not text:
        return None
    digits = text.replace(",", "")
    if not digits.isascii() or not digits.isdigit() or int(digits) == 0:
        raise RecordError("unreadable number", f"n is {shown(text)}, but must be a whole number above 0")
    return int(digits)


def survey_bounds(share: str, people: int | None) -> tuple[float | None, float | None]:
    """Give the bounds of a printed share: (None, None) where the number of answers isn't known.

    Wilson's interval (Wilson 1927): (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n),
    with p as low and as high as the printed share may have been rounded from.
    """
    if people is None:
        return None, None
    step = 0.5 * 10 ** -len(share.partition(".")[2])
    low, _ = _wilson(max(0.0, float(share) - step) / _WHOLE, people)
    _, high = _wilson(min(_WHOLE, float(share) + step) / _WHOLE, people)
    return _WHOLE * low, _WHOLE * high


def _wilson(p: float, n: int) -> tuple[float, float]:
    middle = p + _Z**2 / (2 * n)
    half = _Z * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
    whole = 1 + _Z**2 / n
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


# -- Google Trends


def _trends(path: Path, header: list[str], rows: list[tuple[int, list[str]]]) -> Table:
    names = [_series_of(cell, path) for cell in header[1:]]
    period = _TIMES[header[0].strip().lower()]
    points: list[Point] = []
    refusals: list[Refusal] = []
    for line, row in rows:
        try:
            points += trends_points(row, names, period, printable(path.name))
        except RecordError as error:
            refusals.append(Refusal(printable(path), line, error.reason, error.detail))
    return Table(tuple(points), tuple(refusals))


def _series_of(cell: str, path: Path) -> str:
    match = _HEADER.fullmatch(cell.strip())
    if not match:
        raise FileProblemError(f"{path}: the column {shown(cell)} is not of the form `term: (place)`.")
    return f"trends:{match['term']}:{match['place']}"


def trends_points(row: list[str], names: list[str], period: Period, source: str) -> list[Point]:
    """Make the points of one line.

    Raises:
        RecordError: it has too few or too many cells, or one can't be read.
    """
    if len(row) != len(names) + 1:
        raise RecordError("wrong number of columns", f"{len(row)} cells below a header of {len(names) + 1}")
    day = _trends_day(row[0].strip(), period)
    note = "week that begins on this day" if period == "week" else ""
    return [
        replace(_trends_point(name, day, cell.strip(), note, source), period=period)
        for name, cell in zip(names, row[1:], strict=True)
    ]


def _trends_day(text: str, period: str) -> str:
    if period == "month" and _MONTH.fullmatch(text):
        return text
    try:
        day = date.fromisoformat(text).isoformat()
    except ValueError:
        raise RecordError("unreadable date", shown(text)) from None
    return day[: len("2026-01")] if period == "month" else day


def _trends_point(name: str, day: str, cell: str, note: str, source: str) -> Point:
    said = f"Google Trends, {source}"
    if cell.replace(" ", "") == "<1":
        below = "; ".join(filter(None, [note, "given as <1: the middle stands for it"]))
        return Point(name, day, 0.5, 0.0, 1.0, RATIO, said, below)
    if not _NUMBER.fullmatch(cell) or float(cell) > _WHOLE:
        raise RecordError("unreadable number", f"{shown(cell)} is not from 0 to 100, and not <1")
    # Whole numbers: what was rounded away is known.
    value = float(cell)
    return Point(name, day, value, max(0.0, value - 0.5), min(_WHOLE, value + 0.5), RATIO, said, note)

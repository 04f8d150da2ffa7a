"""The report's tables as CSV that a spreadsheet opens without harm."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from corpus.store import Evidence
from results.contrasts import WordContrast
from results.excerpts import clean, excerpt
from results.measure import Change, Measure
from results.moves import Lead, Taken
from results.pairs import Pairs
from results.reprints import Reprinted
from results.timeline import Asked, Levels, Timeline
from results.weekly import WeekPoint

Cell = str | int | float | None
# A cell that begins so is a formula to a spreadsheet (OWASP, "CSV Injection"), full-width forms included.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

FIGURES: Final = (
    "id", "name", "narrative", "target", "quarter", "unit", "scale", "value", "low", "high", "numerator", "n",
    "outlets", "effective_outlets", "flags", "definition", "previous_quarter", "change", "change_low", "change_high",
    "change_flags", "year_before", "year_change", "year_low", "year_high", "year_flags",
)  # fmt: skip
WEEKS: Final = ("narrative", "target", "week", "value", "low", "high", "numerator", "n")
EVIDENCE: Final = (
    "figures", "document", "outlet", "language", "kind", "day", "url", "title", "before", "name", "after", "entity",
    "form_class", "copies",
)  # fmt: skip
TIMELINES: Final = ("series", "narrative", "target", "way", "quarter", "index", "low", "high", "outlets", "flags")
LEVELS: Final = ("series", "narrative", "target", "week", "index")
CHANGES: Final = (
    "series", "narrative", "target", "first_week", "last_week", "week", "earliest", "latest", "before", "after", "size",
    "low", "high", "flags",
)  # fmt: skip
CHANCE: Final = (
    "quarter", "member", "value", "chance_low", "chance_high", "p", "q", "out_of_step", "flags",
)  # fmt: skip
LEADS: Final = (
    "narrative", "target", "leader", "follower", "first_day", "last_day", "leader_outlets", "follower_outlets", "days",
    "p", "q", "gain", "precedes", "flags",
)  # fmt: skip
UPTAKE: Final = (
    "first_day", "last_day", "outlets", "statements", "effect", "low", "high", "p", "lifted", "usual", "flags",
    "year_before", "year_change", "year_low", "year_high", "year_flags",
)  # fmt: skip
WORDS: Final = (
    "id", "narrative", "language", "first", "second", "first_quarter", "last_quarter", "first_texts", "second_texts",
    "compared", "word", "first_times", "second_times", "log_odds", "low", "high", "q", "documents", "outlets", "flags",
    "year_before", "year_change", "year_low", "year_high", "year_flags",
)  # fmt: skip
REPRINTS: Final = (
    "narrative", "target", "document", "outlet", "day", "language", "title", "url", "documents", "outlets",
)  # fmt: skip


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write rows as CSV in UTF-8 with a byte order mark, by which Excel knows it. Numbers stay numbers."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([[harmless(cell) for cell in row] for row in rows])
    return text.getvalue().encode("utf-8-sig", "replace")


def harmless(cell: Cell) -> Cell:
    """Keep a text from being read as a formula by a spreadsheet."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def figure_row(measure: Measure) -> list[Cell]:
    """Give a measure as a row of `FIGURES`."""
    return [
        measure.id, measure.name, measure.narrative, measure.target, str(measure.quarter), measure.unit, measure.scale,
        measure.value, measure.low, measure.high, measure.numerator, measure.n, measure.outlets,
        round(measure.effective_outlets, 3), "; ".join(measure.flags), measure.definition,
        *_change(measure.previous), *_change(measure.year),
    ]  # fmt: skip


def _change(change: Change | None) -> list[Cell]:
    if change is None:
        return [None] * 5
    return [str(change.against), change.value, change.low, change.high, "; ".join(change.flags)]


def week_row(point: WeekPoint) -> list[Cell]:
    """Give a week as a row of `WEEKS`."""
    return [point.narrative, point.target, point.week, point.value, point.low, point.high, point.numerator, point.n]


def evidence_row(figures: str, found: Evidence) -> list[Cell]:
    """Give a document behind a figure as a row of `EVIDENCE`."""
    words = excerpt(found)
    return [
        figures, found.document, found.outlet, found.language, found.kind, found.day, found.url, clean(found.title),
        words.before, words.name, words.after, found.entity, found.form_class, found.copies,
    ]  # fmt: skip


def timeline_rows(lines: Iterable[Timeline]) -> Iterator[list[Cell]]:
    """Give indices as rows of `TIMELINES`; a refused one is a row with its reason."""
    for line in lines:
        for way in (line.corrected, line.balanced):
            of = [*_series(line.asked), way.way]
            for point in way.points:
                ends = [point.value, point.low, point.high, point.outlets]
                yield [*of, str(point.quarter), *ends, "; ".join((*point.flags, *way.notes))]
            if way.refusals:
                yield [*of, None, None, None, None, way.outlets, "; ".join(way.refusals)]


def level_rows(found: Iterable[Levels]) -> Iterator[list[Cell]]:
    """Give weekly indices as rows of `LEVELS`."""
    for one in found:
        for week, value in zip(one.weeks, one.values, strict=False):  # refused, there may be weeks without an index
            yield [*_series(one.asked), week, value]


def change_rows(found: Iterable[Levels]) -> Iterator[list[Cell]]:
    """Give change points as rows of `CHANGES`; a series without any, or refused, is a row without a point."""
    for one in found:
        of: list[Cell] = [
            *_series(one.asked),
            one.weeks[0] if one.weeks else None,
            one.weeks[-1] if one.weeks else None,
        ]
        for p, flags in zip(one.points, one.flags, strict=True):
            point: list[Cell] = [p.week, p.earliest, p.latest, p.before, p.after, p.size, p.low, p.high]
            yield [*of, *point, "; ".join((*flags, *one.notes))]
        if not one.points:
            yield [*of, *[None] * 8, "; ".join(one.refusals or ("no change of level detectable", *one.notes))]


def chance_rows(found: Pairs | None) -> Iterator[list[Cell]]:
    """Give members against chance as rows of `CHANCE`; those left out with their reason."""
    if found is None:
        return
    for s in found.steps:
        yield [str(found.quarter), s.member, s.value, s.low, s.high, s.p, s.q, "yes" if s.out else "no", ""]
    for code, reason in found.left_out:
        yield [str(found.quarter), code, *[None] * 5, None, reason]


def lead_rows(found: Iterable[Lead]) -> Iterator[list[Cell]]:
    """Give who moves first as rows of `LEADS`."""
    for one in found:
        span = [str(day) if day else None for day in (one.first, one.last)]
        verdict = None if one.refusals else "yes" if one.precedes else "no"
        numbers = [*one.outlets, one.days, one.p, one.q, one.gain, verdict]
        yield [one.narrative, one.target, one.leader, one.follower, *span, *numbers, "; ".join(one.refusals)]


def uptake_rows(found: Taken | None) -> Iterator[list[Cell]]:
    """Give the uptake of statements as a row of `UPTAKE`."""
    if found is not None:
        span = [str(day) if day else None for day in (found.first, found.last)]
        numbers = [found.effect, found.low, found.high, found.p, found.lifted, found.usual]
        of = [*span, found.outlets, found.statements, *numbers, "; ".join(found.refusals)]
        yield [*of, *_change(found.year)]


def word_rows(found: Iterable[WordContrast]) -> Iterator[list[Cell]]:
    """Give words as rows of `WORDS`; a contrast without any, or refused, is a row without a word."""
    for one in found:
        quarters = [str(quarter) for quarter in one.quarters]
        of: list[Cell] = [one.narrative, one.language, one.first, one.second, *quarters, *one.texts, one.compared]
        for number, w in enumerate(one.words):
            numbers: list[Cell] = [w.word, w.first, w.second, w.log_odds, w.low, w.high, w.q, w.documents, w.outlets]
            yield [f"{one.id}-{number}", *of, *numbers, "; ".join(w.flags), *_change(w.year)]
        if not one.words:
            yield [one.id, *of, *[None] * 9, "; ".join(one.refusals or ("no word differs detectably",)), *[None] * 5]


def reprint_rows(found: Iterable[Reprinted]) -> Iterator[list[Cell]]:
    """Give the stories reprinted most as rows of `REPRINTS`."""
    for one in found:
        for s in one.stories:
            of = [one.narrative, one.target, s.document, s.outlet, s.day, s.language]
            yield [*of, clean(s.title), s.url, s.documents, s.outlets]


def _series(asked: Asked) -> list[Cell]:
    return [asked.name, asked.narrative, asked.target]

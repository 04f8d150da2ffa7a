"""The report's tables as CSV that a spreadsheet opens without harm."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from corpus.store import Evidence
from results.excerpts import clean, excerpt
from results.measure import Change, Measure
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


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write rows as CSV in UTF-8 with a byte order mark, by which Excel knows it. Numbers stay numbers."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([[_harmless(cell) for cell in row] for row in rows])
    return text.getvalue().encode("utf-8-sig", "replace")


def _harmless(cell: Cell) -> Cell:
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

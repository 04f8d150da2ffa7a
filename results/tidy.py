"""Figures as a tidy table: one figure a row, one thing a column, for scripts and spreadsheets.

The columns stand in docs/fields.md; `COLUMNS` is where they are made. CSV is as in
`results.tables` (UTF-8 with a byte order mark, nothing that a spreadsheet would
compute); Parquet has a type for each column and its description in the schema.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal

from results.measure import Change, Measure
from results.tables import as_csv

if TYPE_CHECKING:
    import pyarrow as pa

Type = Literal["string", "float64", "int64", "bool", "date32", "list<string>"]
Value = str | float | int | bool | date | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Row:
    """A figure, and the part of the documents it is of.

    Attributes:
        measure: the figure.
        by: how the documents were divided: ``outlet``, ``language``, ``kind``; "" where they were not.
        part: which part: an outlet, a language, a kind; "" for all.
    """

    measure: Measure
    by: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, type and meaning, and how a figure fills it."""

    name: str
    type: Type
    about: str
    of: Callable[[Row], Value]


def _of_change(which: Literal["previous", "year"], what: Callable[[Change], Value]) -> Callable[[Row], Value]:
    def of(row: Row) -> Value:
        change: Change | None = getattr(row.measure, which)
        return None if change is None else what(change)

    return of


def _changes(which: Literal["previous", "year"], against: str) -> tuple[Column, ...]:
    return (
        Column(f"{which}_quarter", "string", f"the {against}", _of_change(which, lambda c: str(c.against))),
        Column(
            f"{which}_change",
            "float64",
            f"value less that of the {against}, over the outlets in both; on the measure's scale",
            _of_change(which, lambda c: c.value),
        ),
        Column(f"{which}_low", "float64", "lower end of the change's own interval", _of_change(which, lambda c: c.low)),
        Column(f"{which}_high", "float64", "upper end", _of_change(which, lambda c: c.high)),
        Column(
            f"{which}_detectable",
            "bool",
            "whether that interval leaves zero out; empty where there is no change to speak of",
            _of_change(which, lambda c: None if c.value is None else c.detectable),
        ),
        Column(f"{which}_outlets", "int64", "outlets in both", _of_change(which, lambda c: c.outlets)),
        Column(
            f"{which}_flags",
            "list<string>",
            "why there is no change, or what to know of it",
            _of_change(which, lambda c: c.flags),
        ),
    )


COLUMNS: Final[tuple[Column, ...]] = (
    Column("id", "string", "name of the figure, unique within a quarter and part", lambda r: r.measure.id),
    Column("measure", "string", "which measure, as narra measure lists them", lambda r: r.measure.name),
    Column("narrative", "string", "whose talk: korea, asean, or both", lambda r: r.measure.narrative),
    Column("target", "string", "what is named, as in corpus/targets.py", lambda r: r.measure.target),
    Column("by", "string", "how documents were divided: outlet, language, kind; empty: they were not", lambda r: r.by),
    Column("part", "string", "which outlet, language or kind; empty: all", lambda r: r.part),
    Column("quarter", "string", "2026Q3; of other spans 2026, 1991-2024, 2020Q2-2021Q1", lambda r: str(_when(r))),
    Column("first_day", "date32", "its first day", lambda r: _when(r).first),
    Column("last_day", "date32", "its last day", lambda r: _when(r).last),
    Column("unit", "string", "documents, stories, headlines or sentences", lambda r: r.measure.unit),
    Column(
        "scale", "string", "share (0 to 1), log2 (0 is even), or as docs/methods.md says", lambda r: r.measure.scale
    ),
    Column("value", "float64", "the figure; empty where it can't be given honestly", lambda r: r.measure.value),
    Column("low", "float64", "lower end of its interval", lambda r: r.measure.low),
    Column("high", "float64", "upper end", lambda r: r.measure.high),
    Column("numerator", "int64", "what names the target, in the unit, over the panel", lambda r: r.measure.numerator),
    Column("n", "int64", "of how many (the denominator), likewise", lambda r: r.measure.n),
    Column("outlets", "int64", "outlets of the panel; of two sides the fewer", lambda r: r.measure.outlets),
    Column(
        "effective_outlets",
        "float64",
        "like how many equal ones they weigh",
        lambda r: round(r.measure.effective_outlets, 3),
    ),
    Column("flags", "list<string>", "why there is no value, or what to know of it", lambda r: r.measure.flags),
    Column("definition", "string", "the formula in words", lambda r: r.measure.definition),
    *_changes("previous", "quarter (or span) before"),
    *_changes("year", "same quarter of the year before"),
)


def _when(row: Row) -> Any:  # noqa: ANN401 a Quarter or what stands for one
    return row.measure.quarter


def to_csv(rows: Iterable[Row]) -> bytes:
    """Write figures as CSV: lists joined by ``; ``, dates in ISO form, true and false as words, nothing for nothing."""
    return as_csv([column.name for column in COLUMNS], ([_cell(c.of(row)) for c in COLUMNS] for row in rows))


def _cell(value: Value) -> str | int | float | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "; ".join(value)
    return value.isoformat() if isinstance(value, date) else value


def to_parquet(rows: Iterable[Row]) -> bytes:
    """Write figures as Parquet. The same figures give the same bytes."""
    import pyarrow as pa  # noqa: PLC0415 takes a while to import, and nothing else needs it
    import pyarrow.parquet as pq  # noqa: PLC0415 the same

    listed = list(rows)
    schema = _schema()
    table = pa.table({c.name: pa.array([c.of(row) for row in listed], type=schema.field(c.name).type) for c in COLUMNS})
    written = io.BytesIO()
    pq.write_table(table.cast(schema), written, compression="zstd")
    return written.getvalue()


def _schema() -> pa.Schema:
    import pyarrow as pa  # noqa: PLC0415 as above

    types = {
        "string": pa.string(),
        "float64": pa.float64(),
        "int64": pa.int64(),
        "bool": pa.bool_(),
        "date32": pa.date32(),
        "list<string>": pa.list_(pa.string()),
    }
    fields = [pa.field(c.name, types[c.type], metadata={"description": c.about}) for c in COLUMNS]
    return pa.schema(fields, metadata={"narra": "figures, one a row; see docs/fields.md"})

"""All tables of a report in one Excel workbook: numbers as numbers, text as text whatever it begins with."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from corpus.errors import InputError
from results import tables
from results.basis import Basis
from results.evidence import Behind
from results.language import listed, say
from results.outputs.packed import legal, still
from results.quarterly import QuarterResults
from results.tables import Cell

_LONGEST: Final = 32_767  # characters in a cell of Excel
_MOST_ROWS: Final = 1_048_576  # of a sheet
_LONGEST_NAME: Final = 31  # of a sheet
_NOT_IN_NAMES: Final = frozenset("[]:*?/\\")
_WIDTHS: Final = (8, 60)
_SAMPLED: Final = 200  # rows that a column's width is taken from
_SHARE: Final = "0.00%"
_NUMBER: Final = "#,##0"
_DECIMAL: Final = "0.000"
_HEAD: Final = PatternFill("solid", start_color="FFE8EDF2")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table.

    Attributes:
        name: of the sheet, at most 31 characters.
        about: what a row is, in a sentence; stands in the sheet that is read first.
        columns: their names.
        rows: as many cells each.
        formats: Excel's number format of a column, by its name; else whole numbers and decimals as they come.
        by_row: gives the format of a row's ``value`` columns where rows differ: column that says so, and what
            stands in it for shares.
    """

    name: str
    about: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    formats: dict[str, str] = field(default_factory=dict)
    shares: frozenset[str] = frozenset()
    scale: str = ""


def workbook(title: str, notes: Sequence[str], sheets: Sequence[Sheet]) -> bytes:
    """Write sheets as an Excel workbook; the same sheets give the same bytes.

    Args:
        title: heads the sheet that is read first.
        notes: sentences on it.
        sheets: in order.

    Raises:
        InputError: a sheet's name is not allowed, or it has more rows than Excel takes.
    """
    for sheet in sheets:
        _check(sheet)
    book = Workbook(write_only=True)
    _read_first(book.create_sheet(say("read me first")), title, notes, sheets)
    for sheet in sheets:
        _write(book.create_sheet(sheet.name), sheet)
    out = io.BytesIO()
    book.save(out)
    return still(out.getvalue())


def report_sheets(results: QuarterResults, basis: Basis, behind: Iterable[Behind]) -> tuple[Sheet, ...]:
    """Give a report's tables: figures, series, weeks, evidence, outlets and gaps."""
    evidence = [
        tables.evidence_row(" ".join(sorted(m.id for m in block.figures)), found)
        for block in behind
        for found in block.found
    ]
    shares = frozenset(
        {"value", "low", "high", "change", "change_low", "change_high", "year_change", "year_low", "year_high"}
    )
    outlets = [
        (
            o.narrative,
            o.outlet,
            listed(o.languages),
            o.documents,
            o.before,
            say("yes") if o.in_panel else say("no"),
        )
        for o in basis.outlets
    ]
    left_out = [
        *((what, n) for what, n in basis.left_out),
        *((say("refused on import: {why}", why=why), n) for why, n in basis.refused),
    ]
    return (
        Sheet(say("figures"), say("A row is a figure of the quarter, of the quarter before or of the year before."),
              tables.FIGURES, [*map(tables.figure_row, results.measures)], shares=shares, scale="scale"),
        Sheet(say("series"), say("A row is a headline figure of one quarter."),
              tables.FIGURES, [*map(tables.figure_row, results.series)], shares=shares, scale="scale"),
        Sheet(say("weeks"), say("A row is the attention share of one week."),
              tables.WEEKS, [*map(tables.week_row, results.weeks)],
              formats=dict.fromkeys(("value", "low", "high"), _SHARE)),
        Sheet(say("evidence"), say("A row is a document behind one or more figures, with the words around the name."),
              tables.EVIDENCE, evidence),
        Sheet(say("outlets"), say("A row is an outlet of the quarter. In the panel: it counts in the figures."),
              ("narrative", "outlet", "languages", "documents", "documents_quarter_before", "in_panel"), outlets),
        Sheet(say("gaps"), say("A row is something that is missing."), ("what",), [(gap,) for gap in basis.gaps]),
        Sheet(say("left out"), say("A row is a number of documents or records that count in no figure."),
              ("what", "number"), left_out),
    )  # fmt: skip


def _check(sheet: Sheet) -> None:
    if not 0 < len(sheet.name) <= _LONGEST_NAME or _NOT_IN_NAMES & set(sheet.name):
        raise InputError(
            f"{sheet.name!r} cannot name a sheet of Excel: 1 to {_LONGEST_NAME} characters, none of []:*?/\\."
        )
    if len(sheet.rows) >= _MOST_ROWS:
        raise InputError(
            f"The table {sheet.name} has {len(sheet.rows):,} rows; Excel takes {_MOST_ROWS - 1:,}. Use the CSV."
        )


def _read_first(page: WriteOnlyWorksheet, title: str, notes: Sequence[str], sheets: Sequence[Sheet]) -> None:
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 24, 100
    page.append([_text(page, title, Font(bold=True, size=16))])
    page.append([])
    for note in notes:
        page.append([None, _text(page, note)])
    page.append([])
    page.append([_text(page, say("sheet"), Font(bold=True)), _text(page, say("what it holds"), Font(bold=True))])
    for sheet in sheets:
        name = _text(page, sheet.name, Font(underline="single", color="FF0B5394"))
        name.hyperlink = f"#'{sheet.name}'!A1"
        held = say("{about} {n:,} rows.", about=sheet.about, n=len(sheet.rows))
        page.append([name, _text(page, held)])


def _write(page: WriteOnlyWorksheet, sheet: Sheet) -> None:
    page.freeze_panes = "A2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{len(sheet.rows) + 1}"
    for at, width in enumerate(_column_widths(sheet), 1):
        page.column_dimensions[get_column_letter(at)].width = width
    head = [_text(page, name, Font(bold=True)) for name in sheet.columns]
    for cell in head:
        cell.fill = _HEAD
    page.append(head)
    for row in sheet.rows:
        page.append([_cell(page, sheet, name, row, value) for name, value in zip(sheet.columns, row, strict=True)])


def _column_widths(sheet: Sheet) -> list[int]:
    least, most = _WIDTHS
    rows = [sheet.columns, *sheet.rows[:_SAMPLED]]
    return [
        min(most, max(least, *(len(str(row[at])) + 2 for row in rows if row[at] is not None)))
        for at in range(len(sheet.columns))
    ]


def _cell(
    page: WriteOnlyWorksheet, sheet: Sheet, column: str, row: Sequence[Cell], value: Cell
) -> WriteOnlyCell | None:
    if value is None:
        return None
    if isinstance(value, str):
        return _text(page, value)
    cell = WriteOnlyCell(page, value=value)
    cell.number_format = _format(sheet, column, row, value)
    return cell


def _format(sheet: Sheet, column: str, row: Sequence[Cell], value: float) -> str:
    if column in sheet.formats:
        return sheet.formats[column]
    if column in sheet.shares:
        is_share = not sheet.scale or row[list(sheet.columns).index(sheet.scale)] == "share"
        return _SHARE if is_share else _DECIMAL
    return _NUMBER if isinstance(value, int) else _DECIMAL


def _text(page: WriteOnlyWorksheet, text: str, font: Font | None = None) -> WriteOnlyCell:
    """Make a cell of text: ``=1+1`` stays four characters, since the cell says it is text and no formula."""
    cell = WriteOnlyCell(page, value="")
    shown = legal(text)[:_LONGEST]
    cell.value = shown
    cell.data_type = "s"
    cell.quotePrefix = shown.startswith(("=", "+", "-", "@"))
    cell.alignment = Alignment(vertical="top", wrap_text=len(shown) > _WIDTHS[1])
    if font is not None:
        cell.font = font
    return cell

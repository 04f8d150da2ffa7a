"""Exports of BigKinds, the archive of the Korea Press Foundation, as Excel or CSV.

Its 19 columns are known by their names, spaces ignored. Needed are 제목 (title),
언론사 (outlet) and 일자 (day); used besides are 뉴스 식별자 (the archive's id), 본문 (an
excerpt of about 200 characters), 키워드, URL and 분석제외 여부 (why the archive sets
the record aside: kept with the document, which is still taken).

A row without a usable id and URL is known by its outlet, day and title: its key
is ``id:bigkinds-row:`` and a hash of the three. Two stories under one headline on
one day in one paper are then one document.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from collectors.files.delimited import Layout, find_layout, read_rows
from collectors.files.fields import published_of, required, shown, text_of
from collectors.files.form import Parse, Row
from collectors.files.lines import Cursor, Sample, printable
from collectors.files.workbook import NOT_ZIP, find_sheet, is_workbook, read_sheet
from corpus.calendar import Published
from corpus.errors import FileProblemError, RecordError
from corpus.identity import document_keys
from corpus.model import Document, Outlet

_ID: Final = "뉴스식별자"
_DAY: Final = "일자"
_OUTLET: Final = "언론사"
_TITLE: Final = "제목"
_BODY: Final = "본문"
_KEYWORDS: Final = "키워드"
_URL: Final = "url"
_EXCLUDED: Final = "분석제외여부"

REQUIRED: Final = (_TITLE, _OUTLET, _DAY)
# Names that no other form has; URL alone proves nothing.
KNOWN: Final = frozenset({_ID, _DAY, _OUTLET, _TITLE, _BODY, _KEYWORDS, _EXCLUDED})

# An id is 01100101.20230531211928001. Taken for a number it loses its leading zero
# and its last digits, or is written 1.10010120230531E+06.
_DAMAGED_ID: Final = re.compile(r"\d+(?:\.\d*)?[eE][+-]?\d+|\d{1,7}\.\d*|\d{8}\.\d{0,16}", re.ASCII)
_DAY_FORM: Final = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})", re.ASCII)


def recognise_workbook(sample: Sample) -> Parse | None:
    """Give the parser for an Excel workbook.

    Raises:
        FileProblemError: it is old, encrypted or damaged, or none of its sheets has our header.
    """
    if sample.head.startswith(NOT_ZIP):
        raise FileProblemError(
            f"{sample.path} is an old .xls or a workbook with a password. Save it in Excel as .xlsx without a password."
        )
    if not is_workbook(sample):
        return None
    with sample.path.open("rb") as raw:
        sheet = find_sheet(raw, sample.path, KNOWN)
    if sheet is None:
        raise FileProblemError(
            f"{sample.path}: no sheet begins with the header of a BigKinds export (제목, 언론사, 일자)."
        )
    check_columns(sheet.columns, sample.path)
    return partial(parse_workbook, path=sample.path)


def recognise_csv(sample: Sample) -> Parse | None:
    """Give the parser for delimited text with BigKinds' header.

    Raises:
        FileProblemError: a needed column is missing, or one is there twice.
    """
    layout = find_layout(sample, KNOWN)
    if layout is None:
        return None
    check_columns(layout.columns, sample.path)
    return partial(parse_csv, layout=layout, source=printable(sample.path.name))


def check_columns(columns: tuple[str, ...], path: Path) -> None:
    """Check that the columns we need are there once.

    Raises:
        FileProblemError: naming the column.
    """
    for name in REQUIRED:
        if name not in columns:
            raise FileProblemError(f"{path}: the column {name} is missing. Export it again with all columns.")
    for name in (*KNOWN, _URL):
        if columns.count(name) > 1:
            raise FileProblemError(f"{path}: the column {name} is there twice. Keep one of the two.")


def parse_csv(stream: BinaryIO, cursor: Cursor, *, layout: Layout, source: str) -> Iterator[Row]:
    """Read documents from delimited text; see `collectors.files.table.parse`."""
    for line, row in read_rows(stream, layout, cursor):
        yield line, row if isinstance(row, RecordError) else _outcome(row, source)


def parse_workbook(stream: BinaryIO, cursor: Cursor, *, path: Path) -> Iterator[Row]:
    """Read documents from the sheet that has the header.

    Args:
        stream: the workbook, seekable.
        cursor: is told of every row read.
        path: names the workbook in messages; its name is kept with the documents.

    Raises:
        FileProblemError: the rest of the sheet cannot be read.
    """
    sheet = find_sheet(stream, path, KNOWN)
    if sheet is None:
        raise FileProblemError(f"{path} was changed while it was read.")
    for line, row in read_sheet(sheet, cursor):
        yield line, _outcome(row, printable(path.name))


def _outcome(row: Mapping[str, object], source: str) -> Document | RecordError:
    try:
        return document_of_row(row, source)
    except RecordError as error:
        return error


def document_of_row(row: Mapping[str, object], source: str) -> Document:
    """Make a document of one row.

    Args:
        row: cells by column name without spaces: text, numbers or dates.
        source: kept with the document.

    Raises:
        RecordError: the id is damaged, the day cannot be read, the outlet or the title is missing.
    """
    outlet = Outlet(required("outlet", _text(row, _OUTLET).strip()), "KR")
    title = required("title", _text(row, _TITLE))
    published = day_of(row.get(_DAY))
    url = _text(row, _URL).strip()
    keys = document_keys("bigkinds", id_of(row.get(_ID)), url)
    return Document(
        keys=keys or (_row_key(outlet, published, title),),
        source=source,
        outlet=outlet,
        kind="news",
        language="ko",
        title=title,
        body=_text(row, _BODY),
        url=url or None,
        published=published,
        keywords=_text(row, _KEYWORDS),
        excluded=_text(row, _EXCLUDED).strip(),
    )


def _text(row: Mapping[str, object], column: str) -> str:
    value = row.get(column)
    # A title such as "2030" is a number to a spreadsheet; nothing is lost in an integer.
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return text_of(column, value)


def id_of(cell: object) -> str:
    """Give the archive's id, or "" where there is none.

    Raises:
        RecordError: a spreadsheet has taken it for a number.
    """
    if isinstance(cell, int | float):
        raise RecordError("id damaged by a spreadsheet", f"{cell!r}; export the file again and do not save it in Excel")
    text = text_of(_ID, cell).strip()
    if _DAMAGED_ID.fullmatch(text):
        raise RecordError("id damaged by a spreadsheet", f"{text}; export the file again and do not save it in Excel")
    return text


def day_of(cell: object) -> Published | None:
    """Give the publication day, or None for an empty cell.

    Args:
        cell: ``20230531`` as text or number, or a date.

    Raises:
        RecordError: it is no day.
    """
    text = _day_text(cell).strip()
    if not text:
        return None
    match = _DAY_FORM.fullmatch(text)
    if not match:
        raise RecordError("unreadable date", f"{shown(cell)} is not YYYYMMDD")
    published = published_of("-".join(match.groups()), "KR")
    return replace(published, original=text) if published else None


def _day_text(cell: object) -> str:
    if isinstance(cell, date):  # a datetime is a date too
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell) if isinstance(cell, int) else text_of(_DAY, cell)


def _row_key(outlet: Outlet, published: Published | None, title: str) -> str:
    said = "\x1f".join((outlet.name, published.day if published else "", title))
    return f"id:bigkinds-row:{hashlib.sha256(said.encode()).hexdigest()[:32]}"

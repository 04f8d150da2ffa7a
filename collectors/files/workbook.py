"""Excel workbooks: find the sheet with a header, and read its rows."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final
from xml.etree.ElementTree import ParseError

import openpyxl

from collectors.files.delimited import column_name
from collectors.files.lines import Cursor, Sample
from corpus.errors import FileProblemError

_ZIP: Final = b"PK\x03\x04"
# What Excel 97 wrote, and what Excel writes today around an encrypted workbook.
NOT_ZIP: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# What openpyxl lets through for a workbook whose parts are damaged or missing; it
# has no error class of its own for that.
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    EOFError,
    OSError,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    NotImplementedError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet whose first row is a header.

    Attributes:
        path: the workbook.
        columns: names of its columns, as `column_name` gives them.
        rows: the rows below the header, each a tuple of cells.
    """

    path: Path
    columns: tuple[str, ...]
    rows: Iterator[tuple[object, ...]]


def is_workbook(sample: Sample) -> bool:
    """Tell whether a file is an Excel workbook.

    Raises:
        FileProblemError: it is one within a gzip or zip file.
    """
    if not sample.head.startswith(_ZIP):
        return False
    if sample.packed:
        raise FileProblemError(f"{sample.path} holds a zip file or workbook within gzip. Unpack it first.")
    try:
        with zipfile.ZipFile(sample.path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _damaged(sample.path, error) from None
    if "[Content_Types].xml" not in names:
        raise FileProblemError(f"{sample.path} is a zip file. Unpack it, and import the files in it.")
    return True


def find_sheet(stream: BinaryIO, path: Path, known: frozenset[str]) -> Sheet | None:
    """Find the first sheet whose first row names a known column.

    Args:
        stream: the workbook, seekable; must stay open as long as rows are read.
        path: names it in messages.
        known: names of columns, as `column_name` gives them.

    Raises:
        FileProblemError: the workbook is damaged.
    """
    try:
        for rows in _sheets(stream):
            header = tuple(column_name(str(cell or "")) for cell in next(rows, ()))
            if known.intersection(header):
                return Sheet(path, header, rows)
    except _BROKEN as error:
        raise _damaged(path, error) from None
    return None


def _sheets(stream: BinaryIO) -> Iterator[Iterator[tuple[Any, ...]]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of missing styles, which we do not read
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # writers other than Excel state wrong ones
        yield sheet.iter_rows(values_only=True)


def read_sheet(sheet: Sheet, cursor: Cursor) -> Iterator[tuple[int, dict[str, object]]]:
    """Read the rows below the header.

    Args:
        sheet: as found.
        cursor: is told of every row read.

    Yields:
        the number of a row in the sheet, and its cells by column; empty rows are passed over.

    Raises:
        FileProblemError: the rest of the sheet cannot be read.
    """
    cursor.line = 1
    while (row := _next_row(sheet)) is not None:
        cursor.line += 1
        if any(cell is not None for cell in row):
            cells = row + (None,) * (len(sheet.columns) - len(row))
            yield cursor.line, dict(zip(sheet.columns, cells, strict=False))


def _next_row(sheet: Sheet) -> tuple[object, ...] | None:
    try:
        return next(sheet.rows, None)
    except _BROKEN as error:
        raise _damaged(sheet.path, error) from None


def _damaged(path: Path, error: BaseException) -> FileProblemError:
    return FileProblemError(f"{path} is a damaged workbook ({error}). Get it again from where it came.")

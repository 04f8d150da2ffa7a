"""Delimited text: which encoding, which delimiter, and its rows with their line numbers."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from collectors.files.lines import MAX_LINE, SAMPLE_SIZE, Cursor, Lines, Sample
from corpus.errors import RecordError

_DELIMITERS: Final = (",", ";", "\t")
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is written.

    Attributes:
        encoding: a Python codec name.
        delimiter: between cells.
        header: the column names as they stand, trimmed.
        columns: the same as they are compared: lower case, without any space.
    """

    encoding: str
    delimiter: str
    header: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The column names as they are compared."""
        return tuple(column_name(name) for name in self.header)


def column_name(text: str) -> str:
    """Bring a column's name to the form by which it is compared: lower case, without any space."""
    return "".join(text.split()).lower()


def find_layout(sample: Sample, known: frozenset[str]) -> Layout | None:
    """Recognise a file by its header.

    Args:
        sample: the file's beginning.
        known: names of columns, as `column_name` gives them; that delimiter is right
            which finds the most of them.

    Returns:
        None where the first line names no known column.
    """
    if sample.head.lstrip(codecs.BOM_UTF8).lstrip().startswith((b"{", b"[")):
        return None  # JSON; commas in its text are no delimiters
    encoding = find_encoding(sample.head)
    layouts = [Layout(encoding, mark, _header(sample.head, encoding, mark)) for mark in _DELIMITERS]
    best = max(layouts, key=lambda layout: len(known.intersection(layout.columns)))
    return best if known.intersection(best.columns) else None


def find_encoding(head: bytes) -> str:
    """Tell UTF-8, UTF-16 and CP949 apart: the encoding in which the fewest lines are broken."""
    if head.startswith(_UTF16):
        return "utf-16"
    lines = head.split(b"\n")
    if len(head) == SAMPLE_SIZE and len(lines) > 1:
        lines.pop()  # it may be cut within a character
    broken = {encoding: sum(not _decodes(line, encoding) for line in lines) for encoding in ("utf-8-sig", "cp949")}
    return min(broken, key=lambda encoding: broken[encoding])


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _header(head: bytes, encoding: str, delimiter: str) -> tuple[str, ...]:
    rows = _rows(io.BytesIO(head), encoding, delimiter, Cursor())
    try:
        first = next((row for _, row in rows if row), None)
    except UnicodeDecodeError:  # UTF-16 that ends within its first character
        return ()
    return tuple(cell.strip() for cell in first) if isinstance(first, list) else ()


def read_rows(stream: BinaryIO, layout: Layout, cursor: Cursor) -> Iterator[tuple[int, dict[str, str] | RecordError]]:
    """Read the rows below the header.

    Yields:
        the line on which a row begins, with its cells by column (as `Layout.columns`
        names them) or with why it is refused; empty lines are passed over.
    """
    rows = _rows(stream, layout.encoding, layout.delimiter, cursor)
    next((row for _, row in rows if row), None)  # the header
    for line, row in rows:
        if isinstance(row, RecordError):
            yield line, row
        elif any(row):
            yield line, _cells(row, layout)


def _cells(row: list[str], layout: Layout) -> dict[str, str] | RecordError:
    width = len(layout.header)
    if any(row[width:]):
        return RecordError("wrong number of columns", f"{len(row)} cells below a header of {width}")
    if layout.encoding != "utf-16" and any(not cell.isascii() and _SURROGATE.search(cell) for cell in row):
        name = layout.encoding.removesuffix("-sig").upper()
        return RecordError(f"not {name}", f"the row holds bytes that are no {name} text")
    # Spreadsheets drop empty cells at the end of a row.
    return dict(zip(layout.columns, row + [""] * (width - len(row)), strict=False))


def _rows(
    stream: BinaryIO, encoding: str, delimiter: str, cursor: Cursor
) -> Iterator[tuple[int, list[str] | RecordError]]:
    # Broken bytes become lone surrogates, so that they spoil their own row and no other.
    errors = "surrogatepass" if encoding == "utf-16" else "surrogateescape"
    text = io.TextIOWrapper(stream, encoding, errors, newline="")
    replay = _Replay(Lines(text, cursor), cursor)
    # The csv module has this limit only once for all readers; its default refuses long speeches.
    csv.field_size_limit(MAX_LINE)
    reader = csv.reader(replay, delimiter=delimiter, strict=True)
    try:
        while (row := _next_row(reader, replay)) is not None:
            yield row
    finally:
        text.detach()  # the stream is its opener's to close


def _next_row(reader: Iterator[list[str]], replay: _Replay) -> tuple[int, list[str] | RecordError] | None:
    line = replay.begin()
    try:
        return line, next(reader)
    except StopIteration:
        return None
    except csv.Error as error:
        replay.give_back()
        return line, RecordError("broken quotes", str(error))
    except RecordError as error:
        replay.give_back()
        return line, error


class _Replay:
    """Lines that can be read again from the second line of a row.

    A quote that is never closed makes the rest of the file one cell. Then only the
    line it stands on is refused, and reading goes on with the line after it.
    """

    def __init__(self, lines: Lines[str], cursor: Cursor) -> None:
        self._lines = lines
        self._cursor = cursor
        self._taken: list[str] = []
        self._again: list[str] = []
        self._size = 0

    def begin(self) -> int:
        """Begin a row, and give the line it begins on."""
        self._taken.clear()
        self._size = 0
        return self._cursor.line - len(self._again) + 1

    def give_back(self) -> None:
        """Make all lines of the row but its first come again."""
        self._again += reversed(self._taken[1:])

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._lines)
        self._taken.append(line)
        self._size += len(line)
        if self._size > MAX_LINE:
            raise RecordError("line too long", f"one row has more than {MAX_LINE:,} characters")
        return line

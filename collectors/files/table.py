"""CSV: a header and one document a row, with the columns of `collectors.files.fields.COLUMNS`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from collectors.files.delimited import Layout, find_layout, read_rows
from collectors.files.fields import COLUMNS, REQUIRED, REQUIRED_ANY, document_of, unknown_field
from collectors.files.form import Parse, Row
from collectors.files.lines import Cursor, Sample, printable
from corpus.errors import FileProblemError, RecordError
from corpus.model import Document

_KNOWN: Final = frozenset(COLUMNS)


def recognise(sample: Sample) -> Parse | None:
    """Give the parser where the first line names one of our columns.

    Raises:
        FileProblemError: a column is unknown, missing or there twice.
    """
    layout = find_layout(sample, _KNOWN)
    if layout is None:
        return None
    _check_header(layout, sample.path)
    return partial(parse, layout=layout, source=printable(sample.path.name))


def _check_header(layout: Layout, path: Path) -> None:
    for column, name in zip(layout.columns, layout.header, strict=True):
        if column not in _KNOWN:
            raise FileProblemError(f"{path}: column {unknown_field(name)}.")
        if layout.columns.count(column) > 1:
            raise FileProblemError(f"{path}: column `{name}` is there twice. Keep one of the two.")
    lacking = [name for name in REQUIRED if name not in layout.columns]
    lacking += [f"{one} or {other}" for one, other in REQUIRED_ANY if not {one, other}.intersection(layout.columns)]
    if lacking:
        raise FileProblemError(f"{path}: the column {', '.join(lacking)} is missing. Add it to the first line.")


def parse(stream: BinaryIO, cursor: Cursor, *, layout: Layout, source: str) -> Iterator[Row]:
    """Read documents, row by row.

    Args:
        stream: unpacked, at its beginning.
        cursor: is told of every line read.
        layout: as recognised.
        source: kept with the documents.

    Yields:
        the line on which a row begins, with its document or with why it is refused.
    """
    for line, row in read_rows(stream, layout, cursor):
        yield line, row if isinstance(row, RecordError) else _outcome(row, source)


def _outcome(row: dict[str, str], source: str) -> Document | RecordError:
    try:
        return document_of(row, source)
    except RecordError as error:
        return error

"""JSON Lines: one JSON object a line, UTF-8, the fields of `collectors.files.fields.COLUMNS`."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO, Final

from collectors.files.fields import document_of
from collectors.files.form import Parse, Row
from collectors.files.lines import MAX_LINE, Cursor, Lines, Sample, printable
from corpus.errors import FileProblemError, RecordError
from corpus.model import Document

_SUFFIXES: Final = frozenset({".jsonl", ".ndjson"})
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def recognise(sample: Sample) -> Parse | None:
    """Give the parser where a line begins like an object, or the name says JSON Lines.

    Raises:
        FileProblemError: it is JSON, but one array or in UTF-16.
    """
    name_says_so = not _SUFFIXES.isdisjoint(suffix.lower() for suffix in sample.path.suffixes)
    if sample.head.startswith(_UTF16):
        if name_says_so or "{" in sample.head[:20].decode("utf-16", "replace"):
            raise FileProblemError(f"{sample.path} is in UTF-16. Save it as UTF-8.")
        return None
    head = sample.head.removeprefix(codecs.BOM_UTF8).lstrip()
    if head.startswith(b"[") and not name_says_so:
        raise FileProblemError(
            f"{sample.path} is one JSON array. Write JSON Lines instead: one object a line, without outer brackets."
        )
    if name_says_so or any(line.lstrip().startswith(b"{") for line in head.splitlines()):
        return partial(parse, source=printable(sample.path.name))
    return None


def parse(stream: BinaryIO, cursor: Cursor, *, source: str, limit: int = MAX_LINE) -> Iterator[Row]:
    """Read documents, line by line.

    Args:
        stream: unpacked, at its beginning.
        cursor: is told of every line read.
        source: kept with the documents.
        limit: a line of more bytes is refused.

    Yields:
        the line's number with its document, or with why it is refused; blank lines are passed over.
    """
    lines = Lines(stream, cursor, limit)
    while True:
        try:
            line = next(lines)
        except StopIteration:
            return
        except RecordError as error:
            yield cursor.line, error
            continue
        if cursor.line == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        if not line.isspace() and line:
            yield cursor.line, _outcome(line, source)


def _outcome(line: bytes, source: str) -> Document | RecordError:
    try:
        return document_of(_object_of(line), source)
    except RecordError as error:
        return error


def _object_of(line: bytes) -> dict[str, object]:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RecordError("not UTF-8", f"byte {error.start + 1} of the line: {error.reason}") from None
    try:
        value = json.loads(text, object_pairs_hook=_without_repeats)
    except RecursionError:
        raise RecordError("not JSON", "brackets are nested too deeply") from None
    except ValueError as error:  # also an integer of thousands of digits, which is no JSONDecodeError
        raise RecordError("not JSON", str(error)) from None
    if not isinstance(value, dict):
        raise RecordError("not a JSON object", "a line must begin with { and end with }")
    return value


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    record = dict(pairs)
    if len(record) < len(pairs):
        # JSON allows it and parsers keep the last; which one was meant is anyone's guess.
        raise RecordError("repeated field", "the same field stands twice in one object")
    return record

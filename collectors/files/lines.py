"""From a file to its bytes and lines, packed with gzip or not, never more than one line in memory."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, AnyStr, BinaryIO, Final, Generic, cast

from corpus.errors import FileProblemError, RecordError

MAX_LINE: Final = 64 * 1024 * 1024
SAMPLE_SIZE: Final = 1024 * 1024
_CHUNK: Final = 64 * 1024
_GZIP: Final = b"\x1f\x8b"

# What reading raises where the bytes themselves are broken: a gzip file that ends
# too early, one that was altered, a disk that fails.
BROKEN: Final = (EOFError, zlib.error, OSError)


@dataclass(slots=True)
class Cursor:
    """How far a parser has come: ``line`` is the last line (or sheet row) read whole, 0 before the first."""

    line: int = 0


@dataclass(frozen=True, slots=True)
class Sample:
    """The beginning of a file, by which its format is recognised.

    Attributes:
        path: the file.
        head: its first bytes, unpacked; at most `SAMPLE_SIZE`.
        packed: whether it is packed with gzip.
    """

    path: Path
    head: bytes
    packed: bool


def printable(path: Path | str) -> str:
    """Write a path as text that can be stored, also one whose bytes are no UTF-8."""
    return os.fsencode(path).decode("utf-8", "replace")


def unpacked(raw: BinaryIO) -> BinaryIO:
    """Give the bytes of an open file, unpacked where it is gzip.

    Args:
        raw: at its beginning; ``raw.tell()`` goes on saying how much of it was used.
    """
    if not is_gzip(raw):
        return raw
    return cast("BinaryIO", gzip.GzipFile(fileobj=raw))


def is_gzip(raw: BinaryIO) -> bool:
    """Tell whether an open file is packed with gzip; leaves it at its beginning."""
    start = raw.read(len(_GZIP))
    raw.seek(0)
    return start == _GZIP


def take_sample(path: Path) -> Sample:
    """Read the beginning of a file.

    Raises:
        FileProblemError: there is no such file, it is a folder, may not be read, is
            empty, or is packed so badly that nothing can be read.
    """
    if path.is_dir():
        raise FileProblemError(f"{path} is a folder. Name the files in it, for example {path / '*.jsonl'}.")
    try:
        with path.open("rb") as raw:
            packed = is_gzip(raw)
            head = _read_start(unpacked(raw))
    except FileNotFoundError:
        raise FileProblemError(f"{path} does not exist. Check the name and the folder.") from None
    except PermissionError:
        raise FileProblemError(f"{path} may not be read. Ask for permission to read it, or copy it.") from None
    except OSError as error:
        raise FileProblemError(f"{path} cannot be read: {error.strerror or error}.") from None
    if not head.strip():
        state = (
            "is a damaged gzip file from which nothing can be read" if packed and path.stat().st_size else "is empty"
        )
        raise FileProblemError(f"{path} {state}. Get it again from where it came.")
    return Sample(path, head, packed)


def _read_start(stream: BinaryIO) -> bytes:
    head = bytearray()
    try:
        # By lines, since read() throws away what it has when it meets the damage.
        while len(head) < SAMPLE_SIZE and (piece := stream.readline(_CHUNK)):
            head += piece
    except BROKEN:
        # What could be read is enough to recognise the format; whoever reads on
        # meets the damage again, and reports it with its line.
        pass
    return bytes(head[:SAMPLE_SIZE])


class Lines(Generic[AnyStr]):
    """The lines of a stream, ends included.

    A line longer than ``limit`` is passed over in pieces and raised as a
    `RecordError`; the iterator goes on with the line after it.

    Args:
        stream: bytes, or text opened with ``newline=""``.
        cursor: is told of every line read.
        limit: in bytes or characters.
    """

    def __init__(self, stream: IO[AnyStr], cursor: Cursor, limit: int = MAX_LINE) -> None:
        self._stream: IO[AnyStr] = stream
        self._cursor = cursor
        self._limit = limit

    def __iter__(self) -> Iterator[AnyStr]:
        return self

    def __next__(self) -> AnyStr:
        line = self._stream.readline(self._limit + 1)
        if not line:
            raise StopIteration
        if len(line) > self._limit:
            self._skip(line)
            self._cursor.line += 1
            raise RecordError("line too long", f"more than {self._limit:,} characters")
        self._cursor.line += 1
        return line

    def _skip(self, line: AnyStr) -> None:
        while line and not _is_ended(line):
            line = self._stream.readline(self._limit)


def _is_ended(line: str | bytes) -> bool:
    return line.endswith(("\n", "\r")) if isinstance(line, str) else line.endswith(b"\n")

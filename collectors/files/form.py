"""What a format is: the two shapes every module of this package gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal, TypeAlias

from collectors.files.lines import Cursor, Sample
from corpus.errors import RecordError
from corpus.model import Document

FormatKind = Literal["jsonl", "csv", "parquet", "parquet of a search", "bigkinds", "nexis", "factiva"]

# A record's first line (or sheet row), and the document it holds or why it is refused.
Row: TypeAlias = tuple[int, Document | RecordError]

# From unpacked bytes to records. May raise what reading broken bytes raises, and
# FileProblemError where the rest of the file cannot be read.
Parse: TypeAlias = Callable[[BinaryIO, Cursor], Iterator[Row]]


@dataclass(frozen=True, slots=True)
class Format:
    """One format of files.

    Attributes:
        kind: kept with the source in the store.
        recognise: gives the parser for a file of this format, None for any other;
            raises FileProblemError for one of this format that cannot be read.
    """

    kind: FormatKind
    recognise: Callable[[Sample], Parse | None]

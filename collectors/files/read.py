"""Open a file of any known format, and read its records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from collectors.files import bigkinds, factiva, jsonl, nexis, nexisdoc, parquet, table
from collectors.files.form import Format, FormatKind, Parse
from collectors.files.lines import BROKEN, Cursor, printable, take_sample, unpacked
from corpus.errors import FileProblemError, RecordError
from corpus.model import Document, Refusal

# A record may be 64 MiB; what is said about it may not.
_DETAIL: Final = 500


def formats() -> tuple[Format, ...]:
    """List the formats narra reads, in the order in which they are asked. A new one is added here."""
    return (
        Format("nexis", nexisdoc.recognise),  # before workbooks: both are zip files
        Format("parquet", parquet.recognise),
        Format("parquet of a search", parquet.recognise_sampled),
        Format("bigkinds", bigkinds.recognise_workbook),
        Format("bigkinds", bigkinds.recognise_csv),
        Format("csv", table.recognise),
        Format("nexis", nexis.recognise),
        Format("factiva", factiva.recognise),
        Format("jsonl", jsonl.recognise),
    )


class Reader:
    """The records of one file.

    Attributes:
        path: as the user named it.
        source: the file's name.
        kind: its format.
        size: its bytes, packed as it is.
        damaged: why it could not be read to its end, or None; known once `records` has ended.
    """

    def __init__(self, path: Path, kind: FormatKind, parse: Parse) -> None:
        self.path = path
        self.source = printable(path.name)
        self.kind: FormatKind = kind
        self.size = path.stat().st_size
        self.damaged: str | None = None
        self._parse = parse
        self._raw: BinaryIO | None = None
        self._position = 0

    def position(self) -> int:
        """Give how many bytes of the file, packed as it is, have been used."""
        if self._raw is not None and not self._raw.closed:
            self._position = self._raw.tell()
        return self._position

    def records(self) -> Iterator[Document | Refusal]:
        """Read the file from its beginning, a record at a time.

        Damage ends it: what was read before counts, and one last refusal, for the
        line after the last good one, says what happened, as does ``damaged``.
        """
        cursor = Cursor()
        self.damaged = None
        try:
            with self.path.open("rb") as raw:
                self._raw = raw
                for line, outcome in self._parse(unpacked(raw), cursor):
                    yield outcome if isinstance(outcome, Document) else self._refusal(line, outcome)
        except (*BROKEN, UnicodeDecodeError, FileProblemError) as error:
            damage = _damage(error)
            self.damaged = str(damage)
            yield self._refusal(cursor.line + 1, damage)
        finally:
            self._raw = None
            self._position = self.size

    def _refusal(self, line: int, error: RecordError) -> Refusal:
        return Refusal(printable(self.path), line, error.reason, error.detail[:_DETAIL])


def _damage(error: Exception) -> RecordError:
    if isinstance(error, EOFError | UnicodeDecodeError):  # the latter: UTF-16 that ends within a character
        return RecordError("file is cut off", "it ends too early; get it again from where it came")
    return RecordError("file is damaged", f"nothing after this line can be read: {error}")


def open_file(path: Path) -> Reader:
    """Open a file, recognising its format by what is in it.

    Raises:
        FileProblemError: it is missing, empty, may not be read, is of no known
            format, or has a header that cannot be used.
    """
    sample = take_sample(path)
    for form in formats():
        parse = form.recognise(sample)
        if parse is not None:
            return Reader(path, form.kind, parse)
    raise FileProblemError(
        f"{path} is of no form that narra reads. It reads JSON Lines (one object a line) and CSV whose first line "
        "names the columns (both also packed with gzip), Parquet of the same columns or written by narra, exports of "
        "BigKinds (.xlsx or CSV), of Nexis (plain text or .docx) and of Factiva (HTML)."
    )

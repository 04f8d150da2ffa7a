"""Parquet: what `narra export` writes (see `corpus.parquet`), or any table of the columns of JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from collectors.files.fields import COLUMNS, country_of, document_of, shown, text_of, unknown_field
from collectors.files.form import Parse, Row
from collectors.files.lines import Cursor, Sample, printable
from corpus.calendar import Published, parse_published
from corpus.errors import FileProblemError, RecordError
from corpus.language import normalise_language
from corpus.model import KINDS, Document, Outlet

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

_MAGIC: Final = b"PAR1"
_BATCH: Final = 500  # rows in memory
_PRECISIONS: Final = ("year", "month", "day", "minute")


def recognise(sample: Sample) -> Parse | None:
    """Give the parser of a Parquet file of documents.

    Raises:
        FileProblemError: it is Parquet, but cut off or damaged, has other columns, or pyarrow is not installed.
    """
    return _parser(sample, sampled=False)


def recognise_sampled(sample: Sample) -> Parse | None:
    """The same for a file of what only searches brought."""
    return _parser(sample, sampled=True)


def _parser(sample: Sample, *, sampled: bool) -> Parse | None:
    if not sample.head.startswith(_MAGIC):
        return None
    with sample.path.open("rb") as stream:
        file = _opened(stream, sample)
        own, is_sampled = _note(file, sample)
        if is_sampled != sampled:
            return None
        _require_columns(file, sample, own=own)
    return partial(parse, source=printable(sample.path.name), own=own)


def _opened(stream: BinaryIO, sample: Sample) -> ParquetFile:
    try:
        import pyarrow as pa  # noqa: PLC0415 an extra
        from pyarrow.parquet import ParquetFile  # noqa: PLC0415 the same
    except ModuleNotFoundError:
        raise FileProblemError(f"{sample.path} is Parquet. To read it: uv sync --extra scale") from None
    try:
        return ParquetFile(stream)
    except (pa.ArrowException, OSError) as error:
        raise FileProblemError(
            f"{sample.path} is a Parquet file that is cut off or damaged ({_first_line(error)}). "
            "Get it again from where it came."
        ) from None


def _note(file: ParquetFile, sample: Sample) -> tuple[bool, bool]:
    """Tell whether narra wrote a file, and whether only searches brought what it holds."""
    from corpus.parquet import FORMAT, NOTE  # noqa: PLC0415 an extra

    note = (file.schema_arrow.metadata or {}).get(NOTE)
    if note is None:
        return False, False
    said = json.loads(note)
    if said.get("documents") != FORMAT:
        raise FileProblemError(f"{sample.path} was written by a newer narra. Update narra to read it.")
    return True, bool(said.get("sampled"))


def _require_columns(file: ParquetFile, sample: Sample, *, own: bool) -> None:
    from corpus.parquet import SCHEMA  # noqa: PLC0415 an extra

    names = file.schema_arrow.names
    if own and not file.schema_arrow.equals(SCHEMA):
        raise FileProblemError(f"{sample.path} says that narra wrote it, but has other columns: {', '.join(names)}.")
    unknown = [name for name in names if name not in COLUMNS]
    if not own and unknown:
        raise FileProblemError(f"{sample.path}: {unknown_field(unknown[0])}.")


def parse(stream: BinaryIO, cursor: Cursor, *, source: str, own: bool) -> Iterator[Row]:
    """Read documents, row by row.

    Args:
        stream: at its beginning.
        cursor: is told of every row read.
        source: kept with the documents.
        own: narra wrote the file.

    Raises:
        FileProblemError: the rest of the file cannot be read.
    """
    import pyarrow as pa  # noqa: PLC0415 an extra
    from pyarrow.parquet import ParquetFile  # noqa: PLC0415 the same

    make = _own_document if own else document_of
    try:
        for batch in ParquetFile(stream).iter_batches(batch_size=_BATCH):
            for record in batch.to_pylist():
                cursor.line += 1
                yield cursor.line, _outcome(make, record, source)
    except (pa.ArrowException, OSError) as error:
        raise FileProblemError(f"a part of the file is damaged ({_first_line(error)})") from None


def _outcome(
    make: Callable[[Mapping[str, Any], str], Document], record: Mapping[str, Any], source: str
) -> Document | RecordError:
    try:
        return make(record, source)
    except RecordError as error:
        return error


def _own_document(record: Mapping[str, Any], source: str) -> Document:
    """Make a document of a row that narra wrote; whatever is no document of ours is refused.

    Raises:
        RecordError: a value is one that narra does not write.
    """
    text = {name: _as_it_stands(name, value) for name, value in record.items() if name != "keys"}
    if not text["title"] and not text["body"]:
        raise RecordError("missing title and body", "both are empty")
    keys = tuple(record["keys"])
    if not keys or not all(isinstance(key, str) and key.startswith(("id:", "url:")) for key in keys):
        raise RecordError("wrong keys", shown(record["keys"]))
    if text["kind"] not in KINDS:
        raise RecordError("unknown kind", shown(text["kind"]))
    made = Document(
        keys=keys,
        source=source,
        outlet=Outlet(text["outlet"], country_of(text["country"])),
        kind=text["kind"],
        language=normalise_language(text["language"]),
        title=text["title"],
        body=text["body"],
        url=record["url"],
        published=_published(record, text["country"]),
        keywords=text["keywords"],
        excluded=text["excluded"],
    )
    if made.id != record["id"]:
        raise RecordError("wrong id", f"{shown(record['id'])} is not made of the first key")
    return made


def _as_it_stands(name: str, value: object) -> str:
    """Give a text also where it is blank: what was stored is what comes back."""
    text_of(name, value)
    return str(value or "")


def _published(record: Mapping[str, Any], country: str) -> Published | None:
    if record["day"] is None:
        return None
    if record["precision"] not in _PRECISIONS or record["published_how"] is None:
        raise RecordError("unreadable date", f"precision {shown(record['precision'])}")
    parse_published(record["day"], country)  # refuses what is no day, month or year
    return Published(
        record["day"],
        record["precision"],
        record["published_at"],
        record["published_how"],
        record["published_original"] or "",
    )


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]

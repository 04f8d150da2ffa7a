"""Counts of documents that were read elsewhere: which of them stands for its story, and then file by file.

Rows of one cell may lie in several files, one for each partition that had documents of it: added
up they are the counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from io import BytesIO
from operator import attrgetter
from typing import IO, Final

import pyarrow as pa
from pyarrow import compute as pc
from pyarrow import parquet as pq

from corpus.copies import stories_of
from corpus.model import Count
from corpus.store import DocumentFacts
from nlp.count import count
from nlp.engine.place import Place, fingerprint
from nlp.engine.results import READINGS, Reading, read_copies, read_readings
from nlp.engine.tasks import Done, Job, Missing

COUNTS: Final = "counts"
_UNITS: Final = ("documents", "stories", "sentences", "headlines")
COUNTS_SCHEMA: Final = pa.schema(
    [pa.field(f.name, pa.int64() if f.name in _UNITS else pa.string(), nullable=False) for f in fields(Count)]
)
_row: Final = attrgetter(*COUNTS_SCHEMA.names)
_SHOWN: Final = 3  # examples


@dataclass(frozen=True, slots=True)
class ToCount:
    """A file of readings, and which of its documents are later copies of another.

    Attributes:
        readings: its name.
        copies: ids.
    """

    readings: str
    copies: frozenset[str]


def to_count(job: Job, readings: Sequence[str], copies: Iterable[str]) -> list[ToCount] | Missing:
    """Tell which document stands for each story.

    Args:
        job: whose results.
        readings: names, in the order in which the partitions are imported: of a day's copies the first stands for all.
        copies: names.

    Returns:
        what is to be counted; or why nothing can be.
    """
    place = Place(job.results)
    pairs = [pair for name in copies for pair in read_copies(BytesIO(place.fetch(name)))]
    linked = pa.array(sorted({id_ for pair in pairs for id_ in pair}), pa.string())
    number: dict[str, int] = {}
    days: dict[int, str | None] = {}
    of_file: dict[int, str] = {}
    ids = []
    for name in readings:
        table = pq.read_table(BytesIO(place.fetch(name)), columns=["id", "day", "counts"])
        ids.append(table.column("id").combine_chunks())
        table = table.filter(pc.is_in(table.column("id"), value_set=linked))
        for id_, day in zip(*(table.column(c).to_pylist() for c in ("id", "day")), strict=True):
            row = number.setdefault(id_, len(number))
            days[row], of_file[row] = day, name
    if twice := _twice(ids):
        return twice
    stories = stories_of(((number[one], number[other]) for one, other in pairs), days)
    later = defaultdict(set)
    for id_, row in number.items():
        if stories[row] != row:
            later[of_file[row]].add(id_)
    return [ToCount(name, frozenset(later[name])) for name in readings]


def _twice(ids: Sequence[pa.Array]) -> Missing | None:
    """Say which documents are there more than once: they would count twice."""
    found = pc.value_counts(pa.chunked_array(ids, pa.string())) if ids else pa.array([])
    repeated = [one["values"].as_py() for one in found if one["counts"].as_py() > 1]
    if not repeated:
        return None
    shown = ", ".join(sorted(repeated)[:_SHOWN])
    return Missing("counts", f"{len(repeated):,} documents lie in the dataset more than once ({shown}).")


def count_file(job: Job, task: ToCount) -> Done | Missing:
    """Count the documents of one file of readings, and write the counts.

    Raises:
        OSError: the readings cannot be fetched, or the counts not written.
    """
    results = Place(job.results)
    data = results.fetch(task.readings)
    said = fingerprint(data, *(id_.encode() for id_ in sorted(task.copies)))
    stem = task.readings.removeprefix(f"{READINGS}/").removesuffix(".parquet").rpartition(".")[0]
    result = f"{COUNTS}/{stem}.{said}.parquet"
    if not results.has(result):
        rows = list(count(_facts(read_readings(BytesIO(data)), task.copies)))
        results.put(result, lambda file: write_counts(file, rows))
    return Done(result, pq.read_metadata(BytesIO(data)).num_rows)


def _facts(batches: Iterable[list[Reading]], copies: frozenset[str]) -> Iterator[DocumentFacts]:
    for reading in (reading for batch in batches for reading in batch):
        if reading.counts and reading.narrative is not None and reading.day is not None:
            yield DocumentFacts(
                narrative=reading.narrative,
                outlet=reading.outlet,
                language=reading.language,
                kind=reading.kind,
                day=reading.day,
                represents_story=reading.id not in copies,
                sentences=reading.sentences,
                has_title=reading.titled,
                names=tuple(
                    (entity, class_, field, sentence) for field, _, _, entity, class_, *_, sentence in reading.mentions
                ),
                framings=tuple(
                    (target, frame, pillar, exchange, people, way)
                    for target, frame, pillar, _, exchange, people, way in reading.framings
                ),
            )


def write_counts(file: IO[bytes], rows: Sequence[Count]) -> None:
    """Write counts."""
    columns = zip(*map(_row, rows), strict=True) if rows else ([] for _ in COUNTS_SCHEMA)
    arrays = [pa.array(column, f.type) for column, f in zip(columns, COUNTS_SCHEMA, strict=True)]
    pq.write_table(pa.table(arrays, schema=COUNTS_SCHEMA), file, compression="zstd")

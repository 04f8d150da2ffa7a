"""The work itself, a task at a time: read a partition, or compare a block.

A task is a function of what lies at the place and of the `Job`, and knows nothing of the
engine that calls it. It names its result after a hash of all that went in, and looks
whether that is there already: doing it twice, or again after a worker was killed, does no
harm, and a job that was interrupted goes on where it stopped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any, Final

import pyarrow as pa
from pyarrow import compute as pc
from pyarrow import parquet as pq

from corpus import parquet
from corpus.copies import Block, blocks_of, links_of
from corpus.model import Outlet, narrative_of, text_hash
from corpus.store import TextRow
from corpus.store.framings import NamingText
from nlp.engine.place import Place, fingerprint
from nlp.engine.results import (
    READINGS,
    Reading,
    Summary,
    batch_of,
    copies_name,
    read_copies,
    read_summary,
    stored_framing,
    stored_mention,
    write_copies,
    write_readings,
)
from nlp.engine.versions import Versions, make_framer, require, versions
from nlp.frames.framer import Framer
from nlp.frames.run import frame_text
from nlp.run import tag_text
from nlp.tagger import Tagger

BATCH: Final = 1000  # documents read at once
_TEXT: Final = ("id", "outlet", "country", "language", "day", "title", "body", "excluded")
_READ: Final = (*_TEXT, "kind")


@dataclass(frozen=True, slots=True)
class Job:
    """What all tasks of a job share.

    Attributes:
        documents: address of the dataset, as `corpus.parquet.export` writes it.
        results: address of the folder for results of these versions.
        versions: those of the machine that asks.
        learned: its learned words as JSON, or "".
    """

    documents: str
    results: str
    versions: Versions
    learned: str = ""


@dataclass(frozen=True, slots=True)
class Compare:
    """A block to be compared, and the files in which its texts lie, in order."""

    block: Block
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """A task that was done.

    Attributes:
        result: name of its file.
        documents: how many documents it was about.
        blocks: of a partition, the blocks in which it has texts.
    """

    result: str
    documents: int
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """A partition, or a block, of which there is no result.

    Attributes:
        name: which.
        why: in words.
    """

    name: str
    why: str


# -- reading a partition -------------------------------------------------


def read_file(job: Job, name: str) -> Done | Missing:
    """Tag and frame the documents of one partition, and write what was found.

    Raises:
        WorkerError: this machine has other versions than the job.
        OSError: the partition cannot be fetched, or the result not written.
    """
    see_versions(job)
    tagger, framer = _tools(job.learned)
    data, results = Place(job.documents).fetch(name), Place(job.results)
    result = f"{READINGS}/{name.removesuffix('.parquet')}.{fingerprint(data)}.parquet"
    known = _summary(results, result)
    if known is None:
        try:
            batches, blocks = _read(data, tagger, framer)
        except (pa.ArrowException, OSError, ValueError) as error:  # all of it is in memory: it is the data
            return Missing(name, f"{error}".partition("\n")[0])
        results.put(result, lambda file: write_readings(file, batches, blocks))
        known = Summary(sum(batch.num_rows for batch in batches), tuple(blocks))
    return Done(result, known.documents, known.blocks)


def _summary(results: Place, name: str) -> Summary | None:
    """Give what a result says of itself; None where there is none, or it is damaged."""
    if not results.has(name):
        return None
    try:
        with results.open(name) as file:
            return read_summary(file)
    except (pa.ArrowException, OSError, KeyError, ValueError):
        return None


def _read(data: bytes, tagger: Tagger, framer: Framer) -> tuple[list[pa.RecordBatch], list[Block]]:
    file, sampled = open_documents(data)
    batches = [
        read_batch(batch, tagger, framer, sampled=sampled)
        for batch in file.iter_batches(batch_size=BATCH, columns=list(_READ))
    ]
    return batches, sorted({block for batch in batches for block in _blocks(batch)})


def open_documents(data: bytes) -> tuple[pq.ParquetFile, bool]:
    """Open a partition, and tell whether only searches brought what it holds.

    Raises:
        ValueError: it is not of the form that is documented.
    """
    file = pq.ParquetFile(BytesIO(data))
    schema = file.schema_arrow
    for sampled in (True, False):
        if (schema.metadata or {}).get(parquet.NOTE) == parquet.note_of(sampled=sampled):
            if not schema.equals(parquet.SCHEMA):
                raise ValueError("it has other columns than docs/fields.md says")
            return file, sampled
    raise ValueError("it is not of the form that `narra export` writes (docs/fields.md)")


def read_batch(batch: pa.RecordBatch, tagger: Tagger, framer: Framer, *, sampled: bool) -> pa.RecordBatch:
    """Tag and frame documents. Pure: the same documents always give the same.

    Args:
        batch: columns of `corpus.parquet.SCHEMA`, at least those of a text and ``kind``.
        tagger: tags.
        framer: frames.
        sampled: whether only searches brought them.

    Returns:
        `nlp.engine.results.READING_SCHEMA`, row by row.
    """
    rows = zip(*(batch.column(name).to_pylist() for name in _READ), strict=True)
    return batch_of([_reading(dict(zip(_READ, row, strict=True)), tagger, framer, sampled=sampled) for row in rows])


def _reading(record: dict[str, Any], tagger: Tagger, framer: Framer, *, sampled: bool) -> Reading:
    text = _text(record, 0)
    tagged = tag_text(tagger, text)
    framings = frame_text(framer, NamingText(text, tagged.mentions)) if tagged.mentions else ()
    return Reading(
        id=record["id"],
        outlet=text.outlet,
        narrative=narrative_of(record["country"], text.day),
        kind=record["kind"],
        language=text.language,
        day=text.day,
        titled=bool(text.title),
        counts=not sampled and not record["excluded"],
        hash=text.hash,
        sentences=tagged.sentences,
        mentions=tuple(map(stored_mention, tagged.mentions)),
        framings=tuple(map(stored_framing, framings)),
    )


def _text(record: dict[str, Any], row: int) -> TextRow:
    outlet, hash_ = Outlet(record["outlet"], record["country"]), text_hash(record["title"], record["body"])
    return TextRow(row, outlet.id, record["language"], record["day"], record["title"], record["body"], hash_)


def _blocks(batch: pa.RecordBatch) -> Iterator[Block]:
    columns = (batch.column(name).to_pylist() for name in ("language", "day", "counts"))
    for language, day in {(language, day) for language, day, counts in zip(*columns, strict=True) if counts}:
        yield from blocks_of(language, day)


# -- comparing a block ---------------------------------------------------


def compare_block(job: Job, task: Compare) -> Done | Missing:
    """Find the copies among the texts of one block, wherever they lie, and write them.

    Raises:
        WorkerError, OSError: as `read_file`.
    """
    see_versions(job)
    documents, results = Place(job.documents), Place(job.results)
    ids: list[str] = []
    texts: list[TextRow] = []
    for name in task.names:
        data = documents.fetch(name)
        try:
            for record in _records(data, task.block):
                texts.append(_text(record, len(ids)))
                ids.append(record["id"])
        except (pa.ArrowException, OSError, ValueError) as error:
            return Missing(block_name(task.block), f"{name}: {error}".partition("\n")[0])
    result = copies_name(task.block, [(id_, t.hash, t.outlet, t.day) for id_, t in zip(ids, texts, strict=True)])
    if not _is_whole(results, result):
        pairs = [(ids[one], ids[other]) for one, other in links_of(texts, task.block)]
        results.put(result, lambda file: write_copies(file, pairs))
    return Done(result, len(texts))


def block_name(block: Block) -> str:
    """Name a block for people."""
    return f"copies of {block.language}, {block.first or 'undated'} to {block.last or 'undated'}"


def _is_whole(results: Place, name: str) -> bool:
    if not results.has(name):
        return False
    try:
        with results.open(name) as file:
            read_copies(file)
    except (pa.ArrowException, OSError, ValueError):
        return False
    return True


def _records(data: bytes, block: Block) -> Iterator[dict[str, Any]]:
    """Give the documents of a partition that are compared in a block."""
    _, sampled = open_documents(data)
    if not sampled:
        table = pq.read_table(BytesIO(data), columns=list(_TEXT), filters=_within(block))
        yield from table.to_pylist()


def _within(block: Block) -> pc.Expression:
    day = pc.field("day")
    of_days = (
        (day >= block.first) & (day <= block.last) & (pc.utf8_length(day) == len(block.first))
        if block.first
        else day.is_null()
    )
    return (pc.field("language") == block.language) & (pc.field("excluded") == "") & of_days


def compares(done: Sequence[tuple[str, Done]]) -> list[Compare]:
    """Give the blocks to be compared, from partitions that were read.

    Args:
        done: name of each partition, and what reading it gave; in the order in which they are to be imported.
    """
    names: dict[Block, list[str]] = defaultdict(list)
    for name, one in done:
        for block in one.blocks:
            names[block].append(name)
    return [Compare(block, tuple(names[block])) for block in sorted(names)]


# -- what a worker keeps -------------------------------------------------


@lru_cache(maxsize=1)
def _tools(learned: str) -> tuple[Tagger, Framer]:
    """Give what to read with, compiled once a process."""
    return Tagger.load(), make_framer(learned)


def see_versions(job: Job) -> None:
    """See that this machine can do a job.

    Raises:
        WorkerError: it has other versions.
    """
    require(job.versions, versions(_tools(job.learned)[1]))

"""The form of results: what was found in each document, and which documents are copies.

docs/scale.md says what each column means.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from typing import IO, Final, NamedTuple, cast

import pyarrow as pa
from pyarrow import parquet as pq

from corpus.copies import Block
from corpus.model import Field, FormClass, Mention, StoredMention
from corpus.store.framings import StoredFraming
from nlp.engine.place import fingerprint

NOTE: Final = b"narra"
"""Key of the file's metadata under which `Summary` lies."""

READINGS: Final = "read"
COPIES: Final = "copies"

_MENTION: Final = pa.struct(
    [
        pa.field("field", pa.string(), nullable=False),
        pa.field("start", pa.int32(), nullable=False),
        pa.field("end", pa.int32(), nullable=False),
        pa.field("entity", pa.string(), nullable=False),
        pa.field("form_class", pa.string(), nullable=False),
        pa.field("form", pa.string(), nullable=False),
        pa.field("rule", pa.string(), nullable=False),
        pa.field("sentence", pa.int32(), nullable=False),
    ]
)
_FRAMING: Final = pa.struct(
    [
        pa.field("target", pa.string(), nullable=False),
        pa.field("frame", pa.string(), nullable=False),
        pa.field("pillar", pa.string()),
        pa.field("score", pa.float64(), nullable=False),
        pa.field("exchange", pa.float64()),
        pa.field("people", pa.float64()),
        pa.field("way", pa.string()),
    ]
)
READING_SCHEMA: Final = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("outlet", pa.string(), nullable=False),
        pa.field("narrative", pa.string()),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("language", pa.string(), nullable=False),
        pa.field("day", pa.string()),
        pa.field("titled", pa.bool_(), nullable=False),
        pa.field("counts", pa.bool_(), nullable=False),
        pa.field("hash", pa.string(), nullable=False),
        pa.field("sentences", pa.int32(), nullable=False),
        pa.field("mentions", pa.list_(_MENTION), nullable=False),
        pa.field("framings", pa.list_(_FRAMING), nullable=False),
    ]
)
COPIES_SCHEMA: Final = pa.schema(
    [pa.field("document", pa.string(), nullable=False), pa.field("copy", pa.string(), nullable=False)]
)


class Reading(NamedTuple):
    """What was found in one document, and what it was when it was read; `READING_SCHEMA` as a row."""

    id: str
    outlet: str
    narrative: str | None
    kind: str
    language: str
    day: str | None
    titled: bool
    counts: bool
    hash: str
    sentences: int
    mentions: tuple[tuple[str, int, int, str, str, str, str, int], ...]
    framings: tuple[tuple[str, str, str | None, float, float | None, float | None, str | None], ...]

    def mentions_of(self, row: int) -> tuple[StoredMention, ...]:
        """Give the mentions as those of a stored document."""
        return tuple(
            StoredMention(
                row, cast("Field", field), sentence, Mention(start, end, entity, cast("FormClass", c), form, rule)
            )
            for field, start, end, entity, c, form, rule, sentence in self.mentions
        )

    def framings_of(self, row: int) -> list[StoredFraming]:
        """Give the framings likewise."""
        return [StoredFraming(row, *f) for f in self.framings]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a file of readings says of itself.

    Attributes:
        documents: how many there are.
        blocks: in which of these there is one that counts.
    """

    documents: int
    blocks: tuple[Block, ...]


def stored_mention(m: StoredMention) -> tuple[str, int, int, str, str, str, str, int]:
    """Give a mention as a value of `READING_SCHEMA`."""
    return (m.field, *m.mention, m.sentence)


def stored_framing(
    f: StoredFraming,
) -> tuple[str, str, str | None, float, float | None, float | None, str | None]:
    """Give a framing likewise."""
    return (f.target, f.frame, f.pillar, f.score, f.exchange, f.people, f.way)


def write_readings(file: IO[bytes], batches: Sequence[pa.RecordBatch], blocks: Sequence[Block]) -> None:
    """Write batches of `READING_SCHEMA`."""
    note = {"blocks": [astuple(block) for block in blocks], "documents": sum(batch.num_rows for batch in batches)}
    schema = READING_SCHEMA.with_metadata({NOTE: json.dumps(note, sort_keys=True).encode()})
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch.cast(schema))


def read_summary(file: IO[bytes]) -> Summary:
    """Give what a file of readings says of itself."""
    note = json.loads(pq.read_schema(file).metadata[NOTE])
    return Summary(note["documents"], tuple(Block(*block) for block in note["blocks"]))


def batch_of(readings: Sequence[Reading]) -> pa.RecordBatch:
    """Make a batch of readings."""
    columns = zip(*readings, strict=True) if readings else ([] for _ in READING_SCHEMA)
    arrays = [pa.array(column, type=f.type) for column, f in zip(columns, READING_SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=READING_SCHEMA)


def read_readings(file: IO[bytes]) -> Iterator[list[Reading]]:
    """Give readings, a thousand or so at a time."""
    for batch in pq.ParquetFile(file).iter_batches(batch_size=1000):
        columns = batch.to_pydict()
        for name in ("mentions", "framings"):
            columns[name] = [tuple(tuple(item.values()) for item in items) for items in columns[name]]
        yield [Reading(*row) for row in zip(*columns.values(), strict=True)]


def write_copies(file: IO[bytes], pairs: Sequence[tuple[str, str]]) -> None:
    """Write pairs of ids that are copies."""
    columns = zip(*pairs, strict=True) if pairs else ([], [])
    pq.write_table(pa.table([pa.array(c, pa.string()) for c in columns], schema=COPIES_SCHEMA), file)


def read_copies(file: IO[bytes]) -> list[tuple[str, str]]:
    """Give the pairs of ids that are copies."""
    table = pq.read_table(file, schema=COPIES_SCHEMA)
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def copies_name(block: Block, members: Sequence[tuple[str, str, str, str | None]]) -> str:
    """Name the file that holds the copies of a block.

    Args:
        block: whose.
        members: (id, hash, outlet, day) of all documents compared: of others the copies are others.
    """
    said = fingerprint(*("\x1f".join(value or "" for value in member).encode() for member in sorted(members, key=str)))
    when = f"{block.first}-to-{block.last}" if block.first else "undated"
    return f"{COPIES}/{block.language}-{when}.{said}.parquet"

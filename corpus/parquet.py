"""Documents as Parquet: the form in which they go to other machines, and come back.

A dataset is a folder (local, or anything fsspec reaches: ``s3://…``) of files
``narrative=korea/month=2025-07/korea-2025-07-000.parquet``: one folder for each side
(``none`` for documents of neither) and month (``2025`` where only the year is known,
``undated``), files of at most `FILE_DOCUMENTS` documents. What only searches have brought
lies in files ``…-sampled-000.parquet``. The schema is `SCHEMA`; docs/fields.md says what
each column means.

The same store gives the same bytes. Every file is complete before it gets its name.
"""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain, islice
from typing import Any, Final, cast

import fsspec
import pyarrow as pa
from fsspec import AbstractFileSystem
from pyarrow import parquet as pq

from corpus.errors import InputError
from corpus.model import Document
from corpus.store import Partition, Store

FORMAT: Final = "1"
"""Raised when a column changes its meaning."""

FILE_DOCUMENTS: Final = 20_000
GROUP_DOCUMENTS: Final = 1_000  # written, and read, at once

NOTE: Final = b"narra"
"""Key of the file's metadata under which `note_of` lies."""

SCHEMA: Final = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("keys", pa.list_(pa.string()), nullable=False),
        pa.field("url", pa.string()),
        pa.field("outlet", pa.string(), nullable=False),
        pa.field("country", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("language", pa.string(), nullable=False),
        pa.field("title", pa.string(), nullable=False),
        pa.field("body", pa.string(), nullable=False),
        pa.field("keywords", pa.string(), nullable=False),
        pa.field("excluded", pa.string(), nullable=False),
        pa.field("day", pa.string()),
        pa.field("precision", pa.string()),
        pa.field("published_at", pa.string()),
        pa.field("published_how", pa.string()),
        pa.field("published_original", pa.string()),
    ]
)


def note_of(*, sampled: bool) -> bytes:
    """Give what a file says of itself: the version of its form, and whether only searches brought what it holds."""
    return json.dumps({"documents": FORMAT, "sampled": sampled}, sort_keys=True).encode()


def row_of(document: Document) -> dict[str, Any]:
    """Give a document as a row of `SCHEMA`; ``source`` is left out: it says how this store got it."""
    published = document.published
    return {
        "id": document.id,
        "keys": list(document.keys),
        "url": document.url,
        "outlet": document.outlet.name,
        "country": document.outlet.country,
        "kind": document.kind,
        "language": document.language,
        "title": document.title,
        "body": document.body,
        "keywords": document.keywords,
        "excluded": document.excluded,
        "day": published and published.day,
        "precision": published and published.precision,
        "published_at": published and published.at,
        "published_how": published and published.how,
        "published_original": published and published.original,
    }


def export(
    store: Store, url: str, report: Callable[[int], None] = lambda _: None, *, rows: Collection[int] | None = None
) -> int:
    """Write all documents of a store as a dataset, or some of them.

    An earlier dataset in the same place is replaced, file by file.

    Args:
        store: opened; what others write meanwhile is not in the dataset where the caller holds a snapshot.
        url: a folder, or an address fsspec knows.
        report: told how many documents each piece held.
        rows: only these documents; None: all. Those of one language then lie together in each part.

    Returns:
        how many documents were written.

    Raises:
        InputError: the place cannot be written, or holds what is no dataset of narra's.
    """
    try:
        system, root = fsspec.core.url_to_fs(url)
        stale = _own_files(system, root)
        done = 0
        for partition, brought in _parts(store, rows):
            for name, documents in _files(partition, brought):
                path = f"{root}/{name}"
                done += _write(system, path, documents, report, sampled=partition.sampled)
                stale -= {path, _partial(path)}
        for path in sorted(stale):
            system.rm_file(path)
    except OSError as error:
        full = " Free some space, then run the command again." if error.errno == errno.ENOSPC else ""
        raise InputError(f"{url} cannot be written: {error}.{full}") from None
    except (ValueError, ImportError) as error:  # these two: an address of an unknown or uninstalled kind
        raise InputError(f"{url} cannot be written: {error}.") from None
    return done


def _parts(store: Store, rows: Collection[int] | None) -> Iterator[tuple[Partition, Iterator[Document]]]:
    if rows is None:
        yield from ((partition, store.documents_of(partition)) for partition in store.partitions())
    else:
        yield from ((partition, store.documents_at(own)) for partition, own in store.parts_of(rows).items())


def _own_files(system: AbstractFileSystem, root: str) -> set[str]:
    """Give the files of an earlier dataset.

    Raises:
        InputError: something else lies there.
    """
    found = set(cast("list[str]", system.find(root))) if system.exists(root) else set()
    strange = sorted(path for path in found if "/narrative=" not in path)
    if strange:
        raise InputError(f"{root} holds {strange[0]}, which is no part of a dataset. Choose an empty or new folder.")
    return found


def _files(partition: Partition, documents: Iterator[Document]) -> Iterator[tuple[str, Iterator[Document]]]:
    """Cut a partition into files, by name."""
    narrative, month = partition.narrative or "none", partition.month or "undated"
    sampled = "-sampled" if partition.sampled else ""
    number = 0
    while (first := next(documents, None)) is not None:
        name = f"narrative={narrative}/month={month}/{narrative}-{month}{sampled}-{number:03}.parquet"
        yield name, chain([first], islice(documents, FILE_DOCUMENTS - 1))
        number += 1


def _partial(path: str) -> str:
    """Name a file while it is written; one that an interrupt left is written over, or removed at the end."""
    return f"{path}.partial"


def _write(
    system: AbstractFileSystem,
    path: str,
    documents: Iterable[Document],
    report: Callable[[int], None],
    *,
    sampled: bool,
) -> int:
    system.makedirs(path.rpartition("/")[0], exist_ok=True)
    partial = _partial(path)
    schema = SCHEMA.with_metadata({NOTE: note_of(sampled=sampled)})
    rows = iter(documents)
    done = 0
    try:
        with system.open(partial, "wb") as file, pq.ParquetWriter(file, schema, compression="zstd") as writer:
            while group := [row_of(document) for document in islice(rows, GROUP_DOCUMENTS)]:
                writer.write_batch(pa.RecordBatch.from_pylist(group, schema=schema))
                done += len(group)
                report(len(group))
    except OSError:
        if system.exists(partial):  # on a full disk it would only be in the way
            system.rm_file(partial)
        raise
    system.mv(partial, path)
    return done

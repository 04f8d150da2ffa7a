"""Import files into the store: the single boundary at which a bad file is caught and recorded."""

from __future__ import annotations

import glob
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Final

from collectors.files.lines import printable
from collectors.files.read import Reader, open_file
from collectors.files.searched import SEARCHED, Watch
from corpus.errors import FileProblemError
from corpus.model import Document, ImportSummary, Refusal
from corpus.store import Store

BATCH: Final = 500
# Batches of very long texts are cut shorter, so that memory stays small.
BATCH_CHARACTERS: Final = 32 * 1024 * 1024
ISSUES_KEPT: Final = 10_000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import has come.

    Attributes:
        file: the file being read.
        bytes_done: bytes of it used, packed as it is.
        bytes_total: its bytes.
        documents_done: documents saved so far, of all files (new, known or changed).
    """

    file: Path
    bytes_done: int
    bytes_total: int
    documents_done: int


def expand(patterns: Iterable[str], folder: Path) -> list[Path]:
    """Turn paths and patterns into a sorted list of files, each once.

    Args:
        patterns: paths, or patterns with ``*``, ``?``, ``[…]`` and ``**``.
        folder: where relative ones begin.

    Raises:
        FileProblemError: a pattern matches no file.
    """
    return sorted({path for pattern in patterns for path in _matches(pattern, folder)})


def _matches(pattern: str, folder: Path) -> list[Path]:
    plain = folder / pattern
    if pattern and plain.is_dir() and (parts := sorted(plain.rglob("*.parquet"))):
        return parts  # a dataset, as `narra export` writes it
    if pattern and plain.exists():  # also a name with a bracket in it
        return [plain]
    found = [folder / match for match in glob.glob(pattern, root_dir=folder, recursive=True)]  # noqa: PTH207 Path.glob takes no absolute pattern
    files = [path for path in found if path.is_file()]
    if not files:
        raise FileProblemError(f"No file matches {pattern!r} in {folder.resolve()}. Check the name and the folder.")
    return files


def import_files(
    store: Store, paths: Sequence[Path], report: Callable[[Progress], None], *, sampled: bool | None = None
) -> dict[Path, ImportSummary]:
    """Import files, one after another; one that cannot be read does not stop the others.

    Whoever calls holds `Store.writing`. A file that was imported before changes
    nothing: its documents are known. The run is recorded in the store as ``ok``
    (all taken), ``partial`` (something was refused), ``failed`` (nothing could be
    taken, or the store failed) or ``interrupted``.

    Args:
        store: where documents, refused records and the run go.
        paths: the files.
        report: is called after every batch.
        sampled: whether the files hold what a search found, and not all that their outlets published;
            None: as is usual for each form (see docs/decisions/0006-searches.md).

    Returns:
        what became of each file; ``damaged`` says why one could not be read, or not to its end.
    """
    summaries = {path: ImportSummary() for path in paths}
    run = store.start_run("import")
    status = "failed"
    before = 0
    try:
        for path, summary in summaries.items():
            _import_file(store, run, path, summary, partial(_told, report, before), sampled=sampled)
            before += summary.read - summary.refused
        status = _status(summaries.values())
    except KeyboardInterrupt:
        status = "interrupted"
        raise
    finally:
        store.end_run(run, status, {printable(path): asdict(summary) for path, summary in summaries.items()})
    return summaries


def _import_file(  # noqa: PLR0913 what it is told of a file
    store: Store,
    run: int,
    path: Path,
    summary: ImportSummary,
    report: Callable[[Reader, ImportSummary], None],
    *,
    sampled: bool | None,
) -> None:
    try:
        reader = open_file(path)
    except FileProblemError as error:
        summary.damaged = _without(path, str(error))
        _refuse(store, run, [Refusal(printable(path), 0, "file cannot be read", str(error))], summary)
        return
    summary.sampled = reader.kind in SEARCHED if sampled is None else sampled
    store.use_source(reader.source, reader.kind, sampled=summary.sampled)
    _import_records(store, run, reader, summary, report)
    summary.damaged = reader.damaged or ""


def _without(path: Path, message: str) -> str:
    # Whoever prints a summary names the file already.
    return message.removeprefix(str(path)).lstrip(": ")


def _import_records(
    store: Store, run: int, reader: Reader, summary: ImportSummary, report: Callable[[Reader, ImportSummary], None]
) -> None:
    watch = Watch()
    with closing(_batches(reader.records())) as batches:
        for batch in batches:
            documents = [record for record in batch if isinstance(record, Document)]
            for document in documents:
                watch.see(document)
            _save(store, documents, summary)
            _refuse(store, run, [record for record in batch if isinstance(record, Refusal)], summary)
            report(reader, summary)
    # Of BigKinds one can export all of an outlet's days, or what a search found; the file doesn't say which.
    if reader.kind == "bigkinds" and not summary.sampled:
        summary.suspicion = watch.suspicion


def _told(report: Callable[[Progress], None], before: int, reader: Reader, summary: ImportSummary) -> None:
    documents = before + summary.read - summary.refused
    report(Progress(reader.path, reader.position(), reader.size, documents))


def _batches(records: Iterator[Document | Refusal]) -> Generator[list[Document | Refusal], None, None]:
    batch: list[Document | Refusal] = []
    characters = 0
    for record in records:
        batch.append(record)
        if isinstance(record, Document):
            characters += len(record.title) + len(record.body) + len(record.keywords)
        if len(batch) == BATCH or characters > BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _save(store: Store, documents: list[Document], summary: ImportSummary) -> None:
    outcomes = store.save_documents(documents, sampled=summary.sampled)
    summary.taken += outcomes.count("taken")
    summary.known += outcomes.count("known")
    summary.changed += outcomes.count("changed")
    summary.excluded += sum(document.excluded != "" for document in documents)
    summary.undated += sum(document.published is None for document in documents)


def _refuse(store: Store, run: int, refusals: list[Refusal], summary: ImportSummary) -> None:
    room = max(0, ISSUES_KEPT - summary.refused)
    store.add_issues(run, refusals[:room])
    summary.refused += len(refusals)
    for refusal in refusals:
        summary.reasons[refusal.reason] = summary.reasons.get(refusal.reason, 0) + 1


def _status(summaries: Iterable[ImportSummary]) -> str:
    refused = read = 0
    for summary in summaries:
        refused += summary.refused
        read += summary.read
    if not refused:
        return "ok"
    return "failed" if refused == read else "partial"

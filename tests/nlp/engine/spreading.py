"""Helpers of tests of engines: an engine in this very process, and a store's whole work."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from storing import content

from collectors.run import import_files
from corpus.copies import Block, Compared, compared, group_store
from corpus.store import Store
from nlp.count import count_store
from nlp.engine.engines import Engine, Failed
from nlp.engine.load import Loaded, compared_elsewhere, load_readings, results_at
from nlp.engine.spread import make_job
from nlp.engine.tasks import Job
from nlp.frames.framer import Framer
from nlp.frames.run import frame_store
from nlp.run import tag_store
from nlp.tagger import Tagger

Item = TypeVar("Item")
Result = TypeVar("Result")
Content = dict[str, list[tuple[object, ...]]]


@dataclass(frozen=True)
class Here:
    """An engine without processes; `Engine` asks for no more."""

    def each(self, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[Item, Result | Failed]]:
        for item in items:
            try:
                yield item, work(item)
            except OSError as error:
                yield item, Failed(f"{error}")

    def see(self, check: Callable[[], None]) -> int:
        check()
        return 1


HERE: Engine = Here()


def take(store: Store, paths: Sequence[Path]) -> None:
    """Import files."""
    summaries = import_files(store, paths, lambda _: None)
    assert not any(summary.refused or summary.damaged for summary in summaries.values())


def work(store: Store, compare: Callable[[Store, Block], Compared] = compared) -> tuple[int, int]:
    """Do all that is left to do; give how many texts were tagged and framed here."""
    done = tag_store(store, Tagger.load()), frame_store(store, Framer.load())
    group_store(store, compare=compare)
    count_store(store)
    return done


def job_of(dataset: Path, folder: Path) -> Job:
    return make_job(str(dataset), str(folder / "results"))


def copy_of(dataset: Path, folder: Path) -> Path:
    """Give a copy of a dataset, to be spoilt."""
    return Path(shutil.copytree(dataset, folder / "documents"))


def loaded_into(path: Path, dataset: Path, job: Job) -> tuple[Loaded, list[Block], Content]:
    """Load results into a store that holds the documents, and finish it.

    Returns:
        what was loaded, which blocks had a result, and every table.
    """
    blocks: list[Block] = []
    with Store.open(path) as store, store.writing():
        take(store, sorted(dataset.rglob("*.parquet")))
        loaded = load_readings(store, job, results_at(job))
        assert work(store, compared_elsewhere(job, blocks.append)) == (0, 0)
    return loaded, blocks, content(path)


def digests(folder: Path) -> dict[str, str]:
    """Give a hash of each file, by name."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def spoil(path: Path) -> bytes:
    """Overwrite the middle of a file; give what it was."""
    whole = path.read_bytes()
    middle = len(whole) // 2
    path.write_bytes(whole[:4] + b"\xff" * middle + whole[4 + middle :])
    return whole

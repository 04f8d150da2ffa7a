"""The same work by a local process pool and by Dask: how much longer Dask takes.

``uv run python benchmarks/engines.py [--megabytes 1000] [--rounds 3] [--workers 2] [--folder DIR] [--data DIR]``

Documents are made as `benchmarks/scale.py` makes them, and written as `narra export` writes
them, so many megabytes of text (UTF-8). Then both engines do the same job on them, in
turns, each from nothing: processes started, lexicons compiled, partitions tagged and framed,
blocks compared for copies, results written as Parquet. At the end both have written the same
files, byte for byte.

Other jobs on the machine slow both, and not always alike: besides the ratio of each round
stands that of the processor's seconds, of this process and all it started, which they hardly touch.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import shutil
import statistics
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet as pq
from scale import DATA, Maker, pieces

from corpus.calendar import parse_published
from corpus.model import Document, Outlet
from corpus.parquet import GROUP_DOCUMENTS, NOTE, SCHEMA, note_of, row_of
from nlp.engine.engines import Engine, Pool
from nlp.engine.on_dask import on_dask
from nlp.engine.spread import Ended, Report, make_job, spread

FILE_DOCUMENTS = 5_000  # fewer than `narra export` puts into one: so few files would not share out evenly
AVERAGE = 3_600  # bytes of text a document


def document(record: dict[str, str]) -> Document:
    """Make a document of a record."""
    return Document(
        keys=(f"id:benchmark:{record['id']}",),
        source="benchmark",
        outlet=Outlet(record["outlet"], record["country"]),
        kind="news",
        language=record["language"],
        title=record["title"],
        body=record["body"],
        published=parse_published(record["published_at"], record["country"]),
    )


def make(folder: Path, maker: Maker, megabytes: int) -> tuple[int, int]:
    """Write a dataset; give its documents and bytes of text."""
    parts: dict[tuple[str, str], list[Document]] = defaultdict(list)
    numbers: dict[tuple[str, str], int] = defaultdict(int)
    documents = size = 0
    for record in maker.records(0, maker.total):
        one = document(record)
        key = ("korea" if one.outlet.country == "KR" else "asean", record["published_at"][:7])
        parts[key].append(one)
        documents += 1
        size += len(one.title.encode()) + len(one.body.encode())
        if len(parts[key]) == FILE_DOCUMENTS:
            write(folder, key, numbers[key], parts.pop(key))
            numbers[key] += 1
        if size >= megabytes * 1e6:
            break
    for key, rest in parts.items():
        write(folder, key, numbers[key], rest)
    return documents, size


def write(folder: Path, key: tuple[str, str], number: int, documents: list[Document]) -> None:
    """Write one file, as `narra export` does."""
    narrative, month = key
    path = folder / f"narrative={narrative}" / f"month={month}" / f"{narrative}-{month}-{number:03}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [row_of(d) for d in sorted(documents, key=lambda d: d.language)]
    schema = SCHEMA.with_metadata({NOTE: note_of(sampled=False)})
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path, compression="zstd", row_group_size=GROUP_DOCUMENTS)


def run(name: str, documents: Path, results: Path, workers: int) -> tuple[Ended, dict[str, float]]:
    """Do the whole job by one engine; give how it ended, and seconds by stage."""
    began, used = time.perf_counter(), processor()
    reached: dict[str, float] = {}

    def told(report: Report) -> None:
        reached[report.stage] = time.perf_counter() - began

    with ExitStack() as stack:
        engine: Engine = Pool(workers) if name == "pool" else stack.enter_context(on_dask(None, workers))
        ended = spread(engine, make_job(str(documents), str(results)), told, counted=False)
    if ended.missing:
        raise SystemExit(f"missing: {ended.missing}")
    whole = time.perf_counter() - began
    reading, copies = reached["reading"], reached["finding copies"]
    taken = {"reading": reading, "copies": copies - reading, "all": whole, "processor": processor() - used}
    return ended, taken


def processor() -> float:
    """Give the processor's seconds of this process and of those it started that have ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def digest(folder: Path) -> str:
    """Give a hash of all files and their names."""
    said = hashlib.sha256()
    for path in sorted(folder.rglob("*.parquet")):
        said.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return said.hexdigest()


def main() -> None:
    """Make the documents, and let both engines work on them in turns."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--data", type=Path, default=DATA)
    chosen = parser.parse_args()
    if chosen.folder:
        chosen.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        documents = Path(folder, "documents")
        maker = Maker(pieces(chosen.data), int(chosen.megabytes * 1e6) // AVERAGE)
        number, size = make(documents, maker, chosen.megabytes)
        files = list(documents.rglob("*.parquet"))
        packed = sum(path.stat().st_size for path in files)
        print(
            f"{number:,} documents, {size / 1e6:,.0f} MB of text, {packed / 1e6:,.0f} MB in {len(files)} files",
            flush=True,
        )
        ratios: dict[str, list[float]] = defaultdict(list)
        for turn in range(chosen.rounds):
            seconds, digests = {}, set()
            for name in ("pool", "dask") if turn % 2 == 0 else ("dask", "pool"):
                results = Path(folder, name)
                ended, seconds[name] = run(name, documents, results, chosen.workers)
                digests.add(digest(results))
                written = sum(path.stat().st_size for path in results.rglob("*.parquet"))
                shutil.rmtree(results)
                said = ", ".join(f"{stage} {taken:.1f} s" for stage, taken in seconds[name].items())
                print(f"  {name}: {said}; {len(ended.copies)} blocks, {written / 1e6:,.0f} MB written", flush=True)
            if len(digests) != 1:
                raise SystemExit("the two engines wrote different results")
            for stage in ("reading", "copies", "all", "processor"):
                ratios[stage].append(seconds["dask"][stage] / seconds["pool"][stage])
        for stage, found in ratios.items():
            middle = statistics.median(found)
            print(f"{stage}: Dask takes {middle:.2f} x the pool's time ({min(found):.2f}-{max(found):.2f})")


if __name__ == "__main__":
    main()

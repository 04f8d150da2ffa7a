"""What a document costs, stage by stage, at 10,000, 100,000 and 1,000,000 documents.

``uv run python benchmarks/scale.py [--documents 10000 100000] [--workers 2] [--folder DIR] [--data ../shared/data]``

The documents are those of `made`. Nothing of the texts is kept but in DIR, which is
deleted at the end; with ``--keep WORKSPACE`` the workspace stays, for other benchmarks.

Each stage is timed beside its own floor: the same bytes through the least that could be done.

===========  ====================================================================
import       lines read, parsed, and written by raw ``sqlite3`` ``executemany``
tag          texts read from the store, the bare automaton over each, one process
frames       texts with names read from the store, the bare automaton over the
             title and the sentences that name something, once a text
copies       texts read from the store, and nothing done
count        mentions read from the store, and as many rows written as counts have
words        the sentences around names found as the stage finds them, and the
             bare segmenter over each
===========  ====================================================================

Then: a rerun with nothing new, a rerun with 1 % new documents (of the days after the
last), and one after a name was added to the Korean lexicon.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from itertools import groupby, islice
from pathlib import Path

from made import COUNTRY, DATA, Maker, Spent, pieces, timed, write

from collectors.run import import_files
from corpus.copies import group_store
from corpus.settings import make_workspace
from corpus.store import Store
from nlp.count import count_store
from nlp.frames.framer import Framer
from nlp.frames.run import frame_store
from nlp.frames.surroundings import sentences_around
from nlp.lexicon.build import lexicon_folder
from nlp.run import tag_store
from nlp.segment import segmenter
from nlp.tagger import Tagger
from nlp.words_near import words_store

ADDED_NAME = "나라이름시험"  # stands in no text: what a changed lexicon costs beside tagging what it touches


# -- floors --------------------------------------------------------------


def import_floor(source: Path, target: Path) -> None:
    """Read, parse and write rows, and nothing else."""
    db = sqlite3.connect(target)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("CREATE TABLE t (id, url, title, body, language, published_at, outlet, country, kind)")
    with source.open(encoding="utf-8") as lines:
        rows = (json.loads(line) for line in lines)
        insert = "INSERT INTO t VALUES (:id, :url, :title, :body, :language, :published_at, :outlet, :country, :kind)"
        while batch := list(islice(rows, 500)):
            with db:
                db.executemany(insert, batch)
    db.close()


def tag_floor(store: Path, tagger: Tagger) -> None:
    """Run the bare automaton over every text."""
    with sqlite3.connect(store) as db:
        for language, title, body in db.execute("SELECT language, title, body FROM documents ORDER BY row"):
            matcher = tagger.matcher(language)
            matcher.hits(title)
            matcher.hits(body)


def copies_floor(store: Path) -> None:
    """Read every text."""
    with sqlite3.connect(store) as db:
        for _ in db.execute("SELECT row, outlet, day, title, body FROM documents ORDER BY row"):
            pass


_Named = tuple[str, str, str, str, list[tuple[int, int]]]


def _named(store: Path, entities: str = "") -> Iterator[_Named]:
    """Give language, narrative, title, body and the places of names in it, of each text that names something."""
    with sqlite3.connect(store) as db:
        rows = db.execute(
            f"SELECT d.row, d.language, d.narrative, d.title, d.body, m.field, m.start, m.end "  # noqa: S608 ours
            f"FROM documents d JOIN mentions m ON m.document = d.row {entities} ORDER BY d.row"
        )
        for (_, language, narrative, title, body), own in groupby(rows, key=lambda r: r[:5]):
            yield language, narrative, title, body, [(r[6], r[7]) for r in own if r[5] == "body"]


def frames_floor(store: Path, framer: Framer) -> None:
    """Run the bare automaton over what is around any name."""
    for language, _, title, body, places in _named(store):
        finder = framer.finder(language)
        for start, end in [(0, 0), *sentences_around(body, places)]:
            finder.find(body[start:end] or title)


def words_floor(store: Path) -> None:
    """Cut the sentences around the names that words are read around."""
    asked = "WHERE m.entity IN ('ASEAN', 'SEA') OR d.narrative = 'korea' AND m.entity NOT IN ('KR', 'KOREA', 'KP')"
    for language, _, _, body, places in _named(store, asked):
        cut = segmenter(language)
        for start, end in sentences_around(body, places):
            cut(body[start:end])


def count_floor(store: Path, target: Path) -> None:
    """Read every mention, and write as many rows as there are counts."""
    with sqlite3.connect(store) as db:
        for _ in db.execute("SELECT document, field, entity, form_class, sentence FROM mentions"):
            pass
        rows = db.execute("SELECT * FROM counts").fetchall()
    out = sqlite3.connect(target)
    out.execute("PRAGMA journal_mode = WAL")
    out.execute(
        "CREATE TABLE t (a, b, c, d, e, f, g, h, i, j, k, l, PRIMARY KEY (a, b, c, d, e, f, g, h)) WITHOUT ROWID"
    )
    with out:
        out.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    out.close()


# -- the run -------------------------------------------------------------


def stages(store: Store, source: Path, tagger: Tagger, framer: Framer, workers: int) -> dict[str, Spent]:
    """Run every stage, and give what each took."""
    return {
        "import": timed(lambda: import_files(store, [source], lambda _: None), "import"),
        "tag": timed(lambda: tag_store(store, tagger, workers=workers), "tag"),
        "frames": timed(lambda: frame_store(store, framer), "frames"),
        "copies": timed(lambda: group_store(store), "copies"),
        "count": timed(lambda: count_store(store), "count"),
        "words": timed(lambda: words_store(store), "words"),
    }


def floors(source: Path, path: Path, folder: Path, tagger: Tagger, framer: Framer) -> dict[str, Spent]:
    """Run every floor, and give what each took."""
    return {
        "import": timed(lambda: import_floor(source, folder / "floor.db"), "floor of import"),
        "tag": timed(lambda: tag_floor(path, tagger), "floor of tag"),
        "frames": timed(lambda: frames_floor(path, framer), "floor of frames"),
        "copies": timed(lambda: copies_floor(path), "floor of copies"),
        "count": timed(lambda: count_floor(path, folder / "floor2.db"), "floor of count"),
        "words": timed(lambda: words_floor(path), "floor of words"),
    }


def changed_lexicon(folder: Path) -> Path:
    """Copy the lexicon, with one Korean name more."""
    shutil.copytree(lexicon_folder(), folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    with (folder / "ko.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[[form]]\nentity = "ASEAN"\nclass = "common"\ntext = ["{ADDED_NAME}"]\nsource = "benchmark"\n')
    return folder


def measure(size: int, pool: dict[str, list[str]], folder: Path, kept: Path | None, workers: int) -> None:
    """Measure one size, and print what came of it."""
    source, later = folder / "documents.jsonl", folder / "later.jsonl"
    path = make_workspace(kept or folder / "workspace").store_path
    extra = size // 100
    maker = Maker(pool, size)
    made = timed(lambda: write(source, maker.records(0, size)))
    write(later, maker.records(size, size + extra))
    print(f"\n{size:,} documents, {source.stat().st_size / 1e6:,.0f} MB of JSON Lines (made in {made.seconds:.0f} s)")
    tagger, framer = Tagger.load(), Framer.load()
    for language in COUNTRY:  # what a stage loads once is no part of what a document costs
        tagger.matcher(language)
        segmenter(language)("")
    with Store.open(path) as store, store.writing():
        first = stages(store, source, tagger, framer, workers)
        again = stages(store, source, tagger, framer, workers)
        more = stages(store, later, tagger, framer, workers)
        changed = Tagger.load(changed_lexicon(folder / "lexicon"))
        retag = timed(lambda: tag_store(store, changed, workers=workers), "a name more")
        tag_store(store, tagger)
        totals = store.totals()
    show(size, first, again, more, floors(source, path, folder, tagger, framer))
    whole = sum(one.seconds for one in first.values())
    share = 100 * sum(one.seconds for one in more.values()) / whole
    print(f"1 % new took {share:.1f} % of the first run; a name more in the lexicon {retag.seconds:.1f} s")
    peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(
        f"peak memory {peaks[0]:,.0f} MB, largest worker {peaks[1]:,.0f} MB; store {path.stat().st_size / 1e6:,.0f} MB"
    )
    print(", ".join(f"{n:,} {name}" for name, n in totals.items()))


def show(
    size: int, first: dict[str, Spent], again: dict[str, Spent], more: dict[str, Spent], least: dict[str, Spent]
) -> None:
    """Print a line a stage. The ratio is of core seconds, which other jobs change least."""
    columns = ("s", "core s", "docs/core s", "GB", "floor core s", "ratio", "nothing new s", "1 % new s")
    print(f"{'stage':8}" + "".join(f"{column:>14}" for column in columns))
    for name, spent in first.items():
        print(
            f"{name:8}{spent.seconds:14.1f}{spent.core:14.1f}{size / spent.core:14,.0f}{spent.written / 1e9:14.2f}"
            f"{least[name].core:14.1f}{spent.core / least[name].core:14.2f}"
            f"{again[name].seconds:14.2f}{more[name].seconds:14.2f}"
        )
    seconds, core = sum(one.seconds for one in first.values()), sum(one.core for one in first.values())
    written = sum(one.written for one in first.values()) / 1e9
    # Reading a file again is no part of a rerun's own cost.
    resting = sum(one.seconds for name, one in again.items() if name != "import")
    newer = sum(one.seconds for one in more.values())
    print(f"{'all':8}{seconds:14.1f}{core:14.1f}{size / core:14,.0f}{written:14.2f}{'':28}{resting:14.2f}{newer:14.2f}")


def main() -> None:
    """Measure each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=None, help="for what is thrown away")
    parser.add_argument("--keep", type=Path, default=None, help="a new folder, where the workspace stays")
    parser.add_argument("--data", type=Path, default=DATA)
    chosen = parser.parse_args()
    if chosen.folder:
        chosen.folder.mkdir(parents=True, exist_ok=True)
    if chosen.keep and len(chosen.documents) > 1:
        parser.error("--keep takes one size")
    pool = pieces(chosen.data)
    for size in chosen.documents:
        with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
            measure(size, pool, Path(folder), chosen.keep, chosen.workers)


if __name__ == "__main__":
    main()

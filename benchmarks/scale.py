"""What a document costs, stage by stage, at 10,000, 100,000 and 1,000,000 documents.

``uv run python benchmarks/scale.py [--documents 10000 100000] [--workers 2] [--folder DIR] [--data ../shared/data]``

Texts are made at run time from real ones: their words in runs of three to eight, drawn
anew for each document, so that names stand among real words and no two documents
share more than chance would have it. Lengths are log-normal (median 1,500
characters, as news articles have), the language is Korean for half of the documents, and
one in twelve is a copy that another outlet prints within three days. Nothing of the texts
is kept but in DIR, which is deleted at the end.

Each stage is timed beside its own floor: the same bytes through the least that could be done.

===========  ====================================================================
import       lines read, parsed, and written by raw ``sqlite3`` ``executemany``
tag          texts read from the store, the bare automaton over each, one process
copies       texts read from the store, and nothing done
count        mentions read from the store, and as many rows written as counts have
===========  ====================================================================

Then: a rerun with nothing new, a rerun with 1 % new documents (of the days after the
last), and one after a name was added to the Korean lexicon.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import resource
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from collectors.run import import_files
from corpus.copies import group_store
from corpus.store import Store
from nlp.count import count_store
from nlp.lexicon.build import lexicon_folder
from nlp.run import tag_store
from nlp.tagger import Tagger

DATA = Path(__file__).parents[1].parent / "shared" / "data"
FIRST_DAY = date(2024, 1, 1)
DAYS = 366
LANGUAGES = ("ko", "ko", "ko", "id", "en", "th")  # half Korea's, half ASEAN's
COUNTRY = {"ko": "KR", "id": "ID", "en": "SG", "th": "TH"}
OUTLETS = 30  # a language
MEDIAN, SPREAD = 1500, 0.6  # characters
COPIES = 12  # one document in so many
COPIED_WITHIN = 3  # days
PIECES = 4  # a sentence
ADDED_NAME = "나라이름시험"  # stands in no text: what a changed lexicon costs beside tagging what it touches


# -- texts ---------------------------------------------------------------


def pieces(folder: Path) -> dict[str, list[str]]:
    """Cut the real texts into runs of three to eight words, by language."""
    chance = random.Random(1)  # noqa: S311 a mixture, no secret
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                mine = found.setdefault(record["language"], [])
                # A language without spaces between words is cut by letters.
                unit = r"\S{1,30}\s*" if record["language"] != "th" else r".{1,12}"
                words = re.findall(unit, f"{record['title'] or ''} {record['body'] or ''}"[:20_000])
                while words:
                    size = chance.randint(3, 8)
                    mine.append("".join(words[:size]))
                    del words[:size]
    return {language: found[language] for language in COUNTRY}


@dataclass
class Maker:
    """Makes documents, the same ones each time."""

    pool: dict[str, list[str]]
    total: int
    chance: random.Random = field(default_factory=lambda: random.Random(2))  # noqa: S311 a mixture, no secret

    def records(self, first: int, last: int) -> Iterator[dict[str, str]]:
        """Make documents ``first`` to ``last`` of ``total``, in the order of their days."""
        recent: list[dict[str, str]] = []
        for number in range(first, last):
            day = FIRST_DAY + timedelta(days=number * DAYS // self.total)
            copied = recent and number % COPIES == 0
            record = self._copy(self.chance.choice(recent), day) if copied else self._new(day)
            record["id"] = str(number)
            recent = [r for r in recent[-40:] if (day - date.fromisoformat(r["published_at"])).days <= COPIED_WITHIN]
            recent.append(record)
            yield record

    def _new(self, day: date) -> dict[str, str]:
        language = self.chance.choice(LANGUAGES)
        length = min(20_000, int(self.chance.lognormvariate(0, SPREAD) * MEDIAN))
        parts: list[str] = []
        while length > 0:
            parts.append(self.chance.choice(self.pool[language]))
            length -= len(parts[-1])
        text = "".join(p + (". " if n % PIECES == 0 else "") for n, p in enumerate(parts, 1))
        return {
            "url": "",
            "title": "".join(self.chance.choices(self.pool[language], k=2)).strip() or "-",
            "body": text,
            "language": language,
            "published_at": day.isoformat(),
            "outlet": f"{language}-{self.chance.randrange(OUTLETS)}",
            "country": COUNTRY[language],
            "kind": "news",
        }

    def _copy(self, record: dict[str, str], day: date) -> dict[str, str]:
        outlet = f"{record['language']}-{self.chance.randrange(OUTLETS)}"
        return {**record, "outlet": outlet, "published_at": day.isoformat()}


def write(path: Path, records: Iterator[dict[str, str]]) -> None:
    """Write JSON Lines."""
    with path.open("w", encoding="utf-8") as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


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


def tag_floor(store: Path) -> None:
    """Run the bare automaton over every text."""
    tagger = Tagger.load()
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


def timed(work: Callable[[], object], name: str = "") -> float:
    """Give the seconds a piece of work takes, and say so where it has a name: a million take long."""
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    if name:
        print(f"  {name}: {seconds:.1f} s", flush=True)
    return seconds


def stages(store: Store, source: Path, tagger: Tagger, workers: int) -> dict[str, float]:
    """Run every stage, and give the seconds each took."""
    return {
        "import": timed(lambda: import_files(store, [source], lambda _: None), "import"),
        "tag": timed(lambda: tag_store(store, tagger, workers=workers), "tag"),
        "copies": timed(lambda: group_store(store), "copies"),
        "count": timed(lambda: count_store(store), "count"),
    }


def changed_lexicon(folder: Path) -> Path:
    """Copy the lexicon, with one Korean name more."""
    shutil.copytree(lexicon_folder(), folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    with (folder / "ko.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[[form]]\nentity = "ASEAN"\nclass = "common"\ntext = ["{ADDED_NAME}"]\nsource = "benchmark"\n')
    return folder


def measure(size: int, pool: dict[str, list[str]], folder: Path, workers: int) -> None:
    """Measure one size, and print what came of it."""
    source, later, path = folder / "documents.jsonl", folder / "later.jsonl", folder / "narra.db"
    extra = size // 100
    maker = Maker(pool, size)
    made = timed(lambda: write(source, maker.records(0, size)))
    write(later, maker.records(size, size + extra))
    print(f"\n{size:,} documents, {source.stat().st_size / 1e6:,.0f} MB of JSON Lines (made in {made:.0f} s)")
    tagger = Tagger.load()
    with Store.open(path) as store, store.writing():
        first = stages(store, source, tagger, workers)
        again = stages(store, source, tagger, workers)
        more = stages(store, later, tagger, workers)
        changed = Tagger.load(changed_lexicon(folder / "lexicon"))
        retag = timed(lambda: tag_store(store, changed, workers=workers), "a name more")
        totals = store.totals()
    floors = {
        "import": timed(lambda: import_floor(source, folder / "floor.db")),
        "tag": timed(lambda: tag_floor(path)),
        "copies": timed(lambda: copies_floor(path)),
        "count": timed(lambda: count_floor(path, folder / "floor2.db")),
    }
    print(f"{'stage':8}{'s':>9}{'docs/s':>10}{'floor s':>9}{'ratio':>7}{'nothing new s':>15}{'1 % new s':>11}")
    for name, seconds in first.items():
        print(
            f"{name:8}{seconds:9.1f}{size / seconds:10,.0f}{floors[name]:9.1f}{seconds / floors[name]:7.2f}"
            f"{again[name]:15.2f}{more[name]:11.2f}"
        )
    whole = sum(first.values())
    resting = sum(again.values()) - again["import"]  # reading a file again is no part of a rerun's own cost
    print(f"{'all':8}{whole:9.1f}{size / whole:10,.0f}{'':16}{resting:15.2f}{sum(more.values()):11.2f}")
    share = 100 * sum(more.values()) / whole
    print(f"1 % new took {share:.1f} % of the first run; a name more in the lexicon {retag:.1f} s")
    peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(
        f"peak memory {peaks[0]:,.0f} MB, largest worker {peaks[1]:,.0f} MB; store {path.stat().st_size / 1e6:,.0f} MB"
    )
    print(", ".join(f"{n:,} {name}" for name, n in totals.items()))


def main() -> None:
    """Measure each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--data", type=Path, default=DATA)
    chosen = parser.parse_args()
    pool = pieces(chosen.data)
    for size in chosen.documents:
        with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
            measure(size, pool, Path(folder), chosen.workers)


if __name__ == "__main__":
    main()

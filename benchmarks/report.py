"""What the report of a workspace costs, part by part, and what dominates.

``uv run python benchmarks/report.py [--documents 10000 100000] [--folder DIR] [--workspace DIR] [--quarter 2026Q3]``

Makes a workspace, or takes one that is there, and runs what ``narra report``, ``narra status``
and ``narra check`` run on it. A part's time holds that of the parts below it; a part that is
called often is added up. The report lies in the workspace as after ``narra report``, and is
compared with the one of the run before, where there is one: the numbers must not change when the
speed does.
"""

from __future__ import annotations

import argparse
import importlib
import json
import resource
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from unittest.mock import patch

from made import DATA, OUTLETS, Maker, Spent, pieces, timed, write
from scale import stages

from corpus.calendar import Quarter
from corpus.copies import stories_of
from corpus.settings import Workspace, make_workspace, open_workspace
from corpus.store import Store
from nlp.count import count, count_store
from nlp.frames.framer import Framer
from nlp.lexicon.build import version
from nlp.tagger import Tagger
from results.quarterly import latest_quarter
from results.report import write_report
from results.status import describe

P = ParamSpec("P")
T = TypeVar("T")

SECONDS, MEGABYTES = 120, 5  # what a report may take, and how much its page may hold
SHOWN = 0.005  # of the whole: less is no part worth a line

SEED = 30_000
# KR:ko-7 becomes KR:ko-8: so the documents of one day lie in as many outlets as real ones would.
_NEXT_OUTLET = f"substr(outlet, 1, 6) || ((CAST(substr(outlet, 7) AS INTEGER) + :turn) % {OUTLETS})"
# What is written again, and what its columns are then; the first is the document's number.
MULTIPLIED = {
    "documents": {"row": "row + :by", "id": "id || ':' || :turn", "story": "story + :by", "outlet": _NEXT_OUTLET},
    "keys": {"document": "document + :by", "key": "key || ':' || :turn"},
    "versions": {"document": "document + :by"},
    "deliveries": {"document": "document + :by"},
    "stories": {"id": "id + :by"},
    "mentions": {"document": "document + :by"},
    "framings": {"document": "document + :by"},
    "links": {"document": "document + :by", "copy": "copy + :by"},
    "near": {"document": "document + :by"},
    "near_read": {"document": "document + :by"},
}

# Where a part is called, and what it is called there.
PARTS = (
    ("results.report", "build"),
    ("results.report", "compute"),
    ("results.report", "gather"),
    ("results.report", "basis"),
    ("results.report", "word_evidence"),
    ("results.report", "render"),
    ("results.report", "read_page"),
    ("results.report", "pdf"),
    ("results.report", "docx"),
    ("results.report", "workbook"),
    ("results.report", "report_sheets"),
    ("results.report", "evidence_file"),
    ("results.outputs.pictures", "svg"),
    ("results.outputs.pictures", "png"),
    ("results.quarterly", "tabulate"),
    ("results.quarterly", "measures"),
    ("results.quarterly", "headlines"),
    ("results.quarterly", "weekly"),
    ("results.quarterly", "timelines"),
    ("results.quarterly", "levels"),
    ("results.quarterly", "pairs"),
    ("results.quarterly", "leads"),
    ("results.quarterly", "taken_up"),
    ("results.quarterly", "contrasts"),
    ("results.quarterly", "most_reprinted"),
    ("results.quarterly", "framings"),
    ("results.quarterly", "topic_shares"),
    ("results.quarterly", "pool"),
)
# What is asked of the store, wherever it is asked.
VERBS = (
    "counts_of",
    "denominators",
    "evidence",
    "near",
    "near_languages",
    "word_evidence",
    "reprints",
    "overview",
    "totals",
    "lexicons",
)


@dataclass
class Ledger:
    """Adds up what the parts take."""

    spent: dict[str, list[Spent]] = field(default_factory=dict)

    def watched(self, name: str, work: Callable[P, T]) -> Callable[P, T]:
        """Give ``work`` with a clock."""

        @wraps(work)
        def clocked(*args: P.args, **kwargs: P.kwargs) -> T:
            held: list[T] = []
            self.spent.setdefault(name, []).append(timed(lambda: held.append(work(*args, **kwargs))))
            return held[0]

        return clocked

    @contextmanager
    def open(self) -> Iterator[None]:
        """Watch all parts."""
        with ExitStack() as stack:
            for module, name in PARTS:
                owner: Any = importlib.import_module(module)
                if hasattr(owner, name):
                    label = f"{module.split('.')[-1]}.{name}"
                    stack.enter_context(patch.object(owner, name, self.watched(label, getattr(owner, name))))
            for name in VERBS:
                stack.enter_context(patch.object(Store, name, self.watched(f"store.{name}", getattr(Store, name))))
            yield

    def show(self, whole: float) -> None:
        """Print the parts, the largest first."""
        rows = [(sum(s.seconds for s in own), sum(s.core for s in own), len(own), n) for n, own in self.spent.items()]
        for seconds, core, times, name in sorted(rows, reverse=True):
            if seconds > SHOWN * whole:
                print(f"  {seconds:8.1f} s {core:8.1f} core s {seconds / whole:6.1%}  {times:4} × {name}")


def made(folder: Path, size: int, data: Path) -> Workspace:
    """Make a workspace of so many documents."""
    workspace, source = make_workspace(folder), folder / "documents.jsonl"
    seed = min(size, SEED)
    write(source, Maker(pieces(data), seed).records(0, seed))
    with Store.open(workspace.store_path) as store, store.writing():
        stages(store, source, Tagger.load(), Framer.load(), 2)
        multiply(store, size // seed)
    source.unlink()
    return workspace


def multiply(store: Store, times: int) -> None:
    """Write what every document has so many times, and count all."""
    connection = store._db.conn  # noqa: SLF001 no verb of the store makes rows out of rows
    step = connection.execute("SELECT max(row) FROM documents").fetchone()[0]
    statements = [_again(connection, table, own) for table, own in MULTIPLIED.items()]
    for turn in range(1, times):
        with connection:
            for statement in statements:
                connection.execute(statement, {"by": turn * step, "turn": turn, "last": step})
        print(f"  {turn + 1} times", end="\r", flush=True)
    if times > 1:
        with connection:
            connection.execute("DELETE FROM state WHERE key = 'counted'")
        timed(lambda: count_store(store), "count")


def _again(connection: sqlite3.Connection, table: str, own: dict[str, str]) -> str:
    columns = [str(row[1]) for row in connection.execute(f"PRAGMA table_info({table})")]
    values = [own.get(column, column) for column in columns]
    row = next(iter(own))
    listed = ", ".join(columns)
    return f"INSERT INTO {table} ({listed}) SELECT {', '.join(values)} FROM {table} WHERE {row} <= :last"  # noqa: S608 our own names


def measure(workspace: Workspace, quarter: Quarter | None) -> None:
    """Report, and say what it took."""
    peak = _peak()
    ledger = Ledger()
    with Store.open(workspace.store_path) as store, store.snapshot():
        totals = store.totals()
        print("\n" + ", ".join(f"{n:,} {name}" for name, n in totals.items()))
        latest: list[Quarter] = []
        found = timed(lambda: latest.append(latest_quarter(store)))
        wanted = quarter or latest[0]
        manifest = workspace.reports / str(wanted) / "manifest.json"
        before = _hashes(manifest)
        with ledger.open():
            whole = timed(partial(write_report, store, workspace, wanted))
    core = found.core + whole.core
    page = manifest.with_name("report.html").stat().st_size / 1e6
    print(f"finding the latest quarter {found.seconds:.1f} s; report of {wanted}: {whole.seconds:.1f} s")
    print(f"together {core:.1f} core s (wanted: below {SECONDS}); page {page:.2f} MB (wanted: below {MEGABYTES})")
    print(f"peak memory {_peak():,.0f} MB (before: {peak:,.0f})")
    ledger.show(whole.seconds)
    now = _hashes(manifest)
    if before:
        print("other than before: " + (", ".join(name for name in now if now[name] != before.get(name)) or "nothing"))
    with Store.open(workspace.store_path) as store, store.snapshot():
        timed(lambda: describe(store, version()), "status")
        timed(lambda: print(*store.faults(count, stories_of, lambda _: None)), "check")


def _hashes(manifest: Path) -> dict[str, str]:
    held: dict[str, str] = json.loads(manifest.read_text())["sha256"] if manifest.exists() else {}
    return held


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure each workspace."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, nargs="+", default=[10_000])
    parser.add_argument("--folder", type=Path, default=None, help="for workspaces that are thrown away")
    parser.add_argument("--workspace", type=Path, default=None, help="take this one as it is")
    parser.add_argument("--quarter", type=Quarter.parse, default=None)
    parser.add_argument("--data", type=Path, default=DATA)
    chosen = parser.parse_args()
    if chosen.folder:
        chosen.folder.mkdir(parents=True, exist_ok=True)
    if chosen.workspace:
        measure(open_workspace(chosen.workspace), chosen.quarter)
        return
    for size in chosen.documents:
        with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
            measure(made(Path(folder) / "workspace", size, chosen.data), chosen.quarter)


if __name__ == "__main__":
    main()

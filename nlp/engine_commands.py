"""Commands that spread the work over machines: spread, load, and what `narra run --engine dask` does."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer
from rich.markup import escape
from rich.progress import Progress

from corpus.errors import InputError, WorkerError
from corpus.settings import Workspace, open_workspace
from corpus.terminal import HERE, WorkersOption, WorkspaceOption, explained, open_store, out, progress, stage
from nlp.frame_commands import LEARNED_FILE

if TYPE_CHECKING:
    from corpus.copies import Block, Compared
    from corpus.store import Store
    from nlp.engine.engines import Engine
    from nlp.engine.load import Loaded
    from nlp.engine.spread import Ended, Report
    from nlp.engine.tasks import Job, Missing

    Compare = Callable[[Store, Block], Compared]

app = typer.Typer(rich_markup_mode=None)

OWN_PLACE: Final = "spread"  # in the workspace
EngineName = Literal["local", "dask"]
SchedulerOption = Annotated[
    str | None,
    typer.Option(help="Address of Dask's scheduler, e.g. tcp://host:8786; else a cluster of this machine's processes."),
]
PlaceOption = Annotated[
    str | None,
    typer.Option(
        help="Folder, or address such as s3://bucket/folder, through which documents go to the workers and results "
        "come back; all of them must reach it, and no other workspace use it. Needed with --scheduler."
    ),
]


@dataclass(frozen=True, slots=True)
class Spreading:
    """How to spread.

    Attributes:
        scheduler: address of Dask's; None: a cluster of this machine's processes.
        place: where documents and results lie until they are loaded; None: in the workspace.
        workers: processes of this machine's cluster; 0: one for each core.
    """

    scheduler: str | None = None
    place: str | None = None
    workers: int = 0


@app.command("spread")
@explained
def spread(  # noqa: PLR0913 a command has this many options
    documents: Annotated[
        str, typer.Argument(help="Parquet documents, as `narra export` writes them: a folder, s3://…")
    ],
    results: Annotated[str, typer.Argument(help="Where results are to lie: a folder, s3://…")],
    *,
    engine: Annotated[Literal["pool", "dask"], typer.Option(help="This machine's processes, or Dask.")] = "dask",
    scheduler: SchedulerOption = None,
    workers: WorkersOption = 0,
    learned: Annotated[
        Path | None, typer.Option(help="Words that frames have learned: the frames.json of a workspace.")
    ] = None,
) -> None:
    """Tag, frame and count documents in Parquet, and find their copies, on many machines: results are Parquet too."""
    job = _job(documents, results, learned)
    if engine == "pool" and scheduler:
        raise InputError("A scheduler is Dask's. Leave out --scheduler, or say: --engine dask")
    with _engine("dask" if engine == "dask" else "pool", job, scheduler, workers) as chosen, progress() as bar:
        ended = _spread(chosen, job, bar, None)
    out.print(
        f"Read {ended.documents:,} documents in {len(ended.readings):,} partitions, and compared {len(ended.copies):,} "
        f"blocks. Results: {escape(job.results)}"
    )
    if ended.missing:
        raise WorkerError(
            _said(
                ended.missing,
                "The others are read, and nothing was counted. Mend these or remove them, then run the command again.",
            )
        )
    out.print(f"Next, in a workspace: narra import {escape(documents)} && narra load {escape(results)}")


@app.command("load")
@explained
def load(
    results: Annotated[str, typer.Argument(help="What `narra spread` has written: a folder, s3://…")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Take results of `narra spread` into a workspace that holds the documents: as if it had worked itself."""
    opened = open_workspace(workspace)
    job = _job(results, results, opened.folder / LEARNED_FILE)
    from corpus.copies import group_store  # noqa: PLC0415 see open_store
    from nlp.engine.load import compared_elsewhere, results_at  # noqa: PLC0415 see open_store

    names = results_at(job)
    if not names:
        raise InputError(
            f"{results} holds no results of this narra and of this workspace's frames (they would lie in "
            f"{job.results}). Run narra spread with the same versions, and with --learned where frames have learned."
        )
    with open_store(opened) as store, stage(store, "load"), progress() as bar:
        loaded = _load(store, job, names, bar)
        known: list[Block] = []
        task = bar.add_task("copies", total=None, said="")
        changed = group_store(store, compare=compared_elsewhere(job, known.append))
        bar.update(task, completed=1, total=1)
        left = store.count_untagged(job.versions.lexicon)
    out.print(
        f"Loaded mentions of {loaded.tagged:,} documents, framings of {loaded.framed:,} and the copies of "
        f"{len(known):,} blocks, by which {changed:,} documents are in another story."
    )
    if left:
        out.print(f"{left:,} documents have no result, or changed since. narra run does them here.")
    if loaded.missing:
        raise WorkerError(_said(loaded.missing, "They were removed. Run narra spread again, then load again."))
    out.print("Next: narra run")


def chosen(engine: EngineName, scheduler: str | None, place: str | None, workers: int) -> Spreading | None:
    """Give how to spread, or None where the work is to be done here.

    Raises:
        InputError: what was said of it goes not together.
    """
    if engine == "local":
        if scheduler or place:
            raise InputError("--scheduler and --place say how to spread the work. Add: --engine dask")
        return None
    if scheduler and not place:
        raise InputError(
            "With --scheduler, say where the workers find the documents: --place s3://…, or a shared folder"
        )
    import_module("nlp.engine.on_dask")  # says what is not installed before anything is begun
    return Spreading(scheduler, place, workers)


def spread_stage(store: Store, workspace: Workspace, how: Spreading) -> tuple[Compare, tuple[Missing, ...]]:
    """Tag, frame and compare what is new on a cluster, and take in the results.

    Returns:
        what to find copies with, and what there is no result of.
    """
    job = _job(*_addresses(workspace, how), workspace.folder / LEARNED_FILE)
    from nlp.engine.load import compared_elsewhere, results_at  # noqa: PLC0415 see open_store
    from nlp.engine.run import send, to_spread  # noqa: PLC0415 see open_store

    compare = compared_elsewhere(job)
    with stage(store, "spread"), progress() as bar:
        if left := results_at(job):
            _load(store, job, left, bar, "left from before")
        rows, blocks = to_spread(store, job)
        if not rows:
            return compare, ()
        sending = bar.add_task("sending", total=len(rows), said="")
        send(store, job, rows, lambda documents: bar.advance(sending, documents))
        with _engine("dask", job, how.scheduler, how.workers) as engine:
            # The store counts by itself, with whatever documents of a day it had before.
            ended = _spread(engine, job, bar, blocks)
        loaded = _load(store, job, ended.readings, bar)
    out.print(
        f"Sent {len(rows):,} documents to {escape(job.documents)}; loaded mentions of {loaded.tagged:,}, framings of "
        f"{loaded.framed:,}; {len(ended.copies):,} blocks were compared for copies."
    )
    return compare, (*ended.missing, *loaded.missing)


def missing_said(missing: Sequence[Missing]) -> str:
    """Say what there is no result of, and what follows."""
    return _said(
        missing,
        "What was found in the others is stored. Nothing was counted: a day would look complete that is not. Run the "
        "same command again, which sends what is missing; or narra run, which does the rest here.",
    )


def clear(workspace: Workspace, how: Spreading) -> None:
    """Remove what was sent and came back: all of it is in the store."""
    from nlp.engine.place import Place  # noqa: PLC0415 see open_store

    for address in _addresses(workspace, how):
        Place(address).clear()
    if how.place is None:
        shutil.rmtree(workspace.folder / OWN_PLACE, ignore_errors=True)


def _addresses(workspace: Workspace, how: Spreading) -> tuple[str, str]:
    place = how.place or str(workspace.folder / OWN_PLACE)
    return f"{place}/sent", f"{place}/found"


def _said(missing: Sequence[Missing], then: str) -> str:
    lines = [f"  {one.name}: {one.why}" for one in missing]
    return "\n".join(["There is no result of:", *lines, then])


def _job(documents: str, results: str, learned: Path | None) -> Job:
    try:
        from nlp.engine.spread import make_job  # noqa: PLC0415 an extra
    except ModuleNotFoundError as error:
        raise InputError(f"This needs {error.name}, which is not installed. Run: uv sync --extra scale") from None
    return make_job(documents, results, _learned(learned))


def _learned(path: Path | None) -> str:
    from nlp.frames.learned import load as load_learned  # noqa: PLC0415 see open_store
    from nlp.frames.learned import to_json  # noqa: PLC0415 see open_store

    if path is None or (path.name == LEARNED_FILE and not path.is_file()):
        return ""
    return to_json(load_learned(path))


@contextmanager
def _engine(name: Literal["pool", "dask"], job: Job, scheduler: str | None, workers: int) -> Iterator[Engine]:
    from nlp.engine.engines import Pool  # noqa: PLC0415 see open_store
    from nlp.engine.tasks import see_versions  # noqa: PLC0415 see open_store
    from nlp.pool import cores  # noqa: PLC0415 see open_store

    if name == "pool":
        yield Pool(workers or cores())
        return
    from nlp.engine.on_dask import on_dask  # noqa: PLC0415 an extra

    with on_dask(scheduler, workers or cores()) as engine:
        number = engine.see(partial(see_versions, job))
        out.print(f"{number} workers, with lexicon {job.versions.lexicon} and frames {job.versions.frames}.")
        yield engine


def _spread(engine: Engine, job: Job, bar: Progress, blocks: frozenset[Block] | None) -> Ended:
    from nlp.engine.spread import spread as spread_work  # noqa: PLC0415 see open_store

    tasks = {}

    def told(report: Report) -> None:
        if report.stage not in tasks:
            tasks[report.stage] = bar.add_task(report.stage, total=report.total, said="")
        bar.update(tasks[report.stage], completed=report.done, said=f"{report.done:,} of {report.total:,}")

    return spread_work(engine, job, told, blocks=blocks, counted=blocks is None)


def _load(store: Store, job: Job, names: Sequence[str], bar: Progress, said: str = "") -> Loaded:
    from nlp.engine.load import load_readings  # noqa: PLC0415 see open_store

    task = bar.add_task("loading", total=len(names), said=said)
    return load_readings(store, job, names, lambda _: bar.advance(task))

"""The command line, put together from the commands of each stage.

The only place where the stages meet: `run` and `demo` call one after another.
"""

from __future__ import annotations

import os
import signal
import sys
import webbrowser
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.markup import escape

from collectors import commands as collecting
from corpus.errors import InputError, WorkerError
from corpus.settings import Workspace, make_workspace, open_workspace
from corpus.terminal import HERE, WorkersOption, WorkspaceOption, explained, open_store, out
from nlp import commands as language
from nlp import engine_commands as spreading
from nlp import frame_commands as framing
from nlp import topic_commands as topical
from results import commands as answering
from results import upkeep

DEMO_QUARTER: Final = "2026Q3"

app = typer.Typer(
    help="How visible is ASEAN in Korea's public narrative, and Korea in ASEAN's?",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command line."""
    signal.signal(signal.SIGTERM, _as_interrupt)
    app()


def _as_interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


@app.callback()
def _hand_over(context: typer.Context) -> None:
    context.obj = _titles_only


def _titles_only(workspace: Workspace) -> list[str]:
    """Give the sources of which only titles and links may be shown."""
    from collectors import catalogue  # noqa: PLC0415 see open_store

    sources = catalogue.load(catalogue.folders_of(workspace.folder))
    return [slug for slug, source in sources.items() if source.text == "titles"]


@app.command("init")
@explained
def init(folder: Annotated[Path, typer.Argument(help="A new or empty folder.")]) -> None:
    """Make a workspace: a folder with settings, in which documents, counts and reports are kept."""
    workspace = make_workspace(folder)
    out.print(f"Made a workspace in {escape(str(workspace.folder.resolve()))}. Its settings are in narra.toml.")
    out.print(f"Next: cd {escape(str(folder))} && narra import FILE…")


@app.command("run")
@explained
def run(  # noqa: PLR0913 a command has this many options
    quarter: Annotated[str | None, typer.Argument(help="Report this quarter, e.g. 2026Q3; else the latest.")] = None,
    workspace: WorkspaceOption = HERE,
    workers: WorkersOption = 0,
    *,
    engine: Annotated[
        spreading.EngineName, typer.Option(help="Work in this process and others beside it, or on a Dask cluster.")
    ] = "local",
    scheduler: spreading.SchedulerOption = None,
    place: spreading.PlaceOption = None,
) -> None:
    """Import the files named in narra.toml, then tag, count and report: only what is new is worked on."""
    from results.withholding import withhold  # noqa: PLC0415 see open_store

    opened = open_workspace(workspace)
    how = spreading.chosen(engine, scheduler, place, workers)
    damaged: list[str] = []
    with open_store(opened) as store:
        wanted = opened.settings.import_
        for files, sampled in ((wanted.files, None), (wanted.sampled, True), (wanted.complete, False)):
            if files:
                damaged += collecting.import_stage(store, files, opened.folder, sampled=sampled)
        compare = None
        if how is not None:
            compare, missing = spreading.spread_stage(store, opened, how)
            if missing:
                raise WorkerError("\n".join([spreading.missing_said(missing), *damaged]))
        language.tag_stage(store, workers)
        framing.frame_stage(store, opened)
        topical.assign_stage(store, opened)
        language.count_stage(store, compare)
        if how is not None:
            spreading.clear(opened, how)
        withhold(store, _titles_only(opened))
        answering.report_stage(store, opened, quarter)
    if damaged:
        raise InputError("\n".join(damaged))


@app.command("demo")
@explained
def demo(
    folder: Annotated[Path, typer.Argument(help="Where to make the demo workspace.")] = Path("narra-demo"),
    *,
    show: Annotated[bool, typer.Option("--open/--no-open", help="Open the report in the browser.")] = True,
) -> None:
    """Run everything on an invented sample corpus, offline, and open the report."""
    from collectors.series.sample import save_sample  # noqa: PLC0415 see open_store
    from corpus.sample import sample_files, series_files  # noqa: PLC0415 see open_store

    opened = open_workspace(folder) if (folder / "narra.toml").exists() else make_workspace(folder)
    with open_store(opened) as store:
        collecting.import_stage(store, [str(path) for path in sample_files()], Path())
        save_sample(store, series_files())
        language.tag_stage(store)
        framing.frame_stage(store, opened)
        language.count_stage(store)
        path = answering.report_stage(store, opened, DEMO_QUARTER)
    out.print("The sample is invented: its outlets, people, events, page views and surveys exist nowhere.")
    if show and _has_screen():
        webbrowser.open(path.resolve().as_uri())
    out.print("Your own: narra init DIR, then narra import FILE…, then narra run (all with -w DIR, or inside it).")


@app.command("explore")
@explained
def explore(
    workspace: WorkspaceOption = HERE,
    *,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Of this machine; 0 takes any that is free.")] = 8331,
    show: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Look into the store in the browser: search, lists, the documents behind each figure. Nothing can be changed."""
    from results.explore.commands import explore_stage  # noqa: PLC0415 see open_store

    opened = open_workspace(workspace)
    explore_stage(opened, port=port, show=show, titles_only=_titles_only(opened))


def _has_screen() -> bool:
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


for group in (collecting, language, answering, upkeep):
    app.add_typer(group.app)


if __name__ == "__main__":
    main()

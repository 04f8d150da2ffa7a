"""Commands that look after the store: check, backup, export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from corpus.errors import DamagedStoreError, InputError
from corpus.settings import open_workspace
from corpus.terminal import HERE, WorkspaceOption, explained, open_store, out, progress

app = typer.Typer(rich_markup_mode=None)


@app.command("check")
@explained
def check(workspace: WorkspaceOption = HERE) -> None:
    """See whether the store is whole: the file, references, texts, stories, and counts against mentions."""
    from corpus.copies import stories_of  # noqa: PLC0415 see open_store
    from nlp.count import count  # noqa: PLC0415 see open_store

    opened = open_workspace(workspace)
    with open_store(opened, write=False) as store, progress() as bar:
        task = bar.add_task("checking", total=None, said="")
        with store.snapshot():
            faults = list(store.faults(count, stories_of, lambda what: bar.update(task, said=what)))
            totals, current = store.totals(), store.counts_are_current()
        search = store.search_fault() if not faults else ""
        bar.update(task, completed=1, total=1, said="")
    said = [f"{fault.said}. {fault.remedy}" for fault in faults]
    if search:
        said.append(f"The full-text index is damaged ({search}). Run: narra explore, which makes it anew.")
    if said:
        raise DamagedStoreError("The store is not whole.\n" + "\n".join(said))
    out.print(
        f"The store is whole: {totals['documents']:,} documents, {totals['mentions']:,} mentions, "
        f"{totals['stories']:,} stories, {totals['counts']:,} rows of counts"
        + (", which are what the mentions say." if current else "; the counts are not up to date. Next: narra run")
    )


@app.command("backup")
@explained
def backup(
    file: Annotated[Path, typer.Argument(help="Where to; must not exist yet.")], workspace: WorkspaceOption = HERE
) -> None:
    """Copy the store as it is now, also while narra collects; the copy is checked before it gets its name."""
    with open_store(open_workspace(workspace), write=False) as store, progress() as bar:
        task = bar.add_task("copying", total=None, said="")
        size = store.backup(file, lambda done, pages: bar.update(task, completed=done, total=pages))
    out.print(f"{escape(str(file))}: {size / 1e6:,.1f} MB, checked. To restore, put it in the place of narra.db.")


@app.command("export")
@explained
def export(
    place: Annotated[str, typer.Argument(help="A new or empty folder, or an address such as s3://bucket/folder.")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Write all documents as Parquet, by side and month: for other machines, or to import elsewhere."""
    try:
        from corpus.parquet import export as write  # noqa: PLC0415 an extra
    except ModuleNotFoundError as error:
        raise InputError(f"Exporting needs {error.name}, which is not installed. Run: uv sync --extra scale") from None

    with open_store(open_workspace(workspace), write=False, snapshot=True) as store, progress() as bar:
        task = bar.add_task("exporting", total=store.totals()["documents"], said="")
        done = write(store, place, lambda documents: bar.advance(task, documents))
    out.print(f"Wrote {done:,} documents to {escape(place)}. To import them elsewhere: narra import {escape(place)}")

"""Commands that answer: report, status; and those of their own modules, measure and evidence."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from corpus.settings import Workspace, open_workspace
from corpus.terminal import HERE, WorkspaceOption, err, explained, open_store, out, print_table, print_wide_table
from results import evidence_commands, measure_commands

if TYPE_CHECKING:
    from corpus.store import Store

app = typer.Typer(rich_markup_mode=None)
app.add_typer(measure_commands.app)
app.add_typer(evidence_commands.app, name="evidence")


@app.command("report")
@explained
def report(
    context: typer.Context,
    quarter: Annotated[
        str | None, typer.Argument(help="For example 2026Q3; the latest with documents if left out.")
    ] = None,
    workspace: WorkspaceOption = HERE,
    *,
    language: Annotated[
        str | None, typer.Option(help="Write it in this language: en or ko; those of narra.toml if left out.")
    ] = None,
    show: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Write the report of a quarter: a page for the browser, tables for Excel, and the sentences behind each figure."""
    from results.withholding import withhold_before  # noqa: PLC0415 see open_store

    opened = open_workspace(workspace)
    withhold_before(opened, context)
    with open_store(opened, write=False, snapshot=True) as store:
        path = report_stage(store, opened, quarter, language)
    if show:
        webbrowser.open(path.resolve().as_uri())


@app.command("status")
@explained
def status(
    workspace: WorkspaceOption = HERE,
    *,
    issues: Annotated[bool, typer.Option("--issues", help="List the refused records, with file and line.")] = False,
) -> None:
    """Say what is in the workspace, what is missing, and what to do next."""
    from nlp.lexicon.build import version  # noqa: PLC0415 see open_store
    from results.status import describe  # noqa: PLC0415 see open_store

    opened = open_workspace(workspace)
    if not opened.store_path.exists():
        out.print(f"{escape(str(opened.folder.resolve()))}: empty. Next: narra import FILE…")
        return
    with open_store(opened, write=False, snapshot=True) as store:
        described = describe(store, version())
        refused = store.issues() if issues else []
    for line in described.lines:
        out.print(escape(line))
    for title, columns, rows in described.tables:
        print_table(title, columns, rows)
    for line in described.missing:
        out.print(f"- {escape(line)}")
    if issues:
        rows = [(str(r["file"]), str(r["line"]), str(r["reason"]), str(r["detail"])) for r in refused]
        print_wide_table("Refused records (the latest 200)", ("file", "line", "reason", "detail"), rows)
    out.print(f"Next: {escape(described.next_step)}")


def report_stage(store: Store, workspace: Workspace, quarter: str | None, language: str | None = None) -> Path:
    """Write the report of a quarter, or of the latest, in one language or all of the settings', and say where it is.

    Returns:
        the page of the first.
    """
    from corpus.calendar import Quarter  # noqa: PLC0415 see open_store
    from results.language import ENGLISH, check_language  # noqa: PLC0415 see open_store
    from results.quarterly import latest_quarter  # noqa: PLC0415 see open_store
    from results.report import write_report  # noqa: PLC0415 see open_store

    wanted = Quarter.parse(quarter) if quarter else latest_quarter(store)
    codes = [check_language(code) for code in ([language] if language else workspace.settings.report.languages)]
    paths = []
    for code in dict.fromkeys(codes):
        said = f"The report of {wanted}" if code == ENGLISH else f"The report of {wanted} ({code})"
        with err.status(f"{said} is being written …"):
            paths.append(write_report(store, workspace, wanted, code))
        out.print(f"{said}: {escape(paths[-1].resolve().as_uri())}")
    return paths[0]

"""Commands that bring documents: import, collect, sources."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer
from rich.markup import escape
from rich.progress import Progress, TaskID

from collectors.awareness import app as awareness_app
from collectors.contact import ContactOption, contact_of, day_of, polite_client
from corpus.errors import InputError, NarraError
from corpus.settings import open_workspace
from corpus.terminal import (
    HERE,
    WorkspaceOption,
    err,
    explained,
    open_store,
    out,
    print_table,
    print_wide_table,
    progress,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from collectors.draft import Guess
    from collectors.source import Source
    from collectors.visit import Look, Report
    from collectors.visit import Progress as VisitProgress
    from corpus.model import ImportSummary
    from corpus.store import Health, Store

app = typer.Typer(rich_markup_mode=None)
ALL_FAILED: Final = 8
SHOWN_ITEMS: Final = 10
sources_app = typer.Typer(
    help="See how the sources are doing, try one, or add one.", invoke_without_command=True, rich_markup_mode=None
)
app.add_typer(sources_app, name="sources")
app.add_typer(awareness_app, name="awareness")


@app.command("import")
@explained
def import_(
    files: Annotated[
        list[str], typer.Argument(help="JSON Lines, CSV, BigKinds, Nexis or Factiva exports; patterns allowed.")
    ],
    *,
    sampled: Annotated[
        bool | None,
        typer.Option(
            "--sampled/--complete",
            help="The files hold what a search found, which counts in no share; or all that their outlets "
            "published. Nexis and Factiva: a search, unless you say otherwise.",
            show_default=False,
        ),
    ] = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Take documents from files into the workspace. Importing twice changes nothing."""
    opened = open_workspace(workspace)
    with open_store(opened) as store:
        damaged = import_stage(store, files, Path(), sampled=sampled)
    if damaged:
        raise InputError("\n".join(damaged))


@app.command("collect")
@explained
def collect(
    since: Annotated[
        str | None, typer.Option(help="Go back to this day at least (2026-10-01), where a source can.")
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option("--source", help="This source, enabled or not; may be repeated.")
    ] = None,
    narrative: Annotated[Literal["korea", "asean"] | None, typer.Option(help="Only the sources of this side.")] = None,
    contact: ContactOption = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Visit the sources and take what is new. Interrupted, it goes on from there the next time."""
    from collectors.catalogue import folders_of, load, select  # noqa: PLC0415 see open_store

    opened = open_workspace(workspace)
    chosen = select(load(folders_of(opened.folder)), slugs=source or (), narrative=narrative)
    who, back_to = contact_of(contact), day_of(since)
    if not chosen:
        raise InputError("No source is left to visit. See: narra sources")
    with open_store(opened) as store, progress() as bar:
        ended = _collect(store, chosen, who, back_to, _reporting(bar, len(chosen)))
    _say_collected(ended)


def _collect(
    store: Store, sources: Sequence[Source], contact: str, since: date | None, report: Report
) -> list[VisitProgress]:
    from collectors import visit  # noqa: PLC0415 see open_store
    from collectors.body import page_text  # noqa: PLC0415 see open_store
    from collectors.secret import from_environment  # noqa: PLC0415 see open_store

    async def work() -> list[VisitProgress]:
        async with polite_client(contact) as factory:
            return await visit.collect(
                store,
                sources,
                factory,
                since=since,
                until=None,
                keys=from_environment,
                report=report,
                now=visit.present(),
                page_text=page_text,
            )

    return visit.run_to_end(work())


def _reporting(bar: Progress, total: int) -> Report:
    """Show a line for the whole, and one for each visit under way."""
    whole = bar.add_task("collecting", total=total, said="")
    lines: dict[str, TaskID] = {}
    taken: dict[str, int] = {}

    def told(progress: VisitProgress) -> None:
        slug = progress.source.slug
        taken[slug] = progress.documents
        if slug not in lines:
            lines[slug] = bar.add_task(f"  {escape(slug)}", total=None, said="")
        bar.update(lines[slug], said=f"{progress.documents:,} new or changed")
        if progress.status is not None:
            bar.remove_task(lines[slug])
            bar.advance(whole)
        bar.update(whole, said=f"{sum(taken.values()):,} documents new or changed")

    return told


def _say_collected(ended: Sequence[VisitProgress]) -> None:
    from collectors.outcome import COVERED, MEANINGS, PARTLY_COVERED  # noqa: PLC0415 see open_store

    failed = [e for e in ended if e.status not in COVERED | PARTLY_COVERED]
    # What went wrong stands last, where it is seen.
    ordered = sorted(ended, key=lambda e: (e in failed, str(e.status), e.source.slug))
    rows = [(e.source.slug, str(e.status), f"{e.documents:,}", f"{e.refused:,}", e.detail) for e in ordered]
    print_wide_table("Collected", ("source", "status", "new or changed", "refused", "detail"), rows)
    for word in sorted({e.status for e in ended if e.status}):
        out.print(f"  {word}: {MEANINGS[word]}")
    documents = sum(e.documents for e in ended)
    out.print(f"{len(ended) - len(failed)} of {len(ended)} sources answered; {documents:,} documents new or changed.")
    if failed:
        out.print("What was not seen is recorded as a gap, never as silence. Look into one: narra sources check SLUG")
    if len(failed) == len(ended) and not documents:
        err.print("narra: every source failed. Is there a network?", style="bold")
        raise typer.Exit(ALL_FAILED)


@sources_app.callback()
@explained
def sources(context: typer.Context, workspace: WorkspaceOption = HERE) -> None:
    """See how the sources are doing, try one, or add one."""
    from collectors.catalogue import folders_of, load  # noqa: PLC0415 see open_store

    if context.invoked_subcommand is not None:
        return
    catalogue = load(folders_of(workspace))
    health = {h.source: h for h in _health(workspace)}
    rows = [_source_row(source, health.get(slug)) for slug, source in catalogue.items()]
    columns = ("source", "outlet", "kind", "collect", "enabled", "confirmed", "last visit", "status")
    print_wide_table("Sources", (*columns, "last success", "documents in 7 days", "gaps", "remarks"), rows)
    enabled = sum(source.enabled for source in catalogue.values())
    lacking = sum("lacks selectors" in _remarks(source) for source in catalogue.values())
    out.print(f"{len(catalogue)} sources, {enabled} of them enabled. Try one: narra sources check SLUG")
    if lacking:
        out.print(
            f"{lacking} list pages are off because nobody has told narra how they are built: docs/add-a-source.md "
            "says how to."
        )


def _health(workspace: Path) -> Sequence[Health]:
    from corpus.settings import SETTINGS_FILE  # noqa: PLC0415 only here

    if not (workspace / SETTINGS_FILE).exists():  # the catalogue may be read anywhere
        return ()
    opened = open_workspace(workspace)
    if not opened.store_path.exists():
        return ()
    week = datetime.now(UTC) - timedelta(days=7)
    with open_store(opened, write=False) as store:
        return store.health(week.isoformat(timespec="seconds"))


def _source_row(source: Source, health: Health | None) -> tuple[str, ...]:
    s = source
    said = (s.slug, s.publisher.id, s.kind, s.collect, "yes" if s.enabled else "no", "yes" if s.confirmed else "no")
    if health is None:
        return (*said, "never", "", "", "", "", _remarks(s))
    done = health.succeeded
    week = (f"{health.week:,}", f"{health.gaps:,}")
    return (*said, _minute(health.visited), health.status, _minute(done), *week, _remarks(s))


def _remarks(source: Source) -> str:
    """Say what a source needs before it can be visited, and what becomes of what it brings."""
    from collectors.kinds import is_sampled  # noqa: PLC0415 see open_store

    said = []
    if source.collect == "listing" and "item" not in source.options:
        said.append("lacks selectors: its page must be looked at first")
    if source.key:
        said.append("needs a key")
    if is_sampled(source):
        said.append("a search: counts in no share")
    if not source.enabled and not said and not source.confirmed:
        said.append(source.seen)
    return "; ".join(said)


def _minute(moment: str | None) -> str:
    return moment[: len("2026-11-24T10:00")].replace("T", " ") if moment else "never"


@sources_app.command("check")
@explained
def sources_check(
    slug: Annotated[str, typer.Argument(help="The source's name, as `narra sources` lists it.")],
    contact: ContactOption = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Visit a source without storing anything; say what its answer means, and show its first items."""
    from collectors import visit  # noqa: PLC0415 see open_store
    from collectors.catalogue import find, folders_of, load  # noqa: PLC0415 see open_store
    from collectors.outcome import COVERED, PARTLY_COVERED  # noqa: PLC0415 see open_store
    from collectors.secret import from_environment  # noqa: PLC0415 see open_store

    source = find(load(folders_of(workspace)), slug)
    who = contact_of(contact)

    async def work() -> Look:
        async with polite_client(who) as factory:
            return await visit.look(source, factory, keys=from_environment, now=visit.present())

    with err.status(f"visiting {escape(slug)} …"):
        seen = visit.run_to_end(work())
    _say_seen(source, seen)
    if seen.status not in COVERED | PARTLY_COVERED:
        raise typer.Exit(ALL_FAILED)


def _say_seen(source: Source, seen: Look) -> None:
    from collectors.outcome import MEANINGS  # noqa: PLC0415 see open_store

    out.print(f"{escape(source.slug)}: {seen.status}. {MEANINGS[seen.status]}")
    if seen.detail:
        out.print(f"  {escape(seen.detail)}")
    out.print(f"  Visited: {escape(' '.join(source.urls))} (seen: {escape(source.seen)})")
    rows = [(d.published.day if d.published else "no date", f"{len(d.body):,}", d.title) for d in seen.documents]
    if rows:
        print_table(f"The first of {len(rows)} items", ("day", "characters", "title"), rows[:SHOWN_ITEMS])
    for refusal in seen.refusals[:SHOWN_ITEMS]:
        out.print(f"  refused: {escape(refusal.reason)}: {escape(refusal.detail)}")
    out.print("Nothing was stored.")


@sources_app.command("new")
@explained
def sources_new(  # noqa: PLR0913 one for each option
    url: Annotated[str, typer.Argument(help="A feed, a sitemap, or a site's page.")],
    *,
    country: Annotated[str, typer.Option(help="KR, a member's code (TH, VN …), or ASEAN.")],
    language: Annotated[str, typer.Option(help="For example ko, id or en.")],
    outlet: Annotated[str, typer.Option(help="Who publishes, as documents are to name it.")],
    kind: Annotated[Literal["news", "official"], typer.Option(help="What it publishes.")] = "news",
    private: Annotated[bool, typer.Option("--private", help="It lies in your own network.")] = False,
    contact: ContactOption = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Write a source file into the workspace's sources/ folder, after asking the address what it is."""
    from collectors import draft, visit  # noqa: PLC0415 see open_store
    from collectors.catalogue import folders_of, load  # noqa: PLC0415 see open_store
    from collectors.source import read_source  # noqa: PLC0415 see open_store

    opened = open_workspace(workspace)
    who = contact_of(contact)
    slug = draft.slug_of(url, load(folders_of(opened.folder)))
    with err.status(f"asking {escape(url)} …"):
        found = visit.run_to_end(_guessed(url, who, private=private))
    facts = draft.Facts(outlet, country.upper(), language, kind, private)
    text = draft.write(found, facts, visit.present())
    path = opened.folder / "sources" / f"{slug}.toml"
    _write_checked(path, text, read_source)
    out.print(f"Wrote {escape(str(path))}: {found.collect}. {found.because}")
    for line in draft.to_check(found):
        out.print(f"  Check {escape(line)}")
    out.print(f"Next: narra sources check {slug}")


def _write_checked(path: Path, text: str, check: Callable[[Path], object]) -> None:
    """Write a source file, and take it back where it is not valid."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from None
    try:
        check(path)
    except NarraError:
        path.unlink()
        raise


def import_stage(store: Store, patterns: Sequence[str], folder: Path, *, sampled: bool | None = None) -> list[str]:
    """Import files and print what became of them; give a line for each damaged file.

    ``sampled`` is as in `collectors.run.import_files`.
    """
    from collectors import run as collecting  # noqa: PLC0415 see open_store
    from collectors.files.remote import brought_near  # noqa: PLC0415 see open_store

    with brought_near(patterns) as near:
        paths = collecting.expand(near, folder)
        began = time.monotonic()
        with progress() as bar:
            task = bar.add_task("importing", total=sum(path.stat().st_size for path in paths), said="")
            before: dict[Path, int] = {}

            def told(progress: collecting.Progress) -> None:
                before[progress.file] = progress.bytes_done
                speed = progress.documents_done / max(0.001, time.monotonic() - began)
                said = f"{progress.documents_done:,} documents, {speed:,.0f}/s, {progress.file.name}"
                bar.update(task, completed=sum(before.values()), said=said)

            summaries = collecting.import_files(store, paths, told, sampled=sampled)
            bar.update(task, completed=sum(path.stat().st_size for path in paths))
    columns = ("file", "new", "known", "changed", "refused", "set aside by the archive", "undated")
    print_table("Imported", columns, [_summary_row(path, s) for path, s in summaries.items()])
    for path, summary in summaries.items():
        for reason, times in sorted(summary.reasons.items(), key=lambda item: -item[1]):
            out.print(f"  refused in {escape(path.name)}: {times:,} × {escape(reason)}")
    if any(summary.refused for summary in summaries.values()):
        out.print("  Which lines: narra status --issues")
    _say_searched(summaries)
    return [f"{path}: {s.damaged}" for path, s in summaries.items() if s.damaged]


def _say_searched(summaries: Mapping[Path, ImportSummary]) -> None:
    for path, summary in summaries.items():
        if summary.sampled and summary.read > summary.refused:
            out.print(
                f"  {escape(path.name)} was taken as what a search found: its documents are kept and count in no "
                "share, unless another source brings them too. If it holds all that its outlets published: "
                "narra import --complete FILE"
            )
        if summary.suspicion:
            out.print(
                f"  {escape(path.name)} looks like what a search found: {escape(summary.suspicion)}. Shares of such "
                "documents say what was searched for. If it is one: narra import --sampled FILE",
                style="bold",
            )


def _summary_row(path: Path, summary: ImportSummary) -> tuple[str, ...]:
    s = summary
    return (path.name, *(f"{n:,}" for n in (s.taken, s.known, s.changed, s.refused, s.excluded, s.undated)))


async def _guessed(url: str, contact: str, *, private: bool) -> Guess:
    from collectors.draft import guess  # noqa: PLC0415 see open_store
    from collectors.fetch import Client  # noqa: PLC0415 see open_store

    async with Client(contact) as client:
        return await guess(url, client.visit(private=private))

"""The command line, and the only place where the stages meet.

Every command opens the workspace, calls one stage after another, and turns
errors into a sentence and an exit code. What a stage does is the stage's own.
"""

from __future__ import annotations

import functools
import os
import signal
import sys
import time
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, ParamSpec, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from corpus.errors import InputError, NarraError, NoAnswerError
from corpus.settings import Workspace, make_workspace, open_workspace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from collectors.contract import Fetch
    from collectors.draft import Guess
    from collectors.source import Source
    from collectors.visit import ClientFactory, Look, Report, Validators
    from collectors.visit import Progress as VisitProgress
    from corpus.model import ImportSummary
    from corpus.store import Health, Store
    from nlp.tagger import Decision

P = ParamSpec("P")
R = TypeVar("R")

INTERRUPTED: Final = 130
DEMO_QUARTER: Final = "2026Q3"

app = typer.Typer(
    help="How visible is ASEAN in Korea's public narrative, and Korea in ASEAN's?",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
lexicon_app = typer.Typer(help="Look into the names narra looks for.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(lexicon_app, name="lexicon")
sources_app = typer.Typer(
    help="See how the sources are doing, try one, or add one.", invoke_without_command=True, rich_markup_mode=None
)
app.add_typer(sources_app, name="sources")

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

WorkspaceOption = Annotated[Path, typer.Option("--workspace", "-w", envvar="NARRA_WORKSPACE", help="The workspace.")]
HERE: Final = Path()


def main() -> None:
    """Run the command line."""
    signal.signal(signal.SIGTERM, _as_interrupt)
    app()


def _as_interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _explained(command: Callable[P, R]) -> Callable[P, R]:
    """Turn expected errors and interrupts into a sentence and an exit code."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except NarraError as error:
            err.print(f"narra: {escape(str(error))}", style="bold")
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt:
            err.print("\nnarra: interrupted. What was stored is safe; run the same command again to go on from there.")
            raise typer.Exit(INTERRUPTED) from None

    return wrapped


@contextmanager
def _opened(workspace: Workspace, *, write: bool = True) -> Iterator[Store]:
    from corpus.store import Store  # noqa: PLC0415 takes a second to import; `narra --help` should not

    if not write and not workspace.store_path.exists():
        raise NoAnswerError(f"Nothing is stored in {workspace.folder.resolve()} yet. Begin with: narra import FILE…")
    with Store.open(workspace.store_path) as store:
        if write:
            with store.writing():
                yield store
        else:
            yield store


@contextmanager
def _progress() -> Iterator[Progress]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[said]}"))
    with Progress(*columns, TimeElapsedColumn(), console=err) as bar:
        yield bar


@app.command("init")
@_explained
def init(folder: Annotated[Path, typer.Argument(help="A new or empty folder.")]) -> None:
    """Make a workspace: a folder with settings, in which documents, counts and reports are kept."""
    workspace = make_workspace(folder)
    out.print(f"Made a workspace in {escape(str(workspace.folder.resolve()))}. Its settings are in narra.toml.")
    out.print(f"Next: cd {escape(str(folder))} && narra import FILE…")


@app.command("import")
@_explained
def import_(
    files: Annotated[list[str], typer.Argument(help="JSON Lines, CSV or BigKinds exports; patterns allowed.")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Take documents from files into the workspace. Importing twice changes nothing."""
    opened = open_workspace(workspace)
    with _opened(opened) as store:
        damaged = _import(store, files, Path())
    if damaged:
        raise InputError("\n".join(damaged))


@app.command("tag")
@_explained
def tag(workspace: WorkspaceOption = HERE) -> None:
    """Find the names in every text that is new or changed, or that an older lexicon tagged."""
    with _opened(open_workspace(workspace), write=True) as store:
        _tag(store)


@app.command("count")
@_explained
def count(workspace: WorkspaceOption = HERE) -> None:
    """Group copies into stories and count what the documents name."""
    with _opened(open_workspace(workspace)) as store:
        _count(store)


@app.command("run")
@_explained
def run(
    quarter: Annotated[str | None, typer.Argument(help="Report this quarter, e.g. 2026Q3; else the latest.")] = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Import the files named in narra.toml, then tag, count and report: only what is new is worked on."""
    opened = open_workspace(workspace)
    damaged: list[str] = []
    with _opened(opened) as store:
        if opened.settings.import_.files:
            damaged = _import(store, opened.settings.import_.files, opened.folder)
        _tag(store)
        _count(store)
        _report(store, opened, quarter)
    if damaged:
        raise InputError("\n".join(damaged))


@app.command("report")
@_explained
def report(
    quarter: Annotated[
        str | None, typer.Argument(help="For example 2026Q3; the latest with documents if left out.")
    ] = None,
    workspace: WorkspaceOption = HERE,
    *,
    show: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Write the report of a quarter: a page for the browser, tables for Excel, and the sentences behind each figure."""
    opened = open_workspace(workspace)
    with _opened(opened, write=False) as store:
        path = _report(store, opened, quarter)
    if show:
        webbrowser.open(path.resolve().as_uri())


@app.command("demo")
@_explained
def demo(
    folder: Annotated[Path, typer.Argument(help="Where to make the demo workspace.")] = Path("narra-demo"),
    *,
    show: Annotated[bool, typer.Option("--open/--no-open", help="Open the report in the browser.")] = True,
) -> None:
    """Run everything on an invented sample corpus, offline, and open the report."""
    from corpus.sample import sample_files  # noqa: PLC0415 see _opened

    opened = open_workspace(folder) if (folder / "narra.toml").exists() else make_workspace(folder)
    with _opened(opened) as store:
        _import(store, [str(path) for path in sample_files()], Path())
        _tag(store)
        _count(store)
        path = _report(store, opened, DEMO_QUARTER)
    out.print("The sample corpus is invented: its outlets, people and events exist nowhere.")
    if show and _has_screen():
        webbrowser.open(path.resolve().as_uri())
    out.print("Your own: narra init DIR, then narra import FILE…, then narra run (all with -w DIR, or inside it).")


@app.command("status")
@_explained
def status(
    workspace: WorkspaceOption = HERE,
    *,
    issues: Annotated[bool, typer.Option("--issues", help="List the refused records, with file and line.")] = False,
) -> None:
    """Say what is in the workspace, what is missing, and what to do next."""
    from nlp.lexicon.build import version  # noqa: PLC0415 see _opened
    from results.status import describe  # noqa: PLC0415 see _opened

    opened = open_workspace(workspace)
    if not opened.store_path.exists():
        out.print(f"{escape(str(opened.folder.resolve()))}: empty. Next: narra import FILE…")
        return
    with _opened(opened, write=False) as store:
        described = describe(store, version())
        refused = store.issues() if issues else []
    for line in described.lines:
        out.print(escape(line))
    for title, columns, rows in described.tables:
        _table(title, columns, rows)
    for line in described.missing:
        out.print(f"- {escape(line)}")
    if issues:
        rows = [(str(r["file"]), str(r["line"]), str(r["reason"]), str(r["detail"])) for r in refused]
        _table("Refused records (the latest 200)", ("file", "line", "reason", "detail"), rows)
    out.print(f"Next: {escape(described.next_step)}")


@lexicon_app.command("show")
@_explained
def lexicon_show(
    entity: Annotated[str, typer.Argument(help="ASEAN, SEA, KR, KP, KOREA or a member's code (TH, VN …).")],
    language: Annotated[str | None, typer.Option(help="One language only.")] = None,
) -> None:
    """List every name of an entity, with its class and where it comes from."""
    from nlp.lexicon.listing import names_of  # noqa: PLC0415 see _opened

    _table(entity.upper(), ("language", "class", "name", "counts", "source"), names_of(entity.upper(), language))


@lexicon_app.command("check")
@_explained
def lexicon_check(
    folder: Annotated[Path | None, typer.Argument(help="Lexicon files to check; narra's own if left out.")] = None,
) -> None:
    """Check the lexicon files: keys, duplicates, names claimed twice."""
    from nlp.lexicon.listing import check  # noqa: PLC0415 see _opened

    for language, spellings in check(folder):
        out.print(f"{language}: {spellings:,} spellings")
    out.print("The lexicon is sound.")


@lexicon_app.command("explain")
@_explained
def lexicon_explain(
    text: Annotated[str, typer.Argument(help="A text, in quotation marks; - reads standard input.")],
    language: Annotated[str, typer.Option(help="Its language, e.g. ko; all languages if left out.")] = "*",
    date: Annotated[str | None, typer.Option(help="Its date, for names that were used for a time only.")] = None,
) -> None:
    """Tell what is tagged in a text, what is passed over, and which rule decided."""
    from nlp.tagger import Tagger  # noqa: PLC0415 see _opened

    tagger = Tagger.load()
    if language != "*" and not tagger.knows(language):
        err.print(f"There is no lexicon for the language {language!r}: the names of all languages are looked for.")
    decisions = tagger.explain(sys.stdin.read() if text == "-" else text, language, date)
    if not decisions:
        out.print("No name of ours, and nothing that looks like one.")
        return
    _table("", ("where", "text", "outcome", "entity", "class", "rule", "because"), map(_decision_row, decisions))


def _decision_row(decision: Decision) -> tuple[str, ...]:
    d = decision
    return (f"{d.start}–{d.end}", d.surface, d.outcome, d.entity, d.form_class, d.rule, d.because)


# -- collecting ----------------------------------------------------------

ALL_FAILED: Final = 8
SHOWN_ITEMS: Final = 10
_ANY_WIDTH: Final = 10_000
ContactOption = Annotated[
    str | None,
    typer.Option(
        "--contact", envvar="NARRA_CONTACT", help="Your mail or web address: sites see who asks, and can write."
    ),
]


@app.command("collect")
@_explained
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
    from collectors.catalogue import folders_of, load, select  # noqa: PLC0415 see _opened

    opened = open_workspace(workspace)
    chosen = select(load(folders_of(opened.folder)), slugs=source or (), narrative=narrative)
    who, back_to = _contact(contact), _day(since)
    if not chosen:
        raise InputError("No source is left to visit. See: narra sources")
    with _opened(opened) as store, _progress() as bar:
        ended = _collect(store, chosen, who, back_to, _reporting(bar, len(chosen)))
    _say_collected(ended)


def _collect(
    store: Store, sources: Sequence[Source], contact: str, since: date | None, report: Report
) -> list[VisitProgress]:
    from collectors import visit  # noqa: PLC0415 see _opened
    from collectors.body import page_text  # noqa: PLC0415 see _opened
    from collectors.secret import from_environment  # noqa: PLC0415 see _opened

    async def work() -> list[VisitProgress]:
        async with _client(contact) as factory:
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


@asynccontextmanager
async def _client(contact: str) -> AsyncIterator[ClientFactory]:
    """Give what makes each source's view of the one client, which paces them all."""
    from collectors.fetch import Client  # noqa: PLC0415 see _opened

    async with Client(contact) as client:

        def view(source: Source, keys: Mapping[str, str], validators: Validators) -> Fetch:
            return client.visit(
                keys=tuple(keys.values()), private=source.private, language=source.language, validators=validators
            )

        yield view


def _contact(contact: str | None) -> str:
    if not contact:
        raise InputError(
            "Say who is asking: --contact you@example.org (or a web address), or set NARRA_CONTACT. "
            "Sites see it, and can write to you before they shut you out."
        )
    return contact


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(f"--since {text!r} is no day. Write it as 2026-10-01.") from None


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
    from collectors.outcome import COVERED, MEANINGS, PARTLY_COVERED  # noqa: PLC0415 see _opened

    failed = [e for e in ended if e.status not in COVERED | PARTLY_COVERED]
    # What went wrong stands last, where it is seen.
    ordered = sorted(ended, key=lambda e: (e in failed, str(e.status), e.source.slug))
    rows = [(e.source.slug, str(e.status), f"{e.documents:,}", f"{e.refused:,}", e.detail) for e in ordered]
    _wide_table("Collected", ("source", "status", "new or changed", "refused", "detail"), rows)
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
@_explained
def sources(context: typer.Context, workspace: WorkspaceOption = HERE) -> None:
    """See how the sources are doing, try one, or add one."""
    from collectors.catalogue import folders_of, load  # noqa: PLC0415 see _opened

    if context.invoked_subcommand is not None:
        return
    catalogue = load(folders_of(workspace))
    health = {h.source: h for h in _health(workspace)}
    rows = [_source_row(source, health.get(slug)) for slug, source in catalogue.items()]
    columns = ("source", "outlet", "kind", "collect", "enabled", "confirmed", "last visit", "status")
    _wide_table("Sources", (*columns, "last success", "documents in 7 days", "gaps"), rows)
    enabled = sum(source.enabled for source in catalogue.values())
    out.print(f"{len(catalogue)} sources, {enabled} of them enabled. Try one: narra sources check SLUG")


def _health(workspace: Path) -> Sequence[Health]:
    from corpus.settings import SETTINGS_FILE  # noqa: PLC0415 only here

    if not (workspace / SETTINGS_FILE).exists():  # the catalogue may be read anywhere
        return ()
    opened = open_workspace(workspace)
    if not opened.store_path.exists():
        return ()
    week = datetime.now(UTC) - timedelta(days=7)
    with _opened(opened, write=False) as store:
        return store.health(week.isoformat(timespec="seconds"))


def _source_row(source: Source, health: Health | None) -> tuple[str, ...]:
    s = source
    said = (s.slug, s.publisher.id, s.kind, s.collect, "yes" if s.enabled else "no", "yes" if s.confirmed else "no")
    if health is None:
        return (*said, "never", "", "", "", "")
    done = health.succeeded
    return (*said, _minute(health.visited), health.status, _minute(done), f"{health.week:,}", f"{health.gaps:,}")


def _wide_table(title: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
    """Print a table one line a row, however narrow the screen: a name cut short could not be typed again."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, no_wrap=True)
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    table.width = out.measure(table, options=out.options.update(max_width=_ANY_WIDTH)).maximum
    out.print(table, crop=False)


def _minute(moment: str | None) -> str:
    return moment[: len("2026-11-24T10:00")].replace("T", " ") if moment else "never"


@sources_app.command("check")
@_explained
def sources_check(
    slug: Annotated[str, typer.Argument(help="The source's name, as `narra sources` lists it.")],
    contact: ContactOption = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Visit a source without storing anything; say what its answer means, and show its first items."""
    from collectors import visit  # noqa: PLC0415 see _opened
    from collectors.catalogue import find, folders_of, load  # noqa: PLC0415 see _opened
    from collectors.outcome import COVERED, PARTLY_COVERED  # noqa: PLC0415 see _opened
    from collectors.secret import from_environment  # noqa: PLC0415 see _opened

    source = find(load(folders_of(workspace)), slug)
    who = _contact(contact)

    async def work() -> Look:
        async with _client(who) as factory:
            return await visit.look(source, factory, keys=from_environment, now=visit.present())

    with err.status(f"visiting {escape(slug)} …"):
        seen = visit.run_to_end(work())
    _say_seen(source, seen)
    if seen.status not in COVERED | PARTLY_COVERED:
        raise typer.Exit(ALL_FAILED)


def _say_seen(source: Source, seen: Look) -> None:
    from collectors.outcome import MEANINGS  # noqa: PLC0415 see _opened

    out.print(f"{escape(source.slug)}: {seen.status}. {MEANINGS[seen.status]}")
    if seen.detail:
        out.print(f"  {escape(seen.detail)}")
    out.print(f"  Visited: {escape(' '.join(source.urls))} (seen: {escape(source.seen)})")
    rows = [(d.published.day if d.published else "no date", f"{len(d.body):,}", d.title) for d in seen.documents]
    if rows:
        _table(f"The first of {len(rows)} items", ("day", "characters", "title"), rows[:SHOWN_ITEMS])
    for refusal in seen.refusals[:SHOWN_ITEMS]:
        out.print(f"  refused: {escape(refusal.reason)}: {escape(refusal.detail)}")
    out.print("Nothing was stored.")


@sources_app.command("new")
@_explained
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
    from collectors import draft, visit  # noqa: PLC0415 see _opened
    from collectors.catalogue import folders_of, load  # noqa: PLC0415 see _opened
    from collectors.source import read_source  # noqa: PLC0415 see _opened

    opened = open_workspace(workspace)
    who = _contact(contact)
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


async def _guessed(url: str, contact: str, *, private: bool) -> Guess:
    from collectors.draft import guess  # noqa: PLC0415 see _opened
    from collectors.fetch import Client  # noqa: PLC0415 see _opened

    async with Client(contact) as client:
        return await guess(url, client.visit(private=private))


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


# -- the stages, with their progress -------------------------------------


def _import(store: Store, patterns: Sequence[str], folder: Path) -> list[str]:
    """Import files and print what became of them; give a line for each damaged file."""
    from collectors import run as collecting  # noqa: PLC0415 see _opened

    paths = collecting.expand(patterns, folder)
    began = time.monotonic()
    with _progress() as bar:
        task = bar.add_task("importing", total=sum(path.stat().st_size for path in paths), said="")
        before: dict[Path, int] = {}

        def told(progress: collecting.Progress) -> None:
            before[progress.file] = progress.bytes_done
            speed = progress.documents_done / max(0.001, time.monotonic() - began)
            said = f"{progress.documents_done:,} documents, {speed:,.0f}/s, {progress.file.name}"
            bar.update(task, completed=sum(before.values()), said=said)

        summaries = collecting.import_files(store, paths, told)
        bar.update(task, completed=sum(path.stat().st_size for path in paths))
    columns = ("file", "new", "known", "changed", "refused", "set aside by the archive", "undated")
    _table("Imported", columns, [_summary_row(path, s) for path, s in summaries.items()])
    for path, summary in summaries.items():
        for reason, times in sorted(summary.reasons.items(), key=lambda item: -item[1]):
            out.print(f"  refused in {escape(path.name)}: {times:,} × {escape(reason)}")
    if any(summary.refused for summary in summaries.values()):
        out.print("  Which lines: narra status --issues")
    return [f"{path}: {s.damaged}" for path, s in summaries.items() if s.damaged]


def _summary_row(path: Path, summary: ImportSummary) -> tuple[str, ...]:
    s = summary
    return (path.name, *(f"{n:,}" for n in (s.taken, s.known, s.changed, s.refused, s.excluded, s.undated)))


def _tag(store: Store) -> None:
    from nlp.run import tag_store  # noqa: PLC0415 see _opened
    from nlp.tagger import Tagger  # noqa: PLC0415 see _opened

    tagger = Tagger.load()
    total = store.count_untagged(tagger.version)
    with _stage(store, "tag"), _progress() as bar:
        task = bar.add_task("tagging", total=total, said="")
        began = time.monotonic()

        def told(texts: int) -> None:
            bar.advance(task, texts)
            speed = bar.tasks[task].completed / max(0.001, time.monotonic() - began)
            bar.update(task, said=f"{bar.tasks[task].completed:,.0f} of {total:,} texts, {speed:,.0f}/s")

        done = tag_store(store, tagger, told)
    out.print(f"Tagged {done:,} texts with lexicon {tagger.version}." if done else "Every text is tagged already.")
    strange = {code: texts for code, texts in store.languages().items() if not tagger.knows(code)}
    if strange:
        said = ", ".join(f"{code} ({texts:,} texts)" for code, texts in strange.items())
        out.print(f"No lexicon for {said}: these were matched with the names of all languages.")


def _count(store: Store) -> None:
    from corpus.copies import group_store  # noqa: PLC0415 see _opened
    from nlp.count import count_store  # noqa: PLC0415 see _opened

    with _stage(store, "count"), _progress() as bar:
        total = store.totals()["documents"]
        task = bar.add_task("finding copies", total=total, said="")
        group_store(store, lambda texts: bar.advance(task, texts))
        counting = bar.add_task("counting", total=total, said="")
        rows = count_store(store, lambda done: bar.update(counting, completed=done))
        bar.update(counting, completed=total)
    out.print(f"Counts: {rows:,} rows.")


def _report(store: Store, workspace: Workspace, quarter: str | None) -> Path:
    from corpus.calendar import Quarter  # noqa: PLC0415 see _opened
    from results.quarterly import latest_quarter  # noqa: PLC0415 see _opened
    from results.report import write_report  # noqa: PLC0415 see _opened

    wanted = Quarter.parse(quarter) if quarter else latest_quarter(store)
    with err.status(f"writing the report of {wanted} …"):
        path = write_report(store, workspace, wanted)
    out.print(f"The report of {wanted}: {escape(path.resolve().as_uri())}")
    return path


@contextmanager
def _stage(store: Store, name: str) -> Iterator[None]:
    """Record a stage's run in the store, however it ends."""
    number = store.start_run(name)
    status_ = "failed"
    try:
        yield
        status_ = "ok"
    except KeyboardInterrupt:
        status_ = "interrupted"
        raise
    finally:
        store.end_run(number, status_, {})


def _has_screen() -> bool:
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _table(title: str, columns: Sequence[str], rows: Iterator[tuple[str, ...]] | Sequence[tuple[str, ...]]) -> None:
    table = Table(*columns, title=title or None, title_justify="left", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    out.print(table)


if __name__ == "__main__":
    main()

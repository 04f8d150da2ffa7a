"""Commands for series from outside: page views, search interest, surveys."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer
from rich.markup import escape
from rich.progress import Progress as Bar

from collectors.contact import ContactOption, contact_of, day_of
from corpus.errors import InputError, NarraError
from corpus.settings import open_workspace
from corpus.terminal import HERE, WorkspaceOption, err, explained, open_store, out, print_wide_table, progress

if TYPE_CHECKING:
    from collectors.series import gather
    from collectors.series.plan import Plan
    from corpus.series import StoredPoint, StoredSeries
    from corpus.store import SeriesOutcome, Store

app = typer.Typer(
    help="Gather, import and show what awareness is measured with: page views, searches, surveys.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
ALL_FAILED: Final = 8
SHOWN_POINTS: Final = 40
SHOWN_REVISIONS: Final = 5
COLUMNS: Final = (
    "series", "about", "audience", "narrative", "language", "period", "first_day", "last_day", "value", "low", "high",
    "n", "unit", "uncertainty", "scale", "note", "origin", "final", "fetched",
)  # fmt: skip

Only = Literal["wikimedia", "datalab"]


@app.command("collect")
@explained
def collect(
    *,
    since: Annotated[str | None, typer.Option(help="The first day (2024-01-01); else two years ago.")] = None,
    only: Annotated[Only | None, typer.Option(help="Only Wikimedia's page views, or only Naver's searches.")] = None,
    language: Annotated[
        list[str] | None, typer.Option("--language", help="Only this edition of Wikipedia; may be repeated.")
    ] = None,
    contact: ContactOption = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Gather page views (no key needed) and Naver's search interest. Interrupted, it goes on the next time."""
    from collectors.secret import from_environment  # noqa: PLC0415 see open_store
    from collectors.series.gather import naver_keys  # noqa: PLC0415 see open_store
    from collectors.series.plan import read_plan  # noqa: PLC0415 see open_store

    opened = open_workspace(workspace)
    who, plan = contact_of(contact), read_plan(opened.folder)
    if (day := day_of(since)) is not None:
        plan = plan.model_copy(update={"since": day})
    keys = naver_keys(from_environment)
    services: frozenset[Only] = frozenset({only} if only else {"wikimedia", "datalab"})
    if only is None and not keys:
        services -= {"datalab"}
        out.print("Naver DataLab was not asked: it needs a key. Set NAVER_HUB_ID and NAVER_HUB_SECRET.")
    with open_store(opened) as store, progress() as bar:
        ended = _gathered(store, _Wish(plan, services, tuple(language or ()), who, keys), bar)
    _say(ended)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the command was told."""

    plan: Plan
    services: frozenset[Only]
    languages: tuple[str, ...]
    contact: str
    keys: dict[str, str]


def _gathered(store: Store, wish: _Wish, bar: Bar) -> list[gather.Progress]:
    from collectors.fetch import Client  # noqa: PLC0415 see open_store
    from collectors.series import datalab, gather, wikimedia  # noqa: PLC0415 see open_store
    from collectors.visit import run_to_end  # noqa: PLC0415 see open_store

    now = datetime.now(UTC)
    plan, wanted, keys = wish.plan, wish.services, wish.keys
    first = plan.first(now.date())
    views, searches = plan.views(wish.languages, now.date()), plan.searches(now.date())
    if "wikimedia" in wanted:
        gather.check_since(first, wikimedia.FIRST_DAY, "Wikimedia's counting of views")
    if "datalab" in wanted:
        gather.check_since(first, datalab.FIRST_DAY, "Naver DataLab")
    store.end_abandoned()
    run = store.start_run("awareness")
    ended: list[gather.Progress] = []
    status = "interrupted"

    async def work() -> None:
        order = gather.Order(store, run, first, now, _reporting(bar, wanted, len(views.editions)))
        async with Client(wish.contact) as client:
            if "wikimedia" in wanted:
                ended.extend(await gather.gather_views(order, client.visit(private=plan.private), views))
            if "datalab" in wanted:
                fetch = client.visit(keys=tuple(keys.values()), private=plan.private)
                ended.append(await gather.gather_searches(order, fetch, keys, searches))

    try:
        run_to_end(work())
        status = _run_status(ended)
    finally:
        summary = {e.source: {"status": e.status, "series": e.series, **asdict(e.outcome)} for e in ended}
        store.end_run(run, status, summary)
    return ended


def _run_status(ended: Sequence[gather.Progress]) -> str:
    good = [_is_good(e) for e in ended]
    return "ok" if all(good) else "partial" if any(good) else "failed"


def _is_good(ended: gather.Progress) -> bool:
    from collectors.outcome import COVERED, PARTLY_COVERED  # noqa: PLC0415 see open_store

    return ended.status in COVERED | PARTLY_COVERED


def _reporting(bar: Bar, wanted: frozenset[Only], editions: int) -> gather.Report:
    whole = bar.add_task("gathering", total=editions * ("wikimedia" in wanted) + ("datalab" in wanted), said="")

    def told(progress: gather.Progress) -> None:
        bar.update(whole, said=f"{progress.source}: {progress.series} series")
        if progress.status is not None:
            bar.advance(whole)

    return told


def _say(ended: Sequence[gather.Progress]) -> None:
    from collectors.outcome import MEANINGS  # noqa: PLC0415 see open_store

    rows = [(e.source, str(e.status), str(e.series), *_outcome_cells(e.outcome), e.detail) for e in ended]
    print_wide_table("Gathered", ("source", "status", "series", *OUTCOME, "detail"), rows)
    for word in sorted({e.status for e in ended if e.status}):
        out.print(f"  {word}: {MEANINGS[word]}")
    _say_revised(sum(e.outcome.revised for e in ended))
    failed = [e for e in ended if not _is_good(e)]
    if failed:
        out.print("What was not answered is recorded as a gap, never as nought. Ask again: narra awareness collect")
    if ended and len(failed) == len(ended):
        err.print("narra: nothing could be gathered. Is there a network?", style="bold")
        raise typer.Exit(ALL_FAILED)


OUTCOME: Final = ("new", "filled", "unchanged", "revised")


def _outcome_cells(outcome: SeriesOutcome) -> tuple[str, ...]:
    same = outcome.same + outcome.kept
    return tuple(f"{n:,}" for n in (outcome.new, outcome.filled, same, outcome.revised))


def _say_revised(number: int) -> None:
    if number:
        out.print(
            f"  {number:,} figures are other than their source said before, though their time was over. "
            "The old ones are kept: narra awareness show"
        )


@app.command("import")
@explained
def import_(
    files: Annotated[list[str], typer.Argument(help="Surveys as CSV, or exports of Google Trends; patterns allowed.")],
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="Give up stored figures of a relative series that the file lacks.")
    ] = False,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Take series from files. Importing twice changes nothing."""
    from collectors.run import expand  # noqa: PLC0415 see open_store

    opened = open_workspace(workspace)
    problems: list[str] = []
    with open_store(opened) as store:
        run = store.start_run("awareness import")
        status = "failed"
        try:
            for path in expand(files, Path()):
                problems += _import_file(store, run, path, replace=replace)
            status = "partial" if problems else "ok"
        except KeyboardInterrupt:
            status = "interrupted"
            raise
        finally:
            store.end_run(run, status, {})
    if problems:
        raise InputError("\n".join(problems))


def _import_file(store: Store, run: int, path: Path, *, replace: bool) -> list[str]:
    """Import one file, print what became of it, and say what is wrong with the whole of it."""
    from collectors.files.lines import printable  # noqa: PLC0415 see open_store
    from collectors.series.facts import facts_of  # noqa: PLC0415 see open_store
    from collectors.series.tables import RATIO, read_table  # noqa: PLC0415 see open_store

    source = printable(path.name)
    try:
        table = read_table(path)
        store.use_source(source, "series", brings="series")
        facts = {point.series: facts_of(point, source, source if point.unit == RATIO else "") for point in table.points}
        today = datetime.now(UTC).date().isoformat()
        outcome = store.save_series(facts, table.points, today, replace=replace)
    except NarraError as error:
        return [str(error) if str(path) in str(error) else f"{path}: {error}"]
    store.add_issues(run, table.refusals)
    rows = [(path.name, str(len(facts)), *_outcome_cells(outcome), f"{len(table.refusals):,}")]
    print_wide_table("Imported", ("file", "series", *OUTCOME, "refused"), rows)
    for refusal in table.refusals[:SHOWN_POINTS]:
        out.print(f"  refused, line {refusal.line}: {escape(refusal.reason)}: {escape(refusal.detail)}")
    _say_revised(outcome.revised)
    return [] if table.points else [f"{path}: none of its lines could be taken."]


@app.command("show")
@explained
def show(
    series: Annotated[str | None, typer.Argument(help="One series, with its latest figures; else all of them.")] = None,
    *,
    file: Annotated[Path | None, typer.Option("--csv", help="Write every figure into this file, a line each.")] = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """List the series, or the figures of one; write them as a tidy table."""
    with open_store(open_workspace(workspace), write=False) as store:
        held = [s for s in store.series() if series in {None, s.facts.name}]
        if not held:
            raise InputError(
                f"There is no series {series!r}. Which there are: narra awareness show"
                if series
                else "There are no series yet. Begin with: narra awareness collect, or narra awareness import FILE"
            )
        if file is not None:
            number = _write_csv(file, tidy(held, store.points(series)))
            out.print(f"Wrote {number:,} figures of {len(held):,} series to {escape(str(file))}.")
        elif series is not None:
            _show_points(held[0], list(store.points(series)))
        else:
            _show_all(held)
        _show_trouble(store, series)


def _show_all(held: Sequence[StoredSeries]) -> None:
    rows = [_series_row(one) for one in held]
    columns = ("series", "about", "audience", "by", "from", "to", "figures", "without", "revised", "unit", "fetched")
    print_wide_table("Series", columns, rows)
    scales = sorted({one.facts.scale for one in held if one.facts.scale})
    for scale in scales:
        out.print(f"  Only comparable with each other: the ratios of {escape(scale)}.")


def _series_row(one: StoredSeries) -> tuple[str, ...]:
    facts = one.facts
    numbers = (f"{one.points:,}", f"{one.missing:,}", f"{one.revised:,}")
    when = (one.first_day, one.last_day, *numbers)
    return (facts.name, facts.about, facts.audience, facts.period, *when, facts.unit, one.fetched[:10])


def _show_points(one: StoredSeries, points: Sequence[StoredPoint]) -> None:
    rows = [
        (
            p.first_day,
            p.last_day,
            _number(p.value),
            _number(p.low),
            _number(p.high),
            "" if p.final else "not yet",
            p.note,
        )
        for p in points[-SHOWN_POINTS:]
    ]
    title = f"{one.facts.name}: {one.facts.unit} ({one.facts.uncertainty})"
    print_wide_table(title, ("from", "to", "value", "low", "high", "final", "note"), rows)
    if len(points) > len(rows):
        out.print(f"  The latest {len(rows)} of {len(points):,}. All of them: narra awareness show --csv FILE")


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.6g}"


def _show_trouble(store: Store, series: str | None) -> None:
    for gap in store.gaps(brings="series"):
        out.print(f"  not seen: {gap.source}, {gap.first_day} to {gap.last_day}: {gap.status}. {escape(gap.detail)}")
    revisions = [r for r in store.revisions() if series in {None, r.series}]
    for r in revisions[:SHOWN_REVISIONS]:
        out.print(
            f"  changed: {escape(r.series)}, {r.first_day}: {_number(r.value)} until {r.replaced[:10]} "
            f"(fetched {r.fetched[:10]})"
        )
    if len(revisions) > SHOWN_REVISIONS:
        out.print(f"  and {len(revisions) - SHOWN_REVISIONS:,} more figures changed.")


def tidy(held: Sequence[StoredSeries], points: Iterable[StoredPoint]) -> Iterator[tuple[object, ...]]:
    """Give a row for each figure, under `COLUMNS`; an empty value is no nought."""
    of = {one.facts.name: one for one in held}
    for p in points:
        one = of[p.series]
        facts = one.facts
        about = (facts.about, facts.audience, one.narrative or "", facts.language, facts.period)
        yield (
            *(p.series, *about, p.first_day, p.last_day, p.value, p.low, p.high, p.n),
            *(facts.unit, facts.uncertainty, facts.scale, p.note, p.origin, int(p.final), p.fetched),
        )  # fmt: skip


def _write_csv(path: Path, rows: Iterable[tuple[object, ...]]) -> int:
    """Write a table whole or not at all; give the number of its rows."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    number = 0
    for row in rows:
        writer.writerow([_harmless(cell) for cell in row])
        number += 1
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False, newline="") as made:
            made.write(text.getvalue())
        Path(made.name).chmod(0o644)
        Path(made.name).replace(path)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from None
    return number


def _harmless(cell: object) -> object:
    # A search term that begins so would be a formula to a spreadsheet.
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


@app.command("forget")
@explained
def forget(
    series: Annotated[str, typer.Argument(help="The series' name, as `narra awareness show` lists it.")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Remove a series with all its figures."""
    with open_store(open_workspace(workspace)) as store:
        number = store.forget_series(series)
    out.print(f"Removed {escape(series)} with {number:,} figures.")

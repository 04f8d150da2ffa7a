"""The command that measures on request: ``narra measure``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.markup import escape

from corpus.errors import InputError
from corpus.settings import open_workspace
from corpus.terminal import HERE, WorkspaceOption, err, explained, open_store, out, print_table, print_wide_table
from results.options import one_of, write_file

if TYPE_CHECKING:
    from results.measure import Change, Measure
    from results.measuring import Wanted
    from results.tidy import Row

app = typer.Typer(rich_markup_mode=None)

_SHOWN: Final = 400  # rows on the screen; a file holds all


@app.command("measure")
@explained
def measure(  # noqa: PLR0913 options of the command line
    name: Annotated[str | None, typer.Argument(help="Which measure, or all; lists them if left out.")] = None,
    workspace: WorkspaceOption = HERE,
    *,
    by: Annotated[
        list[str] | None,
        typer.Option(
            help="member, outlet, language or kind; and quarter (if left out), year or whole. May come twice."
        ),
    ] = None,
    since: Annotated[str | None, typer.Option(help="From this quarter on, e.g. 2020Q1.")] = None,
    until: Annotated[str | None, typer.Option(help="Up to this quarter, and with it.")] = None,
    narrative: Annotated[str | None, typer.Option(help="Only this side's talk: korea, asean or both.")] = None,
    target: Annotated[str | None, typer.Option(help="What is named: ASEAN, SEA, VN, KR|KOREA …")] = None,
    unit: Annotated[str | None, typer.Option(help="documents, stories, headlines or sentences.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write a CSV file too.")] = None,
    parquet: Annotated[Path | None, typer.Option(help="Write a Parquet file too.")] = None,
) -> None:
    """Measure: each figure with its interval, its sample and its changes, as a table and as files."""
    from results import catalogue, tidy  # noqa: PLC0415 see open_store
    from results.measuring import measured  # noqa: PLC0415 see open_store

    if name is None:
        print_table("Measures", ("name", "what", "by", "counted in"), catalogue.listed())
        out.print("Next: narra measure NAME, or narra measure all.")
        return
    wanted = read_wanted(name, by or [], (since, until), narrative, target, unit)
    opened = open_workspace(workspace)
    with open_store(opened, write=False, snapshot=True) as store, err.status("measuring …"):
        rows = measured(store, opened.settings.measure, wanted)
    _print(rows)
    for path, write in ((csv, tidy.to_csv), (parquet, tidy.to_parquet)):
        if path is not None:
            write_file(path, write(rows))
            out.print(f"{len(rows):,} figures: {escape(str(path))}")


def read_wanted(  # noqa: PLR0913, PLR0917 as many as options
    name: str,
    by: Sequence[str],
    times: tuple[str | None, str | None],
    narrative: str | None,
    target: str | None,
    unit: str | None,
) -> Wanted:
    """Read the options of ``narra measure``.

    Raises:
        InputError: one of them is not known; the message lists what is.
    """
    from corpus.calendar import Quarter  # noqa: PLC0415 see open_store
    from corpus.targets import TARGETS  # noqa: PLC0415 see open_store
    from results import catalogue  # noqa: PLC0415 see open_store
    from results.cells import UNITS  # noqa: PLC0415 see open_store
    from results.measuring import TIMES, Wanted  # noqa: PLC0415 see open_store

    ways = [one_of("--by", way, (*catalogue.GROUPS, *TIMES)) for way in by]
    groups, spans = ([way for way in ways if way in of] for of in (catalogue.GROUPS, TIMES))
    for several in (groups, spans):
        if len(several) > 1:
            raise InputError(f"--by takes one of {' and '.join(several)}, not both.")
    side = None if narrative is None else one_of("--narrative", narrative, ("korea", "asean", "both"))
    asked = catalogue.Asked(
        narrative=side,  # type: ignore[arg-type]
        target=None if target is None else one_of("--target", target, tuple(TARGETS)),
        unit=None if unit is None else one_of("--unit", unit, UNITS),
    )
    since, until = (None if time is None else Quarter.parse(time) for time in times)
    return Wanted(catalogue.find(name), asked, next(iter(groups), None), next(iter(spans), "quarter"), since, until)  # type: ignore[arg-type]


def _print(rows: Sequence[Row]) -> None:
    if not rows:
        out.print("No figure fits what was asked.")
        return
    parts = (rows[0].by,) if rows[0].by else ()
    columns = (*parts, "figure", "quarter", "value", "interval", "of", "outlets", "change", "in a year", "notes")
    print_wide_table("", columns, [_line(row) for row in rows[:_SHOWN]])
    if len(rows) > _SHOWN:
        out.print(f"… and {len(rows) - _SHOWN:,} more: write them to a file with --csv or --parquet.")


def _line(row: Row) -> tuple[str, ...]:
    from results import words  # noqa: PLC0415 see open_store

    m = row.measure
    return (
        *((row.part,) if row.by else ()),
        words.title(m),
        str(m.quarter),
        words.value(m),
        words.interval(m),
        f"{m.numerator:,} of {m.n:,}",
        str(m.outlets),
        *(_change(m, change) for change in (m.previous, m.year)),
        "; ".join(m.flags),
    )


def _change(measure: Measure, change: Change | None) -> str:
    """Say a change in a few words; why there is none stands in the files."""
    from results import words  # noqa: PLC0415 see open_store

    if change is None or change.value is None:
        return ""
    return words.change(measure, change).partition(";")[0] if change.detectable else words.NO_CHANGE

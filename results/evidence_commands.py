"""The commands about evidence: the sentences behind a cell, a sample of them for coding, and what coders say."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.markup import escape

from corpus.errors import InputError, NoAnswerError
from corpus.model import NARRATIVE_NAMES
from corpus.settings import Settings, open_workspace
from corpus.terminal import HERE, WorkspaceOption, explained, open_store, out, print_table
from results.options import one_of, write_file

if TYPE_CHECKING:
    from corpus.store import Evidence, Store
    from results.agreement import Agreement
    from results.cell import Cell
    from results.coding import Report
    from results.precision import Precision

app = typer.Typer(help="See the sentences behind a number, and code a sample of them.", rich_markup_mode=None)

_SHOWN: Final = 20
_WRONG_SHOWN: Final = 30


@app.callback(invoke_without_command=True)
@explained
def evidence(  # noqa: PLR0913 options of the command line
    context: typer.Context,
    workspace: WorkspaceOption = HERE,
    *,
    figure: Annotated[str | None, typer.Option(help="A figure's id, as in figures.csv.")] = None,
    quarter: Annotated[str | None, typer.Option(help="2026Q3, 2026 or 1991-2024.")] = None,
    narrative: Annotated[str | None, typer.Option(help="Without a figure: whose talk, korea or asean.")] = None,
    target: Annotated[str | None, typer.Option(help="Without a figure: what is named: ASEAN, SEA, VN …")] = None,
    outlet: Annotated[str | None, typer.Option(help="Only this outlet, as tables name it: KR:한겨레.")] = None,
    field: Annotated[str | None, typer.Option(help="Only names in the title, or in the body.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Show so many documents.")] = _SHOWN,
    export: Annotated[Path | None, typer.Option(help="Write a random sample for coding: .csv or .xlsx.")] = None,
    sample: Annotated[int, typer.Option(min=1, help="Size of the sample.")] = 200,
    seed: Annotated[int | None, typer.Option(min=0, help="Of the sample; the workspace's if left out.")] = None,
    stratify: Annotated[
        str | None, typer.Option(help="Draw evenly from each outlet, language, entity or form_class.")
    ] = None,
) -> None:
    """List the sentences behind a cell, or draw a sample of them for coding by hand."""
    if context.invoked_subcommand is not None:
        return
    from results.withholding import withhold_before  # noqa: PLC0415 see open_store

    opened = open_workspace(workspace)
    withhold_before(opened, context)
    with open_store(opened, write=False, snapshot=True) as store:
        cells = _cells(store, opened.settings, (figure, quarter), (narrative, target, outlet, field))
        if export is None:
            for cell in cells:
                _show(store, cell, limit)
        else:
            drawing = opened.settings.measure.seed if seed is None else seed
            _export(store, cells, export, (sample, drawing), stratify)


@app.command("read")
@explained
def read(
    files: Annotated[list[Path], typer.Argument(help="The coded sheet, or each coder's copy of it.")],
    workspace: WorkspaceOption = HERE,
    *,
    report: Annotated[Path | None, typer.Option("--json", help="Where to write the result; beside the sheet.")] = None,
) -> None:
    """Read a coded sheet: how often the tagger is right, and how far two coders agree."""
    from results import coding, sheet  # noqa: PLC0415 see open_store

    opened = open_workspace(workspace)
    rows = coding.merged([(str(path), sheet.read(path)) for path in files])
    with open_store(opened, write=False, snapshot=True) as store:
        changed = coding.changed_since(store, rows)
    confidence = opened.settings.measure.confidence
    found = coding.assess(rows, confidence, changed)
    _tell(found, confidence)
    path = report or files[0].with_suffix(".result.json")
    content = {"files": [str(f) for f in files], "sample": rows[0].sample, "confidence": confidence, **asdict(found)}
    write_file(path, (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode())
    out.print(f"Written to {escape(str(path))}.")


# -- which -----------------------------------------------------------------


def _cells(
    store: Store,
    settings: Settings,
    which: tuple[str | None, str | None],
    parts: tuple[str | None, str | None, str | None, str | None],
) -> list[Cell]:
    from corpus.model import NARRATIVES  # noqa: PLC0415 see open_store
    from corpus.targets import TARGETS  # noqa: PLC0415 see open_store
    from results import cell, quarterly, spans  # noqa: PLC0415 see open_store

    (figure, quarter), (narrative, target, outlet, field) = which, parts
    when = spans.read(quarter) if quarter else quarterly.latest_quarter(store)
    where = None if field is None else one_of("--field", field, ("title", "body"))
    if figure is not None:
        if narrative or target or where:
            raise InputError("--figure says what is counted; leave out --narrative, --target and --field.")
        return cell.behind(store, settings, figure, when, outlet)
    if narrative is None or target is None:
        raise InputError("Say which cell: --figure ID (from figures.csv), or both --narrative and --target.")
    side = one_of("--narrative", narrative, NARRATIVES)
    return [cell.counted(settings.measure, side, one_of("--target", target, tuple(TARGETS)), when, outlet, where)]  # type: ignore[arg-type]


def _show(store: Store, cell: Cell, limit: int) -> None:
    named = store.named(**cell.conditions())
    documents = len({m.document for m in named})
    found = store.evidence(**cell.conditions(), limit=limit)
    side = NARRATIVE_NAMES[cell.query.narrative]
    out.print(f"{side}, {' or '.join(cell.query.entities)}: {len(named):,} mentions in {documents:,} documents")
    for one in found:
        _show_one(one)
    if documents > len(found):
        out.print(f"… and {documents - len(found):,} more documents: --limit, or --export FILE.xlsx for a sample.")


def _show_one(one: Evidence) -> None:
    from results.excerpts import clean, excerpt, safe_link  # noqa: PLC0415 see open_store

    words = excerpt(one)
    copies = f", {one.copies} copies" if one.copies > 1 else ""
    head = f"{one.day}  {clean(one.outlet)}  {one.entity}, {one.form_class}, in the {one.field}{copies}"
    out.print(f"\n{escape(head)}")
    name = f"[bold]⟦{escape(words.name)}⟧[/bold]" if words.name else ""
    out.print(f"  {escape(words.before)}{name}{escape(words.after)}")
    link = safe_link(one.url)
    if link:
        out.print(f"  {escape(clean(link))}")


# -- a sample --------------------------------------------------------------


def _export(store: Store, cells: Sequence[Cell], path: Path, sized: tuple[int, int], stratify: str | None) -> None:
    from results import coding, sheet  # noqa: PLC0415 see open_store

    if path.exists():
        raise InputError(f"{path} is there already, and may hold coders' work. Choose another name.")
    by = None if stratify is None else one_of("--stratify", stratify, coding.STRATA)
    size, seed = sized
    every = {(m.document, m.field, m.start): m for cell in cells for m in store.named(**cell.conditions())}.values()
    mentions = [m for m in every if not m.withheld]
    if len(mentions) < len(every):
        out.print(
            f"{len(every) - len(mentions):,} mentions are not among those drawn from: "
            "their sources allow titles and links only."
        )
    if not mentions:
        raise NoAnswerError("No document in the store fits, so there is nothing to code.")
    drawn = coding.draw(mentions, size, seed, by)
    texts = store.printed(sorted({one.mention.document for one in drawn}))
    asked = repr([(sorted(cell.conditions().items(), key=str), size, by) for cell in cells])
    name = f"s{seed}-{hashlib.sha256(asked.encode()).hexdigest()[:12]}"
    write_file(path, sheet.write(path, sheet.rows(drawn, texts, name)))
    how = "a simple random sample" if by is None else f"drawn evenly by {by}"
    out.print(f"{len(drawn):,} of {len(mentions):,} mentions, {how} (seed {seed}): {escape(str(path))}")
    out.print("Next: see docs/coding.md, then narra evidence read FILE.")


# -- coded -----------------------------------------------------------------


def _tell(found: Report, confidence: float) -> None:
    strict = found.strict
    if strict.value is None:
        out.print("Precision can't be estimated: some part of the sample has nothing coded.")
    else:
        out.print(f"Precision: {_precise(strict)} ({confidence:.0%} interval, from {strict.coded:,} coded mentions).")
    for coder, one in found.by_coder.items():
        out.print(f"  by coder {coder}: {_precise(one)}, {one.coded:,} coded")
    for name, one in found.by.items():
        out.print(f"  of {escape(name)}: {_precise(one)}, {one.coded:,} coded")
    out.print(f"Agreement whether a mention is right: {_agreed(found.right)}")
    out.print(f"Agreement whose name it is: {_agreed(found.entities)}")
    coded = strict.coded
    if coded < found.drawn:
        out.print(
            f"Of {found.drawn:,} drawn, {found.drawn - coded:,} are not coded, or unsure: "
            "the figures are of the others."
        )
    if found.missing:
        out.print(
            f"{found.missing:,} rows of the sample are gone from the sheet. "
            "If they were deleted for what they say, the figures are wrong."
        )
    if found.changed:
        out.print(
            f"{len(found.changed):,} of the coded mentions are not in the store any more as they were coded (the text "
            "changed, or another lexicon tagged it): the figures are of the tagger as it was then."
        )
    if found.disputed:
        keys = ", ".join(found.disputed[:_WRONG_SHOWN])
        out.print(f"Coders differ on {len(found.disputed):,}, to be talked over: {escape(keys)}")
    if found.wrong:
        print_table("Found wrong", ("mention", "name", "tagged", "is"), list(found.wrong[:_WRONG_SHOWN]))


def _precise(found: Precision) -> str:
    if found.value is None or found.low is None or found.high is None:
        return "not to be estimated"
    return f"{found.value:.1%} ({found.low:.1%} to {found.high:.1%})"


def _agreed(found: Agreement) -> str:
    if not found.units:
        return "no mention is coded by both."
    both = f"the same on {found.same:,} of {found.units:,}"
    if found.alpha is None:
        return f"{both}; alpha is undefined where only one answer was ever given."
    interval = "no interval" if found.low is None else f"{found.low:.2f} to {found.high:.2f}"
    return f"Krippendorff's alpha {found.alpha:.3f} ({interval}); {both}."

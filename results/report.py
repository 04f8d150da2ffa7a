"""The quarterly report: one page, its tables and a manifest, written whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from corpus.calendar import Quarter
from corpus.errors import WorkspaceError
from corpus.settings import Settings, Workspace
from corpus.store import Store
from results import awareness_words, tables
from results.basis import basis
from results.events import Event, events
from results.evidence import Behind, gather
from results.explore.figures import FILE, evidence_file
from results.language import ENGLISH, folder_name, say, speaking
from results.manifest import as_json, manifest, versions
from results.outputs import pictures
from results.outputs.blocks import Chart, read_page
from results.outputs.docx import docx
from results.outputs.pdf import pdf
from results.outputs.workbook import Sheet, report_sheets, workbook
from results.page import render
from results.quarterly import QuarterResults, compute
from results.sections import WordBehind, word_evidence
from results.tables import Cell


def write_report(store: Store, workspace: Workspace, quarter: Quarter, language: str = ENGLISH) -> Path:
    """Write ``reports/2026Q3/``, in Korean ``reports/2026Q3-ko/``, and give the path of its page.

    The same store and settings give the same bytes. An interrupt leaves the
    report that was there before.

    Raises:
        NoAnswerError: there is nothing to report, or the counts are not up to date.
        SettingsError: there is no such language.
        WorkspaceError: the folder cannot be written.
    """
    with speaking(language):
        files = build(store, workspace.settings, quarter, events(workspace.folder))
        folder = workspace.reports / folder_name(quarter)
    try:
        _swap_in(folder, files)
    except OSError as error:
        raise WorkspaceError(f"Cannot write the report to {folder}: {error.strerror}.") from error
    return folder / "report.html"


def build(store: Store, settings: Settings, quarter: Quarter, happened: tuple[Event, ...] = ()) -> dict[str, bytes]:
    """Make the report's files in the language spoken, by name; charts over weeks are marked with what happened."""
    results = replace(compute(store, settings, quarter), events=happened)
    current = [*(m for m in results.measures if m.quarter == quarter), *results.talk, *results.topic_figures]
    behind = gather(store, current, settings.report.evidence)
    measured = settings.measure
    rests_on = basis(store, quarter, measured.kinds, measured.panel_minimum, results.weeks)
    word_behind = word_evidence(store, results, settings)
    made_by = versions(store)
    page = render(results, rests_on, behind, settings, made_by, word_behind)
    files = {"report.html": page.encode("utf-8", "replace"), **_csv(results, behind, word_behind)}
    findings = tuple(Sheet(sheet, about, columns, rows) for _, sheet, about, columns, rows in _findings(results))
    files |= _other_forms(page, (*report_sheets(results, rests_on, behind), *findings), made_by["narra"])
    files[FILE] = evidence_file(quarter, current)
    files["manifest.json"] = as_json(manifest(store, settings, results, rests_on, made_by, files))
    return files


def _other_forms(page: str, sheets: Sequence[Sheet], narra: str) -> dict[str, bytes]:
    """Give the page for paper, for editing and for Excel, and its charts as pictures."""
    content = read_page(page)
    svgs = {block.name: pictures.svg(block.spec) for block in content.blocks if isinstance(block, Chart)}
    pngs = {name: pictures.png(svg) for name, svg in svgs.items()}
    return {
        **{f"chart-{name}.svg": data for name, data in svgs.items()},
        **{f"chart-{name}.png": data for name, data in pngs.items()},
        "report.pdf": pdf(content, svgs, narra),
        "report.docx": docx(content, pngs, narra),
        "tables.xlsx": workbook(content.title, [say("The same tables lie beside this file as CSV.")], sheets),
    }


def _csv(results: QuarterResults, behind: tuple[Behind, ...], word_behind: tuple[WordBehind, ...]) -> dict[str, bytes]:
    evidence = [
        tables.evidence_row(" ".join(sorted(m.id for m in block.figures)), found)
        for block in behind
        for found in block.found
    ]
    evidence += [tables.evidence_row(word.row, found) for word in word_behind for found in word.found]
    return {
        "figures.csv": tables.as_csv(tables.FIGURES, map(tables.figure_row, results.measures)),
        "series.csv": tables.as_csv(tables.FIGURES, map(tables.figure_row, results.series)),
        "weeks.csv": tables.as_csv(tables.WEEKS, map(tables.week_row, results.weeks)),
        "evidence.csv": tables.as_csv(tables.EVIDENCE, evidence),
        **{f"{name}.csv": tables.as_csv(columns, rows) for name, _, _, columns, rows in _findings(results)},
    }


_Finding = tuple[str, str, str, Sequence[str], list[list[Cell]]]


def _findings(results: QuarterResults) -> list[_Finding]:
    """Give the tables of findings: name of the file, name of the sheet, what a row is, columns and rows."""
    return [
        (
            "frames",
            say("frames"),
            say("A row is what the talk is about, over the four quarters up to the report's."),
            tables.FIGURES,
            [*map(tables.figure_row, results.talk)],
        ),
        (
            "topics",
            say("topics"),
            say("A row is the share of a topic, over the four quarters up to the report's."),
            tables.FIGURES,
            [*map(tables.figure_row, results.topic_figures)],
        ),
        (
            "timelines",
            say("timelines"),
            say("A row is an index of one quarter, freed of the panel's changes or of outlets there in every quarter."),
            tables.TIMELINES,
            [*tables.timeline_rows(results.timelines)],
        ),
        (
            "levels",
            say("levels"),
            say("A row is the index of one week."),
            tables.LEVELS,
            [*tables.level_rows(results.levels)],
        ),
        (
            "changes",
            say("changes"),
            say("A row is a change of level."),
            tables.CHANGES,
            [*tables.change_rows(results.levels)],
        ),
        (
            "chance",
            say("chance"),
            say("A row is a member, read against chance."),
            tables.CHANCE,
            [*tables.chance_rows(results.pairs)],
        ),
        (
            "leads",
            say("leads"),
            say("A row is whether one kind of talk precedes."),
            tables.LEADS,
            [*tables.lead_rows(results.leads)],
        ),
        (
            "uptake",
            say("uptake"),
            say("A row is what follows the Secretariat's statements."),
            tables.UPTAKE,
            [*tables.uptake_rows(results.taken)],
        ),
        (
            "words",
            say("words"),
            say("A row is a word that goes with one name rather than with another."),
            tables.WORDS,
            [*tables.word_rows(results.contrasts)],
        ),
        (
            "reprints",
            say("reprints"),
            say("A row is a reprinted story."),
            tables.REPRINTS,
            [*tables.reprint_rows(results.reprinted)],
        ),
        (
            "awareness",
            say("awareness"),
            say("A row is a series of awareness in a quarter, with the visibility it stands beside."),
            awareness_words.COLUMNS,
            [*awareness_words.rows(results.awareness)] if results.awareness else [],
        ),
        (
            "surveys",
            say("surveys"),
            say("A row is a wave of a survey."),
            awareness_words.WAVES,
            [*awareness_words.wave_rows(results.awareness)] if results.awareness else [],
        ),
    ]


def _swap_in(folder: Path, files: dict[str, bytes]) -> None:
    """Write into a folder beside, then exchange: the old report goes only when the new one is complete."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = folder.with_name(f".{folder.name}.old")
    _recover(folder, aside)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        fresh.chmod(0o755)  # mkdtemp's folders are closed to everybody else
        for name, data in files.items():
            (fresh / name).write_bytes(data)
        _exchange(fresh, folder, aside)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _exchange(fresh: Path, folder: Path, aside: Path) -> None:
    if folder.exists():
        folder.rename(aside)
    try:
        fresh.rename(folder)
    except BaseException:
        _recover(folder, aside)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _recover(folder: Path, aside: Path) -> None:
    """Put a report back that an interrupt left aside, or clear what is left of one that was replaced."""
    if aside.exists() and not folder.exists():
        aside.rename(folder)
    shutil.rmtree(aside, ignore_errors=True)

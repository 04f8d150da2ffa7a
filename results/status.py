"""What a workspace holds, what it lacks, and what to do next, in words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from corpus.model import NARRATIVES
from corpus.store import Store
from results.searches import suspicions

_QUARTERS_SHOWN: Final = 8
_SIDES: Final = {"korea": "Korea's", "asean": "ASEAN's", None: "neither side's"}


@dataclass(frozen=True, slots=True)
class Status:
    """A workspace, described.

    Attributes:
        lines: the whole, in a few sentences.
        tables: (title, columns, rows), all text.
        missing: what stands in the way of an honest report.
        next_step: one command and why.
    """

    lines: tuple[str, ...]
    tables: tuple[tuple[str, tuple[str, ...], list[tuple[str, ...]]], ...]
    missing: tuple[str, ...]
    next_step: str


def describe(store: Store, lexicon: str) -> Status:
    """Describe a store.

    Args:
        store: open for reading.
        lexicon: the version of the present lexicon; texts tagged by another are to be tagged again.
    """
    totals = store.totals()
    rows = store.overview()
    untagged = store.count_untagged(lexicon)
    held = (
        f"{totals['documents']:,} documents of {totals['outlets']:,} outlets, {totals['stories']:,} stories, "
        f"{totals['mentions']:,} mentions, {totals['counts']:,} rows of counts."
    )
    lines = (held, _last_run(store))
    tables = (
        (
            "By narrative and quarter",
            ("narrative", "kind", "quarter", "outlets", "documents", "naming any"),
            _quarters(rows),
        ),
        ("By outlet", ("narrative", "outlet", "languages", "from", "to", "documents", "naming any"), _outlets(rows)),
    )
    missing = (
        *_missing(rows, untagged, totals["issues"], current=store.counts_are_current()),
        *_unseen(store),
        *suspicions(store),
    )
    return Status(lines, tables, missing, _next(totals["documents"], untagged, current=store.counts_are_current()))


def _last_run(store: Store) -> str:
    runs = store.runs(1)
    if not runs:
        return "Nothing has been run yet."
    last = runs[0]
    ended = (
        f"ended {last['ended']} ({last['status']})" if last["ended"] else "did not end: it was stopped, or still runs"
    )
    return f"Last run: {last['stage']}, begun {last['started']}, {ended}."


def _quarters(rows: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    cells: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        quarter = row["quarter"] or "undated"
        cells[_SIDES[row["narrative"]], row["kind"], quarter].append(row)
    shown: list[tuple[str, ...]] = []
    for side in _SIDES.values():
        for kind in sorted({key[1] for key in cells if key[0] == side}):
            quarters = sorted(key[2] for key in cells if key[:2] == (side, kind))
            if len(quarters) > _QUARTERS_SHOWN:
                earlier = [row for q in quarters[:-_QUARTERS_SHOWN] for row in cells[side, kind, q]]
                shown.append((side, kind, f"{quarters[0]} … {quarters[-_QUARTERS_SHOWN - 1]}", *_sums(earlier)))
            shown += [(side, kind, q, *_sums(cells[side, kind, q])) for q in quarters[-_QUARTERS_SHOWN:]]
    return shown


def _sums(rows: list[dict[str, Any]]) -> tuple[str, str, str]:
    outlets = len({row["outlet"] for row in rows})
    return f"{outlets:,}", f"{sum(r['documents'] for r in rows):,}", f"{sum(r['named'] for r in rows):,}"


def _outlets(rows: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[_SIDES[row["narrative"]], row["outlet"]].append(row)
    return [
        (
            side,
            outlet,
            ", ".join(sorted({row["language"] for row in group})),
            min((row["quarter"] for row in group if row["quarter"]), default="undated"),
            max((row["quarter"] for row in group if row["quarter"]), default="undated"),
            *_sums(group)[1:],
        )
        for (side, outlet), group in sorted(groups.items())
    ]


def _missing(rows: list[dict[str, Any]], untagged: int, issues: int, *, current: bool) -> list[str]:
    sides = {row["narrative"] for row in rows}
    said = [
        f"No document of {_SIDES[narrative]} narrative: symmetry cannot be measured."
        for narrative in NARRATIVES
        if narrative not in sides
    ]
    vague = sum(row["documents"] for row in rows if row["quarter"] is None or "Q" not in row["quarter"])
    if vague:
        said.append(f"{vague:,} documents are undated or dated only to the year: they are in no quarter.")
    neither = sum(row["documents"] for row in rows if row["narrative"] is None)
    if neither:
        said.append(
            f"{neither:,} documents are neither side's (a state that was no member on that day, or another country)."
        )
    excluded = sum(row["excluded"] for row in rows)
    if excluded:
        said.append(f"{excluded:,} documents are set aside by their archive and count nowhere.")
    sampled = sum(row["sampled"] for row in rows)
    if sampled:
        said.append(
            f"{sampled:,} documents were found by a search only and count in no share: they match a query, so that a "
            "share of them would say what was asked. Files that hold all that an outlet published: "
            "narra import --complete FILE"
        )
    if untagged:
        said.append(f"{untagged:,} texts are new or changed, or were tagged by an older lexicon.")
    if not current:
        said.append("The counts are older than the documents or their mentions.")
    if issues:
        said.append(f"{issues:,} records were refused at import: narra status --issues lists them.")
    return said


def _unseen(store: Store) -> list[str]:
    """Say how many days of sources that count were not seen."""
    gaps = [gap for gap in store.gaps() if not gap.sampled]
    if not gaps:
        return []
    sources = len({gap.source for gap in gaps})
    first, last = min(gap.first_day for gap in gaps), max(gap.last_day for gap in gaps)
    what = f"{len(gaps):,} gaps of {sources:,} sources are open, from {first} to {last}"
    return [f"{what}: on those days their outlets were not (wholly) seen, and figures say so. Which: narra sources"]


def _next(documents: int, untagged: int, *, current: bool) -> str:
    if not documents:
        return "narra import FILE…, to take in documents."
    if untagged or not current:
        return "narra run, to tag and count what is new and write the report."
    return "narra report QUARTER (for example 2026Q3), to write the report."

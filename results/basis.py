"""What the numbers rest on: documents, outlets and languages of each side, and what was left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from corpus.calendar import Quarter, week_of
from corpus.model import ENTITY_NAMES, NARRATIVE_NAMES, NARRATIVES, Narrative
from corpus.store import Store
from corpus.targets import members_on
from results.coverage import Coverage, Coverages, sentences
from results.language import listed, say, told, week
from results.language import quarter as named
from results.searches import suspicions
from results.weekly import WeekPoint


@dataclass(frozen=True, slots=True)
class OutletRow:
    """One outlet in a quarter."""

    narrative: Narrative
    outlet: str
    languages: tuple[str, ...]
    documents: int
    before: int
    in_panel: bool


@dataclass(frozen=True, slots=True)
class SideRow:
    """One narrative in a quarter."""

    narrative: Narrative
    outlets: int
    panel: int
    documents: int
    before: int
    languages: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """All of it.

    Attributes:
        sides: both narratives.
        outlets: every outlet with documents in the quarter.
        gaps: sentences about what is missing.
        left_out: (what, how many documents), of the whole store.
        refused: (reason, how many records), of all imports.
    """

    sides: tuple[SideRow, ...]
    outlets: tuple[OutletRow, ...]
    gaps: tuple[str, ...]
    left_out: tuple[tuple[str, int], ...]
    refused: tuple[tuple[str, int], ...]


def basis(store: Store, quarter: Quarter, kinds: Iterable[str], minimum: int, weeks: tuple[WeekPoint, ...]) -> Basis:
    """Describe what a quarter's figures rest on.

    Args:
        store: open for reading.
        quarter: the quarter reported on.
        kinds: the kinds that count.
        minimum: fewest documents for an outlet of the panel.
        weeks: the weeks in which each narrative has documents.
    """
    rows = store.overview()
    seen = Coverages(store)(quarter)
    counted = [row for row in rows if row["kind"] in set(kinds)]
    outlets = _outlets(counted, quarter, minimum)
    return Basis(
        sides=tuple(_side(counted, outlets, narrative, quarter) for narrative in NARRATIVES),
        outlets=outlets,
        gaps=(
            *_empty_weeks(quarter, weeks),
            *_unseen(seen, outlets),
            *_absent_members(outlets, quarter),
            *_gone(counted, outlets, quarter),
            *suspicions(store),
        ),
        left_out=_left_out(rows, set(kinds)),
        refused=_refused(store.issue_counts()),
    )


def _amount(row: dict[str, Any]) -> int:
    return int(row["documents"]) - int(row["excluded"]) - int(row["sampled"])


def _outlets(rows: list[dict[str, Any]], quarter: Quarter, minimum: int) -> tuple[OutletRow, ...]:
    by_outlet: dict[tuple[Narrative, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["narrative"]:
            by_outlet[row["narrative"], row["outlet"]].append(row)
    found = []
    for (narrative, outlet), own in sorted(by_outlet.items(), key=lambda item: item[0]):
        now = [r for r in own if r["quarter"] == str(quarter)]
        documents = sum(map(_amount, now))
        if documents:
            before = sum(_amount(r) for r in own if r["quarter"] == str(quarter.previous))
            languages = tuple(sorted({r["language"] for r in now}))
            found.append(OutletRow(narrative, outlet, languages, documents, before, documents >= minimum))
    return tuple(found)


def _side(
    rows: list[dict[str, Any]], outlets: tuple[OutletRow, ...], narrative: Narrative, quarter: Quarter
) -> SideRow:
    own = [o for o in outlets if o.narrative == narrative]
    languages: dict[str, int] = {}
    for row in rows:
        if row["narrative"] == narrative and row["quarter"] == str(quarter):
            languages[row["language"]] = languages.get(row["language"], 0) + _amount(row)
    before = sum(_amount(r) for r in rows if r["narrative"] == narrative and r["quarter"] == str(quarter.previous))
    return SideRow(
        narrative=narrative,
        outlets=len(own),
        panel=sum(o.in_panel for o in own),
        documents=sum(o.documents for o in own),
        before=before,
        languages=tuple(sorted(languages.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def _empty_weeks(quarter: Quarter, weeks: tuple[WeekPoint, ...]) -> list[str]:
    days = (quarter.last - quarter.first).days + 1
    all_weeks = sorted({week_of((quarter.first + timedelta(days=d)).isoformat()) for d in range(days)})
    said = []
    for narrative in NARRATIVES:
        held = {point.week for point in weeks if point.narrative == narrative}
        empty = [one for one in all_weeks if one not in held]
        if empty:
            said.append(
                say(
                    "{side}: the panel has no documents in {some} of {all} weeks ({weeks}).",
                    side=say(NARRATIVE_NAMES[narrative]),
                    some=len(empty),
                    all=len(all_weeks),
                    weeks=listed([week(one) for one in empty]),
                )
            )
    return said


def _unseen(seen: Coverage, outlets: tuple[OutletRow, ...]) -> list[str]:
    """Say which days of the outlets that count were not seen, and why."""
    return [
        sentence
        for narrative in NARRATIVES
        for sentence in sentences(
            seen, say(NARRATIVE_NAMES[narrative]), [o.outlet for o in outlets if o.narrative == narrative]
        )
    ]


def _absent_members(outlets: tuple[OutletRow, ...], quarter: Quarter) -> list[str]:
    held = {o.outlet.split(":", 1)[0] for o in outlets if o.in_panel}
    absent = [say(ENTITY_NAMES[code]) for code in sorted(members_on(quarter.last.isoformat())) if code not in held]
    return [say("No outlet of the panel is from {members}.", members=listed(absent))] if absent else []


def _gone(rows: list[dict[str, Any]], outlets: tuple[OutletRow, ...], quarter: Quarter) -> list[str]:
    here = {o.outlet for o in outlets}
    then = {r["outlet"] for r in rows if r["narrative"] and r["quarter"] == str(quarter.previous) and _amount(r)}
    said = []
    if then - here:
        said.append(_only_in(quarter.previous, quarter, then - here))
    if then and here - then:
        said.append(_only_in(quarter, quarter.previous, here - then))
    return said


def _only_in(one: Quarter, other: Quarter, outlets: set[str]) -> str:
    names = listed(sorted(outlets))
    return say("In {one} but not in {other}: {outlets}.", one=named(one), other=named(other), outlets=names)


def _left_out(rows: list[dict[str, Any]], kinds: set[str]) -> tuple[tuple[str, int], ...]:
    sided = [row for row in rows if row["narrative"]]
    return (
        (
            say("from neither side (no member's outlet on that day, and not Korea's)"),
            sum(map(_amount, rows)) - sum(map(_amount, sided)),
        ),
        (say("without a date"), sum(_amount(row) for row in sided if row["quarter"] is None)),
        (say("dated only to the year"), sum(_amount(r) for r in sided if r["quarter"] and "Q" not in r["quarter"])),
        (say("set aside by the archive itself"), sum(int(row["excluded"]) for row in rows)),
        (
            say("found by a search only (they match a query, so that a share of them would say what was asked)"),
            sum(int(row["sampled"]) for row in rows),
        ),
        (say("of a kind that is not measured"), sum(_amount(row) for row in sided if row["kind"] not in kinds)),
    )


def _refused(issues: list[dict[str, Any]]) -> tuple[tuple[str, int], ...]:
    reasons: dict[str, int] = {}
    for issue in issues:
        reasons[issue["reason"]] = reasons.get(issue["reason"], 0) + int(issue["n"])
    ordered = sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple((told(reason), n) for reason, n in ordered)

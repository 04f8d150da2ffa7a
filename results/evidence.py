"""The documents behind the figures, each list fetched once however many figures share it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from corpus.model import ENTITY_NAMES, NARRATIVE_NAMES
from corpus.store import Evidence, Store
from results import words
from results.language import say
from results.measure import EvidenceQuery, Measure


@dataclass(frozen=True, slots=True)
class Behind:
    """What is behind some figures.

    Attributes:
        id: fit for an address.
        title: whose talk, naming what.
        figures: the figures that rest on it.
        found: some of the documents.
        total: how many documents the panel has that name it, copies included.
    """

    id: str
    title: str
    figures: tuple[Measure, ...]
    found: tuple[Evidence, ...]
    total: int


def gather(store: Store, measures: Iterable[Measure], limit: int) -> tuple[Behind, ...]:
    """Fetch the evidence of all measures, in their order; those that ask for the same share one list."""
    asking: dict[EvidenceQuery, list[Measure]] = {}
    for measure in measures:
        for query in measure.evidence:
            asking.setdefault(query, []).append(measure)
    return tuple(_behind(store, query, figures, limit) for query, figures in asking.items())


def _behind(store: Store, query: EvidenceQuery, figures: list[Measure], limit: int) -> Behind:
    own = [m for m in figures if m.narrative == query.narrative and m.unit == "documents"]
    first = next(iter(own), figures[0])
    return Behind(
        id=f"evidence-{query.narrative}-{first.id}",
        title=_title(query, first),
        figures=tuple(figures),
        found=_fetch(store, query, limit),
        total=first.numerator,
    )


def _fetch(store: Store, query: EvidenceQuery, limit: int) -> tuple[Evidence, ...]:
    if not query.outlets:
        return ()
    return tuple(
        store.evidence(
            narrative=query.narrative,
            months=query.months,
            entities=query.entities,
            classes=query.classes,
            kinds=query.kinds,
            without=query.without,
            also=query.also,
            outlets=query.outlets,
            field=query.field,
            framed=query.framed,
            limit=limit,
        )
    )


def _title(query: EvidenceQuery, measure: Measure) -> str:
    if measure.name.startswith("korea-in-"):
        member = ENTITY_NAMES[measure.name.removeprefix("korea-in-")]
        return say("Outlets of {member} naming Korea", member=say(member))
    side = say(NARRATIVE_NAMES[query.narrative])
    if measure.target.startswith("ASEAN&"):
        other = words.target(measure.target.replace("ASEAN&", ""))
        return say("{side} naming ASEAN and {target}", side=side, target=other)
    if query.field == "title":
        return say("{side} naming {target} in the headline", side=side, target=words.target(measure.target))
    return say("{side} naming {target}", side=side, target=words.target(measure.target))

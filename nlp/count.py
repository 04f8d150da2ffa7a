"""Mentions to counts: the hand-over between language and statistics.

One pass over the documents. For every cell (narrative, outlet, language, kind,
day) the counts say how many documents, stories, sentences and headlines there
are (target ``*``), and how many name each target by each class of form. Documents
whose surroundings of a target were framed are counted once more under each label
of that framing: its frame, its pillar, and the end of each scale they lean to; and
likewise under their topic (`topic_labels`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Final

from corpus.model import ENTITIES, FORM_CLASSES, Count
from corpus.store import DocumentFacts, Store
from corpus.targets import EVERYTHING, NAMED, NAMED_CLASSES, NAMED_OR_CAPITAL, TARGETS, WITH_CAPITALS, members_on

_LEVELS: Final[dict[str, frozenset[str]]] = {
    NAMED: NAMED_CLASSES,
    NAMED_OR_CAPITAL: WITH_CAPITALS,
    **{c: frozenset({c}) for c in FORM_CLASSES},
}
# A combination of targets by one single class answers no question anybody asked.
_COMBINED_LEVELS: Final = (NAMED, NAMED_OR_CAPITAL)
_NO_WAY: Final = ("both", "undecided")
BATCH: Final = 2000  # cells: an outlet's day each
_Cell = tuple[str, str, str, str, str]
_Row = tuple[str, str, str]  # target, class, frame
_Units = list[int]  # documents, stories, sentences, headlines


def count(facts: Iterable[DocumentFacts]) -> Iterator[Count]:
    """Count documents by what they name.

    Args:
        facts: the documents that count, one at a time, in any order.

    Returns:
        rows, none of them all zero; the denominators are those of target ``*``.
    """
    cells: dict[_Cell, dict[_Row, _Units]] = {}
    for document in facts:
        cell = (document.narrative, document.outlet, document.language, document.kind, document.day)
        rows = cells.setdefault(cell, {})
        whole = (1, int(document.represents_story), document.sentences, int(document.has_title))
        _add(rows, (EVERYTHING, EVERYTHING, EVERYTHING), whole)
        if document.names:
            _count_names(rows, document)
    for (narrative, outlet, language, kind, day), rows in cells.items():
        for (target, form_class, frame), units in rows.items():
            yield Count(narrative, outlet, language, kind, day, target, form_class, frame, *units)  # type: ignore[arg-type]


def _count_names(rows: dict[_Row, _Units], document: DocumentFacts) -> None:
    members = _members(document.day)
    labels = {target: labels_of(*framing) for target, *framing in document.framings}
    for target, scope, topic in document.topics:
        labels[target] = (*labels.get(target, ()), *topic_labels(scope, topic))
    for level, classes in _LEVELS.items():
        names = [n for n in document.names if n[1] in classes]
        if not names:
            continue
        combined = level in _COMBINED_LEVELS
        headline = _held(frozenset(n[0] for n in names if n[2] == "title"), members, combined=combined)
        sentences = Counter(
            target for named in _by_sentence(names) for target in _held(named, members, combined=combined)
        )
        for target in _held(frozenset(n[0] for n in names), members, combined=combined):
            units = (1, int(document.represents_story), sentences[target], int(target in headline))
            _add(rows, (target, level, EVERYTHING), units)
            for label in labels.get(target, ()) if combined else ():
                _add(rows, (target, level, label), units)


@lru_cache(maxsize=4096)
def labels_of(
    frame: str, pillar: str | None, exchange: float | None, people: float | None, way: str | None = None
) -> tuple[str, ...]:
    """Give the labels a framing is counted under.

    ``framed`` always: of what is not framed (yet) nothing is known, so this is what shares
    of frames are taken of. ``sport``; ``pillar:economic``; ``exchange`` where anything spoke on that scale, and
    ``exchange:mutual`` or ``exchange:transactional`` where one end outweighs the other;
    and likewise ``people``, ``people:people`` and ``people:elite``. ``education:to_korea``
    where the frame asks for a direction (`nlp.frames.directions`), and ``education:either``
    where it is one and not the other.
    """
    labels = ["framed", frame] + ([f"pillar:{pillar}"] if pillar else [])
    for scale, value, ends in (
        ("exchange", exchange, ("transactional", "mutual")),
        ("people", people, ("elite", "people")),
    ):
        if value is not None:
            labels += [scale] + ([f"{scale}:{ends[value > 0]}"] if value else [])
    if way:
        labels += [f"{frame}:{way}"] + ([f"{frame}:either"] if way not in _NO_WAY else [])
    return tuple(labels)


def topic_labels(scope: str, topic: int) -> tuple[str, ...]:
    """Give the labels a document is counted under for its topic.

    ``topics:<scope>`` always: what a scope's model has not seen it says nothing of, so this is what
    shares of topics are taken of. ``topic:<id>`` where the document is of one.
    """
    return (f"topics:{scope}",) if topic < 0 else (f"topics:{scope}", f"topic:{topic}")


_members: Final = lru_cache(maxsize=4096)(members_on)


@lru_cache(maxsize=65_536)
def _held(named: frozenset[str], members: frozenset[str], *, combined: bool) -> tuple[str, ...]:
    """Give the targets that hold of what a text, a sentence or a title names."""
    return tuple(
        name for name, target in TARGETS.items() if (combined or name in ENTITIES) and target.holds(named, members)
    )


def _by_sentence(names: list[tuple[str, str, str, int]]) -> list[frozenset[str]]:
    sentences: dict[tuple[str, int], set[str]] = {}
    for entity, _, field, sentence in names:
        sentences.setdefault((field, sentence), set()).add(entity)
    return [frozenset(s) for s in sentences.values()]


def _add(rows: dict[_Row, _Units], key: _Row, units: tuple[int, int, int, int]) -> None:
    total = rows.setdefault(key, [0, 0, 0, 0])
    for place, unit in enumerate(units):
        total[place] += unit


def count_store(store: Store, report: Callable[[int, int], None] = lambda *_: None) -> int:
    """Bring the counts of a store up to date.

    Costs by the cells that hold a document that was tagged, changed, dated or grouped
    otherwise since. Each batch is one transaction: after an interrupt the counts are known
    to be out of date, and the next run goes on with what is left.

    Args:
        store: tagged and with stories, open for writing.
        report: told after each batch the cells (an outlet's day) counted so far, and those to be counted.

    Returns:
        the number of rows the counts now have.
    """
    if not store.counts_are_current():
        total = store.begin_counting()
        done = 0
        while cells := store.recount(BATCH, count):
            done += cells
            report(done, total)
    return store.number_of_counts()

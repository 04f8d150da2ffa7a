"""Mentions to counts: the hand-over between language and statistics.

One pass over the documents. For every cell (narrative, outlet, language, kind,
day) the counts say how many documents, stories, sentences and headlines there
are (target ``*``), and how many name each target by each class of form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
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
_Cell = tuple[str, str, str, str, str]
_Units = list[int]  # documents, stories, sentences, headlines


def count(facts: Iterable[DocumentFacts]) -> Iterator[Count]:
    """Count documents by what they name.

    Args:
        facts: the documents that count, one at a time, in any order.

    Returns:
        rows, none of them all zero; the denominators are those of target ``*``.
    """
    cells: dict[_Cell, dict[tuple[str, str], _Units]] = {}
    for document in facts:
        cell = (document.narrative, document.outlet, document.language, document.kind, document.day)
        rows = cells.setdefault(cell, {})
        whole = (1, int(document.represents_story), document.sentences, int(document.has_title))
        _add(rows, (EVERYTHING, EVERYTHING), whole)
        if document.names:
            _count_names(rows, document)
    for (narrative, outlet, language, kind, day), rows in cells.items():
        for (target, form_class), units in rows.items():
            yield Count(narrative, outlet, language, kind, day, target, form_class, EVERYTHING, *units)  # type: ignore[arg-type]


def _count_names(rows: dict[tuple[str, str], _Units], document: DocumentFacts) -> None:
    members = members_on(document.day)
    for level, classes in _LEVELS.items():
        names = [n for n in document.names if n[1] in classes]
        if not names:
            continue
        everywhere = frozenset(n[0] for n in names)
        headline = frozenset(n[0] for n in names if n[2] == "title")
        sentences = _by_sentence(names)
        for name, target in TARGETS.items():
            if name not in ENTITIES and level not in _COMBINED_LEVELS:
                continue
            if not target.holds(everywhere, members):
                continue
            units = (
                1,
                int(document.represents_story),
                sum(target.holds(s, members) for s in sentences),
                int(target.holds(headline, members)),
            )
            _add(rows, (name, level), units)


def _by_sentence(names: list[tuple[str, str, str, int]]) -> list[frozenset[str]]:
    sentences: dict[tuple[str, int], set[str]] = {}
    for entity, _, field, sentence in names:
        sentences.setdefault((field, sentence), set()).add(entity)
    return [frozenset(s) for s in sentences.values()]


def _add(rows: dict[tuple[str, str], _Units], key: tuple[str, str], units: tuple[int, int, int, int]) -> None:
    total = rows.setdefault(key, [0, 0, 0, 0])
    for place, unit in enumerate(units):
        total[place] += unit


def count_store(store: Store, report: Callable[[int], None] = lambda _: None) -> int:
    """Count a whole store anew, unless its counts are current.

    Args:
        store: tagged and with stories.
        report: told the number of documents counted so far.

    Returns:
        the number of rows the counts now have.
    """
    if store.counts_are_current():
        return store.totals()["counts"]

    def watched() -> Iterator[DocumentFacts]:
        for number, document in enumerate(store.facts(), 1):
            yield document
            if number % 1000 == 0:
                report(number)

    return store.replace_counts(count(watched()))

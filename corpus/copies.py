"""Copies: documents that print the same text are one story.

A *copy* of a document is a text that comes from it, or from what it comes from:
reprinted whole, under another headline or byline, cut short, brought up to date, or
rewritten as long as a good part of the wording is left all over the text. Two
reports of one event, each in its own words, are two stories, also when both quote
the same sentences: the story is the unit of an editorial choice (docs: reach and
choice). So what is quoted is left out of the comparison, unless the text is little else.

Texts are compared within a language, no more than `WINDOW` days apart, by body;
where there is hardly a body, by headline and body together, and then only the same
words count. Copies of copies belong together. The story is the row of the earliest
document, and no document is further than the window from it: a weekly notice in the
same words is a new story each week.

`links` finds which documents are copies of each other, `stories_of` makes stories
of that. The links of a new day need only the texts of the days around it, and what
has been found once stays true: so a new day costs by the day.
"""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from corpus.boilerplate import undressed, unquoted
from corpus.shingles import letters, shingle_length
from corpus.store import Store, TextRow
from corpus.twins import COMMON, Pile, twins

WINDOW: Final = 14
"""Copies lie no more than so many days apart."""

RULE: Final = "1"
"""Changes with the definition of a copy: a store compared by another is compared again."""

_BLOCK: Final = 3  # windows worked on at once
_LONG_ENOUGH: Final = 60  # letters: a shorter body is compared together with its title
_FULL_DATE: Final = len("2026-09-30")
_SEPARATOR: Final = np.array([0x1F], dtype=np.uint32)

Link = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Text:
    """A text, ready to be compared."""

    row: int
    outlet: str
    day: int
    title: str
    letters: NDArray[np.uint32]
    key: bytes
    new: bool


# Texts of one language, one day or one vague date (undated, year, month), long or short.
_Drawer = tuple[str, str, bool]


def story_key(title: str, body: str) -> str:
    """Give a hash of what a text says without how it is dressed: the same for verbatim copies."""
    return _key(_letters(title, undressed(body))[0]).hex()


def _key(plain: NDArray[np.uint32]) -> bytes:
    return hashlib.blake2b(plain.tobytes(), digest_size=32).digest()


def _letters(title: str, plain: str) -> tuple[NDArray[np.uint32], bool]:
    """Give the letters that tell a text, and whether they are those of its body alone."""
    body = letters(plain)
    if len(body) >= _LONG_ENOUGH:
        return body, True
    return np.concatenate([letters(title), _SEPARATOR, body]), False


def _own_letters(plain: str, whole: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Give the letters of what the reporter wrote; of a text that is hardly more than a quotation, all."""
    unsaid = unquoted(plain)
    if unsaid is plain:
        return whole
    own = letters(unsaid)
    return own if len(own) >= _LONG_ENOUGH else whole


def stories(texts: Iterable[TextRow], window: int = WINDOW) -> dict[int, int]:
    """Give each document's row the row of the earliest copy of it.

    Of copies of one day, the one stored first is the earliest. Documents whose day
    is not known are compared with those of which as much is known.
    """
    days: dict[int, str | None] = {}

    def noted() -> Iterator[TextRow]:
        for text in texts:
            days[text.row] = text.day
            yield text

    found = links(noted(), window=window)
    return stories_of(found, days, window)


def stories_of(links: Iterable[Link], days: dict[int, str | None], window: int = WINDOW) -> dict[int, int]:
    """Make stories of links.

    Args:
        links: pairs of rows that are copies.
        days: the day of every row wanted; all rows that links lead to must be among them.
        window: how far the last copy may lie from the first.
    """
    groups: dict[int, list[tuple[str, int]]] = defaultdict(list)
    root = _roots(links, days)
    for row, day in days.items():
        groups[root[row]].append((day or "", row))
    return {row: story for group in groups.values() for row, story in _in_window(sorted(group), window)}


def _roots(links: Iterable[Link], rows: Iterable[int]) -> dict[int, int]:
    """Give each row a row that stands for all it is linked to."""
    parent = {row: row for row in rows}

    def find(row: int) -> int:
        while parent[row] != row:
            parent[row] = row = parent[parent[row]]
        return row

    for one, other in links:
        low, high = sorted((find(one), find(other)))
        parent[high] = low
    return {row: find(row) for row in parent}


def _in_window(group: list[tuple[str, int]], window: int) -> Iterator[tuple[int, int]]:
    first_day, story = group[0]
    for day, row in group:
        if _days_between(first_day, day) > window:
            first_day, story = day, row
        yield row, story


def _days_between(first: str, second: str) -> float:
    if first == second:
        return 0
    if len(first) < _FULL_DATE or len(second) < _FULL_DATE:
        return math.inf  # one that became vague since it was linked
    return date.fromisoformat(second).toordinal() - date.fromisoformat(first).toordinal()


# -- links ---------------------------------------------------------------


def links(new: Iterable[TextRow], old: Iterable[TextRow] = (), window: int = WINDOW) -> list[Link]:
    """Give the pairs of rows that are copies and of which one at least is new, sorted, each with the smaller row first.

    Not every pair of a story's copies is among them, but enough to lead from each to each.

    Args:
        new: texts not linked before, or changed since.
        old: texts of the days around theirs.
        window: how many days apart copies may lie.
    """
    drawers: dict[_Drawer, list[_Text]] = defaultdict(list)
    for texts, is_new in ((new, True), (old, False)):
        for text in texts:
            drawer, ready = _ready(text, new=is_new)
            drawers[drawer].append(ready)
    found: set[Link] = set()
    for (language, _, long), pile in drawers.items():
        pile.sort(key=lambda text: (text.day, text.row))
        for block, seen in _blocks(pile, window):
            if any(text.new for text in block):
                found.update(_linked(block, seen, language, window, long=long))
    return sorted(found)


def _ready(text: TextRow, *, new: bool) -> tuple[_Drawer, _Text]:
    day = text.day or ""
    dated = len(day) == _FULL_DATE
    plain = undressed(text.body)
    whole, long = _letters(text.title, plain)
    number = date.fromisoformat(day).toordinal() if dated else 0
    own = _own_letters(plain, whole) if long else whole
    ready = _Text(text.row, text.outlet, number, text.title, own, _key(whole), new)
    return (text.language, "" if dated else day or "undated", long), ready


def _blocks(pile: list[_Text], window: int) -> Iterator[tuple[list[_Text], int]]:
    """Cut into blocks that overlap by the window: memory goes by the block, and every pair lies in one.

    Gives with each block the last day of it that was in the block before.
    """
    days = [text.day for text in pile]
    start, seen = 0, -1
    while start < len(pile):
        end = bisect_right(days, days[start] + _BLOCK * window)
        yield pile[start:end], seen
        if end == len(pile):
            return
        seen = days[end - 1]
        start = max(start + 1, bisect_left(days, days[end] - window))


def _linked(block: list[_Text], seen: int, language: str, window: int, *, long: bool) -> Iterator[Link]:
    same: dict[bytes, list[_Text]] = defaultdict(list)
    for text in block:
        same[text.key].append(text)
    kept: list[_Text] = []
    for texts in same.values():
        if long and _is_boilerplate(texts):
            continue
        for chain in _chains(texts, window):
            yield from ((min(a.row, b.row), max(a.row, b.row)) for a, b in pairwise(chain) if a.new or b.new)
            kept += _thinned(chain, window)
    if long:
        kept.sort(key=lambda text: (text.day, text.row))
        yield from ((min(pair), max(pair)) for pair in _near(kept, seen, language, window))


def _is_boilerplate(texts: Sequence[_Text]) -> bool:
    """Tell whether the same body stands under many headlines of one outlet: then it says nothing."""
    titles: dict[str, set[str]] = defaultdict(set)
    for text in texts if len(texts) >= COMMON else ():
        titles[text.outlet].add(text.title)
    return any(len(different) >= COMMON for different in titles.values())


def _chains(texts: list[_Text], window: int) -> Iterator[list[_Text]]:
    chain = texts[:1]
    for text in texts[1:]:
        if text.day - chain[-1].day > window:
            yield chain
            chain = []
        chain.append(text)
    yield chain


def _thinned(chain: list[_Text], window: int) -> list[_Text]:
    """Leave out verbatim copies between two that lie within the window: whatever is near to them is near to these."""
    kept = chain[:1]
    for text, after in pairwise(chain[1:]):
        if after.day - kept[-1].day > window:
            kept.append(text)
    return kept + chain[1:][-1:]


def _near(texts: list[_Text], seen: int, language: str, window: int) -> Iterator[Link]:
    numbers = {outlet: n for n, outlet in enumerate(sorted({text.outlet for text in texts}))}
    pile = Pile(
        letters=[text.letters for text in texts],
        outlets=np.array([numbers[text.outlet] for text in texts], dtype=np.int64),
        days=np.array([text.day for text in texts], dtype=np.int64),
        new=np.array([text.new for text in texts], dtype=bool),
        distinct=np.array(list(_distinct(texts)), dtype=bool),
        seen=sum(text.day <= seen for text in texts),
        length=shingle_length(language),
        window=window,
    )
    return ((texts[a].row, texts[b].row) for a, b in twins(pile))


def _distinct(texts: list[_Text]) -> Iterator[bool]:
    known: set[bytes] = set()
    for text in texts:
        yield text.key not in known
        known.add(text.key)


# -- in the store --------------------------------------------------------


def group_store(store: Store, report: Callable[[int], None] = lambda _: None) -> int:
    """Bring the stories of a store up to date with its documents.

    Costs by the documents that are new or changed and the days around them. After an
    interrupt, what has been saved is right, and the next run goes on.

    Args:
        store: open for writing.
        report: told how many texts have been compared.

    Returns:
        how many documents changed their story.
    """
    changed = 0
    while batch := store.unlinked(RULE):
        aside = store.set_aside()
        new = {text.row: text for text in batch if text.row not in aside}
        old = {
            text.row: text
            for first, last, language in _days_around(new.values())
            for text in store.linked_between(language, first, last, RULE)
        }
        found = links(new.values(), [text for row, text in old.items() if row not in new])
        changed += store.save_links([text.row for text in batch], found, RULE, stories_of)
        report(len(batch))
    return changed


def _days_around(texts: Iterable[TextRow]) -> set[tuple[str, str, str]]:
    """Give first and last day and language of what texts are to be compared with."""
    spans: dict[str, list[date]] = defaultdict(list)
    vague = set()
    for text in texts:
        day = text.day or ""
        if len(day) == _FULL_DATE:
            spans[text.language].append(date.fromisoformat(day))
        else:
            vague.add((day, day, text.language))
    around = set(vague)
    for language, days in spans.items():
        for first, last in _runs(sorted(set(days))):
            around.add((str(first - timedelta(WINDOW)), str(last + timedelta(WINDOW)), language))
    return around


def _runs(days: list[date]) -> Iterator[tuple[date, date]]:
    """Join days so near to each other that what lies around them overlaps."""
    first = last = days[0]
    for day in days[1:]:
        if (day - last).days > 2 * WINDOW:
            yield first, last
            first = day
        last = day
    yield first, last

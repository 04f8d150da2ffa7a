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
of that. Whether two texts are copies also depends on what else their outlet prints
(lines it has in many texts say nothing), so texts are compared in *blocks*: six weeks
that the calendar fixes, each beginning four weeks after the one before. A pair is
judged in the first block that has both. So the links are a function of the documents alone,
in whatever order and batches they came; and a new day costs by the one or two blocks it
lies in, however long the archive.
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from corpus.boilerplate import undressed, unquoted
from corpus.shingles import letters, shingle_length
from corpus.store import Store, TextRow
from corpus.store.stories import Stale
from corpus.twins import COMMON, Pile, twins

WINDOW: Final = 14
"""Copies lie no more than so many days apart."""

RULE: Final = "2"
"""Changes with the definition of a copy: a store compared by another is compared again."""

_STRIDE: Final = 2  # windows from one block's beginning to the next's; a block has one more
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
    order: tuple[int, str, str, int]


@dataclass(frozen=True, slots=True, order=True)
class Block:
    """Texts that are compared with each other: of one language, and of six weeks or of one vague date.

    Attributes:
        language: of all of them.
        first: first day, or a year or month, or "" for no date.
        last: last day; of a vague date the same.
        from_day: pairs of which both are of days before are those of the block before.
    """

    language: str
    first: str
    last: str
    from_day: str


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


# -- blocks --------------------------------------------------------------


def blocks_of(language: str, day: str | None, window: int = WINDOW) -> list[Block]:
    """Give the blocks a text is compared in, the earlier one first."""
    vague = day or ""
    if len(vague) < _FULL_DATE:
        return [Block(language, vague, vague, vague)]
    number, stride = date.fromisoformat(vague).toordinal(), _STRIDE * window
    last = number // stride
    # The first weeks of a block are the last ones of the block before.
    return [_block(language, n, window) for n in ((last - 1, last) if number % stride < window else (last,))]


def _block(language: str, number: int, window: int) -> Block:
    begin = max(1, _STRIDE * window * number)
    end = _STRIDE * window * number + (_STRIDE + 1) * window - 1
    days = [date.fromordinal(max(1, day)).isoformat() for day in (begin, end, begin + window)]
    return Block(language, *days)


# -- links ---------------------------------------------------------------


def links(texts: Iterable[TextRow], window: int = WINDOW) -> list[Link]:
    """Give pairs of rows that are copies, sorted, each with the smaller row first.

    Not every pair of a story's copies is among them, but enough to lead from each to each.

    Args:
        texts: all there are, in any order.
        window: how many days apart copies may lie.
    """
    piles: dict[Block, list[TextRow]] = defaultdict(list)
    for text in texts:
        for block in blocks_of(text.language, text.day, window):
            piles[block].append(text)
    found: set[Link] = set()
    ready: dict[int, _Ready] = {}
    for block in sorted(piles):
        pile = piles.pop(block)
        ready = {text.row: ready.get(text.row) or _ready(text) for text in pile}  # what two blocks share is kept
        found.update(_links_of(list(ready.values()), block, window))
    return sorted(found)


def links_of(texts: Iterable[TextRow], block: Block, window: int = WINDOW) -> list[Link]:
    """Give the pairs that are judged in a block, likewise; ``texts`` are all texts of it."""
    return sorted(set(_links_of([_ready(text) for text in texts], block, window)))


_Ready = tuple[bool, _Text]


def _links_of(texts: Sequence[_Ready], block: Block, window: int) -> Iterator[Link]:
    from_day = date.fromisoformat(block.from_day).toordinal() if len(block.from_day) == _FULL_DATE else 0
    for long in (True, False):
        pile = sorted((text for is_long, text in texts if is_long == long), key=lambda text: text.order)
        if pile and pile[-1].day >= from_day:  # else all its pairs are the block before's
            yield from _linked(pile, from_day, block.language, window, long=long)


def _ready(text: TextRow) -> _Ready:
    day = text.day or ""
    plain = undressed(text.body)
    whole, long = _letters(text.title, plain)
    number = date.fromisoformat(day).toordinal() if len(day) == _FULL_DATE else 0
    own = _own_letters(plain, whole) if long else whole
    # By what it says, so that it makes no difference which of a day's texts came first.
    order = (number, text.hash, text.outlet, text.row)
    return long, _Text(text.row, text.outlet, number, text.title, own, _key(whole), order)


def _linked(block: list[_Text], from_day: int, language: str, window: int, *, long: bool) -> Iterator[Link]:
    same: dict[bytes, list[_Text]] = defaultdict(list)
    for text in block:
        same[text.key].append(text)
    kept: list[_Text] = []
    for texts in same.values():
        if long and _is_boilerplate(texts):
            continue
        for chain in _chains(texts, window):
            yield from ((min(a.row, b.row), max(a.row, b.row)) for a, b in pairwise(chain) if b.day >= from_day)
            kept += _thinned(chain, window)
    if long:
        kept.sort(key=lambda text: text.order)
        yield from ((min(pair), max(pair)) for pair in _near(kept, from_day, language, window))


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


def _near(texts: list[_Text], from_day: int, language: str, window: int) -> Iterator[Link]:
    numbers = {outlet: n for n, outlet in enumerate(sorted({text.outlet for text in texts}))}
    pile = Pile(
        letters=[text.letters for text in texts],
        outlets=np.array([numbers[text.outlet] for text in texts], dtype=np.int64),
        days=np.array([text.day for text in texts], dtype=np.int64),
        distinct=np.array(list(_distinct(texts)), dtype=bool),
        seen=sum(text.day < from_day for text in texts),
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


Compared = tuple[list[int], list[Link]]
"""The rows of a block, and its links."""


def blocks_to_compare(stale: Iterable[Stale]) -> list[Block]:
    """Give the blocks in which these documents make a difference."""
    return sorted({block for s in stale for day in s.days for block in blocks_of(s.language, day)})


def compared(store: Store, block: Block) -> Compared:
    """Compare the texts of a block."""
    texts = store.texts_between(block.language, block.first, block.last)
    return [text.row for text in texts], links_of(texts, block)


def group_store(
    store: Store,
    report: Callable[[int], None] = lambda _: None,
    compare: Callable[[Store, Block], Compared] = compared,
) -> int:
    """Bring the stories of a store up to date with its documents.

    Works on the blocks in which a document is new, changed, or set aside since. After
    an interrupt, what has been saved is right, and the next run goes on.

    Args:
        store: open for writing.
        report: told how many new texts have been compared, after each block.
        compare: gives what `compared` gives, from wherever it was worked out.

    Returns:
        how many documents changed their story.
    """
    stale = store.unlinked(RULE)
    moved = {s.row for s in stale if s.linked_day is not None and (s.linked_day != s.day or not s.counts)}
    changed = store.forget_links([s.row for s in stale if s.relink], stories_of)
    done: dict[Block, list[int]] = defaultdict(list)
    for one in stale:
        if one.row not in moved:
            done[blocks_of(one.language, one.day)[-1]].append(one.row)
    for block in blocks_to_compare(stale):
        rows, found = compare(store, block)
        changed += store.save_links(rows, found, block.from_day, stories_of)
        store.mark_linked(done[block], RULE)
        report(len(done[block]))
    # What came from another day, or counts no more: only when all blocks it was in are done.
    store.mark_linked(sorted(moved), RULE)
    report(sum(s.counts for s in stale if s.row in moved))
    return changed

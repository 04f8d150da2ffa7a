"""Twins: which texts of a pile print the same, edited, shortened or not.

Three steps, each cheaper by much than the next:

1. *Candidates*: texts that share chosen shingles (`corpus.shingles.sketch`), found
   by sorting all of them. In a run of texts that share one, in order of their days,
   each is taken together with the next few: a list of a thousand texts with the
   same line costs by its length and not by its square.
2. *Votes*: of a text's chosen shingles a share must agree.
3. *Verified*: all shingles of both texts are compared exactly, less those an outlet
   prints in many of its texts. Precision rests on this, not on the choice of shingles.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from corpus.shingles import Rows, bounds, shingles, sketch

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

_WINDOW_LOG: Final = 3  # one shingle in four or five is chosen
_NEIGHBOURS: Final = 8
_VOTES: Final = 0.08
_CHUNK: Final = 4_000_000  # letters worked on at once: the arrays stay within the processor's cache and memory
_PAIRS_AT_ONCE: Final = 20_000
_TEXTS_AT_ONCE: Final = 2000
_OUTLET_MIX: Final = np.int64(0x1E3779B97F4A7C15)
_TEXT_BITS: Final = 24
_TEXT_MASK: Final = (1 << _TEXT_BITS) - 1

COMMON: Final = 8
"""A shingle in so many different texts of one outlet is the outlet's own and says nothing."""


@dataclass(frozen=True, slots=True)
class Bars:
    """From which likeness on two texts are copies; chosen on gold pairs (tests/gold/copies) and real ones.

    Sizes are in shingle lengths, that is, about three words: the same for every script.

    Attributes:
        sizes: of the shorter text, and
        shares: how much of its shingles the other must have, at these sizes. Of an excerpt
            much: two reporters who heard one sentence both begin with it.
        own: the least within one outlet. A desk that rewrites another's text keeps a third of
            it; one that brings its own text up to date keeps most.
        series: the least within one outlet, more than a day apart. Then what is alike is a
            series (prices, programmes, the visits of a minister).
        sure: from which share on it does not matter where in the text it stands.
        parts: below that, the shorter text is cut in so many parts, and
        spread: in so many of them a tenth is shared. A quotation stands in one place.
        ratio: of a text so many times as long, the shorter one is a copy of the beginning only. A
            summary of the day holds the beginnings of many reports, and is a copy of none.
        beginning: what the shorter text and the beginning of the longer must share of both together.
    """

    sizes: tuple[float, ...] = (4, 10, 20, 26)
    shares: tuple[float, ...] = (0.75, 0.55, 0.5, 0.25)
    own: float = 0.5
    series: float = 0.8
    sure: float = 0.5
    parts: int = 8
    spread: int = 4
    ratio: float = 2.0
    beginning: float = 0.4

    def needed(self, sizes: Numbers, length: int, own: Flags, apart: Numbers) -> NDArray[np.float64]:
        """Give the share of the shorter text's shingles that the other must have."""
        usual = np.interp(sizes / length, self.sizes, self.shares)
        of_outlet = np.where(apart > 1, self.series, self.own)
        return np.where(own, np.maximum(usual, of_outlet), usual)


BARS: Final = Bars()
_FEWEST: Final = 8  # shingles: below, nothing is known
_PART: Final = 0.1


@dataclass(frozen=True, slots=True)
class Pile:
    """Texts of one language, in order of their days.

    Attributes:
        letters: of each text (`corpus.shingles.letters`).
        outlets: a number for each text's outlet.
        days: a number for each text's day.
        distinct: whether no text before says the very same.
        seen: so many texts at the beginning are compared with each other elsewhere.
        length: letters in a shingle.
        window: twins lie no more than so many days apart.
    """

    letters: Sequence[NDArray[np.uint32]]
    outlets: Numbers
    days: Numbers
    distinct: Flags
    seen: int
    length: int
    window: int

    def rows(self, which: Sequence[int] | Numbers) -> Rows:
        """Give all shingles of some of the texts."""
        return shingles([self.letters[n] for n in which], self.length)


def twins(pile: Pile, bars: Bars = BARS) -> list[tuple[int, int]]:
    """Give the pairs of texts (by their number in the pile, the earlier one first) that are copies."""
    pairs = candidates(pile)
    if not len(pairs):
        return []
    alike = likeness(pile, pairs, bars)
    return [(int(a), int(b)) for a, b in pairs[alike]]


# -- candidates ----------------------------------------------------------


def candidates(pile: Pile) -> Numbers:
    """Give the pairs worth comparing, as an array of two columns."""
    chosen = _sketches(pile)
    sizes = np.bincount(chosen & _TEXT_MASK, minlength=len(pile.letters))
    chosen = _shared_only(np.sort(chosen))
    found = [_paired(pile, chosen, step) for step in range(1, _NEIGHBOURS + 1)]
    pairs, votes = np.unique(np.concatenate(found), return_counts=True)
    first, second = pairs >> _TEXT_BITS, pairs & _TEXT_MASK
    enough = votes >= np.maximum(1, _VOTES * np.minimum(sizes[first], sizes[second]))
    return np.stack([first[enough], second[enough]], axis=1)


def _sketches(pile: Pile) -> Numbers:
    """Give the chosen shingles of all texts, each with its text's number in the lowest bits.

    Forty bits of the shingle are left: enough to propose, and nothing is decided by them.
    """
    parts = []
    for which in _chunks(pile):
        rows = sketch(pile.rows(which), _WINDOW_LOG)
        kept = (rows.values >> (62 - (63 - _TEXT_BITS))) << _TEXT_BITS
        parts.append(kept | (rows.owners() + which.start))
    return np.concatenate(parts) if parts else np.empty(0, np.int64)


def _chunks(pile: Pile) -> Iterator[range]:
    start, size = 0, 0
    for number, text in enumerate(pile.letters):
        size += len(text)
        if size >= _CHUNK:
            yield range(start, number + 1)
            start, size = number + 1, 0
    if start < len(pile.letters):
        yield range(start, len(pile.letters))


def _shared_only(chosen: Numbers) -> Numbers:
    """Leave out shingles that one text alone has, and what a text has twice. ``chosen`` is sorted."""
    if not len(chosen):
        return chosen
    chosen = chosen[np.append(True, chosen[1:] != chosen[:-1])]
    same = (chosen[1:] >> _TEXT_BITS) == (chosen[:-1] >> _TEXT_BITS)
    shared: Numbers = chosen[np.append(same, False) | np.append(False, same)]
    return shared


def _paired(pile: Pile, chosen: Numbers, step: int) -> Numbers:
    """Pair each text with the one ``step`` further that shares the shingle, as one number."""
    shared = (chosen[step:] >> _TEXT_BITS) == (chosen[:-step] >> _TEXT_BITS)
    first, second = chosen[:-step][shared] & _TEXT_MASK, chosen[step:][shared] & _TEXT_MASK
    near = pile.days[second] - pile.days[first] <= pile.window
    wanted = near & (second >= pile.seen)
    pairs: Numbers = (first[wanted] << _TEXT_BITS) | second[wanted]
    return pairs


# -- verified ------------------------------------------------------------


def likeness(pile: Pile, pairs: Numbers, bars: Bars = BARS) -> Flags:
    """Tell of each pair whether the texts are copies."""
    which, places = np.unique(pairs, return_inverse=True)
    outlets = pile.outlets[which]
    sets = _less_common(_sets(pile, which), outlets, pile.distinct[which])
    first, second = places.reshape(pairs.shape).T
    sizes = sets.sizes()
    less, more = np.minimum(sizes[first], sizes[second]), np.maximum(sizes[first], sizes[second])
    held = _shared(sets, first, second) / np.maximum(less, 1)
    apart = np.abs(pile.days[which[first]] - pile.days[which[second]])
    needed = bars.needed(less, pile.length, outlets[first] == outlets[second], apart)
    alike: Flags = (less >= _FEWEST) & (held >= needed)
    for number in np.flatnonzero(alike & (more > bars.ratio * less)):
        alike[number] = _begins(pile, which, sets, (int(first[number]), int(second[number])), bars)
    for number in np.flatnonzero(alike & (held < bars.sure)):
        alike[number] = _is_spread(pile, which, sets, (int(first[number]), int(second[number])), bars)
    return alike


def _ordered(sets: Rows, pair: tuple[int, int]) -> tuple[int, Numbers, Numbers]:
    """Give the number of the shorter of two texts, and the sets of the shorter and the longer."""
    one, other = (sets.values[sets.bounds[n] : sets.bounds[n + 1]] for n in pair)
    return (pair[0], one, other) if len(one) <= len(other) else (pair[1], other, one)


def _begins(pile: Pile, which: Numbers, sets: Rows, pair: tuple[int, int], bars: Bars) -> bool:
    """Tell whether the longer text begins with the shorter: compared with so much of it, they are alike."""
    number, short, _ = _ordered(sets, pair)
    long = pair[1] if number == pair[0] else pair[0]
    # A quarter more, for what stands before it, and was put in.
    head = pile.letters[which[long]][: len(pile.letters[which[number]]) * 5 // 4 + 2 * pile.length]
    beginning = np.unique(shingles([head], pile.length).values)
    shared = len(np.intersect1d(short, beginning, assume_unique=True))
    return bool(shared >= bars.beginning * (len(short) + len(beginning) - shared))


def _is_spread(pile: Pile, which: Numbers, sets: Rows, pair: tuple[int, int], bars: Bars) -> bool:
    """Tell whether what is shared stands in many places of the shorter text."""
    number, short, long = _ordered(sets, pair)
    in_order = pile.rows(which[number : number + 1]).values
    shared = np.isin(in_order, np.intersect1d(short, long, assume_unique=True))
    parts = [bool(part.mean() >= _PART) for part in np.array_split(shared, bars.parts) if len(part)]
    return sum(parts) >= bars.spread


def _sets(pile: Pile, which: Numbers) -> Rows:
    """Give the shingles of each text once, sorted."""
    parts, sizes = [], []
    for start in range(0, len(which), _TEXTS_AT_ONCE):
        rows = pile.rows(which[start : start + _TEXTS_AT_ONCE])
        for a, b in pairwise(rows.bounds.tolist()):
            rows.values[a:b].sort()
        owners = rows.owners()
        once = np.ones(len(owners), dtype=bool)
        once[1:] = (rows.values[1:] != rows.values[:-1]) | (owners[1:] != owners[:-1])
        parts.append(rows.values[once])
        sizes.append(np.bincount(owners[once], minlength=len(rows)))
    return Rows(np.concatenate(parts), bounds(np.concatenate(sizes)))


def _less_common(sets: Rows, outlets: Numbers, distinct: Flags) -> Rows:
    """Leave out the shingles an outlet has in many different texts."""
    owners = sets.owners()
    own = sets.values ^ (outlets[owners] * _OUTLET_MIX)  # the same shingle of another outlet is another number
    in_order = np.sort(own[distinct[owners]])
    common = np.unique(in_order[COMMON - 1 :][in_order[COMMON - 1 :] == in_order[: 1 - COMMON]])
    if not len(common):
        return sets
    keep = ~np.isin(own, common)
    return Rows(sets.values[keep], bounds(np.bincount(owners[keep], minlength=len(sets))))


def _shared(sets: Rows, first: Numbers, second: Numbers) -> Numbers:
    """Count what the two sets of each pair share: a product of sparse rows, merged in C."""
    matrix = sparse.csr_array(
        (np.ones(len(sets.values), np.int8), sets.values, sets.bounds), shape=(len(sets), 1 << 62)
    )
    counts = [
        np.diff(matrix[first[n : n + _PAIRS_AT_ONCE]].multiply(matrix[second[n : n + _PAIRS_AT_ONCE]]).tocsr().indptr)
        for n in range(0, len(first), _PAIRS_AT_ONCE)
    ]
    return np.concatenate(counts).astype(np.int64)

"""Figures of agreement: F1 for each class, macro-F1 with its interval, Cohen's kappa. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

REPLICATES: Final = 2000
SEED: Final = 20260601
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ClassScore:
    """How well one class was told.

    Attributes:
        right: texts of the class given it.
        given: texts given it.
        wanted: texts of the class.
    """

    right: int
    given: int
    wanted: int

    @property
    def precision(self) -> float | None:
        """Of the texts given the class, the share that are of it; None where none were."""
        return self.right / self.given if self.given else None

    @property
    def recall(self) -> float | None:
        """Of the texts of the class, the share given it; None where there are none."""
        return self.right / self.wanted if self.wanted else None

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 0 where the class was never right."""
        whole = self.given + self.wanted
        return 2 * self.right / whole if whole else 0.0


def by_class(pairs: Iterable[Pair]) -> dict[str, ClassScore]:
    """Score every class of some (wanted, given) pairs, by name."""
    pairs = list(pairs)
    wanted, given = Counter(w for w, _ in pairs), Counter(g for _, g in pairs)
    right = Counter(w for w, g in pairs if w == g)
    return {c: ClassScore(right[c], given[c], wanted[c]) for c in sorted(wanted.keys() | given.keys())}


def macro_f1(pairs: Iterable[Pair]) -> float:
    """Give the mean F1 of the classes that are wanted at all; 0 for no pairs."""
    scores = [score.f1 for score in by_class(pairs).values() if score.wanted]
    return sum(scores) / len(scores) if scores else 0.0


def micro_f1(pairs: Sequence[Pair]) -> float:
    """Give the share of right pairs, which for one class a text is micro-F1; 0 for no pairs."""
    return sum(w == g for w, g in pairs) / len(pairs) if pairs else 0.0


def interval(pairs: Sequence[Pair], replicates: int = REPLICATES, seed: int = SEED) -> tuple[float, float]:
    """Give the 95 % percentile bootstrap interval of macro-F1, texts drawn within their wanted class.

    Drawing within classes keeps each replicate as balanced as the set was made.

    Args:
        pairs: (wanted, given), one a text.
        replicates: how many samples are drawn.
        seed: of the drawing; equal seeds give equal intervals.
    """
    if not pairs:
        return 0.0, 0.0
    classes = sorted({w for w, _ in pairs})
    groups = [[pair for pair in pairs if pair[0] == c] for c in classes]
    chance = np.random.default_rng(seed)
    values = []
    for _ in range(replicates):
        drawn = [group[at] for group in groups for at in chance.integers(0, len(group), len(group))]
        values.append(macro_f1(drawn))
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def kappa(pairs: Sequence[Pair]) -> float | None:
    """Give Cohen's kappa: agreement beyond what the two distributions alone would give.

    Source: Cohen 1960, A coefficient of agreement for nominal scales.

    Returns:
        1 for full agreement, 0 for none beyond chance; None where chance alone would agree fully.
    """
    if not pairs:
        return None
    n = len(pairs)
    wanted, given = Counter(w for w, _ in pairs), Counter(g for _, g in pairs)
    agreed = sum(w == g for w, g in pairs) / n
    expected = sum(wanted[c] * given[c] for c in wanted) / n**2
    return (agreed - expected) / (1 - expected) if expected < 1 else None


def kappa_of(pairs: Sequence[Pair], label: str) -> float | None:
    """Give Cohen's kappa for one class against all others."""
    return kappa([(str(w == label), str(g == label)) for w, g in pairs])

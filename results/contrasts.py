"""The contrasts of a report: which words go with ASEAN rather than with the region or a member (`results.contrast`).

Words need many texts, so they are those of the four quarters up to the one reported,
one document a story, of outlets that are in the panel in any of these. Each language is
compared by itself. All contrasts of a report are corrected together. A word's change
is its log-odds less those of the four quarters before.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from corpus.calendar import Quarter
from corpus.model import MEMBERS, Narrative
from corpus.settings import MeasureSettings
from corpus.store import Evidence, Store, WordCount
from corpus.targets import NAMED_CLASSES, members_on
from results.contrast import Contrast, contrast, corrected, side_of_counts
from results.estimate import Estimator, Question
from results.language import say
from results.measure import Change
from results.multiple import LEVEL

MOST_WORDS: Final = 10
QUARTERS: Final = 4
# A word most of which is one outlet's says more of that outlet than of the name.
MOST_OF_ONE: Final = 0.5

_Rows = tuple[list[WordCount], list[WordCount]]  # around the first name, and around the second


@dataclass(frozen=True, slots=True)
class WordFigure:
    """One word between two names.

    Attributes:
        word: as it was counted: a dictionary form in Korean, two syllables joined by ``_`` in Vietnamese.
        first: how often near the first name.
        second: near the second.
        log_odds: above 0 for the first; natural logarithms.
        low: lower end of its interval.
        high: upper end.
        q: corrected over all words of all contrasts.
        documents: how many have it near either name; a document with both counts for each.
        near: how many have it near the name it goes with.
        outlets: of how many outlets.
        flags: what to know of it.
        year: against the four quarters before.
    """

    word: str
    first: int
    second: int
    log_odds: float
    low: float
    high: float
    q: float
    documents: int
    near: int
    outlets: int
    flags: tuple[str, ...]
    year: Change


@dataclass(frozen=True, slots=True)
class WordContrast:
    """Two names of one narrative in one language.

    Attributes:
        narrative: whose talk.
        language: of the documents.
        first: target.
        second: target.
        quarters: the first and the last of the four.
        texts: documents with words around either name.
        compared: how many words were compared.
        words: those that differ, ASEAN's first, the surest first; at most ten a side.
        more: how many more differ.
        refusals: why nothing was compared; empty where it was.
        outlets: whose documents these are.
    """

    narrative: Narrative
    language: str
    first: str
    second: str
    quarters: tuple[Quarter, Quarter]
    texts: tuple[int, int]
    compared: int
    words: tuple[WordFigure, ...]
    more: int
    refusals: tuple[str, ...]
    outlets: tuple[str, ...]

    @property
    def id(self) -> str:
        """A name that is unique within the report and fit for an address."""
        return f"words-{self.narrative}-{self.language}-{self.first}-{self.second}"


@dataclass(frozen=True, slots=True)
class _Asked:
    narrative: Narrative
    language: str
    second: str


def contrasts(store: Store, estimator: Estimator, quarter: Quarter) -> tuple[WordContrast, ...]:
    """Compare the words around ASEAN with those around the region and around each member."""
    source = _Source(store, estimator)
    now, then = _four(quarter), _four(quarter.year_before)
    sides: tuple[tuple[Narrative, tuple[str, ...]], ...] = (("korea", ("SEA", *_members(quarter))), ("asean", ("SEA",)))
    asked = [
        _Asked(narrative, language, second)
        for narrative, seconds in sides
        for language, read in _languages(store, narrative, now).items()
        for second in seconds
        if read
    ]
    found = corrected([_compare(source, one, now) for one in asked])
    unread = say("its words have not been read: narra count says what is missing")
    return (
        *(_described(source, one, contrast_, now, then) for one, contrast_ in zip(asked, found, strict=True)),
        *(
            WordContrast(narrative, language, "ASEAN", "SEA", (now[0], now[-1]), (0, 0), 0, (), 0, (unread,), ())
            for narrative, _ in sides
            for language, read in _languages(store, narrative, now).items()
            if not read
        ),
    )


def _members(quarter: Quarter) -> tuple[str, ...]:
    today = members_on(quarter.last.isoformat())
    return tuple(code for code in MEMBERS if code in today)


def _four(quarter: Quarter) -> tuple[Quarter, ...]:
    """Give a quarter and the three before it, ascending."""
    quarters = [quarter]
    while len(quarters) < QUARTERS:
        quarters.append(quarters[-1].previous)
    return tuple(quarters[::-1])


def _months(quarters: Sequence[Quarter]) -> list[str]:
    return [month for when in quarters for month in when.months]


def _languages(store: Store, narrative: Narrative, quarters: Sequence[Quarter]) -> dict[str, int]:
    return store.near_languages(narrative, quarters[0].months[0], quarters[-1].months[-1])


class _Source:
    """Asks the store for each side once."""

    def __init__(self, store: Store, estimator: Estimator) -> None:
        self.store = store
        self.estimator = estimator
        self._held: dict[tuple[object, ...], list[WordCount]] = {}

    def outlets(self, narrative: Narrative, quarters: Sequence[Quarter]) -> tuple[str, ...]:
        """Give the outlets that are in the panel in any of the quarters."""
        question = Question(narrative, "ASEAN")
        return tuple(sorted({outlet for when in quarters for outlet in self.estimator.panel(question, when)}))

    def counts(self, narrative: Narrative, language: str, target: str, quarters: Sequence[Quarter]) -> list[WordCount]:
        """Give the words around a target, by outlet."""
        key = (narrative, language, target, *quarters)
        if key not in self._held:
            outlets = self.outlets(narrative, quarters)
            self._held[key] = (
                self.store.near(
                    narrative=narrative,
                    language=language,
                    target=target,
                    months=_months(quarters),
                    kinds=self.estimator.settings.kinds,
                    outlets=outlets,
                )
                if outlets
                else []
            )
        return self._held[key]


def _sides(source: _Source, asked: _Asked, quarters: Sequence[Quarter]) -> _Rows:
    of = asked.narrative, asked.language
    return source.counts(*of, "ASEAN", quarters), source.counts(*of, asked.second, quarters)


def _compare(source: _Source, asked: _Asked, quarters: Sequence[Quarter]) -> Contrast:
    return _contrast(_sides(source, asked, quarters), source.estimator.settings.confidence)


def _contrast(sides: _Rows, confidence: float) -> Contrast:
    words = sorted({row.word for side in sides for row in side if row.word})
    return contrast(words, *(side_of_counts(words, side) for side in sides), confidence=confidence)


def _described(
    source: _Source, asked: _Asked, found: Contrast, now: Sequence[Quarter], then: Sequence[Quarter]
) -> WordContrast:
    sides = _sides(source, asked, now)
    surest = sorted(np.flatnonzero(found.q < LEVEL).tolist(), key=lambda at: (found.p[at], found.words[at]))
    leaning = [[at for at in surest if sign * found.log_odds[at] > 0] for sign in (1, -1)]
    shown = [at for side in leaning for at in side[:MOST_WORDS]]
    before = _before(source, asked, now, then) if shown else None
    by_word = _by_word(sides, {found.words[at] for at in shown})
    return WordContrast(
        narrative=asked.narrative,
        language=asked.language,
        first="ASEAN",
        second=asked.second,
        quarters=(now[0], now[-1]),
        texts=(_texts(sides[0]), _texts(sides[1])),
        compared=len(found.words),
        words=tuple(_figure(found, at, by_word[found.words[at]], before, then[-1]) for at in shown),
        more=len(surest) - len(shown),
        refusals=found.refusals,
        outlets=source.outlets(asked.narrative, now),
    )


def _texts(side: Iterable[WordCount]) -> int:
    return sum(row.documents for row in side if not row.word)


def _by_word(sides: _Rows, words: set[str]) -> dict[str, _Rows]:
    found: dict[str, _Rows] = {word: ([], []) for word in words}
    for number, side in enumerate(sides):
        for row in side:
            if row.word in words:
                found[row.word][number].append(row)
    return found


def _figure(
    found: Contrast,
    at: int,
    rows: _Rows,
    before: tuple[Contrast, Contrast] | str | None,
    against: Quarter,
) -> WordFigure:
    by_outlet: dict[str, int] = defaultdict(int)
    for row in (*rows[0], *rows[1]):
        by_outlet[row.outlet] += row.times
    largest = max(by_outlet, key=lambda outlet: (by_outlet[outlet], outlet))
    part = by_outlet[largest] / sum(by_outlet.values())
    flags = (say("{part:.0%} of it is in {outlet}", part=part, outlet=largest),) if part > MOST_OF_ONE else ()
    word = found.words[at]
    return WordFigure(
        word=word,
        first=int(found.first[at]),
        second=int(found.second[at]),
        log_odds=float(found.log_odds[at]),
        low=float(found.low[at]),
        high=float(found.high[at]),
        q=float(found.q[at]),
        documents=sum(row.documents for side in rows for row in side),
        near=sum(row.documents for row in rows[0 if found.log_odds[at] > 0 else 1]),
        outlets=len(by_outlet),
        flags=flags,
        year=_change(word, before, against),
    )


def _before(
    source: _Source, asked: _Asked, now: Sequence[Quarter], then: Sequence[Quarter]
) -> tuple[Contrast, Contrast] | str:
    """Compare in both times over the outlets that are in both; a sentence where that can't be."""
    held = [set(source.outlets(asked.narrative, quarters)) for quarters in (now, then)]
    common, either = held[0] & held[1], len(held[0] | held[1])
    if 2 * len(common) < either or not common:
        return say(
            "the panel changed: only {common} of {either} outlets are in both years", common=len(common), either=either
        )
    pair = []
    for quarters in (now, then):
        first, second = _sides(source, asked, quarters)
        own = [row for row in first if row.outlet in common], [row for row in second if row.outlet in common]
        pair.append(_contrast(own, source.estimator.settings.confidence))
    refused = pair[1].refusals or pair[0].refusals
    return refused[0] if refused else (pair[0], pair[1])


def _change(word: str, before: tuple[Contrast, Contrast] | str | None, against: Quarter) -> Change:
    if before is None or isinstance(before, str):
        return Change(against, None, None, None, 0, (before or say("nothing to compare"),))
    places = [one.words.index(word) if word in one.words else None for one in before]
    now, then = places
    if now is None or then is None:
        rare = say("too rare to compare: in fewer than 5 documents of one of the years")
        return Change(against, None, None, None, 0, (rare,))
    value = float(before[0].log_odds[now] - before[1].log_odds[then])
    # Two years share no document: their errors add up as squares.
    half = math.hypot(before[0].high[now] - before[0].log_odds[now], before[1].high[then] - before[1].log_odds[then])
    return Change(against, value, value - half, value + half, 0, ())


def sentences(
    store: Store, settings: MeasureSettings, found: WordContrast, word: WordFigure, limit: int
) -> tuple[Evidence, ...]:
    """Fetch sentences with a word near the name it goes with, one a document."""
    mentions = store.word_evidence(
        narrative=found.narrative,
        language=found.language,
        target=found.first if word.log_odds > 0 else found.second,
        word=word.word,
        months=_months(_four(found.quarters[1])),
        kinds=settings.kinds,
        classes=tuple(sorted(NAMED_CLASSES)),
        outlets=found.outlets,
        limit=limit,
    )
    by_document: dict[str, list[Evidence]] = defaultdict(list)
    for mention in mentions:
        by_document[mention.document].append(mention)
    return tuple(min(own, key=lambda e: (e.withheld, _away(e, word.word))) for own in by_document.values())


def _away(evidence: Evidence, word: str) -> int:
    """Give how far the word is from a mention, in characters; as far as can be where it is not written so."""
    text, written = evidence.text.casefold(), word.replace("_", " ")
    before, after = text.rfind(written, 0, evidence.start), text.find(written, evidence.end)
    gaps = [evidence.start - before] * (before >= 0) + [after - evidence.end] * (after >= 0)
    return min(gaps, default=len(text))

"""All measures of a quarter, with the quarters it is compared to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Final

from corpus.calendar import Quarter
from corpus.errors import NoAnswerError
from corpus.model import KINDS, NARRATIVES, Count
from corpus.settings import Settings
from corpus.store import Store
from corpus.targets import NAMED, NAMED_OR_CAPITAL, members_on
from results import reprints, symmetry, visibility
from results.awareness import Awareness, awareness
from results.cells import Table, tabulate
from results.contrasts import WordContrast, contrasts
from results.coverage import Coverages
from results.estimate import Estimator, incomplete
from results.events import Event
from results.framing import framings
from results.measure import Measure
from results.moves import Lags, Lead, Taken, leads, taken_up
from results.pairs import Pairs, pairs
from results.reprints import Reprinted, most_reprinted
from results.spans import Span, SpanEstimator, pool, up_to
from results.timeline import Levels, Timeline, levels, timelines
from results.topic_shares import TopicScope, topic_scopes, topic_shares
from results.weekly import WeekPoint, weekly

# Two years: enough to see a season twice.
SERIES_LENGTH: Final = 9
TALK_LENGTH: Final = 4


@dataclass(frozen=True, slots=True)
class QuarterResults:
    """What the report is written from.

    Attributes:
        quarter: the quarter reported on.
        measures: all its figures, and those of the quarter and the year before.
        series: the headline figures of the quarters up to it, for the charts over time.
        weeks: attention by week within the quarter.
        incomplete: what part of the quarter a narrative's documents don't cover; empty where they do.
        timelines: the headline series over years, freed of the panel's changes.
        levels: both directions by week, with their change points.
        pairs: the members against chance.
        leads: whether official statements or news move first, on either side.
        lags: how they go together at each lag.
        taken: what follows the Secretariat's statements in Korean news.
        contrasts: the words that go with one name rather than with another.
        reprinted: the stories that were reprinted most.
        talk: what the talk is about, over the four quarters up to it.
        topics: by scope, the shares of topics over the same four quarters; empty where none were fitted.
        events: what charts over time are marked with.
        awareness: what people look up or answer, beside what is published; None where nobody asked.
    """

    quarter: Quarter
    measures: tuple[Measure, ...]
    series: tuple[Measure, ...]
    weeks: tuple[WeekPoint, ...]
    incomplete: tuple[str, ...]
    timelines: tuple[Timeline, ...] = ()
    levels: tuple[Levels, ...] = ()
    pairs: Pairs | None = None
    leads: tuple[Lead, ...] = ()
    lags: tuple[Lags, ...] = ()
    taken: Taken | None = None
    contrasts: tuple[WordContrast, ...] = ()
    reprinted: tuple[Reprinted, ...] = ()
    talk: tuple[Measure, ...] = ()
    topics: tuple[tuple[TopicScope, tuple[Measure, ...]], ...] = ()
    events: tuple[Event, ...] = ()
    awareness: Awareness | None = None

    @property
    def topic_figures(self) -> tuple[Measure, ...]:
        """All shares of topics."""
        return tuple(measure for _, measures in self.topics for measure in measures)

    def now(self, name: str, target: str | None = None, unit: str = "documents") -> list[Measure]:
        """Give the quarter's measures of one name (and target), in the order of computation."""
        return [m for m in self.measures if m.quarter == self.quarter and _is(m, name, target, unit)]

    def one(self, name: str, target: str, unit: str = "documents", quarter: Quarter | None = None) -> Measure:
        """Give a single measure.

        Raises:
            KeyError: there is none, or more than one.
        """
        when = quarter or self.quarter
        found = [m for m in self.measures if m.quarter == when and _is(m, name, target, unit)]
        if len(found) != 1:
            raise KeyError((name, target, unit, str(when)))
        return found[0]


def _is(measure: Measure, name: str, target: str | None, unit: str) -> bool:
    return measure.name == name and target in {None, measure.target} and measure.unit == unit


def compute(store: Store, settings: Settings, quarter: Quarter) -> QuarterResults:
    """Compute a quarter from the store's counts.

    Raises:
        NoAnswerError: the counts are not up to date, or hold nothing of this quarter.
    """
    form_class = NAMED_OR_CAPITAL if settings.measure.count_capitals else NAMED
    counts = store.counts_of(form_class, KINDS)
    table = tabulate((row for row in counts if row.kind in settings.measure.kinds), form_class)
    _check(table, quarter)
    estimator = Estimator(table, settings.measure, Coverages(store))
    compared = (quarter, quarter.previous, quarter.year_before)
    year = up_to(quarter, TALK_LENGTH)
    of_year = _of_year(store, estimator, counts, form_class, year)
    first, correlated = leads(counts, form_class, quarter)
    return QuarterResults(
        quarter=quarter,
        measures=tuple(m for when in compared for m in measures(estimator, when)),
        series=tuple(m for when in _series(table, quarter) for m in headlines(estimator, when)),
        weeks=weekly(estimator, quarter),
        incomplete=tuple(gap for side in NARRATIVES if (gap := incomplete(table, side, quarter))),
        timelines=timelines(estimator, quarter),
        levels=levels(estimator, quarter),
        pairs=pairs(estimator, quarter),
        leads=first,
        lags=correlated,
        taken=taken_up(counts, form_class, quarter, settings.measure.confidence),
        contrasts=contrasts(store, estimator, quarter),
        reprinted=most_reprinted(store, estimator, quarter),
        talk=tuple(framings(of_year, year)),
        topics=tuple((scope, tuple(topic_shares(of_year, year, [scope]))) for scope in topic_scopes(store)),
        awareness=awareness(store, estimator, quarter, _series(table, quarter)),
    )


def _of_year(store: Store, estimator: Estimator, counts: Iterable[Count], form_class: str, year: Span) -> SpanEstimator:
    """Give what estimates over four quarters: in one, frames and topics are too thin to compare."""
    kinds = estimator.settings.kinds
    rows = (row for row in counts if row.kind in kinds)
    months = (*year.previous.months, *year.months)
    labelled = store.framed_counts(form_class, kinds, min(months), max(months))
    pooled = pool(chain(rows, labelled), form_class, (year, year.previous))
    return SpanEstimator(pooled.table, estimator.settings, estimator.coverage, months=pooled.months)


def latest_quarter(store: Store) -> Quarter:
    """Give the latest quarter that both sides' documents cover, or the latest there is where none is.

    Raises:
        NoAnswerError: the counts are not up to date, or there are no dated documents.
    """
    table = tabulate(store.denominators(), NAMED)
    held = table.quarters()
    if not held:
        raise NoAnswerError("The store holds no dated documents of either side, so there is nothing to report.")
    covered = [when for when in held if not any(incomplete(table, side, when) for side in NARRATIVES)]
    return covered[-1] if covered else held[-1]


def measures(estimator: Estimator, quarter: Quarter) -> list[Measure]:
    """Compute every figure of one quarter."""
    codes = sorted(members_on(quarter.last.isoformat()))
    return [
        visibility.brand(estimator, quarter),
        *visibility.brand_parts(estimator, quarter),
        visibility.institution(estimator, quarter),
        *visibility.attentions(estimator, quarter),
        *visibility.members(estimator, quarter),
        *visibility.comentions(estimator, quarter),
        *(visibility.korea_in(estimator, code, quarter) for code in codes),
        *symmetry.symmetries(estimator, quarter),
        *visibility.profile(estimator, quarter),
        *reprints.copies(estimator, quarter),
    ]


def headlines(estimator: Estimator, quarter: Quarter) -> list[Measure]:
    """Compute the four headline figures of one quarter."""
    return [
        visibility.brand(estimator, quarter),
        visibility.attention(estimator, "korea", "ASEAN", quarter, "documents"),
        visibility.attention(estimator, "asean", visibility.KOREA, quarter, "documents"),
        symmetry.symmetry(estimator, "ASEAN", visibility.KOREA, quarter),
    ]


def _series(table: Table, quarter: Quarter) -> list[Quarter]:
    wanted = [quarter]
    while len(wanted) < SERIES_LENGTH:
        wanted.append(wanted[-1].previous)
    held = set(table.quarters())
    return [when for when in reversed(wanted) if when in held]


def _check(table: Table, quarter: Quarter) -> None:
    held = table.quarters()
    if quarter in held:
        return
    have = f"The store holds {held[0]} to {held[-1]}." if held else "The store holds no dated documents of either side."
    raise NoAnswerError(f"There are no documents of {quarter}, so there is nothing to report. {have}")

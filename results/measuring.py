"""Figures on request: which quarters or years, divided how, and computed from the store's counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from corpus.calendar import Quarter
from corpus.errors import InputError, NoAnswerError
from corpus.model import NARRATIVES, Count, Narrative
from corpus.settings import MeasureSettings
from corpus.store import Store
from corpus.targets import EVERYTHING, NAMED, NAMED_OR_CAPITAL
from results import catalogue
from results.catalogue import Asked, Entry, Group
from results.cells import tabulate
from results.coverage import Coverages
from results.estimate import Estimator, Question
from results.measure import Measure
from results.spans import Span, SpanEstimator, pool
from results.tidy import Row

Time = Literal["quarter", "year", "whole"]
TIMES: Final[tuple[Time, ...]] = ("quarter", "year", "whole")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What figures are wanted.

    Attributes:
        entries: which measures.
        asked: which of their figures.
        by: how documents are divided, or None.
        time: a figure for each quarter, each year, or one for the whole.
        since: first quarter, or None: from the first there is.
        until: last quarter, or None: to the last there is.
    """

    entries: tuple[Entry, ...]
    asked: Asked = field(default_factory=Asked)
    by: Group | None = None
    time: Time = "quarter"
    since: Quarter | None = None
    until: Quarter | None = None


def measured(store: Store, settings: MeasureSettings, wanted: Wanted) -> list[Row]:
    """Compute figures: by measure, then part, then time.

    Raises:
        InputError: a measure can't be asked this.
        NoAnswerError: the counts are not up to date, or hold nothing of this time.
    """
    entries = _askable(wanted)
    form_class = NAMED_OR_CAPITAL if settings.count_capitals else NAMED
    counts = store.counts(settings.kinds, (EVERYTHING, form_class))
    spans = _when(counts, wanted)
    seen = Coverages(store)
    parts = [(p, replace(e, coverage=seen)) for p, e in _parts(counts, settings, form_class, spans, wanted)]
    asked = replace(wanted.asked, member=wanted.by == "member")
    by = "" if wanted.by in {None, "member"} else str(wanted.by)
    return [
        Row(measure, by, part)
        for entry in entries
        for part, estimator in parts
        for when in spans
        for measure in map(_once if isinstance(when, Span) else _same, entry.compute(estimator, when, asked))
        if asked.takes(measure) and (not by or _has_any(estimator, measure, part if by == "outlet" else ""))
    ]


def _askable(wanted: Wanted) -> tuple[Entry, ...]:
    """Give the measures that can be asked this; of one alone, refuse what it can't."""
    if len(wanted.entries) == 1:
        catalogue.check(wanted.entries[0], wanted.asked, wanted.by)
        return wanted.entries
    able = []
    for entry in wanted.entries:
        try:
            catalogue.check(entry, wanted.asked, wanted.by)
        except InputError:
            continue
        able.append(entry)
    return tuple(able)


def _same(measure: Measure) -> Measure:
    return measure


def _once(measure: Measure) -> Measure:
    """Leave out a change against a year before that is the span before, or overlaps the span itself."""
    when = measure.quarter
    if isinstance(when, Span) and when.year_before.end >= when.previous.end:
        return replace(measure, year=None)
    return measure


def _has_any(estimator: Estimator, measure: Measure, outlet: str) -> bool:
    """Tell whether a part has any document on a figure's side then: what is of the other side is no row of this one."""
    sides: tuple[Narrative, ...] = NARRATIVES if measure.narrative == "both" else (measure.narrative,)
    places = (place for side in sides for place in estimator.table.of(side, measure.quarter, EVERYTHING))
    return any(not outlet or place[0] == outlet for place in places)


def _when(counts: Sequence[Count], wanted: Wanted) -> list[Quarter]:
    """Give the quarters or spans, earliest first, of which there are documents."""
    days = {row.day for row in counts if row.target == EVERYTHING}
    quarters = sorted({quarter for day in days if (quarter := Quarter.of(day))})
    years = sorted({int(day[:4]) for day in days})
    held = _held(quarters, years, wanted.time)
    first, last = wanted.since or held[0], wanted.until or held[-1]
    if first > last:
        raise InputError(f"--since {first} is later than --until {last}.")
    found: list[Quarter]
    if wanted.time == "whole":
        found = [Span.between(first, last)]
    elif wanted.time == "year":
        found = [Span.of_year(y) for y in years if first.year <= y <= last.year]
    else:
        found = [quarter for quarter in quarters if first <= quarter <= last]
    if not found:
        raise NoAnswerError(f"There are no documents from {first} to {last}. The store holds {held[0]} to {held[-1]}.")
    return found


def _held(quarters: list[Quarter], years: list[int], time: Time) -> tuple[Quarter, Quarter]:
    """Give the first and last quarter there is; years also hold what is dated to the year."""
    if time != "quarter" and years:
        return Quarter(years[0], 1), Quarter(years[-1], 4)
    if not quarters:
        undated = " Try: --by year" if years else ""
        raise NoAnswerError(f"The store holds no document of either side whose quarter is known.{undated}")
    return quarters[0], quarters[-1]


def _parts(
    counts: Sequence[Count], settings: MeasureSettings, form_class: str, spans: list[Quarter], wanted: Wanted
) -> Iterator[tuple[str, Estimator]]:
    """Give each part of the documents with what estimates from it."""
    if wanted.by in {"language", "kind"}:
        for part in sorted({getattr(row, wanted.by) for row in counts}):
            rows = [row for row in counts if getattr(row, wanted.by) == part]
            yield part, _estimator(rows, settings, form_class, spans)
        return
    whole = _estimator(counts, settings, form_class, spans)
    if wanted.by == "outlet":
        for outlet in sorted({row.outlet for row in counts}):
            yield outlet, _only(whole, outlet)
    else:
        yield "", whole


def _estimator(counts: Iterable[Count], settings: MeasureSettings, form_class: str, spans: list[Quarter]) -> Estimator:
    pooled = [when for when in spans if isinstance(when, Span)]
    if not pooled:
        return Estimator(tabulate(counts, form_class), settings)
    before = {earlier for when in pooled for earlier in (when.previous, when.year_before)}
    of = pool(counts, form_class, sorted({*pooled, *before}))
    return SpanEstimator(of.table, settings, months=of.months)


@dataclass
class _OfOutlet(Estimator):
    """Answers from one outlet alone."""

    outlet: str = ""

    def panel(self, question: Question, quarter: Quarter) -> tuple[str, ...]:
        """Give the outlet, if it has enough."""
        return tuple(outlet for outlet in super().panel(question, quarter) if outlet == self.outlet)


@dataclass
class _SpanOfOutlet(SpanEstimator):
    """The same for spans."""

    outlet: str = ""

    def panel(self, question: Question, quarter: Quarter) -> tuple[str, ...]:
        """Give the outlet, if it has enough."""
        return tuple(outlet for outlet in super().panel(question, quarter) if outlet == self.outlet)


def _only(whole: Estimator, outlet: str) -> Estimator:
    if isinstance(whole, SpanEstimator):
        return _SpanOfOutlet(whole.table, whole.settings, months=whole.months, outlet=outlet)
    return _OfOutlet(whole.table, whole.settings, outlet=outlet)

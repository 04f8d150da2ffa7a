"""Years, and any run of quarters, measured as quarters are: for archives that speak once a year.

What is dated only to the year is in no quarter, but it is in a year. Within a year the
blocks are weeks, as within a quarter; within anything longer they are quarters, since
neighbouring weeks of many years are no independent draws. An archive of one speech a
year has one block in each.

A quarter is refused where its documents don't cover it. A span can't be judged so: the
debate of the United Nations is whole with one month of each year. Instead it says
of which months its documents are, and a change between spans that cover different
numbers of months is refused.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from corpus.calendar import Quarter, week_of
from corpus.errors import InputError
from corpus.model import Count, Narrative
from corpus.targets import EVERYTHING
from results.cells import Matrix, Table, framed
from results.estimate import Estimate, Estimator, Question, incomplete
from results.language import listed, plural, say
from results.language import quarter as named

_MONTH = len("2026-07")
_DAY = len("2026-07-31")
_QUARTERS = 4
_YEARS = re.compile(r"(\d{4})(?:\s*[-–]\s*(\d{4}))?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Span(Quarter):
    """A run of quarters that stands where a quarter stands, written ``2024``, ``1991-2024`` or ``2020Q2-2021Q1``.

    ``year`` and ``number`` are those of its first quarter.

    Attributes:
        end: its last quarter.
    """

    end: Quarter

    @classmethod
    def of_year(cls, year: int) -> Span:
        """Give a calendar year."""
        return cls(year, 1, Quarter(year, _QUARTERS))

    @classmethod
    def between(cls, first: Quarter, last: Quarter) -> Span:
        """Give all from one quarter to another, both within."""
        return cls(first.year, first.number, last)

    @property
    def start(self) -> Quarter:
        """The first quarter."""
        return Quarter(self.year, self.number)

    @property
    def length(self) -> int:
        """How many quarters it has."""
        return _QUARTERS * (self.end.year - self.year) + self.end.number - self.number + 1

    @property
    def whole_years(self) -> bool:
        """Whether it begins and ends with a year."""
        return self.number == 1 and self.end.number == _QUARTERS

    def __str__(self) -> str:
        if not self.whole_years:
            return f"{self.start}-{self.end}"
        return str(self.year) if self.end.year == self.year else f"{self.year}-{self.end.year}"

    def __contains__(self, day: str) -> bool:
        """Tell whether an ISO prefix, known to the year at least, lies within."""
        quarter = Quarter.of(day)
        if quarter is None:
            return self.whole_years and self.year <= int(day[:4]) <= self.end.year
        return self.start <= quarter <= self.end

    @property
    def last(self) -> date:
        """The last day."""
        return self.end.last

    @property
    def previous(self) -> Span:
        """The span of the same length before."""
        return _moved(self, -self.length)

    @property
    def next(self) -> Span:
        """The span of the same length after."""
        return _moved(self, self.length)

    @property
    def year_before(self) -> Span:
        """The same span a year earlier."""
        return _moved(self, -_QUARTERS)

    @property
    def months(self) -> tuple[str, ...]:
        """Its months as ISO prefixes, and its years where they are whole (for what is dated to the year)."""
        quarters = [_later(self.start, n) for n in range(self.length)]
        years = [str(year) for year in range(self.year, self.end.year + 1)] if self.whole_years else []
        return (*(month for quarter in quarters for month in quarter.months), *years)


def up_to(quarter: Quarter, length: int) -> Span:
    """Give the run of so many quarters that ends with one."""
    return Span.between(_later(quarter, 1 - length), quarter)


def read(text: str) -> Quarter:
    """Read a quarter, a year or a run of years: ``2026Q3``, ``2024``, ``1991-2024``.

    Raises:
        InputError: anything else.
    """
    match = _YEARS.fullmatch(text.strip())
    if not match:
        try:
            return Quarter.parse(text)
        except InputError:
            raise InputError(f"{text!r} is no time. Write 2026Q3, 2026, or 1991-2024.") from None
    first, last = int(match[1]), int(match[2] or match[1])
    if first > last:
        raise InputError(f"{text!r} ends before it begins.")
    return Span.between(Quarter(first, 1), Quarter(last, _QUARTERS))


def _later(quarter: Quarter, by: int) -> Quarter:
    year, number = divmod(_QUARTERS * quarter.year + quarter.number - 1 + by, _QUARTERS)
    return Quarter(year, number + 1)


def _moved(span: Span, by: int) -> Span:
    return Span.between(_later(span.start, by), _later(span.end, by))


Months = dict[tuple[Narrative, Quarter], dict[str, set[str]]]


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """Counts by span.

    Attributes:
        table: as `cells.tabulate` makes it of quarters.
        months: for each (narrative, span), the months in which each outlet has documents, and years for what is
            dated so.
    """

    table: Table
    months: Months


def pool(counts: Iterable[Count], form_class: str, spans: Iterable[Span]) -> Pooled:
    """Index counts by span.

    Args:
        counts: rows of any frame and class; those of one label are kept under `cells.framed` targets.
        form_class: ``named``, or ``named+capital``; the denominators' class is ``*``.
        spans: when; they may overlap.
    """
    wanted = tuple(spans)
    holding: dict[str, tuple[Span, ...]] = {}
    cells: dict[tuple[Narrative, Quarter, str], dict[tuple[str, str], tuple[int, ...]]] = defaultdict(dict)
    days: dict[tuple[Narrative, Quarter], set[str]] = defaultdict(set)
    months: Months = defaultdict(lambda: defaultdict(set))
    last: dict[Narrative, str] = {}
    for row in counts:
        if row.form_class != (EVERYTHING if row.target == EVERYTHING else form_class):
            continue
        target = row.target if row.frame == EVERYTHING else framed(row.target, row.frame)
        amounts = (row.documents, row.stories, row.headlines, row.sentences)
        if row.day not in holding:
            holding[row.day] = tuple(span for span in wanted if row.day in span)
        for span in holding[row.day]:
            cell, place = cells[row.narrative, span, target], (row.outlet, _block(span, row.day))
            cell[place] = tuple(map(sum, zip(cell[place], amounts, strict=True))) if place in cell else amounts
            if target == EVERYTHING and row.documents:
                last[row.narrative] = max(last.get(row.narrative, row.day), row.day)
                months[row.narrative, span][row.outlet].add(row.day[:_MONTH])
                if len(row.day) == _DAY:
                    days[row.narrative, span].add(row.day)
    table = Table(dict(cells), {key: tuple(sorted(found)) for key, found in days.items()}, last)
    return Pooled(table, {key: dict(found) for key, found in months.items()})


def _block(span: Span, day: str) -> str:
    return week_of(day) if span.length <= _QUARTERS else str(Quarter.of(day) or day)


@dataclass
class SpanEstimator(Estimator):
    """Answers questions about spans.

    Attributes:
        months: as in `Pooled`.
    """

    months: Months = field(default_factory=dict)

    def estimate(self, question: Question, quarter: Quarter, outlets: tuple[str, ...] | None = None) -> Estimate:
        """Answer a question for a span; what its documents cover is noted and not refused."""
        answer = super().estimate(question, quarter, outlets)
        covered = _covered(quarter, self._months(question, quarter, answer.outlets))
        return replace(answer, notes=(*answer.notes, covered)) if covered else answer

    def pair(self, question: Question, later: Quarter, earlier: Quarter) -> tuple[Estimate, Estimate]:
        """Answer for two spans over the outlets in both; refused where they cover different numbers of months."""
        answers = super().pair(question, later, earlier)
        numbers = [
            len(self._months(question, when, answer.outlets))
            for when, answer in zip((later, earlier), answers, strict=True)
        ]
        if not all(numbers) or numbers[0] == numbers[1]:
            return answers
        unlike = say(
            "{later} has documents of {later_months}, {earlier} of {earlier_months}",
            later=named(later),
            later_months=_counted(numbers[0]),
            earlier=named(earlier),
            earlier_months=_counted(numbers[1]),
        )
        return (replace(answers[0], refusals=(unlike,)), replace(answers[1], refusals=(unlike,)))

    def _refusals(self, question: Question, quarter: Quarter, cells: Matrix) -> tuple[str, ...]:
        gap = incomplete(self.table, question.narrative, quarter)
        nothing = not self._months(question, quarter, None)
        return tuple(r for r in super()._refusals(question, quarter, cells) if nothing or r != gap)

    def _months(self, question: Question, when: Quarter, outlets: tuple[str, ...] | None) -> set[str]:
        """Give the months in which any of these outlets (None: any) has documents."""
        by_outlet = self.months.get((question.narrative, when), {})
        return set().union(*(months for outlet, months in by_outlet.items() if outlets is None or outlet in outlets))


def _covered(when: Quarter, have: set[str]) -> str:
    """Say of which part of a span the documents are, "" where they are of all its months."""
    every = [month for month in when.months if len(month) == _MONTH]
    if not have or have >= set(every):
        return ""
    vague = any(len(month) < _MONTH for month in have)
    dated = [month for month in have if len(month) == _MONTH]
    if not dated:
        return say("its documents are dated to the year only")
    held = {"some": len(dated), "all": len(every), "months": listed(sorted({month[5:] for month in dated}))}
    if vague:
        return say("documents of {some} of its {all} months (of the year: {months}); others dated to the year", **held)
    return say("documents of {some} of its {all} months (of the year: {months})", **held)


def _counted(months: int) -> str:
    return plural("{n} month", "{n} months", months)

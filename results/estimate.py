"""A question to the counts, and its answer with replicates: what every measure is made of."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, Literal

import numpy as np

from corpus.calendar import Quarter
from corpus.model import NARRATIVE_NAMES, Narrative
from corpus.settings import MeasureSettings
from corpus.targets import EVERYTHING
from results import bootstrap, jackknife
from results.bootstrap import Statistic
from results.cells import Floats, Matrix, Table, Unit, matrix, panel
from results.coverage import Coverage
from results.language import day, say
from results.language import quarter as named
from results.notes import Common, Single

Average = Literal["outlets", "documents"]

# Below this a share is an anecdote.
FEWEST: Final = 20
# With fewer on one side (naming it, or not), there is nothing to vary.
THINNEST: Final = 5
# Fewer effective outlets than this are few: see `jackknife`.
FEW_OUTLETS: Final = 5
# Two panels are one series while at least half of their outlets are in both.
LEAST_COMMON: Final = 0.5
# No silence longer than this many days is taken for a pause.
SLACK: Final = 7

_STATISTICS: Final[dict[Average, Statistic]] = {
    "outlets": bootstrap.mean_of_ratios,
    "documents": bootstrap.ratio_of_sums,
}


@dataclass(frozen=True, slots=True)
class Question:
    """What share is asked for.

    Attributes:
        narrative: whose talk.
        target: what is named.
        among: of what: ``*`` is everything, else what names another target.
        unit: what is counted.
        average: over ``outlets`` (each alike) or ``documents`` (each alike).
        country: only outlets of one country, "" for all.
        copies: count, of what names the target, only what reprints an earlier document; ``among`` is the target itself.
    """

    narrative: Narrative
    target: str
    among: str = EVERYTHING
    unit: Unit = "documents"
    average: Average = "outlets"
    country: str = ""
    copies: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """An answer.

    Attributes:
        value: the share in the data; nan where there is nothing to divide by.
        replicates: (replicates,) the share in each replicate, as wide as `jackknife` makes them; empty where refused.
        n: the denominator.
        numerator: of it, what names the target.
        outlets: the panel.
        effective: the effective number of its outlets.
        refusals: why it must not be shown; empty where it may.
        notes: what to know of it.
    """

    value: float
    replicates: Floats
    n: int
    numerator: int
    outlets: tuple[str, ...]
    effective: float
    refusals: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(slots=True)
class Estimator:
    """Answers questions from one table of counts, drawing multipliers only once.

    Attributes:
        table: the counts.
        settings: how to measure.
        coverage: gives which days of a quarter were not seen; by default, none is known.
    """

    table: Table
    settings: MeasureSettings
    coverage: Callable[[Quarter], Coverage] = Coverage
    _draws: dict[tuple[object, ...], jackknife.Draws] = field(default_factory=dict)

    def panel(self, question: Question, quarter: Quarter) -> tuple[str, ...]:
        """Give the outlets the answer rests on."""
        minimum = self.settings.panel_minimum
        return panel(
            self.table,
            question.narrative,
            quarter,
            unit=question.unit,
            minimum=minimum,
            country=question.country,
        )

    def estimate(self, question: Question, quarter: Quarter, outlets: tuple[str, ...] | None = None) -> Estimate:
        """Answer a question for a quarter, over its panel or over the outlets given."""
        panel_ = self.panel(question, quarter) if outlets is None else outlets
        cells = self._cells(question, quarter, panel_)
        statistic = _STATISTICS[question.average]
        refusals = self._refusals(question, quarter, cells)
        usable = bool(panel_) and not refusals
        return Estimate(
            value=bootstrap.point(cells, statistic) if panel_ else np.nan,
            replicates=jackknife.replicate(cells, statistic, self._drawn(question, quarter, cells))
            if usable
            else np.empty(0),
            n=int(cells.denominators.sum()),
            numerator=int(cells.numerators.sum()),
            outlets=panel_,
            effective=bootstrap.effective_outlets(cells.documents),
            refusals=refusals,
            notes=(*_notes(cells), *self.coverage(quarter).notes(panel_), *self._too_few_replicates()),
        )

    def _cells(self, question: Question, quarter: Quarter, outlets: tuple[str, ...]) -> Matrix:
        def of(unit: Unit) -> Matrix:
            asked = question.narrative, quarter, question.target
            return matrix(self.table, *asked, among=question.among, unit=unit, outlets=outlets)

        cells = of(question.unit)
        # A story is counted once, at its earliest document: the others are the copies.
        return replace(cells, numerators=cells.numerators - of("stories").numerators) if question.copies else cells

    def pair(self, question: Question, later: Quarter, earlier: Quarter) -> tuple[Estimate, Estimate]:
        """Answer for two quarters over the outlets in both panels, drawing the same outlets for both.

        Like is compared with like: an outlet that entered an archive in between
        changes nothing.
        """
        panels = [set(self.panel(question, quarter)) for quarter in (later, earlier)]
        common = tuple(sorted(panels[0] & panels[1]))
        either = len(panels[0] | panels[1])
        estimates = [self.estimate(question, quarter, common) for quarter in (later, earlier)]
        if not all(panels):
            own = [() if panel_ else estimate.refusals for panel_, estimate in zip(panels, estimates, strict=True)]
            estimates = [replace(e, refusals=refusals) for e, refusals in zip(estimates, own, strict=True)]
        elif len(common) < LEAST_COMMON * either:
            changed = (
                say(
                    "the panel changed: only {common} of {either} outlets are in both quarters",
                    common=len(common),
                    either=either,
                ),
            )
            estimates = [replace(estimate, refusals=changed) for estimate in estimates]
        elif len(common) < either:
            note = Common(
                say(
                    "measured on the {common} outlets that are in both quarters (of {either} in either)",
                    common=len(common),
                    either=either,
                )
            )
            estimates = [replace(estimate, notes=(note, *estimate.notes)) for estimate in estimates]
        return estimates[0], estimates[1]

    def _refusals(self, question: Question, quarter: Quarter, cells: Matrix) -> tuple[str, ...]:
        gap = incomplete(self.table, question.narrative, quarter)
        n, naming = int(cells.denominators.sum()), int(cells.numerators.sum())
        units = say(question.unit)
        hidden = self.coverage(quarter).refusal(cells.outlets)
        reasons = [reason for reason in (gap, hidden) if reason]
        if not cells.outlets:
            least = self.settings.panel_minimum
            reasons.append(
                say(
                    "no outlet has at least {least} {units} in {quarter}",
                    least=least,
                    units=units,
                    quarter=named(quarter),
                )
            )
        elif n < FEWEST:
            reasons.append(
                say("too few {units}: {n}, and a share needs at least {least}", units=units, n=n, least=FEWEST)
            )
        elif min(naming, n - naming) < THINNEST:
            reasons.append(_thin(naming, n, units))
        return tuple(reasons)

    def _too_few_replicates(self) -> tuple[str, ...]:
        replicates, confidence = self.settings.replicates, self.settings.confidence
        if replicates * (1 - confidence) / 2 >= 1:
            return ()
        return (
            say(
                "{replicates} replicates are too few for an interval of {confidence:g}: it is too narrow",
                replicates=replicates,
                confidence=confidence,
            ),
        )

    def _drawn(self, question: Question, quarter: Quarter, cells: Matrix) -> jackknife.Draws:
        key = (question.narrative, quarter, cells.outlets)
        if key not in self._draws:
            replicates = self.settings.replicates
            # No quarter in the seed of the outlets: they have the same multipliers in every quarter.
            same = self.generator(question.narrative, *cells.outlets)
            own = self.generator(question.narrative, str(quarter), *cells.outlets)
            self._draws[key] = jackknife.Draws(
                jackknife.multipliers(len(cells.outlets), replicates, same),
                jackknife.multipliers(len(cells.blocks), replicates, own),
            )
        return self._draws[key]

    def generator(self, *names: str) -> np.random.Generator:
        """Give a generator that depends on the seed and on what it is for, and on nothing else."""
        return np.random.default_rng([self.settings.seed, zlib.crc32("\x1f".join(names).encode("utf-8", "replace"))])


def _thin(naming: int, n: int, units: str) -> str:
    if naming < THINNEST:
        return say(
            "too thin: only {some} of {all:,} {units}, and an interval needs at least {least}",
            some=naming,
            all=n,
            units=units,
            least=THINNEST,
        )
    return say(
        "too even: all but {others} of {all:,} {units}, and an interval needs at least {least} that differ",
        others=n - naming,
        all=n,
        units=units,
        least=THINNEST,
    )


def _notes(cells: Matrix) -> tuple[str, ...]:
    number, effective = len(cells.outlets), bootstrap.effective_outlets(cells.documents)
    if number == 1:
        single = say(
            "one outlet only ({outlet}): the interval shows how its weeks vary, not how outlets differ",
            outlet=cells.outlets[0],
        )
        return (Single(single),)
    if 1 < number < FEW_OUTLETS:
        return (say("few outlets ({n}): the interval is wide, since so few say little of others", n=number),)
    if number and effective < FEW_OUTLETS:
        return (say("unequal outlets: {n} that weigh like {effective:.1f}", n=number, effective=effective),)
    return ()


def incomplete(table: Table, narrative: Narrative, quarter: Quarter) -> str:
    """Say what part of a quarter the documents of a narrative don't cover, "" where they cover it.

    They cover its end if the silence before its end is no longer than one within it
    (a daily archive that lacks the last day is incomplete; one that writes twice a
    week is not), and no longer than a week; and its beginning likewise. Documents
    of other quarters prove nothing: an archive of one month, and a single text two
    years later, do not cover what lies between.
    """
    side, days = say(NARRATIVE_NAMES[narrative]), table.days.get((narrative, quarter), ())
    last = table.last.get(narrative, "")
    if not last:
        return say("no documents in {side}", side=side)
    if not days:
        return say("the quarter is incomplete: it holds no document of {side}, or none dated to the day", side=side)
    silence = _longest_silence(days)
    if _days(days[-1], quarter.next.first.isoformat()) > silence:
        return say(
            "the quarter is incomplete: the last document of {side} in it is of {last}, the quarter ends {end}",
            side=side,
            last=day(days[-1]),
            end=day(quarter.last),
        )
    if _days((quarter.first - timedelta(days=1)).isoformat(), days[0]) > silence:
        return say(
            "the quarter is not covered whole: the first document of {side} in it is of {first}",
            side=side,
            first=day(days[0]),
        )
    return ""


def _longest_silence(days: tuple[str, ...]) -> int:
    return min(SLACK, max((_days(one, other) for one, other in pairwise(days)), default=1))


def _days(one: str, other: str) -> int:
    return (date.fromisoformat(other) - date.fromisoformat(one)).days

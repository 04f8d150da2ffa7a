"""Do the measures say what is so? Simulated news whose truth is known.

``uv run python benchmarks/simulate.py [--runs 1000] [--write docs/methods.md]``

Outlets of unequal size and habit, weeks that vary alone or together (a summit),
copies of a wire's stories, panels that change, series with memory: each is drawn many
times, and narra's answer is compared with the truth, beside the textbook's that
ignores it. ``--write`` puts the tables between the markers of a Markdown file.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from scipy import sparse, special, stats

from results.bootstrap import Statistic, interval, mean_of_ratios, ratio_of_sums, student_quantile
from results.cells import Floats
from results.contrast import contrast, side_of_documents
from results.jackknife import Draws, influence, multipliers, replicates
from results.lag import granger, precedence
from results.noise import simulate
from results.null import symmetry_against_null
from results.panel import Series, balanced, change, corrected, uncorrected
from results.trend import ChangePoint, change_points, segment
from results.uptake import AFTER, BEFORE, uptake
from results.weekly import week_interval

START = "<!-- simulate: start -->"
END = "<!-- simulate: end -->"
WEEKS = 13
LEVEL = 0.08
REPLICATES = 1000
TWO_STAGE = 400
BATCH = 50
SIGNIFICANT = 0.05
NORMAL = 1.96
YEAR = 364
WEEKEND = np.arange(YEAR) % 7 >= 5  # noqa: PLR2004 Saturday and Sunday


# -- news ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class World:
    """How news is made. The three spreads are standard deviations on the logit scale.

    Attributes:
        name: for the table.
        outlets: how many.
        habit: how much outlets differ, always.
        shared: how much weeks differ, for all outlets at once.
        own: how much an outlet's weeks differ, for it alone.
        unequal: spread of the logarithm of the outlets' sizes.
        statistic: how outlets are averaged.
        reprinted: chance that an outlet reprints a story of the wire.
        weekly: documents an outlet publishes a week, on average.
    """

    name: str
    outlets: int
    habit: float
    shared: float
    own: float
    unequal: float = 1.0
    statistic: Statistic = mean_of_ratios
    reprinted: float = 0.0
    weekly: float = 40.0

    @property
    def truth(self) -> float:
        """The share that all outlets in all weeks would have on average."""
        spread = np.sqrt((self.habit if self.outlets > 1 else 0) ** 2 + self.shared**2 + self.own**2)
        nodes, weights = np.polynomial.hermite_e.hermegauss(60)
        return float(special.expit(special.logit(LEVEL) + spread * nodes) @ weights / weights.sum())


WORLDS = (
    World("one outlet (its own level)", 1, 0.4, 0.2, 0.3),
    World("2, differ", 2, 0.5, 0.0, 0.2),
    World("3, all vary", 3, 0.4, 0.2, 0.3),
    World("5, all vary", 5, 0.4, 0.2, 0.3),
    World("10, differ much", 10, 0.6, 0.0, 0.2),
    World("10, weeks vary alone", 10, 0.1, 0.0, 0.8),
    World("10, all vary", 10, 0.4, 0.3, 0.3),
    World("25, all vary", 25, 0.4, 0.3, 0.3),
    World("25, weeks vary alone", 25, 0.1, 0.0, 0.8),
    World("25, half of the wire reprinted", 25, 0.4, 0.3, 0.3, reprinted=0.5),
    World("60, all vary", 60, 0.4, 0.3, 0.3),
    World("12, ratio of sums (brand)", 12, 0.3, 0.2, 0.3, statistic=ratio_of_sums, weekly=15.0),
    World("40, ratio of sums (brand)", 40, 0.3, 0.2, 0.3, statistic=ratio_of_sums, weekly=15.0),
)


def sizes(world: World, runs: int, rng: np.random.Generator) -> Floats:
    """Draw the outlets' sizes in documents a week: (runs, K)."""
    drawn = np.exp(rng.normal(0, world.unequal, (runs, world.outlets)) - world.unequal**2 / 2)
    return np.clip(world.weekly * drawn, 3, 40 * world.weekly)


def quarters(world: World, size: Floats, habit: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Draw one quarter of each run: numerators and denominators, (runs, K, weeks)."""
    runs, k = size.shape
    shared = rng.normal(0, world.shared, (runs, 1, WEEKS))
    eta = special.logit(LEVEL) + habit[:, :, None] + shared + rng.normal(0, world.own, (runs, k, WEEKS))
    below = 1 + rng.poisson(np.broadcast_to(size[:, :, None], eta.shape))
    above = rng.binomial(below, special.expit(eta))
    if world.reprinted:
        # The wire's stories have the same share on average, and the same ones come in every outlet.
        spread = np.sqrt(world.habit**2 + world.own**2)
        wire = special.expit(special.logit(LEVEL) + shared + rng.normal(0, spread, (runs, 1, WEEKS)))
        stories = rng.poisson(20, (runs, 1, WEEKS))
        named = rng.binomial(stories, wire)
        again = rng.binomial(np.broadcast_to(named, eta.shape), world.reprinted)
        others = rng.binomial(np.broadcast_to(stories - named, eta.shape), world.reprinted)
        above, below = above + again, below + again + others
    return above.astype(np.float64), below.astype(np.float64)


# -- intervals -----------------------------------------------------------


def coverage(world: World, runs: int, seed: int) -> list[float]:
    """Give how often 95 % intervals hold the truth: narra, two-stage, binomial; first the share, then a change."""
    rng = np.random.default_rng([seed, world.outlets])
    hits = np.zeros(6)
    done = 0
    while done < runs:
        size = sizes(world, BATCH, rng)
        habit = rng.normal(0, world.habit if world.outlets > 1 else 0.0, size.shape)
        pair = [quarters(world, size, habit, rng) for _ in range(2)]
        ours, before = _narra(world, pair, rng), _two_stage(world, pair, rng)
        all_ends = (
            (_ends(ours[0]), _ends(ours[0] - ours[1])),
            (_ends(before[0], world.outlets), _ends(before[0] - before[1])),
            _binomial(pair),
        )
        for number, ends in enumerate(all_ends):
            hits[number] += _held(ends[0], world.truth)
            hits[3 + number] += _held(ends[1], 0.0)
        done += BATCH
    return [float(hit) for hit in hits / done]


def _held(ends: Floats, truth: float) -> int:
    return int(((ends[0] <= truth) & (truth <= ends[1])).sum())


def _ends(drawn: Floats, outlets: int = 1) -> Floats:
    """Take every column's interval: (replicates, runs) to (2, runs).

    With two or more outlets expanded for their number (Hesterberg 2015, The American
    Statistician 69, 371-386), which narra's own replicates, widened already, don't need.
    """
    level = 0.95
    if outlets > 1:
        t = student_quantile(0.975, outlets - 1)
        level = 1 - 2 * float(special.ndtr(-t * math.sqrt(outlets / (outlets - 1))))
    return np.array([interval(column, level) or (np.nan, np.nan) for column in drawn.T]).T


def _narra(world: World, pair: list[tuple[Floats, Floats]], rng: np.random.Generator) -> list[Floats]:
    """Give narra's replicates of both quarters: (replicates, runs)."""
    outlets = multipliers(world.outlets, REPLICATES, rng)
    return [
        replicates(influence(*quarter, world.statistic), Draws(outlets, multipliers(WEEKS, REPLICATES, rng)))
        for quarter in pair
    ]


def _two_stage(world: World, pair: list[tuple[Floats, Floats]], rng: np.random.Generator) -> list[Floats]:
    """Draw outlets, then each one's weeks: the usual bootstrap."""
    slots, drawn = rng.integers(0, world.outlets, size=(TWO_STAGE, world.outlets)), []
    for quarter in pair:
        weeks = rng.multinomial(WEEKS, np.full(WEEKS, 1 / WEEKS), size=slots.shape).astype(np.float64)
        sums = [np.einsum("srkb,rkb->rsk", cells[:, slots, :], weeks, optimize=True) for cells in quarter]
        drawn.append(world.statistic(sums[0], sums[1]))
    return drawn


def _binomial(pair: list[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """Take every document as independent: the textbook's interval."""
    shares, errors = [], []
    for above, below in pair:
        n = below.sum(axis=(1, 2))
        p = above.sum(axis=(1, 2)) / n
        shares.append(p)
        errors.append(p * (1 - p) / n)
    half = NORMAL * np.sqrt(errors[0]), NORMAL * np.sqrt(errors[0] + errors[1])
    apart = shares[0] - shares[1]
    return np.stack([shares[0] - half[0], shares[0] + half[0]]), np.stack([apart - half[1], apart + half[1]])


def symmetry_coverage(runs: int, seed: int) -> list[float]:
    """Give the same for the symmetry of two sides, log2 of a share over another (12 and 8 outlets)."""
    rng = np.random.default_rng(seed)
    sides = World("", 12, 0.4, 0.2, 0.3), World("", 8, 0.4, 0.2, 0.3)
    hits, done = np.zeros(6), 0
    while done < runs:
        size = [sizes(side, BATCH, rng) for side in sides]
        habit = [rng.normal(0, side.habit, one.shape) for side, one in zip(sides, size, strict=True)]
        both = [
            [quarters(side, one, how, rng) for _ in range(2)] for side, one, how in zip(sides, size, habit, strict=True)
        ]
        truth = np.log2(sides[0].truth / sides[1].truth)
        for number, way in enumerate((_narra, _two_stage)):
            logs = [[np.log2(r) for r in way(side, pair, rng)] for side, pair in zip(sides, both, strict=True)]
            one, change_ = logs[0][0] - logs[1][0], logs[0][0] - logs[1][0] - logs[0][1] + logs[1][1]
            hits[number] += _held(_ends(one, 8 if number else 1), truth)
            hits[3 + number] += _held(_ends(change_), 0.0)
        naive = [_log_binomial(quarter) for pair in both for quarter in pair]
        apart, error = naive[0][0] - naive[2][0], naive[0][1] + naive[2][1]
        hits[2] += (np.abs(apart - truth) <= NORMAL * np.sqrt(error)).sum()
        moved, error = apart - naive[1][0] + naive[3][0], np.sum([one[1] for one in naive], axis=0)
        hits[5] += (np.abs(moved) <= NORMAL * np.sqrt(error)).sum()
        done += BATCH
    return [float(hit) for hit in hits / done]


def week_coverage(outlets: int, runs: int, seed: int) -> list[float]:
    """Give how often one week's interval holds the truth: narra, outlets drawn, binomial; no change is looked at."""
    rng = np.random.default_rng([seed, outlets])
    world = World("", outlets, 0.4, 0.0, 0.3, unequal=0.6, statistic=ratio_of_sums)
    hits = np.zeros(3)
    for size in sizes(world, runs, rng):
        habit = rng.normal(0, world.habit, (1, outlets))
        above, below = (cells[0, :, 0] for cells in quarters(world, size[None], habit, rng))
        slots = rng.integers(0, outlets, (REPLICATES, outlets))
        n, p = below.sum(), above.sum() / below.sum()
        half = NORMAL * np.sqrt(p * (1 - p) / n)
        ways = (
            week_interval(above, below, rng, REPLICATES, 0.95) or (np.nan, np.nan),
            tuple(_ends(ratio_of_sums(above[slots], below[slots])[:, None], outlets)[:, 0]),
            (p - half, p + half),
        )
        hits += [low <= world.truth <= high for low, high in ways]
    return [float(hit) for hit in hits / runs]


def _log_binomial(quarter: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    above, below = (cells.sum(axis=(1, 2)) for cells in quarter)
    return np.log2(above / below), (1 / above - 1 / below) / np.log(2) ** 2


def _averages(found: list[list[float]]) -> list[float]:
    return [float(value) for value in np.mean(found, axis=0)]


# -- change points -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Memory:
    """How a weekly series wanders: AR(1) with this correlation, white noise on top, heavy tails."""

    name: str
    rho: float
    white: float = 0.0
    freedom: float = 0.0


MEMORIES = (
    Memory("none", 0.0),
    Memory("0.3", 0.3),
    Memory("0.6", 0.6),
    Memory("0.8", 0.8),
    Memory("0.6, and noise of few documents", 0.6, 1.0),
    Memory("0.3, heavy tails (t with 4 degrees)", 0.3, 0.0, 4.0),
)
LENGTH, AT, JUMP = 156, 70, 2.5


def iso_weeks(number: int) -> list[str]:
    """Name consecutive weeks."""
    days = [date(2018, 1, 1) + timedelta(days=7 * week) for week in range(number)]
    return [f"{day.isocalendar().year}-W{day.isocalendar().week:02}" for day in days]


def changes(memory: Memory, runs: int, seed: int) -> list[float]:
    """Give false change points (narra, textbook), and with a jump: found, date held, size held."""
    rng = np.random.default_rng(seed)
    series = simulate(memory.rho, (runs, LENGTH), rng) + np.sqrt(memory.white) * rng.normal(size=(runs, LENGTH))
    if memory.freedom:
        series += stats.t.rvs(memory.freedom, size=series.shape, random_state=rng)
    names, size = iso_weeks(LENGTH), JUMP * float(series.std())
    false = [bool(change_points(names, one).points) for one in series]
    usual = [len(segment(one, 2 * one.var() * np.log(LENGTH))) > len((0, LENGTH)) for one in series]
    jumped = [change_points(names, one + size * (np.arange(LENGTH) >= AT)).points for one in series]
    nearest = [min(points, key=lambda p: abs(names.index(p.week) - AT)) for points in jumped if points]
    return [
        float(np.mean(false)),
        float(np.mean(usual)),
        len(nearest) / runs,
        float(np.mean([one.earliest <= names[AT] <= one.latest for one in nearest])),
        float(np.mean([_size_held(one, size) for one in nearest])),
    ]


def _size_held(point: ChangePoint, size: float) -> bool:
    return point.low <= size <= point.high


# -- a changing panel ----------------------------------------------------


OUTLETS, ENTER = 20, 12


def changing_panel(runs: int, seed: int, rise: float) -> list[float]:
    """Give the average change found when ten outlets that say thrice as much enter, in percent, and what is held.

    Plain average, corrected, balanced; then how often the corrected and the balanced
    change's intervals hold the truth.
    """
    rng = np.random.default_rng(seed)
    periods = tuple(f"{number:02}" for number in range(24))
    found = []
    for _ in range(runs):
        level = np.where(np.arange(OUTLETS) < OUTLETS // 2, 0.03, 0.09) * np.exp(rng.normal(0, 0.3, 20))
        wave = np.exp(rng.normal(0, 0.25, (20, 24)) + 0.2 * np.sin(np.arange(24) / 2))
        share = level[:, None] * wave * np.where(np.arange(24) >= ENTER, 1 + rise, 1.0)
        below = np.full((20, 24), 800)
        below[10:, :12] = 0
        above = rng.binomial(below, np.clip(share, 0, 1))
        made = Series(tuple(map(str, range(20))), periods, above.astype(float), below.astype(float))
        plain = uncorrected(made)
        # The truth of these two periods: the rise, and the wave common to all.
        truth = 100 * ((1 + rise) * np.exp(0.2 * (np.sin(12 / 2) - np.sin(11 / 2))) - 1)
        ways = [change(way(made, periods, rng=rng, replicates=500), "12", "11") for way in (corrected, balanced)]
        found.append(
            [
                100 * (plain[12] / plain[11] - 1) - truth,
                *(way[0] - truth for way in ways if way),
                *(way[1] <= truth <= way[2] for way in ways if way),
            ]
        )
    return _averages(found)


# -- what is found where there is nothing ---------------------------------


def lag_false(runs: int, seed: int) -> list[float]:
    """Give how often one of two unrelated daily series "precedes": narra, and with the weekly cycle left in."""
    rng = np.random.default_rng(seed)
    ours, usual = [], []
    weekday = np.where(WEEKEND, -1.5, 0.0)
    for _ in range(runs):
        level = np.exp(0.4 * simulate(0.5, (2, YEAR), rng) + weekday + 2)
        first, second = rng.poisson(level).astype(float)
        found = precedence([("a", first, "b", second)])
        ours.append([one.p < SIGNIFICANT for one in found] + [any(one.precedes() for one in found)])
        usual.append(granger(first, second, 2)[1] < SIGNIFICANT)
    single = np.mean(ours, axis=0)
    return [float(single[:2].mean()), float(single[2]), float(np.mean(usual))]


def uptake_false(runs: int, seed: int) -> list[float]:
    """Give how often statements without effect have one: narra, and a t-test of the days; and narra's coverage."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(runs):
        statements = rng.random(YEAR) < np.where(WEEKEND, 0.02, 0.15)
        everything = rng.poisson(np.where(WEEKEND, 150, 400)).astype(float)
        weekend = np.where(WEEKEND, -0.5, 0.0)
        share = 0.05 * np.exp(0.3 * simulate(0.6, (1, YEAR), rng)[0] + weekend)
        naming = rng.binomial(everything.astype(int), np.clip(share, 0, 1)).astype(float)
        ours = uptake(statements, naming, everything)
        days = np.flatnonzero(statements)
        days = days[(days >= BEFORE) & (days <= YEAR - AFTER)]
        after, before = ([naming[d + o] / everything[d + o] for d in days for o in r] for r in (range(4), range(-4, 0)))
        found.append(
            [ours.p < SIGNIFICANT, stats.ttest_ind(after, before).pvalue < SIGNIFICANT, ours.low <= 0 <= ours.high]
        )
    return _averages(found)


def contrast_false(runs: int, seed: int) -> list[float]:
    """Give the share of words found different where none is: by z, by documents, and runs with any after correction."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(runs):
        rate = rng.gamma(0.5, 0.4, 400)
        # Words come in bursts: a document that has a word has it again.
        drawn = rng.poisson(rate * rng.gamma(0.2, 5.0, (300, 400)))
        sides = (side_of_documents(sparse.csr_array(part.astype(float))) for part in (drawn[:150], drawn[150:]))
        ours = contrast([str(n) for n in range(400)], *sides)
        found.append([(np.abs(ours.z) > NORMAL).mean(), (ours.p < SIGNIFICANT).mean(), (ours.q < SIGNIFICANT).any()])
    return _averages(found)


MEMBERS = 10


def null_false(runs: int, seed: int) -> list[float]:
    """Give the share of members found out of step where all are: by narra, and taking documents as independent.

    Twelve outlets name the members, three outlets of each member name Korea, both by one profile.
    """
    rng, found = np.random.default_rng(seed), []
    sides = World("", 12, 0.4, 0.2, 0.3), World("", 3, 0.4, 0.2, 0.3)
    names = [str(n) for n in range(MEMBERS)]
    for _ in range(runs):
        profile = special.logit(np.clip(rng.dirichlet(np.full(MEMBERS, 3.0)) * 0.6, 0.01, 0.5)) - special.logit(LEVEL)
        shares, drawn, errors = [], [], []
        for side in sides:
            # Outlets that name the members are the same for all; those that name Korea are each member's own.
            common = side is sides[0]
            outlets = multipliers(side.outlets, REPLICATES, rng)
            weeks = multipliers(WEEKS, REPLICATES, rng)
            size = np.repeat(sizes(side, 1, rng), MEMBERS, axis=0) if common else sizes(side, MEMBERS, rng)
            habit = rng.normal(0, side.habit, size.shape) + profile[:, None]
            above, below = quarters(side, size, habit, rng)
            ways = [
                replicates(
                    influence(above[m], below[m], mean_of_ratios),
                    Draws(
                        outlets if common else multipliers(side.outlets, REPLICATES, rng),
                        weeks if common else multipliers(WEEKS, REPLICATES, rng),
                    ),
                )
                for m in range(MEMBERS)
            ]
            shares.append(mean_of_ratios(above.sum(axis=-1), below.sum(axis=-1)))
            drawn.append(np.stack(ways, axis=1))
            errors.append(1 / above.sum(axis=(1, 2)))
        ours = symmetry_against_null(names, *shares, *drawn)
        usual = 2 * special.ndtr(-np.abs(ours.values) * np.log(2) / np.sqrt(errors[0] + errors[1]))
        found.append([(ours.p < SIGNIFICANT).mean(), (usual < SIGNIFICANT).mean(), (ours.q < SIGNIFICANT).any()])
    return _averages(found)


# -- tables --------------------------------------------------------------


ABOUT = """\
*{runs:,} simulated quarters (series, panels) a row; {words} for words. Written by
`uv run python benchmarks/simulate.py --write docs/methods.md`.*"""
INTERVALS = """\
**How often 95 % intervals hold the truth** (95 % is right; less is false certainty, more is needless doubt).
*Two-stage*: outlets drawn, then their weeks, expanded percentiles. *Binomial*: every document taken as independent."""
CHANGES = f"""\
**Change points** in {LENGTH} weeks (5 % false is right). *Textbook*: PELT with penalty 2 · variance · log n. The jump
is {JUMP} standard deviations; date and size: how often their
95 % intervals hold the truth, where a change was found."""
PANELS = """\
**A changing panel**: ten outlets, and from the thirteenth quarter ten more that say three times as much. Error of the
change then found, in percent of the level (0 is right), and how often its 95 % interval holds the truth."""


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a Markdown table."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def percent(values: Sequence[float]) -> list[str]:
    """Write shares."""
    return [f"{100 * value:.1f} %" for value in values]


def render(runs: int, workers: int) -> str:
    """Run everything and write the tables."""
    with ProcessPoolExecutor(workers) as pool:
        levels = [pool.submit(coverage, world, runs, 1) for world in WORLDS]
        sides = pool.submit(symmetry_coverage, runs, 2)
        single_weeks = [pool.submit(week_coverage, outlets, runs, 6) for outlets in (3, 12)]
        trends = [pool.submit(changes, memory, runs, 3) for memory in MEMORIES]
        panels = [pool.submit(changing_panel, runs, 4, rise) for rise in (0.0, 0.5)]
        ways: tuple[Callable[[int, int], list[float]], ...] = (lag_false, uptake_false, contrast_false, null_false)
        lag, taken, words, members = (pool.submit(way, runs // (4 if way is contrast_false else 1), 5) for way in ways)
        return "\n\n".join(
            (
                ABOUT.format(runs=runs, words=runs // 4),
                INTERVALS,
                table(
                    ["outlets", "share: narra", "two-stage", "binomial", "change: narra", "two-stage", "binomial"],
                    [
                        *([world.name, *percent(job.result())] for world, job in zip(WORLDS, levels, strict=True)),
                        ["symmetry, 12 and 8 outlets", *percent(sides.result())],
                        *(
                            [f"a single week, {outlets} outlets", *percent(job.result()), "", "", ""]
                            for outlets, job in zip((3, 12), single_weeks, strict=True)
                        ),
                    ],
                ),
                CHANGES,
                table(
                    ["memory from week to week", "false: narra", "textbook", "jump found", "date", "size"],
                    [[one.name, *percent(job.result())] for one, job in zip(MEMORIES, trends, strict=True)],
                ),
                PANELS,
                table(
                    ["truth", "plain average", "corrected", "balanced", "truth held: corrected", "balanced"],
                    [
                        [name, *(f"{error:+.1f}" for error in job.result()[:3]), *percent(job.result()[3:])]
                        for name, job in zip(("no change", "50 % more"), panels, strict=True)
                    ],
                ),
                "**Found where there is nothing** (5 % is right).",
                table(
                    ["measure", "narra", "the usual way", "the usual way is"],
                    [
                        ["lag: a single test", *percent([lag.result()[0], lag.result()[2]]), "weekly cycle left in"],
                        ["lag: any of a pair, corrected", *percent([lag.result()[1]]), "", ""],
                        ["uptake", *percent(taken.result()[:2]), "t-test of days after and before"],
                        ["uptake: truth held (95 %)", *percent(taken.result()[2:]), "", ""],
                        ["contrast: words", *percent([words.result()[1], words.result()[0]]), "z of Monroe et al."],
                        ["contrast: any word, corrected", *percent(words.result()[2:]), "", ""],
                        ["members out of step", *percent(members.result()[:2]), "documents taken as independent"],
                        ["members out of step: any, corrected", *percent(members.result()[2:]), "", ""],
                    ],
                ),
            )
        )


def write(path: Path, text: str) -> None:
    """Put the tables between the markers of a file."""
    before, rest = path.read_text(encoding="utf-8").split(START)
    after = rest.split(END)[1]
    path.write_text(f"{before}{START}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    start = time.perf_counter()
    text = render(arguments.runs, arguments.workers)
    print(text)
    print(f"\n{time.perf_counter() - start:.0f} s")
    if arguments.write:
        write(arguments.write, text)


if __name__ == "__main__":
    main()

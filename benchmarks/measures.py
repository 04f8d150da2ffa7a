"""How fast the measures are, and against what.

``uv run python benchmarks/measures.py [--documents 1000000] [--loop 25]``

The counts of a million documents, 400 outlets, 40 quarters, all targets:

(a) all shares of all quarters, as one vectorised pass, against pandas' groupby;
(b) 1,000 replicates of one quarter's whole table, against a loop of as many pandas
    groupbys, each drawing outlets and weeks (timed on some, given for 1,000).

One process; best of three. Both ways find the same shares, which is checked. The
peak of memory is the whole process's.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from corpus.targets import TARGETS
from results.bootstrap import mean_of_ratios
from results.cells import Floats
from results.jackknife import Draws, influence, multipliers, replicates

OUTLETS, QUARTERS, WEEKS, REPLICATES = 400, 40, 13, 1000
TIMES = 3


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts by quarter, target, outlet and week.

    Attributes:
        naming: (quarters, targets, outlets, weeks).
        everything: (quarters, outlets, weeks).
    """

    naming: Floats
    everything: Floats


def made_up(documents: int) -> Counts:
    """Draw counts: outlets of unequal size, targets named in 0.1 to 10 % of what they publish."""
    rng = np.random.default_rng(1)
    size = np.exp(rng.normal(0, 1, OUTLETS))
    rate = documents / (QUARTERS * WEEKS) * size / size.sum()
    everything = rng.poisson(np.broadcast_to(rate[:, None], (QUARTERS, OUTLETS, WEEKS)))
    chance = np.exp(rng.uniform(np.log(0.001), np.log(0.1), len(TARGETS)))
    habit = np.exp(rng.normal(0, 0.3, (OUTLETS, 1)))
    naming = rng.binomial(everything[:, None], np.clip(chance[:, None, None] * habit, 0, 1))
    return Counts(naming.astype(np.float64), everything.astype(np.float64))


def shares(counts: Counts) -> Floats:
    """Give every share: (quarters, targets)."""
    below = np.broadcast_to(counts.everything.sum(axis=-1)[:, None], counts.naming.shape[:-1])
    return mean_of_ratios(counts.naming.sum(axis=-1), below)


def whole_table(counts: Counts, quarter: int) -> Floats:
    """Give a quarter's replicates: (replicates, targets)."""
    rng = np.random.default_rng(2)
    above = counts.naming[quarter]
    below = np.broadcast_to(counts.everything[quarter], above.shape)
    drawn = Draws(multipliers(OUTLETS, REPLICATES, rng), multipliers(WEEKS, REPLICATES, rng))
    return replicates(influence(above, below, mean_of_ratios), drawn)


def frame(counts: Counts) -> pd.DataFrame:
    """Lay the counts out as pandas users do: a row an outlet and week, a column a target."""
    index = pd.MultiIndex.from_product(
        [range(QUARTERS), range(OUTLETS), range(WEEKS)], names=["quarter", "outlet", "week"]
    )
    columns = np.moveaxis(counts.naming, 1, -1).reshape(len(index), -1)
    return pd.DataFrame(columns, index=index, columns=list(TARGETS)).assign(all=counts.everything.ravel())


def pandas_shares(table: pd.DataFrame) -> Floats:
    """Give every share by groupby: (quarters, targets)."""
    sums = table.groupby(["quarter", "outlet"]).sum()
    ratios = sums[list(TARGETS)].div(sums["all"].where(sums["all"] > 0), axis=0)
    return np.asarray(ratios.groupby("quarter").mean(), dtype=np.float64)


def pandas_loop(table: pd.DataFrame, times: int) -> Floats:
    """Draw outlets and their weeks, and group, again and again: (times, targets)."""
    rng = np.random.default_rng(3)
    rows = []
    for _ in range(times):
        outlets = rng.integers(0, OUTLETS, OUTLETS)
        at = (outlets[:, None] * WEEKS + rng.integers(0, WEEKS, (OUTLETS, WEEKS))).ravel()
        drawn = table.iloc[at].assign(slot=np.repeat(np.arange(OUTLETS), WEEKS))
        sums = drawn.groupby("slot").sum()
        rows.append(sums[list(TARGETS)].div(sums["all"].where(sums["all"] > 0), axis=0).mean().to_numpy())
    return np.array(rows)


def best(work: Callable[[], object]) -> float:
    """Give the seconds of the fastest of three runs."""
    times = []
    for _ in range(TIMES):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Read the arguments, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--loop", type=int, default=25)
    arguments = parser.parse_args()
    counts = made_up(arguments.documents)
    own_memory = peak()
    whole_table(counts, 5)
    shares(counts)
    own_memory = max(own_memory, peak())
    table = frame(counts)
    quarter = table.xs(5, level="quarter")
    np.testing.assert_allclose(shares(counts), pandas_shares(table))
    loop = best(lambda: pandas_loop(quarter, arguments.loop)) / arguments.loop * REPLICATES
    ours = best(lambda: whole_table(counts, 5))
    pass_, grouped = best(lambda: shares(counts)), best(lambda: pandas_shares(table))
    print(f"{counts.everything.sum():,.0f} documents, {OUTLETS} outlets, {QUARTERS} quarters, {len(TARGETS)} targets")
    print(
        f"(a) all shares              {pass_:8.3f} s   pandas groupby {grouped:8.3f} s   {grouped / pass_:5.1f} times"
    )
    print(
        f"(b) {REPLICATES:,} replicates        {ours:8.3f} s   pandas loop    {loop:8.3f} s   {loop / ours:5.1f} times"
    )
    print(f"peak memory: {own_memory:.0f} MB with the counts, {peak():.0f} MB with pandas' table")


def peak() -> float:
    """Give the process's peak memory in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()

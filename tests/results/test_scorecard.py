from __future__ import annotations

from dataclasses import replace

import pytest

from results.measure import Measure
from results.quarterly import QuarterResults
from results.scorecard import Verdict, joined, scorecard


def given(measure: Measure, low: float | None, high: float | None) -> Measure:
    if low is None or high is None:
        return replace(measure, value=None, low=None, high=None, flags=("too few",))
    return replace(measure, value=(low + high) / 2, low=low, high=high, n=100, numerator=50, flags=())


Ends = tuple[float | None, float | None]


def with_figure(results: QuarterResults, name: str, ends: Ends) -> QuarterResults:
    def changed(measures: tuple[Measure, ...]) -> tuple[Measure, ...]:
        return tuple(given(m, *ends) if m.name == name else m for m in measures)

    return replace(results, measures=changed(results.measures), talk=changed(results.talk))


def test_ten_claims_in_order_each_with_a_verdict_and_a_sentence(results: QuarterResults) -> None:
    claims = scorecard(results)
    assert [c.number for c in claims] == list(range(1, 11))
    assert all(c.said and all(c.said) for c in claims)
    assert {c.verdict for c in claims} <= {"supported", "contradicted", "can't be told", "no answer"}


@pytest.mark.parametrize(
    ("number", "name", "ends", "verdict"),
    [
        (1, "brand", (0.2, 0.4), "supported"),
        (1, "brand", (0.6, 0.7), "contradicted"),
        (1, "brand", (0.4, 0.6), "can't be told"),
        (1, "brand", (0.2, 0.5), "can't be told"),
        (1, "brand", (None, None), "no answer"),
        (3, "institution", (0.1, 0.3), "supported"),
        (4, "culture-sides", (0.5, 2.0), "supported"),
        (4, "culture-sides", (-2.0, -0.5), "contradicted"),
        (6, "tourism-sides", (-0.5, 0.5), "can't be told"),
        (10, "symmetry", (-2.0, -1.0), "supported"),
        (10, "symmetry", (1.0, 2.0), "contradicted"),
    ],
)
def test_a_verdict_needs_the_whole_interval(
    results: QuarterResults, number: int, name: str, ends: Ends, verdict: Verdict
) -> None:
    claim = scorecard(with_figure(results, name, ends))[number - 1]
    assert claim.verdict == verdict


def test_every_figure_named_is_in_the_report(results: QuarterResults) -> None:
    ids = {f"figure-{m.id}" for m in (*results.measures, *results.talk)}
    assert all(set(claim.figures) <= ids for claim in scorecard(results))


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        (["supported", "supported"], "supported"),
        (["supported", "no answer"], "can't be told"),
        (["supported", "can't be told"], "can't be told"),
        (["contradicted", "contradicted"], "contradicted"),
        (["supported", "contradicted"], "can't be told"),
        (["can't be told", "no answer"], "can't be told"),
        (["no answer"], "no answer"),
        ([], "no answer"),
    ],
)
def test_several_figures_make_one_verdict(verdicts: list[Verdict], expected: Verdict) -> None:
    assert joined(verdicts) == expected

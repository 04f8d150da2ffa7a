from __future__ import annotations

import re

from corpus.calendar import Quarter
from results.measure import Change
from results.quarterly import QuarterResults

Q = Quarter(2026, 2)


def test_an_interval_that_holds_zero_is_no_change() -> None:
    assert Change(Q, 0.1, 0.05, 0.2, 5, ()).detectable
    assert Change(Q, -0.1, -0.2, -0.05, 5, ()).detectable
    assert not Change(Q, 0.1, -0.05, 0.2, 5, ()).detectable
    assert not Change(Q, 0.1, 0.0, 0.2, 5, ()).detectable
    assert not Change(Q, None, None, None, 0, ("why",)).detectable


def test_names_are_unique_in_a_quarter_and_fit_for_an_address(results: QuarterResults) -> None:
    ids = [m.id for m in results.measures if m.quarter == results.quarter]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z-]+", name) for name in ids)


def test_every_measure_has_a_value_with_interval_or_a_reason(results: QuarterResults) -> None:
    for measure in results.measures:
        if measure.value is None:
            assert measure.reason
            assert (measure.low, measure.high) == (None, None)
        else:
            assert measure.low is not None
            assert measure.high is not None
            assert measure.low <= measure.value <= measure.high
        assert measure.evidence

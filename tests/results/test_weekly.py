from __future__ import annotations

from synthetic import estimator, quarter

from corpus.calendar import Quarter
from results.weekly import weekly

Q = Quarter(2026, 3)


def test_a_week_by_hand() -> None:
    rows = [*quarter("KR:a", 20, 4), *quarter("KR:b", 30, 6), *quarter("KR:c", 50, 5)]
    point = weekly(estimator(rows), Q)[0]
    assert (point.week, point.numerator, point.n, point.value) == ("2026-W27", 15, 100, 0.15)
    assert point.low is not None
    assert point.high is not None
    assert 0.1 <= point.low <= 0.15 <= point.high <= 0.2


def test_a_thin_week_has_no_value() -> None:
    assert all(point.value is None for point in weekly(estimator(quarter("KR:a", 3, 1)), Q))


def test_months_are_not_weeks() -> None:
    rows = [*quarter("KR:a", 20, 4), *quarter("KR:b", 20, 4)]
    assert all("W" in point.week for point in weekly(estimator(rows), Q))

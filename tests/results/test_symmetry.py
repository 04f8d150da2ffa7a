from __future__ import annotations

import math
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from synthetic import estimator, quarter, row

from corpus.calendar import Quarter
from corpus.model import Count
from results.estimate import Estimate
from results.ratio import index
from results.symmetry import combine, member_symmetry, symmetry
from results.visibility import KOREA

Q = Quarter(2026, 3)


def there(outlet: str, every: int, named: int, when: Quarter = Q) -> list[Count]:
    days = [when.first + timedelta(days=7 * week) for week in range(13)] + [when.last]
    rows = [row(outlet, day, "*", every, narrative="asean") for day in days]
    return rows + [row(outlet, day, KOREA, named, narrative="asean") for day in days if named]


def test_the_index_by_hand() -> None:
    assert index(np.array([0.4, 0.1, 0.2]), np.array([0.1, 0.4, 0.2])).tolist() == pytest.approx([2, -2, 0])


def test_twice_as_visible_is_one() -> None:
    rows = [*quarter("KR:a", 20, 4), *quarter("KR:b", 20, 8), *there("TH:a", 20, 2), *there("VN:b", 20, 4)]
    measure = symmetry(estimator(rows), "ASEAN", KOREA, Q)
    assert measure.value == pytest.approx(1)
    assert measure.low is not None
    assert measure.high is not None
    assert measure.low <= 1 <= measure.high
    assert [query.narrative for query in measure.evidence] == ["korea", "asean"]


def test_sample_and_numerator_come_from_the_same_side() -> None:
    rows = [*quarter("KR:a", 20, 4), *there("TH:a", 200, 2)]
    measure = symmetry(estimator(rows), "ASEAN", KOREA, Q)
    assert (measure.numerator, measure.n) == (28, 2800)


def test_no_names_on_one_side_is_said_and_never_infinite() -> None:
    rows = [*quarter("KR:a", 20, 4), *there("TH:a", 20, 0)]
    measure = symmetry(estimator(rows), "ASEAN", KOREA, Q)
    assert (measure.value, measure.low, measure.high) == (None, None, None)
    assert measure.reason == "the side of ASEAN: too thin: only 0 of 280 documents, and an interval needs at least 5"


def test_names_in_one_outlet_of_many_give_no_interval_and_so_no_index() -> None:
    silent = [r for number in range(5) for r in quarter(f"KR:{number}", 20, 0)]
    rows = [*quarter("KR:x", 20, 4), *silent, *there("TH:a", 20, 2), *there("VN:b", 20, 4)]
    measure = symmetry(estimator(rows), "ASEAN", KOREA, Q)
    assert measure.value is None
    assert "so few outlets" in measure.reason


def test_a_member_is_compared_with_its_own_outlets() -> None:
    rows = [*quarter("KR:a", 20, 4, target="TH"), *there("TH:a", 20, 8), *there("VN:b", 20, 1)]
    measure = member_symmetry(estimator(rows), "TH", Q)
    assert measure.value == pytest.approx(-1)
    assert measure.evidence[1].outlets == ("TH:a",)


def test_a_change_is_the_difference_of_the_two_indices() -> None:
    rows = [*quarter("KR:a", 20, 8), *there("TH:a", 20, 4)]
    rows += [*quarter("KR:a", 20, 4, Q.previous), *there("TH:a", 20, 4, Q.previous)]
    measure = symmetry(estimator(rows), "ASEAN", KOREA, Q)
    assert measure.previous is not None
    assert measure.previous.value == pytest.approx(1)


def answer(value: float, replicates: list[float]) -> Estimate:
    return Estimate(value, np.array(replicates), 100, 10, ("a", "b"), 2.0, (), ())


@given(
    st.lists(st.tuples(st.floats(0.001, 1), st.floats(0.001, 1)), min_size=1), st.floats(0.001, 1), st.floats(0.001, 1)
)
@hypothesis_settings(deadline=None)
def test_swapping_the_sides_changes_the_sign(pairs: list[tuple[float, float]], one: float, other: float) -> None:
    a, b = answer(one, [x for x, _ in pairs]), answer(other, [y for _, y in pairs])
    forth, back = combine(a, b), combine(b, a)
    assert math.isclose(forth.value, -back.value, abs_tol=1e-12)
    assert np.allclose(forth.replicates, -back.replicates)

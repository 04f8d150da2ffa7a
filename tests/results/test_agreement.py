"""Krippendorff's alpha against what was published, and against another implementation."""

from __future__ import annotations

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from results.agreement import agreement


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def units(*coders: str) -> list[tuple[str | None, ...]]:
    """One string a coder, one letter a unit; a dot is no value."""
    return [tuple(None if value == "." else value for value in unit) for unit in zip(*coders, strict=True)]


# Krippendorff 2011, examples A (Meg and Owen), B (Ben and Gerry) and C (four observers, values missing).
PUBLISHED = [
    (units("0100000010", "1110010000"), 0.095, 10),
    (units("aabbdcccedda", "babbbccceddd"), 0.692, 12),
    (units("123321412...", "1233224125.3", ".3332342251.", "12332441251."), 0.743, 11),
]


@pytest.mark.parametrize(("given", "alpha", "counted"), PUBLISHED)
def test_published_examples(given: list[tuple[str | None, ...]], alpha: float, counted: int) -> None:
    found = agreement(given, rng())
    assert found.alpha == pytest.approx(alpha, abs=0.0005)
    assert found.units == counted


def test_the_worked_example_with_three_coders_and_most_values_missing() -> None:
    """The one Wikipedia works through step by step."""
    given = units(".....34121133.3", "1.213343.......", "..21344.21133.4")
    assert agreement(given, rng()).alpha == pytest.approx(0.691, abs=0.0005)


@given(st.lists(st.tuples(*[st.sampled_from([None, "a", "b", "c"])] * 3), min_size=2, max_size=30))
def test_as_another_implementation_has_it(given: list[tuple[str | None, ...]]) -> None:
    pairable = [u for u in given if sum(v is not None for v in u) > 1]
    assume(len({v for u in pairable for v in u if v is not None}) > 1)
    codes = {"a": 0.0, "b": 1.0, "c": 2.0, None: np.nan}
    theirs = krippendorff.alpha(
        reliability_data=np.array([[codes[v] for v in unit] for unit in given]).T, level_of_measurement="nominal"
    )
    assert agreement(given, rng()).alpha == pytest.approx(theirs)


def test_agreement_is_one_and_chance_is_nought() -> None:
    assert agreement(units("abab" * 5, "abab" * 5), rng()).alpha == 1
    generator = np.random.default_rng(3)
    apart = [tuple(generator.choice(["a", "b"], 2).tolist()) for _ in range(4000)]
    found = agreement(apart, rng())
    assert found.alpha == pytest.approx(0, abs=0.05)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0 < found.high


def test_where_nothing_can_be_said_nothing_is() -> None:
    assert agreement([], rng()).alpha is None
    assert agreement(units("a.", ".a"), rng()).units == 0
    same = agreement(units("aaa", "aaa"), rng())
    assert (same.alpha, same.units, same.same) == (None, 3, 3)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Two coders who each keep the true value in 90 % of cases and else guess: alpha is 0.81 by construction."""
    generator = np.random.default_rng(11)
    held = 0
    for _ in range(200):
        truth = generator.integers(0, 2, 200)
        coders = [np.where(generator.random(200) < 0.9, truth, generator.integers(0, 2, 200)) for _ in range(2)]
        found = agreement(list(zip(*(c.tolist() for c in coders), strict=True)), generator)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.81 <= found.high
    assert 0.90 <= held / 200 <= 0.99

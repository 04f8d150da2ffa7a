from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.calendar import Quarter
from results import words
from results.measure import Change, Measure
from results.visibility import KOREA

Q = Quarter(2026, 3)


def measure(
    value: float | None, low: float | None, high: float | None, name: str = "brand", **other: object
) -> Measure:
    made = Measure(
        name=name,
        narrative="korea",
        target="ASEAN",
        quarter=Q,
        unit="documents",
        scale="share",
        value=value,
        low=low,
        high=high,
        n=466,
        numerator=170,
        outlets=9,
        effective_outlets=5.7,
        flags=(),
        definition="",
        evidence=(),
    )
    return replace(made, **other)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.2, 0.45, "Fewer than half"),
        (0.55, 0.7, "More than half"),
        (0.4, 0.6, "it can't be told"),
        (0.4, 0.5, "can't"),
    ],
)
def test_a_brand_sentence_says_what_its_interval_allows(low: float, high: float, verdict: str) -> None:
    assert verdict in words.headline(measure((low + high) / 2, low, high))


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(0.2, 2.0, "ASEAN is the more visible"), (-2.0, -0.1, "Korea is the more visible"), (-1.0, 1.0, "can't be told")],
)
def test_a_symmetry_sentence_says_what_its_interval_allows(low: float, high: float, verdict: str) -> None:
    asked = measure((low + high) / 2, low, high, "symmetry", narrative="both", scale="log2")
    assert verdict in words.headline(asked)


def test_a_ratio_is_what_the_index_means() -> None:
    asked = measure(-1.0, -2.0, 1.0, "symmetry", narrative="both", scale="log2")
    assert words.as_ratio(asked) == "0.50 times (0.25 to 2.00)"
    assert "ASEAN is 0.50 times as visible" in words.headline(asked)


def test_what_is_not_given_is_said_with_its_reason() -> None:
    refused = measure(None, None, None, flags=("too few documents: 3, and a share needs at least 20",))
    assert words.headline(refused) == (
        "The brand share can't be given honestly: too few documents: 3, and a share needs at least 20."
    )
    assert words.value(refused) == "—"
    assert words.interval(refused) == ""


def test_changes_in_words() -> None:
    asked = measure(0.4, 0.3, 0.5)
    small, large = Change(Q, 0.015, -0.02, 0.05, 9, ()), Change(Q, -0.1, -0.2, -0.05, 9, ())
    assert words.change(asked, small) == "no detectable change: +1.5 points (−2.0 to +5.0)"
    assert words.change(asked, large) == "−10.0 points (−20.0 to −5.0)"
    assert words.change(asked, Change(Q, None, None, None, 0, ("why",))) == "not computable: why"


def test_small_shares_keep_decimals() -> None:
    assert words.value(measure(0.0029, 0.0, 0.0041)) == "0.29\u00a0%"
    assert words.interval(measure(0.365, 0.28, 0.436)) == "28.0 to 43.6\u00a0%"


def test_targets_and_titles_are_plain() -> None:
    assert words.target(KOREA) == "Korea"
    assert words.target("ASEAN&VN") == "Vietnam"
    assert words.title(measure(0.1, 0, 1, "attention", unit="headlines")) == "attention share: ASEAN, headlines"
    assert words.title(measure(0.1, 0, 1, "korea-in-TH")) == "attention to Korea in the outlets of Thailand"

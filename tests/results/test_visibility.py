from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from synthetic import estimator, quarter, row

from corpus.calendar import Quarter
from corpus.targets import NAMED_CLASSES
from results import visibility
from results.visibility import attention, brand, brand_parts, institution

Q = Quarter(2026, 3)


def test_the_brand_share_by_hand() -> None:
    """Of 14 x (4 + 6) documents naming either, 14 x (3 + 1) name ASEAN; parts add up to one."""
    rows = []
    for outlet, either, asean, only, both in (("KR:a", 4, 3, 2, 1), ("KR:b", 6, 1, 0, 1)):
        rows += quarter(outlet, 20, either, target="ASEAN|SEA")
        for target, n in (("ASEAN", asean), ("ASEAN-SEA", only), ("ASEAN&SEA", both), ("SEA-ASEAN", either - asean)):
            rows += quarter(outlet, 0, n, target=target)
    rows = [r for r in rows if r.target != "*" or r.documents]
    asked = estimator(rows)
    measure = brand(asked, Q)
    assert measure.value == pytest.approx(4 / 10)
    assert (measure.numerator, measure.n) == (14 * 4, 14 * 10)
    parts = brand_parts(asked, Q)
    assert [part.value for part in parts] == pytest.approx([0.2, 0.2, 0.6])


def test_the_institution_share_by_hand() -> None:
    rows = [*quarter("KR:a", 20, 8, target="ANY"), *quarter("KR:a", 0, 2)]
    measure = institution(estimator([r for r in rows if r.target != "*" or r.documents]), Q)
    assert measure.value == pytest.approx(0.25)


def test_attention_comes_with_interval_sample_and_evidence() -> None:
    rows = [*quarter("KR:a", 10, 1), *quarter("KR:b", 10, 3), *quarter("KR:c", 10, 2)]
    measure = attention(estimator(rows), "korea", "ASEAN", Q, "documents")
    assert measure.value == pytest.approx(0.2)
    assert measure.low is not None
    assert measure.high is not None
    assert measure.low < measure.value < measure.high
    (query,) = measure.evidence
    assert query.outlets == ("KR:a", "KR:b", "KR:c")
    assert query.entities == ("ASEAN",)
    assert set(query.classes) == NAMED_CLASSES
    assert query.months == ("2026-07", "2026-08", "2026-09")


def test_evidence_of_any_member_lists_those_that_were_members() -> None:
    before = Quarter(2025, 3)
    rows = [*quarter("KR:a", 10, 3, before, "ANY"), *quarter("KR:a", 10, 3, Q, "ANY")]
    asked = estimator(rows)
    assert "TL" not in attention(asked, "korea", "ANY", before, "documents").evidence[0].entities
    assert "TL" in attention(asked, "korea", "ANY", Q, "documents").evidence[0].entities
    assert "TL" not in [m.target for m in visibility.members(asked, before)]


def test_capitals_are_in_the_evidence_when_they_count() -> None:
    rows = [*quarter("KR:a", 10, 3, target="ID")]
    measure = attention(estimator(rows, count_capitals=True), "korea", "ID", Q, "documents")
    assert "capital" in measure.evidence[0].classes


@given(st.lists(st.tuples(st.integers(10, 40), st.integers(1, 9)), min_size=2, max_size=5), st.integers(2, 9))
@hypothesis_settings(max_examples=20, deadline=None)
def test_an_outlet_that_publishes_more_of_the_same_changes_nothing(outlets: list[tuple[int, int]], times: int) -> None:
    def value(first: int) -> float | None:
        rows = [
            r
            for number, (every, named) in enumerate(outlets)
            for r in quarter(
                f"KR:{number}", every * (first if number == 0 else 1), named * (first if number == 0 else 1)
            )
        ]
        return attention(estimator(rows), "korea", "ASEAN", Q, "documents").value

    assert value(1) == pytest.approx(value(times))


@given(st.integers(1, 50), st.integers(0, 50))
@hypothesis_settings(max_examples=20, deadline=None)
def test_copies_change_reach_and_not_choice(copies: int, of_others: int) -> None:
    original = [*quarter("KR:a", 10, 2), *quarter("KR:b", 10, 3)]
    reprints = [
        row("KR:b", Q.first, "*", copies + of_others, 0),
        row("KR:b", Q.first, "ASEAN", copies, 0),
    ]
    merged = [r for r in original if not (r.outlet == "KR:b" and r.day == str(Q.first))]
    merged += [row("KR:b", Q.first, "*", 10), row("KR:b", Q.first, "ASEAN", 3), *reprints]
    plain, copied = estimator(original), estimator(merged)
    one, other = (attention(e, "korea", "ASEAN", Q, "stories") for e in (plain, copied))
    assert (one.value, one.low, one.high, one.n) == (other.value, other.low, other.high, other.n)
    assert attention(copied, "korea", "ASEAN", Q, "documents").n == one.n + copies + of_others


def test_no_change_is_given_for_a_figure_that_is_not() -> None:
    rows = [*quarter("KR:a", 10, 3, Q.previous), *quarter("KR:a", 10, 0)]
    measure = attention(estimator(rows), "korea", "ASEAN", Q, "documents")
    assert measure.value is None
    assert measure.previous is not None
    assert measure.previous.value is None
    assert measure.previous.flags == ("the figure itself is not given",)


def test_a_real_change_is_detected_and_a_small_one_is_not() -> None:
    rows = [r for o, n in (("a", 2), ("b", 3), ("c", 4), ("d", 3)) for r in quarter(f"KR:{o}", 20, n, Q.previous)]
    risen = [r for o, n in (("a", 8), ("b", 9), ("c", 11), ("d", 8)) for r in quarter(f"KR:{o}", 20, n)]
    same = [r for o, n in (("a", 3), ("b", 2), ("c", 4), ("d", 3)) for r in quarter(f"KR:{o}", 20, n)]
    up = attention(estimator([*rows, *risen]), "korea", "ASEAN", Q, "documents").previous
    flat = attention(estimator([*rows, *same]), "korea", "ASEAN", Q, "documents").previous
    assert up is not None
    assert flat is not None
    assert up.value == pytest.approx(0.3)
    assert up.detectable
    assert not flat.detectable

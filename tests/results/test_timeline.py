from __future__ import annotations

from datetime import timedelta

import pytest
from synthetic import estimator, quarter, row

from corpus.calendar import Quarter
from corpus.model import Count
from results import sentences
from results.quarterly import QuarterResults
from results.timeline import Timeline, levels, spans, timelines

Q = Quarter(2026, 3)


def quarters(number: int) -> list[Quarter]:
    found = [Q]
    while len(found) < number:
        found.insert(0, found[0].previous)
    return found


def held(outlet: str, named: list[int], when: list[Quarter]) -> list[Count]:
    """Four hundred documents a quarter of the outlet, of which so many name ASEAN, evenly over the weeks."""
    return [r for number, then in zip(named, when, strict=True) for r in quarter(outlet, 40, number, then)]


def attention(rows: list[Count]) -> Timeline:
    return next(
        line
        for line in timelines(estimator(rows), Q)
        if (line.asked.name, line.asked.narrative) == ("attention", "korea")
    )


def test_an_index_by_hand() -> None:
    """Two outlets, of which one says twice what the other says: each on its own scale, they are one series."""
    rows = [*held("KR:a", [2, 4, 2, 4], quarters(4)), *held("KR:b", [4, 8, 4, 8], quarters(4))]
    line = attention(rows)
    assert [p.value for p in line.corrected.points] == pytest.approx([200 / 3, 400 / 3] * 2)
    assert line.same
    assert line.corrected.previous.value == pytest.approx(100)
    assert line.corrected.year.value is None


def test_an_outlet_that_enters_is_told_and_does_not_lift_the_index() -> None:
    when = quarters(8)
    rows = [*held("KR:a", [2, 3, 2, 3, 2, 3, 2, 3], when), *held("KR:b", [3, 2, 3, 2, 3, 2, 3, 2], when)]
    rows += held("KR:loud", [30, 31, 30, 31], when[4:])
    line = attention(rows)
    entered = line.corrected.points[4]
    assert entered.flags == ("entered the panel: KR:loud",)
    assert [p.outlets for p in line.corrected.points] == [2] * 4 + [3] * 4
    assert line.balanced.outlets == 2
    assert not line.same
    assert [p.value for p in line.balanced.points] == pytest.approx([100] * 8)


def test_scale_of_the_counts_changes_nothing() -> None:
    rows = [*held("KR:a", [2, 4, 3, 4], quarters(4)), *held("KR:b", [4, 8, 5, 8], quarters(4))]
    tenfold = [row(r.outlet, r.day, r.target, 10 * r.documents) for r in rows]
    one, other = attention(rows), attention(tenfold)
    assert [p.value for p in one.corrected.points] == pytest.approx([p.value for p in other.corrected.points])


def test_an_incomplete_quarter_is_left_out_with_its_reason() -> None:
    when = quarters(5)
    rows = [*held("KR:a", [2, 4, 2, 4, 3], when), *held("KR:b", [4, 8, 4, 8, 7], when)]
    rows = [r for r in rows if r.day < "2026-09-01"]
    line = attention(rows)
    assert [str(p.quarter) for p in line.corrected.points] == [str(w) for w in when[:4]]
    assert line.skipped[0].startswith("2026Q3: the quarter is incomplete")


def test_few_quarters_are_refused_and_said() -> None:
    rows = [*held("KR:a", [2, 4], quarters(2)), *held("KR:b", [4, 8], quarters(2))]
    line = attention(rows)
    assert "the base has 2 periods" in line.corrected.refusals[0]
    assert "can't be given" in sentences.index(line.corrected, line.asked)


def weekly(outlet: str, weeks: int, at: int = 10_000) -> list[Count]:
    """One document day a week up to the quarter's end; from week ``at`` on ASEAN is named twice as much."""
    first = Q.last - timedelta(days=Q.last.weekday() + 1 + 7 * (weeks - 1))  # a Sunday: the last day of a whole week
    rows = []
    for week in range(weeks):
        for ago in (0, 6):
            day = first + timedelta(days=7 * week - ago)
            named = (5 + (week * 7 + len(outlet)) % 3) * (2 if week >= at else 1)
            rows += [row(outlet, day, "*", 100), row(outlet, day, "ASEAN", named)]
    return rows


def test_a_jump_by_week_is_found_with_its_date_and_said() -> None:
    rows = [r for name in ("KR:a", "KR:bb", "KR:ccc") for r in weekly(name, 80, at=50)]
    found = levels(estimator(rows), Q)[0]
    assert len(found.points) == 1
    assert found.points[0].week == found.weeks[50]
    assert found.points[0].after == pytest.approx(2 * found.points[0].before, rel=0.02)
    assert [first for first, _, _ in spans(found)] == [found.weeks[0], found.weeks[50]]
    assert "is higher" in sentences.level(found)[1]


def test_no_jump_is_no_change_and_said_so() -> None:
    found = levels(estimator([r for name in ("KR:a", "KR:bb") for r in weekly(name, 80)]), Q)[0]
    assert found.points == ()
    assert "No change of level is detectable" in sentences.level(found)[0]


def test_an_outlet_that_leaves_at_the_jump_is_flagged() -> None:
    rows = [r for name in ("KR:a", "KR:bb", "KR:ccc") for r in weekly(name, 80, at=50)]
    gone = [r for r in weekly("KR:gone", 80) if r.day < str(Q.last - timedelta(days=7 * 30))]
    found = levels(estimator([*rows, *gone]), Q)[0]
    assert any("KR:gone" in flag for flag in found.flags[0])


def test_weeks_before_a_gap_are_left_out_and_short_series_refused() -> None:
    rows = [r for name in ("KR:a", "KR:bb") for r in weekly(name, 80)]
    hole = str(Q.last - timedelta(days=7 * 40))
    kept = [r for r in rows if not hole <= r.day <= str(Q.last - timedelta(days=7 * 38))]
    found = levels(estimator(kept), Q)[0]
    assert 30 < len(found.weeks) < 40
    assert "too short" in found.refusals[0]


def test_every_series_of_a_store_is_there(results: QuarterResults) -> None:
    assert [(line.asked.name, line.asked.narrative) for line in results.timelines] == [
        ("brand", "korea"),
        ("attention", "korea"),
        ("attention", "asean"),
    ]
    assert all(len(found.weeks) >= 60 and not found.refusals for found in results.levels)

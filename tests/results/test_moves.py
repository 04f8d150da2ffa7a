from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from synthetic import row

from corpus.calendar import Quarter
from corpus.model import Count
from results import sentences
from results.daily import common, daily
from results.moves import leads, taken_up

Q = Quarter(2026, 3)
DAYS = 400


def day(number: int) -> str:
    """Day 0 is so long before the quarter's end that the last is the quarter's last."""
    return str(Q.last - timedelta(DAYS - 1 - number))


def series(kind: str, named: list[int], outlet: str, narrative: str = "korea", target: str = "ASEAN") -> list[Count]:
    rows = []
    for number, times in enumerate(named):
        for name, amount in (("*", 30), (target, times)):
            if amount:
                made = row(outlet, day(number), name, amount, narrative=narrative)
                rows.append(Count(**{f: getattr(made, f) for f in made.__slots__} | {"kind": kind}))
    return rows


def noise(seed: int, days: int = DAYS) -> list[int]:
    return np.random.default_rng(seed).poisson(4, days).tolist()


def test_days_by_hand() -> None:
    rows = [row("KR:a", "2026-09-01", "*", 5), row("KR:a", "2026-09-01", "ASEAN", 2), row("KR:a", "2026-09", "*", 50)]
    found = daily(rows, "korea", "news", "ASEAN", "named", date(2026, 8, 31), date(2026, 9, 2))
    assert found.everything.tolist() == [[0, 5, 0]]
    assert found.naming.tolist() == [[0, 2, 0]]
    assert found.days == (date(2026, 9, 1), date(2026, 9, 1))


def test_outlets_that_come_late_are_left_out_and_days_before_a_gap_too() -> None:
    whole = series("news", noise(1), "KR:whole")
    late = series("news", [0] * 200 + noise(2)[200:], "KR:late")
    late = [r for r in late if r.day >= day(200)]
    official = [r for r in series("official", noise(3), "KR:office") if not day(50) <= r.day <= day(90)]
    first, last = Q.last - timedelta(DAYS - 1), Q.last
    pair = common(
        *(
            daily([*whole, *late, *official], "korea", kind, "ASEAN", "named", first, last)
            for kind in ("official", "news")
        )
    )  # type: ignore[arg-type]
    assert pair is not None
    assert pair[1].outlets == ("KR:whole",)
    assert str(pair[1].first) == day(91)


def test_official_statements_that_lead_are_found_and_news_is_not_said_to_lead() -> None:
    official = noise(5)
    news = [4 + official[max(0, number - 1)] for number in range(DAYS)]
    jitter = noise(6)
    rows = series("official", official, "KR:office") + series(
        "news", [a + b for a, b in zip(news, jitter, strict=True)], "KR:paper"
    )
    found, correlated = leads(rows, "named", Q)
    ahead, behind = found[0], found[1]
    assert (ahead.leader, ahead.follower, ahead.precedes) == ("official", "news", True)
    assert not behind.precedes
    assert "precede and predict news" in sentences.lead(ahead)
    assert "cause" not in sentences.lead(ahead)
    lags = correlated[0]
    assert lags.lags[int(np.argmax(lags.values))] == 1


def test_unrelated_series_lead_nowhere() -> None:
    rows = series("official", noise(7), "KR:office") + series("news", noise(8), "KR:paper")
    found, _ = leads(rows, "named", Q)
    assert not any(one.precedes for one in found)
    assert "no sign" in sentences.lead(found[0])


def test_a_side_without_official_statements_is_refused_with_the_reason() -> None:
    found, correlated = leads(series("news", noise(8), "KR:paper"), "named", Q)
    assert correlated == ()
    assert all(one.refusals and one.q is None for one in found)
    assert "can't be told" in sentences.lead(found[0])


def statements(days: set[int]) -> list[Count]:
    rows = []
    for number in sorted(days):
        made = row("ASEAN:Secretariat", day(number), "*", 1, narrative="asean")
        rows.append(Count(**{f: getattr(made, f) for f in made.__slots__} | {"kind": "official"}))
    return rows


def test_news_that_follows_statements_is_taken_up() -> None:
    said = set(range(45, DAYS - 5, 13))
    named = [3 + 4 * any(number - ago in said for ago in range(4)) for number in range(DAYS)]
    found = taken_up([*statements(said), *series("news", named, "KR:paper")], "named", Q, 0.95)
    assert found.effect == pytest.approx(4 / 30, abs=0.02)
    assert found.low is not None
    assert found.low > 0
    assert "it rises" in sentences.taken(found)
    assert found.year is not None
    assert found.year.value is None
    assert "the year to 2025Q3" in found.year.flags[0]


def test_news_that_does_not_follow_is_not_said_to() -> None:
    said = set(range(45, DAYS - 5, 13))
    found = taken_up([*statements(said), *series("news", noise(9), "KR:paper")], "named", Q, 0.95)
    assert "no rise or fall is detectable" in sentences.taken(found)


def test_without_the_secretariat_uptake_is_refused() -> None:
    found = taken_up(series("news", noise(9), "KR:paper"), "named", Q, 0.95)
    assert found.effect is None
    assert "can't be told" in sentences.taken(found)

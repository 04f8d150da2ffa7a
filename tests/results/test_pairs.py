from __future__ import annotations

import numpy as np
import pytest
from synthetic import estimator, quarter, row

from corpus.calendar import Quarter
from corpus.model import Count
from results import sentences
from results.pairs import pairs
from results.reprints import reach, reprinted
from results.visibility import KOREA

Q = Quarter(2026, 3)
MEMBERS = ("ID", "MY", "PH", "SG", "TH", "VN")


def rows(times: dict[str, int]) -> list[Count]:
    """Ten Korean outlets name a member in so many of 200 documents a week; six of each member name Korea in ten."""
    made = []
    for number in range(10):
        for code in MEMBERS:
            named = quarter(f"KR:{number}", 200, times[code] + number % 3, target=code)
            made += [r for r in named if code == "ID" or r.target != "*"]
    for code in MEMBERS:
        for number in range(6):
            own = quarter(f"{code}:{number}", 200, 10 + number % 3, target=KOREA)
            made += [row(r.outlet, r.day, r.target, r.documents, narrative="asean") for r in own]
    return made


def test_members_in_step_are_said_to_be_and_one_out_of_step_is_named() -> None:
    even = pairs(estimator(rows(dict.fromkeys(MEMBERS, 10))), Q)
    assert not [step for step in even.steps if step.out]
    assert "none is detectably out of step" in sentences.pairs(even)[0]
    uneven = pairs(estimator(rows(dict.fromkeys(MEMBERS, 10) | {"VN": 60})), Q)
    assert uneven.steps[0].member == "VN"
    assert uneven.steps[0].out
    assert sentences.pairs(uneven)[0].startswith("Vietnam's part of Korea's attention")


def test_the_values_are_those_of_the_shares() -> None:
    found = pairs(estimator(rows(dict.fromkeys(MEMBERS, 10) | {"VN": 60})), Q)
    named = np.array([10.9] * 5 + [60.9])  # 0.9 more on average over the outlets
    assert found.steps[0].value == pytest.approx(np.log2(named[5] / named.sum() * 6))


def test_how_much_of_a_members_press_is_collected_does_not_matter() -> None:
    made = rows(dict.fromkeys(MEMBERS, 10))
    more = [
        row(r.outlet, r.day, r.target, r.documents * (20 if r.outlet[:2] == "TH" else 1), narrative=r.narrative)
        for r in made
    ]
    one, other = pairs(estimator(made), Q), pairs(estimator(more), Q)
    assert {s.member: s.value for s in one.steps} == pytest.approx({s.member: s.value for s in other.steps})


def test_few_members_are_refused_and_those_left_out_are_named() -> None:
    made = [r for r in rows(dict.fromkeys(MEMBERS, 10)) if r.outlet[:2] in {"KR", "ID", "VN"}]
    found = pairs(estimator(made), Q)
    assert found.steps == ()
    assert "2 members" in found.refusals[0]
    assert {"TH", "MY"} <= dict(found.left_out).keys()


def test_reach_by_hand_and_copies_of_all_change_nothing() -> None:
    """Of 10 stories 2 name it; 12 documents with 4: (4/12) / (2/10) = 5/3."""
    made = [
        row(r.outlet, r.day, r.target, *((12, 10) if r.target == "*" else (4, 2)))
        for name in "abcdef"
        for r in quarter(f"KR:{name}", 12, 4)
    ]
    assert reach(estimator(made), "korea", "ASEAN", Q).value == pytest.approx(np.log2(5 / 3))
    doubled = [row(r.outlet, r.day, r.target, 2 * r.stories, r.stories) for r in made]
    found = reach(estimator(doubled), "korea", "ASEAN", Q)
    assert (found.value, found.low, found.high) == pytest.approx((0, 0, 0))


def test_the_share_reprinted_by_hand() -> None:
    made = [
        row(r.outlet, r.day, r.target, r.documents, r.documents // 4 if r.target == "ASEAN" else r.documents)
        for name in "abcdef"
        for r in quarter(f"KR:{name}", 12, 4)
    ]
    found = reprinted(estimator(made), "korea", "ASEAN", Q)
    assert found.value == pytest.approx(3 / 4)
    assert (found.numerator, found.n) == (6 * 14 * 3, 6 * 14 * 4)

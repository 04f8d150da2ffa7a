from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from synthetic import estimator, quarter

from corpus.calendar import Quarter
from corpus.model import Count
from nlp.frames.model import FRAMES, NONE
from nlp.frames.reliability import reliability
from results.framing import COMPARISONS, LABELS, SUBJECTS, WAYS, compared, directed, framing, framings
from results.visibility import KOREA

Q = Quarter(2026, 3)
BY_NAME = {label.numerator: label for label in LABELS}


def labelled(outlet: str, target: str, label: str, documents: int, narrative: str = "korea") -> list[Count]:
    """Documents a week that are counted under a label, without the denominators."""
    rows = [r for r in quarter(outlet, 0, documents, target=target) if r.target != "*"]
    return [replace(r, frame=label, narrative=narrative) for r in rows]


def everything(outlet: str, narrative: str = "korea") -> list[Count]:
    return [replace(r, narrative=narrative) for r in quarter(outlet, 50, 0)]


def about(outlet: str, target: str, frames: dict[str, int], narrative: str = "korea") -> list[Count]:
    rows = labelled(outlet, target, "framed", sum(frames.values()), narrative)
    return rows + [r for frame, n in frames.items() for r in labelled(outlet, target, frame, n, narrative)]


def test_a_frames_share_by_hand() -> None:
    """Two outlets, each week 4 and 6 documents on ASEAN, of which 3 and 1 are about summits: 4 of 10."""
    rows = [
        *everything("KR:a"),
        *everything("KR:b"),
        *about("KR:a", "ASEAN", {"summit": 3, "sport": 1}),
        *about("KR:b", "ASEAN", {"summit": 1, "sport": 2, "none": 3}),
    ]
    measure = framing(estimator(rows), "korea", "ASEAN", BY_NAME["summit"], Q)
    assert measure.value == pytest.approx(0.4)
    assert (measure.numerator, measure.n) == (14 * 4, 14 * 10)
    assert measure.evidence[0].framed == ("ASEAN", "summit")
    assert measure.evidence[0].entities == ("ASEAN",)


def test_an_unreliable_frame_is_flagged_in_the_figure_itself() -> None:
    rows = [*everything("KR:a"), *about("KR:a", "ASEAN", {"culture": 3, "sport": 3})]
    flagged = {
        name: framing(estimator(rows), "korea", "ASEAN", BY_NAME[name], Q).flags for name in ("culture", "sport")
    }
    for name, flags in flagged.items():
        assert any("unreliable" in f for f in flags) == (not reliability(name, "ko").reliable)


def test_without_framings_there_is_no_share_and_no_zero() -> None:
    rows = [*everything("KR:a"), *quarter("KR:b", 20, 9)]
    for label in LABELS:
        measure = framing(estimator(rows), "korea", "ASEAN", label, Q)
        assert measure.value is None
        assert measure.reason


@given(st.lists(st.integers(1, 6), min_size=len(FRAMES) + 1, max_size=len(FRAMES) + 1))
@hypothesis_settings(deadline=None, max_examples=10)
def test_shares_of_all_frames_add_up_to_one(counts: list[int]) -> None:
    frames = dict(zip((*FRAMES, NONE), counts, strict=True))
    asked = estimator([*everything("KR:a"), *about("KR:a", "SEA", frames)])
    shares = [framing(asked, "korea", "SEA", BY_NAME[name], Q).value for name in frames]
    assert sum(s for s in shares if s is not None) == pytest.approx(1.0)


def test_a_comparison_by_hand() -> None:
    """Summits: 6 of 8 around ASEAN, 3 of 8 around the region: twice, so 1 on the doubling scale."""
    rows = []
    for outlet in ("KR:a", "KR:b", "KR:c"):
        rows += everything(outlet)
        rows += about(outlet, "ASEAN", {"summit": 6, "trade": 2})
        rows += about(outlet, "SEA", {"summit": 3, "tourism": 5})
    measure = compared(estimator(rows), COMPARISONS[0], Q)
    assert measure.value == pytest.approx(1.0)
    assert measure.scale == "log2"
    assert [q.framed for q in measure.evidence] == [("ASEAN", "summit"), ("SEA", "summit")]
    assert measure.low is not None
    assert measure.low <= 1.0 <= (measure.high or 0)


def test_swapped_sides_change_the_sign_only() -> None:
    rows = []
    for outlet, summits in (("KR:a", 6), ("KR:b", 4), ("KR:c", 5)):
        rows += everything(outlet)
        rows += about(outlet, "ASEAN", {"summit": summits, "trade": 3})
        rows += about(outlet, "SEA", {"summit": 2, "tourism": 5})
    asked = estimator(rows)
    one = compared(asked, COMPARISONS[0], Q)
    other = compared(asked, replace(COMPARISONS[0], above=COMPARISONS[0].below, below=COMPARISONS[0].above), Q)
    assert one.value is not None
    assert other.value == pytest.approx(-one.value)
    assert other.low == pytest.approx(-(one.high or 0))


def test_a_refused_side_refuses_the_comparison_and_says_which() -> None:
    rows = [*everything("KR:a"), *about("KR:a", "ASEAN", {"summit": 6, "trade": 2})]
    measure = compared(estimator(rows), COMPARISONS[0], Q)
    assert measure.value is None
    assert "Southeast Asia in Korea's narrative" in measure.reason


def test_the_way_leaves_out_what_tells_none() -> None:
    """Of 10 documents on tourism a week, 3 tell of visitors to ASEAN, 1 of visitors to Korea: 3 of 4."""
    rows = [*everything("KR:a"), *about("KR:a", "MEMBER", {"tourism": 10})]
    for label, n in (("to_asean", 3), ("to_korea", 1), ("undecided", 5), ("both", 1), ("either", 4)):
        rows += labelled("KR:a", "MEMBER", f"tourism:{label}", n)
    measure = directed(estimator(rows), "korea", "MEMBER", WAYS[2], Q)
    assert measure.value == pytest.approx(0.75)


def test_a_quarter_has_every_figure_once() -> None:
    rows = [
        *everything("KR:a"),
        *everything("SG:b", "asean"),
        *about("KR:a", "ASEAN", {"summit": 3, "trade": 2}),
        *about("SG:b", KOREA, {"culture": 4, "trade": 2}, "asean"),
    ]
    found = list(framings(estimator(rows), Q))
    assert len({m.id for m in found}) == len(found) == len(SUBJECTS) * len(LABELS) + len(COMPARISONS) + 2 * len(WAYS)
    assert all((m.value is None) == bool(m.reason) for m in found)

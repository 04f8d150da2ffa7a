from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from synthetic import estimator, quarter, row

from corpus.calendar import Quarter
from corpus.model import Count
from results.cells import tabulate
from results.estimate import Question, incomplete

Q = Quarter(2026, 3)
ASEAN = Question("korea", "ASEAN")


def test_an_answer_by_hand() -> None:
    answer = estimator([*quarter("KR:a", 10, 1), *quarter("KR:b", 100, 30)]).estimate(ASEAN, Q)
    assert answer.value == pytest.approx((0.1 + 0.3) / 2)
    assert (answer.numerator, answer.n) == (14 * 31, 14 * 110)
    assert answer.outlets == ("KR:a", "KR:b")
    assert answer.effective == pytest.approx(110**2 / (10**2 + 100**2))
    assert answer.refusals == ()


def test_too_few_documents_are_refused() -> None:
    rows = [row("KR:a", Q.first, "*", 10), row("KR:a", Q.last, "*", 9), row("KR:a", Q.first, "ASEAN", 6)]
    assert estimator(rows).estimate(ASEAN, Q).refusals == ("too few documents: 19, and a share needs at least 20",)


def test_a_quarter_without_a_panel_is_refused() -> None:
    rows = [row("KR:a", Q.first, "*", 2), row("KR:a", Q.last, "*", 2)]
    assert estimator(rows).estimate(ASEAN, Q).refusals == ("no outlet has at least 5 documents in 2026Q3",)


@pytest.mark.parametrize("named", [0, 4, 96, 100])
def test_thin_cells_are_refused(named: int) -> None:
    rows = [row("KR:a", Q.first, "*", 100), row("KR:a", Q.last, "*", 0), row("KR:a", Q.first, "ASEAN", named)]
    rows[1] = row("KR:b", Q.last, "*", 1)
    refusals = estimator(rows).estimate(ASEAN, Q).refusals
    assert len(refusals) == 1
    assert refusals[0].startswith(("too thin", "too even"))


def test_an_unfinished_quarter_is_refused() -> None:
    rows = [r for r in quarter("KR:a", 10, 3) if r.day < "2026-09-01"]
    assert "the quarter is incomplete: the last document" in estimator(rows).estimate(ASEAN, Q).refusals[0]


def days(*numbers: int, when: Quarter = Q) -> list[Count]:
    return [row("KR:a", when.first + timedelta(days=number), "*", 9) for number in numbers]


def test_a_daily_archive_that_lacks_the_last_day_is_incomplete() -> None:
    assert "2026-09-29" in incomplete(tabulate(days(*range(91)), "named"), "korea", Q)
    assert incomplete(tabulate(days(*range(92)), "named"), "korea", Q) == ""


def test_a_silence_at_the_end_that_is_usual_is_no_gap() -> None:
    assert incomplete(tabulate(days(*range(0, 92, 3)), "named"), "korea", Q) == ""
    assert "incomplete" in incomplete(tabulate(days(*range(0, 80, 3)), "named"), "korea", Q)


def test_no_silence_of_more_than_a_week_is_usual() -> None:
    assert "incomplete" in incomplete(tabulate(days(0, 40, 60, 80), "named"), "korea", Q)


def test_later_documents_do_not_close_a_quarter() -> None:
    rows = [*days(0, 40), *days(5, when=Q.next)]
    assert "incomplete" in incomplete(tabulate(rows, "named"), "korea", Q)


def test_a_quarter_that_begins_late_is_refused() -> None:
    rows = [r for r in quarter("KR:a", 10, 3) if r.day > "2026-08-01"]
    assert "not covered whole" in estimator(rows).estimate(ASEAN, Q).refusals[0]


def test_a_narrative_without_documents_is_refused() -> None:
    assert incomplete(tabulate(quarter("KR:a", 1, 0), "named"), "asean", Q) == "no documents in ASEAN's narrative"


def test_one_outlet_is_said_to_be_one() -> None:
    assert "one outlet only" in estimator(quarter("KR:a", 10, 3)).estimate(ASEAN, Q).notes[0]


def test_too_few_replicates_for_the_confidence_are_said() -> None:
    answer = estimator(quarter("KR:a", 10, 3), confidence=0.999).estimate(ASEAN, Q)
    assert any("too few" in note for note in answer.notes)


def test_a_pair_compares_like_with_like() -> None:
    """An outlet that enters with other habits changes the value and not the change."""
    old = [*quarter("KR:a", 10, 1, Q.previous), *quarter("KR:b", 10, 2, Q.previous)]
    new = [*quarter("KR:a", 10, 1), *quarter("KR:b", 10, 2), *quarter("KR:c", 10, 9)]
    asked = estimator([*old, *new])
    later, earlier = asked.pair(ASEAN, Q, Q.previous)
    assert later.outlets == earlier.outlets == ("KR:a", "KR:b")
    assert later.value == earlier.value == pytest.approx(0.15)
    assert later.notes[0] == "measured on the 2 outlets that are in both quarters (of 3 in either)"
    assert asked.estimate(ASEAN, Q).value == pytest.approx(0.4)


def test_a_pair_draws_the_same_outlets() -> None:
    """Two outlets that differ widely and don't change: the change is exactly zero in every replicate."""
    rows = [r for when in (Q, Q.previous) for o, n in (("KR:a", 1), ("KR:b", 9)) for r in quarter(o, 10, n, when)]
    later, earlier = estimator(rows).pair(ASEAN, Q, Q.previous)
    assert later.replicates.std() > 0.1
    assert np.array_equal(later.replicates, earlier.replicates)


def test_a_changed_panel_is_refused() -> None:
    old = [r for o in "abc" for r in quarter(f"KR:{o}", 10, 2, Q.previous)]
    new = [r for o in "cde" for r in quarter(f"KR:{o}", 10, 2)]
    later, _ = estimator([*old, *new]).pair(ASEAN, Q, Q.previous)
    assert later.refusals == ("the panel changed: only 1 of 5 outlets are in both quarters",)


def test_a_missing_earlier_quarter_is_blamed_on_itself() -> None:
    later, earlier = estimator(quarter("KR:a", 10, 2)).pair(ASEAN, Q, Q.previous)
    assert later.refusals == ()
    assert "2026Q2" in " ".join(earlier.refusals)


def test_answers_repeat_whatever_was_asked_before() -> None:
    rows = [*quarter("KR:a", 10, 1), *quarter("KR:b", 30, 7), *quarter("KR:a", 10, 2, target="SEA")]
    fresh = estimator(rows).estimate(ASEAN, Q).replicates
    used = estimator(rows)
    used.estimate(Question("korea", "SEA"), Q)
    assert np.array_equal(fresh, used.estimate(ASEAN, Q).replicates)

from __future__ import annotations

from dataclasses import replace

import numpy as np
from synthetic import estimator, quarter

from corpus.calendar import Quarter
from results import figures, words
from results.estimate import Estimate, Question
from results.language import told
from results.measure import Change
from results.notes import Common, Single, Unreliable
from results.quarterly import QuarterResults
from results.scorecard import scorecard

Q = Quarter(2026, 3)


def answer(value: float, *notes: str) -> Estimate:
    return Estimate(value, np.linspace(value - 0.1, value + 0.1, 100), 100, 50, ("KR:a",), 1.0, (), notes)


def test_a_change_keeps_the_notes_that_hold_for_it_in_whatever_language() -> None:
    later = answer(0.5, Common("두 분기에 모두 있는 매체"), Single("매체가 1곳뿐이다"), "measured on the moon")
    change = figures.change(later, answer(0.3), Q.previous, 0.95)
    assert change.flags == ("두 분기에 모두 있는 매체", "매체가 1곳뿐이다")


def test_a_change_is_said_with_what_it_is_measured_on(results: QuarterResults) -> None:
    measure = results.one("brand", "ASEAN")
    changed = Change(Q.previous, 0.2, 0.1, 0.3, 9, (Single("매체가 1곳뿐이다"), Common("매체 3곳에서 측정")))
    assert words.change(measure, changed).endswith("; 매체 3곳에서 측정")
    plain = replace(changed, flags=("measured on the moon",))
    assert "moon" not in words.change(measure, plain)


def test_what_one_outlet_says_is_marked_so() -> None:
    one = estimator(quarter("KR:a", 20, 10)).estimate(Question("korea", "ASEAN"), Q)
    assert [type(note) for note in one.notes if note.startswith("one outlet only (KR:a)")] == [Single]


def test_an_unreliable_frame_is_said_beside_its_claim(results: QuarterResults) -> None:
    def marked(note: str) -> str:
        talk = tuple(
            replace(m, value=1.0, low=0.5, high=2.0, flags=(note,)) if m.name == "culture-sides" else m
            for m in results.talk
        )
        return scorecard(replace(results, talk=talk))[3].said[0]

    assert marked(Unreliable("신뢰하기 어려움")).endswith("신뢰하기 어려움.")
    assert "unreliable" not in marked("unreliable, says a plain text")


def test_a_text_that_nobody_translated_stays_with_its_braces() -> None:
    assert told("not a {JSON} object") == "not a {JSON} object"

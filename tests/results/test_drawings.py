from __future__ import annotations

import json
from dataclasses import replace

import pytest
import vl_convert

from corpus.calendar import Quarter
from corpus.settings import Settings
from results import tables
from results.basis import Basis
from results.contrasts import WordContrast, WordFigure
from results.drawings import drawings
from results.measure import Change
from results.moves import Lags
from results.page import render
from results.pairs import Pairs, Returned, Step
from results.quarterly import QuarterResults
from results.sections import WordBehind
from results.trend import ChangePoint

Q = Quarter(2026, 3)
NONE = Change(Q.year_before, None, None, None, 0, ("too rare",))


def word(text: str, log_odds: float) -> WordFigure:
    return WordFigure(
        text, 9, 3, log_odds, log_odds - 0.5, log_odds + 0.5, 0.01, 12, 9, 4, ("60% of it is in KR:a",), NONE
    )


@pytest.fixture(scope="module")
def rich(results: QuarterResults) -> QuarterResults:
    """The store's results, with findings of every kind put in."""
    words = (word("회의", 1.5), word('<b>"x"</b>', -1.2))
    compared = WordContrast(
        "korea", "ko", "ASEAN", "SEA", (Quarter(2025, 4), Q), (40, 60), 300, words, 5, (), ("KR:a",)
    )
    refused = replace(compared, second="VN", words=(), more=0, refusals=("too few documents on a side: 3",))
    level = results.levels[0]
    point = ChangePoint(level.weeks[30], level.weeks[28], level.weeks[33], 90.0, 120.0, 30.0, 12.0, 48.0)
    steps = (Step("VN", 1.0, -0.4, 0.4, 0.001, 0.005), Step("TH", -0.2, -0.6, 0.6, 0.5, 0.6))
    return replace(
        results,
        contrasts=(compared, refused),
        levels=(replace(level, points=(point,), flags=(("the panel changed about then: KR:a",),)), *results.levels[1:]),
        pairs=Pairs(Q, steps, Returned(0.8, 0.6, 0.5, 0.7, 0.5, 0.01), (), (("BN", "no outlet"),)),
        lags=(Lags("korea", "ASEAN", (-1, 0, 1), (0.0, 0.1, 0.4), 0.12, (1.0, 0.3, 0.001)),),
    )


def test_every_finding_is_drawn_validly_and_without_an_address(rich: QuarterResults) -> None:
    drawn = drawings(rich)
    assert set(drawn) == {
        "timeline-brand-korea", "timeline-attention-korea", "timeline-attention-asean", "levels-korea", "levels-asean",
        "steps", "lags-korea", "words-korea-ko-ASEAN-SEA",
    }  # fmt: skip
    for picture in drawn.values():
        assert "http" not in json.dumps(picture.spec)
        assert vl_convert.vegalite_to_svg(picture.spec).count("<path") > 3
        assert picture.alternative.startswith(picture.title)


def test_intervals_are_drawn_and_no_axis_is_cut(rich: QuarterResults) -> None:
    drawn = drawings(rich)
    for name in ("timeline-attention-korea", "steps", "words-korea-ko-ASEAN-SEA"):
        assert "rule" in [
            layer["mark"]["type"] for layer in drawn[name].spec["layer"] if "low" in json.dumps(layer["encoding"])
        ]
    for name in ("timeline-attention-korea", "levels-korea"):
        scales = [
            layer["encoding"]["y"]["scale"]
            for layer in drawn[name].spec["layer"]
            if "scale" in layer["encoding"].get("y", {})
        ]
        assert scales
        assert all(scale["zero"] for scale in scales)


def test_the_page_says_the_findings_and_words_lead_to_their_evidence(rich: QuarterResults) -> None:
    behind = WordBehind("evidence-words-korea-ko-ASEAN-SEA-0", "words-korea-ko-ASEAN-SEA-0", "naming ASEAN", (), 9)
    basis = Basis((), (), (), (), ())
    html = render(rich, basis, (), Settings(), {"narra": "0", "lexicon": "0"}, (behind,))
    assert '<tr id="words-korea-ko-ASEAN-SEA-0">' in html
    assert 'href="#evidence-words-korea-ko-ASEAN-SEA-0"' in html
    assert 'id="evidence-words-korea-ko-ASEAN-SEA-0"' in html
    assert '<b>"x"</b>' not in html
    assert "is higher" in html
    assert "But the panel changed about then" in html
    assert "attention to members is 2.00 times its part of" in html
    assert "4.48 times (2.72 to 7.39)" in html


def test_findings_are_rows_of_tables(rich: QuarterResults) -> None:
    for columns, rows in (
        (tables.TIMELINES, tables.timeline_rows(rich.timelines)),
        (tables.LEVELS, tables.level_rows(rich.levels)),
        (tables.CHANGES, tables.change_rows(rich.levels)),
        (tables.CHANCE, tables.chance_rows(rich.pairs)),
        (tables.LEADS, tables.lead_rows(rich.leads)),
        (tables.UPTAKE, tables.uptake_rows(rich.taken)),
        (tables.WORDS, tables.word_rows(rich.contrasts)),
        (tables.REPRINTS, tables.reprint_rows(rich.reprinted)),
    ):
        held = list(rows)
        assert held
        assert {len(row) for row in held} == {len(columns)}

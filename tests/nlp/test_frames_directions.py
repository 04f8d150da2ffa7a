from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.frames.directions import KINDS, WAYS, direction, knows, patterns, read_pattern, read_patterns
from nlp.frames.evaluate import main
from nlp.frames.model import LANGUAGES, SeedError
from nlp.tagger import Tagger


@pytest.mark.parametrize(
    ("kind", "way", "sentence"),
    [
        ("students", "to_korea", "베트남 유학생이 늘었다."),
        ("students", "to_asean", "한국 대학생들이 베트남으로 떠났다."),
        ("tourists", "to_asean", "한국인 관광객이 베트남에 몰렸다."),
        ("culture", "both", "한국 음악과 태국 춤이 만났다."),
        ("culture", "undecided", "한국과 태국이 문화 협정을 맺었다."),
    ],
)
def test_directions(tagger: Tagger, kind: str, way: str, sentence: str) -> None:
    told = direction(sentence, tagger.tag(sentence, "ko"), next(k for k in KINDS if k == kind), "ko")
    assert told.way == way
    assert bool(told.cues) == (way != "undecided")


def test_cues_lead_into_the_sentence(tagger: Tagger) -> None:
    sentence = "Yesterday Vietnamese students came to South Korea."
    (cue,) = direction(sentence, tagger.tag(sentence, "en"), "students", "en").cues
    assert sentence[cue.start : cue.end] == "Vietnamese students"


def test_without_names_or_patterns_nothing_is_decided(tagger: Tagger) -> None:
    assert direction("베트남 유학생", [], "students", "ko").way == "undecided"
    assert not knows("km")
    sentence = "និស្សិតកម្ពុជានៅកូរ៉េ"
    assert direction(sentence, tagger.tag(sentence, "km"), "students", "km").way == "undecided"


@pytest.mark.parametrize("language", LANGUAGES)
def test_files_hold_both_ways_of_every_kind(language: str) -> None:
    if knows(language):
        for kind in KINDS:
            assert {way for way, _ in patterns(language)[kind]} == set(WAYS[kind])


@given(st.text("한국 베트남 유학생 \ue0f0.", max_size=40))
def test_any_sentence_is_answered(text: str) -> None:
    for kind in KINDS:
        assert direction(text, [], kind, "ko").way in {*WAYS[kind], "both", "undecided"}


def test_a_gap_stays_within_a_sentence() -> None:
    assert read_pattern("a…b").search("a then b")
    assert not read_pattern("a…b").search("a. b")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("language = ", "cannot be read as TOML"),
        ('language = "ko"\n[[cue]]\nkind = "pupils"\nway = "korea"\npatterns = ["a"]', "cue.0.kind"),
        (
            'language = "ko"\n[[cue]]\nkind = "students"\nway = "korea"\npatterns = ["a"]',
            "students go to_korea or to_as",
        ),
        ('language = "ko"\n[[cue]]\nkind = "culture"\nway = "korea"\npatterns = ["("]', "a regular expression"),
        ('language = "ko"\n[[cue]]\nkind = "culture"\nway = "korea"\npatterns = []', "cue.0.patterns"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "ko.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SeedError) as caught:
        read_patterns(path)
    assert "ko.toml" in str(caught.value)
    assert said in str(caught.value)


def test_the_evaluation_prints_its_tables(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--half", "dev"]) == 0
    printed = capsys.readouterr().out
    for expected in ("seed counting", "commonest class", "By class, all languages, seeds", "decided wrongly"):
        assert expected in printed


def test_the_evaluation_says_where_real_texts_are_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--shared", str(tmp_path)])
    assert "does not hold the real texts" in capsys.readouterr().err

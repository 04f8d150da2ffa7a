"""The accuracy gate: what people marked is found, and floors only rise."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nlp.evaluate import Score, read_gold
from nlp.lexicon.build import lexicon_folder
from nlp.tagger import Tagger

sys.path.append(str(Path(__file__).parents[1] / "gold"))  # so that the script beside the gold files can be imported

import raise_floors as gate

GOLD = gate.GOLD

MAIN = ("ko", "en", "id", "ms", "th", "vi", "fil", "my", "km", "lo", "zh", "ta", "pt")
FILES = sorted(GOLD.glob("*.txt"))
FLOORS = gate.read_floors(gate.FLOORS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def reached(tagger: Tagger) -> gate.Floors:
    return gate.values(gate.scores(tagger))


@pytest.mark.parametrize("language", sorted(FLOORS["language"]))
@pytest.mark.parametrize("measure", ["precision", "recall"])
def test_a_language_does_not_fall_below_its_floor(reached: gate.Floors, language: str, measure: str) -> None:
    assert reached["language"][language][measure] >= FLOORS["language"][language][measure]


@pytest.mark.parametrize("entity", sorted(FLOORS["entity"]))
@pytest.mark.parametrize("measure", ["precision", "recall"])
def test_an_entity_does_not_fall_below_its_floor(reached: gate.Floors, entity: str, measure: str) -> None:
    assert reached["entity"][entity][measure] >= FLOORS["entity"][entity][measure]


def test_every_language_and_every_entity_with_gold_has_a_floor(reached: gate.Floors) -> None:
    assert {kind: set(names) for kind, names in FLOORS.items()} == {kind: set(n) for kind, n in reached.items()}


def test_every_lexicon_has_gold_and_every_gold_file_a_lexicon() -> None:
    assert {path.stem for path in FILES} == {path.stem for path in lexicon_folder().glob("*.toml")}


@pytest.mark.parametrize("language", MAIN)
def test_a_main_language_has_enough_sentences(language: str) -> None:
    sentences = list(read_gold(GOLD / f"{language}.txt"))
    assert len(sentences) >= 120
    assert any(not s.mentions for s in sentences)
    assert len({s.text for s in sentences}) >= 120


def test_no_floor_was_lowered_since_the_last_commit() -> None:
    git = shutil.which("git")
    if not git:
        pytest.skip("git is not there")
    shown = subprocess.run(
        [git, "show", "HEAD:./floors.toml"], cwd=GOLD, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if shown.returncode:
        pytest.skip("no commit holds floors.toml yet")
    assert gate.fallen(FLOORS, gate.read_floors(shown.stdout)) == []


# -- raising them --------------------------------------------------------


def test_values_are_rounded_down_and_whole_ones_stay() -> None:
    reached = {"language": {"en": Score(right=2, surplus=1), "ko": Score(right=7)}}
    assert gate.values(reached) == {
        "language": {"en": {"precision": 0.666, "recall": 1.0}, "ko": {"precision": 1.0, "recall": 1.0}}
    }
    assert gate.values({"x": {"y": Score(right=29, missed=71)}})["x"]["y"]["recall"] == 0.29


def test_what_fell_or_is_gone_is_said() -> None:
    floors = {
        "language": {"en": {"precision": 0.9, "recall": 0.8}},
        "entity": {"TH": {"precision": 0.5, "recall": 0.5}},
    }
    reached = {"language": {"en": {"precision": 0.899, "recall": 0.8}}}
    assert gate.fallen(reached, floors) == [
        "language en: precision is 0.899, floor 0.900",
        "entity TH: precision is 0.000, floor 0.500",
        "entity TH: recall is 0.000, floor 0.500",
    ]
    assert gate.fallen(floors, floors) == []


def test_a_floors_file_is_read_as_it_was_written() -> None:
    assert gate.read_floors(gate.written(FLOORS)) == FLOORS
    assert gate.written(FLOORS) == gate.FLOORS.read_text(encoding="utf-8")

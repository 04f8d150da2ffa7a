"""The gate of the frames: what they reach on texts coded by hand does not fall, and floors only rise."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from corpus.errors import InputError
from nlp.frames.framer import Framer
from nlp.frames.gold import DIRECTIONS, GOLD, LABELS, read_coded, read_directions
from nlp.frames.model import LANGUAGES
from nlp.frames.reliability import reliability, write
from nlp.tagger import Tagger

sys.path.append(str(GOLD))  # so that the script beside the coded texts can be imported

import frames_floors as gate

FLOORS = gate.read_floors(gate.FLOORS.read_text(encoding="utf-8"))
MAIN = ("ko", "en", "id", "th", "vi")


@pytest.fixture(scope="module")
def reached(tagger: Tagger) -> gate.Floors:
    return gate.reached(Framer.load(), tagger)


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in FLOORS.items() for name in names])
def test_no_figure_falls_below_its_floor(reached: gate.Floors, kind: str, name: str) -> None:
    assert reached[kind][name] >= FLOORS[kind][name]


def test_every_figure_has_a_floor(reached: gate.Floors) -> None:
    assert {kind: set(names) for kind, names in FLOORS.items()} == {kind: set(names) for kind, names in reached.items()}


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


def test_what_fell_or_is_gone_is_said_and_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert gate.fallen({"language": {"ko": 0.5}}, {"language": {"ko": 0.6, "en": 0.1}}) == [
        "language ko: 0.500, floor 0.600",
        "language en: 0.000, floor 0.100",
    ]
    path = tmp_path / "floors.toml"
    path.write_text("[language]\nko = 0.9\n", encoding="utf-8")
    monkeypatch.setattr(gate, "reached", lambda *_: {"language": {"ko": 0.8}})
    assert gate.main(path) == 1
    assert "0.9" in path.read_text(encoding="utf-8")
    monkeypatch.setattr(gate, "reached", lambda *_: {"language": {"ko": 0.95}})
    assert gate.main(path) == 0
    assert gate.read_floors(path.read_text(encoding="utf-8")) == {"language": {"ko": 0.95}}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_texts_of_every_frame_in_both_halves_together(language: str) -> None:
    texts = list(read_coded(GOLD / f"{language}.txt"))
    frames = Counter(text.frame for text in texts)
    halves = Counter(text.half for text in texts)
    assert len({(t.title, t.body) for t in texts}) == len(texts) >= (60 if language in MAIN else 30)
    assert set(frames) == set(LABELS)
    assert min(frames.values()) >= 2
    assert abs(halves["dev"] - halves["test"]) <= 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_coded_text_names_what_the_frames_are_for(tagger: Tagger, language: str) -> None:
    silent = [t.where for t in read_coded(GOLD / f"{language}.txt") if not tagger.tag(f"{t.title}\n{t.body}", language)]
    assert silent == []


def test_directions_have_enough_sentences() -> None:
    for language, least in (("ko", 40), ("en", 40), ("id", 12), ("th", 12), ("vi", 12), ("zh", 12)):
        items = list(read_directions(DIRECTIONS / f"{language}.txt"))
        assert len({i.sentence for i in items}) >= least
        assert {i.kind for i in items} == {"students", "tourists", "culture"}
        assert any(i.way == "undecided" for i in items)


@pytest.mark.parametrize("language", LANGUAGES)
def test_reliability_is_written_for_every_language(language: str) -> None:
    for frame in LABELS:
        told = reliability(frame, language)
        assert told.language_f1 is not None
        assert 0 <= told.frame_f1 <= 1
        figures = (told.f1, told.language_f1, told.frame_f1, told.outside_f1)
        assert told.reliable == all(v >= 0.6 for v in figures if v is not None)


def test_the_file_of_reliability_is_what_the_pairs_say(tmp_path: Path) -> None:
    pairs = {language: [("sport", "sport"), ("none", "sport")] for language in LANGUAGES}
    path = tmp_path / "reliability.toml"
    write(pairs, {"ko": [("sport", "none")] * 14 + [("sport", "sport")], "th": [("sport", "none")] * 14}, path)
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    assert table["ko"]["sport"] == {"f1": 0.667, "texts": 1, "outside": 0.125, "outside_texts": 15}
    assert table["th"]["sport"] == {"f1": 0.667, "texts": 1}
    assert table["all"]["none"] == {"f1": 0.0, "texts": len(LANGUAGES)}


def test_a_language_that_is_not_known_is_never_reliable() -> None:
    assert not reliability("sport", "und").reliable


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("dev | sport | a headline", "3 parts"),
        ("dev | sports | a | b", "unknown half 'dev' or frame 'sports'"),
        ("train | sport | a | b", "unknown half 'train'"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "xx.txt"
    path.write_text(f"# a comment\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"xx\.txt:2") as caught:
        list(read_coded(path))
    assert said in str(caught.value)


def test_a_direction_that_does_not_belong_to_its_kind_is_named(tmp_path: Path) -> None:
    path = tmp_path / "xx.txt"
    path.write_text("dev | culture | to_korea | a\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"xx\.txt:1: unknown half 'dev', kind 'culture' or way 'to_korea'"):
        list(read_directions(path))

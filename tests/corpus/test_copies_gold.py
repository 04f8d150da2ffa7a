"""The gate of the copy finder: pairs that are judged right stay so, and floors only rise."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "gold" / "copies"))  # for the scripts beside the gold files

import copies_floors as gate
import make

GOLD = gate.GOLD
FLOORS = gate.read_floors(gate.FLOORS.read_text(encoding="utf-8"))
CASES = [(group, name, measure) for group, names in FLOORS.items() for name, of in names.items() for measure in of]


@pytest.fixture(scope="module")
def reached() -> dict[str, gate.Floors]:
    return gate.values(v for language in gate.languages() for v in gate.judge(language, gate.read_pairs(language)))


@pytest.mark.parametrize(("group", "name", "measure"), CASES)
def test_what_is_judged_right_does_not_fall_below_its_floor(
    reached: dict[str, gate.Floors], group: str, name: str, measure: str
) -> None:
    assert reached[group][name][measure] >= FLOORS[group][name][measure]


def test_every_kind_and_language_has_a_floor(reached: dict[str, gate.Floors]) -> None:
    assert {group: set(names) for group, names in FLOORS.items()} == {g: set(names) for g, names in reached.items()}


def test_there_are_enough_pairs_of_every_kind_in_every_language() -> None:
    languages = gate.languages()
    assert set(languages) == set(make.LANGUAGES)
    for language in languages:
        kinds = Counter(pair["kind"] for pair in gate.read_pairs(language))
        assert kinds.total() >= 120
        assert min(kinds.values()) >= 5


@pytest.mark.parametrize("target", [30, 50, 70])
def test_an_edited_pair_shares_as_much_as_its_kind_says(target: int) -> None:
    pairs = [pair for language in gate.languages() for pair in gate.read_pairs(language)]
    edited = [pair["shared"] for pair in pairs if pair["kind"] == f"edited-{target}"]
    assert all(abs(shared - target / 100) <= make.TOLERANCE + 0.01 for shared in edited)


@pytest.mark.parametrize("language", ["ko", "en", "id", "vi"])  # Thai words depend on the version of a word list
def test_the_pairs_are_those_the_script_makes(language: str) -> None:
    made = [make.record(number, pair, language) for number, pair in enumerate(make.pairs(language), 1)]
    assert made == gate.read_pairs(language)


def test_no_floor_was_lowered_since_the_last_commit() -> None:
    git = shutil.which("git")
    if not git:
        pytest.skip("git is not there")
    shown = subprocess.run(
        [git, "show", "HEAD:./floors.toml"], cwd=GOLD, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if shown.returncode:
        pytest.skip("no commit holds floors.toml of copies yet")
    assert gate.fallen(FLOORS, gate.read_floors(shown.stdout)) == []


# -- raising them --------------------------------------------------------


def test_a_fallen_floor_is_named_and_written_values_are_read_again() -> None:
    values = {"kind": {"cut": {"right": 0.9}}, "language": {"ko": {"precision": 1.0, "recall": 0.5}}}
    assert gate.read_floors(gate.written(values)) == values
    assert gate.fallen(values, {"kind": {"cut": {"right": 0.95}, "gone": {"right": 0.1}}}) == [
        "kind cut: right is 0.900, floor 0.950",
        "kind gone: right is 0.000, floor 0.100",
    ]


def test_precision_counts_what_is_found_and_recall_what_is_there() -> None:
    verdicts = [
        gate.Verdict("ko", "cut", copy=True, found=True),
        gate.Verdict("ko", "cut", copy=True, found=False),
        gate.Verdict("ko", "digest", copy=False, found=True),
        gate.Verdict("ko", "digest", copy=False, found=False),
    ]
    assert gate.values(verdicts) == {
        "kind": {"cut": {"right": 0.5}, "digest": {"right": 0.5}},
        "language": {"ko": {"precision": 0.5, "recall": 0.5}},
    }

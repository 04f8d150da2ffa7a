"""CLDR's names, as they enter the lexicon."""

from __future__ import annotations

import pytest

from corpus.model import MEMBERS
from nlp.lexicon.cldr import cldr_names
from nlp.text import INVISIBLE

LANGUAGES = ["ko", "en", "id", "ms", "th", "vi", "fil", "my", "km", "lo", "zh", "ta", "pt"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_main_language_names_every_member_both_koreas_and_the_region(language: str) -> None:
    assert set(cldr_names(language).values()) == {*MEMBERS, "KR", "KP", "SEA"}


@pytest.mark.parametrize(
    ("language", "name", "entity"),
    [
        ("ko", "태국", "TH"),
        ("ko", "동남아시아", "SEA"),
        ("en", "South Korea", "KR"),
        ("en", "North Korea", "KP"),
        ("vi", "Hàn Quốc", "KR"),
        ("zh", "老挝", "LA"),
        ("zh", "寮國", "LA"),
        ("th", "เกาหลีใต้", "KR"),
    ],
)
def test_a_name_leads_to_its_state(language: str, name: str, entity: str) -> None:
    assert cldr_names(language)[name] == entity


def test_a_name_in_brackets_is_a_name_of_its_own() -> None:
    names = cldr_names("en")
    assert names["Myanmar"] == names["Burma"] == "MM"
    assert not any(mark in name for name in names for mark in "()（）")


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_hold_nothing_invisible_and_no_space_around(language: str) -> None:
    names = cldr_names(language)
    assert not any(character in INVISIBLE for name in names for character in name)
    assert all(name == name.strip() for name in names)


@pytest.mark.parametrize("language", ["xx", "nonsense", ""])
def test_a_language_that_cldr_does_not_know_has_no_names(language: str) -> None:
    assert cldr_names(language) == {}

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.store import Evidence
from results.excerpts import WINDOW, clean, excerpt, safe_link


def evidence(text: str, start: int, end: int) -> Evidence:
    return Evidence("d", "KR:a", "ko", "news", "2026-07-01", None, "t", text, "body", start, end, "ASEAN", "common", 1)


def test_a_sentence_is_cut_out_whole() -> None:
    text = "첫 문장이다. 정부는 아세안과 협력한다. 끝 문장이다."
    start = text.index("아세안")
    found = excerpt(evidence(text, start, start + 3), window=24)
    assert (found.before, found.name, found.after) == ("정부는 ", "아세안", "과 협력한다.")


def test_a_long_sentence_is_cut_at_words_with_a_sign() -> None:
    text = "word " * 100 + "ASEAN" + " word" * 100
    found = excerpt(evidence(text, 500, 505))
    assert found.before.startswith("…word")
    assert found.after.endswith("word…")


def test_a_full_stop_within_a_number_ends_nothing() -> None:
    text = "Exports to ASEAN rose 3.5 percent this year"
    assert excerpt(evidence(text, 11, 16), window=30).after == " rose 3.5…"


def test_a_letter_is_never_cut_from_its_vowel_sign() -> None:
    text = "ความ" * 60 + "อาเซียน" + "ที่นี่" * 60
    start = text.index("อาเซียน")
    found = excerpt(evidence(text, start, start + 7), window=41)
    assert not found.before.lstrip("…").startswith(("\u0e34", "\u0e35", "\u0e48"))


@given(st.text(max_size=600), st.data())
def test_any_text_gives_a_short_excerpt_with_its_name(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    found = excerpt(evidence(text, start, end))
    assert found.name == clean(text[start:end])
    assert len(found.before) + len(found.name) + len(found.after) <= WINDOW + 2


def test_control_characters_are_dropped() -> None:
    assert clean("a\x00b\x1bc\nd\te") == "abc d e"


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//host/x", "ftp://h/x", "http://", "https://a b.example/", "", None,
     "java\nscript:alert(1)", "http://[broken", "vbscript:x"],
)  # fmt: skip
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert safe_link(url) is None


def test_web_addresses_become_links() -> None:
    assert safe_link(" https://a.example/x?y=1 ") == "https://a.example/x?y=1"

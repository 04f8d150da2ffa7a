"""Sentences: where they end, and that both ways of asking agree."""

from __future__ import annotations

from bisect import bisect_right

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.sentences import MARKS, around, count_sentences, sentence_ends

ENDS = (
    *(mark + close + space for mark in ".!?" for close in ("", '"', "”", ")") for space in " \n\r\u00a0"),
    *MARKS[3:],
)
MIXED = st.lists(
    st.one_of(
        st.sampled_from([*ENDS, " Dr. ", "(No. ", " ", "\n", "a", "한국", "ไทย", ".", '"', ")"]),
        st.text(max_size=3),
    ),
    max_size=20,
).map("".join)

NO_LETTERS = "".join({*"".join(ENDS), *"\t\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029"})


def sentences(text: str) -> list[str]:
    ends = sentence_ends(text)
    return [text[a:b].strip() for a, b in zip([0, *ends], ends, strict=False)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ('He said "one." She said (two.) Then three.', ['He said "one."', "She said (two.)", "Then three."]),
        ("한 문장이다. 또 하나다.\n셋째", ["한 문장이다.", "또 하나다.", "셋째"]),
        ("第一句。第二句！第三句？", ["第一句。", "第二句！", "第三句？"]),
        ("ပထမ။ဒုတိယ။", ["ပထမ။", "ဒုတိယ။"]),
        ("ទីមួយ។ទីពីរ។", ["ទីមួយ។", "ទីពីរ។"]),
        ("บรรทัดแรก คำต่อ\nบรรทัดที่สอง", ["บรรทัดแรก คำต่อ", "บรรทัดที่สอง"]),
        ("One.\n\n \nTwo.", ["One.", "Two."]),
        ("3.5 per cent of asean.org", ["3.5 per cent of asean.org"]),
        ("One.\u00a0Two.", ["One.", "Two."]),
        ("One.\r\nTwo.", ["One.", "Two."]),
        ("Then Dr. Kim met Gov. Lee. They spoke.", ["Then Dr. Kim met Gov. Lee.", "They spoke."]),
        ("Lahan No. 5 dijual. Murah.", ["Lahan No. 5 dijual.", "Murah."]),
        ("Kata Prof. Dr. Budi. Lalu pergi.", ["Kata Prof. Dr. Budi.", "Lalu pergi."]),
        ("He ended.\nMr. President went on.", ["He ended.", "Mr. President went on."]),
        ("Speech, 1. Mr. President spoke.", ["Speech, 1.", "Mr. President spoke."]),
        ("Dr. Kim spoke. Then left.", ["Dr. Kim spoke.", "Then left."]),
        ("\n \nOne.\n \n\nTwo.\n", ["One.", "Two."]),
        ("", []),
        (" \n\t ", []),
        ("title", ["title"]),
    ],
)
def test_a_text_is_cut_where_people_would(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(MIXED)
def test_ends_ascend_and_cover_the_text(text: str) -> None:
    ends = sentence_ends(text)
    assert ends == sorted(set(ends))
    assert ends or not any(character.isalnum() for character in text)
    assert text.strip() or not ends
    last = ends[-1] if ends else 0
    assert last <= len(text)
    assert not text[last:].strip(NO_LETTERS)
    assert all(text[a:b].strip() for a, b in zip([0, *ends], ends, strict=False))


@given(MIXED, st.data())
def test_the_sentence_around_a_word_is_the_one_that_the_ends_give(text: str, data: st.DataObject) -> None:
    places = [at for at, character in enumerate(text) if character.isalnum() and character not in "DrNo"]
    if not places:
        return
    at = data.draw(st.sampled_from(places))
    ends = sentence_ends(text)
    number = bisect_right(ends, at)
    start, end = ([0, *ends][number], ends[number])
    first, last = around(text, at, at + 1, len(text) + 1)
    assert first <= at < last <= end
    assert not text[min(start, first) : max(start, first)].strip(NO_LETTERS)
    assert not text[last:end].strip(NO_LETTERS)


def test_around_goes_no_farther_than_it_may() -> None:
    text = "a" * 50 + "X" + "b" * 50
    assert around(text, 50, 51, 10) == (40, 61)
    assert around(text, 50, 51, 1000) == (0, 101)


def test_around_stops_at_the_sentences_marks() -> None:
    text = "North. The South said. Then"
    at = text.index("South")
    first, last = around(text, at, at + 5, 300)
    assert text[first:last] == "The South said."


@given(MIXED)
def test_counting_gives_as_many_as_there_are_ends(text: str) -> None:
    assert count_sentences(text) == len(sentence_ends(text))


def test_no_sentence_ends_within_a_name() -> None:
    text = "South\nKorea and the U.S. met.\nThey spoke."
    ends = sentence_ends(text, [(0, 11), (20, 24)])
    assert [text[a:b].strip() for a, b in zip([0, *ends], ends, strict=False)] == [
        "South\nKorea and the U.S. met.",
        "They spoke.",
    ]

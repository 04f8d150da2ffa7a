"""Text made comparable: what changes, what does not, and that every position leads back."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.text import INVISIBLE, TRIGGERS, normalise, without_surrogates

# What stands in the text, and what it is read as.
PIECES = [
    ("\u200b", ""),
    ("\u00ad\ufeff", ""),
    ("&#8203;", ""),
    ("&shy;", ""),
    ("Ａ", "A"),
    ("ｚ", "z"),
    ("９", "9"),
    ("e\u0301", "é"),
    ("e\u0323\u0302", "ệ"),
    ("\u1112\u1161\u11ab", "한"),
    ("\u1110\u1162", "태"),
    ("태", "태"),
    ("ไ", "ไ"),
    ("&amp;", "&"),
    ("&#54620;", "한"),
    ("&eacute;", "é"),
    ("&nbsp;", "\u00a0"),
    ("\u2011", "-"),
    ("\u0bc6\u0bbe", "\u0bca"),
    ("x", "x"),
    (" ", " "),
    ("\n", "\n"),
    ("😀", "😀"),
]
SPECIAL = st.sampled_from([*INVISIBLE, *"Ａｚ０&;#x\u0301\u0323\u1112\u1161\u11ab\u2011เาํ태한e", "&amp;", "&#x41;"])
ANY_TEXT = st.one_of(st.text(), st.lists(st.one_of(SPECIAL, st.characters())).map("".join))


@given(st.lists(st.sampled_from(PIECES), max_size=12), st.data())
def test_every_stretch_leads_back_to_exactly_what_it_was_made_from(
    pieces: list[tuple[str, str]], data: st.DataObject
) -> None:
    plain = normalise("".join(written for written, _ in pieces))
    assert plain.text == "".join(read for _, read in pieces)
    seen = [n for n, (_, read) in enumerate(pieces) if read]
    if not seen:
        return
    first, last = sorted(data.draw(st.sampled_from(seen)) for _ in range(2))
    start = sum(len(read) for _, read in pieces[:first])
    end = sum(len(read) for _, read in pieces[: last + 1])
    origin = sum(len(written) for written, _ in pieces[:first])
    assert plain.original_span(start, end) == (origin, sum(len(written) for written, _ in pieces[: last + 1]))


@given(ANY_TEXT)
def test_any_position_leads_back_to_something_within_the_text_and_in_order(text: str) -> None:
    plain = normalise(text)
    spans = [plain.original_span(at, at + 1) for at in range(len(plain.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    assert [end for _, end in spans] == sorted(end for _, end in spans)


@given(ANY_TEXT, st.data())
def test_a_span_leads_back_to_the_span_of_its_first_and_last_letter(text: str, data: st.DataObject) -> None:
    plain = normalise(text)
    if not plain.text:
        return
    start, end = sorted(data.draw(st.integers(0, len(plain.text) - 1)) for _ in range(2))
    first, last = plain.original_span(start, end + 1)
    assert first == plain.original_span(start, start + 1)[0]
    assert last == plain.original_span(end, end + 1)[1]


@given(st.text().filter(lambda text: not any(trigger in text for trigger in TRIGGERS)))
def test_a_text_without_anything_special_comes_back_unchanged(text: str) -> None:
    plain = normalise(text)
    if unicodedata.is_normalized("NFC", text):
        assert plain.text == text
        assert all(plain.original_span(at, at + 1) == (at, at + 1) for at in range(len(text)))


@given(ANY_TEXT)
def test_what_shows_nothing_and_what_is_wide_is_gone(text: str) -> None:
    plain = normalise(text.replace("&", "")).text
    assert not any(c in INVISIBLE or "０" <= c <= "９" or "Ａ" <= c <= "Ｚ" or "ａ" <= c <= "ｚ" for c in plain)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("A&amp;B", "A&B"),
        ("&#65;&#x42;&#X43;", "ABC"),
        ("&lt;b&gt;", "<b>"),
        ("Malaca&ntilde;ang", "Malacañang"),
        ("&zwnj;&#8203;&#xfeff;", ""),
        ("&nosuchthing;", "&nosuchthing;"),
        ("&; &# &#x; R&D AT&T;", "&; &# &#x; R&D AT&T;"),
        ("&amp;amp;", "&amp;"),
        ("&#xD800;&#x110000;", "\ufffd\ufffd"),
        ("&", "&"),
    ],
)
def test_entities_are_resolved_once_and_what_is_none_stays(written: str, read: str) -> None:
    assert normalise(written).text == read


@pytest.mark.parametrize("text", ["Việt Nam", "Thái Nguyên", "한국은 태국과", "மலேசியா சிங்கப்பூர்", "တရုတ်ဦး", "São Tomé"])
@pytest.mark.parametrize("form", ["NFD", "NFKD"])
def test_decomposed_text_is_composed(text: str, form: str) -> None:
    decomposed = unicodedata.normalize(form, text)
    plain = normalise(decomposed)
    assert plain.text == text
    for at, letter in enumerate(text):
        start, end = plain.original_span(at, at + 1)
        assert unicodedata.normalize("NFC", decomposed[start:end]) == letter


def test_a_name_in_a_decomposed_word_leads_back_to_its_own_syllables() -> None:
    word = unicodedata.normalize("NFD", "한국태국은")
    plain = normalise(word)
    one, other = plain.original_span(0, 2), plain.original_span(2, 4)
    assert [unicodedata.normalize("NFC", word[a:b]) for a, b in (one, other)] == ["한국", "태국"]
    assert one[1] == other[0]


def test_a_final_consonant_set_apart_is_joined_to_its_syllable() -> None:
    assert normalise("하\u11ab국").text == "한국"


def test_hyphens_that_look_alike_are_one_and_dashes_are_not() -> None:
    assert normalise("Timor\u2010Leste Timor\u2011Leste A\u2013B").text == "Timor-Leste Timor-Leste A\u2013B"


def test_two_ways_of_typing_one_vowel_are_one() -> None:
    assert normalise("เเละ นํา").text == "และ นำ"


@pytest.mark.parametrize("character", INVISIBLE)
def test_what_shows_nothing_may_stand_anywhere(character: str) -> None:
    plain = normalise(f"{character}កម្ពុ{character}{character}ជា{character}")
    assert plain.text == "កម្ពុជា"
    assert plain.original_span(0, len(plain.text)) == (1, 10)


@pytest.mark.parametrize("trigger", [t for t in TRIGGERS if not ("&" in t or "\u1100" <= t <= "\u11ff")])
def test_every_trigger_is_one_that_normalising_may_change(trigger: str) -> None:
    # Alone, after a letter that it is joined to, or in a word that is read otherwise for its sake.
    before = (*"aeosuAd", "ျမန", "ျမန္မာႏိုင္ငံ ")
    assert any(normalise(text).text != text for text in (trigger, *(f"{letter}{trigger}" for letter in before)))


@pytest.mark.parametrize(
    "entity",
    ["&eacute;", "&Aring;", "&zwnj;", "&shy;", "&nbsp;", "&#8203;", "&#54620;", "&#3652;", "&#x1EC7;", "&#XED;"],
)
def test_every_entity_that_could_hide_a_name_holds_a_trigger(entity: str) -> None:
    assert any(trigger in entity for trigger in TRIGGERS)
    assert normalise(entity).text != entity


@given(st.characters(min_codepoint=ord("가"), max_codepoint=ord("힣")))
def test_every_decomposed_syllable_begins_with_a_trigger_and_is_composed(syllable: str) -> None:
    decomposed = unicodedata.normalize("NFD", syllable)
    assert decomposed[0] in TRIGGERS
    assert normalise(decomposed).text == syllable


def test_an_empty_text_stays_empty() -> None:
    assert normalise("").text == ""
    assert normalise("\u200b").text == ""


# -- surrogates ----------------------------------------------------------


@given(st.lists(st.one_of(st.characters(), st.sampled_from("\ud83d\ude00\udfff\ud800"))).map("".join))
def test_lone_surrogates_are_replaced_and_nothing_moves(text: str) -> None:
    plain = without_surrogates(text)
    plain.encode("utf-8")
    assert len(plain) == len(text)
    assert all(one == other for one, other in zip(text, plain, strict=True) if not "\ud800" <= one <= "\udfff")


def test_text_that_can_be_encoded_stays() -> None:
    assert without_surrogates("\ufeff태국 😀") == "\ufeff태국 😀"

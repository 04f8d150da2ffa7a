"""What counts as a word in each language."""

from __future__ import annotations

import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.errors import NoAnswerError, SettingsError
from corpus.model import LANGUAGES
from nlp import segment
from nlp.segment import segmented, segmenter
from nlp.topics.stopwords import said, stopwords


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "South Korea's 3 ministers; co-operation", ["south", "korea's", "ministers", "co-operation"]),
        ("id", "Presiden bertemu wisatawan di Bali", ["presiden", "bertemu", "wisatawan", "di", "bali"]),
        ("ko", "한국과 아세안이 부산에서 정상회의를 열었다.", ["한국", "아세안", "부산", "정상", "회의"]),
        ("th", "รัฐบาลส่งเสริมการท่องเที่ยวเกาหลี", ["รัฐบาล", "ส่งเสริม", "การท่องเที่ยว", "เกาหลี"]),
        ("zh-Hans", "韩国总统访问东盟国家。", ["韩国", "总统", "访问", "东盟", "国家"]),
        ("zh-Hant", "韓國總統訪問", ["韓國", "總統", "訪問"]),
        ("km", "ទេសចរណ៍កម្ពុជា", ["ទេសចរណ៍", "កម្ពុជា"]),
        ("lo", "ການທ່ອງທ່ຽວລາວ", ["ການ", "ທ່ອງທ່ຽວ", "ລາວ"]),
        ("my", "အာဆီယံ ထိပ်သီးအစည်းအဝေး", ["အာဆီယံ", "ထိပ်သီး", "အစည်းအဝေး"]),
        ("vi", "bóng đá, Việt Nam", ["bóng", "đá", "bóng_đá", "việt", "nam", "việt_nam"]),
    ],
)  # fmt: skip
def test_words_of_each_language(language: str, text: str, words: list[str]) -> None:
    assert segmenter(language)(text) == words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_of_narra_has_words_and_ignores_signs_and_numbers(language: str) -> None:
    assert segmenter(language)("  … 123 ! ๑๒ ") == []
    assert segmenter(language)("ASEAN") == ["asean"]


def test_case_composition_and_hidden_characters_do_not_make_other_words() -> None:
    assert segmenter("vi")("VIE\u0302\u0323T") == segmenter("vi")("việt")
    assert segmenter("km")("ទេស\u200bចរណ៍") == segmenter("km")("ទេសចរណ៍")


def test_a_language_without_a_way_to_its_words_is_said_so() -> None:
    with pytest.raises(NoAnswerError, match="'ja'"):
        segmenter("ja")
    with pytest.raises(NoAnswerError, match="'und'"):
        list(segmented([("en", "fine"), ("und", "unknown")]))


@pytest.mark.parametrize(
    ("language", "module"), [("ko", "kiwipiepy"), ("th", "pythainlp.tokenize"), ("km", "icu4py.breakers")]
)
def test_a_missing_library_is_named_with_what_to_install(
    language: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    segment._segmenter.cache_clear()  # noqa: SLF001 - forget what is loaded
    with pytest.raises(SettingsError, match=rf"{module.partition('.')[0]}.*uv sync --extra morphology"):
        segmenter(language)
    segment._segmenter.cache_clear()  # noqa: SLF001 - forget what is loaded


@settings(max_examples=60, deadline=None)
@given(st.text(), st.sampled_from([language for language in LANGUAGES if language != "ko"]))
@example("\x85AA", "th")
def test_words_are_of_the_text_and_have_no_spaces(text: str, language: str) -> None:
    for word in segmenter(language)(text):
        assert word
        assert not any(letter.isspace() for letter in word)
        assert word == word.casefold() or language == "vi"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_stopwords(language: str) -> None:
    assert len(stopwords(language)) >= 50


@pytest.mark.parametrize(
    ("language", "words", "left"),
    [
        ("en", ["the", "minister", "said", "trade"], ["minister", "trade"]),
        ("ko", ["기자", "아세안", "관련"], ["아세안"]),
        ("vi", ["của", "bóng", "của_bóng", "bóng_đá"], ["bóng", "bóng_đá"]),
        ("km", ["និង", "ទេសចរណ៍"], ["ទេសចរណ៍"]),
    ],
)
def test_stopwords_are_left_out(language: str, words: list[str], left: list[str]) -> None:
    assert said(words, language) == left

"""Language codes as sources write them, and as narra does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import RecordError
from corpus.language import normalise_language
from corpus.model import LANGUAGES


@pytest.mark.parametrize("code", LANGUAGES)
def test_our_own_codes_stay(code: str) -> None:
    assert normalise_language(code) == code
    assert normalise_language(code.upper()) == code


@pytest.mark.parametrize(
    ("code", "ours"),
    [
        ("tl", "fil"),
        ("tl-PH", "fil"),
        ("in", "id"),
        ("jw", "jv"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh_tw", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-Hans-HK", "zh-Hans"),
        ("zh-Hant-SG", "zh-Hant"),
        ("cmn", "zh-Hans"),
        ("kor", "ko"),
        ("tha", "th"),
        ("vie", "vi"),
        ("ind", "id"),
        ("zsm", "ms"),
        ("mya", "my"),
        ("bur", "my"),
        ("khm", "km"),
        ("lao", "lo"),
        ("tam", "ta"),
        ("por", "pt"),
        ("tet", "tet"),
        ("ko-KR", "ko"),
        ("en_GB", "en"),
        (" ko\n", "ko"),
    ],
)
def test_other_spellings_become_ours(code: str, ours: str) -> None:
    assert normalise_language(code) == ours


@pytest.mark.parametrize("code", ["und", "fr", "fr-CA", "ceb", "yue", "ms-Arab", "es-419"])
def test_a_language_we_do_not_know_stays_as_it_is(code: str) -> None:
    assert normalise_language(code) == code


@pytest.mark.parametrize("code", ["", " ", "k", "Korean", "한국어", "ko KR", "ko/en", "ko-", "123"])
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(RecordError) as caught:
        normalise_language(code)
    assert caught.value.reason == "not a language code"


@given(
    st.from_regex(r"[A-Za-z]{2,3}([-_][A-Za-z]{4})?([-_]([A-Za-z]{2}|[0-9]{3}))?([-_][a-z0-9]{5,8})?", fullmatch=True)
)
def test_normalising_twice_is_normalising_once(code: str) -> None:
    once = normalise_language(code)
    assert normalise_language(once) == once

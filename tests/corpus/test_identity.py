"""When two addresses are one, and when they only look alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.identity import canonical_url, document_keys


@pytest.mark.parametrize(
    "url",
    [
        "https://nuri.example/a?b=1&c=2",
        "http://nuri.example/a?b=1&c=2",
        "HTTPS://NURI.example/a?c=2&b=1",
        "https://nuri.example:443/a?b=1&c=2",
        "http://nuri.example:80/a?b=1&c=2",
        "http://nuri.example:443/a?b=1&c=2",
        "https://nuri.example/a?b=1&c=2#comments",
        "https://nuri.example/a?utm_source=x&b=1&fbclid=9&c=2&UTM_Medium=y",
        "  https://nuri.example/a?b=1&c=2\n",
    ],
)
def test_how_a_reader_came_makes_no_difference(url: str) -> None:
    assert canonical_url(url) == "https://nuri.example/a?b=1&c=2"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://nuri.example/a", "https://nuri.example/A"),
        ("https://nuri.example/a", "https://nuri.example/a/"),
        ("https://nuri.example/v?id=1", "https://nuri.example/v?id=2"),
        ("https://nuri.example/v?cid=1", "https://nuri.example/v?cid=2"),
        ("https://nuri.example/a", "https://www.nuri.example/a"),
        ("https://nuri.example/a", "https://nuri.example:8443/a"),
        ("https://nuri.example/v?a", "https://nuri.example/v?b"),
        ("https://nuri.example/%C7%D1", "https://nuri.example/%B1%B9"),
    ],
)
def test_different_pages_stay_different(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


def test_queries_in_an_old_korean_encoding_stay_different() -> None:
    assert canonical_url("https://nuri.example/?q=%C7%D1") != canonical_url("https://nuri.example/?q=%B1%B9")


def test_the_escapes_of_a_path_are_written_one_way() -> None:
    assert canonical_url("https://nuri.example/아세안") == canonical_url(
        "https://nuri.example/%ec%95%84%EC%84%B8%EC%95%88"
    )


@pytest.mark.parametrize(
    "url", ["", "nuri.example/a", "ftp://nuri.example/a", "mailto:a@nuri.example", "https://", "http://a:x"]
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        canonical_url(url)


@given(st.text())
def test_the_canonical_form_is_its_own_canonical_form(rest: str) -> None:
    once = canonical_url(f"https://nuri.example/{rest}")
    assert canonical_url(once) == once


@given(st.text())
def test_any_text_has_keys_or_none(text: str) -> None:
    assert all(key.startswith("url:https://") for key in document_keys("nuri", None, text))


def test_the_archives_id_is_the_stronger_key() -> None:
    keys = document_keys("bigkinds", "01100101.20250701", "http://nuri.example/1")
    assert keys == ("id:bigkinds:01100101.20250701", "url:https://nuri.example/1")


def test_what_is_missing_or_no_address_gives_no_key() -> None:
    assert document_keys("bigkinds", "", None) == ()
    assert document_keys("bigkinds", None, "no address") == ()
    assert document_keys("bigkinds", None, "https://nuri.example") == ("url:https://nuri.example/",)

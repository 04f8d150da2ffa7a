"""Bytes to text, as browsers do it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.http.decode import declared, decode

# Half of these syllables are not in EUC-KR proper, only in CP949.
KOREAN = "<p>똠방각하 펲시콜라, 아세안 정상회의 — 서울·자카르타</p>"
CP949 = KOREAN.replace("—", "-").encode("cp949")
THAI = "<p>อาเซียนและเกาหลี</p>"
TRADITIONAL = "<p>東協與韓國 — 嘅</p>"
LONG = "대한민국과 아세안은 포괄적 전략 동반자 관계를 수립하였다. " * 3


def html(charset: str) -> bytes:
    return f'<!doctype html><html><head><meta charset="{charset}"></head>'.encode()


@pytest.mark.parametrize(
    "label",
    [
        "euc-kr",
        "EUC-KR",
        "ks_c_5601-1987",
        "KS_C_5601-1989",
        "ksc5601",
        "windows-949",
        "x-windows-949",
        "korean",
        "cp949",
        "csKSC56011987",
        "iso-ir-149",
        "euc_kr",
        "uhc",
        "ms949",
    ],
)
@pytest.mark.parametrize("where", ["header", "quoted", "meta", "pragma", "xml"])
def test_every_name_of_korean_is_read_as_cp949(label: str, where: str) -> None:
    head, header = {
        "header": (b"", f"text/html;charset={label}"),
        "quoted": (b"", f'text/html; x=y; charset="{label}"'),
        "meta": (html(label), "text/html"),
        "pragma": (f'<meta http-equiv="Content-Type" content="text/html; charset={label}">'.encode(), ""),
        "xml": (f'<?xml version="1.0" encoding="{label}"?>'.encode(), "application/rss+xml"),
    }[where]
    assert decode(head + CP949, header) == head.decode() + KOREAN.replace("—", "-")


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("tis-620", "cp874", THAI + "“”…"),
        ("windows-874", "cp874", THAI),
        ("x-windows-874", "cp874", THAI),
        ("iso-8859-11", "cp874", THAI),
        ("big5", "big5hkscs", TRADITIONAL),
        ("gb2312", "gb18030", "<p>东盟与韩国 镕 €</p>"),
        ("gbk", "gb18030", "<p>东盟</p>"),
        ("iso-8859-1", "cp1252", "“curly” – café"),
        ("us-ascii", "cp1252", "café"),
        ("shift_jis", "cp932", "①東南アジア"),
        ("windows-1258", "cp1258", "Viêt Nam"),
    ],
)
def test_labels_mean_what_browsers_take_them_for(label: str, codec: str, text: str) -> None:
    assert decode(text.encode(codec), f"text/html; charset={label}") == text


def test_a_byte_order_mark_beats_everything() -> None:
    for codec in ("utf-8-sig", "utf-16"):
        assert decode(KOREAN.encode(codec), "text/html; charset=euc-kr") == KOREAN
    assert decode(b"\xfe\xff" + KOREAN.encode("utf-16-be"), "text/html; charset=utf-8") == KOREAN


def test_the_header_beats_the_page() -> None:
    assert decode(html("utf-8") + CP949, "text/html; charset=euc-kr").endswith(KOREAN.replace("—", "-"))
    assert declared(html("euc-kr"), "text/html; charset=utf-8") == "utf-8"


@pytest.mark.parametrize("label", ["rot13", "base64", "utf-7", "unicode_escape", "punycode", "idna", "hex", "nonsense"])
def test_what_is_no_encoding_of_text_is_not_heeded(label: str) -> None:
    assert declared(html(label), f"text/html; charset={label}") is None
    assert declared(html("euc-kr"), f"text/html; charset={label}") == "cp949"
    assert decode(KOREAN.encode(), f"text/html; charset={label}") == KOREAN


def test_a_declaration_in_ascii_letters_is_not_of_utf_16() -> None:
    assert decode(html("utf-16") + KOREAN.encode()).endswith(KOREAN)


@pytest.mark.parametrize("label", ["euc-kr", "iso-8859-1", "tis-620", "big5", "gb2312", "windows-1252"])
@pytest.mark.parametrize("text", [LONG, "อาเซียนและเกาหลี", "ប្រទេសកម្ពុជា", "东盟与韩国"])
def test_utf_8_is_utf_8_whatever_it_calls_itself(label: str, text: str) -> None:
    assert decode(text.encode(), f"text/html; charset={label}") == text


def test_utf_8_declared_over_korean() -> None:
    content = html("utf-8") + (LONG.encode("cp949"))
    assert decode(content, "", "ko").endswith(LONG)
    assert "�" in decode(content, "", "en")


@pytest.mark.parametrize(
    ("language", "codec", "text"),
    [("ko", "cp949", LONG), ("th", "cp874", THAI), ("zh-Hant", "big5hkscs", "東協與韓國")],
)
def test_without_a_declaration_the_language_decides(language: str, codec: str, text: str) -> None:
    assert decode(text.encode(codec), "text/html", language) == text
    assert decode(text.encode(), "text/html", language) == text


def test_without_anything_it_is_western() -> None:
    assert decode("café “x”".encode("cp1252")) == "café “x”"


@pytest.mark.parametrize("charset", ["", "utf-8", "euc-kr", "iso-8859-1"])
def test_a_broken_character_costs_that_character_only(charset: str) -> None:
    whole = LONG.encode()
    assert decode(whole[:-3] + b"\xec\x95", f"text/html; charset={charset}", "ko").startswith(LONG[:60])
    assert decode(whole + b"\xff", f"text/html; charset={charset}", "ko").startswith(LONG)


def test_broken_korean_stays_korean() -> None:
    text = decode(CP949 + b"\xff\xff" + CP949, "text/html; charset=euc-kr")
    assert text.count("똠방각하") == 2


def test_nothing_is_empty() -> None:
    assert decode(b"") == decode(b"", "text/html; charset=euc-kr", "ko") == ""


def test_large_pages_are_quick() -> None:
    content = LONG.encode() * 50_000
    begun = time.perf_counter()
    assert len(decode(content, "text/html; charset=euc-kr")) == len(LONG) * 50_000
    assert time.perf_counter() - begun < 2


@given(st.binary(max_size=300), st.sampled_from(["", "text/html; charset=euc-kr", "text/html; charset=big5", "x"]))
def test_nothing_fails(content: bytes, content_type: str) -> None:
    assert isinstance(decode(content, content_type, "ko"), str)


@given(st.text(st.characters(codec="cp949", exclude_characters="\x00\ufeff"), max_size=200))
def test_declared_korean_comes_back(text: str) -> None:
    content = text.encode("cp949")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        assert decode(content, "text/html; charset=euc-kr") == text


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufeff"), max_size=200))
def test_declared_utf_8_comes_back(text: str) -> None:
    assert decode(text.encode(), "text/html; charset=utf-8") == text

"""XML and HTML from outside: what is mended, what is refused, and what is left."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.markup import (
    body_text,
    check_xml,
    codec_of,
    decode,
    read_html,
    read_xml,
    refuse_html,
    repair_xml,
    tidy_link,
    title_text,
)
from collectors.outcome import SourceError

KOREAN = "<t>한-아세안 정상회의가 열렸다</t>"
BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
READS_FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
PARAMETER = '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1/a.dtd">%a;]><x/>'


@pytest.mark.parametrize(
    ("content", "header"),
    [
        (KOREAN.encode(), ""),
        (b"\xef\xbb\xbf" + KOREAN.encode(), "euc-kr"),
        (KOREAN.encode("utf-16"), ""),
        (KOREAN.encode("cp949"), ""),
        (KOREAN.encode("cp949"), "EUC-KR"),
        (b'<?xml version="1.0" encoding="ks_c_5601-1987"?>' + KOREAN.encode("cp949"), "utf-8"),
        (b'<?xml version="1.0" encoding="EUC-KR"?>' + KOREAN.encode(), "euc-kr"),  # both lie
        (b'<?xml version="1.0" encoding="UTF-8"?>' + KOREAN.encode("cp949"), "utf-8"),  # both lie
        (b'<?xml version="1.0" encoding="rot13"?>' + KOREAN.encode(), "zip"),
    ],
)
def test_the_bytes_decide_and_then_the_labels(content: bytes, header: str) -> None:
    decoded = decode(content, header)
    assert decoded.text.endswith(KOREAN)
    assert decoded.odd == ""


def test_a_stray_byte_makes_no_other_encoding_of_a_long_text() -> None:
    decoded = decode(KOREAN.encode() * 20 + b"\xff")
    assert decoded.text == KOREAN * 20 + "\ufffd"
    assert decoded.odd == "1 characters that are no utf-8"


def test_thai_is_read_by_its_label() -> None:
    content = b'<?xml version="1.0" encoding="TIS-620"?>' + "อาเซียน".encode("cp874")
    assert decode(content).text.endswith("อาเซียน")


@pytest.mark.parametrize(
    ("label", "codec"), [("EUC-KR", "cp949"), ("latin1", "cp1252"), ("zip", ""), ("", ""), ("\0", "")]
)
def test_labels_mean_what_browsers_mean(label: str, codec: str) -> None:
    assert codec_of(label) == codec


@pytest.mark.parametrize("xml", [BOMB, READS_FILE, PARAMETER])
def test_entities_and_other_files_are_refused(xml: str) -> None:
    with pytest.raises(SourceError, match="entities or refers to other files") as caught:
        check_xml(xml)
    assert caught.value.status == "malformed"
    with pytest.raises(SourceError):
        read_xml(xml)


def test_a_prefix_without_a_namespace_is_no_xml() -> None:
    assert check_xml("<a><b:c/></a>") == ""
    with pytest.raises(SourceError, match="unbound prefix"):
        read_xml("<a><b:c/></a>")


def test_a_document_type_alone_is_harmless() -> None:
    assert check_xml('<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://127.0.0.1:9/rss.dtd"><rss/>') == ""


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("<a>R&D</a>", "<a>R&amp;D</a>"),
        ("<a>a&b;c</a>", "<a>a&amp;b;c</a>"),
        ("<a>\x00\x0bx&#0;&#x1F;&#xD800;</a>", "<a>x</a>"),
        ("<a>x&nbsp;y &copy;</a>", "<a>x\xa0y ©</a>"),
        ("<a>&lt; &#65; &LT;</a>", "<a>&lt; &#65; &lt;</a>"),
        ("<a><![CDATA[R&D &nbsp;]]>&</a>", "<a><![CDATA[R&D &nbsp;]]>&amp;</a>"),
    ],
)
def test_what_feeds_often_have_is_mended(broken: str, mended: str) -> None:
    assert repair_xml(broken) == mended
    assert check_xml(mended) == ""


@pytest.mark.parametrize(
    ("page", "status"),
    [
        ("<!DOCTYPE html><html><head><title>Not found</title>", "wrong_content"),
        ('<?xml version="1.0"?>\n<!-- x -->\n<html lang="en">', "wrong_content"),
        ("<html><title>You are being redirected...</title><script>", "blocked"),
        ("<HTML><HEAD><TITLE>Just a moment...</TITLE>", "blocked"),
        ("", "wrong_content"),
        (" \n", "wrong_content"),
    ],
)
def test_a_web_page_is_refused_and_a_wall_is_told(page: str, status: str) -> None:
    with pytest.raises(SourceError) as caught:
        refuse_html(page, "a feed")
    assert caught.value.status == status


@pytest.mark.parametrize("text", ['<rss version="2.0">', "<?xml version='1.0'?><!-- <html> --><feed>", "plain"])
def test_what_is_no_web_page_passes(text: str) -> None:
    refuse_html(text, "a feed")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("주<b>식</b>형 &quot;펀드&quot;", '주식형 "펀드"'),
        ("<표> 코스피 &amp;amp; <인사>", "<표> 코스피 & <인사>"),
        ("<ASEAN> summit: a < b", "<ASEAN> summit: a < b"),
        ("&amp;lt;b&amp;gt;ASEAN&amp;lt;/b&amp;gt;", "ASEAN"),
        (" two\n lines<br/> ", "two lines"),
        ("R&D?a=1&copy=2", "R&D?a=1&copy=2"),
        ("NUL&#0; and \x01control", "NUL\ufffd and control"),
    ],
)
def test_a_title_is_one_line_of_text(markup: str, text: str) -> None:
    assert title_text(markup) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>First\n line.</p><p>Second <b>bo</b>ld.</p>", "First line.\nSecond bold."),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("<p>x</p><script>alert(1)</script><style>p{}</style>", "x"),
        ("plain &amp; simple\n\n second", "plain & simple\nsecond"),
        ("<p>&nbsp;</p>", ""),
        ("", ""),
    ],
)
def test_html_becomes_a_line_a_paragraph(markup: str, text: str) -> None:
    assert body_text(markup) == text


def test_a_text_of_very_many_elements_is_read_without_their_tree() -> None:
    assert body_text("<div>" * 6_000 + "<script>x</script>a &amp; <b>b</b><p>c") == "a & b\nc"
    with pytest.raises(SourceError, match="elements"):
        read_html("<p>" * 40_000)


@pytest.mark.parametrize(
    ("link", "whole"),
    [
        ("http://www.mofa.go.kr:443/www/view.do?seq=1", "https://www.mofa.go.kr/www/view.do?seq=1"),
        ("/a/1", "https://nuri.example/a/1"),
        (" https://x.example/\n1 ", "https://x.example/1"),
        ("http://x.example:8080/", "http://x.example:8080/"),
        ("javascript:void(0)", ""),
        ("mailto:a@b.example", ""),
        ("http://[", ""),
        ("http://x.example:99999/", ""),
    ],
)
def test_links_are_completed_and_put_right(link: str, whole: str) -> None:
    assert tidy_link(link, "https://nuri.example/feed") == whole


@given(st.text(), st.text())
def test_no_text_breaks_the_readers(text: str, base: str) -> None:
    title_text(text)
    body_text(text)
    tidy_link(text, base)
    repair_xml(text)


@given(st.binary(), st.text(max_size=20))
def test_no_bytes_break_the_decoder(content: bytes, header: str) -> None:
    decode(content, header).text.encode()


TAGS = ["<a ", "<p>", "<div>", "<ul><li>", "</p>", "<title", "<a href='"]
PIECES = ["<", "<!--", "<![CDATA[", "&", "<?x ", " ", "\n<", "<!DOCTYPE ", *TAGS]
HOSTILE = [piece * (300_000 // len(piece)) for piece in [*PIECES, "<?" + "x" * 150_000]]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:8])
def test_hostile_text_takes_no_time(text: str) -> None:
    began = time.monotonic()
    for read in (title_text, body_text, repair_xml, check_xml):
        read(text)
    refuse_html(text + "x", "a feed")
    decode(text.encode())
    assert time.monotonic() - began < 10

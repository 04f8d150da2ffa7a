"""Pages to text: the article and nothing else, and a date only where one is declared."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from collectors.body import Article, NoArticle, article_of, page_date, page_text, read_article
from collectors.contract import Page
from collectors.outcome import SourceError

TEXT = "한국과 아세안은 오늘 서울에서 정상회의를 열고 협력을 확대하기로 했다. " * 4


def html(
    head: str = "", body: str = f"<article><h1>한-아세안</h1><p>{TEXT}</p><p>둘째 문단이다. {TEXT}</p></article>"
) -> str:
    menu = "<nav><ul><li><a href='/'>Home</a></li><li><a href='/w'>World</a></li></ul></nav>"
    foot = "<footer>© 2026-11-01</footer>"
    return f"<!DOCTYPE html><html><head><title>T</title>{head}</head><body>{menu}{body}{foot}</body></html>"


def read(page: str, *, keep_raw: bool = False) -> Article:
    article = read_article(page, "https://n.example/2026/11/02/a", "KR", keep_raw=keep_raw)
    assert isinstance(article, Article)
    return article


def test_the_article_is_found_and_its_surroundings_are_not() -> None:
    article = read(html())
    assert "정상회의를 열고" in article.text
    assert "둘째 문단이다" in article.text.splitlines()[-1]
    assert "World" not in article.text
    assert article.title == "한-아세안"


def test_the_page_itself_is_kept_only_where_it_is_asked_for() -> None:
    assert read(html()).raw is None
    assert read(html(), keep_raw=True).raw == html()


def meta(name: str, value: str, key: str = "property") -> str:
    return f'<meta {key}="{name}" content="{value}">'


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


ARTICLE = {"@type": "NewsArticle", "datePublished": "2026-11-24T10:00:00+09:00", "dateModified": "2026-11-25"}
DECLARED = [
    meta("article:published_time", "2026-11-24T10:00:00+09:00"),
    meta("article:published_time", "2026-11-24 10:00"),  # local time
    meta("datePublished", "2026-11-24T01:00:00Z", "itemprop"),
    meta("pubdate", "20261124100000", "name"),
    ld(ARTICLE),
    ld([{"@type": "BreadcrumbList"}, ARTICLE]),
    ld({"@context": "https://schema.org", "@graph": [{"@type": "Person"}, ARTICLE | {"@type": ["Article", "X"]}]}),
    '<script type="application/ld+json">{broken</script>' + ld(ARTICLE),
    meta("article:published_time", "") + ld(ARTICLE),
]


@pytest.mark.parametrize("head", DECLARED)
def test_a_declared_date_is_the_date(head: str) -> None:
    published = read(html(head)).published
    assert published is not None
    assert (published.at, published.how) == ("2026-11-24T01:00:00+00:00", "page")


UNDECLARED = [
    "",
    meta("article:modified_time", "2026-11-24T10:00:00+09:00"),
    meta("og:updated_time", "2026-11-24T10:00:00+09:00"),
    meta("article:published_time", "today"),
    ld({"@type": "NewsArticle", "dateModified": "2026-11-24"}),
    ld({"@type": "Event", "datePublished": "2026-11-24"}),
    ld({"@type": "NewsArticle", "datePublished": ["2026-11-24"]}),
    ld({"@type": "ItemList", "itemListElement": [ARTICLE]}),  # related articles
]


@pytest.mark.parametrize("head", UNDECLARED)
def test_no_date_is_guessed_from_text_address_or_changes(head: str) -> None:
    assert (
        read(html(head, f"<article><p>2026-11-24 {TEXT}</p><time>2026-11-24</time><p>{TEXT}</p></article>")).published
        is None
    )


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("", "empty"),
        (" \n", "empty"),
        (html("", "<p>Short.</p>"), "no article"),
        ("<html><body><div id=app></div><script src=x></script></body></html>", "no article"),
        ("not html at all", "no article"),
        ("x" * 5_000_001, "longer than"),
        ("<p>" * 40_000, "elements"),
    ],
)
def test_where_there_is_no_article_the_reason_is_told(page: str, reason: str) -> None:
    outcome = read_article(page, "https://n.example/", "KR")
    assert isinstance(outcome, NoArticle)
    assert reason in outcome.reason


def fetched(content: str, media_type: str = "text/html") -> Page:
    return Page("https://n.example/a", 200, {}, content.encode(), content, media_type)


def test_a_fetched_page_gives_its_text_or_an_error_for_the_runner() -> None:
    assert "정상회의를" in page_text(fetched(html()))
    with pytest.raises(SourceError, match="no article") as caught:
        page_text(fetched("<p>Short</p>"))
    assert caught.value.status == "wrong_content"
    with pytest.raises(SourceError, match="application/pdf"):
        article_of(fetched("%PDF", "application/pdf"), "KR")


def test_a_deeply_nested_declaration_is_harmless() -> None:
    page = LexborHTMLParser(f'<script type="application/ld+json">{"[" * 50_000}{"]" * 50_000}</script>')
    assert page_date(page, "KR") is None


@given(st.text(max_size=500) | st.text(max_size=200).map(lambda t: html(t, f"<article><p>{t}{TEXT}</p></article>")))
def test_no_page_breaks_the_reader(page: str) -> None:
    outcome = read_article(page, "https://n.example/", "KR")
    if isinstance(outcome, Article):
        assert "\0" not in outcome.text
        outcome.text.encode()


@pytest.mark.parametrize("pile", ["<div>", "<b>", "<table><tr><td>", "<ul><li>", "<p>x", "<script>", "<a href='"])
def test_no_pile_of_one_part_takes_long(pile: str) -> None:
    began = time.monotonic()
    for times in (5_000, 100_000):
        read_article(f"<html><body>{pile * times}{TEXT}", "https://n.example/", "KR")
    assert time.monotonic() - began < 30

"""Exports of Factiva as HTML."""

from __future__ import annotations

from pathlib import Path

import pytest

from collectors.files.read import open_file
from corpus.model import Document, Refusal

HEAD = '<html><head><meta charset="UTF-8"><style>p { x: y }</style><title>Factiva</title></head><body>\n'
ARTICLE = """<div id="article-NURI000020260528ee5s0001a" class="article"><div class="article {code}Article"><p>
</p><div>Foreign Desk; 1</div>
<div id="hd"><span class="{code}Headline">정상들, <b>아세안</b>을 말하다  </span>
</div><div class="author">By Hong  </div><div>Special to Nuri</div>
<div>{words}</div><div>{date}</div>{time}<div>{source}</div><div>NURI</div><div>Late Edition</div><div>1</div>
<div>Korean</div><div>Copyright 2026 Nuri</div>
<p></p>
<p class="articleParagraph {code}articleParagraph">서울 &amp; 하노이 -- 정상<b>회의</b>  </p>
<p class="articleParagraph {code}articleParagraph">둘째 문단.</p>
<p>Nuri Media</p><p>Document NURI000020260528ee5s0001a</p></div></div><br>
"""
SOURCES = '["The Nuri Times"]\noutlet = "누리타임스"\ncountry = "KR"\n'


def article(**changes: str) -> str:
    said = {"code": "ko", "words": "1,355 words", "date": "28 May 2026", "time": "", "source": "The Nuri Times"}
    return ARTICLE.format(**(said | changes))


def read(folder: Path, *articles: str, sources: str | None = SOURCES) -> list[object]:
    path = folder / "export.html"
    path.write_text(HEAD + "".join(articles) + "</body></html>", encoding="utf-8")
    if sources is not None:
        (folder / "export.html.sources.toml").write_text(sources, encoding="utf-8")
    return list(open_file(path).records())


def test_an_article(tmp_path: Path) -> None:
    (found,) = read(tmp_path, article())
    assert isinstance(found, Document)
    assert found.keys == ("id:factiva:NURI000020260528ee5s0001a",)
    assert found.outlet.id == "KR:누리타임스"
    assert found.title == "정상들, 아세안을 말하다"
    assert found.body == "서울 & 하노이 -- 정상회의\n둘째 문단."
    assert found.language == "ko"
    assert found.published
    assert found.published.day == "2026-05-28"
    assert open_file(tmp_path / "export.html").kind == "factiva"


@pytest.mark.parametrize("time", ["<div>09:30</div>", "<div>09:30 GMT</div>"])
def test_a_time_may_stand_after_the_date(tmp_path: Path, time: str) -> None:
    (found,) = read(tmp_path, article(time=time))
    assert isinstance(found, Document)
    assert found.outlet.name == "누리타임스"


@pytest.mark.parametrize("words", ["877 Wörter", "355 mots", "1684 字", "512 단어"])
def test_the_number_of_words_may_be_in_other_languages(tmp_path: Path, words: str) -> None:
    (found,) = read(tmp_path, article(words=words))
    assert isinstance(found, Document)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"source": "Le Journal"}, "missing country"),
        ({"date": "28 Fevereirinho 2026"}, "unreadable date"),
        ({"words": "long"}, "article of another form"),
        ({"time": "<div>once</div><div>upon</div>"}, "article of another form"),
    ],
)
def test_a_broken_article_is_refused_alone(tmp_path: Path, changes: dict[str, str], reason: str) -> None:
    refused, taken = read(tmp_path, article(**changes), article())
    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.line) == (reason, 1)
    assert isinstance(taken, Document)


def test_without_a_headline_it_is_refused(tmp_path: Path) -> None:
    (refused,) = read(tmp_path, article().replace("koHeadline", "x"))
    assert isinstance(refused, Refusal)
    assert refused.reason == "missing title"


def test_without_an_accession_number_it_is_known_by_its_title(tmp_path: Path) -> None:
    (found,) = read(tmp_path, article().replace("NURI000020260528ee5s0001a", ""))
    assert isinstance(found, Document)
    assert found.keys[0].startswith("id:factiva-row:")

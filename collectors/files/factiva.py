"""Exports of Factiva as HTML ("article format").

What stands around an article has no names: after the number of words come its date,
perhaps a time, its source, the source's code and more. The language is in the
article's class (``enArticle``). Which country a source is of stands in the file
beside it, see `collectors.files.outlets`. Dates are in the language of whoever saved
the file; one in a language narra can't read is refused. Licences normally forbid
passing the text on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO, Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from collectors.dates import read_date
from collectors.files.fields import required, shown, text_of
from collectors.files.form import Parse, Row
from collectors.files.lines import Cursor, Sample, printable
from collectors.files.outlets import Outlets, row_key
from collectors.markup import clean
from corpus.calendar import Published
from corpus.errors import FileProblemError, RecordError
from corpus.language import normalise_language
from corpus.model import Document

LARGEST: Final = 200_000_000
_IN_SAMPLE: Final = re.compile(rb"""<div[^>]{0,200}class=["']article [a-z]{2}(?:_[a-z]{2})?Article["' ]""")
_CLASS: Final = re.compile(r"(?:^|\s)([a-z]{2})(?:_[a-z]{2})?Article(?:\s|$)")
_WORDS: Final = re.compile(
    r"\d[\d.,\s]*\s?(?:words|mots|Wörter|palabras|parole|語|palavras|слов|字|단어|kata)", re.IGNORECASE
)
_TIME: Final = re.compile(r"\d{1,2}:\d{2}(?:\s?\S{1,5})?", re.ASCII)
_CODE: Final = re.compile(r"[A-Z0-9]{2,12}", re.ASCII)
_ACCESSION: Final = re.compile(r"(?:article-|\s|^)([A-Z0-9]{6}\d{8}[a-z0-9]{6,12})$", re.ASCII)


def recognise(sample: Sample) -> Parse | None:
    """Give the parser where a ``div`` is an article of Factiva's.

    Raises:
        FileProblemError: the file beside it says something it may not.
    """
    if not _IN_SAMPLE.search(sample.head):
        return None
    return partial(parse, outlets=Outlets(sample.path), source=printable(sample.path.name))


def parse(stream: BinaryIO, cursor: Cursor, *, outlets: Outlets, source: str) -> Iterator[Row]:
    """Read the articles; the number of an article stands for its line.

    Raises:
        FileProblemError: the file is too large to be read.
    """
    content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise FileProblemError(f"{source} is larger than {LARGEST:,} bytes. Export it in parts.")
    parser = LexborHTMLParser(content.decode("utf-8", "replace"))
    for node in parser.css('div[class*="Article"]'):
        match = _CLASS.search(node.attributes.get("class") or "")
        if not match:
            continue
        cursor.line += 1
        try:
            yield cursor.line, document_of(node, match[1], outlets, source)
        except RecordError as error:
            yield cursor.line, error


def document_of(node: LexborNode, language: str, outlets: Outlets, source: str) -> Document:
    """Make a document of one article.

    Args:
        node: the article.
        language: of its class.
        outlets: tells the outlet by the source's name.
        source: kept with the document.

    Raises:
        RecordError: a part isn't where it should be, or its country isn't known.
    """
    date, name = date_and_source(node)
    outlet = outlets.outlet(name)
    title = required("title", text_of("title", _text(node.css_first('span[class*="Headline"]'))))
    published = _published(date, outlet.country)
    accession = _accession(node)
    return Document(
        keys=(f"id:factiva:{accession}",) if accession else (row_key("factiva", outlet, published.day, title),),
        source=source,
        outlet=outlet,
        kind="news",
        language=outlets.language(name, normalise_language(language)),
        title=title,
        body=text_of("body", "\n".join(filter(None, map(_text, node.css('p[class*="articleParagraph"]'))))),
        published=published,
    )


def date_and_source(node: LexborNode) -> tuple[str, str]:
    """Give an article's date and the name of its source, by their place after the number of words.

    Raises:
        RecordError: there is no number of words, or too little after it.
    """
    texts = [_text(part) for part in node.css("div") if not part.attributes]
    place = next((place for place, text in enumerate(texts) if _WORDS.fullmatch(text)), None)
    if place is None:
        raise RecordError("article of another form", "nothing says how many words it has")
    after = [text for text in texts[place + 1 :] if text]
    if len(after) > 1 and _TIME.fullmatch(after[1]):
        del after[1]
    if len(after) < 3 or not _CODE.fullmatch(after[2]):  # noqa: PLR2004 date, source, its code
        raise RecordError("article of another form", f"no date, source and code in {shown(after[:4])}")
    return after[0], after[1]


def _accession(node: LexborNode) -> str:
    outer = node.parent.attributes.get("id") if node.parent else None
    paragraphs = node.css("p")
    for text in (outer or "", _text(paragraphs[-1]) if paragraphs else ""):
        if match := _ACCESSION.search(text):
            return match[1]
    return ""


def _text(node: LexborNode | None) -> str:
    return " ".join(clean(node.text(separator="")).split()) if node else ""


def _published(text: str, country: str) -> Published:
    published = read_date(text, country, "stated")
    if published is None:
        raise RecordError("unreadable date", f"{shown(text)}; save the articles with Factiva in English")
    return published

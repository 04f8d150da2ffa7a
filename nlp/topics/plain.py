"""A document's own words: without bylines, HTML, addresses, its outlet's name and the lines its outlet always prints.

Left in, they make the largest topics: of a news agency's reporters, of a ministry's letterhead.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from corpus.boilerplate import undressed
from nlp.topics.records import Text

Own = Mapping[str, frozenset[str]]
"""What each outlet prints in many of its documents, by the outlet's name."""

_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.-]+")
_TAG: Final = re.compile(r"<!--.*?-->|</?[a-zA-Z][^<>]{0,2000}(?:>|$)", re.DOTALL)
_REPORTER: Final = re.compile(r"[가-힣]{2,4}\s?(?:수습|인턴|객원)?\s?(?:기자|특파원|앵커)(?![가-힣])")
_LINE: Final = re.compile(r"\n+|(?<=[.!?။។。])\s+")
_NAME: Final = 3  # a shorter outlet's name may be a word of the language
_LONGEST_LINE: Final = 300

TIMES: Final = 8
"""A line in so many documents of one outlet is the outlet's (as `corpus.twins.COMMON`)."""


def own_lines(texts: Iterable[Text], reach: int) -> Own:
    """Give the lines and sentences that come in many documents of an outlet, by outlet.

    Args:
        texts: all of a corpus: only many of an outlet's documents show what it always prints.
        reach: characters of each body.
    """
    times: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    # A text that came many times is a copy; only what different texts share is the outlet's.
    for outlet, body in dict.fromkeys((text.outlet, undressed(text.body)[:reach]) for text in texts):
        for line in set(_lines(body)):
            if len(line) <= _LONGEST_LINE:
                times[outlet][line] += 1
    found = {outlet: frozenset(line for line, n in lines.items() if n >= TIMES) for outlet, lines in times.items()}
    return {outlet: lines for outlet, lines in sorted(found.items()) if lines}


def plain_text(text: Text, reach: int, own: Own) -> str:
    """Give what a document says itself: its title and the beginning of its body.

    Args:
        text: the document.
        reach: characters of the body.
        own: what its outlet and others print in many documents.
    """
    body = undressed(text.body)[:reach]
    lines = own.get(text.outlet)
    kept = "\n".join(line for line in _lines(body) if line not in lines) if lines else body
    return _cleaned(f"{text.title}\n{kept}", text.outlet)


def _cleaned(text: str, outlet: str) -> str:
    if "<" in text or "&" in text:  # some feeds bring their excerpts as HTML, cut anywhere
        text = html.unescape(_TAG.sub(" ", html.unescape(text)))
    text = _REPORTER.sub(" ", _ADDRESS.sub(" ", text))
    return text.replace(outlet, " ") if len(outlet) >= _NAME else text


def _lines(body: str) -> list[str]:
    return [line for part in _LINE.split(body) if (line := part.strip())]

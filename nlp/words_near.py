"""Words around the names: what stands in the sentences that name a target, counted so that no measure reads a text.

A document's sentences that name a target are cut into words (`nlp.segment`). Left out are

* the names themselves: every name the lexicon knows, of any state or organisation;
* words that say nothing, by lists of each language (`nlp.topics.stopwords`);
* bylines, copyright lines and related links (`corpus.boilerplate`), addresses, and the outlet's own name.

Korea's narrative is read around ASEAN, the region and each member; ASEAN's around
ASEAN and the region only: its outlets name their own country in most sentences.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from typing import Final

from corpus.boilerplate import undressed
from corpus.errors import NoAnswerError, SettingsError
from corpus.model import LANGUAGES, MEMBERS
from corpus.store import NearText, Store
from corpus.targets import NAMED_CLASSES
from nlp.segment import BY_ICU, segmenter
from nlp.sentences import sentence_ends
from nlp.topics.stopwords import said

TARGETS: Final[Mapping[str, tuple[str, ...]]] = {"korea": ("ASEAN", "SEA", *MEMBERS), "asean": ("ASEAN", "SEA")}
RULE: Final = "1"
"""Raise it when what counts as a word near a name changes: all texts are then read again."""

BATCH: Final = 200
# Stands in a name's place, so that what is glued to the name (Korean particles) is still seen for what it is.
# No language has such a word.
_STAND_IN: Final = "Xqxq"
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.-]+")
_SHORTEST_NAME: Final = 3  # a shorter outlet's name may be a word of the language
_LIBRARIES: Final = {"ko": "kiwipiepy", "th": "pythainlp", **dict.fromkeys(BY_ICU, "icu4py")}

_Span = tuple[int, int]


def near(given: NearText) -> dict[str, Counter[str]]:
    """Count a document's words around each target that it names.

    Args:
        given: a text with its mentions.

    Returns:
        for each target named in a sentence with words, how often each word stands there.

    Raises:
        NoAnswerError, SettingsError: as `nlp.segment.segmenter`.
    """
    text, found = given.text, defaultdict[str, Counter[str]](Counter)
    for field, content in (("title", text.title), ("body", text.body)):
        own = [mention for mention in given.mentions if mention[0] == field]
        if not own:
            continue
        names = [(start, end) for _, start, end, *_ in own]
        ends = sentence_ends(content)
        first, last = _reported(content) if field == "body" else (0, len(content))
        for number, targets in _named(own, ends, TARGETS[given.narrative]).items():
            begin, stop = max(first, ends[number - 1] if number else 0), min(last, ends[number])
            words = Counter(_words(content, (begin, stop), names, text.language, text.outlet))
            for target in targets:
                found[target] += words
    return {target: words for target, words in found.items() if words}


def _named(
    mentions: list[tuple[str, int, int, str, str, int]], ends: list[int], targets: tuple[str, ...]
) -> dict[int, set[str]]:
    """Give the targets of each sentence that names one."""
    found = defaultdict[int, set[str]](set)
    for _, start, _, entity, form_class, _ in mentions:
        if entity in targets and form_class in NAMED_CLASSES:
            found[min(bisect_right(ends, start), len(ends) - 1)].add(entity)
    return found


def _reported(body: str) -> _Span:
    """Give where the outlet's own report begins and ends, without what stands around it."""
    plain = undressed(body)
    first = body.find(plain)
    return (first, first + len(plain)) if first >= 0 else (0, len(body))


def _words(content: str, sentence: _Span, names: list[_Span], language: str, outlet: str) -> list[str]:
    plain = _ADDRESS.sub(" ", _without_names(content, sentence, names, glued=language == "ko"))
    own = outlet.partition(":")[2]
    if len(own) >= _SHORTEST_NAME:
        plain = plain.replace(own, " ")
    words = said(segmenter(language)(plain), language)
    return [word for word in words if _STAND_IN.casefold() not in word]


def _without_names(content: str, sentence: _Span, names: list[_Span], *, glued: bool) -> str:
    """Write a sentence with the stand-in for each name; glued to what follows only where the language glues."""
    first, last = sentence
    inside = [(start, end) for start, end in names if start < last and end > first]
    places = [first, *(place for span in inside for place in span), last]
    parts = [content[start:end] for start, end in list(pairwise(places))[::2]]
    return (_STAND_IN if glued else f" {_STAND_IN} ").join(parts)


def rule(language: str) -> str:
    """Name the rule by which the words of a language are found: ours, and the library's version."""
    library = _LIBRARIES.get(language)
    try:
        return f"{RULE} {library} {version(library)}" if library else RULE
    except PackageNotFoundError:
        return f"{RULE} {library}"


def words_store(store: Store, report: Callable[[int], None] = lambda _: None) -> dict[str, str]:
    """Read the words around names in every text that is new or changed, or was tagged anew.

    Each batch is one transaction: after an interrupt the rest is left to do. A language
    whose words can't be found here is left out and told; nothing else waits for it.

    Args:
        store: open for writing; tagged.
        report: told how many texts each batch read.

    Returns:
        the languages left out, with the reason.
    """
    left_out = {}
    for language in LANGUAGES:
        how = rule(language)
        if not store.count_unread(language, how):
            continue
        try:
            segmenter(language)
        except (NoAnswerError, SettingsError) as error:
            left_out[language] = str(error)
            continue
        last = 0
        while batch := store.unread(language, how, after=last, limit=BATCH):
            store.save_near([(text, near(text)) for text in batch], how)
            last = batch[-1].text.row
            report(len(batch))
    return left_out

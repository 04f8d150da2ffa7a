"""The tagger as a spaCy component, for whoever works with spaCy anyway.

Nothing is registered by importing this module; `register` does it. Then
``nlp.add_pipe("narra_mentions")`` puts the mentions on ``doc.spans["narra"]``:

* the label is the entity, the span's id (``span.id_``) the class of the form;
* a spaCy span is made of whole tokens, and a name need not be (한국은 is one token
  for many tokenizers, all of a Thai sentence for some). So each span is the
  mention *expanded* to the tokens it touches, and the exact offsets stand in
  ``span._.narra_offsets`` and, in the order of the spans, in
  ``doc._.narra_offsets``. They are kept on the span group itself and survive a
  `DocBin` without user data;
* ``doc._.narra_date``, where set before, is the publication date that decides about
  names used for some years only.

The pipeline's own tagging of stored texts uses `nlp.tagger` directly: building a
`Doc` costs some fifty times what tagging does.
"""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup
from spacy.util import DummyTokenizer, get_lang_class, registry
from spacy.vocab import Vocab

from corpus.errors import InputError
from nlp.lexicon.build import ALL
from nlp.tagger import Tagger

NAME: Final = "narra_mentions"
KEY: Final = "narra"
_LANGUAGE_META: Final = "narra_language"
_SPACY_CODES: Final = {"fil": "tl", "zh-Hans": "zh", "zh-Hant": "zh"}
_ANY_LANGUAGE: Final = "xx"
_Cut = Callable[[str], Iterable[int]]


def register() -> None:
    """Make the component, the tokenizers and the attributes known to spaCy; again does no harm."""
    if not Language.has_factory(NAME):
        defaults = {"language": "", "lexicon": None, "inside": False}
        Language.factory(NAME, default_config=defaults, func=_make, assigns=["doc.spans"])
    registry.tokenizers.register("narra.Korean.v1", func=_korean)
    registry.tokenizers.register("narra.Thai.v1", func=_thai)
    Doc.set_extension("narra_date", default=None, force=True)
    Doc.set_extension("narra_offsets", getter=_all_offsets, force=True)
    Span.set_extension("narra_offsets", getter=_offsets, force=True)


def blank(language: str) -> Language:
    """Make an empty pipeline with the tokenizer that suits a language of ours.

    Korean is cut into morphemes by kiwipiepy and Thai into words by PyThaiNLP, both
    of the extra ``morphology``. Languages spaCy lacks (Burmese, Khmer, Lao, Tetum,
    Javanese) get its tokenizer for any language, which cuts at spaces and signs.

    Args:
        language: CLDR code.

    Raises:
        InputError: the language needs the extra ``morphology``, which is not installed.
    """
    register()
    tokenizers: dict[str, dict[str, Any]] = {
        "ko": {"@tokenizers": "narra.Korean.v1"},
        "th": {"@tokenizers": "narra.Thai.v1"},
        "vi": {"use_pyvi": False},
    }
    config = {"nlp": {"tokenizer": tokenizers[language]}} if language in tokenizers else {}
    nlp = spacy.blank(_spacy_code(language), config=config)
    # "km" is no language to spaCy; the component must know it all the same.
    nlp.meta[_LANGUAGE_META] = language
    return nlp


def _spacy_code(language: str) -> str:
    code = _SPACY_CODES.get(language, language)
    try:
        get_lang_class(code)
    except ImportError:
        return _ANY_LANGUAGE
    return code


# -- the component -----------------------------------------------------------


class Mentions:
    """Puts the tagger's mentions on a document.

    Attributes:
        language: whose lexicon is used.
        lexicon: a folder of lexicon files, or None for the project's own.
        inside: whether names inside other proper names are put there too.
    """

    def __init__(self, language: str, lexicon: str | None, *, inside: bool) -> None:
        self.language = language
        self.lexicon = lexicon
        self.inside = inside
        self._tagger = _tagger(lexicon)

    def __call__(self, doc: Doc) -> Doc:
        """Put the mentions on ``doc.spans["narra"]``."""
        text = doc.text
        mentions = self._tagger.tag(text, self.language, doc._.narra_date, inside=self.inside)
        # Expanded to whole tokens, any stretch of the text is a span: none of these is None.
        spans = [
            span
            for m in mentions
            if (span := doc.char_span(m.start, m.end, label=m.entity, span_id=m.form_class, alignment_mode="expand"))
        ]
        offsets = [[m.start, m.end] for m in mentions]
        doc.spans[KEY] = SpanGroup(doc, name=KEY, spans=spans, attrs={"offsets": offsets})
        return doc

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle what it was made from: the automaton cannot be pickled, and is quickly made anew."""
        return _again, (self.language, self.lexicon, self.inside)


@cache
def _tagger(lexicon: str | None) -> Tagger:
    """Give one tagger to all pipelines: compiling a language takes seconds."""
    return Tagger.load(Path(lexicon) if lexicon else None)


def _again(language: str, lexicon: str | None, inside: bool) -> Mentions:  # noqa: FBT001 pickle passes by position
    register()
    return Mentions(language, lexicon, inside=inside)


def _make(nlp: Language, name: str, language: str, lexicon: str | None, inside: bool) -> Mentions:  # noqa: ARG001, FBT001 spaCy's call
    known = language or str(nlp.meta.get(_LANGUAGE_META, "")) or str(nlp.lang)
    return Mentions(ALL if known == _ANY_LANGUAGE else known, lexicon, inside=inside)


def _all_offsets(doc: Doc) -> list[tuple[int, int]]:
    if KEY not in doc.spans:
        return []
    return [(int(start), int(end)) for start, end in doc.spans[KEY].attrs["offsets"]]


def _offsets(span: Span) -> tuple[int, int] | None:
    """Give the offsets of the mention a span of the group stands for; None for any other span.

    Two mentions of one entity and class within one token are one span twice; this gives
    the first of them.
    """
    found = zip(span.doc.spans.get(KEY, ()), _all_offsets(span.doc), strict=True)
    return next((offsets for other, offsets in found if _same(span, other)), None)


def _same(one: Span, other: Span) -> bool:
    return (one.start, one.end, one.label, one.id) == (other.start, other.end, other.label, other.id)


# -- tokenizers --------------------------------------------------------------


class CuttingTokenizer(DummyTokenizer):
    """A tokenizer made of a function that says where to cut; the document's text is the text, letter for letter."""

    def __init__(self, vocab: Vocab, cut: _Cut) -> None:
        self.vocab = vocab
        self._cut = cut

    def __call__(self, text: str) -> Doc:
        """Make a document of the text."""
        words, spaces = pieces(text, self._cut(text))
        return Doc(self.vocab, words=words, spaces=spaces)


def pieces(text: str, cuts: Iterable[int]) -> tuple[list[str], list[bool]]:
    """Cut a text into spaCy's words and their following spaces.

    White space is always cut off; one plain space after a word becomes the word's,
    any more is a word of its own, as spaCy has it.

    Args:
        text: any text.
        cuts: positions to cut at, in any order.

    Returns:
        words, and for each whether a space follows; joined, they are the text.
    """
    at = {0, len(text), *(c for c in cuts if 0 < c < len(text))}
    at |= {place for place in range(1, len(text)) if text[place - 1].isspace() != text[place].isspace()}
    words: list[str] = []
    spaces: list[bool] = []
    places = sorted(at)
    for first, last in itertools.pairwise(places):
        piece = text[first:last]
        if piece.startswith(" ") and words and not spaces[-1] and not words[-1].isspace():
            spaces[-1] = True
            piece = piece[1:]
        if piece:
            words.append(piece)
            spaces.append(False)
    return words, spaces


def _korean() -> Callable[[Language], CuttingTokenizer]:
    kiwi = _extra("kiwipiepy", "Korean").Kiwi()

    def cut(text: str) -> Iterable[int]:
        # Contracted morphemes (한다 = 하 + ᆫ다) share letters; a cut within a letter is none.
        return {place for token in kiwi.tokenize(text) for place in (token.start, token.end)}

    return lambda nlp: CuttingTokenizer(nlp.vocab, cut)


def _thai() -> Callable[[Language], CuttingTokenizer]:
    words = _extra("pythainlp.tokenize", "Thai").word_tokenize

    def cut(text: str) -> Iterable[int]:
        at = 0
        for word in words(text, engine="newmm", keep_whitespace=True, join_broken_num=False):
            at += len(word)
            yield at

    return lambda nlp: CuttingTokenizer(nlp.vocab, cut)


def _extra(module: str, language: str) -> Any:  # noqa: ANN401 whatever the library's module holds
    try:
        return importlib.import_module(module)
    except ImportError:
        raise InputError(
            f"{language} needs {module.partition('.')[0]}, which is not installed. "
            "Install narra with the extra `morphology`: uv sync --extra morphology"
        ) from None

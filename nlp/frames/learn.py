"""Learning further words of frames from a corpus that only the seeds have labelled.

As newsmap does (Watanabe 2018, Newsmap: a semi-supervised approach to geographical
news classification, Digital Journalism 6(3), 294–309): the seeds label what they can;
every word's association with a frame is the logarithm of the ratio of its smoothed
relative frequency in texts of that frame to that in all others. Words that go with a
frame often enough, and hardly with others, join it, with a weight below a seed's.

The ends of the scales are learned as Latent Semantic Scaling does (Watanabe 2021,
Latent Semantic Scaling, Communication Methods and Measures 15(2), 81–102): a word's
polarity is its mean cosine to the seeds of one end less that to the other's, in the
space of a truncated singular value decomposition of texts × words.

Deterministic: equal texts in any order give an equal model. Names of countries and
the seeds themselves are masked, so that no country becomes a frame's word and no
seed counts twice.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import svds

from corpus.errors import NoAnswerError
from nlp.frames.framer import Framer
from nlp.frames.learned import Learned, LearnedWord
from nlp.frames.model import FRAMES, NONE, SCALES, Piece, seed_language
from nlp.frames.units import units

Spans = Sequence[tuple[int, int]]
Names = Callable[[str, str], Spans]
Matrix = npt.NDArray[np.float64]


class Text(NamedTuple):
    """A document to learn from."""

    language: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Settings:
    """How learning is done; kept with the model.

    Attributes:
        lead: how many characters of a body are read: news says early what it is about.
        labelled: the fewest texts the seeds must have labelled.
        documents: the fewest texts that must hold a word.
        share: the smallest share of a word's labelled texts that must be in its frame.
        smooth: added to every count (newsmap's default is 1).
        words: the most words a frame, or an end of a scale, learns.
        cap: the weight of the strongest word; a seed's is 1.
        dimensions: of the space of the scales.
        polarity: the smallest polarity of a word of a scale, in standard deviations.
    """

    lead: int = 600
    labelled: int = 300
    documents: int = 10
    share: float = 0.6
    smooth: float = 1.0
    words: int = 100
    cap: float = 0.5
    dimensions: int = 100
    polarity: float = 3.0


DEFAULT: Final = Settings()
_STRONG: Final = 4.0  # a likelihood ratio of e**4, about 55, has the full weight


def learn(
    framer: Framer, texts: Iterable[Text], names: Names = lambda _text, _language: (), settings: Settings = DEFAULT
) -> tuple[Learned, dict[str, str]]:
    """Learn words for every language of some texts.

    Args:
        framer: with seeds only.
        texts: of any languages that there are seeds for; others are passed over.
        names: gives the spans of names in a text of a language, which are not learned from.
        settings: see `Settings`.

    Returns:
        the model, and for each language that could not be learned the reason.
    """
    by_language: dict[str, list[Text]] = {}
    for text in texts:
        if framer.knows(text.language):
            by_language.setdefault(seed_language(text.language), []).append(text)
    words: dict[str, tuple[LearnedWord, ...]] = {}
    corpus: dict[str, dict[str, int]] = {}
    refused: dict[str, str] = {}
    for language in sorted(by_language):
        try:
            words[language], corpus[language] = learn_language(framer, language, by_language[language], names, settings)
        except NoAnswerError as error:
            refused[language] = str(error)
    numbers = {key: float(value) for key, value in asdict(settings).items()}
    return Learned(words, corpus, framer.seeds.version, numbers), refused


def learn_language(
    framer: Framer,
    language: str,
    texts: Iterable[Text],
    names: Names = lambda _text, _language: (),
    settings: Settings = DEFAULT,
) -> tuple[tuple[LearnedWord, ...], dict[str, int]]:
    """Learn the words of one language.

    Returns:
        the words (by label, the heaviest first), and how many texts were read and labelled.

    Raises:
        NoAnswerError: the seeds labelled too few texts to learn from.
    """
    read = [_read(framer, language, text, names, settings.lead) for text in _distinct(texts)]
    labelled = [text for text in read if text.frame != NONE]
    if len(labelled) < settings.labelled:
        raise NoAnswerError(
            f"Too few texts to learn frames in {language!r}: the seeds labelled {len(labelled)} of {len(read)}, "
            f"and {settings.labelled} are needed. The seeds alone are used; collect more, or go on without."
        )
    documents = Counter(unit for text in read for unit in text.units)
    known = {unit for unit, count in documents.items() if count >= settings.documents}
    found = [*_of_frames(labelled, known, documents, settings), *_of_scales(framer, read, known, documents, settings)]
    words = tuple(sorted(found, key=lambda word: (word.label, -word.weight, word.form)))
    return words, {"documents": len(read), "labelled": len(labelled)}


# -- reading -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Read:
    frame: str
    units: frozenset[str]
    ends: Counter[str] = field(default_factory=Counter)


def _distinct(texts: Iterable[Text]) -> list[Text]:
    """Give each text once, in an order of their own: neither copies nor order may decide."""
    return sorted(set(texts))


def _read(framer: Framer, language: str, text: Text, names: Names, lead: int) -> _Read:
    content = f"{text.title}\n{text.body[:lead]}"
    framing = framer.frame([Piece("body", 0, content)], language)
    masked = [
        *names(content, language),
        *((hit.start, hit.end) for hit in framer.finder(language).find(content)),
    ]
    free = _free(len(content), masked)
    kept = frozenset(u.form for u in units(content, language) if all(free[u.start : u.end]))
    return _Read(framing.frame, kept, Counter(f"§{e.label}§{e.form}" for e in framing.scale_evidence))


def _free(length: int, masked: Iterable[tuple[int, int]]) -> bytearray:
    free = bytearray(b"\x01") * length
    for start, end in masked:
        free[start:end] = bytes(end - start)
    return free


# -- frames --------------------------------------------------------------------


def _of_frames(
    labelled: Sequence[_Read], known: set[str], documents: Mapping[str, int], settings: Settings
) -> Iterator[LearnedWord]:
    counts: dict[str, Counter[str]] = {frame: Counter() for frame in FRAMES}
    for text in labelled:
        counts[text.frame].update(text.units & known)
    total: Counter[str] = Counter()
    for of_frame in counts.values():
        total.update(of_frame)
    for frame, of_frame in counts.items():
        ratios = association(of_frame, total, len(known), settings.smooth)
        chosen = [
            (ratio, word)
            for word, ratio in ratios.items()
            if ratio > 0 and of_frame[word] >= settings.documents / 2 and of_frame[word] >= settings.share * total[word]
        ]
        chosen.sort(key=lambda pair: (-pair[0] * math.log(1 + of_frame[pair[1]]), pair[1]))
        for ratio, word in _not_within(chosen, documents)[: settings.words]:
            yield LearnedWord(word, frame, _weight(ratio / _STRONG, settings.cap), documents[word])


def association(
    of_frame: Mapping[str, int], total: Mapping[str, int], vocabulary: int, smooth: float
) -> dict[str, float]:
    """Give each word's association with a frame: newsmap's smoothed log likelihood ratio.

    ``log((n + s) / (N + sV)) - log((m + s) / (M + sV))``, with n of the frame's texts and m of
    all others holding the word, N and M their sums over words, V words, and s the smoothing.

    Args:
        of_frame: n for each word.
        total: n + m for each word; its keys are the words.
        vocabulary: V.
        smooth: s.
    """
    inside = sum(of_frame.values()) + smooth * vocabulary
    outside = sum(total.values()) - sum(of_frame.values()) + smooth * vocabulary
    return {
        word: math.log((of_frame.get(word, 0) + smooth) / inside)
        - math.log((count - of_frame.get(word, 0) + smooth) / outside)
        for word, count in total.items()
    }


def _weight(strength: float, cap: float) -> float:
    return round(cap * min(1.0, strength), 3)


def _not_within(chosen: list[tuple[float, str]], documents: Mapping[str, int]) -> list[tuple[float, str]]:
    """Drop a run that is only ever part of a longer one that was chosen too."""
    forms = {word for _, word in chosen}
    return [
        (ratio, word)
        for ratio, word in chosen
        if not any(word != other and word in other and documents[word] <= documents[other] * 1.1 for other in forms)
    ]


# -- scales ----------------------------------------------------------------------


def _of_scales(
    framer: Framer, read: Sequence[_Read], known: set[str], documents: Mapping[str, int], settings: Settings
) -> Iterator[LearnedWord]:
    seeds = sorted({seed for text in read for seed in text.ends})
    terms = [*sorted(known), *seeds]
    if len(terms) <= settings.dimensions or len(read) <= settings.dimensions:
        return
    vectors = term_vectors([[*(t.units & known), *t.ends] for t in read], terms, settings.dimensions)
    place = {term: number for number, term in enumerate(terms)}
    for scale in SCALES:
        poles = {end.label: end.pole for end in framer.seeds.scales.values() if end.scale == scale}
        own = {label: [place[s] for s in seeds if s.split("§")[1] == label] for label in poles}
        if not all(own.values()):
            continue
        polarity = sum(pole * (vectors @ vectors[own[label]].T).mean(axis=1) for label, pole in poles.items())
        words = np.asarray(polarity)[: len(known)]
        spread = float(words.std())
        if spread == 0:
            continue
        standard = (words - words.mean()) / spread
        for label, pole in poles.items():
            strong = [(float(pole * standard[n]), terms[n]) for n in range(len(known))]
            strong = sorted((-z, word) for z, word in strong if z >= settings.polarity)[: settings.words]
            for z, word in strong:
                yield LearnedWord(word, label, _weight(-z / _STRONG, settings.cap), documents[word])


def term_vectors(texts: Sequence[Iterable[str]], terms: Sequence[str], dimensions: int) -> Matrix:
    """Give each term a vector of length 1 from the truncated decomposition of texts × terms.

    Args:
        texts: the terms of each text, each once.
        terms: all of them, in the order of the rows to return.
        dimensions: how many are kept.

    Returns:
        terms × dimensions; a term that stands in no text has a row of zeros.
    """
    place = {term: number for number, term in enumerate(terms)}
    rows = [(row, place[term]) for row, text in enumerate(texts) for term in sorted(text)]
    frequency = np.bincount([column for _, column in rows], minlength=len(terms))
    idf = np.log(len(texts) / np.maximum(frequency, 1)) + 1.0
    matrix = csr_matrix(
        ([idf[column] for _, column in rows], ([r for r, _ in rows], [c for _, c in rows])),
        shape=(len(texts), len(terms)),
    )
    # A fixed start makes the iteration, and so the result, the same on every run.
    start = np.ones(min(matrix.shape)) / math.sqrt(min(matrix.shape))
    _, values, components = svds(matrix, k=dimensions, v0=start)
    vectors = (components * values[:, None]).T
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Matrix = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return unit

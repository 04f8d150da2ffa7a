"""Fit topics, assign documents to them, and describe them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.errors import NoAnswerError
from nlp.segment import segmenter
from nlp.topics.bags import OF_NONE, Bag, bags_of, random_bags, vocabulary_of
from nlp.topics.bert import Found, modelled
from nlp.topics.clusters import clusters_for, placed
from nlp.topics.coherence import occurrences
from nlp.topics.plain import Own, own_lines
from nlp.topics.pretrained import pretrained
from nlp.topics.records import LEXICAL, OUTLIER, Assignment, Progress, Quality, Settings, Text, Topic, silent
from nlp.topics.vectors import Floats, lexical
from nlp.topics.wording import worded

_FEWEST_WORDS: Final = 3
_SMALLEST_VOCABULARY: Final = 20
_DRAWN: Final = 1000
_SHOWN: Final = 5
_PER_TOPIC: Final = 5
_LIBRARIES: Final = ("bertopic", "scikit-learn", "scipy", "numpy", "kiwipiepy", "pythainlp", "icu4py", "model2vec")


class Embedding(Protocol):
    """What turns documents into vectors."""

    @property
    def name(self) -> str:
        """As in the settings."""

    @property
    def aligns(self) -> bool:
        """Whether texts of several languages lie in one space."""

    def vectors(self, bags: Sequence[Bag]) -> Floats:
        """Give documents × dimensions."""

    def arrays(self) -> Mapping[str, NDArray[np.generic]]:
        """Give what is to be kept."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents, read once for fitting, measuring and assigning.

    Attributes:
        bags: one for each document.
        own: what each outlet prints in many documents.
    """

    bags: tuple[Bag, ...]
    own: Own


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Fitted topics.

    Attributes:
        scope: what they are of, in the caller's words (``korea/ASEAN/ko``).
        settings: they were found with.
        languages: of their documents, sorted.
        embedding: documents to vectors.
        centres: topics × dimensions, in the order of ``topics``.
        floor: a document no nearer than this to a topic is of none.
        vocabulary: the words that may describe topics, and
        weights: topics × words, c-TF-IDF.
        topics: the largest first.
        documents: it was fitted on, without repetitions.
        outliers: how many of these are of no topic.
        unguided: guides with no word in the corpus.
        own: what each outlet prints in many documents.
        versions: of the libraries, and of what the caller adds (the lexicon).
        quality: on held-out text, where it was measured.
    """

    scope: str
    settings: Settings
    languages: tuple[str, ...]
    embedding: Embedding
    centres: Floats
    floor: float
    vocabulary: tuple[str, ...]
    weights: NDArray[np.float32]
    topics: tuple[Topic, ...]
    documents: int
    outliers: int
    unguided: tuple[str, ...]
    own: Own
    versions: tuple[tuple[str, str], ...]
    quality: Quality | None = None


def read(texts: Sequence[Text], settings: Settings, *, own: Own | None = None, progress: Progress = silent) -> Corpus:
    """Read documents: the words of each, without what says nothing.

    Args:
        texts: the documents; one per story, where the caller knows copies.
        settings: of which ``reach`` matters here.
        own: lines of outlets to leave out, of a model; None to look for them in these documents.
        progress: told how far it is.

    Raises:
        NoAnswerError: narra cannot find the words of a language.
        SettingsError: a library for a language is not installed.
    """
    lines = own_lines(texts, settings.reach) if own is None else own
    return Corpus(tuple(bags_of(texts, settings.reach, lines, progress)), lines)


def grouped(texts: Sequence[Text], settings: Settings) -> dict[str, list[Text]]:
    """Put documents into groups that a model each can be fitted on.

    Returns:
        all under ``all`` where the embedding aligns languages; else those of each language under its code.
    """
    groups: dict[str, list[Text]] = {}
    for text in texts:
        groups.setdefault(text.language if settings.embedding in LEXICAL else "all", []).append(text)
    return dict(sorted(groups.items()))


def fit(
    corpus: Corpus,
    settings: Settings,
    *,
    scope: str = "",
    versions: Mapping[str, str] | None = None,
    progress: Progress = silent,
) -> Model:
    """Find the topics of documents. The same documents and settings give the same model.

    Interrupting it leaves nothing behind: it writes no file.

    Args:
        corpus: of one language, unless the embedding aligns several.
        settings: how.
        scope: kept with the model.
        versions: of what made the corpus (the lexicon), kept with the model.
        progress: told what is being done.

    Raises:
        NoAnswerError: the corpus is too small, of too few words, or of several languages that
            this embedding keeps apart.
        SettingsError: the library or model of the embedding is not there.
    """
    languages = tuple(sorted({bag.language for bag in corpus.bags}))
    bags = usable(corpus.bags)
    count = _checked(bags, languages, settings)
    vocabulary = vocabulary_of(bags, settings.common)
    if len(vocabulary) < _SMALLEST_VOCABULARY:
        raise NoAnswerError(
            f"Only {len(vocabulary)} words come in several of the {len(bags)} documents: too few to tell topics apart."
        )
    guides, unguided = _guides(settings, languages, vocabulary)
    progress("embedding", 0, 1)
    embedding = _embedding(settings, bags, vocabulary, guides, count)
    vectors = embedding.vectors(bags)
    drawn = embedding.vectors(random_bags(bags, _DRAWN, settings.seed))
    guiding = embedding.vectors(guides) if guides else np.empty((0, vectors.shape[1]))
    progress("clustering", 0, 1)
    found = modelled(bags, vectors, clusters_for(settings.embedding, count, settings.seed, drawn, guiding), vocabulary)
    if not len(found.centres):
        raise NoAnswerError("No document is nearer to a topic than words drawn by lot: this corpus has no topics.")
    progress("describing", 0, len(found.centres))
    topics = _topics(bags, vectors, found, vocabulary, settings)
    return Model(
        scope,
        settings,
        languages,
        embedding,
        found.centres,
        found.floor,
        vocabulary,
        found.weights,
        _guided(topics, [guide for guide, _ in settings.guides if guide not in unguided], guiding, found),
        len(bags),
        int(np.sum(found.labels == OUTLIER)),
        unguided,
        corpus.own,
        _versions(versions or {}),
    )


def assign(model: Model, texts: Sequence[Text], progress: Progress = silent) -> tuple[Assignment, ...]:
    """Give each document its topic, without fitting anything.

    A document's topic does not depend on what it is assigned with.

    Args:
        model: fitted.
        texts: of the model's languages.
        progress: told how far it is.

    Raises:
        NoAnswerError: a document is of a language the model has not seen.
        SettingsError: a library or the embedding's model is not there.
    """
    return assigned(model, read(texts, model.settings, own=model.own, progress=progress))


def assigned(model: Model, corpus: Corpus) -> tuple[Assignment, ...]:
    """Do the same for documents that have been read (with the model's ``own`` lines)."""
    strange = sorted({bag.language for bag in corpus.bags} - set(model.languages))
    if strange and not model.embedding.aligns:
        raise NoAnswerError(
            f"These topics are of {', '.join(model.languages)}, and cannot tell what a text in "
            f"{', '.join(strange)} is about. Fit topics for it."
        )
    if not corpus.bags:
        return ()
    labels, scores = placed(model.embedding.vectors(corpus.bags), model.centres, model.floor)
    ids = [topic.id for topic in model.topics]
    return tuple(
        Assignment(bag.row, ids[label] if label > OUTLIER else OUTLIER, float(score))
        for bag, label, score in zip(corpus.bags, labels.tolist(), scores.tolist(), strict=True)
    )


def describe(model: Model) -> tuple[Topic, ...]:
    """Give the topics, the largest first."""
    return model.topics


def topics_wanted(settings: Settings, documents: int) -> int:
    """Give how many topics to look for: as set, or the root of half the documents, from 5 to 100."""
    if settings.topics is not None:
        return settings.topics
    return min(100, max(5, round(math.sqrt(documents / 2))))


def usable(bags: Sequence[Bag]) -> list[Bag]:
    """Leave out what has hardly a word, and all but one of documents with the very same words."""
    first: dict[tuple[str, ...], Bag] = {}
    for bag in bags:
        if len(set(bag.words)) >= _FEWEST_WORDS:
            first.setdefault(bag.words, bag)
    return list(first.values())


def _checked(bags: Sequence[Bag], languages: Sequence[str], settings: Settings) -> int:
    if len(languages) > 1 and settings.embedding in LEXICAL:
        raise NoAnswerError(
            f"{settings.embedding} knows words, not meanings: it cannot find topics across {', '.join(languages)}. "
            "Fit each language alone, or use a multilingual embedding (model2vec:<name or folder>)."
        )
    if len(bags) < settings.fewest:
        raise NoAnswerError(
            f"{len(bags)} different documents with words are too few for topics; narra wants {settings.fewest}. "
            "Take a longer period or a wider target, or ask for less with --fewest."
        )
    count = topics_wanted(settings, len(bags))
    if count * _PER_TOPIC > len(bags):
        raise NoAnswerError(
            f"{len(bags)} documents are too few for {count} topics; ask for {len(bags) // _PER_TOPIC} at most."
        )
    return count


def _guides(
    settings: Settings, languages: Sequence[str], vocabulary: tuple[str, ...]
) -> tuple[list[Bag], tuple[str, ...]]:
    """Give the guides as documents, and the names of those with no word in the corpus."""
    known = frozenset(vocabulary)
    bags, without = [], []
    for name, phrases in settings.guides:
        words = {word for language in languages for phrase in phrases for word in segmenter(language)(phrase)}
        here = tuple(sorted(words & known))
        if here:
            bags.append(Bag(OF_NONE, languages[0], here, " ".join(phrases)))
        else:
            without.append(name)
    return bags, tuple(without)


def _embedding(
    settings: Settings, bags: Sequence[Bag], vocabulary: tuple[str, ...], guides: Sequence[Bag], count: int
) -> Embedding:
    if settings.embedding not in LEXICAL:
        return pretrained(settings.embedding, vocabulary)
    return lexical(settings.embedding, bags, vocabulary, guides, topics=count, seed=settings.seed)


def _topics(
    bags: Sequence[Bag], vectors: Floats, found: Found, vocabulary: tuple[str, ...], settings: Settings
) -> list[Topic]:
    _, scores = placed(vectors, found.centres, found.floor)
    spoken: dict[str, list[Bag]] = {}
    for bag in bags:
        spoken.setdefault(bag.language, []).append(bag)
    occurring = {language: occurrences(some, vocabulary) for language, some in sorted(spoken.items())}
    return [
        Topic(
            number + 1,
            worded(found.weights[number].astype(np.float64), vocabulary, occurring, settings.words),
            int(np.sum(found.labels == number)),
            _most(bags, found.labels == number, scores),
        )
        for number in range(len(found.centres))
    ]


def _most(bags: Sequence[Bag], of_topic: NDArray[np.bool_], scores: Floats) -> tuple[int, ...]:
    numbers = np.flatnonzero(of_topic).tolist()
    return tuple(bags[n].row for n in sorted(numbers, key=lambda n: (-scores[n], bags[n].row))[:_SHOWN])


def _guided(topics: Sequence[Topic], names: Sequence[str], guiding: Floats, found: Found) -> tuple[Topic, ...]:
    """Say of each topic which guides led to it: those nearest to it of all topics."""
    led: dict[int, list[str]] = {}
    for name, near in zip(names, (guiding @ found.centres.T).argmax(axis=1).tolist(), strict=True):
        led.setdefault(near, []).append(name)
    return tuple(
        Topic(topic.id, topic.words, topic.size, topic.rows, tuple(led.get(number, ())))
        for number, topic in enumerate(topics)
    )


def _versions(given: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    found = dict(given)
    for library in _LIBRARIES:
        try:
            found[library] = metadata.version(library)
        except metadata.PackageNotFoundError:
            continue
    return tuple(sorted(found.items()))

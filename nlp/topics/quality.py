"""How good the topics of a corpus are, measured on documents the topics were not fitted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from nlp.topics.bags import Bag, indexed
from nlp.topics.coherence import coherence, diversity, occurrences
from nlp.topics.model import Corpus, Model, assigned, fit, usable
from nlp.topics.records import OUTLIER, Progress, Quality, Settings, silent

FITS: Final = 5
_HELD_OUT: Final = 1 / 3


def measured(model: Model, corpus: Corpus, *, fits: int = FITS, progress: Progress = silent) -> Model:
    """Give the same model with its quality.

    Args:
        model: fitted.
        corpus: the documents it was fitted on.
        fits: how many, of which each takes as long as fitting the model.
        progress: told how far it is.
    """
    return replace(model, quality=quality(corpus, model.settings, fits=fits, progress=progress))


def quality(corpus: Corpus, settings: Settings, *, fits: int = FITS, progress: Progress = silent) -> Quality:
    """Measure the topics that these settings find in these documents.

    Args:
        corpus: documents; copies of one story would be told from each other by nothing, so give one per story.
        settings: of which ``seed`` is the first of the seeds.
        fits: how many, at least 2.
        progress: told how far it is.

    Raises:
        NoAnswerError, SettingsError: as `nlp.topics.model.fit`; two thirds of the documents must suffice.
    """
    bags = usable(corpus.bags)
    trials = []
    for number in range(fits):
        progress("measuring", number, fits)
        trials.append(_trial(bags, corpus, replace(settings, seed=settings.seed + number)))
    progress("measuring", fits, fits)
    pairs = [adjusted_rand_score(a.topics, b.topics) for a, b in combinations(trials, 2)]
    values = [trial.coherence for trial in trials]
    return Quality(
        float(np.mean(values)),
        float(np.min(values)),
        float(np.max(values)),
        float(np.mean([trial.diversity for trial in trials])),
        float(np.mean(pairs)) if pairs else float("nan"),
        float(np.mean([trial.outliers for trial in trials])),
        float(np.mean([trial.largest for trial in trials])),
        len(bags) - len(split(bags, settings.seed)[0]),
        float(np.mean([trial.found for trial in trials])),
        fits,
    )


def split(bags: Sequence[Bag], seed: int) -> tuple[list[Bag], list[Bag]]:
    """Hold a third of the documents out, drawn by lot.

    Returns:
        those to fit on, and those held out; each in the order given.
    """
    out = set(np.random.default_rng(seed).permutation(len(bags))[: round(_HELD_OUT * len(bags))].tolist())
    return [bag for n, bag in enumerate(bags) if n not in out], [bag for n, bag in enumerate(bags) if n in out]


def coherences(topics: Sequence[Sequence[str]], held_out: Sequence[Bag]) -> list[float]:
    """Give each topic's coherence in documents: mean NPMI of its words (`nlp.topics.coherence.npmi`)."""
    vocabulary = sorted({word for topic in topics for word in topic})
    index = indexed(vocabulary)
    occurring = occurrences(held_out, vocabulary)
    return [coherence(occurring, [index[word] for word in topic]) for topic in topics]


def described(model: Model) -> list[tuple[str, ...]]:
    """Give the words of each topic, of each language apart, as words of two languages never come together."""
    return [
        words
        for topic in model.topics
        for language in model.languages
        if (words := tuple(word.text for word in topic.words if word.language == language))
    ]


@dataclass(frozen=True, slots=True)
class _Trial:
    coherence: float
    diversity: float
    outliers: float
    largest: float
    found: int
    topics: NDArray[np.int64]


def _trial(bags: Sequence[Bag], corpus: Corpus, settings: Settings) -> _Trial:
    fitted_on, held_out = split(bags, settings.seed)
    model = fit(replace(corpus, bags=tuple(fitted_on)), settings)
    words = described(model)
    of_held_out = [a.topic for a in assigned(model, replace(corpus, bags=tuple(held_out)))]
    sizes = np.unique([topic for topic in of_held_out if topic != OUTLIER], return_counts=True)[1]
    return _Trial(
        float(np.nanmean(coherences(words, held_out))),
        diversity(words),
        of_held_out.count(OUTLIER) / len(of_held_out),
        float(sizes.max() / len(of_held_out)) if len(sizes) else 0.0,
        len(model.topics),
        np.array([a.topic for a in assigned(model, replace(corpus, bags=tuple(bags)))]),
    )

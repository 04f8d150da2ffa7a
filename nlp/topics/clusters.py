"""Which topic a document is nearest to, and from where on it is near none: BERTopic's cluster models."""

from __future__ import annotations

from typing import Any, Final, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.cluster import KMeans

from nlp.topics.records import NMF, OUTLIER
from nlp.topics.vectors import Floats, unit

Labels = NDArray[np.int64]

_STARTS: Final = 3
_CHANCE: Final = 0.5
_PULL: Final = 0.5


class Clusters(Protocol):
    """What BERTopic asks of a cluster model, and what we keep of it."""

    centres_: Floats
    floor_: float
    labels_: Labels

    def fit(self, X: Floats, y: object = None) -> Self:  # noqa: N803 - scikit-learn's name
        """Learn the topics of documents."""

    def predict(self, X: Floats) -> Labels:  # noqa: N803 - scikit-learn's name
        """Give the topics of documents."""


def placed(vectors: Floats, centres: Floats, floor: float) -> tuple[Labels, Floats]:
    """Give each document's topic, and how near it is.

    Args:
        vectors: documents × dimensions.
        centres: topics × dimensions, of length 1.
        floor: a document no nearer than this to any topic is of none.

    Returns:
        the number of the nearest topic or -1, and the nearness: a cosine, or of NMF the
        length of the document along the topic; from 0 to 1.
    """
    near = vectors @ centres.T
    topics = near.argmax(axis=1)
    scores = np.clip(near[np.arange(len(near)), topics], 0.0, 1.0)
    return np.where(scores > floor, topics, OUTLIER), scores


def floor_of(drawn: Floats, centres: Floats) -> float:
    """Give the nearness that half of the documents of random words reach.

    A higher bar left out more (of short Korean texts a third at one in twenty) and made no topic more coherent.

    Args:
        drawn: vectors of documents without a topic.
        centres: of the topics.
    """
    _, scores = placed(drawn, centres, floor=0.0)
    return float(np.quantile(scores, _CHANCE))


class Strongest(ClusterMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn publishes no types
    """Each dimension is a topic (NMF): the strongest one is the document's.

    Args:
        drawn: vectors of documents without a topic.
    """

    def __init__(self, drawn: Floats) -> None:
        self.drawn = drawn

    def fit(self, X: Floats, y: object = None) -> Self:  # noqa: N803 - scikit-learn's name
        """Take the axes as centres."""
        del y
        self.centres_ = np.eye(X.shape[1])
        self.floor_ = floor_of(self.drawn, self.centres_)
        self.labels_ = self.predict(X)
        return self

    def predict(self, X: Floats) -> Labels:  # noqa: N803 - scikit-learn's name
        """Give the topics of documents."""
        return placed(X, self.centres_, self.floor_)[0]


class Spherical(ClusterMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn publishes no types
    """KMeans of directions: the centre with the largest cosine is the document's.

    Args:
        count: of topics.
        seed: of the starts, of which the best is kept.
        drawn: vectors of documents without a topic.
        guides: vectors that draw a topic each; they weigh half as much as an average topic's documents.
    """

    def __init__(self, count: int, seed: int, drawn: Floats, guides: Floats) -> None:
        self.count = count
        self.seed = seed
        self.drawn = drawn
        self.guides = guides

    def fit(self, X: Floats, y: object = None) -> Self:  # noqa: N803 - scikit-learn's name
        """Find the centres."""
        del y
        weights = np.concatenate([np.ones(len(X)), np.full(len(self.guides), _PULL * len(X) / self.count)])
        means = KMeans(self.count, n_init=_STARTS, random_state=self.seed)
        means.fit(np.concatenate([X, self.guides]), sample_weight=weights)
        self.centres_ = unit(means.cluster_centers_.astype(np.float64))
        self.floor_ = floor_of(self.drawn, self.centres_)
        self.labels_ = self.predict(X)
        return self

    def predict(self, X: Floats) -> Labels:  # noqa: N803 - scikit-learn's name
        """Give the topics of documents."""
        return placed(X, self.centres_, self.floor_)[0]


def clusters_for(name: str, count: int, seed: int, drawn: Floats, guides: Floats) -> Clusters:
    """Give the cluster model that goes with an embedding.

    Args:
        name: of the embedding.
        count: of topics.
        seed: of the starts.
        drawn: vectors of documents without a topic.
        guides: vectors that draw a topic each.
    """
    model: Any = Strongest(drawn) if name == NMF else Spherical(count, seed, drawn, guides)
    clusters: Clusters = model
    return clusters

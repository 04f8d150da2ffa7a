"""BERTopic, with every part given and nothing left to its defaults.

| part | here |
|---|---|
| embedding | made before and handed over (`nlp.topics.vectors`, `nlp.topics.pretrained`) |
| reduction | none: the vectors are small already |
| clusters | `nlp.topics.clusters` |
| vectoriser | words as `nlp.segment` found them, each once a document |
| c-TF-IDF | BERTopic's own, without its variants, which were less coherent |
| representation | `nlp.topics.wording`, on the c-TF-IDF |

What BERTopic would do in silence is not asked of it: without an embedding model of its own it
ignores seed topics in clustering. Guides work in our embedding and clusters instead. Nor is its
``transform`` used, which fails where hdbscan is not installed (0.17.4). `import bertopic` takes
seconds, so it is done late.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer

from nlp.topics.bags import Bag
from nlp.topics.clusters import Clusters, Labels
from nlp.topics.records import OUTLIER
from nlp.topics.vectors import Floats


@dataclass(frozen=True, slots=True)
class Found:
    """What BERTopic made of a corpus.

    Attributes:
        labels: of each document a topic from 0, the largest first, or -1.
        centres: topics × dimensions.
        floor: as of the clusters.
        weights: topics × words, c-TF-IDF.
    """

    labels: Labels
    centres: Floats
    floor: float
    weights: NDArray[np.float32]


def modelled(bags: Sequence[Bag], vectors: Floats, clusters: Clusters, vocabulary: Sequence[str]) -> Found:
    """Run BERTopic.

    Args:
        bags: the documents.
        vectors: documents × dimensions.
        clusters: not fitted yet.
        vocabulary: the words that describe topics, each in some document.
    """
    model = bertopic(clusters, vocabulary)
    known = frozenset(vocabulary)
    documents = [" ".join(sorted(set(bag.words) & known)) for bag in bags]
    labels = np.asarray(model.fit_transform(documents, embeddings=vectors)[0], dtype=np.int64)
    order = _order(model, labels)
    weights = model.c_tf_idf_.toarray().astype(np.float32)
    return Found(labels, clusters.centres_[order], clusters.floor_, weights[len(weights) - len(order) :])


def bertopic(clusters: Clusters, vocabulary: Sequence[str]) -> Any:  # noqa: ANN401 - BERTopic publishes no types
    """Give BERTopic with our parts, not fitted yet."""
    with warnings.catch_warnings():
        # BERTopic and what it imports (plotly, pandas) warn of each other's ageing; nothing here uses that.
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", SyntaxWarning)
        from bertopic import BERTopic  # noqa: PLC0415 - takes seconds
        from bertopic.backend import BaseEmbedder  # noqa: PLC0415
        from bertopic.dimensionality import BaseDimensionalityReduction  # noqa: PLC0415
        from bertopic.vectorizers import ClassTfidfTransformer  # noqa: PLC0415
    return BERTopic(
        language=None,
        embedding_model=BaseEmbedder(),
        umap_model=BaseDimensionalityReduction(),
        hdbscan_model=clusters,
        vectorizer_model=CountVectorizer(analyzer=str.split, vocabulary=list(vocabulary)),
        ctfidf_model=ClassTfidfTransformer(bm25_weighting=False, reduce_frequent_words=False),
        representation_model=None,
        nr_topics=None,
        calculate_probabilities=False,
        verbose=False,
    )


def _order(model: Any, labels: Labels) -> list[int]:  # noqa: ANN401 - BERTopic publishes no types
    """Give of each topic the number its cluster had before BERTopic sorted by size."""
    before = {int(new): int(old) for old, new in model.topic_mapper_.get_mappings().items()}
    return [before[topic] for topic in range(int(labels.max()) + 1)] if labels.max() > OUTLIER else []

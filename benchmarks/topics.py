"""Compare narra's topics with scikit-learn's NMF and LDA and with bare BERTopic, in one run.

    uv run python benchmarks/topics.py [--seeds 5] [--corpus ko id th]

All get the same documents (Korean feeds, Tempo, Thai releases), read in the same way, the same
words, the same number of topics, and for each seed the same third of the documents held out.

* coherence: mean NPMI of ten words a topic, in held-out documents (windows of 100 words)
* diversity: share of different words among all topics' words
* stability: mean adjusted Rand index of two seeds' topics, over all documents; each seed has another third held out
* outliers, largest: share of held-out documents in no topic, and in the largest one
* seconds: of one fit, reading apart, the median of the seeds, on all processors. MB: what the fit needed beside
  what was there before

``--identity``: how alike topics of two fits are that are matched, and that are not.

``--across``: topics of the same sentences in two languages (FLORES-200), fitted apart and put beside each other
by frames and names alone. A pair is right when of all the other language's topics it is the one that shares most
sentences; chance is what pairs drawn by lot reach.
"""

from __future__ import annotations

import argparse
import gzip
import json
import multiprocessing
import resource
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from bertopic import BERTopic
from bertopic.backend import BaseEmbedder
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import KMeans
from sklearn.decomposition import NMF, LatentDirichletAllocation, TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import Normalizer

from corpus.model import ENTITIES
from nlp.frames.framer import Framer
from nlp.frames.model import Piece
from nlp.tagger import Tagger
from nlp.topics.across import Side, alignment
from nlp.topics.bags import Bag, random_bags, vocabulary_of
from nlp.topics.bert import bertopic
from nlp.topics.clusters import clusters_for
from nlp.topics.coherence import diversity
from nlp.topics.identity import ENOUGH, likeness
from nlp.topics.model import Corpus, assign, assigned, fit, read, topics_wanted, usable
from nlp.topics.quality import coherences, split
from nlp.topics.records import OUTLIER, Settings, Text
from nlp.topics.vectors import lexical

DATA = Path(__file__).parents[2] / "shared" / "data"
CORPORA = {"ko": "news-kr-rss-2022", "id": "news-id-tempo-2026", "th": "official-thaigov"}
WORDS = 10
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Result:
    """What one model found with one seed: ten words a topic, labels of all documents, seconds."""

    topics: list[list[str]]
    labels: Labels
    seconds: float
    megabytes: float = 0.0


Model = Callable[[Corpus, Sequence[Bag], int], Result]


def narra(embedding: str) -> Model:
    """Give our own interface, with an embedding."""

    def run(corpus: Corpus, fitted_on: Sequence[Bag], seed: int) -> Result:
        start = time.process_time()
        model = fit(replace(corpus, bags=tuple(fitted_on)), Settings(embedding, seed=seed))
        seconds = time.process_time() - start
        labels = np.array([a.topic for a in assigned(model, corpus)])
        return Result([[word.text for word in topic.words] for topic in model.topics], labels, seconds)

    return run


def bare_same_parts(corpus: Corpus, fitted_on: Sequence[Bag], seed: int) -> Result:
    """Run BERTopic with the parts narra gives it, and take its own words."""
    settings = Settings(seed=seed)
    count = topics_wanted(settings, len(fitted_on))
    start = time.process_time()
    vocabulary = vocabulary_of(fitted_on, settings.common)
    embedding = lexical(settings.embedding, fitted_on, vocabulary, [], topics=count, seed=seed)
    vectors = embedding.vectors(fitted_on)
    drawn = embedding.vectors(random_bags(fitted_on, 1000, seed))
    model = bertopic(clusters_for(settings.embedding, count, seed, drawn, np.empty((0, count))), vocabulary)
    model.fit(documents(fitted_on), embeddings=vectors)
    seconds = time.process_time() - start
    return Result(words_of(model), predicted(model, embedding.vectors(corpus.bags)), seconds)


def bare_light(corpus: Corpus, fitted_on: Sequence[Bag], seed: int) -> Result:
    """Run BERTopic as its own light installation would: TF-IDF, SVD, KMeans."""
    start = time.process_time()
    counter, counts = counted(fitted_on)
    weighing = TfidfTransformer().fit(counts)
    model = BERTopic(
        embedding_model=BaseEmbedder(),
        umap_model=TruncatedSVD(100, random_state=seed),
        hdbscan_model=KMeans(topics_wanted(Settings(), len(fitted_on)), n_init=3, random_state=seed),
        vectorizer_model=CountVectorizer(analyzer=str.split, vocabulary=counter.vocabulary_),
    )
    dense = Normalizer().fit_transform(weighing.transform(counts)).toarray()
    model.fit(documents(fitted_on), embeddings=dense)
    seconds = time.process_time() - start
    everything = weighing.transform(counter.transform(documents(corpus.bags))).toarray()
    return Result(words_of(model), predicted(model, everything), seconds)


def sklearn_nmf(corpus: Corpus, fitted_on: Sequence[Bag], seed: int) -> Result:
    """Run scikit-learn's NMF of TF-IDF."""
    start = time.process_time()
    counter, counts = counted(fitted_on)
    weighing = TfidfTransformer(sublinear_tf=True).fit(counts)
    count = topics_wanted(Settings(), len(fitted_on))
    model = NMF(count, init="nndsvd", random_state=seed, max_iter=500, tol=1e-3).fit(weighing.transform(counts))
    seconds = time.process_time() - start
    weights = model.transform(weighing.transform(counter.transform(documents(corpus.bags))))
    return Result(top_words(model.components_, counter), weights.argmax(axis=1), seconds)


def sklearn_lda(corpus: Corpus, fitted_on: Sequence[Bag], seed: int) -> Result:
    """Run scikit-learn's LDA of counts."""
    start = time.process_time()
    counter, counts = counted(fitted_on)
    count = topics_wanted(Settings(), len(fitted_on))
    model = LatentDirichletAllocation(count, learning_method="online", max_iter=10, random_state=seed).fit(counts)
    seconds = time.process_time() - start
    weights = model.transform(counter.transform(documents(corpus.bags)))
    return Result(top_words(model.components_, counter), weights.argmax(axis=1), seconds)


MODELS: dict[str, Model] = {
    "narra tfidf-nmf": narra("tfidf-nmf"),
    "narra tfidf-svd": narra("tfidf-svd"),
    "bare BERTopic, same parts": bare_same_parts,
    "bare BERTopic, SVD + KMeans": bare_light,
    "scikit-learn NMF": sklearn_nmf,
    "scikit-learn LDA": sklearn_lda,
}


def predicted(
    model: Any,  # noqa: ANN401 - BERTopic publishes no types
    embeddings: NDArray[np.float64],
) -> Labels:
    """Give documents their topics as BERTopic.transform does, which fails where hdbscan is not installed (0.17.4)."""
    clusters = model.hdbscan_model.predict(model.umap_model.transform(embeddings))
    return np.asarray(model._map_predictions(clusters))  # noqa: SLF001 - transform calls it, and cannot be called


def documents(bags: Sequence[Bag]) -> list[str]:
    """Give documents as text whose words stand apart."""
    return [" ".join(bag.words) for bag in bags]


def counted(bags: Sequence[Bag]) -> tuple[CountVectorizer, sparse.csr_matrix]:
    """Count the same words that narra counts."""
    counter = CountVectorizer(analyzer=str.split, vocabulary=vocabulary_of(bags, Settings().common))
    counts = counter.fit_transform(documents(bags))
    return counter, counts


def words_of(model: Any) -> list[list[str]]:  # noqa: ANN401 - BERTopic publishes no types
    """Give BERTopic's words of each topic but the outliers."""
    topics: dict[int, list[tuple[str, float]]] = model.get_topics()
    return [[word for word, _ in words[:WORDS] if word] for topic, words in sorted(topics.items()) if topic != OUTLIER]


def top_words(components: NDArray[np.float64], counter: CountVectorizer) -> list[list[str]]:
    """Give the words with the largest weights."""
    names = counter.get_feature_names_out()
    return [[str(names[n]) for n in np.argsort(-row, kind="stable")[:WORDS]] for row in components]


def corpus_of(language: str) -> Corpus:
    """Read the real documents of a language, each text once."""
    with gzip.open(DATA / f"{CORPORA[language]}.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    texts = [
        Text(n, row["language"], row["title"] or "", row["body"] or "", None, row["outlet"])
        for n, row in enumerate(rows)
        if row["language"] == language
    ]
    start = time.perf_counter()
    corpus = read(texts, Settings())
    print(f"\n{CORPORA[language]}: {len(texts)} documents read in {time.perf_counter() - start:.1f} s", end="; ")
    return replace(corpus, bags=tuple(usable(corpus.bags)))


def apart(model: Model, corpus: Corpus, fitted_on: Sequence[Bag], seed: int) -> Result:
    """Run a model in a process of its own, and see what memory it adds."""
    context = multiprocessing.get_context("fork")
    receiving, sending = context.Pipe(duplex=False)

    def work() -> None:
        warnings.simplefilter("ignore")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        result = model(corpus, fitted_on, seed)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        sending.send(replace(result, megabytes=(after - before) / 1024))

    process = context.Process(target=work)
    process.start()
    result: Result = receiving.recv()
    process.join()
    return result


def row(name: str, corpus: Corpus, seeds: int) -> None:
    """Measure one model, and print its line."""
    values, results = [], []
    out = []
    for seed in range(seeds):
        fitted_on, held_out = split(corpus.bags, seed)
        result = apart(MODELS[name], corpus, fitted_on, seed)
        held = {bag.row for bag in held_out}
        labels = [label for bag, label in zip(corpus.bags, result.labels.tolist(), strict=True) if bag.row in held]
        sizes = np.unique([label for label in labels if label != OUTLIER], return_counts=True)[1]
        out.append((labels.count(OUTLIER) / len(labels), sizes.max() / len(labels)))
        values.append((np.nanmean(coherences(result.topics, held_out)), diversity(result.topics)))
        results.append(result)
    stable = np.mean([adjusted_rand_score(a.labels, b.labels) for a, b in combinations(results, 2)])
    each = [value for value, _ in values]
    print(
        f"| {name} | {np.mean(each):.3f} ({min(each):.3f}–{max(each):.3f}) | {np.mean([d for _, d in values]):.2f} "
        f"| {stable:.2f} | {np.mean([o for o, _ in out]):.1%} | {np.mean([m for _, m in out]):.1%} "
        f"| {len(results[0].topics)} | {np.median([r.seconds for r in results]):.1f} "
        f"| {np.median([r.megabytes for r in results]):.0f} |",
        flush=True,
    )


def identity(corpus: Corpus) -> None:
    """Fit two different two thirds of a corpus, and compare the topics."""
    models = [fit(replace(corpus, bags=tuple(split(corpus.bags, seed)[0])), Settings(seed=seed)) for seed in (0, 1)]
    one, other = assigned(models[0], corpus), assigned(models[1], corpus)
    alike = likeness(models[0], models[1], (one, other))
    pairs = linear_sum_assignment(-alike)
    matched = np.sort(alike[pairs])
    rest = alike.copy()
    rest[pairs] = -1
    print(
        f"likeness of matched topics: quartiles {np.quantile(matched, [0.25, 0.5, 0.75]).round(2).tolist()}, "
        f"from {ENOUGH} on {np.mean(matched >= ENOUGH):.0%}; of all others: 99 % below "
        f"{np.quantile(rest[rest >= 0], 0.99):.2f}, from {ENOUGH} on {np.mean(rest[rest >= 0] >= ENOUGH):.1%}"
    )


def across(languages: Sequence[str]) -> None:
    """Put topics of FLORES-200 beside those of its English sentences."""
    with gzip.open(DATA / "gold" / "parallel-flores200-devtest.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    tagger, framer = Tagger.load(), Framer.load()
    sides = {language: parallel(rows, language, tagger, framer) for language in ("en", *languages)}
    print("\n| language | pairs | right | right by chance | sentences together |\n|---|---|---|---|---|")
    for language in languages:
        labels = [{a.row: a.topic for a in sides[code].assignments} for code in ("en", language)]
        kinds = [sorted(set(of.values()) - {OUTLIER}) for of in labels]
        both = np.zeros((len(kinds[0]), len(kinds[1])))
        for n in range(len(rows)):
            if OUTLIER not in (labels[0][n], labels[1][n]):
                both[kinds[0].index(labels[0][n]), kinds[1].index(labels[1][n])] += 1
        pairs = [(kinds[0].index(p.one), kinds[1].index(p.other)) for p in alignment(sides["en"], sides[language])]
        right = sum(both[a, b] == both[a].max() > 0 for a, b in pairs)
        shared = sum(both[a, b] for a, b in pairs) / max(1, sum(both[a].sum() for a, _ in pairs))
        best = np.mean([(both[a] == both[a].max()).mean() for a, _ in pairs]) if pairs else float("nan")
        possible = min(map(len, kinds))
        print(f"| {language} | {len(pairs)} of {possible} | {right} | {best * len(pairs):.1f} | {shared:.0%} |")


def parallel(rows: Sequence[dict[str, str]], language: str, tagger: Tagger, framer: Framer) -> Side:
    """Fit topics of the sentences of a language, and give frames and names of each."""
    texts = [Text(n, language, "", row[language.removesuffix("-Hans")]) for n, row in enumerate(rows)]
    settings = Settings(topics=20)
    model = fit(read(texts, settings), settings)
    names = [frozenset(m.entity for m in tagger.tag(text.body, language)) for text in texts]
    frames = [framer.frame([Piece("body", 0, text.body)], language).frame for text in texts]
    kinds = sorted({*ENTITIES, *framer.seeds.frames})
    traits = {
        text.row: [float(kind in own or kind == frame) for kind in kinds]
        for text, own, frame in zip(texts, names, frames, strict=True)
    }
    return Side(assign(model, texts), traits)


def main() -> None:
    """Compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--corpus", nargs="+", choices=CORPORA, default=list(CORPORA))
    parser.add_argument("--identity", action="store_true")
    parser.add_argument("--across", nargs="+", metavar="LANGUAGE")
    chosen = parser.parse_args()
    if chosen.across:
        across(chosen.across)
        return
    for language in chosen.corpus:
        corpus = corpus_of(language)
        print(f"{len(corpus.bags)} different\n")
        if chosen.identity:
            identity(corpus)
            continue
        print("| model | coherence | diversity | stability | outliers | largest | topics | seconds | MB |")
        print("|---|---|---|---|---|---|---|---|---|")
        for name in MODELS:
            row(name, corpus, chosen.seeds)


if __name__ == "__main__":
    main()

"""Shares of topics, quarter by quarter: of the documents that a scope's model has assigned, those of each topic.

A scope is one side's talk of one target in one language, and its shares are taken of the documents its model
has assigned, those of no topic among them: so talk in another language, or of documents that have no topic
yet, makes no share smaller. Topics that a person merged are one. The shares of a scope's topics add up to one less
the share of documents of no topic.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from corpus.calendar import Quarter
from corpus.model import Narrative
from corpus.store import Store
from corpus.store.topics import StoredModel
from nlp.topics.records import Quality
from results.cells import framed
from results.estimate import Estimator, Question
from results.figures import share
from results.language import say
from results.measure import Measure

NAME: Final = "topic"
_CALLED_BY: Final = 3  # words, where there is no name


@dataclass(frozen=True, slots=True)
class TopicScope:
    """A scope that has topics.

    Attributes:
        name: ``korea/ASEAN/ko``.
        narrative: whose talk …
        target: … around what.
        language: of the documents; ``all`` where one model is of all languages.
        topics: ids that documents are counted for, with what each is called.
        quality: how good the model is, in sentences.
    """

    name: str
    narrative: Narrative
    target: str
    language: str
    topics: tuple[tuple[int, str], ...]
    quality: str = ""


def topic_scopes(store: Store) -> list[TopicScope]:
    """Give the scopes that have topics, by name; merged topics are one, under the name of what they count as."""
    found = []
    for model in store.topic_models():
        called: dict[int, str] = {}
        # Its own words before those of a topic merged into it.
        for topic in sorted(store.topics_of(model.scope), key=lambda t: (t.id != t.counts_as, t.id)):
            words = " ".join(word for word, _, _ in topic.words[:_CALLED_BY])
            called.setdefault(topic.counts_as, topic.name or words)
        found.append(
            TopicScope(
                model.scope,
                model.narrative,
                model.target,
                model.language,
                tuple(sorted(called.items())),
                _quality(model),
            )
        )
    return found


def _quality(model: StoredModel) -> str:
    fitted = say(
        "Fitted on {documents:,} documents, {outliers:,} of them of no topic.",
        documents=model.documents,
        outliers=model.outliers,
    )
    if model.quality is None:
        return f"{fitted} {say('How good its topics are was not measured: there were too few documents.')}"
    return f"{fitted} {_said(Quality.read(model.quality))}"


def _said(quality: Quality) -> str:
    """Say what `Quality.said` says, in the language of the report."""
    return say(
        "On held-out documents: coherence (NPMI) {coherence:.2f} ({low:.2f} to {high:.2f}), diversity {diversity:.2f}, "
        "stability {stability:.2f}, of no topic {outliers:.1%}, largest topic {largest:.1%}; {fits} fits, "
        "{held_out:,} documents held out in each.",
        coherence=quality.coherence,
        low=quality.coherence_low,
        high=quality.coherence_high,
        diversity=quality.diversity,
        stability=quality.stability,
        outliers=quality.outliers,
        largest=quality.largest,
        fits=quality.fits,
        held_out=quality.held_out,
    )


def topic_shares(estimator: Estimator, quarter: Quarter, scopes: Iterable[TopicScope]) -> Iterator[Measure]:
    """Measure every topic of every scope in a quarter, every document alike."""
    for scope in scopes:
        for topic, called in scope.topics:
            yield topic_share(estimator, quarter, scope, topic, called)


def topic_share(estimator: Estimator, quarter: Quarter, scope: TopicScope, topic: int, called: str) -> Measure:
    """Measure one topic: a ratio of sums over the panel; its target is written ``ASEAN#topic:7``."""
    question = Question(
        scope.narrative,
        framed(scope.target, f"topic:{topic}"),
        among=framed(scope.target, f"topics:{scope.name}"),
        average="documents",
    )
    return share(estimator, NAME, question, quarter, _definition(scope.language, topic, called))


def _definition(language: str, topic: int, called: str) -> str:
    if language == "all":
        return say(
            "documents that name it and are of topic {topic} ({called}) / all documents that name it and have been "
            "given a topic or none",
            topic=topic,
            called=called,
        )
    return say(
        "documents in {language} that name it and are of topic {topic} ({called}) / all documents in {language} that "
        "name it and have been given a topic or none",
        language=language,
        topic=topic,
        called=called,
    )

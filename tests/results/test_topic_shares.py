from __future__ import annotations

from dataclasses import asdict, replace

import pytest
from synthetic import estimator, quarter

from corpus.calendar import Quarter
from corpus.model import Count
from corpus.store import Store
from corpus.store.topics import StoredModel, StoredTopic
from nlp.topics.records import Quality
from results.topic_shares import TopicScope, topic_scopes, topic_shares

Q = Quarter(2026, 3)
KO = TopicScope("korea/ASEAN/ko", "korea", "ASEAN", "ko", ((1, "summits"), (2, "football")))


def labelled(outlet: str, label: str, documents: int) -> list[Count]:
    """Documents a week that name ASEAN and are counted under a label."""
    return [replace(r, frame=label) for r in quarter(outlet, 0, documents) if r.target != "*"]


def talk(outlet: str, summits: int, football: int, none: int) -> list[Count]:
    return [
        *quarter(outlet, 50, summits + football + none + 5),  # five more a week have no topic yet
        *labelled(outlet, "topics:korea/ASEAN/ko", summits + football + none),
        *labelled(outlet, "topic:1", summits),
        *labelled(outlet, "topic:2", football),
    ]


def test_a_topics_share_by_hand() -> None:
    """Two outlets with 4 and 6 assigned documents a week, 3 and 1 of them on summits: 4 of 10."""
    rows = [*talk("KR:a", 3, 1, 0), *talk("KR:b", 1, 2, 3)]
    summits, football = topic_shares(estimator(rows), Q, [KO])
    assert summits.value == pytest.approx(0.4)
    assert (summits.numerator, summits.n) == (14 * 4, 14 * 10)
    assert summits.low is not None
    assert summits.high is not None
    assert summits.low <= 0.4 <= summits.high
    assert football.value == pytest.approx(0.3)
    assert (summits.name, summits.target, summits.narrative) == ("topic", "ASEAN#topic:1", "korea")
    assert summits.evidence[0].framed == ("ASEAN", "topic:1")
    assert "in ko" in summits.definition
    assert "(summits)" in summits.definition


def test_another_languages_documents_are_no_part_of_the_whole() -> None:
    english = [
        *quarter("KR:c", 40, 20),
        *labelled("KR:c", "topics:korea/ASEAN/en", 20),
        *labelled("KR:c", "topic:9", 20),
    ]
    rows = [*talk("KR:a", 3, 1, 0), *talk("KR:b", 1, 2, 3)]
    alone, beside = (next(topic_shares(estimator(some), Q, [KO])) for some in (rows, rows + english))
    assert (alone.value, alone.n) == (beside.value, beside.n)


def test_a_quarter_without_assigned_documents_has_no_figure() -> None:
    (refused, _) = topic_shares(estimator(quarter("KR:a", 50, 10)), Q, [KO])
    assert refused.value is None
    assert refused.flags


def test_a_measured_quality_is_said_as_the_command_line_says_it() -> None:
    quality = Quality(0.3, 0.2, 0.4, 0.9, 0.6, 0.184, 0.061, 1000, 30.0, 5)
    model = StoredModel("korea/ASEAN/ko", "korea", "ASEAN", "ko", "v", 3000, 500, {}, asdict(quality))
    with Store.in_memory() as store:
        store.save_topics(model, [StoredTopic(1, (("정상", 1.0, "ko"),), 5, (), ())], [])
        (scope,) = topic_scopes(store)
    assert scope.quality == f"Fitted on 3,000 documents, 500 of them of no topic. {quality.said}"


def test_scopes_are_read_with_names_and_merges() -> None:
    model = StoredModel("korea/ASEAN/ko", "korea", "ASEAN", "ko", "v", 10, 0, {}, None)
    words = (("정상", 1.0, "ko"), ("회의", 0.9, "ko"), ("선언", 0.8, "ko"), ("협력", 0.7, "ko"))
    topics = [
        StoredTopic(1, words, 5, (), ()),
        StoredTopic(2, words[:1], 3, (), (), name="Football"),
        StoredTopic(3, words[3:], 2, (), (), name="Football", counts_as=2),
        StoredTopic(5, words[1:2], 2, (), (), counts_as=4),  # 4 has ended
    ]
    with Store.in_memory() as store:
        store.save_topics(model, topics, [])
        (scope,) = topic_scopes(store)
    assert scope.quality.startswith("Fitted on 10 documents, 0 of them of no topic. How good")
    assert replace(scope, quality="") == replace(KO, topics=((1, "정상 회의 선언"), (2, "Football"), (4, "회의")))

"""Sources that look like the result of a search are told of, in the report and in `narra status`."""

from __future__ import annotations

from dataclasses import replace

import pytest
from synthetic import Habit, document, fill

from corpus.calendar import Quarter
from corpus.store import Store
from results.basis import basis
from results.searches import suspicions
from results.status import describe

KOREA = Habit("KR", "a", "ko", 1, {})
VIETNAM = Habit("VN", "b", "en", 1, {})


@pytest.mark.parametrize(("naming", "others", "told"), [(15, 5, 1), (10, 10, 0), (19, 0, 0)])
def test_a_file_of_news_that_names_the_other_side_too_often(naming: int, others: int, told: int) -> None:
    made = [
        document(n, KOREA, "2026-07-01", title=f"아세안 {n}" if n < naming else f"날씨 {n}", body="b")
        for n in range(naming + others)
    ]
    with Store.in_memory() as store:
        fill(store, made)
        said = suspicions(store)
        assert len(said) == told
        if told:
            assert "75% of its 20 news documents name ASEAN, Southeast Asia or a member" in said[0]
            assert said[0] in basis(store, Quarter(2026, 3), ("news",), 5, ()).gaps
            assert said[0] in describe(store, "lexicon-test").missing


def test_each_side_is_measured_by_the_other() -> None:
    of_itself = [document(n, VIETNAM, "2026-07-01", title=f"Vietnam {n}", body="ASEAN") for n in range(40)]
    of_korea = [document(n + 40, VIETNAM, "2026-07-01", title=f"South Korea {n}", body="b") for n in range(40)]
    with Store.in_memory() as store:
        fill(store, of_itself)
        assert suspicions(store) == []
    with Store.in_memory() as store:
        fill(store, of_korea)
        assert "name Korea." in suspicions(store)[0]


def test_official_bodies_and_known_searches_are_not_suspected() -> None:
    official = [
        document(n, replace(KOREA, kind="official"), "2026-07-01", title=f"아세안 {n}", body="b") for n in range(40)
    ]
    with Store.in_memory() as store:
        fill(store, official)
        assert suspicions(store) == []
    news = [document(n, KOREA, "2026-07-01", title=f"아세안 {n}", body="b") for n in range(40)]
    with Store.in_memory() as store:
        fill(store, news)
        store.save_documents(news, sampled=True)
        assert suspicions(store) == []
        found = dict(basis(store, Quarter(2026, 3), ("news",), 5, ()).left_out)
        assert [number for what, number in found.items() if "search" in what] == [40]
        assert any("40 documents were found by a search only" in said for said in describe(store, "x").missing)

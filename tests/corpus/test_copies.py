"""Copies: what is one story, and what only looks like one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.calendar import parse_published
from corpus.copies import group_store, stories, story_key
from corpus.model import Document, Outlet
from corpus.store import Store, TextRow

BODY = (
    "정부는 내년부터 다섯 개 항구에서 새 검역 절차를 시작한다고 밝혔다. 담당 부처는 시범 운영에서 드러난 문제를 "
    "고쳤으며, 현장 인력도 두 배로 늘렸다고 설명했다."
)
OTHER = (
    "시청은 겨울을 앞두고 공원 열두 곳의 낡은 가로등을 바꾸기로 했다. 공사는 다음 달에 시작해 석 달 동안 이어지며 "
    "밤에는 길 하나씩만 막는다고 한다."
)


def text(row: int, day: str | None = "2026-03-02", **changes: str) -> TextRow:
    plain = TextRow(row, "KR:누리통신", "ko", day, "새 검역 절차", BODY, "")
    return replace(plain, **changes)


# -- what a text says ----------------------------------------------------


@pytest.mark.parametrize(
    "dressed",
    [
        f"[누리통신] {BODY}",
        f"(부산=누리통신) {BODY}",
        f"【누리통신】{BODY}",
        f"김나래 기자 = {BODY}",
        f"(부산=누리통신) 김나래 기자 = {BODY}",
        f"{BODY}\n\n김나래 기자 narae@nuri.example",
        f"{BODY}\nⓒ 누리통신, 무단 전재 및 재배포 금지",
        f"{BODY}\n저작권자 누리통신",
        f"{BODY}\nCopyright Nuri 2026",
        BODY.replace(" ", "\n"),
        BODY.replace(". ", '." “').replace(",", " –"),
        f"  {BODY}\n",
    ],
)
def test_byline_layout_and_copyright_line_make_no_difference(dressed: str) -> None:
    assert story_key("새 검역 절차", dressed) == story_key("다른 제목", BODY)


@pytest.mark.parametrize("other", [OTHER, BODY.replace("다섯", "여섯"), f"{BODY} {OTHER}", BODY[:60]])
def test_other_words_make_another_text(other: str) -> None:
    assert story_key("새 검역 절차", other) != story_key("새 검역 절차", BODY)


def test_the_capitals_of_a_wire_make_no_difference() -> None:
    body = "The harbour master opened two more berths on Monday and asked shippers to file their papers a day earlier."
    assert story_key("", body.upper()) == story_key("", body)


def test_a_short_body_is_compared_with_its_title() -> None:
    assert story_key("비 소식", "사진") != story_key("눈 소식", "사진")
    assert story_key("비 소식!", "사진") == story_key("비 소식", "사진")
    assert story_key("비 소식", BODY) == story_key("눈 소식", BODY)


def test_title_and_short_body_are_not_run_together() -> None:
    assert story_key("비", "소식") != story_key("비소", "식")


@given(st.text(), st.text())
def test_any_text_has_a_key(title: str, body: str) -> None:
    assert len(story_key(title, body)) == 64


# -- which copies are one story ------------------------------------------


def test_copies_belong_to_the_earliest_of_them() -> None:
    found = stories([text(1, "2026-03-05"), text(2, "2026-03-02"), text(3, "2026-03-04")])
    assert found == {1: 2, 2: 2, 3: 2}


def test_of_copies_of_one_day_the_one_stored_first_is_the_earliest() -> None:
    assert stories([text(2), text(1), text(3)]) == {1: 1, 2: 1, 3: 1}


def test_different_texts_stand_alone() -> None:
    assert stories([text(1), text(2, body=OTHER)]) == {1: 1, 2: 2}


def test_the_same_words_in_another_language_are_another_story() -> None:
    assert stories([text(1), text(2, language="en")]) == {1: 1, 2: 2}


def test_two_weeks_apart_is_one_story_and_a_day_more_is_two() -> None:
    assert stories([text(1, "2026-03-02"), text(2, "2026-03-16")]) == {1: 1, 2: 1}
    assert stories([text(1, "2026-03-02"), text(2, "2026-03-17")]) == {1: 1, 2: 2}


def test_a_weekly_notice_does_not_become_one_story_of_a_year() -> None:
    days = ["2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30"]
    assert stories([text(n, day) for n, day in enumerate(days, 1)]) == {1: 1, 2: 1, 3: 1, 4: 4, 5: 4}


@pytest.mark.parametrize("vague", [None, "2026", "2026-03"])
def test_a_text_whose_day_is_not_known_stands_apart(vague: str | None) -> None:
    assert stories([text(1, "2026-03-02"), text(2, vague), text(3, vague)]) == {1: 1, 2: 2, 3: 2}


@pytest.mark.parametrize("vague", [None, "2026", "2026-03"])
def test_a_text_whose_day_is_not_known_does_not_part_the_others(vague: str | None) -> None:
    found = stories([text(1, "2026-02-27"), text(2, vague), text(3, "2026-03-02")])
    assert (found[1], found[3]) == (1, 1)


DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 3, 31)).map(str)


@given(st.lists(st.tuples(st.one_of(DAYS, st.sampled_from(["", "2026", "2026-02"])), st.booleans()), max_size=12))
def test_every_text_has_a_story_and_every_story_is_its_own(rows: list[tuple[str, bool]]) -> None:
    texts = [text(n, day or None, body=BODY if same else OTHER) for n, (day, same) in enumerate(rows, 1)]
    found = stories(texts)
    assert found.keys() == {t.row for t in texts}
    assert all(found[story] == story for story in found.values())
    assert stories(texts[::-1]) == found


# -- in the store --------------------------------------------------------


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.in_memory() as opened:
        opened.use_source("a.jsonl", "jsonl")
        yield opened


def document(number: int, body: str, day: str = "2026-03-02", excluded: str = "") -> Document:
    return Document(
        (f"id:nuri:{number}",),
        "a.jsonl",
        Outlet(f"신문{number}", "KR"),
        "news",
        "ko",
        "새 검역 절차",
        body,
        published=parse_published(day, "KR"),
        excluded=excluded,
    )


def test_grouping_a_store_tells_how_many_changed_and_does_nothing_the_second_time(store: Store) -> None:
    store.save_documents([document(1, BODY), document(2, f"[누리통신] {BODY}"), document(3, OTHER)])
    read: list[int] = []
    assert group_store(store, read.append) == 3
    assert read == [3]
    assert store.totals()["stories"] == 2
    changes = store.state("changes")
    assert group_store(store) == 0
    assert store.state("changes") == changes


def test_a_copy_that_arrives_late_but_is_older_takes_the_story_over(store: Store) -> None:
    store.save_documents([document(1, BODY)])
    group_store(store)
    store.save_documents([document(2, BODY, "2026-03-01")])
    assert group_store(store) == 2
    assert store.totals()["stories"] == 1


def test_what_the_archive_sets_aside_has_no_story(store: Store) -> None:
    store.save_documents([document(1, BODY, excluded="중복"), document(2, BODY)])
    assert group_store(store) == 1
    assert store.totals()["stories"] == 1

"""Copies: what is one story, and what only looks like one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.calendar import parse_published
from corpus.copies import RULE, WINDOW, blocks_of, group_store, links, stories, stories_of, story_key
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


# -- edited copies -------------------------------------------------------

WHOLE = (
    "가온시는 3일 가온항 남쪽에 새로 지은 부두 두 곳의 문을 열고 동남아 화물선의 입항을 받기 시작했다. "
    "새 부두에는 길이 320미터 선박 두 척이 한꺼번에 배를 댈 수 있으며, 하루 1,800개의 컨테이너를 처리한다. "
    "첫 배는 베트남 하이퐁을 떠난 화물선으로, 고무와 커피 원두를 싣고 이날 오전 6시 무렵 들어왔다. "
    "시는 이번 공사에 4년 동안 2,140억 원을 들였고, 절반은 나라 예산으로 메웠다. "
    "다만 부두로 이어지는 도로가 왕복 2차로에 그쳐 트럭이 몰리는 새벽에는 정체가 이어질 것이라는 걱정도 나온다. "
    "항만 노동자 단체는 새 장비를 다룰 인력이 모자란다며 안전 교육을 두 달 늘려 달라고 요구했다."
)
CUT = f"{WHOLE[:200]}.."
EDITED = " ".join(reversed(WHOLE.split(". "))).replace("새로 지은", "신축한").replace("요구했다", "촉구했다")
DIGEST = "\n".join([OTHER, BODY, WHOLE.partition(". ")[0], "전국이 맑겠으나 밤부터 서쪽에 비가 조금 온다."])


@pytest.mark.parametrize(
    ("body", "outlet"),
    [
        (CUT, "KR:새벽신문"),
        (CUT, "KR:누리통신"),
        (EDITED, "KR:새벽신문"),
        (WHOLE.replace("320", "340").replace("1,800", "1,900"), "KR:누리통신"),
        (f"(가온=새벽) 이가람 기자 = {WHOLE}\n\n[관련기사]\n▶ 바다를 건너온 사람들", "KR:새벽신문"),
    ],
)
def test_edited_and_cut_copies_are_of_one_story(body: str, outlet: str) -> None:
    assert stories([text(1, body=WHOLE), text(2, "2026-03-05", body=body, outlet=outlet)]) == {1: 1, 2: 1}
    assert stories([text(1, body=body, outlet=outlet), text(2, "2026-03-05", body=WHOLE)]) == {1: 1, 2: 1}


def test_a_cut_copy_is_found_the_day_after_and_not_after_the_window() -> None:
    assert stories([text(1, "2026-03-02", body=WHOLE), text(2, "2026-03-16", body=CUT)])[2] == 1
    assert stories([text(1, "2026-03-02", body=WHOLE), text(2, "2026-03-17", body=CUT)])[2] == 2
    assert stories([text(1, "2026-03-02", body=WHOLE), text(2, "2026-03-04", body=CUT)], window=1)[2] == 2


def test_a_summary_of_the_day_ties_no_stories_together() -> None:
    found = stories([text(1, body=DIGEST), text(2, body=CUT), text(3, body=OTHER), text(4, body=BODY)])
    assert len({found[2], found[3], found[4]}) == 3


def test_a_quotation_does_not_make_two_reports_one() -> None:
    said = (
        "“기다리는 시간이 이틀에서 반나절로 줄어든다며 선사들이 먼저 반겼고 우리도 사람을 더 뽑을 생각”이라고 말했다. "
    )
    assert stories([text(1, body=WHOLE + said), text(2, body=f"{BODY} {said}{OTHER}", outlet="KR:새벽")])[2] == 2


def test_an_outlets_own_lines_do_not_make_its_texts_one() -> None:
    house = "새벽신문은 독자의 후원으로 움직이며 매일 아침 여섯 시 편지로 그날의 소식을 먼저 전하고 있습니다."
    events = [
        "다리가 열렸다",
        "비가 그쳤다",
        "장이 섰다",
        "배가 떠났다",
        "불이 꺼졌다",
        "책이 나왔다",
        "눈이 왔다",
        "꽃이 졌다",
    ]
    texts = [text(n, body=f"{event}고 시는 밝혔다. {house * 3}", title=event) for n, event in enumerate(events, 1)]
    assert len(set(stories(texts).values())) == len(texts)


def test_the_same_body_under_many_headlines_of_one_outlet_is_no_story() -> None:
    texts = [text(n, title=f"사진 {n}") for n in range(1, 9)]
    assert len(set(stories(texts).values())) == 8
    assert set(stories(texts[:7]).values()) == {1}
    assert set(stories([replace(t, outlet=f"KR:{t.row}") for t in texts]).values()) == {1}


def test_what_an_outlet_prints_again_with_other_numbers_is_a_series() -> None:
    monday = (
        "3일 가온 농산물 시장에서 쌀 한 가마는 18만 2천 원, 배추 한 포기는 4천 1백 원, 무 한 개는 2천 3백 원에 팔렸다. "
        * 2
    )
    sunday = monday.replace("2천", "6천").replace("18만", "19만").replace("4천", "5천").replace("3일", "9일")
    assert stories([text(1, body=monday), text(2, "2026-03-08", body=sunday)])[2] == 2
    assert stories([text(1, body=monday), text(2, "2026-03-08", body=f"{monday}\n(끝)")])[2] == 1


def test_headlines_without_a_body_must_be_the_same() -> None:
    titles = ["가온항 새 부두 두 곳 열어", "가온항, 새 부두 두 곳 열어…", "가온항 새 부두 두 곳 열어 화물 받는다"]
    assert stories([text(n, body="", title=title) for n, title in enumerate(titles, 1)]) == {1: 1, 2: 1, 3: 3}


# -- blocks --------------------------------------------------------------


@given(st.dates(min_value=date(1, 3, 1), max_value=date(2100, 1, 1)), st.integers(0, WINDOW), st.integers(1, 30))
def test_every_pair_within_the_window_is_judged_in_one_block(first: date, apart: int, window: int) -> None:
    days = [str(first), str(date.fromordinal(first.toordinal() + min(apart, window)))]
    shared = [block for block in blocks_of("ko", days[0], window) if block in blocks_of("ko", days[1], window)]
    assert all(block.first <= day <= block.last for block in shared for day in days)
    assert len([block for block in shared if days[1] >= block.from_day]) == 1 or shared[0].first == "0001-01-01"


@pytest.mark.parametrize("vague", [None, "", "2026", "2026-03"])
def test_a_vague_date_is_a_block_of_its_own(vague: str | None) -> None:
    (block,) = blocks_of("ko", vague)
    assert (block.first, block.last, block.from_day) == (vague or "",) * 3


def test_a_link_to_a_text_whose_day_became_vague_makes_no_story() -> None:
    assert stories_of([(1, 2)], {1: "2026-03-02", 2: "2026-03"}) == {1: 1, 2: 2}


def test_many_days_are_worked_on_in_blocks_that_leave_no_gap() -> None:
    start = date(2026, 1, 1).toordinal()
    texts = [
        text(n + 1, str(date.fromordinal(start + n)), body=CUT if n % 13 == 12 else OTHER + str(n)) for n in range(150)
    ]
    texts += [text(1000 + n, str(date.fromordinal(start + n)), body=WHOLE) for n in range(0, 150, 10)]
    found = stories_of(links(texts), {t.row: t.day for t in texts}, window=1000)
    assert {found[t.row] for t in texts if t.body in {CUT, WHOLE}} == {1000}
    assert all(found[t.row] == t.row for t in texts if t.body not in {CUT, WHOLE})  # a series, and none is a copy


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
    assert sum(read) == 3
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


# -- day by day, in the store --------------------------------------------

HOUSE = "새벽신문은 독자의 후원으로 움직이며 매일 아침 여섯 시 편지로 그날의 소식을 먼저 전하고 있습니다. " * 2
BODIES = [WHOLE, CUT, EDITED, BODY, OTHER, f"{OTHER} {BODY}", HOUSE, f"{OTHER[:50]} {HOUSE}", "사진"]
ANY_DAY = st.one_of(
    st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 4, 10)).map(str),
    st.sampled_from(["2026-02", "2026", "2026-03-01", "2026-03-02"]),
)
# Number, outlet, day, body, headline; whether its archive sets it aside.
RECORD = st.tuples(
    st.integers(0, 40), st.integers(0, 1), ANY_DAY, st.integers(0, 8), st.integers(0, 12), st.sampled_from("nnnny")
)


def arrived(number: int, outlet: int, day: str, body: int, title: int, aside: str) -> Document:  # noqa: PLR0913, PLR0917
    return Document(
        (f"id:nuri{outlet}:{number}",),
        "a.jsonl",
        Outlet(f"신문{outlet}", "KR"),
        "news",
        "ko",
        f"새 소식 {title}",
        BODIES[body],
        published=parse_published(day, "KR"),
        excluded="중복" if aside == "y" else "",
    )


def opened() -> Store:
    made = Store.in_memory()
    made.use_source("a.jsonl", "jsonl")
    return made


def held(store: Store) -> dict[int, int]:
    """Give each counting document's row its story."""
    sql = "SELECT row, story FROM documents WHERE story IS NOT NULL"
    return {r["row"]: r["story"] for r in store._db.query(sql)}  # noqa: SLF001 no verb gives this


def alike(store: Store) -> set[frozenset[str]]:
    """Give the documents of each story, whatever their rows are."""
    names = {r["row"]: r["id"] for r in store._db.query("SELECT row, id FROM documents")}  # noqa: SLF001 the same
    groups: dict[int, set[str]] = {}
    for row, story in held(store).items():
        groups.setdefault(story, set()).add(names[row])
    return {frozenset(group) for group in groups.values()}


def sound(store: Store) -> bool:
    """Tell whether the table of stories says what the documents say."""
    sql = (
        "SELECT story AS id, count(*) AS documents, count(DISTINCT outlet) AS outlets, min(day) AS first_day "
        "FROM documents WHERE story IS NOT NULL GROUP BY story ORDER BY story"
    )
    rows = store._db.query  # noqa: SLF001 the same
    return list(rows(sql)) == list(rows("SELECT id, documents, outlets, first_day FROM stories ORDER BY id"))


@given(st.lists(st.lists(RECORD, max_size=10), max_size=5), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_in_any_order_and_batches_the_stories_are_those_of_one_run(
    batches: list[list[tuple[int, int, str, int, int, str]]], chance: random.Random
) -> None:
    """New, late, changed, moved and set-aside documents, in batches; then all as they ended, at once and shuffled."""
    with opened() as store, opened() as other:
        for batch in batches:
            store.save_documents([arrived(*record) for record in batch])
            group_store(store)
            assert sound(store)
        texts = store.texts(limit=1000)
        assert held(store) == stories(texts)
        assert group_store(store) == 0

        rows = {t.row for t in texts}
        ended = list(store._db.query("SELECT * FROM documents"))  # noqa: SLF001 the same
        chance.shuffle(ended)
        again = [
            replace(document(0, r["body"], r["day"]), keys=(f"id:{r['id']}",), title=r["title"], outlet=outlet_of(r))
            for r in ended
            if r["row"] in rows
        ]
        other.save_documents(again)
        group_store(other)
        by_id = {
            Document.id.fget(d): r["id"] for d, r in zip(again, [r for r in ended if r["row"] in rows], strict=True)
        }  # type: ignore[attr-defined]
        assert {frozenset(by_id[name] for name in group) for group in alike(other)} == alike(store)


def outlet_of(record: dict[str, Any]) -> Outlet:
    return Outlet(record["outlet"].partition(":")[2], "KR")


def month_of_days(store: Store, months: int) -> None:
    start = date(2025, 1, 1).toordinal()
    store.save_documents([
        document(n, f"{BODY} {n // 3}", str(date.fromordinal(start + n))) for n in range(30 * months)
    ])  # fmt: skip


@pytest.mark.parametrize("stopped", [1, 2, 4])
def test_after_an_interrupt_the_next_run_goes_on(stopped: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened() as whole, opened() as store:
        for each in (whole, store):
            month_of_days(each, 6)
        group_store(whole)
        save, calls = Store.save_links, [0]

        def stopping(self: Store, *given: Any) -> int:
            calls[0] += 1
            if calls[0] > stopped:
                raise KeyboardInterrupt
            return save(self, *given)

        monkeypatch.setattr(Store, "save_links", stopping)
        with pytest.raises(KeyboardInterrupt):
            group_store(store)
        assert sound(store)
        left = len(store.unlinked(RULE))
        assert 0 < left < 180 or stopped == 1
        monkeypatch.setattr(Store, "save_links", save)
        told: list[int] = []
        group_store(store, told.append)
        assert sum(told) == left
        assert held(store) == held(whole)


def test_a_new_day_reads_the_weeks_around_it_however_long_the_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    """One text a day: six weeks are 42 texts, and a day lies in two blocks at most."""
    read: list[int] = []
    between = Store.texts_between

    def counting(self: Store, *given: str) -> list[TextRow]:
        found = between(self, *given)
        read.append(len(found))
        return found

    monkeypatch.setattr(Store, "texts_between", counting)
    for months in (6, 24):
        with opened() as store:
            month_of_days(store, months)
            group_store(store)
            read.clear()
            store.save_documents([document(100_000, BODY, "2025-03-10")])
            group_store(store)
            assert 0 < sum(read) <= 2 * 42 + 2


def test_the_texts_of_a_day_are_found_by_an_index() -> None:
    with opened() as store:
        plan = store._db.query(  # noqa: SLF001 no verb explains itself
            "EXPLAIN QUERY PLAN SELECT row FROM documents WHERE language = 'ko' AND day BETWEEN '2025-01-01' AND "
            "'2025-02-11' AND length(day) = 10 AND excluded = '' ORDER BY row"
        )
        assert any("documents_when (language=? AND day>? AND day<?)" in r["detail"] for r in plan)


def test_what_is_set_aside_parts_what_it_joined(store: Store) -> None:
    """Two texts that are copies of a third alone: without it they are two stories."""
    days = ("2026-03-01", "2026-03-10", "2026-03-20")
    store.save_documents([document(n, BODY, day) for n, day in enumerate(days)])
    group_store(store)
    assert store.totals()["stories"] == 2  # the third is more than two weeks from the first
    store.save_documents([document(0, BODY, days[0], excluded="중복")])
    group_store(store)
    assert store.totals()["stories"] == 1
    assert sound(store)

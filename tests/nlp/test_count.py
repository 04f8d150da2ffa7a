"""Counting, by an example worked by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.calendar import parse_published
from corpus.copies import group_store
from corpus.errors import NoAnswerError
from corpus.model import ENTITIES, FORM_CLASSES, Count, Document, Outlet
from corpus.store import DocumentFacts, Store
from corpus.targets import NAMED, NAMED_OR_CAPITAL
from nlp.count import BATCH, count, count_store
from nlp.run import tag_store
from nlp.tagger import Tagger

Units = tuple[int, int, int, int]  # documents, stories, sentences, headlines
DAY = "2025-07-01"


def facts(*names: tuple[str, str, str, int], **more: object) -> DocumentFacts:
    plain = DocumentFacts("korea", "KR:가", "ko", "news", DAY, True, 5, True, ())  # noqa: FBT003 in the order of the fields
    return replace(plain, names=names, **more)


def counted(*documents: DocumentFacts) -> dict[tuple[str, str], Units]:
    """Count documents of one cell: target and class to units."""
    rows = list(count(documents))
    assert len({(r.narrative, r.outlet, r.language, r.kind, r.day) for r in rows}) == 1
    assert {r.frame for r in rows} == {"*"}
    return {(r.target, r.form_class): (r.documents, r.stories, r.sentences, r.headlines) for r in rows}


# -- one cell ------------------------------------------------------------


def test_a_document_that_names_nothing_is_in_the_denominator_only() -> None:
    assert counted(facts()) == {("*", "*"): (1, 1, 5, 1)}
    assert counted(facts(has_title=False, represents_story=False)) == {("*", "*"): (1, 0, 5, 0)}


def test_a_document_counts_once_however_often_it_names_a_target() -> None:
    names = [("ASEAN", "common", "title", 0), ("ASEAN", "common", "body", 0), ("ASEAN", "official", "body", 0)]
    rows = counted(facts(*names, ("ASEAN", "common", "body", 3)))
    assert rows["ASEAN", NAMED] == (1, 1, 3, 1)
    assert rows["ASEAN", "common"] == (1, 1, 3, 1)
    assert rows["ASEAN", "official"] == (1, 1, 1, 0)


def test_sentences_of_title_and_body_are_told_apart() -> None:
    rows = counted(facts(("VN", "common", "title", 0), ("VN", "common", "body", 0)))
    assert rows["VN", NAMED][2] == 2


def test_combinations_hold_for_document_sentence_and_title_each_by_itself() -> None:
    rows = counted(
        facts(
            ("ASEAN", "common", "title", 0),
            ("ASEAN", "common", "body", 0),
            ("SEA", "common", "body", 0),
            ("SEA", "common", "body", 1),
            ("VN", "common", "body", 2),
        )
    )
    assert rows["ASEAN|SEA", NAMED] == (1, 1, 3, 1)
    assert rows["ASEAN&SEA", NAMED] == (1, 1, 1, 0)
    assert rows["MEMBER", NAMED] == (1, 1, 1, 0)
    assert rows["ASEAN&MEMBER", NAMED] == (1, 1, 0, 0)
    assert rows["ASEAN&VN", NAMED] == (1, 1, 0, 0)
    assert rows["ANY", NAMED] == (1, 1, 4, 1)
    # The document names both, so it is neither "ASEAN only" nor "region only".
    assert ("ASEAN-SEA", NAMED) not in rows
    assert ("SEA-ASEAN", NAMED) not in rows


def test_a_capital_counts_only_where_capitals_do_and_an_inside_nowhere() -> None:
    rows = counted(facts(("KR", "capital", "body", 0), ("KP", "inside", "body", 1)))
    assert ("KR", NAMED) not in rows
    assert rows["KR", NAMED_OR_CAPITAL] == rows["KR|KOREA", NAMED_OR_CAPITAL] == (1, 1, 1, 0)
    assert rows["KR", "capital"] == (1, 1, 1, 0)
    assert {key for key in rows if key[0] == "KP"} == {("KP", "inside")}


def test_a_combination_is_not_counted_by_single_classes() -> None:
    rows = counted(facts(("ASEAN", "common", "body", 0), ("SEA", "common", "body", 0)))
    levels = {level for target, level in rows if target not in {"*", *ENTITIES}}
    assert levels == {NAMED, NAMED_OR_CAPITAL}


@pytest.mark.parametrize(
    ("state", "day", "member"),
    [
        ("VN", "1995-07-27", False),
        ("VN", "1995-07-28", True),
        ("TL", "2025-10-25", False),
        ("TL", "2025-10-26", True),
        ("TL", "2025-10", True),
        ("TL", "2025-09", False),
    ],
)
def test_a_state_counts_as_a_member_from_the_day_it_joined(state: str, day: str, member: bool) -> None:  # noqa: FBT001
    rows = counted(facts((state, "common", "body", 0), day=day))
    assert rows[state, NAMED] == (1, 1, 1, 0)
    for target in ("MEMBER", "ANY"):
        assert ((target, NAMED) in rows) == member


def test_cells_are_kept_apart_by_side_outlet_language_kind_and_day() -> None:
    plain = facts()
    others = [
        replace(plain, narrative="asean"),
        replace(plain, outlet="KR:나"),
        replace(plain, language="en"),
        replace(plain, kind="official"),
        replace(plain, day="2025-07-02"),
    ]
    rows = list(count([plain, *others, plain]))
    assert sorted(r.documents for r in rows) == [1, 1, 1, 1, 1, 2]


NAME = st.tuples(
    st.sampled_from(ENTITIES), st.sampled_from(FORM_CLASSES), st.sampled_from(["title", "body"]), st.integers(0, 3)
)
DOCUMENT = st.builds(
    facts, represents_story=st.booleans(), sentences=st.integers(6, 9), has_title=st.just(value=True)
).flatmap(lambda plain: st.lists(NAME, max_size=8).map(lambda names: replace(plain, names=tuple(names))))


@given(st.lists(DOCUMENT, max_size=6))
def test_no_count_is_above_its_denominator_and_none_is_all_zero(documents: list[DocumentFacts]) -> None:
    rows = list(count(documents))
    whole = next((r for r in rows if r.target == "*"), None)
    assert (whole is None) == (not documents)
    for row in rows:
        assert whole is not None
        assert 0 < row.documents <= whole.documents == len(documents)
        assert row.stories <= min(row.documents, whole.stories)
        assert row.sentences <= whole.sentences
        assert row.headlines <= min(row.documents, whole.headlines)


@given(st.lists(DOCUMENT, max_size=6))
def test_the_order_of_documents_makes_no_difference(documents: list[DocumentFacts]) -> None:
    def ordered(rows: Iterator[Count]) -> list[str]:
        return sorted(map(str, rows))

    assert ordered(count(documents)) == ordered(count(documents[::-1]))


@given(st.lists(DOCUMENT, min_size=1, max_size=6))
def test_documents_and_stories_of_the_parts_of_the_brand_add_up(documents: list[DocumentFacts]) -> None:
    rows = counted(*documents)
    parts = [rows.get((part, NAMED), (0, 0, 0, 0)) for part in ("ASEAN-SEA", "SEA-ASEAN", "ASEAN&SEA")]
    whole = rows.get(("ASEAN|SEA", NAMED), (0, 0, 0, 0))
    assert [sum(units) for units in zip(*parts, strict=True)][:2] == list(whole[:2])


# -- a store, worked by hand ---------------------------------------------

WIRE = (
    "아세안 사무국은 다음 달에 새 건물로 옮긴다고 밝혔다. 직원 육백 명이 함께 옮기며 비용은 회원국이 나누어 낸다. "
    "베트남은 가장 먼저 몫을 냈다. 이사는 석 주가 걸린다."
)


def document(number: int, outlet: str, title: str, body: str, **more: str) -> Document:
    country = more.get("country", "KR")
    return Document(
        (f"id:a:{number}",),
        "a.jsonl",
        Outlet(outlet, country),
        "news",
        "ko",
        title,
        body,
        published=parse_published(more.get("day", DAY), country),
        excluded=more.get("excluded", ""),
    )


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.in_memory() as opened:
        opened.use_source("a.jsonl", "jsonl")
        yield opened


def test_two_outlets_a_wire_story_its_reprint_and_the_rest(store: Store, tagger: Tagger) -> None:
    store.save_documents(
        [
            document(1, "누리", "아세안 이사", f"[누리] {WIRE}"),  # the story
            document(2, "누리", "아세안 이사(종합)", WIRE),  # printed again by the same outlet
            document(3, "골목", "사무국 옮긴다", f"{WIRE}\n김나래 기자 a@golmok.example"),  # the reprint
            document(4, "골목", "동남아 여행", "동남아 휴가객이 늘었다. 태국이 으뜸이다."),
            document(5, "골목", "비", "비가 온다."),  # names nothing
            document(6, "골목", "아세안", "아세안은 쉰다.", excluded="중복"),  # set aside by the archive
            document(7, "Báo", "아세안", "베트남과 한국.", country="VN", day="1990-01-01"),  # no member then
        ]
    )
    tag_store(store, tagger)
    group_store(store)
    assert count_store(store) == store.totals()["counts"] > 0
    rows = {
        (c.outlet, c.target, c.form_class): (c.documents, c.stories, c.sentences, c.headlines) for c in store.counts()
    }
    assert {c.narrative for c in store.counts()} == {"korea"}
    # The wire's text has four sentences and its title one; the reprint's last line is one more.
    assert rows["KR:누리", "*", "*"] == (2, 1, 10, 2)
    assert rows["KR:누리", "ASEAN", NAMED] == (2, 1, 4, 2)
    assert rows["KR:누리", "VN", NAMED] == (2, 1, 2, 0)
    assert rows["KR:누리", "ASEAN-SEA", NAMED] == (2, 1, 4, 2)
    assert rows["KR:누리", "ASEAN&VN", NAMED] == (2, 1, 0, 0)
    assert rows["KR:골목", "*", "*"] == (3, 2, 11, 3)
    assert rows["KR:골목", "ASEAN", NAMED] == (1, 0, 1, 0)
    assert rows["KR:골목", "SEA", NAMED] == (1, 1, 2, 1)
    assert rows["KR:골목", "ASEAN|SEA", NAMED] == (2, 1, 3, 1)
    assert rows["KR:골목", "MEMBER", NAMED] == (2, 1, 2, 0)
    assert ("KR:골목", "ASEAN&SEA", NAMED) not in rows


def test_counting_again_does_nothing_until_something_changes(store: Store, tagger: Tagger) -> None:
    store.save_documents([document(n, "누리", "비", f"비가 온다. {n}") for n in range(3)])
    tag_store(store, tagger)
    group_store(store)
    first = count_store(store)
    read: list[int] = []
    assert count_store(store, lambda done, _: read.append(done)) == first
    assert not read
    store.save_documents([document(9, "누리", "아세안", "아세안은 쉰다.")])
    tag_store(store, tagger)
    group_store(store)
    assert count_store(store) > first


def test_a_long_count_says_how_far_it_is(store: Store, tagger: Tagger) -> None:
    days = [f"{2000 + n // 300}-{1 + n % 300 // 25:02}-{1 + n % 25:02}" for n in range(BATCH + 1)]
    store.save_documents([document(n, "누리", "비", f"비가 온다. {n}", day=day) for n, day in enumerate(days)])
    tag_store(store, tagger)
    reported: list[tuple[int, int]] = []
    count_store(store, lambda *said: reported.append(said))
    assert reported == [(BATCH, BATCH + 1), (BATCH + 1, BATCH + 1)]


def test_an_interrupt_leaves_counts_that_are_known_to_be_old_and_the_next_run_goes_on(
    store: Store, tagger: Tagger
) -> None:
    days = [f"{2000 + n // 300}-{1 + n % 300 // 25:02}-{1 + n % 25:02}" for n in range(BATCH + 1)]
    store.save_documents([document(n, "누리", "비", f"비가 온다. {n}", day=day) for n, day in enumerate(days)])
    tag_store(store, tagger)

    def interrupt(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        count_store(store, interrupt)
    assert not store.counts_are_current()
    with pytest.raises(NoAnswerError):
        store.counts()
    reported: list[tuple[int, int]] = []
    count_store(store, lambda *said: reported.append(said))
    assert reported == [(1, 1)]
    assert_as_from_scratch(store)


def test_only_the_cells_that_changed_are_counted_again(store: Store, tagger: Tagger) -> None:
    store.save_documents([document(n, "누리", "비", f"비가 온다. {n}", day=f"2025-07-{n + 1:02}") for n in range(9)])
    run(store, tagger)
    reported: list[tuple[int, int]] = []
    store.save_documents([document(3, "누리", "아세안", "아세안은 쉰다.", day="2025-07-04")])
    tag_store(store, tagger)
    group_store(store)
    count_store(store, lambda *said: reported.append(said))
    assert reported == [(1, 1)]
    assert_as_from_scratch(store)


def test_what_a_search_found_counts_once_a_whole_source_brings_it(store: Store, tagger: Tagger) -> None:
    store.save_documents([document(1, "누리", "아세안", "아세안은 쉰다.")], sampled=True)
    run(store, tagger)
    assert store.counts() == []
    store.save_documents([document(1, "누리", "아세안", "아세안은 쉰다.")])
    count_store(store)
    assert store.counts()
    assert_as_from_scratch(store)


def test_counts_made_by_other_rules_are_made_anew(
    store: Store, tagger: Tagger, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save_documents([document(n, "누리", "비", f"비가 온다. {n}") for n in range(3)])
    run(store, tagger)
    monkeypatch.setattr("corpus.store.counts.COUNTED_BY", "other")
    assert not store.counts_are_current()
    reported: list[tuple[int, int]] = []
    count_store(store, lambda *said: reported.append(said))
    assert reported == [(1, 1)]
    assert store.counts_are_current()


def run(store: Store, tagger: Tagger) -> None:
    tag_store(store, tagger)
    group_store(store)
    count_store(store)


def assert_as_from_scratch(store: Store) -> None:
    """Compare the counts with what counting every document at once gives."""
    assert sorted(map(str, store.counts())) == sorted(map(str, count(store.facts())))


# Documents that come, come again otherwise, are set aside, learn their date, are found by a search
# only, and are copies of each other; the stages run in any order, and counts are brought up to date after each.
_DOCUMENT = st.tuples(
    st.integers(0, 4),
    st.sampled_from([WIRE, WIRE, f"[누리] {WIRE}", "베트남은 쉰다.", "동남아와 아세안, 태국."]),
    st.sampled_from(["누리", "골목"]),
    st.sampled_from(["2025-07-01", "2025-07-02", "2025-07", ""]),
    st.sampled_from(["", "", "중복"]),
)
_STAGE = st.sampled_from(["tag", "group", "retag", "none"])
_ROUND = st.tuples(st.lists(_DOCUMENT, min_size=1, max_size=4), st.booleans(), st.lists(_STAGE, max_size=3))


@settings(max_examples=40, deadline=None)
@given(st.lists(_ROUND, min_size=1, max_size=4))
def test_counts_kept_up_to_date_are_those_made_from_scratch(
    tagger: Tagger, rounds: list[tuple[list[tuple[int, str, str, str, str]], bool, list[str]]]
) -> None:
    with Store.in_memory() as store:
        store.use_source("a.jsonl", "jsonl")
        for records, sampled, stages in rounds:
            store.save_documents([_record(*record) for record in records], sampled=sampled)
            for stage in ["count", *stages, "tag", "group"]:
                if stage == "tag":
                    tag_store(store, tagger)
                elif stage == "group":
                    group_store(store)
                elif stage == "retag":
                    store.forget_tagging()
                count_store(store)
                assert_as_from_scratch(store)


def _record(number: int, body: str, outlet: str, day: str, aside: str) -> Document:
    made = document(number, outlet, "제목", body, excluded=aside, day=day or DAY)
    return made if day else replace(made, published=None)


def test_an_empty_store_has_no_counts(store: Store) -> None:
    assert count_store(store) == 0
    assert store.counts() == []

"""Searching finds every text that holds a word, in every script, and stays true when texts change."""

from __future__ import annotations

import gzip
import itertools
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.calendar import Published
from corpus.model import Document, Outlet
from corpus.store import Store
from results.explore.functions import around, found_words, searchable
from results.explore.tokens import RULE, query, tokens

TEXTS = {
    "ko": "태국과 베트남은 한·아세안 정상회의에 참석했다. ASEAN은 10개국이다.",
    "th": "นายกรัฐมนตรีกล่าวว่าประเทศไทยและอาเซียนจะร่วมมือกัน",
    "zh": "东盟与韩国举行会议。",
    "km": "អាស៊ាននិងកូរ៉េ",
    "my": "ထိုင်းနိုင်ငံနှင့် အာဆီယံ",
    "ta": "கொரியாவின் தலைவர்",
    "vi": "Việt Nam và Hàn Quốc hợp tác",
    "en": "Korean firms and South Korea signed with ASEAN members.",
}


def document(number: int, title: str, body: str, source: str = "test") -> Document:
    when = Published("2026-08-01", "day", None, "stated", "2026-08-01")
    return Document((f"id:t:{number}",), source, Outlet("신문", "KR"), "news", "ko", title, body, None, when)


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.in_memory() as made:
        made.use_source("test", "jsonl")
        made.save_documents([document(n, code, text) for n, (code, text) in enumerate(TEXTS.items())])
        while made.index_texts(RULE, tokens, 3):
            pass
        yield made


def sql_of(store: Store) -> sqlite3.Connection:
    return store._db.conn  # noqa: SLF001 the index is looked at as Datasette looks at it: by SQL


def found(store: Store, words: str) -> set[str]:
    sql = "SELECT d.title FROM search s JOIN documents d ON d.row = s.rowid WHERE search MATCH ?"
    return {row[0] for row in sql_of(store).execute(sql, [searchable(words)])}


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("태국", {"ko"}), ("베트남", {"ko"}), ("아세안", {"ko"}), ("한·아세안", {"ko"}), ("정상 참석", {"ko"}),
        ("ไทย", {"th"}), ("อาเซียน", {"th"}), ("东盟", {"zh"}), ("东", {"zh"}), ("អាស៊ាន", {"km"}), ("အာဆီယံ", {"my"}),
        ("கொரியா", {"ta"}), ("Việt Nam", {"vi"}), ("korea", {"en"}), ("KOREA*", {"en"}), ("korean", {"en"}),
        ("asean", {"ko", "en"}), ("asean -firms", {"ko"}), ('"south korea"', {"en"}), ('"korea south"', set()),
        ("태국 ไทย", set()), ("국태", set()), ("참석회", set()), ("", set()), ("!?\"'*-", set()), ("-asean", set()),
        ("AND", {"en"}), ("asean OR", set()), ('"asean" NEAR(a b)', set()), ("title:asean", set()),
    ],
)  # fmt: skip
def test_a_word_is_found_where_it_stands(store: Store, words: str, titles: set[str]) -> None:
    assert found(store, words) == titles


@pytest.mark.parametrize(
    "asked", ['"', '""', "*", "a*b", "태*국", "(", ")", "a:b", "^a", "{a b}", "\x00", "🙂", "a\u202eb"]
)
def test_whatever_is_typed_is_a_query(store: Store, asked: str) -> None:
    assert isinstance(found(store, asked), set)


def test_decomposed_and_zero_width_spellings_are_one_word() -> None:
    assert tokens("한국") == tokens("한국")
    assert tokens("ไท\u200bย") == tokens("ไทย")
    assert query("Straße") == query("STRASSE")


def test_a_changed_text_is_found_by_its_new_words_only(store: Store) -> None:
    assert store.count_unsearchable(RULE) == 0
    store.save_documents([document(0, "ko", "필리핀 이야기")])
    assert store.count_unsearchable(RULE) == 1
    assert store.index_texts(RULE, tokens) == 1
    assert store.count_unsearchable(RULE) == 0
    assert found(store, "필리핀") == {"ko"}
    assert found(store, "베트남") == set()


def test_a_text_that_changes_twice_leaves_nothing_behind(store: Store) -> None:
    store.save_documents([document(0, "ko", "필리핀 이야기")])
    store.save_documents([document(0, "ko", "라오스 소식")])
    while store.index_texts(RULE, tokens):
        pass
    assert (found(store, "베트남"), found(store, "필리핀"), found(store, "라오스")) == (set(), set(), {"ko"})
    sql_of(store).execute(
        "INSERT INTO search(search, rank) VALUES ('integrity-check', 0)"
    )  # raises where it is damaged


def test_a_text_that_is_gone_is_not_found(store: Store) -> None:
    connection = sql_of(store)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("DELETE FROM documents WHERE title = 'ko'")
    connection.commit()
    while store.index_texts(RULE, tokens):
        pass
    assert next(connection.execute("SELECT count(*) FROM search WHERE search MATCH ?", [searchable("베트남")]))[0] == 0


def test_another_way_of_cutting_begins_anew(store: Store) -> None:
    assert store.count_unsearchable("other") == len(TEXTS)
    while store.index_texts("other", lambda text: text.casefold()):
        pass
    assert store.count_unsearchable("other") == 0
    assert next(sql_of(store).execute("SELECT count(*) FROM search WHERE search MATCH '\"korean\"'"))[0] == 1
    assert next(sql_of(store).execute("SELECT count(*) FROM search WHERE search MATCH '\"베트 트남\"'"))[0] == 0


def real(path: Path, field: str) -> Iterator[tuple[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in itertools.islice(lines, 1500):
            record = json.loads(line)
            yield str(record.get("title") or ""), str(record.get(field) or record.get("body") or "")


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("news-kr-rss-2022.jsonl.gz", ("태국", "베트남", "아세안", "동남아", "한국")),
        ("official-thaigov.jsonl.gz", ("ไทย", "อาเซียน", "เกาหลี", "เวียดนาม")),
    ],
)
def test_real_texts_are_found_as_plain_search_finds_them(real_data: Path, file: str, words: tuple[str, ...]) -> None:
    texts = list(real(real_data / file, "text"))
    assert len(texts) > 500
    with Store.in_memory() as store:
        store.use_source("test", "jsonl")
        store.save_documents([document(n, title or "-", body) for n, (title, body) in enumerate(texts)])
        while store.index_texts(RULE, tokens):
            pass
        connection = sql_of(store)
        held = 0
        for word in words:
            plain = "SELECT row FROM documents WHERE instr(title, ?) > 0 OR instr(body, ?) > 0"
            wanted = {row for (row,) in connection.execute(plain, [word, word])}
            got = {row for (row,) in connection.execute("SELECT rowid FROM search WHERE search MATCH ?", [query(word)])}
            assert got == wanted, word
            held += len(wanted)
        assert held > 20


def test_the_surroundings_of_a_name() -> None:
    text = "가" * 200 + "아세안" + "나" * 200
    assert around(text, 200, 203) == "…" + "가" * 90 + "«아세안»" + "나" * 90 + "…"
    assert around("아세안", 0, 3) == "«아세안»"
    assert around("", 5, 8) == ""
    assert found_words("제목", "본문의 태국 이야기", "태국") == "본문의 «태국» 이야기"
    assert found_words("ASEAN 제목", "본문", "asean") == "«ASEAN» 제목"
    assert found_words("제목", "본문", "없음") == "본문"

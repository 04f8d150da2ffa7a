from __future__ import annotations

from collections.abc import Iterator

import pytest

from corpus.calendar import Published
from corpus.model import Document, Outlet
from corpus.store import NearText, Store, TextRow
from nlp import words_near
from nlp.run import tag_store
from nlp.tagger import Tagger
from nlp.words_near import near, rule, words_store


def text(body: str, language: str = "en", title: str = "", outlet: str = "KR:Daily") -> TextRow:
    return TextRow(1, outlet, language, "2026-08-01", title, body, "h")


def mention(
    body: str, name: str, entity: str, sentence: int, form: str = "common"
) -> tuple[str, int, int, str, str, int]:
    start = body.index(name)
    return ("body", start, start + len(name), entity, form, sentence)


def test_words_of_the_naming_sentence_and_of_no_other() -> None:
    body = "Ministers praised ASEAN trade twice, trade again. Farmers harvested mangoes."
    found = near(NearText(text(body), "korea", (mention(body, "ASEAN", "ASEAN", 0),)))
    assert found["ASEAN"]["trade"] == 2
    assert "mangoes" not in found["ASEAN"]
    assert set(found) == {"ASEAN"}


def test_names_stopwords_addresses_and_the_outlets_own_name_are_left_out() -> None:
    body = "Vietnam's exporters told the Daily that ASEAN-led talks at desk@example.com matter."
    mentions = (mention(body, "Vietnam", "VN", 0), mention(body, "ASEAN", "ASEAN", 0))
    words = near(NearText(text(body), "korea", mentions))["ASEAN"]
    assert {"exporters", "led", "talks"} <= set(words)
    assert not {"the", "that", "daily", "vietnam", "asean", "desk", "example"} & set(words)


def test_a_sentence_with_two_names_counts_for_both_and_members_only_in_koreas_talk() -> None:
    body = "Thailand joined ASEAN fisheries."
    mentions = (mention(body, "Thailand", "TH", 0), mention(body, "ASEAN", "ASEAN", 0))
    assert set(near(NearText(text(body), "korea", mentions))) == {"ASEAN", "TH"}
    assert set(near(NearText(text(body), "asean", mentions))) == {"ASEAN"}


def test_names_inside_other_names_and_capitals_name_nothing() -> None:
    body = "Bangkok markets rose."
    assert near(NearText(text(body), "korea", (mention(body, "Bangkok", "TH", 0, "capital"),))) == {}


def test_bylines_around_the_report_are_left_out() -> None:
    body = "아세안 정상들이 모였다.\n김나래 기자 narae@example.com"
    found = near(NearText(text(body, "ko", outlet="KR:누리"), "korea", (mention(body, "아세안", "ASEAN", 0),)))
    assert "정상" in found["ASEAN"]
    assert not {"김나래", "기자"} & set(found["ASEAN"])


def test_a_korean_particle_glued_to_a_name_is_no_word() -> None:
    body = "정부는 아세안과의 협력을 넓힌다."
    found = near(NearText(text(body, "ko"), "korea", (mention(body, "아세안", "ASEAN", 0),)))
    assert dict(found["ASEAN"]) == {"정부": 1, "협력": 1}


def document(number: int, body: str, language: str = "en") -> Document:
    day = Published("2026-08-01", "day", None, "stated", "2026-08-01")
    key = (f"id:x:{number}",)
    return Document(key, "s", Outlet("Daily", "KR"), "news", language, f"No {number}", body, published=day)


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.in_memory() as made:
        made.use_source("s", "jsonl")
        made.save_documents([document(1, "ASEAN fisheries grew."), document(2, "Mangoes grew.")])
        tag_store(made, Tagger.load())
        yield made


def counted(store: Store, target: str = "ASEAN") -> dict[str, int]:
    rows = store.near(
        narrative="korea", language="en", target=target, months=["2026-08"], kinds=["news"], outlets=["KR:Daily"]
    )
    return {row.word: row.times for row in rows}


def test_the_stage_reads_what_is_new_and_nothing_twice(store: Store) -> None:
    told: list[int] = []
    assert words_store(store, told.append) == {}
    assert told == [1]
    assert counted(store) == {"": 2, "fisheries": 1, "grew": 1}
    words_store(store, told.append)
    assert told == [1]


def test_a_changed_text_is_read_again_and_its_old_words_go(store: Store) -> None:
    words_store(store)
    store.save_documents([document(1, "Singapore shipping sank, they said.")])
    tag_store(store, Tagger.load())
    words_store(store)
    assert counted(store) == {}
    assert counted(store, "SG")["shipping"] == 1


def test_another_rule_reads_everything_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    words_store(store)
    monkeypatch.setattr(words_near, "RULE", "2")
    assert store.count_unread("en", rule("en")) == 1
    told: list[int] = []
    words_store(store, told.append)
    assert told == [1]


def test_a_language_without_its_library_is_left_out_and_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from corpus.errors import SettingsError  # noqa: PLC0415 only here

    store.save_documents([document(3, "아세안 정상", "ko")])
    tag_store(store, Tagger.load())
    real = words_near.segmenter

    def missing(language: str) -> object:
        if language == "ko":
            raise SettingsError("narra needs kiwipiepy")
        return real(language)

    monkeypatch.setattr(words_near, "segmenter", missing)
    assert words_store(store) == {"ko": "narra needs kiwipiepy"}
    assert counted(store)["fisheries"] == 1

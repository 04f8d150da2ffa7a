from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.calendar import parse_published
from corpus.identity import document_keys
from corpus.model import Document, Outlet
from corpus.store import Store
from nlp.count import count_store, labels_of
from nlp.frames.framer import Framer
from nlp.frames.run import frame_store
from nlp.run import tag_store
from nlp.tagger import Tagger


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load()


@pytest.fixture(scope="module")
def framer() -> Framer:
    return Framer.load()


def document(number: int, title: str, body: str, day: str = "2026-08-03") -> Document:
    url = f"https://example.org/{number}"
    return Document(
        keys=document_keys(archive="made", archive_id=str(number), url=url),
        source="made",
        outlet=Outlet("Made Daily", "SG"),
        kind="news",
        language="en",
        title=title,
        body=body,
        url=url,
        published=parse_published(day, "SG"),
    )


SPORT = document(1, "Vietnam win the football final", "Vietnam beat Thailand in the ASEAN football championship.")
TRADE = document(2, "Exports rise", "Exports of Indonesia to South Korea grew as the free trade agreement took effect.")
NOTHING = document(3, "Weather", "It will rain.")


def filled(tagger: Tagger, *documents: Document) -> Store:
    store = Store.in_memory()
    store.use_source("made", "jsonl")
    store.save_documents(documents)
    tag_store(store, tagger)
    return store


def framed(store: Store) -> dict[tuple[int, str], str]:
    return {(r["document"], r["target"]): r["frame"] for r in store._rows("SELECT * FROM framings")}  # noqa: SLF001 what is stored, and nothing else, is looked at


def test_each_target_named_has_a_frame(tagger: Tagger, framer: Framer) -> None:
    with filled(tagger, SPORT, TRADE, NOTHING) as store:
        assert frame_store(store, framer) == 2
        found = framed(store)
        assert {target for row, target in found if row == 1} == {"ASEAN", "MEMBER", "TH", "VN"}
        assert {target for row, target in found if row == 2} == {"ID", "MEMBER", "KR|KOREA"}
        assert {frame for (row, _), frame in found.items() if row == 1} == {"sport"}
        assert {frame for (row, _), frame in found.items() if row == 2} == {"trade"}
        assert store.frame_versions() == [framer.version]


def test_only_what_is_new_is_framed(tagger: Tagger, framer: Framer) -> None:
    with filled(tagger, SPORT) as store:
        assert store.count_unframed(framer.version) == 1
        frame_store(store, framer)
        assert store.count_unframed(framer.version) == 0
        assert frame_store(store, framer) == 0
        store.save_documents([TRADE])
        tag_store(store, tagger)
        assert frame_store(store, framer) == 1


def test_a_changed_text_and_another_version_are_framed_again(tagger: Tagger, framer: Framer) -> None:
    with filled(tagger, SPORT) as store:
        frame_store(store, framer)
        store.save_documents([replace(SPORT, title="Vietnam and ASEAN sign trade pact", body="Exports to ASEAN grew.")])
        tag_store(store, tagger)
        assert frame_store(store, framer) == 1
        assert framed(store) == {(1, "ASEAN"): "trade", (1, "MEMBER"): "trade", (1, "VN"): "trade"}
        assert store.count_unframed("another") == 1


def test_a_text_that_names_nothing_any_more_loses_its_frame(tagger: Tagger, framer: Framer) -> None:
    with filled(tagger, SPORT) as store:
        frame_store(store, framer)
        store.save_documents([replace(SPORT, title="A final", body="Somebody won a match.")])
        tag_store(store, tagger)
        assert frame_store(store, framer) == 0
        assert framed(store) == {}
        assert store.frame_versions() == []


def test_members_are_those_of_the_day(tagger: Tagger, framer: Framer) -> None:
    early = document(4, "Football", "Timor-Leste won the football match.", "2024-08-03")
    with filled(tagger, early, document(5, "Football", "Timor-Leste won the football match.")) as store:
        frame_store(store, framer)
        assert {target for row, target in framed(store) if row == 1} == {"TL"}
        assert {target for row, target in framed(store) if row == 2} == {"TL", "MEMBER"}


def test_an_interrupt_leaves_the_rest_to_do(tagger: Tagger, framer: Framer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nlp.frames.run.BATCH", 1)
    with filled(tagger, SPORT, TRADE) as store:

        def stop(_: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            frame_store(store, framer, stop)
        assert store.count_unframed(framer.version) == 1
        assert frame_store(store, framer) == 1
        interrupted = framed(store)
    with filled(tagger, SPORT, TRADE) as store:
        frame_store(store, framer)
        assert framed(store) == interrupted


def test_a_language_without_seeds_is_read_as_unknown(tagger: Tagger, framer: Framer) -> None:
    odd = replace(SPORT, language="sw")
    with filled(tagger, odd) as store:
        assert frame_store(store, framer) == 1
        assert framed(store)[1, "ASEAN"] == "sport"


def by_label(store: Store, target: str) -> dict[str, int]:
    found = [c for c in store.counts(classes=("named",)) if c.target == target]
    return {label: sum(c.documents for c in found if c.frame == label) for label in {c.frame for c in found}}


def test_frames_of_a_target_add_up_to_its_documents(tagger: Tagger, framer: Framer) -> None:
    vague = document(6, "Thailand", "Thailand is mentioned here.")
    with filled(tagger, SPORT, TRADE, NOTHING, vague) as store:
        frame_store(store, framer)
        count_store(store)
        members = by_label(store, "MEMBER")
        assert members["*"] == members["framed"] == 3
        assert members["sport"] == members["trade"] == members["none"] == 1
        assert members["pillar:economic"] == members["pillar:socio-cultural"] == 1
        assert by_label(store, "ASEAN")["sport"] == by_label(store, "ASEAN")["*"] == 1
        assert "trade" not in by_label(store, "ASEAN")


def test_counts_follow_new_frames_alone(tagger: Tagger, framer: Framer) -> None:
    with filled(tagger, SPORT) as store:
        count_store(store)
        assert set(by_label(store, "ASEAN")) == {"*"}
        frame_store(store, framer)
        assert not store.counts_are_current()
        count_store(store)
        assert by_label(store, "ASEAN")["sport"] == 1
        assert frame_store(store, framer) == 0
        assert store.counts_are_current()


@pytest.mark.parametrize(
    ("framing", "expected"),
    [
        (("none", None, None, None), ("framed", "none")),
        (("trade", "economic", -0.2, None),
         ("framed", "trade", "pillar:economic", "exchange", "exchange:transactional")),
        (("sport", "socio-cultural", 0.0, 1.0),
         ("framed", "sport", "pillar:socio-cultural", "exchange", "people", "people:people")),
        (("summit", "political-security", 0.5, -1.0),
         ("framed", "summit", "pillar:political-security", "exchange", "exchange:mutual", "people", "people:elite")),
    ],
)  # fmt: skip
def test_labels(framing: tuple[str, str | None, float | None, float | None], expected: tuple[str, ...]) -> None:
    assert labels_of(*framing) == expected


def test_the_way_is_told_in_frames_that_have_one(tagger: Tagger, framer: Framer) -> None:
    students = document(
        7, "Students", "More Vietnamese students are studying at universities in South Korea this year."
    )
    with filled(tagger, students, SPORT) as store:
        frame_store(store, framer)
        ways = {
            (r["document"], r["target"]): (r["frame"], r["way"])
            for r in store._rows("SELECT * FROM framings")  # noqa: SLF001 what is stored, and nothing else, is looked at
        }
        assert ways[1, "KR|KOREA"] == ("education", "to_korea")
        assert ways[2, "ASEAN"] == ("sport", None)
        count_store(store)
        assert by_label(store, "KR|KOREA")["education:to_korea"] == 1

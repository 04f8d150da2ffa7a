"""Topics in a store: fitted by scope, assigned anew where texts change, counted, named by hand."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.calendar import Quarter, parse_published
from corpus.copies import group_store
from corpus.errors import FileProblemError, InputError, NoAnswerError, SettingsError
from corpus.identity import document_keys
from corpus.model import Document, Outlet
from corpus.store import Store
from nlp.count import count_store, topic_labels
from nlp.run import tag_store
from nlp.tagger import Tagger
from nlp.topics import run
from nlp.topics.names import read_names, set_merge, set_name
from nlp.topics.records import OUTLIER, Settings
from nlp.topics.run import (
    NAMES_FILE,
    Candidate,
    Scope,
    assign_scope,
    candidates,
    drift_sentence,
    fit_scope,
    quality_of,
    settled,
    subjects,
    sync_names,
    too_small,
)

POOLS = (
    "summit leaders declaration ministers partnership chairman dialogue statement cooperation envoy",
    "football goal coach striker stadium league midfielder referee penalty championship",
    "tourists beach hotel flights visa airport travellers resort bookings airline",
    "exports tariff factory investment semiconductor shipment customs battery supply agreement",
)
SMALL = Settings(topics=4, fewest=40)
SCOPE = Scope("asean", "KR|KOREA", "en")
KR = [("asean", "KR|KOREA")]


def document(
    number: int, body: str, day: str = "2026-08-03", title: str = "South Korea", language: str = "en"
) -> Document:
    url = f"https://example.org/{number}"
    return Document(
        keys=document_keys(archive="made", archive_id=str(number), url=url),
        source="made",
        outlet=Outlet("Made Daily", "SG"),
        kind="news",
        language=language,
        title=title,
        body=body,
        url=url,
        published=parse_published(day, "SG"),
    )


def written(number: int, first: int = 0, *, pool: int | None = None, day: str = "2026-08-03") -> list[Document]:
    """Invent documents on South Korea, of eight words of one pool each, the pools in turn; no two alike."""
    draw = random.Random(first)  # noqa: S311 - invents text, keeps no secret
    return [
        document(
            first + n,
            " ".join(draw.sample(POOLS[n % 4 if pool is None else pool].split(), 8)) + f" x{first + n}",
            day,
        )
        for n in range(number)
    ]


def filled(tagger: Tagger, *documents: Document) -> Store:
    store = Store.in_memory()
    store.use_source("made", "jsonl")
    take(store, tagger, *documents)
    return store


def take(store: Store, tagger: Tagger, *documents: Document) -> None:
    store.save_documents(documents)
    tag_store(store, tagger)
    group_store(store)


def only(store: Store, settings: Settings = SMALL) -> Candidate:
    (one,) = candidates(store, KR, settings)
    return one


def topics_by_row(store: Store) -> dict[int, int]:
    return {r["document"]: r["topic"] for r in store._rows("SELECT * FROM assignments")}  # noqa: SLF001 what is stored, and nothing else, is looked at


def labels(store: Store) -> dict[str, int]:
    sql = "SELECT frame, sum(documents) AS n FROM counts WHERE form_class = 'named' AND frame LIKE 'topic%' GROUP BY 1"
    return {r["frame"]: r["n"] for r in store._rows(sql)}  # noqa: SLF001 the same


@pytest.fixture
def store(tagger: Tagger) -> Iterator[Store]:
    with filled(tagger, *written(80)) as made:
        yield made


@pytest.fixture
def fitted(store: Store, tmp_path: Path) -> Store:
    fit_scope(store, tmp_path, only(store), SMALL, fits=2)
    return store


# -- scopes --------------------------------------------------------------------


def test_a_scope_is_written_and_read(tmp_path: Path) -> None:
    assert str(SCOPE) == "asean/KR|KOREA/en"
    assert {Scope.parse(name) for name in ("asean/KR|KOREA/en", "ASEAN/kr/en", "asean/KOREA/en")} == {SCOPE}
    assert Scope.parse("korea/KR/ko").target == "KR"
    assert SCOPE.file(tmp_path) == tmp_path / "models" / "topics" / "asean-KR-or-KOREA-en.npz"
    files = {Scope("korea", target, "ko").file(tmp_path) for target in ("ASEAN|SEA", "ASEAN-SEA", "ASEAN&SEA")}
    assert len(files) == 3


@pytest.mark.parametrize("name", ["", "asean", "asean/KR", "asean/XX/en", "asia/KR/en", "asean/KR/xx", "a/b/c/d"])
def test_what_is_no_scope_is_refused_with_an_example(name: str) -> None:
    with pytest.raises(InputError, match="such as korea/ASEAN/ko"):
        Scope.parse(name)


def test_subjects_are_chosen_by_side_and_target() -> None:
    assert len(subjects(None, None)) == 4
    assert subjects("asean", None) == subjects(None, "kr") == subjects(None, "KR|KOREA") == KR
    assert subjects(None, "VN") == [("korea", "VN"), ("asean", "VN")]
    with pytest.raises(InputError, match="korea, asean"):
        subjects("japan", None)
    with pytest.raises(InputError, match="MEMBER"):
        subjects(None, "Japan")


def test_only_what_counts_and_names_the_target_is_of_a_scope(tagger: Tagger) -> None:
    own, other = written(2)
    silent_ = document(50, "football goal", title="Weather")
    late, set_aside = written(1, 60, day="2026-11-02")[0], replace(written(1, 70)[0], excluded="duplicate")
    korean = document(80, "축구", title="한국 축구", language="ko")
    unknown = document(90, "fútbol", language="es")
    with filled(tagger, own, other, silent_, late, set_aside, korean, unknown) as store:
        english, spanish, in_korean = candidates(store, KR, SMALL)
        assert len(spanish.documents) == 1
        assert len(english.documents) == 3
        assert (str(in_korean.scope), len(in_korean.documents)) == ("asean/KR|KOREA/ko", 1)
        (until,) = candidates(store, KR, SMALL, language="en", until=Quarter(2026, 3))
        assert len(until.documents) == 2
        (aligned,) = candidates(store, KR, replace(SMALL, embedding="model2vec:x"))
        assert (aligned.scope.language, len(aligned.documents), aligned.unreadable) == ("all", 4, 1)


def test_one_document_a_story_is_fitted_on_and_the_copy_assigned(tagger: Tagger, tmp_path: Path) -> None:
    body = "The leaders of both sides met. " + " ".join(f"sentence{n} about cooperation" for n in range(60))
    copies = [document(900, body), document(901, body, "2026-08-04")]
    with filled(tagger, *written(80), *copies) as store:
        one = only(store)
        assert (len(one.documents), len(one.stories())) == (82, 81)
        fit_scope(store, tmp_path, one, SMALL, fits=2)
        assert len(topics_by_row(store)) == 81
        assert assign_scope(store, tmp_path, store.topic_models()[0]).assigned == 1
        assert store.topics_since(str(SCOPE)) == (0, 0), "a copy of what was fitted on is nothing new"


# -- fitting -------------------------------------------------------------------


def test_a_fit_is_stored_with_what_a_reader_needs(fitted: Store, tmp_path: Path) -> None:
    (model,) = fitted.topic_models()
    assert (model.scope, model.narrative, model.target, model.language) == (str(SCOPE), *SCOPE)
    assert model.documents == 80
    quality = quality_of(model)
    assert quality is not None
    assert quality.fits == 2
    assert quality.stability > 0.5
    topics = fitted.topics_of(model.scope)
    assert sorted(topic.id for topic in topics) == [1, 2, 3, 4]
    for topic in topics:
        words = {word for word, _, _ in topic.words}
        assert max(len(words & set(pool.split())) for pool in POOLS) >= len(words) - 1
    assert sum(fitted.topic_sizes(model.scope).values()) == 80
    shown = fitted.representatives(model.scope)
    assert {one.topic for one in shown} == {1, 2, 3, 4}
    assert all(one.url and one.url.startswith("https://example.org/") for one in shown)
    assert settled(SCOPE.file(tmp_path), model.version).is_file()
    assert read_names(tmp_path / NAMES_FILE).used() == [1, 2, 3, 4]


def test_too_few_documents_are_said_with_their_number(tagger: Tagger, tmp_path: Path) -> None:
    with filled(tagger, *written(12)) as store:
        one = only(store)
        assert too_small(one, SMALL) == "12 documents are too few for topics; narra wants 40 (--fewest)."
        with pytest.raises(NoAnswerError, match="12 documents are too few"):
            fit_scope(store, tmp_path, one, SMALL)
        assert store.topic_models() == []
        assert not SCOPE.file(tmp_path).exists()


def test_topics_without_quality_say_so_and_know_no_drift(tagger: Tagger, tmp_path: Path) -> None:
    with filled(tagger, *written(44)) as store:
        fitted = fit_scope(store, tmp_path, only(store), SMALL)
        assert "not measured" in fitted.notes[0]
        (model,) = store.topic_models()
        assert model.quality is None
        assert "not measured" in drift_sentence(store, model)


def test_a_refit_keeps_ids_and_names(fitted: Store, tagger: Tagger, tmp_path: Path) -> None:
    before = {topic.id: {w for w, _, _ in topic.words} for topic in fitted.topics_of(str(SCOPE))}
    set_name(tmp_path / NAMES_FILE, 3, "Third")
    take(fitted, tagger, *written(40, 200))
    again = fit_scope(fitted, tmp_path, only(fitted), replace(SMALL, seed=5), fits=2)
    assert (again.former, len(again.known)) == (4, 4)
    sync_names(fitted, tmp_path)
    for topic in fitted.topics_of(str(SCOPE)):
        assert len(before[topic.id] & {w for w, _, _ in topic.words}) >= 6
        assert topic.name == ("Third" if topic.id == 3 else "")
    assert len(topics_by_row(fitted)) == 120


def test_ids_are_never_given_twice_even_without_the_former_files(fitted: Store, tmp_path: Path) -> None:
    SCOPE.file(tmp_path).unlink()
    (tmp_path / NAMES_FILE).unlink()
    again = fit_scope(fitted, tmp_path, only(fitted), SMALL, fits=2)
    assert "could not be read" in again.notes[0]
    assert sorted(topic.id for topic in fitted.topics_of(str(SCOPE))) == [5, 6, 7, 8]


def test_a_bad_file_of_names_stops_a_fit_before_the_work(store: Store, tmp_path: Path) -> None:
    (tmp_path / NAMES_FILE).write_text("[[topic]]\nid = 'one'\n", encoding="utf-8")

    def told(*_: object) -> None:
        pytest.fail("work was begun")

    with pytest.raises(SettingsError, match=r"topics\.toml"):
        fit_scope(store, tmp_path, only(store), SMALL, progress=told)


def test_an_interrupt_leaves_the_former_topics(fitted: Store, tmp_path: Path) -> None:
    version, topics = fitted.topic_models()[0].version, topics_by_row(fitted)

    def interrupted(doing: str, *_: object) -> None:
        if doing == "measuring":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit_scope(fitted, tmp_path, only(fitted), replace(SMALL, seed=9), progress=interrupted)
    assert (fitted.topic_models()[0].version, topics_by_row(fitted)) == (version, topics)
    assert settled(SCOPE.file(tmp_path), version).is_file()


def test_an_interrupt_between_store_and_file_is_mended(
    fitted: Store, tagger: Tagger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(fitted, tagger, *written(40, 200))
    with monkeypatch.context() as patched:
        patched.setattr(run, "add_topics", lambda *_: None)
        save = fitted.save_topics

        def then_interrupted(*given: object) -> None:
            save(*given)  # type: ignore[arg-type]
            raise KeyboardInterrupt

        patched.setattr(fitted, "save_topics", then_interrupted)
        with pytest.raises(KeyboardInterrupt):
            fit_scope(fitted, tmp_path, only(fitted), SMALL, fits=2)
    (model,) = fitted.topic_models()
    take(fitted, tagger, *written(4, 300))
    assert assign_scope(fitted, tmp_path, model).assigned == 4


# -- assigning -----------------------------------------------------------------


def test_only_what_is_new_or_changed_is_assigned(fitted: Store, tagger: Tagger, tmp_path: Path) -> None:
    (model,) = fitted.topic_models()
    assert assign_scope(fitted, tmp_path, model).assigned == 0
    before = topics_by_row(fitted)
    goal, tour = (before[row] for row in (2, 3))  # rows 1, 2, 3, 4: one of each pool
    (changed,) = written(1, pool=2)
    fitted.save_documents([changed])
    assert 1 not in topics_by_row(fitted), "the topic of a text that is no more is forgotten at once"
    tag_store(fitted, tagger)
    take(fitted, tagger, *written(3, 100, pool=1))
    assert assign_scope(fitted, tmp_path, model).assigned == 4
    after = topics_by_row(fitted)
    assert after[1] == tour
    assert [after[row] for row in (81, 82, 83)] == [goal] * 3


def test_what_leaves_the_scope_loses_its_topic(fitted: Store, tagger: Tagger, tmp_path: Path) -> None:
    (first,) = written(1)
    take(fitted, tagger, replace(first, title="Weather", body="It rains."))
    caught = assign_scope(fitted, tmp_path, fitted.topic_models()[0])
    assert (caught.assigned, caught.dropped) == (0, 0), "the changed text had lost it already"
    fitted._db.execute("UPDATE documents SET excluded = 'duplicate' WHERE row = 2")  # noqa: SLF001 as an archive would say later
    assert assign_scope(fitted, tmp_path, fitted.topic_models()[0]).dropped == 1
    assert topics_by_row(fitted).keys() == set(range(3, 81))


def test_a_refit_is_due_when_the_talk_changes(fitted: Store, tagger: Tagger, tmp_path: Path) -> None:
    (model,) = fitted.topic_models()
    strange = [document(500 + n, f"vaccine hospital virus patients nurse doctor ward clinic y{n}") for n in range(40)]
    take(fitted, tagger, *strange)
    said = assign_scope(fitted, tmp_path, model).drift
    assert "a refit is due" in said
    assert {topics_by_row(fitted)[row] for row in range(81, 121)} == {OUTLIER}


def test_a_missing_or_foreign_model_is_said_with_what_to_do(fitted: Store, tagger: Tagger, tmp_path: Path) -> None:
    (model,) = fitted.topic_models()
    file = SCOPE.file(tmp_path)
    file.write_bytes(b"else")
    take(fitted, tagger, *written(2, 100))
    with pytest.raises(FileProblemError, match="another model"):
        assign_scope(fitted, tmp_path, model)
    file.unlink()
    with pytest.raises(FileProblemError, match=r"is missing.*narra topics fit"):
        assign_scope(fitted, tmp_path, model)
    assert len(topics_by_row(fitted)) == 80


# -- names, counts, evidence ---------------------------------------------------


def test_topics_are_counted_and_found_again_as_evidence(fitted: Store) -> None:
    count_store(fitted)
    found = labels(fitted)
    sizes = fitted.topic_sizes(str(SCOPE))
    assert found.pop(f"topics:{SCOPE}") == 80
    assert found == {f"topic:{topic}": n for topic, n in sizes.items() if topic != OUTLIER}

    def evidence(target: str, label: str) -> int:
        return len(
            fitted.evidence(
                narrative="asean", months=["2026-08"], entities=["KR", "KOREA"], classes=["official", "common"],
                kinds=["news"], framed=(target, label), limit=1000,
            )
        )  # fmt: skip

    assert evidence("KR|KOREA", f"topics:{SCOPE}") == 80
    assert evidence("KR|KOREA", "topic:1") == sizes[1]
    assert evidence("KR", "topic:1") == 0, "the scope is of another target"
    assert evidence("KR|KOREA", "topic:99") == 0


def test_a_merge_by_hand_is_counted_anew_and_undone(fitted: Store, tmp_path: Path) -> None:
    count_store(fitted)
    before, file = labels(fitted), tmp_path / NAMES_FILE
    set_merge(file, 2, 1)
    sync_names(fitted, tmp_path)
    assert not fitted.counts_are_current()
    count_store(fitted)
    merged = labels(fitted)
    assert merged["topic:1"] == before["topic:1"] + before["topic:2"]
    assert "topic:2" not in merged
    set_merge(file, 2, 2)
    sync_names(fitted, tmp_path)
    count_store(fitted)
    assert labels(fitted) == before
    sync_names(fitted, tmp_path)
    assert fitted.counts_are_current(), "nothing changed, so nothing is counted anew"


def test_a_new_assignment_makes_its_days_counts_stale(fitted: Store, tagger: Tagger, tmp_path: Path) -> None:
    count_store(fitted)
    take(fitted, tagger, *written(4, 100, day="2026-08-09"))
    count_store(fitted)
    assert labels(fitted)[f"topics:{SCOPE}"] == 80
    assign_scope(fitted, tmp_path, fitted.topic_models()[0])
    stale = [tuple(r.values()) for r in fitted._rows("SELECT narrative, day FROM stale")]  # noqa: SLF001 the same
    assert stale == [("asean", "2026-08-09")]
    count_store(fitted)
    assert labels(fitted)[f"topics:{SCOPE}"] == 84


def test_the_denominator_is_counted_for_documents_of_no_topic_too() -> None:
    assert topic_labels("korea/ASEAN/ko", OUTLIER) == ("topics:korea/ASEAN/ko",)
    assert topic_labels("korea/ASEAN/ko", 7) == ("topics:korea/ASEAN/ko", "topic:7")

"""Tagging a store: only what is new, batch by batch, and again when the lexicon changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.calendar import parse_published
from corpus.errors import WorkerError
from corpus.model import Document, Outlet
from corpus.store import Store, TextRow
from nlp.run import BATCH, BatchTagger, tag_store, tag_text
from nlp.tagger import Matcher, Tagger


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Tagger:
    folder = tmp_path_factory.mktemp("lexicon")
    (folder / "xa.toml").write_text(
        'language = "xa"\nname = "made up"\n'
        '[[form]]\nentity = "TH"\nclass = "common"\ntext = ["Quxland"]\nsource = "x"\n'
        '[[form]]\nentity = "LA"\nclass = "common"\ntext = ["Bazland"]\nsource = "x"\nuntil = 1999-12-31\n'
        '[[inside]]\nentity = "TH"\nname = "Quxland"\ntext = ["Quxland Post"]\nreason = "x"\n',
        encoding="utf-8",
    )
    return Tagger.load(folder)


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.in_memory() as opened:
        opened.use_source("a.jsonl", "jsonl")
        yield opened


def document(number: int, body: str = "Quxland won.", day: str | None = "2025-07-01") -> Document:
    return Document(
        (f"id:nuri:{number}",),
        "a.jsonl",
        Outlet("Nuri", "KR"),
        "news",
        "xa",
        f"Title {number}",
        body,
        published=parse_published(day, "KR") if day else None,
    )


def mentions(store: Store) -> list[tuple[str, str, str, int]]:
    return [name for fact in store.facts() for name in fact.names]


# -- one text ------------------------------------------------------------

ROW = TextRow(7, "KR:Nuri", "xa", "2025-07-01", "Quxland", "It rains. Quxland won.\nQuxland Post", "h")


def test_a_text_gives_its_sentences_and_its_mentions_in_their_places(small: Tagger) -> None:
    tagged = tag_text(small, ROW)
    assert tagged.text == ROW
    assert tagged.sentences == 4
    found = [(m.document, m.field, m.sentence, m.mention.start, m.mention.form_class) for m in tagged.mentions]
    assert found == [(7, "title", 0, 0, "common"), (7, "body", 1, 10, "common"), (7, "body", 2, 23, "inside")]


def test_a_batch_of_many_languages_gives_each_text_its_own(small: Tagger) -> None:
    bodies = {"zz": "Quxland", "xa": "It rains. Quxland won.", "ab": "Nothing. At. All."}
    rows = [replace(ROW, row=n, language=language, body=bodies[language]) for n, language in enumerate([*bodies, "xa"])]
    results = BatchTagger(small, {}).tag([(row, "") for row in rows])
    assert results == [(tagged.sentences, tagged.mentions) for tagged in (tag_text(small, row) for row in rows)]
    assert [result and result[0] for result in results] == [2, 3, 4, 3]


@pytest.mark.parametrize(("title", "body", "sentences"), [("", "Quxland", 1), ("Quxland", "", 1), (" \n", "", 0)])
def test_an_empty_title_or_body_has_no_sentence(small: Tagger, title: str, body: str, sentences: int) -> None:
    tagged = tag_text(small, replace(ROW, title=title, body=body))
    assert tagged.sentences == sentences
    assert len(tagged.mentions) == sentences


def test_a_name_in_the_last_words_is_in_the_last_sentence(small: Tagger) -> None:
    (mention,) = tag_text(small, replace(ROW, title="", body="It rains.\n\n Quxland \n")).mentions
    assert mention.sentence == 1


def test_the_day_of_a_text_decides_about_dated_names(small: Tagger) -> None:
    old = replace(ROW, title="Bazland", body="", day="1990")
    assert [m.mention.entity for m in tag_text(small, old).mentions] == ["LA"]
    assert tag_text(small, replace(old, day="2020-01-01")).mentions == ()


# -- a store -------------------------------------------------------------


def test_only_what_is_new_or_changed_is_tagged(store: Store, small: Tagger) -> None:
    store.save_documents([document(1), document(2)])
    assert tag_store(store, small) == 2
    assert tag_store(store, small) == 0
    store.save_documents([document(2, "Nothing."), document(3), document(1)])
    assert tag_store(store, small) == 2
    assert len(mentions(store)) == 2


def test_tagging_again_changes_nothing(store: Store, small: Tagger) -> None:
    store.save_documents([document(1), document(2)])
    tag_store(store, small)
    before = (mentions(store), store.state("changes"))
    tag_store(store, small)
    assert (mentions(store), store.state("changes")) == before


def test_a_version_of_other_code_tags_everything_again(
    store: Store, small: Tagger, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save_documents([document(1), document(2, "Quxland, Quxland.")])
    tag_store(store, small)
    newer = replace(small, version="newer")
    monkeypatch.setattr("nlp.run.code_version", lambda: "other")
    assert store.count_untagged("newer") == 2
    assert tag_store(store, newer) == 2
    assert tag_store(store, newer) == 0
    assert len(mentions(store)) == 3
    assert store.lexicons() == ["newer"]


def test_a_version_that_says_the_same_tags_nothing(store: Store, small: Tagger) -> None:
    store.save_documents([document(1), document(2, "Quxland, Quxland.")])
    tag_store(store, small)
    assert tag_store(store, replace(small, version="newer")) == 0
    assert store.count_untagged("newer") == 0
    assert store.lexicons() == ["newer"]


def test_each_batch_is_reported(store: Store, small: Tagger) -> None:
    store.save_documents([document(n) for n in range(BATCH + 1)])
    reported: list[int] = []
    assert tag_store(store, small, reported.append) == BATCH + 1
    assert reported == [BATCH, 1]


def test_after_an_interrupt_the_finished_batches_are_kept_and_only_the_rest_is_done(
    store: Store, small: Tagger
) -> None:
    store.save_documents([document(n) for n in range(2 * BATCH + 1)])

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tag_store(store, small, interrupt)
    assert store.count_untagged(small.version) == BATCH + 1
    assert tag_store(store, small) == BATCH + 1
    assert len(mentions(store)) == 2 * BATCH + 1


def test_an_interrupt_within_a_batch_leaves_nothing_of_it(tmp_path: Path, small: Tagger) -> None:
    """Stop on the third text: nothing of its batch may be there afterwards."""

    class Stops(Tagger):
        left = 2  # texts

        def matcher(self, language: str) -> Matcher:
            if not self.left:
                raise KeyboardInterrupt
            self.left -= 1
            return super().matcher(language)

    path = tmp_path / "narra.db"
    with Store.open(path) as store:
        store.use_source("a.jsonl", "jsonl")
        store.save_documents([document(n) for n in range(5)])
        with pytest.raises(KeyboardInterrupt):
            tag_store(store, Stops(small.version, small._folder))  # noqa: SLF001 see above
    with Store.open(path) as store:
        assert store.totals()["mentions"] == 0
        assert tag_store(store, small) == 5
        assert store.totals()["mentions"] == 5


def test_a_store_tagged_in_pieces_is_like_one_tagged_at_once(store: Store, small: Tagger) -> None:
    documents = [document(n, f"Quxland {'Quxland ' * (n % 3)}") for n in range(40)]
    for one in documents:
        store.save_documents([one])
        tag_store(store, small)
    with Store.in_memory() as other:
        other.use_source("a.jsonl", "jsonl")
        other.save_documents(documents)
        tag_store(other, small)
        assert mentions(other) == mentions(store)


def test_headline_pairs_can_be_stored(store: Store, tagger: Tagger) -> None:
    store.save_documents([replace(document(1, "한·베 회담과 한·북·미 회담"), language="ko")])
    assert tag_store(store, tagger) == 1
    assert [name[0] for name in mentions(store)] == ["KR", "VN", "KR", "KP"]


# -- on several cores ----------------------------------------------------


def test_workers_find_the_same_in_the_same_order(store: Store, small: Tagger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nlp.run.ALONE", 0)
    documents = [document(n, f"Quxland {'Quxland ' * (n % 3)}") for n in range(3 * BATCH)]
    store.save_documents(documents)
    reported: list[int] = []
    assert tag_store(store, small, reported.append, workers=2) == 3 * BATCH
    assert reported == [BATCH] * 3
    with Store.in_memory() as other:
        other.use_source("a.jsonl", "jsonl")
        other.save_documents(documents)
        tag_store(other, small)
        assert list(other.mentions_of_all()) == list(store.mentions_of_all())


def test_a_worker_with_another_lexicon_than_ours_is_refused(
    store: Store, small: Tagger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nlp.run.ALONE", 0)
    store.save_documents([document(1)])
    with pytest.raises(WorkerError, match="changed while"):
        tag_store(store, replace(small, version="other"), workers=2)
    assert store.totals()["mentions"] == 0


def test_long_texts_are_read_few_at_a_time(store: Store, small: Tagger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nlp.run.BATCH_CHARACTERS", 100)
    store.save_documents([document(n, "Quxland " * 10) for n in range(4)])
    reported: list[int] = []
    assert tag_store(store, small, reported.append) == 4
    assert reported == [2, 2]

"""A changed lexicon tags only the texts it may affect, and the store is as if all had been tagged again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.model import Document, Outlet
from corpus.store import Store
from nlp.changes import Finder, changed_spellings
from nlp.lexicon.build import build
from nlp.run import tag_store
from nlp.tagger import Tagger

HEAD = 'language = "{language}"\nname = "made up"\n'


def form(entity: str, text: str, more: str = "") -> str:
    return f'[[form]]\nentity = "{entity}"\nclass = "common"\ntext = ["{text}"]\nsource = "x"\n{more}\n'


# Names within names, names that begin alike, vetoes, cues, decoys, dated and shared ones.
ENTRIES = (
    form("TH", "Quxland"),
    form("TH", "Quxland", 'veto_after = ["Post"]'),
    form("LA", "Qux"),
    form("LA", "landfall"),
    form("VN", "Bazland", "until = 1999-12-31"),
    form("VN", "Bazland"),
    form("MM", "Fooland", 'cue_before = ["in"]'),
    form("KR", "Korland"),
    '[[inside]]\nentity = "TH"\nname = "Quxland"\ntext = ["Quxland Bank"]\nreason = "x"\n',
    '[[decoy]]\nhides = "VN"\ntext = ["Bazlandia"]\nreason = "x"\n',
)
SHARED = (form("SG", "Sharia", "shared = true"), form("TH", "Bazland", "shared = true"), form("PH", "Phil"))
WORDS = (
    "Quxland", "Qux", "landfall", "Quxlandfall", "Bazland", "Bazlandia", "Fooland", "in", "Korland", "Post", "Bank",
    "Sharia", "Phil", "Qux\u200bland", "Baz&shy;land", "rain.", "\n",
)  # fmt: skip
LANGUAGES = ("xa", "xb", "yy")  # of the last there is no lexicon

LEXICON = st.tuples(st.sets(st.sampled_from(range(len(ENTRIES)))), st.sets(st.sampled_from(range(len(SHARED)))))
TEXT = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
STEP = st.one_of(
    st.tuples(st.just("save"), st.lists(st.tuples(st.integers(0, 6), st.sampled_from(LANGUAGES), TEXT), max_size=4)),
    st.tuples(st.just("tag"), st.integers(0, 3)),
    st.tuples(st.just("interrupted"), st.integers(0, 3)),
)


def lexicon(folder: Path, own: set[int], shared: set[int]) -> Path:
    folder.mkdir()
    for language, entries in (("xa", [ENTRIES[n] for n in sorted(own)]), ("xb", [SHARED[n] for n in sorted(shared)])):
        (folder / f"{language}.toml").write_text(HEAD.format(language=language) + "".join(entries), encoding="utf-8")
    return folder


def document(number: int, language: str, text: str) -> Document:
    return Document((f"id:a:{number}-{language}",), "a", Outlet("Nuri", "KR"), "news", language, f"T {number}", text)


def found(store: Store) -> list[tuple[object, ...]]:
    rows = store.mentions_of_all()
    return [(m.document, m.field, m.sentence, *m.mention) for m in rows]


def tag_interrupted(store: Store, tagger: Tagger) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        tag_store(store, tagger, interrupt)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lexicons=st.lists(LEXICON, min_size=2, max_size=4), steps=st.lists(STEP, min_size=2, max_size=8))
def test_only_what_may_be_affected_is_tagged_and_nothing_is_missed(
    lexicons: Sequence[tuple[set[int], set[int]]],
    steps: Sequence[tuple[str, object]],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nlp.run.BATCH", 2)
    base = tmp_path_factory.mktemp("lexicons")
    taggers = [Tagger.load(lexicon(base / str(n), *chosen)) for n, chosen in enumerate(lexicons)]
    with Store.in_memory() as store, Store.in_memory() as plain:
        for one in (store, plain):
            one.use_source("a", "jsonl")
        for what, value in [*steps, ("tag", 0)]:
            if isinstance(value, list):
                documents = [document(*record) for record in value]
                store.save_documents(documents)
                plain.save_documents(documents)
            elif what == "interrupted":
                assert isinstance(value, int)
                tag_interrupted(store, taggers[value % len(taggers)])
            else:
                assert isinstance(value, int)
                tagger = taggers[value % len(taggers)]
                tag_store(store, tagger)
                plain.forget_tagging()
                tag_store(plain, tagger)
                assert found(store) == found(plain)
                assert store.count_untagged(tagger.version) == 0
                assert store.lexicons() in ([], [tagger.version])


# -- what is looked at ---------------------------------------------------


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.in_memory() as opened:
        opened.use_source("a", "jsonl")
        opened.save_documents(
            [document(n, "xa", "Quxland" if n % 10 else "Bazland Qux\u200bland Quxland Bank") for n in range(40)]
        )
        yield opened


def test_an_added_name_tags_the_texts_it_stands_in(store: Store, tmp_path: Path) -> None:
    first = Tagger.load(lexicon(tmp_path / "1", {0}, set()))
    second = Tagger.load(lexicon(tmp_path / "2", {0, 5}, set()))
    assert tag_store(store, first) == 40
    assert tag_store(store, second) == 4
    assert {m.mention.entity for m in store.mentions_of_all()} == {"TH", "VN"}
    assert tag_store(store, first) == 4
    assert {m.mention.entity for m in store.mentions_of_all()} == {"TH"}


def test_a_removed_and_a_changed_name_tag_the_texts_they_stand_in(store: Store, tmp_path: Path) -> None:
    first = Tagger.load(lexicon(tmp_path / "1", {0, 5}, set()))
    assert tag_store(store, first) == 40
    assert tag_store(store, Tagger.load(lexicon(tmp_path / "2", {0, 4}, set()))) == 4
    assert tag_store(store, Tagger.load(lexicon(tmp_path / "3", {0}, set()))) == 4
    assert tag_store(store, Tagger.load(lexicon(tmp_path / "4", set(), set()))) == 40


def test_a_change_of_another_language_tags_nothing(store: Store, tmp_path: Path) -> None:
    assert tag_store(store, Tagger.load(lexicon(tmp_path / "1", {0}, set()))) == 40
    assert tag_store(store, Tagger.load(lexicon(tmp_path / "2", {0}, {2}))) == 0


def test_a_name_of_one_of_the_koreas_tags_every_text(store: Store, tmp_path: Path) -> None:
    """It speaks for a side wherever it stands, so the language is tagged again."""
    assert tag_store(store, Tagger.load(lexicon(tmp_path / "1", {0}, set()))) == 40
    assert tag_store(store, Tagger.load(lexicon(tmp_path / "2", {0, 7}, set()))) == 40


def test_the_same_files_make_lexicons_without_a_difference(tmp_path: Path) -> None:
    folders = [lexicon(tmp_path / name, set(range(len(ENTRIES))), {0, 1, 2}) for name in "12"]
    for code in ("xa", "xb", "*"):
        assert changed_spellings(*(build(code, folder) for folder in folders)) == frozenset()


def test_our_own_lexicon_is_compared_by_what_it_says() -> None:
    assert changed_spellings(build("ko"), build("ko")) == frozenset()


@pytest.mark.parametrize("text", ["Qux\u200bland", "a Quxland b", "Ｑuxland", "\ud800Quxland", "Qu&shy;xland"])
def test_a_spelling_is_found_as_the_tagger_finds_it(text: str) -> None:
    assert Finder(["Quxland"]).finds(text)


@pytest.mark.parametrize("text", ["", "Qux land", "\u200b", "Quxlan"])
def test_a_spelling_that_does_not_stand_there_is_not_found(text: str) -> None:
    assert not Finder(["Quxland"]).finds(text)

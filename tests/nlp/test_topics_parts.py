"""The parts of topics, by worked examples and by what must always hold."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import nnls
from sklearn.feature_extraction.text import TfidfVectorizer

from corpus.errors import FileProblemError, NoAnswerError, SettingsError
from nlp.topics.across import Side, alignment
from nlp.topics.bags import Bag, counted, indexed, random_bags, vocabulary_of
from nlp.topics.clusters import Spherical, Strongest, floor_of, placed
from nlp.topics.coherence import coherence, diversity, npmi, occurrences, windows
from nlp.topics.drift import difference, wilson
from nlp.topics.names import Entry, Names, add_topics, counted_as, label, read_names, set_name
from nlp.topics.plain import own_lines, plain_text
from nlp.topics.records import OUTLIER, Assignment, Settings, Text, Topic, Word
from nlp.topics.vectors import Lexical, lexical, unit
from nlp.topics.wording import chosen, worded


def bags(*documents: str, language: str = "en") -> list[Bag]:
    return [Bag(row, language, tuple(text.split()), text) for row, text in enumerate(documents)]


# -- settings ------------------------------------------------------------


@pytest.mark.parametrize("embedding", ["bert", "model2vec", "model2vec:", "tfidf", ""])
def test_an_unknown_embedding_is_refused_with_what_is_allowed(embedding: str) -> None:
    with pytest.raises(SettingsError, match="tfidf-nmf"):
        Settings(embedding)


def test_values_out_of_range_and_guides_of_one_name_are_refused() -> None:
    with pytest.raises(SettingsError, match="topics' setting topics is 1"):
        Settings(topics=1)
    with pytest.raises(SettingsError, match=r"setting common"):
        Settings(common=0)
    with pytest.raises(SettingsError, match="same name"):
        Settings(guides=(("sport", ("football",)), ("sport", ("tennis",))))


# -- a document's own words ----------------------------------------------


def test_bylines_html_addresses_and_the_outlets_name_are_left_out() -> None:
    text = Text(
        1,
        "ko",
        "[누리통신] 부산 회의",
        "(서울=누리통신) 김나래 기자 = <p>회의&nbsp;개막</p><img src='a.jpg' hspace=4 부산 박다솜 기자 a@nuri.example https://nuri.example/x",
        None,
        "누리통신",
    )
    plain = plain_text(text, 3000, {})
    assert "회의" in plain
    assert "개막" in plain
    for gone in ("김나래", "박다솜", "기자", "hspace", "nuri", "누리통신", "nbsp"):
        assert gone not in plain


def test_a_line_an_outlet_always_prints_is_left_out_of_its_own_documents_only() -> None:
    texts = [
        Text(n, "en", f"Title {n}", f"Story number {n} is new.\nFollow us on all channels.", None, "Nuri")
        for n in range(9)
    ]
    other = Text(99, "en", "Elsewhere", "Follow us on all channels.", None, "Other")
    own = own_lines([*texts, other], 3000)
    assert own == {"Nuri": frozenset({"Follow us on all channels."})}
    assert "Follow us" not in plain_text(texts[0], 3000, own)
    assert "Story number 0" in plain_text(texts[0], 3000, own)
    assert "Follow us" in plain_text(other, 3000, own)


# -- counting ------------------------------------------------------------


def test_the_vocabulary_leaves_out_rare_and_common_words() -> None:
    some = bags("asean trade", "asean trade", "asean visa", "asean visa", "asean once")
    assert vocabulary_of(some, common=0.5) == ("trade", "visa")
    assert vocabulary_of(some, common=1) == ("asean", "trade", "visa")


def test_counts_stand_where_their_words_do() -> None:
    counts = counted(bags("b a b", "x", "c a"), indexed(("a", "b", "c")))
    assert counts.toarray().tolist() == [[1, 2, 0], [0, 0, 0], [1, 0, 1]]


def test_random_documents_are_as_long_as_real_ones_and_drawn_the_same_each_time() -> None:
    some = bags("a b c", "d e f g")
    drawn = random_bags(some, 50, seed=3)
    assert drawn == random_bags(some, 50, seed=3)
    assert {len(bag.words) for bag in drawn} == {3, 4}
    assert {word for bag in drawn for word in bag.words} == set("abcdefg")


# -- vectors -------------------------------------------------------------

DOCUMENTS = bags(
    "summit leaders asean", "leaders summit statement", "summit statement asean", "leaders asean statement summit",
    "football goal match", "match goal coach", "coach football match", "goal coach football match",
)  # fmt: skip


def test_tfidf_is_that_of_scikit_learn() -> None:
    vocabulary = vocabulary_of(DOCUMENTS, 1)
    ours = lexical("tfidf-svd", DOCUMENTS, vocabulary, [], topics=2, seed=0)
    theirs = TfidfVectorizer(analyzer=str.split, vocabulary=list(vocabulary), sublinear_tf=True)
    rows = theirs.fit_transform([bag.plain for bag in DOCUMENTS])
    assert ours.idf == pytest.approx(theirs.idf_)
    expected = unit(rows.toarray() @ ours.components.T)
    assert ours.vectors(DOCUMENTS) == pytest.approx(expected)


def test_nmf_finds_the_two_topics_and_guides_move_one() -> None:
    vocabulary = vocabulary_of(DOCUMENTS, 1)
    ours = lexical("tfidf-nmf", DOCUMENTS, vocabulary, [], topics=2, seed=0)
    strongest = ours.vectors(DOCUMENTS).argmax(axis=1)
    assert len(set(strongest[:4])) == len(set(strongest[4:])) == 1
    assert strongest[0] != strongest[4]
    assert np.linalg.norm(ours.components, axis=1) == pytest.approx(1)


def test_weights_are_the_best_non_negative_ones_whatever_else_is_asked() -> None:
    random = np.random.default_rng(1)
    components = unit(random.random((4, 12)))
    ours = Lexical("tfidf-nmf", tuple("abcdefghijkl"), np.ones(12), components)
    some = bags("a b c d", "e f a", "l k j i h", "zzz")
    found = ours.vectors(some)
    assert found[3].tolist() == [0, 0, 0, 0]
    for bag, weights in zip(some[:3], found, strict=False):
        row = unit(counted([bag], indexed(ours.vocabulary)).toarray())[0]
        assert weights == pytest.approx(nnls(components.T, row)[0], abs=1e-4)
        assert ours.vectors([bag])[0] == pytest.approx(weights, abs=1e-12)


def test_damaged_arrays_are_refused() -> None:
    with pytest.raises(FileProblemError, match="differ in number"):
        Lexical.from_arrays("tfidf-nmf", {"words": np.array(["a"]), "idf": np.ones(2), "components": np.ones((1, 1))})


# -- clusters ------------------------------------------------------------


def test_a_document_no_nearer_than_chance_is_of_no_topic() -> None:
    centres = np.eye(2)
    labels, scores = placed(np.array([[0.9, 0.1], [0.2, 0.3], [0.0, 0.0]]), centres, floor=0.3)
    assert labels.tolist() == [0, OUTLIER, OUTLIER]
    assert scores.tolist() == pytest.approx([0.9, 0.3, 0.0])
    assert floor_of(np.array([[0.1, 0.0], [0.2, 0.0], [0.9, 0.0]]), centres) == pytest.approx(0.2)


def test_both_cluster_models_fit_as_they_predict() -> None:
    vectors = unit(np.array([[1, 0.1], [1, 0.2], [0.1, 1], [0.2, 1], [1.0, 0.0]]))
    drawn = np.array([[0.1, 0.1]])
    for model in (Strongest(drawn), Spherical(2, 0, drawn, np.empty((0, 2)))):
        labels = model.fit(vectors).labels_
        assert labels.tolist() == model.predict(vectors).tolist()
        assert labels[0] == labels[1] == labels[4] != labels[2] == labels[3]


# -- coherence and wording -----------------------------------------------


def test_npmi_by_hand() -> None:
    # Of four windows a and b come together twice and never alone; c once with a, once alone.
    some = occurrences(bags("a b", "a b c", "c", "d"), ("a", "b", "c", "d"))
    values = npmi(some, [0, 1, 2, 3])
    assert values[0, 1] == pytest.approx(1.0)
    assert values[0, 2] == pytest.approx(math.log(0.25 / 0.25) / -math.log(0.25))
    assert values[0, 3] == -1
    assert coherence(some, [0, 1, 2]) == pytest.approx((1 + 0 + 0) / 3)
    assert math.isnan(coherence(some, [0]))
    # Seen together once: one less its root is nothing.
    assert npmi(some, [0, 2], cautious=True)[0, 1] == -1


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.sampled_from("abcde"), max_size=6), min_size=1, max_size=12))
def test_npmi_is_symmetric_and_within_its_bounds(documents: list[list[str]]) -> None:
    some = occurrences([Bag(0, "en", tuple(words), "") for words in documents], tuple("abcde"))
    values = npmi(some, range(5))
    assert np.all((values >= -1 - 1e-9) & (values <= 1 + 1e-9))
    assert values == pytest.approx(values.T)
    assert np.all(npmi(some, range(5), cautious=True) <= values + 1e-9)


def test_windows_cut_long_documents() -> None:
    assert [len(bag.words) for bag in windows([Bag(0, "en", ("w",) * 250, "")])] == [100, 100, 50]


def test_diversity_is_the_share_of_different_words() -> None:
    assert diversity([("a", "b"), ("b", "c")]) == 0.75
    assert math.isnan(diversity([]))


def test_words_are_chosen_for_what_they_share() -> None:
    # z weighs more than b and c, but never comes with a.
    some = occurrences(bags(*["a b c"] * 6, *["z"] * 6), ("a", "b", "c", "z"))
    assert chosen(np.array([1.0, 0.5, 0.4, 0.6]), some, 3) == [0, 1, 2]
    assert chosen(np.array([0.0, 0.5, 0.0, 0.0]), some, 3) == [1]
    assert chosen(np.zeros(4), some, 3) == []


def test_a_topic_is_worded_in_each_language_by_its_own_words() -> None:
    vocabulary = ("summit", "정상")
    languages = {
        "en": sparse.csc_array(np.array([[1.0, 0.0]] * 5)),
        "ko": sparse.csc_array(np.array([[0.0, 1.0]] * 5)),
    }
    words = worded(np.array([0.5, 0.4]), vocabulary, languages, 3)
    assert [(word.text, word.language) for word in words] == [("summit", "en"), ("정상", "ko")]


# -- drift ---------------------------------------------------------------


def test_intervals_are_newcombes() -> None:
    # Newcombe 1998, table II, example (a), method 10: 56/70 against 48/80.
    low, high = difference(48 / 80, 80, 56 / 70, 70)
    assert (low, high) == pytest.approx((0.0524, 0.3339), abs=5e-4)
    assert wilson(0.0, 10) == pytest.approx((0, 0.2775), abs=5e-4)
    assert wilson(1.0, 10) == pytest.approx((0.7225, 1), abs=5e-4)


# -- names ---------------------------------------------------------------

TOPIC = Topic(3, (Word("정상", 0.2, "ko"), Word('so "called"', 0.1, "ko")), 10, (1, 2))


def test_new_topics_are_added_and_what_a_person_wrote_stays(tmp_path: Path) -> None:
    file = tmp_path / "topics.toml"
    add_topics(file, "korea/ASEAN/ko", [TOPIC])
    assert read_names(file).name(3) == ""
    assert label(TOPIC, read_names(file)) == '정상 so "called"'
    written = file.read_text(encoding="utf-8").replace('name = ""', 'name = "Summits"  # my comment')
    file.write_text(written, encoding="utf-8")
    add_topics(file, "korea/ASEAN/ko", [TOPIC, Topic(4, (), 1, ())])
    assert file.read_text(encoding="utf-8").startswith(written)
    names = read_names(file)
    assert label(TOPIC, names) == "Summits"
    assert names.used() == [3, 4]
    before = file.read_bytes()
    add_topics(file, "korea/ASEAN/ko", [TOPIC])
    assert file.read_bytes() == before
    with pytest.raises(SettingsError, match="cannot be of other too"):
        add_topics(file, "other", [TOPIC])


def test_one_name_is_set_and_no_other_line_changes(tmp_path: Path) -> None:
    file = tmp_path / "topics.toml"
    first = '# mine\n[[topic]]\nid = 3\nname = "old"  # a comment\n'
    text = first + '\n[[topic]]\nname = "other"\nid = 30\n[[topic]]\nid = 4\n'
    file.write_text(text, encoding="utf-8")
    set_name(file, 3, 'so "new"')
    set_name(file, 30, "다른 이름")
    set_name(file, 4, "added")
    expected = (
        text.replace('"old"', r'"so \"new\""')
        .replace('"other"', '"다른 이름"')
        .replace("id = 4\n", 'id = 4\nname = "added"\n')
    )
    assert file.read_text(encoding="utf-8") == expected
    assert [path.name for path in tmp_path.iterdir()] == ["topics.toml"]
    with pytest.raises(SettingsError, match=r"no topic 5 .* 3, 30, 4"):
        set_name(file, 5, "x")
    file.write_text("topic = [{id = 1}]", encoding="utf-8")
    with pytest.raises(SettingsError, match="by hand"):
        set_name(file, 1, "x")
    assert file.read_text(encoding="utf-8") == "topic = [{id = 1}]"


def test_merged_topics_count_as_the_last_of_the_chain() -> None:
    names = Names([Entry(id=1, merged_into=2), Entry(id=2, merged_into=5), Entry(id=5, name="Sport")])
    assert (names.merged(1), names.merged(5), names.merged(77)) == (5, 5, 77)
    assert names.name(1) == "Sport"
    given = (Assignment(10, 1, 0.5), Assignment(11, OUTLIER, 0.1))
    assert counted_as(given, names) == (Assignment(10, 5, 0.5), Assignment(11, OUTLIER, 0.1))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[topic]]\nid = 1\nmerged_into = 2\n[[topic]]\nid = 2\nmerged_into = 1", "circle"),
        ("[[topic]]\nid = 1\nmerged_into = 9", "not in the file"),
        ('[[topic]]\nid = 1\nmerged_into = 2\n[[topic]]\nid = 2\nscope = "x"', "same scope"),
        ("[[topic]]\nid = 1\n[[topic]]\nid = 1", "same id"),
        ("[[topic]]\nid = 1\nnane = 'typo'", "nane"),
        ("[[topic]]\nid = 0", "topic.0.id"),
        ("[[topic", "topics.toml"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "topics.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=message):
        read_names(file)


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_any_word_can_be_written_to_the_file(tmp_path_factory: pytest.TempPathFactory, word: str) -> None:
    file = tmp_path_factory.mktemp("names") / "topics.toml"
    add_topics(file, "s", [Topic(1, (Word(word, 1.0, "en"),), 1, ())])
    assert read_names(file).entries[1].words == word


# -- across languages ----------------------------------------------------


def side(first: int, *topics: tuple[int, tuple[float, ...]]) -> Side:
    rows = range(first, first + len(topics))
    return Side(
        [Assignment(row, topic, 1.0) for row, (topic, _) in zip(rows, topics, strict=True)],
        {row: traits for row, (_, traits) in zip(rows, topics, strict=True)},
    )


def test_topics_of_two_languages_meet_by_what_their_documents_share() -> None:
    korean = side(0, (1, (1, 0, 0)), (1, (1, 0, 0)), (2, (0, 1, 0)), (2, (0, 1, 1)), (3, (0, 0, 1)))
    thai = side(100, (7, (0, 1, 0)), (7, (0, 1, 0)), (8, (1, 0, 0)), (OUTLIER, (1, 1, 1)))
    pairs = alignment(korean, thai)
    assert {(pair.one, pair.other) for pair in pairs} == {(1, 8), (2, 7)}
    assert list(pairs) == sorted(pairs, key=lambda pair: -pair.likeness)
    assert alignment(korean, thai, enough=1.01) == ()


def test_without_traits_there_is_nothing_to_go_by() -> None:
    with pytest.raises(NoAnswerError, match="frames and names"):
        alignment(Side([Assignment(1, 1, 1.0)], {}), Side([], {}))

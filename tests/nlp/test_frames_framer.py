from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import FileProblemError, InputError
from corpus.model import Mention, StoredMention
from nlp.frames.forms import Finder, Hit, fold, longest
from nlp.frames.framer import ENOUGH, TITLE, Framer, add_up, choose
from nlp.frames.learned import Learned, LearnedWord, from_json, load, save, to_json
from nlp.frames.model import FRAMES, LANGUAGES, NONE, Evidence, Piece
from nlp.frames.show import show
from nlp.frames.surroundings import REACH, sentences_around, surroundings
from nlp.tagger import Tagger


@pytest.fixture(scope="module")
def framer() -> Framer:
    return Framer.load()


def spoke(label: str, weight: float, field: str = "body", start: int = 0) -> Evidence:
    return Evidence(label, label, "title" if field == "title" else "body", start, start + 1, weight, learned=False)


# -- finding ---------------------------------------------------------------


def found(forms: list[str], text: str) -> list[str]:
    return [text[h.start : h.end] for h in longest(Finder(forms).find(text))]


@pytest.mark.parametrize(
    ("forms", "text", "expected"),
    [
        (["export*"], "Exporters and EXPORTS, no reexport", ["Export", "EXPORT"]),
        (["gol"], "gol golongan mongol GOL", ["gol", "GOL"]),
        (["*wisata"], "pariwisata", ["wisata"]),
        (["축구"], "한국축구협회", ["축구"]),
        (["경기", "경기도"], "경기도의 경기", ["경기도", "경기"]),
        (["โรค"], "โรคระบาด โรคา", ["โรค"]),
        (["வர்த்தக"], "வர்த்தகம் கொவர்த்தக", ["வர்த்தக"]),
        (["trade talks"], "trade\ntalks", ["trade\ntalks"]),
        (["văn hóa"], "va\u0306n ho\u0301a", ["va\u0306n ho\u0301a"]),
        (["football"], "foot\u00adball", ["foot\u00adball"]),
        (["fta"], "İ FTA", ["FTA"]),
        ([], "nothing to look for", []),
        (["a"], "\ud800 a", ["a"]),
    ],
)
def test_forms_are_found_where_their_edges_are_free(forms: list[str], text: str, expected: list[str]) -> None:
    assert found(forms, text) == expected


def test_a_hit_whose_edge_is_not_free_hides_no_shorter_one() -> None:
    assert found(["trade deal", "trade"], "trade dealer") == ["trade"]


def test_one_spelling_may_be_two_forms() -> None:
    assert len(longest(Finder(["export", "export*"]).find("export"))) == 2


@given(st.text(max_size=60))
def test_folding_keeps_every_position(text: str) -> None:
    assert len(fold(text)) == len(text)


PARTS = ("축구", "football", "fta", "\u200b", "&", "ก", "ค", "é", "\u0301", "ﬀ", "Ｆ", "İ", ".", "\n")


@settings(max_examples=200)
@given(st.lists(st.sampled_from(PARTS), max_size=25))
def test_offsets_lead_into_the_text_as_given(parts: list[str]) -> None:
    text = " ".join(parts)
    reached = 0
    for hit in longest(Finder(["축구", "football", "fta"]).find(text)):
        assert reached <= hit.start < hit.end <= len(text)
        reached = hit.end


def test_the_longest_are_kept_and_none_overlap() -> None:
    assert longest([Hit(0, 0, 5), Hit(1, 0, 3), Hit(2, 4, 6), Hit(3, 5, 6)]) == [Hit(0, 0, 5), Hit(3, 5, 6)]


# -- deciding --------------------------------------------------------------


def test_a_worked_example(framer: Framer) -> None:
    pieces = [
        Piece("title", 0, "Vietnam win ASEAN Cup final"),
        Piece("body", 100, "Vietnam beat Thailand, and sales of football shirts rose."),
    ]
    framing = framer.frame(pieces, "en")
    assert framing.frame == "sport"
    assert framing.pillar == "socio-cultural"
    # Title: win and final are weak, ASEAN Cup is a seed. Body: beat is weak, football a seed.
    assert framing.scores == {"sport": TITLE * (0.5 + 1 + 0.5) + 0.5 + 1, "trade": 1.0}
    assert [(e.form, e.field, e.start, e.end) for e in framing.deciding if e.field == "body"] == [
        ("beat", "body", 108, 112),
        ("football", "body", 136, 144),
    ]
    assert framing.scales == {"exchange": -1.0, "people": None}
    assert framing.version == framer.version


def test_the_same_form_counts_once_a_piece_and_is_shown_each_time(framer: Framer) -> None:
    framing = framer.frame([Piece("body", 0, "football, football"), Piece("body", 50, "football")], "en")
    assert framing.scores == {"sport": 2.0}
    assert [e.weight for e in framing.evidence] == [1.0, 0.0, 1.0]


def test_nothing_decides(framer: Framer) -> None:
    assert framer.frame([], "ko").frame == NONE
    assert framer.frame([Piece("body", 0, "")], "ko").frame == NONE
    weak = framer.frame([Piece("body", 0, "The leaders met.")], "en")
    assert (weak.frame, weak.pillar, weak.scores) == (NONE, None, {"summit": 0.5})


def test_what_decides_between_equal_sums() -> None:
    even = [spoke("trade", 1.0, start=9), spoke("sport", 1.0, start=3)]
    assert choose(add_up(even), sorted(even, key=lambda e: e.start)) == "sport"
    titled = [spoke("trade", 1.5, "title"), spoke("sport", 1.0), spoke("sport", 0.5, start=5)]
    assert choose(add_up(titled), titled) == "trade"


@given(st.lists(st.tuples(st.sampled_from(FRAMES), st.sampled_from([0.5, 0.75, 1.0, 1.5])), max_size=12))
def test_the_choice_is_never_outweighed_and_needs_enough(spoken: list[tuple[str, float]]) -> None:
    evidence = [spoke(label, weight, start=at) for at, (label, weight) in enumerate(spoken)]
    scores = add_up(evidence)
    chosen = choose(scores, evidence)
    if chosen == NONE:
        assert max(scores.values(), default=0.0) < ENOUGH
    else:
        assert scores[chosen] >= max(scores.values()) - 1e-6 >= ENOUGH - 1e-6


def test_the_order_of_pieces_does_not_matter(framer: Framer) -> None:
    pieces = [Piece("title", 0, "A summit"), Piece("body", 0, "Exports rose."), Piece("body", 20, "The team won.")]
    framings = [framer.frame(order, "en") for order in itertools.permutations(pieces)]
    assert all(f == framings[0] for f in framings)


def test_exclusions_hide_what_only_looks_like_a_seed(framer: Framer) -> None:
    for text in ("Climber reaches summit of Mount Kinabalu", "the summit of the mountain"):
        assert framer.frame([Piece("title", 0, text)], "en").scores.get("summit", 0) == 0
    assert framer.frame([Piece("title", 0, "경기도")], "ko").frame == NONE
    assert framer.frame([Piece("title", 0, "Giải pháp cho sân bay")], "vi").scores.get("sport", 0) == 0


@pytest.mark.parametrize(("language", "used"), [("zh-Hant", "zh"), ("tl", "fil"), ("jv", "id"), ("und", "und")])
def test_a_language_is_served_by_anothers_seeds(framer: Framer, language: str, used: str) -> None:
    assert framer.knows(language)
    assert framer.frame([], language).language == used


def test_an_unknown_language_is_refused_and_the_message_says_what_to_use(framer: Framer) -> None:
    assert not framer.knows("fr")
    with pytest.raises(InputError, match=r"no frame seeds for the language 'fr'.*'und'"):
        framer.frame([], "fr")


def test_where_the_language_is_unknown_scripts_tell(framer: Framer) -> None:
    assert framer.frame([Piece("body", 0, "베트남 축구")], "und").frame == "sport"
    assert framer.frame([Piece("body", 0, "football")], "und").frame == "sport"
    assert framer.frame([Piece("body", 0, "pin")], "vi").frame == "trade"
    assert framer.frame([Piece("body", 0, "a safety pin")], "und").frame == NONE


@pytest.mark.parametrize("language", LANGUAGES)
def test_any_text_can_be_framed(framer: Framer, language: str) -> None:
    for text in ("", " \n", "\ud800", "&amp; &#3588;", "a" * 5000, "축구 ฟุตบอล ဘောလုံး"):
        framing = framer.frame([Piece("title", 0, text), Piece("body", 7, text)], language)
        assert framing.frame in {*FRAMES, NONE}


# -- learned words -----------------------------------------------------------


def learned(framer: Framer, *words: LearnedWord) -> Learned:
    return Learned({"en": words}, {"en": {"documents": 9, "labelled": 9}}, framer.seeds.version, {"cap": 0.5})


def test_learned_words_count_less_and_are_marked(framer: Framer) -> None:
    word = LearnedWord("gegenpress", "sport", 0.4, 12)
    taught = Framer(framer.seeds, learned(framer, word))
    framing = taught.frame([Piece("title", 0, "The gegenpress of ASEAN"), Piece("body", 0, "gegenpress")], "en")
    assert framing.frame == "sport"
    assert framing.scores == {"sport": pytest.approx(0.4 * TITLE + 0.4)}
    assert all(e.learned for e in framing.deciding)
    assert taught.frame([Piece("body", 0, "gegenpress")], "en").frame == NONE
    assert taught.frame([Piece("body", 0, "gegenpress")], "ko").scores == {}
    assert taught.version != framer.version


def test_learned_words_of_other_seeds_are_refused(framer: Framer) -> None:
    old = replace(learned(framer), seeds="old")
    with pytest.raises(InputError, match="belong to seeds old"):
        Framer(framer.seeds, old)


def test_a_model_is_the_same_after_saving_and_loading(framer: Framer, tmp_path: Path) -> None:
    model = learned(framer, LearnedWord("수비수", "sport", 0.4, 12))
    path = tmp_path / "frames.json"
    save(model, path)
    assert load(path) == model
    assert load(path).version == model.version
    assert [p.name for p in tmp_path.iterdir()] == ["frames.json"]


def test_an_interrupted_save_leaves_the_old_model(
    framer: Framer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "frames.json"
    save(learned(framer), path)
    before = path.read_text(encoding="utf-8")

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        save(learned(framer, LearnedWord("x", "sport", 0.1, 1)), path)
    assert path.read_text(encoding="utf-8") == before
    assert [p.name for p in tmp_path.iterdir()] == ["frames.json"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 99}', '{"format": 1, "words": {"xx": []}}'])
def test_what_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(FileProblemError, match=r"made\.json"):
        from_json(text, "made.json")


def test_a_model_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileProblemError, match="cannot be read"):
        load(tmp_path / "none.json")


def test_equal_models_are_equal_text(framer: Framer) -> None:
    assert to_json(learned(framer)) == to_json(learned(framer))


# -- surroundings --------------------------------------------------------------


def mentions(tagger: Tagger, title: str, body: str) -> list[StoredMention]:
    in_title = [StoredMention(1, "title", 0, m) for m in tagger.tag(title, "en")]
    return in_title + [StoredMention(1, "body", 0, m) for m in tagger.tag(body, "en")]


def test_a_story_on_football_that_names_asean_once_is_sport(framer: Framer, tagger: Tagger) -> None:
    title = "Late goal sends Vietnam to the final"
    body = "The striker scored. Exports were not a subject. It was the best night for ASEAN in years. Trade is dull."
    pieces = surroundings(title, body, mentions(tagger, title, body), {"ASEAN"})
    assert [p.text.strip() for p in pieces] == [title, "It was the best night for ASEAN in years."]
    assert framer.frame(pieces, "en").frame == "sport"


def test_two_targets_of_one_document_may_have_two_frames(framer: Framer, tagger: Tagger) -> None:
    title, body = "The week", "Exports of Indonesia to China rose. Football fans in Thailand celebrated."
    told = mentions(tagger, title, body)
    frames = {code: framer.frame(surroundings(title, body, told, {code}), "en").frame for code in ("ID", "TH", "VN")}
    assert frames == {"ID": "trade", "TH": "sport", "VN": NONE}
    assert surroundings(title, body, told, {"VN"}) == []


def test_a_name_in_the_title_alone_brings_the_first_sentence(tagger: Tagger) -> None:
    title, body = "ASEAN and its future", "Leaders met. Nothing else was said."
    assert surroundings(title, body, mentions(tagger, title, body), {"ASEAN"}) == [
        Piece("title", 0, title),
        Piece("body", 0, "Leaders met. "),
    ]
    assert surroundings(title, "", mentions(tagger, title, ""), {"ASEAN"}) == [Piece("title", 0, title)]


def test_capitals_and_names_inside_others_are_no_names_of_a_target() -> None:
    capital = StoredMention(1, "body", 0, Mention(0, 5, "KR", "capital", "Seoul"))
    inside = StoredMention(1, "body", 0, Mention(0, 5, "KR", "inside", "Korea"))
    assert surroundings("", "Seoul", [capital, inside], {"KR"}) == []


def test_a_long_line_is_cut_around_the_name() -> None:
    text = "ก" * 1000 + "ไทย" + " ข" * 500
    ((start, end),) = sentences_around(text, [(1000, 1003)])
    assert 1000 - REACH <= start <= 1000
    assert 1003 <= end <= 1003 + REACH
    assert text[end] == " "


@given(
    st.text("ab. \n", min_size=1, max_size=120),
    st.lists(st.tuples(st.integers(0, 119), st.integers(1, 5)), min_size=1, max_size=5),
)
def test_sentences_hold_their_places_in_order_and_apart(text: str, drawn: list[tuple[int, int]]) -> None:
    places = [(at, min(len(text), at + size)) for at, size in drawn if at < len(text)]
    spans = sentences_around(text, places)
    for start, end in places:
        assert any(first <= start and end <= last for first, last in spans)
    for one, other in itertools.pairwise(spans):
        assert one[1] <= other[0]


# -- showing -------------------------------------------------------------------


def test_what_is_shown(framer: Framer) -> None:
    told = show(framer, "베트남이 태국을 꺾고 우승했다.", "ko", "아세안컵 결승전")
    assert (told.title, told.title_ko, told.framing.frame) == ("Sport", "스포츠", "sport")
    assert [w.surface for w in told.words if w.decided] == ["아세안컵", "결승전", "꺾", "우승"]
    assert {w.origin for w in told.words} == {"seed"}
    assert told.reliability is not None
    assert show(framer, "", "ko").title == "No frame"
    assert show(framer, "", "ko").reliability is None

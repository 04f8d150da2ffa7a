"""Cues: what stands beside a name, and what only seems to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.cues import Cues, Heads, Near, Sides, is_latin
from nlp.lexicon.build import lexicon_folder, read_all
from nlp.lexicon.schema import LexiconFile


def cues(*listed: str, exact: bool = False) -> Cues:
    made = Cues.of(listed, exact=exact)
    assert made is not None
    return made


def folded(said: str | None, *, exact: bool) -> str | None:
    return said if said is None or exact else said.casefold()


def before(made: Cues, text: str) -> str | None:
    """Look before the name, written NAME; where case does not matter, give the cue in lower case."""
    return folded(made.before(text, text.index("NAME")), exact=made.exact)


def after(made: Cues, text: str) -> str | None:
    return folded(made.after(text, text.index("NAME") + 4), exact=made.exact)


# -- before and after ----------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Bank of NAME", "bank of"),
        ("the bank of NAME", "bank of"),
        ("BANK OF\nNAME", "bank of"),
        ("Bank of \u00a0NAME", "bank of"),
        ("(Bank of NAME)", "bank of"),
        ("Riverbank of NAME", None),
        ("Bank of the NAME", None),
        ("Bank of. NAME", None),
        ("Bank of, NAME", None),
        ("Bank of (NAME", None),
        ("Bank of-NAME", None),
        ("NAME", None),
        ("  NAME", None),
    ],
)
def test_a_cue_before_stands_directly_before_as_whole_words(text: str, said: str | None) -> None:
    assert before(cues("Bank of"), text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("NAME Airlines", "airlines"),
        ("NAME airlines said", "airlines"),
        ("NAME\nAirlines", "airlines"),
        ("NAME Airlines.", "airlines"),
        ("NAME Airlines, which", "airlines"),
        ("NAME Airlines' fleet", "airlines"),
        ("NAME-Airlines", "airlines"),
        ("NAME - Airlines", None),
        ("NAME, Airlines", None),
        ("NAME. Airlines", None),
        ("NAME (Airlines)", None),
        ("NAME and Airlines", None),
        ("NAMEAirlines", "airlines"),
        ("NAME Airlinesx", None),
        ("NAME", None),
        ("NAME ", None),
    ],
)
def test_a_cue_after_stands_directly_after_as_whole_words(text: str, said: str | None) -> None:
    assert after(cues("Airlines"), text) == said


def test_the_longest_phrase_is_given() -> None:
    assert after(cues("Air", "Air Force", "Air Force One"), "NAME Air Force One") == "air force one"
    assert before(cues("of", "Bank of", "Central Bank of"), "Central Bank of NAME") == "central bank of"


def test_the_words_of_a_phrase_stand_together() -> None:
    assert after(cues("Air Force"), "NAME Air, Force") is None
    assert after(cues("Air Force"), "NAME Air\nForce") == "air force"
    assert before(cues("Bank of"), "Bank, of NAME") is None
    assert before(cues("Bank of"), "Bank  of NAME") == "bank of"


def test_a_cue_may_hold_points_hyphens_and_apostrophes() -> None:
    assert before(cues("S."), "S. NAME") == "s."
    assert after(cues("Co."), "NAME Co. said") == "co."
    assert before(cues("Post-election"), "Post-election NAME") == "post-election"
    assert before(cues("Post"), "Post-election NAME") is None
    assert before(cues("election"), "Post-election NAME") is None


def test_exact_cues_are_found_as_written_and_in_capitals_only() -> None:
    made = cues("Bank of", exact=True)
    assert before(made, "Bank of NAME") == "Bank of"
    assert before(made, "BANK OF NAME") == "BANK OF"
    assert before(made, "the bank of NAME") is None


@pytest.mark.parametrize("text", ["정부NAME", "정부 NAME", "정부\nNAME", "한국정부 NAME"])
def test_in_other_scripts_a_cue_stands_glued_or_a_space_away(text: str) -> None:
    assert before(cues("정부"), text) == "정부"
    assert after(cues("정부"), "NAME" + text.replace("NAME", "")) == ("정부" if text.startswith("정부") else None)


def test_in_other_scripts_a_cue_is_not_found_behind_other_letters() -> None:
    assert before(cues("정부"), "정부는 NAME") is None
    assert after(cues("ประชาชน"), "NAMEของประชาชน") is None
    assert after(cues("ประชาชน"), "NAME ประชาชน") == "ประชาชน"


def test_scripts_may_be_mixed() -> None:
    made = cues("은행", "Bank")
    assert after(made, "NAME은행") == "은행"
    assert after(made, "NAME Bank") == "bank"


@pytest.mark.parametrize("listed", [(), ("",), ("  ", "\t")])
def test_without_cues_there_is_nothing_to_look_for(listed: tuple[str, ...]) -> None:
    assert Cues.of(listed) is None
    assert Near.of(listed) is None


@pytest.mark.parametrize("space", ["\u3000", "\u2003\u2003", "\x0b", "\x1f", "\u3000" * 100])
def test_a_text_that_ends_in_unusual_space_has_no_cue(space: str) -> None:
    assert after(cues("Airlines", "은행"), f"NAME{space}") is None
    assert before(cues("Airlines", "은행"), f"{space}NAME") is None


ANY_CUE = st.one_of(st.sampled_from(["Bank of", "S.", "은행", "ธนาคาร", "-", "(", "Air-Force", "a b c"]), st.text())


@given(st.lists(ANY_CUE, max_size=4), st.booleans(), st.text(), st.data())
def test_any_text_can_be_asked_anywhere(listed: list[str], exact: bool, text: str, data: st.DataObject) -> None:  # noqa: FBT001
    made = Cues.of(listed, exact=exact)
    if made is None:
        assert not any(cue.strip() for cue in listed)
        return
    at = data.draw(st.integers(0, len(text)))
    first = text[:at].casefold()
    assert (said := made.before(text, at)) is None or said.split()[-1].casefold() in first
    assert (said := made.after(text, at)) is None or said.split()[0].casefold() in text[at:].casefold()


WORDS = st.lists(st.text("abcdéñ", min_size=1, max_size=6), min_size=1, max_size=3).map(" ".join)


@given(WORDS, st.sampled_from([" ", "\n", "\u00a0"]))
def test_every_phrase_of_words_is_found_on_either_side(phrase: str, gap: str) -> None:
    assert before(cues(phrase), f"X {phrase}{gap}NAME") == phrase
    assert after(cues(phrase), f"NAME{gap}{phrase} X") == phrase


@pytest.mark.parametrize("lexicon", read_all(lexicon_folder()).values(), ids=lambda lexicon: lexicon.language)
def test_every_cue_of_our_lexicons_can_hold(lexicon: LexiconFile) -> None:
    leading = [*lexicon.inside_before, *(cue for f in lexicon.form for cue in (*f.cue_before, *f.veto_before))]
    following = [*lexicon.inside_after, *lexicon.inside_after_not]
    following += [cue for f in lexicon.form for cue in (*f.cue_after, *f.veto_after)]
    written = {cue: cue.removeprefix("+") for cue in (*leading, *following)}  # + : with no space between
    assert [
        cue
        for cue in leading
        if before(cues(cue), f"{written[cue]}NAME") is None and before(cues(cue), f"{written[cue]} NAME") is None
    ] == []
    assert [
        cue
        for cue in following
        if after(cues(cue), f"NAME{written[cue]}") is None and after(cues(cue), f"NAME {written[cue]}") is None
    ] == []


# -- heads ---------------------------------------------------------------

HEADS = Heads.of(["Association", "Berhad"], ["Federation", "Institute"])


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("NAME Association", "Association"),
        ("NAME Rattan Weavers Association", "Association"),
        ("NAME Marine and Heavy Engineering Berhad", "Berhad"),
        ("NAME Rattan\nWeavers Association.", "Association"),
        ("NAME and the Association", None),
        ("NAME and Weavers Association", None),
        ("NAME weavers Association", None),
        ("NAME, Rattan Association", None),
        ("NAME Rattan, Weavers Association", None),
        ("NAME A B C D E F Association", None),
        ("NAME Associations", None),
        ("NAME Rattan Association-led", None),
        ("NAMEAssociation", None),
        ("NAME", None),
    ],
)
def test_a_head_follows_a_run_of_capitalised_words(text: str, head: str | None) -> None:
    assert HEADS.find_after(text, text.index("NAME") + 4) == head


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("Institute of NAME", "Institute"),
        ("Federation of Rattan Weavers of NAME", "Federation"),
        ("Federation of the NAME", "Federation"),
        ("Federation and NAME", None),
        ("Federation of Weavers and NAME", None),
        ("Federation of weavers in NAME", None),
        ("Federation. NAME", None),
        ("Confederation of NAME", None),
        ("Federation", None),
    ],
)
def test_a_head_leads_to_a_name_over_a_run_of_capitalised_words(text: str, head: str | None) -> None:
    assert HEADS.find_before(text, text.index("NAME") if "NAME" in text else len(text)) == head


def test_without_heads_nothing_is_found() -> None:
    none = Heads.of([], [" "])
    assert none.find_after("NAME Association", 4) is None
    assert none.find_before("Institute of NAME", 13) is None


# -- near ----------------------------------------------------------------


def near(*listed: str) -> Near:
    made = Near.of(listed)
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("the Capital City", "Capital City"),
        ("capital city's", "capital city"),
        ("(capital city)", "capital city"),
        ("capital cityscape", None),
        ("incapital city", None),
    ],
)
def test_latin_cues_nearby_are_whole_words_in_any_case(text: str, said: str | None) -> None:
    assert near("capital city").find(text, 0, len(text)) == said


def test_other_scripts_need_no_word_of_its_own() -> None:
    assert near("수도").find("새수도로 옮긴다", 0, 8) == "수도"


def test_only_the_stretch_asked_for_is_searched() -> None:
    text = "capital … elsewhere"
    assert near("capital").find(text, 1, len(text)) is None
    assert near("capital").find(text, 0, 6) is None
    assert near("capital").find(text, 0, 7) == "capital"


# -- sides ---------------------------------------------------------------


def test_words_for_either_side_are_found_with_their_places() -> None:
    sides = Sides(["Seoul", "K-pop", "서울"], ["Pyongyang", "평양"])
    text = "Seoul and PYONGYANG, k-pop, 서울시와 평양은"
    south, north = sides.find(text)
    assert [text[at] for at in south] == ["S", "k", "서"]
    assert [text[at] for at in north] == ["P", "평"]
    assert south == sorted(south)


def test_a_latin_word_within_another_is_on_no_side() -> None:
    assert Sides(["LG"], ["Rodong"]).find("ALGAE LGBT Rodongs") == ([], [])
    assert Sides(["LG"], []).find("LG전자, (LG)") == ([0, 7], [])


def test_without_words_no_side_is_taken() -> None:
    assert Sides([], []).find("Seoul") == ([], [])


@pytest.mark.parametrize(("character", "latin"), [("a", True), ("Đ", True), ("ệ", True), ("7", True), ("ñ", True)])
def test_latin_letters_with_any_accents_are_latin(character: str, latin: bool) -> None:  # noqa: FBT001
    assert is_latin(character) == latin


@pytest.mark.parametrize("character", "한ไ中தက្")
def test_letters_of_other_scripts_are_not_latin(character: str) -> None:
    assert not is_latin(character)

"""The rules one by one."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.cues import Cues, Heads, Near
from nlp.lexicon.build import Context, Edge, Form
from nlp.rules import RULES, cue, edge_free, in_address, inside_other, out_of_date, veto, which_korea
from nlp.tagger import PASSED, Tagger


def context(**more: object) -> Context:
    plain: dict[str, object] = {
        name: () if name in {"inside_suffix", "inside_run_before", "prefixes"} else None
        for name in inspect.signature(Context).parameters
    }
    plain["heads"] = Heads.of([], [])
    return Context(**(plain | more))  # type: ignore[arg-type]


def form(**more: object) -> Form:
    plain = {
        "text": "NAME",
        "entity": "TH",
        "form_class": "common",
        "source": "x",
        "context": context(),
        "left": Edge.FREE,
        "right": Edge.FREE,
    }
    return Form(**(plain | more))  # type: ignore[arg-type]


def span(text: str, name: str = "NAME") -> tuple[int, int]:
    at = text.index(name)
    return at, at + len(name)


# -- edges ---------------------------------------------------------------


@pytest.mark.parametrize("left", ["", " ", "(", "-", "한", "ไ", "國", "·", "😀", "‘"])
@pytest.mark.parametrize("right", ["", " ", ")", "'s", "은", "국", "。", "-"])
def test_a_latin_name_may_stand_beside_anything_but_latin_letters_and_digits(left: str, right: str) -> None:
    text = f"{left}NAME{right}"
    assert edge_free(text, *span(text), (Edge.LATIN, Edge.LATIN))


@pytest.mark.parametrize("letter", ["a", "Z", "é", "ệ", "Đ", "7", "_", "ñ"])
def test_latin_letters_and_digits_make_it_part_of_another_word(letter: str) -> None:
    for text in (f"{letter}NAME", f"NAME{letter}"):
        assert not edge_free(text, *span(text), (Edge.LATIN, Edge.LATIN))
        assert edge_free(text, *span(text), (Edge.FREE, Edge.FREE))


def test_a_tamil_name_begins_its_word_and_may_have_any_ending() -> None:
    name = "மலேசியா"
    edges = (Edge.TAMIL, Edge.FREE)
    assert edge_free(f" {name}வில்", *span(f" {name}வில்", name), edges)
    assert not edge_free(f"அ{name}", *span(f"அ{name}", name), edges)


@pytest.mark.parametrize(
    ("text", "free"),
    [
        ("인니", True),
        ("주인니", True),
        (" 주인니", True),
        ("민주인니", False),
        ("사인니", False),
        ("(인니", True),
        ("A인니", True),
    ],
)
def test_a_korean_name_begins_its_word_or_follows_a_prefix(text: str, free: bool) -> None:  # noqa: FBT001
    assert edge_free(text, *span(text, "인니"), (Edge.HANGUL, Edge.FREE), ("주",)) == free


@pytest.mark.parametrize(
    ("text", "free"), [("ไทย", True), ("เไทย", False), ("กไทย", True), ("ไทยะ", False), ("ไทยก", True)]
)
def test_a_thai_name_does_not_cut_a_syllable(text: str, free: bool) -> None:  # noqa: FBT001
    assert edge_free(text, *span(text, "ไทย"), (Edge.SYLLABLE, Edge.SYLLABLE)) == free


@given(st.text(), st.integers(0, 5), st.integers(1, 5), st.sampled_from(Edge), st.sampled_from(Edge))
def test_any_span_of_any_text_has_edges(text: str, start: int, length: int, left: Edge, right: Edge) -> None:
    end = min(start + length, len(text))
    if start < end:
        free = edge_free(text, start, end, (left, right))
        assert free or (left, right) != (Edge.FREE, Edge.FREE)


# -- addresses -----------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "https://NAME.example",
        "http://nuri.example/NAME",
        "http://nuri.example/a?b=NAME&c",
        "www.NAME.travel",
        "NAME.com",
        "NAME.go.kr",
        "(NAME.com)",
        "NAME.org/about",
        "a@NAME.example",
        "NAME@nuri.example",
        "first.NAME@nuri.example",
        "@NAME",
        "see nuri.co.id/NAME.",
    ],
)
def test_addresses_are_recognised(text: str) -> None:
    assert in_address(text, *span(text))


@pytest.mark.parametrize(
    "text",
    [
        "NAME",
        "NAME.",
        "NAME. Com",
        "#NAME",
        "NAME-led",
        "U.S.-NAME",
        "NAME/Laos",
        "NAME: yes",
        "NAME's",
        "and/or NAME",
        "NAME~2024",
        "한-NAME",
        "NAME+3",
        "50%-NAME",
    ],
)
def test_what_is_no_address_is_none(text: str) -> None:
    assert not in_address(text, *span(text))


# -- dates ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "out"),
    [
        ("1989-06-17", True),
        ("1989-06-18", False),
        ("1989-06", False),
        ("1989-05", True),
        ("1989", False),
        ("1988", True),
        ("2000-01-01", False),
        ("2000-01-02", True),
        ("2000", False),
        ("2001", True),
        ("", False),
    ],
)
def test_first_and_last_day_still_count_and_so_does_their_month_and_year(day: str, out: bool) -> None:  # noqa: FBT001
    assert out_of_date(form(since="1989-06-18", until="2000-01-01"), day) == out


def test_a_name_of_all_years_is_never_out_of_date() -> None:
    assert not any(out_of_date(form(), day) for day in ("", "1900", "2026-01-01"))


def test_a_name_that_needs_a_date_does_not_count_without_one() -> None:
    dated = form(until="2000-01-01", needs_date=True)
    assert out_of_date(dated, "")
    assert not out_of_date(dated, "1999")


# -- inside --------------------------------------------------------------

INSIDE = context(
    inside_before=Cues.of(["Bank of"], exact=True),
    inside_after=Cues.of(["Air", "Airlines", "은행"], exact=True),
    inside_after_not=Cues.of(["Air Force"], exact=True),
    inside_suffix=("일보", "협회"),
    inside_run_before=("พรรค",),
    heads=Heads.of(["Association"], ["Institute"]),
)


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("Bank of NAME", "Bank of"),
        ("NAME Airlines", "Airlines"),
        ("NAME Air", "Air"),
        ("NAME Air Force", None),
        ("NAME은행", "은행"),
        ("NAME일보", "일보"),
        ("NAME일보는", "일보"),
        ("NAME무역협회가", "협회"),
        ("NAME일보다", None),
        ("NAME 협회", None),
        ("พรรคใหม่NAME", "พรรค"),
        ("พรรค NAME", None),
        ("NAME Rattan Association", "Association"),
        ("Institute of NAME", "Institute"),
        ("NAME airlines", None),
        ("NAME and Airlines", None),
        ("NAME", None),
    ],
)
def test_the_neighbour_that_makes_it_part_of_another_name_is_given(text: str, because: str | None) -> None:
    assert inside_other(text, *span(text), INSIDE) == because


def test_without_context_nothing_is_inside() -> None:
    assert inside_other("Bank of NAME Airlines", 8, 12, context()) is None


# -- cues and vetoes -----------------------------------------------------


@pytest.mark.parametrize("rule", [cue, veto])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("old NAME", "old"),
        ("NAME city", "city"),
        ("NAME here, far away the rice", "rice"),
        ("The rice is far. NAME here", None),
        ("NAME here.\nThe rice", None),
        ("NAME", None),
    ],
)
def test_words_before_after_and_in_the_sentence_speak_for_or_against(
    rule: type[object], text: str, said: str | None
) -> None:
    kind = "cue" if rule is cue else "veto"
    conditions = {
        f"{kind}_before": Cues.of(["old"]),
        f"{kind}_after": Cues.of(["city"]),
        f"{kind}_near": Near.of(["rice"]),
    }
    decide = cue if rule is cue else veto
    assert decide(form(**conditions), text, *span(text)) == said
    assert decide(form(), text, *span(text)) is None


# -- Korea ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("south", "north", "which"),
    [
        ([], [], "KOREA"),
        ([10], [], "KR"),
        ([], [10], "KP"),
        ([10], [10], "KOREA"),
        ([100], [], "KR"),
        ([], [100], "KOREA"),
        ([10], [100], "KR"),
        ([100], [10], "KP"),
        ([100], [100], "KOREA"),
    ],
)
def test_the_sentence_decides_first_and_then_the_text_but_never_for_the_north(
    south: list[int], north: list[int], which: str
) -> None:
    text = "Korea said so today. " + "x" * 100  # the sentence ends at 20
    assert which_korea(text, 0, 5, south, north) == which


# -- the list of rules ---------------------------------------------------


def test_every_rule_that_a_text_may_meet_is_explained(tagger: Tagger) -> None:
    texts = {
        "en": "Romania, Siam, ASEAN.org, Bank Indonesia, Korea, Thailander, she speaks Thai, turkey Manila hemp",
        "ko": "한·미, 사인니까, 한일보, 태국어, 베 짜는 사람, 인니 수도",
    }
    met = {d.rule for language, text in texts.items() for d in tagger.explain(text, language, "2024-01-01")}
    assert {"edge", "date", "address", "inside", "korea", "pair"} <= met <= {"", *RULES}
    assert all(said.endswith(".") for said in RULES.values())


def test_what_is_passed_over_is_no_mention(tagger: Tagger) -> None:
    text = "xThailandx met Siam."
    assert {d.outcome for d in tagger.explain(text, "en", "2024-01-01")} == {PASSED}
    assert tagger.tag(text, "en", "2024-01-01", inside=True) == []

"""Spellings: what of a form is found, and what must not be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.lexicon.spelling import spellings

# Letters that have one upper and one lower form; ı and its like have not.
CHARACTER = st.characters(categories=["L", "M", "N"]).filter(lambda c: c.upper().casefold() == c.casefold())
WORD = st.text(CHARACTER, min_size=1, max_size=8)
FORM = st.lists(WORD, min_size=1, max_size=4).map(" ".join)


@pytest.mark.parametrize(
    ("form", "found"),
    [
        ("Thailand", ["Thailand", "thailand", "THAILAND"]),
        ("South Korea", ["South Korea", "south korea", "SOUTH KOREA", "South korea", "south Korea"]),
        ("Republic of Korea", ["REPUBLIC OF KOREA", "republic of korea", "Republic of korea", "Republic Of Korea"]),
        ("Côte d'Azur", ["Côte d’Azur", "CÔTE D'AZUR", "CÔTE D’AZUR", "côte d'azur"]),
        ("Đông Nam Á", ["đông nam á", "ĐÔNG NAM Á", "Đông nam á", "Đông Nam Á"]),
    ],
)
def test_case_and_apostrophes_make_no_difference_where_any_case_is_right(form: str, found: list[str]) -> None:
    assert set(found) <= spellings(form, any_case=True)


def test_an_exact_form_keeps_its_case() -> None:
    found = spellings("RI", any_case=False)
    assert found == {"RI"}
    assert "viet nam" not in spellings("Viet Nam", any_case=False)


def test_a_capital_within_a_word_is_kept_or_all_change() -> None:
    found = spellings("McDonald", any_case=True)
    assert found == {"McDonald", "mcdonald", "Mcdonald", "MCDONALD"}


@pytest.mark.parametrize("gap", ["\n", "\u00a0", "  ", "\r\n", " \n"])
def test_a_space_may_be_a_line_break_or_a_wider_gap(gap: str) -> None:
    assert f"South{gap}Korea" in spellings("South Korea", any_case=True)
    assert f"Republic{gap}of{gap}Korea" in spellings("Republic of Korea", any_case=True)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_single_space_of_several_may_be_a_line_break(place: int) -> None:
    words = ["Association", "of", "Southeast", "Nations"]
    broken = " ".join(words[: place + 1]) + "\n" + " ".join(words[place + 1 :])
    assert broken in spellings(" ".join(words), any_case=False)


@pytest.mark.parametrize("form", ["ไทย", "កម្ពុជា", "ລາວ", "马来西亚", "동남아"])
def test_scripts_without_spaces_may_break_anywhere(form: str) -> None:
    found = spellings(form, any_case=True)
    assert {f"{form[:at]}\n{form[at:]}" for at in range(1, len(form))} | {form} == found


def test_a_latin_word_is_not_broken() -> None:
    assert not any("\n" in spelled for spelled in spellings("Thailand", any_case=True))


@given(FORM, st.booleans())
def test_a_form_is_one_of_its_own_spellings_and_no_spelling_says_anything_else(form: str, any_case: bool) -> None:  # noqa: FBT001
    found = spellings(form, any_case=any_case)
    assert form in found

    def squeezed(text: str) -> str:
        return "".join(text.split()).replace("’", "'").casefold()

    assert {squeezed(spelled) for spelled in found} == {squeezed(form)}


@given(FORM)
def test_exact_spellings_are_among_those_of_any_case(form: str) -> None:
    assert spellings(form, any_case=False) <= spellings(form, any_case=True)

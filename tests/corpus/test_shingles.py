"""Shingles: letters, hashes of runs of them, and the choice of some."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.shingles import Rows, letters, shingle_length, shingles, sketch


def read(text: str) -> str:
    return "".join(map(chr, letters(text)))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Seoul, “2026”…", "seoul2026"),
        ("새 검역\n절차!", "새검역절차"),
        ("새", "새"),  # decomposed
        ("กรุงเทพฯ ที่", "กรุงเทพฯที่"),
        ("Đà Nẵng", "đànẵng"),
        ("안녕😀_세상", "안녕세상"),
        ("", ""),
        ("\ud800x", "x"),
    ],
)
def test_letters_are_what_a_text_says(text: str, plain: str) -> None:
    assert read(text) == plain


@given(st.lists(st.text("abcd", max_size=30), max_size=6), st.integers(1, 17))
def test_equal_runs_have_equal_hashes_and_others_have_not(texts: list[str], length: int) -> None:
    rows = shingles([letters(t) for t in texts], length)
    runs = [t[n : n + length] for t in texts for n in range(len(t) - length + 1)]
    assert len(rows) == len(texts)
    assert rows.sizes().tolist() == [max(0, len(t) - length + 1) for t in texts]
    assert len(rows.values) == len(runs)
    assert len(set(zip(runs, rows.values.tolist(), strict=True))) == len(set(runs)) == len(set(rows.values.tolist()))
    assert all(0 <= value < 1 << 62 for value in rows.values.tolist())


@given(st.lists(st.lists(st.integers(0, 50), max_size=20), min_size=1, max_size=5))
def test_of_every_eight_neighbours_one_is_chosen_the_least(texts: list[list[int]]) -> None:
    sizes = [len(t) for t in texts]
    rows = Rows(np.array([v for t in texts for v in t], dtype=np.int64), np.cumsum([0, *sizes]))
    chosen = sketch(rows, 3)
    assert len(chosen) == len(texts)
    for number, values in enumerate(texts):
        mine = chosen.values[chosen.bounds[number] : chosen.bounds[number + 1]].tolist()
        assert set(mine) <= set(values)
        assert {min(values[n : n + 8]) for n in range(max(1, len(values) - 7))} <= set(mine) if values else not mine


def test_two_texts_that_share_a_long_run_share_a_chosen_shingle() -> None:
    shared = "the harbour master opened two more berths"
    texts = [
        letters(f"yesterday in the north {shared} at last"),
        letters(f"we learnt that {shared} although it rained"),
    ]
    chosen = sketch(shingles(texts, 15), 3)
    one, other = (set(chosen.values[a:b]) for a, b in zip(chosen.bounds, chosen.bounds[1:], strict=False))
    assert one & other


def test_a_shingle_is_about_three_words_long() -> None:
    assert shingle_length("ko") < shingle_length("th") < shingle_length("en") == shingle_length("xx")

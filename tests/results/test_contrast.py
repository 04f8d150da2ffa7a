from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from scipy import sparse, stats

from corpus.store import WordCount
from results.cells import Floats
from results.contrast import Contrast, contrast, corrected, log_odds, side_of_counts, side_of_documents


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def compared(first: Floats, second: Floats) -> Contrast:
    words = [f"w{number}" for number in range(first.shape[1])]
    return contrast(words, *(side_of_documents(sparse.csr_array(side)) for side in (first, second)))


def texts(documents: int, words: int = 30, seed: int = 0, burst: float = 0.0) -> Floats:
    """Each word comes in a document or not; with ``burst`` it comes ten times where it comes."""
    there = rng(seed).random((documents, words)) < 0.3
    return there * np.where(rng(seed + 1).random((documents, words)) < burst, 10.0, 1.0)


def test_log_odds_by_hand() -> None:
    """Counts 3 of 10 against 1 of 10, prior 1 of 2: log(4 / 8) - log(2 / 10)."""
    delta = log_odds(np.array([3.0, 7]), np.array([1.0, 9]), np.array([1.0, 1.0]), np.arange(2))
    assert delta == pytest.approx([np.log(4 / 8) - np.log(2 / 10), np.log(8 / 4) - np.log(10 / 2)])


def fighting_words(first: Floats, second: Floats, prior: float) -> Floats:
    """Convokit's FightingWords, written word by word from its source: z with an informative prior."""
    background = first + second
    alphas = prior * background / background.sum()
    z = np.zeros(len(first))
    for i in range(len(first)):
        one = first[i] + alphas[i]
        other = second[i] + alphas[i]
        term1 = np.log(one / (first.sum() + prior - first[i] - alphas[i]))
        term2 = np.log(other / (second.sum() + prior - second[i] - alphas[i]))
        z[i] = (term1 - term2) / np.sqrt(1 / one + 1 / other)
    return z


def test_z_is_that_of_fighting_words() -> None:
    first, second = texts(40), texts(60, seed=5)
    found = compared(first, second)
    assert found.z == pytest.approx(fighting_words(first.sum(axis=0), second.sum(axis=0), 500.0))


def test_a_word_of_one_side_is_found_and_the_others_are_not() -> None:
    first, second = texts(200), texts(200, seed=5)
    first[:, 0] = rng(9).random(200) < 0.6
    found = compared(first, second)
    assert [w for w, q in zip(found.words, found.q, strict=True) if q < 0.01] == ["w0"]
    assert found.low[0] > 0


@given(st.integers(0, 1000))
@hypothesis_settings(deadline=None, max_examples=20)
def test_swapping_the_sides_changes_the_sign(seed: int) -> None:
    first, second = texts(30, seed=seed), texts(30, seed=seed + 2)
    one, other = compared(first, second), compared(second, first)
    assert one.log_odds == pytest.approx(-other.log_odds)
    assert one.z == pytest.approx(-other.z)


def test_how_documents_are_cut_does_not_matter_to_the_log_odds() -> None:
    first, second = texts(60), texts(60, seed=5)
    merged = first[:30] + first[30:]
    assert compared(first, second).log_odds == pytest.approx(compared(merged, second).log_odds)


def test_words_that_come_in_bursts_have_wider_intervals_than_z_says() -> None:
    first, second = texts(200, burst=0.1), texts(200, seed=5, burst=0.1)
    found = compared(first, second)
    resampled = (found.high - found.low) / 2 / 1.98
    assumed = np.abs(found.log_odds / found.z)
    assert np.median(resampled / assumed) > 1.3
    assert (np.abs(found.z) > 1.96).mean() > (found.p < 0.05).mean()


def test_the_interval_is_that_of_a_plain_loop() -> None:
    first, second = texts(40), texts(50, seed=5)
    alpha = 500 * (first.sum(0) + second.sum(0)) / (first.sum() + second.sum())
    random, drawn = rng(3), []
    for _ in range(3000):
        some = first[random.integers(0, 40, 40)].sum(0), second[random.integers(0, 50, 50)].sum(0)
        drawn.append(log_odds(*some, alpha, np.arange(30)))
    effective = (first.sum(0) + second.sum(0)) ** 2 / ((first**2).sum(0) + (second**2).sum(0))
    half = stats.t.ppf(0.975, effective - 2) * np.std(drawn, axis=0, ddof=1)
    found = compared(first, second)
    assert (found.high - found.low) / 2 == pytest.approx(half, rel=0.06)


def test_the_variance_by_hand() -> None:
    """Word w in half of forty documents of two words, never with its rival: by formula, and by the documents."""
    one = np.zeros((40, 2))
    one[:20, 0], one[20:, 1] = 2, 2
    found = compared(one, one)
    y, a, rest = 40, 250, 40 + 250
    moves = np.where(np.arange(40) < 20, 2 * (1 / (y + a) + 1 / rest) - 2 / rest, -2 / rest)
    variance = 40 / 39 * ((moves - moves.mean()) ** 2).sum()
    half = stats.t.ppf(0.975, 80**2 / 160 - 2) * np.sqrt(2 * variance)
    assert found.high[0] == pytest.approx(half)


def test_counts_by_outlet_give_what_documents_give() -> None:
    bags = texts(50, words=6)
    words, rows = tuple("abcdef"), []
    for outlet, own in (("KR:x", bags[:20]), ("KR:y", bags[20:])):
        sizes = own.sum(axis=1)
        whole = int((sizes > 0).sum()), int((sizes**2).sum())
        rows.append(WordCount(outlet, "", int(sizes.sum()), whole[0], whole[1], whole[1]))
        for number, word in enumerate(words):
            c = own[:, number]
            rows.append(WordCount(outlet, word, int(c.sum()), int((c > 0).sum()), int(c @ c), int(c @ sizes)))
    one, other = side_of_counts(words, rows), side_of_documents(sparse.csr_array(bags))
    for name in ("times", "documents", "squares", "cross", "texts", "total", "total_squares"):
        assert getattr(one, name) == pytest.approx(getattr(other, name))


def test_words_in_few_documents_are_left_out_and_few_documents_are_refused() -> None:
    first, second = texts(30), texts(30, seed=5)
    first[:, 0], second[:, 0] = 0, 0
    first[:4, 0] = 9
    assert "w0" not in compared(first, second).words
    refused = compared(first[:10], second)
    assert refused.words == ()
    assert "too few documents on a side: 10" in refused.refusals[0]


def test_contrasts_read_together_are_corrected_together() -> None:
    one, other = compared(texts(40), texts(40, seed=5)), compared(texts(40), texts(40, seed=7))
    both = corrected([one, other])
    assert all((after.q >= before.p - 1e-12).all() for after, before in zip(both, (one, other), strict=True))
    assert [len(after.q) for after in both] == [30, 30]
    assert corrected([one])[0].q == pytest.approx(one.q)

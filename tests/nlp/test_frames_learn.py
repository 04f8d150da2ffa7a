from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from corpus.errors import InputError, NoAnswerError
from nlp.frames import scores, units
from nlp.frames.framer import Framer
from nlp.frames.learn import Settings, Text, association, learn, learn_language, term_vectors
from nlp.frames.model import LANGUAGES, Piece

SMALL = Settings(labelled=20, documents=4, dimensions=4, polarity=1.0, words=20)
SPORT = ["football", "match", "stadium", "goalkeeper"]
TRADE = ["exports", "tariff", "factory", "investment"]


@pytest.fixture(scope="module")
def framer() -> Framer:
    return Framer.load()


def corpus(number: int = 120) -> list[Text]:
    """Sport goes with kickabout and Thailand, trade with invoices; Tuesday goes with both."""
    chance = random.Random(1)  # noqa: S311 a mixture, no secret
    texts = []
    for n in range(number):
        seeds, word = (SPORT, "kickabout") if n % 2 else (TRADE, "invoices")
        country = "Thailand" if n % 2 else "Vietnam"
        body = f"{chance.choice(seeds)} {chance.choice(seeds)} {word} Tuesday {country} {chance.choice('xyz') * 4}"
        texts.append(Text("en", f"number {n}", body))
    return texts


def names(text: str, _language: str) -> Sequence[tuple[int, int]]:
    return [(at, at + len(name)) for name in ("Thailand", "Vietnam") if (at := text.find(name)) >= 0]


def test_words_that_go_with_a_frame_are_learned_and_others_are_not(framer: Framer) -> None:
    words, counts = learn_language(framer, "en", corpus(), names, SMALL)
    of = {(word.form, word.label): word.weight for word in words}
    assert 0 < of["kickabout", "sport"] <= SMALL.cap
    assert 0 < of["invoices", "trade"] <= SMALL.cap
    assert not {form for form, _ in of} & {"tuesday", "thailand", "vietnam", *SPORT, *TRADE}
    assert counts == {"documents": 120, "labelled": 120}


def test_learning_decides_what_the_seeds_could_not(framer: Framer) -> None:
    model, refused = learn(framer, corpus(), names, SMALL)
    assert refused == {}
    taught = Framer(framer.seeds, model)
    piece = [Piece("title", 0, "A kickabout"), Piece("body", 0, "The kickabout was long.")]
    assert framer.frame(piece, "en").frame == "none"
    assert taught.frame(piece, "en").frame == "sport"


def test_the_order_of_texts_and_copies_do_not_matter(framer: Framer) -> None:
    texts = corpus()
    one = learn(framer, texts, names, SMALL)[0]
    other = learn(framer, [*reversed(texts), *texts], names, SMALL)[0]
    assert one == other
    assert one.version == other.version


def test_a_corpus_too_small_is_said(framer: Framer) -> None:
    with pytest.raises(NoAnswerError, match=r"labelled 10 of 10, and 20 are needed. The seeds alone are used"):
        learn_language(framer, "en", corpus(10), names, SMALL)
    model, refused = learn(framer, [*corpus(), Text("ko", "축구", "")], names, SMALL)
    assert set(model.words) == {"en"}
    assert "'ko'" in refused["ko"]


def test_a_language_without_seeds_is_passed_over(framer: Framer) -> None:
    assert learn(framer, [Text("fr", "le football", "")], names, SMALL)[0].words == {}


def test_association_by_hand() -> None:
    found = association({"a": 3, "b": 1}, {"a": 4, "b": 4}, 2, 1.0)
    assert found["a"] == pytest.approx(math.log(4 / 6) - math.log(2 / 6))
    assert found["b"] == pytest.approx(math.log(2 / 6) - math.log(4 / 6))


def test_terms_that_stand_in_the_same_texts_point_the_same_way() -> None:
    texts = [["a", "b"], ["a", "b"], ["c", "d"], ["c", "d"], ["a", "b", "e"], ["c", "d", "e"]]
    vectors = term_vectors(texts, list("abcdef"), 2)
    cosines = vectors @ vectors.T
    assert cosines[0, 1] == pytest.approx(1.0)
    assert abs(cosines[0, 2]) < 0.2
    assert np.allclose(vectors[5], 0)


# -- units -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Trade talks, 2024!", ["trade", "talks"]),
        ("vi", "kinh tế tăng", ["kinh tế", "tế tăng"]),
        ("zh", "东盟峰会", ["东盟", "东盟峰", "盟峰", "盟峰会", "峰会"]),
        ("ta", "வர்த்தக உறவு", ["வர்த்தக", "உறவு"]),
        ("ko", "축구를 보았다", ["축구"]),
        ("th", "ฟุตบอลไทย", ["ฟุตบอล", "ไทย"]),
    ],
)
def test_units(language: str, text: str, expected: list[str]) -> None:
    assert [unit.form for unit in units.units(text, language)] == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_units_stand_where_they_say(language: str) -> None:
    text = "ASEAN 아세안 축구 ฟุตบอลไทย ບານເຕະລາວ បាល់ទាត់កម្ពុជា ဘောလုံးအသင်း 东盟足球赛 காற்பந்து bóng đá Việt"
    for unit in units.units(text, language):
        assert text[unit.start : unit.end].lower() == unit.form


@pytest.mark.parametrize(("language", "text"), [("km", "បាល់ទាត់"), ("lo", "ບານເຕະ"), ("my", "ဘောလုံး")])
def test_syllables_are_put_together(language: str, text: str) -> None:
    assert list(units.units(text, language))


def test_a_missing_segmenter_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("importlib.import_module", missing)
    with pytest.raises(InputError, match=r"Korean needs kiwipiepy.*uv sync --extra morphology"):
        units._library("kiwipiepy", "Korean")  # noqa: SLF001 the message is what is looked at


# -- figures -----------------------------------------------------------------


def test_f1_by_hand() -> None:
    pairs = [("a", "a"), ("a", "b"), ("b", "b"), ("b", "b"), ("c", "b")]
    of = scores.by_class(pairs)
    assert (of["a"].precision, of["a"].recall, of["a"].f1) == (1.0, 0.5, pytest.approx(2 / 3))
    assert of["b"].f1 == pytest.approx(2 * 2 / (4 + 2))
    assert (of["c"].precision, of["c"].f1) == (None, 0.0)
    assert scores.macro_f1(pairs) == pytest.approx((2 / 3 + 2 / 3 + 0) / 3)
    assert scores.micro_f1(pairs) == pytest.approx(0.6)


def test_figures_agree_with_scikit_learn() -> None:
    from sklearn import metrics  # noqa: PLC0415 slow to import

    chance = random.Random(7)  # noqa: S311 a mixture, no secret
    pairs = [(chance.choice("abc"), chance.choice("abcd")) for _ in range(200)]
    wanted, given = zip(*pairs, strict=True)
    labels = sorted(set(wanted))
    expected = metrics.f1_score(wanted, given, labels=labels, average="macro", zero_division=0)
    assert scores.macro_f1(pairs) == pytest.approx(expected)
    assert scores.kappa(pairs) == pytest.approx(metrics.cohen_kappa_score(wanted, given))


def test_kappa_at_its_ends() -> None:
    assert scores.kappa([("a", "a"), ("b", "b")]) == 1.0
    assert scores.kappa([("a", "b"), ("b", "a")]) == -1.0
    assert scores.kappa([("a", "a")]) is None
    assert scores.kappa([]) is None


def test_the_interval_holds_the_value_and_repeats() -> None:
    pairs = [("a", "a")] * 6 + [("a", "b")] * 2 + [("b", "b")] * 5 + [("b", "a")]
    low, high = scores.interval(pairs, 300)
    assert low <= scores.macro_f1(pairs) <= high
    assert (low, high) == scores.interval(pairs, 300)
    assert scores.interval([]) == (0.0, 0.0)
    assert Counter(map(type, (low, high))) == {float: 2}


def test_settings_are_kept_with_the_model(framer: Framer) -> None:
    model, _ = learn(framer, corpus(), names, replace(SMALL, cap=0.3))
    assert model.settings["cap"] == 0.3

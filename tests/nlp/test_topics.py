"""Topics of small invented corpora: found, kept, measured, known again."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
import types
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import FileProblemError, NoAnswerError, SettingsError
from nlp.topics import files
from nlp.topics.drift import drift
from nlp.topics.files import load, save
from nlp.topics.identity import begun, continued, likeness
from nlp.topics.model import Model, assign, assigned, describe, fit, grouped, read
from nlp.topics.pretrained import encoder
from nlp.topics.quality import measured, quality
from nlp.topics.records import OUTLIER, Assignment, Settings, Text

# What three invented outlets write about, in words of our own choosing.
POOLS = {
    "en": {
        "summit": "summit leaders declaration ministers partnership chairman dialogue statement cooperation envoy",
        "football": "football goal coach striker stadium league midfielder referee penalty championship",
        "tourism": "tourists beach hotel flights visa airport travellers resort bookings airline",
        "trade": "exports tariff factory investment semiconductor shipment customs battery supply agreement",
    },
    "ko": {
        "summit": "정상 선언 장관 협력 의장 대화 순방 외교 공동 성명",
        "football": "축구 감독 경기장 공격수 심판 승리 리그 선수 결승 우승",
        "tourism": "관광객 해변 호텔 항공 비자 공항 여행 휴양지 예약 항공사",
        "trade": "수출 관세 공장 투자 반도체 선적 배터리 공급 협정 무역",
    },
    "th": {
        "summit": "ผู้นำ รัฐมนตรี ปฏิญญา การทูต แถลงการณ์ หุ้นส่วน ประธาน เจรจา",
        "football": "ฟุตบอล ประตู โค้ช กองหน้า สนามกีฬา ลีก กรรมการ แชมป์",
        "tourism": "นักท่องเที่ยว ชายหาด โรงแรม เที่ยวบิน วีซ่า สนามบิน รีสอร์ท สายการบิน",
        "trade": "ส่งออก ภาษี โรงงาน ลงทุน แบตเตอรี่ ศุลกากร อุตสาหกรรม ข้อตกลง",
    },
}
SMALL = Settings(topics=4, fewest=40)


def written(language: str, number: int, *, seed: int = 1, of: Sequence[str] = (), first: int = 0) -> list[Text]:
    """Write documents of six words of one topic each, in turn."""
    draw = random.Random(seed)  # noqa: S311 - invents text, keeps no secret
    topics = of or list(POOLS[language])
    join = "" if language == "th" else " "
    texts = []
    for n in range(number):
        words = draw.sample(POOLS[language][topics[n % len(topics)]].split(), 6)
        texts.append(Text(first + n, language, join.join(words[:3]), join.join(words[3:]), None, "Nuri"))
    return texts


def topic_of(model: Model, assignments: Sequence[Assignment], number: int) -> list[int]:
    """Give the topic most documents of each pool are in."""
    by = [Counter(a.topic for a in assignments[start::number]).most_common(1)[0][0] for start in range(number)]
    assert set(by) <= {topic.id for topic in model.topics}
    return by


@pytest.fixture(scope="module")
def english() -> list[Text]:
    return written("en", 120)


@pytest.fixture(scope="module")
def model(english: list[Text]) -> Model:
    return fit(read(english, SMALL), SMALL, scope="asean/KR/en", versions={"lexicon": "abc"})


@pytest.mark.parametrize("language", list(POOLS))
@pytest.mark.parametrize("embedding", ["tfidf-nmf", "tfidf-svd"])
def test_the_topics_that_were_written_are_found(language: str, embedding: str) -> None:
    texts = written(language, 120)
    settings = replace(SMALL, embedding=embedding)
    model = fit(read(texts, settings), settings)
    found = assign(model, texts)
    names = topic_of(model, found, 4)
    assert len(set(names)) == 4
    right = sum(a.topic == names[n % 4] for n, a in enumerate(found))
    assert right >= 114
    # Each topic is described by words of its own pool.
    for name, pool in zip(names, POOLS[language].values(), strict=True):
        words = next(topic.words for topic in model.topics if topic.id == name)
        assert sum(word.text in pool for word in words) >= 0.8 * len(words) > 0


def test_a_model_is_described(model: Model, english: list[Text]) -> None:
    topics = describe(model)
    assert [topic.id for topic in topics] == [1, 2, 3, 4]
    sizes = [topic.size for topic in topics]
    assert sizes == sorted(sizes, reverse=True)
    assert sum(sizes) + model.outliers == model.documents
    labels = {a.row: a for a in assign(model, english)}
    for topic in topics:
        assert len(topic.rows) == 5
        assert {labels[row].topic for row in topic.rows} == {topic.id}
        best = max(a.score for a in labels.values() if a.topic == topic.id)
        assert labels[topic.rows[0]].score == pytest.approx(best)
    assert dict(model.versions)["lexicon"] == "abc"
    assert "bertopic" in dict(model.versions)


def test_a_documents_topic_does_not_depend_on_its_company(model: Model, english: list[Text]) -> None:
    together = assign(model, english)
    assert sum(a.topic != OUTLIER for a in together) == model.documents - model.outliers
    for text, expected in zip(english[::17], together[::17], strict=True):
        (alone,) = assign(model, [text])
        assert alone.topic == expected.topic
        assert alone.score == pytest.approx(expected.score)
    assert assign(model, []) == ()


def test_what_says_nothing_known_is_of_no_topic(model: Model) -> None:
    (found,) = assign(model, [Text(1, "en", "Quantum entanglement", "Neutrino oscillations surprised physicists.")])
    assert found == Assignment(1, OUTLIER, 0.0)


def test_repeated_documents_count_once_in_fitting(english: list[Text]) -> None:
    copies = [replace(english[0], row=1000 + n) for n in range(300)]
    both = [fit(read(texts, SMALL), SMALL) for texts in (english, [*english, *copies])]
    assert both[0].documents == both[1].documents
    assert [t.words for t in both[0].topics] == [t.words for t in both[1].topics]


def test_progress_is_told_and_an_interrupt_goes_through(english: list[Text]) -> None:
    stages: list[str] = []
    fit(read(english, SMALL, progress=lambda stage, *_: stages.append(stage)), SMALL)
    assert stages[0] == "reading"

    def interrupt(stage: str, _done: int, _of: int) -> None:
        if stage == "clustering":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(read(english, SMALL), SMALL, progress=interrupt)


def test_guides_draw_topics_to_them() -> None:
    # Four of sixty documents are of football: three topics do not see them, unless one is drawn to them.
    texts = [*written("en", 56, of=("summit", "tourism", "trade")), *written("en", 4, of=("football",), first=200)]
    guides = (("sport", ("football goal", "coach")), ("health", ("vaccine", "hospital")))
    settings = Settings(topics=3, fewest=40, guides=guides)
    unguided = fit(read(texts, settings), replace(settings, guides=()))
    assert "football" not in {word.text for topic in unguided.topics for word in topic.words}
    model = fit(read(texts, settings), settings)
    guided = [topic for topic in model.topics if topic.guides]
    assert [topic.guides for topic in guided] == [("sport",)]
    assert model.unguided == ("health",)
    assert {word.text for word in guided[0].words[:4]} & {"football", "goal", "coach", "stadium", "striker"}
    assert [a.topic for a in assign(model, texts[-4:])].count(guided[0].id) >= 3


# -- what cannot be answered ---------------------------------------------


def test_too_few_documents_are_said_so(english: list[Text]) -> None:
    with pytest.raises(NoAnswerError, match=r"30 different documents .* narra wants 100"):
        fit(read(english[:30], Settings()), Settings())
    with pytest.raises(NoAnswerError, match="too few for 30 topics; ask for 24"):
        fit(read(english, SMALL), replace(SMALL, topics=30))


def test_too_few_words_are_said_so() -> None:
    texts = [Text(n, "en", f"{'v' * (n + 2)} {'w' * (n + 2)} {'x' * (n + 2)}", "") for n in range(60)]
    with pytest.raises(NoAnswerError, match="too few to tell topics apart"):
        fit(read(texts, SMALL), SMALL)


def test_languages_are_kept_apart_where_words_are_all_there_is(model: Model, english: list[Text]) -> None:
    korean = written("ko", 60, first=500)
    with pytest.raises(NoAnswerError, match="en, ko"):
        fit(read([*english, *korean], SMALL), SMALL)
    with pytest.raises(NoAnswerError, match="text in ko"):
        assign(model, korean)
    assert list(grouped([*korean, *english], SMALL)) == ["en", "ko"]
    assert list(grouped([*korean, *english], Settings("model2vec:x"))) == ["all"]


# -- the same each time, kept, and read without executing ----------------


SCRIPT = """
import sys
from pathlib import Path
sys.path.insert(0, {here!r})
import importlib.util
spec = importlib.util.spec_from_file_location("corpora", {file!r})
corpora = importlib.util.module_from_spec(spec)
spec.loader.exec_module(corpora)
from nlp.topics.files import save
from nlp.topics.model import fit, read
texts = corpora.written("ko", 80)
save(fit(read(texts, corpora.SMALL), corpora.SMALL), Path({out!r}))
"""


def test_processes_with_other_hashes_make_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for hash_seed in ("1", "2"):
        out = tmp_path / f"{hash_seed}.npz"
        script = SCRIPT.format(here=str(Path(__file__).parents[2]), file=__file__, out=str(out))
        subprocess.run([sys.executable, "-c", script], check=True, env={**os.environ, "PYTHONHASHSEED": hash_seed})
        made.append(hashlib.sha256(out.read_bytes()).hexdigest())
    assert made[0] == made[1]


def test_a_kept_model_is_the_same_model(model: Model, english: list[Text], tmp_path: Path) -> None:
    file = tmp_path / "deep" / "topics.npz"
    whole = measured(model, read(english, SMALL), fits=2)
    save(whole, file)
    again = load(file)
    assert again.topics == model.topics
    assert again.settings == model.settings
    assert again.quality == whole.quality
    assert (again.scope, again.languages, again.versions, again.own) == (
        model.scope,
        model.languages,
        model.versions,
        model.own,
    )
    assert assign(again, english) == assign(model, english)
    first = file.read_bytes()
    save(again, file)
    assert file.read_bytes() == first
    assert [path.name for path in file.parent.iterdir()] == ["topics.npz"]


def test_an_interrupted_save_leaves_the_former_model(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "topics.npz"
    save(model, file)
    before = file.read_bytes()

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files.np, "savez_compressed", interrupted)
    with pytest.raises(KeyboardInterrupt):
        save(model, file)
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


def test_files_that_are_no_models_are_refused(model: Model, tmp_path: Path) -> None:
    file = tmp_path / "topics.npz"
    with pytest.raises(FileProblemError, match="narra topics fit"):
        load(file)
    save(model, file)
    whole = file.read_bytes()
    for damaged in (b"", b"nonsense", whole[: len(whole) // 2]):
        file.write_bytes(damaged)
        with pytest.raises(FileProblemError, match="Fit it again"):
            load(file)
    np.savez(file, facts=np.array([object()], dtype=object), allow_pickle=True)
    with pytest.raises(FileProblemError, match="Fit it again"):
        load(file)
    facts = np.frombuffer(json.dumps({"format": 99}).encode(), dtype=np.uint8)
    np.savez(file, facts=facts)
    with pytest.raises(FileProblemError, match="Update narra"):
        load(file)


# -- quality and drift ---------------------------------------------------


def test_clear_topics_are_measured_better_than_noise(english: list[Text]) -> None:
    good = quality(read(english, SMALL), SMALL, fits=3)
    assert good.coherence > 0.3
    assert good.coherence_low <= good.coherence <= good.coherence_high
    assert good.stability > 0.8
    assert good.outliers < 0.1
    assert good.held_out == 40
    assert good.fits == 3
    words = [word for pool in POOLS["en"].values() for word in pool.split()]
    draw = random.Random(5)  # noqa: S311 - invents text, keeps no secret
    noise = [Text(n, "en", " ".join(draw.sample(words, 6)), "") for n in range(120)]
    bad = quality(read(noise, SMALL), SMALL, fits=3)
    assert bad.coherence < good.coherence - 0.3
    assert bad.stability < 0.5
    assert bad.outliers > good.outliers + 0.1


def test_a_refit_is_due_when_the_talk_changes(model: Model, english: list[Text]) -> None:
    same = written("en", 100, seed=9, first=1000)
    with pytest.raises(NoAnswerError, match="not measured"):
        drift(model, assign(model, same))
    whole = measured(model, read(english, SMALL), fits=2)
    calm = drift(whole, assign(whole, same))
    assert not calm.due
    assert calm.low <= 0 <= calm.high
    strange = [Text(2000 + n, "en", "vaccine outbreak clinic", "nurses quarantine symptoms") for n in range(60)]
    changed = drift(whole, assign(whole, [*same[:40], *strange]))
    assert changed.due
    assert changed.now == pytest.approx(0.6, abs=0.1)
    assert changed.documents == 100
    with pytest.raises(NoAnswerError, match="too few"):
        drift(whole, assign(whole, same[:10]))


# -- identity ------------------------------------------------------------


def test_topics_keep_their_ids_from_fit_to_fit() -> None:
    settings = replace(SMALL, topics=3)
    first_texts = written("en", 90, of=("summit", "football", "tourism"))
    first = begun(fit(read(first_texts, settings), settings), used=[40])
    assert sorted(topic.id for topic in first.topics) == [41, 42, 43]
    before = topic_of(first, assign(first, first_texts), 3)

    # The next quarter: other documents, tourism is gone, trade has come.
    texts = written("en", 90, seed=2, of=("trade", "football", "summit"), first=500)
    corpus = read(texts, settings)
    fitted = fit(corpus, settings)
    both = (assigned(fitted, corpus), assign(first, texts))
    second, known = continued(fitted, first, both, used=[40, 41, 42, 43, 50])
    after = topic_of(second, assigned(second, corpus), 3)
    assert after == [51, before[1], before[0]]
    assert {match.old for match in known} == {before[0], before[1]}
    assert all(match.likeness > 0.5 for match in known)


def test_a_model_is_wholly_like_itself(model: Model, english: list[Text]) -> None:
    given = assign(model, english)
    alike = likeness(model, model, (given, given))
    assert np.diag(alike) == pytest.approx(1)
    assert np.all((alike >= 0) & (alike <= 1 + 1e-9))
    # Without documents in common words alone decide.
    assert np.diag(likeness(model, model, (given, ()))) == pytest.approx(1)
    same, known = continued(model, begun(model, used=[10]), (given, assign(begun(model, used=[10]), english)))
    assert [topic.id for topic in same.topics] == [11, 12, 13, 14]
    assert len(known) == 4


# -- pretrained embeddings -----------------------------------------------


@pytest.fixture(scope="module")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a model2vec model in which words of one pool lie in one direction, in each language."""
    model2vec = pytest.importorskip("model2vec", reason="the extra `embeddings` is not installed")
    tokenizers = pytest.importorskip("tokenizers")
    names = list(POOLS["en"])
    words = [
        (word, names.index(name))
        for language in ("en", "ko")
        for name, pool in POOLS[language].items()
        for word in pool.split()
    ]
    vocabulary = {"[UNK]": 0} | {word: n + 1 for n, (word, _) in enumerate(dict(words).items())}
    chance = np.random.default_rng(0)
    vectors = chance.normal(0, 0.05, (len(vocabulary), 8)).astype(np.float32)
    for word, topic in words:
        vectors[vocabulary[word], topic] += 1
    vectors[0] = 0
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106 - no password
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    folder = tmp_path_factory.mktemp("static")
    model2vec.StaticModel(vectors, tokenizer, normalize=True).save_pretrained(folder)
    return folder


def test_one_space_gives_topics_of_both_languages(static: Path, tmp_path: Path) -> None:
    settings = Settings(f"model2vec:{static}", topics=4, fewest=40)
    texts = [*written("en", 80), *written("ko", 80, first=500)]
    model = fit(read(texts, settings), settings)
    found = assign(model, texts)
    assert topic_of(model, found[:80], 4) == topic_of(model, found[80:], 4)
    for topic in model.topics:
        assert {word.language for word in topic.words} == {"en", "ko"}
    save(model, tmp_path / "topics.npz")
    assert assign(load(tmp_path / "topics.npz"), texts) == found


def test_another_model_under_the_same_name_is_noticed(static: Path) -> None:
    settings = Settings(f"model2vec:{static}", topics=4, fewest=40)
    texts = written("en", 80)
    model = fit(read(texts, settings), settings)
    other = replace(model, embedding=replace(model.embedding, probe=-model.embedding.arrays()["probe"]))  # type: ignore[type-var]
    with pytest.raises(SettingsError, match="not the model these topics were fitted with"):
        assign(other, texts)


def test_sentence_transformers_is_called_as_its_documentation_says(
    english: list[Text], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run on a stand-in: the library needs torch, which is gigabytes. Its real code is not tested here."""

    class SentenceTransformer:
        def __init__(self, place: str, *, device: str, trust_remote_code: bool) -> None:
            assert (place, device, trust_remote_code) == ("some/model", "cpu", False)

        def encode(self, texts: list[str], *, convert_to_numpy: bool, show_progress_bar: bool) -> object:
            assert convert_to_numpy
            assert not show_progress_bar
            pools = [set(pool.split()) for pool in POOLS["en"].values()]
            return np.array([[len(pool & set(text.split())) for pool in pools] for text in texts], dtype=np.float32)

    stand_in = types.ModuleType("sentence_transformers")
    monkeypatch.setattr(stand_in, "SentenceTransformer", SentenceTransformer, raising=False)
    monkeypatch.setitem(sys.modules, "sentence_transformers", stand_in)
    encoder.cache_clear()
    settings = Settings("sentence-transformers:some/model", topics=4, fewest=40)
    model = fit(read(english, settings), settings)
    assert len(set(topic_of(model, assign(model, english), 4))) == 4
    encoder.cache_clear()


def test_a_model_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    pytest.importorskip("model2vec", reason="the extra `embeddings` is not installed")
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(SettingsError, match="cannot load"):
        encoder(f"model2vec:{empty}")


@pytest.mark.parametrize(
    ("name", "module", "message"),
    [
        ("model2vec:some/model", "model2vec", "uv sync --extra embeddings"),
        ("sentence-transformers:some/model", "sentence_transformers", "uv pip install sentence-transformers"),
    ],
)
def test_a_missing_extra_is_named_with_what_to_install(
    name: str, module: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(SettingsError, match=message):
        encoder(name)

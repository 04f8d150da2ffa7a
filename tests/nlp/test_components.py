"""The tagger inside spaCy: the same spans, exact offsets, and they survive being stored."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from corpus.errors import InputError
from nlp import components
from nlp.tagger import Tagger

TEXTS = {
    "ko": "한국은 아세안과 한·아세안 정상회의에서 🎉 태국을 도왔다.\n 한국어와 한국일보는 아니다.",
    "th": "ประเทศไทยและเกาหลีใต้เป็นสมาชิกอาเซียน  กระทรวงมหาดไทย 12.5 บาท",
    "en": "The Republic of Korea and  ASEAN met in S. Korea;\tThai-Korean ties\n\nKorea Herald",
    "km": "កម្ពុជា និង\u200bកូរ៉េខាងត្បូង ជាមួយអាស៊ាន។",
}


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    # The components' own, so that a language is compiled once for all the tests here.
    return components._tagger(None)  # noqa: SLF001


@pytest.fixture(scope="module")
def pipelines() -> dict[str, Language]:
    made = {}
    for language in TEXTS:
        made[language] = components.blank(language)
        made[language].add_pipe(components.NAME)
    return made


def spans(doc: Doc) -> list[tuple[int, int, str, str]]:
    """Give the exact offsets, entity and class of every span on a document."""
    return [(*s._.narra_offsets, s.label_, s.id_) for s in doc.spans[components.KEY]]


@pytest.mark.parametrize("language", TEXTS)
def test_spans_are_the_tagger_s(pipelines: dict[str, Language], tagger: Tagger, language: str) -> None:
    doc = pipelines[language](TEXTS[language])
    wanted = tagger.tag(TEXTS[language], language)
    assert len(wanted) >= 3
    assert spans(doc) == [(m.start, m.end, m.entity, m.form_class) for m in wanted]
    assert doc._.narra_offsets == [(m.start, m.end) for m in wanted]


@pytest.mark.parametrize("language", TEXTS)
def test_the_document_is_the_text_and_spans_hold_their_mentions(pipelines: dict[str, Language], language: str) -> None:
    doc = pipelines[language](TEXTS[language])
    assert doc.text == TEXTS[language]
    for span, (start, end) in zip(doc.spans[components.KEY], doc._.narra_offsets, strict=True):
        assert span.start_char <= start < end <= span.end_char


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("store_user_data", [True, False])
def test_spans_survive_being_stored(pipelines: dict[str, Language], language: str, *, store_user_data: bool) -> None:
    doc = pipelines[language](TEXTS[language])
    stored = DocBin(docs=[doc], store_user_data=store_user_data).to_bytes()
    (again,) = DocBin().from_bytes(stored).get_docs(spacy.blank("xx").vocab)
    assert spans(again) == spans(doc)


def test_korean_and_thai_are_cut_into_words(pipelines: dict[str, Language]) -> None:
    assert [t.text for t in pipelines["ko"]("한국은 아세안과")] == ["한국", "은", "아세안", "과"]
    assert [t.text for t in pipelines["th"]("ประเทศไทยและอาเซียน")] == ["ประเทศ", "ไทย", "และ", "อาเซียน"]


def test_a_name_within_a_token_is_expanded_to_it(pipelines: dict[str, Language]) -> None:
    doc = pipelines["km"]("ជាមួយអាស៊ាន។")
    (span,) = doc.spans[components.KEY]
    assert span.text == doc.text
    assert span._.narra_offsets == (5, 11)


def test_other_spans_have_no_offsets(pipelines: dict[str, Language]) -> None:
    doc = pipelines["en"]("ASEAN and ASEAN")
    assert doc[1:2]._.narra_offsets is None
    assert pipelines["en"].make_doc("ASEAN")._.narra_offsets == []


def test_the_date_decides_about_names_of_certain_years(tmp_path: Path) -> None:
    (tmp_path / "en.toml").write_text(
        'language = "en"\nname = "English"\n[[form]]\nentity = "MM"\nclass = "common"\ntext = ["Burma"]\n'
        'until = 1989-06-18\nsource = "renamed"\n',
        encoding="utf-8",
    )
    nlp = components.blank("en")
    nlp.add_pipe(components.NAME, config={"lexicon": str(tmp_path)})
    found = {}
    for day in ("1980-01-01", "2020-01-01"):
        doc = nlp.make_doc("Burma")
        doc._.narra_date = day
        found[day] = len(nlp(doc).spans[components.KEY])
    assert found == {"1980-01-01": 1, "2020-01-01": 0}


def test_names_inside_others_are_put_there_when_asked_for() -> None:
    nlp = components.blank("en")
    nlp.add_pipe(components.NAME, config={"inside": True})
    doc = nlp("The Korea Herald on ASEAN")
    assert [s.id_ for s in doc.spans[components.KEY]] == ["inside", "common"]


def test_a_pipeline_stored_on_disk_is_the_same_pipeline(tmp_path: Path, pipelines: dict[str, Language]) -> None:
    pipelines["km"].to_disk(tmp_path)
    assert spans(spacy.load(tmp_path)(TEXTS["km"])) == spans(pipelines["km"](TEXTS["km"]))


def test_the_component_can_be_pickled(pipelines: dict[str, Language]) -> None:
    component = pipelines["en"].get_pipe(components.NAME)
    again = pickle.loads(pickle.dumps(component))  # noqa: S301 our own bytes
    assert (again.language, again.lexicon, again.inside) == ("en", None, False)


@pytest.mark.parametrize(
    ("language", "code"), [("lo", "xx"), ("my", "xx"), ("fil", "tl"), ("zh-Hant", "zh"), ("vi", "vi")]
)
def test_every_language_has_a_pipeline(language: str, code: str) -> None:
    nlp = components.blank(language)
    assert nlp.lang == code
    assert nlp("ASEAN 2").text == "ASEAN 2"


@pytest.mark.parametrize(("language", "module"), [("ko", "kiwipiepy"), ("th", "pythainlp.tokenize")])
def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, language: str, module: str) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(InputError, match="extra `morphology`"):
        components.blank(language)


def test_importing_registers_nothing() -> None:
    code = (
        "import nlp.components; from spacy.language import Language; from spacy.tokens import Doc; "
        "assert not Language.has_factory('narra_mentions'); assert not Doc.has_extension('narra_offsets')"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@given(st.text(alphabet=" \n\tab한ไ🎉", max_size=12), st.lists(st.integers(min_value=-2, max_value=14)))
def test_pieces_joined_are_the_text(text: str, cuts: list[int]) -> None:
    words, spaces = components.pieces(text, cuts)
    assert all(words)
    assert "".join(word + " " * space for word, space in zip(words, spaces, strict=True)) == text

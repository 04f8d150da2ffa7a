"""Exports of Nexis as text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.files.nexis import take_apart
from collectors.files.read import open_file
from corpus.errors import FileProblemError, RecordError
from corpus.model import Document, Refusal

COVER = """


Download Request: Selected Items: 1-2
Time Of Request: Friday, March 20, 2026  16:51:31

Terms: (ASEAN)


"""
DOCUMENT = """                               1 of 2 DOCUMENTS



                                {source}

                            {date}
                                   Edition 1;
                                    Seoul

Leaders meet in a hall and
speak of ASEAN

BYLINE: Hong Gildong

SECTION: FEATURES; Pg. 6

LENGTH: 355 words


SEOUL: Leaders of Southeast
Asia met on Monday.

ANALYSIS: They will meet again.

LOAD-DATE: January 11, 2026

LANGUAGE: {language}

PUBLICATION-TYPE: Newspaper


                       Copyright 2026 Nuri Herald
                              All Rights Reserved

"""
SOURCES = '["The Nuri Herald"]\ncountry = "KR"\n\n["Kabar"]\noutlet = "Kabar Harian"\ncountry = "ID"\nlanguage = "id"\n'


def document(source: str = "The Nuri Herald", date: str = "January 11, 2026 Sunday", language: str = "ENGLISH") -> str:
    return DOCUMENT.format(source=source, date=date, language=language)


def read(folder: Path, *documents: str, sources: str | None = SOURCES, encoding: str = "utf-8-sig") -> list[object]:
    path = folder / "export.TXT"
    path.write_bytes((COVER + "".join(documents)).encode(encoding))
    if sources is not None:
        (folder / "export.TXT.sources.toml").write_text(sources, encoding="utf-8")
    return list(open_file(path).records())


def test_a_document(tmp_path: Path) -> None:
    (found,) = read(tmp_path, document())
    assert isinstance(found, Document)
    assert found.outlet.id == "KR:The Nuri Herald"
    assert found.title == "Leaders meet in a hall and speak of ASEAN"
    # A name broken over two lines is one name again, and a paragraph may begin in capitals.
    assert found.body == "SEOUL: Leaders of Southeast Asia met on Monday.\nANALYSIS: They will meet again."
    assert found.language == "en"
    assert found.published
    assert found.published.day == "2026-01-11"
    assert found.keys[0].startswith("id:nexis-row:")
    assert open_file(tmp_path / "export.TXT").kind == "nexis"


def test_the_file_beside_it_tells_outlet_country_and_language(tmp_path: Path) -> None:
    (found,) = read(tmp_path, document("KABAR", language=""))
    assert isinstance(found, Document)
    assert (found.outlet.id, found.language) == ("ID:Kabar Harian", "id")


def test_several_documents_have_different_keys(tmp_path: Path) -> None:
    first, second = read(tmp_path, document(), document(date="January 12, 2026 Monday"))
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert first.keys != second.keys


def test_older_exports_are_in_a_western_encoding(tmp_path: Path) -> None:
    (found,) = read(tmp_path, document().replace("hall", "café"), encoding="cp1252")
    assert isinstance(found, Document)
    assert "café" in found.title


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (document("Le Journal"), "missing country"),
        (document(language=""), "missing language"),
        (document(language="Klingonese"), "unknown language"),
        (document(date="some day"), "unreadable date"),
        (document().replace("LENGTH", "WIDTH"), "document of another form"),
        ("   1 of 1 DOCUMENTS\n\nnothing\n", "document of another form"),
        ("   1 of 1 DOCUMENT\n", "document of another form"),
    ],
)
def test_a_broken_document_is_refused_alone(tmp_path: Path, text: str, reason: str) -> None:
    refused, taken = read(tmp_path, text, document())
    assert isinstance(refused, Refusal)
    assert refused.reason == reason
    assert refused.line == 10
    assert isinstance(taken, Document)


def test_a_missing_country_names_the_source_and_the_file(tmp_path: Path) -> None:
    (refused,) = read(tmp_path, document(), sources=None)
    assert isinstance(refused, Refusal)
    assert '["The Nuri Herald"]' in refused.detail
    assert "export.TXT.sources.toml" in refused.detail


@pytest.mark.parametrize(
    "sources",
    ["not toml", '["x"]\ncountry = "Korea"\n', '["x"]\ncuntry = "KR"\n', '["x"]\ncountry = 1\n', 'x = "KR"\n'],
)
def test_a_wrong_file_beside_it_is_an_error(tmp_path: Path, sources: str) -> None:
    with pytest.raises(FileProblemError, match=r"sources\.toml"):
        read(tmp_path, document(), sources=sources)


@settings(max_examples=200)
@given(
    st.lists(st.sampled_from(["A title", "LENGTH: 3 words", "Copyright 2020", "BYLINE: x", "text.", ""]), max_size=9)
)
def test_any_blocks_are_taken_apart_or_refused(blocks: list[str]) -> None:
    try:
        parts = take_apart("\n\n".join(blocks))
    except RecordError:
        return
    assert "LENGTH" in parts.fields

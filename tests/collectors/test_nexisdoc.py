"""Exports of Nexis as Word documents."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.files import nexisdoc
from collectors.files.read import open_file
from corpus.errors import FileProblemError, RecordError
from corpus.model import Document, Refusal

COVER = [
    "Date and Time: Friday, March 20, 2026 4:51:00 PM KST",
    "Job Number: 123456789",
    "Documents (2)",
    "1. Leaders speak of ASEAN",
    "Client/Matter: -None-",
    "Search Terms: ASEAN",
    "Search Type: Terms and Connectors",
    "2. A second text",
    "Client/Matter: -None-",
    "Search Terms: ASEAN",
    "Search Type: Terms and Connectors",
    "Narrowed by:",
]
TEXT = [
    "Leaders speak of ASEAN",
    "Nuri Herald",
    "January 11, 2026 Sunday",
    "Copyright 2026 Nuri Herald All Rights Reserved",
    "Section: FEATURES; Pg. 6",
    "Length: 355 words",
    "Byline: Hong Gildong",
    "Body",
    "SEOUL: Leaders of Southeast Asia met on Monday.",
    "ANALYSIS: They will meet again.",
    "Classification",
    "Language: ENGLISH",
    "Publication-Type: Newspaper",
    "Subject: ASEAN (99%)",
    "Load-Date: January 11, 2026",
    "End of Document",
]
SECOND = [
    "A second text",
    "Nuri Herald",
    "First edition",
    "12 January 2026",
    "Body",
    "Words.",
    "Language: English",
    "End of Document",
]
PLAIN = """1 of 1 DOCUMENTS

Nuri Herald

January 11, 2026 Sunday

Leaders speak of
ASEAN

LENGTH: 355 words

Text.
"""
SOURCES = '["Nuri Herald"]\ncountry = "KR"\nlanguage = "en"\n'


def write(folder: Path, lines: list[str], sources: str = SOURCES, name: str = "a.docx") -> Path:
    made = docx.Document()
    for line in lines:
        made.add_paragraph(line)
        made.add_paragraph("")
    path = folder / name
    made.save(str(path))
    (folder / f"{name}.sources.toml").write_text(sources, encoding="utf-8")
    return path


def read(path: Path) -> list[Document | Refusal]:
    return list(open_file(path).records())


def test_texts_of_a_download_with_its_cover(tmp_path: Path) -> None:
    first, second = read(write(tmp_path, [*COVER, *TEXT, *SECOND]))
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert (first.title, first.outlet.id, first.language) == ("Leaders speak of ASEAN", "KR:Nuri Herald", "en")
    assert first.body == "SEOUL: Leaders of Southeast Asia met on Monday.\nANALYSIS: They will meet again."
    assert first.published is not None
    assert first.published.day == "2026-01-11"
    assert second.published is not None
    assert (second.title, second.published.day) == ("A second text", "2026-01-12")


def test_a_text_is_the_same_document_in_word_and_as_plain_text(tmp_path: Path) -> None:
    (word,) = read(write(tmp_path, TEXT))
    plain = tmp_path / "a.txt"
    plain.write_text(PLAIN, encoding="utf-8")
    (tmp_path / "a.txt.sources.toml").write_text(SOURCES, encoding="utf-8")
    (text,) = read(plain)
    assert isinstance(word, Document)
    assert isinstance(text, Document)
    assert word.keys == text.keys


def test_one_text_in_a_file_without_a_cover(tmp_path: Path) -> None:
    (one,) = read(write(tmp_path, SECOND))
    assert isinstance(one, Document)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([line for line in TEXT if line != "Body"], "document of another form"),
        ([TEXT[0], TEXT[1], *TEXT[3:]], "document of another form"),
        (["Body", "End of Document"], "document of another form"),
        ([*TEXT[:2], "Sunday, no day", *TEXT[3:]], "document of another form"),
    ],
)
def test_a_text_of_another_form_is_refused_alone(tmp_path: Path, lines: list[str], reason: str) -> None:
    refused, taken = read(write(tmp_path, [*lines, *SECOND]))
    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.line) == (reason, 1)
    assert isinstance(taken, Document)


def test_a_text_without_its_end_is_refused(tmp_path: Path) -> None:
    taken, refused = read(write(tmp_path, [*TEXT, *SECOND[:-1]]))
    assert isinstance(taken, Document)
    assert isinstance(refused, Refusal)
    assert refused.reason == "document cut off"


def test_a_source_whose_country_nobody_said_is_refused(tmp_path: Path) -> None:
    (refused,) = read(write(tmp_path, TEXT, sources=""))
    assert isinstance(refused, Refusal)
    assert refused.reason == "missing country"


def test_a_word_document_of_something_else_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileProblemError, match="none that Nexis exports"):
        open_file(write(tmp_path, ["Minutes", "We met."]))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "has a password"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old .doc"),
        ("a.rtf", b"{\\rtf1\\ansi 1 of 1 DOCUMENTS}", "Rich Text"),
        ("a.docx", b"{\\rtf1\\ansi End of Document}", "Rich Text"),
    ],
)
def test_documents_narra_does_not_read_say_what_to_do(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileProblemError, match=said):
        open_file(path)


def test_a_damaged_document_is_said(tmp_path: Path) -> None:
    path = write(tmp_path, TEXT)
    whole = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("word/document.xml")
    start = info.header_offset + 100
    path.write_bytes(whole[:start] + bytes(200) + whole[start + 200 :])
    with pytest.raises(FileProblemError, match="damaged"):
        open_file(path)


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, TEXT)
    monkeypatch.setattr(nexisdoc, "LARGEST", 10_000)
    with pytest.raises(FileProblemError, match="larger than 10,000 bytes when unpacked"):
        open_file(path)


@given(st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_it_is_damaged_it_is_read_or_said(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "damaged.docx"
    if not (tmp_path / "a.docx").exists():
        write(tmp_path, [*COVER, *TEXT])
    content = bytearray((tmp_path / "a.docx").read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(100, len(content)))])
    with suppress(FileProblemError):
        read(path)


@given(st.lists(st.one_of(st.sampled_from([*COVER, *TEXT]), st.text(max_size=20)), max_size=40))
@settings(max_examples=200)
def test_whatever_the_lines_a_text_is_taken_apart_or_refused(lines: list[str]) -> None:
    try:
        parts = nexisdoc.take_apart(nexisdoc.without_cover(lines))
    except RecordError:
        return
    assert parts.date

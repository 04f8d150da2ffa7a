"""JSON Lines: what is taken, what is refused and with which line, and what damage does."""

from __future__ import annotations

import gzip
import json
import os
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.files.jsonl import parse
from collectors.files.lines import Cursor
from collectors.files.read import Reader, open_file
from corpus.errors import FileProblemError
from corpus.identity import document_keys
from corpus.model import Document, Refusal

GOOD: dict[str, Any] = {
    "id": "n-1",
    "url": "https://nuri.example/1",
    "title": "아세안 정상회의",
    "body": "정상들이 만났다.",
    "language": "ko",
    "published_at": "2025-07-01T09:12:00+09:00",
    "outlet": "누리통신",
    "country": "KR",
    "kind": "news",
}


def record(**changes: object) -> dict[str, object]:
    return GOOD | changes


def line(**changes: object) -> bytes:
    return json.dumps(record(**changes), ensure_ascii=False).encode() + b"\n"


def write(folder: Path, *lines: bytes, name: str = "a.jsonl") -> Path:
    path = folder / name
    path.write_bytes(b"".join(lines))
    return path


def read(path: Path) -> list[Document | Refusal]:
    return list(open_file(path).records())


def refusals(path: Path) -> list[tuple[int, str]]:
    return [(r.line, r.reason) for r in read(path) if isinstance(r, Refusal)]


def documents(path: Path) -> list[Document]:
    return [r for r in read(path) if isinstance(r, Document)]


def test_a_line_becomes_a_document_with_its_keys_and_local_day(tmp_path: Path) -> None:
    (document,) = documents(write(tmp_path, line()))
    assert document.keys == document_keys("KR:누리통신", "n-1", "https://nuri.example/1")
    assert (document.source, document.outlet.id, document.kind, document.language) == (
        "a.jsonl",
        "KR:누리통신",
        "news",
        "ko",
    )
    assert document.published is not None
    assert (document.published.day, document.published.at) == ("2025-07-01", "2025-07-01T00:12:00+00:00")


@pytest.mark.parametrize("given_date", [None, "", "  "])
def test_a_record_without_a_date_is_undated(tmp_path: Path, given_date: str | None) -> None:
    (document,) = documents(write(tmp_path, line(published_at=given_date)))
    assert document.published is None


def test_a_missing_optional_field_is_as_good_as_null(tmp_path: Path) -> None:
    short = {name: value for name, value in GOOD.items() if name not in {"url", "body", "published_at"}}
    (document,) = documents(write(tmp_path, json.dumps(short).encode()))
    assert (document.url, document.body, document.published) == (None, "", None)


def test_a_title_of_blanks_is_no_title(tmp_path: Path) -> None:
    (document,) = documents(write(tmp_path, line(title=" \u3000\n")))
    assert document.title == ""


def test_text_is_kept_as_it_stands(tmp_path: Path) -> None:
    body = "  두 줄\r\n둘째 줄 \u200b "
    (document,) = documents(write(tmp_path, line(body=body)))
    assert document.body == body


def test_codes_are_normalised(tmp_path: Path) -> None:
    (document,) = documents(write(tmp_path, line(language="tl", country="ph")))
    assert (document.language, document.outlet.country) == ("fil", "PH")


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"{not json}\n", "not JSON"),
        (b'["a", "b"]\n', "not a JSON object"),
        (b'"text"\n', "not a JSON object"),
        (b"\xff\xfe\n", "not UTF-8"),
        (b"[" * 200_000 + b"\n", "not JSON"),
        (b'{"id": ' + b"1" * 5000 + b"}\n", "not JSON"),
        (b'{"id": "a", "id": "b"}\n', "repeated field"),
        (line(headline="x"), "unknown field"),
        (line(title=7), "wrong type"),
        (line(url=["https://nuri.example"]), "wrong type"),
        (line(published_at=2025), "wrong type"),
        (line(title="a\0b"), "NUL character"),
        (line().replace("정상들이".encode(), b"\\ud800"), "lone surrogate"),
        (line(published_at="2025-09-07-1"), "unreadable date"),
        (line(published_at="READ"), "unreadable date"),
        (line(published_at="2568-09-07"), "impossible date"),
        (line(published_at="2025-02-30"), "impossible date"),
        (line(published_at="9999-12-31T23:59:59-09:00"), "impossible date"),
        (line(title="", body=" "), "missing title and body"),
        (line(outlet=None), "missing outlet"),
        (line(country=""), "missing country"),
        (line(kind=None), "missing kind"),
        (line(language=None), "missing language"),
        (line(id=None, url=""), "missing id and url"),
        (line(id=None, url="no address"), "missing id and url"),
        (line(kind="blog"), "unknown kind"),
        (line(country="KO"), "unknown country"),
        (line(country="South Korea"), "unknown country"),
        (line(language="Korean"), "not a language code"),
    ],
)
def test_a_bad_line_is_refused_alone_with_its_number(tmp_path: Path, bad: bytes, reason: str) -> None:
    path = write(tmp_path, line(id="1", url=None), bad, line(id="2", url=None))
    assert refusals(path) == [(2, reason)]
    assert len(documents(path)) == 2


def test_a_refusal_of_an_unknown_field_names_it_and_those_allowed(tmp_path: Path) -> None:
    (refusal,) = read(write(tmp_path, line(headline="x")))
    assert isinstance(refusal, Refusal)
    assert "'headline'" in refusal.detail
    assert "published_at" in refusal.detail


def test_a_refusal_never_repeats_a_long_text(tmp_path: Path) -> None:
    (refusal,) = read(write(tmp_path, line(published_at="x" * 100_000)))
    assert isinstance(refusal, Refusal)
    assert len(refusal.detail) <= 500


def test_blank_lines_count_as_lines_and_as_nothing_else(tmp_path: Path) -> None:
    assert refusals(write(tmp_path, line(), b"\n", b"  \r\n", b"{}\n")) == [(4, "missing outlet")]


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path) -> None:
    assert len(documents(write(tmp_path, b"\xef\xbb\xbf", line()))) == 1


def test_the_last_line_needs_no_end(tmp_path: Path) -> None:
    assert len(documents(write(tmp_path, line(), line(id="2").rstrip()))) == 2


def test_a_line_that_is_too_long_is_passed_over_without_being_held() -> None:
    text = BytesIO(line(id="1") + line(body="x" * 5000) + line(id="2"))
    rows = list(parse(text, Cursor(), source="a", limit=2000))
    assert [number for number, _ in rows] == [1, 2, 3]
    assert str(rows[1][1]).startswith("line too long")
    assert isinstance(rows[2][1], Document)


def test_the_form_is_recognised_by_content_and_not_by_name(tmp_path: Path) -> None:
    assert open_file(write(tmp_path, line(), name="a.csv")).kind == "jsonl"
    assert open_file(write(tmp_path, gzip.compress(line()), name="a.txt")).kind == "jsonl"


def test_gzip_is_read_and_progress_counts_its_packed_bytes(tmp_path: Path) -> None:
    path = write(tmp_path, gzip.compress(b"".join(line(id=str(n)) for n in range(5000))), name="a.jsonl.gz")
    reader = open_file(path)
    assert reader.position() == 0
    records = reader.records()
    next(records)
    early = reader.position()
    assert 0 < early <= reader.size == path.stat().st_size
    assert len(list(records)) == 4999
    assert reader.position() == reader.size
    assert reader.damaged is None


def test_a_reader_reads_again_from_the_beginning(tmp_path: Path) -> None:
    reader = open_file(write(tmp_path, line()))
    assert list(reader.records()) == list(reader.records())


def packed_lines(count: int) -> bytes:
    # Random text, so that the packed file is long enough to be cut.
    return gzip.compress(b"".join(line(id=str(n), body=os.urandom(200).hex()) for n in range(count)))


def test_of_a_file_that_is_cut_off_what_was_read_before_counts(tmp_path: Path) -> None:
    whole = packed_lines(1000)
    reader = open_file(write(tmp_path, whole[: len(whole) // 2], name="a.jsonl.gz"))
    found = list(reader.records())
    *good, last = found
    assert len(good) > 400
    assert all(isinstance(document, Document) for document in good)
    assert isinstance(last, Refusal)
    assert (last.line, last.reason) == (len(good) + 1, "file is cut off")
    assert reader.damaged is not None
    assert reader.damaged.startswith("file is cut off")
    assert reader.position() == reader.size


def test_a_file_that_was_altered_is_damaged_from_there_on(tmp_path: Path) -> None:
    whole = bytearray(packed_lines(4000))
    middle = len(whole) // 2
    whole[middle : middle + 64] = b"\xff" * 64
    reader = open_file(write(tmp_path, bytes(whole), name="a.jsonl.gz"))
    *_, last = reader.records()
    assert isinstance(last, Refusal)
    assert last.reason in {"file is damaged", "file is cut off"}
    assert reader.damaged is not None


def test_the_position_can_be_asked_for_at_every_record_of_a_damaged_file(tmp_path: Path) -> None:
    reader = open_file(write(tmp_path, packed_lines(100)[:-20], name="a.jsonl.gz"))
    positions = [reader.position() for _ in reader.records()]
    assert positions == sorted(positions)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"[" + line() + b"]", "one JSON array"),
        (json.dumps(GOOD).encode("utf-16"), "UTF-16"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "of no form that narra reads"),
        (b"just some text\n", "of no form that narra reads"),
        (b"\x1f\x8b", "damaged gzip"),
        (gzip.compress(b"", mtime=0), "damaged gzip"),
    ],
)
def test_a_file_of_no_use_as_a_whole_is_a_problem_with_its_name(tmp_path: Path, content: bytes, said: str) -> None:
    path = write(tmp_path, content, name="a.bin")
    with pytest.raises(FileProblemError, match=said) as caught:
        open_file(path)
    assert str(path) in str(caught.value)


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(FileProblemError, match="does not exist"):
        open_file(tmp_path / "none.jsonl")
    with pytest.raises(FileProblemError, match="is a folder"):
        open_file(tmp_path)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may read every file")
def test_a_file_that_may_not_be_read_is_a_problem(tmp_path: Path) -> None:
    path = write(tmp_path, line())
    path.chmod(0)
    with pytest.raises(FileProblemError, match="may not be read"):
        open_file(path)


def outcome_of(content: bytes, name: str) -> list[Document | Refusal]:
    with tempfile.TemporaryDirectory() as folder:
        try:
            reader: Reader = open_file(write(Path(folder), content, name=name))
        except FileProblemError:
            return []
        return list(reader.records())


@given(st.binary(max_size=400), st.sampled_from(["a.jsonl", "a.csv", "a.xlsx", "a.gz"]))
def test_no_bytes_raise_anything_but_a_file_problem(content: bytes, name: str) -> None:
    outcome_of(content, name)


@given(st.binary(max_size=100), st.integers(0, 300), st.booleans())
def test_no_change_of_a_good_file_raises_anything_but_a_file_problem(noise: bytes, at: int, packed: bool) -> None:  # noqa: FBT001 hypothesis fills it
    content = gzip.compress(line() * 3, mtime=0) if packed else line() * 3
    outcome_of(content[:at] + noise + content[at + len(noise) :], "a.jsonl")


SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
JSON = SCALAR | st.lists(SCALAR, max_size=3)


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), JSON))
def test_whatever_the_fields_hold_a_record_is_taken_or_refused(changes: dict[str, object]) -> None:
    (outcome,) = outcome_of(line(**changes), "a.jsonl")
    assert isinstance(outcome, Document | Refusal)


@pytest.mark.parametrize(
    ("name", "taken", "refused"),
    [
        ("official-ungdc", 684, {}),
        ("official-thaigov", 5997, {"unreadable date": 3}),
        ("official-sg-budget", 66, {"unreadable date": 1}),
        ("official-ph-speeches", 139, {}),
        ("news-kr-rss-2022", 4792, {}),
        ("news-id-tempo-2026", 7190, {}),
    ],
)
def test_every_line_of_the_real_files_is_accounted_for(
    real_data: Path, name: str, taken: int, refused: dict[str, int]
) -> None:
    found = read(real_data / f"{name}.jsonl.gz")
    reasons = [record.reason for record in found if isinstance(record, Refusal)]
    assert len(found) - len(reasons) == taken
    assert {reason: reasons.count(reason) for reason in reasons} == refused

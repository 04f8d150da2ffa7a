"""CSV: encodings, delimiters, headers, line numbers, and rows that are broken."""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.files.read import open_file
from corpus.errors import FileProblemError
from corpus.model import Document, Refusal

HEADER = "id,url,title,body,language,published_at,outlet,country,kind"
ROW = "{id},,아세안과 한국,본문이다,ko,2025-07-01,누리통신,KR,news"


def table(*rows: str, header: str = HEADER) -> str:
    return "".join(f"{row}\n" for row in (header, *rows))


def write(folder: Path, content: str | bytes, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path) -> list[Document | Refusal]:
    return list(open_file(path).records())


def told(path: Path) -> list[tuple[int, str]]:
    return [(r.line, r.reason) for r in read(path) if isinstance(r, Refusal)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("packed", [False, True])
def test_encoding_delimiter_and_packing_are_recognised(
    tmp_path: Path,
    encoding: str,
    delimiter: str,
    packed: bool,  # noqa: FBT001 pytest fills it
) -> None:
    content = table(ROW.format(id=1), ROW.format(id=2)).replace(",", delimiter).encode(encoding)
    path = write(tmp_path, gzip.compress(content) if packed else content, name="a.dat")
    assert open_file(path).kind == "csv"
    first, second = read(path)
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert (first.title, first.outlet.name, first.source) == ("아세안과 한국", "누리통신", "a.dat")


def test_one_last_row_without_a_line_end_is_enough_to_tell_cp949(tmp_path: Path) -> None:
    (document,) = read(write(tmp_path, table(ROW.format(id=1)).rstrip().encode("cp949")))
    assert isinstance(document, Document)
    assert document.title == "아세안과 한국"


def test_csv_and_json_lines_give_the_same_keys(tmp_path: Path) -> None:
    (document,) = read(write(tmp_path, table(ROW.format(id="n-1"))))
    assert isinstance(document, Document)
    assert len(document.keys) == 1
    assert document.keys[0].endswith(":n-1")


def test_columns_come_in_any_order_and_letter_case(tmp_path: Path) -> None:
    header = " Kind ,Country,outlet,Language,TITLE,id"
    (document,) = read(write(tmp_path, table("news,KR,누리통신,ko,제목,1", header=header)))
    assert isinstance(document, Document)
    assert (document.title, document.body, document.published) == ("제목", "", None)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (HEADER + ",headline", "'headline' is not known; allowed are id, url"),
        (HEADER + ",", "'' is not known"),
        (HEADER + ",title", "`title` is there twice"),
        (HEADER.replace(",outlet", ""), "outlet is missing"),
        ("language,outlet,country,kind,id", "title or body is missing"),
        ("language,outlet,country,kind,body", "id or url is missing"),
    ],
)
def test_a_header_that_cannot_be_used_is_a_problem_of_the_file(tmp_path: Path, header: str, said: str) -> None:
    with pytest.raises(FileProblemError, match=said):
        open_file(write(tmp_path, table(header=header)))


def test_a_header_alone_gives_no_records(tmp_path: Path) -> None:
    assert read(write(tmp_path, table())) == []


def test_lines_are_counted_as_they_stand_in_the_file(tmp_path: Path) -> None:
    long_row = ROW.format(id=1).replace("본문이다", '"첫 줄\n둘째 줄\n\n넷째 줄"')
    bad = ROW.format(id=2).replace("2025-07-01", "READ")
    found = read(write(tmp_path, table(long_row, "", bad)))
    assert isinstance(found[0], Document)
    assert found[0].body == "첫 줄\n둘째 줄\n\n넷째 줄"
    assert isinstance(found[1], Refusal)
    assert (found[1].line, found[1].reason) == (7, "unreadable date")


def test_a_quote_that_is_never_closed_spoils_one_line_and_not_the_rest(tmp_path: Path) -> None:
    broken = ROW.format(id=2).replace("본문이다", '"본문이다')
    rows = [ROW.format(id=1), broken, *(ROW.format(id=n) for n in range(3, 200))]
    found = read(write(tmp_path, table(*rows)))
    assert [(r.line, r.reason) for r in found if isinstance(r, Refusal)] == [(3, "broken quotes")]
    assert len(found) == 199


def test_a_quote_that_closes_within_a_later_row_spoils_one_line(tmp_path: Path) -> None:
    broken = ROW.format(id=2).replace("본문이다", '"본문이다')
    quoted = ROW.format(id=3).replace("본문이다", '"본문, 이다"')
    found = read(write(tmp_path, table(broken, quoted)))
    assert [r.line for r in found if isinstance(r, Refusal)] == [2]
    assert [r.body for r in found if isinstance(r, Document)] == ["본문, 이다"]


def test_a_row_with_too_many_cells_is_refused(tmp_path: Path) -> None:
    assert told(write(tmp_path, table(ROW.format(id=1) + ",more", ROW.format(id=2)))) == [
        (2, "wrong number of columns")
    ]


def test_empty_cells_dropped_or_added_at_the_end_are_forgiven(tmp_path: Path) -> None:
    header = "outlet,country,kind,language,title,id,url"
    rows = ["누리통신,KR,news,ko,제목,1", "누리통신,KR,news,ko,제목,2,,,"]
    assert told(write(tmp_path, table(*rows, header=header))) == []


def test_a_row_of_empty_cells_is_passed_over(tmp_path: Path) -> None:
    assert read(write(tmp_path, table(",,,,,,,,", ROW.format(id=1))))[1:] == []


def test_broken_bytes_spoil_their_row_alone(tmp_path: Path) -> None:
    good = ROW.format(id=1)
    content = table(good, good.replace("본문이다", "@@"), good, good).encode().replace(b"@@", b"\xff\xfe")
    assert told(write(tmp_path, content)) == [(3, "not UTF-8")]


def test_utf_16_that_ends_within_a_character_is_cut_off(tmp_path: Path) -> None:
    reader = open_file(write(tmp_path, table(ROW.format(id=1), ROW.format(id=2)).encode("utf-16") + b"x"))
    *_, last = reader.records()
    assert isinstance(last, Refusal)
    assert last.reason == "file is cut off"
    assert reader.damaged is not None


def test_a_cell_longer_than_the_csv_module_likes_is_read(tmp_path: Path) -> None:
    (document,) = read(write(tmp_path, table(ROW.format(id=1).replace("본문이다", "가" * 300_000))))
    assert isinstance(document, Document)
    assert len(document.body) == 300_000


def test_a_line_of_json_with_commas_is_no_header(tmp_path: Path) -> None:
    line = '{"id": "1", "body": "we saw, title, outlet, country, kind, url, language"}'
    assert open_file(write(tmp_path, line)).kind == "jsonl"


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1).filter(
    lambda text: not text.isspace()
)


@given(st.lists(TEXT, min_size=1, max_size=5), st.sampled_from([",", ";", "\t"]))
def test_whatever_the_csv_module_writes_comes_back_as_it_was(bodies: list[str], delimiter: str) -> None:
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter)
    writer.writerow(["id", "body", "outlet", "country", "kind", "language"])
    writer.writerows([str(n), body, "누리통신", "KR", "news", "ko"] for n, body in enumerate(bodies))
    with tempfile.TemporaryDirectory() as folder:
        found = read(write(Path(folder), written.getvalue()))
    assert [record.body for record in found if isinstance(record, Document)] == bodies

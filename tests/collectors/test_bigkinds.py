"""BigKinds exports: as CSV and Excel, whole and damaged."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest

from collectors.files.read import open_file
from corpus.errors import FileProblemError
from corpus.model import Document, Refusal

HEADER = [
    "뉴스 식별자",
    "일자",
    "언론사",
    "기고자",
    "제목",
    "통합 분류1",
    "통합 분류2",
    "통합 분류3",
    "사건/사고 분류1",
    "사건/사고 분류2",
    "사건/사고 분류3",
    "인물",
    "위치",
    "기관",
    "키워드",
    "특성추출(가중치순 상위 50개)",
    "본문",
    "URL",
    "분석제외 여부",
]
ROW: dict[str, object] = {
    "뉴스 식별자": "01109999.20250701091200001",
    "일자": "20250701",
    "언론사": "누리통신",
    "제목": "아세안 정상회의 열려",
    "키워드": "아세안,정상회의",
    "본문": "정상들이 만났다.",
    "URL": "https://nuri.example/1",
}


def workbook(folder: Path, *rows: dict[str, object], header: list[str] = HEADER) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "설명"
    book.active.append(["받은 날"])
    sheet = book.create_sheet("sheet")
    sheet.append(header)
    for row in rows:
        sheet.append([row.get(name) for name in header])
    path = folder / "a.xlsx"
    book.save(path)
    return path


def table(folder: Path, *rows: dict[str, object], header: list[str] = HEADER, encoding: str = "utf-8") -> Path:
    lines = [",".join(header), *(",".join(f'"{row.get(name, "")}"' for name in header) for row in rows)]
    path = folder / "a.csv"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def read(path: Path) -> list[Document | Refusal]:
    return list(open_file(path).records())


def only(path: Path) -> Document:
    (document,) = read(path)
    assert isinstance(document, Document), document
    return document


@pytest.mark.parametrize("make", [workbook, table])
def test_a_row_becomes_a_korean_news_document(tmp_path: Path, make: type) -> None:
    path = make(tmp_path, ROW)
    assert open_file(path).kind == "bigkinds"
    document = only(path)
    assert document.keys == ("id:bigkinds:01109999.20250701091200001", "url:https://nuri.example/1")
    assert (document.outlet.id, document.kind, document.language) == ("KR:누리통신", "news", "ko")
    assert (document.title, document.body, document.url) == (
        "아세안 정상회의 열려",
        "정상들이 만났다.",
        "https://nuri.example/1",
    )
    assert document.published is not None
    assert (document.published.day, document.published.precision, document.published.original) == (
        "2025-07-01",
        "day",
        "20250701",
    )


@pytest.mark.parametrize("make", [workbook, table])
def test_keywords_stay_apart_from_the_body(tmp_path: Path, make: type) -> None:
    document = only(make(tmp_path, ROW))
    assert document.keywords == "아세안,정상회의"
    assert "아세안,정상회의" not in document.body


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp949", "utf-16"])
def test_re_exports_in_other_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    assert only(table(tmp_path, ROW, encoding=encoding)).title == "아세안 정상회의 열려"


def test_spaces_in_the_header_make_no_difference(tmp_path: Path) -> None:
    header = [name.replace(" ", "") for name in HEADER]
    row = {name.replace(" ", ""): value for name, value in ROW.items()}
    assert only(table(tmp_path, row, header=header)).keys[0] == "id:bigkinds:01109999.20250701091200001"


def test_a_column_the_archive_may_add_is_passed_over(tmp_path: Path) -> None:
    assert only(table(tmp_path, ROW, header=[*HEADER, "새 항목"])).title == "아세안 정상회의 열려"


@pytest.mark.parametrize("why", ["중복", "예외", "중복, 예외"])
def test_what_the_archive_sets_aside_is_taken_with_the_reason(tmp_path: Path, why: str) -> None:
    assert only(workbook(tmp_path, ROW | {"분석제외 여부": why})).excluded == why


@pytest.mark.parametrize(
    "damaged", [1100101.2025070109, 1100101, "1.10010125e+30", "1100101.20230531", "01100101.2023"]
)
def test_an_id_that_a_spreadsheet_took_for_a_number_is_refused(tmp_path: Path, damaged: object) -> None:
    good = ROW | {"뉴스 식별자": "01109999.20250701091200002", "URL": ""}
    refusal, document = read(workbook(tmp_path, ROW | {"뉴스 식별자": damaged}, good))
    assert isinstance(refusal, Refusal)
    assert (refusal.line, refusal.reason) == (2, "id damaged by a spreadsheet")
    assert isinstance(document, Document)


@pytest.mark.parametrize(
    "day",
    [
        "20250701",
        20250701,
        20250701.0,
        "2025-07-01",
        dt.datetime(2025, 7, 1, tzinfo=dt.UTC).replace(tzinfo=None),
        dt.date(2025, 7, 1),
    ],
)
def test_a_day_may_be_text_number_or_date(tmp_path: Path, day: object) -> None:
    published = only(workbook(tmp_path, ROW | {"일자": day})).published
    assert published is not None
    assert published.day == "2025-07-01"


def test_an_empty_day_is_unknown(tmp_path: Path) -> None:
    assert only(workbook(tmp_path, ROW | {"일자": None})).published is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"일자": "2025"}, "unreadable date"),
        ({"일자": "20250231"}, "impossible date"),
        ({"일자": 45839.5}, "wrong type"),
        ({"언론사": None}, "missing outlet"),
        ({"제목": " "}, "missing title"),
        ({"제목": True}, "wrong type"),
    ],
)
def test_a_bad_row_is_refused_alone(tmp_path: Path, changes: dict[str, object], reason: str) -> None:
    refusal, document = read(workbook(tmp_path, ROW | changes, ROW))
    assert isinstance(refusal, Refusal)
    assert (refusal.line, refusal.reason) == (2, reason)
    assert isinstance(document, Document)


def test_a_title_that_is_a_number_is_text_again(tmp_path: Path) -> None:
    assert only(workbook(tmp_path, ROW | {"제목": 2030})).title == "2030"


def test_without_id_and_url_outlet_day_and_title_make_the_key(tmp_path: Path) -> None:
    header = ["일자", "언론사", "제목", "키워드"]
    other = ROW | {"제목": "다른 제목"}
    found = read(workbook(tmp_path, ROW, other, ROW, header=header))
    keys = [record.keys for record in found if isinstance(record, Document)]
    assert len(keys) == 3
    assert keys[0] == keys[2] != keys[1]
    assert keys[0][0].startswith("id:bigkinds-row:")


def test_empty_rows_are_passed_over_but_counted(tmp_path: Path) -> None:
    found = read(workbook(tmp_path, {}, ROW, {}, ROW | {"언론사": ""}))
    assert [record.line for record in found if isinstance(record, Refusal)] == [5]
    assert len(found) == 2


@pytest.mark.parametrize("missing", ["제목", "언론사", "일자"])
@pytest.mark.parametrize("make", [workbook, table])
def test_a_needed_column_that_is_missing_is_named(tmp_path: Path, make: type, missing: str) -> None:
    path = make(tmp_path, ROW, header=[name for name in HEADER if name != missing])
    with pytest.raises(FileProblemError, match=f"the column {missing} is missing"):
        open_file(path)


def test_a_column_that_is_there_twice_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileProblemError, match="the column 제목 is there twice"):
        open_file(table(tmp_path, ROW, header=[*HEADER, "제목"]))


def test_a_workbook_without_the_header_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(FileProblemError, match="no sheet begins with the header"):
        open_file(workbook(tmp_path, header=["a", "b"]))


def test_an_encrypted_workbook_is_a_problem_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))
    with pytest.raises(FileProblemError, match="without a password"):
        open_file(path)


def test_a_zip_of_other_files_is_a_problem_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.jsonl", "{}")
    with pytest.raises(FileProblemError, match="is a zip file"):
        open_file(path)


def test_a_workbook_cut_anywhere_is_a_problem_or_ends_with_its_damage(tmp_path: Path) -> None:
    whole = workbook(tmp_path, *[ROW] * 50).read_bytes()
    path = tmp_path / "cut.xlsx"
    for size in range(0, len(whole), 97):
        path.write_bytes(whole[:size])
        with pytest.raises(FileProblemError):
            open_file(path)


def test_a_workbook_altered_anywhere_never_raises_anything_else(tmp_path: Path) -> None:
    whole = workbook(tmp_path, *[ROW | {"URL": f"https://nuri.example/{n}"} for n in range(50)]).read_bytes()
    path = tmp_path / "altered.xlsx"
    for at in range(0, len(whole), 41):
        path.write_bytes(whole[:at] + b"\xa5\x5a\xff" + whole[at + 3 :])
        try:
            records = read(path)
        except FileProblemError:
            continue
        assert all(isinstance(record, Document | Refusal) for record in records)


def test_the_real_export_is_taken_whole(real_data: Path) -> None:
    found = read(real_data / "bigkinds-export-2023-05.csv.gz")
    documents = [record for record in found if isinstance(record, Document)]
    assert len(documents) == len(found) == 3744
    assert len({document.id for document in documents}) == 3744
    assert sum(document.excluded != "" for document in documents) == 115
    assert all(document.published and document.published.day.startswith("2023-05-") for document in documents)


def test_the_real_workbook_of_four_columns_is_taken(real_data: Path) -> None:
    found = read(real_data / "bigkinds-export-sample.xlsx")
    assert len(found) == 31
    assert all(isinstance(record, Document) and record.published and not record.body for record in found)

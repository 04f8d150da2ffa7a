"""Coding by hand: the sample, the sheet, what coders may write, and what follows from it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import FileProblemError, InputError
from corpus.store.evidence import Named, Printed
from results import coding, sheet
from results.coding import CodedRow, Drawn, Judgement

Rewrite = Callable[[int, dict[str, str]], None]


def named(number: int, outlet: str = "KR:가", entity: str = "ASEAN") -> Named:
    return Named(f"{number:016x}", outlet, "ko", "2026-07-01", f"{number:08x}", "body", 3, 6, entity, "common", "lex")


def texts(mentions: list[Named]) -> dict[str, Printed]:
    return {m.document: Printed("제목", "오늘 아세안이 모였다.", "https://a.example/1", m.hash) for m in mentions}


# -- the sample ----------------------------------------------------------


def test_the_same_seed_draws_the_same_and_another_one_does_not() -> None:
    mentions = [named(n) for n in range(500)]
    drawn = coding.draw(mentions, 50, 1)
    assert drawn == coding.draw(mentions, 50, 1)
    assert {d.key for d in drawn} != {d.key for d in coding.draw(mentions, 50, 2)}
    assert len({d.key for d in drawn}) == 50
    assert {(d.of, d.drawn) for d in drawn} == {(500, 50)}


def test_every_mention_is_as_likely_as_another() -> None:
    mentions = [named(n) for n in range(20)]
    times = Counter(d.key for seed in range(2000) for d in coding.draw(mentions, 5, seed))
    # 500 expected of each, with a standard deviation of 19.
    assert all(abs(times[d.key] - 500) < 90 for d in coding.draw(mentions, 20, 0))


@given(st.lists(st.integers(1, 60), min_size=1, max_size=6), st.integers(6, 100))
def test_parts_are_drawn_as_evenly_as_they_can_be(sizes: list[int], size: int) -> None:
    mentions = [named(n * 1000 + m, f"KR:{n}") for n, many in enumerate(sizes) for m in range(many)]
    drawn = coding.draw(mentions, size, 1, "outlet")
    assert len(drawn) == min(size, sum(sizes))
    got = Counter(d.stratum for d in drawn)
    assert all(got[d.stratum] == d.drawn <= d.of for d in drawn)
    full = {f"KR:{n}" for n, many in enumerate(sizes) if got[f"KR:{n}"] == many}
    others = [count for name, count in got.items() if name not in full]
    assert not others or max(others) - min(others) <= 1


def test_more_parts_than_the_sample_has_mentions_are_refused() -> None:
    with pytest.raises(InputError, match="3 parts by outlet"):
        coding.draw([named(n, f"KR:{n}") for n in range(3)], 2, 1, "outlet")


# -- the sheet -----------------------------------------------------------


@pytest.fixture(params=[".csv", ".xlsx"])
def exported(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    mentions = [named(n, outlet="=KR:1+1" if n == 3 else "KR:가") for n in range(6)]
    path = tmp_path / f"sheet{request.param}"
    path.write_bytes(sheet.write(path, sheet.rows(coding.draw(mentions, 6, 1), texts(mentions), "s1-abc")))
    return path


def fill(path: Path, rewrite: Rewrite) -> None:
    """Let coders write into a sheet: ``rewrite`` gets each row's number and cells."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        page = book["Coding"]
        header = [str(cell.value) for cell in page[1]]
        for number in range(2, page.max_row + 1):
            cells = {name: str(page.cell(number, n).value or "") for n, name in enumerate(header, 1)}
            rewrite(number, cells)
            for n, name in enumerate(header, 1):
                page.cell(number, n).value = cells[name] or None
        book.save(path)
        return
    lines = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    at = next(n for n, line in enumerate(lines) if line[0] == "key")
    for n in range(at + 1, len(lines)):
        cells = dict(zip(lines[at], lines[n], strict=True))
        rewrite(n + 1, cells)
        lines[n] = list(cells.values())
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=";").writerows(lines)
    path.write_bytes(written.getvalue().encode("utf-8-sig"))


def say(**cells: str) -> Rewrite:
    def rewrite(_: int, row: dict[str, str]) -> None:
        row.update(cells)

    return rewrite


def test_a_sheet_comes_back_as_it_was_filled(exported: Path) -> None:
    assert all(not row.judgements for row in sheet.read(exported))
    fill(exported, say(coder1_right="Yes", coder2_right="no", coder2_entity="sea", coder2_note="그냥"))
    rows = sheet.read(exported)
    assert {row.place[0] for row in rows} == {f"{n:016x}" for n in range(6)}
    assert rows[0].judgements == {1: Judgement(right=True), 2: Judgement(right=False, entity="SEA", note="그냥")}
    assert {(row.of, row.drawn, row.sample, row.lexicon, row.entity) for row in rows} == {
        (6, 6, "s1-abc", "lex", "ASEAN")
    }
    assert {row.hash for row in rows} == {f"{n:08x}" for n in range(6)}


def test_nothing_in_a_sheet_is_a_formula_and_the_name_stands_between_its_words(exported: Path) -> None:
    if exported.suffix == ".xlsx":
        page = openpyxl.load_workbook(exported)["Coding"]
        cells = [cell for row in page.iter_rows() for cell in row]
        assert all(cell.data_type != "f" for cell in cells)
        row = [cell.value for cell in page[2]]
    else:
        lines = list(csv.reader(io.StringIO(exported.read_text("utf-8-sig"), newline="")))
        assert not any(cell.startswith("=") for line in lines for cell in line)
        row = lines[-1]
    assert row[6:9] == ["오늘", "아세안", "이 모였다."] or row[6:9] == ["오늘 ", "아세안", "이 모였다."]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"coder1_right": "maybe"}, "coder1_right is 'maybe', but must be yes, no or ?"),
        ({"coder1_right": "no"}, "coder1_entity must say whose name it is instead, or none"),
        ({"coder2_right": "no", "coder2_entity": "Thailand"}, "coder2_entity is 'Thailand', but must be one of ASEAN"),
        ({"coder1_right": "yes", "coder1_entity": "KR"}, "says yes to ASEAN, and writes KR"),
        ({"coder1_entity": "KR"}, "coder1_right is '', but must be yes, no or ?"),
        ({"key": "1.2E+15"}, "key is '1.2E+15', which names no mention"),
        ({"check": "gone"}, "check is 'gone': it was changed"),
        ({"stratum_drawn": "x"}, "stratum_drawn is 'x', but must be a number"),
    ],
)
def test_a_bad_cell_is_named_with_its_row(exported: Path, cells: Mapping[str, str], said: str) -> None:
    third = 4 if exported.suffix == ".xlsx" else 7 + 3  # after six lines of instructions

    def rewrite(number: int, row: dict[str, str]) -> None:
        if number == third:
            row.update(cells)

    fill(exported, rewrite)
    with pytest.raises(InputError) as error:
        sheet.read(exported)
    assert f"{exported}, row {third}: " in str(error.value)
    assert said in str(error.value)
    assert str(error.value).count("row ") == 1 or "row " in said


def test_the_same_mention_twice_is_refused(exported: Path) -> None:
    keys: list[str] = []

    def rewrite(_: int, row: dict[str, str]) -> None:
        keys.append(row["key"])
        row["key"] = keys[0]

    fill(exported, rewrite)
    with pytest.raises(InputError, match="the same mention as in row"):
        sheet.read(exported)


def test_a_changed_size_of_the_sample_is_noticed(exported: Path) -> None:
    def rewrite(number: int, row: dict[str, str]) -> None:
        row["stratum_mentions"] = str(number)

    fill(exported, rewrite)
    with pytest.raises(InputError, match="differ in stratum_mentions"):
        sheet.read(exported)


def test_korean_excels_own_encoding_is_read(tmp_path: Path) -> None:
    mentions = [named(1)]
    path = tmp_path / "a.csv"
    path.write_bytes(sheet.write(path, sheet.rows(coding.draw(mentions, 1, 1), texts(mentions), "s")))
    path.write_bytes(path.read_text("utf-8-sig").replace("https://a.example/1", "").encode("cp949"))
    assert sheet.read(path)[0].name == "아세안"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", b"a,b\r\n1,2\r\n", "is no coding sheet"),
        ("a.csv", b"key,outlet\r\n1,2\r\n", "lacks the columns language, date"),
        ("a.csv", b"\xff\xff\xff", "neither UTF-8 nor CP949"),
        ("a.xlsx", b"no zip", "can't be read as an Excel file"),
    ],
)
def test_what_is_no_sheet_is_refused(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(FileProblemError, match=said):
        sheet.read(tmp_path / name)


def test_a_sheet_of_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"written as \.csv or \.xlsx"):
        sheet.write(tmp_path / "a.ods", [])


# -- what follows --------------------------------------------------------

YES = Judgement(right=True)
UNSURE = Judgement(right=None)


def no(entity: str = "none") -> Judgement:
    return Judgement(right=False, entity=entity)


def row(number: int, *judgements: Judgement | None, stratum: str = "", of: int = 100, drawn: int = 10) -> CodedRow:
    said = {n: j for n, j in enumerate(judgements, 1) if j is not None}
    return CodedRow(f"{number:016x}:body:0", "h", "lex", "ASEAN", stratum, of, drawn, "s", "아세안", said)


def test_a_mention_is_right_when_no_coder_says_it_is_wrong() -> None:
    rows = [
        *(row(n, YES, YES) for n in range(6)),
        row(6, YES, no("SEA")),
        row(7, YES),
        row(8, UNSURE, YES),
        row(9, UNSURE, UNSURE),
    ]
    found = coding.assess(rows)
    assert (found.strict.right, found.strict.coded) == (8, 9)
    assert (found.by_coder[1].right, found.by_coder[1].coded) == (8, 8)
    assert (found.by_coder[2].right, found.by_coder[2].coded) == (7, 8)
    assert found.unsure == 3
    assert found.missing == 0
    assert found.disputed == (rows[6].key,)
    assert found.wrong == ((rows[6].key, "아세안", "ASEAN", "SEA"),)
    assert (found.right.units, found.right.same) == (7, 6)


def test_two_coders_who_find_it_wrong_may_differ_on_whose_it_is() -> None:
    found = coding.assess([row(0, no("SEA"), no("none")), row(1, YES, YES), row(2, no(), no())])
    assert found.right.alpha == 1
    assert found.entities.alpha is not None
    assert found.entities.alpha < 1
    assert len(found.disputed) == 1


def test_strata_weigh_as_they_are() -> None:
    rows = [row(n, YES, stratum="a", of=900) for n in range(10)]
    rows += [row(10 + n, YES if n < 5 else no(), stratum="b", of=100) for n in range(10)]
    found = coding.assess(rows)
    assert found.strict.value == pytest.approx(0.95)
    assert found.by["b"].value == 0.5
    assert found.drawn == 20


def test_rows_that_are_gone_are_counted() -> None:
    assert coding.assess([row(n, YES) for n in range(7)]).missing == 3


def test_nothing_coded_is_refused() -> None:
    with pytest.raises(InputError, match="Nothing is coded"):
        coding.assess([row(0), row(1, UNSURE)])


def test_two_copies_are_put_together_and_contradictions_refused() -> None:
    found = coding.merged([("a", [row(0, YES), row(1)]), ("b", [row(0, None, no()), row(1, None, YES)])])
    assert [r.judgements for r in found] == [{1: YES, 2: no()}, {2: YES}]
    with pytest.raises(InputError, match=r"b: coder 1 says something else of .* than in a"):
        coding.merged([("a", [row(0, YES)]), ("b", [row(0, no())])])
    other = CodedRow(**{name: getattr(row(2), name) for name in CodedRow.__dataclass_fields__} | {"sample": "other"})
    with pytest.raises(InputError, match="b is of another sample than a"):
        coding.merged([("a", [row(0, YES)]), ("b", [other])])


def test_a_key_is_never_a_number() -> None:
    assert Drawn(named(12), "", 1, 1).key == "000000000000000c:body:3"

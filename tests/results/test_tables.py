from __future__ import annotations

import csv
import io

import pytest

from results import tables
from results.quarterly import QuarterResults


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_text_that_a_spreadsheet_would_compute_is_made_text(text: str) -> None:
    assert read(tables.as_csv(("a",), [[text]]))[1] == [f"'{text}"]


def test_numbers_stay_numbers() -> None:
    assert read(tables.as_csv(("a", "b", "c"), [[-0.5, 3, None]]))[1] == ["-0.5", "3", ""]


def test_a_spreadsheet_knows_the_encoding() -> None:
    assert tables.as_csv(("아세안",), []).startswith(b"\xef\xbb\xbf")


def test_every_figure_is_a_row(results: QuarterResults) -> None:
    rows = read(tables.as_csv(tables.FIGURES, map(tables.figure_row, results.measures)))
    assert len(rows) == len(results.measures) + 1
    assert {len(row) for row in rows} == {len(tables.FIGURES)}

"""Tables of surveys and of Google Trends."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.series.tables import read_table, survey_bounds
from corpus.errors import FileProblemError
from corpus.series import Point, series_of

SURVEY = "year,question_id,option,country,share,n,page,url\n"
TRENDS = "Category: All categories\n\nWeek,아세안: (South Korea),ASEAN: (South Korea)\n"


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "table.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_a_survey(tmp_path: Path) -> None:
    path = written(tmp_path, SURVEY + '2024,trust,japan,ID,58.9,"1,994",27,https://x.example/s.pdf\n')
    (point,) = read_table(path).points
    assert point.series == "survey:trust:japan:ID"
    assert (point.day, point.value, point.unit) == ("2024", 58.9, "percent")
    assert point.low
    assert point.high
    assert point.low == pytest.approx(56.7, abs=0.1)
    assert point.high == pytest.approx(61.1, abs=0.1)
    assert point.source == "p. 27 https://x.example/s.pdf"
    assert point.note == "n = 1,994"


def test_without_the_number_of_answers_there_are_no_bounds(tmp_path: Path) -> None:
    (point,) = read_table(written(tmp_path, SURVEY + "2024,q,yes,KR,70%,,3,\n")).points
    assert (point.value, point.low, point.high) == (70.0, None, None)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2024,q,yes,XX,70,10,3,", "unknown country"),
        ("24,q,yes,KR,70,10,3,", "unreadable date"),
        ("2024,q,yes,KR,101,10,3,", "unreadable number"),
        ("2024,q,yes,KR,many,10,3,", "unreadable number"),
        ("2024,q,yes,KR,70,0,3,", "unreadable number"),
        ("2024,q,yes,KR,70,10,,", "missing page and url"),
        ("2024,,yes,KR,70,10,3,", "missing question_id"),
        ("2024,q,yes,KR,70", "wrong number of columns"),
        ("2024,ok,yes,KR,71,10,3,", "repeated figure"),
    ],
)
def test_a_broken_line_is_refused_alone(tmp_path: Path, line: str, reason: str) -> None:
    table = read_table(written(tmp_path, f"{SURVEY}2024,ok,yes,KR,70,10,3,\n{line}\n"))
    assert len(table.points) == 1
    assert [(refusal.reason, refusal.line) for refusal in table.refusals] == [(reason, 3)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_google_trends(tmp_path: Path, encoding: str) -> None:
    table = read_table(written(tmp_path, TRENDS + "2026-01-04,57,<1\n2026-01-11,100,0\n", encoding))
    first, below, _, nought = table.points
    assert first.series == "trends:아세안:South Korea"
    assert (first.day, first.value, first.low, first.high) == ("2026-01-04", 57, 56.5, 57.5)
    assert (below.value, below.low, below.high) == (0.5, 0, 1)
    assert "<1" in below.note
    assert (nought.low, nought.high) == (0, 0.5)
    assert not table.refusals


def test_google_trends_in_korean_by_month(tmp_path: Path) -> None:
    text = "카테고리: 모든 카테고리\n\n월,동남아: (대한민국)\n2026-01,12\n"
    (point,) = read_table(written(tmp_path, text)).points
    assert (point.series, point.day) == ("trends:동남아:대한민국", "2026-01")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2026-01-18,5", "wrong number of columns"),
        ("soon,5,6", "unreadable date"),
        ("2026-01-18,5,x", "unreadable number"),
        ("2026-01-18,5,120", "unreadable number"),
    ],
)
def test_a_broken_line_of_trends_is_refused_alone(tmp_path: Path, line: str, reason: str) -> None:
    table = read_table(written(tmp_path, f"{TRENDS}2026-01-04,1,2\n{line}\n"))
    assert len(table.points) == 2
    assert [refusal.reason for refusal in table.refusals] == [reason]


@pytest.mark.parametrize(
    "text", ["", "a,b\n1,2\n", "Category: x\n\nTime,a: (b)\n2026-01-01T05,3\n", f"{TRENDS[:-1]},bare\n", 'a,"b\n']
)
def test_other_files_are_none(tmp_path: Path, text: str) -> None:
    with pytest.raises(FileProblemError):
        read_table(written(tmp_path, text))


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileProblemError, match="cannot be read"):
        read_table(tmp_path / "no.csv")


@given(st.floats(0, 100).map(lambda x: f"{x:.1f}"), st.integers(1, 100_000))
def test_bounds_hold_their_share(share: str, people: int) -> None:
    low, high = survey_bounds(share, people)
    assert low is not None
    assert high is not None
    assert 0 <= low <= float(share) + 1e-9
    assert float(share) - 1e-9 <= high <= 100


def test_series_refuse_two_figures_of_one_day() -> None:
    point = Point("s", "2026", 1.0, None, None, "u", "here")
    with pytest.raises(ValueError, match="two figures"):
        list(series_of([point, point]))
    other = Point("s", "2027", 1.0, None, None, "v", "here")
    with pytest.raises(ValueError, match="units"):
        list(series_of([point, other]))

"""Dates as precise as they are known, quarters, weeks and membership."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.calendar import MEMBER_SINCE, Quarter, is_member, parse_published, week_of
from corpus.errors import InputError, RecordError

QUARTERS = st.builds(Quarter, st.integers(1900, 2100), st.integers(1, 4))


@pytest.mark.parametrize(("text", "precision"), [("2023", "year"), ("2023-09", "month"), ("2023-09-21", "day")])
def test_a_date_keeps_the_precision_it_was_given_with(text: str, precision: str) -> None:
    published = parse_published(text, "KR")
    assert (published.day, published.precision, published.at, published.original) == (text, precision, None, text)


@pytest.mark.parametrize(
    ("text", "country", "day", "at"),
    [
        ("2023-09-21T20:30:00Z", "KR", "2023-09-22", "2023-09-21T20:30:00+00:00"),
        ("2023-09-21T20:30:00Z", "ID", "2023-09-22", "2023-09-21T20:30:00+00:00"),
        ("2023-09-21T17:15:00Z", "MM", "2023-09-21", "2023-09-21T17:15:00+00:00"),
        ("2023-09-21T16:59:00Z", "ASEAN", "2023-09-21", "2023-09-21T16:59:00+00:00"),
        ("2023-09-21T00:10:00", "KR", "2023-09-21", "2023-09-20T15:10:00+00:00"),
        ("2023-09-21T00:10:00+09:00", "TH", "2023-09-20", "2023-09-20T15:10:00+00:00"),
        ("2022-07-31T23:22:36.000Z", "KR", "2022-08-01", "2022-07-31T23:22:36+00:00"),
    ],
)
def test_the_day_is_the_local_day_of_the_country(text: str, country: str, day: str, at: str) -> None:
    published = parse_published(text, country)
    assert (published.day, published.precision, published.at) == (day, "minute", at)


@pytest.mark.parametrize(
    "text", ["", "READ", "2025-09-07-1", "yesterday", "21.09.2023", "2023-9-1", "2023-09-21T25:00"]
)
def test_what_is_no_date_is_unreadable(text: str) -> None:
    with pytest.raises(RecordError) as caught:
        parse_published(text, "KR")
    assert caught.value.reason == "unreadable date"


@pytest.mark.parametrize(
    "text", ["2568", "2568-09-07", "2568-09-07T10:00:00Z", "1899", "0000", "2023-13", "2023-02-29"]
)
def test_what_can_be_no_date_of_ours_is_impossible(text: str) -> None:
    with pytest.raises(RecordError) as caught:
        parse_published(text, "TH")
    assert caught.value.reason == "impossible date"


def test_a_number_after_a_day_is_no_hour() -> None:
    with pytest.raises(RecordError):
        parse_published("2025-09-07-10", "TH")


def test_digits_of_another_script_are_no_iso_date() -> None:
    with pytest.raises(RecordError):
        parse_published("２０２３-09", "KR")


def test_a_day_without_hyphens_is_known_to_the_day_at_most() -> None:
    assert parse_published("20230921", "KR").precision == "day"


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59-09:00", "0001-01-01T00:00:00+14:00"])
def test_a_time_at_the_end_of_all_calendars_is_impossible(text: str) -> None:
    with pytest.raises(RecordError):
        parse_published(text, "KR")


@given(st.dates(date(1900, 1, 1), date(2025, 12, 31)))
def test_every_day_is_read_as_itself(day: date) -> None:
    assert parse_published(day.isoformat(), "VN").day == day.isoformat()


@pytest.mark.parametrize("text", ["2026Q3", "2026q3", "2026-Q3", " 2026 Q3 "])
def test_a_quarter_is_read_in_its_usual_spellings(text: str) -> None:
    assert str(Quarter.parse(text)) == "2026Q3"


@pytest.mark.parametrize("text", ["", "2026Q5", "2026", "Q3 2026", "2026Q33"])
def test_what_is_no_quarter_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match="for example 2026Q3"):
        Quarter.parse(text)


@given(QUARTERS)
def test_quarters_follow_one_another_without_gap(quarter: Quarter) -> None:
    assert quarter.next.previous == quarter
    assert (quarter.next.first - quarter.last).days == 1
    assert quarter < quarter.next
    assert quarter.previous.previous.previous.previous == quarter.year_before
    assert Quarter.parse(str(quarter)) == quarter
    assert all(Quarter.of(month) == quarter for month in quarter.months)
    assert Quarter.of(quarter.first.isoformat()) == Quarter.of(quarter.last.isoformat()) == quarter


def test_a_year_is_in_no_quarter() -> None:
    assert Quarter.of("2023") is None


def test_a_week_is_an_iso_week_and_a_month_a_block_of_its_own() -> None:
    assert week_of("2023-09-21") == "2023-W38"
    assert week_of("2024-12-30") == "2025-W01"
    assert week_of("2023-09") == "2023-09"


@pytest.mark.parametrize(
    ("country", "day", "member"),
    [
        ("ID", "1967-08-07", False),
        ("ID", "1967-08-08", True),
        ("VN", "1995-07-27", False),
        ("VN", "1995-07", True),
        ("VN", "1995-06", False),
        ("KH", "1999", True),
        ("KH", "1998", False),
        ("TL", "2025-10-25", False),
        ("TL", "2025-10-26", True),
        ("TL", None, True),
        ("KR", "2025-10-26", False),
        ("KR", None, False),
    ],
)
def test_membership_follows_the_day(country: str, day: str | None, member: bool) -> None:  # noqa: FBT001 pytest fills it
    assert is_member(country, day) is member


def test_there_are_eleven_members() -> None:
    assert len(MEMBER_SINCE) == 11

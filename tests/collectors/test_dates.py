"""Dates as sources write them; nothing is guessed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.dates import month_names, read_date
from corpus.calendar import UTC_OFFSETS


@pytest.mark.parametrize(
    ("text", "country", "day", "at"),
    [
        ("Mon, 26 Sep 2016 07:50:00 +0900", "KR", "2016-09-26", "2016-09-25T22:50:00+00:00"),
        ("Thu, 05 Nov 2026 22:00:00 GMT", "KR", "2026-11-06", "2026-11-05T22:00:00+00:00"),
        ("5 Nov 26 22:00 UT", "KR", "2026-11-06", "2026-11-05T22:00:00+00:00"),
        ("Tue, 24 Nov 2026 23:59:60 +0630", "MM", "2026-11-24", "2026-11-24T17:29:59+00:00"),
        ("2026-11-05T12:00:00+07:00", "ID", "2026-11-05", "2026-11-05T05:00:00+00:00"),
        ("2026-11-05T12:00:00.123Z", "ID", "2026-11-05", "2026-11-05T12:00:00+00:00"),
        ("2026-11-05 12:00", "ID", "2026-11-05", "2026-11-05T05:00:00+00:00"),
        ("20261105123000", "ID", "2026-11-05", "2026-11-05T05:30:00+00:00"),
        ("20261105T123000Z", "ID", "2026-11-05", "2026-11-05T12:30:00+00:00"),
        ("2026-11-05", "ID", "2026-11-05", None),
        ("20261105", "ID", "2026-11-05", None),
        ("Thu, 05 Nov 2026", "MY", "2026-11-05", None),
        ("2023년 9월 21일 오후 2:05", "KR", "2023-09-21", "2023-09-21T05:05:00+00:00"),
        ("2023년 9월 21일 (목요일)", "KR", "2023-09-21", None),
        ("2023.09.21. 14:05", "KR", "2023-09-21", "2023-09-21T05:05:00+00:00"),
        ("2023.09.21(목) 14:05", "KR", "2023-09-21", "2023-09-21T05:05:00+00:00"),
        ("2023. 9. 21.", "KR", "2023-09-21", None),
        ("2023-09-21 14:05:11 KST", "KR", "2023-09-21", "2023-09-21T05:05:11+00:00"),
        ("12:47 | 07/07/2025", "VN", "2025-07-07", "2025-07-07T05:47:00+00:00"),
        ("Thứ năm, 21/9/2023, 09:15 (GMT+7)", "VN", "2023-09-21", "2023-09-21T02:15:00+00:00"),
        ("21 tháng 9, 2023", "VN", "2023-09-21", None),
        ("วันพฤหัสบดีที่ 21 กันยายน 2566", "TH", "2023-09-21", None),
        ("๒๑ กันยายน ๒๕๖๖", "TH", "2023-09-21", None),
        ("21 ก.ย. 66", "TH", "2023-09-21", None),
        ("21 ก.ย. 2566 14:30 น.", "TH", "2023-09-21", "2023-09-21T07:30:00+00:00"),
        ("29/02/2567", "TH", "2024-02-29", None),
        ("2569-11-24T10:00:00+07:00", "TH", "2026-11-24", "2026-11-24T03:00:00+00:00"),
        ("Kamis, 21 September 2023 | 14:05 WIB", "ID", "2023-09-21", "2023-09-21T07:05:00+00:00"),
        ("21 Agustus 2023 14.05 WITA", "ID", "2023-08-21", "2023-08-21T06:05:00+00:00"),
        ("21 Ogos 2023", "MY", "2023-08-21", None),
        ("21 de setembro de 2023", "TL", "2023-09-21", None),
        ("Sept. 21, 2023 3:05 PM", "PH", "2023-09-21", "2023-09-21T07:05:00+00:00"),
        ("21 ກັນຍາ 2023", "LA", "2023-09-21", None),
        ("Tue, 24 Nov 2026 10:00:00 MMT", "MM", "2026-11-24", "2026-11-24T03:30:00+00:00"),
        ("12:05 am, 21 Nov 2026", "SG", "2026-11-21", "2026-11-20T16:05:00+00:00"),
    ],
)
def test_a_date_is_read(text: str, country: str, day: str, at: str | None) -> None:
    published = read_date(text, country, "feed")
    assert published is not None
    assert (published.day, published.at) == (day, at)
    assert (published.precision, published.how, published.original) == ("minute" if at else "day", "feed", text)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "yesterday", "2 hours ago", "26.11.24", "25/09/07", "Published 21 Nov 2026", "13/13/2026",
        "Fri, 31 Feb 2026 10:00:00 GMT", "2026-11-05T25:00:00Z", "0000-00-00 00:00:00", "0000-00-00T00:00:00Z",
        "Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 05 Nov 2026 12:00:00 +9900", "Thu, 05 Nov 2099 12:00:00 GMT",
        "Thu, 05 Nov 2026 12:00:00 XYZ", "21 Nov 2026 – 23 Nov 2026", "9" * 10_000, "2026-11-05\x00", "READ",
    ],
)  # fmt: skip
def test_what_is_not_understood_to_its_end_is_no_date(text: str) -> None:
    assert read_date(text, "KR", "feed") is None


def test_a_weekday_that_contradicts_the_date_is_passed_over() -> None:
    wrong = read_date("Mon, 22 Apr 2026 07:50:00 +0900", "KR", "feed")
    assert wrong is not None
    assert wrong.day == "2026-04-22"


def test_local_time_that_is_called_gmt_is_read_as_local_where_the_source_says_so() -> None:
    text = "Thu, 05 Nov 2026 20:00:00 GMT"
    stated, local = read_date(text, "KR", "feed"), read_date(text, "KR", "feed", clock="local")
    assert stated is not None
    assert local is not None
    assert (stated.day, local.day, local.at) == ("2026-11-06", "2026-11-05", "2026-11-05T11:00:00+00:00")
    zoned = read_date("Thu, 05 Nov 2026 20:00:00 +0700", "KR", "feed", clock="local")
    assert zoned is not None
    assert zoned.at == "2026-11-05T13:00:00+00:00"  # any other zone is meant


def test_where_hours_mean_nothing_only_the_day_is_taken() -> None:
    published = read_date("Thu, 05 Nov 2026 22:00:00 GMT", "KR", "feed", clock="day")
    assert published is not None
    assert (published.day, published.precision, published.at) == ("2026-11-05", "day", None)


def test_american_order_is_read_where_the_source_says_so() -> None:
    published = read_date("11/02/2026 10:00:00", "KR", "stated", order="mdy")
    assert published is not None
    assert published.at == "2026-11-02T01:00:00+00:00"


def test_the_same_letters_are_another_zone_in_another_country() -> None:
    manila, elsewhere = (read_date("21 Sep 2023 10:00 PST", country, "feed") for country in ("PH", "SG"))
    assert manila is not None
    assert elsewhere is not None
    assert (manila.at, elsewhere.at) == ("2023-09-21T02:00:00+00:00", "2023-09-21T18:00:00+00:00")


def test_the_months_of_all_languages_agree() -> None:
    names = month_names()
    assert {names[name] for name in ("november", "nopember", "พฤศจิกายน", "novembro", "nobyembre") if name in names} == {
        11
    }
    assert set(names.values()) == set(range(1, 13))


@given(st.datetimes(datetime(1990, 1, 1), datetime(2026, 11, 24)), st.sampled_from(sorted(UTC_OFFSETS)))  # noqa: DTZ001 hypothesis wants none
def test_any_moment_survives_rfc_822_and_iso(moment: datetime, country: str) -> None:
    utc = moment.replace(microsecond=0, tzinfo=UTC)
    for text in (format_datetime(utc), utc.isoformat(), utc.strftime("%Y%m%d%H%M%SZ")):
        published = read_date(text, country, "feed")
        assert published is not None
        assert published.at == utc.isoformat(timespec="seconds")
        assert published.day == (utc + UTC_OFFSETS[country]).date().isoformat()


WORDS = [
    "24",
    "Nov",
    "11",
    "2026",
    "2569",
    ":",
    "/",
    "-",
    "년",
    "T",
    "+07:00",
    "GMT",
    "오후",
    "10:00",
    " ",
    "กันยายน",
    "Z",
]


@given(
    st.text(max_size=200) | st.lists(st.sampled_from(WORDS), max_size=12).map("".join), st.sampled_from(["KR", "TH"])
)
def test_no_text_breaks_the_reader(text: str, country: str) -> None:
    published = read_date(text, country, "feed")
    if published and published.at:
        assert abs(
            datetime.fromisoformat(published.at).date() - datetime.fromisoformat(published.day).date()
        ) <= timedelta(1)

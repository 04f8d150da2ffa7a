"""What stands around a text, and what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.boilerplate import undressed, unquoted

TEXT = "The harbour master opened two more berths on Monday and asked shippers to file their papers earlier."


@pytest.mark.parametrize(
    "dressed",
    [
        f"SEOUL (Nuri News) - {TEXT}",
        f"JAKARTA, Nuri News - {TEXT}",
        f"MANILA — {TEXT}",
        f"[Dawn Daily] {TEXT}",
        f"By Narae Kim\n{TEXT}",
        f"Penulis: Narae Kim\n{TEXT}",
        f"(서울=누리통신) 김나래 기자 = {TEXT}",
        f"โซล (สำนักข่าวนูรี) - {TEXT}",
        f"Hà Nội (Nuri) – {TEXT}",
        f"{TEXT}\n\nReporting by Narae Kim; Editing by Garam Lee\n© 2026 Nuri News. All rights reserved.",
        f"{TEXT}\nPewarta: Narae Kim\nEditor: Garam Lee\nCopyright © Nuri News 2026",
        f"{TEXT}\nPhóng viên: Narae Kim\nBản quyền thuộc về Nuri News",
        f"{TEXT}\nสงวนลิขสิทธิ์ © สำนักข่าวนูรี",
        f"{TEXT}\n김나래 기자 narae@nuri.example\nⓒ 누리통신, 무단 전재 및 재배포 금지",
        f"{TEXT}\n[관련기사]\n▶ 바다를 건너온 사람들\n▶ 오늘의 날씨",
        f"{TEXT}\nBaca juga: Orang-orang yang menyeberangi laut",
        f"{TEXT}\nRead more:\nPeople who crossed the sea",
        f"{TEXT}\nXem thêm:\nNhững người vượt biển",
        f"{TEXT}\nข่าวที่เกี่ยวข้อง\nผู้คนที่ข้ามทะเลมา",
    ],
)
def test_what_stands_around_a_text_is_taken_off(dressed: str) -> None:
    assert undressed(dressed).strip() == TEXT


@pytest.mark.parametrize(
    "body",
    [
        TEXT,
        f"{TEXT} He read more than he wrote.",
        "취재하던 김나래 기자가 항구에서 들은 이야기는 조금 달랐다. 부두는 아직 비어 있었고 배는 오지 않았다고 한다.",
        f"Read more books, said the minister.\n{TEXT}",
        "Copyright law changes next year, the ministry said, and schools will be allowed to copy more than before. "
        * 3,
    ],
)
def test_what_only_looks_like_it_stays(body: str) -> None:
    assert undressed(body).strip() == body.strip()


@given(st.text())
def test_what_is_left_is_part_of_the_text(body: str) -> None:
    assert undressed(body) in body


@pytest.mark.parametrize(
    ("body", "own"),
    [
        ("He said “we waited for two long days” and left.", "He said   and left."),
        ('He said "we waited for two long days" and left.', "He said   and left."),
        ("He said “we waited for two long da..", "He said  "),
        ("The film “Slow River” opens.", "The film “Slow River” opens."),
        ('The "Slow River" opens, and the "Fast River" too.', 'The "Slow River" opens, and the "Fast River" too.'),
        ("그는 「기다리는 시간이 이틀에서 반나절로 줄었다」고 했다.", "그는  고 했다."),
        ("Nobody said anything.", "Nobody said anything."),
    ],
)
def test_what_somebody_else_said_is_taken_out(body: str, own: str) -> None:
    assert unquoted(body) == own

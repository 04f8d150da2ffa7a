"""The ministry's boards with all their habits at once."""

from __future__ import annotations

import pytest
from asking import bring, make_source
from loopback import Answer, Asked, Server

from collectors.fetch import Client
from collectors.kinds.mofa import collect
from collectors.outcome import SourceError
from collectors.source import SourceFileError

BOARD = "/www/brd/rss.do?brdId=235"


def board(encoding: str = "UTF-8", *days: int) -> str:
    items = "".join(
        f"<item><title><![CDATA[한-아세안 외교장관회의 {day}]]></title>"
        f"<link>http://www.mofa.go.kr:443/www/brd/m_4080/view.do?seq={day}</link><guid>http://www.mofa.go.kr:443/x{day}</guid>"
        f"<pubDate>Fri, {day} Nov 2026 12:00:00 GMT</pubDate>"
        "<content:encoded><![CDATA[<p>장관은 오늘</p><p>회의에 참석하였다.</p>]]></content:encoded></item>"
        for day in days
    )
    space = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    return f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0" {space}><channel>{items}</channel></rss>'


LABELS = [
    ("UTF-8", "utf-8", "application/rss+xml"),
    ("EUC-KR", "utf-8", "application/rss+xml"),
    ("UTF-8", "cp949", "application/rss+xml"),
    ("EUC-KR", "cp949", "application/rss+xml"),
    ("UTF-8", "utf-8", "application/rss+xml; charset=EUC-KR"),
]


@pytest.mark.anyio
@pytest.mark.parametrize(("declared", "real", "header"), LABELS)
async def test_a_board_is_read_whatever_its_labels_say(
    server: Server, fetch: Client, declared: str, real: str, header: str
) -> None:
    server.add(BOARD, board(declared, 24, 23, 20).encode(real), headers={"Content-Type": header})
    brought = await bring(collect, make_source("mofa", server.url(BOARD), kind="official"), fetch)
    assert brought.titles == [f"한-아세안 외교장관회의 {day}" for day in (24, 23, 20)]
    document = brought.documents[0]
    assert document.url == "https://www.mofa.go.kr/www/brd/m_4080/view.do?seq=24"
    assert document.keys == ("url:https://www.mofa.go.kr/www/brd/m_4080/view.do?seq=24",)
    assert document.body == "장관은 오늘\n회의에 참석하였다."
    assert document.published is not None
    assert (document.published.day, document.published.precision) == ("2026-11-24", "day")  # always noon is no hour
    assert brought.status is None


@pytest.mark.anyio
async def test_the_cookie_gate_is_passed(server: Server, fetch: Client) -> None:
    def gate(asked: Asked) -> Answer:
        if "TMOSHCooKie" in asked.headers.get("cookie", ""):
            return Answer(board("UTF-8", 24).encode(), headers=(("Content-Type", "application/rss+xml"),))
        return Answer(b"", 307, (("Location", server.url(BOARD)), ("Set-Cookie", "TMOSHCooKie=abc; path=/")))

    server.respond("/www/brd/rss.do", gate)
    brought = await bring(collect, make_source("mofa", server.url(BOARD)), fetch)
    assert len(brought.documents) == 1


@pytest.mark.anyio
async def test_a_board_without_items_is_an_error(server: Server, fetch: Client) -> None:
    server.add(BOARD, board())
    with pytest.raises(SourceError, match="no items") as caught:
        await bring(collect, make_source("mofa", server.url(BOARD)), fetch)
    assert caught.value.status == "wrong_content"


@pytest.mark.anyio
async def test_a_connection_that_is_reset_is_a_wall(server: Server, fetch: Client) -> None:
    server.add(BOARD, fault="reset")
    with pytest.raises(SourceError) as caught:
        await bring(collect, make_source("mofa", server.url(BOARD)), fetch)
    assert caught.value.status == "blocked"


@pytest.mark.anyio
async def test_no_board_may_be_empty_by_option(fetch: Client) -> None:
    with pytest.raises(SourceFileError, match="may_be_empty"):
        await bring(collect, make_source("mofa", options={"may_be_empty": True}), fetch)

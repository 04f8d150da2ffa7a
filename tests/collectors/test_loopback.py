"""The loopback server itself: what it promises to other tests."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from loopback import Answer, Asked, Server

from collectors.fetch import Client

pytestmark = pytest.mark.anyio


async def test_answers_come_in_sequence_and_the_last_is_repeated(server: Server, fetch: Client) -> None:
    server.add("/a", "eins", times=2)
    server.add("/a", "zwei")
    assert [(await fetch.get(server.url("/a"))).text for _ in range(4)] == ["eins", "eins", "zwei", "zwei"]


async def test_a_target_with_query_wins_over_its_path(server: Server, fetch: Client) -> None:
    server.add("/a", "any")
    server.add("/a?page=2", "two")
    texts = [(await fetch.get(server.url("/a"), params={"page": page})).text for page in ("1", "2")]
    assert texts == ["any", "two"]
    assert [asked.query for asked in server.pages] == [{"page": "1"}, {"page": "2"}]


async def test_a_function_can_answer(server: Server, fetch: Client) -> None:
    def echo(asked: Asked) -> Answer:
        return Answer(asked.body, headers=(("Content-Type", "application/json"),))

    server.respond("/echo", echo)
    page = await fetch.post(server.url("/echo"), json={"나라": 1})
    assert page.content == '{"나라":1}'.encode()
    assert page.media_type == "application/json"


@pytest.mark.parametrize("fault", ["reset", "close", "truncate", "garbage"])
def test_faults(server: Server, fault: str) -> None:
    server.add("/", b"x" * 1000, fault=fault)
    with pytest.raises(httpx.TransportError):
        httpx.get(server.url("/"), trust_env=False)


async def test_several_hosts(servers: Callable[[], Server], fetch: Client) -> None:
    for host in (servers(), servers()):
        host.add("/", "here")
        assert (await fetch.get(host.url())).text == "here"

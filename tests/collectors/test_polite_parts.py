"""The client's small parts: addresses, Retry-After, keys, turns, gzip files."""

from __future__ import annotations

import asyncio
import gzip
import random
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.http.addresses import is_public
from collectors.http.masking import Mask
from collectors.http.pacing import Clock, Pacer
from collectors.http.retry import backoff, retry_after
from collectors.http.unpack import gunzip
from collectors.outcome import SourceError

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.9.9.9",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104
        "224.0.0.1",
        "239.1.1.1",
        "255.255.255.255",
        "240.0.0.1",
        "198.18.0.1",
        "192.0.2.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd12::1",
        "ff02::1",
        "ff0e::1",
        "fec0::1",
        "2001:db8::1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "64:ff9b::a9fe:a9fe",
    ],
)
def test_addresses_of_ones_own(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "223.130.195.95", "2404:4600::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "172.32.0.1"]
)
def test_addresses_of_the_web(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Tue, 24 Nov 2026 12:02:00 GMT", 120),
        ("Tuesday, 24-Nov-26 12:02:00 GMT", 120),
        ("Tue Nov 24 12:02:00 2026", 120),
        ("Tue, 24 Nov 2026 12:02:00 -0000", 120),
        ("Tue, 24 Nov 2026 21:02:00 +0900", 120),
        ("Tue, 24 Nov 2026 11:00:00 GMT", 0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("Tue, 99 Nov 2026 12:02:00 GMT", None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


def test_waits_double_and_are_spread() -> None:
    dice = random.Random(1)  # noqa: S311 spreads waits
    for attempt, most in ((1, 1), (2, 2), (3, 4), (4, 8)):
        waits = {backoff(1, attempt, dice) for _ in range(20)}
        assert len(waits) == 20
        assert most / 2 <= min(waits) <= max(waits) <= most


@given(st.text(min_size=6, max_size=30), st.text(max_size=20))
def test_a_key_is_hidden_in_any_text(key: str, around: str) -> None:
    mask = Mask([key])
    text = f"{around}|{key}|{around}"
    assert mask.hides(text)
    assert key not in mask.clean(text)


def test_longer_keys_first_and_empty_ones_never() -> None:
    mask = Mask(["", "abc", "abcdef"])
    assert mask.clean("abcdef abc ab") == "*** *** ab"
    assert not Mask([""]).hides("anything")
    assert repr(mask) == "Mask(***)"


async def _turns(pacer: Pacer, host: str, count: int) -> list[float]:
    times: list[float] = []

    async def one() -> None:
        async with pacer.turn(host):
            times.append(asyncio.get_running_loop().time())

    await asyncio.gather(*[one() for _ in range(count)])
    return times


def test_turns_keep_their_distance_also_where_several_run_at_once() -> None:
    pacer = Pacer(0.03, 4, 4, Clock())
    times = asyncio.run(_turns(pacer, "a", 6))
    assert min(after - before for before, after in pairwise(times)) >= 0.029


def test_a_host_can_be_held_slowed_and_closed() -> None:
    async def check() -> None:
        pacer = Pacer(0.0, 1, 4, Clock())
        begun = asyncio.get_running_loop().time()
        pacer.hold("a", 0.05)
        assert (await _turns(pacer, "a", 1))[0] - begun >= 0.049
        pacer.slow_down("b", 0.05)
        pacer.slow_down("b", 0.01)  # what a host once wanted is not taken back
        first, second = await _turns(pacer, "b", 2)
        assert second - first >= 0.049
        pacer.close("c", 5)
        assert 4 < pacer.closed_for("c") <= 5
        assert pacer.closed_for("never seen") == 0

    asyncio.run(check())


def test_gzip_files() -> None:
    assert gunzip(gzip.compress(b"x" * 1000), 1000) == b"x" * 1000
    for content, limit, status in (
        (gzip.compress(b"x" * 50_000_000), 1_000_000, "wrong_content"),
        (gzip.compress(b"x" * 1000)[:-4], 1000, "malformed"),
        (b"<urlset>", 1000, "malformed"),
    ):
        with pytest.raises(SourceError, match=status):
            gunzip(content, limit)

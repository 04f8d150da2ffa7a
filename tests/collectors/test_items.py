"""What kinds share: recognising items, and how a visit of several addresses ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asking import NOW
from hypothesis import given
from hypothesis import strategies as st

from collectors.kinds.items import Findings, Item, Seen, digest_of, pieces
from collectors.outcome import SourceError, Status


def test_an_address_is_recognised_in_any_of_its_forms() -> None:
    assert digest_of("http://N.example:443/a?utm_source=rss&b=1#x") == digest_of("https://n.example/a?b=1")
    assert digest_of("https://n.example/a") != digest_of("https://n.example/b")
    assert len(digest_of("tag:1")) == 12
    assert Item(1, "T", "", id="g").digest == digest_of("g")


def test_the_first_sight_is_kept_and_the_oldest_forgotten() -> None:
    seen = Seen({}, "u", most=3)
    seen.add(["a", "b"], NOW)
    later = Seen(seen.memory(), "u", most=3)
    later.add(["b", "c", "d"], NOW + timedelta(hours=1))
    (text,) = later.memory().values()
    assert text == '{"b":"2026-11-24T12:00+00:00","c":"2026-11-24T13:00+00:00","d":"2026-11-24T13:00+00:00"}'


@pytest.mark.parametrize("damaged", ["", "{", "[1]", "null", "[" * 100_000])
def test_a_damaged_memory_is_no_memory(damaged: str) -> None:
    assert Seen({"seen:u": damaged}, "u").before == frozenset()


@given(st.lists(st.integers()), st.integers(1, 5))
def test_pieces_are_the_whole(numbers: list[int], size: int) -> None:
    cut = list(pieces(numbers, size))
    assert [n for piece in cut for n in piece] == numbers
    assert all(0 < len(piece) <= size for piece in cut)


@pytest.mark.parametrize(
    ("statuses", "status"),
    [
        ([], None),
        (["ok"], None),
        (["not_modified", "not_modified"], "not_modified"),
        (["not_modified", "ok"], None),
        (["ok", "ok_empty_confirmed"], None),
        (["ok", "malformed_recovered", "stale"], "stale"),
        (["stale", "gap_suspected"], "gap_suspected"),
    ],
)
def test_the_gravest_status_is_told(statuses: list[Status], status: Status | None) -> None:
    findings = Findings()
    for one in statuses:
        findings.note(one, one)
    batch = findings.closing({"a": "b"})
    assert (batch.status, batch.memory) == (status, {"a": "b"})
    assert batch.detail == " ".join(statuses)


def test_a_wall_ends_the_visit_and_a_missing_page_does_not() -> None:
    findings = Findings()
    findings.fail("https://n.example/a", SourceError("gone", "404"))
    with pytest.raises(SourceError, match="blocked"):
        findings.fail("https://n.example/b", SourceError("blocked", "wall"))
    with pytest.raises(SourceError, match=r"gone: https://n\.example/a: 404"):
        findings.closing({})

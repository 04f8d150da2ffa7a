"""GDELT's knowledge graph in bulk: lists, checksums, hostile zip files, and 27 columns of anything."""

from __future__ import annotations

import hashlib
import io
import zipfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from asking import make_source, make_visit, run
from hypothesis import given
from hypothesis import strategies as st
from loopback import Server

from collectors.fetch import Client
from collectors.kinds.gkg import collect, lines_of, parse_list
from collectors.kinds.gkgrecord import COLUMNS, locations, parse_line, unmangled
from collectors.source import SourceFileError
from corpus.errors import RecordError

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 9, 20, 12, tzinfo=UTC)
visit = partial(make_visit, at=NOW)

V1 = "1#Syria#SY#SY#35#38#SY;4#Damascus, Dimashq, Syria#SY#SY13#33.5#36.3#-2541260"
V2 = "2#Arkansas, United States#US#USAR##34.9513#-92.3809#AR#2291;1#South Korea#KS#KS##37#127.5#KS#12"
STAMP = "20260920113000"
OUTLETS = {"example.co.kr": "Example", "nuri.example": {"name": "Nuri", "country": "ID"}}


def line(**changes: str) -> bytes:
    cells = [""] * COLUMNS
    cells[0] = f"{STAMP}-T12"
    cells[1] = STAMP
    cells[2] = "1"
    cells[3] = "example.co.kr"
    cells[4] = "https://www.example.co.kr/2026/09/20/a"
    cells[9] = V1
    cells[10] = V2
    cells[13] = "association of southeast asian nations;united nations"
    cells[14] = "United Nations,55;Asean,10"
    cells[25] = "srclc:kor;eng:GT-KOR 1.0"
    cells[26] = "<PAGE_TITLE>한-아세안 협력</PAGE_TITLE>"
    for name, value in changes.items():
        cells[int(name.removeprefix("c"))] = value
    return "\t".join(cells).encode() + b"\n"


def packed(*lines: bytes, name: str = f"{STAMP}.gkg.csv") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, b"".join(lines))
    return held.getvalue()


def entry(content: bytes, name: str = f"{STAMP}.gkg.csv.zip", **changes: Any) -> str:
    said = {"size": len(content), "md5": hashlib.md5(content, usedforsecurity=False).hexdigest()} | changes
    return f"{said['size']} {said['md5']} http://data.gdeltproject.org/gdeltv2/{name}\n"


def gkg(server: Server, **options: Any) -> Any:
    more = {"outlets": OUTLETS, "feeds": ["english"]} | options
    return make_source("gkg", server.url("/gdeltv2/"), options=more)


def serve(server: Server, content: bytes, listed: str | None = None) -> None:
    server.add("/gdeltv2/lastupdate.txt", listed or entry(content))
    server.add(f"/gdeltv2/{STAMP}.gkg.csv.zip", content)


async def test_a_record_of_a_tracked_outlet_becomes_a_document(server: Server, fetch: Client) -> None:
    other = line(c3="elsewhere.example", c4="https://elsewhere.example/1")
    serve(server, packed(line(), other))
    found = await run(collect(gkg(server), fetch, visit()))
    (document,) = found.documents
    assert document.title == "한-아세안 협력"
    assert document.outlet.id == "KR:Example"
    assert document.language == "ko"
    assert document.keys == ("url:https://www.example.co.kr/2026/09/20/a",)
    assert "association of southeast asian nations" in document.keywords
    assert "South Korea" in document.keywords
    assert found.status is None


async def test_the_time_of_a_batch_is_no_date(server: Server, fetch: Client) -> None:
    serve(server, packed(line(c4="https://www.example.co.kr/view?id=1")))
    found = await run(collect(gkg(server), fetch, visit()))
    assert found.documents[0].published is None


@pytest.mark.parametrize(
    ("precise", "expected"),
    [
        ("20260920093000", "2026-09-20T09:30:00+00:00"),
        ("20260920233000", None),  # of the future
        ("20260701000000", None),  # months before
        ("20261399999999", None),
        ("00000000000000", None),
    ],
)
async def test_the_time_of_the_page_is_one_where_it_is_possible(
    server: Server, fetch: Client, precise: str, expected: str | None
) -> None:
    extras = f"<PAGE_TITLE>x</PAGE_TITLE><PAGE_PRECISEPUBTIMESTAMP>{precise}</PAGE_PRECISEPUBTIMESTAMP>"
    serve(server, packed(line(c26=extras)))
    found = await run(collect(gkg(server), fetch, visit()))
    published = found.documents[0].published
    assert published
    assert published.at == expected
    assert published.how == ("page" if expected else "url")


async def test_both_feeds_are_read(server: Server, fetch: Client) -> None:
    content = packed(line(c25=""))
    serve(server, content)
    name = f"{STAMP}.translation.gkg.csv.zip"
    other = packed(line(c4="https://nuri.example/b", c3="nuri.example", c25="srclc:ind;eng:Moses"), name=name[:-4])
    server.add("/gdeltv2/lastupdate-translation.txt", entry(other, name))
    server.add(f"/gdeltv2/{name}", other)
    found = await run(collect(gkg(server, feeds=["english", "translation"]), fetch, visit()))
    assert [(d.language, d.outlet.country) for d in found.documents] == [("en", "KR"), ("id", "ID")]


async def test_a_longer_time_reads_the_end_of_the_list_of_all(server: Server, fetch: Client) -> None:
    content = packed(line())
    listed = "agment of a line\n" + entry(content) + "123 abc broken\n" + entry(content, f"{STAMP}.export.CSV.zip")
    server.add("/gdeltv2/masterfilelist.txt", listed, status=206)
    server.add(f"/gdeltv2/{STAMP}.gkg.csv.zip", content)
    since = NOW - timedelta(hours=2)
    found = await run(collect(gkg(server), fetch, visit(since)))
    assert server.asked("/gdeltv2/masterfilelist.txt")[0].headers["range"].startswith("bytes=-")
    assert len(found.documents) == 1
    # Of the quarters of an hour before the last hour, all but one are missing.
    assert found.status == "gap_suspected"
    assert "10:15" in found.batches[-1].detail


async def test_after_a_kill_it_goes_on_with_the_next_file(server: Server, fetch: Client) -> None:
    early, content = "20260920110000", packed(line())
    first = packed(line(), name=f"{early}.gkg.csv")
    server.add("/gdeltv2/masterfilelist.txt", entry(first, f"{early}.gkg.csv.zip") + entry(content), status=206)
    server.add(f"/gdeltv2/{early}.gkg.csv.zip", first)
    server.add(f"/gdeltv2/{STAMP}.gkg.csv.zip", content)
    server.add("/gdeltv2/lastupdate.txt", entry(content))
    since = NOW - timedelta(hours=2)
    whole = await run(collect(gkg(server), fetch, visit(since)))
    await run(collect(gkg(server), fetch, visit(since, memory=whole.batches[0].memory)))
    assert len(server.asked(f"/gdeltv2/{early}.gkg.csv.zip")) == 1
    assert len(server.asked(f"/gdeltv2/{STAMP}.gkg.csv.zip")) == 2
    again = await run(collect(gkg(server), fetch, visit(memory=whole.memory)))
    assert len(server.asked(f"/gdeltv2/{STAMP}.gkg.csv.zip")) == 2
    assert again.status is None
    # For other outlets it has not been read yet.
    others = gkg(server, outlets=OUTLETS | {"more.example": "More"})
    await run(collect(others, fetch, visit(memory=whole.memory)))
    assert len(server.asked(f"/gdeltv2/{STAMP}.gkg.csv.zip")) == 3


@pytest.mark.parametrize(
    ("content", "changes", "said"),
    [
        (packed(line()), {"md5": "0" * 32}, "checksum"),
        (packed(line()), {"size": 3_000_000}, "another size"),
        (packed(line()), {"size": 99_000_000}, "too large"),
        (b"no zip file at all", {}, "damaged"),
        (packed(line(), name="../../etc/passwd"), {}, "unexpected content"),
        (packed(line())[:-40], {}, "damaged"),
        (packed(b"x" * 3_000_000, name=f"{STAMP}.gkg.csv"), {}, "too large"),
    ],
)
async def test_a_file_that_is_not_what_the_list_says_is_a_gap(
    server: Server, fetch: Client, content: bytes, changes: dict[str, Any], said: str
) -> None:
    serve(server, content, entry(content, **changes))
    found = await run(collect(gkg(server, unpacked_limit=2_000_000), fetch, visit()))
    assert found.status == "gap_suspected"
    assert said in found.batches[-1].detail
    assert not found.documents


async def test_a_missing_file_is_a_gap(server: Server, fetch: Client) -> None:
    server.add("/gdeltv2/lastupdate.txt", entry(packed(line())))
    found = await run(collect(gkg(server), fetch, visit()))
    assert found.status == "gap_suspected"
    assert "file missing" in found.batches[-1].detail


async def test_a_list_that_is_none_is_an_error(server: Server, fetch: Client) -> None:
    server.add("/gdeltv2/lastupdate.txt", "<html>busy</html>")
    found = await run(collect(gkg(server), fetch, visit()))
    assert found.status == "wrong_content"


async def test_two_files_in_one_zip_are_refused() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        file.writestr("a.gkg.csv", b"x")
        file.writestr("b.gkg.csv", b"x")
    with pytest.raises(RecordError, match="unexpected content"):
        list(lines_of(held.getvalue(), "a.gkg.csv", 100))


async def test_nothing_of_the_outlets_is_a_confirmed_nothing(server: Server, fetch: Client) -> None:
    serve(server, packed(line(c3="elsewhere.example")))
    found = await run(collect(gkg(server), fetch, visit()))
    assert found.status == "ok_empty_confirmed"


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (line(c26="<PAGE_AUTHORS>x</PAGE_AUTHORS>"), "missing title"),
        (line(c1="yesterday"), "unreadable date"),
        (line(c2="2", c4="BBC Monitoring"), "no web page"),
        (line(c4="ftp:/x"), "no web page"),
        (line(c25="nothing known"), "unknown language"),
        (line().replace(b"\t", b" ", 1), None),
        (line().rstrip(b"\n") + b"\tmore\n", "wrong number of columns"),
        (b"a\tb\n", "wrong number of columns"),
    ],
)
async def test_a_broken_line_is_refused_alone(server: Server, fetch: Client, broken: bytes, reason: str | None) -> None:
    serve(server, packed(broken, b"\n", line(c4="https://www.example.co.kr/2026/09/20/ok")))
    found = await run(collect(gkg(server), fetch, visit()))
    assert [refusal.reason for refusal in found.refusals] == ([reason] if reason else [])
    assert len(found.documents) == 1


async def test_outlets_are_needed(server: Server, fetch: Client) -> None:
    with pytest.raises(SourceFileError, match="outlets"):
        await run(collect(gkg(server, outlets={}), fetch, visit()))


def test_the_two_layouts_of_places_are_told_apart() -> None:
    first, second = locations(V2, "V2")
    assert (first.latitude, first.longitude, first.feature, first.offset) == (34.9513, -92.3809, "AR", 2291)
    assert (second.country, second.type) == ("KS", 1)
    syria, damascus = locations(V1, "V1")
    assert (syria.latitude, syria.longitude, syria.offset) == (35.0, 38.0, None)
    assert damascus.name == "Damascus, Dimashq, Syria"
    # Read with the other's layout, no place comes out rather than a wrong one.
    assert list(locations(V2, "V1")) == []
    assert list(locations(V1, "V2")) == []


def test_the_older_column_is_used_where_the_newer_is_empty() -> None:
    assert [place.country for place in parse_line(line(c10="")).locations] == ["SY", "SY"]


def test_mangled_entities_are_mended() -> None:
    assert unmangled("B&#xC5;&#x99;ezinov&#xC3;&#xA1;") == "Březinová"
    assert unmangled("&#237;&#149;&#156;") == "한"
    assert unmangled("caf&#xE9; &#8220;x&#8221; &amp;") == "café “x” &"


def test_a_list_forgives_lines_of_other_forms() -> None:
    found = parse_list(
        "\n".join(["", "a b c", entry(b"x").strip(), "1 2 3", entry(b"x", "20269999999999.gkg.csv.zip")])
    )
    assert [item.moment for item in found] == [datetime(2026, 9, 20, 11, 30, tzinfo=UTC)]


@given(st.binary(max_size=400))
def test_any_bytes_are_a_record_or_refused(raw: bytes) -> None:
    with suppress(RecordError):
        parse_line(raw)


@given(st.lists(st.text(max_size=60), min_size=COLUMNS, max_size=COLUMNS))
def test_any_cells_are_a_record_or_refused(cells: list[str]) -> None:
    cells[1] = STAMP
    cells[25] = ""
    with suppress(RecordError):
        record = parse_line("\t".join(cells).encode("utf-8", "surrogatepass"))
        assert record.language == "en"
        assert "\x00" not in record.title


@given(
    st.sampled_from(["V1", "V2"]),
    st.lists(st.lists(st.text(alphabet="0123456789.-#;KS ", max_size=8), min_size=5, max_size=11), max_size=4),
)
def test_places_never_lie_off_the_globe(layout: Any, blocks: list[list[str]]) -> None:
    for place in locations(";".join("#".join(block) for block in blocks), layout):
        assert place.latitude is None or -90 <= place.latitude <= 90
        assert place.longitude is None or -180 <= place.longitude <= 180


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="&"), max_size=50))
def test_mending_gives_back_what_was_mangled(text: str) -> None:
    mangled = "".join(f"&#x{byte:X};" if byte > 127 else chr(byte) for byte in text.encode())
    assert unmangled(mangled) == text


@given(st.text(max_size=100))
def test_mending_never_fails(text: str) -> None:
    unmangled(text)


@given(st.binary(max_size=300))
def test_any_bytes_are_no_zip_or_lines(raw: bytes) -> None:
    with suppress(RecordError):
        list(lines_of(raw, "a.gkg.csv", 1000))

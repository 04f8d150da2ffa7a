"""`narra collect` and `narra sources`, against a server on this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from loopback import Server
from typer.testing import CliRunner, Result

from collectors.draft import slug_of
from collectors.source import read_source
from corpus.errors import InputError
from corpus.store import Store
from narra import app

WHO = ("--contact", "tests@example.org")
FEED = {"Content-Type": "application/rss+xml; charset=utf-8"}


def narra(*words: str | Path) -> Result:
    env = {"COLUMNS": "80", "NARRA_CONTACT": ""}
    return CliRunner().invoke(app, [str(word) for word in words], env=env)


def rss(*numbers: int, days_ago: int = 1) -> str:
    moment = format_datetime(datetime.now(UTC) - timedelta(days=days_ago))
    items = "".join(
        f"<item><title>아세안 소식 {n}</title><link>https://nuri.example/{n}</link>"
        f"<description>베트남 이야기 {n}</description><pubDate>{moment}</pubDate></item>"
        for n in numbers
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>누리</title>{items}</channel></rss>'


def add_source(workspace: Path, slug: str, url: str, more: str = "") -> None:
    (workspace / "sources").mkdir(exist_ok=True)
    (workspace / "sources" / f"{slug}.toml").write_text(
        f'outlet = "누리통신"\ncountry = "KR"\nlanguage = "ko"\nkind = "news"\nowner = "private"\ncollect = "feed"\n'
        f'urls = ["{url}"]\nseen = "a test"\nconfirmed = true\nprivate = true\n{more}',
        encoding="utf-8",
    )


def collect(workspace: Path, *slugs: str) -> Result:
    named = [word for slug in slugs for word in ("--source", slug)]
    return narra("collect", "-w", workspace, *WHO, *named)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    assert narra("init", folder).exit_code == 0
    return folder


# -- collect -------------------------------------------------------------


def test_collect_takes_what_is_new_and_says_how_each_visit_ended(workspace: Path, server: Server) -> None:
    server.add("/rss", rss(1, 2, 3), headers=FEED)
    server.add("/gone", "no", status=404)
    add_source(workspace, "nuri", server.url("/rss"))
    add_source(workspace, "gone", server.url("/gone"))
    result = collect(workspace, "nuri", "gone")
    assert result.exit_code == 0, result.output
    rows = [line.split()[:4] for line in result.stdout.splitlines()]
    assert ["nuri", "ok", "3", "0"] in rows
    assert ["gone", "gone", "0", "0"] in rows
    assert "1 of 2 sources answered; 3 documents new or changed." in result.stdout
    assert "The address no longer exists." in result.stdout
    again = collect(workspace, "nuri")
    assert "0 documents new or changed" in again.stdout
    with Store.open(workspace / "narra.db") as store:
        assert store.totals()["documents"] == 3
        assert [(gap.source, gap.status) for gap in store.gaps("korea")] == [("gone", "gone")]


def test_collect_fails_only_when_every_source_does(workspace: Path, server: Server) -> None:
    server.add("/page", "<html><body>not a feed</body></html>", headers={"Content-Type": "text/html"})
    add_source(workspace, "a", server.url("/none"))
    add_source(workspace, "b", server.url("/page"))
    result = collect(workspace, "a", "b")
    assert result.exit_code == 8
    assert "every source failed" in result.stderr
    assert "wrong_content" in result.stdout
    assert "Traceback" not in result.output


def test_a_feed_that_has_not_changed_is_not_sent_again(workspace: Path, server: Server) -> None:
    server.add("/rss", rss(1), headers=FEED | {"ETag": '"one"'}, times=1)
    server.add("/rss", b"", status=304)
    add_source(workspace, "nuri", server.url("/rss"))
    assert collect(workspace, "nuri").exit_code == 0
    result = collect(workspace, "nuri")
    assert result.exit_code == 0
    assert "not_modified" in result.stdout
    assert {k.lower(): v for k, v in dict(server.pages[-1].headers).items()}["if-none-match"] == '"one"'


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--source", "yonhap"], 5, "Say who is asking"),
        ([*WHO, "--source", "yonhapp"], 5, "Did you mean yonhap"),
        ([*WHO, "--source", "yonhap", "--since", "soon"], 5, "Write it as 2026-10-01"),
        ([*WHO, "--source", "yonhap", "--narrative", "asean"], 5, "No source is left"),
        (["--contact", "nobody", "--source", "yonhap"], 3, "neither a web address nor a mail address"),
    ],
)
def test_a_wrong_order_is_explained_before_anything_is_asked(
    workspace: Path, words: list[str], code: int, said: str
) -> None:
    result = narra("collect", "-w", workspace, *words)
    assert (result.exit_code, said in result.stderr) == (code, True), result.stderr


def test_a_bad_source_file_is_named(workspace: Path) -> None:
    (workspace / "sources").mkdir()
    (workspace / "sources" / "bad.toml").write_text('outlet = "x"\n', encoding="utf-8")
    result = collect(workspace, "yonhap")
    assert result.exit_code == 6
    assert "bad.toml" in result.stderr


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_stopped_it_says_so_and_the_visit_is_interrupted(workspace: Path, server: Server, how: signal.Signals) -> None:
    server.add("/rss", rss(1), headers=FEED, fault="hang")
    add_source(workspace, "nuri", server.url("/rss"))
    words = ["collect", "-w", str(workspace), *WHO, "--source", "nuri"]
    process = subprocess.Popen(
        [sys.executable, "-m", "narra", *words], stderr=subprocess.PIPE, text=True, env=os.environ | {"COLUMNS": "80"}
    )
    deadline = time.monotonic() + 60
    while not server.pages and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(how)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130, said
    assert "interrupted" in said
    assert "Traceback" not in said
    with Store.open(workspace / "narra.db") as store:
        assert [(h.status, h.gaps) for h in store.health("2000")] == [("interrupted", 1)]
        assert store.end_abandoned() == 0  # it was ended properly


# -- sources -------------------------------------------------------------


def test_sources_lists_each_with_its_health(workspace: Path, server: Server) -> None:
    server.add("/rss", rss(1, 2), headers=FEED)
    add_source(workspace, "nuri", server.url("/rss"))
    collect(workspace, "nuri")
    result = narra("sources", "-w", workspace)
    assert result.exit_code == 0
    (row,) = [line for line in result.stdout.splitlines() if line.startswith("nuri ")]
    assert row.split()[1:6] == ["KR:누리통신", "news", "feed", "yes", "yes"]
    assert row.split()[-2:] == ["2", "0"]
    (other,) = [line for line in result.stdout.splitlines() if line.startswith("yonhap ")]
    assert other.split()[-1] == "never"


def test_sources_can_be_listed_anywhere(tmp_path: Path) -> None:
    result = narra("sources", "-w", tmp_path)
    assert result.exit_code == 0
    assert "segye-international" in result.stdout  # no name is cut short, however narrow the screen
    assert list(tmp_path.iterdir()) == []


def test_check_shows_the_first_items_and_stores_nothing(workspace: Path, server: Server) -> None:
    server.add("/rss", rss(1, 2), headers=FEED)
    add_source(workspace, "nuri", server.url("/rss"))
    result = narra("sources", "check", "nuri", "-w", workspace, *WHO)
    assert result.exit_code == 0, result.output
    assert "nuri: ok. Documents came." in result.stdout
    assert "아세안 소식 1" in result.stdout
    assert not (workspace / "narra.db").exists()


def test_check_explains_a_failure(workspace: Path, server: Server) -> None:
    add_source(workspace, "nuri", server.url("/none"))
    result = narra("sources", "check", "nuri", "-w", workspace, *WHO)
    assert result.exit_code == 8
    assert "nuri: gone. The address no longer exists." in result.stdout


def new(workspace: Path, url: str, *more: str) -> Result:
    facts = ("--country", "VN", "--language", "vi", "--outlet", "Tin", "--private", *more)
    return narra("sources", "new", url, "-w", workspace, *WHO, *facts)


def test_new_writes_a_file_for_a_feed_that_then_can_be_collected(workspace: Path, server: Server) -> None:
    server.add("/rss", rss(1), headers=FEED)
    result = new(workspace, server.url("/rss"))
    assert result.exit_code == 0, result.output
    assert "It answers as a feed." in result.stdout
    assert "Check owner" in result.stdout
    (path,) = (workspace / "sources").glob("*.toml")
    source = read_source(path)
    assert (source.collect, source.country, source.confirmed, source.enabled) == ("feed", "VN", True, True)
    assert collect(workspace, source.slug).exit_code == 0


def test_new_finds_the_feed_that_a_page_names(workspace: Path, server: Server) -> None:
    page = '<html><head><link rel="alternate" type="application/rss+xml" href="/all.xml"></head><body>x</body></html>'
    server.add("/", page, headers={"Content-Type": "text/html"})
    assert new(workspace, server.url("/")).exit_code == 0
    (path,) = (workspace / "sources").glob("*.toml")
    source = read_source(path)
    assert source.urls == (server.url("/all.xml"),)
    assert not source.confirmed


def test_new_finds_the_sitemap_that_robots_names_and_else_a_list(workspace: Path, server: Server) -> None:
    server.add("/", "<html><body>" + "x " * 200 + "</body></html>", headers={"Content-Type": "text/html"})
    server.add("/robots.txt", f"User-agent: *\nAllow: /\nSitemap: {server.url('/map.xml')}\n", times=2)
    server.add("/robots.txt", "User-agent: *\nAllow: /\n")
    assert new(workspace, server.url("/")).exit_code == 0
    assert new(workspace, server.url("/")).exit_code == 0
    found = [read_source(path) for path in sorted((workspace / "sources").glob("*.toml"), key=lambda p: len(p.name))]
    assert [s.collect for s in found] == ["sitemap", "listing"]
    assert found[0].options == {"pages": True}
    assert [s.enabled for s in found] == [True, False]


def test_new_takes_back_a_file_that_is_not_valid(workspace: Path, server: Server) -> None:
    server.add("/rss", rss(1), headers=FEED)
    result = new(workspace, server.url("/rss"), "--country", "XX")
    assert result.exit_code == 6
    assert list((workspace / "sources").iterdir()) == []


def test_new_of_an_address_that_does_not_answer_writes_nothing(workspace: Path, server: Server) -> None:
    result = new(workspace, server.url("/none"))
    assert result.exit_code == 8
    assert not (workspace / "sources").exists()


@pytest.mark.parametrize(
    ("url", "taken", "slug"),
    [
        ("https://www.nuri.co.kr/rss", [], "nuri"),
        ("https://rss.nuri.com/all.xml", ["nuri"], "nuri-2"),
        ("https://en.tatoli.tl/feed/", [], "en-tatoli"),
        ("https://news.gov.sg/", [], "news"),
    ],
)
def test_a_source_is_named_after_its_host(url: str, taken: list[str], slug: str) -> None:
    assert slug_of(url, taken) == slug


def test_what_is_no_address_names_nothing() -> None:
    with pytest.raises(InputError, match="https://"):
        slug_of("nuri", [])


def test_sources_say_what_they_need_and_what_they_are(workspace: Path, server: Server) -> None:
    add_source(workspace, "engine", server.url("/rss"), "sampled = true\n")
    listed = narra("sources", "-w", workspace).stdout.splitlines()
    remarks = {line.split()[0]: line for line in listed if line.strip()}
    assert "lacks selectors: its page must be looked at first" in remarks["kemlu"]
    assert "a search: counts in no share" in remarks["engine"]
    assert "needs a key; a search: counts in no share" in remarks["naver-news"]
    assert "lacks selectors" not in remarks["yonhap"]
    assert any("list pages are off because nobody has told narra how they are built" in line for line in listed)

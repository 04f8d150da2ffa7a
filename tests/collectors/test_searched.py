"""What a search found counts in no share, whichever way it comes; and a file that looks so is told of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from asking import make_source
from loopback import Server
from test_nexisdoc import TEXT, write
from typer.testing import CliRunner, Result

from collectors.catalogue import SHIPPED, load
from collectors.files.searched import LEAST, Watch
from collectors.kinds import is_sampled
from collectors.run import import_files
from collectors.source import SEARCHES, SourceKind
from corpus.model import Document, Outlet
from corpus.store import Store
from narra import app

HEADER = "뉴스 식별자,일자,언론사,제목,본문,키워드\n"


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.in_memory() as opened:
        yield opened


def narra(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "80"})


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    assert narra("init", folder).exit_code == 0
    return folder


def counted(store: Store) -> tuple[int, int]:
    rows = store.overview()
    return sum(r["documents"] for r in rows), sum(r["sampled"] for r in rows)


def test_every_kind_of_source_is_a_search_or_is_not() -> None:
    full = {"feed", "sitemap", "listing", "wordpress", "mofa", "briefing", "gkg", "ccnews"}
    assert full | SEARCHES == set(get_args(SourceKind))
    assert not full & SEARCHES


def test_a_feed_of_a_search_engine_can_be_called_one() -> None:
    assert not is_sampled(make_source("feed"))
    assert is_sampled(make_source("feed", sampled=True))
    assert is_sampled(make_source("naver", sampled=False))  # nobody can call it anything else


def test_no_shipped_source_of_a_search_is_taken_for_all_of_an_outlet() -> None:
    for source in load((SHIPPED,)).values():
        assert is_sampled(source) == (source.collect in SEARCHES), source.slug


def test_what_collecting_a_search_brings_does_not_count(workspace: Path, server: Server) -> None:
    articles = [
        {"url": f"https://nuri.example/{n}", "title": f"ASEAN {n}", "seendate": "20261120T031500Z",
         "domain": "nuri.example", "language": "Korean", "sourcecountry": "South Korea"}
        for n in range(3)
    ]  # fmt: skip
    server.add("/doc", json.dumps({"articles": articles}), headers={"Content-Type": "application/json"})
    (workspace / "sources").mkdir()
    (workspace / "sources" / "g.toml").write_text(
        'outlet = "GDELT"\ncountry = "KR"\nlanguage = "ko"\nkind = "news"\nowner = "public"\ncollect = "gdelt"\n'
        f'urls = ["{server.url("/doc")}"]\nseen = "a test"\nconfirmed = true\nprivate = true\n'
        '[options]\nqueries = ["ASEAN"]\nspacing = 0\nslice_days = 90\n',
        encoding="utf-8",
    )
    result = narra("collect", "--source", "g", "-w", workspace, "--contact", "tests@example.org")
    assert result.exit_code == 0, result.output
    with Store.open(workspace / "narra.db") as store:
        assert counted(store) == (3, 3)
        assert store.texts() == []
    assert "found by a search only" in narra("status", "-w", workspace).stdout


def test_exports_of_nexis_are_searches_unless_somebody_says_otherwise(workspace: Path, tmp_path: Path) -> None:
    path = write(tmp_path, TEXT)
    result = narra("import", "-w", workspace, path)
    assert "was taken as what a search found" in result.stdout
    with Store.open(workspace / "narra.db") as store:
        assert counted(store) == (1, 1)
    result = narra("import", "--complete", "-w", workspace, path)
    assert "was taken as what a search found" not in result.stdout
    with Store.open(workspace / "narra.db") as store:
        assert counted(store) == (1, 0)
    narra("import", "--sampled", "-w", workspace, path)
    with Store.open(workspace / "narra.db") as store:
        assert counted(store) == (1, 1)


def test_settings_say_which_files_are_searches(workspace: Path, tmp_path: Path) -> None:
    write(tmp_path, TEXT)
    line = {"id": "1", "title": "t", "language": "ko", "outlet": "o", "country": "KR", "kind": "news"}
    for name in ("all", "some"):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(line | {"id": name}), encoding="utf-8")
    settings = (workspace / "narra.toml").read_text(encoding="utf-8")
    settings = settings.replace("files = []", f"files = ['{tmp_path}/all.jsonl']")
    settings = settings.replace("sampled = []", f"sampled = ['{tmp_path}/some.jsonl']")
    settings = settings.replace("complete = []", f"complete = ['{tmp_path}/a.docx']")
    (workspace / "narra.toml").write_text(settings, encoding="utf-8")
    narra("run", "-w", workspace)
    with Store.open(workspace / "narra.db") as store:
        assert counted(store) == (3, 1)


def bigkinds(folder: Path, naming: int, others: int) -> Path:
    titles = ["아세안 소식"] * naming + ["날씨 소식"] * others
    rows = [f"01100101.2026{n:016},20260701,누리신문,{title} {n},본문,\n" for n, title in enumerate(titles)]
    path = folder / "bigkinds.csv"
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("naming", "others", "told"), [(60, 40, True), (50, 50, False), (3, 97, False), (19, 0, False)]
)
def test_a_bigkinds_file_that_looks_like_a_search_is_told_of(
    store: Store,
    tmp_path: Path,
    naming: int,
    others: int,
    told: bool,  # noqa: FBT001 a parameter
) -> None:
    path = bigkinds(tmp_path, naming, others)
    summary = import_files(store, [path], lambda _: None)[path]
    assert summary.taken == naming + others
    assert bool(summary.suspicion) == told
    assert not summary.sampled
    assert not import_files(store, [path], lambda _: None, sampled=True)[path].suspicion


def test_the_command_says_what_to_do_about_it(workspace: Path, tmp_path: Path) -> None:
    result = narra("import", "-w", workspace, bigkinds(tmp_path, 40, 0))
    assert "looks like what a search found: 100% of 40 documents" in result.stdout
    assert "narra import --sampled FILE" in result.stdout


def test_keywords_are_looked_at_for_the_body_is_only_a_beginning() -> None:
    watch = Watch()
    for n in range(LEAST):
        outlet = Outlet("누리신문", "KR")
        watch.see(Document((f"id:x:{n}",), "f", outlet, "news", "ko", "제목", "본문", keywords="한국,베트남"))
    assert watch.suspicion

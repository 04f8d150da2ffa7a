"""`narra awareness`, against a server on this machine and with files."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from loopback import Answer, Asked, Server
from typer.testing import CliRunner, Result

from corpus.store import Store
from narra import app

WHO = ("--contact", "tests@example.org")
SECRET = "hub-secret-4711"  # noqa: S105 of no service
JSON = (("Content-Type", "application/json"),)
SURVEY = "year,question_id,option,country,share,n,page,url\n2024,Q1,Korea,VN,52.1,250,12,https://x.example/r.pdf\n"
TRENDS = "Category: All categories\n\nWeek,아세안: (South Korea)\n2026-01-04,50\n2026-01-11,100\n2026-01-18,<1\n"


def narra(*words: str | Path, keys: bool = False) -> Result:
    env = {"COLUMNS": "80", "NARRA_CONTACT": "", "NAVER_HUB_ID": "", "NAVER_HUB_SECRET": ""}
    if keys:
        env |= {"NAVER_HUB_ID": "hub-id-4711", "NAVER_HUB_SECRET": SECRET}
    return CliRunner().invoke(app, [str(word) for word in words], env=env)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    assert narra("init", folder).exit_code == 0
    return folder


def plan(workspace: Path, server: Server) -> None:
    since = (datetime.now(UTC) - timedelta(days=5)).date()
    (workspace / "awareness.toml").write_text(
        f"""
        since = {since}
        private = true
        [wikimedia]
        languages = ["ko"]
        items = {{ ASEAN = "Q7768" }}
        views = "{server.url("/views")}"
        wikidata = "{server.url("/wikidata")}"
        wiki = "{server.url("/wiki/{edition}")}"
        [datalab]
        urls = ["{server.url("/search-trend")}"]
        groups = [{{ name = "ASEAN", keywords = ["아세안"] }}]
        """,
        encoding="utf-8",
    )


def world(server: Server) -> None:
    """Set up a Wikipedia of one article, and a DataLab."""
    found = {"labels": {"en": {"value": "ASEAN"}}, "sitelinks": {"kowiki": {"title": "아세안"}}}
    server.add("/wikidata", json.dumps({"entities": {"Q7768": found}}), headers=dict(JSON))
    server.add("/wiki/ko", '{"query":{"pages":[{"title":"x"}]}}', headers=dict(JSON))
    now = datetime.now(UTC)
    spans = [
        f"{now - timedelta(days=first):%Y%m%d}00/{now - timedelta(days=last):%Y%m%d}00"
        for first in range(1, 7)
        for last in (1, 2)
    ]
    for span in spans:
        server.respond(f"/views/aggregate/ko.wikipedia/all-access/user/daily/{span}", views)
        server.respond(
            f"/views/per-article/ko.wikipedia/all-access/user/%EC%95%84%EC%84%B8%EC%95%88/daily/{span}", views
        )
    server.respond("/search-trend", trend)


def views(asked: Asked) -> Answer:
    first, last = (datetime.strptime(part, "%Y%m%d00") for part in asked.path.rsplit("/", 2)[1:])  # noqa: DTZ007 days
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    rows = [{"timestamp": f"{day:%Y%m%d}00", "views": 7} for day in days]
    return Answer(json.dumps({"items": rows}).encode(), headers=JSON)


def trend(asked: Asked) -> Answer:
    body = json.loads(asked.body)
    data = [{"period": body["startDate"], "ratio": 100}]
    results = [{"title": group["groupName"], "data": data} for group in body["keywordGroups"]]
    return Answer(json.dumps({"results": results}).encode(), headers=JSON)


def test_page_views_need_no_key_and_what_was_not_asked_is_said(workspace: Path, server: Server) -> None:
    plan(workspace, server)
    world(server)
    result = narra("awareness", "collect", "-w", workspace, *WHO)
    assert result.exit_code == 0, result.output
    assert "Naver DataLab was not asked: it needs a key." in result.stdout
    assert ["wikimedia-ko", "ok", "2", "10"] in [line.split()[:4] for line in result.stdout.splitlines()]
    shown = narra("awareness", "show", "-w", workspace)
    assert "wikimedia:views:ASEAN:ko" in shown.stdout
    again = narra("awareness", "collect", "-w", workspace, *WHO)
    assert "not_modified" in again.stdout
    status = narra("status", "-w", workspace)
    assert status.exit_code == 0


def test_a_key_is_in_no_place_that_stays(workspace: Path, server: Server) -> None:
    plan(workspace, server)
    server.respond("/search-trend", lambda _: Answer(f"who is {SECRET}?".encode(), 500))
    result = narra("awareness", "collect", "--only", "datalab", "-w", workspace, *WHO, keys=True)
    assert result.exit_code == 8
    assert server.pages
    assert server.pages[0].headers["x-ncp-apigw-api-key"] == SECRET
    with Store.open(workspace / "narra.db") as store:
        dumped = "\n".join(store._db.conn.iterdump())  # noqa: SLF001 all there is
        assert [gap.source for gap in store.gaps(brings="series")] == ["datalab"]
    assert SECRET not in dumped + result.output


def test_searches_are_gathered_with_a_key(workspace: Path, server: Server) -> None:
    plan(workspace, server)
    world(server)
    result = narra("awareness", "collect", "--only", "datalab", "-w", workspace, *WHO, keys=True)
    assert result.exit_code == 0, result.output
    shown = narra("awareness", "show", "-w", workspace)
    assert "datalab:ASEAN" in shown.stdout
    assert "Only comparable with each other: the ratios of datalab" in shown.stdout


def test_a_refusal_is_shown_and_is_no_nought(workspace: Path, server: Server) -> None:
    plan(workspace, server)
    server.add("/wikidata", "", status=429, headers={"Retry-After": "900"})
    result = narra("awareness", "collect", "-w", workspace, *WHO)
    assert result.exit_code == 8
    assert "The source asked to be left alone for a while." in result.stdout
    with Store.open(workspace / "narra.db") as store:
        assert store.series() == []
        assert [gap.status for gap in store.gaps(brings="series")] == ["rate_limited"]
        assert [run["status"] for run in store.runs(1)] == ["failed"]
    assert narra("awareness", "show", "-w", workspace).exit_code == 5


def test_stopped_it_says_so_and_goes_on_the_next_time(workspace: Path, server: Server) -> None:
    plan(workspace, server)
    world(server)
    text = (workspace / "awareness.toml").read_text(encoding="utf-8")
    broken = text.replace(server.url("/wiki/{edition}"), server.url("/hang/{edition}"))
    (workspace / "awareness.toml").write_text(broken, encoding="utf-8")
    server.add("/hang/ko", fault="hang")
    command = [sys.executable, "-m", "narra", "awareness", "collect", "-w", str(workspace), *WHO]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 60
    while not server.asked("/hang/ko") and time.monotonic() < until:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=30)
    assert running.returncode == 130, said
    with Store.open(workspace / "narra.db") as store:
        assert [gap.status for gap in store.gaps(brings="series")] == ["interrupted"]
        assert [s.facts.name for s in store.series()] == ["wikimedia:views:*:ko"]  # what was whole is kept
        assert [run["status"] for run in store.runs(1)] == ["interrupted"]
    (workspace / "awareness.toml").write_text(text, encoding="utf-8")
    assert narra("awareness", "collect", "-w", workspace, *WHO).exit_code == 0
    with Store.open(workspace / "narra.db") as store:
        assert store.gaps(brings="series") == []
        assert len(store.series()) == 2


# -- files ---------------------------------------------------------------


def test_surveys_and_trends_are_imported_once(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "survey.csv").write_text(SURVEY, encoding="utf-8")
    (tmp_path / "trends.csv").write_text(TRENDS, encoding="utf-8")
    result = narra("awareness", "import", "-w", workspace, tmp_path / "*.csv")
    assert result.exit_code == 0, result.output
    again = narra("awareness", "import", "-w", workspace, tmp_path / "*.csv")
    assert ["survey.csv", "1", "0", "0", "1", "0", "0"] in [line.split() for line in again.stdout.splitlines()]
    with Store.open(workspace / "narra.db") as store:
        survey, trends = store.series()
        (wave,) = store.points(survey.facts.name)
        weeks = list(store.points(trends.facts.name))
    assert (wave.first_day, wave.last_day, wave.value, wave.n) == ("2024-01-01", "2024-12-31", 52.1, 250)
    assert wave.low is not None
    assert (survey.facts.audience, survey.narrative, survey.facts.period) == ("VN", "asean", "year")
    assert (trends.facts.about, trends.facts.audience, trends.facts.scale) == ("ASEAN", "KR", "trends.csv")
    assert [(p.first_day, p.last_day, p.value, p.low) for p in weeks][-1] == ("2026-01-18", "2026-01-24", 0.5, 0.0)


def test_a_file_that_would_mix_scales_is_refused(workspace: Path, tmp_path: Path) -> None:
    path = tmp_path / "trends.csv"
    path.write_text(TRENDS, encoding="utf-8")
    narra("awareness", "import", "-w", workspace, path)
    path.write_text("Week,아세안: (South Korea)\n2026-01-18,100\n", encoding="utf-8")
    result = narra("awareness", "import", "-w", workspace, path)
    assert result.exit_code == 5
    assert "can't be mixed" in result.stderr
    assert narra("awareness", "import", "--replace", "-w", workspace, path).exit_code == 0


def test_bad_lines_and_files_are_said(workspace: Path, tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_text(SURVEY + "2024,Q1,Japan,VN,much,250,12,u\n", encoding="utf-8")
    result = narra("awareness", "import", "-w", workspace, path)
    assert result.exit_code == 0
    assert "refused, line 3: unreadable number" in result.stdout
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    result = narra("awareness", "import", "-w", workspace, path)
    assert result.exit_code == 5
    assert "neither a survey" in result.stderr


def test_every_figure_is_written_into_a_tidy_table(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "survey.csv").write_text(SURVEY, encoding="utf-8")
    (tmp_path / "trends.csv").write_text(TRENDS.replace("아세안", "=cmd"), encoding="utf-8")
    narra("awareness", "import", "-w", workspace, tmp_path / "survey.csv", tmp_path / "trends.csv")
    table = tmp_path / "out.csv"
    assert narra("awareness", "show", "-w", workspace, "--csv", table).exit_code == 0
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["period"] for row in rows] == ["year", "week", "week", "week"]
    assert rows[0]["value"] == "52.1"
    assert rows[0]["uncertainty"].startswith("95 % interval")
    assert all(row["series"].startswith("trends:=cmd") for row in rows[1:])
    one = narra("awareness", "show", "trends:=cmd:South Korea", "-w", workspace)
    assert "0.5" in one.stdout
    assert table.stat().st_mode & 0o777 == 0o644


def test_a_series_is_forgotten_by_its_name(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "survey.csv").write_text(SURVEY, encoding="utf-8")
    narra("awareness", "import", "-w", workspace, tmp_path / "survey.csv")
    assert "with 1 figures" in narra("awareness", "forget", "survey:Q1:Korea:VN", "-w", workspace).stdout
    result = narra("awareness", "forget", "survey:Q1:Korea:VN", "-w", workspace)
    assert result.exit_code == 5


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--since", "2010-01-01"), "begins on 2015-07-01"),
        (("--since", "soon"), "is no day"),
        (("--language", "fr"), "no edition of Wikipedia in fr"),
    ],
)
def test_wrong_questions_are_refused_before_anything_is_asked(
    workspace: Path, server: Server, words: tuple[str, ...], said: str
) -> None:
    plan(workspace, server)
    result = narra("awareness", "collect", "-w", workspace, *WHO, *words)
    assert result.exit_code != 0
    assert said in result.stderr
    assert not server.requests


def test_a_wrong_plan_names_its_key(workspace: Path) -> None:
    (workspace / "awareness.toml").write_text("[datalab]\nunit = 'hour'\n", encoding="utf-8")
    result = narra("awareness", "collect", "-w", workspace, *WHO)
    assert result.exit_code == 3
    assert "datalab.unit" in result.stderr

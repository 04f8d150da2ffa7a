"""The demo's report in a real browser, without a network: charts are drawn, hostile titles stay text."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

import narra

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu",
    "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--virtual-time-budget=10000", "--enable-logging=stderr", "--v=0",
)  # fmt: skip


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "demo"
    result = CliRunner().invoke(narra.app, ["demo", "--no-open", str(folder)])
    assert result.exit_code == 0, result.output
    return folder / "reports" / narra.DEMO_QUARTER / "report.html"


@pytest.fixture(scope="module")
def korean(report: Path) -> Path:
    """The same report in Korean, beside it."""
    asked = ["report", narra.DEMO_QUARTER, "--language", "ko", "-w", str(report.parents[2])]
    result = CliRunner().invoke(narra.app, asked)
    assert result.exit_code == 0, result.output
    return report.parents[1] / f"{narra.DEMO_QUARTER}-ko" / "report.html"


@pytest.fixture(scope="module", params=["report", "korean"])
def drawn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The page as the browser has it after running its scripts, and what the browser's console said."""
    report: Path = request.getfixturevalue(request.param)
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    profile = tmp_path_factory.mktemp("profile")
    command = [CHROMIUM, *QUIET, f"--user-data-dir={profile}", "--dump-dom", report.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout, done.stderr


class Elements(HTMLParser):
    """Ids, links within the page, and images of charts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.targets: set[str] = set()
        self.charts = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if named.get("id"):
            self.ids.add(str(named["id"]))
        if (named.get("href") or "").startswith("#"):
            self.targets.add(str(named["href"])[1:])
        self.charts += tag == "svg" or (tag == "canvas" and "marks" in (named.get("class") or ""))


def test_the_charts_are_drawn(drawn: tuple[str, str]) -> None:
    assert Elements(drawn[0]).charts >= 4


def test_the_console_is_silent(drawn: tuple[str, str]) -> None:
    assert re.findall(r".*CONSOLE.*", drawn[1]) == []


def test_every_link_within_the_page_leads_somewhere(drawn: tuple[str, str]) -> None:
    elements = Elements(drawn[0])
    assert len(elements.targets) > 20
    assert elements.targets <= elements.ids


def test_the_demo_answers_its_four_headline_questions(report: Path) -> None:
    figures = (report.parent / "figures.csv").read_text(encoding="utf-8-sig").splitlines()
    header, rows = figures[0].split(","), figures[1:]
    assert "value" in header
    assert len(rows) > 50
    minute = report.read_text(encoding="utf-8").split("The quarter in a minute", 2)[-1].split("Brand visibility", 1)[0]
    assert "can't be given honestly" not in minute
    assert minute.count("\u00a0%") >= 6


def test_a_title_with_a_script_stays_text(report: Path) -> None:
    page = report.read_text(encoding="utf-8")
    assert "<script>alert(1)" not in page

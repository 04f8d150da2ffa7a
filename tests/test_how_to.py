"""Every command of docs/how-to.md is one of narra's, and does in a workspace what the page says."""

from __future__ import annotations

import contextlib
import csv
import io
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from typer.main import get_command
from typer.testing import CliRunner

import narra
from corpus.calendar import Quarter
from corpus.sample import series_files
from corpus.settings import make_workspace
from corpus.store import Store
from results.events import events

sys.path.append(str(Path(__file__).parent / "results"))

import synthetic

PAGE = (Path(__file__).parents[1] / "docs" / "how-to.md").read_text(encoding="utf-8")
LEXICON = Path(__file__).parents[1] / "nlp" / "lexicon"
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
LINES = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines()]
# These ask other machines, or read exports that cannot be made here; they are only held against the command line.
ELSEWHERE = ("sources new", "sources check", "collect", "exports/nexis.docx")
BIGKINDS = {
    "뉴스 식별자": "01109999.20260701091200001",
    "일자": "20260701",
    "언론사": "누리통신",
    "제목": "아세안 정상회의 열려",
    "키워드": "아세안",
    "본문": "정상들이 만났다.",
    "URL": "https://nuri.example/1",
    "분석제외 여부": None,
}


def commands() -> list[list[str]]:
    """Give the words after ``narra`` of every command of the page."""
    told = [*LINES, *(line for kind, block in BLOCKS if kind == "text" for line in block.splitlines())]
    return [shlex.split(found) for line in told for found in re.findall(r"(?<![/\w])narra ((?:(?! && |  #).)+)", line)]


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_is_one_of_narras(words: list[str]) -> None:
    command, rest, context = get_command(narra.app), words, None
    while True:
        context = command.make_context(command.name, list(rest), parent=context)
        if not hasattr(command, "resolve_command") or not (left := [*context._protected_args, *context.args]):  # noqa: SLF001 what is left to be read has no public name
            break
        _, command, rest = command.resolve_command(context, left)
    assert not context.args


def test_there_are_recipes_enough_and_each_is_in_the_list() -> None:
    headings = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    listed = re.findall(r"^\d+\. \[(.+)\]\(#(.+)\)$", PAGE, re.MULTILINE)
    assert [name for name, _ in listed] == headings
    assert len(headings) >= 10
    for name, anchor in listed:
        assert re.sub(r"[^\w -]", "", name.lower()).replace(" ", "-") == anchor


def test_a_name_can_be_added_as_the_page_says(tmp_path: Path) -> None:
    block = next(block for kind, block in BLOCKS if kind == "toml" and "[[form]]" in block)
    shutil.copytree(LEXICON, tmp_path / "lexicon")
    file = tmp_path / "lexicon" / "ko.toml"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{block}", encoding="utf-8")
    checked = CliRunner().invoke(narra.app, ["lexicon", "check", str(tmp_path / "lexicon")])
    assert checked.exit_code == 0, checked.output


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with documents of five quarters, and the files that the page speaks of."""
    made = make_workspace(tmp_path / "monitor")
    settings = made.folder / "narra.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("= 4000", "= 100"), encoding="utf-8")
    documents, copies = synthetic.corpus(Quarter(2025, 3), Quarter(2026, 3), scale=0.15)
    with Store.open(made.store_path) as store:
        synthetic.fill(store, documents, copies)
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(list(BIGKINDS))
    book.active.append(list(BIGKINDS.values()))
    (made.folder / "exports").mkdir()
    book.save(made.folder / "exports" / "bigkinds-2026Q3.xlsx")
    for path in series_files():
        shutil.copy(path, made.folder / f"{path.stem.removeprefix('invented-')}.csv")
    return made.folder


def do(line: str) -> str:
    """Do a line of the page; give what was printed."""
    words = shlex.split(line)
    if words[0] == "cp":
        subprocess.run(words, check=True)
        return ""
    assert words[:3] == ["uv", "run", "narra"], line
    result = CliRunner().invoke(narra.app, words[3:])
    assert result.exit_code == 0, f"{line}\n{result.output}"
    return result.output


@pytest.mark.timeout(900)  # it tags, and writes two reports in all their forms
def test_the_page_can_be_followed_from_top_to_bottom(workspace: Path) -> None:
    events_file = next(block for kind, block in BLOCKS if kind == "toml" and block.startswith("# events.toml"))
    said: dict[str, str] = {}
    with contextlib.chdir(workspace):
        Path("events.toml").write_text(events_file, encoding="utf-8")
        for number, line in enumerate(LINES):
            # What stands there more than once is done where it stands last: a report takes its time.
            if any(word in line for word in ELSEWHERE) or line in LINES[number + 1 :]:
                continue
            said[line] = do(line)
            if "--export coding.csv" in line:
                fill_in(Path("coding.csv"))
        assert "아세안" in next(text for line, text in said.items() if "lexicon explain" in line)
        assert "whole" in next(text for line, text in said.items() if "check -w restored" in line)
        assert "right" in next(text for line, text in said.items() if "evidence read" in line)
        assert "too thin" in next(text for line, text in said.items() if "--target BN" in line)
        assert any(event.en == "ASEAN–Korea forum in Busan" for event in events(Path()))
        assert Path("members.csv").stat().st_size > 500
        assert Path("for-colleagues/report.docx").stat().st_size > 10_000
        after = Path("reports/2026Q3/report.html").read_text(encoding="utf-8")
    assert "ASEAN–Korea forum in Busan" in after
    assert "Searches on Google for" in after
    assert "Surveys" in after


def fill_in(sheet: Path) -> None:
    """Do what a coder does: say yes to all."""
    rows = list(csv.reader(io.StringIO(sheet.read_text(encoding="utf-8-sig"))))
    place = next(row for row in rows if "coder1_right" in row)
    column = place.index("coder1_right")
    for row in rows[rows.index(place) + 1 :]:
        row[column] = "yes"
    with sheet.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)

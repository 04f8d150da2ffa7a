from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from synthetic import Habit, corpus, document, fill, habits, write

from corpus.calendar import Quarter
from corpus.errors import WorkspaceError
from corpus.settings import MeasureSettings, ReportSettings, Settings, Workspace, make_workspace
from corpus.store import Store
from results import report
from results.page import short
from results.report import build, write_report

Q = Quarter(2026, 3)
FILES = {
    "report.html", "figures.csv", "series.csv", "weeks.csv", "timelines.csv", "levels.csv", "changes.csv", "chance.csv",
    "leads.csv", "uptake.csv", "words.csv", "reprints.csv", "evidence.csv", "manifest.json",
    "frames.csv", "topics.csv", "awareness.csv", "surveys.csv", "evidence.json", "report.pdf", "report.docx",
    "tables.xlsx",
}  # fmt: skip


def without_charts(found: Iterable[str]) -> set[str]:
    """Leave out pictures of charts, of which there are as many as there is something to draw."""
    names = set(found)
    pictures = {name for name in names if name.startswith("chart-")}
    assert {name[:-4] for name in pictures if name.endswith(".svg")} == {n[:-4] for n in pictures if n.endswith(".png")}
    assert len(pictures) > 10
    return names - pictures


class Page(HTMLParser):
    """What a page holds: tags, and the text that is shown."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.text: list[str] = []
        self.within = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in {"script", "style"}:
            self.within = tag
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self.within:
            self.within = ""

    def handle_data(self, data: str) -> None:
        if self.within:
            self.scripts[-1] += data
        else:
            self.text.append(data)

    def values(self, attribute: str) -> list[str]:
        return [a[attribute] or "" for _, a in self.tags if attribute in a]


@pytest.fixture(scope="module")
def files(store: Store, settings: Settings) -> dict[str, bytes]:
    return build(store, settings, Q)


@pytest.fixture(scope="module")
def page(files: dict[str, bytes]) -> Page:
    return Page(files["report.html"].decode())


def test_the_same_store_gives_the_same_bytes(store: Store, settings: Settings, files: dict[str, bytes]) -> None:
    assert without_charts(files) == FILES
    assert build(store, settings, Q) == files


def test_nothing_is_loaded_from_anywhere(page: Page) -> None:
    loading = {
        "src",
        "srcset",
        "data",
        "poster",
        "action",
        "formaction",
        "background",
        "manifest",
        "ping",
        "xlink:href",
    }
    assert not [a for _, attributes in page.tags for a in attributes if a in loading]
    assert not [t for t, _ in page.tags if t in {"link", "img", "iframe", "object", "embed", "base", "form", "video"}]
    style = next(s for s in page.scripts if ":root" in s)
    assert "url(" not in style
    assert "@import" not in style


def test_the_policy_forbids_all_but_our_scripts(page: Page) -> None:
    policy = next(a["content"] or "" for t, a in page.tags if t == "meta" and a.get("http-equiv"))
    assert policy.startswith("default-src 'none'")
    assert "unsafe-eval" not in policy
    script_part = policy.split("script-src")[1].split(";")[0]
    assert "unsafe-inline" not in script_part
    run = [s for s in page.scripts if "vegaEmbed" in s]
    hashes = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in run]
    assert len(run) == 2
    assert all(f"'sha256-{h}'" in script_part for h in hashes)


def test_every_figure_leads_to_its_evidence_and_back(page: Page) -> None:
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    links = [a["href"] or "" for t, a in page.tags if t == "a" and (a["href"] or "").startswith("#")]
    assert {link[1:] for link in links} <= set(ids)
    figures = {name for name in ids if name.startswith("figure-")}
    evidence = {name for name in ids if name.startswith("evidence-")}
    assert len(figures) > 60
    assert figures <= {link[1:] for link in links}
    assert evidence <= {link[1:] for link in links}


def test_charts_carry_their_numbers_and_a_text(page: Page) -> None:
    charts = [a for _, a in page.tags if "data-chart" in a]
    assert len(charts) == 13
    assert all(a.get("role") == "img" and a.get("aria-label") for a in charts)


def test_foreign_text_says_its_language(page: Page) -> None:
    assert {"ko", "th", "km", "ta", "zh-Hans"} <= set(page.values("lang"))


def test_the_manifest_says_what_made_it(files: dict[str, bytes], store: Store) -> None:
    manifest = json.loads(files["manifest.json"])
    assert manifest["quarter"] == "2026Q3"
    assert manifest["seed"] == 20101
    assert manifest["store"] == store.totals()
    assert manifest["sha256"]["report.html"] == hashlib.sha256(files["report.html"]).hexdigest()
    assert manifest["documents_sha256"] == store.fingerprint()
    assert manifest["versions"]["lexicon"] == "lexicon-test"
    assert manifest["versions"]["frames"] == store.frame_versions()
    assert manifest["versions"]["commit"] is None or re.fullmatch(
        r"[0-9a-f]{40}(\+changed)?", manifest["versions"]["commit"]
    )
    assert set(manifest["panel"]) == {"korea", "asean"}
    assert all(manifest["panel"].values())


def test_the_fingerprint_follows_the_documents() -> None:
    documents, _ = corpus(Q, Q, scale=0.1)
    found = []
    for some in (documents, documents, documents[1:]):
        with Store.in_memory() as made:
            fill(made, some)
            found.append(made.fingerprint())
    assert found[0] == found[1] != found[2]


def test_what_the_whole_quarter_lacks_is_said_once() -> None:
    gap = "the quarter is incomplete: the last document is of 2026-08-01"
    said = short(f"Korea's side: {gap}; too few documents: 3", (gap,))
    assert said == "Korea's side: the quarter is incomplete, as said at the head; too few documents: 3"


HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)> & \u202eevil\u202c 아세안'


@pytest.fixture(scope="module")
def hostile() -> tuple[str, dict[str, bytes]]:
    korea, bad = habits()[0], Habit("KR", '"><script>o</script>', "ko", 1, {})
    documents = []
    for number in range(40):
        day = f"2026-{7 + number % 3:02}-{1 + number % 28:02}"
        title, body = write(korea, ["ASEAN"] if number % 2 else ["SEA"], number)
        documents.append(document(number, korea, day, title=title, body=body))
        documents.append(
            document(100 + number, bad, day, title=HOSTILE, body=f"=cmd|calc {HOSTILE}\x0b", url="javascript:alert(1)")
        )
    last = document(999, korea, "2026-09-30", title="=HYPERLINK(1) 아세안", body="아세안")
    with Store.in_memory() as made:
        fill(made, [*documents, last])
        asked = Settings(title="<b>A</b>", measure=MeasureSettings(replicates=100), report=ReportSettings(evidence=200))
        files = build(made, asked, Q)
    return files["report.html"].decode(), files


def test_hostile_text_stays_text(hostile: tuple[str, dict[str, bytes]]) -> None:
    html, _ = hostile
    page = Page(html)
    assert not [t for t, _ in page.tags if t == "img"]
    assert len([t for t, _ in page.tags if t == "script"]) == len([a for _, a in page.tags if "data-chart" in a]) + 2
    assert any('<script>alert("x")</script>' in text for text in page.text)
    assert not [href for href in page.values("href") if href.startswith("javascript")]
    assert "<b>A</b>" not in html


def test_marks_of_writing_direction_are_isolated(hostile: tuple[str, dict[str, bytes]]) -> None:
    html, _ = hostile
    for found in re.finditer("\u202e", html):
        before = html[: found.start()]
        attribute = re.search(r'aria-label="[^"]*$', before)
        assert attribute or before.rfind("<bdi") > before.rfind("</bdi>")


def test_hostile_cells_are_no_formulas(hostile: tuple[str, dict[str, bytes]]) -> None:
    _, files = hostile
    text = files["evidence.csv"].decode("utf-8-sig")
    assert "'=HYPERLINK" in text
    assert not re.search(r"(^|,)=", text, flags=re.MULTILINE)


def test_a_side_without_documents_is_reported_without_numbers(hostile: tuple[str, dict[str, bytes]]) -> None:
    html, _ = hostile
    text = " ".join(Page(html).text)
    assert "can't be given honestly" in text
    assert "no documents in ASEAN's narrative" in text
    assert not re.findall(r"\b(?:nan|inf|None)\b", text)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path / "space")


def test_a_report_is_written_whole(store: Store, workspace: Workspace) -> None:
    path = write_report(store, workspace, Q)
    assert path == workspace.reports / "2026Q3" / "report.html"
    assert without_charts(p.name for p in path.parent.iterdir()) == FILES
    assert [p.name for p in workspace.reports.iterdir()] == ["2026Q3"]


def test_an_interrupt_leaves_the_old_report(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = workspace.reports / "2026Q3"
    report._swap_in(folder, {"report.html": b"old"})  # noqa: SLF001 the step that an interrupt can hit
    rename = Path.rename

    def interrupted(self: Path, target: Path) -> Path:
        if target == folder and self.name.startswith(".2026Q3.") and not self.name.endswith(".old"):
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        report._swap_in(folder, {"report.html": b"new"})  # noqa: SLF001 the same
    assert (folder / "report.html").read_bytes() == b"old"
    assert [p.name for p in workspace.reports.iterdir()] == ["2026Q3"]


def test_a_report_left_aside_by_a_crash_comes_back(workspace: Workspace) -> None:
    folder = workspace.reports / "2026Q3"
    report._swap_in(folder, {"report.html": b"old"})  # noqa: SLF001 the step that a crash can hit
    folder.rename(folder.with_name(".2026Q3.old"))
    report._recover(folder, folder.with_name(".2026Q3.old"))  # noqa: SLF001 the same
    assert (folder / "report.html").read_bytes() == b"old"


def test_a_folder_that_cannot_be_written_is_explained(store: Store, workspace: Workspace) -> None:
    workspace.reports.write_text("a file where the folder should be")
    with pytest.raises(WorkspaceError, match="Cannot write the report"):
        write_report(store, workspace, Q)

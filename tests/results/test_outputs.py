"""Workbook, pictures, Word and PDF: whole, harmless, in every script, and the same bytes each time."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx as word
import openpyxl
import pytest

from corpus.errors import InputError, WorkspaceError
from results.outputs import fonts, pictures
from results.outputs.blocks import Chart, Content, Heading, Paragraph, Table, read_page
from results.outputs.docx import docx
from results.outputs.pdf import pdf
from results.outputs.workbook import Sheet, workbook

SCRIPTS = {
    "ko": "누리통신 한국", "th": "ข่าวเจ้าพระยา", "lo": "ຂ່າວແມ່ຂອງ", "km": "សារទន្លេ ភ្នំពេញ", "my": "ဧရာသတင်း မြန်မာ",
    "ta": "சிங்கை முரசம்", "zh-Hans": "狮城晚讯", "zh-Hant": "東南亞國家協會", "vi": "Tin Sông Hồng",
}  # fmt: skip
PAGE = """<!doctype html><html lang="en"><head><title>ASEAN &amp; Korea, 2026Q3</title></head><body>
<nav>not printed</nav><main><section><h1>ASEAN and Korea</h1><p>One <b>bold</b>
 word, <a href="#figure-1">a figure</a>, <a href="#gone">nowhere</a>, <a href="javascript:alert(1)">bad</a>,
 <a href="https://a.example/x">good</a>.</p><p hidden>hidden</p>
<figure><figcaption>A chart</figcaption><div data-chart="one" role="img" aria-label="Korea 0.4"></div>
<script type="application/json">{"data": {"values": [{"a": "သတင်း မြန်မာ", "b": 2}]}, "mark": "bar",
 "encoding": {"y": {"field": "a", "type": "nominal"}, "x": {"field": "b", "type": "quantitative"},
 "color": {"value": "var(--korea)"}}, "width": "container", "height": 60}</script></figure>
<table><caption>Figures</caption><thead><tr><th>Figure</th><th>Value</th></tr></thead>
<tbody><tr id="figure-1"><th>brand</th><td class="number">38.5 %<small>small print</small></td></tr></tbody></table>
<h2>Evidence</h2>QUOTES
<p>#set page(fill: red) [*not markup*] $x$ \\ @fig &lt;script&gt;alert(1)&lt;/script&gt; 🙂🙂</p>
</section></main></body></html>"""
QUOTE = (
    '<details><summary>CODE</summary><blockquote lang="CODE"><bdi>x <mark>TEXT</mark> y</bdi></blockquote></details>'
)
PAGE = PAGE.replace(
    "QUOTES", "".join(QUOTE.replace("CODE", code).replace("TEXT", text) for code, text in SCRIPTS.items())
)


@pytest.fixture(scope="module")
def content() -> Content:
    return read_page(PAGE)


@pytest.fixture(scope="module")
def svgs(content: Content) -> dict[str, bytes]:
    return {block.name: pictures.svg(block.spec) for block in content.blocks if isinstance(block, Chart)}


def test_a_page_is_read_as_its_reader_reads_it(content: Content) -> None:
    assert (content.title, content.language) == ("ASEAN & Korea, 2026Q3", "en")
    kinds = [type(block) for block in content.blocks]
    assert kinds[:5] == [Heading, Paragraph, Chart, Table, Heading]
    said = "".join(run.text for run in content.blocks[1].runs)  # type: ignore[union-attr]
    assert said == "One bold word, a figure, nowhere, bad, good."
    assert [run.link for run in content.blocks[1].runs if run.link] == ["#figure-1", "#gone", "https://a.example/x"]  # type: ignore[union-attr]
    table = content.blocks[3]
    assert isinstance(table, Table)
    assert (table.caption, table.ids) == ("Figures", (("figure-1",),))
    assert [run.text for run in table.body[0][1].runs] == ["38.5 %", "\n", "small print"]
    text = repr(content.blocks)
    assert "not printed" not in text
    assert "hidden" not in text


def test_an_empty_page_is_refused() -> None:
    with pytest.raises(WorkspaceError, match="nothing to print"):
        read_page("")


# -- fonts ---------------------------------------------------------------


@pytest.mark.parametrize("text", [*SCRIPTS.values(), "−–—→←×≤·…“”€₩°½²№ Ünïcödé ក្រុង"])
def test_every_script_of_the_region_has_a_font(text: str) -> None:
    assert fonts.shown(text) == text


def test_what_has_no_font_is_said_and_not_boxed() -> None:
    assert fonts.shown("a🙂🙂b 🙂 c") == "a[no font for 2 signs]b [no font for 1 sign] c"
    assert fonts.shown("a\u202eb") == "ab"


def test_a_text_is_cut_where_its_font_changes_and_nothing_is_lost() -> None:
    text = "MM:ဧရာသတင်း မြန်မာ & News 한국"
    runs = list(fonts.runs(text))
    assert "".join(part for _, part in runs) == text
    assert [family for family, _ in runs] == ["Narra Sans", "Narra Sans Myanmar", "Narra Sans", "Narra Sans Korean"]


# -- pictures ------------------------------------------------------------


def test_a_chart_is_drawn_in_light_colours_with_shaped_labels(svgs: dict[str, bytes]) -> None:
    drawn = svgs["one"].decode()
    assert "var(" not in drawn
    assert pictures.light_colours()["--korea"] in drawn
    assert 'aria-label="သတင်း မြန်မာ"' in drawn
    assert ">သတင်း" not in drawn  # an outline, so that no program must have the font or shape it
    assert "http" not in re.sub(r'xmlns(:\w+)?="[^"]*"', "", drawn)


def test_a_picture_has_ink_and_the_same_bytes_each_time(content: Content, svgs: dict[str, bytes]) -> None:
    spec = next(block.spec for block in content.blocks if isinstance(block, Chart))
    assert pictures.svg(spec) == svgs["one"]
    pixels = pictures.png(svgs["one"])
    assert pixels.startswith(b"\x89PNG")
    assert pixels == pictures.png(svgs["one"])
    assert len(pixels) > 3000


def test_an_unknown_colour_is_no_silent_black() -> None:
    with pytest.raises(KeyError, match="--nothing"):
        pictures.svg({"mark": {"type": "bar", "color": "var(--nothing)"}, "data": {"values": []}})


# -- PDF -----------------------------------------------------------------


@pytest.fixture(scope="module")
def printed(content: Content, svgs: dict[str, bytes]) -> bytes:
    return pdf(content, svgs, "0.1.0")


def test_pdf_is_the_same_bytes_each_time(content: Content, svgs: dict[str, bytes], printed: bytes) -> None:
    assert printed.startswith(b"%PDF-")
    assert pdf(content, svgs, "0.1.0") == printed


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no poppler on this machine")
def test_pdf_holds_every_script_with_its_fonts_and_no_markup(printed: bytes, tmp_path: Path) -> None:
    (tmp_path / "r.pdf").write_bytes(printed)
    listed = subprocess.run(["pdffonts", "r.pdf"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    rows = listed.splitlines()[2:]
    assert {family.replace(" ", "-") for family in fonts.FAMILIES} <= set(
        re.findall(r"Narra-Sans(?:-[A-Z][a-z]+)?(?=-Regular)", listed)
    )
    assert all(" yes yes yes " in row for row in rows)  # embedded, cut, with Unicode
    text = subprocess.run(
        ["pdftotext", "-layout", "r.pdf", "-"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    for word_ in (
        "누리통신",
        "狮城晚讯",
        "Tin Sông Hồng",
        "#set page(fill: red) [*not markup*] $x$",
        "[no font for 2 signs]",
        "1/1",
    ):
        assert word_ in text.stdout
    assert "\ufffd" not in text.stdout


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no poppler on this machine")
def test_korean_is_set_by_words_and_no_head_of_a_row_is_cut(tmp_path: Path) -> None:
    text = "구간이 절반을 포함하므로 다수가 아세안을 언급하는지는 판단할 수 없다. " * 20
    long = "문서 79건 가운데 2건뿐이며, 구간을 내려면 5건 이상이어야 한다"
    row = f"<tr><th>동티모르</th>{f'<td>{long}</td>' * 4}</tr>"
    page = f'<html lang="ko"><head><title>x</title></head><body><p>{text}</p><table>{row}</table></body></html>'
    (tmp_path / "r.pdf").write_bytes(pdf(read_page(page), {}, "0.1.0"))
    said = subprocess.run(
        ["pdftotext", "-layout", "r.pdf", "-"], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    paragraph = said[: said.index("동티모르")]
    assert paragraph.count("\n") > 5  # it has many lines …
    assert set(paragraph.split()) <= {*text.split(), "x"}  # … and each of them ends with a word


# -- Word ----------------------------------------------------------------


@pytest.mark.parametrize(("code", "set_to"), [("en", "en-US"), ("ko", "ko")])
def test_word_takes_the_text_for_the_language_it_is_in(code: str, set_to: str) -> None:
    page = f'<html lang="{code}"><head><title>x</title></head><body><p>한국</p></body></html>'
    with zipfile.ZipFile(io.BytesIO(docx(read_page(page), {}, "0.1.0"))) as parts:
        styles = parts.read("word/styles.xml").decode()
    default = styles[styles.index("<w:docDefaults>") : styles.index("</w:docDefaults>")]
    assert f'w:val="{set_to}" w:eastAsia="{set_to}"' in default


def test_word_holds_headings_tables_pictures_and_links(content: Content, svgs: dict[str, bytes]) -> None:
    pngs = {name: pictures.png(svg) for name, svg in svgs.items()}
    made = docx(content, pngs, "0.1.0")
    assert made == docx(content, pngs, "0.1.0")
    document = word.Document(io.BytesIO(made))
    paragraphs = [p.text for p in document.paragraphs]
    assert [p.style.name for p in document.paragraphs if p.style.name.startswith("Heading")][:2] == [
        "Heading 1",
        "Heading 2",
    ]  # type: ignore[union-attr]
    for text in SCRIPTS.values():
        assert f"x {text} y" in paragraphs
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows] == [
        ["Figure", "Value"], ["brand", "38.5 %\nsmall print"],
    ]  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        body = parts.read("word/document.xml").decode()
        links = parts.read("word/_rels/document.xml.rels").decode()
        assert {info.date_time[0] for info in parts.infolist()} == {1980}
    assert 'descr="Korea 0.4"' in body
    assert "https://a.example/x" in links
    assert "javascript" not in links
    anchor = re.search(r'w:anchor="(\w+)"', body)
    assert anchor is not None
    assert f'w:name="{anchor[1]}"' in body
    assert body.count("w:anchor=") == 1  # the link to nowhere is plain text


# -- workbook ------------------------------------------------------------

HOSTILE = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    '=HYPERLINK("http://evil.example")',
    "<script>",
    "\u202etxt",
    "a\x00b",
)


def test_numbers_are_numbers_and_text_is_text() -> None:
    sheet = Sheet(
        "figures", "A row is a figure.", ("what", "scale", "value", "n"),
        [*((text, "share", 0.385, 1200) for text in HOSTILE), ("s", "log2", -1.2, None)],
        shares=frozenset({"value"}), scale="scale",
    )  # fmt: skip
    made = workbook("Title", ["A note."], [sheet])
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert book.sheetnames == ["read me first", "figures"]
    page = book["figures"]
    rows = list(page.iter_rows(min_row=2))
    assert [row[0].value for row in rows[:-1]] == [text.replace("\x00", "") for text in HOSTILE]
    assert {row[0].data_type for row in rows} == {"s"}
    assert (rows[0][2].value, rows[0][2].number_format, rows[0][3].number_format) == (0.385, "0.00%", "#,##0")
    assert (rows[-1][2].value, rows[-1][2].number_format, rows[-1][3].value) == (-1.2, "0.000", None)
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == f"A1:D{len(HOSTILE) + 2}"
    assert page.column_dimensions["A"].width > 20
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet2.xml")


def test_a_workbook_is_the_same_bytes_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = Sheet("a", "A row is a letter.", ("letter",), [("x",)])
    first = workbook("T", [], [sheet])
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *_: (2033, 5, 18, 3, 33, 20, 2, 138, 0))
    assert workbook("T", [], [sheet]) == first


@pytest.mark.parametrize("name", ["", "a/b", "x" * 32])
def test_a_name_that_excel_refuses_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="cannot name a sheet"):
        workbook("T", [], [Sheet(name, "", ("a",), [])])

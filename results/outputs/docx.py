"""The report as a Word document, to be edited: headings, tables, pictures with text alternatives, links."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any, Final

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_COLOR_INDEX
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run as WordRun

from results.outputs.blocks import Block, Cell, Chart, Content, Heading, Paragraph, Run, Table
from results.outputs.packed import legal, still

_WIDTH: Final = Cm(16.5)
_QUIET: Final = RGBColor(0x57, 0x60, 0x6A)
_LINKED: Final = RGBColor(0x0B, 0x53, 0x94)
_WORDS_OWN: Final = "en"  # the language of python-docx's template
_STYLES: Final = {"item": "List Bullet", "quote": "Intense Quote"}
# Word asks for one font for each kind of script, and takes another of its own where a sign is missing.
_FONTS: Final = {"w:ascii": "Calibri", "w:hAnsi": "Calibri", "w:eastAsia": "Malgun Gothic", "w:cs": "Leelawadee UI"}


def docx(content: Content, pictures: Mapping[str, bytes], version: str) -> bytes:
    """Write a report as a Word document; the same report gives the same bytes.

    Args:
        content: what `read_page` has read.
        pictures: each chart as PNG, by its name; one that is not there is left out.
        version: narra's.
    """
    return still(_saved(_Writer(content, pictures, version).document))


def _saved(document: WordDocument) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class _Writer:
    """A document in the making: it remembers which bookmarks there are."""

    def __init__(self, content: Content, pictures: Mapping[str, bytes], version: str) -> None:
        self.document = Document()
        self._pictures = pictures
        self._names = {name: f"n{number}" for number, name in enumerate(_ids(content.blocks))}
        self._placed: set[str] = set()
        self._set_up(content, version)
        for block in content.blocks:
            self._write(block)

    def _set_up(self, content: Content, version: str) -> None:
        properties = self.document.core_properties
        properties.title = legal(content.title)
        properties.author = f"narra {version}"
        properties.language = content.language
        properties.comments = ""
        if content.language != _WORDS_OWN:
            said = self.document.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
            said.set(qn("w:val"), content.language)
            said.set(qn("w:eastAsia"), content.language)
        normal = self.document.styles["Normal"]
        normal.font.size = Pt(10)
        fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
        for name, font in _FONTS.items():
            fonts.set(qn(name), font)
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.25)
        section.header.paragraphs[0].text = legal(content.title)
        self._number_pages(section.footer.paragraphs[0])

    @staticmethod
    def _number_pages(paragraph: WordParagraph) -> None:
        """Have Word write the page's number."""
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            part = OxmlElement("w:instrText") if text else OxmlElement("w:fldChar")
            if text:
                part.text = text
            else:
                part.set(qn("w:fldCharType"), kind)
            paragraph.add_run()._r.append(part)  # noqa: SLF001 python-docx has no other way to a field

    def _write(self, block: Block) -> None:
        if isinstance(block, Chart):
            self._chart(block)
        elif isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Heading):
            self._fill(self.document.add_heading(level=block.level), block.runs, block.ids)
        else:
            self._paragraph(block)

    def _paragraph(self, block: Paragraph) -> None:
        paragraph = self.document.add_paragraph(style=_STYLES.get(block.kind))
        for run in self._fill(paragraph, block.runs, block.ids):
            if block.kind == "big":
                run.font.size, run.font.bold = Pt(18), True
            elif block.kind in {"aside", "source"}:
                run.font.size = Pt(9)

    def _chart(self, block: Chart) -> None:
        if block.name not in self._pictures:
            return
        self.document.add_paragraph(legal(block.title)).runs[0].font.bold = True
        shape = self.document.add_picture(io.BytesIO(self._pictures[block.name]), width=_WIDTH)
        described = shape._inline.docPr  # noqa: SLF001 python-docx has no other way to the text alternative
        described.set("descr", legal(block.alternative))
        described.set("title", legal(block.title))

    def _table(self, block: Table) -> None:
        rows = [*block.head, *block.body]
        if not rows:
            return
        if block.caption:
            self.document.add_paragraph(legal(block.caption)).runs[0].font.bold = True
        table = self.document.add_table(rows=0, cols=max(map(len, rows)), style="Light List Accent 1")
        ids = [*(() for _ in block.head), *block.ids]
        for number, (row, own) in enumerate(zip(rows, ids, strict=True)):
            made = table.add_row()
            if number < len(block.head):
                _repeat(made)
            for at, (cell, place) in enumerate(zip(row, made.cells, strict=False)):
                self._cell(cell, place.paragraphs[0], own if at == 0 else ())
        self.document.add_paragraph()

    def _cell(self, cell: Cell, paragraph: WordParagraph, ids: tuple[str, ...]) -> None:
        if cell.number:
            paragraph.paragraph_format.alignment = 2
        for run in self._fill(paragraph, cell.runs, ids):
            run.font.size = Pt(8)

    # -- text ------------------------------------------------------------

    def _fill(self, paragraph: WordParagraph, runs: Iterable[Run], ids: Iterable[str]) -> list[WordRun]:
        for name in ids:
            self._bookmark(paragraph, name)
        return [self._run(paragraph, run) for run in runs]

    def _bookmark(self, paragraph: WordParagraph, name: str) -> None:
        if name in self._placed:
            return
        number = str(len(self._placed))
        self._placed.add(name)
        for kind in ("w:bookmarkStart", "w:bookmarkEnd"):
            mark = OxmlElement(kind)
            mark.set(qn("w:id"), number)
            if kind.endswith("Start"):
                mark.set(qn("w:name"), self._names[name])
            paragraph._p.append(mark)  # noqa: SLF001 python-docx knows no bookmarks

    def _run(self, paragraph: WordParagraph, run: Run) -> WordRun:
        made = paragraph.add_run()
        if run.text == "\n":
            made.add_break()
            return made
        made.text = legal(run.text)
        made.font.bold = run.bold or None
        if run.mark:
            made.font.highlight_color = WD_COLOR_INDEX.YELLOW
        if run.small:
            made.font.color.rgb = _QUIET
        if run.language:
            _speak(made, run.language)
        if run.link:
            self._link(paragraph, made, run.link)
        return made

    def _link(self, paragraph: WordParagraph, run: WordRun, address: str) -> None:
        """Put a run into a link: to a bookmark of the document, or to an address of the web."""
        link = OxmlElement("w:hyperlink")
        if address.startswith("#"):
            if address[1:] not in self._names:
                return
            link.set(qn("w:anchor"), self._names[address[1:]])
        else:
            target = paragraph.part.relate_to(legal(address), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            link.set(qn("r:id"), target)
        run.font.color.rgb = _LINKED
        run.font.underline = True
        run._r.addprevious(link)  # noqa: SLF001 python-docx cannot write links
        link.append(run._r)  # noqa: SLF001 the same


def _ids(blocks: Iterable[Block]) -> Iterable[str]:
    """Give every id that can be linked to, once."""
    seen: dict[str, None] = {}
    for block in blocks:
        if isinstance(block, Table):
            seen |= {name: None for row in block.ids for name in row}
        elif not isinstance(block, Chart):
            seen |= dict.fromkeys(block.ids)
    return seen


def _repeat(row: Any) -> None:  # noqa: ANN401 a row of python-docx, whose private part this needs
    """Have a table's head stand on every page."""
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(head)  # noqa: SLF001 python-docx knows no repeated heads


def _speak(run: WordRun, language: str) -> None:
    """Name a run's language, so that Word neither corrects it by another nor reads it aloud as another."""
    said = OxmlElement("w:lang")
    for name in ("w:val", "w:eastAsia", "w:bidi"):
        said.set(qn(name), language)
    run._r.get_or_add_rPr().append(said)  # noqa: SLF001 python-docx knows no languages

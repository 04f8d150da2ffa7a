"""The report's page, read back as headings, paragraphs, tables and charts.

Word and PDF show what the page shows, in its order and its language: whoever
changes the page changes them too, and no sentence is written in two places.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.errors import WorkspaceError
from results.excerpts import safe_link

_SPACES: Final = re.compile(r"[ \t\r\n\f]+")
_HEADINGS: Final = {"h1": 1, "h2": 2, "h3": 3, "h4": 4}
# What a paragraph is made of; anything else that holds text begins a block of its own.
_INLINE: Final = frozenset(
    {
        "a",
        "b",
        "strong",
        "i",
        "em",
        "bdi",
        "bdo",
        "small",
        "mark",
        "span",
        "code",
        "sub",
        "sup",
        "time",
        "abbr",
        "q",
        "cite",
        "br",
        "wbr",
    }
)
_UNSEEN: Final = frozenset(
    {"script", "style", "nav", "button", "form", "template", "noscript", "svg", "input", "select"}
)


@dataclass(frozen=True, slots=True)
class Run:
    r"""Text of one look.

    Attributes:
        text: without line ends; one that is "\n" alone begins a line.
        bold: stands out.
        mark: a name marked in its sentence.
        small: said aside.
        link: an address (http or https), or ``#`` and the id of a block; "" for none.
        language: CLDR code, "" for the report's own.
    """

    text: str
    bold: bool = False
    mark: bool = False
    small: bool = False
    link: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4."""

    level: int
    runs: tuple[Run, ...]
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: ``plain``, ``item`` of a list, ``quote``, ``source`` of a quote, ``aside`` or ``big`` figure."""

    kind: str
    runs: tuple[Run, ...]
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; ``heads`` where it names its row or column."""

    runs: tuple[Run, ...]
    heads: bool
    number: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        caption: "" for none.
        head: rows that name the columns.
        body: all others.
        ids: of the table and its rows.
    """

    caption: str
    head: tuple[tuple[Cell, ...], ...]
    body: tuple[tuple[Cell, ...], ...]
    ids: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: its Vega-Lite specification, and what it shows in words."""

    name: str
    title: str
    alternative: str
    spec: dict[str, Any]


Block = Heading | Paragraph | Table | Chart


@dataclass(frozen=True, slots=True)
class Content:
    """What a page holds: its title, its language (CLDR code) and its blocks in order."""

    title: str
    language: str
    blocks: tuple[Block, ...]


def read_page(page: str) -> Content:
    """Read a report's page.

    Args:
        page: HTML, as `results.page.render` writes it.

    Raises:
        WorkspaceError: it holds no text that could be printed.
    """
    tree = LexborHTMLParser(page)
    body = tree.body
    root = tree.root
    blocks = tuple(_blocks(body, Run(""))) if body is not None else ()
    if root is None or not blocks:
        raise WorkspaceError("The report's page is empty, so there is nothing to print. Write it again: narra report")
    title = tree.css_first("title")
    language = (root.attributes.get("lang") or "en") if root.tag == "html" else "en"
    return Content(_plain(title.text()) if title is not None else "", language, blocks)


# -- blocks --------------------------------------------------------------


def _blocks(node: LexborNode, look: Run) -> Iterator[Block]:
    """Give the blocks within an element, gathering text that stands loose in it."""
    loose: list[Run] = []
    ids = _ids(node)
    for child in node.iter(include_text=True):
        if _is_inline(child):
            loose += _runs(child, _look(child, look) if child.tag != "-text" else look)
            continue
        if trimmed := _trim(loose):
            yield Paragraph(_kind(node), trimmed, ids)
            ids = ()
        loose = []
        for block in _block(child, _look(child, look)):
            yield _with_ids(block, ids)
            ids = ()
    if trimmed := _trim(loose):
        yield Paragraph(_kind(node), trimmed, ids)


def _block(node: LexborNode, look: Run) -> Iterator[Block]:
    tag = str(node.tag)
    if tag in _UNSEEN or "hidden" in node.attributes:
        return
    if tag in _HEADINGS:
        yield Heading(_HEADINGS[tag], _trim(_runs(node, look)), _ids(node))
    elif tag == "summary":
        yield Heading(4, _trim(_runs(node, look)), _ids(node))
    elif tag == "table":
        yield _table(node, look)
    elif tag == "figure" and node.css_first("[data-chart]") is not None:
        yield from _figure(node, look)
    else:
        yield from _blocks(node, look)


def _figure(node: LexborNode, look: Run) -> Iterator[Block]:
    place, caption = node.css_first("[data-chart]"), node.css_first("figcaption")
    script = node.css_first('script[type="application/json"]')
    assert place is not None  # noqa: S101 whoever calls has looked
    if script is not None:
        name = place.attributes.get("data-chart") or ""
        title = _plain(caption.text()) if caption is not None else ""
        yield Chart(name, title, place.attributes.get("aria-label") or "", json.loads(script.text()))
    for child in node.iter():
        if child.tag not in {"figcaption", "div", "script"}:
            yield from _block(child, _look(child, look))


def _table(node: LexborNode, look: Run) -> Table:
    caption = node.css_first("caption")
    head: list[tuple[Cell, ...]] = []
    body: list[tuple[Cell, ...]] = []
    ids: list[tuple[str, ...]] = []
    for row in node.css("tr"):
        cells = tuple(_cell(cell, look) for cell in row.iter() if cell.tag in {"th", "td"})
        if row.parent is not None and row.parent.tag == "thead":
            head.append(cells)
        else:
            body.append(cells)
            ids.append(_ids(row))
    return Table(_plain(caption.text()) if caption is not None else "", tuple(head), tuple(body), tuple(ids))


def _cell(node: LexborNode, look: Run) -> Cell:
    classes = (node.attributes.get("class") or "").split()
    return Cell(_trim(_runs(node, look)), node.tag == "th", "number" in classes)


def _kind(node: LexborNode) -> str:
    classes = (node.attributes.get("class") or "").split()
    if node.tag == "blockquote":
        return "quote"
    if "source" in classes:
        return "source"
    if "big" in classes:
        return "big"
    if {"note", "range", "change", "back", "over"} & set(classes):
        return "aside"
    return "item" if node.tag in {"li", "dd"} else "plain"


def _with_ids(block: Block, ids: tuple[str, ...]) -> Block:
    if not ids or isinstance(block, Chart):
        return block
    if isinstance(block, Table):
        return replace(block, ids=((*ids, *block.ids[0]), *block.ids[1:])) if block.ids else block
    return replace(block, ids=(*ids, *block.ids))


def _ids(node: LexborNode) -> tuple[str, ...]:
    found = node.attributes.get("id")
    return (found,) if found else ()


# -- text ----------------------------------------------------------------


def _is_inline(node: LexborNode) -> bool:
    return node.tag == "-text" or (node.tag in _INLINE and "hidden" not in node.attributes)


def _runs(node: LexborNode, look: Run) -> list[Run]:
    """Give the runs of an element; what stands small in it begins a line, as it does on the page."""
    if node.tag == "-text":
        return [replace(look, text=_SPACES.sub(" ", node.text_content or ""))]
    if node.tag == "br":
        return [replace(look, text="\n")]
    found: list[Run] = []
    for child in node.iter(include_text=True):
        if child.tag in _UNSEEN or "hidden" in child.attributes:
            continue
        if child.tag in {"small", "p", "div", "li"} and found:
            found.append(replace(look, text="\n"))
        found += _runs(child, _look(child, look) if child.tag != "-text" else look)
    return found


def _look(node: LexborNode, look: Run) -> Run:
    """Give how text within an element looks."""
    if node.tag == "-text":
        return look
    language = node.attributes.get("lang") or look.language
    new = replace(look, language=language)
    if node.tag in {"b", "strong"}:
        return replace(new, bold=True)
    if node.tag == "mark":
        return replace(new, mark=True)
    if node.tag == "small" or "range" in (node.attributes.get("class") or "").split():
        return replace(new, small=True)
    if node.tag == "a":
        address = node.attributes.get("href") or ""
        return replace(new, link=address if address.startswith("#") else safe_link(address) or "")
    return new


def _trim(runs: list[Run]) -> tuple[Run, ...]:
    """Join runs of one look, and drop spaces at line ends and doubled ones."""
    joined: list[Run] = []
    for run in runs:
        text = run.text
        if not joined or joined[-1].text.endswith(("\n", " ")):
            text = text.lstrip(" ")
        if text == "\n" and joined and joined[-1].text == "\n":
            continue
        if not text:
            continue
        if (
            text != "\n"
            and joined
            and joined[-1].text != "\n"
            and replace(joined[-1], text="") == replace(run, text="")
        ):
            joined[-1] = replace(run, text=joined[-1].text + text)
        else:
            joined.append(replace(run, text=text))
    while joined and not joined[-1].text.strip():
        joined.pop()
    while joined and not joined[0].text.strip():
        joined.pop(0)
    if joined:
        joined[-1] = replace(joined[-1], text=joined[-1].text.rstrip(" "))
    return tuple(joined)


def _plain(text: str) -> str:
    return _SPACES.sub(" ", text).strip()

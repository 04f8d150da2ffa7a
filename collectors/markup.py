"""XML and HTML from outside, made harmless: decoded, checked, repaired, turned to text."""

from __future__ import annotations

import codecs
import html
import html.entities
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit, urlunsplit
from xml.etree.ElementTree import Element, ParseError
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

import defusedxml.sax  # type: ignore[import-untyped]  # publishes no types
from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]  # publishes no types
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]  # publishes no types
from selectolax.lexbor import LexborHTMLParser

from collectors.outcome import SourceError

# Browsers read these labels as the wider set that pages really use; Python's own
# euc_kr codec fails on Hangul that cp949 has.
_WIDER: Final[dict[str, str]] = {
    "euc_kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "tis-620": "cp874",
    "iso8859-11": "cp874",
    "big5": "big5hkscs",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "shift_jis": "cp932",
}
# Codecs that turn bytes to text; Python lists others (zip, rot13) under the same roof.
_TEXT_CODEC: Final = re.compile(
    r"utf-(?:8|16|32)(?:-[lb]e)?|cp\d+|iso8859-\d+|koi8-[ru]|johab|euc_kr|euc_jp|shift_jis|gb2312|gbk|gb18030"
    r"|big5(?:hkscs)?|tis-620|ascii"
)
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# So many of the characters beyond ASCII may be broken before a text is no UTF-8.
_BROKEN_SHARE: Final = 0.05

_DECLARED: Final = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})""")
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]{0,500}\?>")
_ELEMENT: Final = re.compile(r"<\w")
_PLAIN_DOCTYPE: Final = re.compile(r"<!DOCTYPE[^\[<>]{0,500}>", re.IGNORECASE)
_HTML: Final = re.compile(
    r"(?:\s|<\?[^>]{0,500}>|<!--.{0,2000}?-->){0,20}<(?:!doctype\s+html|html)\b", re.DOTALL | re.IGNORECASE
)
_TITLE: Final = re.compile(r"<title\b[^>]{0,200}>([^<]{0,300})", re.IGNORECASE)

# Characters that XML and our store can't hold.
_NOT_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_OPEN: Final = "<![CDATA["
_CLOSE: Final = "]]>"
_AMPERSAND: Final = re.compile(r"&(?:#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,9}));|([A-Za-z][A-Za-z0-9]{1,30});|)")
_XML_NAMES: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})

_ENTITY: Final = re.compile(r"&(?:#[0-9]{1,9}|#[xX][0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]{1,30});")
# Titles carry these; anything else in angle brackets (<표>, <ASEAN>) is the title's own.
_INLINE_TAG: Final = re.compile(
    r"</?(?:a|abbr|b|big|br|div|em|font|h[1-6]|i|img|mark|p|small|span|strike|strong|sub|sup|u|wbr)\b[^<>]{0,500}>",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r"<(/?[a-zA-Z!])")
_BLOCK: Final = re.compile(
    r"<(?=/?(?:address|article|blockquote|br|dd|div|dl|dt|figcaption|figure|h[1-6]|hr|li|ol|p|pre|section|table|td|th|tr|ul)\b)",
    re.IGNORECASE,
)
# More are read without a tree: it takes too long where they are nested.
_TREE_ELEMENTS: Final = 5_000
_PAGE_ELEMENTS: Final = 30_000
_OPENING: Final = re.compile(r"<[a-zA-Z]")
_ANY_TAG: Final = re.compile(r"<[a-zA-Z/!][^<>]*>")
_SILENT_PART: Final = re.compile(r"<(?:script|style)\b[^<>]*>[^<]*</(?:script|style)>", re.IGNORECASE)
_SILENT: Final = ["script", "style", "noscript", "iframe", "object", "template", "svg", "head"]
# Written for a reader of the feed, not of the article.
_WALL_TITLES: Final = (
    "you are being redirected",
    "just a moment",
    "attention required",
    "access denied",
    "are you a robot",
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, and what was odd about its bytes (or "")."""

    text: str
    odd: str = ""


def decode(content: bytes, header: str = "") -> Decoded:
    """Decode XML or other text whose label may lie.

    Bytes that are UTF-8 are UTF-8, whatever is declared: no Korean text in EUC-KR
    happens to be. Otherwise the XML declaration counts, then the header, then CP949.

    Args:
        content: the bytes.
        header: the charset of the HTTP header, or "".
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _lenient(content.removeprefix(mark), name)
    with suppress(UnicodeDecodeError):
        return Decoded(content.decode("utf-8"))
    for label in (_declared(content), header, "cp949"):
        codec = codec_of(label)
        if codec and codec != "utf-8" and not _is_broken_utf8(content):
            with suppress(UnicodeDecodeError):
                return Decoded(content.decode(codec))
    return _lenient(content, "utf-8" if _is_broken_utf8(content) else codec_of(_declared(content)) or "utf-8")


def _declared(content: bytes) -> str:
    match = _DECLARED.match(content[:1000])
    return match[1].decode("ascii") if match else ""


def codec_of(label: str) -> str:
    """Give Python's name of an encoding as browsers understand its label, or "" where it is none."""
    try:
        name = codecs.lookup(label.strip().lower()).name if label else ""
    except (LookupError, ValueError):
        return ""
    return _WIDER.get(name, name) if _TEXT_CODEC.fullmatch(name) else ""


def _is_broken_utf8(content: bytes) -> bool:
    """Tell whether it is UTF-8 but for a few stray bytes."""
    text = content.decode("utf-8", "replace")
    return text.count("\ufffd") <= _BROKEN_SHARE * sum(not c.isascii() for c in text)


def _lenient(content: bytes, codec: str) -> Decoded:
    text = content.decode(codec, "replace")
    lost = text.count("\ufffd")
    return Decoded(text, f"{lost} characters that are no {codec}" if lost else "")


def refuse_html(text: str, wanted: str) -> None:
    """Refuse a web page that came instead of XML.

    Raises:
        SourceError: ``blocked`` where the page is a wall's, else ``wrong_content``.
    """
    if not text.strip():
        raise SourceError("wrong_content", f"The answer is empty; {wanted} was expected.")
    if not _HTML.match(text[:50_000]):
        return
    match = _TITLE.search(text[:50_000])
    title = title_text(match[1]) if match else ""
    if any(wall in title.lower() for wall in _WALL_TITLES):
        raise SourceError("blocked", f"A page titled {title!r} came instead of {wanted}: a wall answered.")
    raise SourceError(
        "wrong_content", f"A web page came instead of {wanted}" + (f", titled {title!r}." if title else ".")
    )


def check_xml(text: str) -> str:
    """Say what is wrong with a text as XML, or "" where nothing is.

    Raises:
        SourceError: it declares entities, or refers to other files. Both can be used
            to fill memory or read files, and no feed or sitemap needs them.
    """
    try:
        defusedxml.sax.parseString(
            without_declaration(text).encode("utf-8", "replace"),
            ContentHandler(),
            forbid_dtd=False,
            forbid_entities=True,
            forbid_external=True,
        )
    except DefusedXmlException:
        raise SourceError(
            "malformed", "The XML declares entities or refers to other files; such XML is not read."
        ) from None
    except SAXParseException as error:
        return f"line {error.getLineNumber()}: {error.getMessage()}"
    return ""


def without_declaration(text: str) -> str:
    """Take away the XML declaration, and a document type that only names a file.

    Decoded text no longer has the encoding that is declared, and old feeds name the
    DTD of RSS 0.91, which nobody is to fetch.
    """
    rest = _DECLARATION.sub("", text.lstrip("\ufeff"), count=1).lstrip()
    root = _ELEMENT.search(rest)
    start = root.start() if root else 0
    return _PLAIN_DOCTYPE.sub("", rest[:start], count=1) + rest[start:]


def repair_xml(text: str) -> str:
    """Mend what feeds often have: control characters, bare ampersands and HTML's entities."""
    return "".join(part if literal else _AMPERSAND.sub(_mended, part) for part, literal in _sections(clean(text)))


def _sections(text: str) -> Iterator[tuple[str, bool]]:
    """Cut a text at its CDATA sections: the pieces, and whether each is such a section."""
    at = 0
    while (start := text.find(_OPEN, at)) >= 0 and (end := text.find(_CLOSE, start)) >= 0:
        yield text[at:start], False
        at = end + len(_CLOSE)
        yield text[start:at], True
    yield text[at:], False


def _mended(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if hexadecimal or decimal:
        number = int(hexadecimal, 16) if hexadecimal else int(decimal)
        return match[0] if _is_xml_character(number) else ""
    if name in _XML_NAMES:
        return match[0]
    if name and (meant := html.entities.html5.get(f"{name};")):
        return html.escape(meant)
    return f"&amp;{match[0][1:]}"


def _is_xml_character(number: int) -> bool:
    return number in (9, 10, 13) or (32 <= number <= 0x10FFFF and not _NOT_TEXT.match(chr(number)))  # noqa: PLR2004 Unicode's bounds


def clean(text: str) -> str:
    """Take away what can't be stored as text."""
    return _NOT_TEXT.sub("", text)


def title_text(markup: str) -> str:
    """Turn a title with HTML and entities, also doubly escaped ones, to one line of text.

    No space is put where a tag was: 주<b>식</b>형 is one word.
    """
    text = markup
    for _ in range(2):
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), _INLINE_TAG.sub("", text))
    return " ".join(clean(_INLINE_TAG.sub("", text)).split())


def body_text(markup: str) -> str:
    """Turn HTML to text, a line a paragraph; plain text stays but for its spacing."""
    if not _TAG.search(markup):
        lines = html.unescape(markup).splitlines()
    else:
        lines = _lines_of(_BLOCK.sub("\n<", " ".join(clean(markup).split())))
    return "\n".join(line for line in (" ".join(clean(line).split()) for line in lines) if line)


def _lines_of(markup: str) -> list[str]:
    if _elements(markup) > _TREE_ELEMENTS:
        return html.unescape(_ANY_TAG.sub("", _SILENT_PART.sub("", markup))).splitlines()
    parser = LexborHTMLParser(markup)
    parser.strip_tags(_SILENT)
    return parser.body.text(separator="").splitlines() if parser.body else []


def read_html(page: str) -> LexborHTMLParser:
    """Read a web page.

    Raises:
        SourceError: ``malformed``, where it has more elements than a page has. HTML's own
            rules take a time that grows with the square of their nesting.
    """
    if _elements(page) > _PAGE_ELEMENTS:
        raise SourceError("malformed", f"The page has more than {_PAGE_ELEMENTS:,} elements; such pages are not read.")
    return LexborHTMLParser(page)


def _elements(markup: str) -> int:
    return sum(1 for _ in _OPENING.finditer(markup))


def tidy_link(link: str, base: str = "") -> str:
    """Complete a link and put its scheme right, or give "" where it leads to no web page.

    ``http://host:443/…`` is what Korea's ministry writes for https.
    """
    try:
        parts = urlsplit(urljoin(base, "".join(clean(link).split())))
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return ""
    if port == 443 and parts.scheme == "http":  # noqa: PLR2004 the port of https
        host = parts.netloc.rpartition(":")[0]
        return urlunsplit(("https", host, parts.path, parts.query, parts.fragment))
    return urlunsplit(parts)


def read_xml(text: str) -> Element:
    """Read a small XML document, mended where needed.

    Raises:
        SourceError: ``malformed``, where it can't or mustn't be read.
    """
    if check_xml(text):
        text = repair_xml(text)
        if wrong := check_xml(text):
            raise SourceError("malformed", f"The answer is no XML that can be read: {wrong}.")
    try:
        root: Element = fromstring(
            without_declaration(text), forbid_dtd=False, forbid_entities=True, forbid_external=True
        )
    except ParseError as error:  # a prefix without a namespace, which the check lets pass
        raise SourceError("malformed", f"The answer is no XML that can be read: {error}.") from None
    return root

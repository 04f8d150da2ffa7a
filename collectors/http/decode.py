"""Bytes to text, the way browsers do it.

First a byte order mark, then the header's charset, then an XML declaration or meta
tag, then a guess. Labels mean what browsers take them for: EUC-KR is CP949, which
has all of Hangul and not only the 2,350 commonest syllables. What is valid UTF-8
beyond chance is UTF-8 whatever it calls itself: Korean ministries have been seen
to declare EUC-KR over UTF-8.
"""

from __future__ import annotations

import re
from typing import Final

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, to_unicode

# Labels that browsers know and Python does not, and what Python calls the same.
_KOREAN: Final = ("windows-949", "x-windows-949", "ks_c_5601-1989", "ksc_5601", "csksc56011987", "iso-ir-149")
_LABELS: Final = (
    dict.fromkeys(_KOREAN, "euc-kr")
    | dict.fromkeys(("x-windows-874", "dos-874"), "tis-620")
    | dict.fromkeys(("unicode-1-1-utf-8", "x-unicode20utf8", "utf8mb4"), "utf-8")
)
_LABEL: Final = re.compile(rf"(?<=[\s\"'=])(?:{'|'.join(_LABELS)})(?![\w-])", re.IGNORECASE)
# Python's codecs include ciphers, packers and escapes; only encodings of text are taken.
_TEXT: Final = re.compile(
    r"utf-(?:8|16|32).*|cp\d+|iso8859-\d+|big5.*|gb18030|shift_jis.*|euc_j.*|iso2022_jp.*|koi8-.*|mac[-_].*|johab|hz|tcvn"
)
_THREE_BYTES: Final = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# So many characters of three bytes are valid UTF-8 by accident in no text of another encoding.
SURE: Final = 4
# One broken character among so many good ones is damage, and no sign of another encoding.
DAMAGE: Final = 20
DECLARED_WITHIN: Final = 4096
LEGACY: Final = {"ko": "cp949", "th": "cp874", "vi": "cp1258", "zh-Hans": "gb18030", "zh-Hant": "big5hkscs"}
WESTERN: Final = "cp1252"


def decode(content: bytes, content_type: str = "", language: str = "") -> str:
    """Turn a body into text; nothing fails, what cannot be read becomes U+FFFD.

    Args:
        content: the body.
        content_type: the header.
        language: what the source is written in (CLDR), for a body that says nothing of its encoding.
    """
    marked, mark = read_bom(content)
    if marked is not None and mark is not None:
        return to_unicode(content[len(mark) :], marked)
    said = declared(content, content_type)
    unicode = _strictly(content, "utf-8")
    if said is None or said == "utf-8":
        return unicode if unicode is not None else _guess(content, language, declared=said)
    if unicode is not None and _surely_unicode(content):
        return unicode
    text = _strictly(content, said)
    if text is not None:
        return text
    return unicode if unicode is not None else _broken(content, said)


def declared(content: bytes, content_type: str = "") -> str | None:
    """The encoding a body says it has, by Python's name, or None."""
    head = _known(content[:DECLARED_WITHIN].decode("latin-1"))
    from_header = _usable(http_content_type_encoding(_known(content_type)))
    if from_header:
        return from_header
    inside = _usable(html_body_declared_encoding(head))
    # Whoever wrote the declaration in ASCII letters did not write UTF-16.
    return "utf-8" if inside and inside.startswith(("utf-16", "utf-32")) else inside


def _known(text: str) -> str:
    return _LABEL.sub(lambda found: _LABELS[found[0].lower()], text)


def _usable(name: str | None) -> str | None:
    return name if name and _TEXT.fullmatch(name) else None


def _strictly(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _surely_unicode(content: bytes) -> bool:
    found = _THREE_BYTES.finditer(content)
    return sum(1 for _, _ in zip(range(SURE), found, strict=False)) == SURE


def _broken(content: bytes, said: str) -> str:
    return _damaged_unicode(content) or to_unicode(content, said)


def _guess(content: bytes, language: str, *, declared: str | None) -> str:
    damaged = _damaged_unicode(content)
    if damaged is not None:
        return damaged
    legacy = LEGACY.get(language)
    text = _strictly(content, legacy) if legacy else None
    if text is not None:
        return text
    return to_unicode(content, declared or legacy or WESTERN)


def _damaged_unicode(content: bytes) -> str | None:
    """The text if it is UTF-8 but for a broken character here and there, such as a cut-off end."""
    text = content.decode("utf-8", "replace")
    good = len(_THREE_BYTES.findall(content))
    return text if text.count("�") * DAMAGE <= good else None

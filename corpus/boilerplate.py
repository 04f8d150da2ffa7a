"""What is not an outlet's own report: bylines, copyright lines, related links around it, quotations in it.

Here stand the forms that a single text shows by itself. Lines that only the whole
of an outlet's texts shows to be its own are left out later, by how often they
come (`corpus.twins`).
"""

from __future__ import annotations

import re
from typing import Final

_DRESS: Final = 200  # how far from an end a byline may reach
_TURNS: Final = 3  # a text may begin with a dateline, an agency and a reporter's name

# What a byline or copyright line at the end has in it. Looking for these first is many times as fast.
_MARK: Final = re.compile("\n|기자|@|ⓒ|©|전재|저작권|opyright|OPYRIGHT|eserved|cipta|quyền|สงวน")

_HEAD: Final = re.compile(
    r"""\s*(?:
      [\[(【〈<][^\])】〉>\n]{1,40}[\])】〉>]\s*(?:[-–—=:]\s)?     # [누리통신], (Seoul=Nuri)
    | [^\n.]{0,30}?[가-힣]{2,4}\s*(?:기자|특파원|인턴기자)(?![가-힣])\s*[=ㅣ|:]?\s*  # 김나래 기자 =
    | [A-ZĐÀ-Ỹ][\w .,/]{1,40}\([^)\n]{2,40}\)\s*[-–—]+\s          # SEOUL (Nuri News) -
    | [A-Z][A-Z .,/]{2,30}(?:,\s[\w .]{2,30})?\s*[-–—]+\s         # JAKARTA, Nuri News -
    | [฀-๿]{2,25}\s?\([^)\n]{2,40}\)\s*[-–—]+\s                   # โซล (สำนักข่าวนูรี) -
    | (?:By|Oleh|Penulis:|Pewarta:|Theo|Phóng\sviên:|โดย|ผู้สื่อข่าว:?)\s[^\n.]{2,40}\n
    )""",
    re.VERBOSE,
)
_LAST: Final = re.compile(
    r"""(?:
      [가-힣]{2,4}\s*(?:인턴)?기자(?![가-힣])(?:\s*[\w.+-]+@[\w.-]+)?
    | [\w.+-]+@[\w-]+\.[\w.-]+
    | (?:\n|^)\s*(?:Reporting|Editing|Written|Additional\sreporting)\sby[^\n]*
    | (?:\n|^)\s*(?:Penulis|Pewarta|Editor|Reporter|Phóng\sviên|ผู้สื่อข่าว)\s?:[^\n]*
    # These words also begin sentences about copyright, so a sign or a name must follow, or a line begin.
    | (?:ⓒ|©|저작권자|무단\s?전재|Copyright\s(?:©|ⓒ|\(c\)|\d|(?-i:[A-Z]))|All\srights\sreserved)[^\n]{0,100}
    | \n\s*(?:Hak\scipta|Bản\squyền|สงวนลิขสิทธิ์)[^\n]{0,100}
    )\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
# A list of other articles: everything after it goes too, for it stands at the end.
_LINKS: Final = re.compile(
    r"\n\s*(?:\[?(?:관련\s?기사|관련\s?뉴스|주요\s?뉴스)\b|[▶☞]|Read\s(?:more|also)|Related\s(?:articles|stories)|See\salso"
    r"|Baca\s(?:juga|selengkapnya)|Berita\sterkait|Simak\sjuga|Xem\sthêm|Tin\sliên\squan|Đọc\sthêm"
    r"|ข่าวที่เกี่ยวข้อง|อ่านเพิ่มเติม|อ่านต่อ)",
    re.IGNORECASE,
)
# An opening sign that nothing closes, in the last place, is a text cut within a quotation.
_QUOTATION: Final = re.compile(
    r"“[^”\n]{0,600}(?:”|$)|「[^」\n]{0,600}(?:」|$)|«[^»\n]{0,600}(?:»|$)|\"[^\"\n]{0,600}\""
)
_LONG_QUOTATION: Final = 15  # a shorter one is a name or a term


def unquoted(text: str) -> str:
    """Take out what somebody else said: two reporters who heard it print the same."""
    if not any(sign in text for sign in '"“「«'):
        return text
    return _QUOTATION.sub(lambda match: " " if len(match[0]) > _LONG_QUOTATION else match[0], text)


def undressed(body: str) -> str:
    """Take off what stands at the ends of a text and is not of it."""
    links = _LINKS.search(body, len(body) // 2)
    plain = body[: links.start()] if links else body
    for _ in range(_TURNS):
        shorter = _without_end(_without_beginning(plain))
        if shorter == plain:
            break
        plain = shorter
    return plain


def _without_beginning(body: str) -> str:
    match = _HEAD.match(body, 0, _DRESS)
    return body[match.end() :] if match else body


def _without_end(body: str) -> str:
    body = body.rstrip()
    start = max(0, len(body) - _DRESS)
    if not _MARK.search(body, start):
        return body
    match = _LAST.search(body, start)
    return body[: match.start()] if match else body

"""Exports of Nexis Uni and Lexis Advance as Word documents: ``.docx``, one text or many in a file.

A text begins with its title, its source and its date; fields such as ``Length: 355 words``
follow, then ``Body``, the text, and ``End of Document``. A cover with the list of what was
downloaded may stand before the first. Which country a source is of stands in the file beside
it, see `collectors.files.outlets`. Licences normally forbid passing the text on.

The form is written down in open tools that read it (tm.plugin.lexisnexis, LexisNexisTools);
no export of narra's own has been seen.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO, Final

import docx
from docx.opc.exceptions import OpcError

from collectors.dates import read_date
from collectors.files.form import Parse, Row
from collectors.files.lines import Cursor, Sample, printable
from collectors.files.nexis import Parts, document_of
from collectors.files.outlets import Outlets
from collectors.files.workbook import NOT_ZIP
from corpus.errors import FileProblemError, RecordError
from corpus.model import Document

LARGEST: Final = 200_000_000
_RTF: Final = b"{\\rtf"
_TEXT: Final = "word/document.xml"
_END: Final = re.compile(r"End of Document", re.IGNORECASE)
_BODY: Final = "Body"
# After the text: what the archive says of it.
_AFTER: Final = re.compile(r"Classification|Load-Date:.*|Graphic")
_FIELD: Final = re.compile(
    r"(Section|Length|Byline|Dateline|Highlight|Correction-Date|Language|Publication-Type|Journal Code|Subject"
    r"|Company|Organization|Person|Geographic|Industry|Load-Date|URL|Series|Column|Edition|Notes):\s*(.*)",
    re.DOTALL,
)
_COPYRIGHT: Final = re.compile(r"copyright\b|all rights reserved|©", re.IGNORECASE)
# Of the cover: a numbered title, and what was asked for. Its last line names what follows.
_COVER: Final = re.compile(
    r"(?:Date and Time|User Name|Job Number|Documents? \(\d+\)|Client/Matter|Search Terms|Search Type|Narrowed by"
    r"|Content Type|Content type)\b.*"
)
_BEFORE_DATE: Final = 3  # title, source, and perhaps a line of the edition
# What python-docx lets through for a document whose parts are damaged or missing; of lxml's, the error
# is a SyntaxError.
_BROKEN: Final = (
    OpcError,
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,
    EOFError,
    OSError,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    NotImplementedError,
    RuntimeError,
)


def recognise(sample: Sample) -> Parse | None:
    """Give the parser for a Word document that holds an export of Nexis.

    Raises:
        FileProblemError: it is Rich Text or an old or encrypted document, or it isn't of Nexis, or
            the file beside it says something it may not.
    """
    if sample.head.lstrip().startswith(_RTF):
        raise FileProblemError(
            f"{sample.path} is Rich Text (.rtf), which narra doesn't read. Download it from Nexis again as Word "
            "document (.docx) or plain text, or save it in Word as .docx."
        )
    if sample.head.startswith(NOT_ZIP) and sample.path.suffix.lower() in {".doc", ".docx"}:
        raise FileProblemError(
            f"{sample.path} is an old .doc or has a password. Save it in Word as .docx without a password."
        )
    if sample.packed or not zipfile.is_zipfile(sample.path) or not _is_word(sample):
        return None
    with sample.path.open("rb") as stream:
        lines = _paragraphs(stream, str(sample.path))
    if not any(_END.fullmatch(line) for line in lines):
        raise FileProblemError(
            f"{sample.path} is a Word document, but none that Nexis exports (no line says `End of Document`)."
        )
    return partial(parse, outlets=Outlets(sample.path), source=printable(sample.path.name))


def _is_word(sample: Sample) -> bool:
    try:
        with zipfile.ZipFile(sample.path) as archive:
            return _TEXT in archive.namelist()
    except _BROKEN:  # whoever reads zip files next says so
        return False


def _paragraphs(stream: BinaryIO, name: str) -> list[str]:
    """Give the paragraphs' text, without empty ones.

    Raises:
        FileProblemError: it is too large, damaged, or no Word document.
    """
    try:
        _check_size(stream, name)
        document = docx.Document(stream)
    except _BROKEN as error:
        raise FileProblemError(f"{name} is damaged: {error}. Download it again.") from None
    lines = [" ".join(paragraph.text.split()) for paragraph in document.paragraphs]
    return [line for line in lines if line]


def _check_size(stream: BinaryIO, name: str) -> None:
    # Packed a thousandfold, a small file would fill the memory.
    with zipfile.ZipFile(stream) as archive:
        size = sum(part.file_size for part in archive.infolist())
    stream.seek(0)
    if size > LARGEST:
        raise FileProblemError(f"{name} is larger than {LARGEST:,} bytes when unpacked. Download it in parts.")


def parse(stream: BinaryIO, cursor: Cursor, *, outlets: Outlets, source: str) -> Iterator[Row]:
    """Read the texts; the number of a text stands for its line.

    Raises:
        FileProblemError: the document is damaged.
    """
    held: list[str] = []
    for line in without_cover(_paragraphs(stream, source)):
        if not _END.fullmatch(line):
            held.append(line)
            continue
        cursor.line += 1
        yield cursor.line, _outcome(held, outlets, source)
        held = []
    if held:
        cursor.line += 1
        yield cursor.line, RecordError("document cut off", "no `End of Document` after its last line")


def _outcome(lines: list[str], outlets: Outlets, source: str) -> Document | RecordError:
    try:
        return document_of(take_apart(lines), outlets, source)
    except RecordError as error:
        return error


def without_cover(lines: list[str]) -> list[str]:
    """Leave out the cover, where there is one: it ends with the last line that only a cover has."""
    head = next((place for place, line in enumerate(lines) if line == _BODY or _END.fullmatch(line)), len(lines))
    last = max((place for place in range(head) if _COVER.fullmatch(lines[place])), default=-1)
    return lines[last + 1 :]


def take_apart(lines: list[str]) -> Parts:
    """Take a text apart.

    Raises:
        RecordError: title, source, date or ``Body`` aren't where they should be.
    """
    if _BODY not in lines:
        raise RecordError("document of another form", f"no line `{_BODY}` after {_shown(lines)}")
    place = lines.index(_BODY)
    head, rest = lines[:place], lines[place + 1 :]
    dated = next((n for n in range(2, min(len(head), 2 + _BEFORE_DATE)) if _is_date(head[n])), None)
    if dated is None:
        raise RecordError("document of another form", f"no title, source and date before {_shown(head)}")
    end = next((n for n, line in enumerate(rest) if _AFTER.fullmatch(line)), len(rest))
    fields: dict[str, str] = {}
    for line in (*head[dated + 1 :], *rest[end:]):
        if match := _FIELD.fullmatch(line):
            fields.setdefault(match[1].upper(), match[2].strip())
    body = [line for line in rest[:end] if not (_COPYRIGHT.match(line) and len(line) < 400)]  # noqa: PLR2004 a paragraph of text is longer
    # What stands between source and date is of the edition.
    return Parts(head[1], head[dated], head[0], "\n".join(body), fields)


def _is_date(line: str) -> bool:
    try:
        return read_date(line, "KR", "stated") is not None
    except RecordError:
        return False


def _shown(lines: list[str]) -> str:
    return repr(" / ".join(lines[:2])[:80])

"""The coding sheet: written as CSV or Excel, read back with an error for each bad cell."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation

from corpus.errors import FileProblemError, InputError
from corpus.model import ENTITIES
from corpus.store import Evidence
from corpus.store.evidence import Printed
from results.coding import CODERS, NO_NAME, UNSURE, CodedRow, Drawn, Judgement
from results.excerpts import clean, excerpt, safe_link
from results.tables import as_csv

SHEET: Final = "Coding"
COLUMNS: Final = (
    "key", "outlet", "language", "date", "link", "field", "before", "name", "after", "tagged", "class",
    *(f"coder{n}_{what}" for n in CODERS for what in ("right", "entity", "note")),
    "stratum", "stratum_mentions", "stratum_drawn", "sample", "check",
)  # fmt: skip
INSTRUCTIONS: Final = (
    "Is the name in the middle column a mention of what stands under tagged, by the rules of docs/annotation.md?",
    "Write in coder1_right (the second coder in coder2_right): yes, no, or ? where you can't tell.",
    f"After a no, write in coder1_entity whose name it is: {', '.join(ENTITIES)}; or {NO_NAME}.",
    "Two coders work alone: each on a copy of this file, without seeing the other's.",
    "Leave the other columns, and the order of the letters in key and check, as they are. Rows may be sorted.",
    "Then: narra evidence read FILE (or both files at once).",
)
_WIDTHS: Final = {"before": 50, "after": 50, "name": 20, "link": 20, "outlet": 20}
_YES: Final = frozenset({"yes", "y", "1", "1.0", "true", "예", "네"})
_NO: Final = frozenset({"no", "n", "0", "0.0", "false", "아니오", "아니요"})
_ENTITIES: Final = {code.lower(): code for code in ENTITIES} | {NO_NAME: NO_NAME}
_COMMENT: Final = "#"
_ERRORS_SHOWN: Final = 20
_KEY_PARTS: Final = 3

Cells = Mapping[str, str]


# -- writing -------------------------------------------------------------


def rows(drawn: Sequence[Drawn], texts: Mapping[str, Printed], sample: str) -> list[list[str | int]]:
    """Give the sheet's rows, coders' cells empty."""
    return [_row(one, texts[one.mention.document], sample) for one in drawn]


def _row(one: Drawn, text: Printed, sample: str) -> list[str | int]:
    m = one.mention
    words = excerpt(
        Evidence(
            document=m.document, outlet=m.outlet, language=m.language, kind="", day=m.day, url=text.url,
            title=text.title, text=text.title if m.field == "title" else text.body, field=m.field, start=m.start,
            end=m.end, entity=m.entity, form_class=m.form_class, copies=1,
        )
    )  # fmt: skip
    return [
        one.key, m.outlet, m.language, m.day, safe_link(text.url) or "", m.field, words.before, words.name,
        words.after, m.entity, m.form_class, *[""] * (3 * len(CODERS)),
        one.stratum, one.of, one.drawn, sample, f"text {m.hash} lexicon {m.lexicon}",
    ]  # fmt: skip


def write(path: Path, filled: Sequence[Sequence[str | int]]) -> bytes:
    """Give the sheet's bytes, in the form the path's ending says.

    Raises:
        InputError: it ends in neither .csv nor .xlsx.
    """
    writers: dict[str, Callable[[Sequence[Sequence[str | int]]], bytes]] = {".csv": _csv, ".xlsx": _xlsx}
    if path.suffix.lower() not in writers:
        raise InputError(f"{path}: a coding sheet is written as .csv or .xlsx. Give the file such an ending.")
    return writers[path.suffix.lower()](filled)


def _csv(filled: Sequence[Sequence[str | int]]) -> bytes:
    said = [[f"{_COMMENT} {line}"] for line in INSTRUCTIONS]
    return as_csv(said[0], [*said[1:], COLUMNS, *filled])


def _xlsx(filled: Sequence[Sequence[str | int]]) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = SHEET
    sheet.append(COLUMNS)
    for number, row in enumerate(filled, 2):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column, clean(value) if isinstance(value, str) else value)
            if isinstance(value, str):
                cell.data_type = "s"  # text, whatever it begins with: never a formula
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for column, name in enumerate(COLUMNS, 1):
        sheet.cell(1, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS.get(name, 14)
    sheet.freeze_panes = "B2"
    for coder in CODERS:
        _choice(sheet, f"coder{coder}_right", ("yes", "no", UNSURE), len(filled))
        _choice(sheet, f"coder{coder}_entity", (*ENTITIES, NO_NAME), len(filled))
    told: Any = book.create_sheet("Instructions")
    for line in INSTRUCTIONS:
        told.append([line])
    told.column_dimensions["A"].width = 120
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _choice(sheet: Any, column: str, allowed: Sequence[str], count: int) -> None:  # noqa: ANN401 openpyxl has no types
    letter = get_column_letter(COLUMNS.index(column) + 1)
    choice = DataValidation(type="list", formula1=f'"{",".join(allowed)}"', allow_blank=True)
    choice.add(f"{letter}2:{letter}{count + 1}")
    sheet.add_data_validation(choice)


# -- reading -------------------------------------------------------------


def read(path: Path) -> list[CodedRow]:
    """Read a coded sheet.

    Raises:
        FileProblemError: it can't be opened, or is no coding sheet.
        InputError: cells of it are wrong; each is named with its row.
    """
    found: list[CodedRow] = []
    wrong: list[str] = []
    seen: dict[str, int] = {}
    for number, cells in _cells(path):
        problems, row = _coded(cells)
        if row is not None and row.key in seen:
            problems.append(f"the same mention as in row {seen[row.key]}; delete one of them")
        wrong += [f"{path}, row {number}: {problem}." for problem in problems]
        if row is not None:
            seen[row.key] = number
            found.append(row)
    if not wrong:
        wrong = [f"{path}: {problem}" for problem in _inconsistent(found)]
    if wrong:
        more = f"\n… and {len(wrong) - _ERRORS_SHOWN} more" if len(wrong) > _ERRORS_SHOWN else ""
        raise InputError("\n".join(wrong[:_ERRORS_SHOWN]) + more)
    if not found:
        raise FileProblemError(f"{path} has no rows. Export a sheet with: narra evidence --export {path}")
    return found


def _cells(path: Path) -> Iterator[tuple[int, Cells]]:
    """Give each row's number, as a spreadsheet counts, and its cells by column."""
    lines = _excel(path) if path.suffix.lower() == ".xlsx" else _text(path)
    header: list[str] | None = None
    for number, line in lines:
        if header is None:
            if "key" in line:
                header = line
                missing = [name for name in COLUMNS if name not in header and not name.endswith("_note")]
                if missing:
                    raise FileProblemError(f"{path} lacks the columns {', '.join(missing)}. Export the sheet anew.")
        elif any(line) and not line[0].startswith(_COMMENT):
            yield number, dict(zip(header, line, strict=False))
    if header is None:
        raise FileProblemError(f"{path} is no coding sheet: it has no row with the names of its columns (key, …).")


def _excel(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (OSError, zipfile.BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise FileProblemError(f"{path} can't be read as an Excel file ({error}).") from error
    sheet = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        yield number, ["" if cell is None else str(cell).strip() for cell in row]
    book.close()


def _text(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FileProblemError(f"{path} can't be read: {error.strerror}.") from error
    text = _decoded(path, data)
    # Excel separates by what the country's settings say.
    header = next((line for line in text.splitlines() if line.strip('"').startswith("key")), "")
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for number, row in enumerate(reader, 1):  # rows, not lines: a cell may hold line ends
        yield number, [cell.strip() for cell in row]


def _decoded(path: Path, data: bytes) -> str:
    # A Korean Excel saves CSV as CP949.
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp949")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileProblemError(f"{path} is neither UTF-8 nor CP949 text. Save it as CSV UTF-8, or as .xlsx.")


def _coded(cells: Cells) -> tuple[list[str], CodedRow | None]:
    """Give what is wrong with a row, and what it says."""
    problems: list[str] = []
    judgements = {}
    for coder in CODERS:
        judgement = _judged(cells, coder, problems)
        if judgement is not None:
            judgements[coder] = judgement
    key, check = cells["key"], cells["check"].split()
    parts = key.split(":")
    if len(parts) != _KEY_PARTS or not parts[2].isdecimal():
        problems.append(f"key is {key!r}, which names no mention: it was changed. Copy it from the sheet as exported")
        return problems, None
    if len(check) != 4 or check[::2] != ["text", "lexicon"]:  # noqa: PLR2004 text HASH lexicon VERSION
        problems.append(f"check is {cells['check']!r}: it was changed. Copy it from the sheet as exported")
        return problems, None
    for name in ("stratum_mentions", "stratum_drawn"):
        if not cells[name].isdecimal() or not int(cells[name]):
            problems.append(f"{name} is {cells[name]!r}, but must be a number as exported")
            return problems, None
    return problems, CodedRow(
        key=key,
        hash=check[1],
        lexicon=check[3],
        entity=cells["tagged"],
        stratum=cells["stratum"],
        of=int(cells["stratum_mentions"]),
        drawn=int(cells["stratum_drawn"]),
        sample=cells["sample"],
        name=cells["name"],
        judgements=judgements,
    )


def _judged(cells: Cells, coder: int, problems: list[str]) -> Judgement | None:
    said, whose = cells[f"coder{coder}_right"], cells[f"coder{coder}_entity"]
    entity = _ENTITIES.get(whose.lower())
    note = cells.get(f"coder{coder}_note", "")
    if whose and entity is None:
        known = ", ".join(_ENTITIES.values())
        problems.append(f"coder{coder}_entity is {whose!r}, but must be one of {known}")
        return None
    if said.lower() in _YES:
        if entity not in {None, cells["tagged"]}:
            tagged = cells["tagged"]
            problems.append(f"coder{coder} says yes to {tagged}, and writes {entity}: write no, or clear the entity")
        return Judgement(right=True, note=note)
    if said.lower() in _NO:
        if entity is None or entity == cells["tagged"]:
            problems.append(
                f"coder{coder} says no, so coder{coder}_entity must say whose name it is instead, or {NO_NAME}"
            )
            return None
        return Judgement(right=False, entity=entity, note=note)
    if said == UNSURE:
        return Judgement(right=None, note=note)
    if said or entity:
        problems.append(f"coder{coder}_right is {said!r}, but must be yes, no or {UNSURE}")
    return None


def _inconsistent(found: Sequence[CodedRow]) -> Iterator[str]:
    strata: dict[str, tuple[int, int, str]] = {}
    for row in found:
        if strata.setdefault(row.stratum, (row.of, row.drawn, row.sample)) != (row.of, row.drawn, row.sample):
            where = f"of the stratum {row.stratum!r} " if row.stratum else ""
            yield f"rows {where}differ in stratum_mentions, stratum_drawn or sample: they were changed, or are of two."
            return

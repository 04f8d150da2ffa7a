"""Make the fonts of results/outputs/fonts out of Noto: `uv run --with fonttools python benchmarks/fonts.py NOTO OUT`.

NOTO is a folder that holds Noto's fonts somewhere below it, as a Linux system installs
them; OUT is usually results/outputs/fonts. What is cut away: signs of other scripts, hinting,
vertical metrics. The families are renamed, since a font of the same name on the user's machine
would be another one; the licence (OFL 1.1) allows both.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

SIGNS = {*range(0x2000, 0x2070), *range(0x20A0, 0x20D0), *range(0x2100, 0x2300), 0x25CC}
SHARED = {0x20, 0xA0, 0x200B, 0x200C, 0x200D, 0x25CC}
LATIN = {*range(0x20, 0x7F), *range(0xA0, 0x250), *range(0x2B0, 0x370), *range(0x1E00, 0x1F00), *SIGNS}
GREEK_CYRILLIC = {*range(0x370, 0x400), *range(0x400, 0x530)}
CJK_SIGNS = {
    *range(0x2190, 0x2300),
    *range(0x3000, 0x3040),
    *range(0x3200, 0x3400),
    *range(0xFF00, 0xFFF0),
    *range(0x25A0, 0x2610),
}
HANGUL = {*range(0xAC00, 0xD7A4), *range(0x1100, 0x1200), *range(0x3130, 0x3190)}
WINDOWS = 3
KANA = {*range(0x3040, 0x3100)}


def of_charset(name: str, first: range, second: range) -> set[int]:
    """Give the Han characters of a national character set."""
    found = set()
    for high in first:
        for low in second:
            try:
                found.add(ord(bytes([high, low]).decode(name)))
            except (UnicodeDecodeError, TypeError):
                continue
    return found & {*range(0x3400, 0xA000), *range(0xF900, 0xFB00)}


HAN = (
    of_charset("gb2312", range(0xB0, 0xF8), range(0xA1, 0xFF))
    | of_charset("big5", range(0xA4, 0xFA), range(0x40, 0xFF))
    | of_charset("euc_kr", range(0xCA, 0xFE), range(0xA1, 0xFF))
)

# (file, number in a collection, family, style, what is kept)
FONTS = (
    ("NotoSans-Regular.ttf", -1, "Narra Sans", "Regular", LATIN | GREEK_CYRILLIC),
    ("NotoSans-Bold.ttf", -1, "Narra Sans", "Bold", LATIN | GREEK_CYRILLIC),
    ("NotoSansThai-Regular.ttf", -1, "Narra Sans Thai", "Regular", {*range(0xE00, 0xE80)} | SHARED),
    ("NotoSansThai-Bold.ttf", -1, "Narra Sans Thai", "Bold", {*range(0xE00, 0xE80)} | SHARED),
    ("NotoSansLao-Regular.ttf", -1, "Narra Sans Lao", "Regular", {*range(0xE80, 0xF00)} | SHARED),
    ("NotoSansKhmer-Regular.ttf", -1, "Narra Sans Khmer", "Regular", {*range(0x1780, 0x1800)} | SHARED),
    (
        "NotoSansMyanmar-Regular.ttf", -1, "Narra Sans Myanmar", "Regular",
        {*range(0x1000, 0x10A0), *range(0xAA60, 0xAA80)} | SHARED,
    ),
    ("NotoSansTamil-Regular.ttf", -1, "Narra Sans Tamil", "Regular", {*range(0xB80, 0xC00), 0x964, 0x965} | SHARED),
    ("NotoSansCJK-Regular.ttc", 1, "Narra Sans Korean", "Regular", HANGUL | CJK_SIGNS | SHARED),
    ("NotoSansCJK-Bold.ttc", 1, "Narra Sans Korean", "Bold", HANGUL | CJK_SIGNS | SHARED),
    ("NotoSansCJK-Regular.ttc", 2, "Narra Sans Han", "Regular", HAN | KANA | SHARED),
)  # fmt: skip


def main(noto: Path, out: Path) -> None:
    """Cut every font and write down what they cover."""
    out.mkdir(parents=True, exist_ok=True)
    covered: dict[str, list[list[int]]] = {}
    for name, number, family, style, kept in FONTS:
        font = TTFont(next(noto.rglob(name)), fontNumber=number)
        options = subset.Options(hinting=False, notdef_outline=True, layout_features=["*"])
        options.name_IDs = [0, 1, 2, 4, 6, 13, 14]
        options.drop_tables += ["vhea", "vmtx", "VORG", "DSIG"]
        if number >= 0:  # the CJK fonts carry shapes for vertical text and for other regions
            options.layout_features = ["ccmp", "ljmo", "vjmo", "tjmo", "kern", "palt", "mark", "mkmk"]
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=kept)
        cutter.subset(font)
        rename(font, family, style)
        kind = "otf" if "CFF " in font else "ttf"
        path = out / f"{family.replace(' ', '')}-{style}.{kind}"
        font["head"].modified = font["head"].created
        font.recalcTimestamp = False
        font.save(path)
        if style == "Regular":
            covered[family] = ranges(font.getBestCmap())
        print(f"{path.name}: {path.stat().st_size:,} bytes, {len(font.getBestCmap()):,} characters")
    (out / "coverage.json").write_text(json.dumps(covered) + "\n", encoding="utf-8")


def rename(font: TTFont, family: str, style: str) -> None:
    """Give the font its own name; the copyright and the licence stay."""
    table = font["name"]
    for record in list(table.names):
        if record.nameID in {1, 2, 4, 6} and record.platformID != WINDOWS:
            table.removeNames(record.nameID, record.platformID)
    full = f"{family} {style}"
    for number, text in ((1, family), (2, style), (4, full), (6, full.replace(" ", "-"))):
        table.removeNames(number)
        table.setName(text, number, WINDOWS, 1, 0x409)  # Unicode, English
    if "CFF " in font:
        font["CFF "].cff.fontNames = [full.replace(" ", "-")]


def ranges(points: Iterable[int]) -> list[list[int]]:
    """Write numbers as pairs of first and last."""
    found: list[list[int]] = []
    for point in sorted(points):
        if found and found[-1][1] == point - 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

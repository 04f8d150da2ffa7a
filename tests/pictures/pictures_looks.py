"""How a chart looks, so that two pictures of it can be compared whatever fonts they are set in.

A picture is taken apart into layers: the ink of each colour of the report, rules (axes and
grid: long thin lines), and text. Of each layer two things are compared: how much ink there
is, and whether every block of ink has some of the same ink near it in the other picture. A
font moves text and, a little, all that stands beside it; a series, an interval, an axis or
a legend that vanishes takes its ink with it.
"""

from __future__ import annotations

import html
import io
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from results.outputs import pictures
from results.outputs.blocks import Chart, read_page

STORED: Final = Path(__file__).parent / "stored"
# Drawn as files of the report.
CHARTS: Final = (
    "brand-series", "composition", "attention-series", "members", "timeline-attention-korea", "levels-korea",
    "frames-korea", "awareness-korea-KR-ASEAN",
)  # fmt: skip
# Drawn by the browser, on a wide light screen and on a dark phone.
SHOWN: Final = ("attention-series", "members", "awareness-korea-KR-ASEAN")
SCREENS: Final = {"light": (900, 460), "dark": (390, 520)}
BROWSER: Final = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--virtual-time-budget=10000",
    "--force-device-scale-factor=1",
)  # fmt: skip
_DARK: Final = ("--force-dark-mode", "--blink-settings=preferredColorScheme=0")

_COLOURS: Final = ("korea", "asean", "third")
_MARGIN: Final = 16  # pixels: what a font may change a picture's size by
_RUN: Final = 24  # pixels: no stroke of a letter is as long
_FAINT: Final = 0.17  # of a colour's strength: less is a letter's edge
_ALIKE: Final = 0.8  # cosine of two hues
_LITTLE: Final = 256.0  # pixels of ink: of a layer with less, that share is meant
_STEP: Final = 17  # of a stored colour

Layer = NDArray[np.float64]
Palette = Mapping[str, tuple[int, int, int]]


@dataclass(frozen=True)
class Tolerance:
    """What may differ.

    Attributes:
        ink: by which share of all ink.
        block: side of a block, in pixels.
        moved: how many blocks ink may have moved.
        least: ink of a block that counts, from 0 to 1.
    """

    ink: float
    block: int
    moved: int
    least: float


# Text differs with its font; marks and rules hardly do.
_TOLERANCES: Final = {"text": Tolerance(0.4, 16, 2, 0.1), "rules": Tolerance(0.2, 16, 1, 0.05)}
_OF_COLOURS: Final = Tolerance(0.08, 8, 1, 0.1)


# -- pictures ------------------------------------------------------------


def charts(page: str) -> dict[str, dict[str, Any]]:
    """Give the specifications of a report's charts, by name."""
    return {block.name: block.spec for block in read_page(page).blocks if isinstance(block, Chart)}


def drawn(spec: dict[str, Any]) -> Image.Image:
    """Draw a chart as the report's files have it, a pixel a point."""
    return Image.open(io.BytesIO(pictures.png(pictures.svg(spec), scale=1))).convert("RGB")


def shown(page: str, name: str, screen: str, chromium: str, folder: Path) -> Image.Image:
    """Take a picture of one figure of a report in the browser, with the page's own style and scripts."""
    alone = folder / f"{name}-{screen}.html"
    alone.write_text(only(page, name), encoding="utf-8")
    picture = folder / f"{name}-{screen}.png"
    width, height = SCREENS[screen]
    command = [
        chromium, *BROWSER, *(_DARK if screen == "dark" else ()), f"--user-data-dir={folder / 'profile'}",
        f"--window-size={width},{height}", f"--screenshot={picture}", alone.as_uri(),
    ]  # fmt: skip
    subprocess.run(command, capture_output=True, timeout=120, check=True)
    return Image.open(picture).convert("RGB")


def only(page: str, name: str) -> str:
    """Give a page with one of its figures, and its scripts; without its buttons, which are all text."""
    head, _, body = page.partition("<body>")
    found = re.search(rf'<figure>(?:(?!</figure>).)*data-chart="{re.escape(name)}".*?</figure>', body, re.DOTALL)
    if found is None:
        raise KeyError(html.unescape(name))
    scripts = body[body.index("</footer>") + len("</footer>") :]
    figure = re.sub(r'<div class="choices".*?</div>', "", found[0], flags=re.DOTALL)
    return f"{head}<body>\n{figure}\n{scripts}"


def small(picture: Image.Image) -> bytes:
    """Give a picture as a small PNG: each colour rounded to sixteen steps."""
    out = io.BytesIO()
    _rounded(picture).quantize(256, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _rounded(picture: Image.Image) -> Image.Image:
    return Image.fromarray((np.round(np.asarray(picture) / _STEP) * _STEP).astype(np.uint8))


def stored(name: str) -> Image.Image:
    """Give a stored picture."""
    return Image.open(STORED / f"{name}.png").convert("RGB")


def palette(screen: str = "light") -> Palette:
    """Give the colours of the report's style sheet, by the name of their variable."""
    style = (files("results") / "templates" / "report.css").read_text(encoding="utf-8")
    begins = style.index(":root", style.index("prefers-color-scheme: dark") if screen == "dark" else 0)
    block = style[begins : style.index("}", begins)]
    return {
        name: (int(r, 16), int(g, 16), int(b, 16))
        for name, r, g, b in re.findall(r"--([a-z]+):\s*#(\w\w)(\w\w)(\w\w);", block)
    }


# -- comparing -----------------------------------------------------------


def differences(seen: Image.Image, before: Image.Image, colours: Palette) -> list[str]:
    """Say in which layers two pictures of a chart differ by more than fonts explain."""
    wide, high = max(seen.width, before.width), max(seen.height, before.height)
    if wide - min(seen.width, before.width) > _MARGIN or high - min(seen.height, before.height) > 2 * _MARGIN:
        return [f"it is {seen.width} by {seen.height} pixels, and was {before.width} by {before.height}"]
    one, other = (layers(_rounded(_on_paper(p, wide, high, colours["paper"])), colours) for p in (seen, before))
    return [said for name in one for said in _apart(name, one[name], other[name])]


def _on_paper(picture: Image.Image, width: int, height: int, paper: tuple[int, int, int]) -> Image.Image:
    sheet = Image.new("RGB", (width, height), paper)
    sheet.paste(picture, (0, 0))
    return sheet


def layers(picture: Image.Image, colours: Palette) -> dict[str, Layer]:
    """Give each layer's ink by pixel, from 0 to 1."""
    pixels = np.asarray(picture, dtype=np.float64)
    grey = pixels.mean(axis=2)
    found = _coloured(pixels - grey[..., None], colours)
    apart = np.abs(grey - np.mean(colours["paper"])) * (1 - np.minimum(1, sum(found.values())))
    rule = abs(np.mean(colours["rule"]) - np.mean(colours["paper"]))
    rules = _runs((apart > rule / 5) & (apart < 2 * rule))
    text = np.minimum(1, apart / abs(np.mean(colours["quiet"]) - np.mean(colours["paper"])))
    return {**found, "rules": rules.astype(float), "text": np.where(rules | (text < _FAINT), 0, text)}


def _coloured(tints: NDArray[np.float64], colours: Palette) -> dict[str, Layer]:
    lengths = np.linalg.norm(tints, axis=2)
    bases = {name: np.array(colours[name]) - np.mean(colours[name]) for name in _COLOURS}
    along = {name: tints @ base for name, base in bases.items()}
    alike = np.stack([along[n] / np.maximum(lengths * np.linalg.norm(bases[n]), 1e-9) for n in _COLOURS])
    nearest = alike.argmax(axis=0)
    strong = {name: along[name] / (bases[name] @ bases[name]) for name in _COLOURS}
    return {
        name: np.where((nearest == n) & (alike[n] > _ALIKE) & (strong[name] > _FAINT), np.minimum(1, strong[name]), 0)
        for n, name in enumerate(_COLOURS)
    }


def _runs(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Keep what lies in a long row or column."""
    return _long(mask) | _long(mask.T).T


def _long(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    sums = np.cumsum(np.pad(mask.astype(int), ((0, 0), (1, 0))), axis=1)
    begins = sums[:, _RUN:] - sums[:, :-_RUN] == _RUN
    kept = np.zeros_like(mask)
    for offset in range(_RUN):
        kept[:, offset : offset + begins.shape[1]] |= begins
    return kept


def _apart(name: str, one: Layer, other: Layer) -> list[str]:
    allowed = _TOLERANCES.get(name, _OF_COLOURS)
    said = []
    now, before = float(one.sum()), float(other.sum())
    if abs(now - before) > allowed.ink * max(before, _LITTLE):
        said.append(f"{name}: {now:.0f} pixels of ink, and there were {before:.0f}")
    a, b = _blocks(one, allowed.block), _blocks(other, allowed.block)
    gone = (b > allowed.least) & (_near(a, allowed.moved) < b / 3)
    new = (a > allowed.least) & (_near(b, allowed.moved) < a / 3)
    for mask, what in ((gone, "gone"), (new, "new")):
        if mask.any():
            row, column = np.argwhere(mask)[0]
            where = f"x {column * allowed.block}, y {row * allowed.block}"
            said.append(f"{name}: ink of {int(mask.sum())} blocks is {what}, the first at {where}")
    return said


def _blocks(layer: Layer, side: int) -> Layer:
    high, wide = (-(-n // side) * side for n in layer.shape)
    whole = np.zeros((high, wide))
    whole[: layer.shape[0], : layer.shape[1]] = layer
    return whole.reshape(high // side, side, wide // side, side).mean(axis=(1, 3))


def _near(blocks: Layer, far: int) -> Layer:
    """Give the most ink of any block not farther away than so many."""
    padded = np.pad(blocks, far)
    height, width = blocks.shape
    shifts = [padded[y : y + height, x : x + width] for y in range(2 * far + 1) for x in range(2 * far + 1)]
    return np.max(shifts, axis=0)

"""Charts as files: SVG to be placed anywhere, PNG where only pixels will do. Offline, in light colours."""

from __future__ import annotations

import html
import json
import re
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import altair as alt
import vl_convert

from results.outputs import fonts
from results.outputs.typesetting import typeset

WIDTH: Final = 680  # points: what a printed page's text is wide
_VARIABLE: Final = re.compile(r"var\((--[a-z-]+)\)")
_SETTING: Final = re.compile(r"(--[a-z-]+):\s*([^;]+);")
_TEXT: Final = re.compile(r"<text\b(?P<attributes>[^>]*)>(?P<words>[^<]+)</text>")
_ATTRIBUTE: Final = re.compile(r'([a-z-]+)="([^"]*)"')
_SIZE: Final = re.compile(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')
# One page a label; its baseline is one em below the page's top.
_LABELS: Final = """
#set page(width: auto, height: auto, margin: 0pt, fill: none)
#set text(font: json(bytes(sys.inputs.families)), top-edge: 1em, bottom-edge: -0.5em)
#for label in json(bytes(sys.inputs.labels)) {
  page(text(size: label.size * 1pt, weight: if label.bold { "bold" } else { "regular" }, label.words))
}
"""
# A reader's program that lacks our fonts takes the next of these it has.
_FONT: Final = ", ".join([*fonts.FAMILIES, "Noto Sans", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"])


def svg(spec: dict[str, Any], width: int = WIDTH) -> bytes:
    """Draw a chart of the report as SVG.

    Args:
        spec: Vega-Lite, as `results.charts.Picture` has it: colours may be CSS variables of the report.
        width: of the whole picture, in points.

    Raises:
        KeyError: the report's style sheet has no such variable.
    """
    _use_fonts()
    drawn = vl_convert.vegalite_to_svg(_on_paper(spec, width), vl_version=_version(), allowed_base_urls=[])
    return _outlined(str(drawn)).encode()


def png(picture: bytes, *, scale: float = 2) -> bytes:
    """Draw an SVG picture of `svg` as PNG on white.

    Typst draws it and not vl-convert, which takes whatever fonts a machine has.

    Args:
        picture: SVG.
        scale: pixels a point.
    """
    page = (
        "#set page(width: auto, height: auto, margin: 8pt, fill: white)\n"
        '#image(bytes(sys.inputs.picture), format: "svg")'
    )
    return typeset(page.encode(), "png", {"picture": picture.decode()}, ppi=72 * scale)[0]


def _outlined(drawn: str) -> str:
    """Turn labels in scripts that need shaping, or that a reader may have no font for, into outlines.

    What draws SVG sign by sign (resvg, which both vl-convert and Typst use) sets parts of Khmer,
    Burmese and Tamil words on top of each other; Typst's own setting of text does not.
    """
    labels = [found for found in _TEXT.finditer(drawn) if not _plain(html.unescape(found["words"]))]
    outlines = iter(_outlines([_label(found) for found in labels]))
    return _TEXT.sub(lambda found: found[0] if _plain(html.unescape(found["words"])) else next(outlines), drawn)


def _plain(words: str) -> bool:
    return all(family == fonts.FAMILIES[0] for family, _ in fonts.runs(words))


def _label(found: re.Match[str]) -> dict[str, Any]:
    """Read a label: its words, size in points, and attributes as they stand."""
    attributes = dict(_ATTRIBUTE.findall(found["attributes"]))
    return {
        "words": html.unescape(found["words"]),
        "size": float(attributes.get("font-size", "11px").removesuffix("px")),
        "bold": attributes.get("font-weight") == "bold",
        "attributes": attributes,
    }


def _outlines(labels: list[dict[str, Any]]) -> list[str]:
    if not labels:
        return []
    asked = json.dumps([{"words": x["words"], "size": x["size"], "bold": x["bold"]} for x in labels])
    pages = typeset(_LABELS.encode(), "svg", {"labels": asked, "families": json.dumps(fonts.FAMILIES)})
    return [_placed(n, label, page.decode()) for n, (label, page) in enumerate(zip(labels, pages, strict=True))]


def _placed(number: int, label: dict[str, Any], page: str) -> str:
    """Put an outline where its label stood, its baseline on the label's."""
    attributes = label["attributes"]
    size = _SIZE.search(page)
    assert size is not None  # noqa: S101 Typst's SVG has a view box
    width = float(size[1])
    left = {"end": -width, "middle": -width / 2}.get(attributes.get("text-anchor", "start"), 0.0)
    # Outlines are named by what they show; two labels may hold the same sign.
    own = page.replace('id="g', f'id="t{number}-g').replace('href="#g', f'href="#t{number}-g')
    own = own.replace('fill="#000000"', f'fill="{attributes.get("fill", "#000")}"')
    own = own.replace("<svg ", f'<svg x="{left:g}" y="{-label["size"]:g}" overflow="visible" ', 1)
    own = own.replace(f'width="{size[1]}pt" height="{size[2]}pt"', f'width="{size[1]}" height="{size[2]}"', 1)
    kept = "".join(f' {k}="{v}"' for k, v in attributes.items() if k in {"transform", "opacity"})
    return f'<g{kept} role="img" aria-label="{html.escape(label["words"])}">{own}</g>'


def _printable(part: Any) -> Any:  # noqa: ANN401 any part of a JSON document
    """Put notes in the place of signs that no font has, wherever text stands."""
    if isinstance(part, str):
        return fonts.shown(part)
    if isinstance(part, dict):
        return {key: _printable(value) for key, value in part.items()}
    return [_printable(value) for value in part] if isinstance(part, list) else part


@lru_cache(maxsize=1)
def _use_fonts() -> None:
    # Labels are measured with these; for all charts of the process, as vl-convert keeps them.
    vl_convert.register_font_directory(str(fonts.folder()))


def _version() -> str:
    """Give the version of Vega-Lite that altair writes for."""
    return ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])


def _on_paper(spec: dict[str, Any], width: int) -> dict[str, Any]:
    """Give the specification with fixed width and font, and colours instead of CSS variables."""
    colours = light_colours()
    resolved = _printable(json.loads(_VARIABLE.sub(lambda found: colours[found[1]], json.dumps(spec))))
    config = {**resolved.get("config", {}), "font": _FONT}
    config["autosize"] = {"type": "fit", "contains": "padding"} if _one_frame(resolved) else {"type": "pad"}
    sized = {**resolved, "config": config}
    if sized.get("width") == "container":
        sized["width"] = width
    return sized


def _one_frame(spec: dict[str, Any]) -> bool:
    return not {"facet", "hconcat", "vconcat", "concat", "repeat", "columns"} & set(spec)


@lru_cache(maxsize=1)
def light_colours() -> dict[str, str]:
    """Give the report's CSS variables as they stand in light mode."""
    style = (files("results") / "templates" / "report.css").read_text(encoding="utf-8")
    first = style[style.index(":root") : style.index("}")]
    return {name: value.strip() for name, value in _SETTING.findall(first)}

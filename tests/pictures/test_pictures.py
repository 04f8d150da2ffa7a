"""Key charts of the sample's report look as the stored pictures do, in files and in the browser, whatever the font."""

from __future__ import annotations

import copy
import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pictures_looks import CHARTS, SCREENS, SHOWN, STORED, charts, differences, drawn, palette, shown, small, stored
from PIL import Image
from typer.testing import CliRunner

import narra
from results.outputs import pictures

Spec = dict[str, Any]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
RENEW = "If this is meant to be seen: uv run python tests/pictures/renew.py"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("pictures") / "demo"
    result = CliRunner().invoke(narra.app, ["demo", "--no-open", str(folder)])
    assert result.exit_code == 0, result.output
    return (folder / "reports" / narra.DEMO_QUARTER / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def specs(page: str) -> dict[str, Spec]:
    return charts(page)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    return tmp_path_factory.mktemp("browser")


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_looks_as_it_did(name: str, specs: dict[str, Spec]) -> None:
    assert differences(drawn(specs[name]), stored(name), palette()) == [], RENEW


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("name", SHOWN)
def test_a_chart_looks_as_it_did_in_the_browser(name: str, screen: str, page: str, folder: Path) -> None:
    assert CHROMIUM is not None
    seen = shown(page, name, screen, CHROMIUM, folder)
    assert differences(seen, stored(f"{name}-{screen}"), palette(screen)) == [], RENEW


def test_stored_pictures_are_small_and_all_are_looked_at() -> None:
    held = {path.stem: path.stat().st_size for path in STORED.glob("*.png")}
    assert set(held) == {*CHARTS, *(f"{name}-{screen}" for name in SHOWN for screen in SCREENS)}
    assert max(held.values()) < 12_000


# -- that these tests can fail ---------------------------------------------


def rows(spec: Spec) -> list[dict[str, Any]]:
    """Give the rows of the largest table of a chart."""
    return max(spec["datasets"].values(), key=len)  # type: ignore[no-any-return]


def without_intervals(spec: Spec) -> None:
    spec["layer"] = [layer for layer in spec["layer"] if layer["mark"]["type"] != "rule"]


def without_points(spec: Spec) -> None:
    spec["layer"] = [layer for layer in spec["layer"] if layer["mark"]["type"] != "point"]


def without_one_series(spec: Spec) -> None:
    held = rows(spec)
    field = next(f for f in ("group", "quarter") if len({row[f] for row in held}) > 1)
    last = max(row[field] for row in held)
    held[:] = [row for row in held if row[field] != last]


def without_one_interval(spec: Spec) -> None:
    widest = max(rows(spec), key=lambda row: row["high"] - row["low"])
    widest["low"] = widest["high"] = widest["value"]


def without_legend(spec: Spec) -> None:
    for layer in spec["layer"]:
        for channel in {"color", "shape"} & set(layer["encoding"]):
            layer["encoding"][channel]["legend"] = None


def without_axes(spec: Spec) -> None:
    spec["config"]["axis"] |= {"grid": False, "domain": False, "ticks": False}


def without_labels(spec: Spec) -> None:
    spec["config"]["axis"] |= {"labels": False}


def without_colours(spec: Spec) -> None:
    for layer in spec["layer"]:
        if "scale" in layer["encoding"].get("color", {}):
            layer["encoding"]["color"]["scale"]["range"] = ["var(--ink)"] * 4


def on_another_scale(spec: Spec) -> None:
    longest = max(row["high"] for row in rows(spec))
    for layer in spec["layer"]:
        for channel in {"x", "y"} & set(layer["encoding"]):
            if layer["encoding"][channel].get("type") == "quantitative":
                layer["encoding"][channel]["scale"] = {"domainMax": 1.5 * longest}


Change = Callable[[Spec], None]
HARM: tuple[tuple[str, Change], ...] = (
    *((name, without_intervals) for name in CHARTS),
    *((name, without_points) for name in CHARTS),
    *((name, without_axes) for name in CHARTS),
    *((name, without_labels) for name in CHARTS),
    *((name, without_legend) for name in ("composition", "attention-series", "members", "frames-korea", CHARTS[-1])),
    *((name, without_colours) for name in ("composition", "attention-series", "members", "frames-korea", CHARTS[-1])),
    *((name, without_one_series) for name in ("composition", "attention-series", "members", "frames-korea")),
    *((name, without_one_series) for name in (CHARTS[-1],)),
    *((name, without_one_interval) for name in ("brand-series", "composition", "attention-series", "members")),
    *((name, without_one_interval) for name in ("frames-korea", CHARTS[-1])),
    *((name, on_another_scale) for name in ("brand-series", "attention-series", CHARTS[-1])),
)


@pytest.mark.parametrize(("name", "change"), HARM, ids=lambda one: one if isinstance(one, str) else one.__name__)
def test_what_vanishes_is_seen(name: str, change: Change, specs: dict[str, Spec]) -> None:
    harmed = copy.deepcopy(specs[name])
    change(harmed)
    assert differences(drawn(harmed), stored(name), palette())


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize(("font", "size"), [("Narra Sans Korean", 1.0), ("Narra Sans Thai", 1.08)])
def test_another_font_is_no_difference(name: str, font: str, size: float, specs: dict[str, Spec]) -> None:
    svg = pictures.svg(specs[name]).decode()
    other = re.sub(r'font-family="[^"]*"', f'font-family="{font}"', svg)
    other = re.sub(r'font-size="([0-9.]+)px"', lambda found: f'font-size="{float(found[1]) * size:g}px"', other)
    assert other != svg
    seen = Image.open(io.BytesIO(pictures.png(other.encode(), scale=1))).convert("RGB")
    assert differences(seen, stored(name), palette()) == []


@pytest.mark.parametrize("font", ["serif", "monospace"])
def test_another_font_is_no_difference_in_the_browser(font: str, page: str, folder: Path) -> None:
    assert CHROMIUM is not None
    name, screen = "attention-series", "light"
    other = re.sub(r'"font": "(?:[^"\\]|\\.)*"', f'"font": "{font}"', page)
    other = other.replace("--sans:", f"--sans: {font};\n  --unused:")
    assert other != page
    seen = shown(other, name, screen, CHROMIUM, folder)
    assert small(seen) != (STORED / f"{name}-{screen}.png").read_bytes()
    assert differences(seen, stored(f"{name}-{screen}"), palette(screen)) == []


def test_a_chart_that_is_not_drawn_in_the_browser_is_seen(page: str, folder: Path) -> None:
    assert CHROMIUM is not None
    broken = page.replace("vegaEmbed(figure", "vegaEmbed_(figure")  # our script is then none that the policy lets run
    assert broken != page
    seen = shown(broken, "members", "dark", CHROMIUM, folder)
    assert differences(seen, stored("members-dark"), palette("dark"))

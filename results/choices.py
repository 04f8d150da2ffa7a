"""Series of a chart that a reader of the page may hide and show again.

A chart whose series are told by colour gets a parameter, ``hidden``, and leaves out what is named
in it. It begins empty, so that a picture on paper shows everything.
"""

from __future__ import annotations

from typing import Any, Final

HIDDEN: Final = "hidden"


def choices(spec: dict[str, Any]) -> tuple[str, ...]:
    """Give the names of a chart's series, in the order of its legend; none where there are fewer than two."""
    found = _told_by_colour(spec)
    return found[1] if found else ()


def with_choices(spec: dict[str, Any]) -> dict[str, Any]:
    """Let the series of a chart be hidden.

    Args:
        spec: Vega-Lite, in layers.

    Returns:
        another specification; the same where there is nothing to choose.
    """
    found = _told_by_colour(spec)
    if not found:
        return spec
    kept = {"filter": f"indexof({HIDDEN}, datum[{found[0]!r}]) < 0"}
    layers = [{**layer, "transform": [kept, *layer.get("transform", ())]} for layer in spec["layer"]]
    return {**spec, "layer": layers, "params": [*spec.get("params", ()), {"name": HIDDEN, "value": []}]}


def _told_by_colour(spec: dict[str, Any]) -> tuple[str, tuple[str, ...]] | None:
    for layer in spec.get("layer", ()):
        colour = layer.get("encoding", {}).get("color", {})
        names = (colour.get("scale") or {}).get("domain", ()) if "field" in colour else ()
        if len(names) > 1:
            return colour["field"], tuple(names)
    return None

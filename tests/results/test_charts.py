from __future__ import annotations

import json

import vl_convert

from results.charts import Picture, pictures
from results.quarterly import QuarterResults


def drawn(results: QuarterResults) -> dict[str, Picture]:
    return pictures(results)


def test_all_charts_are_drawn_with_intervals(results: QuarterResults) -> None:
    found = drawn(results)
    assert set(found) == {"brand-series", "composition", "attention-series", "weeks", "members", "symmetry"}
    for picture in found.values():
        marks = [layer["mark"]["type"] for layer in picture.spec["layer"]]
        assert marks[-2:] == ["rule", "point"]
        assert picture.spec["width"] == "container"


def test_shares_begin_at_zero(results: QuarterResults) -> None:
    for name, picture in drawn(results).items():
        for layer in picture.spec["layer"]:
            for channel in ("x", "y"):
                encoding = layer["encoding"].get(channel, {})
                if encoding.get("type") == "quantitative" and name != "symmetry":
                    assert encoding["scale"]["zero"] is True


def test_charts_are_valid_and_name_no_address(results: QuarterResults) -> None:
    for picture in drawn(results).values():
        assert "http" not in json.dumps(picture.spec)
        svg = vl_convert.vegalite_to_svg(picture.spec)
        assert svg.count("<path") > 3


def test_the_alternative_holds_every_number(results: QuarterResults) -> None:
    picture = drawn(results)["brand-series"]
    for measure in results.series:
        if measure.name == "brand" and measure.value is not None:
            assert f"{measure.value * 100:.1f}" in picture.alternative


def test_what_is_not_drawn_is_named_with_its_reason(results: QuarterResults) -> None:
    missing = drawn(results)["members"].missing
    assert any("Brunei" in said and "no outlet" in said for said in missing)

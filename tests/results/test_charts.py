from __future__ import annotations

import json
import re

import vl_convert

from results.charts import Picture, doublings, pictures
from results.language import speaking
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


def test_in_korean_all_that_is_read_is_korean(results: QuarterResults) -> None:
    with speaking("ko"):
        korean = drawn(results)
    for name, picture in korean.items():
        assert re.findall("[A-Za-z]{4,}", picture.title) == [], name
        for layer in picture.spec["layer"]:
            for channel in layer["encoding"].values():
                read = [one.get("title") for one in (channel if isinstance(channel, list) else [channel])]
                assert [title for title in read if title and not re.search("[가-힣]", title)] == []
    quarters = korean["brand-series"].spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert quarters[-1] == "2026년 3분기"
    assert {row["quarter"] for rows in korean["brand-series"].spec["datasets"].values() for row in rows} <= set(
        quarters
    )


def test_a_quotation_mark_does_not_end_an_expression() -> None:
    axis = doublings("l'égal \\").to_dict()
    spec = {
        "data": {"values": [{"x": 0}, {"x": 1}]},
        "mark": "point",
        "encoding": {"x": {"field": "x", "type": "quantitative", "axis": axis}},
    }
    assert "l'égal \\" in vl_convert.vegalite_to_svg(spec).replace("&#39;", "'").replace("&#x27;", "'")

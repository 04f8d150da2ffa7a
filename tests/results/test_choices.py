from __future__ import annotations

from results.charts import attention_series, brand_series, members
from results.choices import HIDDEN, choices, with_choices
from results.quarterly import QuarterResults


def test_the_series_told_by_colour_can_be_chosen(results: QuarterResults) -> None:
    picture = attention_series(results)
    assert picture is not None
    assert choices(picture.spec) == ("ASEAN in Korea's narrative", "Korea in ASEAN's narrative")


def test_every_layer_leaves_out_what_is_hidden(results: QuarterResults) -> None:
    picture = members(results)
    assert picture is not None
    spec = with_choices(picture.spec)
    assert spec["params"] == [{"name": HIDDEN, "value": []}]
    assert [layer["transform"][0]["filter"] for layer in spec["layer"]] == ["indexof(hidden, datum['group']) < 0"] * 2
    assert "params" not in picture.spec  # the other is left as it was


def test_one_series_is_no_choice(results: QuarterResults) -> None:
    picture = brand_series(results)
    assert picture is not None
    assert choices(picture.spec) == ()
    assert with_choices(picture.spec) is picture.spec

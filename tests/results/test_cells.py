from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic import row

from corpus.calendar import Quarter
from corpus.errors import NoAnswerError
from corpus.model import Count
from results.cells import matrix, panel, tabulate

Q = Quarter(2026, 3)
ROWS = [
    row("KR:a", "2026-07-01", "*", 10, sentences=80, headlines=9),
    row("KR:a", "2026-07-01", "ASEAN", 3, 2, sentences=5, headlines=1),
    row("KR:a", "2026-07-09", "*", 4),
    row("KR:b", "2026-08", "*", 6),
    row("KR:b", "2026-08", "ASEAN", 1),
    row("KR:c", "2026-09-30", "*", 4),
    row("KR:a", "2026", "*", 100),
    row("KR:a", "2026-06-30", "*", 50),
]


def test_a_matrix_holds_each_outlet_and_week() -> None:
    table = tabulate(ROWS, "named")
    outlets = panel(table, "korea", Q, minimum=5)
    assert outlets == ("KR:a", "KR:b")
    cells = matrix(table, "korea", Q, "ASEAN", outlets=outlets)
    assert cells.blocks == ("2026-08", "2026-W27", "2026-W28")
    assert cells.numerators.tolist() == [[0, 3, 0], [1, 0, 0]]
    assert cells.denominators.tolist() == [[0, 10, 4], [6, 0, 0]]
    assert cells.present.tolist() == [[False, True, True], [True, False, False]]
    assert cells.documents.tolist() == [14, 6]


@pytest.mark.parametrize(("unit", "above", "below"), [("stories", 2, 10), ("headlines", 1, 9), ("sentences", 5, 80)])
def test_each_unit_has_its_own_numbers(unit: str, above: int, below: int) -> None:
    table = tabulate(ROWS[:2], "named")
    cells = matrix(table, "korea", Q, "ASEAN", unit=unit, outlets=("KR:a",))  # type: ignore[arg-type]
    assert (cells.numerators.sum(), cells.denominators.sum()) == (above, below)


def test_a_document_dated_to_the_year_is_in_no_quarter() -> None:
    table = tabulate(ROWS, "named")
    assert matrix(table, "korea", Q, "ASEAN", outlets=("KR:a",)).denominators.sum() == 14
    assert table.quarters() == (Quarter(2026, 2), Q)


def test_a_share_may_be_taken_among_what_names_something() -> None:
    rows = [*ROWS, row("KR:a", "2026-07-01", "ASEAN|SEA", 8)]
    cells = matrix(tabulate(rows, "named"), "korea", Q, "ASEAN", among="ASEAN|SEA", outlets=("KR:a",))
    assert (cells.numerators.sum(), cells.denominators.sum()) == (3, 8)


def test_an_outlet_with_many_copies_and_few_stories_is_not_in_the_panel_of_stories() -> None:
    table = tabulate([row("KR:a", "2026-07-01", "*", 9, 1), row("KR:b", "2026-07-01", "*", 9)], "named")
    assert panel(table, "korea", Q, unit="stories", minimum=5) == ("KR:b",)
    assert panel(table, "korea", Q, minimum=5) == ("KR:a", "KR:b")


def test_a_country_keeps_its_own_outlets() -> None:
    rows = [row(o, "2026-07-01", "*", 9, narrative="asean") for o in ("TH:a", "THX:b", "VN:c")]
    assert panel(tabulate(rows, "named"), "asean", Q, minimum=1, country="TH") == ("TH:a",)


def test_the_class_asked_for_is_the_class_counted() -> None:
    rows = [
        row("KR:a", "2026-07-01", "*", 9),
        row("KR:a", "2026-07-01", "ID", 2),
        row("KR:a", "2026-07-01", "ID", 4, form_class="named+capital"),
        row("KR:a", "2026-07-01", "ID", 2, form_class="capital"),
    ]
    for form_class, expected in (("named", 2), ("named+capital", 4)):
        cells = matrix(tabulate(rows, form_class), "korea", Q, "ID", outlets=("KR:a",))
        assert cells.numerators.sum() == expected


def test_counts_that_contradict_themselves_are_refused() -> None:
    table = tabulate([row("KR:a", "2026-07-01", "*", 2), row("KR:a", "2026-07-01", "ASEAN", 3)], "named")
    with pytest.raises(NoAnswerError, match="exceed"):
        matrix(table, "korea", Q, "ASEAN", outlets=("KR:a",))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 28), st.integers(0, 9)), min_size=1), st.randoms())
def test_rows_may_be_split_and_come_in_any_order(cells: list[tuple[str, int, int]], random: object) -> None:
    whole = [row(f"KR:{o}", f"2026-07-{d:02}", "*", n) for o, d, n in cells]
    split = [
        part
        for r in whole
        for part in (
            row(r.outlet, r.day, "*", r.documents // 2, language="ko"),
            row(r.outlet, r.day, "*", r.documents - r.documents // 2, language="en"),
        )
    ]
    random.shuffle(split)  # type: ignore[attr-defined]
    outlets = ("KR:a", "KR:b", "KR:c")
    one, other = (matrix(tabulate(rows, "named"), "korea", Q, "ASEAN", outlets=outlets) for rows in (whole, split))
    assert one.blocks == other.blocks
    assert np.array_equal(one.denominators, other.denominators)


def test_other_frames_are_not_added() -> None:
    framed = Count("korea", "KR:a", "ko", "news", "2026-07-01", "ASEAN", "named", "summit", 2, 2, 2, 2)
    rows = [row("KR:a", "2026-07-01", "*", 9), row("KR:a", "2026-07-01", "ASEAN", 3), framed]
    assert matrix(tabulate(rows, "named"), "korea", Q, "ASEAN", outlets=("KR:a",)).numerators.sum() == 3

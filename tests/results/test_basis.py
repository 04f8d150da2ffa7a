from __future__ import annotations

from synthetic import Habit, document, fill

from corpus.calendar import Quarter
from corpus.model import Refusal
from corpus.settings import Settings
from corpus.store import Store
from results.basis import basis
from results.quarterly import QuarterResults


def test_the_sides_add_up(store: Store, results: QuarterResults, settings: Settings) -> None:
    found = basis(store, results.quarter, settings.measure.kinds, 5, results.weeks)
    assert [side.narrative for side in found.sides] == ["korea", "asean"]
    for side in found.sides:
        assert side.documents == sum(n for _, n in side.languages)
        assert side.documents == sum(o.documents for o in found.outlets if o.narrative == side.narrative)
    assert "No outlet of the panel is from Brunei, Timor-Leste." in found.gaps


def test_what_counts_nowhere_is_counted() -> None:
    korea, stranger = Habit("KR", "a", "ko", 1, {}), Habit("US", "b", "en", 1, {})
    with Store.in_memory() as made:
        fill(
            made,
            [
                document(1, korea, "2026-07-01", title="t", body="b"),
                document(2, stranger, "2026-07-01", title="t", body="b"),
                document(3, korea, "2026", title="t", body="b"),
            ],
        )
        run = made.start_run("import")
        made.add_issues(
            run, [Refusal("f", 1, "no text"), Refusal("f", 2, "no text"), Refusal("f", 3, "impossible date")]
        )
        found = basis(made, Quarter(2026, 3), ("news",), 5, ())
    amounts = [n for _, n in found.left_out]
    assert amounts == [1, 0, 1, 0, 0, 0]
    assert found.refused == (("no text", 2), ("impossible date", 1))
    assert not found.outlets[0].in_panel
    assert any("in 14 of 14 weeks" in gap for gap in found.gaps)

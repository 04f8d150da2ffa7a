from __future__ import annotations

from corpus.store import Store
from results.evidence import gather
from results.quarterly import QuarterResults


def test_figures_that_ask_for_the_same_share_their_evidence(store: Store, results: QuarterResults) -> None:
    current = [m for m in results.measures if m.quarter == results.quarter]
    behind = gather(store, current, 3)
    ids = [block.id for block in behind]
    assert len(ids) == len(set(ids))
    first = behind[0]
    assert {"brand", "institution", "attention", "symmetry"} <= {m.name for m in first.figures}
    assert len(first.found) == 3
    for measure in current:
        assert sum(measure in block.figures for block in behind) == len(measure.evidence)


def test_evidence_is_of_the_quarter_the_panel_and_the_name(store: Store, results: QuarterResults) -> None:
    brand = results.one("brand", "ASEAN")
    (block,) = gather(store, [brand], 12)
    outlets = set(brand.evidence[0].outlets)
    for found in block.found:
        assert found.outlet in outlets
        assert "2026-07" <= found.day[:7] <= "2026-09"
        assert found.text[found.start : found.end] == "아세안"
    assert block.total == brand.numerator

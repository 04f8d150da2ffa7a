"""Which documents are behind which figure: written beside a report, read when somebody looks into the store.

A figure's documents depend on its panel, so the queries are kept with the report
that was made of them, and not made again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from corpus.calendar import Quarter
from corpus.errors import InputError
from results import words
from results.measure import Measure

FILE: Final = "evidence.json"

Figures = Mapping[str, Mapping[str, Any]]
"""By id: ``quarter``, ``what``, ``said``, ``interval``, ``sample``, ``reason`` in words, and ``queries``, a list of
the arguments of `Store.evidence`."""


def evidence_file(quarter: Quarter, measures: Iterable[Measure]) -> bytes:
    """Write the quarter's figures with the queries behind them, as JSON; the same figures give the same bytes.

    Args:
        quarter: of the report.
        measures: its figures; those that are not of this quarter or of a span that ends with it are left out.
    """
    content = {"quarter": str(quarter), "figures": {m.id: _figure(m) for m in measures if _ends_with(m, quarter)}}
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _ends_with(measure: Measure, quarter: Quarter) -> bool:
    """Tell whether a figure is of a quarter, or of a span that ends with it."""
    return measure.quarter.last == quarter.last


def _figure(measure: Measure) -> dict[str, Any]:
    return {
        "quarter": str(measure.quarter),
        "what": words.title(measure),
        "said": words.value(measure),
        "interval": words.interval(measure),
        "sample": words.sample(measure),
        "reason": measure.reason,
        "queries": [asdict(query) for query in measure.evidence],
    }


def quarters(reports: Path) -> list[str]:
    """Give the quarters whose reports can be looked into, the latest first."""
    return sorted((path.parent.name for path in reports.glob(f"*/{FILE}")), reverse=True)


def read_figures(reports: Path, quarter: str) -> Figures:
    """Read the figures of a report; ``quarter`` "" is the latest.

    Raises:
        InputError: there is no such report, or its file is damaged.
    """
    there = quarters(reports)
    if not there:
        raise InputError("No report of this workspace can be looked into yet. Write one: narra report")
    wanted = quarter or there[0]
    if wanted not in there:
        raise InputError(f"There is no report of {wanted!r}. There are reports of {', '.join(there)}.")
    path = reports / wanted / FILE
    try:
        return dict(json.loads(path.read_text(encoding="utf-8"))["figures"])
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise InputError(f"{path} is damaged ({error}). Write the report again: narra report {wanted}") from None


def figure_queries(reports: Path, quarter: str, figure: str) -> list[dict[str, Any]]:
    """Give the queries behind a figure: one a side.

    Raises:
        InputError: there is no such report or figure.
    """
    figures = read_figures(reports, quarter)
    if figure not in figures:
        raise InputError(f"The report of {quarter or 'the latest quarter'} has no figure {figure!r}.")
    return list(figures[figure]["queries"])

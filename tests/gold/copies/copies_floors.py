"""Compare the finding of copies with the gold pairs, and raise the floors to what it reaches now.

    uv run python tests/gold/copies/copies_floors.py

Every pair stands alone: it is dated so that no other lies within the window, and
found when both texts are of one story. Only the pairs of kind ``boilerplate`` are
put together, as an outlet's texts come; the same pairs, each alone as with an outlet
of which we hold two texts, are ``boilerplate-alone``.

Writes floors.toml: for each kind the share of pairs judged right, and for each
language precision and recall, rounded down. A floor is never lowered: where a value
fell, nothing is written, and it is printed.
"""

from __future__ import annotations

import json
import math
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from corpus.copies import stories
from corpus.store import TextRow

GOLD: Final = Path(__file__).parent
FLOORS: Final = GOLD / "floors.toml"
TOGETHER: Final = "boilerplate"
APART: Final = timedelta(days=30)
Floors = dict[str, dict[str, float]]
Pair = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was said of a pair."""

    language: str
    kind: str
    copy: bool
    found: bool

    @property
    def right(self) -> bool:
        """Whether that is so."""
        return self.copy == self.found


def read_pairs(language: str) -> list[Pair]:
    """Read the pairs of a language."""
    lines = (GOLD / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def languages() -> list[str]:
    """Give the languages that have pairs."""
    return sorted(path.stem for path in GOLD.glob("*.jsonl"))


def judge(language: str, pairs: list[Pair]) -> Iterator[Verdict]:
    """Find the stories of all texts of a language, and look at each pair."""
    together = [pair for pair in pairs if pair["kind"] == TOGETHER]
    alone = [pair for pair in pairs if pair["kind"] != TOGETHER]
    alone += [pair | {"kind": f"{TOGETHER}-alone"} for pair in together]
    for some, apart in ((alone, APART), (together, timedelta(0))):
        texts, places = _texts(language, some, apart)
        story = stories(texts)
        for pair, (one, other) in zip(some, places, strict=True):
            yield Verdict(language, pair["kind"], pair["copy"], story[one] == story[other])


def _texts(language: str, pairs: list[Pair], apart: timedelta) -> tuple[list[TextRow], list[tuple[int, int]]]:
    rows: dict[tuple[str, ...], int] = {}
    places = []
    for number, pair in enumerate(pairs):
        day = str(date(2020, 1, 1) + number * apart)
        keys = [(day, text["outlet"], text["title"], text["body"]) for text in pair["texts"]]
        one, other = (rows.setdefault(key, len(rows) + 1) for key in keys)
        places.append((one, other))
    return [TextRow(row, o, language, day, title, body, "") for (day, o, title, body), row in rows.items()], places


def values(verdicts: Iterable[Verdict]) -> dict[str, Floors]:
    """Give what is reached, rounded down to three decimals."""
    kinds: dict[str, list[Verdict]] = defaultdict(list)
    of_language: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        kinds[verdict.kind].append(verdict)
        of_language[verdict.language].append(verdict)
    return {
        "kind": {kind: {"right": _down(sum(v.right for v in of) / len(of))} for kind, of in sorted(kinds.items())},
        "language": {language: _precision_recall(of) for language, of in sorted(of_language.items())},
    }


def _precision_recall(verdicts: list[Verdict]) -> dict[str, float]:
    both = sum(v.copy and v.found for v in verdicts)
    return {
        "precision": _down(both / max(1, sum(v.found for v in verdicts))),
        "recall": _down(both / max(1, sum(v.copy for v in verdicts))),
    }


def _down(share: float) -> float:
    return math.floor(share * 1000 + 1e-9) / 1000


def read_floors(text: str) -> dict[str, Floors]:
    """Read the content of a floors file."""
    return tomllib.loads(text)


def fallen(reached: dict[str, Floors], floors: dict[str, Floors]) -> list[str]:
    """Say which floors are not reached; one that is gone counts as fallen."""
    return [
        f"{group} {name}: {measure} is {reached.get(group, {}).get(name, {}).get(measure, 0.0):.3f}, floor {floor:.3f}"
        for group, names in floors.items()
        for name, measures in names.items()
        for measure, floor in measures.items()
        if reached.get(group, {}).get(name, {}).get(measure, 0.0) < floor
    ]


def written(reached: dict[str, Floors]) -> str:
    """Give the floors file for these values."""
    lines = ["# Written by tests/gold/copies/copies_floors.py. These only rise."]
    for group, names in reached.items():
        lines += ["", f"[{group}]"]
        lines += [
            f"{name} = {{ {', '.join(f'{measure} = {value:.3f}' for measure, value in measures.items())} }}"
            for name, measures in names.items()
        ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Compare, and write the floors unless one fell."""
    reached = values(v for language in languages() for v in judge(language, read_pairs(language)))
    text = written(reached)
    print(text)  # noqa: T201 a script for people
    fell = fallen(reached, read_floors(FLOORS.read_text(encoding="utf-8"))) if FLOORS.exists() else []
    if fell:
        print("\n".join(fell), file=sys.stderr)  # noqa: T201 the same
        return 1
    FLOORS.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

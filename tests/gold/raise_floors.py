"""Raise the floors of accuracy to what the tagger reaches now.

    uv run python tests/gold/raise_floors.py

Rewrites floors.toml with precision and recall for each language (all entities)
and each entity (all languages), rounded down. A floor is never lowered: where a
value fell, nothing is written, and it is printed.
"""

from __future__ import annotations

import math
import sys
import tomllib
from pathlib import Path
from typing import Final

from nlp.evaluate import Score, compare, read_gold
from nlp.tagger import Tagger

GOLD: Final = Path(__file__).parent
FLOORS: Final = GOLD / "floors.toml"
Floors = dict[str, dict[str, dict[str, float]]]


def scores(tagger: Tagger, folder: Path = GOLD) -> dict[str, dict[str, Score]]:
    """Compare the tagger with every gold file: a score for each language, and for each entity."""
    languages: dict[str, Score] = {}
    entities: dict[str, Score] = {}
    for path in sorted(folder.glob("*.txt")):
        found, _ = compare(tagger, path.stem, read_gold(path))
        languages[path.stem] = found.pop("*", Score())
        for entity, score in found.items():
            entities[entity] = entities.get(entity, Score()) + score
    return {"language": languages, "entity": dict(sorted(entities.items()))}


def values(reached: dict[str, dict[str, Score]]) -> Floors:
    """Give precision and recall, rounded down to three decimals."""
    return {
        kind: {name: {"precision": _down(s.precision), "recall": _down(s.recall)} for name, s in of_kind.items()}
        for kind, of_kind in reached.items()
    }


def _down(share: float) -> float:
    return math.floor(share * 1000 + 1e-9) / 1000


def read_floors(text: str) -> Floors:
    """Read the content of a floors file."""
    return tomllib.loads(text)


def fallen(reached: Floors, floors: Floors) -> list[str]:
    """Say which floors are not reached; one whose language or entity is gone counts as fallen."""
    return [
        f"{kind} {name}: {measure} is {reached.get(kind, {}).get(name, {}).get(measure, 0.0):.3f}, floor {floor:.3f}"
        for kind, names in floors.items()
        for name, measures in names.items()
        for measure, floor in measures.items()
        if reached.get(kind, {}).get(name, {}).get(measure, 0.0) < floor
    ]


def written(floors: Floors) -> str:
    """Write floors as a file."""
    lines = ["# Written by tests/gold/raise_floors.py. Accuracy must not fall below these; they only rise.", ""]
    for kind, names in floors.items():
        lines.append(f"[{kind}]")
        lines += [f"{n} = {{ precision = {m['precision']:.3f}, recall = {m['recall']:.3f} }}" for n, m in names.items()]
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def main(path: Path = FLOORS) -> int:
    """Raise the floors in the file at ``path``."""
    reached = values(scores(Tagger.load()))
    floors = read_floors(path.read_text(encoding="utf-8")) if path.exists() else {}
    if problems := fallen(reached, floors):
        sys.stdout.write("Nothing was written: these fell.\n" + "\n".join(problems) + "\n")
        return 1
    path.write_text(written(reached), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Frame the texts coded by hand with the seeds alone, and raise the floors to what they reach now.

    uv run python tests/gold/frames/frames_floors.py

Writes floors.toml: macro-F1 of each language, F1 of each frame over all languages (both halves),
and the share of directions told rightly, rounded down. A floor is never lowered: where a value
fell, nothing is written, and it is printed.
"""

from __future__ import annotations

import math
import sys
import tomllib
from pathlib import Path
from typing import Final

from nlp.frames import scores
from nlp.frames.evaluate import on_coded, on_directions
from nlp.frames.framer import Framer
from nlp.frames.gold import DIRECTIONS, LABELS
from nlp.frames.model import LANGUAGES
from nlp.tagger import Tagger

GOLD: Final = Path(__file__).parent
FLOORS: Final = GOLD / "floors.toml"
Floors = dict[str, dict[str, float]]


def reached(framer: Framer, tagger: Tagger) -> Floors:
    """Give every figure that has a floor, rounded down to three decimals."""
    pairs = {language: on_coded(framer, language, "all") for language in LANGUAGES}
    classes = scores.by_class([pair for of in pairs.values() for pair in of])
    directions = {path.stem: on_directions(tagger, path.stem, "all") for path in sorted(DIRECTIONS.glob("*.txt"))}
    return {
        "language": {language: _down(scores.macro_f1(of)) for language, of in pairs.items()},
        "frame": {label: _down(classes[label].f1) for label in LABELS},
        "direction": {language: _down(scores.micro_f1(of)) for language, of in directions.items()},
    }


def _down(share: float) -> float:
    return math.floor(share * 1000 + 1e-9) / 1000


def fallen(now: Floors, floors: Floors) -> list[str]:
    """Say which floors are not reached; one that is gone counts as fallen."""
    return [
        f"{kind} {name}: {now.get(kind, {}).get(name, 0.0):.3f}, floor {floor:.3f}"
        for kind, names in floors.items()
        for name, floor in names.items()
        if now.get(kind, {}).get(name, 0.0) < floor
    ]


def read_floors(text: str) -> Floors:
    """Read the content of a floors file."""
    return tomllib.loads(text)


def written(floors: Floors) -> str:
    """Write floors as a file."""
    lines = ["# Written by tests/gold/frames/frames_floors.py. These only rise."]
    for kind, names in floors.items():
        lines += ["", f"[{kind}]", *(f"{name} = {value:.3f}" for name, value in names.items())]
    return "\n".join(lines) + "\n"


def main(path: Path = FLOORS) -> int:
    """Raise the floors in the file at ``path``."""
    now = reached(Framer.load(), Tagger.load())
    floors = read_floors(path.read_text(encoding="utf-8")) if path.exists() else {}
    if problems := fallen(now, floors):
        sys.stdout.write("Nothing was written: these fell.\n" + "\n".join(problems) + "\n")
        return 1
    path.write_text(written(now), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

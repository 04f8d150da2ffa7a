"""How far each frame can be trusted in each language, as data the report reads.

``reliability.toml`` beside this module is written by
``uv run python -m nlp.frames.evaluate --shared ../shared/data --write-reliability``, with the seeds
alone: from the held-out half of the texts coded by hand and, where there are at least `OUTSIDE`
texts, from agreement with categories others assigned, which do not mean quite what our frames mean
and so are a lower bound. What is below `ENOUGH` on either is shown as unreliable.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from nlp.frames import scores
from nlp.frames.gold import LABELS
from nlp.frames.model import LANGUAGES, UNKNOWN, seed_language

FILE: Final = Path(__file__).parent / "reliability.toml"
ENOUGH: Final = 0.6
OUTSIDE: Final = 15
ALL: Final = "all"
_DIGITS: Final = 3


@dataclass(frozen=True, slots=True)
class Reliability:
    """A figure of quality.

    Attributes:
        f1: of a frame in a language, on held-out texts; None where there were none.
        texts: of that frame in that language.
        language_f1: macro-F1 of the language over all frames; None for an unknown language.
        frame_f1: F1 of the frame over all languages.
        outside_f1: of the frame in the language, against others' categories; None where not tried.
    """

    f1: float | None
    texts: int
    language_f1: float | None
    frame_f1: float
    outside_f1: float | None = None

    @property
    def reliable(self) -> bool:
        """Whether every figure there is reaches `ENOUGH`: the cell's, its language's, its frame's, others'."""
        known = [value for value in (self.f1, self.language_f1, self.frame_f1, self.outside_f1) if value is not None]
        return self.language_f1 is not None and all(value >= ENOUGH for value in known)


def reliability(frame: str, language: str) -> Reliability:
    """Tell how far a frame can be trusted in a language.

    Raises:
        InputError: there are no seeds for the language.
        KeyError: there is no such frame.
    """
    code = seed_language(language)
    table = _read()
    frame_f1 = table[ALL][frame]["f1"]
    if code == UNKNOWN:
        return Reliability(None, 0, None, frame_f1)
    cell = table[code].get(frame)
    language_f1 = table[code][ALL]["f1"]
    if cell is None:
        return Reliability(None, 0, language_f1, frame_f1)
    return Reliability(cell["f1"], int(cell["texts"]), language_f1, frame_f1, cell.get("outside"))


@cache
def _read() -> dict[str, dict[str, dict[str, float]]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def write(
    pairs: Mapping[str, Sequence[scores.Pair]], outside: Mapping[str, Sequence[scores.Pair]], path: Path = FILE
) -> None:
    """Write the file.

    Args:
        pairs: by language (wanted, given) of texts coded by hand.
        outside: by language (others' category as a frame, given), where there are such texts.
        path: where to.
    """
    command = "uv run python -m nlp.frames.evaluate --shared ../shared/data --write-reliability"
    lines = [f"# Written by `{command}`. See docs/frames.md."]
    lines += _table(ALL, [pair for of in pairs.values() for pair in of], [])
    for language in LANGUAGES:
        lines += _table(language, pairs[language], outside.get(language, ()))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _table(name: str, pairs: Sequence[scores.Pair], outside: Sequence[scores.Pair]) -> list[str]:
    classes, others = scores.by_class(pairs), scores.by_class(outside)
    whole = scores.macro_f1(pairs)
    lines = ["", f"[{name}]", f"all = {{ f1 = {whole:.{_DIGITS}f}, texts = {len(pairs)} }}"]
    for label in LABELS:
        if label in classes and classes[label].wanted:
            cell = f"f1 = {classes[label].f1:.{_DIGITS}f}, texts = {classes[label].wanted}"
            if label in others and others[label].wanted >= OUTSIDE:
                cell += f", outside = {others[label].f1:.{_DIGITS}f}, outside_texts = {others[label].wanted}"
            lines.append(f"{label} = {{ {cell} }}")
    return lines

"""The words of framing, as frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from corpus.errors import InputError
from corpus.model import Field

Pillar = Literal["political-security", "economic", "socio-cultural"]
PILLARS: Final[tuple[Pillar, ...]] = ("political-security", "economic", "socio-cultural")

# In the order of the pillars; the order decides nothing.
FRAMES: Final[tuple[str, ...]] = (
    "summit",
    "security",
    "trade",
    "development",
    "culture",
    "education",
    "tourism",
    "migration",
    "disaster",
    "health",
    "sport",
)
NONE: Final = "none"
SCALES: Final[tuple[str, ...]] = ("exchange", "people")
LANGUAGES: Final[tuple[str, ...]] = (
    "ko", "en", "id", "ms", "th", "vi", "fil", "zh", "km", "lo", "my", "ta", "pt", "tet",
)  # fmt: skip
UNKNOWN: Final = "und"
# Javanese news writes its subjects in words it shares with Indonesian.
ALIASES: Final[dict[str, str]] = {"zh-Hans": "zh", "zh-Hant": "zh", "tl": "fil", "in": "id", "jv": "id"}


class SeedError(InputError):
    """A file of seeds is wrong; the message names the file, and the line or key."""


class Piece(NamedTuple):
    """A stretch of a stored text that is read for its frame.

    Attributes:
        field: title or body.
        start: where the stretch begins in the field, in characters.
        text: the stretch, letter for letter.
    """

    field: Field
    start: int
    text: str


class Evidence(NamedTuple):
    """A form that spoke for a frame, or for an end of a scale.

    Attributes:
        form: as it stands among the seeds or the learned words.
        label: the frame, or the end of the scale.
        field: where it stands: title or body …
        start: … its first character in the stored field …
        end: … and one past its last.
        weight: what it counted; 0 where the same form had counted already in this piece.
        learned: whether it was learned from the corpus and is no seed.
    """

    form: str
    label: str
    field: Field
    start: int
    end: int
    weight: float
    learned: bool


@dataclass(frozen=True, slots=True)
class Framing:
    """What some surroundings are about.

    Attributes:
        frame: a name of `FRAMES`, or ``none``.
        pillar: the frame's, or None for ``none``.
        scores: the summed weights of every frame that anything spoke for, the highest first.
        scales: for each scale a value from -1 (transactional; elite) to 1 (mutual; people),
            or None where nothing spoke for either end.
        evidence: the forms that spoke for frames, by field (title first) and position.
        scale_evidence: those that spoke for ends of scales.
        language: whose seeds were used.
        version: of seeds, rules and learned words; changes whenever a result may.
    """

    frame: str
    pillar: Pillar | None
    scores: Mapping[str, float]
    scales: Mapping[str, float | None]
    evidence: tuple[Evidence, ...]
    scale_evidence: tuple[Evidence, ...]
    language: str
    version: str

    @property
    def deciding(self) -> tuple[Evidence, ...]:
        """The evidence for the frame that was chosen; empty for ``none``."""
        return tuple(e for e in self.evidence if e.label == self.frame and e.weight > 0)


def seed_language(language: str) -> str:
    """Give the language whose seeds serve a text in ``language``.

    Args:
        language: CLDR code, or ``und`` where it is not known.

    Raises:
        InputError: there are no seeds for it; the message says what to use instead.
    """
    code = ALIASES.get(language, language)
    if code in LANGUAGES or code == UNKNOWN:
        return code
    raise InputError(
        f"There are no frame seeds for the language {language!r}. There are for {', '.join(LANGUAGES)}. "
        f"For a text whose language is not known use {UNKNOWN!r}: it is read with the English seeds and with "
        "those of every language that has a script of its own."
    )

"""What ``narra frames show "TEXT"`` tells: the frame of a text, and the words that decided. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from nlp.frames.framer import Framer
from nlp.frames.model import NONE, Evidence, Framing
from nlp.frames.reliability import Reliability, reliability


@dataclass(frozen=True, slots=True)
class Word:
    """A word that spoke for a frame or an end of a scale.

    Attributes:
        surface: as it stands in the text …
        start: … from here …
        end: … to one before here.
        field: in the title or the body.
        form: the seed or learned word it is.
        label: what it spoke for.
        weight: how strongly.
        origin: ``seed`` or ``learned``.
        decided: whether it spoke for the frame that was chosen.
    """

    surface: str
    start: int
    end: int
    field: str
    form: str
    label: str
    weight: float
    origin: str
    decided: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """The frame of a text, explained.

    Attributes:
        framing: all that is known.
        title: the frame's name in English, or "No frame".
        title_ko: the same in Korean.
        words: every word that spoke for any frame or end of a scale, by position.
        reliability: of this frame in this language; None for ``none``.
    """

    framing: Framing
    title: str
    title_ko: str
    words: tuple[Word, ...]
    reliability: Reliability | None


def show(framer: Framer, text: str, language: str, title: str = "") -> Shown:
    """Frame a whole text and say which words decided.

    Args:
        framer: with or without learned words.
        text: the body.
        language: CLDR code, or ``und``.
        title: its headline, if there is one.

    Raises:
        InputError: there are no seeds for the language; the message says what to use instead.
    """
    framing = framer.frame_text(text, language, title)
    told = framing.frame != NONE
    names = framer.seeds.frames[framing.frame].title if told else None
    fields = {"title": title, "body": text}
    words = [_word(e, fields, framing.frame) for e in (*framing.evidence, *framing.scale_evidence)]
    words.sort(key=lambda word: (word.field != "title", word.start, word.label))
    return Shown(
        framing,
        names.en if names else "No frame",
        names.ko if names else "틀 없음",
        tuple(words),
        reliability(framing.frame, language) if told else None,
    )


def _word(evidence: Evidence, fields: dict[str, str], frame: str) -> Word:
    e = evidence
    surface = fields[e.field][e.start : e.end]
    origin = "learned" if e.learned else "seed"
    return Word(surface, e.start, e.end, e.field, e.form, e.label, e.weight, origin, e.label == frame and e.weight > 0)

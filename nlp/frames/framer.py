"""Which frame a text is in: seeds and learned words, counted, with the words that decided.

The rule. In each piece of the text (the title; a sentence), every distinct form that
is found counts its weight once: a seed 1, a weak seed 0.5, a learned word what it
learned (less than a seed). The title counts `TITLE` times. The frame with the
highest sum is chosen if that sum reaches `ENOUGH`; below it nothing decides, and
the frame is ``none``. Of frames with equal sums the one that weighs more in the
title wins, then the one whose evidence comes first. One frame a text, so that
shares of frames add up to one with ``none``; the scores of all others are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from corpus.errors import InputError
from nlp.frames.forms import Finder, Hit, has_latin, longest
from nlp.frames.learned import Learned
from nlp.frames.model import (
    LANGUAGES,
    NONE,
    SCALES,
    UNKNOWN,
    Evidence,
    Framing,
    Piece,
    seed_language,
)
from nlp.frames.seeds import SEED_WEIGHT, WEAK_WEIGHT, FrameFile, ScaleFile, Seeds, load_seeds

TITLE: Final = 1.5
ENOUGH: Final = 0.75
RULES: Final = 1  # raise it when a rule here changes, so that framings are made again
_EPSILON: Final = 1e-9
_LATIN_FALLBACK: Final = "en"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a form speaks for; ``label`` is empty for a form that only hides shorter ones."""

    label: str
    weight: float
    learned: bool


@dataclass(frozen=True, slots=True)
class Layer:
    """The forms of one question: which frame, or how far on the scales.

    Attributes:
        claims: by number of the form; several where a form is shared.
    """

    claims: Mapping[int, tuple[Claim, ...]]


class Framer:
    """Tells frames. Make it with `Framer.load`; it compiles a language when it first meets it.

    Args:
        seeds: of all languages.
        learned: what was learned from a corpus with these seeds, or None.

    Attributes:
        version: of seeds, rules and learned words (``seeds.rules`` or ``seeds.rules.learned``).

    Raises:
        InputError: ``learned`` was learned with other seeds.
    """

    def __init__(self, seeds: Seeds, learned: Learned | None = None) -> None:
        if learned is not None and learned.seeds != seeds.version:
            raise InputError(
                f"The learned words belong to seeds {learned.seeds}, and the seeds are {seeds.version} now. "
                "Learn them anew."
            )
        self.seeds = seeds
        self.learned = learned
        # Made once: it hashes all learned words, and stands in every framing.
        self.version = ".".join([seeds.version, str(RULES), *([learned.version] if learned else [])])
        self._languages: dict[str, _Compiled] = {}

    @classmethod
    def load(cls, folder: Path | None = None, learned: Learned | None = None) -> Self:
        """Make a framer from the project's seeds, or from those below ``folder``.

        Raises:
            SeedError: a file of seeds is wrong.
            InputError: ``learned`` was learned with other seeds.
        """
        return cls(load_seeds(folder), learned)

    def knows(self, language: str) -> bool:
        """Tell whether there are seeds that serve a language; of one it does not know `frame` raises."""
        try:
            seed_language(language)
        except InputError:
            return False
        return True

    def frame(self, pieces: Iterable[Piece], language: str) -> Framing:
        """Tell the frame of some pieces of a text.

        Args:
            pieces: what is read, title and sentences; see `nlp.frames.surroundings`.
            language: CLDR code of the text, or ``und``.

        Raises:
            InputError: there are no seeds for the language; the message says what to use.
        """
        code = seed_language(language)
        compiled = self._compiled(code)
        ordered = sorted(pieces, key=lambda p: (p.field != "title", p.start))
        evidence: list[Evidence] = []
        scale_evidence: list[Evidence] = []
        for piece in ordered:
            hits = compiled.finder.find(piece.text)
            evidence += weigh(piece, hits, compiled.frames, compiled.forms)
            scale_evidence += weigh(piece, hits, compiled.scales, compiled.forms)
        scores = add_up(evidence)
        frame = choose(scores, evidence)
        return Framing(
            frame,
            self.seeds.frames[frame].pillar if frame != NONE else None,
            scores,
            self._scales(scale_evidence),
            tuple(evidence),
            tuple(scale_evidence),
            code,
            self.version,
        )

    def frame_text(self, text: str, language: str, title: str = "") -> Framing:
        """Tell the frame of a whole text: its title, and all of its body as one piece."""
        pieces = [Piece("title", 0, title)] if title else []
        return self.frame([*pieces, Piece("body", 0, text)], language)

    def finder(self, language: str) -> Finder:
        """Give what finds the forms of a language."""
        return self._compiled(seed_language(language)).finder

    def _scales(self, evidence: Iterable[Evidence]) -> dict[str, float | None]:
        sums = add_up(evidence)
        poles = {end.label: (end.scale, end.pole) for end in self.seeds.scales.values()}
        values: dict[str, float | None] = {}
        for scale in SCALES:
            spoken = [(poles[label][1], weight) for label, weight in sums.items() if poles[label][0] == scale]
            whole = sum(weight for _, weight in spoken)
            values[scale] = sum(pole * weight for pole, weight in spoken) / whole if whole else None
        return values

    def _compiled(self, code: str) -> _Compiled:
        if code not in self._languages:
            self._languages[code] = _compile(self.seeds, self.learned, code)
        return self._languages[code]


# -- counting ------------------------------------------------------------------


def weigh(piece: Piece, hits: Sequence[Hit], layer: Layer, forms: Sequence[str]) -> Iterator[Evidence]:
    """Give the evidence of one piece: each distinct form counts once, the title `TITLE` times."""
    factor = TITLE if piece.field == "title" else 1.0
    counted: set[tuple[int, str]] = set()
    for hit in longest(h for h in hits if h.form in layer.claims):
        for claim in layer.claims[hit.form]:
            if not claim.label:
                continue
            key = (hit.form, claim.label)
            weight = 0.0 if key in counted else claim.weight * factor
            counted.add(key)
            first, last = piece.start + hit.start, piece.start + hit.end
            yield Evidence(forms[hit.form], claim.label, piece.field, first, last, weight, claim.learned)


def add_up(evidence: Iterable[Evidence]) -> dict[str, float]:
    """Sum the weights of each label; the highest first, equal ones by name."""
    sums: dict[str, float] = {}
    for item in evidence:
        sums[item.label] = sums.get(item.label, 0.0) + item.weight
    return dict(sorted(sums.items(), key=lambda pair: (-pair[1], pair[0])))


def choose(scores: Mapping[str, float], evidence: Sequence[Evidence]) -> str:
    """Choose the frame, or ``none`` where nothing reaches `ENOUGH`; see the module for ties."""
    best = max(scores.values(), default=0.0)
    if best < ENOUGH - _EPSILON:
        return NONE
    tied = [frame for frame, score in scores.items() if score > best - _EPSILON]
    in_title = add_up(e for e in evidence if e.field == "title")
    first = {e.label: place for place, e in reversed(list(enumerate(evidence)))}
    return min(tied, key=lambda frame: (-in_title.get(frame, 0.0), first[frame]))


# -- compiling -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Compiled:
    finder: Finder
    forms: tuple[str, ...]
    frames: Layer
    scales: Layer


def _compile(seeds: Seeds, learned: Learned | None, code: str) -> _Compiled:
    numbers: dict[str, int] = {}
    layers = []
    for files in (seeds.frames, seeds.scales):
        claims: dict[int, list[Claim]] = {}
        for form, claim in _claims(files.values(), learned, code):
            claims.setdefault(numbers.setdefault(form, len(numbers)), []).append(claim)
        layers.append(Layer({number: tuple(of_form) for number, of_form in claims.items()}))
    forms = tuple(numbers)
    return _Compiled(Finder(forms), forms, layers[0], layers[1])


def _claims(files: Iterable[FrameFile | ScaleFile], learned: Learned | None, code: str) -> Iterator[tuple[str, Claim]]:
    labels = set()
    for file in files:
        labels.add(file.label)
        for forms, claim in (
            (file.seeds, Claim(file.label, SEED_WEIGHT, learned=False)),
            (file.weak, Claim(file.label, WEAK_WEIGHT, learned=False)),
            (file.exclude, Claim("", 0.0, learned=False)),
        ):
            for language in LANGUAGES:
                for form in forms.get(language, ()):
                    if _serves(language, form, code):
                        yield form, claim
    if learned is not None:
        for word in learned.words.get(code, ()):
            if word.label in labels:
                yield word.form, Claim(word.label, word.weight, learned=True)


def _serves(language: str, form: str, code: str) -> bool:
    """Tell whether a form is looked for in texts of a language.

    Where the language is not known, the script tells languages apart; of those in
    Latin script only English serves, since a word of one means something else in another.
    """
    if code != UNKNOWN:
        return language == code
    return language == _LATIN_FALLBACK or not has_latin(form)

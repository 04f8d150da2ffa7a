"""What the framer has to beat: counting seeds as they are, and always saying the commonest class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from nlp.frames.framer import Framer
from nlp.frames.gold import CodedText
from nlp.frames.model import FRAMES, NONE
from nlp.frames.seeds import OPEN


class SeedCounter:
    """Counts occurrences of seeds: no weights, no exclusions, no word edges, no threshold, nothing learned."""

    def __init__(self, framer: Framer, language: str) -> None:
        self._forms = {
            name: [
                form.strip(OPEN)
                for form in (
                    *framer.seeds.frames[name].seeds.get(language, ()),
                    *framer.seeds.frames[name].weak.get(language, ()),
                )
            ]
            for name in FRAMES
        }

    def frame(self, text: CodedText) -> str:
        """Give the frame whose seeds stand most often in the text; the first in order where several do."""
        content = f"{text.title} {text.body}".lower()
        counts = {name: sum(content.count(form) for form in forms) for name, forms in self._forms.items()}
        best = max(FRAMES, key=lambda name: counts[name])
        return best if counts[best] else NONE


def commonest(texts: Iterable[CodedText]) -> str:
    """Give the class that most texts have; of equal ones the first by name."""
    counts = Counter(text.frame for text in texts)
    return min(counts, key=lambda frame: (-counts[frame], frame)) if counts else NONE

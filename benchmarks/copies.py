"""How fast copies are found, against what, and what is found in real files.

``uv run python benchmarks/copies.py [--documents 20000] [--large 1000000] [--data ../shared/data]``

1. Invented titles with excerpts of 200 letters, a fifth of them copies (verbatim, with 85 and
   70 % of the 3-grams left, cut), all within two weeks:
   ``stories`` against datasketch and rensa, both used as their documentation shows
   (128 permutations, sets of the same shingles), with the highest threshold at which they
   find as many of the planted pairs as we do. Recall is of planted pairs, by kind. Theirs is a
   list of candidates, ours is verified. One process each, in one run; seconds of the
   processor's time, which other work on the machine does not change.
2. ``--large``: so many of them over 100 days, with the time and the peak of memory.
3. ``--data``: copies in real files, and whether our stories contain what BigKinds marks as
   duplicates.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

from datasketch import MinHash, MinHashLSH
from rensa import RMinHash, RMinHashLSH

from corpus.boilerplate import undressed
from corpus.copies import stories
from corpus.shingles import letters, shingle_length
from corpus.store import TextRow

DATA = Path(__file__).parents[1].parent / "shared" / "data"
PERMUTATIONS = 128
THRESHOLDS = (0.8, 0.6, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.1)
KINDS = {"verbatim": 1.0, "edited-85": 0.85, "edited-70": 0.7, "cut": 1.0}
Planted = dict[str, list[tuple[int, int]]]


# -- invented texts ------------------------------------------------------


class Inventor:
    """Texts of invented words, as often as words come (Zipf)."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 a mixture, no secret
        syllables = [c + v for c in "bcdfghjklmnprstvwz" for v in "aeiou"]
        self.words = [
            "".join(self.chance.choices(syllables, k=self.chance.choice((1, 2, 2, 3, 3, 4)))) for _ in range(40_000)
        ]
        self.weights = list(accumulate(1 / (n + 5) for n in range(len(self.words))))

    def text(self, words: int) -> list[str]:
        """Give so many words."""
        return self.chance.choices(self.words, cum_weights=self.weights, k=words)

    def edited(self, words: list[str], share: float) -> list[str]:
        """Put other words for some, until so much of the 3-grams is left."""
        left = list(words)
        grams = set(zip(words, words[1:], words[2:], strict=False))
        while len(grams & set(zip(left, left[1:], left[2:], strict=False))) > share * len(grams):
            left[self.chance.randrange(len(left))] = self.text(1)[0]
        return left


def invented(documents: int, days: int, seed: int = 1) -> tuple[list[TextRow], Planted]:
    """Give texts, and the pairs that are copies, by kind."""
    inventor, planted = Inventor(seed), defaultdict(list)
    texts: list[TextRow] = []
    wholes: list[tuple[int, list[str]]] = []
    start = date(2026, 1, 1)
    for row in range(1, documents + 1):
        day = start + timedelta(days * row // (documents + 1))
        title, kind = " ".join(inventor.text(8)), ""
        if wholes and inventor.chance.random() < 0.2:  # noqa: PLR2004 the share of copies
            of, words = wholes[inventor.chance.randrange(max(0, len(wholes) - documents // days), len(wholes))]
            kind = inventor.chance.choice(list(KINDS))
            words = words[:30] if kind == "cut" else inventor.edited(words, KINDS[kind])
            planted[kind].append((of, row))
        else:
            words = inventor.text(inventor.chance.randrange(38, 70))
            wholes.append((row, words))
        outlet = f"o{inventor.chance.randrange(200)}"
        texts.append(TextRow(row, outlet, "en", str(day), title, " ".join(words), ""))
    return texts, planted


# -- ways ----------------------------------------------------------------


def tokens(texts: Iterable[TextRow]) -> list[list[str]]:
    """Cut each text into the shingles we compare by, as the others take them."""
    length = shingle_length("en")
    cut = []
    for text in texts:
        plain = "".join(map(chr, letters(undressed(text.body))))
        cut.append(list({plain[n : n + length] for n in range(len(plain) - length + 1)}))
    return cut


def with_datasketch(texts: list[TextRow], threshold: float) -> dict[int, set[int]]:
    """Give the candidates of each text."""
    index = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    found = {}
    for text, cut in zip(texts, tokens(texts), strict=True):
        sketch = MinHash(num_perm=PERMUTATIONS)
        sketch.update_batch([token.encode() for token in cut])
        found[text.row] = set(index.query(sketch))
        index.insert(text.row, sketch)
    return found


def with_rensa(texts: list[TextRow], threshold: float) -> dict[int, set[int]]:
    """Give the candidates of each text."""
    # Rows a band as its documentation has it; as many bands as the permutations give.
    rows = next(r for r in (8, 4, 2, 1) if (r / PERMUTATIONS) ** (1 / r) <= threshold or r == 1)
    index = RMinHashLSH(threshold=threshold, num_perm=PERMUTATIONS, num_bands=PERMUTATIONS // rows)
    sketches = RMinHash.from_token_sets(tokens(texts), PERMUTATIONS, 42)
    found = {}
    for text, sketch in zip(texts, sketches, strict=True):
        found[text.row] = set(index.query(sketch))
        index.insert(text.row, sketch)
    return found


def recalls(planted: Planted, found: dict[int, set[int]]) -> dict[str, float]:
    """Give the share of planted pairs found, by kind and over all."""
    right = {kind: [of in found[row] for of, row in pairs] for kind, pairs in planted.items()}
    every = [hit for hits in right.values() for hit in hits]
    return {kind: sum(hits) / len(hits) for kind, hits in sorted(right.items())} | {"all": sum(every) / len(every)}


def compare(documents: int) -> None:
    """Print the table of speeds."""
    texts, planted = invented(documents, 14)
    stories(texts[:100])  # makes its tables
    start = time.process_time()
    story = stories(texts)
    seconds = time.process_time() - start
    groups = defaultdict(set)
    for row, first in story.items():
        groups[first].add(row)
    reached = recalls(planted, {row: groups[first] for row, first in story.items()})
    _line(
        "narra (verified)", documents, seconds, seconds, reached, f"{_strangers(groups, planted)} strangers in stories"
    )
    for name, way in (("datasketch", with_datasketch), ("rensa", with_rensa)):
        for threshold in THRESHOLDS:
            start = time.process_time()
            found = way(texts, threshold)
            took = time.process_time() - start
            got = recalls(planted, found)
            if got["all"] >= reached["all"] or threshold == THRESHOLDS[-1]:
                break
        pairs = sum(len(candidates) for candidates in found.values())
        _line(f"{name} {threshold}", documents, took, seconds, got, f"{pairs:,} candidates")


def _strangers(groups: dict[int, set[int]], planted: Planted) -> int:
    """Count the texts that stand in a story with none of their family."""
    family = {row: of for pairs in planted.values() for of, row in pairs}
    return sum(family.get(row, row) != family.get(first, first) for first, rows in groups.items() for row in rows)


def _line(name: str, documents: int, seconds: float, ours_: float, reached: dict[str, float], more: str) -> None:  # noqa: PLR0913, PLR0917 a row of a table
    shares = "  ".join(f"{kind} {share:.3f}" for kind, share in reached.items())
    print(f"{name:22}{seconds:8.2f} s {documents / seconds:10,.0f}/s {seconds / ours_:7.1f}x   {shares}   {more}")


def large(documents: int) -> None:
    """Print time and peak memory of a large pile."""
    texts, _ = invented(documents, 100)
    print(f"\n{documents:,} titles with excerpts over 100 days; before: {_peak():.2f} GB")
    start = time.perf_counter()
    story = stories(texts)
    seconds = time.perf_counter() - start
    number = len(set(story.values()))
    print(f"{seconds:.1f} s, {documents / seconds:,.0f}/s, {number:,} stories, peak {_peak():.2f} GB")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


# -- real files ----------------------------------------------------------


def real(data: Path) -> None:
    """Print what is found in the files beside the project."""
    for name in ("news-kr-rss-2022", "news-id-tempo-2026", "official-thaigov"):
        texts = list(_jsonl(data / f"{name}.jsonl.gz"))
        _summary(name, texts, stories(texts))
    texts, marks = _bigkinds(data / "bigkinds-export-2023-05.csv.gz")
    story = stories(texts)
    _summary("bigkinds-2023-05", texts, story)
    size = Counter(story.values())
    for mark in sorted(set(marks.values())):
        of = [row for row in marks if marks[row] == mark]
        alone = sum(size[story[row]] > 1 for row in of)
        print(f"  marked {mark or '(nothing)'}: {len(of):,}, of which in a story with others {alone:,}")


def _jsonl(path: Path) -> Iterator[TextRow]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row, line in enumerate(lines, 1):
            r = json.loads(line)
            yield TextRow(
                row, r["outlet"], r["language"], (r["published_at"] or "")[:10] or None, r["title"], r["body"], ""
            )


def _bigkinds(path: Path) -> tuple[list[TextRow], dict[int, str]]:
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    day = [f"{r['일자'][:4]}-{r['일자'][4:6]}-{r['일자'][6:]}" for r in rows]
    texts = [TextRow(n, r["언론사"], "ko", day[n], r["제목"], r["본문"], "") for n, r in enumerate(rows)]
    return texts, {n: r["분석제외 여부"] for n, r in enumerate(rows)}


def _summary(name: str, texts: list[TextRow], story: dict[int, int]) -> None:
    outlets = defaultdict(set)
    size = Counter(story.values())
    for text in texts:
        outlets[story[text.row]].add(text.outlet)
    copies = len(texts) - len(size)
    across = sum(len(o) > 1 for o in outlets.values())
    print(f"{name}: {len(texts):,} documents, {len(size):,} stories, {copies:,} copies; "
          f"{across:,} stories of several outlets; the largest {size.most_common(3)}")  # fmt: skip


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=20_000, help="for the comparison (20000); 0: none")
    parser.add_argument("--large", type=int, default=0, help="size of the large pile (0: none)")
    parser.add_argument("--data", type=Path, default=None, help="where the real files lie")
    options = parser.parse_args()
    if options.documents:
        compare(options.documents)
    if options.large:
        large(options.large)
    if options.data:
        real(options.data)


if __name__ == "__main__":
    main()

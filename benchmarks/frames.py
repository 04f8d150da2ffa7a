"""How fast framing is, and against what.

``uv run python benchmarks/frames.py [--megabytes 6] [--data ../shared/data]``

One process. Real texts beside the project, each with its own language's seeds:

(a) the bare automaton over the same forms on folded text, leftmost and longest: the floor;
(b) the bare automaton, all overlapping hits, which framing needs;
(c) `Framer.frame` of the whole text in one piece;
(d) what a run does: the surroundings of ASEAN, the region, members and Korea, framed (tagged before).

MB are bytes of UTF-8 of the whole texts. Best of three after one to warm up. The machine
drifts: trust the ratios.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from corpus.model import MEMBERS, StoredMention
from nlp.frames.forms import fold
from nlp.frames.framer import Framer
from nlp.frames.model import Piece
from nlp.frames.surroundings import surroundings
from nlp.tagger import Tagger

DATA = Path(__file__).parents[1].parent / "shared" / "data"
FILES = (
    "official-thaigov.jsonl.gz",
    "official-ungdc.jsonl.gz",
    "news-kr-rss-2022.jsonl.gz",
    "news-id-tempo-2026.jsonl.gz",
)
REPEATS = 3
TARGETS = (("ASEAN",), ("SEA",), MEMBERS, ("KR", "KOREA"))
Row = tuple[str, str, str]


def read(data: Path, megabytes: float) -> list[Row]:
    """Read (language, title, body) of every file, an equal share of bytes from each."""
    rows: list[Row] = []
    for name in FILES:
        size = 0
        with gzip.open(data / name, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                rows.append((row["language"], row["title"], row["body"]))
                size += len((row["title"] + row["body"]).encode())
                if size > megabytes * 1e6 / len(FILES):
                    break
    return rows


def best(work: Callable[[], object]) -> float:
    """Give the seconds of the fastest of three runs, after one to warm up."""
    work()
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def bare(framer: Framer, rows: list[Row], kind: MatchKind) -> Callable[[], object]:
    """(a), (b) The automaton alone."""
    automata = {
        language: AhoCorasick(
            framer.finder(language).patterns,
            matchkind=kind,
            store_patterns=False,
            implementation=Implementation.DFA,
        )
        for language in {row[0] for row in rows}
    }
    texts = [(automata[language], fold(f"{title}\n{body}")) for language, title, body in rows]
    overlapping = kind == MatchKind.Standard

    def run() -> None:
        for automaton, text in texts:
            automaton.find_matches_as_indexes(text, overlapping=overlapping)

    return run


def whole(framer: Framer, rows: list[Row]) -> Callable[[], object]:
    """(c) Whole texts."""

    def run() -> None:
        for language, title, body in rows:
            framer.frame([Piece("title", 0, title), Piece("body", 0, body)], language)

    return run


def around(framer: Framer, rows: list[Row]) -> Callable[[], object]:
    """(d) Surroundings of every target named."""
    tagger = Tagger.load()
    tagged = []
    for language, title, body in rows:
        mentions = [StoredMention(1, "title", 0, m) for m in tagger.tag(title, language)]
        mentions += [StoredMention(1, "body", 0, m) for m in tagger.tag(body, language)]
        tagged.append((language, title, body, mentions))

    def run() -> None:
        for language, title, body, mentions in tagged:
            for entities in TARGETS:
                if pieces := surroundings(title, body, mentions, entities):
                    framer.frame(pieces, language)

    return run


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=6.0, help="size of the texts (6)")
    parser.add_argument("--data", type=Path, default=DATA, help="where the texts lie")
    options = parser.parse_args()
    rows = read(options.data, options.megabytes)
    megabytes = sum(len((title + body).encode()) for _, title, body in rows) / 1e6
    framer = Framer.load()
    forms = sum(len(framer.finder(language).patterns) for language in {row[0] for row in rows})
    print(f"{megabytes:.1f} MB, {len(rows):,} documents, {forms:,} patterns\n")
    ways = {
        "(a) bare automaton, longest": bare(framer, rows, MatchKind.LeftmostLongest),
        "(b) bare automaton, overlapping": bare(framer, rows, MatchKind.Standard),
        "(c) Framer.frame, whole texts": whole(framer, rows),
        "(d) surroundings of four targets": around(framer, rows),
    }
    speeds = {name: megabytes / best(work) for name, work in ways.items()}
    first = next(iter(speeds.values()))
    for name, speed in speeds.items():
        print(f"{name:36}{speed:8.1f} MB/s{speed / first:9.3f}")


if __name__ == "__main__":
    main()

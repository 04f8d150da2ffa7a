"""How good the frames are: ``uv run python -m nlp.frames.evaluate [--half test] [--shared ../shared/data]``.

Three kinds of evidence, in one run:

* texts coded by hand (``tests/gold/frames``), in halves: ``dev`` to mend seeds with, ``test`` held out;
* agreement with categories nobody here assigned: BigKinds', the ministries of Thai releases, the
  sections of Korean feeds and of Tempo (``nlp/frames/categories.toml`` says which is which frame);
* agreement with English on the same 1,012 sentences in all languages (FLORES), for those without labels.

Words are learned on the texts of ``--shared``, with names masked by the tagger; for the agreement
with categories on one half of a corpus, and tried on the other.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import sys
import tomllib
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from nlp.frames import baselines, reliability, scores
from nlp.frames.directions import direction
from nlp.frames.framer import Framer
from nlp.frames.gold import DIRECTIONS, GOLD, HALVES, LABELS, CodedText, read_coded, read_directions
from nlp.frames.learn import Settings, Text, learn
from nlp.frames.learned import Learned
from nlp.frames.model import LANGUAGES, NONE, Piece
from nlp.tagger import Tagger

SHARED: Final = Path(__file__).parents[2].parent / "shared" / "data"
LEAD: Final = 600
_CATEGORIES: Final = Path(__file__).parent / "categories.toml"
_FILES: Final = {
    "th": ("official-thaigov.jsonl.gz",),
    "id": ("news-id-tempo-2026.jsonl.gz",),
    "ko": ("news-kr-rss-2022.jsonl.gz",),
    "en": ("official-ungdc.jsonl.gz", "official-sg-budget.jsonl.gz", "official-ph-speeches.jsonl.gz"),
}
_BIGKINDS: Final = "bigkinds-export-2023-05.csv.gz"
_PARALLEL: Final = "gold/parallel-flores200-devtest.jsonl.gz"
_PARAGRAPHS: Final = 40  # of a long speech; each is a text to learn from
_SHORTEST: Final = 80
Pairs = list[scores.Pair]


# -- texts coded by hand -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One way of framing the coded texts of one language."""

    language: str
    way: str
    pairs: Pairs


def coded(language: str, half: str) -> list[CodedText]:
    """Give the coded texts of a language: a half, or ``all``."""
    texts = list(read_coded(GOLD / f"{language}.txt"))
    return [text for text in texts if half in ("all", text.half)]


def on_coded(framer: Framer, language: str, half: str) -> Pairs:
    """Frame the coded texts of a language: (wanted, given) pairs."""
    return [(text.frame, framer.frame(text.pieces, language).frame) for text in coded(language, half)]


def ways(seeds: Framer, learned: Framer | None, language: str, half: str) -> Iterator[Row]:
    """Frame the coded texts in every way, the baselines first."""
    texts = coded(language, half)
    common = baselines.commonest(coded(language, "dev"))
    counter = baselines.SeedCounter(seeds, language)
    yield Row(language, "commonest class", [(t.frame, common) for t in texts])
    yield Row(language, "seed counting", [(t.frame, counter.frame(t)) for t in texts])
    yield Row(language, "seeds", on_coded(seeds, language, half))
    if learned is not None:
        yield Row(language, "seeds+learned", on_coded(learned, language, half))


def on_directions(tagger: Tagger, language: str, half: str) -> Pairs:
    """Tell the direction of the coded sentences of a language: (wanted, given) pairs, ``kind:way``."""
    return [
        (
            f"{item.kind}:{item.way}",
            f"{item.kind}:{direction(item.sentence, tagger.tag(item.sentence, language), item.kind, language).way}",
        )
        for item in read_directions(DIRECTIONS / f"{language}.txt")
        if half in ("all", item.half)
    ]


# -- real texts ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Labelled:
    """A real text with the frame that someone else's category stands for."""

    key: str
    text: Text
    frame: str


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """Read JSON lines, gzipped."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def bigkinds(shared: Path) -> Iterator[Labelled]:
    """Give BigKinds' stories that are no duplicates and whose first category has a frame near it."""
    with gzip.open(shared / _BIGKINDS, "rt", encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            frame = _by_start(categories("bigkinds"), row["통합 분류1"])
            if frame and not row["분석제외 여부"].strip():
                yield Labelled(row["뉴스 식별자"], Text("ko", row["제목"], row["본문"]), frame)


def by_address(shared: Path, name: str, table: str, language: str) -> Iterator[Labelled]:
    """Give the texts of a file whose address begins with a section that has a frame near it."""
    for row in read_jsonl(shared / name):
        section = urlsplit(str(row["url"])).path.strip("/").split("/")[0]
        if frame := categories(table).get(section):
            yield Labelled(str(row["id"]), Text(language, str(row["title"]), str(row["body"])), frame)


def thai_ministries(shared: Path) -> Iterator[Labelled]:
    """Give the Thai releases whose title names a ministry, its name masked throughout."""
    names = categories("thai_ministry")
    for row in read_jsonl(shared / _FILES["th"][0]):
        title = str(row["title"])
        named = [name for name in names if name in title]
        if row["language"] == "th" and named:
            first = min(named, key=lambda name: (title.index(name), -len(name)))
            text = Text("th", _masked(title, names), _masked(str(row["body"]), names))
            yield Labelled(str(row["id"]), text, names[first])


@cache
def categories(table: str) -> dict[str, str]:
    """Give one of the mappings of ``categories.toml``: category to frame."""
    return dict(tomllib.loads(_CATEGORIES.read_text(encoding="utf-8"))[table])


def _by_start(mapping: dict[str, str], category: str) -> str | None:
    return next((frame for start, frame in mapping.items() if category.startswith(start)), None)


def _masked(text: str, names: Iterable[str]) -> str:
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " " * len(name))
    return text


def labelled_sets(shared: Path) -> dict[str, Iterable[Labelled]]:
    """Give every set of real texts with others' categories, by name."""
    return {
        "BigKinds, 통합 분류1 (ko)": bigkinds(shared),
        "sections of Korean feeds (ko)": by_address(shared, _FILES["ko"][0], "korean_feeds", "ko"),
        "ministries of Thai releases (th)": thai_ministries(shared),
        "sections of Tempo (id)": by_address(shared, _FILES["id"][0], "tempo", "id"),
    }


def outside_pairs(framer: Framer, shared: Path) -> dict[str, Pairs]:
    """Frame all real texts with others' categories: (category's frame, given) pairs by language."""
    pairs: dict[str, Pairs] = {}
    for texts in labelled_sets(shared).values():
        for item in texts:
            pairs.setdefault(item.text.language, []).extend(on_labelled(framer, [item]))
    return pairs


def corpus(shared: Path) -> Iterator[tuple[str, Text]]:
    """Give all texts to learn from, each with a key; speeches paragraph by paragraph."""
    for language, files in _FILES.items():
        for file in files:
            for row in read_jsonl(shared / file):
                if row["language"] == language:
                    for number, text in enumerate(_parts(language, str(row["title"]), str(row["body"]))):
                        yield f"{row['id']}#{number}", text
    with gzip.open(shared / _BIGKINDS, "rt", encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            if not row["분석제외 여부"].strip():
                yield row["뉴스 식별자"], Text("ko", row["제목"], row["본문"])


def _parts(language: str, title: str, body: str) -> list[Text]:
    if language != "en":
        return [Text(language, title, body)]
    paragraphs = [part for part in body.split("\n") if len(part) >= _SHORTEST]
    return [Text(language, "", part) for part in paragraphs[:: max(1, len(paragraphs) // _PARAGRAPHS)]]


def in_half(key: str, half: int) -> bool:
    """Tell whether a text is in a half (0 or 1) of its corpus; the same on every run."""
    return zlib.crc32(key.partition("#")[0].encode("utf-8")) % 2 == half


def names_of(tagger: Tagger) -> Callable[[str, str], list[tuple[int, int]]]:
    """Give what masks names of countries and organisations for learning."""

    def names(text: str, language: str) -> list[tuple[int, int]]:
        return [(m.start, m.end) for m in tagger.tag(text, language, inside=True)]

    return names


def on_labelled(framer: Framer, texts: Iterable[Labelled]) -> Pairs:
    """Frame real texts, title and lead: (category's frame, given) pairs."""
    return [
        (item.frame, framer.frame_text(item.text.body[:LEAD], item.text.language, item.text.title).frame)
        for item in texts
    ]


def on_parallel(framer: Framer, shared: Path) -> dict[str, Pairs]:
    """Frame parallel sentences: for each language (English's frame, its own) pairs."""
    pairs: dict[str, Pairs] = {language: [] for language in LANGUAGES if language != "en"}
    for row in read_jsonl(shared / _PARALLEL):
        english = _frame_of(framer, row["en"], "en")
        for language, of_language in pairs.items():
            sentence = row.get(language) or row.get(f"{language}-Hans")
            if sentence:
                of_language.append((english, _frame_of(framer, sentence, language)))
    return pairs


def _frame_of(framer: Framer, sentence: str, language: str) -> str:
    return framer.frame([Piece("body", 0, sentence)], language).frame


# -- tables ----------------------------------------------------------------------


def coded_table(rows: Sequence[Row]) -> str:
    """Give macro-F1 with its interval for each language and way."""
    lines = [f"{'language':9}{'way':18}{'n':>4}{'macro-F1':>10}  {'95 %':14}{'micro-F1':>9}"]
    for row in rows:
        low, high = scores.interval(row.pairs)
        value = scores.macro_f1(row.pairs)
        micro = scores.micro_f1(row.pairs)
        spread = f"{low:.3f}–{high:.3f}"
        lines.append(f"{row.language:9}{row.way:18}{len(row.pairs):4}{value:10.3f}  {spread:14}{micro:9.3f}")
    return "\n".join(lines)


def class_table(pairs: Pairs) -> str:
    """Give precision, recall, F1 and kappa for each class."""
    lines = [f"{'class':12}{'n':>6}{'given':>7}{'precision':>11}{'recall':>8}{'F1':>7}{'kappa':>8}"]
    for label in LABELS:
        score = scores.by_class(pairs).get(label)
        if score is not None:
            lines.append(
                f"{label:12}{score.wanted:6}{score.given:7}{_share(score.precision):>11}{_share(score.recall):>8}"
                f"{score.f1:7.2f}{_share(scores.kappa_of(pairs, label)):>8}"
            )
    lines.append(f"{'all':12}{len(pairs):6}   agree {scores.micro_f1(pairs):.3f}, kappa {_share(scores.kappa(pairs))}")
    return "\n".join(lines)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _out(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


# -- the run -----------------------------------------------------------------------


def learn_from(seeds: Framer, texts: Iterable[Text], tagger: Tagger, settings: Settings) -> Learned:
    """Learn, and say what could not be learned."""
    model, refused = learn(seeds, texts, names_of(tagger), settings)
    for language, counts in model.corpus.items():
        words = len(model.words[language])
        _out(f"learned {language}: {words} words from {counts['labelled']} labelled of {counts['documents']} texts")
    for reason in refused.values():
        _out(f"not learned: {reason}")
    return model


def report_coded(seeds: Framer, learned: Framer | None, half: str) -> dict[str, Pairs]:
    """Print the tables of the texts coded by hand, and give the pairs of the best-equipped way."""
    rows = [row for language in LANGUAGES for row in ways(seeds, learned, language, half)]
    _out(f"\nTexts coded by hand, half: {half}\n\n{coded_table(rows)}")
    last = "seeds" if learned is None else "seeds+learned"
    pairs = {row.language: row.pairs for row in rows if row.way == last}
    _out(f"\nBy class, all languages, {last}\n\n{class_table([p for of in pairs.values() for p in of])}")
    return pairs


def report_directions(tagger: Tagger, half: str) -> None:
    """Print how well directions are told: what is decided, and what of it is right."""
    lines = [f"{'language':10}{'n':>5}{'right':>8}{'decided':>9}{'decided wrongly':>17}"]
    for path in sorted(DIRECTIONS.glob("*.txt")):
        pairs = on_directions(tagger, path.stem, half)
        decided = [p for p in pairs if not p[1].endswith(":undecided")]
        wrong = sum(w != g for w, g in decided)
        lines.append(f"{path.stem:10}{len(pairs):5}{sum(w == g for w, g in pairs):8}{len(decided):9}{wrong:17}")
    _out(f"\nDirections of students and tourists, subject of culture, half: {half}\n\n" + "\n".join(lines))


def report_real(seeds: Framer, shared: Path, tagger: Tagger, settings: Settings) -> None:
    """Print the agreement with others' categories; words are learned on the half that is not tried."""
    half = [text for key, text in corpus(shared) if in_half(key, 0)]
    framer = Framer(seeds.seeds, learn_from(seeds, half, tagger, settings))
    for name, texts in labelled_sets(shared).items():
        tried = [item for item in texts if in_half(item.key, 1)]
        for way, of_way in (("seeds", seeds), ("seeds+learned", framer)):
            _out(f"\n{name}, {way}\n\n{class_table(on_labelled(of_way, tried))}")


def report_parallel(framer: Framer, shared: Path) -> None:
    """Print the agreement of every language with English on the same sentences."""
    lines = [f"{'language':10}{'n':>6}{'agree':>8}{'kappa':>8}{'none':>7}{'agree where both decide':>25}"]
    for language, pairs in on_parallel(framer, shared).items():
        both = [p for p in pairs if NONE not in p]
        none = sum(given == NONE for _, given in pairs) / len(pairs) if pairs else 0.0
        lines.append(
            f"{language:10}{len(pairs):6}{scores.micro_f1(pairs):8.3f}{_share(scores.kappa(pairs)):>8}{none:7.2f}"
            f"{scores.micro_f1(both):18.3f} ({len(both)})"
        )
    _out("\nAgreement with English on parallel sentences, seeds\n\n" + "\n".join(lines))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser(prog="python -m nlp.frames.evaluate", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--half", choices=(*HALVES, "all"), default="test", help="of the coded texts (test)")
    parser.add_argument("--shared", type=Path, default=None, help=f"real texts, as {SHARED}; without: coded texts only")
    parser.add_argument("--only-coded", action="store_true", help="leave out the agreement with others' categories")
    parser.add_argument("--write-reliability", action="store_true", help=f"write {reliability.FILE.name} anew")
    options = parser.parse_args(arguments)
    if options.write_reliability and options.shared is None:
        parser.error("--write-reliability needs --shared, for the agreement with others' categories.")
    seeds = Framer.load()
    tagger = Tagger.load()
    learned = None
    if options.shared is not None:
        if not (options.shared / _BIGKINDS).exists():
            parser.error(f"{options.shared} does not hold the real texts ({_BIGKINDS}).")
        model = learn_from(seeds, (text for _, text in corpus(options.shared)), tagger, Settings())
        learned = Framer(seeds.seeds, model)
    report_coded(seeds, learned, options.half)
    report_directions(tagger, options.half)
    if options.write_reliability:
        # By the seeds alone: what a workspace learns is its own, and is not at hand here.
        pairs = {language: on_coded(seeds, language, "test") for language in LANGUAGES}
        reliability.write(pairs, outside_pairs(seeds, options.shared))
        _out(f"\n{reliability.FILE} written.")
    if options.shared is not None and not options.only_coded:
        report_real(seeds, options.shared, tagger, Settings())
        report_parallel(seeds, options.shared)
    return 0


if __name__ == "__main__":
    sys.exit(main())

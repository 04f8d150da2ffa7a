"""How fast the tagger is, and against what.

``uv run python benchmarks/tagger.py [--megabytes 24] [--data ../shared/data]``

One process. The texts are real ones beside the project, languages mixed, each
matched with its own language's names:

(a) the bare automaton (leftmost, longest) over the same spellings: the floor;
(b) `Tagger.tag`, mentions only;
(c) `tag_text`, title and body, with sentences, in the order given;
(d) `BatchTagger`, the same by batches, each read language by language: what a run does. The
    bare automaton read that way is printed beside it: languages in turn empty the caches;
(e) spaCy's EntityRuler with the same names on blank pipelines, on a sample;
(f) `Tagger.tag` with 3 and 10 times as many spellings, the further ones invented, on the
    texts in English, Indonesian and Thai (Korean has many spellings as it is: times
    ten they would take more memory than a usual machine has).

MB are bytes of UTF-8. Every way is warmed up first; all but (e) are the best of three.
The machine drifts: trust the ratios.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import spacy
from ahocorasick_rs import AhoCorasick, Implementation, MatchKind
from spacy.language import Language

from corpus.store import TextRow
from nlp.lexicon.build import Does, Edge, Entry, Form, Lexicon, build
from nlp.run import BATCH, BatchTagger, tag_text
from nlp.tagger import Matcher, Tagger

DATA = Path(__file__).parents[1].parent / "shared" / "data"
# Shares of the whole by file, so that no language drowns the others.
FILES = {
    "official-thaigov.jsonl.gz": 0.30,
    "official-ungdc.jsonl.gz": 0.30,
    "news-kr-rss-2022.jsonl.gz": 0.25,
    "news-id-tempo-2026.jsonl.gz": 0.15,
}
PARALLEL = "gold/parallel-flores200-devtest.jsonl.gz"
REPEATS = 3
SAMPLE_MEGABYTES = 0.5
ENLARGED = ("en", "id", "th")


@dataclass(frozen=True, slots=True)
class Text:
    """One document to tag."""

    language: str
    title: str
    body: str

    @property
    def size(self) -> int:
        """Bytes of UTF-8."""
        return len(self.title.encode()) + len(self.body.encode())


def read(data: Path, megabytes: float) -> list[Text]:
    """Read texts of all files, each up to its share; files that are too small are read over again."""
    texts: list[Text] = []
    for name, share in FILES.items():
        with gzip.open(data / name, "rt", encoding="utf-8") as lines:
            rows = map(json.loads, lines)
            texts += _up_to(megabytes * share * 0.9, [Text(r["language"], r["title"], r["body"]) for r in rows])
    with gzip.open(data / PARALLEL, "rt", encoding="utf-8") as lines:
        sentences = list(map(json.loads, lines))
    # Ten sentences make a document; this gives every language we have.
    parallel = [
        Text(language, "", " ".join(s[language] for s in sentences[first : first + 10]))
        for first in range(0, len(sentences), 10)
        for language in sentences[0]
    ]
    texts += _up_to(megabytes * 0.1, parallel)
    random.Random(1).shuffle(texts)  # noqa: S311 a mixture, no secret
    return texts


def _up_to(megabytes: float, texts: list[Text]) -> Iterator[Text]:
    size = 0.0
    while True:
        for text in texts:
            if size >= megabytes * 1e6:
                return
            size += text.size
            yield text


def best(work: Callable[[], object]) -> float:
    """Give the seconds of the fastest of three runs, after one to warm up."""
    work()
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def bare(tagger: Tagger, texts: Iterable[Text]) -> Callable[[], object]:
    """(a) The automaton alone: what it finds, and nothing decided."""
    automata: dict[str, AhoCorasick] = {}
    work = []
    for text in texts:
        spellings = tagger.matcher(text.language).lexicon.spellings
        if text.language not in automata:
            automata[text.language] = AhoCorasick(
                spellings,
                matchkind=MatchKind.LeftmostLongest,
                store_patterns=False,
                implementation=Implementation.DFA,
            )
        work.append((automata[text.language], text.title, text.body))

    def run() -> None:
        for automaton, title, body in work:
            automaton.find_matches_as_indexes(title)
            automaton.find_matches_as_indexes(body)

    return run


def tagged(tagger: Tagger, texts: Iterable[Text]) -> Callable[[], object]:
    """(b) Mentions of title and body."""

    def run() -> None:
        for text in texts:
            tagger.tag(text.title, text.language)
            tagger.tag(text.body, text.language)

    return run


def with_sentences(tagger: Tagger, texts: Iterable[Text]) -> Callable[[], object]:
    """(c) Title and body of a stored text, with sentences."""
    rows = _rows(texts)

    def run() -> None:
        for row in rows:
            tag_text(tagger, row)

    return run


def _rows(texts: Iterable[Text]) -> list[TextRow]:
    return [TextRow(number, "outlet", t.language, "2024-01-01", t.title, t.body, "") for number, t in enumerate(texts)]


def in_batches(tagger: Tagger, texts: Iterable[Text]) -> Callable[[], object]:
    """(d) What a run does with its batches."""
    rows = _rows(texts)
    batches = [[(row, "") for row in rows[first : first + BATCH]] for first in range(0, len(rows), BATCH)]
    tagging = BatchTagger(tagger, {})

    def run() -> None:
        for batch in batches:
            tagging.tag(batch)

    return run


def _by_language(texts: list[Text]) -> list[Text]:
    """Give the texts in the order in which `in_batches` reads them."""
    return [
        text
        for first in range(0, len(texts), BATCH)
        for text in sorted(texts[first : first + BATCH], key=lambda text: text.language)
    ]


def ruler(tagger: Tagger, texts: Iterable[Text]) -> Callable[[], object]:
    """(e) spaCy's EntityRuler with our names (each as written), on blank pipelines."""
    pipelines: dict[str, Language] = {}
    work = []
    for text in texts:
        if text.language not in pipelines:
            pipelines[text.language] = _ruled(tagger, text.language)
        work.append((pipelines[text.language], f"{text.title}\n{text.body}"))

    def run() -> None:
        for nlp, text in work:
            nlp(text)

    return run


def _ruled(tagger: Tagger, language: str) -> Language:
    # "xx" cuts at spaces and signs; spaCy's own tokenizers of Korean, Thai and Vietnamese need
    # further libraries and take longer still.
    nlp = spacy.blank("xx")
    nlp.max_length = 10_000_000
    names = {
        (form.text, form.entity)
        for entry in tagger.matcher(language).lexicon.entries
        if entry.does is Does.NAME
        for form in entry.forms
    }
    patterns: list[dict[str, object]] = [{"label": entity, "pattern": name} for name, entity in sorted(names)]
    nlp.add_pipe("entity_ruler").add_patterns(patterns)  # type: ignore[attr-defined]
    return nlp


def enlarged(tagger: Tagger, languages: Iterable[str], times: int) -> Tagger:
    """(f) A tagger with some times as many spellings: letters of the real ones, put together by chance."""
    larger = Tagger.load()
    for language in languages:
        lexicon = build(_code(tagger, language))
        # It looks up a language's matcher by the code of its file, once compiled.
        larger._matchers[lexicon.language] = Matcher(_with_invented(lexicon, times))  # noqa: SLF001
    return larger


def _code(tagger: Tagger, language: str) -> str:
    return tagger.matcher(language).lexicon.language


def _with_invented(lexicon: Lexicon, times: int) -> Lexicon:
    known = set(lexicon.spellings)
    chance = random.Random(times)  # noqa: S311 a mixture, no secret
    model: Entry = next(e for e in lexicon.entries if e.does is Does.NAME)
    form: Form = model.forms[0]
    invented = Entry(Does.NAME, (form,), Edge.LATIN, Edge.LATIN)
    wanted = len(lexicon.spellings) * (times - 1)
    more: dict[str, Entry] = {}
    names = [s for s, e in zip(lexicon.spellings, lexicon.entries, strict=True) if e.does is not Does.TRIGGER]
    while len(more) < wanted:
        # Halves of two names and a letter between: as long as real names, of the same letters, and seldom in a text.
        one, other = chance.choice(names), chance.choice(names)
        made = one[: len(one) // 2 + 1] + chance.choice("zqxwvk") + other[len(other) // 2 :]
        if made not in known:
            more[made] = invented
    spellings, entries = (*lexicon.spellings, *more), (*lexicon.entries, *more.values())
    return replace(lexicon, spellings=spellings, entries=entries, longest=max(map(len, spellings)))


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=24.0, help="size of the texts (24)")
    parser.add_argument("--data", type=Path, default=DATA, help="where the texts lie")
    options = parser.parse_args()
    texts = read(options.data, options.megabytes)
    megabytes = sum(t.size for t in texts) / 1e6
    languages = sorted({t.language for t in texts})
    tagger = Tagger.load()
    spellings = sum(len(tagger.matcher(code).lexicon.spellings) for code in {_code(tagger, x) for x in languages})
    print(f"{megabytes:.1f} MB, {len(texts):,} documents, {len(languages)} languages, {spellings:,} spellings\n")

    rows = [
        ("(a) bare automaton", megabytes / best(bare(tagger, texts))),
        ("(b) Tagger.tag", megabytes / best(tagged(tagger, texts))),
        ("(c) tag_text, with sentences", megabytes / best(with_sentences(tagger, texts))),
        ("(d) BatchTagger, the same by language", megabytes / best(in_batches(tagger, texts))),
        ("    bare automaton by language", megabytes / best(bare(tagger, _by_language(texts)))),
    ]
    few = _sample(texts)
    work = ruler(tagger, few)
    work()
    start = time.perf_counter()
    work()
    rows.append(("(e) spaCy EntityRuler (sample)", sum(t.size for t in few) / 1e6 / (time.perf_counter() - start)))
    print(_table(rows))
    some = [t for t in texts if t.language in ENLARGED]
    size = sum(t.size for t in some) / 1e6
    rows = [("Tagger.tag, the names as they are", size / best(tagged(tagger, some)))]
    rows += [
        (f"(f) {times}x the names", size / best(tagged(enlarged(tagger, ENLARGED, times), some))) for times in (3, 10)
    ]
    print(f"\n{size:.1f} MB in {', '.join(ENLARGED)}\n\n{_table(rows)}")


def _table(rows: list[tuple[str, float]]) -> str:
    """Give the rows with their speeds, and each as a ratio to the first."""
    lines = [f"{'':40}{'MB/s':>8}{'ratio':>9}"]
    lines += [f"{name:40}{speed:8.1f}{speed / rows[0][1]:9.3f}" for name, speed in rows]
    return "\n".join(lines)


def _sample(texts: list[Text]) -> list[Text]:
    """Give the first texts: they are shuffled, and spaCy's time is linear."""
    few, size = [], 0
    for text in texts:
        if size >= SAMPLE_MEGABYTES * 1e6:
            break
        few.append(text)
        size += text.size
    return few


if __name__ == "__main__":
    main()

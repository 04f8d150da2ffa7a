"""What several benchmarks need: documents of real length that nobody has written, and a clock.

The texts are made at run time from real ones: their words in runs of three to eight, drawn
anew for each document, so that names stand among real words and no two documents
share more than chance would have it. Lengths are log-normal (median 1,500
characters, as news articles have), the language is Korean for half of the documents, and
one in twelve is a copy that another outlet prints within three days. They lie in nine
quarters, so that a report has the year before to compare with.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

DATA = Path(__file__).parents[1].parent / "shared" / "data"
FIRST_DAY = date(2024, 7, 1)
DAYS = 822  # to the end of 2026Q3
LANGUAGES = ("ko", "ko", "ko", "id", "en", "th")  # half Korea's, half ASEAN's
COUNTRY = {"ko": "KR", "id": "ID", "en": "SG", "th": "TH"}
OUTLETS = 30  # a language
MEDIAN, SPREAD = 1500, 0.6  # characters
COPIES = 12  # one document in so many
COPIED_WITHIN = 3  # days
PIECES = 4  # a sentence
_TOLD = Path("/proc/self/io")  # Linux


def pieces(folder: Path) -> dict[str, list[str]]:
    """Cut the real texts into runs of three to eight words, by language."""
    chance = random.Random(1)  # noqa: S311 a mixture, no secret
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                mine = found.setdefault(record["language"], [])
                # A language without spaces between words is cut by letters.
                unit = r"\S{1,30}\s*" if record["language"] != "th" else r".{1,12}"
                words = re.findall(unit, f"{record['title'] or ''} {record['body'] or ''}"[:20_000])
                while words:
                    size = chance.randint(3, 8)
                    mine.append("".join(words[:size]))
                    del words[:size]
    return {language: found[language] for language in COUNTRY}


@dataclass
class Maker:
    """Makes documents, the same ones each time."""

    pool: dict[str, list[str]]
    total: int
    chance: random.Random = field(default_factory=lambda: random.Random(2))  # noqa: S311 a mixture, no secret

    def records(self, first: int, last: int) -> Iterator[dict[str, str]]:
        """Make documents ``first`` to ``last`` of ``total``, in the order of their days."""
        recent: list[dict[str, str]] = []
        for number in range(first, last):
            day = FIRST_DAY + timedelta(days=number * DAYS // self.total)
            copied = recent and number % COPIES == 0
            record = self._copy(self.chance.choice(recent), day) if copied else self._new(day)
            record["id"] = str(number)
            recent = [r for r in recent[-40:] if (day - date.fromisoformat(r["published_at"])).days <= COPIED_WITHIN]
            recent.append(record)
            yield record

    def _new(self, day: date) -> dict[str, str]:
        language = self.chance.choice(LANGUAGES)
        length = min(20_000, int(self.chance.lognormvariate(0, SPREAD) * MEDIAN))
        parts: list[str] = []
        while length > 0:
            parts.append(self.chance.choice(self.pool[language]))
            length -= len(parts[-1])
        text = "".join(p + (". " if n % PIECES == 0 else "") for n, p in enumerate(parts, 1))
        return {
            "url": "",
            "title": "".join(self.chance.choices(self.pool[language], k=2)).strip() or "-",
            "body": text,
            "language": language,
            "published_at": day.isoformat(),
            "outlet": f"{language}-{self.chance.randrange(OUTLETS)}",
            "country": COUNTRY[language],
            "kind": "news",
        }

    def _copy(self, record: dict[str, str], day: date) -> dict[str, str]:
        outlet = f"{record['language']}-{self.chance.randrange(OUTLETS)}"
        return {**record, "outlet": outlet, "published_at": day.isoformat()}


def write(path: Path, records: Iterator[dict[str, str]]) -> None:
    """Write JSON Lines."""
    with path.open("w", encoding="utf-8") as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


@dataclass(frozen=True, slots=True)
class Spent:
    """What a piece of work took.

    Attributes:
        seconds: by the clock on the wall, which other jobs of the machine slow down.
        core: of one core, worked by this process and its workers that have ended.
        written: bytes this process sent to the disk; 0 where the system does not tell.
    """

    seconds: float
    core: float
    written: int


def timed(work: Callable[[], object], name: str = "") -> Spent:
    """Measure what a piece of work takes, and say so where it has a name: a million take long."""
    began, core, written = time.perf_counter(), _core(), _written()
    work()
    spent = Spent(time.perf_counter() - began, _core() - core, _written() - written)
    if name:
        print(f"  {name}: {spent.seconds:.1f} s, {spent.core:.1f} core s, {spent.written / 1e9:.1f} GB", flush=True)
    return spent


def _core() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _written() -> int:
    if not _TOLD.exists():
        return 0
    return next(int(line.split()[1]) for line in _TOLD.read_text().splitlines() if line.startswith("write_bytes"))

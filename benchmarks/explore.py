"""How fast `narra explore` answers: `uv run python benchmarks/explore.py [DOCUMENTS] [FOLDER]`.

Makes a store of made-up documents (100,000 unless told; a million takes some ten minutes
and 4 GB), with the mentions that the shares of the real one suggest, counts and indexes it,
and asks every canned query over HTTP as Datasette answers it: three times, the slowest is shown.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

from corpus.calendar import Quarter
from corpus.settings import Workspace, make_workspace, open_workspace
from corpus.store import Store
from corpus.targets import EVERYTHING, NAMED
from nlp.count import count
from results.cells import tabulate
from results.estimate import Estimator
from results.explore.figures import FILE, evidence_file
from results.explore.serve import application, prepare
from results.quarterly import measures

OUTLETS = [("korea", "KR", f"신문{n}", "ko") for n in range(60)] + [
    ("asean", country, f"{country} News {n}", language)
    for country, language in (("ID", "id"), ("TH", "th"), ("VN", "vi"), ("SG", "en"), ("PH", "en"), ("MY", "ms"))
    for n in range(18)
]
NAMES = {
    "ko": {"ASEAN": "아세안", "SEA": "동남아", "VN": "베트남", "TH": "태국", "ID": "인도네시아"},
    "th": {"ASEAN": "อาเซียน", "KR": "เกาหลีใต้", "KOREA": "เกาหลี"},
}
OTHERS = {"ASEAN": "ASEAN", "KR": "South Korea", "KOREA": "Korea", "VN": "Viet Nam"}
RATES = {
    "korea": {"ASEAN": 0.05, "SEA": 0.1, "VN": 0.1, "TH": 0.06, "ID": 0.05},
    "asean": {"KR": 0.08, "ASEAN": 0.1, "KOREA": 0.03, "VN": 0.05},
}
FILLER = {
    "ko": "정부는 화요일에 계획을 발표하였고 주민들의 의견은 서로 달랐다. 회의는 다음 달에 다시 열린다. ",
    "th": "รัฐบาลแถลงแผนงานเมื่อวันอังคาร ชาวบ้านมีความเห็นต่างกัน การประชุมจะจัดขึ้นอีกครั้งในเดือนหน้า ",
}
LATIN = "The government announced its plan on Tuesday, and residents were of two minds about what it would bring. "
FIRST = date(2024, 7, 1)
DAYS = 822  # to the end of 2026Q3: nine quarters
QUARTER = Quarter(2026, 3)
COPIED = 0.1
FARTHEST = 40  # rows between a text and its copy


def documents(number: int) -> Iterator[tuple[tuple[object, ...], list[tuple[object, ...]]]]:
    """Give documents with their mentions, in the order in which days go by."""
    chance = random.Random(11)  # noqa: S311 nothing here is secret
    for row in range(1, number + 1):
        narrative, country, outlet, language = OUTLETS[chance.randrange(len(OUTLETS))]
        day = (FIRST + timedelta(days=(row - 1) * DAYS // number)).isoformat()
        spelled = NAMES.get(language, OTHERS)
        named = [entity for entity, rate in RATES[narrative].items() if entity in spelled and chance.random() < rate]
        parts, mentions, at = [], [], 0
        for entity in named:
            before = FILLER.get(language, LATIN)
            parts += [before, spelled[entity], " "]
            start = at + len(before)
            mentions.append(
                (row, "body", start, start + len(spelled[entity]), entity, "common", spelled[entity], "", 0, "bench")
            )
            at = start + len(spelled[entity]) + 1
        parts.append(FILLER.get(language, LATIN) * chance.randrange(2, 6))
        story = row - chance.randrange(1, FARTHEST) if row > FARTHEST and chance.random() < COPIED else row
        yield (
            (row, f"{row:016x}", "bench", f"{country}:{outlet}", narrative, "news", language,
             f"https://{country.lower()}.example/{row}", f"№{row} {parts[0][:30]}", "".join(parts), "", "", day, "day",
             "stated", day, "2026-10-01T00:00:00+00:00", f"{row:016x}", story, f"{row:016x}", "bench", 6),
            mentions,
        )  # fmt: skip


def fill(store: Store, number: int) -> None:
    """Put them in by SQL: the store's own verbs are measured elsewhere."""
    connection: sqlite3.Connection = store._db.conn  # noqa: SLF001 see above
    columns = (
        "row,id,source,outlet,narrative,kind,language,url,title,body,keywords,excluded,day,precision,published_how,"
        "published_original,first_seen,hash,story,tagged_hash,tagged_version,sentences"
    )
    store.use_source("bench", "jsonl")
    with connection:
        connection.executemany("INSERT INTO outlets VALUES (?,?,?)", [(f"{c}:{o}", o, c) for _, c, o, _ in OUTLETS])
        batch: list[tuple[object, ...]] = []
        found: list[tuple[object, ...]] = []
        for document, mentions in documents(number):
            batch.append(document)
            found += mentions
            if len(batch) == 5000 or document[0] == number:  # noqa: PLR2004 rows at a time
                connection.executemany(f"INSERT INTO documents ({columns}) VALUES ({','.join('?' * 22)})", batch)  # noqa: S608 our own names
                connection.executemany(f"INSERT INTO mentions VALUES ({','.join('?' * 10)})", found)  # noqa: S608 the same
                batch, found = [], []
        connection.execute(
            "INSERT INTO stories SELECT story, count(*), count(DISTINCT outlet), min(day) FROM documents GROUP BY story"
        )
        connection.execute("INSERT OR REPLACE INTO state VALUES ('changes', '1')")
    store.begin_counting()
    while store.recount(2000, count):
        pass


def made(folder: Path, number: int) -> Workspace:
    """Make the workspace, or take the one that is there."""
    if (folder / "narra.toml").exists():
        return open_workspace(folder)
    workspace = make_workspace(folder)
    begun = time.perf_counter()
    with Store.open(workspace.store_path) as store:
        fill(store, number)
        print(f"filled and counted: {time.perf_counter() - begun:.0f} s, {store.totals()}")
        table = tabulate(store.counts(classes=(EVERYTHING, NAMED)), NAMED)
        figures = measures(Estimator(table, workspace.settings.measure), QUARTER)
    path = workspace.reports / str(QUARTER) / FILE
    path.parent.mkdir(parents=True)
    path.write_bytes(evidence_file(QUARTER, figures))
    return workspace


async def ask(workspace: Workspace) -> None:
    """Time every page."""
    with Store.open(workspace.store_path) as store:
        size, begun = workspace.store_path.stat().st_size, time.perf_counter()
        prepared = prepare(store, [], lambda _: None)
    seconds, after = time.perf_counter() - begun, workspace.store_path.stat().st_size
    print(f"indexed: {seconds:.0f} s; {size / 1e6:,.0f} MB before, {after / 1e6:,.0f} MB after")
    datasette = application(workspace, prepared)
    pages: list[tuple[str, dict[str, str]]] = [
        ("/", {}),
        ("/narra/mentions-by-outlet.json", {}),
        ("/narra/mentions-by-outlet.json", {"target": "VN", "narrative": "korea"}),
        ("/narra/co-mentions.json", {}),
        ("/narra/co-mentions.json", {"narrative": "asean", "from": "2026-01", "to": "2026-06"}),
        ("/narra/copies.json", {}),
        ("/narra/copies-of-a-story.json", {"story": "1000"}),
        ("/narra/figures.json", {}),
        ("/narra/evidence.json", {"figure": "attention-korea-ASEAN-documents"}),
        ("/narra/evidence.json", {"figure": "attention-korea-ANY-documents"}),
        ("/narra/evidence.json", {"figure": "symmetry-both-ASEAN-documents", "skip": "500"}),
        ("/narra/search.json", {"words": "태국"}),
        ("/narra/search.json", {"words": "อาเซียน เกาหลี"}),
        ("/narra/search.json", {"words": "nowhere"}),
        ("/narra/search.json", {"words": "정부"}),
        ("/narra/document.json", {"document": f"{1000:016x}"}),
        ("/narra/gaps.json", {}),
        ("/narra/visits.json", {}),
        ("/narra/texts.json", {}),
        ("/narra/texts.json", {"_search": "태국"}),
        ("/narra/texts.json", {"narrative": "korea", "language": "ko"}),
    ]
    for path, asked in pages:
        taken, rows = [], 0
        for _ in range(3):
            begun = time.perf_counter()
            answer = await datasette.client.get(f"{path}?{urlencode(asked)}", headers={"host": "127.0.0.1"})
            taken.append(time.perf_counter() - begun)
            assert answer.status_code == 200, answer.text[:500]  # noqa: S101, PLR2004 a benchmark of errors says nothing
            rows = len(answer.json()["rows"]) if ".json" in path else 0
        print(f"{max(taken) * 1000:7.0f} ms  {rows:5} rows  {path} {asked or ''}")


def main() -> None:
    """Make, ask, print."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp()) / "explore"  # noqa: PLR2004 the second argument
    asyncio.run(ask(made(folder, number)))


if __name__ == "__main__":
    main()

"""Kill a run at random moments of each stage, and see that the next run makes the store whole.

``uv run python tests/killing.py FOLDER [KILLS] [SEED]``: so many kills (100) of each stage. The
moments are drawn from the seed: every other one is a moment of the work SQLite does (so many
of its instructions), the others are moments of time, which also meet commits and what
Python does. A killed child is a fork: nothing of it is tidied up.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent / "corpus"))  # for `storing`

from storing import WIRE, content

import collectors.run
import nlp.count
import nlp.run
from corpus.copies import group_store, stories_of
from corpus.store import Store
from nlp.tagger import Tagger

INSTRUCTIONS: Final = 50  # between two looks at the clock of work
TEXTS: Final = 120


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage, and how long it is.

    Attributes:
        name: for messages.
        work: does it.
        ticks: how often SQLite looked up in it.
        seconds: how long it took.
    """

    name: str
    work: Callable[[Store], object]
    ticks: int = 0
    seconds: float = 0.0


def make_records(path: Path) -> None:
    """Write texts of five outlets over twelve days; every third is a copy."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(TEXTS):
            body = WIRE if number % 3 == 0 else f"동남아와 태국, 베트남의 {number}번째 이야기는 다른 이야기다." * 3
            record = {
                "id": str(number), "title": f"아세안 {number}", "body": body, "language": "ko",
                "published_at": f"2025-07-{1 + number % 12:02}", "outlet": f"누리{number % 5}", "country": "KR",
                "kind": "news",
            }  # fmt: skip
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def stages(records: Path, tagger: Tagger) -> list[Stage]:
    """Give the stages, with batches so small that there are many of them."""
    collectors.run.BATCH = 15  # type: ignore[misc] final, for everybody but this script
    nlp.run.BATCH = 10  # type: ignore[misc] the same
    nlp.count.BATCH = 4  # type: ignore[misc] the same
    return [
        Stage("import", lambda store: collectors.run.import_files(store, [records], lambda _: None)),
        Stage("tag", lambda store: nlp.run.tag_store(store, tagger)),
        Stage("copies", group_store),
        Stage("count", nlp.count.count_store),
    ]


def watch(store: Store, look: Callable[[], None]) -> None:
    """Have SQLite call ``look`` while it works."""
    store._db.conn.set_progress_handler(look, INSTRUCTIONS)  # noqa: SLF001 only a test looks into it


def measured(stage: Stage, path: Path) -> Stage:
    """Do a stage, and give how long it is."""
    ticks = 0

    def look() -> None:
        nonlocal ticks
        ticks += 1

    with Store.open(path) as store, store.writing():
        watch(store, look)
        began = time.perf_counter()
        stage.work(store)
        return Stage(stage.name, stage.work, ticks, time.perf_counter() - began)


def killed(stage: Stage, path: Path, tick: int | None, seconds: float) -> bool:
    """Do a stage in a fork that kills itself at a tick, or after some seconds; tell whether it was in time."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    left = tick

    def look() -> None:
        nonlocal left
        if left is not None:
            left -= 1
            if left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    with Store.open(path) as store, store.writing():
        watch(store, look)
        if tick is None:
            threading.Timer(seconds, lambda: os.kill(os.getpid(), signal.SIGKILL)).start()
        stage.work(store)
    os._exit(0)


def copy(source: Path, target: Path) -> None:
    """Copy a store that nobody has open."""
    for ending in ("", "-wal", "-shm"):
        Path(f"{target}{ending}").unlink(missing_ok=True)
    shutil.copyfile(source, target)


def main(folder: Path, kills: int, seed: int) -> None:
    """Kill and look; ends with an error where a store isn't what it should be."""
    chance = random.Random(seed)  # noqa: S311 no secret
    records, tagger = folder / "texts.jsonl", Tagger.load()
    make_records(records)
    whole, path = folder / "whole.db", folder / "killed.db"
    before: dict[str, Path] = {}
    done: list[Stage] = []
    for stage in stages(records, tagger):
        before[stage.name] = folder / f"before-{stage.name}.db"
        with Store.open(whole):
            pass
        copy(whole, before[stage.name])
        done.append(measured(stage, whole))
    right = content(whole)
    for stage in done:
        hits = 0
        for number in range(kills):
            copy(before[stage.name], path)
            tick = chance.randrange(1, stage.ticks + 1) if number % 2 == 0 else None
            hits += killed(stage, path, tick, chance.uniform(0, stage.seconds))
            with Store.open(path) as store, store.writing():
                for again in done:
                    again.work(store)
                faults = list(store.faults(nlp.count.count, stories_of))
            if faults or content(path) != right:
                raise SystemExit(
                    f"{stage.name}, kill {number}, seed {seed}: the store is not what it should be: {faults}"
                )
        print(f"{stage.name}: {kills} runs, {hits} killed in time, all made whole", flush=True)  # noqa: T201 for who runs it


if __name__ == "__main__":
    chosen = sys.argv[1:]
    main(Path(chosen[0]), int(chosen[1]) if chosen[1:] else 100, int(chosen[2]) if chosen[2:] else 1)

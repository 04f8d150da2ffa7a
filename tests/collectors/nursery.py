"""Collections that are killed at random moments: run by test_visit in a process of its own.

    python nursery.py FOLDER KILLS

Everything is imported once; each collection is a fork, so that fifty of them take seconds.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from collectors.contract import Fetch, Visit
from collectors.outcome import Batch
from collectors.source import Source
from collectors.visit import Validators, collect
from corpus.calendar import parse_published
from corpus.identity import document_keys
from corpus.model import Document, Outlet
from corpus.store import Store

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
SOURCES = {"ganada": 120, "dahae": 120, "mirae": 120}
BATCH = 7
SEED = 20101


def source(slug: str) -> Source:
    return Source(
        slug=slug,
        outlet=slug,
        country="KR",
        language="ko",
        kind="news",
        owner="private",
        collect="mediacloud",
        urls=(f"https://{slug}.example/",),
        seen="here",
        confirmed=False,
        expect=(0, 1000),
    )


def document(slug: str, number: int) -> Document:
    # The last fifteen of each source are everybody's: three sources bring the same document.
    owner, place = ("shared", number) if number >= SOURCES[slug] - 15 else (slug, number)
    url = f"https://{owner}.example/{place}"
    return Document(
        keys=document_keys("nursery", None, url),
        source=slug if owner != "shared" else "shared",
        outlet=Outlet(owner, "KR"),
        kind="news",
        language="ko",
        title=f"{owner} {place}",
        body="본문 " * 30,
        url=url,
        published=parse_published("2026-11-20", "KR"),
    )


class Cursor:
    """What the fetch of this fake is: it gives documents from a place on, and a validator at the end."""

    def __init__(self, validators: Validators) -> None:
        self.validators = validators


async def kind(of: Source, fetch: Fetch, visit: Visit) -> AsyncIterator[Batch]:
    """Go on from the remembered place; the place is remembered with the batch it belongs to."""
    start = int(visit.memory.get("place", "0"))
    for place in range(start, SOURCES[of.slug], BATCH):
        end = min(place + BATCH, SOURCES[of.slug])
        documents = tuple(document(of.slug, number) for number in range(place, end))
        await asyncio.sleep(0.001)
        yield Batch(documents, memory={"place": str(end)})
    assert isinstance(fetch, Cursor)
    fetch.validators.put(of.urls[0], '"whole"', "")


def collected(path: Path) -> None:
    def factory(_of: Source, _keys: Mapping[str, str], validators: Validators) -> Fetch:
        return Cursor(validators)  # type: ignore[return-value]  # this kind asks for nothing

    with Store.open(path) as store, store.writing():
        store.use_source("shared", "mediacloud")
        work = collect(
            store,
            [source(slug) for slug in SOURCES],
            factory,
            since=None,
            until=None,
            keys=lambda _name: None,
            report=lambda _progress: None,
            now=NOW,
            kinds={"mediacloud": kind},
        )
        asyncio.run(work)


def forked(path: Path) -> int:
    child = os.fork()
    if child:
        return child
    try:
        collected(path)
    except BaseException as error:  # noqa: BLE001 the child must end here, and say why
        sys.stderr.write(f"{path.name}: {error!r}\n")
        os._exit(1)
    os._exit(0)


def finished(child: int) -> bool:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def main(folder: Path, kills: int) -> int:
    began = time.monotonic()
    if not finished(forked(folder / "undisturbed.db")):
        return 1
    whole = time.monotonic() - began
    dice = random.Random(SEED)  # noqa: S311 moments, not keys
    cut = 0
    for number in range(kills):
        path = folder / f"killed{number}.db"
        child = forked(path)
        time.sleep(dice.uniform(0.0, whole))
        os.kill(child, signal.SIGKILL)
        cut += not finished(child)
        if not finished(forked(path)):
            return 1
    sys.stdout.write(json.dumps({"killed": kills, "cut": cut, "whole": whole}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), int(sys.argv[2])))

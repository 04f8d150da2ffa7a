"""What tests of engines share: the sample corpus in a few languages, as a dataset and as a store."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))  # so that tests can import `spreading` beside them
sys.path.append(str(Path(__file__).parents[2] / "corpus"))  # and `storing`

import spreading
from storing import content

from corpus.parquet import export
from corpus.sample import sample_files
from corpus.store import Store

LANGUAGES = {"ko", "en", "vi"}  # of both sides; each is compiled in every worker
FILE_DOCUMENTS = 30


@pytest.fixture(scope="session")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file of the sample's records in a few languages."""
    path = tmp_path_factory.mktemp("records") / "sample.jsonl"
    lines = [line for file in sample_files() for line in file.read_text(encoding="utf-8").splitlines()]
    kept = [line for line in lines if json.loads(line)["language"] in LANGUAGES]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory, records: Path) -> Path:
    """Give the same as partitions, many small ones."""
    folder = tmp_path_factory.mktemp("dataset")
    with pytest.MonkeyPatch.context() as patch, Store.in_memory() as store:
        patch.setattr("corpus.parquet.FILE_DOCUMENTS", FILE_DOCUMENTS)
        spreading.take(store, [records])
        export(store, str(folder / "documents"))
    return folder / "documents"


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory, dataset: Path) -> spreading.Content:
    """Give every table of a store into which the dataset was imported, and which this machine worked on alone."""
    path = tmp_path_factory.mktemp("local") / "narra.db"
    with Store.open(path) as store, store.writing():
        spreading.take(store, sorted(dataset.rglob("*.parquet")))
        spreading.work(store)
    return content(path)

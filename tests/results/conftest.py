"""A made-up store and its report, built once for all tests that only look."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.calendar import Quarter
from corpus.settings import MeasureSettings, Settings
from corpus.store import Store
from results.quarterly import QuarterResults, compute

sys.path.append(str(Path(__file__).parent))  # so that tests can import `synthetic` beside them

import synthetic

QUARTER = Quarter(2026, 3)


@pytest.fixture(scope="session")
def settings() -> Settings:
    return Settings(measure=MeasureSettings(replicates=200))


@pytest.fixture(scope="session")
def store() -> Iterator[Store]:
    documents, copies = synthetic.corpus(Quarter(2025, 3), QUARTER, scale=0.5)
    with Store.in_memory() as made:
        synthetic.fill(made, documents, copies)
        yield made


@pytest.fixture(scope="session")
def results(store: Store, settings: Settings) -> QuarterResults:
    return compute(store, settings, QUARTER)

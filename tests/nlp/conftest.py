"""One tagger for all tests of this folder: a language is compiled once."""

from __future__ import annotations

import pytest

from nlp.tagger import Tagger


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    return Tagger.load()

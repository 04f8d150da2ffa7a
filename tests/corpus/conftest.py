"""One tagger for all tests of this folder that need one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from nlp.tagger import Tagger

sys.path.append(str(Path(__file__).parent))  # so that tests can import `storing` beside them


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    return Tagger.load()

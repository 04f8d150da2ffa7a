"""Every failure that the sources are known to have, and the test that replays it.

`docs/failures.md` is the table; here it is kept true: each test it names exists.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from collectors.outcome import Status

TABLE = Path(__file__).parents[2] / "docs" / "failures.md"
HERE = Path(__file__).parent
_NAMED = re.compile(r"`(test_\w+)::(test_\w+)`")


def rows() -> list[str]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith("| ") and not line.startswith("| what fails")]


@pytest.mark.parametrize("row", rows())
def test_each_failure_has_a_test_that_exists(row: str) -> None:
    named = _NAMED.findall(row)
    assert named, row
    for module, name in named:
        text = (HERE / f"{module}.py").read_text(encoding="utf-8")
        assert re.search(rf"^(?:async )?def {name}\(", text, re.MULTILINE), f"{module}::{name}"


def test_every_status_is_the_end_of_some_failure_or_of_none() -> None:
    said = "\n".join(rows())
    fine = {"ok"}
    assert {status for status in get_args(Status) if f"`{status}`" not in said} == fine

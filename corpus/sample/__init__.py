"""A small invented corpus that ships with narra, so that it can be tried without any data."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def sample_files() -> list[Path]:
    """Give the sample's JSON Lines files, sorted by name."""
    folder = Path(str(files("corpus.sample")))
    return sorted(folder.glob("*.jsonl"))

"""A small invented corpus that ships with narra, so that it can be tried without any data."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def sample_files() -> list[Path]:
    """Give the sample's JSON Lines files, sorted by name."""
    return sorted(_folder().glob("*.jsonl"))


def series_files() -> list[Path]:
    """Give the sample's tables of awareness (page views, searches, a survey), sorted by name; all are invented."""
    return sorted((_folder() / "series").glob("*.csv"))


def _folder() -> Path:
    return Path(str(files("corpus.sample")))

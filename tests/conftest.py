"""What all tests share, and the guard: our package names are common words, so another distribution may own them."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
REAL_DATA = ROOT.parent / "shared" / "data"
OURS = ("collectors", "corpus", "narra", "nlp", "results")


def pytest_sessionstart() -> None:
    for name in OURS:
        spec = importlib.util.find_spec(name)
        expected = {ROOT / f"{name}.py", ROOT / name / "__init__.py"}
        origin = Path(spec.origin).resolve() if spec and spec.origin else None
        if origin not in {path.resolve() for path in expected}:
            pytest.exit(f"`{name}` is imported from {origin}, not from this project. Run: uv sync", returncode=4)


@pytest.fixture
def real_data() -> Path:
    """The folder of real documents, or a skip where it is absent."""
    if not REAL_DATA.is_dir():
        pytest.skip("the real documents are not beside the project")
    return REAL_DATA

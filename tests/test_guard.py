"""The guard of conftest.py: another distribution's package with a name of ours is not tested in its place."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def collected(path: Path) -> subprocess.CompletedProcess[str]:
    """Collect a test in a process that finds packages in ``path`` first."""
    return subprocess.run(
        [
            sys.executable,
            *("-P", "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"),
            *("--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml"), str(ROOT / "tests" / "test_guard.py")),
        ],
        cwd=path,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
        | {"PYTHONPATH": str(path)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("name", ["corpus", "nlp"])
def test_a_package_of_another_distribution_is_refused_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text("")
    run = collected(tmp_path)
    said = run.stdout + run.stderr
    assert run.returncode == 4, said
    assert f"`{name}` is imported from {tmp_path / name / '__init__.py'}" in said
    assert "uv sync" in said


def test_a_module_of_another_distribution_is_refused(tmp_path: Path) -> None:
    (tmp_path / "narra.py").write_text("")
    assert collected(tmp_path).returncode == 4


def test_our_own_packages_are_not_refused(tmp_path: Path) -> None:
    run = collected(tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "test_our_own_packages_are_not_refused" in run.stdout

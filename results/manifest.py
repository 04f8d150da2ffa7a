"""What a report was made of, so that it can be made again: code, models, settings, data, panel and the files' hashes.

No time of day stands in it, which would make two reports of the same store differ.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from importlib.metadata import Distribution, PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from corpus.settings import Settings
from corpus.store import Store
from results.basis import Basis
from results.language import spoken
from results.quarterly import QuarterResults

_ROOT: Final = Path(__file__).parents[1]
_PATIENCE: Final = 10  # seconds


def manifest(  # noqa: PLR0913, PLR0917 all that a report is made of
    store: Store,
    settings: Settings,
    results: QuarterResults,
    basis: Basis,
    made_by: dict[str, str],
    files: dict[str, bytes],
) -> dict[str, Any]:
    """Describe a report.

    Args:
        store: what it was made from.
        settings: that it was made by.
        results: its figures.
        basis: what they rest on.
        made_by: the `versions` that its page names.
        files: its files, by name.
    """
    return {
        "quarter": str(results.quarter),
        "language": spoken(),
        "versions": made_by | {"commit": commit(), "frames": store.frame_versions(), "topics": _topics(store)},
        "settings": settings.model_dump(mode="json", by_alias=True),
        "seed": settings.measure.seed,
        "store": store.totals(),
        "documents_sha256": store.fingerprint(),
        "panel": {
            side.narrative: [row.outlet for row in basis.outlets if row.narrative == side.narrative and row.in_panel]
            for side in basis.sides
        },
        "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())},
    }


def as_json(content: dict[str, Any]) -> bytes:
    """Write a manifest."""
    return (json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def versions(store: Store) -> dict[str, str]:
    """Give the versions that a page names: of narra, and of the lexicon that found the names."""
    return {"narra": _installed(), "lexicon": ", ".join(store.lexicons()) or "none"}


def commit() -> str | None:
    """Give the commit of this code, with ``+changed`` where files differ from it; None where it can't be told."""
    try:
        origin = Distribution.from_name("narra").read_text("direct_url.json")
    except PackageNotFoundError:
        origin = None
    installed = json.loads(origin).get("vcs_info", {}).get("commit_id") if origin else None
    if installed:
        return str(installed)
    return _of_checkout() if (_ROOT / ".git").exists() else None


def _of_checkout() -> str | None:
    try:
        at = _git("rev-parse", "HEAD")
        changed = _git("status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.SubprocessError):
        return None
    return f"{at}+changed" if changed else at


def _git(*arguments: str) -> str:
    run = subprocess.run(  # noqa: S603 fixed arguments
        ["git", "-C", str(_ROOT), *arguments],  # noqa: S607 whichever git there is
        capture_output=True,
        check=True,
        text=True,
        timeout=_PATIENCE,
    )
    return run.stdout.strip()


def _installed() -> str:
    try:
        return version("narra")
    except PackageNotFoundError:
        return "not installed"


def _topics(store: Store) -> dict[str, str]:
    return {model.scope: model.version for model in store.topic_models()}

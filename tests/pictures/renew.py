"""Draw the stored pictures of charts anew, after a change that is meant to be seen.

    uv run python tests/pictures/renew.py

Look at what changed (``git diff`` shows both) before committing it.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from pictures_looks import CHARTS, SCREENS, SHOWN, STORED, charts, drawn, shown, small
from typer.testing import CliRunner

import narra


def main() -> int:
    """Run the sample and draw every picture that can be drawn here."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        result = CliRunner().invoke(narra.app, ["demo", "--no-open", str(folder / "demo")])
        if result.exit_code:
            sys.stdout.write(result.output)
            return result.exit_code
        report = folder / "demo" / "reports" / narra.DEMO_QUARTER / "report.html"
        page = report.read_text(encoding="utf-8")
        pictures = {name: drawn(spec) for name, spec in charts(page).items() if name in CHARTS}
        if chromium:
            pictures |= {
                f"{name}-{screen}": shown(page, name, screen, chromium, folder) for name in SHOWN for screen in SCREENS
            }
    STORED.mkdir(exist_ok=True)
    for name, picture in pictures.items():
        (STORED / f"{name}.png").write_bytes(small(picture))
    sys.stdout.write(f"Wrote {len(pictures)} pictures{'' if chromium else ', none of the browser: there is none'}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

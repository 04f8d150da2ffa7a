from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from corpus.store import Store
from narra import app

TEXTS = [
    ("Exports of Vietnam to Korea rise", "Exports grew after the free trade agreement, and tariffs fell."),
    ("Vietnam win the football final", "Fans cheered as Vietnam beat Thailand in the football championship."),
    ("Nothing of ours", "It will rain tomorrow."),
]


def run(*words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "ws"
    run("init", str(folder))
    lines = [
        json.dumps(
            {
                "id": str(n),
                "outlet": "Made Daily",
                "country": "SG",
                "language": "en",
                "kind": "news",
                "published_at": "2026-08-03",
                "title": title,
                "body": body,
                "url": f"https://example.org/{n}",
            }
        )
        for n, (title, body) in enumerate(TEXTS)
    ]
    (tmp_path / "made.jsonl").write_text("\n".join(lines), encoding="utf-8")
    run("import", "-w", str(folder), str(tmp_path / "made.jsonl"))
    run("tag", "-w", str(folder))
    return folder


def test_run_frames_what_names_something_once(workspace: Path) -> None:
    assert "Framed 2 texts" in run("frames", "run", "-w", str(workspace))
    assert "framed already" in run("frames", "run", "-w", str(workspace))
    with Store.open(workspace / "narra.db") as store:
        assert [r["stage"] for r in store.runs()][:2] == ["frame", "frame"]


def test_show_says_which_words_decided() -> None:
    said = run("frames", "show", "-l", "en", "Exports grew after the free trade agreement.")
    assert said.startswith("Trade")
    assert "free trade" in said
    assert "yes" in said


def test_show_reads_standard_input_and_refuses_an_unknown_language() -> None:
    result = CliRunner().invoke(app, ["frames", "show", "-l", "ko", "-"], input="축구 결승에서 베트남이 이겼다")
    assert "Sport" in result.output
    refused = CliRunner().invoke(app, ["frames", "show", "-l", "sw", "Habari"])
    assert refused.exit_code == 5
    assert "sw" in refused.output


def test_a_corpus_too_small_teaches_nothing_and_says_so(workspace: Path) -> None:
    said = run("frames", "learn", "-w", str(workspace))
    assert "Nothing was learned for en" in said
    assert not (workspace / "frames.json").exists()


def test_a_broken_model_is_named(workspace: Path) -> None:
    (workspace / "frames.json").write_text("{", encoding="utf-8")
    result = CliRunner().invoke(app, ["frames", "run", "-w", str(workspace)])
    assert result.exit_code == 5
    assert "frames.json" in result.output

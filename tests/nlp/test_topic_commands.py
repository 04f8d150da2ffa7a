"""The commands about topics: what they say, what they refuse, and what lies in the workspace after."""

from __future__ import annotations

import json
import random
import shutil
import sys
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from corpus.settings import open_workspace
from corpus.store import Store
from corpus.store.topics import Representative, StoredTopic
from narra import app
from nlp import segment
from nlp.topic_commands import title_lines, topic_rows
from nlp.topics.names import Entry, Names
from nlp.topics.records import Quality

POOLS = (
    "summit leaders declaration ministers partnership chairman dialogue statement cooperation envoy",
    "football goal coach striker stadium league midfielder referee penalty championship",
    "tourists beach hotel flights visa airport travellers resort bookings airline",
)
SCOPE = "asean/KR|KOREA/en"


def narra(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "200"})


def lines(number: int, first: int = 0, country: str = "SG", language: str = "en") -> str:
    draw = random.Random(first)  # noqa: S311 - invents text, keeps no secret
    title = {"en": "South Korea", "ko": "아세안"}[language]
    return "".join(
        json.dumps(
            {
                "id": f"{language}-{first + n}",
                "title": title,
                "body": " ".join(draw.sample(POOLS[n % 3].split(), 8)) + f" x{first + n}",
                "language": language,
                "published_at": "2026-08-03",
                "outlet": f"Made {language}",
                "country": country,
                "kind": "news",
                "url": f"https://example.org/{language}/{first + n}",
            },
            ensure_ascii=False,
        )
        + "\n"
        for n in range(number)
    )


def take(folder: Path, text: str) -> None:
    file = folder / "made.jsonl"
    file.write_text(text, encoding="utf-8")
    for words in (("import", file), ("tag",)):
        assert narra(*words, "-w", folder).exit_code == 0


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    assert narra("init", folder).exit_code == 0
    return folder


@pytest.fixture(scope="module")
def full_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("full") / "workspace"
    assert narra("init", folder).exit_code == 0
    take(folder, lines(75) + lines(5, 0, "KR", "ko"))
    return folder


@pytest.fixture(scope="module")
def fitted_once(full_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = copied(full_once, tmp_path_factory.mktemp("fitted"))
    found = narra("topics", "fit", "--fewest", "40", "--topics", "3", "-w", folder)
    assert found.exit_code == 0, found.output
    return folder


def copied(folder: Path, to: Path) -> Path:
    return Path(shutil.copytree(folder, to / "copy"))


@pytest.fixture
def full(full_once: Path, tmp_path: Path) -> Path:
    return copied(full_once, tmp_path)


@pytest.fixture
def fitted(fitted_once: Path, tmp_path: Path) -> Path:
    return copied(fitted_once, tmp_path)


def test_every_scope_is_fitted_or_said_why_not(full: Path) -> None:
    found = narra("topics", "fit", "--fewest", "40", "--topics", "3", "-w", full)
    assert found.exit_code == 0
    assert "asean/KR|KOREA/en: 3 topics of 75 different documents." in found.stdout
    assert "On held-out documents: coherence (NPMI)" in found.stdout
    assert "korea/ASEAN/ko: no topics. 5 documents are too few for topics; narra wants 40 (--fewest)." in found.stdout
    assert (full / "models" / "topics" / "asean-KR-or-KOREA-en.npz").is_file()
    assert (full / "topics.toml").read_text(encoding="utf-8").count("[[topic]]") == 3


def test_show_lists_topics_with_titles_and_links_and_needs_no_model(fitted: Path) -> None:
    (fitted / "models" / "topics" / "asean-KR-or-KOREA-en.npz").unlink()
    for words in ((), (SCOPE,), ("asean/kr/en",)):
        found = narra("topics", "show", *words, "-w", fitted)
        assert found.exit_code == 0
        assert found.stdout.startswith(SCOPE)
        assert "stability" in found.stdout
        assert "of no topic" in found.stdout
        assert found.stdout.count("https://example.org/en/") == 9
        assert "0 new documents are too few to see a drift in" in found.stdout


def test_a_name_is_given_and_kept_by_a_refit(fitted: Path) -> None:
    assert narra("topics", "name", "asean/KR/en", "2", "Sport [all]", "-w", fitted).exit_code == 0
    again = narra("topics", "fit", "--fewest", "40", "--topics", "3", "--seed", "4", "-w", fitted)
    assert "3 of the former 3 go on, 0 are new." in again.stdout
    assert "Sport [all]" in narra("topics", "show", "-w", fitted).stdout
    with Store.open(fitted / "narra.db") as store:
        assert [topic.name for topic in store.topics_of(SCOPE) if topic.id == 2] == ["Sport [all]"]


def test_a_merge_is_shown_and_refused_in_a_circle_or_with_itself_undone(fitted: Path) -> None:
    assert narra("topics", "merge", "asean/KR/en", "2", "1", "-w", fitted).exit_code == 0
    assert "1 (with 2)" in narra("topics", "show", "-w", fitted).stdout
    circle = narra("topics", "merge", "asean/KR/en", "1", "2", "-w", fitted)
    assert circle.exit_code == 3
    assert "in a circle" in circle.stderr
    assert narra("topics", "merge", "asean/KR/en", "2", "2", "-w", fitted).exit_code == 0
    assert "with 2" not in narra("topics", "show", "-w", fitted).stdout


def test_new_documents_are_assigned_by_the_command_and_by_run(fitted: Path) -> None:
    take(fitted, lines(6, 200))
    assert f"{SCOPE}: 6 further documents have their topic." in narra("topics", "assign", "-w", fitted).stdout
    take(fitted, lines(3, 300))
    found = narra("run", "-w", fitted)
    assert f"{SCOPE}: 3 further documents have their topic." in found.stdout
    with Store.open(fitted / "narra.db") as store:
        counted = {row.frame: row.documents for row in store.counts() if row.frame.startswith("topics:")}
        assert counted == {f"topics:{SCOPE}": 84}


def test_a_missing_model_is_said_and_keeps_no_run_from_its_report(fitted: Path) -> None:
    (fitted / "models" / "topics" / "asean-KR-or-KOREA-en.npz").unlink()
    take(fitted, lines(3, 300))
    alone = narra("topics", "assign", "-w", fitted)
    assert alone.exit_code == 7
    assert "is missing. Put the right one back, or fit again" in alone.stderr
    found = narra("run", "-w", fitted)
    assert "is missing" in found.stderr
    assert "Counts: " in found.stdout


def test_what_is_not_there_is_said_with_what_to_do(workspace: Path) -> None:
    for words in (("show",), ("assign",), ("name", SCOPE, "1", "x")):
        found = narra("topics", *words, "-w", workspace)
        assert found.exit_code == 7
    empty = narra("topics", "fit", "-w", workspace)
    assert empty.exit_code == 7
    assert "Run first: narra tag" in empty.stderr


def test_unknown_words_are_refused_with_what_is_known(fitted: Path) -> None:
    for words, code, said in (
        (("show", "nonsense"), 5, "A scope is narrative/target/language"),
        (("show", "korea/ASEAN/ko"), 5, f"There are topics of {SCOPE}."),
        (("name", SCOPE, "9", "x"), 5, "has no topic 9. It has 1, 2, 3."),
        (("fit", "--target", "Japan"), 5, "--target 'Japan' is not known"),
        (("fit", "--narrative", "japan"), 5, "korea, asean"),
        (("fit", "--embedding", "word2vec"), 3, "is no embedding narra knows"),
        (("fit", "--until", "autumn"), 5, "autumn"),
        (("fit", "--language", "ko"), 7, "No topics were fitted"),
    ):
        found = narra("topics", *words, "-w", fitted)
        assert found.exit_code == code, found.output
        assert said in found.stderr


def test_a_bad_file_of_names_is_named_and_changes_nothing(fitted: Path) -> None:
    (fitted / "topics.toml").write_text("[[topic]]\nid = 1\ncolour = 2\n", encoding="utf-8")
    for words in (("show",), ("fit", "--fewest", "40"), ("name", SCOPE, "1", "x")):
        found = narra("topics", *words, "-w", fitted)
        assert found.exit_code == 3
        assert "topics.toml: topic.0.colour" in found.stderr
    assigned = narra("topics", "assign", "-w", fitted)
    assert "Names of topics were left as they were." in assigned.stderr
    assert f"{SCOPE}: nothing new" in assigned.stdout


def test_a_missing_library_leaves_one_language_out_and_is_named(full: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    take(full, lines(45, 0, "KR", "ko"))
    segment._segmenter.cache_clear()  # noqa: SLF001 as in a new process
    monkeypatch.setitem(sys.modules, "kiwipiepy", None)
    found = narra("topics", "fit", "--fewest", "40", "--topics", "3", "-w", full)
    segment._segmenter.cache_clear()  # noqa: SLF001 as in a new process
    assert found.exit_code == 0
    assert "korea/ASEAN/ko: no topics." in found.stdout
    assert "kiwipiepy" in found.stdout
    assert "asean/KR|KOREA/en: 3 topics" in found.stdout


def test_guides_are_the_frames_seeds(full: Path) -> None:
    found = narra("topics", "fit", "--fewest", "40", "--topics", "3", "--guided", "--target", "KR", "-w", full)
    assert found.exit_code == 0, found.output
    with Store.open(full / "narra.db") as store:
        guided = {guide: {w for w, _, _ in t.words} for t in store.topics_of(SCOPE) for guide in t.guides}
        (model,) = store.topic_models()
    assert {"football", "goal"} <= guided["sport"]
    assert {"tourists", "hotel"} & guided["tourism"]
    assert "sport" in model.about["guides"]


def test_an_interrupted_fit_exits_as_such_and_leaves_the_workspace_whole(
    full: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("nlp.topics.run.measured", interrupted)
        found = narra("topics", "fit", "--fewest", "40", "--topics", "3", "-w", full)
    assert found.exit_code == 130
    assert "What was stored is safe" in found.stderr
    with Store.open(open_workspace(full).store_path) as store:
        assert store.topic_models() == []
        assert store.runs(1)[0]["status"] == "interrupted"
    assert narra("topics", "fit", "--fewest", "40", "--topics", "3", "-w", full).exit_code == 0


# -- what is shown, from records alone -------------------------------------------


def topic(number: int, *words: str) -> StoredTopic:
    return StoredTopic(number, tuple((word, 1.0, "en") for word in words), 10, (), ())


def test_the_table_adds_merged_topics_up_and_ends_with_documents_of_none() -> None:
    names = Names([Entry(id=1), Entry(id=2, name="Sport"), Entry(id=3, merged_into=2)])
    found = topic_rows([topic(1, "a"), topic(2, "b", "c"), topic(3, "d")], {1: 50, 2: 20, 3: 40, -1: 90}, names)
    assert found == [
        ("2 (with 3)", "Sport", "b c", "60", "30.0%"),
        ("1", "", "a", "50", "25.0%"),
        ("–", "", "of no topic", "90", "45.0%"),
    ]


def test_a_topic_merged_into_one_that_ended_is_shown_by_its_own_words() -> None:
    names = Names([Entry(id=1, name="Old"), Entry(id=2, merged_into=1)])
    assert topic_rows([topic(2, "b")], {2: 3}, names)[0] == ("1 (with 2)", "Old", "b", "3", "100.0%")


def test_titles_stand_under_their_topic() -> None:
    shown = [Representative(1, f"d{n}", f"T{n}", "SG:Made", "2026-08-03", "https://example.org") for n in range(5)]
    bare = Representative(2, "e", "", "SG:Made", None, None)
    found = list(title_lines([topic(1, "a"), topic(2, "b")], [*shown, bare]))
    assert found[:2] == ["1: a", "    T0 – SG:Made, 2026-08-03 https://example.org"]
    assert found[-2:] == ["2: b", "    (no title) – SG:Made, undated"]
    assert len(found) == 6


def test_quality_is_said_in_one_line() -> None:
    said = Quality(0.3, 0.2, 0.4, 0.9, 0.6, 0.184, 0.061, 1000, 30.0, 5).said
    assert said == (
        "On held-out documents: coherence (NPMI) 0.30 (0.20 to 0.40), diversity 0.90, stability 0.60, "
        "of no topic 18.4%, largest topic 6.1%; 5 fits, 1,000 documents held out in each."
    )

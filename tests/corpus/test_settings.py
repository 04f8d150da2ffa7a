"""Settings: the template says the defaults, and a wrong key or value is named with what is allowed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from corpus.errors import SettingsError, WorkspaceError
from corpus.settings import TEMPLATE, Settings, make_workspace, open_workspace, read_settings


def written(folder: Path, content: str) -> Path:
    path = folder / "narra.toml"
    path.write_text(content, encoding="utf-8")
    return path


def test_the_template_says_the_defaults(tmp_path: Path) -> None:
    assert read_settings(written(tmp_path, TEMPLATE)) == Settings()


def test_the_template_shows_every_key(tmp_path: Path) -> None:
    shown = read_settings(written(tmp_path, TEMPLATE))
    assert shown.model_fields_set == set(Settings.model_fields)
    for table in (shown.import_, shown.measure, shown.report):
        assert table.model_fields_set == set(type(table).model_fields)


def test_every_key_is_optional(tmp_path: Path) -> None:
    assert read_settings(written(tmp_path, "")) == Settings()


def test_what_is_set_is_read(tmp_path: Path) -> None:
    settings = read_settings(
        written(
            tmp_path,
            'title = "한국과 아세안"\n[import]\nfiles = ["in/*.jsonl"]\n'
            '[measure]\nkinds = ["news"]\nconfidence = 0.9\n[report]\nevidence = 20\n',
        )
    )
    assert settings.title == "한국과 아세안"
    assert settings.import_.files == ("in/*.jsonl",)
    assert (settings.measure.kinds, settings.measure.confidence) == (("news",), 0.9)
    assert settings.report.evidence == 20


@pytest.mark.parametrize(
    ("content", "key", "value", "allowed"),
    [
        ('[measure]\nkinds = ["blog"]', "measure.kinds.0", "'blog'", "'news' or 'official'"),
        ("[measure]\nkinds = []", "measure.kinds", "[]", "at least 1"),
        ('[measure]\nkinds = "news"', "measure.kinds", "'news'", "tuple"),
        ('[measure]\ncount_capitals = "perhaps"', "measure.count_capitals", "'perhaps'", "boolean"),
        ("[measure]\npanel_minimum = 0", "measure.panel_minimum", "0", "greater than or equal to 1"),
        ("[measure]\npanel_minimum = 2.5", "measure.panel_minimum", "2.5", "integer"),
        ("[measure]\nreplicates = 99", "measure.replicates", "99", "greater than or equal to 100"),
        ("[measure]\nreplicates = 100001", "measure.replicates", "100001", "less than or equal to 100000"),
        ("[measure]\nconfidence = 95", "measure.confidence", "95", "less than or equal to 0.999"),
        ("[measure]\nconfidence = 0.4", "measure.confidence", "0.4", "greater than or equal to 0.5"),
        ("[measure]\nconfidence = nan", "measure.confidence", "nan", "0.999"),
        ("[measure]\nseed = -1", "measure.seed", "-1", "greater than or equal to 0"),
        ("[report]\nevidence = 2", "report.evidence", "2", "greater than or equal to 3"),
        ("[report]\nevidence = 201", "report.evidence", "201", "less than or equal to 200"),
        ('[import]\nfiles = "a.jsonl"', "import.files", "'a.jsonl'", "tuple"),
        ("[import]\nfiles = [1]", "import.files.0", "1", "string"),
        ('title = ""', "title", "''", "at least 1 character"),
        ("title = 1", "title", "1", "string"),
        ("measure = 1", "measure", "1", "MeasureSettings"),
    ],
)
def test_a_wrong_value_is_named_with_its_key_and_what_is_allowed(
    tmp_path: Path, content: str, key: str, value: str, allowed: str
) -> None:
    path = written(tmp_path, content)
    with pytest.raises(SettingsError) as raised:
        read_settings(path)
    said = str(raised.value)
    assert said.startswith(f"{path}: ")
    assert f"`{key}` is {value}, but must be" in said
    assert allowed in said


@pytest.mark.parametrize(
    ("content", "key", "allowed"),
    [
        ("titel = 'x'", "titel", "title, import, measure, report"),
        ("[imports]\nfiles = []", "imports", "title, import, measure, report"),
        ("[import]\nfile = []", "import.file", "files, sampled, complete"),
        (
            "[measure]\nkind = []",
            "measure.kind",
            "kinds, count_capitals, panel_minimum, replicates, confidence, seed",
        ),
        ("[report]\nevidences = 3", "report.evidences", "evidence, languages"),
    ],
)
def test_an_unknown_key_is_named_with_the_keys_there_are(tmp_path: Path, content: str, key: str, allowed: str) -> None:
    with pytest.raises(SettingsError) as raised:
        read_settings(written(tmp_path, content))
    assert f"the key `{key}` is not known. Allowed keys: {allowed}." in str(raised.value)


def test_every_problem_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"(?s)measure\.seed.*report\.evidence"):
        read_settings(written(tmp_path, "[measure]\nseed = -1\n[report]\nevidence = 1\n"))


def test_bad_toml_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"narra\.toml: not valid TOML: .*line 2"):
        read_settings(written(tmp_path, "title = 'x'\nseed == 3\n"))


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "narra.toml"
    path.write_bytes('title = "한국"'.encode("cp949"))
    with pytest.raises(SettingsError, match="Save it as UTF-8"):
        read_settings(path)


# -- workspaces ----------------------------------------------------------


def test_a_new_workspace_can_be_opened(tmp_path: Path) -> None:
    made = make_workspace(tmp_path / "a" / "b")
    assert open_workspace(tmp_path / "a" / "b") == made
    assert made.settings == Settings()
    assert made.store_path.parent == made.reports.parent == made.folder
    assert not made.store_path.exists()


def test_a_workspace_is_not_made_twice(tmp_path: Path) -> None:
    path = written(tmp_path, "title = 'mine'")
    with pytest.raises(WorkspaceError, match="a narra workspace already"):
        make_workspace(tmp_path)
    assert path.read_text(encoding="utf-8") == "title = 'mine'"


def test_a_folder_without_settings_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"not a narra workspace .*narra init"):
        open_workspace(tmp_path)


def test_a_workspace_below_a_file_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkspaceError, match="Cannot make a workspace"):
        make_workspace(tmp_path / "file" / "workspace")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root can write anywhere")
def test_a_workspace_in_a_read_only_folder_cannot_be_made(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(WorkspaceError, match="Cannot make a workspace"):
        make_workspace(tmp_path / "workspace")

"""greenspace validate on the command line: what it prints, writes and returns."""

from __future__ import annotations

import shutil

import pytest
from typer.testing import CliRunner

from greenspace.cli import app
from tests.test_cli import screen
from tests.town import MANIFEST


def run(*words):
    return CliRunner().invoke(app, ["validate", *map(str, words)])


@pytest.fixture
def manifest(town, tmp_path):
    """A copy of the town without its image; its coverage comes from polygons."""
    shutil.copy(town / "city.gpkg", tmp_path / "city.gpkg")
    (tmp_path / "city.toml").write_text(MANIFEST, encoding="utf-8")
    return tmp_path / "city.toml"


def spoil(manifest):
    text = manifest.read_text(encoding="utf-8").replace('layer = "homes"', 'layer = "house"')
    manifest.write_text(text, encoding="utf-8")


def test_findings_are_a_result_and_strict_makes_errors_a_failure(manifest):
    assert run(manifest, "--strict").exit_code == 0
    spoil(manifest)

    assert run(manifest).exit_code == 0
    assert run(manifest, "--strict").exit_code == 1


def test_without_a_folder_nothing_is_written(manifest):
    before = set(manifest.parent.iterdir())

    assert "没有图层 house" in (spoil(manifest), run(manifest).stdout)[1]
    assert set(manifest.parent.iterdir()) == before


def test_a_folder_is_filled_and_named(manifest, tmp_path):
    done = run(manifest, "-o", tmp_path / "out", "--lang", "en")

    assert done.exit_code == 0
    assert "Results in: " in done.stdout
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"findings.gpkg", "run.json"}
    assert run(manifest, "-o", tmp_path / "out").exit_code == 2
    assert run(manifest, "-o", tmp_path / "out", "--force", "--repair").exit_code == 0
    assert (tmp_path / "out" / "repaired" / "city.toml").is_file()


def test_repairs_without_a_folder_are_refused(manifest):
    done = run(manifest, "--repair")

    assert done.exit_code == 2
    assert "-o" in done.stderr


def test_a_manifest_that_is_no_toml_is_refused(tmp_path):
    (tmp_path / "city.toml").write_text("[city", encoding="utf-8")

    assert run(tmp_path / "city.toml").exit_code == 2


@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
def test_any_console_can_show_the_table(manifest, encoding, monkeypatch):
    spoil(manifest)

    code, out, err = screen(monkeypatch, "validate", manifest, encoding=encoding)

    assert code == 0, err
    assert b"house" in out
    assert out.decode(encoding)

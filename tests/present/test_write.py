"""Write: every file, listed with its checksum, and the check is the same bytes again."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from greenspace.errors import InputError
from greenspace.present import write
from greenspace.present.sheets import Sheet

FILES = {"report.html", "report.docx", "indicators.xlsx", "check.json", "layers.gpkg", "run.json"}
MAPS = {f"maps/{name}.{kind}" for name in ("green_space", "service") for kind in ("png", "pdf")}
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def quick(monkeypatch):
    """Draw two maps in no time."""
    sheets = tuple(
        Sheet(name=name, title=name, png=DOT, pdf=b"%PDF") for name in ("green_space", "service")
    )
    monkeypatch.setattr(write, "draw_sheets", lambda *_: sheets)


def names(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("quick")
def test_every_file_is_there_and_listed(check, tmp_path):
    out = check.write(tmp_path / "out")
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))

    assert names(out) == FILES | MAPS
    assert {item["path"] for item in run["files"]} == (FILES | MAPS) - {"run.json"}
    for item in run["files"]:
        assert hashlib.sha256((out / item["path"]).read_bytes()).hexdigest() == item["sha256"]


@pytest.mark.usefixtures("quick")
def test_run_json_says_where_when_and_with_what(builder, tmp_path):
    check = builder(tmp_path / "city")
    out = write.write_check(check, tmp_path / "out", as_of=NOON)
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))

    assert run["manifest"] == str(tmp_path / "city" / "city.toml")
    assert run["written_at"] == "2026-07-01T12:00:00+00:00"
    assert run["software"]["name"] == "greenspace"


@pytest.mark.usefixtures("quick")
def test_the_record_and_the_report_are_the_same_bytes_again(builder, tmp_path):
    for place in ("a", "b"):
        builder(tmp_path / place).write(tmp_path / f"out-{place}")

    for name in ("check.json", "report.html", "report.docx", "indicators.xlsx"):
        first, second = (tmp_path / f"out-{place}" / name for place in ("a", "b"))
        assert first.read_bytes() == second.read_bytes()


@pytest.mark.usefixtures("quick")
def test_force_replaces_and_the_language_is_followed(check, tmp_path):
    check.write(tmp_path / "out")
    with pytest.raises(InputError):
        check.write(tmp_path / "out")

    check.write(tmp_path / "out", force=True, language="en")

    assert 'lang="en"' in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("where", [".", "city", "city/sub"])
def test_the_manifests_and_inputs_folders_are_refused(builder, tmp_path, where):
    home = tmp_path / "city"
    (home / "sub").mkdir(parents=True)
    (home / "city.toml").write_text("x", encoding="utf-8")
    (home / "sub" / "image.tif").write_text("x", encoding="utf-8")
    check = builder(home)
    image = replace(check.city.images[0], path=home / "sub" / "image.tif")
    check = replace(check, city=replace(check.city, images=(image,)))

    with pytest.raises(InputError):
        check.write(tmp_path / where, force=True)

    assert names(tmp_path) == {"city/city.toml", "city/sub/image.tif"}


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "step",
    [
        "draw_sheets",
        "report_html",
        "report_docx",
        "check_json",
        "write_workbook",
        "write_geopackage",
    ],
)
@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_a_failure_at_any_step_leaves_nothing(check, tmp_path, monkeypatch, step, error):
    def fail(*_):
        raise error

    monkeypatch.setattr(write, step, fail)

    with pytest.raises(error):
        check.write(tmp_path / "out")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("quick")
def test_names_from_files_never_become_file_names(check, tmp_path):
    evil = replace(check.city, name="../../x/\x00con")

    out = replace(check, city=evil).write(tmp_path / "out")

    assert names(out) == FILES | MAPS
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_without_maps_there_is_no_map_folder(check, tmp_path):
    bare = replace(check, layers={}, picture=None)

    assert names(bare.write(tmp_path / "out")) == FILES

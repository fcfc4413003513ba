"""Whether results are current: everything that a check depends on is looked at."""

from __future__ import annotations

import json
import os
import shutil

import pytest

import greenspace as gs
from greenspace.present.folder import sha256_of
from greenspace.province_state import state_of
from tests.province import MANIFEST, job_of, write_city, write_parks

OWN = """
extends = "CN-2010"
[[criterion]]
indicator = "park_area_per_capita"
level = "basic"
value = {value}
source = {{ document = "文号", page = 1 }}
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    home = tmp_path_factory.mktemp("state")
    check = gs.check(write_city(home / "city"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("greenspace.present.write.draw_sheets", lambda *_: ())
        check.write(home / "out")
    return home


@pytest.fixture
def home(written, tmp_path):
    shutil.copytree(written, tmp_path / "h")
    return tmp_path / "h"


def asked(home, **how):
    return state_of(job_of(home / "city" / "city.toml", home / "out", **how))


def test_what_is_as_it_was_is_kept_wherever_it_lies_now(home):
    found = asked(home)

    assert (found.state, found.why) == ("kept", ())
    assert asked(home, force=True).state == "kept"


def test_no_folder_or_an_empty_one_is_still_to_be_checked(home):
    shutil.rmtree(home / "out")
    assert asked(home).state is None
    (home / "out").mkdir()
    assert asked(home).state is None


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"standard": "CN-2010"}, "CN-2010"),
        ({"standard": "CN-2010:higher"}, "CN-2010:higher"),
        ({"on_bad_tile": "unseen"}, "unseen"),
        ({"language": "en"}, "en asked now"),
        ({"version": "9.9"}, "now 9.9"),
    ],
)
def test_asking_for_something_else_is_told(home, how, told):
    found = asked(home, **how)

    assert found.state == "stale"
    assert told in found.why[0].en
    assert len(found.why) == 2  # that, and what to do
    assert asked(home, force=True, **how).state is None


def test_inputs_that_changed_are_gone_or_are_new_are_named(home):
    write_parks(home / "city", 140)
    assert "Inputs changed: parks.geojson" in asked(home).why[0].en

    (home / "city" / "parks.geojson").unlink()
    assert "Inputs missing: parks.geojson" in asked(home).why[0].en

    write_parks(home / "city", 100)
    assert asked(home).state == "kept"
    shutil.copy(home / "city" / "parks.geojson", home / "city" / "homes.geojson")
    more = MANIFEST + '[layers.residential]\npath = "homes.geojson"\n'
    (home / "city" / "city.toml").write_text(more, encoding="utf-8")
    told = [words.en for words in asked(home).why]
    assert told[0] == "Inputs changed: manifest."
    assert told[1] == "Inputs new: homes.geojson."


def test_inputs_outside_the_folder_of_the_manifest_are_looked_at_too(home, monkeypatch):
    outside = home / "shared"
    outside.mkdir()
    shutil.move(home / "city" / "parks.geojson", outside / "parks.geojson")
    manifest = home / "city" / "city.toml"
    text = MANIFEST.replace("parks.geojson", "../shared/parks.geojson")
    manifest.write_text(text, encoding="utf-8")
    monkeypatch.setattr("greenspace.present.write.draw_sheets", lambda *_: ())
    gs.check(manifest).write(home / "out", force=True)

    assert asked(home).state == "kept"
    write_parks(outside, 90)
    assert "../shared/parks.geojson" in asked(home).why[0].en


def test_a_standard_of_ones_own_is_an_input(home, monkeypatch):
    own = home / "own.toml"
    own.write_text(OWN.format(value=9.0), encoding="utf-8")
    monkeypatch.setattr("greenspace.present.write.draw_sheets", lambda *_: ())
    asked_for = f"{own}:basic"
    gs.check(home / "city" / "city.toml", standard=asked_for).write(home / "out", force=True)

    assert asked(home, standard=asked_for).state == "kept"
    own.write_text(OWN.format(value=11.0), encoding="utf-8")
    assert "own.toml" in asked(home, standard=asked_for).why[0].en


def test_results_that_somebody_edited_or_lost_are_not_current(home):
    (home / "out" / "report.html").write_text("mine", encoding="utf-8")
    (home / "out" / "report.docx").unlink()

    found = asked(home)

    assert found.state == "stale"
    assert "report.html" in found.why[0].en
    assert "report.docx" in found.why[1].en
    assert asked(home, force=True).state is None


@pytest.mark.parametrize("name", ["check.json", "run.json"])
@pytest.mark.parametrize("text", ["{}", "nothing", None])
def test_numbers_that_somebody_edited_are_not_shown(home, name, text):
    path = home / "out" / name
    path.unlink() if text is None else path.write_text(text, encoding="utf-8")

    found = asked(home)

    assert found.state == "failed"
    assert found.why[0].en


def test_a_manifest_that_is_gone_or_no_toml_fails_even_with_results(home):
    manifest = home / "city" / "city.toml"
    manifest.write_text("[city\n", encoding="utf-8")
    assert asked(home).state == "failed"
    manifest.unlink()
    assert asked(home).state == "failed"


def test_a_forged_record_makes_nobody_read_what_lies_elsewhere(home):
    record = json.loads((home / "out" / "check.json").read_text(encoding="utf-8"))
    record["inputs"].append({"path": "/dev/zero", "sha256": "0" * 64, "roles": ["x"]})
    text = json.dumps(record)
    (home / "out" / "check.json").write_text(text, encoding="utf-8")
    run = json.loads((home / "out" / "run.json").read_text(encoding="utf-8"))
    for item in run["files"]:
        if item["path"] == "check.json":
            item["sha256"] = sha256_of(home / "out" / "check.json")
    (home / "out" / "run.json").write_text(json.dumps(run), encoding="utf-8")

    assert asked(home).why[0].en == "Inputs missing: /dev/zero."


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are of Unix")
def test_a_pipe_in_the_place_of_a_result_stops_nothing(tmp_path):
    manifest = write_city(tmp_path / "a")
    (tmp_path / "out").mkdir()
    os.mkfifo(tmp_path / "out" / "run.json")
    found = state_of(job_of(manifest, tmp_path / "out"))
    assert found.state == "failed"
    assert "another id" in found.why[0].en

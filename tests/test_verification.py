"""Verifying a folder of results: what changed is named, and what did not is identical."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime

import geopandas as gpd
import pytest
from shapely import box
from typer.testing import CliRunner

import greenspace as gs
from greenspace.cli.root import app
from greenspace.errors import InputError
from greenspace.present.record import check_json
from greenspace.present.write import write_run
from greenspace.read.results import ALWAYS
from greenspace.verification import verify

MANIFEST = """
[city]
name = "试城"
population = 1000
construction_land_per_head_m2 = 90.0
[layers.built_up]
path = "built_up.gpkg"
[layers.districts]
path = "districts.gpkg"
columns = { name = "NAME" }
[layers.parks]
path = "parks.geojson"
"""
OWN = """
extends = "CN-2010"
[[criterion]]
indicator = "park_area_per_capita"
level = "basic"
value = 9.0
source = { document = "文号", page = 1 }
"""
MOMENT = datetime(2026, 7, 1, tzinfo=UTC)


def layer(*shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=[box(*shape) for shape in shapes], crs="EPSG:4547")


def write_city(folder):
    """1 km2 with a park of 100 x 100 m: 10 m2 for each of 1000 persons."""
    folder.mkdir()
    x, y = 500_000, 3_380_000
    layer((x, y, x + 1000, y + 1000)).to_file(folder / "built_up.gpkg")
    halves = ((x, y, x + 500, y + 1000), (x + 500, y, x + 1000, y + 1000))
    layer(*halves, NAME=["甲区", "乙区"]).to_file(folder / "districts.gpkg")
    layer((x, y, x + 100, y + 100)).to_file(folder / "parks.geojson")
    path = folder / "city.toml"
    path.write_text(MANIFEST, encoding="utf-8")
    return path


def write_results(manifest, folder, standard="CN-2010"):
    """What a check writes, without its maps."""
    check = gs.check(manifest, standard=standard)
    folder.mkdir()
    (folder / "check.json").write_text(check_json(check), encoding="utf-8", newline="\n")
    for name in ("note.txt", *ALWAYS[1:]):
        (folder / name).write_text("x", encoding="utf-8")
    write_run({"manifest": str(manifest), **check.asked}, folder, MOMENT)
    return folder


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    home = tmp_path_factory.mktemp("kept")
    manifest = write_city(home / "city")
    write_results(manifest, home / "out")
    return home


@pytest.fixture
def home(kept, tmp_path):
    """A city and its results, free to be spoilt."""
    shutil.copytree(kept, tmp_path / "h")
    run = tmp_path / "h" / "out" / "run.json"
    text = run.read_text(encoding="utf-8").replace(str(kept / "city"), str(tmp_path / "h" / "city"))
    run.write_text(text, encoding="utf-8")
    return tmp_path / "h"


def edit_json(path, change):
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def test_the_same_inputs_are_identical_to_the_last_digit(home):
    found = verify(home / "out")

    assert (found.identical, found.exact, found.unlike) == (True, True, ())
    assert found.compared > 100
    assert found.standard == "CN-2010"


def test_one_byte_of_an_input_names_that_input_and_the_numbers_that_moved(home):
    parks = home / "city" / "parks.geojson"
    text = parks.read_text(encoding="utf-8")
    assert "3380100.0" in text
    parks.write_text(text.replace("3380100.0", "3380200.0"), encoding="utf-8")

    found = verify(home / "out")
    moved = {(item.indicator, item.key): (item.old, item.new) for item in found.unlike}

    assert found.inputs_changed == ("parks.geojson",)
    assert (found.identical, found.edited, found.inputs_missing) == (False, (), ())
    assert moved["park_area_per_capita", "value"] == (10.0, 20.0)  # 2 ha for 1000 persons


def test_a_byte_that_moves_no_number_is_named_too(home):
    parks = home / "city" / "parks.geojson"
    parks.write_bytes(parks.read_bytes() + b"\n")

    found = verify(home / "out")

    assert (found.inputs_changed, found.unlike) == (("parks.geojson",), ())
    assert not found.identical


def test_an_edited_record_is_named_with_its_number(home):
    def better(record):
        for row in record["verdicts"]:
            if row["indicator"] == "park_area_per_capita" and row["standard"] == "CN-2010":
                row["value"] = 12.0

    edit_json(home / "out" / "check.json", better)
    found = verify(home / "out")

    assert (found.edited, found.inputs_changed) == (("check.json",), ())
    (item,) = found.unlike
    assert (item.part, item.key, item.old, item.new) == ("verdicts", "value", 12.0, 10.0)
    assert item.indicator == "CN-2010 park_area_per_capita"


def test_a_file_of_the_folder_that_is_gone_is_named(home):
    (home / "out" / "note.txt").unlink()
    assert verify(home / "out").lost == ("note.txt",)


def test_a_city_that_moved_is_found_by_its_manifest(home, tmp_path):
    shutil.move(home / "city", tmp_path / "elsewhere")

    with pytest.raises(InputError) as refused:
        verify(home / "out")
    assert "--manifest" in refused.value.remedy.en
    assert verify(home / "out", manifest=tmp_path / "elsewhere" / "city.toml").identical
    assert verify(home / "out", manifest=tmp_path / "elsewhere").identical


def test_an_input_that_is_gone_is_named_with_the_reason(home):
    (home / "city" / "parks.geojson").unlink()

    found = verify(home / "out")

    assert found.inputs_missing == ("parks.geojson",)
    assert isinstance(found.refused, InputError)
    assert not found.identical


def test_a_manifest_that_says_more_names_itself_and_the_new_input(home):
    layer((500_000, 3_380_000, 500_100, 3_380_100)).to_file(home / "city" / "homes.geojson")
    manifest = home / "city" / "city.toml"
    with manifest.open("a", encoding="utf-8") as file:
        file.write('[layers.residential]\npath = "homes.geojson"\n')

    found = verify(home / "out")

    assert (found.inputs_changed, found.inputs_new) == (("manifest",), ("homes.geojson",))
    assert any(item.indicator.startswith("service_coverage") for item in found.unlike)


def test_other_versions_are_named_and_digits_below_the_tolerance_are_let_pass(home):
    edit_json(home / "out" / "run.json", lambda run: run["libraries"].update(shapely="1.8.5"))

    def nudge(record):
        for row in record["ratios"]:
            if row["indicator"] == "park_area_per_capita":
                row["value"] *= 1 + 1e-12

    edit_json(home / "out" / "check.json", nudge)
    found = verify(home / "out")

    assert [(item.name, item.old) for item in found.replaced] == [("shapely", "1.8.5")]
    assert (found.exact, found.unlike, found.edited) == (False, (), ("check.json",))


def test_a_standard_of_ones_own_is_an_input_like_any_other(kept, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(OWN, encoding="utf-8")
    out = write_results(kept / "city" / "city.toml", tmp_path / "out", standard=str(own))
    assert verify(out).identical

    own.write_text(OWN.replace("9.0", "10.5"), encoding="utf-8")
    found = verify(out)
    verdicts = {(i.indicator, i.key): (i.old, i.new) for i in found.unlike}

    assert [name.rpartition("/")[2] for name in found.inputs_changed] == ["own.toml"]
    assert verdicts["own park_area_per_capita", "verdict"] == ("pass", "fail")


@pytest.mark.parametrize(
    "content",
    ["", "[1]", "{}", '{"files": [], "manifest": 3}', "[" * 100_000],
)
def test_a_folder_that_no_check_wrote_is_refused(home, content):
    (home / "out" / "run.json").write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        verify(home / "out")
    assert refused.value.file.endswith("run.json")


def test_a_run_that_lists_files_outside_its_folder_is_refused(home):
    edit_json(
        home / "out" / "run.json",
        lambda run: run["files"].append({"path": "../city/city.toml", "sha256": "0"}),
    )
    with pytest.raises(InputError):
        verify(home / "out")


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", "已改变的输入：parks.geojson"), ("en", "Inputs that changed: parks.geojson")],
)
def test_the_command_exits_by_what_it_found(home, lang, words):
    run = CliRunner().invoke
    same = run(app, ["verify", str(home / "out"), "--lang", lang])
    parks = home / "city" / "parks.geojson"
    parks.write_bytes(parks.read_bytes() + b" ")
    other = run(app, ["verify", str(home / "out"), "--lang", lang])
    none = run(app, ["verify", str(home / "city"), "--lang", lang])

    assert (same.exit_code, other.exit_code, none.exit_code) == (0, 1, 2)
    assert words in other.stdout
    assert "parks.geojson" not in same.stdout

"""Repairs: what is settled, what is left to be decided, and what keeps the manifest away."""

from __future__ import annotations

import geopandas as gpd
import pyogrio
import pytest
from shapely import GeometryCollection, LineString

import greenspace as gs
from greenspace.present.inspection import inspection_view
from greenspace.present.terminal import as_text
from greenspace.sample import write_sample
from tests.town import CRS, LAYERS, MANIFEST, at, layer


@pytest.fixture
def town(tmp_path):
    for name, frame in LAYERS.items():
        frame.to_file(tmp_path / "city.gpkg", layer=name)
    (tmp_path / "city.toml").write_text(MANIFEST, encoding="utf-8")
    return tmp_path / "city.toml"


def put(town, name, frame):
    frame.to_file(town.parent / "city.gpkg", layer=name)


def edit(town, old, new):
    text = town.read_text(encoding="utf-8")
    assert old in text
    town.write_text(text.replace(old, new), encoding="utf-8")


def repaired(town):
    inspection = gs.validate(town, repair=True)
    return inspection, inspection.write(town.parent / "out") / "repaired"


def repairs(folder):
    table = pyogrio.read_dataframe(folder / "layers.gpkg", layer="repairs")
    return dict(zip(table["code"], table["rows"], strict=True))


def districts(check):
    return {name: ratio.value for name, ratio in check.ratios.items() if "lowest" in name}


# --- districts


@pytest.mark.parametrize(
    "shapes",
    [
        [at(-50, 0, 400, 1000), at(300, 0, 900, 1000)],  # 100 m belong to both
        [at(-50, 0, 400, 1000), at(-50, 0, 400, 1000)],  # the same ground under two names
    ],
)
def test_districts_that_contradict_each_other_are_left_to_be_decided(shapes, town):
    put(town, "districts", layer(shapes, NAME=["甲区", "乙区"], POP=[4000, 6000]))

    inspection, folder = repaired(town)

    kept = gpd.read_file(folder / "layers.gpkg", layer="districts")
    assert all(one.equals(other) for one, other in zip(kept.geometry, shapes, strict=True))
    assert repairs(folder)["repair_undecided"] == "0, 1"
    before, after = gs.check(town), gs.check(folder / "city.toml")
    assert districts(after) == pytest.approx(districts(before))
    found = {item.code for item in gs.validate(folder / "city.toml").findings}
    assert found & {"overlap", "same_shape"}
    assert inspection.unmended == ()


# --- what is refused


def test_a_refused_layer_keeps_the_manifest_away_so_that_nothing_stands_in_for_it(town):
    edit(town, 'layer = "parks"', 'layer = "parcs"')  # green has G1 parcels that could stand in

    inspection, folder = repaired(town)

    assert [item.layer for item in inspection.unmended] == ["parks"]
    assert not (folder / "city.toml").exists()
    assert (folder / "layers.gpkg").exists()
    assert any(code.startswith("refused_") for code in repairs(folder))
    shown = as_text(inspection_view(inspection, "en", 110), width=110)
    assert "no repaired/city.toml until" in shown


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "NAME", population = "POP"', 'name = "NAME", population = "PEOPLE"'),
        ("population = 10_000", 'population = "many"'),
        ("[layers.built_up]", '[[image]]\npath = "gone.tif"\n[layers.built_up]'),
        ("[city]", "[ciity]\nname = 1\n[city]"),
    ],
)
def test_a_refused_column_value_image_or_table_keeps_it_away_too(old, new, town):
    edit(town, old, new)

    inspection, folder = repaired(town)

    assert inspection.unmended
    assert not (folder / "city.toml").exists()


def test_a_layer_of_which_nothing_is_left_keeps_it_away(town):
    put(town, "parks", layer([at(0, 0, 1000, 0.2)], NAME=["线"]))  # a sliver and nothing else

    inspection, folder = repaired(town)

    assert [item.code for item in inspection.unmended] == ["layer_not_mended"]
    assert not (folder / "city.toml").exists()


def test_where_nothing_can_be_mended_the_console_says_so(town):
    edit(town, 'path = "city.gpkg"', 'path = "gone.gpkg"')

    inspection = gs.validate(town, repair=True)

    assert inspection.unmended[0].code == "nothing_mended"
    assert not (inspection.write(town.parent / "out") / "repaired").exists()


# --- shapes of several kinds


def test_the_polygons_of_a_mixed_shape_are_kept_and_told(town):
    line = LineString([(500_000, 3_380_000), (500_050, 3_380_000)])
    mixed = GeometryCollection([at(200, 600, 300, 700), line])
    homes = gpd.GeoDataFrame(geometry=[mixed, at(100, 400, 800, 500)], crs=CRS)
    homes.to_file(town.parent / "city.gpkg", layer="homes")

    inspection, folder = repaired(town)

    kept = gpd.read_file(folder / "layers.gpkg", layer="residential")
    assert kept.area.tolist() == pytest.approx([10_000, 70_000])
    assert kept["repair"].tolist() == ["mixed", ""]
    (change,) = next(item for item in inspection.mended if item.name == "residential").changes
    assert (change.code, change.rows, change.area_m2) == ("repair_mixed", (0,), 10_000)
    assert gs.check(folder / "city.toml")


# --- findings that look alike


def test_the_same_words_on_two_files_or_rows_are_two_findings(town):
    images = '[[image]]\npath = "a.tif"\n[[image]]\npath = "b.tif"\n'
    edit(town, "[layers.built_up]", images + "[layers.built_up]")

    found = [item.file for item in gs.validate(town).findings if item.layer == "image"]

    assert {str(file).rpartition("/")[2] for file in found} >= {"a.tif", "b.tif"}


def test_what_overlaps_one_of_two_twins_is_told(town):
    homes = [at(100, 400, 200, 500), at(100, 400, 200, 500), at(150, 400, 300, 500)]
    put(town, "homes", layer(homes, N=["a", "b", "c"]))
    edit(town, 'layer = "homes"', 'layer = "homes"\ncolumns = { name = "N" }')

    (item,) = [item for item in gs.validate(town).findings if item.code == "overlap"]

    assert (item.layer, item.count, item.area_m2) == ("residential", 2, pytest.approx(10_000))


def test_one_missing_file_of_many_layers_is_one_finding_that_names_them(town):
    edit(town, 'path = "city.gpkg"', 'path = "gone.gpkg"')

    (item,) = [item for item in gs.validate(town).findings if item.severity == "error"]

    assert (item.layer, item.count) == (None, 7)
    assert all(name in item.text.en for name in ("built_up", "green", "parks", "vegetation"))
    assert "park_area_per_capita" in item.indicators


def test_stations_and_reference_points_are_kept(tmp_path):
    sample = write_sample(tmp_path / "sample", size="small")
    city = gs.validate(sample, repair=True).write(tmp_path / "out") / "repaired" / "city.toml"
    ours, theirs = gs.read_city(city), gs.read_city(sample)
    assert min(len(ours.heat.days), len(ours.accuracy.points)) > 0
    assert ours.heat.days.equals(theirs.heat.days)
    assert (ours.heat.year, ours.heat.least_share) == (theirs.heat.year, theirs.heat.least_share)
    assert ours.accuracy.points.equals(theirs.accuracy.points)


def test_matrix_of_errors_is_kept(town):
    with town.open("a", encoding="utf-8") as file:
        file.write("\n[accuracy]\nmatrix = [[50, 2], [3, 45]]\nareas = [300_000, 700_000]\n")
    _, folder = repaired(town)
    assert gs.read_city(folder / "city.toml").accuracy == gs.read_city(town).accuracy

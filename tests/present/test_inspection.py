"""Inspection shown and written: for scripts, for eyes, for QGIS, and for the next check."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from xml.etree import ElementTree as ET

import geopandas as gpd
import pyogrio
import pytest
from shapely import LineString, Point, Polygon

import greenspace as gs
from greenspace.errors import InputError
from greenspace.present.inspection import inspection_view, shown_area
from greenspace.present.terminal import as_text
from tests.town import LAYERS, MANIFEST, at, layer, write_image

RED = "\x1b[31m"
BOW = Polygon([(x + 500_700, y + 3_380_000) for x, y in ((0, 0), (20, 20), (20, 0), (0, 20))])
IMAGE = """
[[image]]
path = "image.tif"
date = 2026-06-12
bands = { red = 1, nir = 2 }
[declared]
green_coverage = "41.4%"
[targets.2027]
park_area_per_capita = 12.5
[report]
"图 号" = "A \\"3\\""
"""
SPOILT = {
    # two homes share 20 x 100 m, a third repeats the first, the last is a bow of 200 m2
    "homes": layer(
        [at(100, 400, 300, 500), at(280, 400, 480, 500), at(100, 400, 300, 500), BOW],
        N=["a", "b", "a", RED],
        n=["1", "2", "1", "3"],  # a GeoPackage cannot hold N and n
    ),
    "green": layer([at(0, 0, 100, 1000), at(40, 0, 60, 1000)], CLASS=["G11", "EG1"]),
}


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    for name, frame in LAYERS.items():
        if name != "homes":
            SPOILT.get(name, frame).to_file(folder / "city.gpkg", layer=name)
    SPOILT["homes"].to_file(folder / "homes.geojson")
    trees = gpd.GeoDataFrame(
        {"AGE": [300, 1]}, geometry=[Point(500_001, 3_380_001)] * 2, crs="EPSG:4547"
    )
    trees.to_file(folder / "city.gpkg", layer="trees")
    roads = [LineString([(0, 0), (1, 1)]), LineString([(5, 5), (9, 9)])]
    gpd.GeoDataFrame(geometry=roads, crs="EPSG:4547").translate(500_000, 3_380_000).to_file(
        folder / "city.gpkg", layer="roads"
    )
    write_image(folder)
    text = MANIFEST.replace('path = "city.gpkg"\nlayer = "homes"', 'path = "homes.geojson"')
    text += '[layers.old_trees]\npath = "city.gpkg"\nlayer = "trees"\ncolumns = { age = "AGE" }\n'
    text += '[layers.roads]\npath = "city.gpkg"\nlayer = "roads"\n'
    (folder / "city.toml").write_text(text + IMAGE, encoding="utf-8")
    return folder / "city.toml"


@pytest.fixture(scope="module")
def inspection(town):
    return gs.validate(town, repair=True)


@pytest.fixture(scope="module")
def out(inspection, tmp_path_factory):
    return inspection.write(tmp_path_factory.mktemp("out") / "found")


def layer_of(path, name):
    return pyogrio.read_dataframe(path, layer=name)


def test_the_table_has_a_row_for_each_finding_in_the_same_order(inspection):
    table = inspection.table

    assert table["code"].tolist() == [item.code for item in inspection.findings]
    overlap = table[table["code"] == "overlap"].set_index("layer")
    assert overlap.loc["residential", "rows"] == (0, 1)
    assert overlap.loc["residential", "area_m2"] == pytest.approx(2000)
    assert overlap.loc["residential", "file"] == "homes.geojson"


def test_html_shows_both_languages_and_escapes_nothing_through(inspection):
    html = inspection._repr_html_()

    assert "警告 warning" in html
    assert RED not in html


@pytest.mark.parametrize(("language", "word"), [("zh", "重叠"), ("en", "overlap")])
def test_the_console_table_says_rows_files_and_indicators(inspection, language, word):
    text = as_text(inspection_view(inspection, language, 110), width=110)

    assert word in text
    assert "homes.geojson" in text
    assert {"zh": "公园绿地服务半径覆盖率", "en": "service-radius"}[language] in text
    text.encode("utf-8")
    as_text(inspection_view(inspection, language, 60), width=60, encoding="gbk").encode("gbk")


def test_the_findings_lie_where_they_are(inspection, out):
    path = out / "findings.gpkg"
    shapes = layer_of(path, "findings_polygon")
    overlap = shapes[(shapes["code"] == "overlap") & (shapes["layer"] == "residential")]

    assert shapes.crs.to_epsg() == 4547
    assert overlap.area.sum() == pytest.approx(2000)
    assert overlap.geometry.iloc[0].equals(at(280, 400, 300, 500))
    bow = shapes[shapes["code"] == "made_valid"]
    assert (bow["row"].tolist(), bow["layer"].tolist()) == (["3"], ["residential"])
    assert len(layer_of(path, "findings")) == len(inspection.findings)


def test_qgis_finds_a_style_for_every_layer(out):
    path = out / "findings.gpkg"
    styles = layer_of(path, "layer_styles").set_index("f_table_name")

    drawn = {name for name, kind in pyogrio.list_layers(path) if kind is not None}
    assert set(styles.index) == drawn
    for name, text in styles["styleQML"].items():
        root = ET.fromstring(text)  # noqa: S314 - our own words
        values = [item.get("value") for item in root.iter("category")]
        assert values == ["error", "warning", "note"], name
        assert (
            pyogrio.read_info(path, layer=name)["geometry_name"]
            == styles.loc[name, "f_geometry_column"]
        )


def test_the_repaired_layers_say_what_each_row_lost(out):
    homes = layer_of(out / "repaired" / "layers.gpkg", "residential")

    # equal in size: the earlier row keeps the 2000 m2
    assert homes["area_before_m2"].round().tolist() == [20_000, 20_000, 0]
    assert homes["area_after_m2"].round().tolist() == [20_000, 18_000, 200]
    assert homes["repair"].tolist() == ["", "overlap", "made_valid"]
    green = layer_of(out / "repaired" / "layers.gpkg", "green")
    assert green["area_after_m2"].round().tolist() == [100_000]  # the park's claim is stronger


def test_the_dropped_rows_are_kept_aside_with_their_attributes(out):
    gone = layer_of(out / "repaired" / "layers.gpkg", "dropped").set_index("layer")

    assert gone["repair"].to_dict() == {"residential": "repeated", "green": "covered"}
    assert json.loads(gone.loc["residential", "attributes"])["N"] == "a"
    assert gone.loc["residential", "row"] == "2"


def test_a_check_of_the_repaired_city_gives_the_same_numbers(town, out):
    before = gs.check(town)
    after = gs.check(out / "repaired" / "city.toml")

    assert {k: v.value for k, v in after.ratios.items()} == {
        k: pytest.approx(v.value, rel=1e-9, nan_ok=True) for k, v in before.ratios.items()
    }
    assert after.city.declared == before.city.declared
    assert after.city.targets == before.city.targets
    assert after.city.report == before.city.report
    again = {item.code for item in gs.validate(out / "repaired" / "city.toml").findings}
    assert not again & {"overlap", "repeated", "made_valid"}


def test_the_manifest_of_the_repaired_city_leads_to_the_same_images(town, tmp_path):
    folder = shutil.copytree(town.parent, tmp_path / "town")
    for name in ("B4 红.tif", "B5.tif", "SCL.tif"):
        shutil.copy(folder / "image.tif", folder / name)
    head, _, rest = (folder / "city.toml").read_text(encoding="utf-8").partition("[[image]]")
    images = """
[[image]]
path = { red = "B4 红.tif", nir = ["B5.tif", "image.tif"] }
date = 2026-06-12
scale = 0.0001
offset = -0.1
nodata = nan
mask = { path = "SCL.tif", values = [3, 8] }
crs = "EPSG:4547"
on_bad_tile = "unseen"
[[image]]
path = "image.tif"
date = 2020-06-12
sensor = "gf2-pms"
mask = "SCL.tif"
"""
    text = head + images + "[declared]" + rest.partition("[declared]")[2]
    (folder / "city.toml").write_text(text, encoding="utf-8")

    out = gs.validate(folder / "city.toml", repair=True).write(tmp_path / "out")

    before = gs.read_city(folder / "city.toml").images
    after = gs.read_city(out / "repaired" / "city.toml").images
    for one, other in zip(before, after, strict=True):
        assert [path.resolve() for path in other.files] == list(one.files)
        assert other.mask.path.resolve() == one.mask.path
        assert list(other.path) == list(one.path) if isinstance(one.path, Mapping) else True
        for key in ("date", "sensor", "bands", "scale", "offset", "crs", "on_bad_tile"):
            assert getattr(other, key) == getattr(one, key)
        assert (other.mask.values, str(other.nodata)) == (one.mask.values, str(one.nodata))


def test_no_input_is_touched_and_no_folder_of_others_taken(town, inspection, tmp_path):
    before = {path: path.read_bytes() for path in town.parent.iterdir()}
    with pytest.raises(InputError):
        inspection.write(town.parent)
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError):
        inspection.write(tmp_path, force=True)

    assert before == {path: path.read_bytes() for path in town.parent.iterdir()}


def test_results_are_replaced_only_when_asked_and_listed(inspection, tmp_path):
    first = inspection.write(tmp_path / "found")
    with pytest.raises(InputError):
        inspection.write(tmp_path / "found")
    inspection.write(tmp_path / "found", force=True)

    run = json.loads((first / "run.json").read_text(encoding="utf-8"))
    assert {item["path"] for item in run["files"]} == {
        "findings.gpkg",
        "repaired/layers.gpkg",
        "repaired/city.toml",
    }


def test_hostile_words_reach_neither_the_console_nor_the_findings(town, tmp_path):
    hostile = tmp_path / "city.toml"
    text = town.read_text(encoding="utf-8").replace("试城", "\\u001b[31m<i>试城")
    text = re.sub(r'path = "(?=[\w.]+")', f'path = "{town.parent.as_posix()}/', text)
    hostile.write_text(text, encoding="utf-8")

    inspection = gs.validate(hostile)

    assert "\x1b" not in as_text(inspection_view(inspection, "zh", 110), width=110)
    assert "<i>" not in inspection._repr_html_()


@pytest.mark.parametrize(
    ("area", "shown"), [(9_999.994, "9,999.99 m²"), (10_000.0, "1.00 ha"), (3e-12, "3e-12 m²")]
)
def test_areas_are_shown_in_hectares_or_square_metres_and_never_as_nothing(area, shown):
    assert shown_area(area, "en") == shown

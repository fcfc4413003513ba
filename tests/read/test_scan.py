"""Scans: what lies in a folder is found, guessed by its name, and never trusted."""

from __future__ import annotations

import datetime as dt
import json
import warnings
import zipfile

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from affine import Affine
from shapely import LineString, Point, box

from greenspace.errors import InputError
from greenspace.model.layers import LAYERS
from greenspace.read.guess import LAYER_WORDS, ROLE_WORDS, guess_date, guess_layer
from greenspace.read.scan import scan_folder
from tests.dbf import text, write_shapefile

X, Y = 500_000.0, 3_400_000.0
SHAPES = {"polygon": box(X, Y, X + 9, Y + 9), "line": LineString([(X, Y), (X, Y + 9)])}


def layer(path, shape, crs=4547, **columns):
    rows = {name: [value] for name, value in columns.items()}
    frame = gpd.GeoDataFrame(rows, geometry=[shape], crs=crs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        frame.to_file(path, **({"encoding": "gb18030"} if path.suffix == ".shp" else {}))


def image(path, bands, **tags):
    profile = {"driver": "GTiff", "width": 4, "height": 4, "count": bands, "dtype": "uint16"}
    where = {"crs": "EPSG:4547", "transform": Affine(2, 0, X, 0, -2, Y), **tags}
    with rasterio.open(path, "w", **profile, **where) as file:
        file.write(np.ones((bands, 4, 4), "uint16"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("建成区", "built_up"),
        ("2026年建成区范围", "built_up"),
        ("绿地", "green"),
        ("规划绿地", "planned_green"),
        ("绿线", "green_lines"),
        ("公园", "parks"),
        ("公园绿地", "parks"),
        ("公园出入口", "entrances"),
        ("居住用地", "residential"),
        ("行政区", "districts"),
        ("道路中心线", "roads"),
        ("水系", "water"),
        ("古树名木", "old_trees"),
        ("Parks_2026", "parks"),
        ("ParkEntrances", "entrances"),
        ("built-up", "built_up"),
        ("residential_landuse", "residential"),
        ("construction land", "construction_land"),
        ("buildings", None),
        ("parking", None),
        ("dem", None),
    ],
)
def test_a_name_means_a_layer_or_nothing(name, expected):
    assert guess_layer([name]) == expected


def test_every_guess_is_a_layer_and_a_role_of_the_contracts():
    roles = {role for item in LAYERS.values() for role in (*item.required, *item.optional)}

    assert set(LAYER_WORDS) == set(LAYERS)
    assert set(ROLE_WORDS) == roles


@pytest.mark.parametrize(
    "name", ["20261345.tif", "img_1234567890.tif", "plain.tif", "20260230.tif"]
)
def test_digits_that_are_no_date_are_none(name):
    assert guess_date(name) is None


def test_a_folder_tells_its_layers_with_columns_and_editions(tmp_path):
    layer(tmp_path / "绿地.shp", SHAPES["polygon"], 绿地类型="G11", 名称="一")
    layer(tmp_path / "旧绿地.gpkg", SHAPES["polygon"], 类别="G46")
    (tmp_path / "边界").mkdir()
    layer(tmp_path / "边界" / "区界.geojson", SHAPES["polygon"], 名称="东区", 常住人口=5)
    found = {item.path: item for item in scan_folder(tmp_path)}

    green = found["绿地.shp"]
    assert (green.guess, green.kind, green.count, green.edition) == ("green", "polygon", 1, "2017")
    assert green.roles == {"class": "绿地类型", "name": "名称"}
    assert found["旧绿地.gpkg"].edition == "2002"
    assert found["边界/区界.geojson"].guess == "districts"
    assert found["边界/区界.geojson"].roles == {"name": "名称", "population": "常住人口"}


def test_class_codes_give_green_away_whatever_the_name(tmp_path):
    layer(tmp_path / "图层1.gpkg", SHAPES["polygon"], CODE="G13")

    (found,) = scan_folder(tmp_path)
    assert (found.guess, found.roles["class"]) == ("green", "CODE")


def test_a_column_of_other_codes_is_no_class(tmp_path):
    layer(tmp_path / "绿地.gpkg", SHAPES["polygon"], 类型="草地")

    (found,) = scan_folder(tmp_path)
    assert (found.guess, dict(found.roles), found.edition) == ("green", {}, None)


def test_a_layer_of_the_wrong_kind_is_not_guessed(tmp_path):
    layer(tmp_path / "公园.gpkg", Point(X, Y))

    assert scan_folder(tmp_path)[0].guess is None


def test_a_layer_without_crs_says_so(tmp_path):
    layer(tmp_path / "公园.shp", SHAPES["polygon"], crs=None, n=1)

    (found,) = scan_folder(tmp_path)
    assert (found.guess, found.crs) == ("parks", None)
    assert found.remark is not None


def test_images_with_near_infrared_are_images(tmp_path):
    image(tmp_path / "GF2_20260612.tif", 4)
    image(tmp_path / "rgb.tif", 3)
    image(tmp_path / "rgba.tif", 4, photometric="RGB", alpha="YES")
    image(tmp_path / "here.tif", 4, crs=None)
    found = {item.path: item for item in scan_folder(tmp_path)}

    good = found["GF2_20260612.tif"]
    assert (good.guess, good.date, good.count) == ("image", dt.date(2026, 6, 12), 4)
    assert good.bands == {"red": 3, "nir": 4}
    assert [found[name].guess for name in ("rgb.tif", "rgba.tif", "here.tif")] == [None] * 3


def test_only_two_levels_are_searched_and_results_are_passed_over(tmp_path):
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    layer(deep / "parks.gpkg", SHAPES["polygon"])
    (tmp_path / "out").mkdir()
    layer(tmp_path / "out" / "layers.gpkg", SHAPES["polygon"])
    (tmp_path / "out" / "check.json").write_text("{}", encoding="utf-8")
    (tmp_path / ".hidden").mkdir()
    layer(tmp_path / ".hidden" / "parks.gpkg", SHAPES["polygon"])

    assert scan_folder(tmp_path) == ()


def test_files_that_cannot_be_opened_are_said_or_passed_over(tmp_path):
    for name in ("parks.gpkg", "parks.shp", "image.tif", "package.json", "papers.zip"):
        (tmp_path / name).write_bytes(b"nothing of the kind")
    (tmp_path / "list.json").write_text(json.dumps([1, 2]), encoding="utf-8")
    found = scan_folder(tmp_path)

    assert [item.path for item in found] == ["image.tif", "parks.gpkg", "parks.shp"]
    assert all(item.guess is None and item.remark for item in found)


def test_a_shapefile_whose_column_names_are_cut_in_a_character_is_listed(tmp_path):
    fields = [text("绿地类型".encode()[:10])]
    write_shapefile(tmp_path / "绿地.shp", fields, [[b"G11"], [b"G12"]], cpg="UTF-8")

    (found,) = scan_folder(tmp_path)
    assert (found.columns, found.guess) == (("绿地类",), "green")


def test_codes_under_a_chinese_name_are_found_in_a_table_that_does_not_say_its_encoding(tmp_path):
    write_shapefile(tmp_path / "a.shp", [text("绿地类型")], [[b"G11"], [b"G12"], [b"XG"]])

    (found,) = scan_folder(tmp_path)
    assert (found.guess, found.roles, found.edition) == ("green", {"class": "绿地类型"}, "2017")


def test_what_lies_in_a_zip_is_listed_by_its_place(tmp_path):
    for name in ("绿地", "公园"):
        write_shapefile(tmp_path / f"{name}.shp", [text("绿地类型")], [[b"G11"], [b"G12"]])
    parts = [part for part in tmp_path.iterdir() if part.is_file()]
    with zipfile.ZipFile(tmp_path / "city.zip", "w") as archive:
        for part in parts:
            archive.write(part, f"2026/{part.name}")
            part.unlink()

    found = {(item.path, item.layer, item.guess) for item in scan_folder(tmp_path)}
    assert found == {
        ("city.zip", "2026/绿地.shp", "green"),
        ("city.zip", "2026/公园.shp", "parks"),
    }


def test_refuses_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(InputError):
        scan_folder(tmp_path / "nowhere")


def test_an_openstreetmap_extract_comes_after_the_citys_own_layers(tmp_path):
    nodes = "".join(f'<node id="{i}" lon="{i % 2}" lat="{i // 2}"/>' for i in range(1, 5))
    refs = "".join(f'<nd ref="{i}"/>' for i in (1, 2, 4, 3, 1))
    way = f'<way id="1">{refs}<tag k="leisure" v="park"/></way>'
    (tmp_path / "a.osm").write_text(f'<osm version="0.6">{nodes}{way}</osm>', encoding="utf-8")
    layer(tmp_path / "parks.gpkg", SHAPES["polygon"])

    found = [(item.path, item.guess) for item in scan_folder(tmp_path)]

    assert found[0] == ("parks.gpkg", "parks")
    assert ("a.osm", "parks") in found[1:]

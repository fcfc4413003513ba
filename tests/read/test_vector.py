"""Vector files, by hand and by refusal: what a file says, and what nobody may guess silently."""

from __future__ import annotations

import hashlib

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS
from shapely import box

from greenspace.errors import (
    ColumnError,
    CrsError,
    GeometryError,
    InputError,
)
from greenspace.read.files import require_file, sha256_of
from greenspace.read.vector import list_layers, read_layer
from tests.dbf import text, write_shapefile

EMPTY_SHA256 = hashlib.sha256().hexdigest()


def parks(crs=4547, **columns):
    columns = columns or {"名称": ["人民公园", "滨河绿地"], "name": ["a", "b"], "K": [1, 2]}
    return gpd.GeoDataFrame(columns, geometry=[box(0, 0, 1, 1), box(2, 0, 3, 1)], crs=crs)


def codes(frame):
    return [finding.code for finding in frame.attrs["findings"]]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "city.gpkg"
    parks().to_file(path, layer="parks")
    parks().to_file(path, layer="roads")
    return path


@pytest.fixture
def single(tmp_path):
    path = tmp_path / "parks.gpkg"
    parks().to_file(path, layer="parks")
    return path


# Layers


def test_the_only_layer_needs_no_name(single):
    frame = read_layer(single)
    assert frame["名称"].tolist() == ["人民公园", "滨河绿地"]
    assert frame.crs.to_epsg() == 4547
    assert codes(frame) == []


def test_several_layers_and_none_named_is_refused_with_the_list(file):
    with pytest.raises(InputError, match="holds 2 layers") as caught:
        read_layer(file)
    assert caught.value.found == ("parks", "roads")
    assert "parks" in caught.value.sentence("zh")


def test_an_unknown_layer_is_refused_with_the_nearest(file):
    with pytest.raises(InputError, match=r"Did you mean parks\?") as caught:
        read_layer(file, layer="park")
    assert caught.value.layer == "park"
    assert caught.value.found == ("parks", "roads")


def test_a_layer_unlike_any_is_refused_with_all(file):
    with pytest.raises(InputError, match="It holds: parks, roads"):
        read_layer(file, layer="zzzz")


def test_a_single_layer_under_a_wrong_name_is_refused(single):
    with pytest.raises(InputError, match="no layer prks"):
        read_layer(single, layer="prks")


def test_layers_are_listed_with_their_facts(file):
    found = list_layers(file)
    assert [info.name for info in found] == ["parks", "roads"]
    assert found[0].columns == ("名称", "name", "K")
    assert found[0].feature_count == 2
    assert found[0].geometry_type == "Polygon"


# Files


def test_a_missing_file_is_refused_with_the_one_beside_it(file):
    with pytest.raises(InputError, match=r"The folder holds city\.gpkg") as caught:
        read_layer(file.with_name("ctiy.gpkg"))
    assert caught.value.file == str(file.with_name("ctiy.gpkg"))
    assert caught.value.found == ("city.gpkg",)


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(InputError, match="Check the path"):
        require_file(tmp_path / "nowhere" / "city.gpkg")


@pytest.mark.parametrize("name", ["rubbish.gpkg", "rubbish.shp", "rubbish.geojson"])
def test_a_file_that_is_no_vector_file_is_refused(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"\x00\x01 not a map")
    with pytest.raises(InputError, match="cannot be opened as a vector file"):
        read_layer(path)
    with pytest.raises(InputError, match="cannot be opened as a vector file"):
        list_layers(path)


def test_a_truncated_geopackage_is_refused(single):
    whole = single.read_bytes()
    single.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="cannot be opened"):
        read_layer(single)


def test_a_table_without_shapes_is_refused(tmp_path):
    path = tmp_path / "table.gpkg"
    pyogrio.write_dataframe(parks().drop(columns="geometry"), path, layer="people")
    with pytest.raises(GeometryError, match="no shapes") as caught:
        read_layer(path)
    assert caught.value.layer == "people"


def test_a_shape_that_cannot_be_built_is_refused_in_words(tmp_path):
    path = tmp_path / "surfaces.csv"
    path.write_text('WKT,id\n"TIN Z (((0 0 0,0 0 1,0 1 0,0 0 0)))",1\n', encoding="utf-8")
    with pytest.raises(GeometryError, match="can be built") as caught:
        read_layer(path, crs=4547)
    assert (caught.value.file, caught.value.rows) == (str(path), (0,))


# CRS


def test_a_layer_without_crs_is_refused_until_one_is_given(tmp_path):
    path = tmp_path / "parks.gpkg"
    with pytest.warns(UserWarning, match="crs"):
        parks(crs=None).to_file(path)
    with pytest.raises(CrsError, match="no CRS") as caught:
        read_layer(path)
    assert caught.value.file == str(path)
    assert read_layer(path, crs="EPSG:4547").crs.to_epsg() == 4547


@pytest.mark.parametrize("given_crs", ["EPSG:4548", 4326, "EPSG:4490"])
def test_a_crs_that_contradicts_the_file_is_refused(single, given_crs):
    with pytest.raises(CrsError, match=r"but .* was given"):
        read_layer(single, crs=given_crs)


def test_the_same_crs_in_another_spelling_is_no_contradiction(tmp_path):
    path = tmp_path / "parks.shp"
    parks(K=[1, 2]).to_file(path)
    path.with_suffix(".prj").write_text(CRS.from_epsg(4547).to_wkt("WKT1_ESRI"), encoding="utf-8")
    assert read_layer(path, crs="EPSG:4547").crs.to_epsg() == 4547


def test_an_unknown_crs_is_refused(single):
    with pytest.raises(CrsError, match="not known"):
        read_layer(single, crs="EPSG:nonsense")


# Columns


def test_a_mapped_column_takes_the_name_of_its_role(single):
    frame = read_layer(single, columns={"class": "K"})
    assert list(frame.columns) == ["名称", "name", "class", "geometry"]


def test_a_column_that_already_has_the_name_of_a_role_steps_aside(single):
    frame = read_layer(single, columns={"name": "名称"})
    assert frame["name"].tolist() == ["人民公园", "滨河绿地"]
    assert frame["name_in_file"].tolist() == ["a", "b"]


def test_two_roles_can_swap_columns(single):
    frame = read_layer(single, columns={"name": "K", "K": "name"})
    assert frame["name"].tolist() == [1, 2]
    assert frame["K"].tolist() == ["a", "b"]


def test_one_column_can_play_two_roles(single):
    frame = read_layer(single, columns={"name": "名称", "class": "名称"})
    assert frame["name"].tolist() == frame["class"].tolist() == ["人民公园", "滨河绿地"]
    kept = read_layer(single, columns={"name": "name", "class": "name"})
    assert kept["name"].tolist() == kept["class"].tolist() == ["a", "b"]


def test_no_column_is_named_twice(tmp_path):
    path = tmp_path / "parks.gpkg"
    parks(名称=["x", "y"], name=["a", "b"], name_in_file=[1, 2]).to_file(path)
    frame = read_layer(path, columns={"name": "名称"})
    assert frame.columns.is_unique
    assert frame["name_in_file"].tolist() == [1, 2]


@given(st.permutations(["名称", "name", "K"]), st.integers(1, 3))
def test_every_role_holds_the_column_that_was_named_for_it(tmp_path_factory, columns, count):
    path = tmp_path_factory.mktemp("roles") / "parks.gpkg"
    parks().to_file(path)
    mapping = dict(zip(("name", "K", "class")[:count], columns, strict=False))
    frame = read_layer(path, columns=mapping)
    for role, column in mapping.items():
        assert frame[role].tolist() == parks()[column].tolist()


def test_a_missing_column_is_refused_with_the_nearest(single):
    with pytest.raises(ColumnError, match=r"Did you mean 名称\?") as caught:
        read_layer(single, columns={"name": "名"})
    assert (caught.value.column, caught.value.layer) == ("名", "parks")
    assert caught.value.found == ("名称", "name", "K")


def test_a_column_unlike_any_is_refused_with_all(single):
    with pytest.raises(ColumnError, match="There are: 名称, name, K"):
        read_layer(single, columns={"population": "POP"})


# Checksums


def test_the_checksum_of_a_file_is_that_of_its_bytes(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_bytes(b"x" * 3_000_000)
    assert sha256_of(path) == hashlib.sha256(b"x" * 3_000_000).hexdigest()


@pytest.mark.parametrize("suffix", [".shp", ".shx", ".dbf", ".prj", ".cpg"])
def test_the_checksum_of_a_shapefile_covers_every_part(tmp_path, suffix):
    path = write_shapefile(tmp_path / "parks.shp", [text("name")], [[b"a"], [b"b"]], cpg="UTF-8")
    before = sha256_of(path)
    (tmp_path / "parks.qix").write_bytes(b"an index of no meaning")
    assert sha256_of(path) == before
    part = path.with_suffix(suffix)
    part.write_bytes(part.read_bytes() + b" ")
    assert sha256_of(path) != before


def test_the_checksum_of_a_folder_covers_its_files(tmp_path):
    folder = tmp_path / "city.gdb"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.bin").write_bytes(b"1")
    before = sha256_of(folder)
    (folder / "deep" / "b.bin").write_bytes(b"2")
    assert sha256_of(folder) != before != EMPTY_SHA256


def test_rows_and_shapes_come_as_they_are(tmp_path):
    path = tmp_path / "parks.geojson"
    given_rows = parks(crs=4326, n=[2, 1])
    given_rows.loc[1, "geometry"] = None
    given_rows.to_file(path)
    frame = read_layer(path)
    assert frame["n"].tolist() == [2, 1]
    assert frame.geometry.isna().tolist() == [False, True]
    assert np.allclose(frame.total_bounds, [0, 0, 1, 1])

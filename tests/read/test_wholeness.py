"""Wholeness, by refusal and by property: a file cut short is never read as a smaller one."""

from __future__ import annotations

import json
import shutil

import geopandas as gpd
import pytest
from shapely import box

from greenspace.errors import InputError
from greenspace.read.vector import read_layer

ROWS = 40
POINT = {"type": "Point", "coordinates": [113.3, 23.1]}


def parks():
    shapes = [box(5e5 + at, 2.5e6, 5e5 + at + 1, 2.5e6 + 1) for at in range(ROWS)]
    return gpd.GeoDataFrame({"name": [f"园{at}" for at in range(ROWS)]}, geometry=shapes, crs=4547)


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(path, *features):
    text = json.dumps({"type": "FeatureCollection", "features": list(features)})
    path.write_text(text, encoding="utf-8")
    return path


def findings(frame):
    return {finding.code: finding for finding in frame.attrs["findings"]}


# One record a line


@pytest.mark.parametrize("mark", ["", "\x1e"])
def test_every_line_of_a_whole_sequence_is_a_row(tmp_path, mark):
    lines = [mark + json.dumps(feature(POINT, n=at)) for at in range(4)]
    path = tmp_path / "a.geojsonl"
    path.write_text("\n\n".join(lines) + "\n\n", encoding="utf-8")
    assert read_layer(path)["n"].tolist() == [0, 1, 2, 3]


def test_a_marked_record_may_take_several_lines(tmp_path):
    path = tmp_path / "a.geojsons"
    records = ["\x1e" + json.dumps(feature(POINT, n=at), indent=1) + "\n" for at in range(3)]
    path.write_text("".join(records), encoding="utf-8")
    assert read_layer(path)["n"].tolist() == [0, 1, 2]


@pytest.mark.parametrize("line", ['{"type": "Feature", "prop', "5", "}"])
def test_a_sequence_with_a_corrupt_line_is_refused_with_the_number_of_the_line(tmp_path, line):
    lines = [json.dumps(feature(POINT, n=at)) for at in range(4)]
    path = tmp_path / "a.geojsonl"
    path.write_text("\n".join([*lines[:3], line, lines[3]]), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_layer(path)
    assert caught.value.rows == (3,)
    assert "line 4" in caught.value.problem.en


@pytest.mark.parametrize("share", [0.3, 0.5, 0.8, 0.99])
def test_a_sequence_cut_short_is_refused(tmp_path, share):
    path = tmp_path / "a.geojsonl"
    parks().to_crs(4326).to_file(path, driver="GeoJSONSeq")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(InputError):
        read_layer(path)


def test_a_record_that_is_no_feature_is_not_passed_over(tmp_path):
    path = tmp_path / "a.geojsonl"
    lines = [json.dumps(feature(POINT)), json.dumps({"type": "Parcel"})]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InputError):
        read_layer(path)


# Shapes that the text has and GDAL does not build


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "Point", "coordinates": ["113.3", "23.1"]},
        {"type": "Point"},
        {"type": "Polygn", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
    ],
)
def test_a_shape_of_a_geojson_that_cannot_be_built_is_counted(tmp_path, shape):
    path = collection(tmp_path / "a.geojson", feature(POINT), feature(None), feature(shape))
    frame = read_layer(path)
    assert (findings(frame)["unbuildable_shape"].rows, len(frame)) == ((2,), 2)


def test_a_polygon_with_a_hole_that_is_no_numbers_does_not_lose_the_hole_only(tmp_path):
    outer = [[0, 0], [9, 0], [9, 9], [0, 0]]
    for flaw in ([["1", 1], [2, 1], [2, 2], [1, 1]], None, "x"):
        shape = {"type": "Polygon", "coordinates": [outer, flaw]}
        whole = feature(POINT, coordinates=["a"])
        path = collection(tmp_path / "a.geojson", whole, feature(shape))
        assert findings(read_layer(path))["unbuildable_shape"].rows == (1,)


def test_a_feature_without_a_shape_is_no_loss(tmp_path):
    path = collection(tmp_path / "a.geojson", feature(POINT), feature(None))
    assert "unbuildable_shape" not in findings(read_layer(path))


def test_a_text_that_speaks_of_features_takes_no_row(tmp_path):
    path = collection(tmp_path / "a.geojson", feature(POINT, sub={"type": "Feature"}))
    assert len(read_layer(path)) == 1


# File geodatabases


def geodatabase(folder):
    parks().to_file(folder / "a.gdb", driver="OpenFileGDB", layer="parks")
    return max((folder / "a.gdb").glob("*.gdbtable"))


def test_a_whole_geodatabase_is_read(tmp_path):
    geodatabase(tmp_path)
    assert len(read_layer(tmp_path / "a.gdb")) == ROWS


@pytest.mark.parametrize("part", [".gdbtable", ".gdbtablx"])
@pytest.mark.parametrize("share", [0.01, 0.5, 0.95])
def test_a_geodatabase_with_a_part_cut_short_is_refused_by_name(tmp_path, part, share):
    damaged = geodatabase(tmp_path).with_suffix(part)
    content = damaged.read_bytes()
    damaged.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(InputError) as caught:
        read_layer(tmp_path / "a.gdb", layer="parks")
    assert caught.value.file == str(tmp_path / "a.gdb")
    assert damaged.stem in str(caught.value)


def test_a_geodatabase_whose_index_has_holes_or_is_gone_is_refused(tmp_path):
    index = geodatabase(tmp_path).with_suffix(".gdbtablx")
    content = bytearray(index.read_bytes())
    content[16 + 5 * 7 : 16 + 5 * 9] = bytes(10)  # 5 bytes a row: rows 7 and 8 of 40
    index.write_bytes(content)
    with pytest.raises(InputError, match=r"40 rows.*lists 38"):
        read_layer(tmp_path / "a.gdb")
    index.unlink()
    with pytest.raises(InputError):
        read_layer(tmp_path / "a.gdb", layer="parks")


@pytest.mark.real_data
def test_a_geodatabase_of_esri_is_whole(tmp_path, real_data):
    shutil.unpack_archive(real_data / "dirty/fiona/testopenfilegdb.gdb.zip", tmp_path)
    (folder,) = tmp_path.glob("**/*.gdb")
    assert len(read_layer(folder, layer="multipolygon"))


# XML


@pytest.mark.parametrize("kind", ["GML", "KML", "GPX"])
@pytest.mark.parametrize("share", [0.5, 0.9, 0.999])
def test_an_xml_cut_short_is_refused(tmp_path, kind, share):
    path = tmp_path / f"a.{kind.lower()}"
    layer = parks().to_crs(4326)
    if kind == "GPX":
        layer = layer[["geometry"]].set_geometry(layer.boundary)
        layer.to_file(path, driver=kind, layer="tracks", FORCE_GPX_TRACK="YES")
    else:
        layer.to_file(path, driver=kind)
    (tmp_path / "a.xsd").unlink(missing_ok=True)
    content = path.read_bytes().rstrip()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(InputError):
        read_layer(path, layer="a" if kind != "GPX" else "tracks")


def test_a_document_type_is_not_followed(tmp_path):
    path = tmp_path / "a.gml"
    parks().to_file(path, driver="GML")
    head, rest = path.read_text(encoding="utf-8").split("\n", 1)
    path.write_text(f'{head}\n<!DOCTYPE a [<!ENTITY b "c">]>\n{rest}', encoding="utf-8")
    with pytest.raises(InputError, match="DOCTYPE"):
        read_layer(path)

"""[accuracy]: reference points and error matrices, and all that neither may be."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import LineString, MultiPoint, Point, box

from greenspace.errors import ColumnError, CrsError, GeometryError, InputError, ManifestError
from greenspace.model.city import AccuracyRecord
from greenspace.read.city import gather_city, read_city
from greenspace.read.files import sha256_of

X, Y = 500_000.0, 3_400_000.0
CITY = '[city]\nname = "清河"\n[layers.built_up]\npath = "town.gpkg"\n'
POINTS = '[accuracy]\nreference = "reference.gpkg"\n'
MATRIX = "[accuracy]\nmatrix = {}\nareas = {}\n"


@pytest.fixture
def folder(tmp_path):
    town = gpd.GeoDataFrame(geometry=[box(X, Y, X + 1000, Y + 1000)], crs=4547)
    town.to_file(tmp_path / "town.gpkg")
    return tmp_path


def city(folder, text):
    path = folder / "city.toml"
    path.write_text(CITY + text, encoding="utf-8")
    return path


def points(folder, shapes=None, crs=4547, **columns):
    shapes = [Point(X + 1, Y + 1), Point(X + 2, Y + 2)] if shapes is None else shapes
    columns = columns or {"reference": ["绿", "非绿"]}
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=crs)
    frame.to_file(folder / "reference.gpkg")
    return frame


def test_points_come_with_their_columns_and_their_checksum(folder):
    points(folder, reference=["绿", "非绿"], map=["green", "green"], note=["a", "b"])
    found = read_city(city(folder, POINTS))

    assert found.accuracy.points["reference"].tolist() == ["绿", "非绿"]
    assert found.accuracy.points["map"].tolist() == ["green", "green"]
    assert found.accuracy.matrix is None
    source = next(item for item in found.inputs if item.role == "reference")
    assert (source.name, source.sha256) == (
        "reference.gpkg",
        sha256_of(folder / "reference.gpkg"),
    )
    assert [item.code for item in found.findings] == []


def test_columns_are_mapped_and_parts_of_one_are_points(folder):
    points(folder, [MultiPoint([(X, Y)]), MultiPoint([(X + 1, Y, 9.0)])], 实际=[1, 0])
    found = read_city(city(folder, POINTS + 'columns = { reference = "实际" }\n'))

    assert found.accuracy.points["reference"].tolist() == [1, 0]
    assert found.accuracy.points.geometry.tolist() == [Point(X, Y), Point(X + 1, Y)]
    assert found.accuracy.points.crs.to_epsg() == 4547


def test_a_matrix_is_read_with_its_areas(folder):
    found = read_city(city(folder, MATRIX.format("[[97, 3], [4, 96]]", "[4.1e7, 5.9e7]")))

    assert found.accuracy == AccuracyRecord(matrix=((97, 3), (4, 96)), areas_m2=(4.1e7, 5.9e7))


@pytest.mark.parametrize(
    ("matrix", "areas"),
    [
        ("[[97, 3]]", "[1, 2]"),
        ("[[97, 3], [4, 96], [1, 1]]", "[1, 2]"),
        ("[[97, 3, 0], [4, 96, 0]]", "[1, 2]"),
        ("[[97, 3], [4]]", "[1, 2]"),
        ("[[97, -3], [4, 96]]", "[1, 2]"),
        ("[[97, 3.5], [4, 96]]", "[1, 2]"),
        ("[[97, nan], [4, 96]]", "[1, 2]"),
        ("[[97, inf], [4, 96]]", "[1, 2]"),
        ("[[97, 3], [0, 0]]", "[1, 2]"),
        ("[[97, 3], [4, 96]]", "[1]"),
        ("[[97, 3], [4, 96]]", "[1, 0]"),
        ("[[97, 3], [4, 96]]", "[1, -2]"),
        ("[[97, 3], [4, 96]]", "[1, nan]"),
        ('[["97", 3], [4, 96]]', "[1, 2]"),
    ],
)
def test_refuses_what_is_no_error_matrix_of_two_classes(folder, matrix, areas):
    with pytest.raises(ManifestError) as caught:
        read_city(city(folder, MATRIX.format(matrix, areas)))
    assert caught.value.file.endswith("city.toml")


def test_an_empty_row_of_the_matrix_is_named(folder):
    with pytest.raises(ManifestError) as caught:
        read_city(city(folder, MATRIX.format("[[97, 3], [0, 0]]", "[1, 2]")))
    assert caught.value.rows == (2,)


@pytest.mark.parametrize(
    "text",
    [
        "[accuracy]\n",
        "[accuracy]\nareas = [1, 2]\n",
        "[accuracy]\nmatrix = [[1, 2], [3, 4]]\n",
        POINTS + "matrix = [[1, 2], [3, 4]]\nareas = [1, 2]\n",
        "[accuracy]\nrefrence = 'reference.gpkg'\n",
    ],
)
def test_refuses_neither_both_and_halves(folder, text):
    points(folder)
    with pytest.raises(ManifestError):
        read_city(city(folder, text))


@pytest.mark.parametrize(
    ("shapes", "columns", "error"),
    [
        ([box(X, Y, X + 1, Y + 1)], {"reference": ["绿"]}, GeometryError),
        ([Point(X, Y), LineString([(X, Y), (X + 1, Y)])], {"reference": ["绿"] * 2}, GeometryError),
        ([MultiPoint([(X, Y), (X + 1, Y)])], {"reference": ["绿"]}, GeometryError),
        ([], {"reference": []}, GeometryError),
        ([None], {"reference": ["绿"]}, GeometryError),
        ([Point(X, Y)], {"class": ["绿"]}, ColumnError),
    ],
)
def test_refuses_what_is_no_layer_of_points(folder, shapes, columns, error):
    points(folder, shapes, **columns)
    with pytest.raises(error) as caught:
        read_city(city(folder, POINTS))
    assert caught.value.layer == "reference"
    if caught.value.remedy is not None:
        assert "layers.reference" not in caught.value.remedy.en


def test_refuses_points_without_a_crs(folder):
    with pytest.warns(UserWarning, match="crs"):
        points(folder, crs=None)
    with pytest.raises(CrsError) as caught:
        read_city(city(folder, POINTS))
    assert caught.value.layer == "reference"
    given = read_city(city(folder, POINTS + 'crs = "EPSG:4547"\n'))
    assert given.accuracy.points.crs.to_epsg() == 4547


def test_a_missing_file_is_named_and_gathered(folder):
    path = city(folder, POINTS)
    with pytest.raises(InputError) as caught:
        read_city(path)
    assert caught.value.file.endswith("reference.gpkg")
    found, _ = gather_city(path)
    assert found.accuracy is None
    assert [item.layer for item in found.findings] == ["reference"]


def test_a_matrix_without_areas_says_so(folder):
    with pytest.raises(ManifestError) as refused:
        read_city(city(folder, "[accuracy]\nmatrix = [[97, 3], [4, 96]]\n"))
    assert "no areas" in str(refused.value)
    assert "not both" not in str(refused.value)

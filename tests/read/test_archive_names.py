"""Archives packed by hand: parts that differ in case, a geodatabase without its folder."""

from __future__ import annotations

import zipfile

import geopandas as gpd
import pytest
from shapely import box

from greenspace.read.vector import list_layers, read_layer
from tests.dbf import text, write_shapefile


@pytest.mark.parametrize(
    "names", [("p.shp", "P.DBF", "P.Shx", "p.PRJ"), ("P.Shp", "p.dbf", "p.shx", "P.prj")]
)
def test_parts_that_differ_in_case_are_one_shapefile(tmp_path, names):
    path = write_shapefile(tmp_path / "a.shp", [text("n")], [[b"x"]])
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in names:
            archive.write(path.with_suffix(name[1:].lower()), f"2026/{name}")
    frame = read_layer(tmp_path / "a.zip")
    assert frame["n"].tolist() == ["x"]
    assert frame.crs.to_epsg() == 4547


@pytest.mark.parametrize("name", ["city.gdb.zip", "city.zip"])
def test_a_geodatabase_at_the_root_of_its_archive_is_read(tmp_path, name):
    frame = gpd.GeoDataFrame({"n": ["x"]}, geometry=[box(5e5, 3.3e6, 5e5 + 1, 3.3e6 + 1)], crs=4547)
    frame.to_file(tmp_path / "a.gdb", layer="parks", driver="OpenFileGDB")
    with zipfile.ZipFile(tmp_path / name, "w") as archive:
        for part in (tmp_path / "a.gdb").iterdir():
            archive.write(part, part.name)
    assert [info.name for info in list_layers(tmp_path / name)] == ["parks"]
    assert read_layer(tmp_path / name)["n"].tolist() == ["x"]

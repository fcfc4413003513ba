"""GeoPackages by hand: one in use is read as it stands, and nothing beside it changes."""

from __future__ import annotations

import os
import sqlite3

import geopandas as gpd
import pytest
from shapely import Point

from greenspace.errors import InputError
from greenspace.read.files import sha256_of
from greenspace.read.vector import list_layers, read_layer

PARKS = gpd.GeoDataFrame({"n": [1, 2]}, geometry=[Point(5e5, 2.5e6)] * 2, crs=4547)


def contents(folder):
    """Return every file with its bytes; the shared memory of SQLite is no content."""
    return {
        item.name: item.read_bytes() for item in folder.iterdir() if not item.name.endswith("-shm")
    }


@pytest.fixture
def in_use(tmp_path):
    """A GeoPackage that another program has open, with a row's change not yet in the file."""
    path = tmp_path / "city.gpkg"
    PARKS.to_file(path, layer="parks", SPATIAL_INDEX="NO")  # whose triggers want more than SQLite
    other = sqlite3.connect(path)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("PRAGMA wal_autocheckpoint = 0")
    other.execute("UPDATE gpkg_contents SET description = 'edited'")
    other.execute("UPDATE parks SET n = 7 WHERE n = 2")
    other.commit()
    yield path
    other.close()


def test_a_geopackage_in_use_is_read_with_its_saved_changes_and_told(in_use):
    frame = read_layer(in_use)
    (told,) = (item for item in frame.attrs["findings"] if item.code == "open_elsewhere")
    assert frame["n"].tolist() == [1, 7]
    assert "city.gpkg-wal" in told.text.en


def test_a_geopackage_in_use_is_not_touched(in_use, tmp_path):
    before = contents(tmp_path)
    read_layer(in_use)
    list_layers(in_use)
    assert contents(tmp_path) == before


@pytest.mark.usefixtures("in_use")
def test_a_geopackage_left_by_a_crash_is_not_touched(tmp_path):
    left = tmp_path / "left"
    left.mkdir()
    for name in ("city.gpkg", "city.gpkg-wal"):
        (left / name).write_bytes((tmp_path / name).read_bytes())
    before = contents(left)
    assert read_layer(left / "city.gpkg")["n"].tolist() == [1, 7]
    assert contents(left) == before
    assert sorted(item.name for item in left.iterdir()) == ["city.gpkg", "city.gpkg-wal"]


def test_the_changes_of_a_geopackage_in_use_are_part_of_its_digest(in_use):
    with_log = sha256_of(in_use)
    in_use.with_name("city.gpkg-wal").unlink()
    assert sha256_of(in_use) != with_log


def test_a_geopackage_that_keeps_a_log_but_is_closed_is_read_without_a_note(tmp_path):
    path = tmp_path / "city.gpkg"
    PARKS.to_file(path, layer="parks")
    other = sqlite3.connect(path)
    other.execute("PRAGMA journal_mode = WAL")
    other.close()
    path.chmod(0o444)
    tmp_path.chmod(0o555)
    try:
        frame = read_layer(path)
    finally:
        tmp_path.chmod(0o755)
    assert frame.attrs["findings"] == ()
    assert [item.name for item in tmp_path.iterdir()] == ["city.gpkg"]


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.gml", "a.fgb", "a.shp", "a.tab"])
def test_reading_leaves_nothing_beside_a_file(tmp_path, name):
    driver = {"a.gml": "GML", "a.tab": "MapInfo File"}.get(name)
    layer = PARKS.to_crs(4326) if name == "a.geojson" else PARKS
    layer.to_file(tmp_path / name, driver=driver)
    before = contents(tmp_path)
    read_layer(tmp_path / name)
    assert contents(tmp_path) == before


def test_a_layer_that_was_added_or_renamed_is_seen_at_once_whatever_the_clock_says(tmp_path):
    path = tmp_path / "city.gpkg"
    PARKS.to_file(path, layer="parks")
    before = path.stat()
    assert len(read_layer(path)) == 2  # the only layer needs no name

    PARKS.to_file(path, layer="squares", mode="a")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(InputError) as caught:
        read_layer(path)
    assert caught.value.found == ("parks", "squares")

    path.unlink()
    PARKS.to_file(path, layer="woods")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(InputError):
        read_layer(path, layer="parks")
    assert len(read_layer(path, layer="woods")) == 2

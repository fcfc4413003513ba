"""People on blocks: by hand, against exactextract, and nobody lost in silence."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from affine import Affine
from exactextract import exact_extract
from hypothesis import given
from hypothesis import strategies as st
from rasterio.io import MemoryFile
from shapely import Point, box

from greenspace.errors import ColumnError, GeometryError, InputError, RasterError
from greenspace.prepare.people_pixels import persons_inside
from greenspace.prepare.population import population_of_blocks
from greenspace.residents import people_raster

CRS = "EPSG:4547"
X, Y = 500_000.0, 3_400_000.0


def block(*bounds):
    west, south, east, north = bounds
    return box(X + west, Y + south, X + east, Y + north)


def layer(shapes, crs=CRS, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=crs)


def pixels(folder, values, *, size=100.0, nodata=None, transform=None, crs=CRS):
    """Write a raster whose upper left corner is (0, 300) of the blocks, unless said otherwise."""
    values = np.asarray(values, dtype=np.float64)
    path = folder / "people.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=values.shape[0],
        width=values.shape[1],
        count=1,
        dtype="float64",
        crs=crs,
        transform=transform or Affine(size, 0, X, 0, -size, Y + 300),
        nodata=nodata,
    ) as file:
        file.write(values, 1)
    return path


def codes(found):
    return {finding.code: finding for finding in found.findings}


# --- column and points


def test_column_is_taken_as_it_stands():
    blocks = layer([block(0, 0, 1, 1), block(1, 0, 2, 1)], P=[3, 4.5])
    assert population_of_blocks(blocks, "P").persons.tolist() == [3, 4.5]


@pytest.mark.parametrize("bad", [None, -1.0, "many"])
def test_missing_negative_and_written_out_persons_are_refused(bad):
    blocks = layer([block(0, 0, 1, 1), block(1, 0, 2, 1)], P=[3, bad])
    with pytest.raises(ColumnError) as refused:
        population_of_blocks(blocks, "P")
    assert (tuple(refused.value.rows), refused.value.layer) == ((1,), "residential")
    points = layer([Point(X, Y), Point(X, Y)], population=[3, bad])
    with pytest.raises(ColumnError) as refused:
        population_of_blocks(blocks, points)
    assert refused.value.layer == "population"


def test_point_on_a_shared_line_counts_once_and_one_outside_is_told():
    blocks = layer([block(0, 0, 10, 10), block(10, 0, 20, 10)])
    places = [Point(X + 5, Y + 5), Point(X + 10, Y + 5), Point(X + 99, Y + 5)]
    found = population_of_blocks(blocks, layer(places, population=[100, 10, 5]))
    assert (found.persons.tolist(), found.elsewhere) == ([110, 0], 5)
    assert codes(found)["residents_elsewhere"].severity == "warning"  # 5 / 115 is above 0.5 %


def test_lines_and_mixed_shapes_are_refused():
    blocks = layer([block(0, 0, 10, 10)])
    mixed = layer([Point(X, Y), block(0, 0, 1, 1)], population=[1, 1])
    with pytest.raises(GeometryError):
        population_of_blocks(blocks, mixed)


def test_nobody_on_any_block_is_refused_unless_nobody_was_given():
    blocks = layer([block(0, 0, 10, 10)])
    with pytest.raises(InputError):
        population_of_blocks(blocks, layer([Point(X + 99, Y)], population=[5]))
    empty = population_of_blocks(blocks, layer([Point(X + 99, Y)], population=[0]))
    assert empty.persons.tolist() == [0]


# --- zones


def test_zone_is_spread_over_the_residential_land_in_it_by_area():
    # zone of 400 m2 with 90 persons: 20 m2 and 10 m2 of homes in it, a third block half outside
    blocks = layer([block(0, 0, 10, 2), block(0, 5, 10, 6), block(18, 0, 22, 5)])
    zones = layer([block(0, 0, 20, 20), block(20, 0, 40, 20)], population=[80, 30])
    found = population_of_blocks(blocks, zones)
    # 20 + 10 + 10 m2 in the first zone: 2 persons a m2; 10 m2 in the second: 3
    assert found.persons.tolist() == pytest.approx([40, 20, 20 + 30])
    assert found.elsewhere == 0


def test_zone_without_homes_and_homes_without_zone_are_told():
    blocks = layer([block(0, 0, 10, 10), block(50, 0, 60, 10)])
    zones = layer([block(0, 0, 10, 10), block(20, 0, 30, 10)], population=[70, 30])
    found = population_of_blocks(blocks, zones)
    assert (found.persons.tolist(), found.elsewhere) == ([70, 0], 30)
    lacking = codes(found)["population_lacking"]
    assert (lacking.rows, lacking.area_m2) == ((1,), 100)


def test_zone_mostly_beyond_the_residential_layer_is_told():
    # whole-tract population on clipped land: the classic way to count too many
    blocks = layer([block(0, 0, 10, 10)])
    found = population_of_blocks(blocks, layer([block(5, 0, 500, 10)], population=[70]))
    assert codes(found)["zones_beyond"].count == 1


# --- pixels


def test_pixel_is_spread_over_the_residential_land_in_it(tmp_path):
    # pixels of 100 m, upper row 10 and 20 persons, middle 0 and 40, lower 30 and 0
    raster = people_raster(pixels(tmp_path, [[10, 20], [0, 40], [30, 0]]))
    blocks = layer([block(0, 200, 150, 300), block(150, 250, 200, 300), block(0, 0, 100, 100)])
    # 10 whole in block 0; 20: 5 000 m2 in block 0, 2 500 in block 1; 40 meets no land; 30 in 2
    found = population_of_blocks(blocks, raster)
    assert found.persons.tolist() == pytest.approx([10 + 20 * 2 / 3, 20 / 3, 30])
    assert found.elsewhere == pytest.approx(40)
    assert "residents_elsewhere" in codes(found)


def test_persons_of_the_whole_raster_are_told_wherever_they_live(tmp_path):
    # 12 pixels of 10 persons; one block in one pixel, of the four within the extent of both blocks
    raster = people_raster(pixels(tmp_path, np.full((3, 4), 10)))
    blocks = layer([block(100, 100, 150, 150), block(250, 50, 260, 60)])
    found = population_of_blocks(blocks, raster)
    assert found.persons.tolist() == [10, 10]
    assert (found.elsewhere, found.far) == (100, 80)
    assert "100.0 " in codes(found)["residents_elsewhere"].text.en


def test_raster_off_the_land_is_refused(tmp_path):
    raster = people_raster(pixels(tmp_path, [[10, 20]]))
    with pytest.raises(InputError) as refused:
        population_of_blocks(layer([block(9000, 0, 9100, 100)]), raster)
    assert refused.value.found == 30


def test_pixels_mostly_beyond_the_residential_layer_are_told(tmp_path):
    blocks = layer([block(0, 0, 100, 100)])
    large = people_raster(pixels(tmp_path, [[70]], size=300.0))
    assert "zones_beyond" in codes(population_of_blocks(blocks, large))
    small = people_raster(pixels(tmp_path, np.full((6, 6), 7), size=50.0))
    assert "zones_beyond" not in codes(population_of_blocks(blocks, small))


def test_unseen_pixels_are_no_data_and_told(tmp_path):
    raster = people_raster(pixels(tmp_path, [[10, -99], [5, 5], [1, 1]], nodata=-99))
    blocks = layer([block(0, 200, 200, 300)])
    found = population_of_blocks(blocks, raster)
    assert found.persons.tolist() == [10]
    assert codes(found)["population_lacking"].area_m2 == pytest.approx(10_000)


def test_blocks_beyond_the_raster_are_told(tmp_path):
    raster = people_raster(pixels(tmp_path, [[10, 0], [5, 5], [1, 1]]))
    blocks = layer([block(0, 200, 100, 300), block(200, 200, 300, 300)])
    found = population_of_blocks(blocks, raster)
    assert codes(found)["population_lacking"].rows == (1,)


def test_negative_pixels_are_refused(tmp_path):
    raster = people_raster(pixels(tmp_path, [[10, -99999], [5, 5], [1, 1]]))
    with pytest.raises(RasterError) as refused:
        population_of_blocks(layer([block(0, 0, 200, 300)]), raster)
    assert refused.value.found == -99999


def test_raster_without_crs_or_with_bands_is_refused(tmp_path):
    path = pixels(tmp_path, [[10.0]], crs=None)
    with pytest.raises(RasterError):
        population_of_blocks(layer([block(0, 200, 50, 300)]), people_raster(path))
    with MemoryFile() as memory:
        kind = {"driver": "GTiff", "height": 1, "width": 1, "count": 2, "dtype": "uint8"}
        with memory.open(**kind, crs=CRS, transform=Affine(1, 0, X, 0, -1, Y)) as file:
            file.write(np.ones((2, 1, 1), dtype=np.uint8))
        with memory.open() as file, pytest.raises(RasterError):
            people_raster(file)


def test_persons_inside_take_each_pixel_by_its_share(tmp_path):
    raster = people_raster(pixels(tmp_path, [[10, 20], [0, 40], [30, 0]]))
    zones = layer([block(0, 150, 150, 300), block(0, 0, 100, 100), block(900, 0, 950, 9)])
    inside, unknown = persons_inside(zones, raster)
    assert inside == pytest.approx([10 + 20 / 2 + 0 + 40 / 4, 30, 0])
    assert unknown.tolist() == [0, 0, 1]


def test_persons_inside_are_those_of_exactextract(tmp_path):
    values = np.random.default_rng(5).integers(0, 90, (9, 11))
    path = pixels(tmp_path, values, size=30.0)
    shape = Point(X + 140, Y + 170).buffer(110)
    theirs = exact_extract(str(path), layer([shape]), ["sum"])[0]["properties"]["sum"]
    (ours,), _ = persons_inside(layer([shape]), people_raster(path))
    assert ours == pytest.approx(theirs, rel=1e-6)


def test_spread_is_that_of_exactextract_weights(tmp_path):
    rng = np.random.default_rng(7)
    values = rng.integers(0, 90, (9, 11))
    path = pixels(tmp_path, values, size=30.0)
    circles = [Point(X + 60 * i + 30, Y + 170).buffer(29) for i in range(4)]
    found = population_of_blocks(layer(circles), people_raster(path))
    cells = exact_extract(str(path), layer(circles), ["cell_id", "coverage"])
    shares = np.zeros((4, values.size))
    for i, cell in enumerate(cells):
        shares[i, cell["properties"]["cell_id"]] = cell["properties"]["coverage"]
    land = shares.sum(axis=0)
    density = np.where(land > 0, values.ravel() / np.where(land > 0, land, 1), 0)
    assert found.persons == pytest.approx(shares @ density, rel=1e-5)


def test_turned_grid_and_degrees_keep_their_persons(tmp_path):
    turned = Affine(80, 30, X, 30, -80, Y + 300)
    raster = people_raster(pixels(tmp_path, [[10, 20], [15, 40]], transform=turned))
    everything = population_of_blocks(layer([block(-500, -500, 900, 900)]), raster)
    assert everything.persons.sum() == pytest.approx(85, rel=1e-9)
    step = Affine(0.001, 0, 113.999, 0, -0.001, 30.7301)
    geographic = people_raster(
        pixels(tmp_path, [[10, 20], [15, 40]], transform=step, crs="EPSG:4326")
    )
    found = population_of_blocks(layer([block(-5000, -9000, 5000, 9000)]), geographic)
    assert found.persons.sum() == pytest.approx(85, rel=1e-9)


@given(
    st.lists(st.integers(0, 500), min_size=12, max_size=12),
    st.lists(st.tuples(st.floats(0, 350), st.floats(0, 250)), min_size=1, max_size=6),
)
def test_nobody_is_lost_whatever_the_blocks(tmp_path_factory, persons, corners):
    values = np.array(persons, dtype=float).reshape(3, 4)
    values[0, 0] += 1
    path = pixels(tmp_path_factory.mktemp("people"), values)
    frame = block(0, 0, 400, 300)
    # blocks that overlap, and two corners so that the bounds hold every pixel
    shapes = [block(x, y, x + 43, y + 57).intersection(frame) for x, y in corners]
    shapes += [block(0, 299, 1, 300), block(399, 0, 400, 1)]
    found = population_of_blocks(layer(shapes), people_raster(path))
    assert found.persons.sum() + found.elsewhere == pytest.approx(values.sum(), rel=1e-9)

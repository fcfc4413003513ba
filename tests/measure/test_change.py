"""Change of zones and its error: by hand, by property, against the published example."""

from __future__ import annotations

import numpy as np
import pytest
from affine import Affine
from geopandas import GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box

from greenspace.errors import InputError
from greenspace.measure.change import change_areas, change_by_zone, change_estimate, codes_at
from greenspace.model.change import AREAS, KINDS
from greenspace.model.grid import ClassStrip


class Codes:
    """A ClassRaster in memory, on the grid of some pixels."""

    def __init__(self, codes, raster):
        self.codes = np.asarray(codes, dtype=np.uint8)
        self.grid, self.sources, self.parallel = raster.grid, (), False
        self.windows = []

    def findings(self):
        return ()

    def class_strips(self, windows):
        for w in windows:
            self.windows.append(w)
            yield ClassStrip(w, self.codes[w.row : w.row + w.height, w.col : w.col + w.width])


@pytest.fixture
def raster(pixels):
    def make(codes, **where):
        return Codes(codes, pixels(np.zeros(np.shape(codes)), **where))

    return make


def test_each_kind_weighs_by_its_area_in_the_zone(raster):
    # one row of pixels of 2 m: none, gained, lost, kept, gained and straddling, unseen and
    # straddling, lost beside an edge, unseen. The zone of 1 m height cuts every pixel in half, so
    # 2 m2 are left of each; and it ends after half of the last pixel, beyond which nothing is.
    found = change_areas(
        raster([[0, 1, 2, 3, 5, 8, 10, 255]], transform=Affine(2, 0, 0, 0, -2, 2)),
        *[GeoSeries([box(0, 0, 15, 1)], crs=6933)] * 2,
    )
    expected = {"not_green": 2, "gained": 4, "lost": 4, "kept": 2, "unseen": 3, "straddling": 4}
    expected["edge_change"] = 4
    assert dict(zip(AREAS, found[0], strict=True)) == pytest.approx(expected)


def test_areas_are_those_of_the_measuring_plane(raster):
    # half of the zone is gained; in the plane it has 50 m2
    here, there = GeoSeries([box(0, 0, 10, 5)], crs=6933), GeoSeries([box(0, 0, 2, 1)], crs=6933)
    found = change_areas(raster([[1, 0]]), here, there)
    assert found[0] == pytest.approx([25, 25, 0, 0, 0, 0, 0])


@given(seed=st.integers(0, 2**32 - 1), x=st.floats(0.5, 9.5), y=st.floats(0.5, 9.5))
@settings(max_examples=20)
def test_parts_of_a_zone_add_up_and_fill_it(pixels, seed, x, y):
    codes = np.random.default_rng(seed).choice(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255], size=(10, 10)
    )
    raster = Codes(codes, pixels(np.zeros((10, 10))))
    corners = [(-1, -1), (11, -1), (11, 11), (-1, 11)]
    parts = [
        Polygon([a, b, (x, y)]) for a, b in zip(corners, corners[1:] + corners[:1], strict=True)
    ]
    zones = GeoSeries([*parts, Polygon(corners)], crs=6933)
    found = change_areas(raster, zones, zones)
    assert found[:-1].sum(axis=0) == pytest.approx(found[-1], abs=1e-9)
    assert found[:, :5].sum(axis=1) == pytest.approx(zones.area.to_numpy(), abs=1e-9)


def test_points_read_only_the_blocks_they_stand_in(raster):
    source = raster(np.arange(600)[None, :].repeat(600, axis=0) % 4, block=(512, 512))
    found = codes_at(source, np.array([0.5, 3.2, 599.5, -1.0]), np.array([599.5, 599.5, 599.9, 5]))
    assert found.tolist() == [0, 3, 3, 255]
    assert len(source.windows) == 1


def test_the_published_example_of_change():
    # Olofsson et al. 2014, table 8: deforestation, gain, stable forest, stable other
    counts = np.array([[66, 0, 5, 4], [0, 55, 8, 12], [1, 0, 153, 11], [2, 1, 9, 313]])
    order = [KINDS.index(kind) for kind in ("lost", "gained", "kept", "not_green")]
    rows, columns = np.repeat(np.indices((4, 4)).reshape(2, -1), counts.ravel(), axis=1)
    areas = np.empty(4)
    areas[order] = np.array([200_000, 150_000, 3_200_000, 6_450_000]) * 900.0
    found = change_estimate(np.array(order)[rows], np.array(order)[columns], areas)
    lost, gained = found.areas["lost"], found.areas["gained"]
    assert lost.value == pytest.approx(21_157.76e4, abs=50)
    assert 1.96 * lost.standard_error == pytest.approx(6_157.63e4, abs=50)
    assert gained.value == pytest.approx(11_686.15e4, abs=50)
    assert 1.96 * gained.standard_error == pytest.approx(3_755.83e4, abs=50)


def test_a_kind_with_one_point_gives_no_error():
    mapped = np.array([0, 0, 0, 1, 2, 2, 3, 3])
    with pytest.raises(InputError) as refused:
        change_estimate(mapped, mapped, np.ones(4))
    assert refused.value.rows == ("gained",)


def test_a_zone_speaks_for_itself_from_thirty_points_on():
    # zone 0: 20 points where gained is mapped, 15 of them right, and 20 where nothing is green;
    # zone 1: 4 points of each. The areas are 100 gained and 300 not green; 50 and 50.
    gained, none = KINDS.index("gained"), KINDS.index("not_green")
    mapped = np.array([gained] * 20 + [none] * 20 + [gained] * 4 + [none] * 4)
    reference = np.array([gained] * 15 + [none] * 25 + [gained] * 4 + [none] * 4)
    zones = np.array([0] * 40 + [1] * 8)
    rows = np.array([[300.0, 100.0, 0.0, 0.0], [50.0, 50.0, 0.0, 0.0]])
    found = change_by_zone(zones, mapped, reference, rows, rows.sum(axis=0))
    own, lent = found["gained"]
    assert own.method == "poststratified"
    assert own.share.value == pytest.approx(100 / 400 * 15 / 20)
    assert own.share.low < own.share.value < own.share.high
    # synthetic: of all 24 points mapped as gained 19 are, of the others none
    assert lent.method == "synthetic"
    assert lent.share.value == pytest.approx(0.5 * 19 / 24)
    assert np.isnan(lent.share.low)
    assert [zone.share.value for zone in found["lost"]] == pytest.approx([0, 0])

"""Which pixels are green: indices, thresholds, and what is not seen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from affine import Affine
from pyproj import CRS

from greenspace.errors import RasterError
from greenspace.model.grid import Grid, Numbers
from greenspace.model.source import Finding, Source
from greenspace.model.words import Text
from greenspace.prepare.indices import INDICES, require_physical, spectral_index
from greenspace.prepare.otsu import BINS
from greenspace.prepare.picture import reduced_picture
from greenspace.prepare.vegetation import GreenShares, Vegetation

NOTED = Finding(code="nodata_undeclared", text=Text(zh="注", en="note"))


class Bands:
    """A BandReader in memory."""

    def __init__(self, *, seen=None, scaled=False, rows=512, **bands):
        self.bands = {name: np.atleast_2d(np.asarray(b, float)) for name, b in bands.items()}
        height, width = next(iter(self.bands.values())).shape
        self.seen = np.ones((height, width), bool) if seen is None else np.atleast_2d(seen) > 0
        self.grid = Grid(width, height, Affine(2, 0, 0, 0, -2, 0), CRS.from_epsg(6933), rows, 512)
        self.source = Source(role="image", name="memory.tif")
        self.scaled = scaled
        self.reads = 0

    def findings(self):
        return (NOTED,)

    def stream(self, bands, windows):
        for found in self.numbers(bands, windows):
            yield found.window, tuple(found.planes), found.data

    def numbers(self, bands, windows):
        self.reads += 1
        terms = (1.0,) * len(bands), (0.0,) * len(bands), (np.nan,) * len(bands)
        for window in windows:
            rows = slice(window.row, window.row + window.height)
            cols = slice(window.col, window.col + window.width)
            planes = np.stack([self.bands[name][rows, cols] for name in bands])
            yield Numbers(window, planes, *terms, self.seen[rows, cols])


def read(raster):
    """Green and seen of the whole raster, put together from its strips."""
    grid = raster.grid
    green = np.full((grid.height, grid.width), -1.0)
    seen = np.zeros((grid.height, grid.width), bool)
    for strip in raster.strips(grid.windows()):
        window = strip.window
        place = np.s_[
            window.row : window.row + window.height, window.col : window.col + window.width
        ]
        green[place], seen[place] = strip.green, strip.seen
    return green.tolist(), seen.tolist()


# --- by hand: indices and thresholds


@pytest.mark.parametrize(
    ("index", "bands", "value"),
    [
        ("ndvi", {"red": 1, "nir": 3}, 0.5),  # 2 / 4
        ("savi", {"red": 0.1, "nir": 0.4}, 0.45),  # 1.5 x 0.3 / 1
        ("evi", {"blue": 0.1, "red": 0.2, "nir": 0.5}, 2.5 * 0.3 / 1.95),  # 0.5 + 1.2 - 0.75 + 1
        ("exg", {"red": 1, "green": 4, "blue": 3}, 0.5),  # (8 - 1 - 3) / 8
    ],
)
def test_indices_by_hand(index, bands, value):
    order = spectral_index(index).bands
    found = spectral_index(index).compute(*(np.array([float(bands[name])]) for name in order))
    assert found.tolist() == pytest.approx([value])


def test_green_is_strictly_above_the_threshold():
    # NDVI 0.5 exactly, the next float below and above it by way of the band
    nir = np.array([3.0, np.nextafter(3, 0), np.nextafter(3, 4)])
    green, seen = read(Vegetation(Bands(red=np.ones(3), nir=nir), threshold=0.5))
    assert green == [[0, 0, 1]]
    assert seen == [[True, True, True]]


def test_undefined_index_and_unseen_pixels_are_neither_green_nor_bare():
    # 0 / 0, nodata in the reader's own opinion, NaN in a band, an honest 0.5, an honest -1
    bands = Bands(red=[0, 1, np.nan, 1, 3], nir=[0, 9, 9, 3, 0], seen=[1, 0, 1, 1, 1])
    assert read(Vegetation(bands, threshold=0.3)) == (
        [[0, 0, 0, 1, 0]],
        [[False, False, False, True, True]],
    )


def test_a_ratio_of_bands_below_zero_is_unseen_and_counted():
    # NDVI 0.022 / 0.002 = 11, -0.01 / -0.05 = 0.2, -1.5, (0.1 - 0) / 0.1 = 1, masked, 0.5
    bands = Bands(
        red=[-0.01, -0.02, 0.05, 0, -1, 0.1],
        nir=[0.012, -0.03, -0.01, 0.1, 9, 0.3],
        seen=[1, 1, 1, 1, 0, 1],
        scaled=True,
    )
    raster = Vegetation(bands, threshold=0.1)
    for _ in range(2):  # read twice, counted once
        assert read(raster) == ([[0, 0, 0, 1, 0, 1]], [[False, False, False, True, False, True]])
        noted = raster.findings()[-1]
        assert (noted.code, noted.severity, noted.count) == ("negative_reflectance", "warning", 3)


def test_what_an_index_divides_by_is_above_zero():
    # EVI of a cloud: 2.5 (0.4 - 0.5) / (0.4 + 3 - 6 + 1) = -0.25 / -1.6 = 0.156
    bands = Bands(blue=[0.8], red=[0.5], nir=[0.4], scaled=True)
    assert read(Vegetation(bands, index="evi", threshold=0.1)) == ([[0]], [[False]])
    exg = Bands(red=[-1, 0.1], green=[0.5, 0.5], blue=[0.6, 0.1])  # sum 0.1, of no meaning
    assert read(Vegetation(exg, index="exg", threshold=0.1)) == ([[0, 1]], [[False, True]])


def test_integers_are_not_wrapped_round():
    # uint16 1 - 3 would be 65 534: the reader hands over float64, and the index stays negative
    bands = Bands(red=np.array([3], np.uint16), nir=np.array([1], np.uint16))
    assert read(Vegetation(bands, threshold=0.0))[0] == [[0]]


def test_otsu_finds_the_gap_and_reads_the_image_once():
    bands = Bands(red=[4] * 20 + [1] * 20, nir=[1] * 20 + [4] * 20)  # NDVI -0.6 and 0.6
    raster = Vegetation(bands)
    assert bands.reads == 0  # nothing is read before it is asked for
    assert raster.cut == pytest.approx(0, abs=2 / BINS)
    assert (raster.cut, bands.reads) == (raster.cut, 1)
    assert read(raster)[0] == [[0] * 20 + [1] * 20]


def test_of_several_threads_one_finds_the_threshold():
    bands = Bands(red=[4, 1] * 20, nir=[1, 4] * 20)
    raster = Vegetation(bands)
    with ThreadPoolExecutor(8) as threads:
        cuts = list(threads.map(lambda _: raster.cut, range(64)))
    assert len(set(cuts)) == 1
    assert bands.reads == 1


def test_otsu_takes_no_account_of_what_is_unseen():
    bands = {"red": [4, 1] * 20 + [0, 0, 5], "nir": [1, 4] * 20 + [0, 0, 1000]}
    seen = [1] * 42 + [0]
    less = {name: values[:40] for name, values in bands.items()}
    assert Vegetation(Bands(**bands, seen=seen)).cut == Vegetation(Bands(**less)).cut


def test_histogram_is_the_same_however_it_is_cut_in_windows():
    rng = np.random.default_rng(3)
    red, nir = rng.uniform(0.1, 0.2, (2, 1200, 3))
    nir[::3] += 0.4
    cuts = {Vegetation(Bands(red=red, nir=nir, rows=rows)).cut for rows in (64, 512, 4096)}
    assert len(cuts) == 1


def test_sources_and_findings_say_how_green_was_told():
    fixed = Vegetation(Bands(red=[1], nir=[3]), threshold=0.3)
    assert [source.role for source in fixed.sources] == ["image", "vegetation rule"]
    assert fixed.sources[1].name == "ndvi = (nir - red) / (nir + red) > 0.3"
    assert [finding.code for finding in fixed.findings()] == ["nodata_undeclared", "raw_numbers"]
    found = Vegetation(Bands(red=[2, 4] * 20, nir=[6, 4] * 20, scaled=True))  # 0.5 and 0
    assert [finding.code for finding in found.findings()] == ["nodata_undeclared", "otsu_threshold"]
    assert "(Otsu)" in found.sources[1].name


# --- shares


def test_shares_stay_and_nan_is_unseen():
    raster = GreenShares(Bands(green=[0, 0.25, 1, np.nan, 0.5], seen=[1, 1, 1, 1, 0]))
    assert read(raster) == ([[0, 0.25, 1, 0, 0]], [[True, True, True, False, False]])
    assert raster.findings() == (NOTED,)
    assert raster.sources[0].name == "memory.tif"


@pytest.mark.parametrize("wrong", [-0.01, 1.01, 255, -9999])
def test_shares_beyond_zero_and_one_are_refused_where_seen(wrong):
    hidden = GreenShares(Bands(green=[0, wrong], seen=[1, 0]))
    assert read(hidden)[1] == [[True, False]]
    with pytest.raises(RasterError) as caught:
        read(GreenShares(Bands(green=[0, wrong])))
    error = caught.value
    assert (error.file, error.expected, error.found) == ("memory.tif", (0, 1), wrong)
    assert error.problem.zh
    assert error.problem.en
    assert error.remedy is not None


# --- pictures


@pytest.mark.parametrize("rows", [64, 512])
def test_picture_is_the_mean_of_what_is_seen_below_each_of_its_pixels(rows):
    rng = np.random.default_rng(1)
    green, seen = rng.random((130, 90)).round(2), rng.random((130, 90)) > 0.5
    seen[:30, :30] = False
    picture = reduced_picture(GreenShares(Bands(green=green, seen=seen, rows=rows)), side=13)
    assert picture.green.shape == (13, 9)
    block = np.s_[40:50, 20:30]
    assert picture.green[4, 2] == pytest.approx(green[block][seen[block]].mean(), rel=1e-6)
    assert np.isnan(picture.green[0, 0])
    assert picture.bounds == (0, -260, 180, 0)


@pytest.mark.parametrize(("dx", "dy"), [(2, 2), (-2, -2), (-2, 2)])
def test_picture_is_north_up_however_the_rows_run(dx, dy):
    green = np.array([[1.0, 0.0], [0.0, 0.0]])
    bands = Bands(green=green)
    bands.grid = Grid(2, 2, Affine(dx, 0, 0, 0, dy, 0), CRS.from_epsg(6933), 512, 512)
    picture = reduced_picture(GreenShares(bands))
    # the green pixel is the first one, which touches the origin
    row, col = np.argwhere(picture.green == 1.0)[0]
    west, south, east, north = picture.bounds
    assert west + 2 * col in (0, -2)
    assert north - 2 * row in (0, 2)
    assert (west, east) == ((0, 4) if dx > 0 else (-4, 0))
    assert (south, north) == ((0, 4) if dy > 0 else (-4, 0))


def test_a_rotated_image_has_no_picture():
    bands = Bands(green=[[1.0]])
    bands.grid = Grid(1, 1, Affine.rotation(30), CRS.from_epsg(6933), 512, 512)
    assert reduced_picture(GreenShares(bands)) is None


# --- by refusal


def test_unknown_index_is_refused_with_those_there_are():
    with pytest.raises(RasterError) as caught:
        spectral_index("NVDI")
    assert (caught.value.found, caught.value.expected) == ("NVDI", tuple(INDICES))


@pytest.mark.parametrize("index", ["evi", "savi"])
def test_constants_demand_reflectance(index):
    require_physical(index, scaled=True)
    require_physical("ndvi", scaled=False)
    with pytest.raises(RasterError) as caught:
        require_physical(index, scaled=False)
    assert "scale" in caught.value.remedy.en
    assert "scale" in caught.value.remedy.zh


@pytest.mark.parametrize(
    ("seen", "step"), [([1, 1, 1], "threshold"), ([0, 0, 0], "nodata"), ([1, 0, 0], "threshold")]
)
def test_otsu_refuses_an_image_of_one_value_or_none(seen, step):
    with pytest.raises(RasterError) as caught:
        _ = Vegetation(Bands(red=[1, 1, 1], nir=[3, 3, 3], seen=seen)).cut
    assert step in caught.value.remedy.en
    assert step in caught.value.remedy.zh

"""Masks: which numbers hide a pixel, by hand on a few pixels, and by refusal."""

from __future__ import annotations

import numpy as np
import pytest
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st

from greenspace.errors import DefinitionError, RasterError
from greenspace.model.city import MaskSpec
from greenspace.model.grid import Grid, Window
from greenspace.read.mask import open_mask
from tests.scene import write_raster

GRID = Grid(4, 2, Affine(10, 0, 500_000, 0, -10, 3_400_000), None)


def write(path, numbers, kind="uint16", *, side=10.0, **said):
    place = Affine(side, 0, 500_000, 0, -side, 3_400_000)
    return write_raster(path, np.array(numbers, dtype=kind), transform=place, **said)


def hidden(mask, grid=GRID):
    """Return which pixels are hidden, put together from windows of one pixel."""
    opened, _ = open_mask(mask, grid)
    whole = np.zeros((grid.height, grid.width), dtype=bool)
    with opened.session() as reading:
        for row, col in np.ndindex(grid.height, grid.width):
            (window,) = grid.windows(rows=(row, row + 1), cols=(col, col + 1))
            whole[row, col] = reading(1, window)[0].item()
    return whole.astype(int).tolist()


def findings(mask):
    return [finding.code for finding in open_mask(mask, GRID)[1]]


def test_without_codes_every_number_but_zero_hides(tmp_path):
    path = write(tmp_path / "m.tif", [[0, 1, 2, 0], [0, 0, 0, 255]])
    assert hidden(path) == hidden({"path": path}) == [[0, 1, 1, 0], [0, 0, 0, 1]]
    assert findings(path) == []


def test_named_values_hide_and_others_do_not(tmp_path):
    path = write(tmp_path / "m.tif", [[0, 1, 2, 3], [3, 8, 11, 4]])
    assert hidden({"path": path, "values": [3, 8]}) == [[0, 0, 0, 1], [1, 1, 0, 0]]
    assert hidden(MaskSpec(path=path, values=(3, 8))) == [[0, 0, 0, 1], [1, 1, 0, 0]]


def test_named_bits_hide_whatever_else_is_set(tmp_path):
    # bits 3 and 4 are 8 and 16: 8 + 2 has bit 3, 16 + 1 has bit 4, 7 and 32 have neither
    path = write(tmp_path / "m.tif", [[8, 16, 7, 32], [10, 17, 24, 0]])
    assert hidden({"path": path, "bits": [3, 4]}) == [[1, 1, 0, 0], [1, 1, 1, 0]]


@pytest.mark.parametrize(
    ("said", "absent"),
    [({"values": [3, 8]}, 0), ({"values": [3, 9, 77]}, 2), ({"bits": [0, 3, 9]}, 1)],
)
def test_listed_codes_that_occur_nowhere_are_told_once_the_mask_was_read(tmp_path, said, absent):
    path = write(tmp_path / "m.tif", [[0, 1, 2, 3], [3, 8, 11, 4]])
    opened, _ = open_mask({"path": path, **said}, GRID)
    assert opened.findings() == ()  # not read yet
    with opened.session() as reading:
        for window in GRID.windows():
            reading(1, window)

    assert [finding.count for finding in opened.findings()] == ([absent] if absent else [])
    assert all(f.code == "mask_codes_absent" for f in opened.findings())


def test_the_scene_classes_of_sentinel_2(tmp_path):
    # hidden: 0 no data, 1 defective, 3 shadow, 8 and 9 cloud, 10 cirrus, 11 snow
    grid = Grid(12, 1, GRID.transform, None)
    path = write(tmp_path / "scl.tif", [list(range(12))], "uint8")
    mask = {"path": path, "codes": "sentinel2-scl"}
    assert hidden(mask, grid) == [[1, 1, 0, 1, 0, 0, 0, 0, 1, 1, 1, 1]]
    (finding,) = open_mask(mask, grid)[1]
    assert finding.code == "mask_decoded"
    assert "cloud (8, 9)" in finding.text.en
    assert "云影（3）" in finding.text.zh
    assert "verified" in finding.text.en


def test_the_quality_bits_of_landsat_collection_2(tmp_path):
    # 21824 = 0101 0101 0100 0000: clear (bit 6), every confidence low; 21952 is the same and
    # water (bit 7). 22280 = 0101 0111 0000 1000: cloud (bit 3). 23888 = 0101 1101 0101 0000:
    # shadow (bit 4). 21826 = 21824 + 2: dilated. 54596 = 1101 0101 0100 0100: cirrus (bit 2).
    # 30048 = 0111 0101 0110 0000: snow (bit 5). 1: fill.
    rows = [[21824, 21952, 22280, 23888], [21826, 54596, 30048, 1]]
    path = write(tmp_path / "qa.tif", rows)
    assert hidden({"path": path, "codes": "landsat-c2-qa-pixel"}) == [[0, 0, 1, 1], [1, 1, 1, 1]]


def test_the_quality_bits_of_landsat_8_collection_1(tmp_path):
    # 2720 = 0 1010 1010 0000: every confidence low: clear. 2800 = 0 1010 1111 0000: cloud (bit 4)
    # and its confidence high. 2752: cloud confidence medium (bits 5-6 = 10) alone: seen.
    # 2976 = 0 1011 1010 0000: shadow high (bits 7-8 = 11). 3744 = 0 1110 1010 0000: snow high.
    # 6816 = 1 1010 1010 0000: cirrus high. 1: fill. 3008 = 0 1011 1100 0000: shadow high.
    rows = [[2720, 2800, 2752, 2976], [3744, 6816, 1, 3008]]
    path = write(tmp_path / "bqa.tif", rows)
    assert hidden({"path": path, "codes": "landsat8-c1-bqa"}) == [[0, 1, 0, 1], [1, 1, 1, 1]]


def test_the_clear_band_of_planet(tmp_path):
    clear = [[1, 1, 0, 0], [0, 1, 1, 1]]
    bands = np.stack([clear, *[np.zeros((2, 4))] * 7])
    path = write(tmp_path / "udm2.tif", bands, "uint8")
    assert hidden({"path": path, "codes": "planet-udm2"}) == [[0, 0, 1, 1], [1, 0, 0, 0]]
    with pytest.raises(RasterError, match="has 8 bands"):
        open_mask(path, GRID)


def test_where_a_coded_mask_has_no_data_nothing_is_seen(tmp_path):
    path = write(tmp_path / "m.tif", [[255, 4, 3, 4], [4, 4, 4, 255]], nodata=255)
    assert hidden({"path": path, "values": [3]}) == [[1, 0, 1, 0], [0, 0, 0, 1]]


def test_a_coarser_mask_that_nests_counts_for_the_pixels_in_it(tmp_path):
    path = write(tmp_path / "m.tif", [[0, 3]], side=20.0)
    assert hidden({"path": path, "values": [3]}) == [[0, 0, 1, 1], [0, 0, 1, 1]]
    assert findings(path) == ["mask_coarser"]
    assert "2 times" in open_mask(path, GRID)[1][0].text.en


@pytest.mark.parametrize(("wide", "high", "step"), [(5, 3, 2), (7, 7, 3), (3, 1, 4), (6, 4, 2)])
def test_a_coarser_mask_may_reach_past_the_image(tmp_path, wide, high, step):
    grid = Grid(wide, high, GRID.transform, None)
    shape = (-(-high // step), -(-wide // step))
    numbers = np.indices(shape).sum(axis=0) % 2
    path = write(tmp_path / "m.tif", numbers, side=10.0 * step)
    expected = np.kron(numbers, np.ones((step, step), dtype=int))[:high, :wide]
    assert hidden(path, grid) == expected.tolist()
    rest = Window(1, 1, high - 1, wide - 1)  # begins inside a pixel of the mask and leaves it
    with open_mask(path, grid)[0].session() as reading:
        assert np.array_equal(reading(1, rest)[0], expected[1:, 1:])


@pytest.mark.parametrize(
    ("side", "shape"), [(20, (2, 4)), (15, (2, 3)), (20.1, (1, 2)), (5, (4, 8)), (30, (1, 2))]
)
def test_a_mask_that_does_not_nest_is_refused(tmp_path, side, shape):
    grid = Grid(4, 2, GRID.transform, None) if side != 30 else Grid(7, 3, GRID.transform, None)
    path = write(tmp_path / "m.tif", np.zeros(shape), side=float(side))
    with pytest.raises(RasterError, match="pixels of the image"):
        open_mask(path, grid)


@pytest.mark.parametrize(
    "mask",
    [{}, {"codes": "sentinel2-scl"}, {"path": "m.tif", "values": [1], "bits": [1]},
     {"path": "m.tif", "value": [1]}, {"path": "m.tif", "values": []}, {"path": "m.tif", "bits": 3},
     {"path": "m.tif", "values": [-1]}, {"path": "m.tif", "values": ["3"]},
     {"path": "m.tif", "values": "3"}, {"path": "m.tif", "bits": [10**30]}],
    ids=str,
)  # fmt: skip
def test_a_mask_that_does_not_say_one_thing_is_refused(mask, tmp_path, monkeypatch):
    write(tmp_path / "m.tif", [[0, 0, 0, 0], [0, 0, 0, 0]])
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RasterError):
        open_mask(mask, GRID)


def test_numbers_that_cannot_hold_the_codes_are_refused(tmp_path):
    path = write(tmp_path / "m.tif", np.zeros((2, 4)), "uint8")
    for mask in ({"codes": "landsat8-c1-bqa"}, {"bits": [8]}, {"values": [256]}):
        with pytest.raises(RasterError, match="cannot hold") as caught:
            open_mask({"path": path, **mask}, GRID)
        assert caught.value.found == "uint8"
    path = write(tmp_path / "f.tif", np.zeros((2, 4)), "float32")
    with pytest.raises(RasterError, match="float32"):
        open_mask({"path": path, "values": [1]}, GRID)


def test_unknown_codes_are_refused_with_the_nearest(tmp_path):
    path = write(tmp_path / "m.tif", np.zeros((2, 4)))
    with pytest.raises(DefinitionError, match="There is planet-udm2"):
        open_mask({"path": path, "codes": "planet-udm"}, GRID)


@given(numbers=st.lists(st.integers(0, 2**16 - 1), min_size=8, max_size=8), bit=st.integers(0, 15))
def test_a_bit_hides_as_python_counts_it(numbers, bit, tmp_path_factory):
    path = tmp_path_factory.mktemp("m") / "m.tif"
    write(path, np.reshape(numbers, (2, 4)))
    expected = [[n >> bit & 1 for n in numbers[:4]], [n >> bit & 1 for n in numbers[4:]]]
    assert hidden({"path": path, "bits": [bit]}) == expected

"""Many files as one image: put together by hand, by property, and refused where they do not fit."""

from __future__ import annotations

import numpy as np
import pytest
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st

from greenspace.errors import RasterError
from greenspace.model.grid import Window
from greenspace.read import mosaic
from greenspace.read.origin import open_origin
from greenspace.read.raster import open_image
from tests.scene import write_raster

SIDE = 10.0
PLACE = Affine(SIDE, 0.0, 500_000.0, 0.0, -SIDE, 3_400_000.0)
NEED = ("red", "nir")
BANDS = {"red": 1, "nir": 2}


def tile(path, values, row=0, col=0, *, place=PLACE, **said):
    return write_raster(path, values, transform=place @ Affine.translation(col, row), **said)


def flat(red, nir, height=2, width=2):
    return np.stack([np.full((height, width), band, dtype="uint8") for band in (red, nir)])


def pixels(image):
    """Return red, near infrared and what is seen, whole."""
    grid = image.grid
    (window,) = grid.windows()
    (_, (red, nir), seen) = next(image.stream(NEED, [window]))
    return red.tolist(), nir.tolist(), seen.astype(int).tolist()


def test_tiles_lie_where_they_lie_and_gaps_are_unseen(tmp_path):
    # Two tiles of 2 x 2 pixels, the second one row down and three columns east of the first.
    one = tile(tmp_path / "1.tif", flat(1, 2))
    two = tile(tmp_path / "2.tif", flat(3, 4), row=1, col=3)
    for files in ([one, two], (two, one)):
        image = open_image(files, need=NEED, bands=BANDS)
        red, nir, seen = pixels(image)
        assert red == [[1, 1, 0, 0, 0], [1, 1, 0, 3, 3], [0, 0, 0, 3, 3]]
        assert nir == [[2, 2, 0, 0, 0], [2, 2, 0, 4, 4], [0, 0, 0, 4, 4]]
        assert seen == [[1, 1, 0, 0, 0], [1, 1, 0, 1, 1], [0, 0, 0, 1, 1]]
        assert image.grid.bounds == (500_000, 3_399_970, 500_050, 3_400_000)


def test_of_two_that_overlap_the_first_that_shows_a_pixel_wins(tmp_path):
    first = flat(1, 2)
    first[:, 0, 1] = 0  # nodata in both bands, at row 0, column 1
    one = tile(tmp_path / "1.tif", first, nodata=0)
    two = tile(tmp_path / "2.tif", flat(3, 4), nodata=0)
    assert pixels(open_image([one, two], need=NEED, bands=BANDS))[0] == [[1, 3], [1, 1]]
    assert pixels(open_image([two, one], need=NEED, bands=BANDS))[0] == [[3, 3], [3, 3]]


def test_no_pixel_takes_its_bands_from_two_files(tmp_path):
    first = flat(1, 2)
    first[0, 0, 1] = 0  # red is nodata there, near infrared is not
    one = tile(tmp_path / "1.tif", first, nodata=0)
    two = tile(tmp_path / "2.tif", flat(3, 4), nodata=0)
    red, nir, seen = pixels(open_image([one, two], need=NEED, bands=BANDS))
    assert (red, nir) == ([[1, 3], [1, 1]], [[2, 4], [2, 2]])
    assert seen == [[1, 1], [1, 1]]


def test_each_file_has_its_own_nodata(tmp_path):
    one = tile(tmp_path / "1.tif", flat(7, 7), nodata=7)
    two = tile(tmp_path / "2.tif", flat(7, 8), col=2, nodata=9)
    red, _, seen = pixels(open_image([one, two], need=NEED, bands=BANDS))
    assert (red[0], seen[0]) == ([0, 0, 7, 7], [0, 0, 1, 1])


def test_a_given_nodata_holds_in_every_file(tmp_path):
    one = tile(tmp_path / "1.tif", flat(0, 0))
    two = tile(tmp_path / "2.tif", flat(3, 4))
    image = open_image([one, two], need=NEED, bands=BANDS, nodata=0)
    assert pixels(image) == ([[3, 3]] * 2, [[4, 4]] * 2, [[1, 1]] * 2)


def test_an_alpha_band_hides_in_its_own_file(tmp_path):
    said = {"photometric": "RGB", "alpha": "YES"}
    shown = np.full((4, 2, 2), 9, dtype="uint8")
    clear = np.full((4, 2, 2), 5, dtype="uint8")
    clear[3] = 0
    one, two = tile(tmp_path / "1.tif", clear, **said), tile(tmp_path / "2.tif", shown, **said)
    assert pixels(open_image([one, two], need=NEED, bands=BANDS))[0] == [[9, 9]] * 2


def test_a_blank_collar_is_refused_in_whichever_file_it_is(tmp_path):
    # Blank in the left column of the second tile, which the first tile partly hides.
    collar = flat(3, 4, width=4)
    collar[:, :, 0] = 0
    one = tile(tmp_path / "1.tif", flat(1, 2, width=3))
    two = tile(tmp_path / "2.tif", collar, col=2)
    image = open_image([one, two], need=NEED, bands=BANDS)
    with pytest.raises(RasterError, match="2 pixels at its border are 0"):
        image.findings()
    assert pixels(open_image([one, two], need=NEED, bands=BANDS, nodata=0))[2] == [[1] * 6] * 2


def test_bands_in_files_and_files_in_tiles_go_together(tmp_path):
    files = {
        name: [
            tile(tmp_path / f"{name}{i}.tif", np.full((2, 2), value + i, dtype="uint8"), col=2 * i)
            for i in range(2)
        ]
        for name, value in (("red", 1), ("nir", 5))
    }
    red, nir, seen = pixels(open_image(files, need=NEED))
    assert (red[0], nir[0], seen[0]) == ([1, 1, 2, 2], [5, 5, 6, 6], [1, 1, 1, 1])
    # Water is 0 in near infrared alone: no blank border, for the bands of a tile are looked at together.
    tile(tmp_path / "nir0.tif", np.zeros((2, 2), dtype="uint8"))
    assert [f.code for f in open_image(files, need=NEED).findings()] == ["nodata_undeclared"]


@given(
    corners=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=5),
    window=st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, 9), st.integers(1, 9)),
)
def test_any_tiles_read_by_any_window_are_the_picture_painted_back_to_front(
    tmp_path_factory, corners, window
):
    folder = tmp_path_factory.mktemp("m")
    top, left = min(r for r, _ in corners), min(c for _, c in corners)
    painted = np.zeros((14, 14), dtype="uint8")
    files = []
    for i, (row, col) in reversed(list(enumerate(corners))):
        values = np.random.default_rng(i).integers(0, 3, (4, 5)).astype("uint8")  # 0 is nodata
        files.insert(0, tile(folder / f"{i}.tif", values, row, col, nodata=0))
        place = np.s_[row - top : row - top + 4, col - left : col - left + 5]
        painted[place] = np.where(values > 0, values, painted[place])
    origin = open_origin(files)
    grid = origin.header.grid
    row, col = min(window[0], grid.height - 1), min(window[1], grid.width - 1)
    wanted = Window(row, col, min(window[2], grid.height - row), min(window[3], grid.width - col))
    with origin.session() as reading:
        values, data = reading((1,), wanted)
    expected = painted[row : row + wanted.height, col : col + wanted.width]
    assert np.where(data, values[0], 0).tolist() == expected.tolist()
    assert data.tolist() == (expected > 0).tolist()


def test_few_files_are_open_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(mosaic, "OPEN_AT_ONCE", 2)
    files = [tile(tmp_path / f"{i}.tif", flat(i + 1, 9), col=2 * i) for i in range(6)]
    origin = open_origin(files)
    whole = Window(0, 0, 2, 12)
    held = mosaic._Held()
    for part in origin.parts:
        held.reading(part)
        assert len(held.open) <= 2
    held.close()
    with origin.session() as reading:
        for _ in range(2):
            values, data = reading((1,), whole)
            assert values[0, 0].tolist() == [i // 2 + 1 for i in range(12)]
            assert data.all()


# Refusals

UNLIKE = {
    "CRS": {"crs": "EPSG:4548"},
    "pixel size": {"place": PLACE @ Affine.scale(2)},
    "part of a pixel": {"place": PLACE @ Affine.translation(0.5, 0)},
    "direction": {"place": PLACE @ Affine.rotation(5)},
    "number of bands": {"values": np.ones((3, 2, 2), dtype="uint8")},
    "data type": {"values": np.ones((2, 2, 2), dtype="uint16")},
    "scale": {"said": {"scales": (0.5, 0.5)}},
    "band names": {"said": {"descriptions": ("nir", "red")}},
}


@pytest.mark.parametrize(("what", "how"), UNLIKE.items(), ids=UNLIKE.keys())
def test_a_file_that_does_not_fit_is_named(tmp_path, what, how):
    one = tile(tmp_path / "1.tif", flat(1, 2))
    two = tile(tmp_path / "2.tif", **{"values": flat(3, 4), "col": 2, **how})
    with pytest.raises(RasterError, match=what) as caught:
        open_origin([one, two])
    assert caught.value.file == str(two)
    assert caught.value.remedy is not None


def test_a_file_that_lies_far_away_is_refused(tmp_path):
    one = tile(tmp_path / "1.tif", flat(1, 2))
    two = tile(tmp_path / "2.tif", flat(3, 4), row=5000, col=5000)
    with pytest.raises(RasterError, match="too far apart"):
        open_origin([one, two])


def test_no_files_are_no_image_and_one_is_itself(tmp_path):
    with pytest.raises(RasterError, match="empty"):
        open_origin([])
    one = tile(tmp_path / "1.tif", flat(1, 2))
    assert open_origin([one]).header.name == str(one)

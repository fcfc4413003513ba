"""Colours: a reduced picture shows each block by its middle pixel, unseen ground not at all."""

from __future__ import annotations

import numpy as np
import rasterio
from affine import Affine

from greenspace.chips import coloured
from greenspace.imagery import vegetation
from greenspace.prepare.picture import reduced_picture

NORTH_UP = Affine(10, 0, 571_000, 0, -10, 3_441_000)


def written(path, bands, transform=NORTH_UP):
    names, planes = list(bands), np.stack(list(bands.values()))
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        count=len(planes),
        height=planes.shape[1],
        width=planes.shape[2],
        dtype="uint16",
        crs=4547,
        transform=transform,
        nodata=0,
    ) as file:
        file.write(planes.astype(np.uint16))
        file.descriptions = names
    return path


def bands(rows, cols):
    """Red rises eastwards, green southwards, blue is even."""
    y, x = np.mgrid[0:rows, 0:cols]
    return {
        "red": 1000 + x,
        "green": 1000 + y,
        "blue": np.full((rows, cols), 1000),
        "nir": np.full((rows, cols), 3000),
    }


def shown(path):
    image = vegetation(path, threshold=0.3, scale=0.0001, offset=0)
    return coloured(reduced_picture(image), image)


def test_true_colours_run_as_the_bands_run_and_the_grid_is_that_of_the_vegetation(tmp_path):
    # 2500 columns at most 1200 a side: blocks of 3 pixels, 834 x 21 of them
    made = shown(written(tmp_path / "a.tif", bands(61, 2500)))

    assert made.green.shape == (21, 834)
    assert made.colours.shape == (21, 834, 4)
    assert made.way.en == "true colour"
    red, green = made.colours[5, :, 0].astype(int), made.colours[:, 5, 1].astype(int)
    assert (red[0], red[-1]) == (0, 255)
    assert (np.diff(red) >= 0).all()
    assert (np.diff(green) >= 0).all()
    assert green[-1] > green[0]
    assert (made.colours[..., 3] == 255).all()


def test_unseen_ground_is_transparent(tmp_path):
    made = bands(40, 60)
    for plane in made.values():
        plane[:10, 20:] = 0
    found = shown(written(tmp_path / "a.tif", made))

    assert not found.colours[:10, 20:].any()
    assert (found.colours[10:, :, 3] == 255).all()
    assert (found.colours[:, :20, 3] == 255).all()


def test_south_up_rows_are_turned_like_the_vegetation(tmp_path):
    plain = bands(40, 60)
    turned = {name: plane[::-1] for name, plane in plain.items()}
    north = shown(written(tmp_path / "n.tif", plain))
    south = shown(
        written(tmp_path / "s.tif", turned, Affine(10, 0, 571_000, 0, 10, 3_441_000 - 400))
    )

    np.testing.assert_array_equal(north.colours, south.colours)


def test_without_visible_bands_the_near_infrared_is_shown_and_told(tmp_path):
    made = bands(20, 20)
    kept = {name: made[name] for name in ("red", "nir")}
    assert shown(written(tmp_path / "a.tif", kept)).way.en.startswith("false colour")


def test_a_class_raster_has_no_colours(tmp_path):
    class Other:
        pass

    picture = reduced_picture(
        vegetation(
            written(tmp_path / "a.tif", bands(20, 20)), threshold=0.3, scale=0.0001, offset=0
        )
    )
    assert coloured(picture, Other()).colours is None

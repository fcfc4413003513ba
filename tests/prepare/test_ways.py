"""Ways between grids: by hand, and refused where a plane breaks off."""

from __future__ import annotations

import numpy as np
import pytest
from affine import Affine
from pyproj import CRS, Transformer

from greenspace.errors import RasterError
from greenspace.model.grid import Grid
from greenspace.prepare.ways import Way
from tests.prepare.test_two_dates import Date, TwoDates, codes_of, placed


def test_a_tall_pixel_is_looked_up_along_its_sides():
    # one pixel of 1 x 20 m over pixels of 5 m: its corners and its centre lie on green, and the
    # second pixel from above is bare
    coarse = Date([[1], [0], [1], [1]], placed(5))
    tall = Date([[1]], placed(1) @ Affine.scale(1, 20))
    dates = TwoDates(coarse, tall)
    assert dates.after_is_finer
    assert codes_of(dates).tolist() == [[3 + 4]]


def test_a_square_pixel_is_looked_up_at_its_corners():
    way = Way(Date([[1]], placed(2)).grid, Date([[1]], placed(3)).grid)
    assert len(way.spots) == 4


@pytest.mark.parametrize("step", [0.1, 0.01])
def test_a_plane_that_breaks_off_between_the_images_is_refused(step):
    # 180 degrees lie in the middle of the finer image; the other has them at both its ends
    x, y = Transformer.from_crs(4326, 32660, always_xy=True).transform(180.0, 10.0)
    fine = Date(np.ones((40, 40)), Affine(100, 0, x - 2000, 0, -100, y + 2000), CRS(32660))
    world = Grid(
        round(360 / step), round(20 / step), Affine(step, 0, -180, 0, -step, 20), CRS(4326)
    )
    with pytest.raises(RasterError):
        Way(fine.grid, world).needed(next(fine.grid.windows()))


def test_an_image_of_the_whole_world_has_a_way_to_another_datum():
    here, there = (
        Grid(360, 180, Affine(1, 0, -180, 0, -1, 90), CRS(code)) for code in (4326, 4490)
    )
    needed = Way(here, there).needed(next(here.windows()))
    assert (needed.height, needed.width) == (180, 360)

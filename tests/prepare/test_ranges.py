"""Numbers that no reflectance can be, and what was probably forgotten."""

from __future__ import annotations

import numpy as np
import pytest

from greenspace.errors import RasterError
from greenspace.model.grid import Numbers, Window
from greenspace.prepare.ranges import (
    FEWEST,
    darkest_number,
    forgotten_scale,
    numbers_seen,
    require_reflectance,
)

SIDE = 80  # every eighth row and column: 100 pixels are looked at


def window(*bands, scale=1.0, offset=0.0, blank=np.nan, data=None):
    """Bands of one number each, or given whole."""
    planes = np.stack([np.broadcast_to(np.asarray(band), (SIDE, SIDE)) for band in bands])
    count = len(bands)
    place = Window(0, 0, SIDE, SIDE)
    return Numbers(place, planes, (scale,) * count, (offset,) * count, (blank,) * count, data)


@pytest.mark.parametrize(
    ("red", "nir", "how", "likely"),
    [
        (np.uint16(400), np.uint16(3500), {}, "scale=0.0001, offset=0"),
        (np.uint16(7400), np.uint16(18000), {}, "scale=0.0000275, offset=-0.2"),
        (np.uint8(60), np.uint8(120), {}, "ndvi"),
        (np.float64(0.05), np.float64(0.4), {"scale": 1e-4}, "scale=1"),  # applied twice
        (np.uint16(400), np.uint16(3500), {"scale": 1e-8}, "scale=0.0001"),
    ],
)
def test_the_likely_scale_is_named(red, nir, how, likely):
    with pytest.raises(RasterError) as caught:
        require_reflectance(window(red, nir, **how), "savi", "a.tif")
    assert likely in caught.value.remedy.en
    assert likely in caught.value.remedy.zh
    assert caught.value.file == "a.tif"
    value = float(nir) * how.get("scale", 1.0)
    assert caught.value.found == pytest.approx(value)


@pytest.mark.parametrize(
    ("red", "nir", "how"),
    [
        (0.05, 0.4, {}),
        (-0.01, 0.002, {}),  # water after atmospheric correction
        (0.9, 1.3, {}),  # cloud
        (np.uint16(400), np.uint16(3500), {"scale": 1e-4}),
        (np.uint16(7400), np.uint16(18000), {"scale": 2.75e-5, "offset": -0.2}),
    ],
)
def test_reflectance_passes(red, nir, how):
    require_reflectance(window(red, nir, **how), "evi", "a.tif")


def test_a_few_glints_among_reflectances_pass():
    nir = np.full((SIDE, SIDE), 0.3)
    nir[::16, ::16] = 5.0  # a quarter of what is looked at
    require_reflectance(window(0.1, nir), "evi", "a.tif")


def test_what_is_unseen_is_not_looked_at():
    nir = np.full((SIDE, SIDE), 0.3)
    nir[:70] = 9999.0  # most of the window
    seen = nir < 1
    require_reflectance(window(0.1, nir, blank=9999.0), "evi", "a.tif")
    require_reflectance(window(0.1, nir, data=seen), "evi", "a.tif")
    nir[:70] = np.nan
    require_reflectance(window(0.1, nir), "evi", "a.tif")
    nir[64:] = 0.3
    assert numbers_seen(window(0.1, nir)).shape == (2, 20)


@pytest.mark.parametrize("place", [(slice(1, 2), slice(0, SIDE)), (slice(3, 7), slice(9, 13))])
def test_where_few_are_looked_at_all_are(place):
    data = np.zeros((SIDE, SIDE), bool)
    data[place] = True
    assert numbers_seen(window(0.1, 0.4, data=data)).shape[1] == np.count_nonzero(data)
    require_reflectance(window(0.1, 0.4, data=data), "evi", "a.tif")
    with pytest.raises(RasterError):
        require_reflectance(window(0.1, 4.0, data=data), "evi", "a.tif")


def test_a_few_pixels_are_evidence_only_far_beyond():
    data = np.zeros((SIDE, SIDE), bool)
    data[9, 9 : 9 + FEWEST - 1] = True
    require_reflectance(window(0.1, 19.0, data=data), "evi", "a.tif")  # glint
    require_reflectance(window(-0.01, 0.0, data=data), "evi", "a.tif")  # water
    with pytest.raises(RasterError):
        require_reflectance(window(60, 120, data=data), "evi", "a.tif")
    data[:] = False
    require_reflectance(window(60, 120, data=data), "evi", "a.tif")


def test_the_darkest_number_is_of_any_band_and_seen():
    red = np.full((SIDE, SIDE), 5000.0)
    red[16, 24], red[3, 3] = 1200.0, 7.0  # the second is not looked at
    assert darkest_number(window(red, 6000.0)) == 1200.0
    red[0, 0] = 0.0
    assert darkest_number(window(red, 6000.0, blank=0.0)) == 1200.0
    assert darkest_number(window(np.nan, 1.0)) == np.inf


def test_the_same_pixels_are_looked_at_however_the_image_is_cut():
    rng = np.random.default_rng(0)
    red = rng.integers(1, 9999, (SIDE, SIDE)).astype(float)
    whole = numbers_seen(window(red, 9999.0))
    parts = []
    for first, last in ((0, 13), (13, 40), (40, SIDE)):
        place = Window(0, first, SIDE, last - first)
        planes = np.stack([red[:, first:last], np.full((SIDE, last - first), 9999.0)])
        parts.append(numbers_seen(Numbers(place, planes, (1, 1), (0, 0), (np.nan, np.nan))))
    assert sorted(whole[0]) == sorted(np.concatenate(parts, axis=1)[0])


@pytest.mark.parametrize(
    ("darkest", "likely"),
    [(7354.0, "0.0000275"), (5000.0, "0.0000275"), (4999.0, "-0.1"), (1001.0, "-0.1"),
     (1000.0, None), (128.0, None), (0.02, None), (np.inf, None)],
)  # fmt: skip
def test_an_offset_that_is_missing_is_warned_of(darkest, likely):
    found = forgotten_scale("ndvi", darkest)
    assert len(found) == (likely is not None)
    for finding in found:
        assert (finding.code, finding.severity) == ("scale_forgotten", "warning")
        assert likely in finding.text.en
        assert likely in finding.text.zh

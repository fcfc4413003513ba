"""Rasters of 0/1 or shares: what they do not show is told apart from what is not green."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from shapely import box

import greenspace as gs
from greenspace.errors import RasterError
from tests.scene import write_raster

PLACE = Affine(10.0, 0.0, 500_000.0, 0.0, -10.0, 3_400_000.0)
SHARES = np.array([[1, 0, 0, 0], [0, 0, 0, 0]], dtype="uint8")
ZONE = gpd.GeoSeries([box(500_000, 3_399_980, 500_040, 3_400_000)], crs=4547)  # the whole raster


def write(path, values=SHARES, **profile):
    return write_raster(path, values, transform=PLACE, **profile)


@pytest.mark.parametrize("nodata", [0, 1])
@pytest.mark.parametrize("many", [False, True], ids=["one file", "one of two files"])
def test_nodata_that_is_a_share_is_refused(tmp_path, nodata, many):
    # One pixel of eight is green: 12.5 %. With 0 unseen it would be 100 %, with 1 unseen 0 %.
    path = write(tmp_path / "g.tif", nodata=nodata)
    other = write(tmp_path / "h.tif", SHARES * 0)
    with pytest.raises(RasterError) as caught:
        gs.green_coverage([other, path] if many else path, ZONE)
    assert (caught.value.found, caught.value.file) == (nodata, str(path))
    assert "255" in str(caught.value)


def test_nodata_is_a_share_after_scale_and_offset_too(tmp_path):
    said = {"scales": (0.01,)}
    path = write(tmp_path / "g.tif", SHARES * 100, nodata=100, said=said)
    with pytest.raises(RasterError) as caught:
        gs.green_coverage(path, ZONE)
    assert caught.value.found == 100
    percent = write(tmp_path / "p.tif", SHARES * 100, nodata=1, said=said)  # 1 % means nothing
    assert gs.green_coverage(percent, ZONE).to_frame().numerator.iloc[0] == pytest.approx(100)


def test_another_nodata_value_is_unseen(tmp_path):
    values = SHARES.copy()
    values[1] = 255
    frame = gs.green_coverage(write(tmp_path / "g.tif", values, nodata=255), ZONE).to_frame()
    found = (frame.numerator.iloc[0], frame.denominator.iloc[0], frame.unseen.iloc[0])
    assert found == pytest.approx((100, 400, 400))


def test_what_the_reader_noticed_is_passed_on(tmp_path):
    scaled = write(tmp_path / "p.tif", SHARES * 100, said={"scales": (0.01,)})
    codes = [finding.code for finding in gs.green_coverage(scaled, ZONE).findings]
    assert codes == ["scale_declared", "nodata_undeclared"]
    declared = gs.green_coverage(write(tmp_path / "g.tif", nodata=255), ZONE)
    assert declared.findings == ()

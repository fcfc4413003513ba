"""A raster of persons in the manifest: counted inside the built-up area and its districts."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from affine import Affine

import greenspace as gs
from greenspace.errors import InputError, RasterError
from tests.town import CRS, MANIFEST, X, Y, measured, write_town

PARK_AREA = "park_area_per_capita"


@pytest.fixture
def town(tmp_path):
    """The town of 10 000 persons whose people come from pixels of 250 m."""
    write_town(tmp_path)
    text = MANIFEST.replace("population = 10_000", 'population = { raster = "people.tif" }')
    text = text.replace(', population = "POP"', "")
    (tmp_path / "city.toml").write_text(text, encoding="utf-8")
    write_people(tmp_path, np.full((6, 6), 500.0))
    return tmp_path


def write_people(folder, values, *, nodata=None):
    how = {"driver": "GTiff", "height": 6, "width": 6, "count": 1, "dtype": "float32"}
    transform = Affine(250, 0, X - 250, 0, -250, Y + 1250)  # 16 pixels inside the built-up area
    with rasterio.open(
        folder / "people.tif", "w", crs=CRS, transform=transform, nodata=nodata, **how
    ) as file:
        file.write(values.astype(np.float32), 1)


def test_park_area_rests_on_the_persons_inside_the_line(town):
    check = gs.check(town / "city.toml")
    ratio = check.ratios[PARK_AREA]
    # 16 pixels of 500; the park inside the line is 100 x 1 000 m2
    assert (ratio.numerator, ratio.denominator) == pytest.approx((100_000, 8000))
    assert any(finding.code == "population_from_raster" for finding in check.findings)
    assert any(source.role == "population" and source.sha256 for source in check.city.inputs)


def test_districts_have_their_own_persons_and_the_rest_too(town):
    check = gs.check(town / "city.toml", standard="CN-2010")
    item = measured(check, PARK_AREA)
    # districts of 400 and 500 of 1 000 m: 2 and 1.6 columns of pixels of 4 x 500; 100 m in neither
    assert item.zones.to_frame()["denominator"].tolist() == pytest.approx([3200, 4000])
    assert item.outside.denominator == pytest.approx(800)
    rows = check.table.set_index("indicator")["value"]
    assert rows["lowest_district_park_area_per_capita"] == 0  # no park in the second


def test_column_of_the_districts_goes_first(town):
    text = (town / "city.toml").read_text(encoding="utf-8")
    text = text.replace('{ name = "NAME" }', '{ name = "NAME", population = "POP" }', 1)
    (town / "city.toml").write_text(text, encoding="utf-8")
    check = gs.check(town / "city.toml")
    assert check.ratios[PARK_AREA].denominator == pytest.approx(8000)


def test_missing_raster_and_persons_below_zero_are_refused(town):
    write_people(town, np.full((6, 6), -9999.0))
    with pytest.raises(RasterError):
        gs.check(town / "city.toml")
    (town / "people.tif").unlink()
    with pytest.raises(InputError):
        gs.read_city(town / "city.toml")


def test_validation_does_not_miss_a_population(town):
    found = gs.validate(town / "city.toml")
    assert not [item for item in found.findings if item.layer == "population"]

"""A raster of persons in the manifest: counted inside the built-up area and its districts."""

from __future__ import annotations

import json

import numpy as np
import pytest
import rasterio
from affine import Affine

import greenspace as gs
from greenspace.errors import GeometryError, InputError, RasterError
from greenspace.present.report import report_html
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
    assert "not_given" not in {item.code for item in found.findings if item.layer == "population"}


def unseen(check):
    return next(item for item in check.findings if item.code == "population_unseen")


def test_ground_without_data_is_not_nobody(town):
    # the eastern column of the four inside the built-up area has no data: 25 % of the city, in
    # the second district 150 of 500 m
    values = np.full((6, 6), 500.0)
    values[:, 4:] = -1
    write_people(town, values, nodata=-1)
    check = gs.check(town / "city.toml", standard="CN-2010")
    ratio, item = check.ratios[PARK_AREA], measured(check, PARK_AREA)
    assert np.isnan(ratio.value)
    assert "25.0%" in ratio.reason.en
    assert check.city.population is None
    table = item.zones
    assert table.value.iloc[0] == pytest.approx(100_000 / 3200)
    assert np.isnan(table.value.iloc[1])
    assert "30.0%" in table.ratio(1).reason.en
    assert (unseen(check).severity, "30.00%" in unseen(check).text.en) == ("warning", True)
    table = check.table
    rows = table[table["standard"] == "CN-2010"].set_index("indicator")
    for name in (PARK_AREA, f"lowest_district_{PARK_AREA}"):
        assert rows.loc[name, "verdict"] == "not_assessable"
        assert "no data" in rows.loc[name, "reason"]


def test_pixels_that_are_no_number_are_not_said_to_be_read_as_persons(town):
    values = np.full((6, 6), 500.0, dtype=np.float32)
    values[:, 4:] = np.nan
    write_people(town, values)
    check = gs.check(town / "city.toml", standard="CN-2010")
    undeclared = [item for item in check.findings if item.code == "nodata_undeclared"]
    assert any("every pixel but NaN" in item.text.en for item in undeclared)
    assert "25.0%" in check.ratios[PARK_AREA].reason.en


def test_sliver_without_data_is_told_and_counted(town):
    how = {"driver": "GTiff", "height": 1, "width": 1, "count": 1, "dtype": "float32", "crs": CRS}
    transform = Affine(
        1999.5, 0, X - 1000, 0, -2000, Y + 1500
    )  # ends 0.5 m before the eastern line
    with rasterio.open(town / "people.tif", "w", transform=transform, **how) as file:
        file.write(np.full((1, 1, 1), 4000, dtype=np.float32))
    check = gs.check(town / "city.toml")
    assert check.ratios[PARK_AREA].denominator == pytest.approx(4000 * 999.5 / 1999.5 / 2)
    assert unseen(check).severity == "note"


def test_raster_off_the_city_is_refused(town):
    path = town / "people.tif"
    with rasterio.open(path, "r+") as file:
        file.transform = Affine(250, 0, X + 50_000, 0, -250, Y + 1250)
    with pytest.raises(GeometryError) as refused:
        gs.check(town / "city.toml")
    assert refused.value.file == "people.tif"


def test_districts_own_persons_are_held_against_the_raster(town):
    text = (town / "city.toml").read_text(encoding="utf-8")
    with_column = text.replace('{ name = "NAME" }', '{ name = "NAME", population = "POP" }', 1)
    (town / "city.toml").write_text(with_column, encoding="utf-8")
    found = {item.code: item for item in gs.check(town / "city.toml").findings}
    assert found["population_disagreement"].severity == "warning"  # 10 000 beside 8 000


def test_counted_persons_stand_in_the_check_and_its_report(town):
    check = gs.check(town / "city.toml")
    check.write(town / "out")
    record = json.loads((town / "out" / "check.json").read_text(encoding="utf-8"))
    assert record["city"]["population"] == pytest.approx(8000)
    report = report_html(check, language="en")
    assert "8,000" in report


def test_repaired_city_counts_the_same_raster(town):
    gs.validate(town / "city.toml", repair=True).write(town / "out")
    again = gs.check(town / "out" / "repaired" / "city.toml")
    assert again.ratios[PARK_AREA].denominator == pytest.approx(8000)


# --- validation counts it too


def test_validation_tells_what_a_check_would(town):
    values = np.full((6, 6), 500.0)
    values[:, 4:] = -1
    write_people(town, values, nodata=-1)
    found = {item.code: item for item in gs.validate(town / "city.toml").findings}
    assert "25.00%" in found["population_unseen"].text.en
    assert found["population_unseen"].severity == "warning"


def test_validation_refuses_a_raster_below_zero_or_off_the_city(town):
    write_people(town, np.full((6, 6), -9.0))
    (refused,) = [
        item for item in gs.validate(town / "city.toml").findings if item.file == "people.tif"
    ]
    assert refused.severity == "error"
    write_people(town, np.full((6, 6), 500.0))
    with rasterio.open(town / "people.tif", "r+") as file:
        file.transform = Affine(250, 0, X + 50_000, 0, -250, Y + 1250)
    (refused,) = [
        item for item in gs.validate(town / "city.toml").findings if item.file == "people.tif"
    ]
    assert refused.severity == "error"

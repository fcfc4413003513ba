"""The truth, found again in plainer ways: grids, points and sums."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from affine import Affine
from rasterio.features import rasterize

ATTACHED = {"RG", "AG", "BG", "MG", "WG", "SG", "UG"}
FINE_M = 1.0


def grid(city) -> tuple[tuple[int, int], Affine]:
    image = city.images[0]
    _, height, width = image.pixels.shape
    step = image.transform.a / FINE_M
    place = Affine(FINE_M, 0, image.transform.c, 0, -FINE_M, image.transform.f)
    return (int(height * step), int(width * step)), place


def cells(city, shapes) -> np.ndarray:
    size, place = grid(city)
    return rasterize(list(shapes), size, transform=place) == 1


def test_coverage_is_that_of_a_metre_grid(city):
    green = cells(city, city.layers["vegetation"].geometry)
    zones = [city.layers["built_up"].geometry.iloc[0], *city.layers["districts"].geometry]
    for truth, zone in zip([city.truth["city"], *city.truth["district"]], zones, strict=True):
        counted = green[cells(city, [zone])].mean()
        assert counted == pytest.approx(truth["green_coverage"], abs=0.003)


def test_parks_are_those_of_a_metre_grid(city):
    parks = cells(city, city.layers["parks"].geometry)
    zone = cells(city, city.layers["built_up"].geometry)

    assert (parks & zone).sum() == pytest.approx(city.truth["city"]["park_area_m2"], rel=0.005)


def test_green_land_is_the_sum_of_its_parcels(city):
    # parcels do not overlap, so their clipped areas add up
    green, built_up = city.layers["green"], city.layers["built_up"].geometry.iloc[0]
    code = green["绿地类型"]
    counted = green[code.str[:2].isin({"G1", "G2", "G3"}) | code.isin(ATTACHED)]
    inside = counted.clip(built_up).area.sum()

    assert inside == pytest.approx(city.truth["city"]["green_space_inside_m2"], rel=1e-9)


def test_other_green_counts_where_a_step_leads_to_construction_land(city):
    green, built_up = city.layers["green"], city.layers["built_up"].geometry.iloc[0]
    code = green["绿地类型"]
    other = green[code.str.startswith("EG") & (code != "EG4")].geometry.union_all()
    pieces = np.array(shapely.get_parts(other.intersection(built_up)))
    land = city.layers["construction_land"].geometry.iloc[0]
    touched = shapely.area(shapely.intersection(shapely.buffer(pieces, 0.01), land)) > 0.01
    truth = city.truth["city"]

    assert shapely.area(pieces[touched]).sum() == pytest.approx(
        truth["green_space_other_adjacent_m2"], rel=1e-9
    )
    assert shapely.area(pieces[~touched]).sum() == pytest.approx(
        truth["green_space_other_apart_m2"], rel=1e-9
    )
    assert truth["green_space_other_apart_m2"] > 0


def test_twenty_percent_rule_bites_in_the_full_city(full):
    found = full.truth["city"]

    assert found["green_space_other_adjacent_m2"] > 0.2 * found["green_space_inside_m2"]
    assert found["green_space_counted_m2"] == pytest.approx(1.2 * found["green_space_inside_m2"])


def test_service_is_that_of_distances_from_points(full):
    homes = full.layers["residential"].geometry.union_all()
    homes = homes.intersection(full.layers["built_up"].geometry.iloc[0])
    west, south, east, north = homes.bounds
    x, y = np.meshgrid(np.arange(west, east, 6.0), np.arange(south, north, 6.0))
    at_home = shapely.contains_xy(homes, x, y)
    points = shapely.points(x[at_home], y[at_home])
    parks = full.layers["parks"]
    large = parks[parks.area >= 5000].geometry.union_all()
    medium = parks[(parks.area >= 2000) & (parks.area < 5000)].geometry.union_all()
    shapely.prepare([large, medium])
    served = shapely.dwithin(large, points, 500) | shapely.dwithin(medium, points, 300)

    assert served.mean() == pytest.approx(full.truth["city"]["service_coverage"], abs=0.003)


def test_districts_add_up_to_the_city(city):
    total, rows = city.truth["city"], city.truth["district"]
    for key in total:
        if key.endswith("_m2") and key != "green_space_counted_m2":
            assert sum(row[key] for row in rows) == pytest.approx(total[key], rel=1e-9, abs=1e-3)
    assert sum(row["population"] for row in rows) == total["population"]

"""The zone of control points: chosen, asked for, refused; pyproj is the oracle."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from greenspace.errors import CrsError, InputError
from greenspace.line_points import control_points
from tests.delimit.test_control_points import ELL, lines

CORNERS = shapely.get_coordinates(ELL)[:-1] + np.array([500_000.0, 3_380_000.0])


def codes(done):
    return [finding.code for finding in done.findings]


def test_degrees_are_put_into_the_zone_of_their_middle_to_the_millimetre():
    frame = lines(ELL).to_crs(4490)
    done = control_points(frame)

    way = Transformer.from_crs(4490, 4547, always_xy=True)
    east, north = way.transform(*shapely.get_coordinates(frame.geometry.iloc[0]).T)
    expected = {(f"{x:.3f}", f"{y:.3f}") for x, y in zip(north, east, strict=True)}
    found = {(f"{x:.3f}", f"{y:.3f}") for x, y in done.points[["x", "y"]].to_numpy()}
    assert found == expected
    assert (done.crs.to_epsg(), codes(done)) == (4547, ["control_points_projected"])


def test_another_zone_is_projected_to_where_it_is_asked_for():
    done = control_points(lines(ELL), crs="EPSG:4548", zone_prefix=True)

    way = Transformer.from_crs(4547, 4548, always_xy=True)
    east, north = way.transform(*CORNERS.T)
    assert (done.crs.to_epsg(), done.prefix) == (4527, 39)
    assert sorted(done.points["x"]) == sorted(set(np.round(north, 3)))
    assert sorted(done.points["y"] - 39e6) == pytest.approx(sorted(set(np.round(east, 3))))
    assert codes(done) == ["control_points_projected", "control_points_scale"]


def test_the_prefix_of_a_crs_asked_for_is_not_taken_unless_it_is_asked_for():
    done = control_points(lines(ELL), crs="EPSG:4526")

    assert (done.crs.to_epsg(), done.prefix, done.findings) == (4547, None, ())


def test_a_six_degree_zone_is_put_into_a_three_degree_one():
    frame = lines(ELL).to_crs(4508)  # CGCS2000 / Gauss-Kruger CM 111E

    assert control_points(frame).crs.to_epsg() == 4547


def test_an_older_datum_is_refused_unless_it_is_asked_for():
    frame = lines(ELL, crs=2383)  # Xian 1980 / CM 114E

    with pytest.raises(CrsError) as caught:
        control_points(frame)
    assert "EPSG:2383" in caught.value.remedy.en

    done = control_points(frame, crs=2383)
    assert (done.crs.to_epsg(), codes(done)) == (2383, ["control_points_no_zone"])


@pytest.mark.parametrize("asked", ["EPSG:4490", "EPSG:3857", "EPSG:2248", "local-metre"])
def test_what_is_no_plane_in_metres_is_refused(asked):
    with pytest.raises(CrsError):
        control_points(lines(ELL), crs=asked)


def test_lines_without_crs_or_in_the_wrong_place_are_refused():
    for crs, east in ((None, 500_000), (4526, 500_000), (4547, 38_500_000)):
        with pytest.raises(CrsError):
            control_points(lines(ELL, crs=crs, east=east))


def test_a_prefix_where_there_is_no_zone_is_refused():
    frame = lines(ELL, crs=28992, east=120_000, north=487_000)

    with pytest.raises(InputError):
        control_points(frame, zone_prefix=True)

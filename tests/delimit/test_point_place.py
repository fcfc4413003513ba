"""Places of listed points: the CRS says which rows are wrong, however many they are."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from greenspace.delimit.point_place import require_listed_place
from greenspace.errors import CrsError, GeometryError
from greenspace.model.control_points import PointTable
from greenspace.model.crs import local_metre, parse_crs

NORTH, EAST = 3_380_000_000, 500_000_000  # mm
KM = 1_000_000
MILLION_M = 1_000 * KM
ZONE = 38 * MILLION_M


def squares(*, crs="EPSG:4547", north=NORTH, east=EAST, lines=3):
    """Return lines of four rows each: rows 1 to 4 are line A, 5 to 8 line B, ..."""
    rows = [
        ("ABCDE"[line], north + dx, east + line * KM + dy)
        for line in range(lines)
        for dx, dy in ((KM, 0), (KM, KM), (0, KM), (0, 0))
    ]
    frame = pd.DataFrame(rows, columns=["line", "x", "y"])
    frame.insert(0, "row", range(1, len(frame) + 1))
    return PointTable(rows=frame, crs=local_metre() if crs is None else parse_crs(crs))


def swap(table, wrong):
    here = table.rows["row"].isin(wrong)
    table.rows.loc[here, ["x", "y"]] = table.rows.loc[here, ["y", "x"]].to_numpy(copy=True)
    return table


def move(table, wrong, axis, by_mm):
    table.rows.loc[table.rows["row"].isin(wrong), axis] += by_mm
    return table


def check(table, near=None):
    return require_listed_place(table, near=near, file="points.csv")


def ground(north_m, east_m, width_m=20_000):
    return gpd.GeoSeries([shapely.box(east_m, north_m, east_m + width_m, north_m + width_m)])


@pytest.mark.parametrize("crs", ["EPSG:4547", "EPSG:4526"])
@pytest.mark.parametrize(
    "wrong", [[2], [1, 2, 3, 4], [1, 2, 3, 4, 5, 6], range(1, 9), range(1, 13)]
)
def test_the_rows_that_are_swapped_are_named_and_no_others(crs, wrong):
    table = squares(crs=crs, east=EAST + (ZONE if crs == "EPSG:4526" else 0))
    assert check(table) == ()

    with pytest.raises(CrsError) as caught:
        check(swap(table, wrong))
    assert (caught.value.found, caught.value.rows) == ("north, east", tuple(wrong))
    assert {type(row) for row in caught.value.rows} == {int}


@pytest.mark.parametrize("lines", [2, 3])
@pytest.mark.parametrize(
    ("shift", "found"),
    [(-ZONE, "EPSG:4547"), (MILLION_M, "EPSG:4527"), (2 * MILLION_M, "EPSG:4528")],
)
def test_one_line_without_the_number_of_the_zone_or_with_another_is_refused(lines, shift, found):
    table = squares(crs="EPSG:4526", east=EAST + ZONE, lines=lines)
    with pytest.raises(CrsError) as caught:
        check(move(table, [1, 2, 3, 4], "y", shift))

    assert (caught.value.found, caught.value.rows) == (found, (1, 2, 3, 4))


def test_a_million_metres_east_are_outside_the_crs():
    with pytest.raises(CrsError) as caught:
        check(move(squares(), [5, 6, 7, 8], "y", MILLION_M))
    assert (caught.value.found, caught.value.rows) == ("outside", (5, 6, 7, 8))


def test_a_line_far_from_the_others_is_told_and_near_refuses_it():
    table = move(squares(), [5, 6, 7, 8], "x", MILLION_M)  # 4 380 000 is in China too
    (told,) = check(table)
    assert (told.code, told.severity) == ("control_points_apart", "warning")
    assert (told.rows, told.count) == ((5, 6, 7, 8), 1)

    with pytest.raises(CrsError) as caught:
        check(table, ground(3_370_000, 490_000))
    assert caught.value.rows == (5, 6, 7, 8)
    assert check(squares(), ground(3_370_000, 490_000)) == ()


def test_a_line_that_is_far_from_itself_is_refused():
    with pytest.raises(GeometryError) as caught:
        check(move(squares(), [7], "x", MILLION_M))
    assert (caught.value.found, caught.value.rows) == ("apart", (7,))


def test_on_a_city_grid_two_groups_are_named_and_near_decides():
    def half():
        return swap(squares(crs=None, north=90 * KM, east=10 * KM, lines=2), [5, 6, 7, 8])

    with pytest.raises(GeometryError) as caught:
        check(half())
    assert caught.value.found == "north, east"
    assert "4 rows with the greater X (lines A), 4 with the greater Y (lines B)" in str(
        caught.value
    )

    with pytest.raises(CrsError) as caught:
        check(half(), ground(85_000, 5_000))
    assert (caught.value.found, caught.value.rows) == ("north, east", (5, 6, 7, 8))


def test_a_city_on_both_sides_of_the_diagonal_is_left_in_peace():
    assert check(squares(crs=None, north=2 * KM, east=KM, lines=5)) == ()

"""Green lines held against works and images: by hand, beside single pixels, by refusal."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import numpy as np
import pytest
import shapely
from affine import Affine
from shapely import box

import greenspace as gs
from greenspace.errors import ColumnError, CrsError, GeometryError, InputError
from greenspace.model.city import ImageSpec
from greenspace.model.green_line import GreenLines
from tests.scene import write_raster

WEST, NORTH, SIDE = 500_000.0, 3_400_000.0, 5.0
GRID = Affine(SIDE, 0, WEST, 0, -SIDE, NORTH)


def ground(*sides, **columns):
    """Return polygons given in metres east and south of a corner: west, north, east, south."""
    shapes = [box(WEST + w, NORTH - s, WEST + e, NORTH - n) for w, n, e, s in sides]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4547)


LINES = ground(
    (0, 0, 50, 50), (50, 0, 100, 50), number=["L001", "L002"], status=["现状", "规划"], name="园"
)


def codes(guard):
    return [finding.code for finding in guard.findings]


def table(guard, name):
    (found,) = (one.rows for one in guard.ledgers if one.id == name)
    return found


@pytest.fixture
def paved(tmp_path):
    """Two images of 20 x 20 pixels of 5 m: all green; then 6 x 6 paved and 2 unseen at a corner."""
    before = np.ones((20, 20), dtype="uint8")
    after = before.copy()
    after[:6, :6] = 0
    after[9, :2] = 255
    return tuple(
        write_raster(tmp_path / f"{name}.tif", values, transform=GRID, nodata=255)
        for name, values in (("before", before), ("after", after))
    )


def test_works_by_hand():
    construction = ground((40, 40, 60, 60), (45, 0, 55, 10), name=["楼", None], kind=["商", "住"])
    road = ground((40, 45, 100, 60), name=["路"])
    guard = gs.encroachment(LINES, construction=construction, road_widening=road)
    found = guard.encroachments
    # each work of 100 or 50 m2 a line; the road 10 x 5 and 50 x 5
    rows = list(found[["rank", "line", "kind", "name", "area_m2"]].itertuples(index=False))
    assert [tuple(row) for row in rows] == [
        (1, "L002", "road", "路", 250.0),
        (2, "L001", "construction", "楼", 100.0),
        (3, "L002", "construction", "楼", 100.0),
        (4, "L001", "construction", "住", 50.0),
        (5, "L001", "road", "路", 50.0),
        (6, "L002", "construction", "住", 50.0),
    ]
    assert (
        found[["low_m2", "high_m2"]].isna().all(axis=None)
    )  # nobody knows how far drawings are off
    by_line = table(guard, "green_line_encroachment_lines")
    # the road lies on 50 m2 of the first work in either line: once in the sums
    assert by_line["total_m2"].tolist() == [150.0, 350.0]
    assert by_line["construction_m2"].tolist() == [150.0, 150.0]
    (built, images, balance) = guard.checks
    assert (built.passed, built.area_m2, built.count) == (False, 500.0, 6)
    assert (images.passed, balance.passed, balance.area_m2) == (None, False, 500.0)


def test_nothing_is_built_where_nothing_is():
    guard = gs.encroachment(LINES, construction=ground((200, 0, 300, 10)))
    assert len(guard.encroachments) == 0
    assert [check.passed for check in guard.checks] == [True, None, True]


def test_without_works_nothing_is_said_of_works():
    assert gs.encroachment(LINES).checks[0].passed is None


def test_a_paved_corner_by_hand(paved):
    guard = gs.encroachment(LINES, before=paved[0], after=paved[1])
    (row,) = guard.encroachments.itertuples()
    # 6 x 6 pixels of 25 m2, of which 4 x 4 have lost pixels all around them and lie not at the
    # rim of the image; at most 7 x 7, 2 x 3 around the 2 unseen, and 4 more at the rim
    assert (row.line, row.kind) == ("L001", "image")
    assert row.area_m2 == pytest.approx(900)
    assert row.geometry.equals(ground((0, 0, 30, 30)).geometry[0])
    assert row.low_m2 == pytest.approx(400)
    assert row.high_m2 == pytest.approx(25 * (49 + 6 + 4))
    assert guard.checks[1].passed is False
    assert "loss_without_points" in codes(guard)


def test_a_line_cuts_pixels_where_it_runs(paved):
    line = ground((2, 3, 17, 60), number=[1])
    guard = gs.encroachment(line, before=paved[0], after=paved[1])
    assert guard.encroachments["area_m2"].tolist() == pytest.approx([15 * 27])


def test_small_patches_are_counted_and_no_findings(paved):
    guard = gs.encroachment(LINES, before=paved[0], after=paved[1], smallest_patch_m2=951)
    assert len(guard.encroachments) == 0
    (left,) = (one for one in guard.findings if one.code == "loss_below_smallest")
    assert left.area_m2 == pytest.approx(900)
    assert guard.checks[1].passed is True


def test_what_a_shift_would_make_is_open(tmp_path):
    # the lawn ends after 10 columns, and after 9 on the later image: a shift of one pixel
    before, after = np.zeros((2, 20, 20), dtype="uint8")
    before[:, :10], after[:, :9] = 1, 1
    images = [
        write_raster(tmp_path / f"{name}.tif", values, transform=GRID)
        for name, values in (("a", before), ("b", after))
    ]
    guard = gs.encroachment(LINES, before=images[0], after=images[1])
    (row,) = guard.encroachments.itertuples()
    assert (row.area_m2, row.low_m2) == (pytest.approx(250), 0)
    assert guard.checks[1].passed is None


def test_a_work_says_how_much_green_it_took(paved):
    work = ground((20, 0, 40, 10))  # 10 m of it on the paved corner
    guard = gs.encroachment(LINES, construction=work, before=paved[0], after=paved[1])
    rows = table(guard, "green_line_encroachment").set_index("kind")
    (built,) = (row for kind, row in rows.iterrows() if kind.en == "construction")
    assert (built["area_m2"], built["green_lost_m2"]) == (200, pytest.approx(100))
    # the sum of the line counts the paved ground under the work once
    assert table(guard, "green_line_encroachment_lines")["total_m2"].tolist() == pytest.approx(
        [1000]
    )


@pytest.mark.parametrize("seed", range(4))
def test_lost_green_is_that_of_pixels_one_by_one(tmp_path, seed):
    rng = np.random.default_rng(seed)
    before, after = rng.integers(0, 2, (2, 20, 20), dtype="uint8")
    images = [
        write_raster(tmp_path / f"{name}.tif", values, transform=GRID)
        for name, values in (("a", before), ("b", after))
    ]
    star = shapely.Point(WEST + 48.3, NORTH - 51.7).buffer(37.7, quad_segs=3)
    line = gpd.GeoDataFrame({"number": ["7"]}, geometry=[star], crs=4547)
    guard = gs.encroachment(line, before=images[0], after=images[1], smallest_patch_m2=0)
    pixels = [
        box(WEST + c * SIDE, NORTH - (r + 1) * SIDE, WEST + (c + 1) * SIDE, NORTH - r * SIDE)
        for r, c in zip(*np.nonzero(before > after), strict=True)
    ]
    expected = shapely.intersection(shapely.union_all(pixels), star)
    assert guard.encroachments["area_m2"].tolist() == pytest.approx([expected.area])
    assert shapely.symmetric_difference(guard.encroachments.geometry[0], expected).area < 1e-6


def test_older_works_are_listed_and_not_counted():
    works = ground(
        (0, 0, 10, 10), (10, 0, 20, 10), (20, 0, 30, 10), (30, 0, 40, 10),
        name=["a", "b", "c", "d"],
        date=["2019-05", dt.date(2024, 1, 1), None, "2020年"],
    )  # fmt: skip
    guard = gs.encroachment(LINES, construction=works, since="2020-06-01")
    # the year 2020 alone may be later than June: it counts
    assert guard.encroachments["name"].tolist() == ["b", "c", "d"]
    older = table(guard, "green_line_older_works")
    assert older[["line", "name", "date", "area_m2"]].to_numpy().tolist() == [
        ["L001", "a", "2019-05", 100.0]
    ]
    (undated,) = (one for one in guard.findings if one.code == "works_undated")
    assert undated.count == 1
    assert guard.checks[-1].area_m2 == 300.0


def test_a_work_of_the_day_of_approval_is_later():
    works = ground((0, 0, 10, 10), date=["2020-06-01"])
    assert len(gs.encroachment(LINES, construction=works, since="2020-06-01").encroachments) == 1
    assert len(gs.encroachment(LINES, construction=works, since="2020-06-02").encroachments) == 0


def test_an_older_work_on_new_ground_takes_nothing_of_it():
    works = ground((110, 0, 120, 50), date=["2019"])
    revised = ground((0, 0, 50, 50), (50, 0, 125, 50), number=["1", "2"])
    guard = gs.encroachment(LINES, construction=works, revised=revised, since="2020-01-01")
    assert guard.balance.rows["made_up_m2"].iloc[-1] == 1250.0


def test_without_a_day_every_work_counts_and_that_is_said():
    works = ground((0, 0, 10, 10), date=["1999"])
    guard = gs.encroachment(LINES, construction=works)
    assert len(guard.encroachments) == 1
    assert "works_not_dated" in codes(guard)


def test_noise_of_drawing_is_counted():
    guard = gs.encroachment(LINES, construction=ground((-50, 0, 0.4, 50)))
    (noise,) = (one for one in guard.findings if one.code == "slivers_left_out")
    assert (noise.count, noise.area_m2) == (1, pytest.approx(20))
    assert guard.checks[0].passed is True


def test_layers_in_other_crs_are_put_into_that_of_the_lines_and_told():
    work = ground((40, 0, 60, 50))
    guard = gs.encroachment(LINES, construction=work.to_crs(4490))
    assert guard.encroachments.crs == LINES.crs
    assert guard.encroachments["area_m2"].tolist() == pytest.approx([500, 500], abs=0.01)
    (moved,) = (one for one in guard.findings if one.code == "reprojected")
    assert moved.layer == "construction"


def test_a_revision_makes_up_for_works():
    works = ground((0, 0, 20, 50))
    revised = ground((0, 0, 50, 50), (50, 0, 125, 50), number=["1", "2"], status=["现状", "规划"])
    guard = gs.encroachment(LINES, construction=works, revised=revised)
    total = guard.balance.rows.iloc[-1]
    assert total[["before_m2", "lost_m2", "made_up_m2", "after_m2"]].tolist() == [
        5000.0, 1000.0, 1250.0, 5250.0
    ]  # fmt: skip
    assert guard.checks[-1].passed is True


def test_a_work_on_new_ground_makes_up_for_nothing():
    works = ground((0, 0, 20, 50), (110, 0, 120, 50))  # 1000 m2 of the old lines, 500 of the new
    revised = ground((0, 0, 50, 50), (50, 0, 125, 50), number=["1", "2"])
    guard = gs.encroachment(LINES, construction=works, revised=revised)
    total = guard.balance.rows.iloc[-1]
    assert total[["lost_m2", "made_up_m2"]].tolist() == [1000.0, 750.0]
    assert len(guard.encroachments) == 1


def test_points_of_change_give_the_interval_of_a_line(paved):
    line = LINES.iloc[:1]
    rng = np.random.default_rng(1)
    east, south = rng.uniform(0.5, 49.5, (2, 200))
    lost = (east < 30) & (south < 30)
    points = gpd.GeoDataFrame(
        {"before": "green", "after": np.where(lost, "not_green", "green")},
        geometry=gpd.points_from_xy(WEST + east, NORTH - south),
        crs=4547,
    )
    pair = dict(zip(("before", "after"), paved, strict=True))
    (row,) = gs.encroachment(line, **pair, reference=points).encroachments.itertuples()
    change = gs.green_change(*paved, line, reference=points).to_frame().iloc[0]
    assert row.low_m2 == pytest.approx(change.lost_low_m2)
    assert row.high_m2 == pytest.approx(change.lost_high_m2 + 50)  # 2 pixels unseen
    assert row.low_m2 < row.area_m2 < row.high_m2


def test_lines_that_were_drawn_here_are_taken_as_they_are():
    frame = LINES.assign(category="park", **{"class": "G11"}, area_m2=2500.0, length_m=200.0)
    drawn = GreenLines(lines=frame, changes=None, limits=None)
    work = ground((40, 0, 60, 50))
    assert gs.encroachment(drawn, construction=work).encroachments["area_m2"].tolist() == [500, 500]


def test_pictures_of_both_dates_lie_beside_each_other(tmp_path):
    bands = np.full((2, 2, 20, 20), 1000, dtype="uint16")
    bands[:, 1] = 3000
    bands[1, 1, :6, :6] = 900
    specs = [
        ImageSpec(
            path=write_raster(tmp_path / f"{year}.tif", values, transform=GRID, nodata=0),
            name=str(year),
            date=dt.date(year, 6, 1),
            bands={"red": 1, "nir": 2},
        )
        for year, values in zip((2020, 2025), bands, strict=True)
    ]
    before, after = (gs.vegetation(spec, threshold=0.2) for spec in specs)
    guard = gs.encroachment(LINES, before=before, after=after)
    assert [chip.id for chip in guard.chips] == ["guard_before_01", "guard_after_01"]
    assert guard.encroachments["area_m2"].tolist() == pytest.approx([900])
    row = table(guard, "green_line_encroachment").iloc[0]
    assert row["chip_after"] == "chips/guard_after_01.png"
    with pytest.raises(InputError, match="later than"):
        gs.encroachment(LINES, before=specs[1], after=specs[0])


BOW = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
OPEN = shapely.LineString([(0, 0), (10, 0), (10, 10)])


@pytest.mark.parametrize(
    ("lines", "refusal"),
    [
        (gpd.GeoDataFrame({"number": [1, 2]}, geometry=[box(0, 0, 9, 9), BOW], crs=4547), GeometryError),
        (gpd.GeoDataFrame({"number": [1]}, geometry=[OPEN], crs=4547), GeometryError),
        (gpd.GeoDataFrame({"number": [1]}, geometry=[shapely.Point(0, 0)], crs=4547), GeometryError),
        (gpd.GeoDataFrame({"number": [1]}, geometry=[None], crs=4547), GeometryError),
        (gpd.GeoDataFrame({"number": [1]}, geometry=[box(0, 0, 9, 9)]), CrsError),
        (ground((0, 0, 9, 9), (9, 0, 18, 9), number=["A", "A "]), ColumnError),
        (ground((0, 0, 9, 9), number=[None]), ColumnError),
        (ground((0, 0, 9, 9), number=[1], status=["未知"]), ColumnError),
    ],
)  # fmt: skip
def test_lines_that_are_no_lines_are_refused(lines, refusal):
    with pytest.raises(refusal) as told:
        gs.encroachment(lines)
    assert told.value.layer == "green_lines"


def test_refusals_of_works_and_days():
    with pytest.raises(ColumnError) as told:
        gs.encroachment(
            LINES, construction=ground((0, 0, 9, 9), date=["spring"]), since="2020-01-01"
        )
    assert told.value.column == "date"
    with pytest.raises(InputError):
        gs.encroachment(LINES, construction=ground((0, 0, 9, 9), date=["2021"]), since="2020")
    with pytest.raises(InputError):
        gs.encroachment(LINES, before="one.tif")
    with pytest.raises(GeometryError):
        gs.encroachment(LINES, road_widening=gpd.GeoSeries([OPEN], crs=4547))


def test_closed_rings_are_lines_too():
    rings = LINES.set_geometry(LINES.exterior)
    work = ground((40, 0, 60, 50))
    assert gs.encroachment(rings, construction=work).encroachments["area_m2"].tolist() == [500, 500]

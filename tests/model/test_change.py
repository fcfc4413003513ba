"""Change of one place and of many: halves, sums, refusals, and how it shows."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely import box

from greenspace.errors import InputError
from greenspace.measure.change import change_estimate
from greenspace.model.change import Change, ChangeTable

ZONES = gpd.GeoDataFrame(
    {"name": ["<b>north</b>", "south"]}, geometry=[box(0, 1, 1, 2), box(0, 0, 1, 1)], crs=6933
).set_index(np.array([7, 3]))
# not green, gained, lost, kept, unseen, straddling, change on edges
ROWS = np.array([[40.0, 10.0, 30.0, 20.0, 5.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 9.0, 1.0, 0.0]])
TABLE = ChangeTable(zones=ZONES, areas=ROWS, crs=ZONES.crs)


def test_coverage_of_both_dates_rests_on_ground_seen_on_both():
    # before: 30 lost and 20 kept of 100; after: 10 gained and 20 kept
    change = TABLE.change(0)
    assert (change.before, change.after, change.seen) == (0.5, 0.3, 100.0)
    assert change.net_points == pytest.approx(-20)


def test_ground_that_nobody_saw_has_no_coverage():
    change = TABLE.change(1)
    assert np.isnan([change.before, change.after, change.net_points]).all()


def test_a_frame_has_the_callers_rows():
    frame = TABLE.to_frame()
    assert frame.index.tolist() == [7, 3]
    assert frame["gained_m2"].tolist() == [10.0, 0.0]
    assert frame["unseen_m2"].tolist() == [5.0, 9.0]
    assert "gained_m2" not in ZONES.columns


def test_the_total_adds_up_zones_that_lie_apart():
    total = TABLE.total()
    assert (total.gained, total.unseen, total.straddling) == (10.0, 14.0, 1.0)
    assert total.no_estimate is not None


def test_zones_that_overlap_have_no_total():
    twice = gpd.GeoSeries([box(0, 0, 2, 1), box(1, 0, 3, 1)], crs=6933)
    with pytest.raises(InputError) as refused:
        ChangeTable(zones=twice, areas=ROWS, crs=twice.crs).total()
    assert refused.value.found == pytest.approx(1.0)


def test_the_error_is_that_of_the_whole_and_of_no_zone():
    mapped = np.repeat([0, 1, 2, 3], 5)
    estimate = change_estimate(mapped, mapped, ROWS[0, :4])
    table = ChangeTable(zones=ZONES, areas=ROWS, crs=ZONES.crs, estimate=estimate, no_estimate=None)
    assert table.total().estimate.areas["gained"].value == pytest.approx(10)
    assert table.total().no_estimate is None
    assert table.change(0).estimate is None
    assert table.change(0).no_estimate is not None


def test_negative_ground_is_refused():
    with pytest.raises(InputError):
        Change(gained=-1.0, lost=0.0, kept=0.0, not_green=0.0, unseen=0.0)


@pytest.mark.parametrize("least", [-1, np.nan, "100", True])
def test_a_mapping_unit_is_an_area(least):
    with pytest.raises(InputError):
        TABLE.polygons(smallest_m2=least)


def test_a_notebook_shows_both_languages_and_no_markup_of_names():
    shown = TABLE._repr_html_()
    assert "新增 gained" in shown
    assert "-20.00" in shown
    assert "&lt;b&gt;north" in shown
    assert "没有变化核查点" in shown


def test_a_notebook_shows_the_adjusted_areas():
    mapped = np.repeat([0, 1, 2, 3], 50)
    estimate = change_estimate(mapped, mapped, ROWS[0, :4] * 1e4)
    table = ChangeTable(zones=ZONES, areas=ROWS, crs=ZONES.crs, estimate=estimate, no_estimate=None)
    shown = table._repr_html_()
    assert "95%" in shown
    assert "10.00 ha" in shown


def test_the_map_shows_gained_and_lost_apart():
    patches = gpd.GeoDataFrame(
        {"class": ["gained", "lost"], "area_m2": [0.5, 0.25]},
        geometry=[box(0, 0, 1, 0.5), box(0, 1, 0.5, 1.5)],
        crs=6933,
    )
    table = ChangeTable(zones=ZONES, areas=ROWS, crs=ZONES.crs, draw=lambda _: patches)
    ax = table.plot()
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert len(labels) == 2
    assert [label.split()[1] for label in labels] == ["gained", "lost"]

"""Charts: the value is on the chart, the zones keep their names."""

from __future__ import annotations

import geopandas as gpd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text as Drawn
from shapely import box

from greenspace.model.quantity import Ratio, RatioTable


def words(ax):
    return "\n".join(text.get_text() for text in ax.get_figure().findobj(Drawn))


@pytest.mark.parametrize("place", range(5))
def test_a_ratio_shows_its_value_and_halves(check, place):
    ratio = check.measured[place].ratio

    ax = ratio.plot()

    assert isinstance(ax, Axes)
    assert ax._repr_png_().startswith(b"\x89PNG")


def test_the_words_of_a_bar(check):
    told = words(check.measured[0].ratio.plot())

    assert "建成区绿化覆盖率 green coverage  36.00%" in told
    assert "36.00 ha / 100.00 ha" in told
    assert "unseen: 0.10 ha" in told


def test_a_ratio_without_value_says_why():
    told = words(Ratio("green_coverage", 0.0, 0.0, "1", None).plot())

    assert "—" in told
    assert "The denominator is zero" in told


def test_zones_are_labelled_by_their_own_names(check, nasty):
    told = words(check.measured[0].zones.plot())

    assert "东城\n40.00%" in told
    assert nasty[:17] in told  # cut to fit


def test_a_zone_without_value_is_there_with_a_dash(check):
    ax = check.measured[1].zones.plot()

    assert "—" in words(ax)
    assert len(ax.collections) == 2
    assert ax._repr_png_()


def test_the_callers_axes_are_used_and_the_index_names_zones(check):
    zones = gpd.GeoDataFrame(geometry=[box(0, 0, 9, 9)], index=["only"], crs=check.crs)
    table = RatioTable("green_coverage", zones, [1.0], [4.0], "1", check.crs)
    ax = Figure().add_subplot()

    assert table.plot(ax=ax) is ax
    assert "only\n25.00%" in words(ax)


@pytest.mark.parametrize("count", [0, 1])
def test_none_and_one_without_value(check, count):
    zones = gpd.GeoDataFrame(geometry=[box(0, 0, 9, 9)] * count, crs=check.crs)
    table = RatioTable("green_coverage", zones, [0.0] * count, [0.0] * count, "1", check.crs)

    assert table.plot()._repr_png_()
    assert "<table" in table._repr_html_()


def test_a_table_of_a_series_without_crs():
    zones = gpd.GeoSeries([box(0, 0, 9, 9), box(9, 0, 18, 9)])
    table = RatioTable("green_coverage", zones, [1.0, 1.0], [4.0, 4.0], "1", None)

    assert table.plot()._repr_png_()

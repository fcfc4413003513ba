"""The maps of a service map: what the legend tells apart, and what every sheet carries."""

from __future__ import annotations

from datetime import date

import pytest
from matplotlib_scalebar.scalebar import ScaleBar

from greenspace.model.coverage_map import LayerFile
from greenspace.present.service_sheet import draw_served, draw_walking
from greenspace.service_map import measure_service
from tests.street import layer, write_street


@pytest.fixture(scope="module")
def street(tmp_path_factory):
    folder = write_street(tmp_path_factory.mktemp("street"))
    files = {name: LayerFile.of(layer(folder, name)) for name in ("parks", "homes", "paths")}
    return measure_service(
        files["parks"], files["homes"], paths=files["paths"], taken=date(2026, 6, 12)
    )


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def notes(ax):
    return "\n".join(text.get_text() for text in ax.texts)


def test_no_way_no_path_and_far_are_three_entries(street):
    entries = legend(draw_walking(street, language="en"))

    assert {
        "0–100 m",
        "400–500 m",
        "no way to a park with a radius",
        "no path within 100 m",
    } <= set(entries)
    assert "beyond 500 m" not in entries  # no block lies there: B is 500 m away


def test_what_lies_within_the_radius_and_not_on_foot_is_an_entry_of_its_own(street):
    entries = legend(draw_served(street, language="en"))

    assert "served on foot\n4.96 ha" in entries
    assert "within the radius, not on foot\n1.04 ha" in entries
    assert "residential land not served\n3.00 ha" in entries


@pytest.mark.parametrize("draw", [draw_served, draw_walking])
def test_every_sheet_carries_title_scale_north_date_source_crs_and_tiers(street, draw):
    ax = draw(street, language="zh")
    told = notes(ax)

    assert any(isinstance(artist, ScaleBar) for artist in ax.get_children())
    for word in ("公园", "N", "2026-06-12", "street.gpkg", "EPSG:4547", "500 m", "城市体检"):
        assert word in told

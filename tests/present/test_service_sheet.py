"""The maps of a service map: what the legend tells apart, and what every sheet carries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib_scalebar.scalebar import ScaleBar

from greenspace.model.coverage_map import LayerFile
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.present.service_sheet import (
    BEYOND,
    NO_PATH,
    NO_WAY,
    ON_FOOT,
    PARK,
    SERVED,
    STRAIGHT_ONLY,
    UNSERVED,
    draw_served,
    draw_walking,
)
from greenspace.service_map import measure_service
from tests.street import SOUTH, WEST, layer, way, write_street


@pytest.fixture(scope="module")
def street(tmp_path_factory):
    folder = write_street(tmp_path_factory.mktemp("street"))
    files = {name: LayerFile.of(layer(folder, name)) for name in ("parks", "homes", "paths")}
    return measure_service(
        files["parks"], files["homes"], paths=files["paths"], taken=date(2026, 6, 12)
    )


# linear RGB as people without the red, the green or the blue cones see it (Machado et al. 2009)
SEEN = {
    "all": np.eye(3),
    "no red": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "no green": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "no blue": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}


def shade(colour, seen):
    return np.clip(SEEN[seen] @ np.array(to_rgb(colour)) ** 2.2, 0, 1) ** (1 / 2.2)


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("draw", [draw_served, draw_walking])
def test_everything_stays_on_the_sheet_and_the_notes_below_the_legend(street, draw, language):
    names = tuple(Path(f"很长的名字的图层{n}_layer.gpkg") for n in range(6))
    osm = Finding(code="osm_columns", text=Text("x", "x"))
    full = replace(
        street,
        files=names,
        findings=(*street.findings, osm),
        ground={**street.ground, "barriers": street.parks, "zones": street.parks},
    )
    ax = draw(full, language=language)
    ax.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.texts]
    low = ax.get_legend().get_window_extent().y0
    note = max(boxes, key=lambda box: (box.x0, box.height))

    assert all(ax.figure.bbox.x0 <= box.x0 and box.x1 <= ax.figure.bbox.x1 for box in boxes)
    assert note.y1 <= low
    assert "_layer.gpkg" in notes(ax)


def test_the_map_shows_the_gates_of_parks_that_reach_somebody(tmp_path):
    write_street(tmp_path)
    paths = gpd.read_file(tmp_path / "street.gpkg", layer="paths")
    to_pocket = gpd.GeoSeries([way((100, 50), (100, 5005), (5, 5005))], crs=paths.crs)
    gpd.GeoDataFrame(geometry=pd.concat([paths.geometry, to_pocket])).to_file(
        tmp_path / "street.gpkg", layer="paths"
    )
    files = [LayerFile.of(layer(tmp_path, name)) for name in ("parks", "homes", "paths")]
    found = measure_service(files[0], files[1], paths=files[2])
    gates = found.ground["gates"]
    leading = gates[gates["on_path"] & (gates["radius_m"] > 0)]

    assert (gates["on_path"] & (gates["radius_m"] == 0)).any()
    told = f"gates of these parks on a path: {len(leading)}"
    assert told in legend(draw_walking(found, language="en"))


def test_the_map_holds_the_parks_that_serve_the_homes_at_its_edge(street):
    ax = draw_served(street, language="en")

    assert ax.get_xlim()[0] < WEST  # the old park, west of every home
    assert ax.get_ylim()[1] < SOUTH + 4000  # not the pocket, which serves nobody


@pytest.mark.parametrize("seen", SEEN)
def test_fills_differ_for_everybody(seen):
    maps = (
        (PARK, ON_FOOT, STRAIGHT_ONLY, UNSERVED),
        (PARK, SERVED, UNSERVED),
        (PARK, NO_WAY, BEYOND, NO_PATH),
        (NO_WAY, UNSERVED),
    )
    for fills in maps:
        for one, other in combinations([fill["facecolor"] for fill in fills], 2):
            assert np.linalg.norm(shade(one, seen) - shade(other, seen)) > 0.1, (one, other)


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

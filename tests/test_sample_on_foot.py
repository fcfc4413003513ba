"""The sample city on foot: its river and its railway stand between homes and parks."""

from __future__ import annotations

from pathlib import Path

import pytest
from matplotlib.text import Text

import greenspace as gs
from greenspace.present.display import show
from greenspace.present.maps import draw_service_map, draw_walk_map

FILE = Path(__file__).parents[1] / "data" / "sample" / "layers.gpkg"
TIERS = ((5000, 500), (400, 300))  # of CN-2022


@pytest.fixture(scope="module")
def layers():
    names = ("parks", "residential", "paths", "entrances", "water", "districts")
    found = {name: gs.read_layer(FILE, layer=name) for name in names}
    found["parks"] = found["parks"].rename(columns={"NAME": "name"})
    found["entrances"] = found["entrances"].rename(columns={"PARK": "park"})
    return found


def on_foot(layers, *, paths=None, **options):
    return gs.network_service_coverage(
        layers["parks"],
        layers["residential"],
        layers["paths"] if paths is None else paths,
        entrances=layers["entrances"],
        tiers=TIERS,
        **options,
    )


def test_the_railway_takes_a_quarter_of_the_eastern_district(layers):
    line = gs.service_coverage(
        layers["parks"], layers["residential"], tiers=TIERS, zones=layers["districts"]
    ).to_frame()
    foot = on_foot(layers, zones=layers["districts"], barriers=layers["water"]).to_frame()
    east = layers["districts"]["DISTRICT"].tolist().index("临河区")
    assert line["value"].iloc[east] == pytest.approx(1.0)
    # CLASS tells the underpasses, which serve no land beside them: 0.7323 were they on the ground
    assert foot["value"].iloc[east] == pytest.approx(0.7169, abs=5e-4)
    assert (foot["numerator"] <= line["numerator"] * (1 + 1e-12)).all()


def test_without_its_underpasses_the_city_serves_less(layers):
    ways = layers["paths"]
    whole, cut = (
        on_foot(layers, paths=paths, barriers=layers["water"]).value
        for paths in (ways, ways[ways["CLASS"] != "地道"])
    )
    assert cut < whole - 0.002


def test_parks_of_the_north_bank_serve_the_south_by_bridges_alone(layers):
    south = layers["districts"][layers["districts"]["DISTRICT"] == "南岸区"]
    parks = layers["parks"][~layers["parks"].intersects(south.union_all())]
    gates = layers["entrances"][layers["entrances"]["park"].isin(parks["name"])]
    north = {**layers, "parks": parks, "entrances": gates}
    ways = layers["paths"]
    no_bridge = ways[ways["CLASS"] != "桥"]

    line = gs.service_coverage(parks, layers["residential"], tiers=TIERS, zones=south).value
    foot = on_foot(north, zones=south, barriers=layers["water"]).value
    cut_off = on_foot(north, paths=no_bridge, zones=south, barriers=layers["water"]).value
    jumped = on_foot(north, paths=no_bridge, zones=south).value

    # in a straight line half of the south bank, on foot a fifth, without a bridge nothing: but
    # without the water as a barrier discs of 100 m would jump the river of 68 m
    assert line.iloc[0] == pytest.approx(0.4912, abs=5e-4)
    assert foot.iloc[0] == pytest.approx(0.2121, abs=5e-4)
    assert cut_off.iloc[0] == 0.0
    assert jumped.iloc[0] > 0.01


def test_legends_tell_the_ground_that_is_drawn_where_the_law_has_other_tiers(sample_check):
    check = sample_check("CN-2022")
    areas = {
        "residential land served": "served",
        "residential land not served": "unserved",
        "residential land served on foot": "served_on_foot",
        "within the radius, not served on foot": "lost_on_foot",
    }
    told = {
        name: show(float(check.layers[layer].area.sum()), "m2", "en")
        for name, layer in areas.items()
    }
    for draw, names in ((draw_service_map, list(areas)[:2]), (draw_walk_map, list(areas)[1:])):
        drawn = {text.get_text() for text in draw(check, language="en").findobj(Text)}
        assert {f"{name}\n{told[name]}" for name in names} <= drawn

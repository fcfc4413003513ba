"""What could make a whole check say a wrong number: each case did so once."""

from __future__ import annotations

from math import asin, sqrt

import geopandas as gpd
import pytest
from matplotlib.text import Text
from shapely import LineString, Point

import greenspace as gs
from greenspace.errors import InputError, ManifestError
from greenspace.pipeline import LAW
from greenspace.present.geopackage import write_geopackage
from greenspace.present.map_list import drawable_maps
from greenspace.present.maps import draw_walk_map
from greenspace.present.report import report_html
from greenspace.present.terminal import as_text, text_table
from tests.quarter import quarter
from tests.town import CRS, IMAGE, LAYERS, MANIFEST, X, Y, at, layer, measured


@pytest.fixture(scope="module")
def check(town):
    return gs.check(town / "city.toml", standard="CN-2010")


def check_with(town, name, extra, *, standard="CN-2010", swap=()):
    text = MANIFEST + extra
    for old, new in swap:
        text = text.replace(old, new)
    (town / name).write_text(text, encoding="utf-8")
    return gs.check(town / name, standard=standard)


def test_supplied_numbers_never_replace_measured_ones(town):
    claims = '[supplied]\ngreen_coverage = "60%"\nlowest_district_park_area_per_capita = 9\n'

    check = check_with(town, "claims.toml", claims)

    rows = {v.indicator: v for v in check.verdicts if v.standard == "CN-2010"}
    assert rows["green_coverage"].value == pytest.approx(0.30)
    assert rows["green_coverage"].basis == "measured"
    assert rows["lowest_district_park_area_per_capita"].value == 0.0
    ignored = next(f for f in check.findings if f.code == "supplied_ignored")
    assert set(ignored.indicators) == {"green_coverage", "lowest_district_park_area_per_capita"}


def test_what_only_a_layer_may_give_is_not_supplied_where_the_layer_is_missing(town):
    canopy = '[layers.vegetation]\npath = "city.gpkg"\nlayer = "canopy"\n'
    claims = '[supplied]\ngreen_coverage = "60%"\nspecies_index = 0.6\n'

    check = check_with(town, "no_canopy.toml", claims, swap=[(canopy, "")])

    row = next(v for v in check.verdicts if v.indicator == "green_coverage")
    assert (row.verdict, row.ratio) == ("not_assessable", None)
    refused = next(f for f in check.findings if f.code == "supplied_refused")
    assert refused.indicators == ("green_coverage",)
    assert not any(f.code == "supplied_ignored" for f in check.findings)


def test_a_district_outside_the_built_up_area_is_not_the_lowest(town):
    far = layer([at(0, 0, 500, 1000), at(5000, 0, 6000, 10)], NAME=["近", "远"], POP=[10, 500])
    far.to_file(town / "city.gpkg", layer="far")

    check = check_with(town, "far.toml", "", swap=[('layer = "districts"', 'layer = "far"')])

    rows = {v.indicator: v for v in check.verdicts if v.standard == "CN-2010"}
    assert rows["lowest_district_park_area_per_capita"].ratio.place == "近"
    undefined = [f for f in check.findings if f.code == "district_undefined"]
    assert {f.rows for f in undefined} == {("远",)}


def test_declared_service_coverage_is_held_against_the_judged_tiers(town):
    # the park has 12 ha: under CN-2005 and under the law it reaches 500 m; the small one only here
    small = layer([at(-20, 0, 100, 10)], NAME=["小园"])  # 1200 m2
    small.to_file(town / "city.gpkg", layer="small")

    check = check_with(
        town,
        "tiers.toml",
        '[declared]\nservice_coverage = "50%"\n',
        standard="CN-2005",
        swap=[('layer = "parks"', 'layer = "small"')],
    )

    judged = next(v for v in check.verdicts if v.indicator == "service_coverage")
    finding = next(f for f in check.findings if f.code == "declared")
    assert judged.value > 0
    assert f"measured {judged.value:.2%}" in finding.text.en
    law = [v for v in check.verdicts if v.standard == LAW and v.indicator == "service_coverage"]
    assert law[0].value == 0.0


def test_codes_that_the_edition_does_not_list_are_named(town):
    odd = LAYERS["green"].assign(CLASS=["G113", "RG", "EG1"])
    odd.to_file(town / "city.gpkg", layer="odd")

    check = check_with(town, "odd.toml", "", swap=[('layer = "green"', 'layer = "odd"')])

    finding = next(f for f in check.findings if f.code == "class_unlisted")
    assert "G113" in finding.text.en
    assert finding.severity == "warning"


def test_districts_without_or_with_shared_names_are_told_apart(town):
    twins = LAYERS["districts"].assign(NAME=["甲区", "甲区"])
    twins.to_file(town / "city.gpkg", layer="twins")

    check = check_with(town, "twins.toml", "", swap=[('layer = "districts"', 'layer = "twins"')])

    assert measured(check, "green_space_ratio").zone_names == ("甲区 #1", "甲区 #2")
    assert any(f.code == "district_names" for f in check.findings)


def test_ground_in_no_district_has_a_row_and_a_finding(check):
    assert any(f.code == "outside_districts" for f in check.findings)
    outside = measured(check, "park_area_per_capita").outside
    assert (outside.numerator, outside.denominator) == (0.0, 0.0)
    assert outside.reason is not None


def test_coverage_names_the_image_that_was_used_and_no_other(town):
    older = IMAGE.replace("[vegetation]", "").replace("threshold = 0.3", "")
    (town / "older.tif").write_bytes((town / "image.tif").read_bytes())
    older = older.replace("image.tif", "older.tif").replace("2026-06-12", "2020-06-12")

    check = check_with(town, "two.toml", older + IMAGE)

    names = {source.name for source in check.ratios["green_coverage"].sources}
    assert "image.tif" in names
    assert "older.tif" not in names


def test_a_winter_image_is_remarked_and_its_numbers_stay(town, check):
    winter = check_with(town, "winter.toml", IMAGE.replace("2026-06-12", "2026-01-12"))
    said = {finding.code for finding in winter.findings} - {f.code for f in check.findings}
    assert said == {"out_of_season"}
    assert winter.ratios["green_coverage"].value == check.ratios["green_coverage"].value


def test_layers_that_no_measure_uses_are_named(town):
    check = check_with(town, "more.toml", '[layers.parking]\npath = "city.gpkg"\nlayer = "homes"\n')

    assert any(f.code == "not_used" and "parking" in f.text.en for f in check.findings)


def test_a_park_in_two_parcels_is_remarked(town):
    # 3000 m2 each, sharing an edge: 300 m alone, 500 m as one
    halves = layer([at(0, 0, 50, 60), at(50, 0, 100, 60)], NAME=["东", "西"])
    halves.to_file(town / "city.gpkg", layer="halves")

    check = check_with(town, "halves.toml", "", swap=[('layer = "parks"', 'layer = "halves"')])

    finding = next(f for f in check.findings if f.code == "parks_cut")
    assert finding.count == 2


def heat_of(town, *rows, zone="郊区", more=""):
    days = [f"2026-{month:02}-{day:02}" for month in (6, 7, 8) for day in range(1, 31)]
    lines = [f"A,{day},33.5,城区\nB,{day},31.25,{zone}" for day in days]
    table = "\n".join(["站名,日期,最高气温,城郊", *lines, *rows])
    (town / "stations.csv").write_text(table, encoding="utf-8")
    text = MANIFEST + '[heat]\nstations = "stations.csv"\n' + more
    (town / "heat.toml").write_text(text, encoding="utf-8")
    return town / "heat.toml"


def test_the_heat_island_is_judged_where_stations_are_given(town):
    check = gs.check(heat_of(town), standard="CN-2004-eco")

    row = next(row for row in check.verdicts if row.indicator == "heat_island")
    assert (row.ratio.value, row.verdict, row.basis) == (2.25, "pass", "measured")
    assert row.margin == pytest.approx(0.25)
    assert {source.role for source in check.inputs} >= {"stations"}
    assert any(finding.code == "days_missing" for finding in check.findings)


def test_a_measured_heat_island_stands_before_a_supplied_one(town):
    claim = "[supplied]\nheat_island = -0.5\n"
    check = gs.check(heat_of(town, more=claim), standard="CN-2010")
    (town / "supplied.toml").write_text(MANIFEST + claim, encoding="utf-8")
    supplied = gs.check(town / "supplied.toml", standard="CN-2010")

    assert check.ratios["heat_island"].value == 2.25
    assert any(finding.code == "supplied_ignored" for finding in check.findings)
    row = next(row for row in supplied.verdicts if row.indicator == "heat_island")
    assert (row.ratio.value, row.verdict, row.basis) == (-0.5, "pass", "supplied")


def test_without_stations_the_heat_island_says_what_it_needs(town):
    check = gs.check(town / "city.toml", standard="CN-2010")

    row = next(row for row in check.verdicts if row.indicator == "heat_island")
    assert row.verdict == "not_assessable"
    assert "[heat]" in row.reason.en


def test_stations_of_one_side_stop_the_check_and_not_the_validation(town):
    path = heat_of(town, zone="城区")
    with pytest.raises(InputError) as refusal:
        gs.check(path)

    assert refusal.value.file.endswith("stations.csv")
    found = [finding for finding in gs.validate(path).findings if finding.layer == "stations"]
    assert [finding.severity for finding in found] == ["error"]


def test_a_summer_that_the_stations_lack_is_an_error_of_the_manifest(town):
    path = heat_of(town, more="year = 2024\n")
    with pytest.raises(ManifestError) as refusal:
        gs.check(path)

    assert (refusal.value.expected, refusal.value.found) == ((2026,), 2024)
    (told,) = [finding for finding in gs.validate(path).findings if finding.layer == "stations"]
    assert told.severity == "error"


PATHS = '[layers.paths]\npath = "city.gpkg"\nlayer = "{name}"\n'


def with_paths(town, name, *lines, extra=""):
    gpd.GeoDataFrame(geometry=list(lines), crs=CRS).to_file(town / "city.gpkg", layer=name)
    return check_with(town, f"{name}.toml", PATHS.format(name=name) + extra)


def test_service_on_foot_stands_beside_the_straight_line_and_is_never_judged(town):
    # A street leaves the park's edge at x = 100, y = 450, through the homes between x = 100 and 800.
    street = LineString([(X + 100, Y + 450), (X + 800, Y + 450)])
    check = with_paths(town, "street", street)

    straight, foot = (
        measured(check, name) for name in ("service_coverage", "network_service_coverage")
    )
    # 500 m of 700 in a straight line; on foot 400 m and the disc about their end, 50 m to both sides
    assert straight.ratio.numerator == pytest.approx(500 * 100)
    tip = 50 * sqrt(100**2 - 50**2) + 100**2 * asin(0.5)
    assert foot.ratio.numerator == pytest.approx(400 * 100 + tip, rel=1e-4)
    assert foot.ratio.denominator == straight.ratio.denominator
    assert (foot.judged, foot.tiers) == (False, straight.tiers)
    assert foot.zone_names == ("甲区", "乙区")
    assert "network_service_coverage" not in check.ratios
    assert all(row.indicator != "network_service_coverage" for row in check.verdicts)
    assert not any(f.code == "not_used" for f in check.findings)
    served = check.layers["served_on_foot"].area.sum()
    assert served == pytest.approx(foot.ratio.numerator)
    both = served + check.layers["unserved_on_foot"].area.sum()
    assert both == pytest.approx(foot.ratio.denominator)
    lost = check.layers["lost_on_foot"].area.sum()
    assert lost == pytest.approx(straight.ratio.numerator - foot.ratio.numerator)
    assert check.layers["walking_network"]["to_m"].max() == pytest.approx(500.0)
    assert set(check.layers["walking_network"]["park"]) <= set(check.layers["parks"]["name"])
    assert check.layers["service_area_on_foot"].area.sum() > served


def test_the_console_and_the_maps_say_what_is_served_on_foot(town):
    check = with_paths(town, "lane", LineString([(X + 100, Y + 450), (X + 800, Y + 450)]))

    shown = as_text(text_table(check, "en", 100), width=100)

    beside = shown.split("Beside the standard")[1]
    assert "park service coverage on foot" in beside.split("Overall")[0]
    assert "service_on_foot" in drawable_maps(check)
    apart = report_html(check, "en").split("Measured, and no row of this standard")[-1]
    assert "park service coverage on foot" in apart
    drawn = {text.get_text() for text in draw_walk_map(check, language="en").findobj(Text)}
    assert any("decides nothing" in text for text in drawn)
    assert any("300–500 m of way to the park" in text for text in drawn)
    # 5 ha of 7 ha within the radius; on foot 4 ha and the tip of 0.96 ha, as above
    assert "residential land served on foot\n4.96 ha" in drawn
    assert "within the radius, not served on foot\n0.04 ha" in drawn
    assert "residential land not served\n2.00 ha" in drawn


def test_the_walk_lies_in_the_geopackage_with_its_distances(town, tmp_path):
    check = with_paths(town, "path", LineString([(X + 100, Y + 450), (X + 800, Y + 450)]))

    written = write_geopackage(check, tmp_path / "layers.gpkg")

    ground = ("service_area", "served", "unserved", "lost")
    assert {f"{name}_on_foot" for name in ground} <= set(written)
    walks = gpd.read_file(tmp_path / "layers.gpkg", layer="walking_network")
    assert (walks["from_m"].min(), walks["to_m"].max()) == pytest.approx((0.0, 500.0))
    districts = gpd.read_file(tmp_path / "layers.gpkg", layer="districts")
    assert "network_service_coverage_value" in districts.columns


def test_paths_that_do_not_meet_the_parks_are_told_and_the_check_goes_on(town):
    check = with_paths(town, "away", LineString([(X + 950, Y + 900), (X + 990, Y + 900)]))

    assert check.ratios["service_coverage"].numerator > 0
    assert all(m.ratio.indicator != "network_service_coverage" for m in check.measured)
    told = [f for f in check.findings if f.indicators == ("network_service_coverage",)]
    assert [(f.severity, f.layer) for f in told] == [("warning", "paths")]


def test_entrances_without_paths_are_named_as_unused(town):
    gates = gpd.GeoDataFrame(geometry=[Point(X + 100, Y + 450)], crs=CRS)
    gates.to_file(town / "city.gpkg", layer="gates")

    check = check_with(
        town, "gates.toml", '[layers.entrances]\npath = "city.gpkg"\nlayer = "gates"\n'
    )

    assert any(f.code == "not_used" and "entrances" in f.text.en for f in check.findings)


def test_a_gauge_warns_only_of_what_the_standard_or_the_law_asks_for():
    homes = layer([at(0, 0, 100, 100)], status=["在建"])

    def severity(standard):
        found = gs.check(quarter(residential=homes), standard=standard).findings
        return {item.severity for item in found if item.code == "refused_column"}

    assert severity("CN-2000:medium") == {"warning"}
    assert severity("CN-2010") == {"note"}

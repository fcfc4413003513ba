"""The share of trees and shrubs: by hand, by property, from classes, and in a check."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, box

import greenspace as gs
from greenspace.errors import ColumnError, CrsError, InputError
from tests.scene import write_raster
from tests.town import CORRECTIONS, IMAGE, MANIFEST, at, corrected_town, layer
from tests.town import X as WEST
from tests.town import Y as SOUTH

X, Y = 500_000, 3_400_000
TREE_SHRUB = "tree_shrub_share"


def plants(**shapes):
    """Rows named by their layer; `tree2` is another tree."""
    frame = gpd.GeoDataFrame(geometry=list(shapes.values()), crs=4547)
    return frame.assign(layer=[name.rstrip("2") for name in shapes])


# A lawn of 100 m2, a tree over 20 of it and 10 beside, a shrub under the tree and 5 beyond, a roof.
GARDEN = plants(
    grass=box(X, Y, X + 10, Y + 10),
    tree=box(X + 8, Y, X + 11, Y + 10),
    shrub=box(X + 7.5, Y, X + 9, Y + 10),
    roof=box(X + 20, Y, X + 29, Y + 10),
)
# woody: 7.5 to 11 = 35 m2; all: 0 to 11 and 20 to 29 = 200 m2


def test_every_layer_counts_once():
    ratio = gs.tree_shrub_share(GARDEN)
    assert (ratio.numerator, ratio.denominator) == pytest.approx((35.0, 200.0))
    assert ratio.indicator == TREE_SHRUB


def test_zones_cut_crowns_and_may_have_no_plants():
    west, east = box(X, Y, X + 9, Y + 10), box(X + 9, Y, X + 30, Y + 10)
    zones = gpd.GeoDataFrame({"n": [1, 2, 3]}, geometry=[west, east, box(0, 0, 1, 1)], crs=4547)
    frame = gs.tree_shrub_share(GARDEN, zones=zones.set_index(np.array([5, 3, 9]))).to_frame()
    assert frame["numerator"].tolist() == pytest.approx([15.0, 20.0, 0.0])
    assert frame["denominator"].tolist() == pytest.approx([90.0, 110.0, 0.0])
    assert frame.index.tolist() == [5, 3, 9]
    assert frame["n"].tolist() == [1, 2, 3]
    assert np.isnan(frame["value"].iloc[2])


@pytest.mark.parametrize("words", [("乔木", "灌木", "草地"), (" Trees", "SHRUBS", "lawn")])
def test_words_of_both_languages(words):
    tree, shrub, grass = words
    frame = GARDEN.assign(layer=[grass, tree, shrub, "屋顶绿化"])
    assert gs.tree_shrub_share(frame).value == pytest.approx(35 / 200)


@pytest.mark.parametrize("word", ["bamboo", "", None, float("nan"), 3])
def test_an_unknown_layer_is_refused_with_its_rows(word):
    frame = GARDEN.assign(layer=["grass", word, "shrub", word]).set_index(np.array([4, 2, 7, 1]))
    with pytest.raises(ColumnError) as refusal:
        gs.tree_shrub_share(frame)
    assert refusal.value.rows == (2, 1)
    assert refusal.value.column == "layer"


def test_plants_without_layers_or_crs_are_refused():
    with pytest.raises(ColumnError):
        gs.tree_shrub_share(GARDEN.geometry)
    with pytest.raises(CrsError):
        gs.tree_shrub_share(GARDEN.set_crs(None, allow_override=True))


@given(seed=st.integers(0, 2**32 - 1))
def test_more_lawn_lowers_it_more_trees_raise_it_and_repeats_change_nothing(seed):
    rng = np.random.default_rng(seed)

    def disc():
        x, y = rng.uniform(0, 30, 2)
        return Point(X + x, Y + y).buffer(rng.uniform(1, 8), quad_segs=4)

    rows = [(disc(), rng.choice(["tree", "shrub", "grass"])) for _ in range(6)]

    def share(rows):
        shapes, kinds = zip(*rows, strict=True)
        return gs.tree_shrub_share(layer_of(shapes, kinds)).value

    def layer_of(shapes, kinds):
        return gpd.GeoDataFrame({"layer": list(kinds)}, geometry=list(shapes), crs=4547)

    before = share(rows)
    assert share([*rows, (disc(), "grass")]) <= before + 1e-12
    assert share([*rows, (disc(), "tree")]) >= before - 1e-12
    assert share(rows * 2) == pytest.approx(before, abs=1e-12)
    assert share(rows[::-1]) == pytest.approx(before, abs=1e-12)


# --- from classes

CODES = np.array([[1, 2, 3, 0], [1, 3, 3, 255]], dtype="uint8")
TABLE = {0: "none", 1: "tree", 2: "shrub", 3: "herb"}


@pytest.fixture
def codes(tmp_path):
    place = Affine(10, 0, X, 0, -10, Y + 20)
    return write_raster(tmp_path / "classes.tif", CODES, transform=place, nodata=255)


def test_classes_give_it_with_exact_edges(codes):
    # the zone leaves out half of the first column: 100 m2 tree, 100 shrub, 300 herb, 100 unseen
    zone = gpd.GeoSeries([box(X + 5, Y, X + 40, Y + 20)], crs=4547)
    table = gs.tree_shrub_share(gs.vegetation(codes, classes=TABLE), zones=zone)
    frame = table.to_frame()
    halves = frame[["numerator", "denominator", "unseen"]].iloc[0].tolist()
    assert halves == pytest.approx([200.0, 500.0, 100.0])


def test_classes_need_zones_and_layers(codes):
    zone = gpd.GeoSeries([box(X, Y, X + 40, Y + 20)], crs=4547)
    with pytest.raises(InputError) as refusal:
        gs.tree_shrub_share(gs.vegetation(codes, classes=TABLE))
    assert refusal.value.expected == "zones"
    vague = {0: "none", 1: "tree", 2: "green", 3: "green"}
    with pytest.raises(InputError) as refusal:
        gs.tree_shrub_share(gs.vegetation(codes, classes=vague), zones=zone)
    assert refusal.value.found == "green"


# --- in a check


def checked(town, name, text):
    (town / f"{name}.toml").write_text(text, encoding="utf-8")
    return gs.check(town / f"{name}.toml", standard="CN-2022:eco")


def row_of(check):
    return next(row for row in check.verdicts if row.indicator == TREE_SHRUB)


def test_a_layer_that_tells_trees_is_judged(town):
    # the canopy's two rows, 0..200 and 100..300 m: a lawn and trees over half of it
    told = layer([at(0, 0, 200, 1000), at(100, 0, 300, 1000)], KIND=["草地", "乔木"])
    told.to_file(town / "city.gpkg", layer="told")
    text = MANIFEST.replace('layer = "canopy"', 'layer = "told"\ncolumns = { layer = "KIND" }')

    check = checked(town, "told", text + IMAGE + 'source = "layer"\n')

    row = row_of(check)
    assert (row.verdict, row.basis) == ("fail", "measured")  # 20 of 30 ha, and 70 % are asked for
    assert row.value == pytest.approx(2 / 3)
    item = next(item for item in check.measured if item.ratio.indicator == TREE_SHRUB)
    assert item.zones.value.tolist()[0] == pytest.approx(2 / 3)


def test_a_layer_that_does_not_is_not_assessable_and_may_be_supplied(town):
    row = row_of(checked(town, "mute", MANIFEST + IMAGE))
    assert row.verdict == "not_assessable"
    assert "[supplied]" in row.reason.en

    row = row_of(checked(town, "claim", MANIFEST + IMAGE + f'[supplied]\n{TREE_SHRUB} = "72%"\n'))
    assert (row.verdict, row.basis) == ("pass", "supplied")


CROWNS = layer([at(0, 0, 100, 100), at(800, 0, 900, 100)], KIND=["乔木", "乔木"])
ROOFS = CROWNS.assign(KIND="屋顶绿化")


def told_by(town, name, frame, image, source):
    """Check the town with plants that tell their layer, beside or over an image."""
    frame.to_file(town / "city.gpkg", layer=name)
    text = MANIFEST.replace('"canopy"', f'"{name}"\ncolumns = {{ layer = "KIND" }}')
    return row_of(checked(town, name, f'{text}{image}source = "{source}"\n'))


@pytest.mark.parametrize("source", ["image", "both"])
@pytest.mark.parametrize("plants", [CROWNS, ROOFS], ids=["crowns", "roofs"])
def test_a_few_crowns_or_roofs_do_not_speak_for_the_green_of_an_image(town, plants, source):
    row = told_by(town, "few", plants, IMAGE, source)
    assert row.verdict == "not_assessable"
    assert "tells no layers" in row.reason.en
    assert "没有分层" in row.reason.zh


@pytest.mark.parametrize(("east", "told"), [(316, False), (335, True), (365, True), (406, False)])
def test_a_layer_beside_an_image_speaks_where_it_shows_about_as_much_green(town, east, told):
    # the image: 35 of 95 ha, 36.84 %; a tenth of it either way is 33.2 to 40.5 %
    plants = layer([at(0, 0, 100, 1000), at(100, 0, east, 1000)], KIND=["乔木", "草地"])
    row = told_by(town, "whole", plants, IMAGE, "image")
    assert (row.verdict != "not_assessable") == told
    if told:
        assert row.value == pytest.approx(100 / east)
    else:
        assert "10%" in row.reason.en


def test_an_image_that_shows_nothing_is_the_reason(town):
    image = IMAGE.replace("date", "nodata = 1000\ndate")  # the red band everywhere
    row = told_by(town, "blind", CROWNS, image, "image")
    assert row.verdict == "not_assessable"
    assert "shows nothing" in row.reason.en


def class_image(town):
    """Grass in the south half of the town, trees in the north of the west 100 m."""
    codes = np.full((100, 100), 50, dtype="uint8")
    codes[50:], codes[:50, :10] = 30, 10
    place = Affine(10, 0, WEST, 0, -10, SOUTH + 1000)
    write_raster(town / "codes.tif", codes, transform=place, nodata=255)
    image = '[[image]]\npath = "codes.tif"\ndate = 2026-06-12\n'
    return image + '[vegetation]\nclasses = "esa-worldcover"\n'


def test_crowns_over_classes_take_their_ground_and_leave_the_rest(town):
    # classes: 5 ha trees, 50 ha grass. Trees over 1 ha of grass and over 1 ha of neither, and a
    # lawn over half a hectare of trees: 4.5 + 2 of 56 ha
    shapes = [at(0, 0, 100, 100), at(895.5, 895, 995.5, 995), at(0, 500, 50, 600)]
    plants = layer(shapes, KIND=["乔木", "灌木", "草地"])
    row = told_by(town, "over", plants, class_image(town), "both")
    assert row.value == pytest.approx(6.5 / 56)
    # beside the raster they say nothing of what is judged
    row = told_by(town, "aside", plants, class_image(town), "image")
    assert row.value == pytest.approx(5 / 55)


def test_plants_of_no_layer_over_classes_leave_it_open(town):
    row = row_of(checked(town, "mute", f'{MANIFEST}{class_image(town)}source = "both"\n'))
    assert row.verdict == "not_assessable"
    assert "laid over the class raster" in row.reason.en


def test_green_without_layers_is_refused_with_what_to_pass(codes):
    zone = gpd.GeoSeries([box(X, Y, X + 40, Y + 20)], crs=4547)
    crown = gpd.GeoDataFrame(geometry=[box(X, Y, X + 9, Y + 9)], crs=4547)
    raster = gs.corrected(gs.vegetation(codes, classes=TABLE), canopy=crown)
    with pytest.raises(InputError) as refusal:
        gs.tree_shrub_share(raster, zones=zone)
    assert "class raster" in refusal.value.remedy.en
    with pytest.raises(InputError) as refusal:
        gs.corrected(crown, canopy=crown)
    assert refusal.value.found == "GeoDataFrame"


def test_unknown_layers_leave_the_other_rows_judged(town):
    odd = layer([at(0, 0, 200, 1000), at(100, 0, 300, 1000)], KIND=["草地", "竹"])
    odd.to_file(town / "city.gpkg", layer="odd_kinds")
    text = MANIFEST.replace('layer = "canopy"', 'layer = "odd_kinds"\ncolumns = { layer = "KIND" }')

    check = checked(town, "odd_kinds", text)

    assert row_of(check).verdict == "not_assessable"
    assert "竹" in row_of(check).reason.zh
    finding = next(item for item in check.findings if TREE_SHRUB in item.indicators)
    assert (finding.severity, finding.rows) == ("warning", (1,))
    assert check.ratios["green_coverage"].value == pytest.approx(0.30)


def test_a_class_raster_is_judged_where_no_layer_tells(town):
    codes = np.full((100, 100), 30, dtype="uint8")
    codes[:, :75] = 10
    place = Affine(10, 0, WEST, 0, -10, SOUTH + 1000)
    write_raster(town / "codes.tif", codes, transform=place, nodata=255)
    image = '[[image]]\npath = "codes.tif"\ndate = 2026-06-12\n'
    image += '[vegetation]\nclasses = "esa-worldcover"\n'

    row = row_of(checked(town, "codes", MANIFEST + image))

    assert (row.verdict, row.value) == ("pass", pytest.approx(0.75))

    check = gs.check(corrected_town(town, "over_codes", image=image), standard="CN-2022:eco")
    assert row_of(check).verdict == "not_assessable"  # what corrections add is of no known layer


@pytest.mark.parametrize(
    ("metres", "share"),
    [(500, 0.5), (750, 0.0), (1000, None)],  # of 750 m of trees, 250 m of grass
)
def test_what_corrections_remove_leaves_both_halves(town, metres, share):
    codes = np.full((100, 100), 30, dtype="uint8")
    codes[:, :75] = 10
    place = Affine(10, 0, WEST, 0, -10, SOUTH + 1000)
    write_raster(town / "cut.tif", codes, transform=place, nodata=255)
    layer([at(0, 0, metres, 1000)], DO=["remove"]).to_file(town / "city.gpkg", layer="felled")
    image = '[[image]]\npath = "cut.tif"\ndate = 2026-06-12\n'
    image += '[vegetation]\nclasses = "esa-worldcover"\n'
    check = checked(town, f"felled_{metres}", MANIFEST + CORRECTIONS.format(name="felled") + image)

    row = row_of(check)
    assert check.ratios["green_coverage"].value == pytest.approx(1 - metres / 1000, abs=1e-9)
    assert (row.verdict == "not_assessable") is (share is None)
    if share is not None:
        assert row.value == pytest.approx(share, abs=1e-9)


def test_the_sample_is_as_its_shapes_say(sample_city, sample_check):
    folder = sample_city.parent
    drawn = gpd.read_file(folder / "layers.gpkg", layer="vegetation")
    ground = gpd.read_file(folder / "layers.gpkg", layer="built_up").union_all()
    shapes, tall = drawn.geometry.to_numpy(), drawn["LAYER"].isin(["tree", "shrub"])
    woody, every = map(shapely.disjoint_subset_union_all, (shapes[tall], shapes))
    want = shapely.intersection(woody, ground).area / shapely.intersection(every, ground).area

    row = row_of(sample_check("CN-2022"))

    assert row.value == pytest.approx(want, rel=1e-9)
    assert row.verdict == ("pass" if want >= 0.60 else "fail")


def test_no_ratio_from_polygons_is_without_a_reason_for_its_interval():
    plants = gpd.GeoDataFrame(
        {"layer": ["tree", "grass"]}, geometry=[box(0, 0, 10, 10), box(0, 0, 20, 20)], crs=6933
    )
    town = gpd.GeoDataFrame(geometry=[box(0, 0, 100, 100)], crs=6933)

    assert "layer" not in gs.green_coverage(plants, town).ratio(0).no_interval.en
    assert "polygons" in gs.green_coverage(plants, town).ratio(0).no_interval.en
    for found in (gs.tree_shrub_share(plants), gs.tree_shrub_share(plants, zones=town).ratio(0)):
        assert found.interval is None
        assert "trees, shrubs" in found.no_interval.en

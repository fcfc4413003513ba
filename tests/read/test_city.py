"""Cities, by hand and by refusal: every way in which a manifest and its layers can be wrong."""

from __future__ import annotations

import datetime as dt
import warnings

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point, box

from greenspace.errors import (
    ColumnError,
    CrsError,
    GeometryError,
    InputError,
    ManifestError,
)
from greenspace.model.city import MaskSpec
from greenspace.model.crs import is_local
from greenspace.read.amounts import share_of
from greenspace.read.city import read_city
from greenspace.read.files import sha256_of
from greenspace.read.keys import key_of

X, Y = 500_000.0, 3_400_000.0
CRS = "EPSG:4547"
CITY = '[city]\nname = "清河"\n'
BUILT_UP = '[layers.built_up]\npath = "layers.gpkg"\nlayer = "built_up"\n'
DISTRICTS = (
    '[layers.districts]\npath = "layers.gpkg"\nlayer = "districts"\n'
    'columns = { name = "DISTRICT", population = "POP" }\n'
)
GREEN = (
    '[layers.green]\npath = "layers.gpkg"\nlayer = "green"\n'
    'columns = { class = "绿地类型" }\nedition = "2017"\n'
)


def square(x, y, side=100.0):
    return box(X + x, Y + y, X + x + side, Y + y + side)


def frame(shapes, crs=CRS, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=crs)


@pytest.fixture
def folder(tmp_path):
    """A town of two districts with three green parcels."""
    path = tmp_path / "layers.gpkg"
    halves = [box(X, Y, X + 500, Y + 1000), box(X + 500, Y, X + 1000, Y + 1000)]
    frame([box(X, Y, X + 1000, Y + 1000)]).to_file(path, layer="built_up")
    frame(halves, DISTRICT=["东区", "西区"], POP=[3000, 2000]).to_file(path, layer="districts")
    parcels = [square(0, 0), square(200, 0), square(400, 0)]
    frame(parcels, 绿地类型=["G11", "g13 ", "XG"]).to_file(path, layer="green")
    return tmp_path


def write(folder, *parts, name="city.toml", encoding="utf-8"):
    path = folder / name
    path.write_text("\n".join(parts), encoding=encoding)
    return path


def add(folder, layer, shapes, crs=CRS, **columns):
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="'crs' was not provided")
        frame(shapes, crs, **columns).to_file(folder / "layers.gpkg", layer=layer)
    return f'[layers.{layer}]\npath = "layers.gpkg"\nlayer = "{layer}"\n'


def refuse(error, folder, *parts):
    with pytest.raises(error) as refusal:
        read_city(write(folder, *parts))
    for language in ("zh", "en"):
        assert refusal.value.remedy.of(language) in refusal.value.sentence(language)
    return refusal.value


# --- what a city is ---------------------------------------------------------------------


def test_a_city_has_its_layers_with_columns_named_by_role(folder):
    city = read_city(write(folder, CITY, "population = 5000", BUILT_UP, DISTRICTS, GREEN))

    assert city.name == "清河"
    assert city.districts["name"].tolist() == ["东区", "西区"]
    assert city.districts["population"].tolist() == [3000.0, 2000.0]
    assert city.green["class"].tolist() == ["G11", "g13 ", "XG"]
    assert city.editions == {"green": "2017", "parks": "2017"}
    assert city.water is None
    assert city.image is None


def test_g1_parcels_stand_in_for_parks_and_it_is_said(folder):
    city = read_city(write(folder, CITY, GREEN))

    assert city.parks["class"].tolist() == ["G11", "g13 "]
    assert [(item.code, item.count) for item in city.findings] == [("parks_from_green", 2)]


def test_a_parks_layer_is_taken_as_it_is(folder):
    parks = add(folder, "parks", [square(0, 0)])
    city = read_city(write(folder, CITY, GREEN, parks))

    assert len(city.parks) == 1
    assert "parks" not in city.editions


def test_green_without_parks_leaves_no_parks(folder):
    add(folder, "green", [square(0, 0)], 绿地类型=["XG"])
    city = read_city(write(folder, CITY, GREEN))

    assert city.parks is None
    assert [(item.code, item.severity) for item in city.findings] == [
        ("parks_from_green", "warning")
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_byte_order_mark_changes_nothing(folder, encoding):
    path = write(folder, CITY, "population_basis = '城区人口'", encoding=encoding)

    assert read_city(path).population_basis == "城区人口"


def test_every_key_of_the_manifest_is_accepted(folder):
    for name in ("old.tif", "new.tif", "undated.tif", "cloud.tif"):
        (folder / name).write_bytes(b"not opened here")
    days = "站名,日期,最高气温,城郊\nA,2026-06-01,33,城区\nB,2026-06-01,31,郊区\n"
    seen = gpd.GeoDataFrame(
        {"reference": ["green"]}, geometry=[Point(500_100, 3_400_100)], crs=4547
    )
    seen.to_file(folder / "reference.gpkg")
    (folder / "stations.csv").write_text(days, encoding="gb18030")
    species = "类群,物种,建成区\n植物,樟树,是\n"
    (folder / "species.csv").write_text(species, encoding="utf-8")
    city = read_city(
        write(
            folder,
            CITY,
            'date = 2026-06-30\nstandard = "CN-2010"\npopulation = 214_000',
            'population_basis = "城区人口"\nregion = "south"',
            "construction_land_per_head_m2 = 96",
            '[measure]\ncrs = "EPSG:4547"',
            BUILT_UP,
            '[[image]]\npath = "undated.tif"\nbands = { red = 1, nir = 2 }',
            '[[image]]\npath = "old.tif"\ndate = 2025-06-12\nsensor = "gf2-pms"',
            '[[image]]\npath = "new.tif"\ndate = 2026-06-12\nscale = 1e-4\noffset = 0',
            'nodata = 0\nmask = "cloud.tif"',
            '[vegetation]\nindex = "ndvi"\nthreshold = 0.3\nsource = "image"',
            '[accuracy]\nreference = "reference.gpkg"',
            '[heat]\nstations = "stations.csv"\nencoding = "gbk"\nyear = 2026\nleast_share = 0.8',
            'columns = { station = "站名" }\nurban = ["A"]\nhinterland = ["B"]',
            '[species]\nlists = "species.csv"',
            '[declared]\ngreen_coverage = "41.4%"\npark_area_per_capita = 12.6',
            "[supplied]\nsewage_treatment = 0.9\nheat_island = -0.5",
            '[targets.2027]\ngreen_coverage = "38.2\uff05"',
            '[report]\nprepared_by = "园林局"\n"图号" = 3',
        )
    )

    assert (city.date, city.standard, city.region) == (dt.date(2026, 6, 30), "CN-2010", "south")
    assert (city.population, city.construction_land_per_head_m2) == (214_000.0, 96.0)
    assert city.crs.to_epsg() == 4547
    assert [image.name for image in city.images] == ["new.tif", "old.tif", "undated.tif"]
    assert city.image.mask == MaskSpec(path=folder / "cloud.tif")
    assert (city.image.scale, city.image.nodata) == (1e-4, 0.0)
    assert city.images[2].bands == {"red": 1, "nir": 2}
    assert city.vegetation_method.threshold == 0.3
    assert city.declared == {
        "green_coverage": pytest.approx(0.414),
        "park_area_per_capita": 12.6,
    }
    assert city.supplied == {"sewage_treatment": 0.9, "heat_island": -0.5}
    assert city.heat.days["zone"].tolist() == ["urban", "hinterland"]
    assert city.accuracy.points["reference"].tolist() == ["green"]
    assert (city.heat.year, city.heat.least_share) == (2026, 0.8)
    assert city.targets == {2027: {"green_coverage": pytest.approx(0.382)}}
    assert city.report == {"prepared_by": "园林局", "图号": "3"}
    assert city.species["species"].tolist() == ["樟树"]
    assert [item.code for item in city.findings] == ["undated_image"]


def test_inputs_are_named_relative_to_the_manifest_with_their_checksums(folder):
    deep = folder / "清单"
    deep.mkdir()
    up = BUILT_UP.replace("layers.gpkg", "../layers.gpkg")
    city = read_city(write(deep, CITY, up))

    manifest, layer = city.inputs
    assert (manifest.role, manifest.name) == ("manifest", "city.toml")
    assert (layer.role, layer.name, layer.layer) == ("built_up", "../layers.gpkg", "built_up")
    assert layer.sha256 == sha256_of(folder / "layers.gpkg")


def test_rows_without_shapes_are_dropped_and_counted(folder):
    parks = add(folder, "parks", [square(0, 0), None, square(200, 0)])
    city = read_city(write(folder, CITY, parks))

    assert len(city.parks) == 2
    (finding,) = city.findings
    assert (finding.code, finding.layer, finding.count) == ("missing_shape", "parks", 1)


def test_a_column_called_like_a_role_is_not_taken_unasked(folder):
    parks = add(folder, "parks", [square(0, 0)], name=["人民公园"])
    city = read_city(write(folder, CITY, parks))

    assert "name" not in city.parks.columns
    assert [item.code for item in city.findings] == ["unmapped_column"]


# --- layers that cannot be used ---------------------------------------------------------


def test_refuses_a_missing_file_and_names_the_one_beside_it(folder):
    error = refuse(InputError, folder, CITY, BUILT_UP.replace("layers.gpkg", "layer.gpkg"))

    assert (error.layer, error.found) == ("built_up", ("layers.gpkg",))
    assert error.file.endswith("layer.gpkg")


def test_refuses_a_missing_layer_and_names_the_nearest(folder):
    error = refuse(InputError, folder, CITY, BUILT_UP.replace('"built_up"', '"builtup"'))

    assert error.layer == "builtup"
    assert "built_up" in error.found
    assert "built_up" in error.remedy.en


def test_refuses_a_missing_column_and_lists_those_there_are(folder):
    error = refuse(ColumnError, folder, CITY, DISTRICTS.replace('"DISTRICT"', '"DISTRIKT"'))

    assert (error.layer, error.column) == ("districts", "DISTRIKT")
    assert "DISTRICT" in error.found
    assert "DISTRICT" in error.remedy.en


def test_refuses_districts_without_a_mapped_name(folder):
    unnamed = DISTRICTS.replace('name = "DISTRICT", ', "")
    error = refuse(ColumnError, folder, CITY, unnamed)

    assert (error.layer, error.column) == ("districts", "name")
    assert "DISTRICT" in error.found


def test_refuses_a_layer_without_crs(folder):
    parks = add(folder, "parks", [square(0, 0)], crs=None)
    error = refuse(CrsError, folder, CITY, parks)

    assert error.layer == "parks"
    assert "EPSG:" in error.remedy.zh


def test_a_crs_in_the_layers_table_helps(folder):
    parks = add(folder, "parks", [square(0, 0)], crs=None)

    assert read_city(write(folder, CITY, parks, "crs = 4547")).parks.crs.to_epsg() == 4547


@pytest.mark.parametrize(
    ("layer", "shape", "expected"),
    [
        ("parks", Point(X, Y), "polygon"),
        ("roads", square(0, 0), "line"),
        ("entrances", LineString([(X, Y), (X + 1, Y)]), "point"),
    ],
)
def test_refuses_a_layer_of_the_wrong_kind(folder, layer, shape, expected):
    error = refuse(GeometryError, folder, CITY, add(folder, layer, [shape]))

    assert (error.layer, error.expected) == (layer, expected)


def test_refuses_a_layer_of_mixed_kinds_and_counts_the_strangers(folder):
    shapes = [square(0, 0), Point(X, Y), square(200, 0), Point(X, Y + 1)]
    frame(shapes).to_file(folder / "parks.geojson", driver="GeoJSON")
    error = refuse(GeometryError, folder, CITY, '[layers.parks]\npath = "parks.geojson"')

    assert (error.rows, error.found) == ((1, 3), {"Point": 2})


@pytest.mark.parametrize("shapes", [[], [None, None]])
def test_refuses_an_empty_layer(folder, shapes):
    table = gpd.GeoDataFrame({"n": [1] * len(shapes)}, geometry=shapes, crs=CRS)
    table.to_file(folder / "parks.gpkg", geometry_type="Polygon")
    error = refuse(GeometryError, folder, CITY, '[layers.parks]\npath = "parks.gpkg"')

    assert (error.layer, error.found) == ("parks", len(shapes))


def test_refuses_layers_that_lie_elsewhere_and_prints_both_extents(folder):
    parks = add(folder, "parks", [box(24.9, 60.1, 25.0, 60.2)], crs=4326)
    error = refuse(GeometryError, folder, CITY, BUILT_UP, parks)

    assert error.layer == "parks"
    assert error.found == "[24.9000, 60.1000, 25.0000, 60.2000] (EPSG:4326)"
    assert error.expected == "[500000, 3400000, 501000, 3401000] (EPSG:4547)"
    assert error.found in error.problem.zh
    assert error.expected in error.problem.en


@pytest.mark.parametrize(("off_m", "refused"), [(20_000, False), (300_000, True)])
def test_planned_green_of_a_new_district_is_told_and_only_absurdly_far_it_is_refused(
    folder, off_m, refused
):
    planned = add(folder, "planned_green", [square(off_m, 0)])
    if refused:
        assert refuse(GeometryError, folder, CITY, BUILT_UP, planned).layer == "planned_green"
        return
    city = read_city(write(folder, CITY, BUILT_UP, planned))
    (told,) = (item for item in city.findings if item.code == "outlying_layer")
    assert (told.layer, told.severity) == ("planned_green", "warning")
    assert "19.0 km" in told.text.en  # 20 km less the kilometre of the built-up area
    assert len(city.layers["planned_green"]) == 1


def test_a_layer_that_lies_elsewhere_only_for_its_axis_order_is_told_so(folder):
    built_up = add(folder, "built_up", [box(24.9, 60.1, 25.0, 60.2)], crs=4326)
    for shape, swapped in ((box(60.1, 24.9, 60.2, 25.0), True), (box(4.9, 52.3, 5.0, 52.4), False)):
        parks = add(folder, "parks", [shape], crs=4326)
        error = refuse(GeometryError, folder, CITY, built_up, parks)
        assert ("(north, east)" in error.remedy.en) == swapped


def test_layers_of_other_crs_over_the_same_ground_are_welcome(folder):
    degrees = frame([square(0, 0)]).to_crs(4490)
    parks = add(folder, "parks", degrees.geometry.tolist(), crs=4490)

    assert read_city(write(folder, CITY, BUILT_UP, parks)).parks.crs.to_epsg() == 4490


def test_a_citys_own_grid_is_given_to_layers_without_crs(folder):
    parks = add(folder, "parks", [square(0, 0)], crs=None)
    city = read_city(write(folder, CITY, '[measure]\ncrs = "local-metre"', parks))

    assert is_local(city.crs)
    assert city.parks.crs == city.crs


def test_refuses_a_real_crs_beside_a_citys_own_grid(folder):
    error = refuse(CrsError, folder, CITY, '[measure]\ncrs = "local-metre"', BUILT_UP)

    assert (error.layer, error.expected) == ("built_up", "local-metre")


def test_refuses_class_codes_without_an_edition(folder):
    error = refuse(ManifestError, folder, CITY, GREEN.replace('edition = "2017"', ""))

    assert (error.layer, error.expected) == ("green", "edition")


def test_refuses_a_folder_in_place_of_a_manifest(folder):
    write(folder, CITY)
    with pytest.raises(InputError) as refusal:
        read_city(folder)

    assert refusal.value.expected == "city.toml"


def test_refuses_a_manifest_that_is_not_there(folder):
    write(folder, CITY)
    with pytest.raises(InputError) as refusal:
        read_city(folder / "citi.toml")

    assert refusal.value.found == ("city.toml",)


def test_refuses_an_image_that_is_not_there(folder):
    error = refuse(InputError, folder, CITY, '[[image]]\npath = "image.tif"')

    assert error.layer == "image"


# --- small laws -------------------------------------------------------------------------


@given(st.floats(0, 1))
def test_a_share_means_the_same_with_and_without_percent(share):
    assert share_of(f"{share * 100!r}%") == pytest.approx(share_of(share), abs=1e-15)


def test_a_key_is_written_as_people_count():
    assert key_of(("image", 1, "bands", "red")) == "image[2].bands.red"

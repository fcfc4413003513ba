"""Codes of one edition in the other, and layers whose codes nobody can read."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

import greenspace as gs
from greenspace.class_codes import coded_table
from greenspace.errors import ColumnError, InputError
from greenspace.prepare.classify import unknown_code_findings
from greenspace.read.class_changes import read_class_changes
from greenspace.read.definitions import read_classes

CRS = "EPSG:6933"
OLD, NEW = read_classes("2002"), read_classes("2017")
OLD_CODES = sorted(OLD.entries)
HECTARE = 10_000.0


def parcels(*rows, index=None, **columns):
    codes = [row[0] for row in rows]
    shapes = [row[1] if len(row) > 1 else box(0, 0, 100, 100) for row in rows]
    frame = gpd.GeoDataFrame({"class": codes, **columns}, geometry=shapes, crs=CRS)
    return frame if index is None else frame.set_index(pd.Index(index))


def plot(hectares, x=0.0):
    return box(x, 0, x + hectares * 100, 100)


def told(frame, code):
    return [item for item in frame.attrs["findings"] if item.code == code]


def convert(*rows, **options):
    return gs.convert_classes(parcels(*rows), from_edition="2002", **options)


# --- by hand: standards.md 4.3, line by line


@pytest.mark.parametrize(
    ("old", "hectares", "new"),
    [
        ("G111", 10.0, "G11"),
        ("G111", 9.99, "G12"),
        ("G112", 1.0, "G12"),
        ("G112", 0.99, "G14"),
        ("G121", 1.0, "G12"),
        ("G121", 0.99, "G14"),
        ("G122", 1.0, "G14"),
        ("G131", 1.0, "G139"),
        ("G132", 1.0, "G131"),
        ("G133", 1.0, "G132"),
        ("G134", 1.0, "G133"),
        ("G135", 1.0, "G139"),
        ("G136", 1.0, "G135"),
        ("G137", 1.0, "G139"),
        ("G14", 1.0, "G14"),
        ("G15", 1.0, "G14"),
        ("G2", 1.0, "EG4"),
        ("G3", 1.0, "G2"),
        ("G41", 1.0, "RG"),
        ("G42", 1.0, "XG"),
        ("G43", 1.0, "MG"),
        ("G44", 1.0, "WG"),
        ("G45", 1.0, "SG"),
        ("G46", 1.0, "SG"),
        ("G47", 1.0, "UG"),
        ("G48", 1.0, "XG"),
        ("G5", 1.0, "EG"),
        (" g132 ", 1.0, "G131"),
    ],
)
def test_each_code_of_2002_in_2017(old, hectares, new):
    frame = convert((old, plot(hectares)))

    assert frame["class"].tolist() == [new]
    assert frame["class_before"].tolist() == [old.strip().upper()]


def test_every_code_of_2002_leads_to_codes_that_2017_lists():
    changes = read_class_changes()

    assert set(changes.changes) == set(OLD_CODES)
    for code in OLD_CODES:
        assert changes.targets(code) <= set(NEW.entries), code


def test_an_estates_garden_is_attached_green_where_it_lies_in_residential_land():
    homes = gpd.GeoSeries([box(0, 0, 60, 100)], crs=CRS)
    frame = convert(
        ("G122", box(0, 0, 100, 100)), ("G122", box(50, 0, 150, 100)), residential=homes
    )

    assert frame["class"].tolist() == ["RG", "G14"]  # 60 % and 10 % of it in residential land
    without = convert(("G122",))
    assert without["class"].tolist() == ["G14"]
    assert any("No residential land" in item.text.en for item in told(without, "class_caution"))


def test_a_scenic_park_beyond_construction_land_becomes_regional_green():
    land = gpd.GeoSeries([box(0, 0, 100, 100)], crs=CRS)
    rows = ("G135", box(0, 0, 100, 100)), ("G135", box(90, 0, 190, 100))

    assert convert(*rows, construction_land=land)["class"].tolist() == ["G139", "EG11"]
    assert convert(*rows)["class"].tolist() == ["G139", "G139"]


def test_every_change_is_counted_with_its_area_and_rows():
    green = parcels(
        ("G2", plot(1)), ("G2", plot(2, 500)), ("G14", plot(3, 900)), index=["a", "b", "c"]
    )

    new = gs.convert_classes(green, from_edition="2002")

    (changed,) = told(new, "class_changed")
    (kept,) = told(new, "class_kept")
    assert (changed.count, changed.area_m2, changed.rows) == (2, 3 * HECTARE, ("a", "b"))
    assert (kept.count, kept.rows) == (1, ("c",))
    assert green["class"].tolist() == ["G2", "G2", "G14"]
    assert new.index.tolist() == ["a", "b", "c"]


def test_nurseries_leave_the_ratio_and_by_how_much_is_told():
    # town 100 ha; park 30 ha and nursery 10 ha: 40 % by the old classes, 30 % by the new ones
    town = gpd.GeoSeries([plot(100)], crs=CRS)
    new = convert(("G111", plot(30)), ("G2", plot(10, 4000)), built_up=town)

    (effect,) = told(new, "class_change_effect")
    assert "40.00%" in effect.text.en
    assert "30.00%" in effect.text.en
    assert effect.severity == "warning"


@pytest.mark.parametrize(
    ("scheme", "code", "new"),
    [
        ("land_sea_use", "1401", "G1"),
        ("land_sea_use", "1402", "G2"),
        ("land_sea_use", "1403", "G3"),
        ("third_survey", "0810A", "G3"),
        ("third_survey", "0810a", "G3"),
    ],
)
def test_land_use_codes_that_tell_a_class(scheme, code, new):
    frame = gs.convert_classes(parcels((code,)), from_edition=scheme)

    assert frame["class"].tolist() == [new]


def test_a_parks_size_is_that_of_all_its_rows():
    # 6 ha + 6 ha of one name, a road between them; and a namesake far away
    rows = ("G111", plot(6)), ("G111", plot(6, 630)), ("G111", plot(6, 5000))
    new = gs.convert_classes(parcels(*rows, name=["人民公园"] * 3), from_edition="2002")

    assert new["class"].tolist() == ["G11", "G11", "G12"]


def test_a_size_on_the_edge_belongs_to_the_larger_class_whatever_the_rounding():
    assert convert(("G111", plot(10 * (1 - 1e-11))))["class"].tolist() == ["G11"]
    assert convert(("G111", plot(10 * (1 - 1e-7))))["class"].tolist() == ["G12"]


# --- by refusal


@pytest.mark.parametrize("code", ["G16", "G138", "G1112"])
def test_codes_that_nobody_listed_are_not_converted(code):
    with pytest.raises(ColumnError) as refusal:
        convert(("G1",), (code,))
    assert tuple(refusal.value.rows) == (1,)


@pytest.mark.parametrize(
    ("scheme", "code"),
    [
        ("land_sea_use", "14"),
        ("land_sea_use", "0701"),
        ("land_sea_use", ""),
        ("third_survey", "0810"),
        ("third_survey", "0301K"),
        ("third_survey", "0401"),
        ("third_survey", "1104"),
        ("third_survey", "08H1"),
        ("third_survey", "05H1"),
        ("third_survey", "0701"),
    ],
)
def test_land_use_codes_that_are_no_class_are_refused_with_rows_and_reason(scheme, code):
    good = "1401" if scheme == "land_sea_use" else "0810A"
    green = parcels((good,), (code,), index=[7, 9])

    with pytest.raises(ColumnError) as refusal:
        gs.convert_classes(green, from_edition=scheme)
    assert tuple(refusal.value.rows) == (9,)
    assert refusal.value.column == "class"


def test_2017_does_not_lead_back_to_2002():
    with pytest.raises(InputError) as refusal:
        gs.convert_classes(parcels(("G14",)), from_edition="2017", to_edition="2002")
    assert refusal.value.found == ("2017", "2002")
    assert refusal.value.expected == ("2002", "land_sea_use", "third_survey")


@pytest.mark.parametrize(("source", "target"), [("1993", "2017"), ("2002", "2002"), ("", "2017")])
def test_editions_that_nobody_knows_are_refused(source, target):
    with pytest.raises(InputError):
        gs.convert_classes(parcels(("G14",)), from_edition=source, to_edition=target)


def test_land_use_codes_in_a_layer_of_cjjt_85_are_refused_with_the_way_out():
    with pytest.raises(ColumnError) as refusal:
        coded_table(parcels(("G1",), ("1402",)), "2017", "green")
    assert "convert_classes" in refusal.value.remedy.en
    assert tuple(refusal.value.rows) == (1,)


@pytest.mark.parametrize(
    ("edition", "codes", "rows"),
    [
        ("2017", ("G11", "RG", "G41"), (2,)),  # XG, RG, EG are new; G4 and G5 old
        ("2017", ("G139", "G111", "G2"), (1,)),
        ("2017", ("EG1", "G15"), (1,)),
        ("2002", ("G41", "G2", "EG4"), (2,)),
        ("2002", ("G5", "G139"), (1,)),
    ],
)
def test_two_editions_in_one_layer_are_refused_with_the_rows_of_the_other(edition, codes, rows):
    green = parcels(*((code,) for code in codes))
    town = gpd.GeoSeries([box(0, 0, 200, 200)], crs=CRS)

    for act in (
        lambda: coded_table(green, edition, "green"),
        lambda: gs.green_space_ratio(green, town, edition=edition),
        lambda: gs.park_area_by_class(green, 1000.0, edition=edition),
    ):
        with pytest.raises(ColumnError) as refusal:
            act()
        assert tuple(refusal.value.rows) == rows
        assert refusal.value.found != edition
    table = read_classes(edition)
    found = unknown_code_findings(green["class"], table, "green")
    assert "class_editions_mixed" in {item.code for item in found}


@pytest.mark.parametrize(
    ("edition", "codes", "rows"),
    [
        ("2017", ("G111", "G2"), (0,)),  # nothing in the layer is of 2017 alone
        ("2017", ("G136", "G3", "G15"), (0, 2)),
        ("2002", ("G11", "G139", "G2"), (1,)),
    ],
)
def test_a_layer_of_the_other_edition_is_refused_wherever_its_codes_decide(edition, codes, rows):
    green = parcels(*((code,) for code in codes))
    town = gpd.GeoSeries([box(0, 0, 200, 200)], crs=CRS)
    acts = [
        lambda: gs.green_space_ratio(green, town, edition=edition),
        lambda: gs.park_area_by_class(green, 1000.0, edition=edition),
        lambda: gs.production_green_share(green, town, edition=edition),
    ]
    if edition == "2002":
        acts.append(lambda: gs.convert_classes(green, from_edition=edition))

    for act in acts:
        with pytest.raises(ColumnError) as refusal:
            act()
        assert tuple(refusal.value.rows) == rows
        assert refusal.value.found == ("2002" if edition == "2017" else "2017")


def test_codes_that_both_editions_list_pass_in_either():
    green = parcels(("G1",), ("G11",), ("G131",), ("G2",), ("G3",))

    assert coded_table(green, "2002", "green").edition == "2002"
    assert coded_table(green, "2017", "green").edition == "2017"


@pytest.mark.parametrize(
    ("edition", "code", "name"),
    [
        ("2002", "G113", "专类公园"),  # a local scheme in the same letters
        ("2002", "G122", "带状公园"),
        ("2017", "G123", "街头公园"),
        ("2002", "G4", "生产绿地"),
        ("2017", "G2", "生产绿地"),  # the code of 2002
        ("2002", "G3", "广场用地"),  # the code of 2017
        ("2017", "G3", "防护绿地"),
        ("2017", "G133", "植物园"),
        ("2002", "G132", "植物园"),
    ],
)
@pytest.mark.parametrize("column", ["class_name", "name"])
def test_code_and_class_name_that_disagree_stop_with_their_rows(edition, code, name, column):
    green = parcels(("G1",), (code,), **{column: ["公园绿地", name]})

    with pytest.raises(ColumnError) as refusal:
        coded_table(green, edition, "green")
    assert tuple(refusal.value.rows) == (1,)


@pytest.mark.parametrize(
    ("edition", "code", "name"),
    [
        ("2002", "G2", "生产绿地"),
        ("2002", "G111", "综合公园"),
        ("2017", "EG4", "生产绿地"),
        ("2017", "G1", "综合公园"),  # the code says less than the name
        ("2017", "SG", "道路绿地"),  # named as 2002 has it, coded as it became
        ("2002", "G14", "游园"),
        ("2017", "G14", "人民公园"),  # a park's own name
        ("2017", "G14", None),
        ("2017", "G14", " 游园 "),
    ],
)
def test_code_and_name_that_may_be_the_same_class_pass(edition, code, name):
    assert coded_table(parcels((code,), name=[name]), edition, "green").edition == edition


# --- by property


@settings(max_examples=30)
@given(st.lists(st.tuples(st.sampled_from(OLD_CODES), st.floats(0.01, 30)), min_size=1, max_size=8))
def test_conversion_changes_codes_and_nothing_else(rows):
    green = parcels(*((code, plot(size, 5000.0 * i)) for i, (code, size) in enumerate(rows)))

    new = gs.convert_classes(green, from_edition="2002")

    counts = [
        item for item in new.attrs["findings"] if item.code in {"class_changed", "class_kept"}
    ]
    assert sum(item.count for item in counts) == len(green)
    assert sum(item.area_m2 for item in counts) == pytest.approx(green.area.sum())
    assert new.geometry.equals(green.geometry)
    assert coded_table(new, "2017", "green").edition == "2017"
    parks = green.area[[OLD.role(code) == "park" for code in green["class"]]].sum()
    still = new.area[[NEW.role(code) == "park" for code in new["class"]]].sum()
    assert still == pytest.approx(parks)  # without residential land no park ceases to be one

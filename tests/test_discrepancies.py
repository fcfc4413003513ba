"""Declared parcels against image, line and each other: a quarter redone by hand."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
import shapely
from PIL import Image

from greenspace.claims import PATCH_M2
from greenspace.discrepancies import gauge_discrepancies
from greenspace.measure.claims import own_area, shared_ground
from greenspace.model.city import ImageSpec, VegetationMethod
from greenspace.model.declared import KINDS
from greenspace.present.chips import write_chips
from tests.quarter import ledger, quarter, scope_of
from tests.town import at, layer, write_image

PEOPLE = 10_000
ROW = {text.en: kind for kind, text in KINDS.items()}
CODES = {"parks": "2017", "green": "2017"}


def found(city, **standard):
    gauged = gauge_discrepancies(scope_of(city, **standard))
    if not gauged.ledgers:
        return None
    rows = ledger(gauged, "declared_parks")
    return rows.assign(kind=[ROW[kind.en] for kind in rows["kind"]])


def of(rows, kind):
    return rows[rows["kind"] == kind]


def city_of(folder=None, **layers):
    city = replace(quarter(editions=CODES, **layers), population=PEOPLE)
    if folder is None:
        return city
    write_image(folder)  # green west of 350 m, unseen from 950 m on
    image = ImageSpec(path=folder / "image.tif", name="image.tif", bands={"red": 1, "nir": 2})
    method = VegetationMethod(threshold=0.3)
    return replace(city, images=(image,), vegetation_method=method)


def parks(*rows):
    shapes, names, codes = zip(*rows, strict=True)
    return layer(list(shapes), name=list(names), **{"class": list(codes)})


def test_a_park_that_the_image_shows_bare_takes_its_whole_area_with_it(tmp_path):
    declared = parks(
        (at(0, 0, 100, 500), "西园", "G14"), (at(500, 0, 600, 500), "东园", "G14"),
        (at(300, 600, 380, 700), "边园", "G14"),
    )  # fmt: skip
    rows = of(found(city_of(tmp_path, parks=declared, green=declared)), "bare")

    (east,) = rows.to_dict("records")  # the third is green up to 350 m: 5/8 of it
    assert (east["name"], east["row"], east["layer"]) == ("东园", "1", "parks")
    assert east["area_m2"] == pytest.approx(50_000)
    assert east["on_parks"] == pytest.approx(-50_000 / PEOPLE)
    assert east["on_ratio"] == pytest.approx(-50_000 / 1_000_000)
    assert 500_500 < east["x"] < 500_600
    assert 3_380_000 < east["y"] < 3_380_500


def test_water_of_a_park_is_not_bare_and_ground_that_is_not_seen_is_no_proof(tmp_path):
    declared = parks(
        (at(300, 0, 400, 100), "湖园", "G14"),  # green to 350 m, the rest is a lake
        (at(930, 0, 1000, 100), "云园", "G14"),  # 20 m seen and bare, 50 m unseen
    )
    lake = layer([at(350, 0, 400, 100)], name=["湖"])
    rows = found(city_of(tmp_path, parks=declared, green=declared, water=lake))

    assert of(rows, "bare").empty


def test_green_in_no_parcel_is_listed_with_what_it_would_add(tmp_path):
    declared = parks((at(0, 0, 100, 1000), "西园", "G14"))
    city = city_of(tmp_path, parks=declared, green=declared)
    (patch,) = of(found(city), "undeclared").to_dict("records")

    assert patch["area_m2"] == pytest.approx(250_000)  # 100 to 350 m
    assert patch["on_ratio"] == pytest.approx(0.25)
    assert np.isnan(patch["on_parks"])
    # planted roofs are no green land, where the vegetation layer tells them
    assert patch["of"].en == "the measured number"
    roof = layer([at(100, 0, 350, 1000)], layer=["屋顶绿化"])
    assert found(replace(city, layers={**city.layers, "vegetation": roof})) is None


def test_a_patch_below_the_smallest_is_not_listed(tmp_path):
    for wide, listed in ((PATCH_M2 / 100, 1), (PATCH_M2 / 200, 0)):  # 10 m: a column of pixels
        declared = parks(
            (at(0, 0, 350, 900), "西园", "G14"), (at(0, 900, 350 - wide, 1000), "b", "G14")
        )
        rows = found(city_of(tmp_path, parks=declared, green=declared))
        assert (0 if rows is None else len(of(rows, "undeclared"))) == listed


def test_ground_that_two_parks_claim_is_named_with_both():
    declared = parks((at(0, 0, 100, 100), "甲园", "G14"), (at(50, 0, 150, 100), "乙园", "G14"))
    (pair,) = found(city_of(parks=declared)).to_dict("records")

    assert (pair["kind"], pair["name"], pair["row"]) == ("twice", "甲园 / 乙园", "0, 1")
    assert pair["area_m2"] == pytest.approx(5_000)
    assert pair["on_parks"] == pytest.approx(-0.5)


def test_what_lies_beyond_the_line_is_told_once_for_a_park_that_is_a_parcel_too():
    declared = parks((at(-50, 0, 50, 100), "边园", "G14"))
    regional = parks((at(-90, 200, 10, 300), "山林", "EG1"), (at(900, 0, 1100, 10), "防护", "G2"))
    both = layer(
        [*declared.geometry, *regional.geometry],
        name=[*declared["name"], *regional["name"]],
        **{"class": [*declared["class"], *regional["class"]]},
    )
    rows = found(city_of(parks=declared, green=both))

    assert rows[["kind", "layer", "name"]].to_numpy().tolist() == [
        ["outside", "parks", "边园"],
        ["outside", "green", "防护"],
    ]
    assert rows["area_m2"].tolist() == pytest.approx([5_000, 1_000])
    assert rows["on_ratio"].iloc[1] == pytest.approx(-0.001)


@pytest.mark.parametrize(
    ("code", "name", "kind", "on_parks"),
    [
        ("G14", "铁路防护绿地", "wrong_class", -1.0),
        ("G14", "市民广场", "wrong_class", -1.0),
        ("G139", "城南苗圃", "wrong_class", -1.0),
        ("G14", "人民公园", None, None),
        ("G14", "公园路游园", None, None),
        ("G2", "人民公园", "wrong_class", 1.0),  # in the layer of parks, by code none: not counted
        ("G2", "东街", "wrong_class", None),  # and none by name: it does not count as it is
        ("G12", "社区公园", "wrong_size", None),  # exactly 1 ha is not larger than 1 ha
        ("G11", "人民公园", "wrong_size", None),
    ],
)
def test_name_size_and_class_of_a_park_are_held_against_each_other(code, name, kind, on_parks):
    rows = found(city_of(parks=parks((at(0, 0, 100, 100), name, code))))
    if kind is None:
        assert rows is None
        return
    (row,) = rows.to_dict("records")
    assert row["kind"] == kind
    assert row["on_parks"] == pytest.approx(on_parks) if on_parks else np.isnan(row["on_parks"])


def test_a_green_parcel_named_a_park_would_be_one_more_and_a_forest_park_agrees():
    green = parks(
        (at(0, 0, 100, 100), "滨河公园", "G2"), (at(200, 0, 300, 100), "西山森林公园", "EG12")
    )
    (row,) = found(city_of(green=green)).to_dict("records")

    assert (row["kind"], row["layer"], row["name"]) == ("wrong_class", "green", "滨河公园")
    assert row["on_parks"] == pytest.approx(1.0)


def test_a_park_drawn_in_pieces_has_the_size_of_all():
    pieces = parks((at(0, 0, 100, 60), "社区公园", "G12"), (at(0, 70, 100, 130), "社区公园", "G12"))

    assert found(city_of(parks=pieces)) is None  # 1.2 ha in all


def test_rows_are_ranked_by_what_they_change():
    declared = parks(
        (at(0, 0, 100, 100), "甲园", "G14"), (at(90, 0, 190, 100), "乙园", "G14"),
        (at(-80, 200, 100, 300), "丙园", "G14"),
    )  # fmt: skip
    rows = found(city_of(parks=declared))

    assert rows["kind"].tolist() == ["outside", "twice"]
    assert rows["rank"].tolist() == [1, 2]
    assert (np.diff(rows["on_parks"].abs()) < 0).all()


def test_pictures_show_the_place_with_its_outline_and_are_files(tmp_path):
    declared = parks((at(500, 0, 600, 500), "东园", "G14"), (at(0, 0, 350, 1000), "西园", "G14"))
    city = city_of(tmp_path, parks=declared, green=declared)
    gauged = gauge_discrepancies(scope_of(city))
    rows = ledger(gauged, "declared_parks")
    write_chips(gauged.chips, tmp_path)

    (chip,) = gauged.chips
    assert rows["chip"].tolist() == ["chips/declared_01.png"]
    # 100 x 500 m are 10 x 50 pixels, in the middle of 64
    ring = shapely.Polygon(chip.rings[0])
    assert ring.area == pytest.approx(500)
    assert ring.centroid.distance(shapely.Point(32, 32)) < 1.5
    picture = Image.open(BytesIO((tmp_path / "chips" / "declared_01.png").read_bytes()))
    assert picture.size == (256, 256)
    assert (np.asarray(picture) == (255, 255, 0)).all(axis=-1).any()


def test_without_a_line_or_parcels_there_is_nothing_to_hold():
    assert found(city_of()) is None
    assert found(city_of(built_up=None, parks=parks((at(0, 0, 9, 9), "公园", "G2")))) is None


def test_own_area_and_shared_ground_add_up_to_the_union():
    rng = np.random.default_rng(7)
    for _ in range(20):
        corners = rng.uniform(0, 10, (2, 2))
        shapes = np.array([shapely.box(x, y, x + 6, y + 6) for x, y in corners])
        pairs = shared_ground(shapes)
        whole = own_area(shapes, pairs).sum() + shapely.area(pairs.ground).sum()
        assert whole == pytest.approx(shapely.union_all(shapes).area)


@pytest.mark.parametrize("labels", [[0, 1, 2], [1, 1, 1]])
def test_what_a_wrong_code_changes_hangs_on_no_labels_of_rows(labels):
    declared = parks(
        (at(500, 0, 600, 500), "东园", "G14"), (at(0, 0, 100, 100), "西公园", "G2"),
        (at(50, 0, 150, 100), "乙公园", "G2"),
    ).set_axis(labels)  # fmt: skip

    rows = of(found(city_of(parks=declared)), "wrong_class")

    # 1 ha each that no park has yet, over 10 000 people
    assert rows["on_parks"].tolist() == [1.0, 1.0]

"""Drafts: always TOML, whatever the names; and accepted once confirmed."""

from __future__ import annotations

import datetime as dt
import tomllib

import geopandas as gpd
import numpy as np
import rasterio
from affine import Affine
from hypothesis import example, given
from hypothesis import strategies as st
from shapely import box

from greenspace.model.candidate import Candidate
from greenspace.present.draft import draft_manifest, toml_string
from greenspace.read.city import read_city
from greenspace.read.scan import scan_folder

X, Y = 500_000.0, 3_400_000.0
LETTERS = st.one_of(st.sampled_from("'\"\\\n#]="), st.characters())
NAMES = st.text(LETTERS, min_size=1)
HOSTILE = 'x"\n[layers.water]\npath = "secret'


def candidate(**facts):
    return Candidate(**{"path": "a.gpkg", "kind": "polygon", "count": 1, "guess": "green", **facts})


@given(NAMES)
@example("a'b\"c")
@example("a'b\\c")
@example("\ud800")
def test_any_text_is_read_back_as_it_was(text):
    written = toml_string(text)
    plain = text.encode("utf-8", "replace").decode("utf-8")

    assert tomllib.loads(f"a = {written}") == {"a": plain}


@given(NAMES, NAMES, NAMES, NAMES)
def test_no_name_breaks_out_of_its_place(city, path, layer, column):
    others = candidate(guess=None, path=path, layer=layer, columns=(column,))
    green = candidate(path=path, layer=layer, columns=(column,), roles={"class": column})
    data = tomllib.loads(draft_manifest([green, others], city))

    assert set(data) == {"city", "layers", "vegetation"}
    assert set(data["layers"]) == {"green"}
    assert set(data["layers"]["green"]) == {"path", "layer", "columns", "edition"}


def test_a_name_full_of_toml_stays_a_name():
    data = tomllib.loads(draft_manifest([candidate(path=HOSTILE, crs=HOSTILE)], HOSTILE))

    assert data["city"]["name"] == HOSTILE
    assert data["layers"] == {"green": {"path": HOSTILE}}


def test_of_two_candidates_the_first_is_taken_and_the_other_listed():
    text = draft_manifest([candidate(path="a.gpkg"), candidate(path="b.gpkg")], "x")

    assert tomllib.loads(text)["layers"]["green"]["path"] == "a.gpkg"
    assert "b.gpkg" in text.partition("files that were not used")[2]


def test_an_empty_layer_or_one_without_a_required_column_is_only_listed():
    text = draft_manifest([candidate(count=0), candidate(guess="districts")], "x")

    assert "layers" not in tomllib.loads(text)


def test_every_guess_is_marked():
    image = Candidate(path="i.tif", kind="raster", guess="image", count=4, bands={"red": 3})
    green = candidate(roles={"class": "C"}, edition="2002")
    text = draft_manifest([green, image], "x")
    guessed = ("name =", "path =", "columns =", "edition =", "bands =")

    lines = [line for line in text.splitlines() if line.startswith(guessed)]
    assert len(lines) == 6
    assert all("待确认 / confirm" in line for line in lines)


def test_what_is_missing_is_said_with_its_use():
    text = draft_manifest([], "x")

    assert "# [layers.built_up]" in text
    assert "# [[image]]" in text


def test_a_draft_of_a_whole_folder_is_accepted(tmp_path):
    def save(name, shapes, **columns):
        gpd.GeoDataFrame(columns, geometry=shapes, crs=4547).to_file(tmp_path / name)

    save("建成区.shp", [box(X, Y, X + 100, Y + 100)], n=[1])
    halves = [box(X, Y, X + 50, Y + 100), box(X + 50, Y, X + 100, Y + 100)]
    save("行政区.geojson", halves, 名称=["东区", "西区"], 人口=[300, 200])
    save("绿地's 2026.gpkg", [box(X, Y, X + 10, Y + 10)], 绿地类型=["G11"])
    profile = {"driver": "GTiff", "width": 50, "height": 50, "count": 4, "dtype": "uint16"}
    where = {"crs": "EPSG:4547", "transform": Affine(2, 0, X, 0, -2, Y + 100)}
    with rasterio.open(tmp_path / "影像20260612.tif", "w", **profile, **where) as file:
        file.write(np.ones((4, 50, 50), "uint16"))

    text = draft_manifest(scan_folder(tmp_path), "清河")
    (tmp_path / "city.toml").write_text(text, encoding="utf-8")
    city = read_city(tmp_path / "city.toml")

    assert city.name == "清河"
    assert city.population == 500
    assert city.districts["name"].tolist() == ["东区", "西区"]
    assert city.editions["green"] == "2017"
    assert len(city.parks) == len(city.built_up) == 1
    assert city.image.date == dt.date(2026, 6, 12)


def test_a_mask_is_offered_to_the_image_of_its_year():
    def image(year):
        return Candidate(
            path=f"image_{year}.tif", kind="raster", crs="EPSG:4547", count=4, guess="image",
            bands={"red": 3, "nir": 4},
        )  # fmt: skip

    mask = Candidate(path="mask_2026.tif", kind="raster", count=1, guess="mask")

    text = draft_manifest([image(2026), image(2023), mask], "清河")

    newer, older = text.split("[[image]]")[1:]
    assert '# mask = "mask_2026.tif"' in newer
    assert "mask" not in older.split("[vegetation]")[0]

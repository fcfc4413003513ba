"""The sample city written in other kinds of files and another zone: the same verdicts from each."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import greenspace as gs
from greenspace.read.vector import list_layers

STANDARD = "CN-2010"
UNUSED = (
    *("entrances", "units", "roads", "footways", "paths", "old_trees", "water", "historic"),
    *("green_lines", "ecological_control", "construction", "road_widening"),
    *("park_boundary", "park_zones"),
)
ZONE, NEIGHBOUR = 4547, 4548  # CGCS2000 3-degree Gauss-Kruger, 114° and 117° E
KINDS = {  # suffix, options, relative tolerance of areas
    "GBK shapefile": (".shp", {"encoding": "gbk"}, 1e-9),
    "UTF-8 shapefile": (".shp", {"encoding": "utf-8"}, 1e-9),
    "GeoParquet": (".parquet", {}, 1e-9),
    "GeoJSON": (".geojson", {}, 1e-7),  # an edge of 100 m, straight in degrees, bends 0.1 mm
}


def manifest_of(sample_city, suffix=None, crs=ZONE):
    """Return the sample's manifest without images and what no indicator here needs."""
    text = sample_city.read_text(encoding="utf-8").replace(f"EPSG:{ZONE}", f"EPSG:{crs}")
    sections = re.split(r"\n(?=\[)", text)
    tables = ("[[image]]", "[vegetation]", "[accuracy]", "[heat]", "[species]", "[inspections]")
    dropped = (*tables, *(f"[layers.{name}]" for name in UNUSED))
    kept = "\n".join(section for section in sections if not section.startswith(dropped))
    if suffix is None:
        return kept
    return re.sub(r'path = "layers.gpkg"\nlayer = "(\w+)"', rf'path = "\1{suffix}"', kept)


@pytest.fixture(scope="module")
def layers(sample_city):
    path = sample_city.parent / "layers.gpkg"
    names = [info.name for info in list_layers(path) if info.name not in UNUSED]
    found = {name: gs.read_layer(path, layer=name) for name in names}
    found["vegetation"] = found["vegetation"].iloc[::10].reset_index(drop=True)  # for speed
    return found


@pytest.fixture(scope="module")
def plain(sample_city, layers, tmp_path_factory):
    """The check of the city as it was drawn, and the ratios behind it."""
    folder = tmp_path_factory.mktemp("plain")
    for name, layer in layers.items():
        gs.write_layer(layer, folder / "layers.gpkg", layer=name)
    return checked(folder, manifest_of(sample_city))


def checked(folder, manifest):
    path = folder / "city.toml"
    path.write_text(manifest, encoding="utf-8")
    return gs.check(path, standard=STANDARD)


def halves(check):
    return np.array([(item.ratio.numerator, item.ratio.denominator) for item in check.measured])


def verdicts(check):
    return check.table[["standard", "indicator", "threshold", "verdict", "mark", "place"]]


def test_the_plain_city_is_judged(plain):
    assert {"pass", "fail"} <= set(plain.table["verdict"])
    assert len(plain.measured) >= 4


@pytest.mark.parametrize("kind", KINDS)
def test_another_kind_of_file_gives_the_same_verdicts_and_areas(
    sample_city, layers, plain, tmp_path, kind
):
    suffix, options, tolerance = KINDS[kind]
    for name, layer in layers.items():
        gs.write_layer(layer, tmp_path / f"{name}{suffix}", **options)
    check = checked(tmp_path, manifest_of(sample_city, suffix))

    pd.testing.assert_frame_equal(verdicts(check), verdicts(plain))
    assert halves(check) == pytest.approx(halves(plain), rel=tolerance)


def test_the_neighbouring_zone_gives_the_same_verdicts_within_its_printed_scale(
    sample_city, layers, plain, tmp_path
):
    for name, layer in layers.items():
        gs.write_layer(layer.to_crs(NEIGHBOUR), tmp_path / "layers.gpkg", layer=name)
    check = checked(tmp_path, manifest_of(sample_city, crs=NEIGHBOUR))

    pd.testing.assert_frame_equal(verdicts(check), verdicts(plain))
    printed = next(f.text.en for f in check.findings if f.code == "areal_scale")
    (percent,) = re.findall(r"([\d.]+) ?%", printed)
    apart = np.abs(halves(check)[:, 0] / halves(plain)[:, 0] - 1)
    assert 0.0005 < apart.max() <= float(percent) / 100

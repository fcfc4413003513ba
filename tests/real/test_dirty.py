"""Every dirty file: read right or refused, as recorded, and beside what others read of it.

The record is tests/golden/dirty.csv; tests/dirty.py says how to make it anew.
"""

from __future__ import annotations

import csv
import warnings
from difflib import unified_diff

import geopandas as gpd
import pyogrio
import pytest
import rasterio
import shapely

from greenspace.read.vector import read_layer
from tests.dirty import GIVEN, GOLDEN, HEADING, lines

pytestmark = pytest.mark.real_data

RECORDED = list(csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines()))
READ = [line for line in RECORDED if line["outcome"] == "read"]
OGR = (".shp", ".gpkg", ".geojson", ".gdb.zip", ".gml")
VECTORS = [line for line in READ if line["file"].endswith(OGR)]
IMAGES = [line for line in READ if line["file"].endswith(".tif")]


def called(line):
    return f"{line['file']}/{line['layer']}"


@pytest.fixture(scope="module")
def dirty(real_data):
    return real_data / "dirty"


def test_every_dirty_file_is_read_or_refused_as_recorded(dirty):
    found = [",".join(line) for line in (HEADING, *lines(dirty))]
    recorded = [",".join(line.values()) for line in ({name: name for name in HEADING}, *RECORDED)]
    changes = unified_diff(recorded, found, "recorded", "found", n=0, lineterm="")
    assert "\n".join(changes) == ""


@pytest.mark.parametrize("line", VECTORS, ids=called)
def test_a_layer_that_is_read_is_what_geopandas_reads(dirty, line):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of measures, which are counted here
        with (dirty / line["file"]).open("rb") as stream:  # it would take the name !test apart
            source = stream if "!" in line["file"] else dirty / line["file"]
            plain = gpd.read_file(source, layer=None if source is stream else line["layer"])
    frame = read_layer(dirty / line["file"], layer=line["layer"], crs=line["crs"] or None)
    if line["crs"] == GIVEN:
        assert plain.crs is None
    else:
        assert plain.crs.equals(frame.crs, ignore_axis_order=True)
    assert list(plain.columns) == list(frame.columns)
    assert len(plain) == len(frame) == int(line["rows"])
    for name in plain.columns.drop("geometry"):
        assert plain[name].equals(frame[name])
    theirs, ours = plain.geometry.to_numpy(), frame.geometry.to_numpy()
    if "arcs" in line["told"]:  # theirs have chords of 4°, ours of 1°
        assert shapely.length(ours).sum() == pytest.approx(shapely.length(theirs).sum(), rel=1e-3)
    else:
        assert shapely.equals_exact(shapely.force_2d(theirs), ours)[~shapely.is_missing(ours)].all()
        assert (shapely.is_missing(theirs) == shapely.is_missing(ours)).all()


@pytest.mark.parametrize("line", IMAGES, ids=called)
def test_an_image_that_is_read_has_the_pixels_that_rasterio_sees(dirty, line):
    with rasterio.open(dirty / line["file"]) as dataset:
        seen = dataset.read(1, masked=True)
        finite = seen.compressed()
        assert int((finite == finite).sum()) == int(line["rows"])  # noqa: PLR0124 - not NaN


def test_a_geodatabase_of_37_layers_is_listed_whole(dirty):
    path = dirty / "fiona" / "testopenfilegdb.gdb.zip"
    listed = [line["layer"] for line in RECORDED if line["file"] == "fiona/testopenfilegdb.gdb.zip"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of measures
        count = len(pyogrio.list_layers(path))
    assert count == len(dict.fromkeys(listed)) == 37
